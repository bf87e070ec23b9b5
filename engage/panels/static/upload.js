// Sends files in pieces and waits for each to be acknowledged, so that no message is ever large.
const PIECE = 4 * 1024 * 1024;
let counter = 0;

function render({ model, el, signal }) {
  const texts = (name, values = {}) =>
    (model.get("texts")[name] ?? "").replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  const make = (tag, name, text = "") => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.textContent = text;
    return node;
  };
  const root = make("div", "eg-upload");
  const label = make("label", "eg-button -main", texts("label"));
  const input = make("input");
  input.type = "file";
  input.multiple = true;
  label.prepend(input);
  const list = make("ul", "eg-upload-list");
  list.setAttribute("role", "status");
  root.append(label, make("span", "eg-upload-hint", texts("hint")), list);
  el.append(root);

  const waiting = new Map();
  const answer = (message) => {
    waiting.get(message.id)?.(message.kind === "ack");
    waiting.delete(message.id);
  };
  model.on("msg:custom", answer);
  signal.addEventListener("abort", () => model.off("msg:custom", answer));

  function ask(id, content, piece) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => { waiting.delete(id); resolve(false); }, 60000);
      waiting.set(id, (ok) => { clearTimeout(timer); resolve(ok); });
      model.send({ id, ...content }, undefined, piece ? [piece] : []);
    });
  }

  async function take(file) {
    const row = make("li");
    const text = make("span", "", file.name);
    row.append(text);
    list.append(row);
    const say = (name, values = {}) => { text.textContent = texts(name, { name: file.name, ...values }); };
    if (file.size > model.get("limit")) return say("too_big");
    const id = `${Date.now()}-${counter++}`;
    const bar = make("progress");
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    const cancel = make("button", "eg-button", texts("cancel"));
    cancel.type = "button";
    cancel.setAttribute("aria-label", `${texts("cancel")}: ${file.name}`);
    let stopped = false;
    cancel.addEventListener("click", () => { stopped = true; });
    row.append(bar, cancel);
    let ok = await ask(id, { kind: "start", name: file.name });
    try {
      for (let at = 0; ok && at < file.size && !stopped; at += PIECE) {
        ok = await ask(id, { kind: "piece" }, await file.slice(at, at + PIECE).arrayBuffer());
        bar.value = Math.min(at + PIECE, file.size);
        say("progress", { percent: Math.round((100 * bar.value) / bar.max) });
      }
    } catch { ok = false; }
    if (ok && !stopped) ok = await ask(id, { kind: "end", size: file.size });
    else await ask(id, { kind: "cancel" });
    bar.remove();
    cancel.remove();
    row.classList.toggle("-bad", !ok && !stopped);
    say(stopped ? "stopped" : ok ? "done" : "failed");
  }

  async function all(files) {
    for (const file of files) await take(file);
    input.value = "";
  }
  input.addEventListener("change", () => all([...input.files]));
  for (const kind of ["dragenter", "dragover"])
    root.addEventListener(kind, (event) => { event.preventDefault(); event.stopPropagation(); root.classList.add("-over"); });
  root.addEventListener("dragleave", () => root.classList.remove("-over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.classList.remove("-over");
    all([...event.dataTransfer.files]);
  });
}
export default { render };
