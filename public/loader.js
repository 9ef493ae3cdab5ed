// The embed script. It paints the launcher at once and starts the chat only when it is wanted:
// closed when the pointer or the focus comes to the launcher, so that a click finds it ready; open
// on a click or because the tag says so; as it was left to resume a chat.
//
// Rules: no dependency, no global name, nothing that a strict Content Security Policy or Trusted
// Types refuse (no markup from strings, no style element or attribute, no eval), and nothing of the
// page's can reach in but what the tag's attributes say.
(() => {
  "use strict";

  // Packaging replaces the JSON between the marks. As it is, it names what `trunk serve` serves.
  const BUILD = /* build: */ {
    "glue": "widget.js",
    "wasm": "widget_bg.wasm",
    "config": "config.json",
    "locale": "",
    "texts": {
      "en": {
        "label": "Chat with us",
        "loading": "The chat is loading…",
        "failed": "The chat could not be loaded.",
        "stopped": "The chat was interrupted. Nothing you wrote is lost.",
        "again": "Try again"
      }
    },
    "launcher": {
      "icon": "chat",
      "place": "bottom:20px;right:20px",
      "light": "--accent:#1f5bd8;--on-accent:#fff;--launcher-size:56px",
      "dark": ""
    }
  } /* :build */;

  /** How long a host may take to answer at all, in milliseconds. */
  const PATIENCE = 15_000;
  const LATE = new Error("no answer in time");

  // Elements stand in front of the document's own members: after `<img name="currentScript" src="…">`
  // an image would tell us where to fetch code from. The prototypes' members cannot be covered.
  const ofDocument = (member) => Reflect.get(Document.prototype, member, document);

  const script = ofDocument("currentScript");
  if (
    !(script instanceof HTMLScriptElement && script.src) ||
    !("adoptedStyleSheets" in Document.prototype)
  ) {
    console.warn("Chat: needs a classic script tag with a src, and a browser of 2023 or later.");
    return;
  }

  // The one thing kept on the page, where no name can clash: which tags have their widget.
  const REGISTRY = Symbol.for("chat-live");
  const registry = (window[REGISTRY] ??= new Map());
  const earlier = registry.get(script.src);
  if (earlier?.alive()) {
    console.warn(`Chat: ${script.src} is already on this page.`);
    return;
  }
  earlier?.remove();

  const address = (name, base = script.src) => new URL(name, base).href;
  const glueUrl = address(BUILD.glue);
  const wasmUrl = address(BUILD.wasm);
  const configUrl = script.dataset.config
    ? address(script.dataset.config, ofDocument("baseURI"))
    : address(BUILD.config);
  const liveKey = "chat-live:" + address(".");
  const texts = words();

  const host = element("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const button = element("button", {
    type: "button",
    class: "launcher",
    part: "launcher",
    "aria-haspopup": "dialog",
    "aria-expanded": false,
  });
  const note = element("div");
  const status = element("span", { role: "status" });
  const retry = element("button", { type: "button", class: "again" });

  /** What the module gave us, while it runs. */
  let handle;
  /** The module's exports, from the moment it has been started until it is given up. */
  let running;
  /** The start under way, if any. */
  let starting;
  /** Whether the visitor, or the tag, wants the panel open once the chat is there. */
  let wanted = "open" in script.dataset;
  /** Whether nothing was started yet: only then does mere intent start the chat. */
  let untouched = true;
  /** The end of the latest press of our launcher, and how to bring it about. */
  let pressed, lift;
  /** Numbers the next import, by address, once one failed or its module died: it is never repeated
      under the same address (browsers remember both), not even by the next tag of this page. */
  const lost = (registry.lost ??= {});
  const lose = () => (lost[glueUrl] = (lost[glueUrl] ?? 1) + 1);
  let fetched = {};
  /** The body that we were put into. */
  let home;

  /** Ends our listeners, and says that we are off the page. */
  const life = new AbortController();
  const { signal } = life;

  const widget = { alive: () => !signal.aborted && host.isConnected, remove };
  registry.set(script.src, widget);

  paint();
  const observer = new MutationObserver(keep);
  window.addEventListener("pageshow", thaw, { signal });
  window.addEventListener("error", uncaught, { signal });
  window.addEventListener("unhandledrejection", uncaught, { signal });
  if (ofDocument("body")) attach();
  else window.addEventListener("DOMContentLoaded", attach, { signal });
  if (wanted || resumable()) start();

  /** Picks the language: the tenant's choice, else the page's, else the browser's. */
  function words() {
    const { locale, texts } = BUILD;
    const page = ofDocument("documentElement").lang;
    for (const wish of locale ? [locale] : [page, ...navigator.languages]) {
      for (let tag = wish; tag; tag = tag.replace(/-?[^-]*$/, "")) {
        if (texts[tag]) return { ...texts.en, ...texts[tag] };
      }
    }
    return texts.en;
  }

  function element(name, attributes, space = "http://www.w3.org/1999/xhtml") {
    const made = ofDocument("createElementNS").call(document, space, name);
    for (const attribute in attributes) made.setAttribute(attribute, attributes[attribute]);
    return made;
  }

  function paint() {
    const { icon, place, light, dark } = BUILD.launcher;
    sheet.replaceSync(
      `.launcher{${light}}` +
        (dark ? `@media(prefers-color-scheme:dark){.launcher{${dark}}}` : "") +
        `.launcher{all:unset;box-sizing:border-box;position:fixed;${place};display:grid;` +
        "place-items:center;min-width:var(--launcher-size);height:var(--launcher-size);" +
        "border-radius:99px;cursor:pointer;background:var(--accent);color:var(--on-accent);" +
        "box-shadow:var(--launcher-shadow);-webkit-tap-highlight-color:transparent;" +
        "font:600 var(--text-size,15px)/1.45 var(--font,system-ui)}" +
        ".launcher[aria-busy=true]{cursor:progress;opacity:.7}" +
        ".launcher span{padding:0 20px}" +
        "svg{width:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;" +
        "stroke-linejoin:round}" +
        `.note{position:fixed;${place};margin-block:72px;max-width:240px;padding:12px 14px;` +
        "border-radius:12px;background:Canvas;color:CanvasText;border:1px solid GrayText;" +
        "font:14px/1.4 system-ui,sans-serif;color-scheme:light dark}" +
        // Not display: none. A status must be there before it speaks, or it is not read aloud.
        ".quiet{opacity:0;pointer-events:none}" +
        ".again{all:unset;cursor:pointer;font-weight:600;text-decoration:underline;" +
        "margin-inline-start:8px;padding:4px 0}" +
        ":focus-visible{outline:3px solid;outline-offset:3px}" +
        ".launcher:focus-visible{outline-color:var(--accent)}" +
        "@media(forced-colors:active){.launcher{border:2px solid ButtonText}}" +
        "@media print{.launcher,.note{display:none}}",
    );
    // Page styles cannot win against these: declarations of the element itself, marked important.
    const own =
      "all:initial;display:block;position:fixed;inset:0 auto auto 0;z-index:2147483647;width:0;height:0;";
    host.style.cssText = own.replaceAll(";", "!important;");

    if (icon === "none") {
      const label = element("span");
      label.textContent = texts.label;
      button.append(label);
    } else {
      button.setAttribute("aria-label", texts.label);
      button.append(picture(icon));
    }
    // Fingers are pointers, too: theirs comes with the touch.
    button.onpointerenter = button.onfocus = () => untouched && start();
    button.onpointerdown = button.onkeydown = press;
    button.onclick = () => {
      lift?.();
      open();
    };
    retry.onclick = () => {
      button.focus(); // The other button is about to go.
      open();
    };
    retry.textContent = texts.again;
    note.append(status);
    show();
  }

  /** Notes a press of the launcher. Were the button replaced before its click, there would be none. */
  function press() {
    pressed = new Promise((resolve) => {
      lift = resolve;
      // The click comes with that, or soon after it where a double tap zooms; or not at all.
      const end = () => setTimeout(resolve, 500);
      for (const event of ["pointerup", "pointercancel", "keyup"]) {
        window.addEventListener(event, end, { once: true });
      }
    });
  }

  function picture(icon) {
    const space = "http://www.w3.org/2000/svg";
    const svg = element("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, space);
    const d =
      icon === "question"
        ? "M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 18h.01"
        : "M4 5h16v11H9l-5 4z";
    const path = element("path", { d }, space);
    svg.append(path);
    return svg;
  }

  /** Puts our own launcher, and nothing else, into the shadow root. */
  function show(message = "", again = false) {
    root.adoptedStyleSheets = [sheet];
    if (!button.isConnected || root.childElementCount > 2) root.replaceChildren(button, note);
    button.setAttribute("aria-busy", message === texts.loading);
    note.className = message ? "note" : "note quiet";
    status.textContent = message;
    if (again) note.append(retry);
    else retry.remove();
  }

  function attach() {
    home = ofDocument("body");
    home.append(host);
    // Children only: enough to notice that the page took the host, or the whole body, away.
    observer.disconnect();
    observer.observe(home, { childList: true });
    observer.observe(ofDocument("documentElement"), { childList: true });
  }

  /** Follows a page that swaps its body; leaves when the page removed the host itself. */
  function keep() {
    const body = ofDocument("body");
    if (host.isConnected || !body) return;
    if (body === home) remove();
    else attach();
  }

  /** Begins anew on a page that comes back from the browser's cache: the chat has gone on elsewhere. */
  function thaw(event) {
    if (!event.persisted || !handle || !resumable()) return;
    handle.unmount();
    handle = undefined;
    wanted = false;
    start();
  }

  /** Tells whether the module left word that a chat goes on. */
  function resumable() {
    return ["localStorage", "sessionStorage"].some((name) => {
      try {
        return window[name].getItem(liveKey) !== null;
      } catch {
        return false; // Storage is denied: there is nothing to resume.
      }
    });
  }

  /** Fetches what the chat consists of, each part once, and again if that failed. */
  function parts() {
    const once = (name, get) =>
      (fetched[name] ??= persist(get).catch((error) => {
        delete fetched[name];
        throw error;
      }));
    return Promise.all([
      once("glue", importGlue),
      once("wasm", () => get(wasmUrl, compile)),
      once("config", () => get(configUrl, (reply) => reply.text())),
    ]);
  }

  /** Tries three times. */
  async function persist(get) {
    for (const pause of [400, 1600, 0]) {
      try {
        return await get();
      } catch (error) {
        // Neither the page's policy nor a host that hangs will be of another mind in a second.
        if (error instanceof WebAssembly.CompileError || error === LATE || !pause) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async function importGlue() {
    try {
      return await within(PATIENCE, import(glueUrl + (lost[glueUrl] ? "?" + lost[glueUrl] : "")));
    } catch (error) {
      lose();
      throw error;
    }
  }

  /** Gives up on what takes too long, and ends it if it can be ended. */
  function within(time, promise, abort) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(LATE);
        abort?.abort();
      }, time);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  /** Fetches a file and reads it. Slow lines need time, but one that broke off must end. */
  async function get(url, read) {
    const abort = new AbortController();
    const reply = await within(PATIENCE, fetch(url, { signal: abort.signal }), abort);
    if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
    return within(4 * PATIENCE, read(reply), abort);
  }

  async function compile(reply) {
    // Streaming gives stack traces that name the file; hosts with the wrong type cannot have it.
    return reply.headers.get("content-type") === "application/wasm" &&
      WebAssembly.compileStreaming
      ? WebAssembly.compileStreaming(reply)
      : WebAssembly.compile(await reply.arrayBuffer());
  }

  function open() {
    wanted = true;
    if (handle) handle.open();
    else start();
  }

  function start() {
    untouched = false;
    show(wanted ? texts.loading : "");
    return (starting ??= run().finally(() => (starting = undefined)));
  }

  async function run() {
    try {
      const [module, wasm, config] = await parts();
      if (signal.aborted) return;
      running = module;
      await module.default({ module_or_path: wasm });
      for (let last; last !== pressed; ) await (last = pressed);
      if (signal.aborted) return;
      const made = module.mount({
        root,
        config,
        open: wanted,
        live_key: liveKey,
        launcher: button,
        // Later: this may be called from inside the module, on its last breath.
        fatal: (message) => queueMicrotask(() => running === module && crash(message)),
      });
      if (running !== module) return;
      handle = made;
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((own) => own !== sheet);
      note.remove();
    } catch (error) {
      console.error("Chat: cannot start.", error);
      release();
      delete fetched.config; // It may be what was wrong.
      // What a module leaves that refused to mount, or died of it, goes. Somebody who only passed
      // by needs no words.
      if (wanted || resumable()) show(texts.failed, true);
      else show();
    }
  }

  /** Recognises a panic: the module traps, and the browser reports it as nobody's error. */
  function uncaught(event) {
    const error = event.error || event.reason;
    if (!running || !(error instanceof WebAssembly.RuntimeError)) return;
    if ([glueUrl, wasmUrl].some((url) => String(error.stack).includes(url))) crash(error);
  }

  function crash(cause) {
    console.error("Chat: stopped.", cause);
    release();
    root.replaceChildren();
    show(texts.stopped);
  }

  /** Lets go of a module that ran, or tried to: the next start gets a fresh one. */
  function release() {
    if (running) {
      // Packaged modules can be cut off altogether; others are asked to keep still.
      (running.sever ?? running.halt)?.();
      delete fetched.glue;
      lose();
    }
    handle = running = undefined;
  }

  function remove() {
    life.abort();
    observer.disconnect();
    if (registry.get(script.src) === widget) registry.delete(script.src);
    try {
      handle?.unmount();
      // It lives, and serves whoever includes the script again.
      running = undefined;
    } catch (error) {
      console.error("Chat: cannot unmount.", error);
    }
    release();
    host.remove();
  }
})();
