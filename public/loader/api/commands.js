// The commands of the page's calls.

import { authorize } from "./authorize.js";
import { address, isPlain, locale, record, refuse, text, theme, userData } from "./check.js";
import { diagnose } from "./diagnostics.js";
import { EVENTS } from "../shared/event_names.js";
import { forgetMounted } from "../shared/forget_mounted.js";
import { label } from "../shared/label.js";
import { listen, unlisten } from "./listeners.js";
import { applyTokens, wishesOf } from "./wishes.js";

/**
 * Carries out a call of the page.
 * @param {Loader} loader
 * @param {[string, ...any[]]} words The command and its arguments.
 */
export async function run(loader, [command, ...values]) {
  if (!Object.prototype.hasOwnProperty.call(COMMANDS, command)) {
    const names = Object.keys(COMMANDS).join(", ");
    throw new TypeError(`there is no command "${command}"; there are ${names}`);
  }
  const carryOut = COMMANDS[command];
  const most = carryOut.length - 1;
  try {
    if (values.length > most) refuse(`it takes ${most || "no"} argument${most === 1 ? "" : "s"}`);
    if (loader.signal.aborted) throw new Error("the chat was taken off this page");
    return await carryOut(loader, ...values);
  } catch (error) {
    // The module's own errors say it already.
    const said = error instanceof Error && error.message.startsWith(`${command}: `);
    if (error instanceof Error && !said) error.message = `${command}: ${error.message}`;
    throw error;
  }
}

/** @type {Record<string, (loader: Loader, ...values: any[]) => any>} */
const COMMANDS = {
  /** Loads the chat, without opening it. */
  async boot(loader) {
    await mounted(loader);
  },
  async open(loader) {
    loader.open();
    await mounted(loader);
  },
  close(loader) {
    const widget = loader.mounted;
    if (widget) widget.close();
    else forgetToOpen(loader);
  },
  async toggle(loader) {
    if (loader.mounted && loader.isOpen) COMMANDS.close(loader);
    else await COMMANDS.open(loader);
  },
  /** Shows the launcher again. */
  show({ host }) {
    host.style.setProperty("display", "block", "important");
  },
  /** Takes launcher and panel out of sight. The chat goes on. */
  hide({ host }) {
    host.style.setProperty("display", "none", "important");
  },

  /** Has every request to the chat server carry headers of the page's. */
  async authorize(loader, ask) {
    if (typeof ask !== "function") refuse("the first argument must be a function");
    authorize(loader, ask);
    const chat = mountedChat(loader);
    if (chat) await chat.call("authorize", []);
  },
  /** Starts a chat with these answers to the form's questions. */
  async startChat(loader, values) {
    const { userData: data = {}, ...fields } = values === undefined ? {} : objectOf(values);
    const answers = record(fields, "the first argument", true);
    return call(loader, "startChat", { ...answers, userData: userData(data, "userData") });
  },
  async endChat(loader) {
    return call(loader, "endChat");
  },
  async sendMessage(loader, words) {
    return call(loader, "sendMessage", text(words, "the text"));
  },
  async sendFile(loader, file, options) {
    if (!(file instanceof File)) refuse("the first argument must be a File");
    const wish = options === undefined ? {} : record(options, "the second argument");
    return call(loader, "sendFile", file, wish);
  },
  /** Gives data to the next chat, and to the one that is going on. */
  async setUserData(loader, values) {
    const data = userData(values, "the first argument");
    const wishes = wishesOf(loader);
    wishes.userData = userData({ ...wishes.userData, ...data }, "all user data together");
    return mountedChat(loader) ? call(loader, "setUserData", data) : { isSent: false };
  },
  async setNickname(loader, name) {
    return call(loader, "setNickname", text(name, "the name"));
  },
  async pushUrl(loader, url) {
    return call(loader, "pushUrl", address(url));
  },
  async customNotice(loader, notice) {
    const { message, attributes, ...rest } = objectOf(notice);
    const [other] = Object.keys(rest);
    if (other) refuse(`a notice has no ${other}; it has message and attributes`);
    if (message === undefined && attributes === undefined) {
      refuse("a notice has a message, attributes, or both");
    }
    if (attributes !== undefined && !isPlain(attributes)) refuse("attributes must be an object");
    return call(loader, "customNotice", {
      ...(message !== undefined && { message: text(message, "the message") }),
      ...(attributes && { attributes: JSON.stringify(attributes) }),
    });
  },

  async setLocale(loader, tag) {
    const { dataset, launcher, build, parts } = loader;
    const wish = locale(tag);
    // Where the tag itself says it: it counts for every mount.
    dataset.locale = wish;
    const chat = mountedChat(loader);
    if (chat) await chat.call("setLocale", [wish]);
    // A frame leaves the painted launcher where it is.
    if (chat && !chat.isFramed) return;
    if (build.hasWords) await (await parts.fetch("mount")).speak(loader);
    else label(launcher, Object.assign(loader.texts, loader.textsOf(build.texts)));
    refreshStandIn(loader);
  },
  async setTheme(loader, wish) {
    const { scheme, tokens } = theme(wish);
    const wishes = wishesOf(loader);
    const before = wishes.theme;
    const all = { scheme: scheme || before.scheme, tokens: { ...before.tokens, ...tokens } };
    wishes.theme = all;
    const chat = mountedChat(loader);
    applyTokens(loader, false);
    if (chat) await chat.call("setTheme", [all]);
    refreshStandIn(loader);
  },
  /** Fills in fields of the form that the visitor has not. */
  async prefill(loader, values) {
    const wish = record(values, "the first argument", true);
    if (mountedChat(loader)) await call(loader, "prefill", wish);
    Object.assign(wishesOf(loader).prefill, wish);
  },

  async getTranscript(loader) {
    return isWanted(loader) ? call(loader, "getTranscript") : [];
  },
  async getState(loader) {
    const nothing = { ...NOTHING, isOpen: Boolean(loader.isOpen) };
    /** @type {any} */
    const state = mountedChat(loader) ? await call(loader, "getState") : nothing;
    const isHidden = loader.host.style.display === "none";
    return { ...state, isHidden, hasChatToResume: loader.hasChat() };
  },

  /** Returns what support needs to know of a chat that does not work. */
  async getDiagnostics(loader) {
    const chat = mountedChat(loader);
    const state = await inTime(COMMANDS.getState(loader), NOTHING);
    const frame = chat && chat.isFramed ? await inTime(chat.call("getDiagnostics", []), []) : undefined;
    return { ...diagnose(loader, state), ...(frame && { frame }) };
  },

  on(loader, name, listener) {
    if (typeof listener !== "function") refuse("the second argument must be a function");
    listen(loader, eventName(name), listener);
  },
  /** Takes a listener back; without one, all of that event. */
  off(loader, name, listener) {
    if (listener !== undefined && typeof listener !== "function") {
      refuse("the second argument must be a function");
    }
    unlisten(loader, eventName(name), listener);
  },
  /** Takes the widget off the page for good. The chat can be resumed by the next tag. */
  destroy(loader) {
    loader.remove();
  },
};

