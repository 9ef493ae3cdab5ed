// The script's own tag, and whether it is still on the page.

import { ofDocument } from "../shared/page.js";

/**
 * The script's own tag.
 * @typedef {object} Tag
 * @property {string} url The script's address.
 * @property {string} key The address without query: tags of the same file are one widget.
 * @property {DOMStringMap} dataset The tag's `data-` attributes.
 * @property {() => boolean} isOnPage Tells whether the tag, or another of the same file, is on the page.
 */

/**
 * Finds the script's own tag. A module has no current script: its tag is the one with the address that
 * stands in a stack trace. A module that was imported by another has none, and counts as being on the
 * page.
 * @param {string} [base] The address of a script that an optimiser has put into the page itself.
 * @returns {Tag | undefined}
 */
export function findTag(base) {
  const current = ofDocument("currentScript");
  const url = isScript(current) ? current.src : addressInStack() || base;
  if (!url) return undefined;
  const key = withoutQuery(url);
  const tags = () => [...ofDocument("scripts")].filter((tag) => isScript(tag) && withoutQuery(tag.src) === key);
  const tag = isScript(current) ? current : tags()[0];
  return {
    url,
    key,
    // Without the names that a page may have given to every object.
    dataset: { __proto__: null, ...(tag && tag.dataset) },
    isOnPage: () => !tag || !!tags()[0],
  };
}

/** @param {unknown} element */
const isScript = (element) => element instanceof HTMLScriptElement && element.src;

/** @param {string} url */
export const withoutQuery = (url) => url.replace(/[?#].*/, "");

/** Returns the address of this script as a stack trace names it, unless it stands in the page itself. */
function addressInStack() {
  const [, url] = /(https?:\/\/.+?):\d+:\d+/.exec(new Error().stack || "") || [];
  return url && withoutQuery(url) !== withoutQuery(location.href) ? url : undefined;
}
