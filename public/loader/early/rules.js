// On which pages the launcher is shown, and when the panel opens by itself.

import { forgetMounted } from "../shared/forget_mounted.js";
import { openByItself } from "./opening.js";
import { createPathTest, watchPath } from "../shared/paths.js";

/**
 * Shows the launcher on the paths and routes of the tenant's choice only, also while the page changes them, and opens
 * the panel as the tenant wants.
 * @param {Loader} loader
 * @param {RulesValues} rules
 * @param {import("./visibility.js").Visibility} visibility
 * @param {Record<string, Texts>} [invitation] The words that invite to a chat, by language.
 */
export function applyRules(loader, rules, visibility, invitation) {
  const { show_on, hide_on } = rules;
  const isListed = createPathTest(show_on);
  const isExcluded = createPathTest(hide_on);
  const isHidden = () => isExcluded(location) || (show_on.length > 0 && !isListed(location));
  const update = () => visibility.hideFor("path", isHidden());

  // The page's `data-open` does not count where there is no launcher.
  if (isHidden() && loader.opener === "page") forgetMounted(loader);
  update();
  // A hash may be no route, but a place on the page.
  const hasRoutes = [...show_on, ...hide_on].some((pattern) => pattern.includes("#"));
  watchPath(update, loader.signal, hasRoutes);
  openByItself(loader, rules, visibility.mayOpen, invitation);
}
