"""Text to numbers, a column at a time: Indonesian, Malay and English marks, abbreviations, currencies."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from engage.messages import Message, message
from engage.study import Level, Note

BLANKS = frozenset(
    ["", "-", "--", "---", "–", "—", "n/a", "na", "#n/a", "undefined", "null", "none", "nan", "?", "#div/0!", "#ref!"]
)
SCALES = {1e3: "rb ribu k", 1e6: "jt juta mio million m", 1e9: "miliar milyar b bn billion", 1e12: "t triliun trilyun"}
UNITS = {word: scale for scale, words in SCALES.items() for word in words.split()}
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


class _Cell(NamedTuple):
    value: float | None = None
    currency: str | None = None
    percent: bool = False
    trouble: str = ""


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
    cells = {text: re.sub(r"[\s\u00a0\u202f\u2009]+", " ", text).strip().lower() for text in raw.unique()}
    matches = {text: NUMBER.fullmatch(cell) for text, cell in cells.items()}
    bodies = [match["body"].strip() for match in matches.values() if match]
    votes = {mark: sum(decimal_mark(body) == mark for body in bodies) for mark in ".,"}
    unsure = [body for body in bodies if decimal_mark(body) is None]
    if not decimal and not count and votes["."] != votes[","]:
        decimal = "." if votes["."] > votes[","] else ","
    decimal = "" if count else decimal
    read = {
        text: _Cell() if cell in BLANKS else _read(matches[text], decimal, money, count, currency)
        for text, cell in cells.items()
    }
    notes = _notes(raw.map({text: cell.trouble for text, cell in read.items()}), raw, source, column)
    marks = {mark for body in unsure for mark in ".," if mark in body}
    whole_money = money and len(marks) == 1 and not votes[min(marks)]  # Rp218.500 beside Rp1.150.000
    if unsure and not (count or whole_money or given):
        values = {"column": column, "example": unsure[0]}
        values["value"] = _read(NUMBER.fullmatch(unsure[0]), decimal, money, count, currency).value
        told = TWO_WAYS[bool((values["value"] or 0) % 1)]
        notes.append(Note("guess", source, replace(told, values=values), len(unsure)))
    table = pd.DataFrame([read[text] for text in raw], index=raw.index, columns=_Cell._fields)
    return Numbers(
        table["value"].astype("Float64"), table["currency"].astype("str"), table["percent"].astype("bool"), notes
    )


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


def _digits(body: str, decimal: str) -> float:
    mark = decimal_mark(body)
    mark = decimal if mark is None else mark
    clean = re.sub(r"[ ']", "", body)
    for other in ".,":
        if other != mark:
            _, *groups = clean.split(mark)[0].split(other) if mark else clean.split(other)
            if any(len(group) != 3 for group in groups):
                raise ValueError("not groups of three digits")
            clean = clean.replace(other, "")
    return float(clean.replace(",", "."))


def _read(match: re.Match[str] | None, decimal: str, money: bool, count: bool, currency: str) -> _Cell:
    if match is None:
        return _Cell(trouble="words")
    power = int(match["power"] or 0)
    if power >= 15:
        return _Cell(trouble="rounded")
    try:
        value = _digits(match["body"].strip(), "." if power else decimal)
    except ValueError:  # marks in places where no number has them
        return _Cell(trouble="words")
    code = CURRENCIES.get(match["before"] or match["after"] or "")
    unit, trouble = match["unit"] or "", ""
    scale = UNITS.get(unit, 1.0)
    if unit == "m":
        known = code or currency
        if money and not known:
            return _Cell(trouble="million")
        scale = 1e9 if money and known == "IDR" else 1e6
        trouble = "" if money else "english"
    value = float(f"{value * scale * 10.0**power:.12g}") * (0.01 if match["percent"] else 1)
    if match["open"] or match["sign"] in ("-", "−") or match["sign2"]:
        value = -value
    if count and value < 0:
        return _Cell(trouble="negative")
    return _Cell(round(value, 12), code, bool(match["percent"]), trouble)


def _notes(troubles: pd.Series, raw: pd.Series, source: str, column: str) -> list[Note]:
    notes = []
    for trouble, cells in raw.groupby(troubles.where(troubles != "")):
        level, what = TROUBLES[str(trouble)]
        values = {"column": column, "example": str(cells.iloc[0])[:60], "n": len(cells)}
        notes.append(Note(level, source, replace(what, values=values), len(cells)))
    return notes
