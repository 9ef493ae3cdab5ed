// Tests of the loader in a real browser: what visitors and site owners notice.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser, until } from "./webdriver.mjs";
import { STRICT, startSite } from "./site.mjs";

const TAG = '<script async src="/site/widget.js"></script>';
const PARTS = ["/site/chat-1.js", "/site/chat-2.wasm", "/site/config-3.json", "/site/mount-0.js"];
const TAB = "\uE004";
const ENTER = "\uE007";
const SPACE = " ";
const ALT = "\uE00A";

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
beforeEach(async () => {
  site.reset();
});
afterEach(async () => {
  await browser.open(site.page({}));
  // The next test's launcher must not appear under the pointer.
  await browser.leave();
  await browser.run(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
});

const show = (page) => browser.open(site.page(page));
const calls = () => browser.run(() => window.calls);
const call = (what) =>
  browser.until((what) => window.calls.findLast((call) => call.what === what), what);
const count = async (what) => (await calls()).filter((call) => call.what === what).length;
const complaints = () => browser.run(() => window.complaints);
const launcher = () => browser.inWidget(".launcher:not(.own)");
/** Clicks on the launcher: the painted one or, if the pointer on its way has started the module, the
    module's. */
const clickLauncher = () =>
  until(async () => {
    await browser.click(await browser.inWidget(".launcher"));
    return true;
  }, "a click on the launcher");
const panel = () => browser.inWidget(".panel:not([hidden])");
/** Returns whether an element in the widget matches a selector. */
const has = (selector) =>
  browser.run((selector) => {
    const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
    return Boolean(host?.shadowRoot.querySelector(selector));
  }, selector);
/** Waits until the status line shows this text. */
const message = (words) =>
  browser.until((words) => {
    const hosts = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
    const status = hosts[0]?.shadowRoot.querySelector("[role=status]");
    return status?.checkVisibility() && status.textContent === words;
  }, words);

/** Removes the widget's element, and the tag with it. */
const takeAway = () =>
  browser.run(() => {
    [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot).remove();
    for (const script of document.querySelectorAll("script[src$='widget.js']")) script.remove();
  });

const addTag = (address) =>
  browser.run((address) => {
    const script = document.createElement("script");
    script.src = address;
    document.head.append(script);
  }, address);

describe("before the visitor acts", () => {
  it("paints a named launcher in its corner and fetches nothing else", async () => {
    await show({ body: TAG });
    const button = await launcher();
    assert.equal(await browser.name(button), "Ask us");
    const box = await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const button = host.shadowRoot.querySelector("[part=launcher]");
      const { right, bottom, width, height } = button.getBoundingClientRect();
      const { backgroundColor } = getComputedStyle(button);
      const view = document.documentElement;
      return {
        fromRight: view.clientWidth - right,
        fromBottom: innerHeight - bottom,
        width,
        height,
        backgroundColor,
      };
    });
    assert.deepEqual(box, {
      fromRight: 20,
      fromBottom: 20,
      width: 56,
      height: 56,
      backgroundColor: "rgb(16, 48, 112)",
    });
    assert.deepEqual(site.fetched(), ["/site/widget.js"]);
    assert.deepEqual(await complaints(), []);
  });

  it("works from the head, before there is a body", async () => {
    await show({ head: '<script src="/site/widget.js"></script>', body: "<p>Shop</p>" });
    await launcher();
    assert.deepEqual(await complaints(), []);
  });

  it("speaks the page's language where the tenant has words for it", async () => {
    await show({ body: TAG, lang: "de-CH" });
    assert.equal(await browser.name(await launcher()), "Fragen Sie uns");
  });

  it("shows the label instead of an icon if the tenant wants that", async () => {
    site.build.launcher.icon = "";
    await show({ body: TAG });
    const text = await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host?.shadowRoot.querySelector(".launcher").textContent;
    });
    assert.equal(text, "Ask us");
  });

  it("keeps its appearance on a page with hostile styles", async () => {
    site.css =
      "*, * > * { display: none !important; transform: scale(2) !important; opacity: 0 " +
      "!important; position: static !important; visibility: hidden !important; --accent: red " +
      "!important; font-size: 80px !important } html, body { display: block !important }";
    await show({ head: '<link rel="stylesheet" href="/page.css">', body: TAG });
    const seen = await browser.until(() => {
      const host = [...document.querySelectorAll("div")].find((div) => div.shadowRoot);
      const button = host?.shadowRoot.querySelector(".launcher");
      if (!button) return undefined;
      // Whatever became of the page, the host itself must stand.
      const { display, transform, opacity, visibility, position } = getComputedStyle(host);
      const { backgroundColor, width } = getComputedStyle(button);
      return { display, transform, opacity, visibility, position, backgroundColor, width };
    });
    assert.deepEqual(seen, {
      display: "block",
      transform: "none",
      opacity: "1",
      visibility: "visible",
      position: "fixed",
      backgroundColor: "rgb(16, 48, 112)",
      width: "56px",
    });
  });
});

