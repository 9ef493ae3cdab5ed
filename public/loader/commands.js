// The commands of the page's calls.

/**
 * Carries out a call of the page.
 * @param {Loader} loader
 * @param {[string, ...any[]]} words The command and its arguments.
 */
export async function run(loader, [command, ...values]) {
  if (!Object.prototype.hasOwnProperty.call(COMMANDS, command)) {
    const names = Object.keys(COMMANDS).join(", ");
    throw new TypeError(`there is no command "${command}"; there are ${names}`);
  }
  if (loader.signal.aborted) throw new Error("the chat was taken off this page");
  return COMMANDS[command](loader, ...values);
}

const COMMANDS = {
  /** Loads the chat, without opening it. */
  async boot(loader) {
    await mounted(loader);
  },
  async open(loader) {
    loader.open();
    await mounted(loader);
  },
  close(loader) {
    const widget = loader.mounted();
    if (widget) widget.close();
  },
  /** Shows the launcher again. */
  show({ host }) {
    host.style.setProperty("display", "block", "important");
  },
  /** Takes launcher and panel out of sight. The chat goes on. */
  hide({ host }) {
    host.style.setProperty("display", "none", "important");
  },
  /** Takes the widget off the page for good. The chat can be resumed by the next tag. */
  destroy(loader) {
    loader.remove();
  },
};

/** Returns the mounted widget, which is loaded if it must be. */
async function mounted(loader) {
  if (!loader.mounted()) await loader.start();
  const widget = loader.mounted();
  if (!widget) throw new Error("the chat could not be loaded");
  return widget;
}
