// Tests of the npm package: packed, installed, bundled into pages and run in a real browser. The module is a stand-in.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { createProject } from "./project.mjs";
import { startBrowser } from "./webdriver.mjs";
import { startSite, STRICT } from "./site.mjs";

const ROOT = new URL("../../", import.meta.url);
const read = (file) => readFile(new URL(file, ROOT), "utf8");
// Trusted Types refuse addresses that are mere texts; one page has them.
const POLICY = STRICT.replace(/; require-trusted.*/, "");

let browser;
let site;
let project;

before(async () => {
  project = await createProject();
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.stop();
  await site?.stop();
  await project?.remove();
});
beforeEach(() => site.reset());
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.leave();
});

/** Opens a page with a bundled script. */
async function show(source, page = {}) {
  const path = site.script(await project.bundle(source));
  await browser.open(site.page({ policy: POLICY, body: '<div id="app"></div>', ...page, head: `<script defer src="${path}"></script>${page.head ?? ""}` }));
}
const complaints = () => browser.run(() => window.complaints);
const hosts = () =>
  browser.run(() => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length);
const tags = () => browser.run(() => document.querySelectorAll("script[src*='widget.js']").length);
const calls = (what) => browser.run((what) => window.calls.filter((call) => call.what === what), what);
const heard = () => browser.run(() => window.heard);
const gone = () =>
  browser.until(() => ![...document.querySelectorAll("html > div")].some((div) => div.shadowRoot));

const PLAIN = `
  import { loadChat } from "parlour-chat";
  window.loadChat = (more) => loadChat({ src: "/site/widget.js", ...more });
`;

