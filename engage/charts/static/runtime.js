// Loads Vega once a page. Charts wait for it through the same slot, whichever comes first.
function slot() {
  return (globalThis.__engageVega ??= (() => {
    const s = {};
    s.ready = new Promise((ok, no) => { s.ok = ok; s.no = no; });
    return s;
  })());
}
export default {
  initialize({ model }) {
    const s = slot();
    if (s.started) return;
    s.started = true;
    const url = URL.createObjectURL(new Blob([model.get("bundle")], { type: "text/javascript" }));
    // Not awaited: anywidget gives up on a widget whose start takes longer than two seconds.
    import(url).then(s.ok, s.no).finally(() => URL.revokeObjectURL(url));
  },
};
