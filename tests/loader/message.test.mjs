// Tests of the form for messages in a real browser: what visitors and site owners notice.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser, until } from "./webdriver.mjs";
import { ARABIC, MESSAGE, startSite } from "./site.mjs";

const TAG = '<script src="/site/widget.js"></script>';
const ESCAPE = "\uE00C";
const TAB = "\uE004";
const ENTER = "\uE007";
const NEVER = Array(7).fill([]);
const HOURS = {
  zone: "UTC",
  closed: "message",
  week: NEVER,
  holidays: {},
  texts: { en: { closed: "We are closed.", closedUntil: "We are closed until {time}." } },
};

let browser;
let site;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  await browser.resize(1000, 800);
});
after(async () => {
  await browser?.stop();
  await site?.stop();
});
beforeEach(() => {
  site.reset();
  site.message = structuredClone(MESSAGE);
  site.early = { hours: structuredClone(HOURS) };
});
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.leave();
  await browser.run(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
});

const show = (page = {}) => browser.open(site.page({ body: TAG, ...page }));
const complaints = () => browser.run(() => window.complaints);
const calls = (what) => browser.run((what) => window.calls.filter((call) => call.what === what), what);

/** Runs a function on the first element in the widget that matches, or on nothing. */
const look = (selector, fn) =>
  browser.run(
    `(selector) => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const element = host?.shadowRoot.querySelector(selector);
      return (${fn})(element, host?.shadowRoot);
    }`,
    selector,
  );
const isSeen = (selector) => look(selector, (element) => Boolean(element && element.getClientRects().length));
const seen = (selector) => until(() => isSeen(selector), `${selector} to be seen`);
const unseen = (selector) => until(async () => !(await isSeen(selector)), `${selector} to go`);
const text = (selector) => look(selector, (element) => element?.textContent);
const says = (selector, words) => until(async () => (await text(selector)) === words, `${selector}: ${words}`);
const focused = () => look("*", (_, root) => root.activeElement?.getAttribute("name") ?? root.activeElement?.className);
const state = (wish) => until(async () => (await look(".leave", (panel) => panel?.dataset.state)) === wish, wish);
const posted = () => until(() => site.posted.length && site.posted, "a message");
/** Clicks on something in the widget. */
const click = async (selector) => browser.click(await browser.inWidget(selector));
const openForm = async () => {
  await click(".launcher");
  await seen(".leave");
};
/** Fills in the form as a visitor does: with the keys. */
const fill = async (answers) => {
  for (const [name, words] of Object.entries(answers)) {
    // Not by a click: a driver may not scroll to what is below the fold of the panel.
    await look(`.leave [name=${name}]`, (field) => field.focus());
    await browser.press(...words);
  }
};
/** Presses the tabulator until something has the focus. Some browsers stop at what can be scrolled, too. */
const tabTo = (wish) =>
  until(async () => {
    await browser.press(TAB);
    return (await focused()) === wish;
  }, wish);
const values = () =>
  look("form", (form) => Object.fromEntries([...form.querySelectorAll(".field [name]")].map((f) => [f.name, f.value])));

