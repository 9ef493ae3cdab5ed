// Rich messages: writing them as event attributes (protocol section 1), and a preview of those that were sent.

import { bdi, el } from "./dom.js";

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

const ITEMS = { rows: 4, required: true };

/** The templates: the fields that are asked for, and the message made from the answers. */
export const TEMPLATES = [
  {
    title: "Quick replies",
    fields: [
      { name: "text", label: "Question", value: "Did that help?", required: true },
      { name: "items", label: "Replies", value: "Yes, thank you\nNot quite", hint: "One a line.", ...ITEMS },
    ],
    make: ({ text, items }) => ({
      text,
      contentType: "quick-replies",
      content: lines(items).map((reply, place) => ({ id: String(place + 1), type: "quick-reply", action: "message", text: reply })),
    }),
  },
  {
    title: "List",
    fields: [
      { name: "text", label: "Heading", value: "Which parcel is it?", required: true },
      { name: "items", label: "Entries", value: "Order 4711 | two books\nOrder 4712 | a lamp", hint: "One a line: title | description", ...ITEMS },
    ],
    make: ({ text, items }) => ({
      text,
      contentType: "list-vertical",
      content: lines(items).map((line, place) => {
        const [title, description] = line.split("|").map((part) => part.trim());
        return { id: String(place + 1), type: "list-item", action: "message", title, text: title, ...(description && { description }) };
      }),
    }),
  },
  {
    title: "Card",
    fields: [
      { name: "title", label: "Title", value: "Express delivery", required: true },
      { name: "description", label: "Description", value: "With you tomorrow before noon.", rows: 2 },
      { name: "image", label: "Address of a picture", type: "url", hint: "May be left empty." },
      { name: "items", label: "Buttons", value: "Book it\nTell me more", hint: "One a line.", rows: 3 },
    ],
    make: ({ title, description, image, items }) => ({
      text: [title, description].filter(Boolean).join("\n"),
      contentType: "generic",
      content: [
        {
          id: "1",
          type: "generic",
          title,
          ...(description && { description }),
          ...(image && { image }),
          components: lines(items).map((label, place) => ({ id: String(place + 1), type: "button", action: "message", text: label })),
        },
      ],
    }),
  },
];

/** Writes a rich message as the vendor's client reads it: as JSON text. Where it is not understood its text stands for it. */
export const attributesOf = (rich) => ({ "structured-content": { "genesys-chat": { content: JSON.stringify(rich) } } });

const KINDS = { "quick-replies": "Quick replies", "list-vertical": "List", generic: "Card" };

/** Builds the preview of a rich message; null if it is none. */
export function preview(attributes) {
  const rich = richIn(attributes);
  if (!rich) return null;
  const chips = rich.content.flatMap((item) => [
    ...(item?.type === "generic" ? [] : [line(item)]),
    ...(Array.isArray(item?.components) ? item.components.map(line) : []),
  ]);
  return el(
    "div",
    { class: "rich" },
    el("span", { class: "rich-kind", text: KINDS[rich.contentType] ?? String(rich.contentType ?? "Rich message") }),
    el("ul", {}, chips.filter(Boolean)),
  );
}

function line(item) {
  const title = item?.title ?? item?.text;
  if (typeof title !== "string") return null;
  const description = typeof item.description === "string" ? ` – ${item.description}` : "";
  return el("li", {}, bdi(title + description));
}

/** Finds a rich message in any of the shapes that servers send: in `content`, beside it, or at the top. */
function richIn(attributes) {
  const outer = parsed(attributes?.["structured-content"]?.["genesys-chat"]);
  const candidates = [parsed(outer?.content), outer, attributes];
  return candidates.find((rich) => Array.isArray(rich?.content)) ?? null;
}

function parsed(value) {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
