"""Days without a year, as TikTok Studio writes them: in English, Indonesian, Malay, Portuguese or Vietnamese."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from itertools import pairwise

from engage.readers.dates import MONTHS
from engage.readers.records import meanings

# Besides ours French, Portuguese, Spanish, Italian, German and Vietnamese, without accents.
EVERY_MONTH = MONTHS | {name.replace("_", " "): int(number) for name, number in meanings("month").items()}
FILLING = {"de", "ngay", "thang", "tanggal", "st", "nd", "rd", "th"}
YEAR = 365  # from the first to the last day of a leap year


def month_day(text: str) -> tuple[int, int] | None:
    """Month and day of a cell without a year, in any of five languages; None for anything else.

    >>> month_day("August 9"), month_day("18 tháng Sáu"), month_day("31 de julho"), month_day("8 Ogos 2025")
    ((8, 9), (6, 18), (7, 31), None)
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text[:60].lower()) if not unicodedata.combining(c))
    tokens = re.findall(r"\d+|[^\W\d_]+|:", plain)
    numbers = [int(token) for token in tokens if token.isdecimal() and len(token) <= 2]
    name = " ".join(token for token in tokens if not token.isdecimal() and token not in FILLING)
    month = EVERY_MONTH.get(name, 0)
    if "thang" in tokens and not name and len(numbers) == 2:  # 18 tháng 6
        month = numbers.pop()
    if len(numbers) != 1 or len(tokens) > 6 or any(len(token) > 2 for token in tokens if token.isdecimal()):
        return None
    with suppress(ValueError):
        dt.date(2024, month, numbers[0])
        return month, numbers[0]
    return None


def latest(month: int, day: int, until: dt.date) -> dt.date:
    """The last such day that is not after `until`."""
    for year in range(until.year, until.year - 9, -1):
        with suppress(ValueError):  # 29 February is not in every year
            if (found := dt.date(year, month, day)) <= until:
                return found
    return until


def place(pairs: list[tuple[int, int]], until: dt.date, *, daily: bool) -> list[dt.date]:
    """Give each month and day its year: the latest possible; in a table of days also none after the next day's."""
    if daily:
        rising = sum((a < b) - (a > b) for a, b in pairwise(pairs)) >= 0
        days, limit = [], until
        for pair in reversed(pairs) if rising else pairs:
            limit = latest(*pair, limit)
            days.append(limit)
        if days and (days[0] - days[-1]).days <= YEAR:
            return days[::-1] if rising else days
    return [latest(*pair, until) for pair in pairs]