describe("on a page with named elements", () => {
  it("is not misled by elements that shadow the document's members", async () => {
    // Every word of the source, so that no member that the loader comes to use is forgotten.
    const words = [...new Set(site.source.match(/[A-Za-z]\w*/g))];
    const images = words.map((word) => `<img name="${word}" src="/elsewhere/${word}.png">`);
    await show({
      body: images.join("") + '<script src="/site/widget.js" data-config="other.json"></script>',
      policy: STRICT.replace("img-src", "img-src 'self'"),
    });
    const covered = await browser.run(
      (words) =>
        words.filter(
          (word) => word in Document.prototype && document[word] instanceof HTMLImageElement,
        ),
      words,
    );
    for (const member of ["currentScript", "baseURI", "body", "createElementNS"]) {
      assert.ok(covered.includes(member), `${member} is not covered by an image`);
    }
    // Not through the driver: on such a page chromedriver finds no element.
    await browser.until(() => {
      const page = Document.prototype.querySelector.call(document, "html");
      const host = [...page.children].find((element) => element.shadowRoot);
      host?.shadowRoot.querySelector(".launcher").click();
      return Boolean(host);
    });
    const mount = await call("mount");
    assert.equal(mount.config, '{"from":"other.json"}');
    const strayed = site.requests.filter((path) => /^\/elsewhere\/.*(?<!\.png)$/.test(path));
    assert.deepEqual(strayed, []);
    assert.ok(site.requests.includes("/other.json"));
    assert.deepEqual(await complaints(), []);
  });

  it("is not misled about its own address", async () => {
    await show({
      body: '<img name="currentScript" src="/elsewhere/x.png"><svg><script href="/site/widget.js"></script></svg>',
      policy: STRICT.replace("img-src", "img-src 'self'"),
    });
    await browser.click(await launcher());
    await call("mount");
    assert.ok(!site.requests.some((path) => path.endsWith(".js") && path.startsWith("/elsewhere")));
  });
});

