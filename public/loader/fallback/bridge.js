// The page's side of frame mode: the widget lives in an iframe from the origin of its files. The painted
// launcher stays, and opens and closes the frame.

import { setCookie } from "../shared/cookie.js";
import { COVERED, keepPageStill } from "../shared/cover.js";
import { tell } from "../shared/events.js";
import { offerDetails } from "../shared/fetch_api.js";
import { forgetMounted } from "../shared/forget_mounted.js";
import { createElement, ofDocument } from "../shared/page.js";

/** How long the frame has to say that it is there, in milliseconds. */
const ANSWER_TIMEOUT = 15_000;

/** How long a frame that has loaded may take for its answer, in milliseconds: its script has run by then. */
const GREETING_TIMEOUT = 3_000;

const BADGE_MAX = 99;

/**
 * Puts up the frame and connects with what runs in it.
 * @param {Loader} loader
 * @param {FrameValues} values
 * @param {Texts} texts
 * @returns {Promise<MountedChat | undefined>} Nothing if the frame may not be held by this page.
 */
export function connect(loader, { page, style, cookie }, texts) {
  const { dataset, host, root, hooks, signal, launcher, urlOf, liveKey } = loader;
  const { button } = launcher;
  const url = urlOf(page);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  const narrow = window.matchMedia(COVERED);
  const badge = createElement("span", { class: "badge", part: "badge", "aria-hidden": true });
  const frame = createElement("iframe", {
    class: "frame",
    part: "frame",
    title: loader.texts.label,
    allow: "autoplay; clipboard-write",
  });
  const lifetime = new AbortController();
  const own = { signal: lifetime.signal };
  const openFromLauncher = button.onclick;
  let releasePage = () => {};
  /** @type {MessagePort} */
  let port;
  let isOpen = false;
  /** Whether the frame has answered. */
  let isThere = false;
  /** What waits for the results of calls, by their numbers. @type {Map<number, [(value: any) => void, (error: Error) => void]>} */
  const calls = new Map();
  let lastCall = 0;

  return new Promise((resolve, reject) => {
    const unanswered = new Error("the frame does not answer");
    // Only Chromium says of a frame that is not isolated, on a page that is, that it has loaded.
    const onLate = () => (window.crossOriginIsolated ? onSilence() : give(unanswered));
    const late = setTimeout(onLate, ANSWER_TIMEOUT);
    let silent = 0;
    signal.addEventListener("abort", () => give(), own);
    // A frame that the page's policy forbids is never there. Captured, because the page may stop the event.
    window.addEventListener("securitypolicyviolation", onViolation, { capture: true, ...own });

    function onViolation({ effectiveDirective, blockedURI }) {
      // One that is there was not forbidden: the page may have tried to hold another.
      if (isThere || !blockedURI || !url.startsWith(blockedURI)) return;
      if (!/^(frame|child)-src/.test(effectiveDirective)) return;
      console.error("Chat: the page's policy forbids the frame.");
      give();
    }

    /** Finds out why a frame that has loaded says nothing. Where the headers of its page, or of this one, forbid to
        hold it, the browser shows a page of its own there, which nobody can look into. */
    async function onSilence() {
      const probe = new AbortController();
      setTimeout(() => probe.abort(), GREETING_TIMEOUT);
      const { ok } = await fetch(url, { signal: probe.signal }).catch(() => Response.error());
      if (isThere || lifetime.signal.aborted) return;
      if (ok) console.error(`Chat: ${url} may not be held here, by its headers or the page's.`);
      give(ok ? undefined : unanswered);
    }

    /** Gives up the start: with an error that the visitor may try again after, or for good. */
    function give(error) {
      clearTimeout(late);
      clearTimeout(silent);
      remove();
      if (error) reject(error);
      else resolve(undefined);
    }

    /** What is done with the messages of the frame, by their types. */
    const handlers = {
      /** The frame is there. Its files may take a while. */
      hello() {
        isThere = true;
        clearTimeout(late);
        clearTimeout(silent);
      },
      refused() {
        console.error(`Chat: ${location.origin} is not among the origins that may hold the frame.`);
        give();
      },
      failed: () => give(new Error("the chat cannot start in its frame")),
      ready(data) {
        launcher.show();
        // A chat that ended at another sub-domain leaves no mark.
        if (cookie) setCookie(cookie, Boolean(data.live));
        root.adoptedStyleSheets = [launcher.sheet, sheet];
        button.onclick = () => (isOpen ? close() : loader.open());
        resolve({ open, close, remove, call, isFramed: true });
        if (loader.opener === "visitor") open();
        else if (data.open) reveal();
      },
      /** The module in the frame has died. A click begins anew. */
      stopped() {
        remove();
        forgetMounted(loader);
        launcher.show(texts.stopped);
        offerDetails(loader, texts);
      },
      event({ name, detail }) {
        if (name === "closed") hide();
        else if (name === "opened") reveal();
        else if (name === "unreadChanged") count(Number(detail && detail.count));
        tell(loader, name, detail);
      },
      /** Marks in the page's storage whether there is a chat to resume. */
      live({ live }) {
        if (cookie) setCookie(cookie, Boolean(live));
        try {
          if (live) localStorage.setItem(liveKey, "");
          else localStorage.removeItem(liveKey);
        } catch {
          // The page has no storage: the chat is resumed when the launcher is touched.
        }
      },
      /** The frame needs the headers that the page gives. */
      async headers({ id, renew }) {
        /** @type {{ headers?: Record<string, string>, error?: string }} */
        const given = {};
        try {
          if (loader.ask) given.headers = await loader.ask(Boolean(renew));
        } catch (error) {
          given.error = error instanceof Error ? error.message : String(error);
        }
        port.postMessage({ type: "headers", id, ...given });
      },
      result({ id, value, error, more }) {
        const [succeed, fail] = calls.get(id) || [];
        calls.delete(id);
        if (succeed && fail) error === undefined ? succeed(value) : fail(Object.assign(new Error(error), more));
      },
    };

    // Also when the page has moved the host: a frame that is put back loads anew.
    frame.onload = () => {
      failCalls();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => {
        if (Object.prototype.hasOwnProperty.call(handlers, data.type)) handlers[data.type](data);
      };
      const { lang } = ofDocument("documentElement");
      const open = loader.opener === "page";
      const authorized = Boolean(loader.ask);
      const notice = loader.notice && loader.notice();
      const words = { type: "connect", locale: dataset.locale || "", page: lang, open, authorized, notice };
      // Only what comes from the origin of the files gets the channel.
      frame.contentWindow?.postMessage(words, new URL(url).origin, [channel.port2]);
      clearTimeout(silent);
      if (!isThere) silent = setTimeout(onSilence, GREETING_TIMEOUT);
    };
    frame.src = url;
    root.adoptedStyleSheets = [launcher.sheet, sheet];
    root.append(frame);
    releasePage = keepPageStill();
    narrow.addEventListener("change", cover, own);
    button.addEventListener("keydown", ({ key }) => isOpen && key === "Escape" && close(), own);
    hooks.onAttach = () => isOpen && frame.focus();
  });

  /** Opens the panel and puts the focus into it. */
  function open() {
    reveal();
    frame.focus();
    port.postMessage({ type: "open" });
  }

  function close() {
    port.postMessage({ type: "close" });
    hide();
  }

  /** Shows the frame with its open panel. */
  function reveal() {
    isOpen = true;
    frame.classList.add("open");
    button.setAttribute("aria-expanded", "true");
    cover();
  }

  /** Hides the frame. The focus that was in it goes to the launcher. */
  function hide() {
    const hadFocus = root.activeElement === frame;
    isOpen = false;
    frame.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
    cover();
    if (hadFocus) button.focus();
  }

  /** Keeps the page from scrolling behind a frame that covers it. */
  function cover() {
    host.toggleAttribute("data-modal", isOpen && narrow.matches);
  }

  /** Shows how many messages are unread. */
  function count(unread) {
    if (unread > 0) {
      badge.textContent = unread > BADGE_MAX ? `${BADGE_MAX}+` : String(unread);
      button.append(badge);
      button.setAttribute("aria-label", `${loader.texts.label} (${unread})`);
    } else {
      badge.remove();
      button.setAttribute("aria-label", loader.texts.label);
    }
  }

  /** Passes on a command of the page, and returns its result. */
  function call(command, args) {
    return new Promise((resolve, reject) => {
      lastCall += 1;
      calls.set(lastCall, [resolve, reject]);
      port.postMessage({ type: "call", id: lastCall, command, args });
    });
  }

  function remove() {
    lifetime.abort();
    hide();
    count(0);
    frame.remove();
    button.onclick = openFromLauncher;
    hooks.onAttach = undefined;
    releasePage();
    failCalls();
  }

  /** Rejects the calls that a frame which is gone cannot answer. */
  function failCalls() {
    for (const [, fail] of calls.values()) fail(new Error("the chat was interrupted"));
    calls.clear();
  }
}
