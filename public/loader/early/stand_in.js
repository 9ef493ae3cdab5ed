// The form for messages in the place of a chat that is closed, or cannot be had.

import { forgetMounted } from "../shared/forget_mounted.js";
import { createElement } from "../shared/page.js";

/**
 * Lets the form for messages stand in for the chat.
 * @param {Loader} loader
 * @param {FileRef} file The form's script.
 * @param {Record<string, Texts>} texts
 * @param {() => string | undefined} whyClosed Returns the words for why there is no chat now; nothing if there is one.
 */
export function standIn(loader, file, texts, whyClosed) {
  const { files, launcher, parts, signal } = loader;
  const { load } = loader;
  files.message = file;

  loader.load = async () => {
    const closed = whyClosed();
    if (closed !== undefined && !loader.hasChat()) {
      try {
        const { mount } = await parts.fetch("message");
        await loader.released();
        if (!signal.aborted) loader.mounted = mount(loader, () => whyClosed() || closed);
        return;
      } catch (error) {
        console.error("Chat:", error);
      }
    }
    await load();
    if (loader.opener && !loader.mounted && !signal.aborted) await offer();
  };

  /** Offers the form beside the words for why there is no chat. */
  async function offer() {
    const { note } = launcher;
    const status = () => (note.firstElementChild || note).textContent;
    const said = status();
    const { mount } = await parts.fetch("message").catch(() => ({}));
    // The visitor may have tried again meanwhile.
    if (!mount || loader.mounted || status() !== said) return;
    const button = createElement("button", { type: "button", class: "again offer" });
    button.textContent = loader.textsOf(texts, "message").title;
    button.onclick = () => {
      // Once it is closed, the launcher tries the chat again. What was typed is kept for the next time.
      loader.mounted = mount(loader, () => "", () => {
        const { mounted } = loader;
        forgetMounted(loader);
        if (mounted) mounted.remove();
        launcher.show();
      });
    };
    note.append(button);
  }
}
