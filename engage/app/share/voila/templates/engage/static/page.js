// What every page does around its panels: hand-over, dark and print, names for sliders, and a word when it ends.
const engagePage = (() => {
  const texts = JSON.parse(document.getElementById("eg-texts").textContent);
  const config = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
  const address = new URL(location);
  address.searchParams.delete("token");
  if (String(address) !== location.href) history.replaceState(null, "", address);

  // Dark when the reader's system is dark, and never on paper.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = (printing) => { document.body.dataset.jpThemeLight = String(printing || !dark.matches); };
  dress(false);
  dark.addEventListener("change", () => dress(false));
  addEventListener("beforeprint", () => dress(true));
  addEventListener("afterprint", () => dress(false));

  // The study and language in the address go with the reader to the next page; a token never does.
  function carry(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || link.origin !== location.origin || !link.pathname.endsWith(".ipynb")
      || link.getAttribute("href").startsWith("#")) return;
    link.dataset.own ??= link.search;
    const query = new URLSearchParams(location.search);
    for (const [name, value] of new URLSearchParams(link.dataset.own)) query.set(name, value);
    query.delete("token");
    link.search = query.toString();
  }
  for (const kind of ["pointerdown", "focusin", "click", "auxclick"]) document.addEventListener(kind, carry, true);
  // A study that is opened or saved on this page becomes the one in its address.
  function follow() {
    const open = document.querySelector(".eg-open");
    const here = new URL(location);
    if (!open || here.searchParams.get("study") === open.dataset.study) return;
    here.searchParams.set("study", open.dataset.study);
    history.replaceState(null, "", here);
  }

  // A page that is left ends its kernel, on phones and before Voila's own script has loaded too. Voila would end it
  // while the reader is still asked whether to leave what is not saved.
  addEventListener("beforeunload", (event) => {
    event.stopImmediatePropagation();
    if (document.querySelector(".eg-unsaved")) event.preventDefault();
  });
  let left = false;
  addEventListener("pagehide", () => {
    left = true;
    const { kernelId, baseUrl } = config();
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "");
    if (kernelId) navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Is there still somebody to answer? Without this a page whose kernel has gone would only be mute.
  let misses = 0;
  async function ask() {
    const { kernelId, baseUrl } = config();
    if (!kernelId || left) return;
    let alive = null;
    try {
      const reply = await fetch(`${baseUrl}voila/alive/${kernelId}`, { cache: "no-store" });
      if (reply.ok && !reply.redirected) alive = (await reply.json()).alive;
      misses = 0;
    } catch { misses += 1; }
    if (!left && (alive === false || misses > 1)) tell(alive === false ? texts.ended : texts.stopped);
  }
  function tell(sentence) {
    clearInterval(asking);
    const box = document.createElement("div");
    box.className = "eg-note -error eg-gone";
    box.setAttribute("role", "alert");
    const said = document.createElement("p"), again = document.createElement("button");
    said.textContent = sentence;
    again.className = "eg-button -main";
    again.textContent = texts.reload;
    again.addEventListener("click", () => location.reload());
    box.append(said, again);
    document.body.append(box);
  }
  const asking = setInterval(ask, 8000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

  // Sliders and their readouts come without a name; their label is beside them, their value in words in the readout.
  new MutationObserver(() => {
    follow();
    const give = (node, name, value) => {
      if (node && value && node.getAttribute(name) !== value) node.setAttribute(name, value);
    };
    for (const slider of document.querySelectorAll(".widget-slider")) {
      const label = slider.querySelector(".widget-label")?.textContent, said = slider.querySelector(".widget-readout");
      const handle = slider.querySelector(".noUi-handle");
      give(handle, "aria-label", label);
      give(handle, "aria-valuetext", said?.textContent);
      give(said, "role", "textbox");
      give(said, "aria-label", label);
    }
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] });

  // The words while the page is prepared, in place of Voila's.
  let moved = Date.now();
  const write = (text) => { document.getElementById("loading_text").textContent = text; };
  const progress = {
    voila_heartbeat: () => { if (Date.now() - moved > 30000) write(texts.slow); },
    voila_process: (step, steps) => {
      moved = Date.now();
      write(texts.preparing.replace("{step}", step).replace("{steps}", steps));
      document.querySelector("#loading_bar i").style.width = `${(100 * step) / steps}%`;
    },
  };
  return { progress, failed: () => { document.getElementById("loading").hidden = true; tell(texts.ended); } };
})();
