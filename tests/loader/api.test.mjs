// Tests of the page's API in a real browser: what integrators notice. The module is a stand-in.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { startSite } from "./site.mjs";

const TAG = '<script src="/site/widget.js"></script>';
const MODULE = /chat-1\.js|chat-2\.wasm|config-3\.json/;

let browser;
let site;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.stop();
  await site?.stop();
});
beforeEach(() => site.reset());
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.leave();
  await browser.run(() => localStorage.clear());
});

const show = (page = {}) => browser.open(site.page({ body: TAG, ...page }));
const calls = (what) =>
  browser.run((what) => window.calls.filter((call) => call.what === what), what);
const complaints = () => browser.run(() => window.complaints);

/** Makes a call in the page. Returns `{ value }`, or `{ error }` with its class and message. */
const call = (...words) =>
  browser.run(
    (words) =>
      window.TestChat(...words).then(
        (value) => ({ value: value === undefined ? "nothing" : value }),
        (error) => ({ error: `${error.constructor.name}: ${error.message}` }),
      ),
    words,
  );

/** Makes a call that must succeed. */
const done = async (...words) => {
  const { value, error } = await call(...words);
  assert.equal(error, undefined, words[0]);
  return value;
};

/** Returns the scheme of the mounted widget. */
const scheme = () =>
  browser.run(() => {
    const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
    return host.shadowRoot.querySelector(".root").dataset.scheme;
  });

/** Collects the events of the page from now on. */
const collect = () =>
  browser.run(() => {
    window.heard = [];
    const names = "ready opened closed message error analytics agentLeft";
    for (const name of names.split(" ")) {
      document.addEventListener(`test-chat:${name}`, ({ detail }) => heard.push([name, detail]));
    }
  });
const heard = () => browser.run(() => window.heard.filter(([name]) => name !== "analytics"));

describe("before the chat is loaded", () => {
  it("takes what needs no chat without loading one", async () => {
    await show();
    for (const words of [
      ["prefill", { email: "a@b.example" }],
      ["setUserData", { cart: 3 }],
      ["setLocale", "de"],
      ["setTheme", { scheme: "dark", tokens: { accent: "#123456" } }],
      ["close"],
      ["hide"],
      ["show"],
      ["getState"],
      ["getTranscript"],
      ["off", "message"],
    ]) {
      await done(...words);
    }
    assert.deepEqual((await site.fetched()).filter((path) => MODULE.test(path)), []);
    const button = await browser.inWidget(".launcher");
    assert.equal(await browser.name(button), "Fragen Sie uns");
    const painted = await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return getComputedStyle(host.shadowRoot.querySelector(".launcher")).backgroundColor;
    });
    assert.equal(painted, "rgb(18, 52, 86)");
    assert.deepEqual(await complaints(), []);
  });

  it("says how things stand", async () => {
    await show();
    await done("hide");
    const state = await done("getState");
    const { isLoaded, isOpen, isHidden, hasChatToResume, phase, can } = state;
    assert.deepEqual(
      { isLoaded, isOpen, isHidden, hasChatToResume, phase, can },
      {
        isLoaded: false,
        isOpen: false,
        isHidden: true,
        hasChatToResume: false,
        phase: "idle",
        can: null,
      },
    );
  });

  it("puts what was said into the configuration of the mount", async () => {
    const fields = [
      { name: "firstName", kind: "text", role: "first_name" },
      { name: "mail", kind: "email", role: "email" },
      { name: "topic", kind: "select", role: { user_data: "t" }, options: [{ value: "a" }] },
      { name: "agreed", kind: "consent", role: { user_data: "c" }, value: "yes" },
    ];
    site.config = JSON.stringify({ server: { user_data: { shop: "x", plan: "" } }, form: { fields } });
    const tag = TAG.replace("<script", '<script data-prefill-first-name="Ada" data-prefill-topic="b"');
    await show({ body: tag });
    await done("prefill", { email: "a@b.example", agreed: true });
    await done("setUserData", { plan: "gold" });
    await done("setUserData", { cart: 3 });
    await done("boot");
    const [{ config }] = await calls("mount");
    const { server, form } = JSON.parse(config);
    assert.deepEqual(server.user_data, { shop: "x", plan: "gold", cart: "3" });
    assert.deepEqual(
      form.fields.map(({ value }) => value),
      ["Ada", "a@b.example", undefined, "yes"],
    );
    const warnings = (await browser.run(() => window.warnings)).join("\n");
    assert.match(warnings, /"topic"/);
    assert.match(warnings, /"agreed"/);
    assert.equal((await calls("load")).length, 0, "nothing more than the chat is loaded");
  });

  it("begins without what the tag says where that cannot be loaded", async () => {
    site.failing.set("/site/api-4.js", Infinity);
    await show({ body: TAG.replace("<script", '<script data-open data-prefill-email="a@b.example"') });
    await browser.until(() => window.calls.some((call) => call.what === "mount"));
    await browser.inWidget(".own");
  });

  it("mounts in the language and the look of the page's choice", async () => {
    await show();
    await done("setLocale", "pt-br");
    await done("setTheme", "dark");
    await done("boot");
    assert.equal((await calls("mount"))[0].locale, "pt-BR");
    assert.equal(await scheme(), "dark");
  });

  it("takes back that the panel is to open", async () => {
    site.hanging.set("/site/chat-1.js", "nothing");
    await show({ body: TAG.replace("<script", "<script data-open") });
    await done("close");
    site.release("/site/chat-1.js");
    await done("boot");
    assert.equal((await calls("mount"))[0].open, false);
  });

  it("loads what the other commands need", async () => {
    for (const words of [["boot"], ["open"], ["toggle"], ["startChat", {}], ["sendMessage", "x"]]) {
      await show();
      await done(...words);
      assert.equal((await calls("mount")).length, 1, words[0]);
    }
  });
});

