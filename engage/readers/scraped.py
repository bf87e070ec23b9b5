"""What scrapers wrote down: posts, comments and people of many shapes, gathered as rows and made into tables at once.

The readers of Apify, Instaloader, instagrapi and PhantomBuster say which file holds what; the shapes that they share
stand here. Their times are UTC. E-mails, phone numbers and places are never looked at.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.dates import ALPHABET, parse_dates, shortcode_in, shortcode_time
from engage.readers.files import Member
from engage.readers.part import OWN, Part, account_id, clean_handle, hashtags, own_on, unresolved
from engage.readers.records import Entry, entries, first, flag, meanings, picked, same_named, table, talk, word
from engage.readers.text import read_grid
from engage.study import Level, Note

RANK = 25
ROUNDED = re.compile(r"\d[eE]\+\d")  # by a spreadsheet program: several comments then have one number
POST = same_named("post_id shortcode caption kind likes comments views shares saves is_paid is_collab")
PERSON = same_named("name topic has_picture has_bio is_private is_verified followers following posts post_id")
PERSON |= {"follower_id": ("id",)}
COMMENT = same_named("post_id source_id text parent") | {"follower_id": ("author_id",)}
NUMBER = r"^(\d{5,25}|ts-\d+)(?:_\d+)?$"  # the private API writes <post>_<account>
KINDS = meanings("instagram_kind")
MEDIA_TYPES = {1: "photo", 2: "video", 8: "carousel"}
MAINLY = 0.8  # of the posts, so that the others are guests and not further accounts of a list


def media_id(code: str | None) -> str | None:
    """The number that a post's shortcode is written from; None where it is no such code.

    >>> media_id("DX5mgw8BPRH")
    '3889309130548376647'
    """
    if not code or shortcode_time(code) is None:
        return None
    number = 0
    for letter in code[:11]:
        number = number * 64 + ALPHABET.index(letter)
    return str(number)


def documents(member: Member) -> Any:
    """The content of a JSON file; where each line is an object of its own, their list. Raises ReadError."""
    try:
        return member.document
    except ReadError:
        lines = member.data.decode("utf-8-sig", "replace").splitlines()
        try:
            found = [json.loads(line) for line in lines if line.strip()]
        except (ValueError, RecursionError):
            found = []
        if len(found) < 2:
            raise
        return found


def items(member: Member) -> list[Entry]:
    """The objects of a JSON file, or the rows of tables; of a flattened table `owner/id` lies in `owner` again."""
    if member.looks_like_json:
        document = documents(member)
        return entries([document] if isinstance(document, dict) else document)
    rows = []
    for _, grid in read_grid(member):
        start = next((i for i, row in enumerate(grid) if any(row)), 0)
        paths = [header.split("/") for header in (grid[start] if grid else [])]
        rows += [_nested(paths, row) for row in grid[start + 1 :] if any(row)]
    return rows


def _nested(paths: list[list[str]], row: list[str]) -> Entry:
    item: Entry = {}
    for path, cell in ((path, cell) for path, cell in zip(paths, row, strict=False) if cell):
        node: Any = item
        for step in path[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node.setdefault(path[-1], cell)
    return item


def keys_of(member: Member) -> list[set[str]]:
    """The keys of the first objects of a JSON file, or the headers of each table, by which a reader knows its own."""
    if member.looks_like_json:
        return [set(item) for item in items(member)[:20]]
    return [set(next((row for row in grid[:5] if any(row)), [])) for _, grid in read_grid(member)]


def listed(value: Any) -> list[Any]:
    """A list, also where a table had its places as column names."""
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return list(value.values())
    return value if isinstance(value, list) else []


def kind_of(*words: Any) -> str | None:
    """The kind of a post: of several words the first that says it."""
    texts = [text.lower().removeprefix("xdt").removeprefix("graph") for text in words if isinstance(text, str)]
    return next((kind for text in texts for name, kind in KINDS.items() if text.startswith(name)), None)


def media(node: Entry) -> Entry:
    """A post as Instagram's own programs hand it out: the web's form (GraphQL, old and new) and the phone's."""
    row, number, producers = picked(node, "instagram_post"), node.get("media_type"), node.get("coauthor_producers")
    kind = kind_of(node.get("product_type"), node.get("__typename"))
    kind = kind or (MEDIA_TYPES.get(number) if isinstance(number, int) else None)
    if kind is None and isinstance(node.get("is_video"), bool):
        kind = "video" if node["is_video"] else "photo"
    together = bool(producers) if isinstance(producers, list) else None
    return row | {
        "shortcode": word(row["shortcode"]),
        "kind": kind,
        "views": row["views"] or None,
        "is_collab": together,
    }


