// The chat as an element of the page, `<acme-chat open locale="de">`: a script that a page includes in place of the
// tag, or beside it. The element stands for the tag: it includes the loader, its attributes are those of the tag and
// count when they change, and the chat lives as long as the element does.

import { camelCase } from "./shared/camel_case.js";
import { EVENTS } from "./shared/event_names.js";
import { ofDocument } from "./shared/page.js";
import { findTag, withoutQuery } from "./main/tag.js";

// The values of one package, as in main.js.
/** @type {ElementValues} */
const BUILD = __BUILD__;

// Where the loader keeps the widgets of the page.
const REGISTRY = Symbol.for("chat-live");

const TENANT = /^[A-Za-z0-9_-]+$/;
const PREFILL = "prefill-";

const script = findTag();

/** The elements on the page, by the address of the script that they include. @type {Map<string, Set<Element>>} */
const USERS = new Map();
/** Inclusions that are under way. @type {Map<string, Promise<Registered>>} */
const LOADING = new Map();
/** How often each script was included. @type {Map<string, number>} */
const INCLUDED = new Map();

/** What leads the widget for each element on the page. @type {WeakMap<Element, ReturnType<typeof control>>} */
const CONTROLS = new WeakMap();

class ChatElement extends HTMLElement {
  connectedCallback() {
    takeProperties(this);
    if (!CONTROLS.has(this)) CONTROLS.set(this, control(this));
  }

  disconnectedCallback() {
    // Later: an element that is only moved is connected again at once.
    setTimeout(() => this.isConnected || leave(this));
  }

  /** Calls a command of the page's API, once the chat can take it. */
  async call(...words) {
    const own = CONTROLS.get(this);
    if (!own) throw new Error(`${words[0]}: the element is not on the page`);
    return own.call(words);
  }

  get open() {
    // What Vue writes for `false`, as long as the element is not defined.
    return this.hasAttribute("open") && this.getAttribute("open") !== "false";
  }

  set open(isOpen) {
    if (isOpen) this.setAttribute("open", "");
    else this.removeAttribute("open");
  }
}

