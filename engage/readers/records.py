"""JSON that people bring: nothing in it is what it should be, so every look into it is careful."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as resources
from typing import Any, TypeVar

import pandas as pd

from engage.messages import ReadError
from engage.readers.columns import FLAGS
from engage.readers.files import Member
from engage.readers.text import repair
from engage.study import TABLES, Note

Entry = dict[str, Any]
T = TypeVar("T")
KINDS = {column: kind for canonical in TABLES.values() for column, kind in canonical.columns.items()}


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
    if isinstance(value, str):
        return repair(value).strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


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


READ: dict[str, tuple[Callable[[Any], Any], str]] = {
    "count": (count, "Float64"), "number": (count, "Float64"), "flag": (flag, "boolean"), "text": (word, "str"),
}  # fmt: skip


def first(entry: Entry, *paths: str) -> Any:
    """The first value that is there under some paths, whose steps have points between them.

    >>> first({"likes": {"count": 3}, "data": [{"n": 1}]}, "like_count", "likes.count"), first({}, "data.0.n")
    (3, None)
    """
    for path in paths:
        value = entry.get(path)
        if value is None and "." in path and path.partition(".")[0] in entry:
            value = at(entry, *(int(step) if step.isdigit() else step for step in path.split(".")))
        if value is not None and value != "":
            return value
    return None


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table in headers/."""
    text = (resources("engage.readers") / "headers" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def fields(record: str) -> dict[str, tuple[str, ...]]:
    """Under what path, or which of several, each column of a kind of record is found: headers/fields.csv."""
    return {row["column"]: tuple(row["paths"].split()) for row in rows_of("fields") if row["record"] == record}


def meanings(record: str) -> dict[str, str]:
    """The same table the other way round: a word of a platform and what we call it."""
    return {word: column for column, words in fields(record).items() for word in words}


def picked(entry: Entry, record: str) -> Entry:
    """What a record of a kind says, by column."""
    return {column: first(entry, *paths) for column, paths in fields(record).items()}


def table(rows: Sequence[Entry], columns: Mapping[str, Sequence[str]], **given: Any) -> pd.DataFrame:
    """A row of a canonical table for each record: columns that are given, and those found under a path or several.

    >>> table([{"stats": {"likes": "12"}, "title": "Kopi"}], {"likes": ["stats.likes"], "caption": ["text", "title"]})
       likes caption
    0   12.0    Kopi
    """
    frame = pd.DataFrame(given, index=range(len(rows)))
    for column, paths in ((column, paths) for column, paths in columns.items() if column not in given):
        read, dtype = READ.get(KINDS.get(column, ""), READ["text"])  # times are dealt with by who knows their form
        frame[column] = pd.Series([read(first(row, *paths)) for row in rows], dtype=dtype)
    return frame


def same_named(columns: str) -> dict[str, tuple[str, ...]]:
    """Columns of records that are called as those of the tables."""
    return {column: (column,) for column in columns.split()}


def readable(members: Iterable[Member], look: Callable[[Member], T], notes: list[Note]) -> Iterator[tuple[Member, T]]:
    """What is in each file that can be read; of each that cannot, a note. Files are closed behind."""
    for member in members:
        try:
            found = look(member)
        except ReadError as error:
            notes.append(Note("error", member.source, error.message))
        else:
            yield member, found
        member.close()


def talk(comments: pd.DataFrame, own: pd.Series) -> dict[str, pd.DataFrame]:
    """Comments of others are interactions, the account's own replies to whoever wrote what they answer (`parent`)."""
    authors = dict(zip(comments["source_id"], comments["follower_id"], strict=True))
    answered = comments["parent"].map(authors, na_action="ignore")
    return {
        "interactions": comments[~own].assign(kind="comment"),
        "replies": comments.assign(follower_id=answered)[own],
    }
