"""How Vega writes numbers and dates in a language, from the same CLDR data as the sentences."""

from __future__ import annotations

import functools
from typing import Any

from babel import Locale


@functools.cache
def number_locale(language: str) -> dict[str, Any]:
    """Return d3's format locale: decimal mark, groups of three, percent sign."""
    symbols = Locale.parse(language).number_symbols
    latin = symbols.get("latn", symbols)
    return {"decimal": latin["decimal"], "thousands": latin["group"], "grouping": [3], "currency": ["", ""],
            "percent": latin["percentSign"]}  # fmt: skip


@functools.cache
def date_locale(language: str) -> dict[str, Any]:
    """Return d3's time locale; weeks there begin on Sunday."""
    locale = Locale.parse(language)

    named = locale.days["stand-alone"]
    days = {width: [named[width][number] for number in (6, 0, 1, 2, 3, 4, 5)] for width in ("wide", "abbreviated")}
    months = {width: [locale.months["format"][width][n] for n in range(1, 13)] for width in ("wide", "abbreviated")}
    return {
        "dateTime": "%-d %b %Y %H:%M", "date": "%-d %b %Y", "time": "%H:%M", "periods": ["AM", "PM"],
        "days": days["wide"], "shortDays": days["abbreviated"],
        "months": months["wide"], "shortMonths": months["abbreviated"],
    }  # fmt: skip