describe("diagnostics", () => {
  const steps = async () => (await done("getDiagnostics")).steps;

  it("say how things stand before the chat is loaded, and load none", async () => {
    await show();
    await browser.run(() => history.replaceState(null, "", "/shop/ada@shop.example/order-4711-22?key=secret#me"));
    const { page, version, state, storage, steps } = await done("getDiagnostics");
    assert.equal(page, `${site.origin}/shop/…/…`);
    assert.equal(version, null);
    assert.equal(state.phase, "idle");
    assert.deepEqual(storage, { local: true, session: true });
    assert.deepEqual(
      steps.map(({ step, command }) => [step, command]),
      [["call", "getDiagnostics"]],
    );
    assert.deepEqual((await site.fetched()).filter((path) => MODULE.test(path)), []);
  });

  it("have the last 200 steps: equal ones once, addresses without identifiers, no texts and names", async () => {
    await show();
    await done("boot");
    await browser.run(async () => {
      const send = (path) => network.send(new Request(path, { method: "POST" }));
      for (let at = 0; at < 300; at++) await send("/chat/help/000ZK1B2C3/refresh?key=secret");
      await send("http://127.0.0.1:9/?key=secret").catch(() => {});
      emit("message", { from: { name: "Anna", kind: "agent" }, type: "text", text: "my secret" });
    });
    const all = await steps();
    const url = `${site.origin}/chat/help/…/refresh`;
    const [many, failed, message] = all.slice(-4);
    assert.deepEqual(many, { ...many, step: "request", method: "POST", status: 200, times: 300, url });
    assert.ok(many.until >= many.time);
    assert.deepEqual([failed.status, failed.url], [0, "http://127.0.0.1:9/"]);
    assert.deepEqual(message, { time: message.time, step: "event", event: "message", type: "text", from: "agent" });
    assert.ok(!JSON.stringify(all).includes("secret"));
    await browser.run(() => {
      for (let at = 0; at < 150; at++) {
        emit("opened");
        emit("closed");
      }
    });
    assert.equal((await steps()).length, 200);
  });

  it("are offered for copying where the chat was interrupted or cannot be loaded", async () => {
    const offer = () =>
      browser.until(() => {
        const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
        const buttons = [...host.shadowRoot.querySelectorAll(".note button")];
        return buttons.find((button) => button.textContent === "Copy") && buttons.length;
      });
    await show();
    await done("open");
    await browser.run(() => window.fatal("broken"));
    assert.equal(await offer(), 1);
    site.failing.set("/site/chat-1.js", Infinity);
    await show();
    await call("open");
    assert.equal(await offer(), 2);
    // What is copied is caught: tests share the machine's clipboard.
    await browser.run(() => {
      const caught = (words) => (window.copied = words);
      const write = async ([item]) => caught(await (await item.getType("text/plain")).text());
      Object.defineProperty(navigator, "clipboard", { value: { write } });
      document.addEventListener("copy", () => caught(String(getSelection())));
    });
    await browser.click(await browser.inWidget(".note button:last-child"));
    const copied = await browser.until(() => {
      const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
      const button = host.shadowRoot.querySelector(".note button:last-child");
      return button.textContent === "Copied" && window.copied;
    });
    assert.equal(JSON.parse(copied).steps.some(({ code }) => code === "notLoaded"), true, copied);
  });
});

