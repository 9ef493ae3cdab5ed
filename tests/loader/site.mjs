// The tests' web site: pages under a strict policy, the loader with values as packaging inserts them,
// and a stand-in for the module that records its calls.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

// The bundled scripts: what `cargo xtask scripts` writes.
const BUNDLES = process.env.SCRIPTS;
if (!BUNDLES) throw new Error("SCRIPTS must name the folder of the bundled scripts");

/** A strict Content Security Policy; `connect-src` is the site itself. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; " +
  "connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const BUILD = {
  name: "TestChat",
  attribute: "test-chat",
  frame: "never",
  files: {
    mount: ["mount-0.js"],
    glue: ["chat-1.js"],
    wasm: ["chat-2.wasm"],
    config: ["config-3.json"],
  },
  texts: {
    en: { label: "Ask us", loading: "Loading.", failed: "Not loaded.", again: "Again" },
    de: { label: "Fragen Sie uns" },
  },
  launcher: {
    icon: "M4 5h16v11H9l-5 4z",
    place: "bottom:20px;right:20px",
    light: "--accent:#103070;--on-accent:#fff;--launcher-size:56px",
    dark: "",
  },
};

const MOUNT = {
  digests: {},
  version: "1.2.3",
  texts: { en: { stopped: "Stopped.", copy: "Copy", copied: "Copied", uncopied: "Not copied" } },
};

const FALLBACK = {
  contacts: [["mailto:help@shop.example", "email"], ["tel:+4420", "phone"]],
  texts: { en: { unsupported: "Not here.", email: "Write to us", phone: "Call us" } },
};

// A WebAssembly module with one function, `trap`, which traps as a panic does.
const WASM = Buffer.from(
  "0061736d01000000" + "010401600000" + "03020100" + "0708010474726170" + "0000" + "0a05010300000b",
  "hex",
);

// The stand-in for wasm-bindgen's glue, reduced to the contract with the loader.
const GLUE = `
let exports;
const log = window.calls;
const number = (window.instances += 1);
const note = (what, more) => log.push({ what, number, ...more });
export default async function init({ module_or_path }) {
  const instance = await WebAssembly.instantiate(module_or_path, {});
  exports = instance.exports;
  note("init");
}
export function sever() { note("sever"); }
export function mount(options) {
  const { root, config, open, focus, locale, words, live_key, fatal, launcher, emit, network } = options;
  const make = (name, className) => {
    const made = Document.prototype.createElement.call(document, name);
    made.className = className;
    return made;
  };
  note("mount", { config, open, focus, locale, words, live_key });
  if (window.refuse) {
    root.append(make("table", ""));
    throw new Error("refused");
  }
  const own = make("button", "launcher own");
  const panel = make("div", "panel");
  const show = (open) => (panel.hidden = !open);
  show(open);
  own.textContent = "own";
  // In the same place as the painted launcher, so that the pointer stays over it.
  own.style.cssText = "position:fixed;bottom:20px;right:20px;width:56px;height:56px";
  own.addEventListener("click", () => show(panel.hidden));
  const trap = make("button", "trap");
  // As in generated glue, the call leaves a frame of this file on the stack in every engine.
  trap.addEventListener("click", () => { try { exports.trap(); } finally { note("called"); } });
  const theme = make("div", "root");
  root.append(own, panel, trap, theme);
  // In a frame there is none.
  if (launcher && launcher.matches(":focus")) own.focus();
  if (launcher) launcher.remove();
  const { live } = JSON.parse(config);
  if (live) localStorage.setItem(live_key, "");
  else if (live === false) localStorage.removeItem(live_key);
  window.fatal = fatal;
  window.network = network;
  if (window.asksAtOnce) window.first = network.send(new Request("/chat/first"));
  window.emit = emit;
  const tell = (open) => {
    show(open);
    emit(open ? "opened" : "closed");
  };
  if (open) emit("opened");
  // What carries out a call: it answers with what it was asked, unless the test has another answer.
  const carryOut = (call) => {
    const { command, args, resolve } = call;
    note("call", { command, args: args.map((value) => (value instanceof File ? value.name : value)) });
    if (window.answer) window.answer(call);
    else resolve({ command });
  };
  return {
    open: () => tell(true),
    close: () => tell(false),
    load: () => {
      note("load");
      setTimeout(() => emit("serve", window.unserved ? undefined : carryOut));
    },
    setLocale: (locale, words) => note("locale", { locale, words }),
    unmount: () => {
      note("unmount");
      for (const made of [own, panel, trap, theme]) made.remove();
    },
  };
}
`;

const digest = (text) => "sha384-" + createHash("sha384").update(text).digest("base64");

function replace(text, pattern, words) {
  if (!pattern.test(text)) throw new Error(`the loader has nothing like ${pattern}`);
  return text.replace(pattern, () => words);
}

/** Values of the form for messages. */
export const MESSAGE = {
  url: "/messages",
  fields: [
    { name: "name", required: false },
    { name: "email", required: true },
    { name: "message", required: true },
  ],
  keeps: true,
  contacts: [["tel:+4420", "contactPhone"]],
  place: "inset:auto;bottom:88px;right:20px;inline-size:392px;block-size:500px",
  light:
    "--radius:16px;--font:system-ui;--text-size:15px;--surface:#fff;--on-surface:#161d2b;--accent:#103070;" +
    "--on-accent:#fff;--header:#fff;--on-header:#161d2b",
  dark: "--surface:#14181f;--on-surface:#eceff5;--header:#1a1f29;--on-header:#eceff5",
  scheme: "light",
  texts: {
    en: {
      title: "Leave a message",
      intro: "We answer by email.",
      name: "Name",
      email: "Email",
      message: "Message",
      submit: "Send",
      sending: "Sending",
      sent: "Thank you.",
      failed: "Not sent.",
      again: "Again",
      close: "Close",
      optional: "optional",
      required: "Please fill this in.",
      wrongEmail: "Please check the address.",
      masked: "Numbers are hidden.",
      contactPhone: "Call us",
    },
  },
};

