// The origins of pages that may hold the frame.

/**
 * Tells whether an origin is among those that are listed, as browsers write them. A list may have `*` for all, and
 * `https://*.shop.example` for every sub-domain of that host.
 * @param {string[]} list
 * @param {string} origin
 */
export function isListed(list, origin) {
  return list.some((listed) => {
    if (listed === "*" || listed === origin) return true;
    const [scheme, host] = listed.split("*.");
    // An origin has no slash but those of its scheme, so what lies between is one host's beginning.
    return host !== undefined && origin.startsWith(scheme) && origin.slice(scheme.length).endsWith("." + host);
  });
}
