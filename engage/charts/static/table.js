// An accessible, sortable table. Everything is set as text, never as HTML: cells come from strangers' files.
const make = (tag, attributes = {}, text = "") => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
};

function render({ model, el, signal }) {
  const get = (name) => model.get(name);
  const root = make("div", { class: "eg-table" });
  const box = make("div", { class: "eg-table-box", tabindex: "0", role: "region" });
  const table = make("table");
  const caption = make("caption");
  const head = make("tr");
  const body = make("tbody");
  const foot = make("p", { class: "eg-caption" });
  const status = make("span", { role: "status" });
  const hint = make("p", { class: "eg-caption" });
  const more = make("button", { class: "eg-button", type: "button" });
  const thead = make("thead");
  thead.append(head);
  table.append(caption, thead, body);
  box.append(table);
  foot.append(status, more);
  root.append(hint, box, foot);
  el.append(root);

  function drawHead() {
    const sort = get("sort");
    const focused = head.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    caption.textContent = get("caption");
    caption.hidden = !get("caption");
    box.setAttribute("aria-label", get("caption") || get("status"));
    head.replaceChildren();
    if (get("selectable")) head.append(make("th", { scope: "col", class: "-pick" }, get("texts").choose));
    for (const column of get("columns")) {
      const th = make("th", { scope: "col", class: `-${column.kind ?? "text"}` });
      if (column.sortable === false) th.textContent = column.label;
      else {
        const here = sort.key === column.key;
        const button = make("button", { type: "button", "data-key": column.key }, column.label);
        button.append(make("span", { "aria-hidden": "true" }, `\u00a0${here ? (sort.descending ? "↓" : "↑") : "↕"}`));
        th.setAttribute("aria-sort", here ? (sort.descending ? "descending" : "ascending") : "none");
        button.addEventListener("click", () => {
          const first = column.kind === "number";
          const now = get("sort");
          model.set("sort", { key: column.key, descending: now.key === column.key ? !now.descending : first });
          model.save_changes();
        });
        th.append(button);
      }
      head.append(th);
    }
    if (focused !== null) head.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  const isLong = (text) => typeof text === "string" && text.length > 40;
  function cell(value, column, first, long) {
    const td = make(first ? "th" : "td", { class: `-${column.kind ?? "text"}${long ? " -long" : ""}`, ...(first && { scope: "row" }) });
    if (value && typeof value === "object") {
      const look = value.sign ? "eg-sign" : `eg-swatch${value.dash ? " -dash" : ""}`;
      const mark = make("span", { class: look, "aria-hidden": "true" }, value.sign);
      if (/^#[0-9a-f]{3,8}$/i.test(value.color ?? "") && !(value.sign && value.dash))
        mark.style[value.sign ? "color" : "backgroundColor"] = value.color;
      td.append(mark, String(value.text ?? ""));
    } else td.textContent = value ?? "–";
    td.classList.toggle("-wrap", td.textContent.length > 20);
    return td;
  }

  function drawBody() {
    const columns = get("columns"), ids = get("ids"), chosen = new Set(get("picked"));
    const long = columns.map((_, at) => get("rows").some((row) => isLong(row[at])));
    table.classList.toggle("-many", columns.length > 8);
    body.replaceChildren(...get("rows").map((row, index) => {
      const tr = make("tr");
      const id = ids[index];
      if (get("selectable")) {
        const name = typeof row[0] === "object" ? row[0]?.text : row[0];
        const tick = make("input", { type: "checkbox", "aria-label": get("texts").pick.replace("{name}", () => name) });
        tick.checked = chosen.has(id);
        tr.classList.toggle("-picked", tick.checked);
        tick.addEventListener("change", () => {
          const now = new Set(get("picked"));
          now[tick.checked ? "add" : "delete"](id);
          model.set("picked", [...now]);
          model.save_changes();
        });
        const td = make("td", { class: "-pick" });
        td.append(tick);
        tr.append(td);
      }
      tr.append(...columns.map((column, at) => cell(row[at], column, at === 0, long[at])));
      return tr;
    }));
  }

  function drawFoot() {
    status.textContent = get("status");
    more.textContent = get("texts").more;
    more.hidden = !get("more");
    hint.textContent = get("texts").sideways ?? "";
  }
  function overflow() {
    const past = box.scrollWidth > box.clientWidth + 2;
    hint.hidden = !past;
    box.classList.toggle("-past", past && box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  }
  const size = new ResizeObserver(overflow);
  for (const node of [box, table]) size.observe(node);
  box.addEventListener("scroll", overflow, { passive: true });
  signal.addEventListener("abort", () => size.disconnect());
  function mark() {
    const chosen = new Set(get("picked"));
    get("ids").forEach((id, index) => {
      const tick = body.rows[index]?.querySelector("input");
      if (!tick) return;
      tick.checked = chosen.has(id);
      body.rows[index].classList.toggle("-picked", tick.checked);
    });
  }
  more.addEventListener("click", () => {
    model.set("limit", get("limit") + get("step"));
    model.save_changes();
  });
  const on = (event, task) => {
    model.on(event, task);
    signal.addEventListener("abort", () => model.off(event, task));
  };
  on("change:rows", drawBody);
  on("change:ids", drawBody);
  on("change:picked", mark);
  for (const name of ["sort", "columns", "caption"]) on(`change:${name}`, drawHead);
  on("change:columns", drawBody);
  for (const name of ["status", "more", "texts"]) on(`change:${name}`, drawFoot);
  drawHead();
  drawBody();
  drawFoot();
}
export default { render };
