// Every recipe of `docs/recipes.md` as it stands there, on a page in a real browser. The module is a stand-in.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { createProject } from "./project.mjs";
import { startBrowser } from "./webdriver.mjs";
import { startSite, STRICT } from "./site.mjs";

const { NPM } = process.env;
const DOCUMENTATION = await readFile(new URL("../../docs/recipes.md", import.meta.url), "utf8");
// Pages of tag managers and page libraries have scripts of their own in them.
const LOOSE = STRICT.replace(/; require-trusted.*/, "")
  .replace("script-src", "script-src 'unsafe-inline'")
  .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
/** What the tests replace in what stands there. */
const NAMES = [
  ["https://assets.example/acme/widget.js", "/site/widget.js"],
  ["parlour:", "test-chat:"],
  ["acme-chat", "test-chat"],
];

/** Returns the recipes of a heading, in order: what stands in its code blocks. */
function recipes(heading) {
  const [, section = ""] = DOCUMENTATION.split(`\n## ${heading}\n`);
  const blocks = [...section.split("\n## ")[0].matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.ok(blocks.length, `there is no recipe for ${heading}`);
  return blocks.map((code) => NAMES.reduce((text, [from, to]) => text.replaceAll(from, to), code));
}

let browser;
let site;
let project;

before(async () => {
  project = await createProject();
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.stop();
  await site?.stop();
  await project?.remove();
});
beforeEach(() => site.reset());
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.leave();
});

const show = (page) => browser.open(site.page({ policy: LOOSE, ...page }));
const complaints = () => browser.run(() => window.complaints);
const hosts = () =>
  browser.run(() => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length);
const mountings = () => browser.run(() => window.calls.filter(({ what }) => what === "mount"));
/** Clicks on the launcher, and returns the record of what was mounted. */
const mount = async () => {
  await browser.click(await browser.inWidget(".launcher:not(.own)"));
  return browser.until(() => window.calls.find(({ what }) => what === "mount"));
};
/** The widget is there once, can be used, and nobody complains. */
const works = async () => {
  const mounted = await mount();
  assert.equal(await hosts(), 1);
  assert.deepEqual(await complaints(), []);
  return mounted;
};
/** Puts a page up under a path of its own. */
const put = (path, html) => site.pages.set(path, { html, policy: LOOSE });
const tell = (name, detail) => browser.run((name, detail) => void emit(name, detail), name, detail);

describe("plain HTML", () => {
  it("works", async () => {
    await show({ body: recipes("Plain HTML")[0], policy: STRICT });
    await works();
  });
});

describe("a tag manager", () => {
  /** How containers insert custom HTML: a script that was parsed from a string does not run, so that it is made anew. */
  const containers = {
    "copies text and address only": (made, script) => {
      if (script.src) made.src = script.src;
      made.text = script.text;
    },
    "copies all attributes": (made, script) => {
      for (const { name, value } of script.attributes) made.setAttribute(name, value);
      made.text = script.text;
    },
  };
  for (const [what, copy] of Object.entries(containers)) {
    const insert = (html) => `
      addEventListener("load", () => {
        const copy = ${copy};
        const box = document.createElement("div");
        box.hidden = true;
        box.innerHTML = ${JSON.stringify(html)};
        document.body.append(box);
        for (const script of box.querySelectorAll("script")) {
          const made = document.createElement("script");
          copy(made, script);
          script.replaceWith(made);
        }
      });`;

    it(`works where it ${what}`, async () => {
      const [html] = recipes("Tag manager");
      await show({ head: `<script src="${site.script(insert(html))}"></script>`, lang: "de" });
      const mounted = await works();
      // By the attribute that a copied tag would have lost.
      assert.equal(mounted.locale, "de");
    });

    it(`gets its events where it ${what}`, async () => {
      const html = recipes("Tag manager").join("");
      await show({ head: `<script src="${site.script(insert(html))}"></script>` });
      await works();
      await tell("message", { from: { name: "Anna", kind: "agent" }, type: "text", text: "Hello" });
      const pushed = await browser.until(() => window.dataLayer?.find(({ event }) => event === "chat_message"));
      assert.deepEqual(pushed, { event: "chat_message", type: "text", from: "agent" });
    });

    it(`works as a plain tag where it ${what}`, async () => {
      const [html] = recipes("Plain HTML");
      await show({ head: `<script src="${site.script(insert(html))}"></script>` });
      await works();
    });
  }
});

