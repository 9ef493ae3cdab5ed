// Tests of the chat as an element of the page, in a real browser. The module is a stand-in.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { startSite, STRICT } from "./site.mjs";

const SCRIPT = '<script async src="/site/element.js"></script>';

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

const show = (element, more = {}) => browser.open(site.page({ body: `<main>${element}</main>${SCRIPT}`, ...more }));
const complaints = () => browser.run(() => window.complaints);
const hosts = () =>
  browser.run(() => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length);
const gone = () =>
  browser.until(() => ![...document.querySelectorAll("html > div")].some((div) => div.shadowRoot));
const mounted = () => browser.until(() => window.calls.find(({ what }) => what === "mount"));
/** Waits for a call of the page at the module, and returns its arguments. */
const called = (command) =>
  browser.until((command) => window.calls.find((call) => call.command === command)?.args, command);
const panelIs = (open) =>
  browser.until((open) => {
    const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
    const panel = host && host.shadowRoot.querySelector(".panel");
    return panel && panel.hidden === !open;
  }, open);
/** Runs a function with the page's element. */
const withElement = (fn, ...args) =>
  browser.run(
    `async (...args) => (${fn})(document.querySelector("test-chat"), ...args)`,
    ...args,
  );

describe("an element", () => {
  it("paints the launcher and loads no more, under a policy with Trusted Types", async () => {
    await show("<test-chat></test-chat>");
    const launcher = await browser.inWidget(".launcher");
    assert.equal(await browser.name(launcher), "Ask us");
    assert.deepEqual(site.fetched(), ["/site/element.js", "/site/widget.js"]);
    await browser.click(launcher);
    await mounted();
    assert.deepEqual(await complaints(), []);
    assert.deepEqual(await browser.run(() => window.warnings), []);
  });

  it("begins with its attributes, and leaves the focus with the page", async () => {
    await show('<test-chat open locale="de" prefill-first-name="Ada"></test-chat>');
    const { open, focus, locale } = await mounted();
    assert.deepEqual([open, focus, locale], [true, false, "de"]);
    assert.ok(await withElement((element) => element.open));
    assert.deepEqual(await complaints(), []);
  });

  for (const [what, script] of Object.entries({ "and its script": SCRIPT, alone: "" })) {
    it(`brings the chat back where the page writes its whole document anew, with the element ${what}`, async () => {
      const policy = STRICT.replace(/; require-trusted.*/, "");
      await show("<test-chat></test-chat>", { policy });
      await browser.inWidget(".launcher");
      await browser.run((script) => {
        document.open();
        document.write(`<title>Thanks</title><body><h1>Thanks</h1><test-chat locale="de"></test-chat>${script}</body>`);
        document.close();
      }, script);
      await browser.until(() => document.readyState === "complete" && window.TestChat);
      const launcher = await browser.inWidget(".launcher");
      assert.equal(await browser.name(launcher), "Fragen Sie uns");
      await browser.click(launcher);
      await mounted();
      assert.equal(await hosts(), 1);
      await withElement((element) => element.remove());
      await gone();
    });
  }

  it("passes over an answer without a name", async () => {
    await show('<test-chat open prefill- prefill-first-name="Ada"></test-chat>');
    await mounted();
    assert.deepEqual(await complaints(), []);
  });

  it("gives the form its answers", async () => {
    site.config = JSON.stringify({ form: { fields: [{ name: "firstName", kind: "text", role: "first_name" }] } });
    await show('<test-chat open prefill-first-name="Ada"></test-chat>');
    const { config } = await mounted();
    assert.equal(JSON.parse(config).form.fields[0].value, "Ada");
  });

  it("follows its attributes", async () => {
    await show("<test-chat></test-chat>");
    await browser.inWidget(".launcher");
    await withElement((element) => element.setAttribute("open", ""));
    await panelIs(true);
    assert.equal((await mounted()).focus, true);
    await withElement((element) => element.removeAttribute("open"));
    await panelIs(false);
    await withElement((element) => {
      element.locale = "de";
      element.setAttribute("prefill-email", "a@b.example");
    });
    assert.deepEqual(await called("prefill"), [{ email: "a@b.example" }]);
    await browser.until(() => window.calls.find(({ what, locale }) => what === "locale" && locale === "de"));
    await withElement((element) => (element.theme = "dark"));
    const scheme = () => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.querySelector(".root").dataset.scheme === "dark";
    };
    await browser.until(scheme);
    await withElement((element) => (element.hidden = true));
    const isShown = (shown) => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return (getComputedStyle(host).display !== "none") === shown;
    };
    await browser.until(isShown, false);
    await withElement((element) => (element.hidden = false));
    await browser.until(isShown, true);
    assert.deepEqual(await complaints(), []);
  });

  it("takes what a framework has said before the script was there", async () => {
    // Vue writes an attribute then, false as well; others set properties.
    const policy = STRICT.replace(/; require-trusted.*/, ""); // The test adds the script by hand.
    const elements = '<test-chat open="false" locale="de"></test-chat>';
    await browser.open(site.page({ body: `<main>${elements}</main>`, policy }));
    await withElement((element) => {
      element.theme = "dark";
      const script = document.createElement("script");
      script.src = "/site/element.js";
      document.head.append(script);
    });
    const launcher = await browser.inWidget(".launcher");
    assert.equal(await browser.name(launcher), "Fragen Sie uns");
    const { theme, open } = await withElement(({ theme, open }) => ({ theme, open }));
    assert.deepEqual([theme, open], ["dark", false]);
    await withElement((element) => element.call("boot"));
    assert.equal((await mounted()).open, false);
    await withElement((element) => (element.open = true));
    await panelIs(true);
    assert.equal(await withElement((element) => element.getAttribute("open")), "");
    assert.deepEqual(await complaints(), []);
  });

  it("has its theme and its hiding from the first moment", async () => {
    await show('<test-chat hidden theme="dark"></test-chat>');
    await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host && getComputedStyle(host).display === "none";
    });
    assert.equal((await browser.run(() => window.calls)).length, 0);
  });

  it("shows by its attribute whether the panel is open, as a dialog does", async () => {
    await show("<test-chat></test-chat>");
    await browser.click(await browser.inWidget(".launcher"));
    await browser.until(() => document.querySelector("test-chat").open);
    await browser.run(() => TestChat("close"));
    await browser.until(() => !document.querySelector("test-chat").open);
    // Nothing was opened or closed because of that.
    const told = await browser.run(() => window.calls.filter(({ what }) => what === "mount").length);
    assert.equal(told, 1);
    await panelIs(false);
  });

  it("has the widget's events as its own", async () => {
    await show("<test-chat></test-chat>");
    await browser.inWidget(".launcher");
    await withElement((element) => {
      window.heard = [];
      for (const name of ["ready", "opened", "message"]) {
        element.addEventListener(name, ({ detail, bubbles }) => heard.push([name, detail, bubbles]));
      }
      return element.call("open");
    });
    await browser.until(() => window.heard.length >= 2);
    await browser.run(() => void emit("message", { text: "Hello" }));
    await browser.until(() => window.heard.length >= 3);
    const heard = await browser.run(() => window.heard);
    assert.deepEqual(heard.find(([name]) => name === "message"), ["message", { text: "Hello" }, false]);
    assert.deepEqual(heard.map(([name]) => name).sort(), ["message", "opened", "ready"]);
  });

  it("takes calls, and rejects what is wrong with them", async () => {
    await show("<test-chat></test-chat>");
    // Also before the script is there.
    await browser.until(() => customElements.get("test-chat"));
    const [sent, wrong] = await withElement(async (element) => [
      await element.call("sendMessage", "Hello"),
      await element.call("dance").catch((error) => error.message),
    ]);
    assert.deepEqual(sent, { command: "sendMessage" });
    assert.match(wrong, /there is no command "dance"/);
    const off = await browser.run(() =>
      document.createElement("test-chat").call("open").catch((error) => error.message),
    );
    assert.equal(off, "open: the element is not on the page");
  });
});

