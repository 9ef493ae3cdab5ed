// Tests of a chat for all sub-domains of a site: a frame on each page, and a mark that one goes on. The module is a
// stand-in.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { readFile } from "node:fs/promises";
import { startBrowser } from "./webdriver.mjs";
import { startSite } from "./site.mjs";

const ORIGINS = new URL("../../public/loader/shared/origins.js", import.meta.url);

describe("the origins of pages", () => {
  it("are those of the list, and of sub-domains where it says so", async () => {
    const source = await readFile(ORIGINS, "utf8");
    const { isListed } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const list = ["https://shop.example", "https://*.shop.example", "http://*.shop.example:8443"];
    for (const origin of [
      "https://shop.example",
      "https://www.shop.example",
      "https://a.b.shop.example",
      "http://www.shop.example:8443",
    ]) {
      assert.equal(isListed(list, origin), true, origin);
    }
    for (const origin of [
      "null",
      "http://shop.example",
      "http://www.shop.example",
      "https://www.shop.example:8443",
      "https://myshop.example",
      "https://shop.example.attacker",
      "https://www.shop.example.attacker",
      "https://shop.example.attacker:8443",
      "https://evil-shop.example",
    ]) {
      assert.equal(isListed(list, origin), false, origin);
    }
    assert.equal(isListed(["*"], "https://anything.example"), true);
    assert.equal(isListed([], "https://shop.example"), false);
  });
});

// WebKit leaves names to the system's resolver, which need not know those below localhost.
const skip = process.env.ENGINE === "webkit" && "names below localhost";

describe("a chat for all sub-domains", { skip }, () => {
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
    const { port } = new URL(site.origin);
    const cookie = { name: "test-chat-live", domain: "shop.localhost" };
    site.build.frame = "always";
    site.build.files.early = ["early-6.js"];
    site.early = { cookie };
    site.frame = {
      bridge: { page: "frame.html", style: ".frame{position:fixed}", cookie },
      framed: {
        attribute: "test-chat",
        origins: [`http://*.shop.localhost:${port}`],
        files: { glue: ["chat-1.js"], wasm: ["chat-2.wasm"], config: ["config-3.json"], api: ["api-4.js"] },
      },
    };
  });

  /** Opens a page of a sub-domain, whose chat is told by its configuration whether it goes on. */
  const open = async (host, live) => {
    site.config = JSON.stringify({ live });
    const tag = `<script src="${site.origin}/site/widget.js"></script>`;
    const address = site.page({ body: tag, policy: "default-src * 'unsafe-inline'" });
    await browser.open(address.replace("127.0.0.1", host));
    await browser.until(() => window.TestChat);
  };
  const cookies = () => browser.run(() => document.cookie);
  const state = () => browser.run(() => window.TestChat("getState"));
  /** Waits until the frame is there, and its chat. */
  const framed = () =>
    browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host && host.shadowRoot.querySelector("iframe");
    });

  it("is marked by a cookie that says nothing else, taken up at another one, and over at all", async () => {
    await open("www.shop.localhost");
    assert.deepEqual([await cookies(), (await state()).hasChatToResume], ["", false]);
    await open("www.shop.localhost", true);
    await browser.click(await browser.inWidget(".launcher"));
    await framed();
    await browser.until(() => document.cookie === "test-chat-live=1");

    // What the frame has stored there is there for the frame here.
    await open("help.shop.localhost");
    await framed();
    await browser.until(() => window.TestChat("getState").then(({ command }) => command === "getState"));
    assert.equal((await state()).hasChatToResume, true);
    assert.equal(await cookies(), "test-chat-live=1");
    assert.equal(await browser.run(() => Object.values(localStorage).join("")), "");

    // It ends there.
    await open("help.shop.localhost", false);
    await framed();
    await browser.until(() => document.cookie === "");
    await open("www.shop.localhost", false);
    await browser.until(async () => !(await window.TestChat("getState")).hasChatToResume);
    const frames = await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.querySelectorAll("iframe").length;
    });
    assert.equal(frames, 0);
  });

  it("is resumed on a site of its own that may hold the frame, too", async () => {
    site.frame.framed.origins.push("http://*.other.localhost:" + new URL(site.origin).port);
    await open("www.other.localhost", true);
    await browser.click(await browser.inWidget(".launcher"));
    await framed();
    await browser.until(async () => (await window.TestChat("getState")).hasChatToResume);
    await open("www.other.localhost", true);
    await framed();
    assert.equal((await state()).hasChatToResume, true);
    assert.equal(await cookies(), "");
  });

  it("is not for pages elsewhere", async () => {
    await open("www.shop.localhost", true);
    await browser.click(await browser.inWidget(".launcher"));
    await browser.until(() => document.cookie === "test-chat-live=1");
    await open("shop.localhost.attacker.localhost", true);
    assert.equal(await cookies(), "");
    assert.equal((await state()).hasChatToResume, false);
    await browser.click(await browser.inWidget(".launcher"));
    // It is refused the frame, and says so.
    await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.textContent.includes("Not here.");
    });
  });
});
