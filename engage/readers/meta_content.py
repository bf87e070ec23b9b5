"""Meta Business Suite's content export for Instagram (CSV), in every language of headers/meta.csv.

Gives: reach, views, likes, comments, shares, saves, follows of each post. Does not give: who reacted.
Clock: Pacific time with daylight saving, MM/DD/YYYY even in Indonesian files; a link's shortcode tells the true
instant, and is checked against it.
Quirks: "Date" holds Lifetime, "Data comment" is not the comment count, an empty cell is unknown, posts of others with
whom one collaborated are among the rows, ids do not survive Excel and its dates lose their order (the link's code
saves both), a story's link ends in its number, which is the same code written out.
Evidence: ten real Indonesian files described by a public parser; three real rows measured for the clock. German is
half reconstructed and Malay guessed: a column of handles or of dates is also known by what stands in it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from engage.messages import message
from engage.readers.columns import METRICS, Mapping
from engage.readers.dates import ALPHABET, shortcode_time
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.part import HANDLE, Options, Part
from engage.readers.spreadsheet import ROUNDED, Table, headers_of
from engage.readers.text import Grid
from engage.study import Note

PACIFIC = "America/Los_Angeles"
STORY = r"/stories/[^/]+/(\d{19,20})(?!\d)"
MOMENT = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4},? \d{1,2}[:.]\d\d.*")
CLOSE = pd.Timedelta(minutes=15)  # publish times have minutes only, and an upload takes some


class _Content(TableFormat):
    def mapping(self, rows: Grid) -> Mapping | None:
        """As its headers say; a missing column of handles or dates is sought by its values."""
        found = super().mapping(rows)
        if found is None:
            return None
        headers, body = headers_of(rows[found.header_row]), rows[found.header_row + 1 :][:50]
        columns = dict(found.columns)
        for i, header in enumerate(headers):
            values = [row[i].lower() for row in body if i < len(row) and row[i]]
            if header in columns.values() or not values or "lifetime" in values:
                continue
            if "date" not in columns and all(map(MOMENT.fullmatch, values)):
                columns["date"] = header
            elif "handle" not in columns and all(HANDLE.fullmatch(v) and not v.isdigit() for v in values):
                columns["handle"] = header
        links = headers.index(columns["url"])
        linked = any("instagram.com/" in row[links].lower() for row in body if links < len(row))
        told = {"handle", "date"} <= found.columns.keys()
        return replace(found, columns=columns) if linked or told else None


CONTENT = _Content("meta", "posts", frozenset({"post", "url"}), PACIFIC, False)


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of such an export."""
    return CONTENT.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as its own part: a table of posts whose times are Pacific."""
    return [_own(table, member) for member in members for table in CONTENT.read(member, options)]


def _own(table: Table, member: Member) -> Part:
    """Check ids and clock, and find whose export it is."""
    part = table.part
    if "posts" not in part.tables:
        return part
    posts = _clocked(_named(part.tables["posts"], table), part, member)
    part.tables["posts"] = posts = one_a_post(posts, table)
    if "accounts" not in part.tables:
        return part
    accounts = part.tables["accounts"]
    own = str(posts["account_id"].value_counts(sort=False).idxmax())
    posts["is_collab"] = posts["account_id"] != own
    # Guests of a collaboration are no accounts of this study.
    part.tables["accounts"] = accounts[accounts["account_id"] == own]
    part.owner, part.certainty = own, 2
    if n := int(posts["is_collab"].sum()):
        text = message("Posts of other accounts than {owner}, kept as collaborations: {n}.", owner=own, n=n)
        part.notes.append(Note("guess", member.label, text, n))
    return part


def _named(posts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Stories get the code of their link; ids that a spreadsheet program rounded give way to the code."""
    numbers = table.text("url").str.extract(STORY, expand=False).reindex(posts.index)
    codes = posts["shortcode"].fillna(numbers.map(_code, na_action="ignore").astype("str"))
    ids = table.text("post").reindex(posts.index)
    rounded = ids.str.contains(ROUNDED, na=False)
    long = ids.str.fullmatch(r"\d{16,20}", na=False)
    if long.sum() > 1 and ids[long].str[15:].str.fullmatch("0+").all():  # fifteen digits are all that Excel keeps
        rounded |= long
        text = message("Post numbers that end in zeros, as a spreadsheet program leaves them: {n}. Links are used.",
                       n=int(long.sum()))  # fmt: skip
        table.note("warning", text, int(long.sum()))
    spare = codes.fillna(table.numbered(table.text("date") + "\x1f" + table.text("caption")).reindex(posts.index))
    return posts.assign(shortcode=codes, post_id=posts["post_id"].mask(rounded, spare))