def person(entry: Entry) -> Entry:
    """A profile, whichever program wrote it. Never more than these of its columns is kept."""
    row, bio = picked(entry, "instagram_person"), entry.get("biography", entry.get("bio"))
    empty = flag(row.pop("empty"))
    has_bio = bool(bio.strip()) if isinstance(bio, str) else None
    return row | {"has_picture": None if empty is None else not empty, "has_bio": has_bio}


def comments_in(found: Iterable[Entry], ref: str | None) -> Iterator[Entry]:
    """Comments and, below them, the answers to them, as deep as they go."""
    waiting: list[tuple[Entry, str | None, str | None]] = []
    waiting += [(entry, None, ref) for entry in found][::-1]
    while waiting:
        entry, parent, post = waiting.pop()
        links = (word(entry[key]) or "" for key in ("postUrl", "commentUrl") if key in entry)
        post = next((code for link in links if (code := shortcode_in(link))), None) or word(entry.get("postId")) or post
        number = word(first(entry, "pk", "id"))
        number = None if ROUNDED.search(number or "") else number
        yield picked(entry, "instagram_comment") | {
            "source_id": number, "post_id": post, "parent": parent or word(entry.get("replied_to_comment_id")),
        }  # fmt: skip
        below = [child for key in ("replies", "answers", "child_comments") for child in listed(entry.get(key))]
        waiting += [(child, number, post) for child in entries(below)[::-1]]


def main_owner(names: Iterable[Any]) -> str:
    """The account that (nearly) all posts are of; empty for a list of several accounts."""
    counted: Counter[str] = Counter()
    for name, n in Counter(name for name in names if isinstance(name, str)).items():
        if handle := clean_handle(name)[0]:
            counted[handle] += n
    owner, most = next(iter(counted.most_common(1)), ("", 0))
    return owner if most >= MAINLY * counted.total() else ""


