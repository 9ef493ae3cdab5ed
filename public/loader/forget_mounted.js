/**
 * Notes that the widget is no longer mounted, nor wanted open.
 * @param {Loader} loader
 */
export function forgetMounted(loader) {
  loader.mounted = loader.opener = undefined;
}
