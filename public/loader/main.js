// The embed script. It paints the launcher at once, and fetches and mounts the widget when it is
// needed: closed, when a pointer or the focus comes to the launcher, so that a click finds it ready;
// open, when the launcher is clicked or the tag has `data-open`; and to resume a chat.
//
// Rules: no dependency, no global name, and nothing that a strict Content Security Policy or Trusted
// Types refuse (no markup from strings, no style element or attribute, no eval). The page reaches in
// through the tag's attributes only.
(() => {
  "use strict";

  // The values of one package: packaging puts them in the place of this name. Those of `trunk serve` are
  // in values.json.
  const BUILD = __BUILD__;

  /** How long a host has to begin its answer, in milliseconds. */
  const ANSWER_TIMEOUT = 15_000;
  const TIMED_OUT = new Error("the host does not answer");

  // Named elements shadow the document's own members: with `<img name="currentScript" src="…">` on
  // the page, `document.currentScript` is the image, and code would be fetched from its host. Members
  // that are read through the prototype cannot be shadowed.
  const ofDocument = (member) => Reflect.get(Document.prototype, member, document);

  const script = ofDocument("currentScript");
  if (
    !(script instanceof HTMLScriptElement && script.src) ||
    !("adoptedStyleSheets" in Document.prototype)
  ) {
    console.warn("Chat: needs a classic script tag with a src, and a browser of 2023 or later.");
    return;
  }

  // The only thing that is kept on the page, under a symbol, which clashes with no name: the widget of
  // each tag.
  const REGISTRY = Symbol.for("chat-live");
  const registry = (window[REGISTRY] ??= new Map());
  const earlier = registry.get(script.src);
  if (earlier?.alive()) {
    console.warn(`Chat: ${script.src} is already on this page.`);
    return;
  }
  earlier?.remove();

  const urlOf = (name, base = script.src) => new URL(name, base).href;
  const glueUrl = urlOf(BUILD.glue);
  const wasmUrl = urlOf(BUILD.wasm);
  const configUrl = script.dataset.config
    ? urlOf(script.dataset.config, ofDocument("baseURI"))
    : urlOf(BUILD.config);
  const liveKey = "chat-live:" + urlOf(".");
  const texts = chooseTexts();

  const host = createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const button = createElement("button", {
    type: "button",
    class: "launcher",
    part: "launcher",
    "aria-haspopup": "dialog",
    "aria-expanded": false,
  });
  const note = createElement("div");
  const status = createElement("span", { role: "status" });
  const retryButton = createElement("button", { type: "button", class: "again" });

  /** The handle of the mounted widget. */
  let handle;
  /** The exports of the module in use, from before its start until it is discarded. */
  let runningModule;
  /** The promise of the start that is under way. */
  let starting;
  /** Whether the visitor, or the tag, wants the panel open as soon as the widget is mounted. */
  let openWanted = "open" in script.dataset;
  /** Whether nothing was started yet. Only then does intent start the widget: what failed later, and
      is told, waits for a click. */
  let idle = true;
  /** The promise that the latest press of the painted launcher is over, and what resolves it. */
  let pressEnd, endPress;
  /** Changes the number in the glue's query string. A browser remembers a failed import and a module
      that died, so neither is imported again under the same address, by the page's next tag either. */
  const renumberImport = () => (registry.imports = (registry.imports ?? 1) + 1);
  /** The parts that were fetched, or are being fetched, as promises. */
  const fetched = {};
  /** The body that holds the host element. */
  let parent;
  /** What in the widget has the focus, and how far its parts are scrolled: a browser forgets both when
      the host leaves the page with its body. */
  let focused;
  const scrolled = new Map();
  /** Aborted when the widget leaves the page: ends all listeners. */
  const lifetime = new AbortController();
  const { signal } = lifetime;

  registry.set(script.src, { alive: () => host.isConnected, remove });

  paintLauncher();
  keepEventsFromPage();
  const observer = new MutationObserver(onMutation);
  window.addEventListener("pageshow", onPageShow, { signal });
  window.addEventListener("error", onUncaughtError, { signal });
  window.addEventListener("unhandledrejection", onUncaughtError, { signal });
  if (ofDocument("body")) attach();
  else window.addEventListener("DOMContentLoaded", attach, { signal });
  // A page that is prerendered may never be shown.
  if (!ofDocument("prerendering")) startIfWanted();
  else window.addEventListener("prerenderingchange", startIfWanted, { capture: true, signal });

  /** Returns the texts in the tenant's language, or else in the page's, or else in the visitor's. */
  function chooseTexts() {
    const { locale, texts } = BUILD;
    const page = ofDocument("documentElement").lang;
    for (const wish of locale ? [locale] : [page, ...(navigator.languages ?? [])]) {
      for (let tag = wish; tag; tag = tag.replace(/-?[^-]*$/, "")) {
        if (texts[tag]) return { ...texts.en, ...texts[tag] };
      }
    }
    return texts.en;
  }

  function createElement(name, attributes, space = "http://www.w3.org/1999/xhtml") {
    const made = ofDocument("createElementNS").call(document, space, name);
    for (const attribute in attributes) made.setAttribute(attribute, attributes[attribute]);
    return made;
  }

  /** Stops what happens in the widget at its shadow root, after the widget's own handlers: a page may
      have shortcuts, a scrolling of its own, or a dialog that calls the focus back. */
  function keepEventsFromPage() {
    // Where the pointer goes, and that it is released, is left to the page: what the visitor drags
    // there may end over the widget.
    const handlers = /^on(?!(mouse|pointer)(?!down|wheel))/;
    const stop = (event) => event.stopPropagation();
    // Events without a handler property in some engine.
    const types =
      "focusout compositionstart compositionupdate compositionend textInput touchstart " +
      "touchmove touchend touchcancel DOMMouseScroll MozMousePixelScroll";
    const list = types.split(" ");
    for (const name in host) if (handlers.test(name)) list.push(name.slice(2));
    for (const type of list) root.addEventListener(type, stop, { passive: true });
    // Focus traps listen while it is captured. The widget's own views do nothing at a gained focus.
    const onFocus = (event) => {
      if (event.target !== host) return;
      stop(event);
      noteFocus(event);
      if (idle) start();
    };
    const noteFocus = (event) => (focused = event.composedPath()[0]);
    window.addEventListener("focus", onFocus, { capture: true, signal });
    window.addEventListener("focusin", onFocus, { capture: true, signal });
    // A focus that moves within the widget is seen in its shadow root alone.
    root.addEventListener("focusin", noteFocus);
    // Later, because an element that leaves the page loses the focus before it is put back.
    root.addEventListener("focusout", () =>
      setTimeout(() => {
        if (!root.activeElement) focused = undefined;
      }),
    );
    root.addEventListener("scroll", ({ target }) => scrolled.set(target, target.scrollTop), true);
  }

  function paintLauncher() {
    const { icon, place, light, dark } = BUILD.launcher;
    sheet.replaceSync(
      `.launcher{${light}}` +
        (dark ? `@media(prefers-color-scheme:dark){.launcher{${dark}}}` : "") +
        `.launcher{all:unset;box-sizing:border-box;position:fixed;${place};display:grid;` +
        "place-items:center;min-width:var(--launcher-size);height:var(--launcher-size);" +
        "border-radius:99px;cursor:pointer;background:var(--accent);color:var(--on-accent);" +
        "box-shadow:var(--launcher-shadow);-webkit-tap-highlight-color:transparent;" +
        "font:600 var(--text-size,15px)/1.45 var(--font,system-ui)}" +
        ".launcher>*,.launcher::after{grid-area:1/1}" +
        "[aria-busy=true]{cursor:progress}" +
        "[aria-busy=true]>*{opacity:0}" +
        "[aria-busy=true]::after{content:'';width:18px;height:18px;border:3px solid;" +
        "border-top-color:#0000;border-radius:50%;animation:spin 1s linear infinite}" +
        "@keyframes spin{to{rotate:1turn}}" +
        ".launcher span{padding:0 20px}" +
        "svg{width:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;" +
        "stroke-linejoin:round}" +
        `.note{position:fixed;${place};margin-block:72px;max-width:240px;padding:12px 14px;` +
        "border-radius:12px;background:Canvas;color:CanvasText;border:1px solid GrayText;" +
        "font:14px/1.4 system-ui,sans-serif;color-scheme:light dark}" +
        ".again{all:unset;cursor:pointer;font-weight:600;text-decoration:underline;" +
        "margin-inline-start:8px;padding:4px 0}" +
        "[hidden]{display:none}" +
        ":focus-visible{outline:3px solid;outline-offset:3px}" +
        ".launcher:focus-visible{outline-color:var(--accent)}" +
        "@media(forced-colors:active){.launcher{border:2px solid ButtonText}}" +
        "@media print{.launcher,.note{display:none}}",
    );
    // Important declarations of the element itself: the page's style sheets cannot override them.
    const style =
      "all:initial;display:block;position:fixed;inset:0 auto auto 0;z-index:2147483647;width:0;height:0;";
    host.style.cssText = style.replaceAll(";", "!important;");

    if (icon) {
      button.setAttribute("aria-label", texts.label);
      button.append(createIcon(icon));
    } else {
      const label = createElement("span");
      label.textContent = texts.label;
      button.append(label);
    }
    // A finger's pointerenter comes with its touch. The focus is looked after with that of all views.
    button.onpointerenter = () => idle && start();
    button.onpointerdown = button.onkeydown = onPress;
    button.onclick = () => {
      endPress?.();
      open();
    };
    retryButton.onclick = () => {
      button.focus(); // The focused button is about to be hidden.
      open();
    };
    retryButton.textContent = texts.again;
    note.append(status, retryButton);
    showLauncher();
  }

  /** Notes that a press of the launcher has begun. A button that is replaced between press and release
      gets no click. */
  function onPress({ key, repeat }) {
    // Other keys press nothing. A pointer has no key.
    if (repeat || !["Enter", " ", undefined].includes(key)) return;
    pressEnd = new Promise((resolve) => {
      endPress = resolve;
      // The click, if there is one, comes at once or, where a double tap zooms, up to 350 ms later.
      const end = () => setTimeout(resolve, 500);
      // A window that loses the focus may get no release. Captured, because the page may stop events;
      // but `blur` would be any element's.
      for (const event of ["blur", "keyup", "pointerup", "pointercancel"]) {
        window.addEventListener(event, end, { once: true, capture: event !== "blur", signal });
      }
    });
  }

  /** Creates an icon from SVG path data. */
  function createIcon(d) {
    const space = "http://www.w3.org/2000/svg";
    const svg = createElement("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, space);
    svg.append(createElement("path", { d }, space));
    return svg;
  }

  /** Shows the painted launcher with a message beside it, and a button to try again. */
  function showLauncher(message = "", again = false) {
    root.adoptedStyleSheets = [sheet];
    if (!button.isConnected || root.childElementCount > 2) root.replaceChildren(button, note);
    button.setAttribute("aria-busy", message === texts.loading);
    // Without a message it is empty, but rendered: screen readers announce only what changes in a
    // status that was rendered.
    note.className = message && "note";
    status.textContent = message;
    retryButton.hidden = !again;
  }

  function attach() {
    parent = ofDocument("body");
    parent.append(host);
    const before = focused;
    // A dialog that has left the page with its body is no longer modal. Shown anew it takes the focus.
    const dialog = root.querySelector("[open]");
    dialog?.removeAttribute("open");
    dialog?.showModal();
    // Unless the new body has taken the focus.
    if ([parent, host].includes(ofDocument("activeElement"))) before?.focus({ preventScroll: true });
    for (const [element, top] of scrolled) element.scrollTop = top;
    // The children are enough to see that the page has removed the host, or replaced the body.
    observer.disconnect();
    observer.observe(host, { attributeFilter: ["inert", "aria-hidden"] });
    observer.observe(parent, { childList: true });
    observer.observe(ofDocument("documentElement"), { childList: true });
  }

  /** Moves to the new body if the page replaced it; leaves if the page removed the host. Takes back what
      dialogs of the page do to all beside them: the widget stands above them. */
  function onMutation() {
    host.removeAttribute("inert");
    host.removeAttribute("aria-hidden");
    const body = ofDocument("body");
    if (host.isConnected || !body) return;
    if (body === parent) remove();
    else attach();
  }

  /** Mounts anew on a page that comes back from the back/forward cache: the chat may have gone on in
      another page. */
  function onPageShow(event) {
    if (!event.persisted || !handle || !hasChatToResume()) return;
    handle.unmount();
    handle = undefined;
    openWanted = false;
    start();
  }

  /** Returns whether the module has marked, in the storage, that a chat goes on. */
  function hasChatToResume() {
    return ["localStorage", "sessionStorage"].some((name) => {
      try {
        return window[name].getItem(liveKey) !== null;
      } catch {
        return false; // The storage is denied, so no chat was stored.
      }
    });
  }

  function startIfWanted() {
    if (openWanted || hasChatToResume()) start();
  }

  /** Returns whether the browser and the page's policy let a module run: by the smallest one. */
  function canRunModules() {
    try {
      const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
      // Safari applies the policy to instances only.
      new WebAssembly.Instance(new WebAssembly.Module(bytes));
      return true;
    } catch {
      return false;
    }
  }

  /** Fetches glue, module and configuration; what is there already, or on its way, only once. */
  function fetchParts() {
    const once = (name, fetchPart) =>
      (fetched[name] ??= withRetries(fetchPart).catch((error) => {
        delete fetched[name];
        throw error;
      }));
    return Promise.all([
      once("glue", importGlue),
      once("wasm", () => fetchFile(wasmUrl, compile)),
      once("config", () => fetchFile(configUrl, (reply) => reply.text())),
    ]);
  }

  /** Tries up to three times. */
  async function withRetries(fetchPart) {
    for (const pause of [400, 1600, 0]) {
      try {
        return await fetchPart();
      } catch (error) {
        // The visitor has waited long enough, or waits in vain.
        if (error === TIMED_OUT || !pause || !canRunModules()) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  async function importGlue() {
    const number = registry.imports;
    try {
      return await withTimeout(ANSWER_TIMEOUT, import(glueUrl + (number ? "?" + number : "")));
    } catch (error) {
      renumberImport();
      throw error;
    }
  }

  /** Rejects when a promise takes longer than `time`. */
  function withTimeout(time, promise) {
    const late = new Promise((_, reject) => setTimeout(reject, time, TIMED_OUT));
    return Promise.race([promise, late]);
  }

  /** Fetches and reads a file. Once the answer has begun it has longer, because lines may be slow. */
  async function fetchFile(url, read) {
    const request = new AbortController();
    try {
      const reply = await withTimeout(ANSWER_TIMEOUT, fetch(url, { signal: request.signal }));
      if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
      return await withTimeout(4 * ANSWER_TIMEOUT, read(reply));
    } catch (error) {
      request.abort();
      throw error;
    }
  }

  async function compile(reply) {
    // Streaming, which also puts the file's name into stack traces, needs the right content type.
    return WebAssembly.compileStreaming && reply.headers.get("content-type") === "application/wasm"
      ? WebAssembly.compileStreaming(reply)
      : WebAssembly.compile(await reply.arrayBuffer());
  }

  function open() {
    openWanted = true;
    if (handle) handle.open();
    else start();
  }

  function start() {
    idle = false;
    showLauncher(openWanted ? texts.loading : "");
    return (starting ??= loadAndMount().finally(() => (starting = undefined)));
  }

  /** Mounts the widget in place of the painted launcher, or says why there is none. */
  async function loadAndMount() {
    try {
      const [module, wasm, config] = await fetchParts();
      if (signal.aborted) return;
      runningModule = module;
      await module.default({ module_or_path: wasm });
      for (let last; last !== pressEnd; ) await (last = pressEnd);
      if (signal.aborted) return;
      const made = module.mount({
        root,
        config,
        open: openWanted,
        live_key: liveKey,
        launcher: button,
        // In a microtask, because a module that panics calls this before it traps.
        fatal: (message) => queueMicrotask(() => runningModule === module && onCrash(message)),
      });
      if (runningModule !== module) return;
      handle = made;
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((own) => own !== sheet);
      note.remove();
    } catch (error) {
      console.error("Chat: cannot start.", error);
      discardModule();
      delete fetched.config; // It may be what the module refused.
      const possible = canRunModules();
      // Either call also removes what a failed mount left behind. On mere intent nothing is said.
      if (openWanted || hasChatToResume()) {
        showLauncher(possible ? texts.failed : texts.unsupported, possible);
      } else showLauncher();
    }
  }

  /** Recognises a panic of the module: a trap that reaches the window as an uncaught error. */
  function onUncaughtError(event) {
    const error = event.error || event.reason;
    if (!runningModule || !(error instanceof WebAssembly.RuntimeError)) return;
    if ([glueUrl, wasmUrl].some((url) => String(error.stack).includes(url))) onCrash(error);
  }

  function onCrash(cause) {
    console.error("Chat: stopped.", cause);
    discardModule();
    root.replaceChildren();
    host.removeAttribute("data-modal"); // It kept the page from scrolling.
    showLauncher(texts.stopped);
  }

  /** Discards a module that was started: the next start imports a fresh one. */
  function discardModule() {
    if (runningModule) {
      delete fetched.glue;
      renumberImport();
      try {
        // Only the glue of packages has `sever`, which stops every callback; `halt` asks the module.
        (runningModule.sever ?? runningModule.halt)?.();
      } catch {
        // A module that did not start cannot be asked, and has no callbacks.
      }
    }
    handle = runningModule = undefined;
  }

  function remove() {
    lifetime.abort();
    observer.disconnect();
    registry.delete(script.src);
    try {
      handle?.unmount();
      // The module is alive: the next tag of the same script uses it again.
      runningModule = undefined;
    } catch (error) {
      console.error("Chat: cannot unmount.", error);
    }
    discardModule();
    host.remove();
  }
})();
