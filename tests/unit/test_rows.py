"""Tables of text are kept by column, and come back as the rows that Python's own reader of CSV makes."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.readers.files import Budget, Member
from engage.readers.text import Rows, read_grid

CELL = st.text("ab1 é.\t-☕", max_size=4)


def grid_of(text):
    text = f"sep=;\n{text}"  # which mark parts the cells is not the question here
    [(_, rows)] = read_grid(Member("a.csv", "a.csv", lambda: io.BytesIO(text.encode()), Budget()))
    return rows


def plain(text):
    return [[cell.strip(" \t\r") for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")]


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3)), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_equally_wide_lines_without_quotes_are_split_as_python_splits_them(lines, end, closed):
    text = end.join(["x;y;z", *map(";".join, lines)]) + end * closed
    assert list(grid_of(text)) == plain(text)


@settings(deadline=None)
@given(st.lists(st.lists(st.one_of(CELL, st.sampled_from(['"a;b"', '"a\nb"', '"say ""b"""'])), max_size=4)))
def test_ragged_blank_and_quoted_lines_are_kept_as_they_are(lines):
    text = "\n".join(["x;y;z", *map(";".join, lines)])
    found, expected = ([row if any(row) else [] for row in rows] for rows in (grid_of(text), plain(text)))
    assert found == expected


@given(st.lists(st.lists(CELL, min_size=1, max_size=3)), st.integers(-5, 5), st.integers(-5, 5))
def test_rows_are_a_list_of_lists_to_whoever_reads_them(lines, start, stop):
    rows = Rows.of(lines)
    assert (list(rows), len(rows)) == (lines, len(lines))
    assert list(rows[start:stop]) == lines[start:stop]
    if -len(lines) <= start < len(lines):
        assert rows[start] == lines[start]
    else:
        with pytest.raises(IndexError):
            rows[start]
