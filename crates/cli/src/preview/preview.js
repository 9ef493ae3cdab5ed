// Shows a frame for each scheme, language and state, and does so again when the tenant's file has changed.

const byId = (id) => document.getElementById(id);
const ALL = "all";
let shown = {};

/** Makes an element with attributes and children. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function showFrames() {
  const wanted = byId("locale").value;
  const locales = shown.locales.filter((locale) => wanted === ALL || wanted === locale);
  const width = byId("width").value;
  const frame = (locale, state, scheme) => {
    const title = `${locale}, ${scheme}, ${state}`;
    const src = `/site/${scheme}/${locale}/${state}`;
    return make("figure", {}, make("figcaption", {}, title), make("iframe", { src, title, width }));
  };
  const row = (locale) => {
    const frames = ["open", "closed"].flatMap((state) =>
      shown.schemes.map((scheme) => frame(locale, state, scheme)),
    );
    return make("section", {}, ...frames);
  };
  byId("frames").replaceChildren(...locales.map(row));
}

function showLocales() {
  const select = byId("locale");
  const wanted = select.value;
  const locales = [ALL, ...shown.locales];
  select.replaceChildren(...locales.map((locale) => make("option", { value: locale }, locale)));
  select.value = locales.includes(wanted) ? wanted : ALL;
}

async function look() {
  try {
    const state = await (await fetch("/state.json")).json();
    if (state.version !== shown.version) {
      shown = state;
      document.title = `${state.tenant || "Preview"}: preview`;
      byId("notes").textContent = state.notes.join("\n");
      showLocales();
      showFrames();
    }
  } catch {
    byId("notes").textContent = "The program has ended. This page goes on when it is started again.";
    shown = {};
  }
  setTimeout(look, 500);
}

byId("locale").addEventListener("change", showFrames);
byId("width").addEventListener("change", showFrames);
byId("again").addEventListener("click", () => {
  localStorage.clear();
  sessionStorage.clear();
  showFrames();
});
look();
