// Drags a file onto an element and lets it go, as a browser does that is given one, and tells what
// becomes of it: `taken`, `refused`, or `opened` by the browser. The body of an async function that is given the element, the file's name and bytes.
const [element, name, bytes] = given;
const dataTransfer = new DataTransfer();
dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
const { left, top, width, height } = element.getBoundingClientRect();
const [clientX, clientY] = [left + width / 2, top + height / 2];
const send = (kind) => {
  let hit = null;
  for (let root = document; root; root = hit?.shadowRoot) {
    const inner = root.elementFromPoint(clientX, clientY);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  const place = { clientX, clientY, bubbles: true, cancelable: true, composed: true };
  return !hit.dispatchEvent(new DragEvent(kind, { dataTransfer, ...place }));
};
send("dragenter");
dataTransfer.dropEffect = "copy";
send("dragover");
// What takes it may only be there by the next frame.
await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
dataTransfer.dropEffect = "copy";
// WebKit keeps it at "none" where a script made the event: then only the drop tells.
const told = dataTransfer.dropEffect === "copy";
if (!send("dragover")) return "opened";
if (told && dataTransfer.dropEffect === "none") return "refused";
if (send("drop")) return "taken";
return told ? "opened" : "refused";