describe("a footer of WordPress", () => {
  const tag = () => recipes("WordPress")[0];

  it("works as it is", async () => {
    await show({ body: `<p>Boots</p>${tag()}`, policy: STRICT });
    await works();
  });

  /** What optimisers do with a script that they do not leave alone: in the page's HTML, and by their own script. */
  const optimisers = {
    "moves it to the end, deferred": [(tag) => tag.replace("async", "defer")],
    "makes a module of it": [(tag) => tag.replace("async", 'type="module"')],
    "gives it another type, and inserts a copy when the page is loaded": [
      (tag) => tag.replace("async", 'type="0123-text/javascript"'),
      () =>
        addEventListener("load", () => {
          for (const old of document.querySelectorAll("script[type$='-text/javascript']")) {
            const made = document.createElement("script");
            for (const { name, value } of old.attributes) if (name !== "type") made.setAttribute(name, value);
            made.async = false;
            old.replaceWith(made);
          }
        }),
    ],
    "takes its address away until the visitor does something": [
      (tag) => tag.replace("async", 'type="lazyload"').replace(" src=", " data-src="),
      () =>
        addEventListener(
          "keydown",
          () => {
            for (const old of document.querySelectorAll("script[type=lazyload]")) {
              const made = document.createElement("script");
              made.src = old.dataset.src;
              old.remove();
              document.head.append(made);
            }
          },
          { once: true },
        ),
      () => browser.press("x"),
    ],
  };
  for (const [what, [change, script, act = () => {}]] of Object.entries(optimisers)) {
    it(`works with an optimiser that ${what}`, async () => {
      const body = `<p>Boots</p>${change(tag())}`;
      const head = script ? `<script src="${site.script(`(${script})()`)}"></script>` : "";
      await show({ body, head });
      await act();
      await works();
    });
  }

  it("says that it cannot be loaded where it was merged with other scripts", async () => {
    const merged = site.script(`window.other = 1;\n;${site.loader()}`);
    // There is nothing beside it.
    site.failing.set("/mount-0.js", Infinity);
    await show({ body: `<script src="${merged}"></script>` });
    await browser.click(await browser.inWidget(".launcher"));
    await browser.inWidget(".again");
  });
});

describe("React", () => {
  for (const [at, what] of ["a component", "a hook"].entries()) {
    it(`works with ${what}`, async () => {
      const script = site.script(await project.bundle(recipes("React")[at]));
      await show({ head: `<script defer src="${script}"></script>`, body: '<div id="app"></div>' });
      await works();
      if (at === 0) {
        await tell("unreadChanged", { count: 3 });
        await browser.until(() => document.querySelector("h1").textContent === "Larkmoor (3)");
        assert.equal(
          await browser.run(() => document.querySelector("script[src*='widget.js']").dataset.prefillEmail),
          "ada@shop.example",
        );
      } else {
        await browser.until(() => !document.querySelector("#app button").disabled);
        await browser.run(() => {
          emit("closed");
          document.querySelector("#app button").click();
        });
        assert.equal((await mountings()).length, 1);
      }
    });
  }
});

/** Bundles a page of a single-file component. */
function bundleVue(component) {
  const { compileScript, parse } = createRequire(join(NPM, "vue/"))("@vue/compiler-sfc");
  const templateParseOptions = { isCustomElement: (tag) => tag === "test-chat" };
  const { descriptor } = parse(component, { templateParseOptions });
  const { content } = compileScript(descriptor, { id: "shop", inlineTemplate: true });
  const source = content.replace("export default", "const App =");
  return project.bundle(`import { createApp } from "vue";\n${source}\ncreateApp(App).mount("#app");`, "js");
}

describe("Vue", () => {
  it("works with a component", async () => {
    const script = site.script(await bundleVue(recipes("Vue")[0]));
    await show({ head: `<script defer src="${script}"></script>`, body: '<div id="app"></div>' });
    await works();
    await tell("unreadChanged", { count: 3 });
    await browser.until(() => document.querySelector("h1").textContent === "Larkmoor (3)");
  });
});

describe("an element", () => {
  const bundles = [(source) => project.bundle(source), bundleVue];
  for (const [at, framework] of ["React", "Vue"].entries()) {
    it(`works in ${framework}`, async () => {
      const script = site.script(await bundles[at](recipes("As an element")[at]));
      const head = `<script async src="/site/element.js"></script><script defer src="${script}"></script>`;
      await show({ head, body: '<div id="app"></div>' });
      assert.equal(await browser.name(await browser.inWidget(".launcher")), "Fragen Sie uns");
      const panelIs = (open) =>
        browser.until((open) => {
          const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
          const panel = host.shadowRoot.querySelector(".panel");
          return panel && panel.hidden === !open && document.querySelector("test-chat").open === open;
        }, open);
      // The page opens it, the visitor closes it, and the page opens it again.
      for (const close of [true, false]) {
        await browser.run(() => document.querySelector("#app button").click());
        await panelIs(true);
        if (!close) break;
        await browser.run(() => TestChat("close"));
        await panelIs(false);
      }
      await tell("unreadChanged", { count: 3 });
      await browser.until(() => document.querySelector("h1").textContent === "Larkmoor (3)");
      assert.equal(await hosts(), 1);
      assert.deepEqual(await complaints(), []);
    });
  }
});

