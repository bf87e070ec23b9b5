"""Every sentence made below `engage.words` is a Message: an English pattern and its values.

The pattern is the key of the translation catalogs, so the English text stands where it is used and
nowhere else. `str(message)` is English; `engage.words` writes the same message in other languages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

import numpy as np

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

# Control characters and the marks that turn text around: they only serve to deceive a reader.
UNSAFE_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Message:
    """A sentence that is not yet written: `key` is its English pattern, `values` fill it.

    Patterns use `{name}` and the forms `{name:percent}`, `{name:date}`, `{name:money}` (a pair of amount
    and currency), `{name:word}` (a token of the data, such as `like` or `named_sales`). With `plural`,
    `key` is the singular, and `values["n"]` decides.

    >>> str(Message("{n} post has no date.", {"n": 1200}, "{n} posts have no date."))
    '1,200 posts have no date.'
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""

    def __str__(self) -> str:
        return ENGLISH.write(self)

    def __hash__(self) -> int:
        return hash((self.key, repr(sorted(self.values.items(), key=lambda pair: pair[0]))))


def message(key: str, /, **values: Any) -> Message:
    """Make a Message; the literal first argument is what `make words` collects."""
    return Message(key, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> Message:
    """Make a Message whose form depends on the count `n`."""
    return Message(one, {"n": n, **values}, many)


def harmless(what: Any) -> Any:
    """What files brought into a message, without the letters that deceive.

    >>> str(harmless(message("Not a name: {names}.", names=["\\u202egnp.exe", "a\\x1b"])))
    'Not a name: gnp.exe, a.'
    """
    if isinstance(what, Message):
        return replace(what, values={name: harmless(value) for name, value in what.values.items()})
    if isinstance(what, (list, tuple)):
        return [harmless(part) for part in what]
    return UNSAFE_TEXT.sub("", what) if isinstance(what, str) else what


class EngageError(Exception):
    """An error that a person can act on: its text says what is wrong, where, and what to do."""

    def __init__(self, what: Message) -> None:
        super().__init__(what)
        self.message = what

    def __str__(self) -> str:
        return str(self.message)


class ReadError(EngageError):
    """Nothing could be read from the given files."""


class StudyError(EngageError):
    """A study, or a table meant for one, is not what it should be."""


class Writer(Formatter):
    """Writes messages in English; `engage.words` overrides the five small methods for other languages."""

    def pattern(self, what: Message) -> str:
        return what.plural if what.plural and what.values["n"] != 1 else what.key

    def number(self, value: float) -> str:
        if isinstance(value, (int, np.integer)) or float(value).is_integer():
            return f"{value:,.0f}"
        digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
        return f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"

    def percent(self, value: float) -> str:
        text = f"{100 * value:.{percent_digits(value)}f}"
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"

    def date(self, value: dt.date) -> str:
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def money(self, amount: float, currency: str) -> str:
        return f"{currency} {amount:,.0f}" if amount >= 100 else f"{currency} {amount:,.2f}"

    def label(self, token: str) -> str:
        return token.replace("_", " ")

    def join(self, parts: Sequence[str]) -> str:
        return ", ".join(parts)

    def write(self, what: object) -> str:
        """Write a Message, or any single value, as text."""
        if isinstance(what, Message):
            return self.vformat(self.pattern(what), (), what.values)
        if isinstance(what, EngageError):
            return self.write(what.message)
        return str(self.format_field(what, ""))

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        """A value that a damaged note lacks is a dash; writing never fails."""
        return kwargs.get(key) if isinstance(kwargs, Mapping) else None

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return self.write(value)
        if format_spec == "money":
            return self.money(*value)
        if _unknown(value):
            return "–"
        if format_spec == "word":
            return self.join([self.label(t) for t in value]) if isinstance(value, (list, tuple)) else self.label(value)
        if format_spec == "percent":
            return self.percent(value)
        if isinstance(value, np.datetime64):
            value = value.astype("datetime64[D]").item()
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
            return self.number(float(value) if isinstance(value, (float, np.floating)) else int(value))
        if isinstance(value, (list, tuple)):
            return self.join([self.write(part) for part in value])
        return str(value)


def _unknown(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA: the only ones that are not equal to themselves."""
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):  # pandas' NA answers no comparison
        return True


def percent_digits(value: float) -> int:
    """Decimals a percentage deserves: 0.034 is written 3.4 %, 0.62 is 62 %, 0.0007 is 0.07 %."""
    size = abs(value)
    return 0 if size >= 0.1 or size == 0 else 1 if size >= 0.01 else 2


ENGLISH = Writer()
