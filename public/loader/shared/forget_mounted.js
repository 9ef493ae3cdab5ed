/**
 * Notes that the widget is no longer mounted, and that nobody waits for it to open.
 * @param {Loader} loader
 */
export function forgetMounted(loader) {
  loader.mounted = loader.opener = undefined;
}
