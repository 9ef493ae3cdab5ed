// Tests of the rules that a tenant's file has for pages, in a real browser: what visitors and site owners notice.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser, until } from "./webdriver.mjs";
import { startSite } from "./site.mjs";

const TAG = '<script src="/site/widget.js"></script>';

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
beforeEach(() => site.reset());
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

/** Returns whether an element in the widget can be seen. */
const isSeen = (selector = ".launcher") =>
  browser.run((selector) => {
    const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
    const element = host?.shadowRoot.querySelector(selector);
    return Boolean(element && element.getClientRects().length);
  }, selector);
const seen = (selector) => until(() => isSeen(selector), `${selector ?? "launcher"} to be seen`);
const unseen = (selector) => until(async () => !(await isSeen(selector)), `${selector ?? "launcher"} to go`);
/** Changes the path as a router does, together with what the page shows. */
const go = (path, how = "pushState") =>
  browser.run(
    (path, how) => {
      history[how](null, "", path);
      document.body.append(path);
    },
    path,
    how,
  );
/** Waits until the early script has been imported, and what it decides is there. */
const decided = () =>
  browser.until(() => {
    const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
    return host?.shadowRoot.querySelector(".launcher");
  });

describe("paths", () => {
  beforeEach(() => (site.early = { rules: { show_on: [], hide_on: ["/checkout/*", "/page-*"] } }));

  it("hides the launcher on a path before anything is painted", async () => {
    site.hanging.set("/site/early-6.js", "nothing");
    await show();
    await until(() => site.requests.includes("/site/early-6.js"), "the request for the rules");
    assert.equal(await isSeen(), false);
    site.release("/site/early-6.js");
    await decided();
    assert.equal(await isSeen(), false);
    assert.deepEqual(site.fetched(), ["/site/widget.js", "/site/early-6.js"]);
    assert.deepEqual(await complaints(), []);
  });

  it("follows a page that changes its path by itself, back and forth", async () => {
    await show();
    await decided();
    await go("/basket");
    await seen();
    await go("/checkout");
    await unseen();
    await browser.run(() => history.back());
    await seen();
    await browser.run(() => history.forward());
    await unseen();
    await go("/checkout-help");
    await seen();
    await go("/checkout/pay/now", "replaceState");
    await unseen();
  });

  it("shows it only where it is listed, and not where it is excluded", async () => {
    site.early = { rules: { show_on: ["/shop/*", "/über uns"], hide_on: ["*/pay"] } };
    await show();
    await decided();
    assert.equal(await isSeen(), false);
    for (const [path, is] of [
      ["/shop", true],
      ["/", false],
      ["/shop/a/b", true],
      ["/shop/a/pay", false],
      ["/%C3%BCber%20uns/", true],
      ["/shopping", false],
    ]) {
      await go(path);
      await (is ? seen() : unseen());
    }
  });

  it("follows the routes that a page has in its hash", async () => {
    site.early = { rules: { show_on: [], hide_on: ["*#/checkout/*", "*#!/pay", "*#/", "/help#faq"] } };
    await show();
    await decided();
    // Without a hash, a page is at the root of its routes.
    assert.equal(await isSeen(), false);
    const route = (hash) => browser.run((hash) => void (location.hash = hash), hash);
    for (const [hash, is] of [
      ["#/shop", true],
      ["#/checkout", false],
      ["#/shop/", true],
      ["#/checkout/pay/now", false],
      ["#faq", true],
      ["#/checkout/?step=2", false],
      ["#/shop?from=#/checkout", true],
      ["#!/pay/", false],
      ["#/shop/checkout", true],
      ["#/", false],
    ]) {
      await route(hash);
      await (is ? seen() : unseen());
    }
    await route("#/shop");
    await seen();
    await route("#/checkout");
    await unseen();
    await browser.run(() => history.back());
    await seen();
    await go("/help/#faq");
    await unseen();
    await go("/helping#faq");
    await seen();
    await go("/helping#/checkout", "replaceState");
    await unseen();
    assert.deepEqual(await complaints(), []);
  });

  it("shows it only on the routes that are listed", async () => {
    site.early = { rules: { show_on: ["/shop", "*#/über uns/*"], hide_on: ["/shop#/checkout"] } };
    await show();
    await decided();
    assert.equal(await isSeen(), false);
    for (const [path, is] of [
      ["/app#/%C3%BCber%20uns", true],
      ["/app#/other", false],
      ["/shop/#/basket", true],
      ["/shop#/checkout/", false],
      ["/shop", true],
      ["/", false],
    ]) {
      await go(path);
      await (is ? seen() : unseen());
    }
  });

  it("knows a path with a line break in it", async () => {
    await show();
    await decided();
    await go("/basket");
    await seen();
    await go("/checkout/a%0Ab");
    await unseen();
  });

  it("hides the mounted widget's launcher, too", async () => {
    await show();
    await decided();
    await go("/basket");
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".launcher.own");
    assert.equal(await isSeen(), true);
    await go("/checkout/pay");
    await unseen();
  });

  it("opens where the page asks for it, and keeps a chat that goes on within reach", async () => {
    const body = `${TAG}<button id="ask" data-test-chat-open>Ask</button>`;
    await show({ body });
    await decided();
    await browser.run(() => document.querySelector("#ask").click());
    await seen(".panel");
    await seen();
    const tell = (name) => browser.run((name) => window.emit(name), name);
    await tell("chatStarted");
    await browser.run(() => window.TestChat("close"));
    await unseen(".panel");
    assert.equal(await isSeen(), true);
    await tell("chatEnded");
    await unseen();
    assert.deepEqual(await complaints(), []);
  });

  it("shows a chat that was begun on another page", async () => {
    await show();
    await decided();
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, ""));
    await show();
    await seen();
  });

  it("does not open by itself where it is hidden", async () => {
    await show({ body: '<script src="/site/widget.js" data-open></script>' });
    await decided();
    assert.deepEqual(site.fetched(), ["/site/widget.js", "/site/early-6.js"]);
    await go("/basket");
    await seen();
    assert.deepEqual(await browser.run(() => window.calls), []);
  });

  it("goes on without rules that cannot be fetched", async () => {
    site.failing.set("/site/early-6.js", Infinity);
    await show({ body: '<script src="/site/widget.js" data-open></script>' });
    await seen(".panel");
  });

  it("leaves alone what a call of the page has begun before the rules were there", async () => {
    site.hanging.set("/site/early-6.js", "nothing");
    await show();
    const opened = browser.run(() => window.TestChat("open"));
    await seen(".panel");
    await opened;
    site.release("/site/early-6.js");
    await browser.until(() => performance.getEntriesByName(`${location.origin}/site/early-6.js`).length);
    await browser.run(() => window.TestChat("close"));
    await unseen();
    assert.equal(await browser.run(() => window.calls.filter(({ what }) => what === "mount").length), 1);
  });
});

