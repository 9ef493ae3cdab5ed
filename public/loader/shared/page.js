// Access to the page's document that nothing on the page can mislead.

/**
 * Reads a member of the document.
 *
 * Named elements shadow the document's own members: with `<img name="currentScript" src="…">` on the
 * page, `document.currentScript` is the image, and code would be fetched from its host. Members that
 * are read through the prototype cannot be shadowed.
 * @param {string} member
 */
export const ofDocument = (member) => Reflect.get(Document.prototype, member, document);

/**
 * Creates an element, by default of HTML.
 * @param {string} name
 * @param {Record<string, string | boolean>} [attributes]
 * @param {string} [space]
 */
export function createElement(name, attributes = {}, space = "http://www.w3.org/1999/xhtml") {
  const made = ofDocument("createElementNS").call(document, space, name);
  for (const attribute of Object.keys(attributes)) made.setAttribute(attribute, attributes[attribute]);
  return made;
}
