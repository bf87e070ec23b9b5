"""Meta Business Suite's content export for Instagram (CSV), in the languages that headers.csv holds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from engage.messages import message
from engage.readers.columns import Mapping, known_headers, normal
from engage.readers.dates import shortcode_time
from engage.readers.files import Member
from engage.readers.part import Options, Part
from engage.readers.spreadsheet import Table
from engage.readers.text import Grid, read_grid
from engage.study import Note

ZONE = "America/Los_Angeles"
NEEDED = {"post", "handle", "date", "url"}


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of such an export."""
    return not member.is_sheet and _mapping(read_grid(member)[0][1]) is not None


def _mapping(rows: Grid) -> Mapping | None:
    for i, row in enumerate(rows[:5]):
        found = {role: cell for cell in reversed(row) if (role := known_headers("meta").get(normal(cell)))}
        if found.keys() >= NEEDED:
            return Mapping("posts", found, i, dayfirst=False)
    return None


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as its own part: a table of posts whose times are Pacific."""
    pacific = replace(options, settings=replace(options.settings, time_zone=ZONE))
    return [_read(member, pacific) for member in members]


def _read(member: Member, options: Options) -> Part:
    rows = read_grid(member)[0][1]
    mapping = _mapping(rows)
    assert mapping is not None, "claimed"
    part = Table(member.label, rows, mapping, options).part
    part.rank = 10
    if "posts" not in part.tables:
        return part
    posts, accounts = part.tables["posts"], part.tables["accounts"]
    own = str(posts["account_id"].value_counts(sort=False).idxmax())
    posts["is_collab"] = posts["account_id"] != own
    # Guests of a collaboration are no accounts of this study.
    part.tables["accounts"] = accounts[accounts["account_id"] == own]
    part.owner, part.certainty = own, 2
    if n := int(posts["is_collab"].sum()):
        text = message("Posts of other accounts than {owner}, kept as collaborations: {n}.", owner=own, n=n)
        part.notes.append(Note("guess", member.label, text, n))
    made = pd.to_datetime(posts["shortcode"].map(shortcode_time, na_action="ignore"), utc=True)
    gap = (posts["published_at"] - made).dt.total_seconds().dropna()
    if len(gap) and abs(gap.median()) > 900:
        text = message("Publish times were taken as Pacific time, but differ by {hours} hours from the codes in the "
                       "links. Check the time zone.", hours=round(gap.median() / 3600, 2))  # fmt: skip
        part.notes.append(Note("warning", member.label, text))
    else:
        text = message("Publish times are Pacific time; links whose code confirms it: {n}.", n=len(gap))
        part.notes.append(Note("info", member.label, text, len(gap)))
    return part