/** Words of another language, for the form for messages and why it is there. */
export const ARABIC = {
  module: {},
  loader: {},
  message: { title: "اترك رسالة", close: "إغلاق", email: "البريد", required: "مطلوب", failed: "لم ترسل", sent: "شكرا" },
  hours: { closed: "مغلق" },
};

/** Starts the site on a free port. */
export async function startSite() {
  const source = await readFile(`${BUNDLES}/loader.js`, "utf8");
  const mount = await readFile(`${BUNDLES}/mount.js`, "utf8");
  const api = await readFile(`${BUNDLES}/api.js`, "utf8");
  const template = await readFile(`${BUNDLES}/fallback.js`, "utf8");
  const context = await readFile(`${BUNDLES}/context.js`, "utf8");
  const wording = await readFile(`${BUNDLES}/words.js`, "utf8");
  const framed = await readFile(`${BUNDLES}/framed.js`, "utf8");
  const early = await readFile(`${BUNDLES}/early.js`, "utf8");
  const message = await readFile(`${BUNDLES}/message.js`, "utf8");
  const element = await readFile(`${BUNDLES}/element.js`, "utf8");
  const fill = (script, values) => replace(script, /__BUILD__/, JSON.stringify(values));
  const contents = (name) => site.config ?? `{"from":"${name}"}`;
  const fallback = () => fill(template, { ...FALLBACK, ...(site.frame && { frame: site.frame.bridge }) });
  const telling = () => fill(context, site.context);
  const speaking = () => {
    const files = Object.keys(site.words ?? {}).map((tag) => [tag, [`${tag}-11.json`, digest(wordsOf(tag))]]);
    return fill(wording, { locale: site.build.locale, files: Object.fromEntries(files) });
  };
  const wordsOf = (tag) => JSON.stringify(site.words[tag]);
  const mounting = () => {
    const digests = {
      glue: digest(site.glue),
      wasm: digest(WASM),
      config: digest(contents("config-3.json")),
      ...site.mount.digests,
    };
    const files = { api: ["api-4.js", digest(api)], fallback: ["fallback-5.js", digest(fallback())] };
    const more = {
      ...(site.context && { context: ["context-8.js", digest(telling())] }),
      ...(site.words && { words: ["words-10.js", digest(speaking())] }),
    };
    return fill(mount, { ...site.mount, ...files, ...more, digests });
  };
  const form = () => fill(message, site.message ?? {});
  const rules = () => {
    const offered = { file: ["message-7.js", digest(form())], texts: { en: { title: "Leave a message" } } };
    return fill(early, { ...site.early, ...(site.message && { message: offered }) });
  };
  const loader = () => {
    const { files } = site.build;
    const [name, chosen = digest(mounting())] = files.mount;
    const build = { ...site.build, files: { ...files, mount: [name, chosen] }, hasWords: Boolean(site.words) };
    if (site.early) build.files.early = ["early-6.js", digest(rules())];
    return replace(fill(source, build), /(?<=ANSWER_TIMEOUT = )[\d_]+(e3)?/, site.patience);
  };
  const site = {
    /** Returns the loader as it is served. */
    loader,
    /** The source of the scripts. */
    source: source + mount + api + template + early + message + element,
    /** Requested paths with their queries, in order. */
    requests: [],
    /** Path → number of 503 responses before it works; Infinity for always. */
    failing: new Map(),
    /** Path → how much of the response is sent before it hangs: "nothing" or "half". */
    hanging: new Map(),
    /** Path → functions that complete its hanging responses. */
    held: new Map(),
    pages: new Map(),
    scripts: new Map(),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
    /** The values of the script that runs first, where a test has one. @type {object | undefined} */
    early: undefined,
    /** The values of the script that tells of the page, where a test has one. @type {object | undefined} */
    context: undefined,
    /** The words of languages that come in files of their own, by tag and section. @type {object | undefined} */
    words: undefined,
    /** The values of both sides of the frame, where a test has one. @type {{ bridge: object, framed: object } | undefined} */
    frame: undefined,
    /** The requests to the chat server, which wants this token in `x-token`, if any. */
    chat: [],
    token: "",
    /** Other paths to which the token was sent. */
    leaks: [],
    /** The values of the form for messages, where a test has one. @type {object | undefined} */
    message: undefined,
    /** What was posted to `/messages`, and the status that is answered with: `undefined` for a cut connection, and
        "later" for no answer. */
    posted: [],
    taking: 204,
    /** The configuration's text, where a test needs one of its own. @type {string | undefined} */
    config: undefined,
    /** Puts a page up and returns its address. `body` and `head` are HTML. */
    page({ head = "", body = "", policy = STRICT, lang = "en", doctype = "<!doctype html>" }) {
      const path = `/page-${site.pages.size}.html`;
      const html =
        `${doctype}<html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>` +
        `<link rel="icon" href="data:,"><script src="/watch.js"></script>${head}</head>` +
        `<body>${body}</body></html>`;
      site.pages.set(path, { html, policy });
      return site.origin + path;
    },
    /** Puts a script up and returns its path. */
    script(source) {
      const path = `/script-${site.scripts.size}.js`;
      site.scripts.set(path, source);
      return path;
    },
    /** Returns the paths below `/site` that were requested since the last call. A script that is fetched, to be
        checked, and then imported counts once: browsers have it in their cache, but for this site. */
    fetched() {
      const paths = site.requests.splice(0).filter((path) => path.startsWith("/site"));
      return paths.filter((path, at) => !path.endsWith(".js") || paths.indexOf(path) === at);
    },
    /** Completes the hanging responses of a path, and stops holding new ones. */
    release(path) {
      site.hanging.delete(path);
      for (const answer of site.held.get(path)?.splice(0) ?? []) answer();
    },
    /** Puts a newer package in the place of the first: every name with a hash is another one, and the old are gone. */
    renew() {
      for (const [part, [name]] of Object.entries(site.build.files)) {
        const newer = name.replace(/-\d+/, "$&1");
        site.build.files[part] = [newer];
        site.renamed.set(newer, name);
        site.gone.add(name);
      }
      site.glue = GLUE.replace('note("init")', 'note("init", { isNewer: true })');
    },
    reset() {
      site.renamed = new Map();
      site.gone = new Set();
      site.requests.length = 0;
      site.chat = [];
      site.context = undefined;
      site.words = undefined;
      site.frame = undefined;
      site.token = "";
      site.leaks = [];
      site.failing.clear();
      for (const path of [...site.hanging.keys()]) site.release(path);
      site.patience = 15_000;
      site.build = structuredClone(BUILD);
      site.mount = structuredClone(MOUNT);
      site.glue = GLUE;
      site.config = undefined;
      site.early = undefined;
      site.message = undefined;
      site.posted = [];
      site.taking = 204;
    },
  };

  site.reset();

  const server = createServer((request, reply) => {
    const { pathname, search } = new URL(request.url, "http://site");
    site.requests.push(pathname + search);
    if (request.headers["x-token"] && !pathname.startsWith("/chat/")) site.leaks.push(pathname);
    const left = site.failing.get(pathname) ?? 0;
    if (left > 0) {
      site.failing.set(pathname, left - 1);
      reply.writeHead(503, { "access-control-allow-origin": "*" }).end("no");
      return;
    }
    const page = site.pages.get(pathname);
    const answer = (type, content, more = {}) => {
      const body = Buffer.from(content);
      reply.setHeader("content-type", type);
      reply.setHeader("access-control-allow-origin", "*");
      reply.setHeader("cache-control", "no-store");
      for (const name in more) reply.setHeader(name, more[name]);
      const sent = { nothing: 0, half: body.length >> 1 }[site.hanging.get(pathname)];
      if (sent === undefined) {
        reply.end(body);
        return;
      }
      if (sent) reply.write(body.subarray(0, sent));
      const rest = () => reply.end(body.subarray(sent));
      site.held.set(pathname, [...(site.held.get(pathname) ?? []), rest]);
    };
    const asked = pathname.split("/").pop();
    const name = site.renamed.get(asked) ?? asked;
    if (pathname.startsWith("/chat/")) {
      site.chat.push({ path: pathname, token: request.headers["x-token"] });
      const isRight = !site.token || request.headers["x-token"] === site.token;
      let body = "";
      request.on("data", (data) => (body += data));
      request.on("end", () => {
        if (name === "elsewhere") reply.writeHead(307, { location: "/site/config-3.json" }).end();
        else reply.writeHead(isRight ? 200 : 401).end(body || "empty");
      });
      return;
    }
    if (site.gone.has(asked)) reply.writeHead(404, { "access-control-allow-origin": "*" }).end();
    else if (page) answer("text/html", page.html, { "content-security-policy": page.policy });
    else if (site.scripts.has(pathname)) answer("text/javascript", site.scripts.get(pathname));
    else if (pathname in SCRIPTS) answer("text/javascript", SCRIPTS[pathname]);
    else if (pathname === "/page.css") answer("text/css", site.css);
    else if (name === "widget.js") answer("text/javascript", loader());
    else if (name === "element.js") answer("text/javascript", fill(element, { element: "test-chat" }));
    else if (name === "mount-0.js") answer("text/javascript", mounting());
    else if (name === "framed-9.js") answer("text/javascript", fill(framed, site.frame.framed));
    else if (name === "frame.html") answer("text/html", FRAME);
    else if (name === "context-8.js") answer("text/javascript", telling());
    else if (name === "words-10.js") answer("text/javascript", speaking());
    else if (name.endsWith("-11.json")) answer("application/json", wordsOf(name.replace("-11.json", "")));
    else if (name === "api-4.js") answer("text/javascript", api);
    else if (name === "fallback-5.js") answer("text/javascript", fallback());
    else if (name === "early-6.js") answer("text/javascript", rules());
    else if (name === "message-7.js") answer("text/javascript", form());
    else if (pathname === "/messages") {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        site.posted.push({ type: request.headers["content-type"], ...JSON.parse(body) });
        if (site.taking === "later") return;
        if (site.taking) reply.writeHead(site.taking, site.taking === 302 ? { location: "/page.css" } : {}).end();
        else request.socket.destroy();
      });
    }
    else if (name === "chat-1.js") answer("text/javascript", site.glue);
    else if (name === "chat-2.wasm") answer(site.wasmType ?? "application/wasm", WASM);
    else if (name.endsWith(".json")) answer("application/json", contents(name));
    else reply.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.origin = `http://127.0.0.1:${server.address().port}`;
  return site;
}

