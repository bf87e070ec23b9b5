"""Text to numbers, a column at a time: Indonesian, Malay and English marks, abbreviations, currencies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from engage.messages import Message, message
from engage.study import Level, Note

BLANKS = frozenset(
    ["", "-", "--", "---", "–", "—", "n/a", "na", "#n/a", "undefined", "null", "none", "nan", "?", "#div/0!", "#ref!"]
)
POWERS = {3: "rb ribu k", 6: "jt juta mio million m", 9: "miliar milyar b bn billion", 12: "t triliun trilyun"}
UNITS = {word: power for power, words in POWERS.items() for word in words.split()}
NINES, NO_MARKS = str.maketrans("012345678", "9" * 9), str.maketrans("", "", " .,'")
CODES = {"IDR": "rp idr", "MYR": "rm myr", "USD": "usd us$ $", "SGD": "s$ sgd", "EUR": "€ eur", "GBP": "£ gbp",
         "PHP": "₱ php", "THB": "฿ thb", "BRL": "r$ brl", "VND": "₫ vnd đ"}  # fmt: skip
CURRENCIES = {mark: code for code, marks in CODES.items() for mark in marks.split()}
_MONEY = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-−+])?\s*(?:(?P<before>{_MONEY})\.?)?\s*(?P<sign2>[-−])?"
    rf"(?P<body>\d+(?:[.,']\d+| \d{{3}}(?!\d))*|[.,]\d+)(?:e(?P<power>[+-]?\d{{1,3}}))?(?:,-+)?\s*(?P<unit>{_UNIT})?\.?"
    rf"\s*(?P<after>{_MONEY})?\s*(?P<percent>%)?\s*\)?"
)

TROUBLES: dict[str, tuple[Level, Message]] = {
    "rounded": ("warning", message("Numbers in {column} that a spreadsheet program rounded ({example}), empty: {n}.")),
    "million": ("warning", message("{example} in {column} may mean million or miliar (1,000 million) and is empty. "
                                   "Write the number out, or add the currency.")),
    "english": ("guess", message("{example} in {column}: M was read as million.")),
    "negative": ("warning", message("Counts below zero in {column}, left empty: {n}.")),
    "words": ("info", message("Cells in {column} that are no number ({example}), left empty: {n}.")),
}  # fmt: skip


TWO_WAYS = (
    message("In {column}, {example} could be read in two ways; it was read as a whole number, {value}."),
    message("In {column}, {example} could be read in two ways; it was read with decimals, {value}."),
)


class Numbers(NamedTuple):
    """A parsed column: its values, the currency written in each cell (or null), which had a % sign, notes."""

    values: pd.Series
    currency: pd.Series
    percent: pd.Series
    notes: list[Note]


class _Form(NamedTuple):
    """What cells of one shape have in common: where the digits stand, and what they are times (a power of ten).

    `place` is None where such a cell has no value, and `trouble` says why.
    """

    place: slice | None = None
    power: int = 0
    sign: int = 1
    currency: str | None = None
    percent: bool = False
    trouble: str = ""

    def value(self, cell: str) -> float | None:
        if self.place is None:
            return None
        return self.sign * float(f"{cell[self.place].translate(NO_MARKS)}e{self.power}")  # exact, as it is written


def currency_in(text: str) -> str:
    """The currency a header names, as in "Harga (Rp)"; empty when it names none."""
    for word in re.findall(r"[a-z]+\$?|[$€£₱฿₫]", text.lower()):
        if word in CURRENCIES:
            return CURRENCIES[word]
    return ""


def parse_numbers(
    texts: pd.Series,
    *,
    source: str = "",
    column: str = "",
    money: bool = False,
    count: bool = False,
    decimal: str = "",
    currency: str = "",
) -> Numbers:
    """Read a column of text as numbers; the decimal mark is decided once, from the cells that prove it.

    Parameters
    ----------
    money, count
        Amounts ("M" is miliar in rupiah, and refused where no currency is known); or whole numbers of people and
        things ("1.234" is 1234, a negative one is unknown).
    decimal, currency
        What is known beforehand: the mark that settles what the column leaves open, the currency in its header.

    Returns
    -------
    Numbers
        `values` Float64 (null where there is no number), with `texts`' index.
    """
    raw, given = texts.fillna("").astype(str), decimal
    places, different = pd.factorize(raw)
    cells = [" ".join(text.split()).lower() for text in different]
    shapes = [_shape(cell) for cell in cells]
    times = Counter(shapes)
    matches = {shape: NUMBER.fullmatch(shape) for shape in times}
    marks = {shape: decimal_mark(match["body"].strip()) for shape, match in matches.items() if match}
    votes = {mark: sum(times[shape] for shape, found in marks.items() if found == mark) for mark in ".,"}
    unsure = [cell[match.start("body") : match.end("body")].strip() for cell, shape in zip(cells, shapes, strict=True)
              if (match := matches[shape]) and marks[shape] is None]  # fmt: skip
    if not decimal and not count and votes["."] != votes[","]:
        decimal = "." if votes["."] > votes[","] else ","
    decimal = "" if count else decimal
    known = {shape: _Form() if shape in BLANKS else _read(match, decimal, money, count, currency)
             for shape, match in matches.items()}  # fmt: skip
    forms = [known[shape] for shape in shapes]
    notes = _notes(np.array([form.trouble for form in forms], dtype=object)[places], raw, source, column)
    written = {mark for body in unsure for mark in ".," if mark in body}
    whole_money = money and len(written) == 1 and not votes[min(written)]  # Rp218.500 beside Rp1.150.000
    if unsure and not (count or whole_money or given):
        value = _read(NUMBER.fullmatch(unsure[0]), decimal, money, count, currency).value(unsure[0])
        told = {"column": column, "example": unsure[0], "value": value}
        text = replace(TWO_WAYS[bool((value or 0) % 1)], values=told)
        notes.append(Note("guess", source, text, len(unsure)))
    values = pd.array([form.value(cell) for form, cell in zip(forms, cells, strict=True)], dtype="Float64")
    currencies = pd.array([form.currency for form in forms], dtype="str")
    percent = np.array([form.percent for form in forms], dtype=bool)
    value, code, is_percent = (pd.Series(each[places], index=raw.index) for each in (values, currencies, percent))
    return Numbers(value, code, is_percent, notes)


def _shape(cell: str) -> str:
    """A cell with all its digits as nines: cells of one shape are read alike; what digits decide is a shape of its own.

    >>> _shape("12,5 rb"), _shape("0,125"), _shape("1.2e3")
    ('99,9 rb', '0,125', '1.2e3')
    """
    shape = cell.translate(NINES)
    first = shape.find("9")
    return cell if first < 0 or cell[first] == "0" or "e" in cell else shape


def decimal_mark(body: str) -> str | None:
    """The decimal mark that the digits prove; "" when they have no mark at all, None when they prove nothing."""
    marks = re.sub(r"[^.,]", "", body)
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "." if marks[0] == "," else ","
    before, after = re.split("[.,]", body)
    if len(after) != 3 or len(before) > 3 or before in ("", "0"):
        return marks
    return None


def _decimals(body: str, decimal: str) -> int:
    """How many of the digits stand behind the decimal mark; ValueError where marks stand as in no number."""
    mark = decimal_mark(body)
    mark = decimal if mark is None else mark
    clean = re.sub(r"[ ']", "", body)
    for other in ".,":
        if other != mark:
            _, *groups = clean.split(mark)[0].split(other) if mark else clean.split(other)
            if any(len(group) != 3 for group in groups):
                raise ValueError("not groups of three digits")
            clean = clean.replace(other, "")
    float(clean.replace(",", "."))
    return len(clean.partition(mark)[2]) if mark else 0


def _read(match: re.Match[str] | None, decimal: str, money: bool, count: bool, currency: str) -> _Form:
    if match is None:
        return _Form(trouble="words")
    power = int(match["power"] or 0)
    if power >= 15:
        return _Form(trouble="rounded")
    try:
        power -= _decimals(match["body"].strip(), "." if power else decimal)
    except ValueError:
        return _Form(trouble="words")
    code = CURRENCIES.get(match["before"] or match["after"] or "")
    unit, trouble = match["unit"] or "", ""
    scale = UNITS.get(unit, 0)
    if unit == "m":
        known = code or currency
        if money and not known:
            return _Form(trouble="million")
        scale = 9 if money and known == "IDR" else 6
        trouble = "" if money else "english"
    power += scale - 2 * bool(match["percent"])
    sign = -1 if match["open"] or match["sign"] in ("-", "−") or match["sign2"] else 1
    form = _Form(slice(*match.span("body")), power, sign, code, bool(match["percent"]), trouble)
    value = form.value(match.string)
    return _Form(trouble="negative") if count and value is not None and value < 0 else form


def _notes(troubles: np.ndarray, raw: pd.Series, source: str, column: str) -> list[Note]:
    notes = []
    troubled = troubles != ""
    for trouble, cells in raw[troubled].groupby(troubles[troubled]):
        level, what = TROUBLES[str(trouble)]
        values = {"column": column, "example": str(cells.iloc[0])[:60], "n": len(cells)}
        notes.append(Note(level, source, replace(what, values=values), len(cells)))
    return notes
