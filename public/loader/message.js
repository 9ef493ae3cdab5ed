// The form for leaving a message, where there is no chat to be had.

import { COVERED, keepPageStill } from "./shared/cover.js";
import { tell } from "./shared/events.js";
import { guard } from "./shared/guard.js";
import { createMessageView } from "./message/view.js";
import { sendMessage } from "./message/send.js";

// The values of one package, as in main.js.
/** @type {MessageValues} */
const BUILD = __BUILD__;

/** What was typed, while the form is not on the page. @type {Answers} */
let typed = {};

/** The last attempt to send: what was sent, and its id, by which the site recognises a second copy. The form may have
    been closed, and the page reloaded, meanwhile. */
let tried = { words: "", id: "" };

/**
 * Mounts the form beside the painted launcher, closed.
 * @param {Loader} loader
 * @param {() => string} notice Returns why there is no chat.
 * @param {() => void} [onClosed] Called when the panel has been closed.
 * @returns {Mounted}
 */
export function mount(loader, notice, onClosed = () => {}) {
  const { host, root, launcher } = loader;
  const { button } = launcher;
  let texts = wordsOf(loader);
  const lifetime = new AbortController();
  const own = { signal: lifetime.signal };
  const openFromLauncher = button.onclick;
  const narrow = window.matchMedia(COVERED);
  const key = "chat-message:" + loader.urlOf(".");
  const view = createMessageView(BUILD, texts, { onSubmit, onClose: close, onInput: keep });
  let isOpen = false;
  let isSending = false;

  if (Object.keys(typed).length) view.fill(typed);
  else restore();
  refresh();
  launcher.show();
  const releasePage = keepPageStill();
  root.adoptedStyleSheets = [launcher.sheet, view.sheet];
  root.append(view.panel);
  button.onclick = () => (isOpen ? close() : loader.open());
  guard(loader, own.signal);
  const onKey = ({ key }) => isOpen && key === "Escape" && close();
  button.addEventListener("keydown", onKey, own);
  view.panel.addEventListener("keydown", onKey, own);
  // A dialog that covers the window would be closed by the browser alone.
  view.panel.addEventListener("cancel", (event) => event.preventDefault(), own);
  narrow.addEventListener("change", () => isOpen && cover(), own);
  if (loader.opener) open();

  return { open, close, refresh, remove, isInUse: () => isOpen || isSending || Object.keys(typed).length > 0 };

  function refresh() {
    texts = wordsOf(loader);
    view.translate(texts);
    view.setNotice(notice());
    // What the page has said is kept there.
    if (loader.api) view.restyle(loader.api.wishesOf(loader).theme);
  }

  /** Opens the panel and puts the focus into it. */
  function open() {
    if (isOpen) return;
    isOpen = true;
    button.setAttribute("aria-expanded", "true");
    cover();
    view.focus();
    tell(loader, "opened");
  }

  /** Shows the panel beside the page or, where it covers the window, instead of it. */
  function cover() {
    const { panel } = view;
    const focused = root.activeElement;
    if (panel.open) panel.close();
    if (narrow.matches) panel.showModal();
    else panel.show();
    host.toggleAttribute("data-modal", narrow.matches);
    if (focused instanceof HTMLElement && panel.contains(focused)) focused.focus();
  }

  function close() {
    if (!isOpen) return;
    const hadFocus = view.panel.contains(root.activeElement);
    isOpen = false;
    view.panel.close();
    host.removeAttribute("data-modal");
    button.setAttribute("aria-expanded", "false");
    if (hadFocus) button.focus();
    view.reset();
    tell(loader, "closed");
    onClosed();
  }

  function remove() {
    lifetime.abort();
    loader.isOpen = false;
    host.removeAttribute("data-modal");
    button.setAttribute("aria-expanded", "false");
    button.onclick = openFromLauncher;
    view.panel.remove();
    loader.hooks.onAttach = undefined;
    root.adoptedStyleSheets = [launcher.sheet];
    releasePage();
  }

  /** Sends what was typed. It stays in the form until the site has it. */
  async function onSubmit() {
    if (isSending || !view.check()) return;
    isSending = true;
    view.setState("sending");
    const answers = view.answers();
    const words = JSON.stringify(answers);
    if (words !== tried.words) tried = { words, id: newId() };
    // Before it leaves: the page may be reloaded before the answer is there.
    keep();
    try {
      const { origin, pathname } = location;
      const message = { id: tried.id, ...answers, page: origin + pathname, locale: texts.tag };
      await sendMessage(new URL(BUILD.url, origin).href, message);
      isSending = false;
      tried.words = "";
      forget();
      view.setState("sent");
      tell(loader, "messageLeft");
    } catch (error) {
      isSending = false;
      console.error("Chat: a message was not sent.", error);
      view.setState("failed");
    }
  }

  /** Keeps what was typed: on this page and, where the tenant allows it, over a reload. */
  function keep() {
    const { website, ...answers } = view.answers();
    const given = Object.entries(answers).filter(([, value]) => value);
    typed = Object.fromEntries(given);
    if (!BUILD.keeps) return;
    const wasTried = JSON.stringify(view.answers()) === tried.words;
    const kept = { answers: typed, ...(wasTried && { id: tried.id }) };
    try {
      if (given.length) sessionStorage.setItem(key, JSON.stringify(kept));
      else sessionStorage.removeItem(key);
    } catch {
      // It is kept on this page.
    }
  }

  /** Puts into the form what an earlier page has kept. */
  function restore() {
    let kept;
    try {
      kept = BUILD.keeps && JSON.parse(sessionStorage.getItem(key) || "{}");
    } catch {
      // There is nothing, or not of this form.
    }
    const { answers, id } = Object(kept);
    typed = Object(answers);
    view.fill(typed);
    if (id) tried = { words: JSON.stringify(view.answers()), id: String(id) };
  }

  function forget() {
    typed = {};
    try {
      sessionStorage.removeItem(key);
    } catch {
      // It has kept nothing.
    }
  }
}

/**
 * Returns the texts with the tag of their language.
 * @param {Loader} loader
 */
function wordsOf(loader) {
  return { ...loader.textsOf(BUILD.texts, "message"), tag: loader.locale || "en" };
}

/** Makes an id that no other message has. */
function newId() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
