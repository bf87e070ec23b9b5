"""Bytes to text, and text or workbooks to grids: rows of cells that are all text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, zip_longest
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from engage.messages import ReadError, message
from engage.readers.files import Member, unpacked
from engage.study import Note

Grid = Sequence[list[str]]
MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]")
COLUMNS, ROWS, CELLS = 500, 1_000_000, 20_000_000
LINES, AREA = 10_000, 200_000_000  # lines put into columns at once; lines times columns of a text
UNCOUNTED = re.compile(  # a formula whose value was never saved; t="str" is one whose value is empty text
    rb'<c\b(?![^>]*t="str")[^>]*>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


class Rows(Sequence[list[str]]):
    """Rows of text, kept by column (null where a row is too short): a long table then takes little room."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @classmethod
    def of(cls, rows: Iterable[list[str]]) -> Rows:
        tables, rest = [pa.table({"0": pa.array([], pa.large_string())})], iter(rows)
        width = lines = 0
        while some := list(islice(rest, LINES)):
            width, lines = max(width, *(len(row[:COLUMNS]) for row in some)), lines + len(some)
            if width * lines > AREA:  # a long column costs room for each line, though its cells are empty
                raise OverflowError
            columns = zip_longest(*(row[:COLUMNS] or [""] for row in some))
            tables.append(pa.table({str(i): pa.array(column, pa.large_string()) for i, column in enumerate(columns)}))
        return cls(pa.concat_tables(tables, promote_options="default"))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return next(iter(self[range(len(self))[place] :][:1]))
        start, stop, _ = place.indices(len(self))
        return Rows(self.table.slice(start, max(stop - start, 0)))

    def __iter__(self) -> Iterator[list[str]]:
        for batch in self.table.to_batches(max_chunksize=LINES):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield [cell for cell in row if cell is not None]

    def take(self, places: np.ndarray) -> Rows:
        together = len(places) > 0 and places[-1] - places[0] + 1 == len(places)  # then nothing is copied
        return self[places[0] : places[-1] + 1] if together else Rows(self.table.take(places))

    def column(self, place: int) -> pd.Series:
        """A column whole, with empty text where a row is too short."""
        return pd.Series(self.table.column(place).fill_null(""), dtype="str")


