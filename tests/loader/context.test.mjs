// Tests of what the contact centre is told of the page. The module is a stand-in.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { startSite } from "./site.mjs";

const TAG = '<script src="/site/widget.js" data-context-cart-value="240"></script>';
const CONTEXT = {
  names: { url: "Page", title: "Title", referrer: "From", locale: "Language", time_zone: "Zone" },
  data: { "cart-value": "Cart", absent: "Absent" },
  keep_query: ["utm_source"],
  keep_hash: false,
  follow: true,
};

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
beforeEach(() => {
  site.reset();
  site.context = structuredClone(CONTEXT);
  site.config = JSON.stringify({ server: { user_data: { shop: "x" } } });
});
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.run(() => localStorage.clear());
});

const boot = () => browser.run(() => window.TestChat("boot").then(() => true));
const mounts = () => browser.run(() => window.calls.filter(({ what }) => what === "mount"));
/** Returns the user data that the module was mounted with. */
const mounted = async () => JSON.parse((await mounts())[0].config).server.user_data;
/** Returns the user data that the module was handed later, one object for each call. */
const told = () =>
  browser.run(() => window.calls.filter(({ command }) => command === "setUserData").map(({ args }) => args[0]));
/** Marks that there is a chat that goes on. */
const markChat = () =>
  browser.run(() => localStorage.setItem("chat-live:" + new URL("/site/", location.href).href, ""));

describe("the page", () => {
  it("is told of by the names of the tenant's file, without what may be secret", async () => {
    const address = site.page({ body: TAG });
    await browser.open(site.page({ body: `<a id="link" href="${address}?token=t&utm_source=mail&q=x#order-7">on</a>` }) + "?sid=1");
    await browser.run(() => document.querySelector("#link").click());
    await browser.until(() => window.TestChat);
    await boot();
    const { shop, Page, Title, From, Language, Zone, Cart, ...rest } = await mounted();
    assert.equal(shop, "x");
    assert.equal(Page, `${address}?utm_source=mail`);
    assert.equal(Title, "Shop");
    // The whole address, as both pages are of one origin.
    assert.match(From, /\/page-\d+\.html$/);
    assert.equal(Language, await browser.run(() => navigator.language));
    assert.equal(Zone, await browser.run(() => Intl.DateTimeFormat().resolvedOptions().timeZone));
    assert.equal(Cart, "240");
    assert.deepEqual(rest, {});
    assert.equal((await browser.run(() => window.calls.filter(({ what }) => what === "load"))).length, 0);
  });

  it("keeps its fragment where the tenant wants it, and long values are cut", async () => {
    site.context.keep_hash = true;
    await browser.open(site.page({ body: TAG }) + "#tents");
    await browser.run(() => (document.title = "long ".repeat(1000)));
    await boot();
    const { Page, Title } = await mounted();
    assert.match(Page, /\.html#tents$/);
    assert.equal(Title.length, 1000);
  });

  it("does not win over what it says itself", async () => {
    await browser.open(site.page({ body: TAG }));
    await browser.run(() => window.TestChat("setUserData", { Title: "Tents", own: "1" }));
    await boot();
    const { Title, own } = await mounted();
    assert.deepEqual([Title, own], ["Tents", "1"]);
  });

  it("is not read where nothing is told", async () => {
    site.context = undefined;
    await browser.open(site.page({ body: TAG }));
    await boot();
    assert.deepEqual(await mounted(), { shop: "x" });
    assert.ok(!(await site.fetched()).some((path) => path.includes("context-8")));
  });

  it("has a chat although the script that tells of it cannot be had", async () => {
    site.failing.set("/site/context-8.js", Infinity);
    await browser.open(site.page({ body: TAG }));
    await boot();
    assert.deepEqual(await mounted(), { shop: "x" });
  });
});

describe("a chat that goes on", () => {
  it("is told of the page on which it is taken up, and of each path that the page shows", async () => {
    await browser.open(site.page({ body: "" }));
    await markChat();
    const address = site.page({ body: TAG });
    await browser.open(address + "?token=t");
    await browser.until(() => window.calls.some(({ command }) => command === "setUserData"));
    assert.deepEqual(await told(), [{ Page: address, Title: "Shop" }]);
    await browser.run(() => {
      history.pushState(null, "", "/tents/blue?token=t");
      document.title = "The blue tent";
    });
    await browser.until(() => window.calls.filter(({ command }) => command === "setUserData").length === 2);
    assert.deepEqual((await told())[1], { Page: `${site.origin}/tents/blue`, Title: "The blue tent" });
  });

  it("is told of no further page where the tenant does not want it", async () => {
    site.context.follow = false;
    await browser.open(site.page({ body: "" }));
    await markChat();
    await browser.open(site.page({ body: TAG }));
    await browser.until(() => window.calls.some(({ what }) => what === "mount"));
    await browser.run(() => history.pushState(null, "", "/tents"));
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 1500)));
    assert.deepEqual(await told(), []);
  });
});

it("a chat that is to begin is told of the page on which the panel is opened", async () => {
  await browser.open(site.page({ body: TAG }));
  await boot();
  await browser.run(() => history.pushState(null, "", "/tents"));
  await browser.run(() => new Promise((resolve) => setTimeout(resolve, 1000)));
  assert.deepEqual(await told(), [], "nothing is loaded for it");
  await browser.run(() => window.emit("opened"));
  await browser.until(() => window.calls.some(({ command }) => command === "setUserData"));
  assert.deepEqual(await told(), [{ Page: `${site.origin}/tents`, Title: "Shop" }]);
});