def _code(number: str) -> str | None:
    """The shortcode of a post whose number a link gives; None where it tells no sensible time."""
    rest, code = int(number), ""
    while rest:
        rest, place = divmod(rest, 64)
        code = ALPHABET[place] + code
    return code if shortcode_time(code) else None


def _clocked(posts: pd.DataFrame, part: Part, member: Member) -> pd.DataFrame:
    """Hold the publish times against the codes in the links, and mend what these prove wrong."""
    times = posts["published_at"]
    made = pd.to_datetime(posts["shortcode"].map(shortcode_time, na_action="ignore"), utc=True)
    made = made.astype("datetime64[us, UTC]")
    turned = _turned(times)
    wrong = ((times - made).abs() > CLOSE) & ((turned - made).abs() <= CLOSE)
    if n := int(wrong.sum()):
        text = message("Dates whose day and month had changed places, as the codes in the links show: {n}.", n=n)
        part.notes.append(Note("guess", member.label, text, n))
    times = times.mask(wrong, turned)
    gap = (times - made).dt.total_seconds().dropna()
    if len(gap) and abs(gap.median()) > CLOSE.total_seconds():
        text = message("Publish times were taken as Pacific time, but differ by {hours} hours from the codes in the "
                       "links. Where they differ by a day at most, the codes' times were taken. Check the time zone.",
                       hours=round(gap.median() / 3600, 2))  # fmt: skip
        part.notes.append(Note("warning", member.label, text))
        times = times.mask((times - made).abs() <= pd.Timedelta(hours=26), made)
    else:
        text = message("Publish times are Pacific time; links whose code confirms it: {n}.", n=len(gap))
        part.notes.append(Note("info", member.label, text, len(gap)))
    if n := int((times.isna() & made.notna()).sum()):
        text = message("Posts without a readable publish time, which the codes in their links gave: {n}.", n=n)
        part.notes.append(Note("guess", member.label, text, n))
    return posts.assign(published_at=times.fillna(made))


def _turned(times: pd.Series) -> pd.Series:
    """The same times with day and month changed over, null where there is no such date."""
    local = times.dt.tz_convert(PACIFIC).dt.tz_localize(None)
    turned = pd.to_datetime(local.dt.strftime("%Y-%d-%m %H:%M"), format="%Y-%m-%d %H:%M", errors="coerce")
    turned = turned.dt.tz_localize(PACIFIC, ambiguous="NaT", nonexistent="NaT")
    return turned.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def one_a_post(posts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """One row a post, also where the export has one for each day (its "Date" is then no word but a day)."""
    key = ["account_id", "post_id"]
    daily = table.text("period").str.contains(r"\d{2}", na=False).reindex(posts.index)
    if not daily.all() or not posts.duplicated(key).any():
        return posts
    sums = [column for column in METRICS if column in posts and column != "reach"]
    totals = posts.groupby(key, sort=False)[sums].sum(min_count=1).reset_index()
    rest = posts.drop(columns=[*sums, "reach"], errors="ignore").drop_duplicates(key)
    text = message("Rows for each day, added up to posts: {n}. Reach cannot be added and is left empty.", n=len(posts))
    table.note("guess", text, len(posts))
    return rest.merge(totals, on=key)
