// What a person at the desk page sees, as data. The body of a function.
const shown = (element) =>
  !!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const words = (element) => (shown(element) ? element.innerText.replace(/\s+/g, " ").trim() : "");
// Rows out of sight are not laid out before somebody scrolls to them: WebKit has no words of theirs.
const wordsOfRow = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  const { display } = getComputedStyle(node);
  if (display === "none") return "";
  const inside = [...node.childNodes].map(wordsOfRow).join("");
  return display === "inline" ? inside : ` ${inside} `;
};
const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(shown);
const row = (element) => ({
  chat: element.id.replace("chat-", ""),
  name: words(element.querySelector(".name")),
  said: words(element.querySelector(".said")),
  typing: !!element.querySelector(".said.typing"),
  unread: parseInt(words(element.querySelector(".badge")) || "0", 10),
  tags: all(".tag", element).map(words),
  open: element.getAttribute("aria-current") === "true",
});
const entry = (element) => ({
  kind: element.className.split(" ")[0],
  side: ["ours", "theirs"].find((side) => element.classList.contains(side)) ?? "",
  who: element.querySelector("b")?.textContent ?? "",
  text: [...element.children]
    .filter((child) => !child.matches(".who, .unseen, time, .receipt"))
    .map(wordsOfRow)
    .join(" ")
    .replace(/\s+/g, " ")
    .trim(),
});
const group = (name) => all(`.group.${name} .row`).map(row);
const open = document.querySelector("#conversation .title");
const box = document.getElementById("say");
const dialog = document.querySelector("dialog[open]");
const active = document.activeElement;
return {
  title: document.title,
  connection: words(document.getElementById("connection")),
  dialog: words(dialog),
  waiting: group("waiting"),
  mine: group("mine"),
  others: group("others"),
  ended: group("ended"),
  empty: all(".empty").map(words).join(" "),
  head: words(open),
  entries: [...document.querySelectorAll("#conversation .entries > li")].map(entry),
  typing: words(document.querySelector(".typing-now [role=status]")),
  preview: words(document.querySelector(".typing-now .preview")),
  bar: words(document.querySelector(".notice-bar")),
  actions: all("#conversation .actions button").map(words),
  box: shown(box) ? box.value : null,
  details: words(document.getElementById("details")),
  problems: all(".problem span").map(words),
  focus: active.id || words(active),
};
