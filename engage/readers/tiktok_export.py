"""TikTok's "Download your data", JSON in all three layouts (until 2024, 2025, 2026) and TXT (since 2025).

Gives: followers by name with the time they came, whom the account follows, its posts with their time, title and likes.
Does not give: who liked or commented, comments and views of posts, unfollows. The account's own comments do not say on
which video they were made, so they are neither replies nor interactions; they are only counted.
Clock: UTC, which older files do not write (commonly said, not measured).
Quirks: the lists wander between sections and change their case, so they are sought by their own name; null is an empty
list; likes are text; links to posts may be ones that expire, without the number of the video.
Evidence: parsers tested on real files (RLEAPP, vantezzen/wrapped, three of the TXT form); names of TXT files from them.
Messages, logins and places are never looked at: in TXT those files are not opened.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, clean_handle, hashtags, own_on, unresolved
from engage.readers.records import Entry, count, entries, fields, meanings, picked, readable, same_named, table, word
from engage.readers.text import decode, repair
from engage.study import Level, Note

TOGETHER = True
PRIVATE = re.compile(
    r"(?:^|/)(?:direct[ _]messages?|chat[ _]history|login[ _]history|most[ _]recent[ _]location[ _]data)(?:/|\.txt$)",
    re.I,
)
PATHS = {
    role: re.compile(rf"(?:^|/){name}$", re.I)
    for role, name in {
        "export": r"user_data[^/]*\.json", "fanslist": r"follower(?:s|[ _]list)?\.txt",
        "following": r"following(?:[ _]list)?\.txt", "videolist": r"(?:posts?|videos?)\.txt",
        "profilemap": r"profile[ _]info(?:rmation)?\.txt",
    }.items()
}  # fmt: skip
SECTIONS, KEYS = (meanings(f"tiktok_export_{what}").keys() for what in ("section", "key"))
TELLING = {"fanslist", "profilemap", "itemfavoritelist", "commentslist"}
LINE = re.compile(r"([A-Za-z][A-Za-z ()'?/-]{0,40}):(?: |$)(.*)")
VIDEO = re.compile(r"/(video|photo|v)/(\d{6,25})")
AUTHOR = re.compile(r"tiktok\.com/@([^/?#\s]+)/", re.I)


def role_of(member: Member) -> str:
    """What a member may be by its path: a key of `PATHS`, or empty."""
    return next((role for role, path in PATHS.items() if path.search(member.path)), "")


def root(member: Member) -> str:
    """The zip and folder that a TXT export begins in; a JSON export is one file."""
    folders = member.path.split("/")[:-1]
    known = [i for i, folder in enumerate(folders) if plain(folder) in SECTIONS]
    if member.suffix == ".txt" and known:
        return f"{member.source}/{'/'.join(folders[: known[-1]])}"
    return f"{member.source}/{member.path}"


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file has the sections of such an export, or a text file the blocks of one."""
    if member.looks_like_json:
        try:
            document = member.document
        except ReadError:  # broken: ours to report when it bears our name
            if role_of(member) == "export":
                return True
            raise
        if not isinstance(document, dict):
            return False
        sections = {plain(key) for key in document} & SECTIONS
        return len(sections) > 1 or bool(sections and {key for _, key, _ in _nodes(document)} & TELLING)
    if role_of(member) in ("", "export") or member.is_sheet:
        return False
    first = next(_blocks(member.head.decode("utf-8", "ignore").lstrip("\ufeff")), {})
    wanted = {"videolist": {"date"}, "profilemap": {"username"}}.get(role_of(member), {"date", "username"})
    return wanted <= first.keys()


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each JSON file, and the files of each TXT export together, as one part."""
    exports: dict[tuple[str, int], list[Member]] = defaultdict(list)
    times: Counter[str] = Counter()
    for member in members:  # the same path once more is another download of that name
        times[member.label] += 1
        exports[root(member), times[member.label]].append(member)
    return [_Export(own).part for own in exports.values()]


def plain(key: str) -> str:
    """A key without case and marks: "Follower List" and "followerList" are one."""
    return re.sub("[^a-z]", "", key[:60].lower())


def _nodes(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Each value of a tree of objects, with its key and its parent's; lists and messages are not entered."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        parent, node = waiting.pop()
        for key, value in node.items():
            name = plain(key)
            if "message" not in name and "chat" not in name:
                yield parent, name, value
                if isinstance(value, dict):
                    waiting.append((name, value))


def _blocks(text: str) -> Iterator[Entry]:
    """The blocks of a text file: lines of "Key: value"; a title goes on until the next key that is known."""
    block: dict[str, list[str]] = {}
    key, gap = "", False
    for line in text.splitlines():
        match = LINE.match(line)
        name = plain(match[1]) if match else ""
        if match and (name in KEYS or key != "title"):
            if name in block or (gap and name in ("date", "username")):
                yield {each: "\n".join(lines).strip() for each, lines in block.items()}
                block = {}
            key, gap = name, False
            block[key] = [match[2]]
        elif key:
            block[key].append(line)
            gap = gap or not line.strip()
    if block:
        yield {each: "\n".join(lines).strip() for each, lines in block.items()}


class _Export:
    """One account's export while it is read."""

    def __init__(self, members: list[Member]) -> None:
        self.source = members[0].label if len(members) == 1 else root(members[0]).rstrip("/")
        self.part = Part(20)
        self.lists: dict[str, list[Entry]] = {}
        members = sorted(members, key=lambda member: member.path)
        for _, found in readable(members, _lists, self.part.notes):
            for role, rows in found:
                self.lists.setdefault(role, []).extend(rows)
        if not self.lists:
            return
        profile = {key: value for entry in self.lists.get("profilemap", []) for key, value in entry.items()}
        row = picked(profile, "tiktok_export_profile")
        posts = table(self.lists.get("videolist", []), fields("tiktok_export_post"))
        authors = posts["link"].str[:500].str.extract(AUTHOR, expand=False).mode()
        self.handle, self.part.certainty = clean_handle(word(row["handle"]) or "")[0], 3
        if not self.handle:
            self.handle, self.part.certainty = (clean_handle(authors[0])[0], 2) if len(authors) else ("", 0)
        self.account = account_id(self.handle, "tiktok") if self.handle else own_on("tiktok")
        self.part.owner = self.account if self.handle else ""
        self.people(row)
        self.posts(posts)
        comments, likes = (len(self.lists.get(name, [])) for name in ("commentslist", "itemfavoritelist"))
        if comments or likes:
            told = message("Comments and likes that the account itself gave elsewhere were left out: {comments} and "
                           "{likes}.", comments=comments, likes=likes)  # fmt: skip
            self.note("info", told, comments + likes)
        self.note("info", message("Times without a zone were taken as {zone}.", zone="UTC"))

    def note(self, level: Level, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def people(self, row: Entry) -> None:
        """The account, its followers and whom it follows."""
        followers, following = (self.list_of(name) for name in ("fanslist", "following"))
        if "following" in self.lists:
            followers["is_following_back"] = followers["handle"].isin(following["handle"])
            row["following"] = len(following)
        if self.handle:
            columns = same_named("name followers following")
            self.part.tables["accounts"] = table([row], columns, account_id=self.account, platform="tiktok",
                                                 handle=self.handle)  # fmt: skip
        self.part.tables |= {"followers": followers, "following": following}
        total = count(row["followers"])
        if "fanslist" not in self.lists or followers.empty:
            self.note("warning", message("The export lists no followers. Was it limited to some of the data? Order it "
                                         "again with all data."))  # fmt: skip
        elif total is not None and len(followers) < 0.98 * total:
            text = message("The list has {n} of {total} followers: it is incomplete. Order the export again with all "
                           "data.", n=len(followers), total=int(total))  # fmt: skip
            self.note("warning", text, len(followers))

    def list_of(self, role: str) -> pd.DataFrame:
        rows = self.lists.get(role, [])
        names = table(rows, {"name": ["username"]})["name"]
        cleaned = {name: clean_handle(name)[0] or None for name in names.dropna().unique()}
        handles = names.map(cleaned, na_action="ignore").astype("str")
        if n := int(names.isna().sum()):
            called = "followers_table" if role == "fanslist" else "following_table"
            text = message("Entries of the {table:word} without a name, left out: {n}.", table=called, n=n)
            self.note("info", text, n)
        if odd := sorted(name for name, handle in cleaned.items() if not handle):
            self.part.notes.append(unresolved(odd, self.source))
        frame = pd.DataFrame({"account_id": self.account, "follower_id": handles, "handle": handles})
        frame["followed_at"] = self.dates(role)
        return frame[handles.notna()].drop_duplicates("handle", ignore_index=True)

    def dates(self, role: str) -> pd.Series:
        texts = table(self.lists.get(role, []), {"date": ["date"]})["date"]
        dates = parse_dates(texts, "UTC", source=self.source, column="Date")
        self.part.notes += dates.notes
        return dates.values

    def posts(self, frame: pd.DataFrame) -> None:
        """The account's own posts. A link that names no video leaves the time to tell posts apart."""
        found, at = frame["link"].str.extract(VIDEO), self.dates("videolist")
        stamps = at.map(lambda time: f"ts-{time.timestamp():.0f}", na_action="ignore").astype("str")
        again = (stamps.groupby(stamps).cumcount() + 1).astype("Int64")
        ids = found[1].fillna(stamps.mask((again > 1).fillna(False), stamps + "-" + again.astype("str")))
        frame = frame.assign(account_id=self.account, published_at=at, post_id=ids,
                             kind=found[0].replace("v", "video"),
                             hashtags=frame["caption"].map(hashtags, na_action="ignore"))  # fmt: skip
        if n := int(ids.isna().sum()):
            self.note("warning", message("Posts with neither a time nor a link to a video, left out: {n}.", n=n), n)
        self.part.tables["posts"] = frame[ids.notna()].drop_duplicates("post_id", ignore_index=True)


def _lists(member: Member) -> list[tuple[str, list[Entry]]]:
    """The lists that we read: a file of text is one; JSON has them under their own name, in whatever section."""
    if not member.looks_like_json:
        blocks = _blocks(decode(member.data))
        return [(role_of(member), [{key: repair(value) for key, value in block.items()} for block in blocks])]
    found: list[tuple[str, Any]] = []
    for parent, key, value in _nodes(member.document if isinstance(member.document, dict) else {}):
        if key == "profilemap" and isinstance(value, dict):
            found.append((key, [value]))
        elif key in ("fanslist", "following", "itemfavoritelist", "commentslist", "videolist"):
            own = key != "videolist" or parent in ("videos", "posts", "video", "post")  # others were only watched
            if own and (value is None or isinstance(value, list)):
                found.append((key, value))
    return [
        (key, [{plain(name): inner for name, inner in row.items()} for row in entries(rows)]) for key, rows in found
    ]