/** The state of a widget that is not loaded. */
const NOTHING = {
  isLoaded: false,
  isOpen: false,
  phase: "idle",
  endReason: null,
  connection: "up",
  agents: "awaited",
  participants: [],
  unread: 0,
  nickname: null,
  can: null,
};

/**
 * Hands a command to the mounted widget, which is loaded if it must be.
 * @param {Loader} loader
 * @param {string} command
 * @param {...unknown} args
 */
async function call(loader, command, ...args) {
  await mounted(loader);
  const chat = mountedChat(loader);
  if (!chat) throw new Error("there is no chat at this time");
  return chat.call(command, args);
}

/**
 * Resolves with `otherwise` where a promise is rejected or takes long: a module that has trouble may not answer.
 * @param {Promise<any>} promise
 * @param {any} otherwise
 */
async function inTime(promise, otherwise) {
  const late = new Promise((resolve) => setTimeout(resolve, 3_000, otherwise));
  return Promise.race([promise.catch(() => otherwise), late]);
}

/** Tells whether there is, or may be, a chat. */
const isWanted = (loader) => mountedChat(loader) || loader.hasChat();

/**
 * Returns the mounted chat, unless there is none or something stands in for it.
 * @param {Loader} loader
 */
function mountedChat({ mounted }) {
  return mounted && mounted.call ? /** @type {MountedChat} */ (mounted) : undefined;
}

/** Lets what stands in for a chat follow what the page has said. @param {Loader} loader */
function refreshStandIn({ mounted }) {
  if (mounted && mounted.refresh) mounted.refresh();
}

/** Returns the mounted widget, which is loaded if it must be. */
async function mounted(loader) {
  if (!loader.mounted) await loader.start();
  const widget = loader.mounted;
  if (!widget) throw new Error("the chat could not be loaded");
  return widget;
}

/** Takes back that the panel is to open as soon as the widget is mounted. */
function forgetToOpen(loader) {
  forgetMounted(loader);
  loader.launcher.show();
}

/** @param {unknown} value */
function objectOf(value) {
  return /** @type {Record<string, any>} */ (
    isPlain(value) ? value : refuse("the first argument must be an object")
  );
}

/** @param {unknown} name */
function eventName(name) {
  if (typeof name === "string" && EVENTS.includes(name)) return name;
  return refuse(`there is no event "${String(name)}"; there are ${EVENTS.join(", ")}`);
}
