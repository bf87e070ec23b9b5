// Asks Python for the file when it is wanted, piece by piece, and hands it to the browser.
function render({ model, el, signal }) {
  const root = document.createElement("div");
  root.className = "eg-download";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "eg-button";
  const note = document.createElement("span");
  note.className = "eg-caption";
  note.setAttribute("role", "status");
  root.append(button, note);
  el.append(root);
  const show = () => { button.textContent = model.get("label"); button.disabled = model.get("disabled"); };
  show();
  let got = null;
  const answer = (content, buffers) => got?.(content, buffers);
  model.on("msg:custom", answer);
  model.on("change", show);
  signal.addEventListener("abort", () => { model.off("msg:custom", answer); model.off("change", show); });

  // A server may drop a message when too much is sent at once: ask again.
  async function piece(start) {
    for (let attempt = 0; attempt < 5; attempt++) {
      const reply = await new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), start ? 4000 : 120000);
        got = (content, buffers) => {
          if (content.start !== start) return;
          clearTimeout(timer);
          resolve({ size: content.size, bytes: buffers[0] });
        };
        model.send({ start, again: attempt > 0 });
      });
      if (reply) return reply;
    }
    return { size: -1 };
  }

  button.addEventListener("click", async () => {
    button.disabled = true;
    note.textContent = model.get("texts").busy;
    const parts = [];
    let at = 0, size = 0;
    do {
      const reply = await piece(at);
      size = reply.size;
      if (size < 0) break;
      parts.push(reply.bytes);
      at += reply.bytes.byteLength;
    } while (at < size);
    note.textContent = size < 0 ? model.get("texts").failed : model.get("texts").done;
    if (size >= 0) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(parts, { type: model.get("mime") }));
      link.download = model.get("filename");
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }
    show();
  });
}
export default { render };
