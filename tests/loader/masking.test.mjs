// The form for messages masks the same numbers as the chat: both are held to one table. No browser is needed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

const read = (file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");
// The script is no file of a package with modules, so it is imported by its text.
const source = await read("public/loader/message/mask.js");
const { maskNumbers } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const table = JSON.parse(await read("crates/chat/tests/masking.json"));

describe("in what is masked,", () => {
  for (const { about, kinds, rows } of table) {
    it(about, () => {
      const wanted = { cards: kinds.includes("cards"), ibans: kinds.includes("ibans") };
      assert.ok(rows.length > 0);
      for (const [text, expected] of rows) {
        assert.equal(maskNumbers(text, wanted), expected, text);
        assert.equal(maskNumbers(expected, wanted), expected, `${text}, masked already`);
      }
    });
  }
});
