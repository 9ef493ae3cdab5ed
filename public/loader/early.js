// What runs before anything is painted, where the tenant's file asks for it.

import { applyRules } from "./rules.js";
import { createShade } from "./shade.js";

// The values of one package, as in main.js.
/** @type {EarlyValues} */
const BUILD = __BUILD__;

/**
 * Does what has to be done before the launcher is painted and a chat is started.
 * @param {Loader} loader
 */
export async function run(loader) {
  const { rules } = BUILD;
  if (rules) applyRules(loader, rules, createShade(loader));
}
