"""Meta Business Suite's content export for Instagram (CSV), in the languages of `HEADERS`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engage.messages import ReadError, message
from engage.readers.columns import known_headers, normal
from engage.readers.dates import parse_dates, shortcode_in, shortcode_time
from engage.readers.files import Member
from engage.readers.numbers import parse_numbers
from engage.readers.part import OWN, Options, Part, account_id, hashtags
from engage.readers.text import Grid, read_grid
from engage.study import Note

ZONE = "America/Los_Angeles"
KINDS = {"reel": "reel", "carousel": "carousel", "image": "photo", "gambar": "photo", "imagem": "photo", "foto": "photo",
         "video": "video", "story": "story", "cerita": "story", "stories": "story", "live": "live"}  # fmt: skip
NEEDED = {"post_id", "handle", "published_at", "permalink"}
COUNTS = ["reach", "views", "impressions", "plays", "likes", "comments", "shares", "saves", "follows", "profile_visits"]


def claims(member: Member, options: Options) -> bool:
    """Whether the first line names the columns of such an export."""
    try:
        return _header(read_grid(member)[0][1]) is not None
    except (ReadError, IndexError):
        return False


def _header(rows: Grid) -> int | None:
    found = (i for i, row in enumerate(rows[:5]) if set(_roles(row)) >= NEEDED)
    return next(found, None)


def _roles(row: list[str]) -> list[str]:
    return [known_headers("meta").get(normal(cell), "") for cell in row]


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as its own part."""
    return [_read(member) for member in members]


def _read(member: Member) -> Part:
    rows = read_grid(member)[0][1]
    start = _header(rows) or 0
    names = _roles(rows[start])
    body = [row for row in rows[start + 1 :] if any(row)]
    data = pd.DataFrame(
        {name: [row[i] if i < len(row) else "" for row in body] for i, name in enumerate(names) if name}, dtype="str"
    )
    notes: list[Note] = []

    def note(level: Any, what: Any, count: int = 0) -> None:
        notes.append(Note(level, member.label, what, count))

    handles = data["handle"].str.lower()
    posts = pd.DataFrame({"account_id": handles.map(lambda name: account_id(name) if name else OWN)})
    posts["shortcode"] = data["permalink"].map(shortcode_in).replace("", pd.NA)
    rounded = data["post_id"].str.contains(r"[eE]\+", regex=True) | (data["post_id"] == "")
    posts["post_id"] = data["post_id"].mask(rounded, posts["shortcode"])
    if n := int(rounded.sum()):
        note("warning", message("Post numbers rounded by a spreadsheet program: {n}. Their links are used.", n=n), n)
    posts = posts.assign(caption=data.get("caption", "")).replace({"caption": {"": pd.NA}})
    posts["hashtags"] = posts["caption"].map(hashtags, na_action="ignore")
    kinds = data.get("kind", pd.Series("", index=data.index)).str.lower()
    posts["kind"] = kinds.map(lambda text: next((kind for word, kind in KINDS.items() if word in text), None))
    unknown = sorted(set(kinds[posts["kind"].isna() & (kinds != "")]))
    if unknown:
        note("warning", message("These kinds of posts are not known to us: {kinds}.", kinds=unknown[:5]))
    dates = parse_dates(data["published_at"], ZONE, False, source=member.label, column="published_at")
    posts["published_at"] = dates.values
    notes += dates.notes
    for column in COUNTS:
        if column in data:
            numbers = parse_numbers(data[column], source=member.label, column=column, count=True)
            notes += numbers.notes
            name = "views" if column == "plays" else column
            posts[name] = posts[name].fillna(numbers.values) if name in posts else numbers.values
    own = handles[handles != ""].mode()
    owner = str(handles[handles.isin(own)].iloc[0]) if len(own) else ""
    posts["is_collab"] = handles != owner
    if n := int(posts["is_collab"].sum()):
        text = message("Posts of other accounts than {owner}, kept as collaborations: {n}.", owner=owner, n=n)
        note("guess", text, n)
    made = pd.to_datetime(posts["shortcode"].map(shortcode_time, na_action="ignore"), utc=True)
    gap = (posts["published_at"] - made).dt.total_seconds().dropna()
    if len(gap) and abs(gap.median()) > 900:
        note("warning", message("Publish times were taken as Pacific time, but the codes in the links say {hours} hours "
                                "less. Check the time zone.", hours=round(gap.median() / 3600, 2)))  # fmt: skip
    else:
        note("info", message("Publish times are Pacific time (America/Los_Angeles); links that confirm it: {n}.", n=len(gap)))
    tables = {"posts": posts[posts["post_id"].notna()]}
    if owner:
        name = data.loc[handles == owner].get("name", pd.Series([""])).iloc[0]
        row = {"account_id": account_id(owner), "platform": "instagram", "handle": owner, "name": name or None}
        tables["accounts"] = pd.DataFrame([row])
    return Part(10, tables, notes, account_id(owner) if owner else "", 2 if owner else 0)