describe("a command", () => {
  const WRONG = [
    [["dance"], /^TypeError: there is no command "dance"; there are boot, open/],
    [["open", 1], /^TypeError: open: it takes no arguments/],
    [["on", "message"], /^TypeError: on: the second argument must be a function/],
    [["on", "lunch", 1], /^TypeError: on: the second argument/],
    [["sendMessage"], /^TypeError: sendMessage: the text must be a string, not undefined/],
    [["sendMessage", " \n"], /^TypeError: sendMessage: the text must not be blank/],
    [["sendMessage", "a", "b"], /^TypeError: sendMessage: it takes 1 argument$/],
    [["sendFile", "a.txt"], /^TypeError: sendFile: the first argument must be a File/],
    [["authorize", { "x-token": "1" }], /^TypeError: authorize: the first argument must be a function/],
    [["startChat", "Ada"], /^TypeError: startChat: the first argument must be an object/],
    [["startChat", { name: ["x"] }], /^TypeError: startChat: .*name must be a string.*an array/],
    [["startChat", { userData: { a: true } }], /^TypeError: startChat: userData\.a must be/],
    [["setUserData", []], /^TypeError: setUserData: .* must be an object, not an array/],
    [["setUserData", { " ": 1 }], /^TypeError: setUserData: .*a name must have 1 to 128/],
    [["setUserData", { a: "x".repeat(4001) }], /a is longer than 4000 characters/],
    [["setNickname", ""], /^TypeError: setNickname: the name must not be blank/],
    [["pushUrl", "javascript:alert(1)"], /^TypeError: pushUrl: the address must be a whole one/],
    [["pushUrl", "/tents"], /^TypeError: pushUrl: the address must be a whole one/],
    [["customNotice", {}], /^TypeError: customNotice: a notice has a message, attributes, or both/],
    [["customNotice", { text: "x" }], /^TypeError: customNotice: a notice has no text/],
    [["customNotice", { attributes: "x" }], /^TypeError: customNotice: attributes must be/],
    [["setLocale", "not a tag"], /^TypeError: setLocale: the language must be a tag/],
    [["setTheme", "pink"], /^TypeError: setTheme: the scheme must be/],
    [["setTheme", { colour: "red" }], /^TypeError: setTheme: the theme has no colour/],
    [["setTheme", { tokens: { "a;b": "red" } }], /^TypeError: setTheme: tokens: "a;b" is no name/],
    [["prefill", null], /^TypeError: prefill: .* must be an object, not null/],
  ];

  it("is refused with what was wrong, and loads nothing", async () => {
    await show();
    for (const [words, message] of WRONG) {
      const { error = "done" } = await call(...words);
      assert.match(error, message);
    }
    const { error } = await browser.run(() =>
      window.TestChat("on", "lunch", () => {}).catch((error) => ({ error: error.message })),
    );
    assert.match(error, /^on: there is no event "lunch"; there are ready, opened/);
    assert.deepEqual((await site.fetched()).filter((path) => MODULE.test(path)), []);
    assert.deepEqual(await complaints(), []);
  });

  it("is handed to the module with plain arguments, and resolves with its answer", async () => {
    await show();
    const answer = await done("startChat", { firstName: "Ada", age: 36, agreed: true, gone: null });
    assert.deepEqual(answer, { command: "startChat" });
    await done("sendMessage", "hello");
    await browser.run(() => window.TestChat("sendFile", new File(["x"], "x.txt"), { description: "X" }));
    await done("customNotice", { attributes: { step: 2 } });
    await done("setUserData", { cart: 1 });
    await done("prefill", { email: "a" });
    assert.deepEqual(
      (await calls("call")).map(({ command, args }) => [command, ...args]),
      [
        ["startChat", { firstName: "Ada", age: "36", agreed: true, userData: {} }],
        ["sendMessage", "hello"],
        ["sendFile", "x.txt", { description: "X" }],
        ["customNotice", { attributes: '{"step":2}' }],
        ["setUserData", { cart: "1" }],
        ["prefill", { email: "a" }],
      ],
    );
    assert.equal((await calls("load")).length, 1);
  });

  it("rejects with what the module says", async () => {
    await show();
    await browser.run(() => {
      window.answer = ({ reject }) => reject(new Error("endChat: there is no chat"));
    });
    assert.deepEqual(await call("endChat"), { error: "Error: endChat: there is no chat" });
  });

  it("rejects where the part that carries it out cannot be loaded, and tries again", async () => {
    await show();
    await browser.run(() => (window.unserved = true));
    const { error } = await call("sendMessage", "hello");
    assert.equal(error, "Error: sendMessage: a part of the chat could not be loaded");
    await browser.run(() => (window.unserved = false));
    await done("sendMessage", "hello");
  });

  for (const [how, end] of [
    ["is removed", () => window.TestChat("destroy")],
    ["dies", () => window.fatal("panicked")],
  ]) {
    it(`does not hang when the widget ${how}`, async () => {
      await show();
      await browser.run(() => {
        window.answer = () => {};
        window.TestChat("sendMessage", "hello").catch((error) => (window.late = error.message));
      });
      await browser.until(() => window.calls.some((call) => call.what === "call"));
      await browser.run(end);
      assert.match(await browser.until(() => window.late), /^sendMessage: the chat was taken off/);
    });
  }

  it("is refused after the end", async () => {
    await show();
    await browser.run(() => (window.kept = window.TestChat));
    await done("destroy");
    const error = await browser.run(() => window.kept("open").catch((error) => error.message));
    assert.equal(error, "open: the chat was taken off this page");
  });

  it("toggles what the visitor has opened or closed", async () => {
    await show();
    await done("toggle");
    assert.equal((await calls("mount"))[0].open, true);
    await done("toggle");
    await done("toggle");
    await collect();
    await done("toggle");
    await browser.until(() => window.heard.length > 0);
    assert.equal((await heard())[0][0], "closed");
  });

  it("changes language and look of a mounted chat", async () => {
    await show();
    await done("boot");
    await done("setLocale", "de");
    await done("setTheme", { scheme: "light", tokens: { accent: "rgb(1, 2, 3)" } });
    assert.equal((await calls("locale"))[0].locale, "de");
    assert.equal(await scheme(), "light");
    assert.equal((await calls("load")).length, 0);
  });
});

