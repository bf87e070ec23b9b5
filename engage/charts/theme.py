"""Colours and marks: a segment keeps one colour, one shape and one word everywhere."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

from engage.messages import Message
from engage.words import Words

ACCENT, ATTENTION, INK = "#0F766E", "#B45309", "#1F2937"


class Mark(NamedTuple):
    """How a segment is drawn: fill colour, Vega shape, the same shape as a character, dashed edge."""

    colour: str
    shape: str
    sign: str
    dash: bool = False


SEGMENT_MARKS = {
    "advocate": Mark("#0072B2", "diamond", "◆"),
    "active": Mark("#56B4E9", "circle", "●"),
    "rare": Mark("#9CA3AF", "triangle-up", "▲"),
    "fading": Mark("#B45309", "triangle-down", "▼"),
    "passive": Mark("#4B5563", "square", "■"),
    "too_early": Mark("#FFFFFF", "circle", "○", True),
}
TIER_MARKS = {
    "below_micro": Mark("#9CA3AF", "triangle-down", "▼"),
    "micro": Mark("#0F766E", "circle", "●"),
    "macro": Mark("#B45309", "square", "■"),
}


def altair() -> Any:
    """Return Altair, loaded late and without a part of jsonschema that takes three times as long as Altair itself.

    jsonschema builds a grammar for internationalised addresses as soon as `rfc3987_syntax` can be imported, and no
    chart holds such an address. Without it jsonschema leaves that one check out, as it does where it is not installed.
    """
    name = "rfc3987_syntax"
    absent = name not in sys.modules
    if absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import altair as alt
    finally:
        if absent:
            del sys.modules[name]
    return alt


def tips(words: Words, titles: dict[str, Message], **forms: str) -> list[Any]:
    """What is told of a mark on hovering: fields with their titles, some with a form."""
    alt = altair()
    return [alt.Tooltip(field, title=words.say(title), format=forms.get(field[:-2], alt.Undefined))
            for field, title in titles.items()]  # fmt: skip


def short_labels(words: Words) -> str:
    """A Vega expression that writes the numbers of an axis: in full to 10,000, then 12,5 rb or 12.5K."""
    steps = [(size, words.short(size).lstrip("1")) for size in (1e9, 1e6, 1e3)]
    shorter = "".join(
        f"abs(datum.value) >= {max(size, 1e4):.0f} ? format(datum.value / {size:.0f}, ',.3~f') + {json.dumps(unit)} : "
        for size, unit in steps
    )
    return f"{shorter}format(datum.value, ',.3~f')"


def folded(title: str) -> list[str]:
    """An axis title on as many lines as a narrow screen needs."""
    return textwrap.wrap(title, 36)


def dressed(chart: Any, *, height: int | None = None) -> dict[str, Any]:
    """Return a chart's Vega-Lite spec in the house style: container width, quiet axes, readable type."""
    spec: dict[str, Any] = chart.to_dict()
    spec |= {"width": "container", "background": None, "autosize": {"type": "fit", "contains": "padding"}}
    if height:
        spec["height"] = height
    spec["config"] = json.loads((Path(__file__).parent / "static" / "theme.json").read_text(encoding="utf-8"))
    return spec
