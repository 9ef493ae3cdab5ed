// A button that opens a menu.

import { el } from "./dom.js";

let count = 0;

/** Builds the button and its menu. `entries` returns what can be chosen now, as `[label, act]`. */
export function menu(label, entries, more = {}) {
  count += 1;
  const id = `menu-${count}`;
  const list = el("div", { class: "menu", role: "menu", id, hidden: true, "aria-label": label });
  const opener = el("button", {
    type: "button",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-controls": id,
    text: label,
    ...more,
    on: { click: () => (list.hidden ? open() : close()) },
  });
  const whole = el("div", { class: "menu-holder" }, opener, list);

  function open() {
    list.replaceChildren(
      ...entries().map(([text, act]) =>
        el("button", {
          type: "button",
          role: "menuitem",
          tabindex: "-1",
          text,
          on: {
            click: () => {
              close();
              opener.focus();
              act();
            },
          },
        }),
      ),
    );
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    list.firstElementChild?.focus();
    document.addEventListener("pointerdown", outside);
  }

  function close() {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
  }

  function outside(event) {
    if (!whole.contains(event.target)) close();
  }

  whole.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown" && event.target === opener) {
        event.preventDefault();
        open();
      }
      return;
    }
    const items = [...list.children];
    const place = items.indexOf(document.activeElement);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[to % items.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
      opener.focus();
    } else if (event.key === "Tab") {
      close();
    }
  });
  return { whole, opener };
}