// What frameworks set as properties are attributes.
for (const name of ["locale", "theme", "tenant"]) {
  Object.defineProperty(ChatElement.prototype, name, {
    get() {
      return this.getAttribute(name) || "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}

/**
 * Takes over the properties that the page has set before the script was there: they hide those of the class.
 * @param {ChatElement} element
 */
function takeProperties(element) {
  for (const name of ["open", "locale", "theme", "tenant"]) {
    if (!Object.prototype.hasOwnProperty.call(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}

/** Lets an element that is off the page go of its chat. */
function leave(element) {
  const own = CONTROLS.get(element);
  if (own) own.end();
  CONTROLS.delete(element);
}

/**
 * Has the widget follow an element, from when it comes onto the page.
 * @param {ChatElement} element
 */
function control(element) {
  const tenant = element.getAttribute("tenant");
  const key = addressOf(tenant);
  const lifetime = new AbortController();
  const { signal } = lifetime;
  /** The widget that the element hears of. @type {Registered | undefined} */
  let own;
  /** What the widget was told last, or has told. */
  let told = NOTHING;
  const observer = new MutationObserver(() => follow());
  if (key) usersOf(key).add(element);
  observer.observe(element, { attributes: true });
  follow();

  return { call, end };

  /** Tells the widget what has changed. */
  async function follow() {
    if (element.getAttribute("tenant") !== tenant) {
      leave(element);
      CONTROLS.set(element, control(element));
      return;
    }
    // What was taken off the page on purpose does not come back because of an attribute.
    if (own && !own.isAlive()) return;
    try {
      await load();
    } catch (error) {
      console.error("Chat:", error);
      dispatch("error", { action: "load", code: "notLoaded" });
      return;
    }
    if (signal.aborted) return;
    const before = told;
    told = read(element);
    for (const words of differences(before, told)) {
      call(words).catch((error) => console.error("Chat:", error));
    }
  }

  /** Puts the widget on the page, if it is not there, and hears of it. */
  async function load() {
    if (own) return own;
    if (!key) throw new Error(`tenant="${tenant}": a tenant's name has letters, digits, hyphens and underscores`);
    const known = widgetOf(key);
    const isNew = !known && !LOADING.has(key);
    const wish = read(element);
    const widget = known || (await include(key, element));
    if (signal.aborted || own) return widget;
    own = widget;
    // A new one has begun with the element's attributes, as with those of a tag.
    if (isNew) told = { ...wish, theme: null, isHidden: false };
    listen(widget);
    return widget;
  }

  /** @param {Registered} widget */
  function listen({ loader }) {
    if (!loader) return;
    const { host, build } = loader;
    for (const name of EVENTS) {
      const onEvent = ({ detail }) => {
        if (name === "opened" || name === "closed") {
          const isOpen = name === "opened";
          told = { ...told, isOpen };
          element.open = isOpen;
        }
        dispatch(name, detail);
      };
      host.addEventListener(`${build.attribute}:${name}`, /** @type {any} */ (onEvent), { signal });
    }
  }

  /** The element's own events do not bubble: those of the widget do. */
  function dispatch(name, detail) {
    element.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {unknown[]} words */
  async function call(words) {
    const { loader } = await load();
    const run = loader && window[loader.build.name];
    if (typeof run !== "function") throw new Error(`${words[0]}: the chat cannot be called on this page`);
    return run(...words);
  }

  function end() {
    lifetime.abort();
    observer.disconnect();
    if (!key) return;
    usersOf(key).delete(element);
    removeIfUnused(key);
  }
}

/** What attributes say. @typedef {ReturnType<typeof read>} Wish */

/**
 * Reads an element's attributes.
 * @param {ChatElement} element
 */
function read(element) {
  /** @type {Record<string, string>} */
  const prefill = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith(PREFILL) && name !== PREFILL) prefill[camelCase(name.slice(PREFILL.length))] = value;
  }
  return {
    isOpen: element.open,
    isHidden: element.hidden,
    locale: element.getAttribute("locale"),
    theme: element.getAttribute("theme"),
    prefill,
  };
}

/** What an element without attributes says. @type {Wish} */
const NOTHING = { isOpen: false, isHidden: false, locale: null, theme: null, prefill: {} };

/**
 * Lists the calls that lead from one state to another. A language, a theme or an answer that is no longer given stays.
 * @param {Wish} before
 * @param {Wish} now
 * @returns {[string, ...unknown[]][]}
 */
function differences(before, now) {
  /** @type {[string, ...unknown[]][]} */
  const calls = [];
  const names = Object.keys(now.prefill).filter((name) => now.prefill[name] !== before.prefill[name]);
  if (names.length) {
    const values = {};
    for (const name of names) values[name] = now.prefill[name];
    calls.push(["prefill", values]);
  }
  if (now.locale && now.locale !== before.locale) calls.push(["setLocale", now.locale]);
  if (now.theme && now.theme !== before.theme) calls.push(["setTheme", now.theme]);
  if (now.isHidden !== before.isHidden) calls.push([now.isHidden ? "hide" : "show"]);
  if (now.isOpen !== before.isOpen) calls.push([now.isOpen ? "open" : "close"]);
  return calls;
}

/**
 * Returns the address of a tenant's loader: beside this script, or in the folder of another tenant beside that. A
 * folder of a version stays within that version.
 * @param {string | null} tenant
 */
function addressOf(tenant) {
  if (!script || (tenant !== null && !TENANT.test(tenant))) return undefined;
  const [, version = ""] = /\/(v\d+\/)[^/]*$/.exec(script.key) || [];
  const folder = tenant === null ? "" : `${version ? "../../" : "../"}${tenant}/${version}`;
  return new URL(`${folder}widget.js`, script.key).href;
}

/** @param {string} key */
function usersOf(key) {
  const users = USERS.get(key) || new Set();
  USERS.set(key, users);
  return users;
}

/**
 * Returns the widget of a script, while it is on the page.
 * @param {string} key
 */
function widgetOf(key) {
  /** @type {Registry | undefined} */
  const registry = window[REGISTRY];
  const widget = registry && registry.get(key);
  return widget && widget.loader && widget.isAlive() ? widget : undefined;
}

/** Tells whether the page has a tag of the script as well. */
const hasTag = (key) =>
  [...ofDocument("scripts")].some((tag) => tag instanceof HTMLScriptElement && withoutQuery(tag.src) === key);

/**
 * Includes the loader for an element, which stands for its tag.
 * @param {string} key
 * @param {HTMLElement} element
 */
function include(key, element) {
  const loading = LOADING.get(key) || run(key, element).finally(() => LOADING.delete(key));
  LOADING.set(key, loading);
  return loading;
}

async function run(key, element) {
  /** @type {Registry} */
  const registry = (window[REGISTRY] = window[REGISTRY] || new Map());
  const dead = registry.get(key);
  // Before it is replaced here: it takes itself out of the registry.
  if (dead) dead.remove();
  registry.set(key, {
    isAlive: () => false,
    remove() {},
    dataset: datasetOf(element),
    isOnPage: () => usersOf(key).size > 0 || hasTag(key),
  });
  const number = (INCLUDED.get(key) || 0) + 1;
  INCLUDED.set(key, number);
  // An import is nothing that Trusted Types forbid. It runs once for each address.
  await import(number > 1 ? `${key}?${number}` : key);
  const widget = widgetOf(key);
  if (!widget) throw new Error(`${key} has put no chat on this page`);
  removeIfUnused(key);
  return widget;
}

/** Takes the widget off the page when neither an element nor a tag wants it. */
function removeIfUnused(key) {
  const widget = widgetOf(key);
  if (widget && !usersOf(key).size && !hasTag(key)) widget.remove();
}

/** Returns the attributes of the tag that an element stands for. */
function datasetOf(element) {
  const { isOpen, locale, prefill } = read(element);
  /** @type {DOMStringMap} */
  const dataset = Object.create(null);
  if (isOpen) dataset.open = "";
  if (locale) dataset.locale = locale;
  for (const name of Object.keys(prefill)) {
    dataset[`prefill${name[0].toUpperCase()}${name.slice(1)}`] = prefill[name];
  }
  return dataset;
}

// Last, because the elements that are on the page begin at once.
if (!script) console.warn("Chat: the element's script needs a tag with a src.");
else if (!customElements.get(BUILD.element)) customElements.define(BUILD.element, ChatElement);
