// Tests of the choice of a language, without a browser.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseLanguage } from "../../public/loader/shared/languages.js";

const TAGS = "ar de es fa he ja nb pt-BR zh-CN zh-TW".split(" ");

/** Asserts which words and which formats wishes lead to: `de`, or `de de-AT`. */
const leadTo = (wishes, expected, tags = TAGS) => {
  const { tag, locale } = chooseLanguage(wishes.split(" ").filter(Boolean), tags);
  assert.equal(tag === locale ? tag : `${tag} ${locale}`, expected, wishes);
};

describe("a language is chosen", () => {
  it("by the first wish that there are words for", () => {
    leadTo("de", "de");
    leadTo("sw de ja", "de");
    leadTo("sw", "en");
    leadTo("", "en");
    leadTo("de", "en", []);
  });

  it("English among them", () => {
    leadTo("en-GB de", "en en-GB");
    leadTo("en", "en");
    leadTo("en-GB", "en-GB", ["en-GB"]);
    leadTo("en-US", "en en-US", ["en-GB"]);
  });

  it("from a region to the language, which keeps the region's formats", () => {
    leadTo("de-AT", "de de-AT");
    leadTo("de-Latn-CH", "de de-Latn-CH");
    leadTo("es-419", "es es-419");
  });

  it("from a language or a region to another region", () => {
    leadTo("pt", "pt-BR");
    leadTo("pt-PT", "pt-BR");
    leadTo("de", "de-CH", ["de-CH"]);
  });

  it("in the script that is read", () => {
    leadTo("zh", "zh-CN");
    leadTo("zh-HK", "zh-TW");
    leadTo("zh-Hant", "zh-TW");
    leadTo("zh-Hant-HK", "zh-TW");
    leadTo("zh-SG", "zh-CN");
  });

  it("without regard to case, underscores and old names", () => {
    leadTo("PT-br", "pt-BR");
    leadTo("zh-cn", "zh-CN");
    leadTo("de_DE", "de de-DE");
    leadTo("iw", "he");
    leadTo("no", "nb");
    leadTo("nn-NO", "nb");
    leadTo("pt-br", "pt-br", ["pt-br"]);
  });

  it("whatever a page has for one", () => {
    leadTo("- _ x-klingon 1 de-", "en");
    leadTo("toString constructor ja", "ja");
  });
});
