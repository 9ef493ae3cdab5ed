// The listeners of the commands "on" and "off".

import { typeOf } from "../shared/events.js";
import { wishesOf } from "./wishes.js";

/**
 * Lets a function hear of an event: it gets the event's detail.
 * @param {Loader} loader
 * @param {string} name
 * @param {(detail: any) => void} listener
 */
export function listen(loader, name, listener) {
  const { listeners } = wishesOf(loader);
  if (listeners.some((one) => one.name === name && one.listener === listener)) return;
  /** @param {Event} event */
  const hear = (event) => listener(/** @type {CustomEvent} */ (event).detail);
  listeners.push({ name, listener, hear });
  loader.host.addEventListener(typeOf(loader, name), hear);
}

/**
 * Takes a listener back; without one, all of that event.
 * @param {Loader} loader
 * @param {string} name
 * @param {(detail: any) => void} [listener]
 */
export function unlisten(loader, name, listener) {
  const wishes = wishesOf(loader);
  wishes.listeners = wishes.listeners.filter((one) => {
    if (one.name !== name || (listener && one.listener !== listener)) return true;
    loader.host.removeEventListener(typeOf(loader, name), one.hear);
    return false;
  });
}