describe("between the widget and the page", () => {
  const OURS = (
    "keydown keypress keyup beforeinput input change paste copy cut compositionstart " +
    "compositionupdate compositionend focus focusin focusout click dblclick auxclick contextmenu " +
    "pointerdown mousedown wheel touchstart touchmove touchend touchcancel dragstart " +
    "dragenter dragover drop selectstart submit invalid"
  ).split(" ");
  const THE_PAGES = "pointermove pointerup pointercancel mousemove mouseup".split(" ");

  it("keeps events of the widget from the page's handlers, after the widget's own", async () => {
    await show({ body: TAG });
    await browser.hover(await launcher());
    await browser.inWidget(".own");
    const [seenByWidget, seenByPage] = await browser.run((types) => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const button = host.shadowRoot.querySelector(".launcher");
      const [widget, page] = [[], []];
      for (const type of types) {
        button.addEventListener(type, () => widget.push(type));
        document.addEventListener(type, () => page.push(type));
        const event = new Event(type, { bubbles: true, composed: true, cancelable: true });
        button.dispatchEvent(event);
      }
      return [widget, page];
    }, [...OURS, ...THE_PAGES]);
    assert.deepEqual(seenByPage, THE_PAGES);
    // The widget does nothing at a gained focus.
    const unseen = [...OURS, ...THE_PAGES].filter((type) => !seenByWidget.includes(type));
    assert.deepEqual(unseen, ["focus", "focusin"]);
  });

  for (const [type, capture] of [
    ["focusin", false],
    ["focusin", true],
    ["focus", true],
  ]) {
    it(`keeps the focus where a dialog calls it back at ${type}, capture: ${capture}`, async () => {
      await show({ body: `<input id="search">${TAG}` });
      await browser.hover(await launcher());
      await browser.inWidget(".own");
      await browser.run(
        (type, capture) => {
          const search = document.getElementById("search");
          const callBack = (event) => event.target !== search && search.focus();
          document.addEventListener(type, callBack, capture);
          search.focus();
          const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
          host.shadowRoot.querySelector(".launcher").focus();
        },
        type,
        capture,
      );
      await browser.inWidget(".launcher:focus");
    });
  }

  it("can be used beside a dialog for which the page shuts off all else", async () => {
    await show({ body: `<main>Larkmoor</main>${TAG}` });
    await launcher();
    await browser.run(() => {
      for (const element of document.body.children) {
        element.inert = true;
        element.setAttribute("aria-hidden", "true");
      }
    });
    await clickLauncher();
    await panel();
    const hidden = await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return [document.querySelector("main"), host].map((one) => one.ariaHidden);
    });
    assert.deepEqual(hidden, ["true", null]);
  });
});

describe("on a page that is prerendered", () => {
  // As a browser does it, for tags that stand below.
  const PRERENDERING = `<script src="/prerendering.js"></script>`;
  const activate = () =>
    browser.run(() => {
      Object.defineProperty(Document.prototype, "prerendering", { value: false });
      document.dispatchEvent(new Event("prerenderingchange"));
    });

  for (const [why, tag] of Object.entries({
    "a chat is to be resumed": TAG,
    "the panel is to be open": '<script src="/site/widget.js" data-open></script>',
  })) {
    it(`fetches and mounts nothing before the page is shown: ${why}`, async () => {
      await show({});
      await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, ""));
      site.fetched();
      await show({ head: PRERENDERING, body: tag });
      await launcher();
      assert.deepEqual(site.fetched(), ["/site/widget.js"]);
      await activate();
      await call("mount");
      assert.equal(await count("mount"), 1);
      assert.deepEqual(await complaints(), []);
    });
  }
});

