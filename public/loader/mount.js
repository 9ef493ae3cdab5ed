// What the loader fetches first when the widget is needed: mounting, and the way to the page's commands and to
// what takes the widget's place where the module cannot run.

import { tell } from "./shared/events.js";
import { fetchApi, fetchApiIfWanted, offerDetails } from "./shared/fetch_api.js";
import { undoZoom } from "./main/host.js";
import { mountInPage } from "./mount/in_page.js";
import { note } from "./shared/log.js";

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
  note(loader, "call", { command: String(words[0]) });
  // No request may leave before.
  if (words[0] === "authorize") loader.isAuthorized = true;
  return (await fetchApi(loader)).run(loader, words);
}

/**
 * Has the widget speak the language of the page or the visitor, if that is another than English.
 * @param {Loader} loader
 */
export async function speak(loader) {
  const { files, parts, wish } = loader;
  if (!BUILD.words) return;
  files.words = BUILD.words;
  // What was spoken before may have to be taken back.
  const isEnglish = /^en\b/i.test(wish()) && !BUILD.hasOtherEnglish && !loader.words;
  if (!isEnglish) await (await parts.fetch("words")).speak(loader);
}

/**
 * Mounts the widget in the page, or what takes its place.
 * @param {Loader} loader
 * @param {boolean} inPage Whether the module can and should run in the page.
 * @returns {Promise<Mounted | undefined>} Nothing if there is no widget, and the visitor knows.
 */
export async function mount(loader, inPage) {
  const { dataset, files, parts } = loader;
  // In English all the same, where the words cannot be had.
  await speak(loader).catch((error) => console.error("Chat:", error));
  const texts = loader.textsOf(BUILD.texts, "mount");
  loader.version = BUILD.version;
  note(loader, "mount", { inPage });
  // The page's style sheets may have come after the launcher.
  undoZoom(loader.host);
  files.api = BUILD.api;
  files.fallback = BUILD.fallback;
  if (BUILD.context) {
    files.context = BUILD.context;
    // Without it there is a chat all the same.
    await parts
      .fetch("context")
      .then(({ begin }) => begin(loader))
      .catch((error) => console.error("Chat:", error));
  }
  try {
    if (!inPage) return await (await parts.fetch("fallback")).mountFallback(loader, texts);
    for (const [name, digest] of Object.entries(BUILD.digests)) {
      if (!dataset[name]) files[name][1] = digest; // The page may have chosen another configuration.
    }
    await fetchApiIfWanted(loader);
    return await mountInPage(loader, texts);
  } catch (error) {
    tell(loader, "error", { action: "load", code: "notLoaded" });
    offerDetails(loader, texts);
    throw error;
  }
}
