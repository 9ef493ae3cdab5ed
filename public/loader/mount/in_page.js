// The widget in the page itself.

import { tell } from "../shared/events.js";
import { fetchApi, offerDetails } from "../shared/fetch_api.js";
import { forgetMounted } from "../shared/forget_mounted.js";
import { guard } from "../shared/guard.js";
import { note } from "../shared/log.js";

/**
 * Mounts the widget in place of the painted launcher.
 * @param {Loader} loader
 * @param {Texts} texts
 * @returns {Promise<Mounted | undefined>} Nothing if the widget was removed meanwhile.
 */
export async function mountInPage(loader, texts) {
  const { files, host, root, signal, launcher, parts, urlOf } = loader;
  const urls = [files.glue, files.wasm].map(([name]) => urlOf(name));
  const lifetime = new AbortController();
  const own = { signal: lifetime.signal };
  /** Whether the module runs: from before its start until it is discarded. */
  let running = true;
  /** The module's handle on the widget. @type {Handle} */
  let handle;
  /** What the page's calls need of the mounted module. @type {ModuleSide} */
  const side = { handle: () => handle, isRunning: () => running, signal: own.signal };
  /** @type {[WidgetModule, WebAssembly.Module, string]} */
  const [module, wasm, config] = await Promise.all([
    parts.fetch("glue"),
    parts.fetch("wasm", compile),
    parts.fetch("config", (reply) => reply.text()),
  ]);
  if (signal.aborted) return undefined;
  window.addEventListener("error", onUncaughtError, own);
  window.addEventListener("unhandledrejection", onUncaughtError, own);
  window.addEventListener("pageshow", onPageShow, own);
  try {
    await module.default({ module_or_path: wasm });
    await loader.released();
    if (signal.aborted) {
      discard();
      return undefined;
    }
    guard(loader, own.signal);
    const opener = loader.opener;
    const configured = loader.configure ? loader.configure(config) : config;
    handle = module.mount({
      root,
      config: loader.api ? loader.api.configure(loader, configured) : configured,
      open: Boolean(opener),
      focus: opener === "visitor",
      locale: loader.locale || loader.wish(),
      words: loader.words,
      base: urlOf("."),
      live_key: loader.liveKey,
      framed: Boolean(loader.emit),
      // The page may want headers at any time.
      network: {
        send: (request) => sendAndNote(loader, request),
        adds_headers: () => Boolean(loader.send),
      },
      launcher: loader.emit ? null : launcher.button,
      // Later, because a listener may do anything, and the module is in the middle of something.
      emit: (name, detail) => queueMicrotask(() => running && onEvent(name, detail)),
      // In a microtask, because a module that panics calls this before it traps.
      fatal: (message) => queueMicrotask(() => running && onCrash(message)),
    });
    if (!running) return undefined;
  } catch (error) {
    discard();
    root.replaceChildren();
    parts.discard("config"); // It may be what the module refused.
    throw error;
  }
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== launcher.sheet);
  launcher.note.remove();
  if (loader.api) loader.api.onMounted(loader, side);
  tell(loader, "ready");
  return {
    open: () => handle.open(),
    close: () => handle.close(),
    call: async (command, args) => (await fetchApi(loader)).callModule(loader, side, command, args),
    remove,
  };

  /** Passes an event on to the page; or does what the module wants of the scripts. */
  function onEvent(name, detail) {
    if (name === "copyDiagnostics") fetchApi(loader).then((api) => api.copyFor(loader, side, detail), detail);
    else if (name !== "serve") tell(loader, name, detail);
    else {
      side.carryOut = detail;
      if (side.onServe) side.onServe();
    }
  }

  /** Recognises a panic of the module: a trap that reaches the window as an uncaught error. */
  function onUncaughtError(event) {
    const error = event.error || event.reason;
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    if (urls.some((url) => String(error.stack).includes(url))) onCrash(error);
  }

  /** Repaints the launcher when the module has died. The next click starts afresh. */
  function onCrash(cause) {
    console.error("Chat: stopped.", cause);
    discard();
    tell(loader, "error", { action: "run", code: "crashed" });
    forgetMounted(loader);
    root.replaceChildren();
    host.removeAttribute("data-modal"); // It kept the page from scrolling.
    launcher.show(texts.stopped);
    offerDetails(loader, texts);
  }

  /** Mounts anew on a page that comes back from the back/forward cache: the chat may have gone on in
      another page. */
  function onPageShow(event) {
    if (!event.persisted || !loader.hasChat()) return;
    remove();
    forgetMounted(loader);
    loader.start();
  }

  function remove() {
    if (!running) return;
    end();
    try {
      handle.unmount();
      // The module is alive: the next mount uses it again.
      running = false;
      lifetime.abort();
    } catch (error) {
      console.error("Chat: cannot unmount.", error);
      discard();
    }
  }

  /** Lets go of the page's calls. */
  function end() {
    loader.isOpen = false;
    if (side.onEnd) side.onEnd();
  }

  /** Discards the module: the next start imports a fresh one. */
  function discard() {
    running = false;
    end();
    lifetime.abort();
    parts.discard("glue");
    try {
      // Only the glue of packages has `sever`, which stops every callback; `halt` asks the module.
      (module.sever || module.halt)?.();
    } catch {
      // A module that did not start cannot be asked, and has no callbacks.
    }
  }
}

/**
 * Makes a request to the chat server, and notes how it ended: with a status, or with 0 where there was no answer.
 * @param {Loader} loader
 * @param {Request} request
 */
async function sendAndNote(loader, request) {
  const { method, url, signal } = request;
  const since = Date.now();
  let status = 0;
  try {
    const answer = await (loader.send || fetch)(request);
    ({ status } = answer);
    return answer;
  } finally {
    const seconds = Math.round((Date.now() - since) / 1000);
    // What nobody waits for any more says nothing.
    if (!signal.aborted) note(loader, "request", { method, url, status, ...(seconds && { seconds }) });
  }
}

/** @param {Response} reply */
async function compile(reply) {
  // Streaming, which also puts the file's name into stack traces, needs the right content type.
  return "compileStreaming" in WebAssembly && reply.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(reply)
    : WebAssembly.compile(await reply.arrayBuffer());
}