def decode(data: bytes) -> str:
    """Turn bytes into text: by their mark (UTF-16, UTF-8), else UTF-8, else Windows-1252; NULs are dropped."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").replace("\x00", "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\x00", "")


def repair(text: str) -> str:
    """Undo UTF-8 that was once read as Latin-1 or Windows-1252; a string that does not fit whole is kept.

    >>> repair("cafÃ©"), repair("café"), repair("São"), repair("cafÃ© ☕")
    ('café', 'café', 'São', 'cafÃ© ☕')
    """
    if text.isascii() or not MOJIBAKE.search(text):
        return text
    try:
        parts = [char.encode("latin-1" if char < "\u0100" else "cp1252") for char in text]
        return b"".join(parts).decode("utf-8")
    except UnicodeError:
        return text


def delimiter(text: str) -> str:
    """The mark between cells: the one that stands equally often, and most often, on the first lines."""
    lines = [line for line in re.sub(r'"(?:[^"]|"")*"', "", text[:200_000]).splitlines() if line.strip()][:30]
    best, score = ",", 0.0
    for mark in ";,\t|":
        counts = Counter(line.count(mark) for line in lines)
        counts.pop(0, None)
        if counts:
            number, times = max(counts.items(), key=lambda pair: pair[0] * pair[1])
            if number * times > score:
                best, score = mark, number * times
    return best


def read_grid(member: Member) -> list[tuple[str, Grid]]:
    """Read a CSV-like file or a workbook as sheets of text cells, once. Raises ReadError."""
    if member.grid is None:
        try:
            member.grid = _workbook(member) if member.is_sheet else _table(member)
        except OverflowError as error:
            text = message("{file} has more cells than can be read. Split it.", file=member.label)
            raise ReadError(text) from error
    return member.grid


def _table(member: Member) -> list[tuple[str, Grid]]:
    text = decode(member.data)
    mark = ""
    if match := re.match(r"\s*sep=(.)\r?\n", text):
        mark, text = match.group(1), text[match.end() :]
    mark = mark or delimiter(text)
    try:
        lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")  # StringIO needs four times the room
        rows = _split(text, mark) or Rows.of(csv.reader(lines, delimiter=mark))
        closed = text.count('"') % 2 == 0 or not _swallowed(rows, mark)
    except csv.Error:
        closed = False
    if not closed:
        told = message("A quote in {file} is never closed, so each line was read as one row.", file=member.label)
        member.notes.append(Note("guess", member.label, told))
        try:
            rows = Rows.of(line.split(mark) if line.count('"') % 2 else next(csv.reader([line], delimiter=mark), [])
                           for line in text.splitlines())  # fmt: skip
        except csv.Error as error:
            raise ReadError(message("{file} cannot be read as a table.", file=member.label)) from error
    columns = rows.table.columns
    if not text.isascii() and MOJIBAKE.search(text):
        columns = [pa.array([cell and repair(cell) for cell in column.to_pylist()], column.type) for column in columns]
    columns = [pc.utf8_trim(column, " \t\r") for column in columns]
    return [("", Rows(pa.table(columns, rows.table.column_names)))]


def _split(text: str, mark: str) -> Rows | None:
    """The rows of a text without any quote whose lines are equally wide; None for all others."""
    names = [str(i) for i in range(text.partition("\n")[0].count(mark) + 1)]
    if '"' in text or len(names) > COLUMNS:
        return None
    parsing = ParseOptions(delimiter=mark, quote_char=False, ignore_empty_lines=False)
    kinds = ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()))
    with suppress(ValueError):
        return Rows(read_csv(io.BytesIO(text.encode()), ReadOptions(column_names=names), parsing, kinds))
    return None


def _swallowed(rows: Rows, mark: str) -> bool:
    """Whether a line within a cell has as many cells as a row of the table."""
    width = max(len(row) for row in rows[:30])
    lines = (line for row in rows for cell in row if "\n" in cell for line in cell.splitlines()[1:])
    return any(line.count(mark) == width - 1 for line in lines)


def _workbook(member: Member) -> list[tuple[str, Grid]]:
    from openpyxl import load_workbook

    sheets: list[tuple[str, Grid]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(member.data)) as packed:
            for info in packed.infolist():  # a workbook is unpacked once for the limits, before it is opened
                with packed.open(info) as stream:
                    data = unpacked(stream, info.compress_size, member.budget, member.label)
                if info.filename.startswith("xl/worksheets/") and (n := len(UNCOUNTED.findall(data))):
                    text = message("Formulas in {file} whose values were not saved, left empty: {n}. Open it in a "
                                   "spreadsheet program and save it again.", file=member.label, n=n)  # fmt: skip
                    member.notes.append(Note("warning", member.label, text, n))
        book = load_workbook(io.BytesIO(member.data), read_only=True, data_only=True, keep_links=False)
        cells = 0
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows: list[list[str]] = []
            for values in sheet.iter_rows(values_only=True):  # rows and cells that the file leaves out count too
                row = [_cell(value) for value in values[:COLUMNS]]
                while row and not row[-1]:
                    row.pop()
                cells += len(values) + 1
                if cells > CELLS or (any(values) and len(rows) >= ROWS):
                    raise OverflowError
                rows.append(row)
            while rows and not rows[-1]:
                rows.pop()
            sheets.append((sheet.title, rows))
        book.close()
    except (ReadError, OverflowError):
        raise
    except Exception as error:  # openpyxl raises whatever a broken workbook makes it trip over
        text = message("{file} is damaged and cannot be opened. Save it again as XLSX.", file=member.label)
        raise ReadError(text) from error
    return sheets


def _cell(value: object) -> str:
    """Write a typed cell so that it cannot be read in two ways."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = repr(value)
        # 1.234 could be one thousand two hundred and thirty-four; 1.2340 cannot.
        return text + "0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text
    return repair(str(value)).strip()
