// Draws one chart with the page's Vega; data and signals change the drawing, they do not redo it.
function slot() {
  return (globalThis.__engageVega ??= (() => {
    const s = {};
    s.ready = new Promise((ok, no) => { s.ok = ok; s.no = no; });
    return s;
  })());
}

const plain = (value) =>
  value instanceof Set ? [...value].map(plain)
  : Array.isArray(value) ? value.map(plain)
  : value instanceof Date ? value.getTime()
  : value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== "vlPoint").map(([k, v]) => [k, plain(v)]))
    : value;

// Rows given later miss the parsing that Vega does for rows in the specification.
function parsed(rows, vega, name) {
  const parse = vega.data?.find((source) => source.name === name)?.format?.parse ?? {};
  const fields = Object.entries(parse).filter(([, kind]) => kind === "date" || kind === "number");
  if (!fields.length) return rows;
  return rows.map((row) => {
    const copy = { ...row };
    for (const [field, kind] of fields) {
      if (copy[field] == null) continue;
      copy[field] = kind === "date" ? new Date(copy[field]) : +copy[field];
    }
    return copy;
  });
}

// Ink and paper follow the page, which may be dark: the theme's ink (#1F2937) and white become the page's.
function themed(spec, host) {
  const style = getComputedStyle(host);
  const ink = style.color, font = style.fontFamily;
  const dark = host.closest('[data-jp-theme-light="false"]');
  const given = spec.config ?? {};
  const base = { font, background: "transparent", view: { stroke: null }, ...given };
  if (!dark) return { ...spec, config: base };
  const paper = style.getPropertyValue("--eg-paper") || "#14191c";
  const swap = (text, from, to) => text.replace(from, () => JSON.stringify(to.trim()));
  const ours = JSON.parse(swap(swap(JSON.stringify(spec), /"#1f2937"/gi, ink), /"#fff(fff)?"/gi, paper));
  const faint = style.getPropertyValue("--eg-line") || "#3f4b56";
  const text = { labelColor: ink, titleColor: ink };
  return { ...ours, background: "transparent", config: { ...base, background: "transparent",
    axis: { ...given.axis, ...text, gridColor: faint, domainColor: faint, tickColor: faint },
    legend: { ...given.legend, ...text }, header: { ...given.header, ...text },
    title: { ...given.title, color: ink, subtitleColor: ink }, text: { ...given.text, color: ink } } };
}

function render({ model, el, signal }) {
  const figure = document.createElement("div");
  figure.className = "eg-chart";
  figure.setAttribute("role", "figure");
  const canvas = document.createElement("div");
  canvas.className = "eg-chart-box";
  const note = document.createElement("p");
  note.className = "eg-caption";
  note.setAttribute("role", "status");
  figure.append(canvas, note);
  el.append(figure);
  const texts = () => model.get("texts");
  const describe = () => figure.setAttribute("aria-label", model.get("description"));
  describe();

  let drawn = null, width = 0;
  let chain = Promise.resolve();
  const enqueue = (task) => {
    chain = chain.then(() => (signal.aborted ? undefined : task())).catch((reason) => {
      console.warn("chart:", reason);
      note.textContent = texts().failed;
      model.set("error", String(reason?.message ?? reason));
      model.save_changes();
    });
    return chain;
  };

  async function draw() {
    const { vegaEmbed } = await slot().ready;
    clearTimeout(patience);
    if (signal.aborted) return;
    drawn?.finalize();
    drawn = null;
    const spec = themed(model.get("spec"), figure), data = model.get("data");
    if (typeof spec.height === "number") canvas.style.minHeight = `${spec.height}px`;
    const all = { ...spec.datasets, ...data };
    const rows = Object.values(all).reduce((sum, list) => sum + list.length, 0) + (spec.data?.values?.length ?? 0);
    drawn = await vegaEmbed(canvas, { ...spec, datasets: all }, {
      mode: "vega-lite", renderer: rows <= 1000 ? "svg" : "canvas", tooltip: { theme: "custom" },
      actions: { export: { png: true, svg: true }, source: false, compiled: false, editor: false },
      downloadFileName: model.get("filename"),
      i18n: { CLICK_TO_VIEW_ACTIONS: texts().menu, PNG_ACTION: texts().png, SVG_ACTION: texts().svg },
      ...(model.get("format_locale") && { formatLocale: model.get("format_locale") }),
      ...(model.get("time_format_locale") && { timeFormatLocale: model.get("time_format_locale") }),
    });
    canvas.querySelector("summary")?.setAttribute("aria-label", texts().menu);
    // vega-embed makes the picture when a mouse presses the link; a keyboard presses nothing.
    for (const link of canvas.querySelectorAll(".vega-actions a[download]")) {
      const kind = link.download.split(".").pop();
      link.addEventListener("click", async (event) => {
        if (link.getAttribute("href") !== "#") return;
        event.preventDefault();
        const saved = document.createElement("a");
        saved.href = await drawn.view.toImageURL(kind, kind === "png" ? 2 : 1);
        saved.download = link.download;
        saved.click();
      });
    }
    quiet();
    for (const name of model.get("watch")) drawn.view.addSignalListener(name, report);
    note.textContent = "";
    await send();
  }

  // The figure has its own description, in the reader's language; Vega's own words are English, and what has no name
  // (the frame of a brush) is decoration to those who listen.
  function quiet() {
    canvas.querySelector("svg")?.setAttribute("aria-label", model.get("description"));
    for (const part of canvas.querySelectorAll("[aria-roledescription]")) part.removeAttribute("aria-roledescription");
    for (const mark of canvas.querySelectorAll('[role="graphics-symbol"]:not([aria-label])')) mark.setAttribute("aria-hidden", "true");
  }

  let due = 0;
  const latest = {};
  function report(name, value) {
    latest[name] = plain(value);
    clearTimeout(due);
    due = setTimeout(() => {
      model.set("picked", { ...model.get("picked"), ...latest });
      model.save_changes();
    }, 60);
  }
  async function send() {
    if (!drawn) return;
    for (const [name, value] of Object.entries(model.get("signals"))) drawn.view.signal(name, value);
    await drawn.view.runAsync();
  }
  async function replace() {
    if (!drawn) return;
    for (const [name, rows] of Object.entries(model.get("data"))) drawn.view.data(name, parsed(rows, drawn.vgSpec, name));
    await drawn.view.runAsync();
    quiet();
  }

  const on = (event, task) => {
    const handler = () => enqueue(task);
    model.on(event, handler);
    signal.addEventListener("abort", () => model.off(event, handler));
  };
  on("change:spec", draw);
  on("change:data", replace);
  on("change:signals", send);
  on("change:description", describe);

  const patience = setTimeout(() => { note.textContent = texts().waiting; }, 10000);
  // A hidden box has no width yet: the first drawing waits until it is seen.
  const size = new ResizeObserver(() => {
    const now = canvas.clientWidth;
    if (!now || now === width) return;
    const first = !width;
    width = now;
    if (first) enqueue(draw);
    else if (model.get("spec").width === "container")
      enqueue(async () => {
        await drawn?.view.signal("width", Math.max(280, now)).runAsync();
        await drawn?.view.resize().runAsync(); // a legend that has got more rows is only then given its room
      });
  });
  size.observe(canvas);
  const theme = new MutationObserver(() => { if (drawn) enqueue(draw); });
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  signal.addEventListener("abort", () => {
    clearTimeout(patience);
    clearTimeout(due);
    size.disconnect();
    theme.disconnect();
    drawn?.finalize();
  });
}
export default { render };