describe("the widget", () => {
  it("lives as long as its element does", async () => {
    await show("<test-chat></test-chat>");
    await browser.click(await browser.inWidget(".launcher"));
    await mounted();
    // The page throws the widget out, but not the element.
    await browser.run(() => {
      [...document.documentElement.children].find((element) => element.shadowRoot).remove();
    });
    await browser.inWidget(".own");
    // It moves the element.
    await withElement((element) => document.body.append(element));
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 50)));
    assert.equal(await hosts(), 1);
    assert.deepEqual(await browser.run(() => window.calls.filter(({ what }) => what === "unmount")), []);
    // It takes the element away, and brings another.
    for (const [times, more] of [["once", 1], ["twice", 2]]) {
      await browser.run(() => document.querySelector("test-chat").remove());
      await gone();
      await browser.run(() => document.body.append(document.createElement("test-chat")));
      await browser.inWidget(".launcher");
      assert.equal(await hosts(), 1, times);
      const asked = site.requests.filter((path) => path.startsWith("/site/widget.js"));
      assert.equal(new Set(asked).size, 1 + more, `${asked}`);
    }
    await withElement((element) => element.call("open"));
    await panelIs(true);
    assert.deepEqual(await complaints(), []);
  });

  it("is one for two elements, and goes with the last", async () => {
    await show("<test-chat></test-chat><test-chat></test-chat>");
    await browser.inWidget(".launcher");
    await withElement((element) => element.remove());
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 50)));
    assert.equal(await hosts(), 1);
    await withElement((element) => element.remove());
    await gone();
    assert.deepEqual(site.fetched(), ["/site/element.js", "/site/widget.js"]);
  });

  it("stays where the page has its tag as well", async () => {
    await show('<script src="/site/widget.js"></script><test-chat locale="de"></test-chat>');
    await browser.until(() => {
      const host = [...document.querySelectorAll("html > div")].find((div) => div.shadowRoot);
      return host.shadowRoot.querySelector(".launcher").getAttribute("aria-label") === "Fragen Sie uns";
    });
    assert.equal(await hosts(), 1);
    await withElement((element) => element.remove());
    await browser.run(() => new Promise((resolve) => setTimeout(resolve, 50)));
    assert.equal(await hosts(), 1);
    assert.deepEqual(await complaints(), []);
  });

  it("does not come back after the command that takes it off", async () => {
    await show("<test-chat open></test-chat>");
    await mounted();
    await browser.run(() => TestChat("destroy"));
    await gone();
    await withElement((element) => element.toggleAttribute("open"));
    const said = await withElement((element) => element.call("open").catch((error) => error.message));
    assert.match(said, /taken off|cannot be called/);
    assert.equal(await hosts(), 0);
    await withElement((element) => element.replaceWith(document.createElement("test-chat")));
    await browser.inWidget(".launcher");
  });

  it("that could not be loaded is told of, and comes with the next change", async () => {
    site.failing.set("/site/widget.js", 1);
    await show("");
    await browser.until(() => customElements.get("test-chat"));
    await browser.run(() => {
      window.heard = [];
      const element = document.createElement("test-chat");
      element.addEventListener("error", ({ detail }) => heard.push(detail));
      document.body.append(element);
    });
    assert.deepEqual(await browser.until(() => window.heard[0]), { action: "load", code: "notLoaded" });
    await withElement((element) => element.setAttribute("locale", "de"));
    assert.equal(await browser.name(await browser.inWidget(".launcher")), "Fragen Sie uns");
    assert.deepEqual(await complaints(), []);
  });
});

