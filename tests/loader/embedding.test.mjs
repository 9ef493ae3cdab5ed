// Tests of how a page may include the loader, in a real browser: what site owners notice.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { startSite, STRICT } from "./site.mjs";

const TAG = '<script src="/site/widget.js"></script>';
const ENGINE = process.env.ENGINE ?? "chromium";

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
});

const show = (page) => browser.open(site.page(page));
const launcher = () => browser.inWidget(".launcher:not(.own)");
const complaints = () => browser.run(() => window.complaints);
const hosts = () =>
  browser.run(
    () => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length,
  );
/** Clicks on the launcher, and returns the record of what was mounted. */
const mount = async () => {
  await browser.click(await launcher());
  return browser.until(() => window.calls.find((call) => call.what === "mount"));
};

describe("a tag", () => {
  // Trusted Types would refuse the scripts that add a tag.
  const loose = STRICT.replace(/; require-trusted.*/, "");
  const tags = {
    "that blocks the parser": { body: TAG },
    "with defer": { head: '<script defer src="/site/widget.js"></script>' },
    "with async": { head: '<script async src="/site/widget.js"></script>' },
    "of a module": { body: '<script type="module" src="/site/widget.js"></script>' },
    "with a query": { body: '<script src="/site/widget.js?v=2#x"></script>' },
    "imported by a module": { body: '<script type="module" src="/imports.js"></script>' },
    "injected late": { body: '<script src="/injects.js"></script>', policy: loose },
    "that is removed once it has run": { body: '<script src="/injects.js?leave"></script>', policy: loose },
    "below a base address": { head: '<base href="/elsewhere/">', body: TAG },
  };
  for (const [what, page] of Object.entries(tags)) {
    it(`works: ${what}`, async () => {
      await show(page);
      const mounted = await mount();
      assert.equal(mounted.config, '{"from":"config-3.json"}');
      assert.ok(site.fetched().includes("/site/chat-2.wasm"));
      assert.deepEqual(await complaints(), []);
    });
  }

  it("works from another origin", async () => {
    const elsewhere = site.origin.replace("127.0.0.1", "localhost");
    const policy = STRICT.replaceAll("'self'", `'self' ${elsewhere}`);
    await show({ body: `<script src="${elsewhere}/site/widget.js"></script>`, policy });
    await mount();
    assert.deepEqual(await complaints(), []);
  });

  it("works in the page itself, where the package knows its address", async () => {
    site.build.base = `${site.origin}/site/widget.js`;
    const policy = STRICT.replace("script-src", "script-src 'unsafe-inline'");
    await show({ body: `<script>${site.loader().replaceAll("</", "<\\/")}</script>`, policy });
    await mount();
    assert.ok(site.fetched().includes("/site/chat-2.wasm"));
    assert.deepEqual(await complaints(), []);
  });

  it("says what it needs where it cannot find out its address", async () => {
    const policy = STRICT.replace("script-src", "script-src 'unsafe-inline'");
    await show({ body: `<script>${site.loader().replaceAll("</", "<\\/")}</script>`, policy });
    const warnings = await browser.until(() => window.warnings.join());
    assert.match(warnings, /needs a script tag/);
    assert.equal(await hosts(), 0);
    assert.deepEqual(await complaints(), []);
  });

  it("of the same file with another query is the same widget", async () => {
    await show({ body: TAG + '<script src="/site/widget.js?v=2"></script>' });
    await launcher();
    assert.equal(await hosts(), 1);
  });

  it("opens the panel with data-open, and leaves the focus with the page", async () => {
    const body = '<input id="search" autofocus><script data-open src="/site/widget.js"></script>';
    await show({ body });
    const mounted = await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual([mounted.open, mounted.focus], [true, false]);
  });

  it("leaves the panel closed with data-open=false, as templates write it", async () => {
    await show({ body: '<script data-open="false" src="/site/widget.js"></script>' });
    const mounted = await mount();
    // A panel that the page has opened leaves the focus alone.
    assert.deepEqual([mounted.open, mounted.focus], [true, true]);
  });

  it("fixes the language with data-locale, for loader and module", async () => {
    await show({ body: '<script data-locale="de" src="/site/widget.js"></script>' });
    assert.equal(await browser.name(await launcher()), "Fragen Sie uns");
    assert.equal((await mount()).locale, "de");
  });
});

