"""Meta Business Suite's content export for Instagram (CSV), in every language of headers/meta.csv.

Gives: reach, views, likes, comments, shares, saves, follows of each post. Does not give: who reacted.
Clock: Pacific time with daylight saving, MM/DD/YYYY even in Indonesian files; a link's shortcode tells the true
instant, and is checked against it.
Quirks: "Date" holds Lifetime, "Data comment" is not the comment count, an empty cell is unknown, posts of others with
whom one collaborated are among the rows, ids do not survive Excel (the link does).
Evidence: ten real Indonesian files described by a public parser; three real rows measured for the clock.
"""

from __future__ import annotations

import pandas as pd

from engage.messages import message
from engage.readers.dates import shortcode_time
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.part import Options, Part
from engage.readers.spreadsheet import Table
from engage.study import Note

CONTENT = TableFormat("meta", "posts", frozenset({"post", "handle", "date", "url"}), "America/Los_Angeles", False)


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of such an export."""
    return CONTENT.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as its own part: a table of posts whose times are Pacific."""
    return [_own(table, member) for member in members for table in CONTENT.read(member, options)]


def _own(table: Table, member: Member) -> Part:
    """Find whose export it is, and check its clock."""
    part = table.part
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
