// The embed script. It paints the launcher at once, and fetches and mounts the widget when it is
// needed: closed, when a pointer or the focus comes to the launcher, so that a click finds it ready;
// open, when the launcher is clicked or the tag has `data-open`; and to resume a chat.
//
// Rules: no dependency, one global name (the tenant's choice), and nothing that a strict Content Security
// Policy or Trusted Types refuse (no markup from strings, no style element or attribute, no eval).

import { findTag } from "./main/tag.js";
import { createWidget } from "./main/widget.js";

// The values of one package: packaging puts them in the place of this name.
/** @type {LoaderValues} */
const BUILD = __BUILD__;

// Kept on the page under a symbol, which clashes with no name: the widget of each script.
const REGISTRY = Symbol.for("chat-live");

const tag = findTag(BUILD.base);
if (!tag || !("adoptedStyleSheets" in Document.prototype)) {
  console.warn("Chat: needs a script tag and a newer browser.");
} else {
  const registry = (window[REGISTRY] = window[REGISTRY] || new Map());
  const earlier = registry.get(tag.key);
  if (earlier && earlier.isAlive()) {
    console.warn("Chat: already on this page.");
  } else {
    if (earlier) earlier.remove();
    // What includes the script without a tag has left there what stands for one.
    registry.set(tag.key, createWidget({ ...tag, ...earlier }, BUILD, registry));
  }
}