describe("when the business is closed", () => {
  it("takes a message instead of a chat", async () => {
    await show();
    await openForm();
    assert.equal(await text(".notice"), "We are closed.");
    assert.equal(await look(".leave", (panel) => panel.getAttribute("aria-labelledby")), "leave-title");
    // What is said when it is sent takes no room before.
    assert.equal(await isSeen(".done"), false);
    await fill({ name: "Ann", email: "ann@shop.example", message: "Hello there" });
    await click(".leave [type=submit]");
    await state("sent");
    assert.equal(await text(".done p"), "Thank you.");
    assert.equal(await isSeen(".leave form"), false);
    const [message] = await posted();
    const { id, page, ...rest } = message;
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(new URL(page).search, "");
    assert.deepEqual(rest, {
      type: "application/json",
      name: "Ann",
      email: "ann@shop.example",
      message: "Hello there",
      website: "",
      locale: "en",
    });
    await click(".done button");
    await unseen(".leave");
    await openForm();
    assert.deepEqual(await values(), { name: "", email: "", message: "" });
    assert.deepEqual(await calls("mount"), []);
    assert.ok(!site.fetched().some((path) => path.includes("chat-")));
    assert.deepEqual(await complaints(), []);
  });

  it("fetches the form on intent, and opens it on a click or where the page asks", async () => {
    await show({ body: `${TAG}<button id="ask" data-test-chat-open>Ask</button>` });
    await browser.inWidget(".launcher");
    assert.deepEqual(site.fetched(), ["/site/widget.js", "/site/early-6.js"]);
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".leave");
    assert.equal(await isSeen(".leave"), false);
    await browser.run(() => document.querySelector("#ask").click());
    await seen(".leave");
    await browser.run(() => window.TestChat("close"));
    await unseen(".leave");
    await browser.run(() => window.TestChat("open"));
    await seen(".leave");
    assert.deepEqual(await complaints(), []);
  });

  it("says which answers are missing or wrong, and leads to the first", async () => {
    await show();
    await openForm();
    await click(".leave [type=submit]");
    await says("#leave-email-error", "Please fill this in.");
    assert.equal(await text("#leave-name-error"), "");
    assert.equal(await text("#leave-message-error"), "Please fill this in.");
    assert.equal(await focused(), "email");
    const described = () =>
      look("#leave-email", (input) => [input.getAttribute("aria-invalid"), input.getAttribute("aria-describedby")]);
    assert.deepEqual(await described(), ["true", "leave-email-error"]);
    await browser.press(..."ann@shop");
    await says("#leave-email-error", "");
    assert.deepEqual(await described(), [null, null]);
    await browser.press(ENTER);
    await says("#leave-email-error", "Please check the address.");
    assert.equal(await browser.name(await browser.inWidget("#leave-email")), "Email");
    assert.deepEqual(site.posted, []);
  });

  it("keeps what was typed when it cannot be sent, and sends the same message again", async () => {
    site.taking = 503;
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await state("failed");
    assert.equal(await text(".alerts span"), "Not sent.");
    assert.equal(await look(".alerts a", (link) => link.href), "tel:+4420");
    assert.equal(await text(".leave [type=submit]"), "Again");
    assert.deepEqual(await values(), { name: "", email: "ann@shop.example", message: "Hello" });
    site.taking = undefined;
    await click(".leave [type=submit]");
    await until(() => site.posted.length > 1, "a second try");
    await state("failed");
    assert.equal(new Set(site.posted.map(({ id }) => id)).size, 1);
    site.taking = 204;
    await fill({ message: "!" });
    await click(".leave [type=submit]");
    await state("sent");
    // It is another message now.
    assert.equal(new Set(site.posted.map(({ id }) => id)).size, 2);
  });

  for (const frame of ["never", "always"]) {
    it(`tells the page once that a message was left, and nothing of it, with the chat's frame "${frame}"`, async () => {
      site.build.frame = frame;
      site.taking = 503;
      await show();
      await browser.run(async () => {
        window.told = [];
        await window.TestChat("on", "messageLeft", (detail) => window.told.push({ on: detail }));
        document.addEventListener("test-chat:messageLeft", ({ detail }) => window.told.push({ dom: detail }));
        document.addEventListener("test-chat:analytics", ({ detail }) => {
          if (detail.event === "messageLeft") window.told.push({ analytics: detail });
        });
      });
      const told = () => browser.run(() => window.told);
      await openForm();
      await fill({ email: "ann@shop.example", message: "Hello" });
      await click(".leave [type=submit]");
      await state("failed");
      assert.deepEqual(await told(), []);
      site.taking = 204;
      await click(".leave [type=submit]");
      await state("sent");
      await until(async () => (await told()).length === 3, "the event, three ways");
      const all = Object.assign({}, ...(await told()));
      assert.deepEqual(all, { on: {}, dom: {}, analytics: { event: "messageLeft" } });
    });
  }

  it("does not take the page that an address leads on to for an answer", async () => {
    site.taking = 302;
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await state("failed");
    assert.equal(site.posted.length, 1);
    assert.deepEqual(await values(), { name: "", email: "ann@shop.example", message: "Hello" });
  });

  it("sends once, however often the button is pressed, and shows that it does", async () => {
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await look("form", (form) => {
      const button = form.querySelector("[type=submit]");
      for (let press = 0; press < 3; press += 1) button.click();
    });
    await state("sent");
    assert.equal(site.posted.length, 1);
  });

  it("keeps what was typed over closing and reloading", async () => {
    await show();
    await openForm();
    await fill({ message: "A long story" });
    await browser.press(ESCAPE);
    await unseen(".leave");
    assert.equal(await focused(), "launcher");
    await browser.reload();
    await openForm();
    assert.deepEqual(await values(), { name: "", email: "", message: "A long story" });
  });

  it("sends the same message again after a reload in the midst of sending", async () => {
    site.taking = "later";
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await posted();
    site.taking = 204;
    await browser.reload();
    await openForm();
    assert.equal((await values()).message, "Hello");
    await click(".leave [type=submit]");
    await state("sent");
    // The same words once more, on purpose, are another message.
    await click(".done button");
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await state("sent");
    const [first, again, another] = site.posted.map(({ id }) => id);
    assert.equal(again, first);
    assert.notEqual(another, first);
  });

  it("sends another message after a reload where it was changed", async () => {
    site.taking = "later";
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await posted();
    site.taking = 204;
    await browser.reload();
    await openForm();
    await fill({ message: "!" });
    await click(".leave [type=submit]");
    await state("sent");
    const [first, second] = site.posted;
    assert.equal(second.message, "Hello!");
    assert.notEqual(second.id, first.id);
  });

  it("stores nothing where the tenant does not want that", async () => {
    site.message.keeps = false;
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "A long story" });
    const stored = () => browser.run(() => sessionStorage.length + localStorage.length);
    assert.equal(await stored(), 0);
    site.taking = 503;
    await click(".leave [type=submit]");
    await state("failed");
    assert.equal(await stored(), 0);
  });

  it("masks numbers before they are sent or kept, but for the address, and says so", async () => {
    site.message.mask = { cards: true, ibans: false };
    await show();
    await openForm();
    await fill({ name: "Ann", email: "4111111111111111@shop.example", message: "Card 4111 1111 1111 111" });
    assert.equal(await text(".mask-note"), "");
    await fill({ message: "1 or GB82WEST12345698765432" });
    await says(".mask-note", "Numbers are hidden.");
    const typed = "Card 4111 1111 1111 1111 or GB82WEST12345698765432";
    const masked = "Card **** **** **** 1111 or GB82WEST12345698765432";
    assert.equal((await values()).message, typed);
    const kept = await browser.run(() => Object.values({ ...sessionStorage, ...localStorage }).join());
    assert.ok(kept.includes(masked) && !kept.includes("4111 1111"), kept);
    await click(".leave [type=submit]");
    await state("sent");
    const [{ name, email, message }] = await posted();
    assert.deepEqual({ name, email, message }, { name: "Ann", email: "4111111111111111@shop.example", message: masked });
    assert.equal(await text(".mask-note"), "");
  });

  it("sends numbers as they are where the tenant does not mask them", async () => {
    await show();
    await openForm();
    await fill({ email: "ann@shop.example", message: "4111 1111 1111 1111" });
    assert.equal(await isSeen(".mask-note"), false);
    await click(".leave [type=submit]");
    await state("sent");
    assert.equal((await posted())[0].message, "4111 1111 1111 1111");
  });

  it("is used by the keyboard alone", async () => {
    await show();
    await browser.inWidget(".launcher");
    await look(".launcher", (launcher) => launcher.focus());
    await browser.inWidget(".leave");
    await browser.press(ENTER);
    await seen(".leave");
    for (const [name, words] of [["name", "Ann"], ["email", "ann@shop.example"], ["message", "Hello"]]) {
      await tabTo(name);
      await browser.press(...words);
    }
    await tabTo("submit");
    await browser.press(ENTER);
    await state("sent");
    const [{ name, email, message }] = await posted();
    assert.deepEqual({ name, email, message }, { name: "Ann", email: "ann@shop.example", message: "Hello" });
    await browser.press(ENTER);
    await unseen(".leave");
    assert.equal(await focused(), "launcher");
  });

  it("keeps the visitor's keys from the page", async () => {
    await show({ body: `${TAG}<script src="/keys.js"></script>` });
    await openForm();
    await fill({ message: "jk/" });
    assert.deepEqual(await browser.run(() => window.keys), []);
  });

  it("is written from right to left in a language that is", async () => {
    site.words = { ar: ARABIC };
    await show({ lang: "ar" });
    await openForm();
    assert.deepEqual(await look(".leave", (panel) => [panel.dir, panel.lang]), ["rtl", "ar"]);
    assert.equal(await text("#leave-title"), "اترك رسالة");
  });

  it("changes its language, and leaves what was typed and the focus", async () => {
    site.words = { ar: ARABIC };
    await show();
    await openForm();
    await click(".leave [type=submit]");
    await says("#leave-email-error", "Please fill this in.");
    await fill({ message: "Hello" });
    await browser.run(() => window.TestChat("setLocale", "ar"));
    await says("#leave-title", "اترك رسالة");
    assert.deepEqual(await look(".leave", (panel) => [panel.dir, panel.lang]), ["rtl", "ar"]);
    assert.equal(await text(".notice"), "مغلق");
    assert.equal(await text("#leave-email-error"), "مطلوب");
    assert.equal(await text("[for=leave-email]"), "البريد");
    assert.equal(await look(".close", (button) => button.getAttribute("aria-label")), "إغلاق");
    assert.equal((await values()).message, "Hello");
    assert.equal(await focused(), "message");
    // Where there are no words, there are English ones.
    assert.equal(await text(".leave [type=submit]"), "Send");
    site.taking = 503;
    await fill({ email: "ann@shop.example" });
    await click(".leave [type=submit]");
    await state("failed");
    assert.equal(await text(".alerts span"), "لم ترسل");
    await browser.run(() => window.TestChat("setLocale", "en"));
    await says(".alerts span", "Not sent.");
    site.taking = 204;
    await click(".leave [type=submit]");
    await state("sent");
    await browser.run(() => window.TestChat("setLocale", "ar"));
    await says(".done p", "شكرا");
    assert.equal(site.posted.at(-1).locale, "en");
    assert.deepEqual(await complaints(), []);
  });

  for (const when of ["before it is there", "while it is open"]) {
    it(`takes the page's theme, ${when}, and leaves what was typed and the focus`, async () => {
      const restyle = (theme) => browser.run((theme) => window.TestChat("setTheme", theme), theme);
      const colours = () =>
        look(".leave", (panel) => {
          const { backgroundColor, color, colorScheme, borderRadius } = getComputedStyle(panel);
          return [backgroundColor, color, colorScheme, borderRadius];
        });
      await show();
      await browser.inWidget(".launcher");
      const theme = { scheme: "dark", tokens: { surface: "rgb(1, 2, 3)", radius: "5px" } };
      if (when.startsWith("before")) await restyle(theme);
      await openForm();
      await fill({ message: "Hello" });
      if (when.startsWith("while")) {
        assert.deepEqual(await colours(), ["rgb(255, 255, 255)", "rgb(22, 29, 43)", "light", "16px"]);
        await restyle(theme);
      }
      assert.deepEqual(await colours(), ["rgb(1, 2, 3)", "rgb(236, 239, 245)", "dark", "5px"]);
      assert.equal((await values()).message, "Hello");
      assert.equal(await focused(), "message");
      await restyle("light");
      assert.deepEqual(await colours(), ["rgb(1, 2, 3)", "rgb(22, 29, 43)", "light", "5px"]);
      assert.deepEqual(await complaints(), []);
    });
  }

  it("resumes a chat that goes on", async () => {
    await show();
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, ""));
    await show();
    await browser.inWidget(".launcher.own");
    assert.equal((await calls("mount")).length, 1);
  });

  it("refuses the page's commands that need a chat", async () => {
    await show();
    const call = (...words) =>
      browser.run((words) => window.TestChat(...words).then(JSON.stringify, ({ message }) => message), words);
    assert.equal(await call("sendMessage", "Hello"), "sendMessage: there is no chat at this time");
    assert.equal(await call("getTranscript"), "[]");
    assert.equal(JSON.parse(await call("getState")).isOpen, false);
    await call("open");
    assert.equal(JSON.parse(await call("getState")).isOpen, true);
  });

  it("gives way to the chat when it opens, and takes its place when it closes", async () => {
    site.early.hours.week = Array(7).fill([[540, 600]]);
    await show({ head: `<script src="/clock.js?${Date.parse("2026-06-05T08:59:57Z")}"></script>` });
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".leave");
    await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return !host.shadowRoot.querySelector(".leave");
    });
    await click(".launcher");
    await seen(".panel");
    await show({ head: `<script src="/clock.js?${Date.parse("2026-06-05T09:59:56Z")}"></script>` });
    await browser.leave();
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".launcher.own");
    await browser.inWidget(".launcher:not(.own)");
    await openForm();
    assert.deepEqual(await complaints(), []);
  });

  it("names the next opening anew when the day changes, also in the open form", async () => {
    site.early.hours.week = [[], [[540, 600]], [], [], [], [], []];
    const opening = new Date("2026-06-08T09:00:00Z");
    const midnight = new Date(opening).setHours(0, 0, 0, 0);
    const notice = (options) =>
      browser.run(
        (options, opening) => `We are closed until ${new Intl.DateTimeFormat("en", options).format(opening)}.`,
        { hour: "numeric", minute: "2-digit", ...options },
        Number(opening),
      );
    await show({ head: `<script src="/clock.js?${midnight - 5000}"></script>` });
    await openForm();
    await fill({ message: "Hello" });
    assert.equal(await text(".notice"), await notice({ weekday: "long" }));
    await says(".notice", await notice({}));
    assert.equal((await values()).message, "Hello");
    assert.equal(await focused(), "message");
    assert.deepEqual(await complaints(), []);
  });

  it("does not take away what is being written when it opens", async () => {
    site.early.hours.week = Array(7).fill([[540, 600]]);
    await show({ head: `<script src="/clock.js?${Date.parse("2026-06-05T08:59:56Z")}"></script>` });
    await openForm();
    await fill({ message: "Hello" });
    await browser.until((instant) => window.isAfter(instant), Date.parse("2026-06-05T09:00:01Z"));
    await browser.press(ESCAPE);
    await unseen(".leave");
    await openForm();
    assert.equal((await values()).message, "Hello");
  });

  it("covers a narrow window, and keeps the page from scrolling", async () => {
    await browser.resize(400, 800);
    try {
      await show({ body: `${TAG}<div style="height:3000px"></div>` });
      // A driver may have no windows so narrow.
      if (!(await browser.run(() => innerWidth <= 480))) return;
      await openForm();
      const box = () => look(".leave", (panel) => [panel.matches(":modal"), panel.getBoundingClientRect().width]);
      assert.deepEqual(await box(), [true, await browser.run(() => innerWidth)]);
      assert.equal(await browser.run(() => getComputedStyle(document.documentElement).overflow), "hidden");
      await browser.press(ESCAPE);
      await unseen(".leave");
      assert.notEqual(await browser.run(() => getComputedStyle(document.documentElement).overflow), "hidden");
    } finally {
      await browser.resize(1000, 800);
    }
  });

  it("falls back to the chat where the form cannot be fetched", async () => {
    site.failing.set("/site/message-7.js", Infinity);
    await show();
    await click(".launcher");
    await seen(".panel");
  });
});

