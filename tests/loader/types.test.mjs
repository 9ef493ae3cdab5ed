// The API has one set of names: in the scripts, in the module, in the types for integrators, in the documentation.
// And what the documentation shows has these types. No browser is needed for that.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

const NPM = process.env.NPM;
if (!NPM) throw new Error("NPM must name the folder of the npm packages");

const ROOT = new URL("../../", import.meta.url);
const read = (file) => readFile(new URL(file, ROOT), "utf8");
const [types, documentation, commands, events, door, ...module] = await Promise.all(
  [
    "public/types.d.ts",
    "docs/api.md",
    "public/loader/api/commands.js",
    "public/loader/shared/event_names.js",
    "public/loader/api/door.js",
    "src/api/commands.rs",
    "src/api/events.rs",
    "src/api/detail.rs",
    "src/store.rs",
  ].map(read),
);
const [rustCommands, rustEvents, rustDetail, rustStore] = module;

/** Finds all that a pattern's group matches, sorted, each once. */
const all = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
/** Cuts out what stands between two patterns. */
const between = (text, from, to) => text.split(from)[1].split(to)[0];

describe("the names", () => {
  it("of the commands are the same everywhere", () => {
    const own = all(between(commands, "const COMMANDS = {", "\n};"), /^ {2}(?:async )?(\w+)\(/gm);
    assert.ok(own.length >= 21, `${own}`);
    assert.deepEqual(all(types, /command: "(\w+)"/g), own);
    assert.deepEqual(all(documentation, /^### `(\w+)`$/gm), own);
    const handed = all(commands, /\bcall\(loader, "(\w+)"/g);
    const arms = between(rustCommands, "match command {", "_ => Err");
    assert.deepEqual(all(arms, /^\s*"(\w+)" =>/gm), handed);
    const others = all(commands, /\bchat\.call\("(\w+)"/g);
    assert.deepEqual(all(door, /command === "(\w+)"/g), others);
  });

  it("of the events are the same everywhere", () => {
    const own = all(between(events, "EVENTS = [", "\n];"), /^ {2}"(\w+)"/gm);
    assert.equal(own.length, 15, `${own}`);
    assert.deepEqual(all(between(types, "interface Events {", "\n  }\n"), /^ {4}(\w+):/gm), own);
    const rows = between(documentation, "| event | when | detail |", "\n\n");
    const named = rows.split("\n").map((row) => row.split("|")[1] ?? "");
    assert.deepEqual(all(named.join(), /`(\w+)`/g), own);
    // The scripts tell these themselves.
    const module = own.filter((name) => !["ready", "messageLeft", "analytics"].includes(name));
    const told = [
      ...all(rustEvents, /\bemit\(\s*"(\w+)"/g),
      ...all(between(rustStore, "pub fn set_open", "self.command"), /"(\w+)"/g),
    ];
    assert.deepEqual([...new Set(told)].sort(), module);
  });

  it("of the errors' codes and of the reasons are the same everywhere", () => {
    const listed = (name) => all(between(types, `type ${name} =`, ";"), /"(\w+)"/g);
    const rust = (name) => all(between(rustDetail, `fn ${name}(`, "\n}\n"), /=> "(\w+)"/g);
    const codes = listed("ErrorCode");
    const own = ["notLoaded", "unsupported", "crashed"];
    assert.deepEqual(codes.filter((code) => !own.includes(code)), rust("code"));
    for (const code of [...codes, ...listed("EndReason"), ...listed("Connection")]) {
      assert.ok(documentation.includes(`\`${code}\``), `${code} is not in the documentation`);
    }
    assert.deepEqual(listed("EndReason"), rust("end_reason"));
    assert.deepEqual(listed("Connection"), rust("connection"));
    assert.deepEqual(listed("PersonKind"), rust("kind"));
    assert.deepEqual(rust("leave_reason"), ["HOLD", "LEFT", "TRANSFER"]);
  });

  it("of the details' members are those of the types", () => {
    const source = between(rustEvents, "pub(super) fn tell_news", "pub(super) fn on_timeline");
    const told = source + between(rustEvents, "fn tell_state(", "fn emit");
    const found = [...told.matchAll(/emit\(\s*"(\w+)",\s*&\[([^;]*?)\],?\s*\)/g)];
    assert.ok(found.length >= 9, `${found.map(([, name]) => name)}`);
    for (const [, name, members] of found) {
      const own = all(members, /\("(\w+)",/g);
      const typed = between(types, new RegExp(`^ {4}${name}: \\{`, "m"), /\};?\n/);
      assert.deepEqual(all(typed.replace(/\/\*.*?\*\//gs, ""), /(\w+)\??:/g), own, name);
    }
  });
});

describe("the types", () => {
  /** Checks a script against the types of the tenant `Parlour`. Returns what is wrong. */
  async function check(script) {
    const folder = await mkdtemp(join(tmpdir(), "types-"));
    try {
      const filled = types.replaceAll("__NAME__", "Parlour").replaceAll("__ATTRIBUTE__", "parlour").replaceAll("__ELEMENT__", "parlour-chat");
      await writeFile(join(folder, "types.d.ts"), filled);
      await writeFile(join(folder, "script.ts"), script);
      const options = "--strict --noEmit --target es2022 --lib es2022,dom --types --useUnknownInCatchVariables";
      const words = options.split(" ").flatMap((word) => (word === "--types" ? [word, ""] : [word]));
      const files = ["types.d.ts", "script.ts"].map((name) => join(folder, name));
      execFileSync(process.execPath, [join(NPM, "typescript/bin/tsc"), ...words, "false", ...files]);
      return "";
    } catch (error) {
      return String(error.stdout || error);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it("fit every example of the documentation", async () => {
    const examples = [...documentation.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
    assert.ok(examples.length > 20);
    const own =
      "export {};\ndeclare global { interface Window { onAgent(detail: { name: string }): void; dataLayer?: object[] } }\n";
    const script = examples.map((code) => `(async () => {\n${code}\n});\n`);
    assert.equal(await check(own + script.join("")), "");
  });

  it("refuse what is wrong", async () => {
    const wrong = [
      'Parlour("dance")',
      'Parlour("open", 1)',
      'Parlour("sendMessage")',
      'Parlour("sendMessage", 1)',
      'Parlour("sendFile", "a.txt")',
      'Parlour("setUserData", { a: [] })',
      'Parlour("customNotice", { text: "x" })',
      'Parlour("setTheme", "pink")',
      'Parlour("on", "lunch", () => {})',
      'Parlour("on", "agentLeft", ({ reason }) => reason === "LUNCH")',
      'document.addEventListener("parlour:typing", ({ detail }) => detail.count)',
      'Parlour("getState").then(({ phase }) => phase === "lunch")',
      'Parlour("startChat", { firstName: null })',
      'document.querySelector("parlour-chat")!.open = "yes"',
      'document.createElement("parlour-chat").addEventListener("typing", ({ detail }) => detail.count)',
      'document.createElement("parlour-chat").call("dance")',
      'const given: ParlourElementAttributes = { opened: true }',
    ];
    const script = wrong.map((line) => `// @ts-expect-error\n${line};\n`).join("");
    assert.equal(await check(`export {};\n${script}`), "");
  });

  it("know the element", async () => {
    const script = `
      const element = document.createElement("parlour-chat");
      element.open = true;
      element.theme = "dark";
      element.addEventListener("agentJoined", ({ detail: { name } }) => name.length);
      element.addEventListener("click", () => {});
      const state: Promise<Parlour.State> = element.call("getState");
      const given: ParlourElementAttributes = { open: true, "prefill-email": "a@b.example", onopened: () => {} };
      export { state, given };
    `;
    assert.equal(await check(script), "");
  });

  it("know calls before the script is there", async () => {
    const script = `
      window.Parlour = window.Parlour || Object.assign(function () { Parlour.q!.push(arguments); }, { q: [] });
      const state: Promise<Parlour.State> = Parlour("getState");
      document.addEventListener("parlour:message", ({ detail: { from, text } }) => from.name + text);
      window.addEventListener("parlour:chatEnded", ({ detail }) => detail.reason === "byServer");
      export { state };
    `;
    assert.equal(await check(script), "");
  });
});
