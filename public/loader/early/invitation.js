// A few words beside the launcher that invite to a chat.

import { typeOf } from "../shared/events.js";
import { createElement } from "../shared/page.js";

const CROSS = "M6 6 18 18M18 6 6 18";

/**
 * Invites to a chat until the visitor takes the invitation, dismisses it, or opens the panel otherwise.
 * @param {Loader} loader
 * @param {Record<string, Texts>} texts
 */
export function invite(loader, texts) {
  const { host, root, build, launcher } = loader;
  const { text, dismiss } = loader.textsOf(texts, "invitation");
  const lifetime = new AbortController();
  const own = { signal: lifetime.signal };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style(build.launcher.place));
  // A status that is there before its words are read out.
  const bubble = createElement("div", { class: "invitation", part: "invitation", role: "status", dir: "auto" });
  if (loader.locale) bubble.lang = loader.locale;
  const open = createElement("button", { type: "button", class: "accept" });
  const close = createElement("button", { type: "button", class: "dismiss", "aria-label": dismiss, title: dismiss });
  const space = "http://www.w3.org/2000/svg";
  const icon = createElement("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, space);
  icon.append(createElement("path", { d: CROSS }, space));
  close.append(icon);
  open.addEventListener("click", () => {
    end();
    loader.open();
  });
  close.addEventListener("click", () => {
    end();
    // The focused button has gone.
    const button = root.querySelector(".launcher") || launcher.button;
    if (button instanceof HTMLElement) button.focus();
  });
  bubble.addEventListener("keydown", ({ key }) => key === "Escape" && close.click());
  for (const name of ["opened", "chatStarted"]) host.addEventListener(typeOf(loader, name), end, own);
  loader.signal.addEventListener("abort", end, own);
  root.append(bubble);
  adopt();
  open.textContent = text;
  bubble.append(open, close);
  // The module brings style sheets of its own in the place of the painted launcher's.
  host.addEventListener(typeOf(loader, "ready"), adopt, own);

  function adopt() {
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  function end() {
    lifetime.abort();
    bubble.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
  }
}

/** @param {string} place CSS declarations of the launcher's position. */
const style = (place) =>
  `.invitation{position:fixed;${place};margin-block:72px;box-sizing:border-box;display:flex;align-items:flex-start;` +
  "max-inline-size:min(280px,calc(100vw - 40px));padding:4px;border-radius:16px;fill:none;" +
  "background:Canvas;color:CanvasText;border:1px solid color-mix(in srgb,CanvasText 18%,Canvas);" +
  "box-shadow:0 2px 6px #0002,0 8px 24px #0003;font:15px/1.45 var(--font,system-ui);color-scheme:light dark;" +
  "animation:invite .3s}" +
  "@keyframes invite{from{opacity:0;transform:translateY(8px)}}" +
  ".invitation button{all:unset;cursor:pointer;border-radius:12px}" +
  ".invitation button:hover{background:color-mix(in srgb,CanvasText 8%,Canvas)}" +
  ".invitation button:focus-visible{outline:3px solid;outline-offset:-3px}" +
  ".invitation .accept{padding:10px 12px;overflow-wrap:anywhere}" +
  ".invitation .dismiss{flex:none;padding:10px}" +
  ".invitation svg{display:block;inline-size:20px;stroke:currentColor;stroke-width:2;stroke-linecap:round}" +
  "@media(prefers-reduced-motion:reduce){.invitation{animation:none}}" +
  ":host([data-hidden]) .invitation{display:none}" +
  "@media print{.invitation{display:none}}";
