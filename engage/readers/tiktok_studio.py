"""TikTok Studio's downloads: zips for Overview, Followers, Viewers and Content, of CSV or XLSX, alone or in one zip.

Gives: views, profile visits and interactions of each day, the followers of each day (60 days), and numbers of about
15 posts. Does not give: who follows or reacts, reach, all posts; viewers and shares of the audience are not used.
Clock: calendar days of the account, the zone unknown; a post has a day only, taken as midnight of the study's zone.
Quirks: days bear no year and are in the language of the app; the epoch in a zip's name says when it was made (the
date there does not), else the newest day is taken to be as late as can be. "undefined" is unknown and so are zeros
beside it, -1 is unknown, and "difference from previous day" is that to the next day, so it is not used. Tables
besides those of days and posts may be headers only.
Evidence: three public parsers that describe real files (Vietnamese, Brazilian, Indonesian), 2026.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from engage.messages import message
from engage.readers.columns import Mapping
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.numbers import BLANKS, parse_numbers
from engage.readers.part import Options, Part, account_id, clean_handle, hashtags, own_on, short
from engage.readers.records import Entry
from engage.readers.spreadsheet import headers_of
from engage.readers.text import Grid, read_grid
from engage.readers.yearless import YEAR, month_day, place
from engage.study import Note

TOGETHER = True
TELLING = {  # the columns that tell each table; the last two only in a file of that name
    "content": {"url", "posted"}, "viewers": {"viewers"}, "activity": {"active"}, "gender": {"gender", "distribution"},
    "territories": {"territory", "distribution"}, "followerhistory": {"date", "followers", "change"},
    "overview": {"date", "views", "profile_visits"},
}  # fmt: skip
NAMED = {"followerhistory": {"date", "followers"}, "overview": {"date", "views"}}
TABLES = {kind: TableFormat("tiktok_studio", "days", frozenset(needs)) for kind, needs in TELLING.items()}
BY_NAME = {kind: TableFormat("tiktok_studio", "days", frozenset(needs)) for kind, needs in NAMED.items()}
USUAL = {  # the order of the columns, for headers in a language that we do not know
    "content": ("listed", "caption", "url", "posted", "likes", "comments", "shares", "views"),
    "followerhistory": ("date", "followers", "change"),
    "overview": ("date", "views", "profile_visits", "likes", "comments", "shares"),
}  # fmt: skip
METRICS = ("views", "profile_visits", "likes", "comments", "shares", "saves", "followers")
ZIP = re.compile(r"(?:overview|followers?|viewers?|content)_(?:\d{4}-\d\d-\d\d_)?(?:(\d{13}|\d{10})_)?"
                 r"([a-z0-9._]+?)(?: ?\(\d+\))?(?:\.(?:zip|csv|xlsx))?", re.I)  # fmt: skip
POST = re.compile(r"/(?:@([^/?#\s]+)/)?(video|photo)/(\d{6,25})")
LATER = dt.timedelta(days=30)


@dataclass(eq=False)
class _Table:
    """One table: what it is, its columns by role, where it lies, and when it was made as far as its name says."""

    kind: str
    label: str
    cells: dict[str, pd.Series]
    headers: dict[str, str]
    handle: str = ""
    made: dt.date | None = None
    folder: str = ""
    guessed: bool = False
    until: dt.date = field(default_factory=dt.date.today)

    @property
    def days(self) -> pd.Series:
        return self.cells["posted" if self.kind == "content" else "date"]

    @property
    def listed(self) -> pd.Series:
        """When a list of content was made."""
        return self.cells.get("listed", pd.Series(dtype="str"))


def claims(member: Member, options: Options) -> bool:
    """Whether a table of the file has the columns that one of TikTok Studio's has."""
    return next(_tables(member), None) is not None


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all tables of each account together: its newest day dates the others."""
    accounts: dict[str, list[_Table]] = defaultdict(list)
    tables = [table for member in members for table in _tables(member)]
    linked: dict[str, Counter[str]] = defaultdict(Counter)
    for table in tables:
        for link in table.cells.get("url", ()):
            if (found := POST.search(link)) and (name := clean_handle(found[1] or "")[0]):
                linked[table.handle][name] += 1
    names = {name: (linked[name].most_common(1) or [(name, 0)])[0][0] for name in {table.handle for table in tables}}
    known = set(filter(None, names.values()))
    for table in tables:
        accounts[names[table.handle] or (min(known) if len(known) == 1 else "")].append(table)
    return [
        part
        for handle, own in accounts.items()
        for part in _account(handle, own, 2 if any(handle in names for names in linked.values()) else 1, options)
    ]


def _tables(member: Member) -> Iterator[_Table]:
    handle, folder, made = _named(member.label)
    name = member.name.lower()
    for sheet, rows in read_grid(member):
        likely = [(kind, form) for kind, form in BY_NAME.items() if name.startswith(kind)]
        found = ((kind, form.mapping(rows)) for kind, form in [*TABLES.items(), *likely])
        known = next(((kind, mapping) for kind, mapping in found if mapping), None)
        if pair := known or _usual(name, rows):
            kind, mapping = pair
            where = {header: i for i, header in enumerate(headers_of(rows[mapping.header_row]))}
            body = [row for row in rows[mapping.header_row + 1 :] if any(row)]
            cells = {
                role: pd.Series([row[where[header]] if where[header] < len(row) else "" for row in body], dtype="str")
                for role, header in mapping.columns.items()
            }
            label = f"{member.label}/{sheet}" if sheet else member.label
            yield _Table(kind, label, cells, mapping.columns, handle, made, folder, known is None)


def _usual(name: str, rows: Grid) -> tuple[str, Mapping] | None:
    """How a table is read whose headers are not known: by its file's name, its columns in their usual order."""
    kind = next((kind for kind in USUAL if name.startswith(kind)), "")
    start = next((i for i, row in enumerate(rows) if any(row)), 0)
    if not kind or len(rows) < start + 2 or len(headers := headers_of(rows[start])) < len(USUAL[kind]):
        return None
    body = [row for row in rows[start + 1 : start + 20] if len(row) >= len(USUAL[kind])]
    dates, links = sum(month_day(row[0]) is not None for row in body), sum(bool(POST.search(row[2])) for row in body)
    fits = dates > len(body) / 2 and (kind != "content" or links > len(body) / 2)
    return (kind, Mapping("days", dict(zip(USUAL[kind], headers, strict=False)), start)) if fits else None


