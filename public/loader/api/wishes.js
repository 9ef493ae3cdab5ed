// What the page has said before the widget was mounted, and what counts for every mount.

/**
 * @typedef {object} Wishes
 * @property {Record<string, string | boolean>} prefill Values of the form's fields.
 * @property {Record<string, string>} userData
 * @property {Theme} theme
 * @property {CSSStyleSheet} [sheet] The theme's tokens, while the widget is mounted.
 * @property {{ name: string, listener: Function, hear: (event: Event) => void }[]} listeners
 */

/** A look of the page's choice. @typedef {{ scheme?: string, tokens?: Record<string, string> }} Theme */

/** @type {WeakMap<Loader, Wishes>} */
const ALL = new WeakMap();

/**
 * Returns what the page has said of a widget.
 * @param {Loader} loader
 * @returns {Wishes}
 */
export function wishesOf(loader) {
  let wishes = ALL.get(loader);
  if (!wishes) {
    const prefill = prefillOf(loader.dataset);
    wishes = { prefill, userData: {}, theme: {}, listeners: [] };
    ALL.set(loader, wishes);
  }
  return wishes;
}

/**
 * Returns the tag's `data-prefill-…` attributes by the names of their fields. Attributes know no capitals:
 * `data-prefill-first-name` is `firstName`.
 * @param {DOMStringMap} dataset
 */
function prefillOf(dataset) {
  /** @type {Record<string, string | boolean>} */
  const values = {};
  for (const key of Object.keys(dataset)) {
    const [, first, rest] = /^prefill([A-Z])(.*)$/.exec(key) || [];
    if (first) values[first.toLowerCase() + rest] = dataset[key] || "";
  }
  return values;
}

/**
 * Puts what the page has said into the tenant's configuration: it then counts from the first moment.
 * @param {Loader} loader
 * @param {string} text The configuration as JSON.
 */
export function configure(loader, text) {
  const { prefill, userData } = wishesOf(loader);
  if (!Object.keys(prefill).length && !Object.keys(userData).length) return text;
  const config = JSON.parse(text);
  if (config.server) config.server.user_data = { ...config.server.user_data, ...userData };
  const fields = (config.form && config.form.fields) || [];
  for (const name of Object.keys(prefill)) {
    const field = fields.find((field) => isAlike(field.name, name) || isAlike(field.role, name));
    if (!field || !canBegin(field, prefill[name])) {
      console.warn(`Chat: the form cannot begin with what the page has for "${name}".`);
    } else if (field.kind !== "checkbox") {
      field.value = String(prefill[name]);
    }
  }
  return JSON.stringify(config);
}

/** Tells whether a field can begin with a value. An agreement is the visitor's to give. */
function canBegin({ kind, options }, value) {
  if (kind === "checkbox") return typeof value === "boolean" || value === "true" || value === "";
  return kind === "select" ? options.some((one) => one.value === value) : kind !== "consent";
}

/** Tells whether two names are the same but for capitals and hyphens. */
function isAlike(one, other) {
  const plain = (name) => String(name).replace(/[-_]/g, "").toLowerCase();
  return plain(one) === plain(other);
}

/**
 * Puts the page's tokens over the tenant's, on the painted launcher or on the widget.
 * @param {Loader} loader
 * @param {boolean} isMounted
 */
export function applyTokens(loader, isMounted) {
  const { root, launcher } = loader;
  const wishes = wishesOf(loader);
  const { tokens } = wishes.theme;
  if (!tokens) return;
  const sheet = isMounted ? new CSSStyleSheet() : launcher.sheet;
  // Stronger than the tenant's, which stand on `.root[data-scheme=…]` and on `.launcher`.
  const rule = (isMounted ? ".root[data-scheme][data-scheme]" : ".launcher.launcher") + "{}";
  const { style } = /** @type {CSSStyleRule} */ (
    sheet.cssRules[sheet.insertRule(rule, sheet.cssRules.length)]
  );
  for (const name of Object.keys(tokens)) style.setProperty(`--${name}`, tokens[name]);
  if (!isMounted) return;
  const others = root.adoptedStyleSheets.filter((other) => other !== wishes.sheet);
  root.adoptedStyleSheets = [...others, sheet];
  wishes.sheet = sheet;
}
