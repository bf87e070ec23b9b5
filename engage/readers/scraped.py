"""What scrapers wrote down: posts, comments and people of many shapes, gathered as rows and made into tables at once.

The readers of Apify, Instaloader, instagrapi and PhantomBuster say which file holds what; the shapes that they share
stand here. All are on Instagram, their times are UTC. E-mails, phone numbers and places are never looked at.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.dates import ALPHABET, parse_dates, shortcode_in, shortcode_time
from engage.readers.files import Member
from engage.readers.part import OWN, Part, account_id, clean_handle, hashtags, unresolved
from engage.readers.records import Entry, at, count, entries, flag, word
from engage.readers.text import read_grid
from engage.study import Level, Note

RANK = 25
ROUNDED = re.compile(r"\d[eE]\+\d")  # by a spreadsheet program: several comments then have one number
ACT = ["account_id", "post_id", "kind"]
PK = re.compile(r"(\d{5,25})(?:_\d+)?")  # the private API writes <post>_<account>
KINDS = {"image": "photo", "photo": "photo", "sidecar": "carousel", "carousel": "carousel", "album": "carousel",
         "clips": "reel", "reel": "reel", "story": "story", "video": "video", "igtv": "video"}  # fmt: skip
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


def first(entry: Any, *paths: str) -> Any:
    """The first value that is there under some paths, whose steps have points between them."""
    for path in paths:
        simple = "." not in path and isinstance(entry, dict)
        value = entry.get(path) if simple else at(entry, *path.split("."))
        if value is not None and value != "":
            return value
    return None


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
    for path, cell in zip(paths, row, strict=False):
        if cell and len(path) == 1:
            item.setdefault(path[0], cell)
        elif cell:
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
    code = word(first(node, "shortcode", "code"))
    number = node.get("media_type")
    kind = kind_of(node.get("product_type"), node.get("__typename"))
    kind = kind or (MEDIA_TYPES.get(number) if isinstance(number, int) else None)
    if kind is None and isinstance(node.get("is_video"), bool):
        kind = "video" if node["is_video"] else "photo"
    plays = first(node, "video_play_count", "play_count", "ig_play_count", "video_view_count", "view_count")
    caption = first(node, "edge_media_to_caption.edges.0.node.text", "caption.text", "caption_text", "caption")
    if caption is None:
        caption = first(at(node, "edge_media_to_caption", "edges", 0), "node.text")
    producers = node.get("coauthor_producers")
    return {
        "post_id": first(node, "pk", "id"), "shortcode": code, "kind": kind, "caption": caption,
        "at": first(node, "taken_at_timestamp", "taken_at", "date"),
        "likes": first(node, "edge_media_preview_like.count", "edge_liked_by.count", "likes.count", "like_count"),
        "comments": first(node, "edge_media_to_comment.count", "edge_media_to_parent_comment.count", "comments.count",
                          "comment_count"),
        "views": plays or None, "is_paid": first(node, "is_paid_partnership", "is_ad"),
        "is_collab": bool(producers) if isinstance(producers, list) else None,
        "of": first(node, "owner.username", "user.username"), "name": first(node, "owner.full_name", "user.full_name"),
    }  # fmt: skip


def person(entry: Entry) -> Entry:
    """A profile, whichever program wrote it. Never more than these of its columns is kept."""
    empty = first(entry, "has_anonymous_profile_picture", "hasAnonymousProfilePicture")
    bio = entry.get("biography", entry.get("bio"))
    pictured = None if flag(empty) is None else not flag(empty)
    return {
        "handle": first(entry, "username", "profileUrl"), "id": first(entry, "pk", "id", "userId"),
        "name": first(entry, "full_name", "fullName", "name"), "has_picture": pictured,
        "picture": first(entry, "profile_pic_url", "profilePicUrl", "imgUrl"),
        "has_bio": bool(bio.strip()) if isinstance(bio, str) else None,
        "is_private": first(entry, "is_private", "isPrivate", "private"),
        "is_verified": first(entry, "is_verified", "isVerified", "verified"),
        "followers": first(entry, "follower_count", "followersCount", "followerCount", "edge_followed_by.count",
                           "followed_by.count"),
        "following": first(entry, "following_count", "followsCount", "followingCount", "edge_follow.count",
                           "follows.count"),
        "posts": first(entry, "media_count", "postsCount", "mediaCount", "edge_owner_to_timeline_media.count"),
        "topic": first(entry, "business_category_name", "businessCategoryName", "category_name", "category"),
    }  # fmt: skip


def comments_in(found: Iterable[Entry], ref: str | None) -> Iterator[Entry]:
    """Comments and, below them, the answers to them, as deep as they go."""
    waiting: list[tuple[Entry, str | None, str | None]] = []
    waiting += [(entry, None, ref) for entry in found][::-1]
    while waiting:
        entry, parent, post = waiting.pop()
        links = (word(first(entry, key)) or "" for key in ("postUrl", "commentUrl"))
        post = next((code for link in links if (code := shortcode_in(link))), None) or word(entry.get("postId")) or post
        number = word(first(entry, "pk", "id"))
        number = None if ROUNDED.search(number or "") else number
        yield {
            "source_id": number, "text": word(entry.get("text")), "ref": post,
            "author": first(entry, "owner.username", "user.username", "ownerUsername"),
            "author_id": first(entry, "owner.id", "user.pk", "user.id", "ownerId"),
            "at": first(entry, "created_at", "created_at_utc", "timestamp"),
            "parent": parent or word(entry.get("replied_to_comment_id")),
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

    A comment's `ref` names its post (id or shortcode); `owners` says whose a shortcode is; what is still open is of
    `owner`, or of the user's own account.
    """

    source: str
    posts: list[Entry] = field(default_factory=list)
    comments: list[Entry] = field(default_factory=list)
    likes: list[Entry] = field(default_factory=list)
    followers: list[Entry] = field(default_factory=list)
    following: list[Entry] = field(default_factory=list)
    accounts: list[Entry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, level: Level, what: Message, n: int = 0) -> None:
        self.notes.append(Note(level, self.source, what, n))

    def part(self, owner: str = "", owners: dict[str, str] | None = None, certainty: int = 2) -> Part:
        """The tables of what was gathered; `owner` is the handle of the account they are about, if one is."""
        self.own = account_id(owner) if owner else OWN
        tables = {"posts": self._posts(), "accounts": self._accounts(), "followers": self._people(self.followers)}
        following = self._people(self.following)
        tables["following"] = following[following["handle"].notna()].reindex(columns=["account_id", "handle"])
        tables |= self._comments(owners or {})
        if self.likes:
            frame = self._people(self.likes).assign(kind="like")
            frame["post_id"] = [row["ref"] for row in self.likes]
            frame = frame[frame["post_id"].notna() & frame["follower_id"].notna()]
            tables["interactions"] = pd.concat([tables["interactions"], frame[[*ACT, "follower_id"]]])
            tables["coverage"] = pd.concat([tables["coverage"], frame[ACT].drop_duplicates()])
        tables["coverage"] = tables["coverage"].assign(complete=None)  # `merge` compares with the stated counts
        tables = {name: frame.reset_index(drop=True) for name, frame in tables.items() if len(frame)}
        part = Part(RANK, tables, self.notes)
        if owner:
            part.owner, part.certainty = self.own, certainty
        return part

    def _handles(self, names: Iterable[Any]) -> pd.Series:
        """Handles, null where there is none; what is no account name is told."""
        texts = pd.Series([word(name) for name in names], dtype="object")
        cleaned = {text: clean_handle(text)[0] or None for text in texts.dropna().unique()}
        if odd := [text for text, handle in cleaned.items() if not handle]:
            self.notes.append(unresolved(odd, self.source))
        return texts.map(cleaned, na_action="ignore").astype("str")

    def _account_of(self, rows: list[Entry]) -> pd.Series:
        return ("instagram:" + self._handles(row.get("of") for row in rows)).fillna(self.own)

    def _times(self, rows: list[Entry]) -> pd.Series:
        texts = [str(value) if isinstance(value := row["at"], (str, int, float)) else None for row in rows]
        dates = parse_dates(pd.Series(texts, dtype="str"), "UTC", source=self.source, column="timestamp")
        self.notes += dates.notes
        if dates.values.notna().any() and not any("UTC" in str(note) for note in self.notes):
            self.note("info", message("Times in this file are in UTC."))
        return dates.values

    def _posts(self) -> pd.DataFrame:
        rows = self.posts
        codes = [word(row["shortcode"]) for row in rows]
        numbers = [PK.fullmatch(word(row["post_id"]) or "") for row in rows]
        ids = [found[1] if found else row["post_id"] if str(row["post_id"]).startswith("ts-") else media_id(code)
               for found, row, code in zip(numbers, rows, codes, strict=True)]  # fmt: skip
        frame = pd.DataFrame({"post_id": ids, "shortcode": codes}, dtype="str")
        frame["post_id"] = frame["post_id"].fillna(frame["shortcode"])
        frame["account_id"], frame["published_at"] = self._account_of(rows), self._times(rows)
        for column in ("likes", "comments", "views"):
            frame[column] = [count(row.get(column)) for row in rows]
        for column in ("is_paid", "is_collab"):
            frame[column] = pd.Series([flag(row.get(column)) for row in rows], dtype="boolean")
        frame["kind"], frame["caption"] = [row["kind"] for row in rows], [word(row["caption"]) for row in rows]
        tags = [" ".join(f"#{tag.lstrip('#')}" for tag in row.get("hashtags") or []) for row in rows]
        frame["hashtags"] = [hashtags(tag or text) if tag or text else None
                             for tag, text in zip(tags, frame["caption"].where(frame["caption"].notna(), ""),
                                                  strict=True)]  # fmt: skip
        if n := sum(row["likes"] in (-1, "-1") for row in rows):
            self.note("info", message("Posts whose likes are hidden (-1), left empty: {n}.", n=n), n)
        if n := int(frame["post_id"].isna().sum()):
            self.note("warning", message("Posts with neither a number nor a link, left out: {n}.", n=n), n)
        return frame[frame["post_id"].notna()]

    def _accounts(self) -> pd.DataFrame:
        frame = self._people([*self.accounts, *({"handle": row["of"], "name": row.get("name")} for row in self.posts)])
        frame = frame[frame["handle"].notna()].rename(columns={"is_verified": "verified"})
        wanted = ["handle", "name", "followers", "following", "posts", "topic", "verified"]
        frame = frame.groupby("handle", as_index=False, sort=False).first().reindex(columns=wanted)
        return frame.assign(account_id="instagram:" + frame["handle"].astype("str"), platform="instagram")

    def _people(self, rows: list[Entry]) -> pd.DataFrame:
        handles = self._handles(row.get("handle") for row in rows)
        numbers = pd.Series([word(row.get("id")) for row in rows], dtype="str")
        frame = pd.DataFrame({"handle": handles, "follower_id": handles.fillna(numbers)})
        frame["account_id"] = self._account_of(rows)
        for column in ("name", "topic"):
            frame[column] = pd.Series([word(row.get(column)) for row in rows], dtype="str")
        for column in ("has_picture", "has_bio", "is_private", "is_verified"):
            frame[column] = pd.Series([flag(row.get(column)) for row in rows], dtype="boolean")
        for column in ("followers", "following", "posts"):
            frame[column] = pd.Series([count(row.get(column)) for row in rows], dtype="Float64")
        if n := int(frame["follower_id"].isna().sum()):
            self.note("warning", message("Rows without an account name, left out: {n}.", n=n), n)
        return frame[frame["follower_id"].notna()] if not rows or "ref" not in rows[0] else frame

    def _comments(self, owners: dict[str, str]) -> dict[str, pd.DataFrame]:
        """Comments of others are interactions; those of the account itself are replies, to whom it answered."""
        rows = [row | {"of": row.get("of") or owners.get(row["ref"] or "")} for row in self.comments]
        frame = pd.DataFrame({"account_id": self._account_of(rows), "at": self._times(rows), "kind": "comment"})
        for column, key in (("post_id", "ref"), ("source_id", "source_id"), ("text", "text"), ("parent", "parent")):
            frame[column] = pd.Series([row[key] for row in rows], dtype="str")
        numbers = pd.Series([word(row["author_id"]) for row in rows], dtype="str")
        frame["follower_id"] = self._handles(row["author"] for row in rows).fillna(numbers)
        own = ("instagram:" + frame["follower_id"]) == frame["account_id"]
        authors = dict(zip(frame["source_id"], frame["follower_id"], strict=True))
        replies = frame.assign(follower_id=frame["parent"].map(authors, na_action="ignore"))[own]
        if n := int(frame["post_id"].isna().sum()):
            self.note("warning", message("Comments that do not say to which post they belong: {n}.", n=n), n)
        if n := int(frame["follower_id"].isna().sum()):
            self.note("info", message("Comments whose author is not named: {n}.", n=n), n)
        if n := len(replies):
            self.note("info", message("Comments of the account itself, kept as its replies: {n}.", n=n), n)
        known = frame.loc[frame["post_id"].notna(), ACT].drop_duplicates()
        return {"interactions": frame[~own].drop(columns="parent"), "coverage": known,
                "replies": replies[["account_id", "post_id", "follower_id", "at", "text"]]}  # fmt: skip


def parts_of(hauls: list[Haul], names: Iterable[Any] = ()) -> list[Part]:
    """The parts of files that belong together: the posts in one say whose the comments in another are.

    `names` are the accounts that the files say they were asked for, if they do.
    """
    posts = [row for haul in hauls for row in haul.posts]
    named = list(names) or [row["of"] for row in posts] or [row["handle"] for haul in hauls for row in haul.accounts]
    owners = {ref: row["of"] for row in posts if row["of"]
              for ref in (word(row["shortcode"]), (word(row["post_id"]) or "").partition("_")[0]) if ref}  # fmt: skip
    return [haul.part(main_owner(named), owners) for haul in hauls]