// The first script of every page: records errors and warnings, and holds the stand-in's records.
const WATCH = `
window.calls = [];
window.instances = 0;
window.refuse = false;
window.complaints = [];
window.warnings = [];
addEventListener("securitypolicyviolation", (event) =>
  complaints.push(event.effectiveDirective + " " + event.blockedURI + " " + event.sample));
addEventListener("error", (event) => complaints.push(String(event.message)));
addEventListener("unhandledrejection", (event) => complaints.push(String(event.reason)));
const warn = console.warn;
console.warn = (...words) => { warnings.push(words.join(" ")); warn(...words); };
`;

const FRAME = `<!doctype html><script src="/watch.js"></script><script type="module" src="framed-9.js"></script><body>`;

const SCRIPTS = {
  "/watch.js": WATCH,
  "/prerendering.js":
    'Object.defineProperty(Document.prototype, "prerendering", { value: true, configurable: true });',
  "/no-wasm.js": "delete window.WebAssembly;",
  "/no-streaming.js": "delete WebAssembly.compileStreaming;",
  "/imports.js": 'import "/site/widget.js";',
  "/injects.js": `
    const leave = document.currentScript.src.includes("leave");
    addEventListener("load", () => setTimeout(() => {
      const script = document.createElement("script");
      script.src = "/site/widget.js";
      if (leave) script.onload = () => script.remove();
      document.head.append(script);
    }));`,
  "/stub.js": `
    window.TestChat = window.TestChat || function () { (TestChat.q = TestChat.q || []).push(arguments); };
    TestChat("open");`,
  "/asks.js": `
    window.asksAtOnce = true;
    window.TestChat = function () { (TestChat.q = TestChat.q || []).push(arguments); };
    TestChat("authorize", () => ({ "x-token": "t1" }));`,
  "/idle-stub.js":
    "window.TestChat = window.TestChat || Object.assign(function () { TestChat.q.push(arguments); }, { q: [] });",
  "/own.js": 'window.TestChat = () => "the page\'s own";',
  "/clock.js": `
    const ahead = Number(document.currentScript.src.split("?")[1]) - Date.now();
    const Real = Date;
    window.Date = class extends Real {
      constructor(...values) { super(...(values.length ? values : [Real.now() + ahead])); }
      static now() { return Real.now() + ahead; }
    };
    window.isAfter = (instant) => Real.now() + ahead > instant;`,
  "/keys.js": 'window.keys = []; addEventListener("keydown", ({ key }) => keys.push(key));',
  "/full.js":
    'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };',
  "/no-languages.js": 'Object.defineProperty(navigator, "languages", { value: undefined });',
};
