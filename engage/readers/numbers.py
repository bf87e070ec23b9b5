"""Text to numbers, a column at a time: Indonesian, Malay and English marks, abbreviations, currencies."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from engage.messages import Message, message
from engage.study import Level, Note

BLANKS = frozenset(
    ["", "-", "--", "---", "–", "—", "n/a", "na", "#n/a", "undefined", "null", "none", "nan", "?", "#div/0!", "#ref!"]
)
UNITS = {
    "rb": 1e3, "ribu": 1e3, "k": 1e3, "jt": 1e6, "juta": 1e6, "mio": 1e6, "mil": 1e6, "million": 1e6, "m": 1e6,
    "miliar": 1e9, "milyar": 1e9, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12, "triliun": 1e12, "trilyun": 1e12,
}  # fmt: skip
CURRENCIES = {
    "rp": "IDR", "idr": "IDR", "rm": "MYR", "myr": "MYR", "usd": "USD", "us$": "USD", "$": "USD", "s$": "SGD",
    "sgd": "SGD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "₱": "PHP", "php": "PHP", "฿": "THB", "thb": "THB",
}  # fmt: skip
_MONEY = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-−+])?\s*(?:(?P<before>{_MONEY})\.?)?\s*(?P<sign2>[-−])?"
    rf"(?P<body>\d+(?:[.,']\d+| \d{{3}}(?!\d))*|[.,]\d+)(?:e(?P<power>[+-]?\d{{1,3}}))?(?:,-+)?\s*(?P<unit>{_UNIT})?\.?"
    rf"\s*(?P<after>{_MONEY})?\s*(?P<percent>%)?\s*\)?"
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
    for word in re.findall(r"[a-z]+\$?|[$€£₱฿]", text.lower()):
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
    """Read a column of text as numbers.

    The decimal mark is decided once for the column, from the cells that can only be read one way.

    Parameters
    ----------
    money
        Amounts: "M" is then a thousand million in rupiah (miliar), and left empty where no currency is known.
    count
        Whole numbers of people or things: "1.234" and "1,234" are both 1234, a negative one is unknown.
    decimal
        "." or ",": settles what cannot be decided; empty to decide from the column.
    currency
        The currency that the header names, if any.

    Returns
    -------
    Numbers
        `values` Float64 (null where there is no number), with `texts`' index.
    """
    raw = texts.fillna("").astype(str)
    cells = {text: re.sub(r"[\s\u00a0\u202f\u2009]+", " ", text).strip().lower() for text in raw.unique()}
    matches = {text: NUMBER.fullmatch(cell) for text, cell in cells.items()}
    bodies = [match["body"].strip() for match in matches.values() if match]
    votes = {mark: sum(decimal_mark(body) == mark for body in bodies) for mark in ".,"}
    unsure = [body for body in bodies if decimal_mark(body) is None]
    if not decimal and not count and votes["."] != votes[","]:
        decimal = "." if votes["."] > votes[","] else ","
    read = {
        text: _Cell() if cell in BLANKS else _read(matches[text], decimal, money, count, currency)
        for text, cell in cells.items()
    }
    notes = _notes(raw.map({text: cell.trouble for text, cell in read.items()}), raw, source, column)
    if unsure and not count:
        example = unsure[0]
        value = _read(NUMBER.fullmatch(example), decimal, money, count, currency).value
        told = message("In {column}, {example} could be read in two ways; it was read as {value}.", column=column,
                       example=example, value=value)  # fmt: skip
        notes.append(Note("guess", source, told, len(unsure)))
    return Numbers(
        raw.map({text: cell.value for text, cell in read.items()}).astype("Float64"),
        raw.map({text: cell.currency for text, cell in read.items()}).astype("str"),
        raw.map({text: cell.percent for text, cell in read.items()}).astype("bool"),
        notes,
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
        n, example = len(cells), str(cells.iloc[0])[:60]
        level, text = _sentence(str(trouble), n, example, column)
        notes.append(Note(level, source, text, n))
    return notes


def _sentence(trouble: str, n: int, example: str, column: str) -> tuple[Level, Message]:
    if trouble == "rounded":
        return "warning", message("Numbers in {column} that a spreadsheet program rounded ({example}), left empty: {n}.",
                                  column=column, example=example, n=n)  # fmt: skip
    if trouble == "million":
        return "warning", message("{example} in {column} may mean million or miliar (1,000 million) and is left empty. "
                                  "Write the number out, or add the currency.", column=column, example=example)  # fmt: skip
    if trouble == "english":
        return "guess", message("{example} in {column}: M was read as million.", column=column, example=example)
    if trouble == "negative":
        return "warning", message("Counts below zero in {column}, left empty: {n}.", column=column, n=n)
    return "info", message("Cells in {column} that are no number ({example}), left empty: {n}.",
                           column=column, example=example, n=n)  # fmt: skip
