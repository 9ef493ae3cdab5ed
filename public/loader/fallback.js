// What takes the widget's place where the module cannot run in the page: a frame with the widget in it or, where
// that cannot be either, words and the tenant's other ways of contact.

import { connect } from "./fallback/bridge.js";
import { tell } from "./shared/events.js";
import { fetchApiIfWanted } from "./shared/fetch_api.js";
import { createElement } from "./shared/page.js";

// The values of one package, as in main.js.
/** @type {FallbackValues} */
const BUILD = __BUILD__;

/**
 * Puts up the frame, or says that the chat cannot run here.
 * @param {Loader} loader
 * @param {Texts} texts Those of mount.js.
 * @returns {Promise<Mounted | undefined>} Nothing if there is no widget, and the visitor knows.
 */
export async function mountFallback(loader, texts) {
  const { launcher, signal } = loader;
  // A frame has a policy of its own, but no other browser.
  if (BUILD.frame && window.WebAssembly) {
    await fetchApiIfWanted(loader);
    const mounted = await connect(loader, BUILD.frame, texts);
    if (mounted && loader.api) loader.api.handOver(loader, mounted);
    if (mounted || signal.aborted) return mounted;
  }
  console.error("Chat: WebAssembly cannot run here.");
  tell(loader, "error", { action: "load", code: "unsupported" });
  const own = loader.textsOf(BUILD.texts, "fallback");
  const ways = BUILD.contacts.map(([href, text]) => {
    const way = createElement("a", { href, class: "again", target: "_top" });
    way.textContent = own[text];
    return way;
  });
  // On mere intent nothing is said.
  if (loader.opener || loader.hasChat()) launcher.show(own.unsupported, ...ways);
  else launcher.show();
  return undefined;
}
