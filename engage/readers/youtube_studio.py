"""YouTube Studio's export in advanced mode (a zip of CSV files, or a workbook), English and Indonesian.

Gives: views, impressions, likes, comments, shares of each video, subscribers won by it, numbers of each day.
Does not give: who watched, who subscribed; the number of all subscribers.
Clock: days only, Pacific (from memory). Numbers are those of the period that was chosen, not of a video's whole
life: therefore the rank is behind that of the Data API, which also knows the minute of publishing.
Quirks: "Tayangan" are impressions here and "Penayangan" views (at Meta "Tayangan" are views); a Total row first or
last; empty rows; "Subscribers" is net and may be below zero; "Chart data" has only the few videos of the chart;
"Likes (vs. dislikes) (%)" is no count; days may be weeks or months, which are left out.
Evidence: several public tests made from real files; the Indonesian headers from one.
"""

from __future__ import annotations

import re

import pandas as pd

from engage.messages import message
from engage.readers.columns import Mapping
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.numbers import parse_numbers
from engage.readers.part import Options, Part, own_on
from engage.readers.spreadsheet import Table
from engage.readers.text import Grid
from engage.study import Note

ACCOUNT = own_on("youtube")
ZONE = "America/Los_Angeles"
VIDEO = re.compile(r"[\w-]{11}")
EXPORT = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)(?: ([^/]+?))?(?: \(\d+\))?(?:\.zip|\.xlsx|/|$)")
FILES = re.compile(r"(?:^|/)(?:totals?|table data|chart data|data tabel)\.csv$", re.I)


class Studio(TableFormat):
    """A table of YouTube Studio; a header with % names a share, never a count."""

    def mapping(self, rows: Grid) -> Mapping | None:
        return super().mapping([["" if "%" in cell else cell for cell in row] for row in rows[: self.within]])


VIDEOS = Studio("youtube_studio", "posts", frozenset({"caption"}), ZONE, rank=22)
DAYS = Studio("youtube_days", "days", frozenset({"date", "views"}), ZONE, rank=22)


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of such a report."""
    return any(_is_videos(rows, mapping) for _, rows, mapping in VIDEOS.tables(member)) or _is_days(member)


def _is_videos(rows: Grid, mapping: Mapping) -> bool:
    """Whether a table with video titles is YouTube's: by its publish time, else by the look of the ids."""
    if {"date", "views"} <= mapping.columns.keys():
        return True
    if not {"post", "views"} <= mapping.columns.keys():
        return False
    place = rows[mapping.header_row].index(mapping.columns["post"])
    ids = [row[place] for row in rows[mapping.header_row + 1 :][:50] if len(row) > place and row[place]]
    return bool(ids) and sum(VIDEO.fullmatch(text) is not None for text in ids) * 2 >= len(ids)


def _is_days(member: Member) -> bool:
    """Whether a table of days is YouTube's: only there is watch time, or gains beside losses; others need the name of
    their file, because people keep days by hand too, and their subscribers are totals."""
    named = FILES.search(member.path) or EXPORT.search(f"{member.source}/{member.path}")
    for _, rows, mapping in DAYS.tables(member):
        known = mapping.columns.keys()
        bare = sum(map(bool, rows[mapping.header_row])) == 2
        if "watched" in known or {"new_follows", "lost_follows"} <= known or (named and ("net" in known or bare)):
            return True
    return False


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each report as its own parts; the chart of single videos is only said to be there."""
    parts = []
    for member in members:
        videos = {label for label, rows, mapping in VIDEOS.tables(member) if _is_videos(rows, mapping)}
        for table in VIDEOS.read(member, options):
            if table.source in videos and "day" not in table.places:
                parts.append(_finish(_videos(table), member))
            elif "day" in table.places:
                text = message("This file has the days of the few videos of a chart; they were not used.")
                parts.append(Part(22, notes=[Note("info", table.source, text)]))
                videos.add(table.source)
        for table in DAYS.read(member, options):
            if table.source not in videos:
                parts.append(_finish(_days(table), member))
    return parts


def _finish(part: Part, member: Member) -> Part:
    """Name the account and what period the numbers are of."""
    found = EXPORT.search(f"{member.source}/{member.path}")
    name = found[3] if found else None
    for frame in part.tables.values():
        frame["account_id"] = ACCOUNT
    row = {"account_id": ACCOUNT, "platform": "youtube", "name": name}
    part.tables["accounts"] = pd.DataFrame([row])
    if found and "posts" in part.tables:
        text = message("Views and other numbers of videos are those from {since} to {until} only.",
                       since=found[1], until=found[2])  # fmt: skip
        part.notes.append(Note("info", member.label, text))
    return part


def _net(table: Table) -> pd.Series:
    """The column of net subscribers: the only count that may be below zero."""
    cells = table.text("net").fillna("")
    size = parse_numbers(cells.str.lstrip("-−"), count=True, source=table.source, column=table.headers.get("net", ""))
    table.part.notes += size.notes
    return size.values.where(~cells.str.startswith(("-", "−")), -size.values)


def _videos(table: Table) -> Part:
    part = table.part
    if "posts" not in part.tables:
        return part
    posts = part.tables["posts"].assign(kind="video")
    if "net" in table.cells and "follows" not in table.cells:
        net = _net(table).reindex(posts.index)
        posts["follows"] = net.where(net >= 0)
        if n := int((net < 0).sum()):
            text = message("Videos with more subscribers lost than won: {n}. How many they won is not known.", n=n)
            table.note("info", text, n)
    part.tables["posts"] = posts
    return part


def _days(table: Table) -> Part:
    part = table.part
    if "days" not in part.tables:
        return part
    days = part.tables["days"]
    gap = days["date"].drop_duplicates().sort_values().diff().min()
    if gap > pd.Timedelta(days=1):
        del part.tables["days"]
        table.note("warning", message("The numbers in {file} are not those of single days and were left out. Export "
                                      "them again by day.", file=table.source), len(days))  # fmt: skip
    elif "net" in table.cells and not {"new_follows", "lost_follows"} & table.cells.keys():
        net = _net(table).reindex(days.index)
        part.tables["days"] = days.assign(new_follows=net.where(net >= 0), lost_follows=(-net).where(net <= 0))
        table.note("guess", message("Only the net change of subscribers is given for each day; it was taken as new or "
                                    "as lost ones, of whom there were at least so many."))  # fmt: skip
    return part