describe("an event", () => {
  it("is told after ready, later than what it tells of, in order", async () => {
    await show();
    await collect();
    await done("open");
    await browser.run(() => {
      window.emit("message", { from: { name: "Anna", kind: "agent" }, type: "text", text: "Hi" });
      window.heard.push(["returned", null]);
    });
    await browser.until(() => window.heard.some(([name]) => name === "message"));
    const names = (await heard()).map(([name]) => name);
    assert.deepEqual(names.filter((name) => name !== "opened"), ["ready", "returned", "message"]);
  });

  it("is mirrored for analytics without texts and names", async () => {
    await show();
    await done("boot");
    await collect();
    await browser.run(() => {
      window.emit("message", { from: { name: "Anna", kind: "agent" }, type: "text", text: "Hi" });
      window.emit("agentLeft", { reason: "HOLD", name: "Anna", kind: "agent" });
      window.emit("error", { action: "startChat", code: "busy", serverCode: 240, limit: null });
    });
    await browser.until(() => window.heard.length === 6);
    const mirrored = await browser.run(() =>
      window.heard.filter(([name]) => name === "analytics").map(([, detail]) => detail),
    );
    assert.deepEqual(mirrored, [
      { event: "message", from: "agent", type: "text" },
      { event: "agentLeft", reason: "HOLD", kind: "agent" },
      { event: "error", action: "startChat", code: "busy", serverCode: 240, limit: null },
    ]);
  });

  it("reaches every listener, whatever another does", async () => {
    await show();
    await done("boot");
    await browser.run(async () => {
      window.got = [];
      const once = (detail) => got.push(detail.count);
      window.once = once;
      await TestChat("on", "unreadChanged", () => {
        throw new Error("the shop's own");
      });
      await TestChat("on", "unreadChanged", once);
      await TestChat("on", "unreadChanged", once);
      window.emit("unreadChanged", { count: 1 });
    });
    await browser.until(() => window.got.length > 0);
    await browser.run(async () => {
      await TestChat("off", "unreadChanged", window.once);
      await TestChat("on", "unreadChanged", ({ count }) => got.push(`last ${count}`));
      window.emit("unreadChanged", { count: 2 });
    });
    await browser.until(() => window.got.includes("last 2"));
    await browser.run(async () => {
      await TestChat("off", "unreadChanged");
      window.emit("unreadChanged", { count: 3 });
      await new Promise((resolve) => setTimeout(resolve));
    });
    assert.deepEqual(await browser.run(() => window.got), [1, "last 2"]);
    assert.equal((await calls("sever")).length, 0, "the chat goes on");
    await done("close");
  });

  it("tells that the chat cannot be had, and that it has stopped", async () => {
    await show();
    await collect();
    site.failing.set("/site/config-3.json", Infinity);
    assert.match((await call("boot")).error, /^Error: boot: the chat could not be loaded/);
    assert.deepEqual(await heard(), [["error", { action: "load", code: "notLoaded" }]]);
    site.failing.clear();
    await done("boot");
    await browser.run(() => window.fatal("panicked"));
    await browser.until(() => window.heard.some(([, detail]) => detail.code === "crashed"));
    await show({ head: '<script src="/no-wasm.js"></script>' });
    await collect();
    await call("open");
    assert.deepEqual((await heard())[0], ["error", { action: "load", code: "unsupported" }]);
  });
});

