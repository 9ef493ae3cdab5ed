// The widget's life on the page, as far as it needs nothing but the loader: painted, loading, failed, gone.

import { takeCalls } from "./calls.js";
import { createHost } from "./host.js";
import { createLauncher } from "./launcher.js";
import { ofDocument } from "../shared/page.js";
import { createParts } from "./parts.js";

/**
 * Creates the widget of one tag.
 * @param {import("./tag.js").Tag} tag
 * @param {LoaderValues} build
 * @param {Registry} registry
 */
export function createWidget(tag, build, registry) {
  const { dataset } = tag;
  const { files } = build;
  /** @param {string} name */
  const urlOf = (name, base = tag.url) => new URL(name, base).href;
  const liveKey = "chat-live:" + urlOf(".");
  /** Returns the language that the page or the tenant has fixed, or else the page's, or else the visitor's. */
  const wish = () =>
    dataset.locale || build.locale || ofDocument("documentElement").lang || navigator.language;
  /** @param {Record<string, Texts>} all Texts by language. */
  const find = (all) => all[wish()] || all[wish().split("-")[0]];
  /** Returns the texts in that language, as far as they are among these.
      @param {Record<string, Texts>} all */
  const textsOf = (all) => ({ ...all.en, ...find(all) });
  const texts = textsOf(build.texts);
  if (dataset.config) files.config = [urlOf(dataset.config, ofDocument("baseURI"))];
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const parts = createParts(files, urlOf, registry);
  const place = createHost(signal, tag.isOnPage, remove);
  const launcher = createLauncher(place.root, build.launcher, texts);
  const { button, retryButton } = launcher;

  /** The promise of the start that is under way. @type {Promise<void> | undefined} */
  let starting;
  /** Whether nothing was started yet. Only then does intent start the widget: what failed later, and
      is told, waits for a click. */
  let idle = true;
  /** The promise that the latest press of the painted launcher is over, and what resolves it. */
  let pressEnd, endPress;

  /** What the other files get to see. @type {Loader} */
  const loader = {
    build,
    dataset,
    files,
    parts,
    urlOf,
    wish,
    textsOf,
    texts,
    ...place,
    signal,
    launcher,
    liveKey,
    hasChat,
    released,
    start,
    load,
    open,
    remove,
    // Templates write `data-open="false"`.
    opener: "open" in dataset && dataset.open !== "false" ? "page" : undefined,
  };

  takeCalls(loader);
  const onIntent = () => idle && start();
  // A finger's pointerenter comes with its touch.
  button.onpointerenter = button.onfocus = onIntent;
  button.onpointerdown = button.onkeydown = onPress;
  button.onclick = () => {
    if (endPress) endPress();
    open();
  };
  retryButton.onclick = () => {
    button.focus(); // The focused button is about to be hidden.
    open();
  };
  // Captured, because the page may stop the event.
  window.addEventListener("click", onPageClick, { capture: true, signal });
  if (files.early) {
    // Without it there is a chat all the same.
    const early = parts.fetch("early").then(({ run }) => run(loader));
    early.catch((error) => console.error("Chat:", error)).then(begin);
  } else begin();

  return { ...place, remove, loader };

  /** Paints the launcher and starts what is wanted, unless a call of the page has. */
  function begin() {
    if (!idle) return;
    launcher.show();
    // Painted first, in English, where its words come in a file of their own.
    if (build.hasWords && !find(build.texts)) {
      // In English all the same, where they cannot be had.
      parts.fetch("mount").then(({ speak }) => speak(loader)).catch(() => {});
    }
    // A page that is prerendered may never be shown.
    if (ofDocument("prerendering")) window.addEventListener("prerenderingchange", begin, { capture: true, signal });
    else if (isWanted()) start();
  }

  /** Opens the chat when an element of the page is clicked that says so. */
  function onPageClick({ target }) {
    if (target.closest && target.closest(`[data-${build.attribute}-open]`)) open();
  }

  /** Notes that a press of the launcher has begun. A button that is replaced between press and release
      gets no click. */
  function onPress({ key, repeat }) {
    // Other keys press nothing. A pointer has no key.
    if (repeat || !["Enter", " ", undefined].includes(key)) return;
    pressEnd = new Promise((resolve) => {
      endPress = resolve;
      // The click, if there is one, comes at once or, where a double tap zooms, up to 350 ms later.
      const end = () => setTimeout(resolve, 500);
      // A window that loses the focus may get no release. Captured, because the page may stop events;
      // but `blur` would be any element's.
      for (const event of ["blur", "keyup", "pointerup", "pointercancel"]) {
        window.addEventListener(event, end, { once: true, capture: event !== "blur", signal });
      }
    });
  }

  /** Resolves when no press of the painted launcher is under way. */
  async function released() {
    for (let last; last !== pressEnd; ) await (last = pressEnd);
  }

  /** Returns whether the module has marked, in the storage, that a chat goes on. */
  function hasChat() {
    return ["localStorage", "sessionStorage"].some((name) => {
      try {
        return window[name].getItem(liveKey) !== null;
      } catch {
        // The storage is denied, so no chat was stored.
      }
    });
  }

  /** Returns whether somebody wants the panel open, or a chat goes on. */
  function isWanted() {
    return loader.opener || hasChat();
  }

  /** Opens the panel and puts the focus into it: the visitor, or a call of the page, asks for it. */
  function open() {
    loader.opener = "visitor";
    if (loader.mounted) loader.mounted.open();
    else start();
  }

  function start() {
    idle = false;
    launcher.show(loader.opener && texts.loading);
    return (starting = starting || loader.load().finally(() => (starting = undefined)));
  }

  /** Mounts the widget in place of the painted launcher, or says why there is none. */
  async function load() {
    try {
      const inPage = build.frame !== "always" && canRunModules();
      if (inPage) parts.request(["glue", "wasm", "config"]);
      const { mount } = await parts.fetch("mount");
      if (!signal.aborted) loader.mounted = await mount(loader, inPage);
    } catch (error) {
      console.error("Chat:", error);
      // Either call also removes what a failed mount left behind. On mere intent nothing is said.
      if (isWanted()) launcher.show(texts.failed, retryButton);
      else launcher.show();
    }
  }

  function remove() {
    registry.delete(tag.key);
    lifetime.abort();
    if (loader.mounted) loader.mounted.remove();
  }
}

/** Returns whether the browser and the page's policy let a module run: by the smallest one. */
function canRunModules() {
  try {
    const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    // Safari applies the policy to instances only.
    new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return true;
  } catch {
    return false;
  }
}