def _named(label: str) -> tuple[str, str, dt.date | None]:
    """What the zip's (or folder's) name says: the handle, the folder that it lies in, and the day it was made."""
    steps = label.split("/")
    for i, step in enumerate(steps):
        if match := ZIP.fullmatch(step):
            seconds = int(match[1] or 0) / (1000 if len(match[1] or "") == 13 else 1)
            # The account's own day may be ahead of that in UTC.
            made = dt.datetime.fromtimestamp(seconds + 14 * 3600, dt.UTC).date() if seconds > 1.47e9 else None
            made = made if made and made <= dt.date.today() + dt.timedelta(days=2) else None
            return clean_handle(match[2])[0], "/".join(steps[:i]), made
    return "", "/".join(steps[:-1]), None


def _until(tables: list[_Table]) -> bool:
    """Set the latest possible day of each table; whether some name tells it.

    A file may have been made somewhat later than the one whose name tells when. A list of content says itself when.
    """
    made = [table for table in tables if table.made]
    series = [pairs for table in tables if (pairs := _pairs(table.days if table.kind != "content" else table.listed))]
    today = dt.date.today()
    tries = (today - dt.timedelta(days=365 * back) for back in range(9))
    placed = ([place(pairs, day, daily=True) for pairs in series] for day in tries)
    spans = (days for days in placed if all((max(some) - min(some)).days <= YEAR for some in days))
    newest = today if made else max((max(days) for days in next(spans, [])), default=today)
    for table in tables:
        near = [other.made for other in made if other.made and other.folder == table.folder]
        others = [day + LATER for day in near or [other.made for other in made if other.made]]
        table.until = table.made or min(max(others, default=newest), newest)
        if listed := _pairs(table.listed) if table.kind == "content" else []:
            table.until = max(place(listed, table.until, daily=True))
    return bool(made)


