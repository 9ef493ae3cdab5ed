// Tests of the loader behind a page's service worker that keeps files, while the host of the files has a newer package.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { startSite, STRICT } from "./site.mjs";

const PAGE = {
  body: '<script src="/site/widget.js"></script>',
  // Trusted Types would refuse to register a worker.
  policy: STRICT.replace(/; require-trusted.*/, ""),
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
beforeEach(() => site.reset());
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.run(dismiss);
  await browser.leave();
});

/** Answers for ever with what it has had, of the files that `isKept` says. */
const worker = (isKept) =>
  site.script(`
    addEventListener("install", () => skipWaiting());
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));
    const isKept = ${isKept};
    addEventListener("fetch", (event) => {
      const { pathname } = new URL(event.request.url);
      if (!pathname.startsWith("/site/") || !isKept(pathname)) return;
      event.respondWith((async () => {
        const cache = await caches.open("everything");
        const kept = await cache.match(keyOf(pathname));
        if (kept) return kept;
        const reply = await fetch(event.request);
        if (reply.ok) await cache.put(keyOf(pathname), reply.clone());
        return reply;
      })());
    });
    // With a key of the file's kind, it takes a newer file for the one that it has.
    const keyOf = (pathname) => (isKept.byKind ? pathname.replace(/-\\d+/, "") : pathname);`);

/** Gives up the page's worker with all that it has. */
async function dismiss() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  await caches.delete("everything");
}

/** Opens a page whose worker has the control of it. */
async function showWith(isKept) {
  const url = site.page(PAGE);
  await browser.open(url);
  await browser.run(async (script) => {
    await navigator.serviceWorker.register(script);
    await navigator.serviceWorker.ready;
  }, worker(isKept));
  await browser.until(() => navigator.serviceWorker.controller);
  await browser.open(url);
}

/** Has the visitor open the chat of the first package, so that the worker has all of it. */
async function useFirst() {
  await browser.click(await browser.inWidget(".launcher"));
  await browser.inWidget(".own");
}

/** Opens the page once more. Firefox goes past the worker where its driver is told to reload. */
const reload = async () => browser.open(await browser.run(() => location.href + (location.search ? "1" : "?1")));

/** Tells of each module that was started whether it is the newer package's. */
const inits = () => browser.run(() => calls.filter(({ what }) => what === "init").map(({ isNewer }) => Boolean(isNewer)));

describe("a worker that keeps everything", () => {
  it("goes on with the first package as long as it has all of it", async () => {
    await showWith(() => true);
    await useFirst();
    site.renew();
    await reload();
    await useFirst();
    assert.deepEqual(await inits(), [false]);
  });

  it("has a launcher that says so where the rest of its package is gone, and the chat once it is given up", async () => {
    // Only the loader was ever fetched.
    await showWith(() => true);
    await browser.inWidget(".launcher");
    site.renew();
    await reload();
    await browser.click(await browser.inWidget(".launcher"));
    await browser.inWidget(".again");
    assert.deepEqual(await inits(), []);
    await browser.run(dismiss);
    await reload();
    await useFirst();
    assert.deepEqual(await inits(), [true]);
  });
});

describe("a worker that keeps all but the loader", () => {
  it("starts the newer package", async () => {
    await showWith((path) => !path.endsWith("widget.js"));
    await useFirst();
    site.renew();
    await reload();
    await useFirst();
    assert.deepEqual(await inits(), [true]);
  });

  it("starts nothing of the first package in the newer one's name, until it is given up", async () => {
    // A key of the kind: chat.js for chat-1.js and chat-11.js.
    await showWith("Object.assign((path) => !path.endsWith('widget.js'), { byKind: true })");
    await useFirst();
    site.renew();
    await reload();
    await browser.click(await browser.inWidget(".launcher"));
    await browser.inWidget(".again");
    assert.deepEqual(await inits(), []);
    await browser.run(dismiss);
    await browser.click(await browser.inWidget(".again"));
    await browser.inWidget(".own");
    assert.deepEqual(await inits(), [true]);
  });

  it("starts nothing of two packages where it keeps some of the first's files", async () => {
    await showWith("Object.assign((path) => path.endsWith('.wasm') || path.includes('chat-'), { byKind: true })");
    await useFirst();
    site.renew();
    await reload();
    await browser.click(await browser.inWidget(".launcher"));
    await browser.inWidget(".again");
    assert.deepEqual(await inits(), []);
  });
});