@dataclass
class Haul:
    """Rows of one file (or folder) while it is read. `of` in a row is the account that it is about, where it says so.

    A comment's `post_id` names its post (id or shortcode); `owners` says whose a shortcode is; what is still open is of
    `owner`, or of the user's own account.
    """

    source: str
    platform: str = "instagram"
    posts: list[Entry] = field(default_factory=list)
    comments: list[Entry] = field(default_factory=list)
    likes: list[Entry] = field(default_factory=list)
    followers: list[Entry] = field(default_factory=list)
    following: list[Entry] = field(default_factory=list)
    accounts: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, level: Level, what: Message, n: int = 0) -> None:
        self.notes.append(Note(level, self.source, what, n))

    def errors(self, found: list[str]) -> None:
        """Tell of rows in which a scraper reports an error."""
        if found:
            text = message("Rows in which the scraper reports an error ({example}), left out: {n}.",
                           example=found[0][:60], n=len(found))  # fmt: skip
            self.note("warning", text, len(found))

    def unknown(self, n: int) -> None:
        if n:
            self.note("warning", message("Rows that are not known to us, left out: {n}.", n=n), n)

    def part(self, owner: str = "", owners: dict[str, str] | None = None, certainty: int = 2) -> Part:
        """The tables of what was gathered; `owner` is the handle of the account they are about, if one is."""
        unnamed = OWN if self.platform == "instagram" else own_on(self.platform)
        self.own = account_id(owner, self.platform) if owner else unnamed
        tables = {"posts": self._posts(), "accounts": self._accounts(), "followers": self._people(self.followers)}
        tables["following"] = self._people(self.following).dropna(subset=["handle"])
        acts = self._comments(owners or {})
        own = (f"{self.platform}:" + acts["follower_id"]) == acts["account_id"]
        if n := int(own.sum()):
            self.note("info", message("Comments of the account itself, kept as its replies: {n}.", n=n), n)
        tables |= talk(acts, own)
        if self.likes:
            likes = self._people(self.likes).assign(kind="like")
            acts, tables["interactions"] = (pd.concat([frame, likes]) for frame in (acts, tables["interactions"]))
        known = acts.loc[acts["post_id"].notna(), ["account_id", "post_id", "kind"]].drop_duplicates()
        tables["coverage"] = known.assign(complete=None)  # `merge` compares with the stated counts
        tables = {name: frame.reset_index(drop=True) for name, frame in tables.items() if len(frame)}
        return Part(RANK, tables, self.notes, self.own if owner else "", certainty if owner else 0)

    def _handles(self, names: Iterable[Any]) -> pd.Series:
        """Handles, null where there is none; what is no account name is told."""
        texts = pd.Series([word(name) for name in names], dtype="object")
        cleaned = {text: clean_handle(text)[0] or None for text in texts.dropna().unique()}
        if odd := [text for text, handle in cleaned.items() if not handle]:
            self.notes.append(unresolved(odd, self.source))
        return texts.map(cleaned, na_action="ignore").astype("str")

    def _account_of(self, rows: list[Entry]) -> pd.Series:
        return (f"{self.platform}:" + self._handles(row.get("of") for row in rows)).fillna(self.own)

    def _times(self, rows: list[Entry]) -> pd.Series:
        texts = [str(value) if isinstance(value := row["at"], (str, int, float)) else None for row in rows]
        dates = parse_dates(pd.Series(texts, dtype="str"), "UTC", source=self.source, column="timestamp")
        self.notes += dates.notes
        if dates.values.notna().any() and not any("UTC" in str(note) for note in self.notes):
            self.note("info", message("Times in this file are in UTC."))
        return dates.values

    def _posts(self) -> pd.DataFrame:
        rows = self.posts
        frame = table(rows, POST, account_id=self._account_of(rows), published_at=self._times(rows))
        codes = frame["shortcode"]
        made = codes.map(media_id, na_action="ignore").astype("str").fillna(codes)
        frame["post_id"] = frame["post_id"].str.extract(NUMBER, expand=False).fillna(made)
        tags = pd.Series(
            [" ".join(f"#{tag.lstrip('#')}" for tag in row.get("hashtags") or []) for row in rows], dtype="str"
        )
        frame["hashtags"] = tags.where(tags != "", frame["caption"]).map(hashtags, na_action="ignore")
        if n := sum(row["likes"] in (-1, "-1") for row in rows):
            self.note("info", message("Posts whose likes are hidden (-1), left empty: {n}.", n=n), n)
        if n := int(frame["post_id"].isna().sum()):
            self.note("warning", message("Posts with neither a number nor a link, left out: {n}.", n=n), n)
        return frame[frame["post_id"].notna()]

    def _accounts(self) -> pd.DataFrame:
        frame = self._people([*self.accounts, *({"handle": row["of"], "name": row.get("name")} for row in self.posts)])
        frame = frame[frame["handle"].notna()].rename(columns={"is_verified": "verified"}).drop(columns="account_id")
        frame = frame.groupby("handle", as_index=False, sort=False).first()
        return frame.assign(account_id=f"{self.platform}:" + frame["handle"], platform=self.platform)

    def _people(self, rows: list[Entry]) -> pd.DataFrame:
        handles = self._handles(row.get("handle") for row in rows)
        frame = table(rows, PERSON, handle=handles, account_id=self._account_of(rows))
        frame["follower_id"] = handles.fillna(frame["follower_id"])
        if n := int(frame["follower_id"].isna().sum()):
            self.note("warning", message("Rows without an account name, left out: {n}.", n=n), n)
        return frame[frame["follower_id"].notna()]

    def _comments(self, owners: dict[str, str]) -> pd.DataFrame:
        """All comments; `owners` says whose the posts are on which they stand."""
        rows = [row | {"of": row.get("of") or owners.get(row["post_id"] or "")} for row in self.comments]
        frame = table(rows, COMMENT, account_id=self._account_of(rows), at=self._times(rows), kind="comment")
        frame["follower_id"] = self._handles(row["author"] for row in rows).fillna(frame["follower_id"])
        if n := int(frame["post_id"].isna().sum()):
            self.note("warning", message("Comments that do not say to which post they belong: {n}.", n=n), n)
        if n := int(frame["follower_id"].isna().sum()):
            self.note("info", message("Comments whose author is not named: {n}.", n=n), n)
        return frame


def hauls_of(members: list[Member], gather: Callable[[Haul, Member], None], platform: str = "instagram") -> list[Haul]:
    """What is gathered from each file; what cannot be read is told."""
    hauls = []
    for member in members:
        hauls.append(haul := Haul(member.label, platform))
        try:
            gather(haul, member)
        except ReadError as error:
            haul.notes.append(Note("error", member.source, error.message))
        member.close()
    return hauls


def parts_of(hauls: list[Haul], names: Iterable[Any] = ()) -> list[Part]:
    """The parts of files that belong together: the posts in one say whose the comments in another are.

    `names` are the accounts that the files say they were asked for, if they do.
    """
    posts = [row for haul in hauls for row in haul.posts]
    named = list(names) or [row["of"] for row in posts] or [row["handle"] for haul in hauls for row in haul.accounts]
    return [haul.part(main_owner(named), owners_of(hauls)) for haul in hauls]


def owners_of(hauls: list[Haul]) -> dict[str, str]:
    """Whose each post is, by its code and its number."""
    return {ref: row["of"] for haul in hauls for row in haul.posts if row["of"]
            for ref in (word(row["shortcode"]), (word(row["post_id"]) or "").partition("_")[0]) if ref}  # fmt: skip
