// Buttons that copy what support needs to know: in the panel, and beside what the loader says.

import { diagnose } from "./diagnostics.js";
import { callModule } from "./door.js";
import { createElement } from "../shared/page.js";

/**
 * Copies what support needs to know of a mounted module: the visitor has asked for it in the panel.
 * @param {Loader} loader
 * @param {ModuleSide} side
 * @param {(isCopied: boolean) => void} done
 */
export async function copyFor(loader, side, done) {
  const state = callModule(loader, side, "getState", []).catch(() => ({}));
  done(await copy(loader.root, textOf(loader, state)));
}

/**
 * Puts a button beside what the loader says that copies what support needs to know.
 * @param {Loader} loader
 * @param {Texts} texts
 */
export function offerDetails(loader, texts) {
  const { launcher, root } = loader;
  const button = createElement("button", { type: "button", class: "again" });
  button.textContent = texts.copy;
  button.onclick = async () => {
    const isCopied = await copy(root, textOf(loader, Promise.resolve({})));
    button.textContent = isCopied ? texts.copied : texts.uncopied;
  };
  // Later: whoever failed is about to say so, in the same place.
  setTimeout(() => launcher.note.className && launcher.note.append(button));
}

async function textOf(loader, state) {
  return JSON.stringify(diagnose(loader, await state), null, 1);
}

/**
 * Puts a text that is still to come onto the clipboard. Resolves with whether it is there.
 * @param {ShadowRoot} root
 * @param {Promise<string>} text
 */
async function copy(root, text) {
  try {
    // Safari lets a page write only what it has been given in the click itself; a promise will do.
    const item = new ClipboardItem({ "text/plain": text.then((words) => new Blob([words], { type: "text/plain" })) });
    await navigator.clipboard.write([item]);
    return true;
  } catch {
    // Pages without a secure origin have no such clipboard.
    return copySelection(root, await text);
  }
}

/** Copies a text as a visitor would: by selecting it. */
function copySelection(root, words) {
  const before = root.activeElement;
  const field = createElement("textarea", { "aria-hidden": true });
  field.style.position = "fixed";
  field.style.opacity = "0";
  field.value = words;
  // Beside what has the focus: outside of a modal dialog nothing can be selected.
  ((before && before.parentNode) || root).append(field);
  field.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    // The browser has no such command.
  }
  field.remove();
  if (before) before.focus();
  return done;
}