describe("headers of the page", () => {
  /** Makes a request as the module does. Returns its status and text, or how it failed. */
  const send = (path, options = {}) =>
    browser.run(
      ([path, options]) =>
        window.network.send(new Request(`/chat/${path}`, options)).then(
          async (answer) => [answer.status, await answer.text()],
          (error) => [error.constructor.name],
        ),
      [path, options],
    );
  /** Has the page give the token of that number, and count how often it is asked. */
  const authorize = (tokens) =>
    browser.run((tokens) => {
      window.asked = [];
      window.TestChat("authorize", async ({ renew }) => {
        window.asked.push(renew);
        return { "X-Token": tokens[window.asked.length - 1] };
      });
    }, tokens);

  it("are not there without a wish", async () => {
    await show();
    await done("boot");
    assert.deepEqual(await send("a", { method: "POST", body: "hello" }), [200, "hello"]);
    assert.equal(await browser.run(() => window.network.adds_headers()), false);
    assert.deepEqual(site.chat, [{ path: "/chat/a", token: undefined }]);
  });

  it("go with every request to the chat server, and with no other", async () => {
    site.token = "t1";
    await show();
    await authorize(["t1"]);
    await done("boot");
    assert.equal(await browser.run(() => window.network.adds_headers()), true);
    for (const path of ["a", "b"]) {
      assert.deepEqual(await send(path, { method: "POST", body: "hello" }), [200, "hello"]);
    }
    assert.deepEqual(await browser.run(() => window.asked), [false]);
    assert.deepEqual(site.chat.map(({ token }) => token), ["t1", "t1"]);
    assert.deepEqual(site.leaks, [], "no other request has it");
  });

  it("are asked for anew when the server refuses them, once for all requests", async () => {
    site.token = "t2";
    await show();
    await authorize(["t1", "t2", "t3"]);
    await done("boot");
    const answers = await Promise.all(
      ["a", "b", "c"].map((path) => send(path, { method: "POST", body: `body of ${path}` })),
    );
    assert.deepEqual(answers, ["a", "b", "c"].map((path) => [200, `body of ${path}`]));
    assert.deepEqual(await browser.run(() => window.asked), [false, true]);
    // What is refused again is an ordinary failure.
    site.token = "t9";
    assert.equal((await send("d"))[0], 401);
    assert.deepEqual(await browser.run(() => window.asked), [false, true, true]);
  });

  it("are there before the first request, and no chat is without them", async () => {
    site.token = "t1";
    const queue = '<script src="/asks.js"></script>';
    await show({ body: queue + TAG.replace("<script", "<script data-open") });
    await browser.until(() => window.first);
    assert.equal(await browser.run(() => window.first.then(({ status }) => status)), 200);
    assert.deepEqual(site.chat, [{ path: "/chat/first", token: "t1" }]);
    // Without the file that asks for them there is no chat.
    site.reset();
    site.failing.set("/site/api-4.js", Infinity);
    await show({ body: queue + TAG.replace("<script", "<script data-open") });
    const note = await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.textContent.includes("Not loaded.");
    });
    assert.ok(note);
    assert.deepEqual(site.chat, []);
  });

  it("are not sent on to where the server redirects", async () => {
    await show();
    await authorize(["t1"]);
    await done("boot");
    assert.deepEqual(await send("elsewhere"), ["TypeError"]);
    assert.deepEqual(site.leaks, []);
  });

  it("that are wrong, or do not come, let the request fail and are named on the console", async () => {
    await show();
    await done("boot");
    await browser.run(() => {
      window.errors = [];
      console.error = (...words) => window.errors.push(words.join(" "));
    });
    for (const [what, message] of [
      ["throws", /authorize: signed out/],
      ["rejects", /authorize: no token/],
      ["rejectsWithNothing", /authorize: undefined/],
      ["text", /authorize: the function must return an object of headers/],
      ["name", /authorize: "a b" is no header that a page may give/],
      ["taken", /authorize: "Host" is no header that a page may give/],
      ["lines", /authorize: the header "x-token" must be a plain text/],
      ["number", /authorize: the header "x-token" must be a plain text/],
    ]) {
      await browser.run((what) => {
        const wrong = {
          throws: () => {
            throw new Error("signed out");
          },
          rejects: () => Promise.reject(new Error("no token")),
          rejectsWithNothing: () => Promise.reject(),
          text: () => "Bearer secret",
          name: () => ({ "a b": "secret" }),
          taken: () => ({ Host: "secret" }),
          lines: () => ({ "x-token": "secret\n" }),
          number: () => ({ "x-token": 7 }),
        };
        window.errors = [];
        return window.TestChat("authorize", wrong[what]);
      }, what);
      assert.match((await send("a"))[0], /Error$/, what);
      const errors = (await browser.run(() => window.errors)).join("\n");
      assert.match(errors, message);
      assert.doesNotMatch(errors, /secret/);
    }
    assert.deepEqual(await complaints(), []);
    assert.deepEqual(site.chat, []);
    // The next request asks again.
    await authorize(["t1"]);
    assert.equal((await send("b"))[0], 200);
  });
});
