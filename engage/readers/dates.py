"""Text to instants in UTC, a column at a time: Indonesian, Malay and English forms, epochs, Excel serials."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engage.messages import message
from engage.readers.numbers import BLANKS
from engage.study import Note

UTC = dt.UTC
EPOCH, MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=UTC), dt.timedelta(microseconds=1)
MONTHS = {
    name: number
    for number, names in enumerate(
        ["januari january jan", "februari pebruari february feb peb", "maret march mac mar mrt", "april apr",
         "mei may", "juni june jun", "juli july julai jul", "agustus august ogos agu agt ags aug ogo ogs",
         "september sep sept", "oktober october okt oct", "november nopember nov nop",
         "desember december disember des dec dis"], start=1)
    for name in names.split()
}  # fmt: skip
OFFSETS = {"z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9, "myt": 8, "sgt": 8}
EVENING = {"pm", "ptg", "petang", "sore", "mlm", "malam"}
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
NAMED = re.compile(r"(?:[a-z'’]+,\s*)?(\d{1,2})[\s-]+([a-z]+)\.?,?[\s-]+(\d{4}|\d{2})(?!\d)")
ENGLISH = re.compile(r"(?:[a-z]+,\s*)?([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
TIME = re.compile(
    r"[\s,t]*(?:-\s)?(?:pukul|jam|at)?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*([ap]\.?m\.?|pg|ptg|petang|pagi|siang|sore|mlm|malam|tgh)?\.?\s*(z|utc|gmt|wib|wita|wit|myt|sgt)?"
    r"\s*\(?([+-]\d{2}:?\d{2}|[+-]\d{2})?\)?"
)
SPLIT = (  # where the time of day begins, for most forms
    r"(?is)^(?P<day>.*?\d)(?P<time>(?:[\s,t\x{a0}\x{2009}\x{202f}]|-\s)+(?:(?:pukul|jam|at)\s*)?\d{1,2}[:.]\d\d.*)$"
)
SHORTCODE = re.compile(r"/(?:p|reels?|tv)/(?P<code>[A-Za-z0-9_-]{5,})")
FIRST = pd.Timestamp(2004, 1, 1, tz=UTC)  # no platform that we know is older
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


DAY_FIRST = message("Dates in {column} such as {example} were read as day first.")


class Dates(NamedTuple):
    """A parsed column: instants in UTC (null where there is no date), which cells gave no time of day, notes."""

    values: pd.Series
    day_only: pd.Series
    notes: list[Note]


def shortcode_in(text: str) -> str:
    """The shortcode in a link to an Instagram post; empty when there is none."""
    found = SHORTCODE.search(text)
    return found.group(1) if found else ""


def shortcodes_in(texts: pd.Series) -> pd.Series:
    """The shortcodes of a column of links, null where there is none."""
    found = pc.extract_regex(pa.array(texts), SHORTCODE.pattern)
    return pd.Series(pc.struct_field(found, "code"), dtype="str", index=texts.index)


def shortcode_time(shortcode: str) -> dt.datetime | None:
    """When an Instagram post was made, which its shortcode encodes; None where it is no such code.

    >>> shortcode_time("DZrdixGAomb").isoformat(timespec="minutes")
    '2026-06-17T07:45+00:00'
    """
    number = 0
    for letter in shortcode[:11]:
        if letter not in ALPHABET:
            return None
        number = number * 64 + ALPHABET.index(letter)
    seconds = ((number >> 23) + 1314220021721) / 1000
    if not 1.29e9 < seconds < latest().timestamp() or len(shortcode) < 9:
        return None
    return dt.datetime.fromtimestamp(seconds, UTC)


def latest() -> pd.Timestamp:
    """After this instant nothing can have happened yet; the clocks of two machines are never quite the same."""
    return pd.Timestamp.now("UTC") + pd.Timedelta(days=2)


def plausible(values: pd.Series, shown: pd.Series, source: str, column: str) -> tuple[pd.Series, list[Note]]:
    """Instants without those before the first platform or in the future; a note tells them as `shown`."""
    absurd = (values < FIRST) | (values > latest())
    if not (n := int(absurd.sum())):
        return values, []
    text = message("Dates in {column} before {first} or in the future ({example}), left empty: {n}.", column=column,
                   first=str(FIRST.year), example=str(shown[absurd].iloc[0])[:60], n=n)  # fmt: skip
    return values.mask(absurd), [Note("warning", source, text, n)]


def parse_dates(
    texts: pd.Series, zone: str, dayfirst: bool | None = None, *, source: str = "", column: str = ""
) -> Dates:
    """Read a column of text as instants; `zone` is that of times which name none, such as "Asia/Jakarta".

    Whether 5/8 is 5 August or May 8 is decided once for the column, from the cells that prove it, then by
    `dayfirst`, else as day first.
    """
    raw = texts.fillna("").astype(str)
    halves = pc.extract_regex(pa.array(raw), SPLIT)  # few days and few times make many instants: each is read once
    day_of, days = pd.factorize(pd.Series(pc.struct_field(halves, "day"), dtype="str", index=raw.index).fillna(raw))
    time_of, times = pd.factorize(pd.Series(pc.struct_field(halves, "time"), dtype="str").fillna(""))
    cells = [_clean(day) for day in days]
    votes, unsure = 0, ""
    for place, cell in enumerate(cells):
        if match := NUMERIC.match(cell):
            first, second = int(match[1]), int(match[3])
            votes += (first > 12 >= second) - (second > 12 >= first)
            if first <= 12 and second <= 12 and first != second:
                unsure = unsure or str(raw[day_of == place].iloc[0])
    order = votes > 0 if votes else dayfirst if dayfirst is not None else True
    local = ZoneInfo(zone)
    starts, ahead = np.array([_start(cell, local, order) for cell in cells]).reshape(-1, 2)[day_of].T
    clocks, named = np.array([_clock(" " + _clean(time)) for time in times]).reshape(-1, 2)[time_of].T
    passed = starts + clocks - np.where(np.isnan(named), ahead, named)
    day_only = ~np.isnan(passed) & (times == "")[time_of]
    odd = np.isnan(passed)
    odd_of, others = pd.factorize(raw[odd])  # epochs, blanks, days on which the clock is changed
    read = [None if cell in BLANKS else _read(cell, local, order) for cell in map(_clean, others)]
    passed[odd] = np.array([(one[0] - EPOCH) / MICROSECOND if one else np.nan for one in read])[odd_of]
    day_only[odd] = np.array([bool(one and one[1]) for one in read], dtype=bool)[odd_of]
    known = ~np.isnan(passed)
    instants = np.where(known, passed, 0).astype("int64").view("datetime64[us]")
    values = pd.Series(instants, index=raw.index).dt.tz_localize(UTC).where(known)
    notes = []
    lost = raw[odd][~known[odd] & ~np.array([_clean(text) in BLANKS for text in others], dtype=bool)[odd_of]]
    if len(lost):
        text = message("Dates in {column} that could not be read ({example}), left empty: {n}.",
                       column=column, example=str(lost.iloc[0])[:60], n=len(lost))  # fmt: skip
        notes.append(Note("warning", source, text, len(lost)))
    values, absurd = plausible(values, raw, source, column)
    notes += absurd
    if unsure and not votes and dayfirst is None:
        notes.append(Note("guess", source, replace(DAY_FIRST, values={"column": column, "example": unsure})))
    return Dates(values, pd.Series(day_only, index=raw.index), notes)


def _clean(text: str) -> str:
    return " ".join(text.split()).lower()


def _start(cell: str, zone: ZoneInfo, dayfirst: bool) -> tuple[float, float]:
    """When a day begins by its own clock, and how far that is ahead of UTC, in microseconds.

    NaN where a cell is more or less than a day, and where the clock is changed on it.
    """
    with suppress(ValueError):
        day, rest = _day(cell, dayfirst)
        if day and not rest:
            begin = dt.datetime.combine(day, dt.time(), tzinfo=UTC)
            first, last = (begin.replace(tzinfo=zone) + dt.timedelta(days=n) for n in (0, 1))
            ahead = (begin - first) / MICROSECOND if first.utcoffset() == last.utcoffset() else np.nan
            return (begin - EPOCH) / MICROSECOND, ahead
    return np.nan, np.nan


def _clock(text: str) -> tuple[float, float]:
    """A time of day, and how far its zone is ahead of UTC (NaN where none is named), in microseconds.

    Midnight where the text is empty; NaN where it is no time.
    """
    if not text.strip(" ,"):
        return 0.0, np.nan
    if not (match := TIME.fullmatch(text)):
        return np.nan, np.nan
    hour, minute, second, fraction, half, name, offset = match.groups()
    hours, half = int(hour), (half or "").replace(".", "")
    if half and hours <= 12:
        late = half in EVENING or (half in ("siang", "tgh") and hours < 6)
        midnight = hours == 12 and half not in ("pm", "siang", "tgh", "ptg", "petang")
        hours = 0 if midnight else hours + 12 if late and hours < 12 else hours
    ahead = np.nan if name is None else OFFSETS[name] * 60.0
    if offset:
        digits = re.sub(r"\D", "", offset).ljust(4, "0")
        ahead = (-1 if offset[0] == "-" else 1) * (int(digits[:2]) * 60.0 + int(digits[2:]))
    if hours > 23 or int(minute) > 59 or int(second or 0) > 59 or abs(ahead) >= 24 * 60:
        return np.nan, np.nan
    seconds = (hours * 60 + int(minute)) * 60 + int(second or 0)
    return seconds * 1e6 + int((fraction or "0")[:6].ljust(6, "0")), ahead * 6e7


def _read(cell: str, zone: ZoneInfo, dayfirst: bool) -> tuple[dt.datetime, bool] | None:
    """One cell: the instant, and whether only a day was given."""
    try:
        if cell.replace(".", "", 1).replace(",", "", 1).isdigit():
            return _number(cell, zone)
        day, rest = _day(cell, dayfirst)
        if day is None:
            return None
        clock, ahead = _clock(rest)
        at = dt.datetime.combine(day, dt.time()) + clock * MICROSECOND  # ValueError where it is no time
        where = zone if np.isnan(ahead) else dt.timezone(ahead * MICROSECOND)
        return at.replace(tzinfo=where).astimezone(UTC), not rest.strip(" ,")
    except (ValueError, OverflowError):
        return None


def _number(cell: str, zone: ZoneInfo) -> tuple[dt.datetime, bool] | None:
    """An epoch in seconds or milliseconds, an Excel serial (also with a comma), or 20211228."""
    value = float(cell.replace(",", "."))
    if 20_000 <= value < 60_000:
        naive = dt.datetime(1899, 12, 30) + dt.timedelta(seconds=round(value * 86_400))
        return naive.replace(tzinfo=zone).astimezone(UTC), value.is_integer()
    if re.fullmatch(r"(19|20)\d{6}", cell):
        day = dt.datetime(int(cell[:4]), int(cell[4:6]), int(cell[6:]), tzinfo=zone)
        return day.astimezone(UTC), True
    seconds = value / 1000 if value >= 1e11 else value
    return (dt.datetime.fromtimestamp(seconds, UTC), False) if 5e8 <= seconds < 4e9 else None


def _day(cell: str, dayfirst: bool) -> tuple[dt.date | None, str]:
    """The date at the beginning of a cell, and what follows it."""
    if match := ISO.match(cell):
        year, month, day = match[1], int(match[3]), int(match[4])
    elif match := NUMERIC.match(cell):
        day, month, year = int(match[1]), int(match[3]), match[4]
        if month > 12 or (not dayfirst and day <= 12):
            day, month = month, day
    elif match := NAMED.match(cell):
        day, month, year = int(match[1]), MONTHS.get(match[2], 0), match[3]
    elif match := ENGLISH.match(cell):
        day, month, year = int(match[2]), MONTHS.get(match[1], 0), match[3]
    else:
        return None, ""
    full = int(year) + (2000 if len(year) == 2 else 0)
    return (dt.date(full, month, day) if 1990 <= full < 2100 else None), cell[match.end() :]
