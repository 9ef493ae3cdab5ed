// Tests of languages whose words come in files of their own, in a real browser. The module is a stand-in.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startBrowser } from "./webdriver.mjs";
import { MESSAGE, startSite } from "./site.mjs";

const TAG = '<script src="/site/widget.js"></script>';
const FRENCH = {
  module: { "composer.send": "Envoyer" },
  loader: { label: "Écrivez-nous", loading: "Chargement.", failed: "Échec.", again: "Réessayer" },
  mount: { stopped: "Interrompu." },
  fallback: { unsupported: "Impossible ici." },
  message: { title: "Laisser un message" },
  hours: { closed: "Fermé.", closedUntil: "Fermé jusqu’à {time}." },
};
const PORTUGUESE = { module: { "composer.send": "Enviar" }, loader: { label: "Fale conosco" } };
const WORDS = /words-10\.js|-11\.json/;

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
  site.words = { fr: FRENCH, "pt-BR": PORTUGUESE };
});
afterEach(async () => {
  await browser.open(site.page({}));
  await browser.leave();
});

const show = (lang, tag = TAG, more = {}) => browser.open(site.page({ body: tag, lang, ...more }));
const mounted = () => browser.until(() => window.calls.find(({ what }) => what === "mount"));
const call = (...words) => browser.run((words) => TestChat(...words).then(() => undefined), words);
const name = async () => browser.name(await browser.inWidget(".launcher"));
const isNamed = (words) =>
  browser.until((words) => {
    const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
    return host?.shadowRoot.querySelector(".launcher").getAttribute("aria-label") === words;
  }, words);
const complaints = () => browser.run(() => window.complaints);

describe("words of another language", () => {
  it("are not fetched where English is spoken", async () => {
    for (const lang of ["en", "en-GB", "EN-us"]) {
      await show(lang);
      assert.equal(await name(), "Ask us");
      await call("boot");
      await mounted();
      assert.deepEqual(site.fetched().filter((path) => WORDS.test(path)), [], lang);
    }
  });

  it("name the launcher, which is painted before, and fetch no chat", async () => {
    site.hanging.set("/site/fr-11.json", "nothing");
    await show("fr-CA");
    assert.equal(await name(), "Ask us");
    site.release("/site/fr-11.json");
    await isNamed("Écrivez-nous");
    assert.deepEqual(
      site.fetched().filter((path) => path !== "/site/widget.js"),
      ["/site/mount-0.js", "/site/words-10.js", "/site/fr-11.json"],
    );
    assert.deepEqual(await complaints(), []);
  });

  it("name a launcher without a picture as they stand on it", async () => {
    site.build.launcher.icon = "";
    await show("fr");
    await isNamed("Écrivez-nous");
    assert.equal(
      await browser.run(() => {
        const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
        return host.shadowRoot.querySelector(".launcher").textContent;
      }),
      "Écrivez-nous",
    );
  });

  it("stand on the launcher from the first moment where the tenant has a label in that language", async () => {
    await show("de");
    assert.equal(await name(), "Fragen Sie uns");
    assert.deepEqual(site.fetched(), ["/site/widget.js"]);
  });

  it("go to the module, with the language that says how numbers are written", async () => {
    await show("fr-CA");
    await call("boot");
    const { locale, words } = await mounted();
    assert.deepEqual([locale, words], ["fr-CA", FRENCH.module]);
  });

  it("are those of another region where there are none of the page's", async () => {
    await show("pt");
    await call("boot");
    const { locale, words } = await mounted();
    assert.deepEqual([locale, words], ["pt-BR", PORTUGUESE.module]);
  });

  it("are those of the tag, whatever the page speaks", async () => {
    await show("en", TAG.replace("<script", '<script data-locale="fr"'));
    await isNamed("Écrivez-nous");
    await call("boot");
    assert.equal((await mounted()).locale, "fr");
  });

  it("are the scripts' as well", async () => {
    site.failing.set("/site/chat-1.js", Infinity);
    await show("fr");
    await isNamed("Écrivez-nous");
    await browser.click(await browser.inWidget(".launcher"));
    await browser.until(() => {
      const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
      return host.shadowRoot.querySelector(".note")?.textContent.startsWith("Échec.Réessayer");
    });
  });

  it("are the form's for messages, and say when it opens again", async () => {
    site.message = MESSAGE;
    const never = { zone: "UTC", closed: "message", week: Array(7).fill([]), holidays: {} };
    site.early = { hours: { ...never, texts: { en: { closed: "Closed.", closedUntil: "Until {time}." } } } };
    await show("fr");
    await isNamed("Écrivez-nous");
    await call("open");
    await browser.inWidget(".leave");
    const words = await browser.run(() => {
      const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
      return host.shadowRoot.querySelector(".leave").textContent;
    });
    assert.match(words, /Laisser un message/);
    assert.match(words, /Fermé\./);
  });

  it("can be chosen by the page, before the chat is mounted and after", async () => {
    await show("en");
    await call("setLocale", "fr");
    assert.equal(await name(), "Écrivez-nous");
    await call("setLocale", "en");
    assert.equal(await name(), "Ask us");
    await call("boot");
    assert.deepEqual((await mounted()).words, {});
    await call("setLocale", "pt");
    const { locale, words } = await browser.until(() => window.calls.find(({ what }) => what === "locale"));
    assert.deepEqual([locale, words], ["pt-BR", PORTUGUESE.module]);
  });

  it("are spoken in a frame, and follow the page's choice", async () => {
    site.build.frame = "always";
    const [glue, wasm, config] = ["chat-1.js", "chat-2.wasm", "config-3.json"];
    site.frame = {
      bridge: { page: "frame.html", style: ".frame{position:fixed}" },
      framed: {
        attribute: "test-chat",
        origins: [],
        files: { glue: [glue], wasm: [wasm], config: [config], api: ["api-4.js"], words: ["words-10.js"] },
      },
    };
    const policy = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; img-src data:";
    await show("fr", TAG, { policy });
    await call("boot");
    const told = (what) =>
      browser.until((what) => {
        const [host] = [...document.querySelectorAll("html > div")].filter((div) => div.shadowRoot);
        const { calls } = host.shadowRoot.querySelector("iframe").contentWindow;
        const call = calls.findLast((call) => call.what === what);
        return call && [call.locale, call.words];
      }, what);
    assert.deepEqual(await told("mount"), ["fr", FRENCH.module]);
    await call("setLocale", "pt");
    assert.deepEqual(await told("locale"), ["pt-BR", PORTUGUESE.module]);
    assert.equal(await name(), "Fale conosco");
  });

  it("leave the chat in English where they cannot be fetched, and are tried for again", async () => {
    site.failing.set("/site/fr-11.json", Infinity);
    await show("fr");
    await call("boot");
    const { words } = await mounted();
    assert.equal(words, null);
    const refusal = await browser.run(() => TestChat("setLocale", "fr").then(String, (error) => error.message));
    assert.match(refusal, /setLocale: .*fr-11\.json/);
    site.failing.clear();
    await call("setLocale", "fr");
    const said = await browser.until(() => window.calls.find(({ what }) => what === "locale"));
    assert.deepEqual(said.words, FRENCH.module);
  });
});
