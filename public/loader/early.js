// What runs before anything is painted, where the tenant's file asks for it.

import { followHours } from "./early/closing.js";
import { adoptCookie } from "./shared/cookie.js";
import { applyRules } from "./early/rules.js";
import { standIn } from "./early/stand_in.js";
import { createVisibility } from "./early/visibility.js";

// The values of one package, as in main.js.
/** @type {EarlyValues} */
const BUILD = __BUILD__;

/**
 * Does what has to be done before the launcher is painted and a chat is started.
 * @param {Loader} loader
 */
export async function run(loader) {
  // The tag may have gone while this was fetched, and what waits for that signal to end would never end.
  if (loader.signal.aborted) return;
  const { rules, hours, message, cookie, invitation } = BUILD;
  if (cookie) adoptCookie(loader, cookie);
  const visibility = createVisibility(loader);
  if (rules) applyRules(loader, rules, visibility, invitation);
  /** Returns why there is no chat now. @type {() => string | undefined} */
  let whyClosed = () => undefined;
  if (message) standIn(loader, message.file, message.texts, () => whyClosed());
  // Last: it throws in a browser that does not know the time zone, and then the chat is open.
  if (hours) whyClosed = followHours(loader, hours, visibility);
}
