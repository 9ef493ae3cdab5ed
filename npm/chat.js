// The chat of a script: its tag is put on the page once, however many ask for it. Nothing here runs before it is
// asked for, so that a server may import it.

/** Where the scripts keep the widgets of a page, by their addresses without query. */
const REGISTRY = Symbol.for("chat-live");
/** Where a tag that this package has put on the page keeps the promise that its script has run: a module that is
    replaced while the page stays finds the tags of the one before. */
const LOADED = Symbol.for("chat-live-loaded");

const COMMANDS = [
  "authorize",
  "boot",
  "open",
  "close",
  "toggle",
  "show",
  "hide",
  "startChat",
  "endChat",
  "sendMessage",
  "sendFile",
  "setUserData",
  "setNickname",
  "pushUrl",
  "customNotice",
  "setLocale",
  "setTheme",
  "prefill",
  "getTranscript",
  "getState",
  "getDiagnostics",
];

/** The names of the events. @type {(keyof import("./index.js").Events)[]} */
export const EVENTS = [
  "ready",
  "opened",
  "closed",
  "chatStarted",
  "agentJoined",
  "agentLeft",
  "message",
  "typing",
  "fileReceived",
  "unreadChanged",
  "connectionChanged",
  "chatEnded",
  "messageLeft",
  "error",
  "analytics",
];

/** The chats that were asked for, by their scripts' addresses. @type {Map<string, Inclusion>} */
const inclusions = new Map();

/**
 * Puts the chat on the page, if it is not there. It stays until `destroy`.
 * @param {import("./index.js").ChatOptions} options
 * @returns {Promise<import("./index.js").Chat>}
 */
export function loadChat(options) {
  if (typeof document === "undefined") {
    const refused = Promise.reject(new Error("loadChat: there is no page to put a chat on; call it in the browser"));
    // A server that only imports the module which calls this must not stop for it.
    refused.catch(() => {});
    return refused;
  }
  try {
    const inclusion = inclusionOf(options);
    inclusion.isKept = true;
    return inclusion.chat;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Puts the chat on the page for as long as somebody holds it. What is mounted again at once finds it as it was.
 * @param {import("./index.js").ChatOptions} options
 */
export function holdChat(options) {
  const inclusion = inclusionOf(options);
  let isHeld = true;
  inclusion.holders += 1;
  return {
    chat: inclusion.chat,
    /** The options that the tag was made with; nothing where there was a chat before. */
    included: inclusion.options,
    release() {
      if (!isHeld) return;
      isHeld = false;
      inclusion.holders -= 1;
      // Later, because whoever is mounted next may want it.
      setTimeout(() => inclusion.endIfUnused());
    },
  };
}

/** The chat of one script on the page, and who wants it. */
class Inclusion {
  /** Whether it stays although nobody holds it. */
  isKept = false;
  /** How many hold it. */
  holders = 0;
  /** The widget, once it is there. @type {any} */
  widget = undefined;

  /**
   * @param {string} key
   * @param {import("./index.js").ChatOptions} options
   */
  constructor(key, options) {
    const there = widgetOf(key);
    this.key = key;
    this.options = there ? undefined : options;
    // Whoever has put the tag into the page's own HTML takes it off, too.
    this.isOwn = !there || Boolean(tagOf(key));
    this.chat = this.#load(options);
    // Each who asks hears of a failure.
    this.chat.catch(() => {});
  }

  async #load(options) {
    try {
      this.widget = await include(this.key, options);
    } catch (error) {
      this.#forget();
      throw error;
    }
    setTimeout(() => this.endIfUnused());
    return createChat(this.widget, () => this.end());
  }

  /** Tells whether the page has taken the chat off. */
  isOver() {
    return Boolean(this.widget) && widgetOf(this.key) !== this.widget;
  }

  endIfUnused() {
    if (this.widget && this.isOwn && !this.isKept && !this.holders) this.end();
  }

  /** Takes the chat off the page. */
  end() {
    this.#forget();
    this.widget.remove();
    const tag = tagOf(this.key);
    if (tag) tag.remove();
  }

  #forget() {
    if (inclusions.get(this.key) === this) inclusions.delete(this.key);
  }
}

