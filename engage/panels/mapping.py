"""How a spreadsheet is read, column by column, for correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from engage.messages import message
from engage.panels import parts
from engage.readers.columns import KINDS as NEEDED
from engage.readers.columns import known_headers
from engage.readers.dates import DAY_FIRST
from engage.readers.numbers import TWO_WAYS
from engage.readers.spreadsheet import Sheet
from engage.words.labels import LABELS, ROLES

ASKED = {DAY_FIRST.key, *(told.key for told in TWO_WAYS)}
"""Notes that say that the values could be read in two ways: here the reader of the page settles it."""
ORDERS = {"day": True, "month": False}
KINDS = ("followers", "reactions", "posts", "accounts", "sales", "days")


class MappingForm(w.VBox):
    """One sheet: each column with its guess, the reason and three values; `done(signature, mapping)` on change.

    What the values leave open, the decimal mark and the order of day and month, is asked first.
    """

    def __init__(self, panel: parts.Panel, sheet: Sheet, done: Callable[[str, dict[str, Any]], None]) -> None:
        self.panel, self.sheet, self.done = panel, sheet, done
        say = panel.words.say
        known = sheet.mapping
        self.kind = w.Dropdown(
            options=[(say(ROLES[f"table:{kind}"]), kind) for kind in KINDS],
            value=known.kind if known else "followers",
            description=say(message("Each row is")),
            layout=parts.wide(),
        )
        self.roles: dict[str, w.Dropdown] = {}
        given = {header: role for role, header in known.columns.items()} if known else {}
        either = (say(message("as the values show")), "")
        marks = [("1.234,56", ","), ("1,234.56", ".")]
        days = [dt.date(2026, 8, 5), dt.date(2026, 5, 8)]
        self.decimal = w.Dropdown(options=[either, *marks], value=known.decimal if known else "",
                                  description=say(message("Numbers are written")), layout=parts.wide())  # fmt: skip
        self.dayfirst = w.Dropdown(
            options=[either, *((panel.words.date(day), order) for day, order in zip(days, ORDERS, strict=True))],
            value=next((o for o, first in ORDERS.items() if known and known.dayfirst is first), ""),
            description=say(message("5/8/2026 means")), layout=parts.wide(),
        )  # fmt: skip
        source = f"{sheet.source}/{sheet.name}" if sheet.name else sheet.source
        open_ = [note for note in panel.result.notes if note.source == source and note.message.key in ASKED]
        rows: list[w.Widget] = [parts.html(parts.notes(panel, open_)), self.kind, self.decimal, self.dayfirst]
        for column in sheet.columns:
            role = given.get(column.header, "") if known else column.role
            names = sorted({*known_headers("table").values(), "liked", "comment", role} - {""})
            options = [(self._word(panel, name), name) for name in names]
            choice = w.Dropdown(
                options=[(say(message("not used")), ""), *options], value=role, description=column.header[:60]
            )
            self.roles[column.header] = choice
            examples = " · ".join(value[:40] for value in column.examples)
            rows.append(w.VBox([choice, parts.html(
                f'<p class="eg-caption">{escape(examples)} – {panel.say(column.why)}</p>')]))  # fmt: skip
        apply = parts.button(say(message("Read again with these columns")))
        apply.on_click(self._apply)
        title = say(message("{file}: how its columns were read", file=f"{sheet.source} {sheet.name}".strip()))
        self.asks = bool(open_)
        super().__init__([parts.fold(title, w.VBox([*rows, apply]), opened=self.asks)])

    def _word(self, panel: parts.Panel, role: str) -> str:
        if role.startswith("price:"):
            what = panel.words.label(role.partition(":")[2])
            return panel.words.say(message("price for {deliverable}", deliverable=what))
        return panel.words.say(ROLES.get(role) or LABELS.get(role) or role)

    def _apply(self, _: Any) -> None:
        columns: dict[str, str] = {}
        for header, choice in self.roles.items():
            if choice.value in columns:
                text = message("Two columns are said to be “{role}”: {first} and {second}. Keep one of them.",
                               role=choice.label, first=columns[choice.value], second=header)  # fmt: skip
                self.panel.note(text, "warning")
                return
            if choice.value:
                columns[choice.value] = header
        if lacking := NEEDED[self.kind.value] - columns.keys():
            text = message("A table in which each row is {kind} needs a column for {role}. Choose it, or say that a row"
                           " is something else.", kind=self.kind.label,
                           role=self._word(self.panel, min(lacking)))  # fmt: skip
            self.panel.note(text, "warning")
            return
        start = self.sheet.mapping.header_row if self.sheet.mapping else 0
        given = {"kind": self.kind.value, "columns": columns, "header_row": start}
        given |= {"decimal": self.decimal.value, "dayfirst": ORDERS.get(self.dayfirst.value)}
        self.done(self.sheet.signature, given)
