// A project of an integrator's: the packed npm package installed in a folder, beside the frameworks that the tests
// have. Nothing is fetched.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const { NPM } = process.env;
if (!NPM) throw new Error("NPM must name the folder of the npm packages");

const PACKAGE = new URL("../../npm/", import.meta.url).pathname;
const FRAMEWORKS = ["react", "react-dom", "vue", "@vue"];
const OFFLINE = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier"];

/** How a bundle is made for the place in which it runs. */
const PLACES = {
  page: ["--format=iife"],
  module: ["--format=esm", "--target=es2022"],
  server: ["--platform=node", "--format=cjs"],
};

/** Packs the package and installs it. */
export async function createProject() {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  const npm = (cwd, ...words) => run("npm", [...words, ...OFFLINE, "--cache", join(folder, "cache")], { cwd });
  const packed = await npm(PACKAGE, "pack", "--json", "--pack-destination", folder);
  // What the package's own script prints stands before it.
  const [tarball] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("[\n")));
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await npm(folder, "install", join(folder, tarball.filename));
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const name of FRAMEWORKS) await symlink(join(NPM, name), join(modules, name));

  async function compile(words) {
    const lib = "--strict --noEmit --skipLibCheck --target es2022 --lib es2022,dom,dom.iterable";
    const modules = "--module esnext --moduleResolution bundler";
    const all = [join(NPM, "typescript/bin/tsc"), ...`${lib} ${modules}`.split(" "), ...words];
    try {
      await run(process.execPath, all);
      return "";
    } catch (error) {
      return String(error.stdout || error);
    }
  }

  return {
    folder,
    /** The names of the files in the package. */
    files: tarball.files.map(({ path }) => path).sort(),
    /** Bundles a script for browsers, as a classic script or a module, or for a server. */
    async bundle(source, kind = "jsx", place = "page") {
      const entry = join(folder, `entry.${kind}`);
      await writeFile(entry, source);
      const words = ["--bundle", "--jsx=automatic", "--log-level=error", ...PLACES[place]];
      const defined = {
        "process.env.NODE_ENV": '"development"',
        __VUE_OPTIONS_API__: "false",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      };
      for (const name of Object.keys(defined)) words.push(`--define:${name}=${defined[name]}`);
      const most = { maxBuffer: 64 * 1024 * 1024 };
      return (await run(join(NPM, ".bin/esbuild"), [entry, ...words], most)).stdout;
    },
    /** Runs a module, or what was bundled for a server, there. Returns what it prints. */
    async serve(source, kind = "mjs") {
      const file = join(folder, `server.${kind}`);
      await writeFile(file, source);
      return (await run(process.execPath, ["--unhandled-rejections=strict", file])).stdout.trim();
    },
    /** Checks the types that stand in the package's own scripts. Returns what is wrong. */
    async checkItself() {
      // Elsewhere, because the compiler does not check what is installed.
      const own = join(folder, "own");
      await cp(join(modules, "parlour-chat"), own, { recursive: true });
      const scripts = ["chat", "control", "index", "react", "vue"].map((name) => join(own, `${name}.js`));
      return compile(["--allowJs", "--checkJs", "--noImplicitAny", "false", ...scripts]);
    },
    /** Checks a script's types. Returns what is wrong. */
    async check(source) {
      const file = join(folder, "check.ts");
      await writeFile(file, source);
      return compile([file]);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
