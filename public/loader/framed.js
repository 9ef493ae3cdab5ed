// The frame's side of frame mode: mounts the widget over the whole frame, for a page that may hold it.

import { fetchApi } from "./shared/fetch_api.js";
import { mountInPage } from "./mount/in_page.js";
import { withNotice } from "./shared/notice.js";
import { isListed } from "./shared/origins.js";
import { createElement } from "./shared/page.js";
import { createParts } from "./main/parts.js";

// The values of one package, as in main.js.
/** @type {FramedValues} */
const BUILD = __BUILD__;

const STYLE =
  ".root .launcher,.root .preview{display:none}" +
  ".root .app .panel{inset:0;inline-size:100%;block-size:100%;border-radius:0;box-shadow:none}";

/** The page of the frame lies beside the other files. */
const urlOf = (name) => new URL(name, location.href).href;

window.addEventListener("message", onConnect);

/** Begins when the page that holds the frame has sent its end of a channel, and may hold it. */
function onConnect({ source, origin, data, ports }) {
  if (window.parent === window || source !== window.parent) return;
  if (!data || data.type !== "connect" || ports.length !== 1) return;
  window.removeEventListener("message", onConnect);
  const [port] = ports;
  if (origin !== location.origin && !isListed(BUILD.origins, origin)) {
    port.postMessage({ type: "refused" });
    return;
  }
  port.postMessage({ type: "hello" });
  document.documentElement.lang = String(data.page || "");
  run(port, String(data.locale || ""), Boolean(data.open), Boolean(data.authorized), data.notice);
}

/**
 * Mounts the widget, and passes on what the page and the widget have to tell each other.
 * @param {MessagePort} port
 * @param {string} locale
 * @param {boolean} open Whether the panel opens at once.
 * @param {boolean} authorized Whether the page gives headers for the chat's requests.
 * @param {string} [notice] What the form is introduced by instead.
 */
async function run(port, locale, open, authorized, notice) {
  const host = createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const liveKey = "chat-live:" + urlOf(".");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.body.append(host);
  const parts = createParts(BUILD.files, urlOf, {});
  let wasLive = false;
  /** What waits for headers of the page, in the order of asking. @type {((answer: any) => void)[]} */
  const asked = [];

  const hasChat = () => {
    try {
      return localStorage.getItem(liveKey) !== null || sessionStorage.getItem(liveKey) !== null;
    } catch {
      return false;
    }
  };
  const tellLive = () => {
    const live = hasChat();
    if (live !== wasLive) port.postMessage({ type: "live", live });
    wasLive = live;
  };
  const start = async () => {
    try {
      if (authorized) (await fetchApi(loader)).authorize(loader, loader.askPage);
      if (BUILD.files.words) {
        // In English all the same, where the words cannot be had.
        const spoken = parts.fetch("words").then(({ speak }) => speak(loader));
        await spoken.catch((error) => console.error("Chat:", error));
      }
      loader.mounted = await mountInPage(loader, {});
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      tellLive();
      const isOpen = Boolean(root.querySelector("[data-panel=open]"));
      port.postMessage({ type: "ready", open: isOpen, live: hasChat() });
    } catch (error) {
      console.error("Chat: cannot start.", error);
      port.postMessage({ type: "failed" });
    }
  };
  /** @type {any} Only what mounting needs. */
  const loader = {
    build: BUILD,
    dataset: { locale },
    wish: () => locale || document.documentElement.lang || navigator.language,
    files: BUILD.files,
    parts,
    urlOf,
    host,
    root,
    hooks: {},
    signal: new AbortController().signal,
    launcher: { note: createElement("div"), show: () => port.postMessage({ type: "stopped" }) },
    liveKey,
    hasChat,
    released: () => {},
    start,
    opener: open ? "page" : undefined,
    async askPage({ renew }) {
      const answer = new Promise((resolve) => asked.push(resolve));
      port.postMessage({ type: "headers", id: asked.length - 1, renew });
      const { headers, error } = await answer;
      if (error !== undefined) throw new Error(String(error));
      return headers;
    },
    configure: (text) => withNotice(text, notice),
    emit(name, detail) {
      tellLive();
      port.postMessage({ type: "event", name, detail });
    },
  };

  port.onmessage = async ({ data }) => {
    if (!data) return;
    if (data.type === "headers") {
      const settle = asked[data.id];
      if (settle) settle(data);
    }
    const { mounted } = loader;
    if (!mounted) return;
    if (data.type === "open") mounted.open();
    else if (data.type === "close") mounted.close();
    else if (data.type === "call") {
      const { id } = data;
      try {
        const value = await mounted.call(String(data.command), Array.isArray(data.args) ? data.args : []);
        port.postMessage({ type: "result", id, value });
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        port.postMessage({ type: "result", id, error: words, more: Object.assign({}, error) });
      }
    }
  };
  await start();
}