describe("opening by itself", () => {
  const rules = (more) => ({ rules: { show_on: [], hide_on: ["/checkout/*"], open_once: "visitor", ...more } });
  /** A page with something to have the focus. */
  const page = { body: `${TAG}<input id="name">` };
  const mounts = () => browser.run(() => window.calls.filter(({ what }) => what === "mount"));
  /** Acts as a browser when the mouse leaves the page. */
  const leave = (how = {}) =>
    browser.run((how) => {
      const event = new PointerEvent("pointerleave", { pointerType: "mouse", clientY: -2, ...how });
      document.documentElement.dispatchEvent(event);
    }, how);
  /** Waits as long as an opening would take. */
  const settled = () => browser.run(() => new Promise((resolve) => setTimeout(resolve, 400)));

  it("opens after a time, once, and leaves the page its focus", async () => {
    site.early = rules({ open_after_s: 1 });
    await show(page);
    await decided();
    await browser.run(() => document.querySelector("#name").focus());
    assert.equal(await isSeen(".panel"), false);
    await seen(".panel");
    assert.equal(await browser.run(() => document.activeElement.id), "name");
    const [{ open, focus }] = await mounts();
    assert.deepEqual({ open, focus }, { open: true, focus: false });
    await show(page);
    await decided();
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 1500)));
    assert.deepEqual(await mounts(), []);
  });

  it("does nothing where the tag has gone before the rules have come", async () => {
    site.early = rules({ open_after_s: 1 });
    site.hanging.set("/site/early-6.js", "nothing");
    await show();
    await until(() => site.requests.includes("/site/early-6.js"), "the request for the rules");
    await browser.run(() => document.querySelector('script[src="/site/widget.js"]').remove());
    await browser.run(() => window.TestChat("destroy"));
    site.release("/site/early-6.js");
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 2500)));
    // What carries the call out may have been fetched, but no chat.
    assert.equal(site.fetched().includes("/site/chat-1.js"), false);
    assert.equal(await browser.run(() => Object.keys(localStorage).join()), "");
    assert.deepEqual(await complaints(), []);
  });

  it("opens when the mouse leaves through the upper edge", async () => {
    site.early = rules({ open_on_exit: true });
    await show(page);
    await decided();
    await leave({ clientY: 300 });
    await leave({ pointerType: "touch" });
    await settled();
    assert.equal(await isSeen(".panel"), false);
    await leave();
    await seen(".panel");
    await browser.run(() => window.TestChat("close"));
    await unseen(".panel");
    await leave();
    await settled();
    assert.equal(await isSeen(".panel"), false);
  });

  it("opens a widget that intent has mounted already, without the focus", async () => {
    site.early = rules({ open_on_exit: true });
    await show(page);
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".launcher.own");
    await browser.leave();
    await leave();
    await seen(".panel");
    const { open, focus } = (await mounts()).at(-1);
    assert.deepEqual({ open, focus }, { open: true, focus: false });
  });

  describe("as an invitation", () => {
    const INVITATION = { en: { text: "Can we help?", dismiss: "Dismiss" } };
    const invites = (more) => ({ ...rules({ open_on_exit: true, open_as: "invitation", ...more }), invitation: INVITATION });
    beforeEach(() => (site.early = invites()));
    /** Opens a page and acts until the invitation is there. */
    const invited = async () => {
      await show(page);
      await decided();
      await leave();
      await seen(".invitation");
    };

    it("loads no chat and leaves the focus with the page; a press opens the panel", async () => {
      await show(page);
      await decided();
      await browser.run(() => document.querySelector("#name").focus());
      await leave();
      await seen(".invitation");
      assert.equal(await browser.run(() => document.activeElement.id), "name");
      assert.equal(site.fetched().includes("/site/chat-1.js"), false);
      await browser.click(await browser.inWidget(".accept"));
      await seen(".panel");
      assert.equal((await mounts())[0].focus, true);
      assert.equal(await isSeen(".invitation"), false);
      assert.deepEqual(await complaints(), []);
    });

    it("is there on phones, dismissed for good, and the focus goes to the launcher", async () => {
      await browser.resize(420, 800);
      try {
        await invited();
        const close = await browser.inWidget(".dismiss");
        assert.equal(await browser.name(close), "Dismiss");
        await browser.click(close);
        await unseen(".invitation");
        const focused = await browser.run(() => {
          const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
          return host.shadowRoot.activeElement.className;
        });
        assert.match(focused, /launcher/);
        await show(page);
        await decided();
        await leave();
        await settled();
        assert.equal(await isSeen(".invitation"), false);
      } finally {
        await browser.resize(1000, 800);
      }
    });

    it("goes when the panel is opened otherwise, and stays when the pointer brings the chat", async () => {
      await invited();
      await browser.hover(await browser.inWidget(".launcher"));
      await browser.inWidget(".launcher.own");
      await seen(".invitation");
      await browser.run(() => window.TestChat("open"));
      await unseen(".invitation");
      assert.deepEqual(await complaints(), []);
    });

    it("is out of sight where the launcher is, and says it in the page's language", async () => {
      site.words = { ar: { module: {}, loader: {}, invitation: { text: "هل لديك سؤال؟", dismiss: "إخفاء" } } };
      await show({ ...page, lang: "ar" });
      await browser.until(() => window.TestChat);
      await until(() => site.requests.includes("/site/ar-11.json"), "the words");
      await browser.run(() => window.TestChat("getState"));
      await leave();
      await seen(".invitation");
      const words = await browser.run(() => {
        const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
        const { textContent, lang } = host.shadowRoot.querySelector(".invitation");
        return [textContent, lang];
      });
      assert.deepEqual(words, ["هل لديك سؤال؟", "ar"]);
      await go("/checkout/1");
      await unseen(".invitation");
    });
  });

  it("is once in a tab where the tenant wants that", async () => {
    site.early = rules({ open_on_exit: true, open_once: "session" });
    await show(page);
    await decided();
    await leave();
    await seen(".panel");
    const kept = () => browser.run(() => [localStorage, sessionStorage].map((storage) => storage.length));
    assert.deepEqual(await kept(), [0, 1]);
    await show(page);
    await decided();
    await leave();
    await settled();
    assert.deepEqual(await mounts(), []);
  });

  it("does not open for somebody who knows the panel, or chats", async () => {
    site.early = rules({ open_on_exit: true });
    await show(page);
    await decided();
    await browser.run(() => window.TestChat("open"));
    await seen(".panel");
    await show(page);
    await decided();
    await leave();
    await settled();
    assert.deepEqual(await mounts(), []);
    assert.deepEqual(await complaints(), []);
  });

  it("does not open where the launcher is hidden, by a rule or by the page", async () => {
    site.early = rules({ open_on_exit: true });
    await show(page);
    await decided();
    await go("/checkout/pay");
    await leave();
    await go("/");
    await browser.run(() => window.TestChat("hide"));
    await leave();
    await settled();
    assert.deepEqual(await mounts(), []);
    await browser.run(() => window.TestChat("show"));
    await leave();
    await seen(".panel");
  });

  it("does not open where the browser keeps no mark of it", async () => {
    site.early = rules({ open_on_exit: true });
    await show({ ...page, head: '<script src="/full.js"></script>' });
    await decided();
    await leave();
    await settled();
    assert.deepEqual(await mounts(), []);
    assert.deepEqual(await complaints(), []);
  });

  it("does not open over a narrow window", async () => {
    site.early = rules({ open_on_exit: true });
    await browser.resize(400, 800);
    try {
      await show(page);
      await decided();
      await leave();
      await settled();
      // A driver may have no windows so narrow.
      if (await browser.run(() => innerWidth <= 480)) assert.deepEqual(await mounts(), []);
    } finally {
      await browser.resize(1000, 800);
    }
    await leave();
    await seen(".panel");
  });
});