describe("on intent", () => {
  it("mounts closed when the pointer comes, and opens on the click", async () => {
    await show({ body: TAG });
    await browser.hover(await launcher());
    const mount = await call("mount");
    assert.deepEqual(
      { config: mount.config, open: mount.open, live_key: mount.live_key },
      {
        config: '{"from":"config-3.json"}',
        open: false,
        live_key: `chat-live:${site.origin}/site/`,
      },
    );
    const own = await browser.inWidget(".own:hover");
    assert.equal(await has(".panel:not([hidden])"), false);
    await browser.click(own);
    await panel();
    assert.equal(await count("mount"), 1);
    assert.deepEqual(site.fetched().sort(), [...PARTS, "/site/widget.js"].sort());
    assert.deepEqual(await complaints(), []);
  });

  it("mounts closed when the focus comes, keeps the focus, and opens with the keyboard", async () => {
    await show({ body: TAG });
    await launcher();
    await browser.press(TAB);
    assert.equal((await call("mount")).open, false);
    await browser.inWidget(".own:focus");
    await browser.press(ENTER);
    await panel();
  });

  it("does not take the focus when the pointer comes", async () => {
    await show({ body: `<input id="search" autofocus>${TAG}` });
    await browser.until(() => document.activeElement.id === "search");
    await browser.hover(await launcher());
    await browser.inWidget(".own");
    assert.equal(await browser.run(() => document.activeElement.id), "search");
  });

  it("does not dim the launcher or show a message before it is clicked", async () => {
    site.hanging.set(PARTS[1], "nothing");
    await show({ body: TAG });
    await browser.hover(await launcher());
    await until(() => site.held.get(PARTS[1])?.length, "the request that hangs");
    assert.equal(await has(".launcher[aria-busy=true]"), false);
    assert.equal(await has(".note"), false);
    await clickLauncher();
    await message("Loading.");
    site.release(PARTS[1]);
    await panel();
  });

  let tap;
  const presses = {
    mouse: {
      begin: async (button) => {
        await browser.hover(button);
        await browser.point({ type: "pointerDown" });
      },
      end: () => browser.point({ type: "pointerUp" }),
    },
    // In one go: chromedriver does not lift a finger that an earlier command has put down.
    finger: { begin: (button) => void (tap = browser.tap(button, 100)), end: () => tap },
    "space bar": {
      begin: async () => {
        await browser.press(TAB);
        await browser.key("keyDown", SPACE);
      },
      end: () => browser.key("keyUp", SPACE),
    },
  };
  for (const [what, { begin, end }] of Object.entries(presses)) {
    it(`opens on a press that began before the module was ready: ${what}`, async () => {
      site.hanging.set(PARTS[1], "nothing");
      await show({ body: TAG });
      const button = await launcher();
      await begin(button);
      await until(() => site.held.get(PARTS[1])?.length, "the request that hangs");
      site.release(PARTS[1]);
      await call("init");
      await end();
      await panel();
      await browser.inWidget(".own");
      assert.equal(await count("mount"), 1);
    });
  }

  const release = async () => {
    await browser.leave();
    await browser.point({ type: "pointerUp" });
  };
  const ends = {
    "ended elsewhere": release,
    "ended where the page stops the event": async () => {
      await browser.run(() =>
        document.addEventListener("pointerup", (event) => event.stopPropagation(), true),
      );
      await release();
    },
    "the window never saw the end of": () => browser.run(() => window.dispatchEvent(new Event("blur"))),
  };
  for (const [what, end] of Object.entries(ends)) {
    it(`mounts after a press that ${what}`, async () => {
      site.hanging.set(PARTS[1], "nothing");
      await show({ body: TAG });
      await browser.hover(await launcher());
      await browser.point({ type: "pointerDown" });
      await until(() => site.held.get(PARTS[1])?.length, "the request that hangs");
      site.release(PARTS[1]);
      await call("init");
      await end();
      assert.equal((await call("mount")).open, false);
      await browser.point({ type: "pointerUp" });
    });
  }

  it("mounts while a key is held that does not press the launcher", async () => {
    site.hanging.set(PARTS[1], "nothing");
    await show({ body: TAG });
    await launcher();
    await browser.press(TAB);
    await browser.key("keyDown", ALT);
    await until(() => site.held.get(PARTS[1])?.length, "the request that hangs");
    site.release(PARTS[1]);
    assert.equal((await call("mount")).open, false);
    await browser.key("keyUp", ALT);
  });

  it("shows nothing if the module refuses on intent, and does not try again before a click", async () => {
    await show({ body: TAG });
    await browser.run(() => (window.refuse = true));
    await browser.hover(await launcher());
    await call("mount");
    await browser.hover(await launcher());
    assert.equal(await has(".note"), false);
    assert.equal(await has("table"), false);
    assert.equal(await count("mount"), 1);
    await browser.run(() => (window.refuse = false));
    await clickLauncher();
    await panel();
    assert.deepEqual(await complaints(), []);
  });

  it("mounts once, however often the launcher is clicked", async () => {
    await show({ body: TAG });
    await launcher();
    await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const button = host.shadowRoot.querySelector(".launcher");
      for (let click = 0; click < 5; click++) button.click();
    });
    await browser.inWidget(".own");
    assert.equal(await count("mount"), 1);
  });

  it("opens by itself with data-open, and reads the configuration of data-config", async () => {
    await show({
      body: '<script src="/site/widget.js" data-open data-config="/other.json"></script>',
    });
    const mount = await call("mount");
    assert.equal(mount.open, true);
    assert.equal(mount.config, '{"from":"other.json"}');
  });

  it("works with a host that sends the wrong content type for the module", async () => {
    site.wasmType = "application/octet-stream";
    await show({ body: TAG });
    await clickLauncher();
    await call("mount");
    site.wasmType = undefined;
  });

  for (const [what, script] of [
    ["languages of the visitor", "no-languages"],
    ["compilation of what streams in", "no-streaming"],
  ]) {
    it(`works where the page or the browser has no ${what}`, async () => {
      await show({ head: `<script src="/${script}.js"></script>`, body: TAG });
      await clickLauncher();
      await call("mount");
      assert.deepEqual(await complaints(), []);
    });
  }
});

