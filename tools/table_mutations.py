"""What can be wrong with a table: its rows, headers and cells; see `tools/mutations.py`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from random import Random

from mutations import CELLS, mutation

from engage.readers.text import decode, delimiter


def table(data: bytes, change: Callable[[list[list[str]], int], list[list[str]]], mark: str = "") -> bytes:
    """Change the rows of a table; `change` is told which row is the header: the first of the widest ones."""
    text = decode(data)
    here = delimiter(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=here)) or [[""]]
    out = io.StringIO(newline="")
    header = max(range(min(len(rows), 10)), key=lambda i: (len(rows[i]), -i))
    csv.writer(out, delimiter=mark or here).writerows(change(rows, header))
    return out.getvalue().encode("utf-8", "surrogatepass")


@mutation("table")
def ragged_rows(data: bytes, rng: Random) -> bytes:
    return table(
        data,
        lambda rows, header: [
            row[: rng.randrange(len(row) + 1)] if rng.random() < 0.4 else row + ["x"] * rng.choice([0, 0, 3])
            for row in rows
        ],
    )


@mutation("table")
def headers_swapped(data: bytes, rng: Random) -> bytes:
    def change(rows: list[list[str]], header: int) -> list[list[str]]:
        rng.shuffle(rows[header])
        return rows

    return table(data, change)


@mutation("table")
def headers_lost(data: bytes, rng: Random) -> bytes:
    return table(
        data,
        lambda rows, header: rng.choice(
            [rows[:header] + rows[header + 1 :], rows[header + 1 :], rows[: header + 1], rows[::-1]]
        ),
    )


@mutation("table")
def headers_alike(data: bytes, rng: Random) -> bytes:
    def change(rows: list[list[str]], header: int) -> list[list[str]]:
        row = rows[header]
        one = rng.choice(row or [""])
        rows[header] = [one if rng.random() < rng.choice([0.3, 1]) else cell for cell in row]
        return rows

    return table(data, change)


@mutation("table")
def columns_lost(data: bytes, rng: Random) -> bytes:
    def change(rows: list[list[str]], header: int) -> list[list[str]]:
        gone = {i for i in range(len(rows[header])) if rng.random() < 0.4}
        return [[cell for i, cell in enumerate(row) if i not in gone] for row in rows]

    return table(data, change)


@mutation("table")
def a_column_of_nonsense(data: bytes, rng: Random) -> bytes:
    def change(rows: list[list[str]], header: int) -> list[list[str]]:
        place, odd = rng.randrange(max(len(rows[header]), 1)), rng.choice(CELLS)
        return [
            [odd if i == place and n > header else cell for i, cell in enumerate(row)] for n, row in enumerate(rows)
        ]

    return table(data, change)


@mutation("table")
def cells_of_nonsense(data: bytes, rng: Random) -> bytes:
    return table(
        data, lambda rows, header: [[rng.choice(CELLS) if rng.random() < 0.1 else cell for cell in row] for row in rows]
    )


@mutation("table")
def columns_change_places_halfway(data: bytes, rng: Random) -> bytes:
    return table(data, lambda rows, header: rows[: len(rows) // 2] + [row[::-1] for row in rows[len(rows) // 2 :]])


@mutation("table")
def very_wide(data: bytes, rng: Random) -> bytes:
    wide = rng.choice([600, 20_000])
    return table(data, lambda rows, header: [row + [rng.choice(["x", "", "7", "Likes"])] * wide for row in rows[:50]])


@mutation("table")
def very_many_rows(data: bytes, rng: Random) -> bytes:
    return table(data, lambda rows, header: rows + rows[header + 1 :] * (1_500 // max(len(rows), 1)))


@mutation("table")
def quotes_left_open(data: bytes, rng: Random) -> bytes:
    text = decode(data)
    for _ in range(rng.choice([1, 1, 5])):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + '"' + text[place:]
    return text.encode("utf-8", "replace")


@mutation("table")
def another_mark_between(data: bytes, rng: Random) -> bytes:
    return table(data, lambda rows, header: rows, rng.choice([";", ",", "\t", "|", ":", " ", "\x01"]))


@mutation("table")
def marks_mixed(data: bytes, rng: Random) -> bytes:
    text = decode(data)
    return "".join(rng.choice(";,\t|") if char in ",;\t" and rng.random() < 0.3 else char for char in text).encode(
        "utf-8", "replace"
    )


@mutation("table")
def a_lying_first_line(data: bytes, rng: Random) -> bytes:
    return (
        rng.choice(
            [b"sep=\x00\n", b"sep=x\r\n", b'sep="\n', b"sep=\n", b"sep= \n", b"{", b"[]\n", b"<html>\n", b"\n" * 5_000]
        )
        + data
    )
