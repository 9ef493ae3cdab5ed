// A chat that follows the options of a component, for as long as that is mounted.

import { EVENTS, holdChat } from "./chat.js";

/**
 * Holds the chat, and keeps it as the latest options have it.
 * @param {import("./index.js").LiveOptions} options
 * @param {{ onChat(chat: import("./index.js").Chat): void, onEvent(name: string, detail: unknown): void }} told
 */
export function controlChat(options, { onChat, onEvent }) {
  let wanted = options;
  let chat;
  let isReleased = false;
  const hold = holdOrRefuse(options);
  const { open, locale, prefill } = hold.included || {};
  /** What the chat was told last. */
  let applied = { open, locale, prefill };
  let silence = [];

  hold.chat.then(
    (loaded) => {
      if (isReleased) return;
      chat = loaded;
      silence = EVENTS.map((name) => chat.on(name, (detail) => onEvent(name, detail)));
      onChat(chat);
      apply();
    },
    (error) => {
      if (isReleased) return;
      console.error(error);
      onEvent("error", { action: "load", code: "notLoaded" });
    },
  );

  return {
    update(options) {
      wanted = options;
      if (chat) apply();
    },
    release() {
      isReleased = true;
      for (const take of silence) take();
      hold.release();
    },
  };

  /** Tells the chat what has changed. */
  function apply() {
    const { open = false, locale, theme, prefill, userData } = wanted;
    if (locale && locale !== applied.locale) report(chat.setLocale(locale));
    if (theme && !isSame(theme, applied.theme)) report(chat.setTheme(theme));
    if (prefill && !isSame(prefill, applied.prefill)) report(chat.prefill(prefill));
    if (userData && !isSame(userData, applied.userData)) report(chat.setUserData(userData));
    if (open !== Boolean(applied.open)) report(open ? chat.open() : chat.close());
    applied = { open, locale, theme, prefill, userData };
  }
}

/**
 * Holds the chat. Options that are wrong are a chat that cannot be loaded: what a component throws would take the
 * whole page off.
 * @param {import("./index.js").LiveOptions} options
 */
function holdOrRefuse(options) {
  try {
    return holdChat(options);
  } catch (error) {
    return { chat: Promise.reject(error), included: undefined, release() {} };
  }
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {Promise<unknown>} call */
const report = (call) => call.catch((error) => console.error(error));