describe("the package", () => {
  it("has its files, their types and the licences, and no more", () => {
    const scripts = ["chat", "control", "index", "react", "vue"].map((name) => `${name}.js`);
    const types = ["index", "react", "types", "vue"].map((name) => `${name}.d.ts`);
    const own = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", ...scripts, ...types];
    assert.deepEqual(project.files, own.sort());
  });

  it("has the product's version", async () => {
    const [, version] = (await read("Cargo.toml")).match(/\[workspace\.package\][^[]*?version = "([^"]+)"/);
    assert.equal(JSON.parse(await read("npm/package.json")).version, version);
  });

  it("knows every command and every event", async () => {
    const all = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
    const types = await read("public/types.d.ts");
    const commands = all(types, /command: "(\w+)"/g);
    const chat = await read("npm/chat.js");
    const own = all(chat.split("COMMANDS = [")[1].split("];")[0], /"(\w+)"/g);
    assert.deepEqual([...own, "destroy", "off", "on"].sort(), commands);
    const events = all(types.split("interface Events {")[1].split("\n  }\n")[0], /^ {4}(\w+):/gm);
    assert.deepEqual(all(chat.split("EVENTS = [")[1].split("];")[0], /"(\w+)"/g), events);
    const made = await readFile(`${project.folder}/node_modules/parlour-chat/types.d.ts`, "utf8");
    assert.deepEqual(all(made.split("interface Chat {")[1], /^ {2}(\w+)[<(]/gm), commands);
  });

  it("can be imported on a server, where there is nothing to load", async () => {
    const said = await project.serve(`
      import { loadChat } from "parlour-chat";
      import { Chat } from "parlour-chat/react";
      import { Chat as VueChat } from "parlour-chat/vue";
      import { createElement } from "react";
      import { renderToString } from "react-dom/server";
      import { createSSRApp, h } from "vue";
      import { renderToString as renderVue } from "@vue/server-renderer";
      const options = { src: "https://assets.example/acme/widget.js" };
      const ignored = loadChat(options);
      const refused = await loadChat(options).catch((error) => error.message);
      const react = renderToString(createElement("p", null, createElement(Chat, options), "Shop"));
      const vue = await renderVue(createSSRApp({ render: () => h("p", [h(VueChat, options), "Shop"]) }));
      console.log(JSON.stringify([refused, react, vue]));
    `);
    const [refused, react, vue] = JSON.parse(said);
    assert.match(refused, /call it in the browser/);
    assert.equal(react, "<p>Shop</p>");
    assert.match(vue, /^<p>.*Shop<\/p>$/);
  });
});

describe("the types", () => {
  it("are those of the package's own scripts", async () => {
    assert.equal(await project.checkItself(), "");
  });

  it("are those of the commands and events", async () => {
    const wrong = [
      "chat.dance()",
      "chat.open(1)",
      "chat.sendMessage()",
      'chat.on("lunch", () => {})',
      'chat.on("agentLeft", ({ reason }) => reason === "LUNCH")',
      'chat.setTheme("pink")',
      "loadChat({})",
      "loadChat({ src: 1 })",
      'loadChat({ src: "x", crossOrigin: "yes" })',
      'useChat({ src: "x" }, { lunch() {} })',
      'Chat({ src: "x", onTyping: ({ count }) => count })',
    ];
    const source = `
      import { loadChat, type Chat as Loaded, type State, type Events } from "parlour-chat";
      import { Chat, useChat } from "parlour-chat/react";
      import { Chat as VueChat, useChat as useVueChat } from "parlour-chat/vue";
      import { h, ref } from "vue";
      const chat: Loaded = await loadChat({ src: new URL("https://a.example/widget.js"), prefill: { firstName: "Ada" } });
      const state: State = await chat.getState();
      const off: () => void = chat.on("message", ({ from, text }) => from.name + text + state.unread);
      chat.off("message");
      const { isSent } = await chat.setUserData({ plan: "gold" });
      const count = ({ count }: Events["unreadChanged"]) => count;
      const inReact: Loaded | null = useChat({ src: "x", theme: "dark" }, { unreadChanged: count });
      Chat({ src: "x", open: true, onUnreadChanged: count, onChatStarted() {} });
      const inVue: Loaded | null = useVueChat(ref({ src: "x" }), { unreadChanged: count }).value;
      h(VueChat, { src: "x", locale: "de", onUnreadChanged: count });
      export { off, isSent, inReact, inVue };
      ${wrong.map((line) => `// @ts-expect-error\n${line};`).join("\n")}
    `;
    assert.equal(await project.check(source), "");
  });
});

describe("a bundled page", () => {
  it("loads the chat once, however often it asks", async () => {
    await show(PLAIN);
    const same = await browser.run(async () => {
      const one = loadChat();
      const two = loadChat({ src: "/site/widget.js?v=2" });
      return (await one) === (await two) && (await one) === (await loadChat());
    });
    assert.ok(same);
    assert.deepEqual([await hosts(), await tags()], [1, 1]);
    assert.deepEqual(await browser.run(() => window.warnings), []);
    assert.deepEqual(await complaints(), []);
  });

  it("has the tag's attributes by options", async () => {
    await show(PLAIN);
    const tag = await browser.run(async () => {
      const prefill = { firstName: "Ada", agree: true };
      await loadChat({ open: true, locale: "de", prefill, crossOrigin: "use-credentials", nonce: "abc" });
      const { async, crossOrigin, nonce, dataset } = document.querySelector("script[src*='widget.js']");
      return { async, crossOrigin, nonce, ...dataset };
    });
    assert.deepEqual(tag, {
      async: true,
      crossOrigin: "use-credentials",
      nonce: "abc",
      open: "",
      locale: "de",
      prefillFirstName: "Ada",
      prefillAgree: "true",
    });
    const mounted = await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual([mounted.open, mounted.focus, mounted.locale], [true, false, "de"]);
  });

  it("does not run a script whose integrity is another", async () => {
    await show(PLAIN);
    const refused = await browser.run(() =>
      loadChat({ integrity: "sha384-" + "A".repeat(64) }).catch((error) => error.message),
    );
    assert.match(refused, /could not be loaded/);
    assert.deepEqual([await hosts(), await tags()], [0, 0]);
    // Without, it is the right one.
    await browser.run(() => loadChat());
    assert.equal(await hosts(), 1);
  });

  it("can try again after a failure", async () => {
    site.failing.set("/site/widget.js", 1);
    await show(PLAIN);
    const refused = await browser.run(() => loadChat().catch((error) => error.message));
    assert.match(refused, /could not be loaded/);
    assert.equal(await browser.run(async () => typeof (await loadChat()).open), "function");
    assert.equal(await tags(), 1);
  });

  it("says what is wrong with a script that is no chat's, and with its own options", async () => {
    await show(PLAIN);
    const words = await browser.run(() =>
      Promise.all(
        [{ src: "/own.js" }, { src: "" }, undefined].map((more) =>
          (more ? loadChat(more) : loadChat({ src: undefined })).catch((error) => error.message),
        ),
      ),
    );
    assert.match(words[0], /own\.js has put no chat/);
    assert.match(words[1], /`src` must be/);
    assert.match(words[2], /`src` must be/);
  });

  it("calls commands as methods, and hears of events until it takes its listener back", async () => {
    await show(PLAIN);
    const results = await browser.run(async () => {
      window.heard = [];
      const chat = await loadChat();
      const hear = (detail) => heard.push(detail);
      const off = chat.on("message", hear);
      chat.on("message", hear);
      await chat.boot();
      const { can } = await chat.getState();
      const sent = await chat.sendMessage("Hello");
      const wrong = await chat.sendMessage(1).catch((error) => error.constructor.name + ": " + error.message);
      emit("message", { text: "one" });
      await Promise.resolve();
      off();
      off();
      emit("message", { text: "two" });
      await Promise.resolve();
      const events = [() => chat.on("lunch", hear), () => chat.on("message", 1)].map((call) => {
        try {
          return call();
        } catch (error) {
          return error.message;
        }
      });
      return { sent, wrong, events, can };
    });
    assert.deepEqual(results.sent, { command: "sendMessage" });
    assert.match(results.wrong, /^TypeError: sendMessage: /);
    assert.match(results.events[0], /there is no event "lunch"; there are ready, /);
    assert.match(results.events[1], /must be a function/);
    assert.deepEqual(await heard(), [{ text: "one" }]);
    assert.deepEqual((await calls("call")).map(({ command }) => command), ["getState", "sendMessage"]);
  });

  it("takes the chat off, and has it again", async () => {
    await show(PLAIN);
    const words = await browser.run(async () => {
      const chat = await loadChat();
      await chat.boot();
      await chat.destroy();
      await chat.destroy();
      window.again = loadChat();
      const late = await chat.open().catch((error) => error.message);
      return [late, (await window.again) !== chat];
    });
    assert.match(words[0], /open: the chat was taken off/);
    assert.equal(words[1], true);
    assert.deepEqual([await hosts(), await tags()], [1, 1]);
    assert.equal((await calls("unmount")).length, 1);
  });

  it("has the chat again after a destroy of another script's", async () => {
    await show(PLAIN);
    await browser.run(async () => {
      await loadChat();
      await TestChat("destroy");
      await loadChat();
    });
    assert.deepEqual([await hosts(), await tags()], [1, 1]);
  });

  it("takes the chat that the page's own tag has put up", async () => {
    await show(PLAIN, { body: '<script src="/site/widget.js"></script>' });
    await browser.inWidget(".launcher");
    await browser.run(async () => (await loadChat()).boot());
    assert.deepEqual([await hosts(), await tags()], [1, 1]);
    assert.deepEqual(await browser.run(() => window.warnings), []);
  });

  it("keeps its chat when the module that loads it is replaced", async () => {
    await show(PLAIN);
    await browser.run(async () => (await loadChat()).boot());
    // As it is replaced: its own variables are lost.
    const again = site.script(await project.bundle(PLAIN));
    await browser.run(
      (again) =>
        new Promise((resolve) => {
          const script = document.createElement("script");
          script.onload = resolve;
          script.src = again;
          document.head.append(script);
        }),
      again,
    );
    await browser.run(async () => (await loadChat()).getState());
    assert.deepEqual([await hosts(), await tags()], [1, 1]);
    assert.equal((await calls("mount")).length, 1);
    assert.deepEqual(await browser.run(() => window.warnings), []);
    // The new module takes off what the old one has put up.
    await browser.run(async () => (await loadChat()).destroy());
    assert.deepEqual([await hosts(), await tags()], [0, 0]);
  });

  it("works under Trusted Types with an address that the page trusts", async () => {
    const policy = STRICT.replace("trusted-types 'none'", "trusted-types shop");
    await show(
      `import { loadChat } from "parlour-chat";
       const { trustedTypes } = window;
       const trust = trustedTypes && trustedTypes.createPolicy("shop", { createScriptURL: (url) => url });
       const src = "/site/widget.js";
       loadChat({ src: trust ? trust.createScriptURL(src) : src }).then((chat) => chat.open());`,
      { policy },
    );
    await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual(await complaints(), []);
  });
});

const REACT = `
  import { StrictMode, useState } from "react";
  import { createRoot } from "react-dom/client";
  import { Chat, useChat } from "parlour-chat/react";
  window.heard = [];
  function Help({ options }) {
    const chat = useChat(options, { opened: () => heard.push("hook") });
    return chat ? <button id="help" onClick={() => chat.open()}>Help</button> : null;
  }
  function App() {
    const [shown, setShown] = useState("chat");
    const [options, setOptions] = useState({ src: "/site/widget.js", locale: "de" });
    Object.assign(window, { setShown, setOptions });
    return (
      <main>
        {shown.includes("chat") && <Chat {...options} onOpened={() => heard.push("component")} />}
        {shown.includes("help") && <Help options={options} />}
      </main>
    );
  }
  createRoot(document.getElementById("app")).render(<StrictMode><App /></StrictMode>);
`;

const VUE = `
  import { createApp, h, ref } from "vue";
  import { Chat, useChat } from "parlour-chat/vue";
  window.heard = [];
  const Help = {
    props: ["options"],
    setup(props) {
      const chat = useChat(() => props.options, { opened: () => heard.push("hook") });
      return () => chat.value && h("button", { id: "help", onClick: () => chat.value.open() }, "Help");
    },
  };
  createApp({
    setup() {
      const shown = ref("chat");
      const options = ref({ src: "/site/widget.js", locale: "de" });
      window.setShown = (now) => (shown.value = now);
      window.setOptions = (now) => (options.value = now);
      return () => h("main", [
        shown.value.includes("chat") && h(Chat, { ...options.value, onOpened: () => heard.push("component") }),
        shown.value.includes("help") && h(Help, { options: options.value }),
      ]);
    },
  }).mount("#app");
`;

for (const [framework, source] of Object.entries({ React: REACT, Vue: VUE })) {
  describe(framework, () => {
    it("has one chat from mount to unmount, and hears of it", async () => {
      await show(source);
      const launcher = await browser.inWidget(".launcher");
      assert.equal(await browser.name(launcher), "Fragen Sie uns");
      assert.deepEqual([await hosts(), await tags()], [1, 1]);
      await browser.run(() => setShown("chat help"));
      await browser.until(() => document.querySelector("#help"));
      await browser.run(() => document.querySelector("#help").click());
      await browser.until(() => window.heard.length === 2);
      assert.deepEqual((await heard()).sort(), ["component", "hook"]);
      assert.deepEqual([await hosts(), await tags()], [1, 1]);
      // One of two that have it goes: the chat stays.
      await browser.run(() => setShown("help"));
      await browser.until(() => document.querySelector("#help"));
      await browser.run(() => new Promise((resolve) => setTimeout(resolve, 50)));
      assert.equal(await hosts(), 1);
      // One goes as another comes, as the pages of a router do.
      await browser.run(() => setShown("chat"));
      await browser.until(() => !document.querySelector("#help"));
      await browser.run(() => new Promise((resolve) => setTimeout(resolve, 50)));
      assert.equal(await hosts(), 1);
      assert.deepEqual(await calls("unmount"), []);
      await browser.run(() => setShown(""));
      await gone();
      assert.equal(await tags(), 0);
      assert.equal((await calls("unmount")).length, 1);
      // And once more.
      await browser.run(() => setShown("chat"));
      await browser.inWidget(".launcher");
      assert.deepEqual([await hosts(), await tags()], [1, 1]);
      assert.deepEqual(await complaints(), []);
      assert.deepEqual(await browser.run(() => window.warnings), []);
    });

    it("has the chat follow its options", async () => {
      await show(source);
      await browser.inWidget(".launcher");
      await browser.run(() => setOptions({ src: "/site/widget.js", locale: "en", open: true }));
      await browser.until(() => window.calls.find(({ what, open }) => what === "mount" && open));
      await browser.until(() => window.heard.includes("component"));
      await browser.run(() =>
        setOptions({ src: "/site/widget.js", locale: "de", prefill: { email: "a@b.example" }, userData: { plan: "gold" } }),
      );
      await browser.until(() => window.calls.filter(({ what }) => what === "call").length >= 2);
      const told = await browser.run(() => window.calls.filter(({ what }) => what === "call"));
      assert.deepEqual(
        told.map(({ command, args }) => [command, ...args]).sort(),
        [["prefill", { email: "a@b.example" }], ["setUserData", { plan: "gold" }]],
      );
      await browser.until(() => window.calls.find(({ what, locale }) => what === "locale" && locale === "de"));
      // The panel was closed, too.
      await browser.until(() => {
        const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
        return host.shadowRoot.querySelector(".panel").hidden;
      });
      assert.deepEqual(await complaints(), []);
    });

    it("changes to another chat with another address", async () => {
      await show(source);
      await browser.inWidget(".launcher");
      await browser.run(() => setOptions({ src: "/site/other/widget.js" }));
      await browser.until(() => document.querySelector("script[src*='/other/']"));
      await browser.until(() => document.querySelectorAll("script[src*='widget.js']").length === 1);
      await browser.until(
        () => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length === 1,
      );
    });

    it("tells of a script that cannot be loaded", async () => {
      site.failing.set("/site/widget.js", Infinity);
      await show(source.replaceAll("onOpened: () =>", "onError: ({ code }) => heard.push(code), onOpened: () =>").replaceAll("onOpened={", "onError={({ code }) => heard.push(code)} onOpened={"));
      await browser.until(() => window.heard.includes("notLoaded"));
      assert.deepEqual([await hosts(), await tags()], [0, 0]);
      assert.deepEqual(await complaints(), []);
    });

    it("leaves the page alone when its address is missing or none, and tells of that", async () => {
      await show(source.replaceAll("onOpened: () =>", "onError: ({ code }) => heard.push(code), onOpened: () =>").replaceAll("onOpened={", "onError={({ code }) => heard.push(code)} onOpened={"));
      await browser.until(() => window.calls);
      for (const src of ["", "https://"]) {
        await browser.run((src) => {
          window.heard.length = 0;
          window.setOptions({ src });
        }, src);
        await browser.until(() => window.heard.includes("notLoaded"));
        assert.ok(await browser.run(() => document.querySelector("main")));
      }
      await browser.run(() => window.setOptions({ src: "/site/widget.js", locale: "de" }));
      await browser.inWidget(".launcher");
      assert.deepEqual(await complaints(), []);
    });
  });
}