describe("a layout that a server renders", () => {
  it("works, and is the same in the browser", async () => {
    const layout = recipes("Next.js and other servers")[0].replace("export default ", "");
    const page = `${layout}\nconst page = <RootLayout><h1>Larkmoor</h1></RootLayout>;\n`;
    const server = `import { renderToString } from "react-dom/server";\n${page}console.log(renderToString(page));`;
    const html = await project.serve(await project.bundle(server, "jsx", "server"), "cjs");
    const client = `import { hydrateRoot } from "react-dom/client";\n${page}
      const failed = (error) => complaints.push(String(error));
      hydrateRoot(document, page, { onRecoverableError: failed, onUncaughtError: failed });`;
    const script = site.script(await project.bundle(client));
    const head = `<link rel="icon" href="data:,"><script src="/watch.js"></script><script defer src="${script}"></script>`;
    put("/next", `<!doctype html>${html.replace("<body>", `<head>${head}</head><body>`)}`);
    await browser.open(site.origin + "/next");
    await works();
    assert.equal(await browser.run(() => document.querySelector("h1").textContent), "Larkmoor");
  });
});

describe("a page library", () => {
  /** Follows a link of the page. */
  const follow = async (title) => {
    await browser.run(() => document.querySelector("#next").click());
    await browser.until((title) => document.title === title, title);
  };
  /** The widget that was mounted on the page before is still there, and no other. */
  const stays = async () => {
    await browser.inWidget(".own");
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 100)));
    assert.equal(await hosts(), 1);
    assert.equal((await mountings()).length, 1);
    assert.deepEqual(await browser.run(() => window.calls.filter(({ what }) => what === "unmount")), []);
    assert.deepEqual(await complaints(), []);
  };

  const MORPH = '<meta name="turbo-refresh-method" content="morph"><meta name="turbo-refresh-scroll" content="preserve">';
  for (const [where, place] of Object.entries({ head: ["head"], body: ["body"], "head, morphing": ["head", MORPH] })) {
    it(`works: Turbo, with the tag in the ${where}`, async () => {
      const turbo = site.script(await readFile(join(NPM, "@hotwired/turbo/dist/turbo.es2017-umd.js"), "utf8"));
      const [tag] = recipes("Turbo");
      const [part, more = ""] = place;
      const tagIn = (name) => (name === part ? tag : "");
      const page = (title, next) =>
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${more}` +
        `<link rel="icon" href="data:,"><script src="/watch.js"></script><script src="${turbo}"></script>${tagIn("head")}</head>` +
        `<body><h1>${title}</h1><a id="next" href="${next}">Next</a>${tagIn("body")}</body></html>`;
      put("/turbo/tents", page("Tents", "/turbo/boots"));
      put("/turbo/boots", page("Boots", "/turbo/tents"));
      await browser.open(site.origin + "/turbo/tents");
      await mount();
      for (const title of ["Boots", "Tents", "Boots"]) {
        await follow(title);
        await stays();
      }
      // The same page anew: it is morphed where the page says so.
      put("/turbo/boots", page("Boots", "/turbo/tents").replace("<h1>", '<h1 id="new">'));
      await browser.run(() => void Turbo.visit(location.href, { action: "replace" }));
      await browser.until(() => document.querySelector("#new"));
      await stays();
    });
  }

  it("works: htmx", async () => {
    const htmx = site.script(await readFile(join(NPM, "htmx.org/dist/htmx.js"), "utf8"));
    const [body] = recipes("htmx");
    const page = (title, next) =>
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
      `<meta name="htmx-config" content='{"allowEval":false}'>` +
      `<link rel="icon" href="data:,"><script src="/watch.js"></script><script src="${htmx}"></script></head>` +
      `${body.replace("/boots", next)}</html>`;
    put("/htmx/tents", page("Tents", "/htmx/boots"));
    put("/htmx/boots", page("Boots", "/htmx/tents"));
    await browser.open(site.origin + "/htmx/tents");
    await mount();
    for (const title of ["Boots", "Tents", "Boots"]) {
      await follow(title);
      await stays();
    }
  });
});

describe("a bundler", () => {
  it("works", async () => {
    const script = site.script(await project.bundle(recipes("With a bundler")[0], "js", "module"));
    await show({ head: `<script type="module" src="${script}"></script>` });
    const mounted = await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.equal(mounted.open, true);
    assert.equal(await hosts(), 1);
    assert.deepEqual(await complaints(), []);
  });
});

it("has a test for each recipe", () => {
  const tested = /recipes\("([^"]+)"\)/g;
  const headings = [...DOCUMENTATION.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  return readFile(new URL(import.meta.url), "utf8").then((source) => {
    const own = new Set([...source.matchAll(tested)].map(([, heading]) => heading));
    assert.deepEqual(headings.filter((heading) => !own.has(heading)), []);
  });
});