describe("when a chat is to be resumed", () => {
  for (const storage of ["localStorage", "sessionStorage"]) {
    it(`mounts closed at once if ${storage} has the mark`, async () => {
      await show({});
      await browser.run((name) => window[name].setItem(`chat-live:${location.origin}/site/`, ""), storage);
      await show({ body: TAG });
      assert.equal((await call("mount")).open, false);
    });
  }

  it("ignores the mark of another site's chat", async () => {
    await show({});
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/elsewhere/`, "1"));
    await show({ body: TAG });
    await launcher();
    assert.deepEqual(site.fetched(), ["/site/widget.js"]);
  });

  it("opens if the visitor clicks while it loads", async () => {
    await show({});
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, ""));
    site.failing.set(PARTS[0], 1);
    await show({ body: TAG });
    await clickLauncher();
    await panel();
    assert.equal(await count("mount"), 1);
  });

  it("paints and opens where the storage is denied", async () => {
    const inner = site.page({ body: TAG, policy: STRICT.replaceAll("'self'", site.origin) });
    await show({
      body: `<iframe sandbox="allow-scripts" width="600" height="400" src="${inner}"></iframe>`,
      policy: "default-src 'self'",
    });
    await browser.enterFrame();
    await clickLauncher();
    await call("mount");
    assert.deepEqual(await complaints(), []);
  });
});

describe("when something cannot be fetched", () => {
  for (const part of PARTS) {
    it(`retries by itself: ${part}`, async () => {
      await show({ body: TAG });
      site.failing.set(part, 2);
      await clickLauncher();
      await call("mount");
      // A script that was fetched is imported, too.
      const requests = site.requests.filter((path) => path.split("?")[0] === part);
      assert.equal(requests.length, part.endsWith(".js") ? 4 : 3);
    });

    it(`shows a message and a retry button: ${part}`, async () => {
      await show({ body: TAG });
      site.failing.set(part, Infinity);
      await clickLauncher();
      await message("Not loaded.");
      assert.equal(await count("mount"), 0);
      site.failing.clear();
      await browser.click(await browser.inWidget(".again"));
      await panel();
    });
  }

  it("shows nothing if the visitor only hovered", async () => {
    for (const part of PARTS) site.failing.set(part, Infinity);
    await show({ body: TAG });
    await browser.hover(await launcher());
    await until(() => site.requests.filter((path) => path === PARTS[3]).length >= 3, "three tries");
    site.failing.clear();
    await clickLauncher();
    await call("mount");
    assert.deepEqual(await complaints(), []);
  });

  for (const [what, page] of Object.entries({
    "the page's policy forbids the module": { policy: STRICT.replace("'wasm-unsafe-eval'", "") },
    "the browser has no WebAssembly": { head: '<script src="/no-wasm.js"></script>' },
  })) {
    it(`says that it cannot work here, and does not offer to try again: ${what}`, async () => {
      await show({ body: TAG, ...page });
      await clickLauncher();
      await message("Not here.");
      assert.equal(await has("button.again"), false);
      // But names the tenant's other ways of contact.
      const ways = await browser.run(() => {
        const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
        return [...host.shadowRoot.querySelectorAll("a")].map((way) => [way.href, way.textContent]);
      });
      assert.deepEqual(ways, [
        ["mailto:help@shop.example", "Write to us"],
        ["tel:+4420", "Call us"],
      ]);
      // Nor does it say anything else to somebody who does so all the same.
      await clickLauncher();
      await message("Not here.");
    });
  }

  it("shows a message if the module refuses, and imports a fresh one for the next try", async () => {
    await show({ body: TAG });
    await browser.run(() => (window.refuse = true));
    await clickLauncher();
    await message("Not loaded.");
    assert.equal(await browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.querySelectorAll("table").length;
    }), 0);
    await browser.run(() => (window.refuse = false));
    await browser.click(await browser.inWidget(".again"));
    await panel();
    // Two, or three if the pointer's coming was refused before the click.
    const mounts = (await calls()).filter((call) => call.what === "mount");
    assert.equal(new Set(mounts.map((mount) => mount.number)).size, mounts.length);
    const config = site.fetched().filter((path) => path === PARTS[2]);
    assert.equal(config.length, mounts.length, "the configuration may be what was refused");
  });

  it("shows a message if an unpackaged module, which only halts while it runs, does not start", async () => {
    site.glue = site.glue
      .replace(/export function sever.*/, "export function halt() { exports.halt(); }")
      .replace(/export default async function init.*/, '$& if (window.refuse) throw new Error("no start");');
    await show({ body: TAG });
    await browser.run(() => (window.refuse = true));
    await clickLauncher();
    await message("Not loaded.");
    await browser.run(() => (window.refuse = false));
    await browser.click(await browser.inWidget(".again"));
    await panel();
    assert.deepEqual(await complaints(), []);
  });
});

describe("when a host does not answer", () => {
  /** Records the texts of the status line from now on. */
  const listen = () =>
    browser.run(() => {
      window.said = [];
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const status = host.shadowRoot.querySelector("[role=status]");
      const note = () => said.push(status.textContent);
      new MutationObserver(note).observe(status, { childList: true });
    });
  const isBusy = () =>
    browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.querySelector("[part=launcher]").ariaBusy;
    });

  /** Returns whether something moves on the launcher. */
  const spins = () =>
    browser.run(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      const button = host.shadowRoot.querySelector("[part=launcher]");
      return button
        .getAnimations({ subtree: true })
        .some((animation) => animation.playState === "running");
    });

  for (const part of PARTS) {
    it(`shows at once that it is loading, and waits: ${part}`, async () => {
      site.hanging.set(part, "nothing");
      await show({ body: TAG });
      await clickLauncher();
      await message("Loading.");
      assert.equal(await isBusy(), "true");
      assert.equal(await spins(), true);
      await until(() => site.held.get(part)?.length, "the request that hangs");
      assert.equal(await count("mount"), 0);
      site.release(part);
      await panel();
      assert.equal(await count("mount"), 1);
      assert.deepEqual(await complaints(), []);
    });

    it(`gives up with a message, and can be retried: ${part}`, async () => {
      site.patience = 500;
      site.hanging.set(part, "nothing");
      await show({ body: TAG });
      const button = await launcher();
      await listen();
      await browser.click(button);
      await browser.until(() => said.includes("Not loaded."));
      assert.deepEqual(await browser.run(() => said), ["Loading.", "Not loaded."]);
      assert.equal(await isBusy(), "false");
      assert.equal(await spins(), false);
      // The other parts are there, and need no second request.
      site.hanging.clear();
      site.fetched();
      await browser.click(await browser.inWidget(".again"));
      await panel();
      const again = site.fetched().map((path) => path.split("?")[0]);
      assert.ok(again.includes(part), `${again}`);
      assert.deepEqual(await complaints(), []);
    });
  }

  it("waits longer for a response that has begun, but not for ever", async () => {
    site.patience = 500;
    site.hanging.set(PARTS[0], "nothing").set(PARTS[1], "half");
    await show({ body: TAG });
    await clickLauncher();
    await message("Not loaded.");
    // That was the glue. The module is on its way, and is waited for.
    site.release(PARTS[0]);
    await browser.click(await browser.inWidget(".again"));
    await message("Not loaded.");
    assert.equal(site.requests.filter((path) => path === PARTS[1]).length, 1);
    site.release(PARTS[1]);
    await browser.click(await browser.inWidget(".again"));
    await call("mount");
    assert.equal(site.requests.filter((path) => path === PARTS[1]).length, 2);
  });
});

describe("when the module dies", () => {
  const deaths = {
    "it says so": () => window.fatal("panicked"),
    "it traps": () => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      host.shadowRoot.querySelector(".trap").click();
    },
    "it says so twice and traps": () => {
      window.fatal("one");
      window.fatal("two");
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      host.shadowRoot.querySelector(".trap").click();
    },
  };
  for (const [how, die] of Object.entries(deaths)) {
    it(`repaints the launcher with a message, and a click mounts a fresh module: ${how}`, async () => {
      await show({ body: TAG });
      await clickLauncher();
      await browser.inWidget(".own");
      // As the module marks it while its panel covers the window.
      await browser.run(() => {
        const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
        host.setAttribute("data-modal", "");
      });
      await browser.run(die);
      await message("Stopped.");
      assert.equal(await browser.run(() => document.querySelectorAll("[data-modal]").length), 0);
      assert.equal(await count("sever"), 1);
      const left = await browser.run(() => {
        const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
        return host.shadowRoot.querySelectorAll(".own").length;
      });
      assert.equal(left, 0);
      // What is said must not go because the pointer passes.
      await browser.hover(await launcher());
      await message("Stopped.");
      assert.equal(await count("mount"), 1);
      await clickLauncher();
      const mount = await browser.until(() => window.calls.find((call) => call.number === 2));
      assert.ok(mount);
      await browser.inWidget(".own");
      // The module itself is still good: only the code around it has to be had anew.
      assert.deepEqual(
        site.fetched().sort(),
        // The file of the page's API has the offer to copy details.
        [...PARTS, "/site/chat-1.js?2", "/site/widget.js", "/site/api-4.js", "/site/api-4.js?2"].sort(),
      );
    });
  }

  it("ignores errors of the page's own scripts", async () => {
    await show({ body: TAG });
    await clickLauncher();
    await browser.inWidget(".own");
    await browser.run(async () => {
      setTimeout(() => {
        throw new Error("the shop's own");
      });
      setTimeout(() => {
        throw new WebAssembly.RuntimeError("the shop's own module");
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    assert.equal(await count("sever"), 0);
    await browser.inWidget(".own");
  });
});

describe("on the page", () => {
  const hosts = () =>
    browser.run(
      () => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length,
    );

  it("ignores a second tag of the same script, with a warning", async () => {
    const tag = '<script src="/site/widget.js"></script>';
    await show({ body: tag + tag });
    await launcher();
    assert.equal(await hosts(), 1);
    assert.match((await browser.run(() => window.warnings)).join(), /already on this page/);
  });

  it("mounts one widget for each script address", async () => {
    await show({ body: TAG + '<script src="/site-2/widget.js"></script>' });
    await browser.inWidget(".launcher", 1);
    assert.equal(await hosts(), 2);
  });

  it("mounts anew when the page comes back from the back/forward cache during a chat", async () => {
    const back = () =>
      browser.run(() => {
        window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      });
    await show({ body: TAG });
    await clickLauncher();
    await browser.inWidget(".own");
    await back();
    assert.equal(await count("unmount"), 0, "there is nothing to take up");
    await browser.run(() => localStorage.setItem(`chat-live:${location.origin}/site/`, "1"));
    await back();
    await browser.until(() => window.calls.filter((call) => call.what === "mount").length === 2);
    assert.equal(await count("unmount"), 1);
    await browser.inWidget(".own");
    assert.equal(await browser.run(() => window.calls.at(-1).open), false);
    await browser.run(() => localStorage.clear());
    assert.deepEqual(await complaints(), []);
  });

  it("unmounts when the page removes it, and comes back with a new tag", async () => {
    const policy = STRICT.replace(/; require-trusted.*/, ""); // The test adds a tag by hand.
    await show({ body: TAG, policy });
    await clickLauncher();
    await browser.inWidget(".own");
    const address = await browser.run(() => document.querySelector("script[async]").src);
    await takeAway();
    await call("unmount");
    // What comes after must find no listener that still believes in a chat.
    await browser.run(() => window.fatal("too late"));
    assert.equal(await hosts(), 0);
    assert.deepEqual(await complaints(), []);
    await addTag(address);
    assert.deepEqual(await browser.run(() => window.warnings), []);
    // A module that was unmounted is alive and well: nothing may have cut it off.
    assert.equal(await count("sever"), 0);
    await clickLauncher();
    await browser.until(() => window.calls.filter((call) => call.what === "mount").length === 2);
    await browser.inWidget(".own");
    assert.deepEqual(await complaints(), []);
  });

  it("does not reuse a module that died for the next tag", async () => {
    const policy = STRICT.replace(/; require-trusted.*/, ""); // The test adds a tag by hand.
    await show({ body: TAG, policy });
    await clickLauncher();
    await browser.inWidget(".own");
    await browser.run(() => window.fatal("panicked"));
    await message("Stopped.");
    const address = await browser.run(() => document.querySelector("script[async]").src);
    await takeAway();
    await addTag(address);
    await clickLauncher();
    await browser.inWidget(".own");
    const mounts = (await calls()).filter((call) => call.what === "mount");
    assert.deepEqual(mounts.map((mount) => mount.number), [1, 2]);
  });

  for (const part of PARTS) {
    it(`can be removed while a file is being fetched: ${part}`, async () => {
      const policy = STRICT.replace(/; require-trusted.*/, ""); // The test adds a tag by hand.
      await show({ body: TAG, policy });
      site.hanging.set(part, "half");
      await browser.click(await launcher());
      await until(() => site.held.get(part)?.length > 0, "the request");
      const address = await browser.run(() => document.querySelector("script[async]").src);
      await takeAway();
      site.release(part);
      await addTag(address);
      await clickLauncher();
      await panel();
      assert.equal(await count("mount"), 1);
      assert.equal(await hosts(), 1);
      assert.deepEqual(await complaints(), []);
    });
  }

  it("follows a page that replaces its body", async () => {
    await show({ body: TAG });
    await launcher();
    await browser.run(() => {
      const body = document.createElement("body");
      document.body.replaceWith(body);
    });
    await launcher();
    assert.equal(await hosts(), 1);
  });

  for (const modal of [false, true]) {
    it(`keeps focus, caret and scrolling when the page replaces its body, modal: ${modal}`, async () => {
      await show({ body: TAG });
      await clickLauncher();
      await panel();
      const swap = (leave) =>
        browser.run(
          async (modal, leave) => {
            const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
            const names = [modal ? "dialog" : "div", "button", "pre", "textarea"];
            const [panel, button, lines, text] = names.map((name) =>
              Document.prototype.createElement.call(document, name),
            );
            host.shadowRoot.append(panel);
            panel.append(button, lines, text);
            if (modal) panel.showModal();
            lines.textContent = "line\n".repeat(90);
            lines.style.cssText = "height:100px;overflow:auto";
            lines.scrollTop = 120;
            text.value = "I was just saying";
            text.focus();
            text.setSelectionRange(7, 9);
            const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
            // The event of the scrolling comes with a frame.
            await frame().then(frame);
            if (leave) text.blur();
            await frame();
            document.body.replaceWith(document.createElement("body"));
            await frame();
            const focused = host.shadowRoot.activeElement === text;
            const caret = [text.selectionStart, text.selectionEnd];
            const { scrollTop } = lines;
            panel.remove();
            return { focused, scrollTop, caret };
          },
          modal,
          leave,
        );
      assert.deepEqual(await swap(false), { focused: true, scrollTop: 120, caret: [7, 9] });
      // A visitor who has gone back to the page is left there.
      assert.equal((await swap(true)).focused, false);
    });
  }
});
