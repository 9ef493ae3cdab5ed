// The widget's words in other languages than English: fetched where the page or the visitor speaks one of them.

import { label } from "./shared/label.js";
import { chooseLanguage } from "./shared/languages.js";
import { ofDocument } from "./shared/page.js";

// The values of one package, as in main.js.
/** @type {WordsValues} */
const BUILD = __BUILD__;

/**
 * Chooses a language and has the scripts, and the module when it is mounted next, speak it.
 * @param {Loader} loader
 */
export async function speak(loader) {
  const { dataset, files, parts } = loader;
  const wishes = wishesOf(dataset);
  const { tag, locale } = chooseLanguage(wishes, Object.keys(BUILD.files));
  /** @type {Partial<Words>} */
  let words = {};
  if (tag !== "en") {
    const part = `words ${tag}`;
    files[part] = BUILD.files[tag];
    words = await parts.fetch(part, (reply) => reply.json());
  }
  // The page may have chosen another one meanwhile.
  if (wishesOf(dataset).join() !== wishes.join()) return speak(loader);
  loader.locale = locale;
  loader.words = words.module || {};
  loader.textsOf = (all, section = "loader") => ({ ...all.en, ...words[section] });
  if (!loader.texts) return undefined;
  Object.assign(loader.texts, loader.textsOf(loader.build.texts));
  return label(loader.launcher, loader.texts);
}

/** Lists the languages to try, best first: the one that the page or the tenant has fixed, or the page's and the visitor's. */
function wishesOf(dataset) {
  const fixed = dataset.locale || BUILD.locale;
  const page = ofDocument("documentElement").lang;
  const all = fixed ? [fixed] : [page, ...(navigator.languages || [navigator.language])];
  return all.filter(Boolean);
}