/** @param {import("./index.js").ChatOptions} options */
function inclusionOf(options) {
  const key = keyOf(options);
  const known = inclusions.get(key);
  if (known && !known.isOver()) return known;
  const inclusion = new Inclusion(key, options);
  inclusions.set(key, inclusion);
  return inclusion;
}

/** Returns the script's address without query: that is what the page knows its widget by. */
function keyOf(options) {
  const src = options && options.src && String(options.src);
  if (!src) throw new TypeError("loadChat: `src` must be the address of the tenant's widget.js");
  return new URL(src, document.baseURI).href.replace(/[?#].*/, "");
}

/** Returns the widget of a script, while it is on the page. */
function widgetOf(key) {
  const registry = window[REGISTRY];
  const widget = registry && registry.get(key);
  return widget && widget.loader && widget.isAlive() ? widget : undefined;
}

/** Returns the tag that this package has put on the page. @returns {any} */
function tagOf(key) {
  return [...document.scripts].find((tag) => tag[LOADED] && tag.src.replace(/[?#].*/, "") === key);
}

/** Has the script run on this page, and returns its widget. */
async function include(key, options) {
  const tag = tagOf(key);
  // One that is still on its way. What it comes to is seen below.
  if (tag) await tag[LOADED].catch(() => {});
  if (!widgetOf(key)) {
    // A script runs once: after the end of a chat it takes another tag.
    if (tag) tag.remove();
    const next = putTag(options);
    await next[LOADED].catch((error) => {
      next.remove();
      throw error;
    });
  }
  const widget = widgetOf(key);
  if (!widget) throw new Error(`loadChat: ${key} has put no chat on this page`);
  return widget;
}

/** @param {import("./index.js").ChatOptions} options */
function putTag({ src, nonce, integrity, crossOrigin, open, locale, prefill = {} }) {
  /** @type {any} */
  const tag = document.createElement("script");
  tag.async = true;
  if (nonce) tag.nonce = nonce;
  if (integrity) tag.integrity = integrity;
  // Without CORS, browsers check the integrity of scripts of their own origin only.
  if (crossOrigin || integrity) tag.crossOrigin = crossOrigin || "anonymous";
  if (open) tag.dataset.open = "";
  if (locale) tag.dataset.locale = locale;
  for (const name of Object.keys(prefill)) {
    const hyphened = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    tag.setAttribute(`data-prefill-${hyphened}`, String(prefill[name]));
  }
  tag[LOADED] = new Promise((resolve, reject) => {
    tag.onload = resolve;
    tag.onerror = () => reject(new Error(`loadChat: ${src} could not be loaded`));
  });
  // As it is: it may be what the page's Trusted Types want.
  tag.src = src;
  document.head.append(tag);
  return tag;
}

/**
 * Creates the page's side of a widget.
 * @param {any} widget
 * @param {() => void} end
 * @returns {import("./index.js").Chat}
 */
function createChat(widget, end) {
  const { host, build } = widget.loader;
  /** The page's function. @type {any} */
  const call = window[build.name];
  /** The listeners by event, each with what hears for it. */
  const listeners = Object.fromEntries(EVENTS.map((name) => [name, new Map()]));

  const listenersOf = (name) => {
    if (Object.hasOwn(listeners, name)) return listeners[name];
    throw new TypeError(`there is no event "${name}"; there are ${EVENTS.join(", ")}`);
  };
  /** @type {any} */
  const chat = {
    on(name, listener) {
      const known = listenersOf(name);
      if (typeof listener !== "function") throw new TypeError("on: the second argument must be a function");
      if (!known.has(listener)) {
        const hear = ({ detail }) => listener(detail);
        known.set(listener, hear);
        host.addEventListener(`${build.attribute}:${name}`, hear);
      }
      return () => chat.off(name, listener);
    },
    off(name, listener) {
      const known = listenersOf(name);
      for (const one of listener ? [listener] : [...known.keys()]) {
        host.removeEventListener(`${build.attribute}:${name}`, known.get(one));
        known.delete(one);
      }
    },
    async destroy() {
      if (widget.isAlive()) end();
    },
  };
  for (const command of COMMANDS) {
    chat[command] = async (...values) => {
      if (typeof call !== "function") throw new Error(`${command}: ${build.name} is not the chat's on this page`);
      return call(command, ...values);
    };
  }
  return Object.freeze(chat);
}
