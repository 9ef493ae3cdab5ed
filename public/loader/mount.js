// What the loader fetches first when the widget is needed: mounting, the way to the page's commands, and the
// words for when there is no widget to be had.

import { tell } from "./events.js";
import { fetchApi, fetchApiIfWanted } from "./fetch_api.js";
import { undoZoom } from "./host.js";
import { mountInPage } from "./in_page.js";
import { createElement } from "./page.js";

// The values of one package, as in main.js.
/** @type {MountValues} */
const BUILD = __BUILD__;

/**
 * Carries out a call of the page.
 * @param {Loader} loader
 * @param {[string, ...any[]]} words The command and its arguments.
 */
export async function run(loader, words) {
  loader.files.api = BUILD.api;
  return (await fetchApi(loader)).run(loader, words);
}

/**
 * Mounts the widget in the page or in a frame, or says that it cannot run here.
 * @param {Loader} loader
 * @param {boolean} inPage Whether the module can and should run in the page.
 * @returns {Promise<Mounted | undefined>} Nothing if there is no widget, and the visitor knows.
 */
export async function mount(loader, inPage) {
  const { dataset, files, launcher, parts } = loader;
  const texts = loader.chooseTexts(BUILD.texts);
  // The page's style sheets may have come after the launcher.
  undoZoom(loader.host);
  files.api = BUILD.api;
  if (inPage) {
    for (const [name, digest] of Object.entries(BUILD.digests)) {
      if (!dataset[name]) files[name][1] = digest; // The page may have chosen another configuration.
    }
    await fetchApiIfWanted(loader);
    return mountInPage(loader, texts).catch((error) => {
      tell(loader, "error", { action: "load", code: "notLoaded" });
      throw error;
    });
  }
  // A frame has a policy of its own, but no other browser.
  if (BUILD.bridge && window.WebAssembly) {
    files.bridge = BUILD.bridge;
    const { connect } = await parts.fetch("bridge");
    await fetchApiIfWanted(loader);
    const mounted = await connect(loader, texts);
    if (mounted && loader.api) loader.api.handOver(loader, mounted);
    if (mounted || loader.signal.aborted) return mounted;
  }
  console.error("Chat: WebAssembly cannot run here.");
  tell(loader, "error", { action: "load", code: "unsupported" });
  const ways = BUILD.contacts.map(([href, text]) => {
    const way = createElement("a", { href, class: "again", target: "_top" });
    way.textContent = texts[text];
    return way;
  });
  // On mere intent nothing is said.
  if (loader.opener() || loader.hasChatToResume()) launcher.show(texts.unsupported, ...ways);
  else launcher.show();
  return undefined;
}
