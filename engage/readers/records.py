"""JSON that people bring: nothing in it is what it should be, so every look into it is careful."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from engage.readers.columns import FLAGS
from engage.readers.text import repair

Entry = dict[str, Any]


def at(document: Any, *path: str | int) -> Any:
    """What lies at a path of keys and places; None when any step is not there.

    >>> at({"owner": {"username": "kopi"}}, "owner", "username"), at([], 0, "x")
    ('kopi', None)
    """
    for step in path:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and -len(document) <= step < len(document):
            document = document[step]
        else:
            return None
    return document


def entries(document: Any) -> list[Entry]:
    """The objects of a list; of anything else none."""
    return [entry for entry in document if isinstance(entry, dict)] if isinstance(document, list) else []


def word(value: Any) -> str | None:
    """A text or a whole number as text; None for anything else, and where it is empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return repair(value).strip() or None if isinstance(value, str) else str(value)


def count(value: Any) -> float | None:
    """A number of people or things, also when it is written as text; None where it is none, or below zero."""
    if isinstance(value, str) and value.strip().isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e18:
        return None
    return float(value)


def flag(value: Any) -> bool | None:
    """Yes or no, also when it is written as text."""
    return value if isinstance(value, bool) else FLAGS.get(value.lower()) if isinstance(value, str) else None


def walk(document: Any, key: str) -> Iterator[Any]:
    """Every value that stands under a key, however deep; the tree is not entered below it."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if key in node:
                yield node[key]
            waiting += [value for name, value in node.items() if name != key]
        elif isinstance(node, list):
            waiting += node


def text_of(item: Entry, key: str) -> str:
    value = item.get(key)
    return repair(value) if isinstance(value, str) else ""


def time_of(item: Entry, key: str = "timestamp") -> float:
    """A timestamp in seconds; 0 when it is absent or absurd."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 4.1e12:
        return 0.0
    return value / 1000 if value >= 4.1e9 else float(value)


def first_of(items: Any) -> Entry:
    return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}


def instants(seconds: Iterable[float]) -> pd.Series:
    values = pd.Series(list(seconds), dtype="float64")
    return pd.to_datetime(values.where(values > 0).round(3), unit="s", utc=True).astype("datetime64[us, UTC]")
