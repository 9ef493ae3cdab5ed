// What the page hears of: events of the widget's element.

import { note } from "./log.js";

/** The members of details that say nothing of what was said, and by whom. */
const BARE =
  "kind isBack reason type size count connection action code serverCode limit".split(" ");

/**
 * Tells the page of an event, and once more as "analytics", without texts and names.
 * @param {Loader} loader
 * @param {string} name
 * @param {Record<string, any>} [detail]
 */
export function tell(loader, name, detail = {}) {
  if (name === "opened" || name === "closed") loader.isOpen = name === "opened";
  // The page that holds the frame tells it again.
  if (loader.emit) loader.emit(name, detail);
  dispatch(loader, name, detail);
  /** @type {Record<string, any>} */
  const bare = { event: name };
  for (const member of BARE) if (member in detail) bare[member] = detail[member];
  if (detail.from) bare.from = detail.from.kind;
  note(loader, "event", bare);
  dispatch(loader, "analytics", bare);
}

/** A listener that throws is reported by the browser and keeps nobody from hearing. */
function dispatch(loader, name, detail) {
  const event = new CustomEvent(typeOf(loader, name), { bubbles: true, detail });
  loader.host.dispatchEvent(event);
}

/** @param {Loader} loader */
export const typeOf = ({ build }, name) => `${build.attribute}:${name}`;