describe("business hours", () => {
  const DAY = 24 * 60;
  const always = Array(7).fill([[0, DAY]]);
  const TEXTS = {
    en: { closed: "Closed.", closedUntil: "Closed until {time}." },
    de: { closed: "Zu.", closedUntil: "Zu bis {time}." },
  };
  const hours = (more) => ({ hours: { zone: "UTC", closed: "hide", week: always, holidays: {}, texts: TEXTS, ...more } });
  const closed = (more) => hours({ week: Array(7).fill([]), ...more });
  const mounts = () => browser.run(() => window.calls.filter(({ what }) => what === "mount"));
  const tell = (name) => browser.run((name) => window.emit(name), name);
  /** Sets the page's clock, which the script reads, to an instant; it goes on from there. */
  const clock = (instant) => `<script src="/clock.js?${Number(new Date(instant))}"></script>`;

  it("leave everything as it is while it is open", async () => {
    site.early = hours();
    await show();
    await seen();
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    assert.equal((await mounts())[0].config, '{"from":"config-3.json"}');
  });

  it("hide the launcher where the tenant wants that, but not a chat", async () => {
    site.early = closed();
    await show({ body: '<script src="/site/widget.js" data-open></script>' });
    await decided();
    assert.equal(await isSeen(), false);
    assert.deepEqual(site.fetched(), ["/site/widget.js", "/site/early-6.js"]);
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, ""));
    await show();
    await seen();
    assert.deepEqual(await complaints(), []);
  });

  it("introduce the form by a notice, with the next opening", async () => {
    site.early = closed({ closed: "notice", week: [[], [[540, 600]], [], [], [], [], []] });
    site.config = '{"tenant":"acme","form":{"fields":[]}}';
    await show({ head: clock("2026-06-05T12:00:00Z") });
    await seen();
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    const config = JSON.parse((await mounts())[0].config);
    const time = (tag) =>
      browser.run(
        (tag) =>
          new Intl.DateTimeFormat(tag, { hour: "numeric", minute: "2-digit", weekday: "long" }).format(
            Date.UTC(2026, 5, 8, 9),
          ),
        tag,
      );
    assert.deepEqual(config, {
      tenant: "acme",
      form: {
        fields: [],
        intro: { en: `Closed until ${await time("en")}.` },
      },
    });
  });

  it("name the next opening anew when the day changes", async () => {
    site.early = closed({ closed: "notice", week: [[], [[540, 600]], [], [], [], [], []] });
    site.config = '{"form":{}}';
    // The visitor's clock, whatever the zone: the evening before the Monday on which it opens.
    const opening = new Date("2026-06-08T09:00:00Z");
    const midnight = new Date(opening).setHours(0, 0, 0, 0);
    const notice = (options) =>
      browser.run(
        (options, opening) => `Closed until ${new Intl.DateTimeFormat("en", options).format(opening)}.`,
        { hour: "numeric", minute: "2-digit", ...options },
        Number(opening),
      );
    const told = async () => JSON.parse((await mounts()).at(-1).config).form.intro.en;
    await show({ head: clock(new Date(midnight - 5000)) });
    await browser.hover(await browser.inWidget(".launcher"));
    await browser.inWidget(".launcher.own");
    assert.equal(await told(), await notice({ weekday: "long" }));
    // What is mounted, and not in use, is taken off: the next time it begins with the notice of the new day.
    await browser.inWidget(".launcher:not(.own)");
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    assert.equal(await told(), await notice({}));
  });

  it("leave a panel that is open alone when the day changes, and name it anew when that is closed", async () => {
    site.early = closed({ closed: "notice", week: [[], [[540, 600]], [], [], [], [], []] });
    site.config = '{"form":{}}';
    const midnight = new Date("2026-06-08T09:00:00Z").setHours(0, 0, 0, 0);
    await show({ head: clock(new Date(midnight - 3000)) });
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    await browser.until((instant) => window.isAfter(instant), midnight + 1000);
    assert.equal(await isSeen(".panel"), true);
    await browser.run(() => window.TestChat("close"));
    await browser.inWidget(".launcher:not(.own)");
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    const intros = (await mounts()).map(({ config }) => JSON.parse(config).form.intro.en);
    assert.equal(new Set(intros).size, 2, intros.join());
  });

  it("change while the page is open", async () => {
    site.early = hours({ week: Array(7).fill([[540, 600]]) });
    await show({ head: clock("2026-06-05T08:59:57Z") });
    await decided();
    assert.equal(await isSeen(), false);
    await seen();
    await show({ head: clock("2026-06-05T09:59:57Z") });
    await decided();
    assert.equal(await isSeen(), true);
    await unseen();
  });

  it("do not end a chat, nor close a panel", async () => {
    site.early = hours({ week: Array(7).fill([[540, 600]]) });
    await show({ head: clock("2026-06-05T09:59:57Z") });
    await browser.click(await browser.inWidget(".launcher"));
    await seen(".panel");
    await browser.until((instant) => window.isAfter(instant), Date.parse("2026-06-05T10:00:01Z"));
    assert.equal(await isSeen(".panel"), true);
    await tell("chatStarted");
    await browser.run(() => window.TestChat("close"));
    await unseen(".panel");
    assert.equal(await isSeen(), true);
    await tell("chatEnded");
    await unseen();
    assert.deepEqual(await browser.run(() => window.calls.filter(({ what }) => what === "unmount")), []);
  });

  it("are none where the browser does not know the zone", async () => {
    site.early = { ...closed({ zone: "Europe/Nowhere" }), rules: { show_on: [], hide_on: ["/checkout"] } };
    await show();
    await seen();
    await go("/checkout");
    await unseen();
  });

  it("keep the panel from opening by itself", async () => {
    site.early = { ...closed({ closed: "notice" }), rules: { show_on: [], hide_on: [], open_on_exit: true } };
    await show({ body: '<script src="/site/widget.js" data-open></script>' });
    await seen();
    await browser.run(() =>
      document.documentElement.dispatchEvent(
        new PointerEvent("pointerleave", { pointerType: "mouse", clientY: -2 }),
      ),
    );
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 400)));
    assert.deepEqual(await mounts(), []);
  });
});