def _pairs(texts: pd.Series) -> list[tuple[int, int]]:
    found = {text: month_day(text) for text in texts.unique()}
    return [pair for text in texts if (pair := found[text])]


def _dates(table: _Table, zone: str, notes: list[Note]) -> tuple[pd.Series, int]:
    """Instants (midnight of the zone where only a day is named), and how many of them had no year."""
    texts = table.days
    known = {text: month_day(text) for text in texts.unique()}
    bare = texts.map({text: pair is not None for text, pair in known.items()}).astype(bool)
    header = table.headers["posted" if table.kind == "content" else "date"]
    dates = parse_dates(texts.mask(bare), zone, source=table.label, column=header)
    notes += dates.notes
    values = dates.values.dt.tz_convert(zone)
    days = place([pair for text in texts if (pair := known[text])], table.until, daily=table.kind != "content")
    stamps = pd.Series(pd.to_datetime(days), index=texts.index[bare]).dt.tz_localize(
        zone, nonexistent="shift_forward", ambiguous=True
    )
    values.loc[bare] = stamps.astype(values.dtype)
    return values, len(days)


def _numbers(table: _Table, notes: list[Note]) -> pd.DataFrame:
    """The numbers of a table; in a row that holds "undefined" a zero is unknown too."""
    roles = [role for role in METRICS if role in table.cells]
    frame = pd.DataFrame(index=table.days.index)
    for role in roles:
        cells = table.cells[role]
        digits = cells.str.fullmatch(r"[0-9]{1,15}")  # nearly all: only the others need a closer look
        found = parse_numbers(cells.mask(digits), source=table.label, column=table.headers[role], count=True)
        notes += found.notes
        plain = pd.to_numeric(cells.where(digits)).astype("Float64")
        frame[role] = plain.fillna(found.values.where(found.values < 1e15))
    if table.cells.get("change") is not None:
        roles = [*roles, "change"]
    lower = pd.DataFrame({role: table.cells[role].str.strip().str.lower() for role in roles}, index=frame.index)
    unsure = (lower.isin(BLANKS) & (lower != "")).any(axis=1)
    return frame.mask((frame == 0).fillna(False) & unsure.to_numpy()[:, None])


