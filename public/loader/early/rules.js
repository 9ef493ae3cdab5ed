// On which pages the launcher is shown, and when the panel opens by itself.

import { forgetMounted } from "../shared/forget_mounted.js";
import { openByItself } from "./opening.js";
import { createPathTest, watchPath } from "../shared/paths.js";

/**
 * Shows the launcher on the paths of the tenant's choice only, also while the page changes its path, and opens the
 * panel as the tenant wants.
 * @param {Loader} loader
 * @param {RulesValues} rules
 * @param {import("./visibility.js").Visibility} visibility
 */
export function applyRules(loader, rules, visibility) {
  const { show_on, hide_on } = rules;
  const isListed = createPathTest(show_on);
  const isExcluded = createPathTest(hide_on);
  const isHidden = () => isExcluded(location.pathname) || (show_on.length > 0 && !isListed(location.pathname));
  const update = () => visibility.hideFor("path", isHidden());

  // The page's `data-open` does not count where there is no launcher.
  if (isHidden() && loader.opener === "page") forgetMounted(loader);
  update();
  watchPath(update, loader.signal);
  openByItself(loader, rules, visibility.mayOpen);
}
