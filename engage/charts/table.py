"""A table of people that anyone can read: sorted over all rows, shown a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

from engage.messages import Message, message

STATIC = Path(__file__).parent / "static"


class Rows(NamedTuple):
    """A part of a table: display text row by row, one id a row, and how many rows there are in all."""

    cells: Sequence[Sequence[Any]]
    ids: Sequence[str]
    total: int


class TableWidget(anywidget.AnyWidget):
    """An accessible table whose rows come from `fetch`, so that sorting covers all rows, not those shown.

    Parameters
    ----------
    columns
        One dict a column: `key`, `label`, `kind` ("text", "number" or "mark"), `sortable` (true if left out).
        A cell of kind "mark" is `{"text": …, "color": …, "dash": bool}`; all other cells are display text.
    fetch
        `fetch(key, descending, limit) -> Rows`: the first `limit` rows sorted by the column `key` ("" is the
        table's own order).
    step, most
        Rows shown at first and added at each "Show more"; rows shown at most.

    Attributes
    ----------
    picked
        Ids of the rows the reader has chosen (needs `selectable=True`).
    sort
        `{"key": …, "descending": …}`, set by the reader or from Python.
    """

    _esm = (STATIC / "table.js").read_text(encoding="utf-8")
    columns = traitlets.List().tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    ids = traitlets.List().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Dict({"key": "", "descending": True}).tag(sync=True)
    limit = traitlets.Int(100).tag(sync=True)
    step = traitlets.Int(100).tag(sync=True)
    more = traitlets.Bool().tag(sync=True)
    selectable = traitlets.Bool().tag(sync=True)
    picked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        columns: Sequence[Mapping[str, Any]],
        fetch: Callable[[str, bool, int], Rows],
        *,
        step: int = 100,
        most: int = 500,
        write: Callable[[Message], str] = str,
        **traits: Any,
    ) -> None:
        self.fetch, self.most, self.write = fetch, most, write
        words = {
            "more": write(message("Show more")),
            "pick": write(message("Choose {name}", name="{name}")),
            "choose": write(message("Choose")),
            "sideways": write(message("Scroll sideways for more columns.")),
        }
        super().__init__(columns=[dict(column) for column in columns], step=step, limit=step, texts=words, **traits)
        self.observe(self.refresh, ["sort", "limit"])
        self.refresh()

    def refresh(self, _: object = None) -> None:
        """Fetch the rows again, for instance after what `fetch` reads has changed."""
        limit = min(self.limit, self.most)
        part = self.fetch(self.sort.get("key", ""), bool(self.sort.get("descending", True)), limit)
        shown = len(part.ids)
        labels = {column["key"]: column["label"] for column in self.columns}
        sorted_by = labels.get(self.sort.get("key", ""))
        size = message("{shown} of {total}.", shown=shown, total=part.total)
        order = message("Sorted by {column}.", column=sorted_by)
        rest = message("The list to download holds them all.")
        said = [size, *([order] if sorted_by else []), *([rest] if shown == self.most < part.total else [])]
        with self.hold_sync():
            self.rows = [list(row) for row in part.cells]
            self.ids = [str(key) for key in part.ids]
            self.more = shown < min(part.total, self.most)
            self.status = " ".join(self.write(sentence) for sentence in said)