def _account(handle: str, tables: list[_Table], certainty: int, options: Options) -> Iterator[Part]:
    """The parts of one account: its numbers, and its posts' days, which any other source knows better."""
    account, zone = account_id(handle, "tiktok") if handle else own_on("tiktok"), options.settings.time_zone
    part = Part(10, owner=account if handle else "", certainty=certainty if handle else 0)
    notes, told = part.notes, "TikTok Studio"
    used = [table for table in tables if table.kind in ("content", "followerhistory", "overview")]
    stated = _until(used)
    frames: dict[str, list[pd.DataFrame]] = defaultdict(list)
    guessed, newest = 0, None
    for table in sorted(used, key=lambda table: (-table.until.toordinal(), table.label)):
        if table.days.empty:
            notes.append(Note("warning", table.label, message("{source} has headers but no rows.", source=table.label)))
            continue
        if table.guessed:
            text = message("The headers of {file} are not known to us; its columns were taken in TikTok's usual order: "
                           "{columns}.", file=table.label, columns=short(list(table.headers.values())))  # fmt: skip
            notes.append(Note("guess", table.label, text))
        (at, bare), numbers = _dates(table, zone, notes), _numbers(table, notes)
        guessed += bare
        newest = max([day for day in (newest, at.max()) if day is not None and pd.notna(day)], default=None)
        if table.kind == "content":
            frames["posts"].append(_posts(table, numbers.assign(published_at=at.dt.tz_convert("UTC")), account, notes))
        else:
            parts = [numbers.get(role) for role in ("likes", "comments", "shares")]
            if table.kind == "overview" and not any(part is None for part in parts):
                numbers["interactions"] = numbers["likes"] + numbers["comments"] + numbers["shares"]
            frames["days"].append(numbers.assign(date=at.dt.tz_localize(None).dt.normalize(), account_id=account))
    if guessed and newest is not None:
        text = message("Days in TikTok Studio's files bear no year. It was worked out from the time in a zip's name, "
                       "so that the newest is {day}. Such days: {n}.", day=newest, n=guessed)  # fmt: skip
        guess = message("Days in TikTok Studio's files bear no year, and no zip's name tells it. The newest was taken "
                        "to be {day}, as late as it can be. Such days: {n}. Bring the Overview zip under its own name,"
                        " too.",                        day=newest, n=guessed)  # fmt: skip
        notes.append(Note("guess", told, text if stated else guess, guessed))
    row: Entry = {"account_id": account, "platform": "tiktok", "handle": handle or None}
    if frames["days"]:
        row["followers"] = _days(part, pd.concat(frames["days"], ignore_index=True), told)
    part.tables["accounts"] = pd.DataFrame([row])
    if left := sorted({table.kind for table in tables if table not in used}):
        text = message("Numbers about the audience as a whole, not used: {kinds}.", kinds=left)
        notes.append(Note("info", told, text))
    if frames["posts"]:
        posts = pd.concat(frames["posts"], ignore_index=True).groupby("post_id", as_index=False, sort=False).first()
        dates = posts[["account_id", "post_id", "published_at"]]
        part.tables["posts"] = posts.assign(published_at=pd.NaT)
        text = message("TikTok Studio's list of content has only some of the videos ({n}): posts cannot be counted "
                       "with it.", n=len(posts))  # fmt: skip
        notes.append(Note("warning", told, text, len(posts)))
        zoned = message("The list of content names the day of a post only: midnight in {zone} was taken.", zone=zone)
        notes.append(Note("info", told, zoned))
        yield replace(Part(35), tables={"posts": dates})
    yield part


def _days(part: Part, days: pd.DataFrame, told: str) -> float | None:
    """Put the days together; the number of followers on the last day that knows it."""
    known = days.drop(columns=["account_id", "date"]).notna().any(axis=1)
    every = days["date"].dropna().nunique()
    days = days[known & days["date"].notna()].groupby("date", as_index=False).first()
    part.tables["days"] = days
    if n := every - len(days):
        part.notes.append(Note("info", told, message("Days without any number, left out: {n}.", n=n), n))
    text = message("Days of TikTok Studio are calendar days of the account; their time zone is not known.")
    part.notes.append(Note("info", told, text))
    if "followers" not in days or days["followers"].isna().all():
        return None
    last = days[days["followers"].notna()].iloc[-1]
    text = message("On {day} there were {n} followers. The change from day to day follows from these totals; the "
                   "file's own column of differences is one day off and was not used.",
                   day=last["date"], n=int(last["followers"]))  # fmt: skip
    part.notes.append(Note("info", told, text))
    return float(last["followers"])


def _posts(table: _Table, numbers: pd.DataFrame, account: str, notes: list[Note]) -> pd.DataFrame:
    """The posts of one list of content; their ids stand in their links only."""
    found = table.cells["url"].map(lambda link: POST.search(link))
    known = found.notna()
    if n := int((~known).sum()):
        text = message("Rows without a link to a video, left out: {n}.", n=n)
        notes.append(Note("warning", table.label, text, n))
    caption = table.cells.get("caption", pd.Series("", index=known.index)).replace("", pd.NA)
    frame = numbers.drop(columns=["followers", "profile_visits"], errors="ignore").assign(
        account_id=account, caption=caption, hashtags=caption.map(hashtags, na_action="ignore"))[known]  # fmt: skip
    return frame.assign(post_id=[match[3] for match in found[known]], kind=[match[2] for match in found[known]])
