// What the contact centre is told of the page, where the tenant's file asks for it: as user data of the chat, by the
// same way as the page's own.

import { camelCase } from "./shared/camel_case.js";
import { typeOf } from "./shared/events.js";
import { fetchApi } from "./shared/fetch_api.js";
import { ofDocument } from "./shared/page.js";
import { watchPath } from "./shared/paths.js";

// The values of one package, as in main.js.
/** @type {ContextValues} */
const BUILD = __BUILD__;

/** The most characters of a value. */
const LONGEST = 1000;

/** How long a page has to set its title when it has changed its path, in milliseconds. */
const SETTLING = 500;

/** The widgets whose pages are followed. @type {WeakSet<Loader>} */
const FOLLOWED = new WeakSet();

/**
 * Tells of the page before the widget is mounted, and of its changes from then on.
 * @param {Loader} loader
 */
export async function begin(loader) {
  const api = await fetchApi(loader);
  // What the page itself has said wins.
  await tell(loader, { ...contextOf(loader), ...api.wishesOf(loader).userData });
  if (!FOLLOWED.has(loader)) follow(loader);
}

/**
 * Tells a running chat of this page, and of each that the visitor goes to. Without a chat, it is told of the page on
 * which the panel is opened.
 * @param {Loader} loader
 */
function follow(loader) {
  FOLLOWED.add(loader);
  const { host, signal } = loader;
  const now = () => {
    const { url, title } = valuesOf(loader);
    return nameParts({ url, title });
  };
  /** What the module knows of, once it is mounted. */
  let known = JSON.stringify(now());
  const catchUp = (isNews) => {
    const data = now();
    const words = JSON.stringify(data);
    if (!loader.mounted || words === "{}" || (words === known && !isNews)) return;
    known = words;
    tell(loader, data).catch((error) => console.error("Chat:", error));
  };
  const whenSettled = (isNews) => setTimeout(() => loader.hasChat() && catchUp(isNews), SETTLING);

  host.addEventListener(typeOf(loader, "opened"), () => catchUp(false), { signal });
  if (!BUILD.follow) return;
  // A chat that goes on began on another page.
  host.addEventListener(typeOf(loader, "ready"), () => whenSettled(true), { signal });
  watchPath(() => whenSettled(false), signal);
}

/** @param {Record<string, string>} data */
const tell = async (loader, data) => loader.api.run(loader, ["setUserData", data]);

/** Returns all that is told of the page, by the names of user data. */
function contextOf(loader) {
  const { dataset } = loader;
  /** @type {Record<string, string>} */
  const data = {};
  for (const key of Object.keys(BUILD.data)) {
    const value = dataset["context" + camelCase("-" + key)];
    if (value) data[BUILD.data[key]] = value.slice(0, LONGEST);
  }
  return { ...nameParts(valuesOf(loader)), ...data };
}

/** @returns {Record<string, string | undefined>} The parts by their keys in the tenant's file. */
function valuesOf({ dataset }) {
  return {
    url: cleanAddress(location.href),
    title: ofDocument("title"),
    referrer: cleanAddress(ofDocument("referrer")),
    locale: navigator.language || dataset.locale,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Returns the parts that have a name, by it. */
function nameParts(values) {
  /** @type {Record<string, string>} */
  const data = {};
  for (const key of Object.keys(values)) {
    const name = BUILD.names[key];
    if (name && values[key]) data[name] = values[key].slice(0, LONGEST);
  }
  return data;
}

/**
 * Returns an address without what may be secret in it.
 * @param {string} address
 */
function cleanAddress(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return "";
  }
  if (!/^https?:$/.test(url.protocol)) return "";
  const kept = new URLSearchParams();
  url.searchParams.forEach((value, name) => BUILD.keep_query.includes(name) && kept.append(name, value));
  url.username = url.password = "";
  url.search = String(kept);
  if (!BUILD.keep_hash) url.hash = "";
  return url.href;
}
