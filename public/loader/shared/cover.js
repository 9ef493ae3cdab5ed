// A panel that covers the window, as on phones.

/** The windows that an open panel covers, as in its style sheet. */
export const COVERED = "(max-width:480px)";

/**
 * Keeps the page from scrolling while the host has the attribute `data-modal`. Returns what ends that.
 * @returns {() => void}
 */
export function keepPageStill() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root:has(>[data-modal]){overflow:hidden!important}");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((own) => own !== sheet);
  };
}
