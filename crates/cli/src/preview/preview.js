// Shows a frame for each scheme and language in one state at a time, and does so again when the tenant's file has changed.

const byId = (id) => document.getElementById(id);
const ALL = "all";
// What is shown first: the panel open with its form, and closed.
const FORM = { name: "form", title: "launcher and form" };
const FORM_STATES = [
  { name: "open", title: "form" },
  { name: "closed", title: "launcher" },
];
let shown = {};

/** Makes an element with attributes and children. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Returns a language's name in English, and its tag. */
function nameOf(locale) {
  try {
    const name = new Intl.DisplayNames("en", { type: "language" }).of(locale);
    return name === locale ? locale : `${name} (${locale})`;
  } catch {
    // A tag that reads like one, but whose parts are in the wrong order.
    return locale;
  }
}

function showFrames() {
  const wanted = byId("locale").value;
  const locales = shown.locales.filter((locale) => wanted === ALL || wanted === locale);
  const width = byId("width").value;
  const chosen = byId("state").value;
  const states =
    chosen === FORM.name ? FORM_STATES : shown.states.filter(({ name }) => name === chosen);
  byId("about").textContent = (chosen !== FORM.name && shown.aboutChats) || "";
  const frame = (locale, state, scheme) => {
    const title = `${nameOf(locale)}, ${scheme}: ${state.title}`;
    const src = `/site/${scheme}/${locale}/${state.name}`;
    const page = make("iframe", { src, title, width, loading: "lazy" });
    return make("figure", {}, make("figcaption", {}, title), page);
  };
  const row = (locale) => {
    const frames = states.flatMap((state) =>
      shown.schemes.map((scheme) => frame(locale, state, scheme)),
    );
    return make("section", {}, ...frames);
  };
  byId("frames").replaceChildren(...locales.map(row));
}

/** Fills a list to choose from, and keeps what was chosen. */
function fill(id, choices) {
  const select = byId(id);
  const wanted = select.value;
  const options = choices.map(({ name, title }) => make("option", { value: name }, title));
  select.replaceChildren(...options);
  if (choices.some(({ name }) => name === wanted)) select.value = wanted;
}

async function look() {
  try {
    const state = await (await fetch("/state.json")).json();
    if (state.version !== shown.version) {
      shown = state;
      document.title = `${state.tenant || "Preview"}: preview`;
      byId("tenant").textContent = state.tenant || "";
      byId("notes").textContent = state.notes.join("\n");
      byId("notes").className = state.notes.some((note) => note.startsWith("error")) ? "wrong" : "";
      fill("state", [FORM, ...shown.states]);
      const locales = shown.locales.map((name) => ({ name, title: nameOf(name) }));
      fill("locale", [{ name: ALL, title: ALL }, ...locales]);
      showFrames();
    }
  } catch {
    byId("notes").textContent = "The program has ended. This page goes on when it is started again.";
    shown = {};
  }
  setTimeout(look, 500);
}

for (const id of ["state", "locale", "width"]) byId(id).addEventListener("change", showFrames);
byId("again").addEventListener("click", () => {
  localStorage.clear();
  sessionStorage.clear();
  showFrames();
});
look();
