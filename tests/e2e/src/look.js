// What a visitor sees of the widget, as data. The body of a function: argument 0 counts the
// widgets of the page.
const hosts = [...document.documentElement.children, ...document.body.children].filter((element) => element.shadowRoot);
const root = hosts[arguments[0]]?.shadowRoot;
if (!root) return null;
const shown = (element) =>
  !!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const words = (element) => (element?.innerText ?? "").replace(/\s+/g, " ").trim();
const part = (name, within = root) => within.querySelector(`[part~=${name}]`);
const parts = (name, within = root) => [...within.querySelectorAll(`[part~=${name}]`)].filter(shown);
const launcher = part("launcher");
const panel = part("panel");
const form = part("form");
const input = part("input");
const note = [...root.children].find((element) => element.matches(".note"));
const line = (element) => ({
  kind: element.part.contains("system")
    ? "system"
    : element.part.contains("file")
      ? "file"
      : (element.dataset.kind ?? "message"),
  from: element.dataset.from ?? "",
  state: element.dataset.state ?? "",
  text: words(element),
  whole: words(element.closest(".line") ?? element),
});
const field = (element) => {
  const control = element.querySelector("input, select, textarea");
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ");
  return {
    name: control.name,
    label: words(element.querySelector("label")),
    value: control.value,
    invalid: control.getAttribute("aria-invalid") === "true",
    description: described
      .map((id) => words(id && root.getElementById(id)))
      .join(" ")
      .trim(),
  };
};
const active = root.activeElement;
return {
  launcher: {
    shown: shown(launcher),
    name: launcher?.getAttribute("aria-label") ?? words(launcher),
    expanded: launcher?.getAttribute("aria-expanded") === "true",
    badge: shown(part("badge")) ? words(part("badge")) : "",
  },
  mounted: !!root.querySelector(".app"),
  open: shown(panel),
  header: shown(part("header")) ? words(part("header")) : "",
  form: shown(form)
    ? { state: form.dataset.state, fields: parts("field", form).map(field), alert: words(form.querySelector("[role=alert]")) }
    : null,
  lines: [...root.querySelectorAll("[part~=transcript] :is([part~=message], [part~=system], [part~=file])")]
    .filter(shown)
    .map(line),
  progress: parts("progress").map((bar) => bar.position)[0] ?? null,
  status: parts("status").map((element) => ({ state: element.dataset.state, text: words(element) })),
  tray: [...root.querySelectorAll("[part~=tray] li")].filter(shown).map(words),
  typing: parts("typing").map(words).join(" "),
  composer: shown(input)
    ? {
        text: input.value,
        room: words(root.getElementById("counter")),
        sendable: !part("send").disabled,
        limits: words(root.getElementById("limits")) || (root.getElementById("limits")?.textContent ?? ""),
      }
    : null,
  dialog: words([...root.querySelectorAll("[role$=dialog]")].find(shown)),
  idle: words([...root.querySelectorAll("[data-state=idle]")].find(shown)),
  ended: !!shown(root.querySelector("[data-state=ended]")),
  note: shown(note) ? words(note) : "",
  focus: active ? active.getAttribute("part") || active.dataset.action || active.name || active.tagName.toLowerCase() : "",
};
