// Checks of what the page hands to a command.

/** The number of user data that a call may hand over, and the most characters of their names and values. */
const MOST = { pairs: 100, name: 128, value: 4000 };

/**
 * Says what is wrong with an argument.
 * @param {string} what
 * @returns {never}
 */
export function refuse(what) {
  throw new TypeError(what);
}

/**
 * Returns a text that is not blank.
 * @param {unknown} value
 * @param {string} what Names it in the error.
 */
export function text(value, what) {
  if (typeof value !== "string") return refuse(`${what} must be a string, not ${nameOf(value)}`);
  if (!value.trim()) refuse(`${what} must not be blank`);
  return value;
}

/**
 * Returns an object's members of the types that are wanted; numbers become texts.
 * @param {unknown} value
 * @param {string} what Names it in the error.
 * @param {boolean} [withTicks] Whether true and false are wanted, too.
 * @returns {Record<string, any>}
 */
export function record(value, what, withTicks = false) {
  if (!isPlain(value)) return refuse(`${what} must be an object, not ${nameOf(value)}`);
  const wanted = withTicks ? "a string, a number, true or false" : "a string or a number";
  /** @type {Record<string, any>} */
  const found = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === undefined || member === null) continue;
    if (typeof member === "string" || (withTicks && typeof member === "boolean")) {
      found[name] = member;
    } else if (typeof member === "number" && isFinite(member)) {
      found[name] = String(member);
    } else {
      refuse(`${what}.${name} must be ${wanted}, not ${nameOf(member)}`);
    }
  }
  return found;
}

/**
 * Returns user data within the limits.
 * @param {unknown} value
 * @param {string} what Names it in the error.
 */
export function userData(value, what) {
  const data = record(value, what);
  const names = Object.keys(data);
  if (names.length > MOST.pairs) refuse(`${what} has more than ${MOST.pairs} members`);
  for (const name of names) {
    if (!name.trim() || name.length > MOST.name) {
      refuse(`${what}: a name must have 1 to ${MOST.name} characters`);
    }
    if (data[name].length > MOST.value) {
      refuse(`${what}.${name} is longer than ${MOST.value} characters`);
    }
  }
  return data;
}

/**
 * Returns an `http` or `https` address, whole.
 * @param {unknown} value
 */
export function address(value) {
  const words = text(value, "the address");
  try {
    const { protocol, href } = new URL(words);
    if (/^https?:$/.test(protocol)) return href;
  } catch {
    // What follows says it.
  }
  return refuse("the address must be a whole one that begins with https:// or http://");
}

/**
 * Returns a language tag.
 * @param {unknown} value
 */
export function locale(value) {
  const tag = text(value, "the language");
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return refuse(`the language must be a tag such as "de" or "pt-BR", not "${tag}"`);
  }
}

/**
 * Returns a theme: a scheme, tokens, or both.
 * @param {unknown} value
 */
export function theme(value) {
  const wish = typeof value === "string" ? { scheme: value } : value;
  if (!isPlain(wish)) return refuse(`the theme must be a scheme or an object, not ${nameOf(value)}`);
  const { scheme, tokens = {}, ...rest } = wish;
  const others = Object.keys(rest);
  if (others.length) refuse(`the theme has no ${others[0]}; it has scheme and tokens`);
  if (scheme !== undefined && !["auto", "light", "dark"].includes(scheme)) {
    refuse('the scheme must be "auto", "light" or "dark"');
  }
  const found = record(tokens, "tokens");
  for (const name of Object.keys(found)) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) refuse(`tokens: "${name}" is no name of a token`);
  }
  return { scheme, tokens: found };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function nameOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}
