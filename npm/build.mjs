// Prepares the package for `npm pack`: the types of the chat, made of those that every tenant's package has, and the
// licences.

import { copyFile, readFile, writeFile } from "node:fs/promises";

const ROOT = new URL("../", import.meta.url);
const OWN = new URL("./", import.meta.url);

/** Methods that differ from the commands. */
const OWN_METHODS = {
  on: { documentation: "Has a function called with an event's detail. Returns what takes it back.", returns: "() => void" },
  off: { returns: "void" },
};

await writeFile(new URL("types.d.ts", OWN), typesOf(await readFile(new URL("public/types.d.ts", ROOT), "utf8")));
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) await copyFile(new URL(name, ROOT), new URL(name, OWN));

/** Makes a module of the types of the page's function: its commands become methods. */
function typesOf(source) {
  const [, inner] = source.match(/declare namespace __NAME__ \{\n([\s\S]*?)\n\}\n/);
  const types = inner
    .replace(/\n\n {2}\/\*\* Calls that were made before[\s\S]*$/, "")
    .replace(/^ {2}/gm, "")
    .replace(/^(type|interface) /gm, "export $1 ");
  const overload = /declare function __NAME__(<[^>]*>)?\(\s*command: "(\w+)",?\s*([\s\S]*?),?\s*\): (.*);/g;
  const methods = [...source.matchAll(overload)].map(([, generic = "", command, rest, result]) => {
    const own = OWN_METHODS[command];
    const parameters = rest.replace(/__NAME__\./g, "").replace(/\s+/g, " ");
    const { documentation, returns } = own ?? {};
    const line = `  ${command}${generic.replace(/__NAME__\./g, "")}(${parameters}): ${returns ?? result.replace(/__NAME__\./g, "")};`;
    return documentation ? `  /** ${documentation} */\n${line}` : line;
  });
  return (
    "// Made of the types that every tenant's package has. `docs/api.md` of the product says what they mean.\n\n" +
    `${types}\n\n/** The chat on this page. */\nexport interface Chat {\n${methods.join("\n")}\n}\n`
  );
}
