// What `docs/versions.md` promises for a major version is there, and what is there is promised. No browser is needed.
// PARLOUR_BLESS=1 adds to the lists what is new; it takes nothing away.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const PAGE = new URL("docs/versions.md", ROOT);
const read = (file) => readFile(new URL(file, ROOT), "utf8");
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
const between = (text, from, to) => text.split(from)[1].split(to)[0];

/** Reads every source of a folder and of those in it. */
async function sources(folder) {
  const entries = await readdir(new URL(folder, ROOT), { withFileTypes: true });
  const texts = entries.map((entry) =>
    entry.isDirectory() ? sources(`${folder}/${entry.name}`) : read(`${folder}/${entry.name}`),
  );
  return (await Promise.all(texts)).join("\n");
}

/** What the code has, by the names of the lists. */
const FOUND = {
  commands: async () =>
    all(between(await read("public/loader/api/commands.js"), "const COMMANDS = {", "\n};"), /^ {2}(?:async )?(\w+)\(/gm),
  events: async () => all(between(await read("public/loader/shared/event_names.js"), "EVENTS = [", "\n];"), /^ {2}"(\w+)"/gm),
  codes: async () => {
    const types = await read("public/types.d.ts");
    const own = between(types, "interface CallError", "serverCode");
    return [...all(between(types, "type ErrorCode =", ";"), /"(\w+)"/g), ...all(own, /"(\w+)"/g)];
  },
  attributes: async () => {
    const loader = await sources("public/loader");
    const names = [
      ...all(loader, /"(\w+)" in dataset/g),
      // Of the tag, not of an element of the widget.
      ...all(loader, /(?<!\w\.)\bdataset\.(\w+)/g),
      // `data-prefill-…`
      ...all(loader, /\/\^(prefill)\(\[A-Z\]\)/g),
      // `data-context-…`
      ...all(loader, /\bdataset\["(\w+)" \+/g),
    ];
    return names.map((name) => (["context", "prefill"].includes(name) ? `${name}-` : name));
  },
  element: async () => {
    const script = await read("public/loader/element.js");
    return [...all(script, /(?:get|has)Attribute\("([\w-]+)"\)/g), ...all(script, /PREFILL = "([\w-]+)"/g), ...all(script, /element\.(hidden)/g)];
  },
  parts: async () => {
    const views = (await sources("src/components")) + (await sources("public/loader"));
    const menu = between(await read("src/components/panel/menu.rs"), "match item.choice {", "};");
    return [
      ...all(views, /\bpart ?[=:] ?"(\w+)"/g),
      ...all(views, /<Picture [^>]*class="(\w+)"/g),
      ...all(menu, /\(\s*"(\w+)",\s*Text::/g),
    ];
  },
  tokens: async () => all(await read("style/tokens.css"), /^ {2}--([\w-]+):/gm),
  // The tables there are those of the types: a test of the configuration says so.
  keys: async () =>
    [...(await read("docs/configuration.md")).matchAll(/<!-- keys: (\S* ?)-->\n(.*?)<!-- end -->/gs)].flatMap(
      ([, section, table]) =>
        all(table, /^\| `([\w-]+)` \|/gm).map((key) => (section ? `${section.trim()}.${key}` : key)),
    ),
};

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const listOf = (name) => new RegExp(`(<!-- promised: ${name} -->\\n)(.*?)(<!-- end -->)`, "s");

describe("a major version", () => {
  for (const [name, find] of Object.entries(FOUND)) {
    it(`keeps its ${name}`, async () => {
      const found = [...new Set(await find())].sort();
      assert.ok(found.length > 2, `${name}: only ${found}`);
      let page = await readFile(PAGE, "utf8");
      const list = page.match(listOf(name));
      assert.ok(list, `docs/versions.md has no list of ${name}`);
      let promised = all(list[2], /`([^`]+)`/g);
      if (process.env.PARLOUR_BLESS) {
        promised = [...new Set([...promised, ...found])].sort();
        const text = `${promised.map((word) => `\`${word}\``).join(" ")}\n`;
        page = page.replace(listOf(name), (_, begin, __, end) => begin + text + end);
        await writeFile(PAGE, page);
      }
      const gone = promised.filter((word) => !found.includes(word));
      assert.deepEqual(
        gone,
        [],
        `promised in docs/versions.md, and not there any more: ${gone}. This is a breaking change: it needs a new major version`,
      );
      const added = found.filter((word) => !promised.includes(word));
      assert.deepEqual(added, [], `new, and to be added to docs/versions.md: ${added}. From then on it is promised`);
      assert.ok(isSame(promised, [...promised].sort()), `the list of ${name} is not in order`);
    });
  }

  it("has its parts where pages are told of them", async () => {
    const told = between(await read("docs/embedding.md"), "tests can find them: `", "`").split(/\s+/);
    const parts = [...new Set(await FOUND.parts())].filter((part) => part !== "frame");
    assert.deepEqual(told.sort(), parts.sort());
  });
});

describe("the changelog", () => {
  it("begins with what is not released, and has the version that there is", async () => {
    const text = await read("CHANGELOG.md");
    const headings = all(text, /^## \[([^\]]+)\]/gm);
    const [, version] = (await read("Cargo.toml")).match(/\[workspace\.package\][^[]*?version = "([^"]+)"/);
    assert.equal(headings[0], "Unreleased");
    // Before the first release there is nothing else.
    if (headings.length > 1) assert.equal(headings[1], version);
    const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for (const kind of all(text, /^### (.+)$/gm)) assert.ok(kinds.includes(kind), kind);
  });
});
