/**
 * Puts words on what is painted: the launcher, which has a text or a picture, and the button beside a message.
 * @param {import("../main/launcher.js").PaintedLauncher} launcher
 * @param {Texts} texts
 */
export function label({ button, retryButton }, texts) {
  const own = button.querySelector("span");
  if (own) own.textContent = texts.label;
  button.setAttribute("aria-label", texts.label);
  retryButton.textContent = texts.again;
}
