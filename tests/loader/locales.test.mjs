// Tests of the languages that the widget brings, without a browser.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";

const FOLDER = new URL("../../public/locales/", import.meta.url);

/** The forms of plurals, in the order of CLDR: engines list them in different ones. */
const FORMS = ["zero", "one", "two", "few", "many", "other"];

/** Returns a language's texts, in the order of the file. */
const textsOf = async (locale) => JSON.parse(await readFile(new URL(`${locale}.json`, FOLDER), "utf8"));
const english = await textsOf("en");
const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".json"));
const locales = files.map((name) => name.replace(/\.json$/, "")).filter((locale) => locale !== "en");

/** Returns the key of a text that depends on a number, without its form. */
const countOf = (key) => {
  const base = key.replace(/\.(one|other)$/, "");
  return base !== key && `${base}.one` in english && `${base}.other` in english ? base : undefined;
};
/** Lists the numbers up to 200 that take a form. */
const numbersOf = (rules, form) => [...Array(201).keys()].filter((number) => rules.select(number) === form);
const placesOf = (words) => [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

for (const locale of locales) {
  describe(locale, async () => {
    const texts = await textsOf(locale);
    const rules = new Intl.PluralRules(locale);
    // Fractions do not occur: some forms are theirs alone.
    const forms = FORMS.filter((form) => form === "other" || numbersOf(rules, form).length);

    it("is a language that browsers know", () => {
      assert.deepEqual(Intl.getCanonicalLocales(locale), [locale]);
      assert.deepEqual(Intl.PluralRules.supportedLocalesOf(locale), [locale]);
    });

    it("has every text, in each form of its plural, in the order of the English", () => {
      const expected = Object.keys(english).flatMap((key) => {
        const base = countOf(key);
        if (!base) return key;
        return key.endsWith(".one") ? forms.map((form) => `${base}.${form}`) : [];
      });
      assert.deepEqual(Object.keys(texts), expected);
    });

    it("has the places for values that the English has", () => {
      for (const [key, words] of Object.entries(texts)) {
        const [, base, form] = key.match(/^(.*)\.(\w+)$/);
        const source = english[key] ?? english[`${base}.other`];
        const expected = placesOf(source);
        // "One more file", where no other number takes the form. What stands on the launcher is in its name, too.
        const isOneNumber =
          !(key in english && !countOf(key)) && base !== "launcher.unread" && numbersOf(rules, form).length === 1;
        const found = placesOf(words);
        const missing = expected.filter((place) => !found.includes(place));
        assert.deepEqual(found.filter((place) => !expected.includes(place)), [], key);
        if (!isOneNumber) assert.deepEqual(missing, [], key);
      }
    });

    it("has neither empty texts nor spaces around them, nor markup", () => {
      for (const [key, words] of Object.entries(texts)) {
        assert.equal(typeof words, "string", key);
        assert.ok(words && words === words.trim() && words === words.normalize("NFC"), key);
        assert.doesNotMatch(words, /[<>&\n\u202a-\u202e\u2066-\u2069]|\.\.\.| {2}/, key);
        assert.equal(words.endsWith("…"), (english[key] ?? words).endsWith("…"), `${key}: the ellipsis`);
      }
    });

    it("differs from the English", () => {
      const same = Object.keys(texts).filter((key) => texts[key] === english[key]);
      assert.ok(same.length < 12, same.join(", "));
    });
  });
}
