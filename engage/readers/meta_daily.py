"""Meta Business Suite's numbers per day (one CSV a metric, UTF-16), of an Instagram account or a Facebook page.

Gives: views, reach, profile visits, interactions, new and lost follows of each day. Does not give: the total of
followers ("Follows" are the new ones of a day), whose account it is, anything of a post or a person.
Clock: calendar days as Meta counts them, probably Pacific; the day is taken as it is written.
Quirks: a line `sep=,`; the metric stands in a title above `Date,Primary`, not in the header; one file may hold
several such sections; "Views" names no platform, so it belongs to Instagram unless all titles beside it that name one
say Facebook; days without a value may be missing. Spreadsheet programs save it with other marks and dates.
Evidence: titles in English, Indonesian and Portuguese (reach) stand in public parsers of real files; "Interaksi
konten" is confirmed by one. The other Portuguese and all Malay titles are guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from engage.messages import message
from engage.readers.columns import known_headers, normal
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.meta_content import PACIFIC
from engage.readers.numbers import parse_numbers
from engage.readers.part import OWN, Options, Part, own_on, short
from engage.readers.text import Grid, read_grid
from engage.study import TABLES, Note

TOGETHER = True
# What a title says beside its metric:
NAMING = re.compile(r"\b(?:instagram|facebook|ig|fb|do|da|de|no|na|page|halaman)\b")
METRICS = [column for column, kind in TABLES["days"].columns.items() if kind == "count"]
SPREAD = 3  # a title, the header and what may stand between them


@dataclass(frozen=True)
class Section:
    """One metric in one file: its title, what it is (empty when unknown), its platform ("" when not said), its rows."""

    title: str
    metric: str
    platform: str
    rows: Grid


def claims(member: Member, options: Options) -> bool:
    """Whether a date column and "Primary", or one value column under a known title, stand near the top."""
    return any(_sections(rows[:30], "") for _, rows in read_grid(member))


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all files as one: the metrics of a day come from several files."""
    part = Part(10)
    found = [(member, section) for member in members for section in _of(member, part)]
    told = {section.platform for _, section in found} - {""}
    unsaid = "facebook" if told == {"facebook"} else "instagram"
    if told == {"facebook"} and any(section.metric and not section.platform for _, section in found):
        text = message("Titles that name no platform were taken as Facebook's, like the files beside them.")
        part.notes.append(Note("guess", "", text))
    series = [_series(member, section, section.platform or unsaid, part) for member, section in found]
    if kept := [frame for frame in series if len(frame)]:
        part.tables["days"] = _days(pd.concat(kept, ignore_index=True), part)
    return [part]


def _of(member: Member, part: Part) -> Iterator[Section]:
    """The sections of a file whose metric has a place in the table of days; of the others a note."""
    unknown: list[str] = []
    unplaced: list[str] = []
    for _, rows in read_grid(member):
        for section in _sections(rows, PurePosixPath(member.name).stem):
            if section.metric in (*METRICS, "viewers"):
                yield section
            else:
                (unplaced if section.metric else unknown).append(section.title)
    if unknown:
        text = message("Metrics that are not known to us, left out: {names}. Change the title above the numbers to a "
                       "known one, for example Views or Reach.", names=short(unknown))  # fmt: skip
        part.notes.append(Note("warning", member.label, text, len(unknown)))
    if unplaced:
        text = message("Metrics of a day that no page uses, left out: {names}.", names=short(unplaced))
        part.notes.append(Note("info", member.label, text, len(unplaced)))


def _sections(rows: Grid, fallback: str) -> list[Section]:
    """Cut a file at its titles and headers, where a header or a title is surely Meta's."""
    known = known_headers("meta_daily")
    sections: list[Section] = []
    title, since = "", 0
    body: list[list[str]] | None = None
    for i, row in enumerate(rows):
        cells = [cell for cell in row if cell]
        if not cells or cells[0].lower().startswith("sep="):
            continue
        if len(cells) == 1 and not cells[0][:1].isdigit():
            title, since, body = cells[0], i, None
        elif known.get(normal(row[0])) == "date" and len(cells) > 1:
            near = title if i - since <= SPREAD else ""
            metric, platform = _metric(near or fallback)
            primary = known.get(normal(row[1])) == "value"
            body = None
            if primary or (metric and near and len(cells) == 2):
                body = []
                sections.append(Section(near or fallback, metric, platform, body))
            title = ""
        elif body is not None:
            body.append(row)
    return sections


def _metric(title: str) -> tuple[str, str]:
    """What a title measures (empty when unknown) and on which platform (empty when not said).

    >>> _metric("Alcance do Instagram"), _metric("Facebook visits"), _metric("Tayangan"), _metric("Metrik Aneh")
    (('reach', 'instagram'), ('profile_visits', 'facebook'), ('views', ''), ('', ''))
    """
    words = normal(title)
    found = re.search(r"\b(?:(facebook|fb|page|halaman)|(instagram|ig))\b", words)
    platform = "" if not found else "facebook" if found[1] else "instagram"
    known = known_headers("meta_daily")
    metric = known.get(" ".join(NAMING.sub(" ", words).split())) or known.get(words, "")
    return ("" if metric in ("date", "value") else metric), platform


def _series(member: Member, section: Section, platform: str, part: Part) -> pd.DataFrame:
    """Account, day, metric and value of each row of a section."""
    rows, source = section.rows, member.label
    texts = pd.Series([row[0] for row in rows], dtype="str")
    # Days follow each other, so of two readings of 1/2 the one that spans less time is right.
    readings = [parse_dates(texts, "UTC", first, source=source, column=section.title) for first in (True, False)]
    spans = [reading.values.max() - reading.values.min() for reading in readings]
    dates = readings[int(bool(spans[1] < spans[0]))]
    numbers = parse_numbers(pd.Series([row[1] if len(row) > 1 else "" for row in rows], dtype="str"), count=True,
                            source=source, column=section.title)  # fmt: skip
    if dates.values.notna().any():
        text = message("{title}: days read: {n}. They are calendar days of Meta, probably Pacific time "
                       "({zone}).", title=section.title[:60], zone=PACIFIC,
                       n=int(dates.values.notna().sum()))  # fmt: skip
        told = Note("info", source, text)
    else:
        told = Note("warning", source, message("{title} has no rows with a date.", title=section.title[:60]))
    part.notes += [told, *dates.notes, *numbers.notes]
    frame = pd.DataFrame({
        "account_id": OWN if platform == "instagram" else own_on(platform), "date": dates.values.dt.tz_localize(None),
        "metric": section.metric, "value": numbers.values,
    })  # fmt: skip
    return frame.dropna(subset=["date", "value"])


def _days(series: pd.DataFrame, part: Part) -> pd.DataFrame:
    """One row a day and account; of two values the larger, since the last day of an export is not over."""
    key = ["account_id", "date", "metric"]
    values = series.assign(date=series["date"].dt.normalize()).groupby(key)["value"]
    if n := int((values.nunique() > 1).sum()):
        text = message("Days for which files name different numbers, of which the larger was kept: {n}.", n=n)
        part.notes.append(Note("guess", "", text, n))
    days = values.max().unstack("metric").reset_index().rename_axis(columns=None)
    if "viewers" in days:  # what Meta calls reach on newer screens
        reach = days["reach"].fillna(days["viewers"]) if "reach" in days else days["viewers"]
        days = days.assign(reach=reach).drop(columns="viewers")
        part.notes.append(Note("guess", "", message("Viewers of a day were taken as its reach.")))
    return days