describe("when the chat is unreachable", () => {
  beforeEach(() => (site.early = {}));

  it("is offered where the chat could not be loaded, and the next click tries the chat again", async () => {
    site.failing.set("/site/chat-2.wasm", Infinity);
    await show();
    await click(".launcher");
    await says(".note .offer", "Leave a message");
    assert.equal(await text(".note button"), "Again");
    await click(".note .offer");
    await seen(".leave");
    await fill({ message: "Hello" });
    await browser.press(ESCAPE);
    await unseen(".leave");
    site.failing.clear();
    await click(".launcher");
    await seen(".panel");
  });

  it("sends the same message again from a form that was closed meanwhile", async () => {
    await show({ head: '<script src="/no-wasm.js"></script>' });
    site.taking = 503;
    for (const times of [1, 2]) {
      await click(".launcher");
      await says(".note .offer", "Leave a message");
      await click(".note .offer");
      await seen(".leave");
      if (times === 1) await fill({ email: "ann@shop.example", message: "Hello" });
      await click(".leave [type=submit]");
      await until(() => site.posted.length === times, "a try");
      await state("failed");
      await browser.press(ESCAPE);
      await unseen(".leave");
    }
    assert.equal(new Set(site.posted.map(({ id }) => id)).size, 1);
  });

  it("is offered where the chat cannot run", async () => {
    await show({ head: '<script src="/no-wasm.js"></script>' });
    await click(".launcher");
    await says(".note .offer", "Leave a message");
    await click(".note .offer");
    await seen(".leave");
    await fill({ email: "ann@shop.example", message: "Hello" });
    await click(".leave [type=submit]");
    await state("sent");
  });

  it("costs a page nothing but the question", async () => {
    await show();
    await click(".launcher");
    await seen(".panel");
    assert.ok(!site.fetched().some((path) => path.includes("message-7")));
  });
});
