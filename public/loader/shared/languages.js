// The choice of a language: the same for the launcher, the scripts and the module.

/** Languages that are understood by speakers of others that there may be no words in. */
const ALSO = { no: "nb", nn: "nb" };

/**
 * Chooses among the languages of a package: the first wish that one of them fits.
 *
 * A tag fits as it is, without regard to case; then without its region; then in another region, in the same script if
 * there are words in it: `pt` and `pt-PT` are served by `pt-BR`, `zh-HK` by `zh-TW`.
 * @param {string[]} wishes BCP 47 tags, best first.
 * @param {string[]} tags The languages of the package. English needs no mention.
 * @returns {{ tag: string, locale: string }} The language of the words, and the one of numbers and times.
 */
export function chooseLanguage(wishes, tags) {
  for (const wish of wishes) {
    const wished = canonical(wish);
    if (!wished) continue;
    const tag = fitting(wished, tags) || fitting(ALSO[languageOf(wished)] || "", tags);
    // What says the region, too, formats numbers and times.
    if (tag) return { tag, locale: isPart(tag, wished) ? wished : tag };
    if (languageOf(wished) === "en") return { tag: "en", locale: wished };
  }
  return { tag: "en", locale: "en" };
}

/** Returns the tag as it is usually written; an empty one for what is none. */
function canonical(tag) {
  try {
    return Intl.getCanonicalLocales(tag.replace(/_/g, "-"))[0] || "";
  } catch {
    return "";
  }
}

function fitting(wished, tags) {
  for (let tag = wished; tag; tag = tag.replace(/-?[^-]*$/, "")) {
    const found = tags.find((one) => canonical(one) === tag);
    if (found) return found;
  }
  // English is what all else falls back to.
  if (languageOf(wished) === "en") return undefined;
  const akin = tags.filter((one) => languageOf(one) === languageOf(wished));
  return akin.find((one) => scriptOf(one) === scriptOf(wished)) || akin[0];
}

const languageOf = (tag) => tag.split("-")[0];

/** Tells whether a tag is what another shortens to, or the same. */
const isPart = (tag, of) => `${of}-`.startsWith(`${tag}-`);

/** Returns how a language is written where its tag says so, or usually. */
function scriptOf(tag) {
  try {
    return new /** @type {any} */ (Intl).Locale(tag).maximize().script;
  } catch {
    return undefined;
  }
}