describe("another tenant", () => {
  it("is taken from the folder beside", async () => {
    await show('<test-chat tenant="other_1"></test-chat>');
    await browser.inWidget(".launcher");
    const asked = site.requests.filter((path) => path.endsWith("widget.js"));
    assert.deepEqual(asked, ["/other_1/widget.js"]);
  });

  it("is taken in the same version", async () => {
    await browser.open(
      site.page({ body: '<test-chat tenant="other"></test-chat><script src="/site/v1/element.js"></script>' }),
    );
    await browser.inWidget(".launcher");
    assert.ok(site.requests.includes("/other/v1/widget.js"), `${site.requests}`);
  });

  it("takes the place of the first", async () => {
    await show("<test-chat></test-chat>");
    await browser.inWidget(".launcher");
    await withElement((element) => (element.tenant = "other"));
    await browser.until(
      () => performance.getEntriesByType("resource").some(({ name }) => name.includes("/other/widget.js")),
    );
    await browser.until(
      () => [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot).length === 1,
    );
  });

  it("cannot be anything but a folder's name", async () => {
    const names = ["../x", "a/b", "//evil.example", "https:evil", "a.b", "", "%2e%2e"];
    await show("");
    await browser.until(() => customElements.get("test-chat"));
    site.requests.length = 0;
    const refused = await browser.run(async (names) => {
      let count = 0;
      for (const name of names) {
        const element = document.createElement("test-chat");
        element.setAttribute("tenant", name);
        element.addEventListener("error", () => (count += 1));
        document.body.append(element);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      return count;
    }, names);
    assert.equal(refused, names.length);
    assert.deepEqual(site.requests, []);
    assert.equal(await hosts(), 0);
  });
});
