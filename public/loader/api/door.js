// The way from the page's calls to the mounted module, and to the part of it that carries them out.

import { authorize } from "./authorize.js";
import { steps } from "./diagnostics.js";
import { applyTokens, wishesOf } from "./wishes.js";

/** The calls of each mounted module. @type {WeakMap<ModuleSide, ReturnType<typeof createCalls>>} */
const ALL = new WeakMap();

/**
 * Carries out a command whose arguments were checked. Resolves when it is done.
 * @param {Loader} loader
 * @param {ModuleSide} side
 * @param {string} command
 * @param {any[]} args
 */
export async function callModule(loader, side, command, args) {
  if (!side.isRunning()) throw new Error("the chat was interrupted");
  if (command === "authorize") return authorizeFrame(loader);
  if (command === "setTheme") return setTheme(loader, side, args[0]);
  if (command === "getDiagnostics") return steps(loader);
  if (command === "setLocale") return setLocale(loader, side, args[0]);
  let calls = ALL.get(side);
  if (!calls) {
    calls = createCalls(side);
    ALL.set(side, calls);
  }
  return calls.call(command, args);
}

/**
 * Lets what the page has said count for a module that has just been mounted with the configuration.
 * @param {Loader} loader
 * @param {ModuleSide} side
 */
export function onMounted(loader, side) {
  setTheme(loader, side, wishesOf(loader).theme);
}

/**
 * Lets what the page has said count for a widget in a frame, which has a configuration of its own.
 * @param {Loader} loader
 * @param {MountedChat} mounted
 */
export async function handOver(loader, mounted) {
  const { prefill, userData, theme } = wishesOf(loader);
  /** @type {[string, any][]} */
  const calls = Object.keys(prefill).map((name) => ["prefill", { [name]: prefill[name] }]);
  if (Object.keys(userData).length) calls.push(["setUserData", userData]);
  if (Object.keys(theme).length) calls.push(["setTheme", theme]);
  for (const [command, values] of calls) {
    mounted.call(command, [values]).catch((error) => console.warn("Chat:", error.message));
  }
}

/**
 * Lets a frame's requests carry the headers of the page that holds it. In the page itself they do already.
 * @param {Loader} loader
 */
function authorizeFrame(loader) {
  if (loader.askPage) authorize(loader, loader.askPage);
}

/** @param {import("./wishes.js").Theme} theme */
function setTheme(loader, side, theme) {
  wishesOf(loader).theme = theme;
  applyTokens(loader, true);
  if (theme.scheme) applyScheme(loader, side);
}

/** Sets the scheme of the page's choice, and keeps it where the module follows the visitor's system. */
function applyScheme(loader, side) {
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  if (!side.keepsScheme) {
    side.keepsScheme = true;
    // It is heard after the module's own, which was there first.
    prefersDark.addEventListener("change", () => applyScheme(loader, side), side);
  }
  const { scheme } = wishesOf(loader).theme;
  const isDark = scheme === "auto" ? prefersDark.matches : scheme === "dark";
  const root = loader.root.querySelector(".root");
  if (root) root.setAttribute("data-scheme", isDark ? "dark" : "light");
}

/** Shows the widget in another language. What had the focus is made anew. */
async function setLocale(loader, side, locale) {
  const { dataset, root, files, parts } = loader;
  // It counts for the next mount, too.
  dataset.locale = locale;
  if (files.words) await (await parts.fetch("words")).speak(loader);
  if (!side.isRunning()) return;
  const had = root.activeElement;
  side.handle().setLocale(loader.locale || locale, loader.words);
  if (!had) return;
  const name = had.part[0];
  /** @type {HTMLElement | null} */
  const next = root.querySelector(name ? `[part~="${name}"]` : ".panel");
  if (next) next.focus();
}

/** A call for the module. @typedef {{ command: string, args: unknown[], resolve: Function, reject: Function }} Call */

/**
 * Creates the queue of a mounted widget's calls.
 * @param {ModuleSide} side
 */
function createCalls(side) {
  /** Calls that wait for what carries them out. @type {Call[]} */
  let waiting = [];
  /** Rejects the calls that are not done. @type {Set<(error: Error) => void>} */
  const open = new Set();
  side.onServe = onServe;
  side.onEnd = onEnd;

  return {
    /** Hands a call in. Resolves when it is done.
        @param {string} command
        @param {unknown[]} args */
    call: (command, args) =>
      new Promise((resolve, reject) => {
        open.add(reject);
        /** @type {Call} */
        const call = { command, args, resolve: settle(resolve), reject: settle(reject) };
        if (side.carryOut) side.carryOut(call);
        else {
          waiting.push(call);
          side.handle().load();
        }

        function settle(how) {
          return (value) => {
            open.delete(reject);
            how(value);
          };
        }
      }),
  };

  function onServe() {
    const calls = waiting;
    waiting = [];
    for (const call of calls) {
      if (side.carryOut) side.carryOut(call);
      else call.reject(new Error("a part of the chat could not be loaded"));
    }
  }

  /** Rejects what is not done: the widget goes. */
  function onEnd() {
    for (const reject of open) reject(new Error("the chat was taken off this page, or interrupted"));
    open.clear();
  }
}
