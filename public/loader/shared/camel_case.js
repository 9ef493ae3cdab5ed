/**
 * Makes `firstName` of `first-name`, as data attributes are named in scripts.
 * @param {string} name
 */
export const camelCase = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
