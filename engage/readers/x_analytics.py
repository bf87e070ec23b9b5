"""X's own analytics (CSV): content and overview of today, and the tweet activity of before 2023.

Gives: impressions, likes, replies, reposts, bookmarks, follows, profile visits of each post; follows, unfollows,
profile visits and engagements of each day. Does not give: who reacted; the number of all followers.
Clock: content and overview have days without a zone, taken as UTC; the number of a real post holds its time (from
memory), which is used where it falls on the day that the file gives; the old files state +0000.
Quirks: "Reposts" are what we call shares, X's own "Shares" (links sent on) are not; a comma stands in the date; rows
without a post's number are broken; old counts are "500.0", "-" is unknown; the account is only named in links.
Evidence: a sample cut from a real file of July 2026, and descriptions of the other two.
"""

from __future__ import annotations

import re

import pandas as pd

from engage.messages import message
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.part import Options, Part, account_id, own_on
from engage.readers.spreadsheet import Table

CONTENT = TableFormat("x_content", "posts", frozenset({"post", "caption", "date"}), "UTC", False)
OVERVIEW = TableFormat("x_overview", "days", frozenset({"date", "interactions"}), "UTC", False)
TELLING = {"reposts", "created", "bookmarks"}  # one of these makes a table of days one of X
LINK = re.compile(r"(?:x|twitter)\.com/(?:i/web|([A-Za-z0-9_]{1,15}))/status(?:es)?/(\d+)", re.I)
NUMBER = r"[1-8]\d{18}|\d{1,18}"
EPOCH = 1_288_834_974_657  # of the clock in numbers of posts, in ms
DAY = pd.Timedelta(days=1)


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of posts, or of days with what only X counts."""
    return CONTENT.claims(member) or any(TELLING & m.columns.keys() for _, _, m in OVERVIEW.tables(member))


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part."""
    parts = []
    for member in members:
        if CONTENT.claims(member):
            parts += [_posts(table) for table in CONTENT.read(member, options)]
        else:
            parts += [_days(table) for table in OVERVIEW.read(member, options)]
    return parts


def _days(table: Table) -> Part:
    own = own_on("x")
    for frame in table.part.tables.values():
        frame["account_id"] = own
    table.part.tables["accounts"] = pd.DataFrame([{"account_id": own, "platform": "x"}])
    table.note("info", message("X does not say in which time zone its days are; UTC was assumed."))
    return table.part


def _posts(table: Table) -> Part:
    """Give each post the number in its link (a spreadsheet program rounds the other), and its time."""
    part = table.part
    links, ids = table.text("url").str.extract(LINK), table.text("post")
    ids = links[1].astype("str").fillna(ids)
    ids = ids.where(ids.str.fullmatch(NUMBER).fillna(False).astype(bool))
    handles = links[0].dropna().str.lower()
    if len(handles):
        part.owner, part.certainty = account_id(handles.value_counts(sort=False).idxmax(), "x"), 2
    own = part.owner or own_on("x")
    handle = own.partition(":")[2] if part.owner else None
    part.tables["accounts"] = pd.DataFrame([{"account_id": own, "platform": "x", "handle": handle}])
    if "posts" not in part.tables:
        return part
    frame = part.tables["posts"].assign(account_id=own, post_id=ids)
    if n := int(frame["post_id"].isna().sum()):
        table.note("warning", message("Rows without the number of a post, left out: {n}.", n=n), n)
    frame = frame[frame["post_id"].notna()].drop_duplicates("post_id")
    made = pd.to_datetime(frame["post_id"].astype("int64") // 2**22 + EPOCH, unit="ms", utc=True)
    day = frame["published_at"]
    fits = (day == day.dt.floor("D")) & (made > day - DAY / 2) & (made < day + DAY * 1.5)
    frame["published_at"] = day.mask(fits, made.astype(day.dtype))
    if (day == day.dt.floor("D")).any():
        table.note("info", message("X gives days of posts without a zone, taken as UTC; posts whose number holds the "
                                   "time of day: {n}.", n=int(fits.sum())), int(fits.sum()))  # fmt: skip
    part.tables["posts"] = frame
    return part
