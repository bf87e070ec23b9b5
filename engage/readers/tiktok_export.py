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
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, clean_handle, hashtags, own_on, unresolved
from engage.readers.records import Entry, count, entries, word
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
SECTIONS = {"activity", "youractivity", "profile", "profileandsettings", "video", "post", "comment", "directmessages",
            "directmessage", "appsettings", "likesandfavorites", "likesandfavourites", "videos", "posts"}  # fmt: skip
TELLING = {"fanslist", "profilemap", "itemfavoritelist", "commentslist"}
KEYS = {"date", "username", "link", "like", "likes", "title", "sound", "location", "whocanview", "allowcomments",
        "coverimage", "allowstitches", "allowduets", "allowsharingtostory", "contentdisclosure", "aigeneratedcontent",
        "alternatetext", "addyourstext"}  # fmt: skip
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
        for member in sorted(members, key=lambda member: member.path):
            try:
                found = self.json(member) if member.looks_like_json else [(role_of(member), self.txt(member))]
            except ReadError as error:
                self.note("error", error.message)
                continue
            for role, rows in found:
                self.lists.setdefault(role, []).extend(rows)
            member.close()
        if not self.lists:
            return
        profile = {key: value for entry in self.lists.get("profilemap", []) for key, value in entry.items()}
        self.handle = clean_handle(word(profile.get("username")) or "")[0]
        self.part.certainty = 3 if self.handle else 0
        links = [word(entry.get("link")) or "" for entry in self.lists.get("videolist", [])]
        authors = Counter(name for link in links for name in AUTHOR.findall(link[:500]))
        if not self.handle and authors:
            self.handle, self.part.certainty = clean_handle(authors.most_common(1)[0][0])[0], 2
        self.account = account_id(self.handle, "tiktok") if self.handle else own_on("tiktok")
        self.part.owner = self.account if self.handle else ""
        self.people(profile)
        self.posts(links)
        comments, likes = (len(self.lists.get(name, [])) for name in ("commentslist", "itemfavoritelist"))
        if comments or likes:
            told = message("Comments and likes that the account itself gave elsewhere were left out: {comments} and "
                           "{likes}.", comments=comments, likes=likes)  # fmt: skip
            self.note("info", told, comments + likes)
        self.note("info", message("Times without a zone were taken as {zone}.", zone="UTC"))

    def note(self, level: Level, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    @staticmethod
    def txt(member: Member) -> list[Entry]:
        return [{key: repair(value) for key, value in block.items()} for block in _blocks(decode(member.data))]

    @staticmethod
    def json(member: Member) -> Iterator[tuple[str, list[Entry]]]:
        """The lists that we read, by their own name, whatever section they stand in."""
        if not isinstance(member.document, dict):
            return
        for parent, key, value in _nodes(member.document):
            if key == "profilemap" and isinstance(value, dict):
                yield key, [{plain(name): inner for name, inner in value.items()}]
            elif key in ("fanslist", "following", "itemfavoritelist", "commentslist", "videolist"):
                own = key != "videolist" or parent in ("videos", "posts", "video", "post")  # others were only watched
                if own and (value is None or isinstance(value, list)):
                    yield key, [{plain(name): inner for name, inner in row.items()} for row in entries(value)]

    def people(self, profile: Entry) -> None:
        """The account, its followers and whom it follows."""
        followers, following = (self.list_of(table) for table in ("fanslist", "following"))
        if "following" in self.lists:
            followers["is_following_back"] = followers["handle"].isin(following["handle"])
        total = count(profile.get("followercount"))
        stated = count(profile.get("followingcount"))
        row = {"account_id": self.account, "platform": "tiktok", "handle": self.handle, "followers": total,
               "name": word(profile.get("displayname")),
               "following": len(following) if "following" in self.lists else stated}  # fmt: skip
        if self.handle:
            self.part.tables["accounts"] = pd.DataFrame([row])
        self.part.tables["followers"] = followers
        self.part.tables["following"] = following.drop(columns="follower_id")
        if "fanslist" not in self.lists or followers.empty:
            self.note("warning", message("The export lists no followers. Was it limited to some of the data? Order it "
                                         "again with all data."))  # fmt: skip
        elif total is not None and len(followers) < 0.98 * total:
            text = message("The list has {n} of {total} followers: it is incomplete. Order the export again with all "
                           "data.", n=len(followers), total=int(total))  # fmt: skip
            self.note("warning", text, len(followers))

    def list_of(self, role: str) -> pd.DataFrame:
        rows = self.lists.get(role, [])
        names = [word(row.get("username")) or "" for row in rows]
        cleaned = {name: clean_handle(name)[0] for name in set(names)}
        handles = pd.Series([cleaned[name] or None for name in names], dtype="str")
        if n := names.count(""):
            table = "followers_table" if role == "fanslist" else "following_table"
            self.note(
                "info", message("Entries of the {table:word} without a name, left out: {n}.", table=table, n=n), n
            )
        if odd := sorted({name for name in names if name and not cleaned[name]}):
            self.part.notes.append(unresolved(odd, self.source))
        frame = pd.DataFrame({"account_id": self.account, "follower_id": handles, "handle": handles})
        frame["followed_at"] = self.dates(rows)
        return frame[handles.notna()].drop_duplicates("handle", ignore_index=True)

    def dates(self, rows: Iterable[Entry]) -> pd.Series:
        dates = parse_dates(pd.Series([word(row.get("date")) for row in rows], dtype="str"), "UTC",
                            source=self.source, column="Date")  # fmt: skip
        self.part.notes += dates.notes
        return dates.values

    def posts(self, links: list[str]) -> None:
        """The account's own posts. A link that names no video leaves the time to tell posts apart."""
        rows = self.lists.get("videolist", [])
        if not rows:
            return
        at = self.dates(rows)
        found = [VIDEO.search(link) for link in links]
        stamps = [f"ts-{time.timestamp():.0f}" if pd.notna(time) else None for time in at]
        again = pd.Series(stamps, dtype="str").to_frame("id").groupby("id").cumcount() + 1
        made = [stamp if place == 1 or stamp is None else f"{stamp}-{place:.0f}"
                for stamp, place in zip(stamps, again, strict=True)]  # fmt: skip
        ids = [match[2] if match else stamp for match, stamp in zip(found, made, strict=True)]
        kinds = [({"photo": "photo"}.get(match[1], "video") if match else None) for match in found]
        captions = pd.Series([word(row.get("title")) for row in rows], dtype="str")
        likes = [count(row.get("likes", row.get("like"))) for row in rows]
        frame = pd.DataFrame({"account_id": self.account, "post_id": pd.Series(ids, dtype="str"), "published_at": at,
                              "kind": pd.Series(kinds, dtype="str"), "caption": captions, "likes": likes,
                              "hashtags": captions.map(hashtags, na_action="ignore")})  # fmt: skip
        if n := int(frame["post_id"].isna().sum()):
            self.note("warning", message("Posts with neither a time nor a link to a video, left out: {n}.", n=n), n)
        self.part.tables["posts"] = frame[frame["post_id"].notna()].drop_duplicates("post_id", ignore_index=True)