describe("the page", () => {
  it("opens the chat by elements of its own, also of later", async () => {
    await show({ body: `<button id="help" data-test-chat-open><b>Help</b></button>${TAG}` });
    await launcher();
    await browser.run(() => {
      const late = document.querySelector("#help").cloneNode(true);
      late.id = "late";
      // Whatever the page does with the event.
      late.addEventListener("click", (event) => event.stopPropagation());
      document.body.append(late);
      document.querySelector("#late b").click();
    });
    const mounted = await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual([mounted.open, mounted.focus], [true, true]);
  });

  const removals = {
    "its element": () => {
      [...document.documentElement.children].find((element) => element.shadowRoot).remove();
    },
    "all that is beside the head": () => {
      const tag = document.querySelector("script[src$='widget.js']");
      const body = document.createElement("body");
      body.append(tag.cloneNode());
      document.documentElement.replaceChildren(document.head, body);
    },
    "the children of its body": () => {
      const tag = document.querySelector("script[src$='widget.js']");
      document.body.replaceChildren(tag.cloneNode());
    },
    "its root": () => {
      const root = document.createElement("html");
      const body = document.createElement("body");
      body.append(document.querySelector("script[src$='widget.js']").cloneNode());
      root.append(body);
      document.replaceChild(root, document.documentElement);
    },
  };
  for (const [what, remove] of Object.entries(removals)) {
    it(`gets the widget back while its tag stands, when it removes ${what}`, async () => {
      // Where a tag that was cloned runs again, it finds the widget.
      await show({ body: TAG, policy: STRICT.replace(/; require-trusted.*/, "") });
      await mount();
      await browser.inWidget(".own");
      await browser.run(remove);
      await browser.inWidget(".own");
      assert.equal(await hosts(), 1);
      const calls = await browser.run(() => window.calls);
      assert.ok(!calls.some(({ what }) => what === "unmount"));
    });
  }

  it("is not kept busy when it removes the widget again and again", async () => {
    await show({ body: TAG });
    await launcher();
    await browser.run(() => {
      window.removed = 0;
      const remove = () => {
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        if (host) (host.remove(), (removed += 1));
      };
      new MutationObserver(remove).observe(document.documentElement, { childList: true });
      remove();
    });
    const [seen, took] = await browser.run(async () => {
      const begin = performance.now();
      await new Promise((resolve) => setTimeout(resolve));
      return [window.removed, performance.now() - begin];
    });
    // Each time is noticed, but not more often than a few times a second.
    assert.ok(seen < 5, `${seen} times`);
    assert.ok(took < 1000, `${took} ms`);
  });

  it("has its own layout undisturbed from the launcher to the panel", async () => {
    if (ENGINE !== "chromium") return; // The others do not measure it.
    await show({ body: `<h1>Shop</h1><p>Boots</p>${TAG}` });
    await browser.run(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push(entry.value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await mount();
    await browser.inWidget(".own");
    // What was laid out is reported with the next frame.
    const frame = () => browser.run(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    await frame();
    await frame();
    assert.deepEqual(await browser.run(() => shifts), []);
  });

  it("has its styles nowhere near the widget", async () => {
    const place = () =>
      browser.until(() => {
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        const button = host?.shadowRoot.querySelector(".launcher");
        if (!button) return undefined;
        const { right, bottom, width, height } = button.getBoundingClientRect();
        return [innerWidth - right, innerHeight - bottom, width, height].map(Math.round);
      });
    await show({ body: TAG });
    await launcher();
    const plain = await place();
    site.css =
      "html{zoom:1.5}html,body{transform:scale(.5) translate(90px);filter:blur(3px);perspective:9px;" +
      "contain:strict;will-change:transform;overflow:hidden;isolation:isolate;opacity:.1}" +
      "*{z-index:2147483647}body{position:fixed;inset:0;background:red}";
    await show({ head: '<link rel="stylesheet" href="/page.css">', body: TAG });
    await launcher();
    const styled = await place();
    assert.deepEqual(styled, plain);
    const onTop = await browser.run(() => {
      const host = [...document.documentElement.children].find((element) => element.shadowRoot);
      const button = host.shadowRoot.querySelector(".launcher");
      const { left, top, width, height } = button.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === host;
    });
    assert.ok(onTop, "something of the page covers the launcher");
  });
});

describe("a document that is written anew", () => {
  const policy = STRICT.replace(/; require-trusted.*/, "");

  /** Replaces the whole document by `document.open()` and `document.write()`, which take all listeners away. */
  const rewrite = (body) =>
    browser.run((body) => {
      document.open();
      addEventListener("error", ({ message }) => complaints.push(message));
      addEventListener("unhandledrejection", ({ reason }) => complaints.push(String(reason)));
      document.write(`<!doctype html><html lang="en"><title>Thanks</title><body><h1>Thanks</h1>${body}</body></html>`);
      document.close();
    }, body);
  const counts = () =>
    browser.run(() => {
      const count = (name) => calls.filter(({ what }) => what === name).length;
      return [count("mount"), count("unmount")];
    });
  const tags = {
    "as before": TAG,
    "with async": '<script async src="/site/widget.js"></script>',
    "in the head": `</body><head>${TAG}</head>`,
  };
  for (const [what, tag] of Object.entries(tags)) {
    it(`has a launcher that opens the chat, with the tag ${what}`, async () => {
      await show({ body: TAG, policy });
      await launcher();
      await rewrite(tag);
      await browser.until(() => document.readyState === "complete");
      await mount();
      await browser.inWidget(".own");
      assert.equal(await hosts(), 1);
      assert.deepEqual(await counts(), [1, 0]);
      assert.deepEqual(await complaints(), []);
    });
  }

  it("has the chat again that was going on", async () => {
    site.config = '{"live":true}';
    await show({ body: TAG, policy });
    await mount();
    await browser.inWidget(".own");
    await rewrite(TAG);
    await browser.until(() => calls.filter(({ what }) => what === "mount").length === 2);
    await browser.inWidget(".own");
    assert.equal(await hosts(), 1);
    assert.deepEqual(await counts(), [2, 1]);
    await browser.run(() => TestChat("open"));
    assert.deepEqual(await complaints(), []);
    await browser.run(() => localStorage.clear());
  });

  it("is rid of the widget without the tag", async () => {
    await show({ body: TAG, policy });
    await mount();
    await browser.inWidget(".own");
    await rewrite("");
    await browser.until(() => calls.some(({ what }) => what === "unmount"));
    assert.equal(await hosts(), 0);
    assert.equal(await browser.run(() => typeof TestChat), "undefined");
    assert.equal(await browser.run(() => window[Symbol.for("chat-live")].size), 0);
    assert.deepEqual(await complaints(), []);
  });

  it("is rid of the launcher without the tag", async () => {
    await show({ body: TAG, policy });
    await launcher();
    await rewrite("");
    await browser.until(() => !window[Symbol.for("chat-live")].size);
    assert.equal(await hosts(), 0);
    assert.deepEqual(await complaints(), []);
  });
});

describe("the page's calls", () => {
  it("are taken from before the script is there", async () => {
    await show({ head: '<script src="/stub.js"></script>', body: TAG });
    const mounted = await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.equal(mounted.open, true);
  });

  it("are taken where the page has made none before the script is there", async () => {
    await show({ head: '<script src="/idle-stub.js"></script>', body: TAG });
    await launcher();
    await browser.run(() => void TestChat("open"));
    await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual(await browser.run(() => window.warnings), []);
  });

  it("are taken where an element has their name", async () => {
    await show({ body: `<form id="TestChat"></form>${TAG}` });
    await launcher();
    await browser.run(() => void TestChat("open"));
    await browser.until(() => window.calls.find(({ what }) => what === "mount"));
    assert.deepEqual(await complaints(), []);
  });

  it("leave a function of the page's own alone", async () => {
    await show({ head: '<script src="/own.js"></script>', body: TAG });
    await launcher();
    assert.equal(await browser.run(() => TestChat()), "the page's own");
    assert.match((await browser.run(() => window.warnings)).join(), /TestChat/);
  });
});

describe("a file that is not the one that was packaged", () => {
  const wrong = "sha384-" + "A".repeat(64);
  for (const part of ["mount", "glue", "wasm", "config"]) {
    it(`is not used: ${part}`, async () => {
      if (part === "mount") site.build.files.mount[1] = wrong;
      else site.mount.digests[part] = wrong;
      await show({ body: TAG });
      await browser.click(await launcher());
      await browser.inWidget(".again");
      // Neither mounted nor started; where it is the glue itself, not even run.
      assert.deepEqual((await browser.run(() => window.calls)).filter(({ what }) => what !== "sever"), []);
      if (["mount", "glue"].includes(part)) assert.equal(await browser.run(() => window.instances), 0);
    });
  }
});
