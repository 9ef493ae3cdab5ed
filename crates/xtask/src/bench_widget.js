// What the loader asks of a module, with as little behind it as a form needs.
export default ({ module_or_path }) => WebAssembly.instantiate(module_or_path, {});

export function mount({ root, open, launcher }) {
  const form = document.createElement("form");
  form.append(document.createElement("input"));
  const show = (open) => (form.hidden = !open);
  show(open);
  const button = document.createElement("button");
  button.className = launcher.className;
  button.style.cssText = "position:fixed;bottom:20px;right:20px;width:56px;height:56px";
  button.onclick = () => show(form.hidden);
  root.append(button, form);
  launcher.remove();
  return { open: () => show(true), close: () => show(false), unmount: () => form.remove() };
}
