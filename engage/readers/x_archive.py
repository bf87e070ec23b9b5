"""The archive that X (Twitter) gives an account of its own data (zip), old and new layout.

Gives: followers as bare numbers, own posts with likes and reposts, what the account answered to others, its handle.
Does not give: names, dates, pictures of followers; who reacted; impressions.
Clock: UTC ("Wed Sep 26 00:00:00 +0000 2018").
Quirks: each file is a script, `window.YTD.follower.part0 = [...]`, long lists go on in `-part1.js`; counts are text;
reposts ("RT @...") are others' posts; before 2019 a tweet had no wrapper; the manifest says how many entries there are.
Direct messages, contacts, devices, places and addresses are never opened.
Evidence: public parsers of follower.js, tweets.js and manifest.js; the rest from memory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pandas as pd

from engage.messages import ReadError, message
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, hashtags, own_on
from engage.readers.records import Entry, at, count, entries, word
from engage.study import Level, Note

TOGETHER = True
ROLE = re.compile(r"(?:^|/)(follower|following|tweets?|account|manifest)(?:-part\d+)?\.js$")
PRIVATE = re.compile(r"\.(?:js|css|woff2?|ttf|svg|map)$|(?:^|/)(?:direct[-_]messages?\b|Your archive\.html$)", re.I)
"""A script that has no role is never opened, nor is what the archive is shown with."""
NUMBER = re.compile(r"\d{1,20}")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
SCRIPT = (b"window.", b"[")
TIME = "%a %b %d %H:%M:%S %z %Y"
KINDS = {"photo": "photo", "video": "video", "animated_gif": "video"}
WRAPPED = {"follower": "follower", "following": "following", "tweets": "tweet", "account": "account"}


def role_of(member: Member) -> str:
    """What a member may be by its name; empty when it is nothing that we read."""
    found = ROLE.search(member.path)
    return ("tweets" if found[1] == "tweet" else found[1]) if found else ""


def root(member: Member) -> str:
    """The zip and folder in which an archive's `data` folder lies."""
    folder = member.path.rpartition("/")[0]
    above = folder.removesuffix("data").rstrip("/") if re.search(r"(?:^|/)data$", folder) else folder
    return f"{member.source}/{above}"


def claims(member: Member, options: Options) -> bool:
    """Whether a file is a script that gives a value to one of X's variables."""
    return bool(role_of(member)) and member.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(SCRIPT)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each archive; several are kept apart, and copies of one are one."""
    roots: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        roots[root(member)].append(member)
    return [_Archive(own).part for own in roots.values()]


class _Archive:
    """One archive while it is read."""

    def __init__(self, members: list[Member]) -> None:
        self.part, self.source = Part(20), members[0].source
        self.found: dict[str, list[Entry]] = defaultdict(list)
        for member in members:
            try:
                self.file(role_of(member), member.document)
            except ReadError as error:
                self.note("error", error.message)
            member.close()
        self.name = self.owner()
        self.account = account_id(self.name, "x") if self.name else own_on("x")
        self.part.owner, self.part.certainty = (self.account, 3) if self.name else ("", 0)
        self.people()
        self.posts()

    def note(self, level: Level, what: Any, n: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, n))

    def file(self, role: str, document: Any) -> None:
        """Keep a file's entries without their wrapper."""
        if role == "manifest":
            self.found[role] += entries([document])
            return
        key = WRAPPED[role]
        self.found[role] += [entry[key] if isinstance(entry.get(key), dict) else entry for entry in entries(document)]

    def owner(self) -> str:
        """The handle that the account or the manifest states."""
        stated = [entry.get("username") for entry in self.found["account"]]
        stated += [at(entry, "userInfo", "userName") for entry in self.found["manifest"]]
        return next((name.lower() for name in stated if isinstance(name, str) and HANDLE.fullmatch(name)), "")

    def ids(self, role: str) -> list[str]:
        """The numbers of the people on a list, each once."""
        found = (word(entry.get("accountId")) for entry in self.found[role])
        return list(dict.fromkeys(number for number in found if number and NUMBER.fullmatch(number)))

    def people(self) -> None:
        """The account, its followers, and how many it follows."""
        followers, following = self.ids("follower"), self.ids("following")
        name = next((word(entry.get("accountDisplayName")) for entry in self.found["account"]), None)
        name = name or next((word(at(entry, "userInfo", "displayName")) for entry in self.found["manifest"]), None)
        row = {"account_id": self.account, "platform": "x", "handle": self.name or None, "name": name,
               "followers": len(followers) or None, "following": len(following) or None}  # fmt: skip
        self.part.tables["accounts"] = pd.DataFrame([row])
        for role, have in (("follower", len(followers)), ("following", len(following)), ("tweets", None)):
            self.check(role, len(self.found[role]) if have is None else have)
        if not followers:
            return
        frame = pd.DataFrame({"account_id": self.account, "follower_id": pd.Series(followers, dtype="str")})
        if following:
            frame["is_following_back"] = frame["follower_id"].isin(following)
        made = [at(entry, "archiveInfo", "generationDate") for entry in self.found["manifest"]]
        if times := [time for time in made if isinstance(time, str)]:
            frame["last_seen_at"] = pd.to_datetime(times[0], utc=True, errors="coerce", format="ISO8601")
        self.part.tables["followers"] = frame
        self.note("info", message("X names followers only by numbers, without handles and dates: {n}.",
                                  n=len(followers)), len(followers))  # fmt: skip

    def check(self, role: str, have: int) -> None:
        """Compare a list with the count that the manifest states."""
        files = [file for entry in self.found["manifest"] for name in {role, role.removesuffix("s")}
                 for file in entries(at(entry, "dataTypes", name, "files"))]  # fmt: skip
        stated = {word(file.get("fileName")): count(file.get("count")) or 0 for file in files}
        if have < (of := int(sum(stated.values()))):
            text = message("The archive says that it has {of} entries in {file}; {n} were found. Bring all its files.",
                           of=of, n=have, file=f"{role}.js")  # fmt: skip
            self.note("warning", text, of - have)

    def posts(self) -> None:
        """Own posts; what answers others is a reply, what repeats others is left out."""
        tweets = {number: entry for entry in self.found["tweets"] if (number := _id(entry))}
        if n := len(self.found["tweets"]) - sum(_id(entry) is not None for entry in self.found["tweets"]):
            self.note("warning", message("Entries of posts without a number, left out: {n}.", n=n), n)
        if not tweets:
            return
        own = {word(entry.get("accountId")) for entry in self.found["account"]} - {None}
        own |= {word(at(entry, "userInfo", "accountId")) for entry in self.found["manifest"]} - {None}
        frame = pd.DataFrame([self.row(number, entry, own, tweets.keys()) for number, entry in tweets.items()])
        times = pd.to_datetime(frame.pop("time"), format=TIME, utc=True, errors="coerce")
        frame["published_at"] = times.astype("datetime64[us, UTC]")
        again, answer = frame.pop("again"), frame.pop("answer")
        if n := int(again.sum()):
            self.note("info", message("Posts of others that the account repeated, left out: {n}.", n=n), n)
        said = frame[answer & ~again]
        if len(said):
            self.part.tables["replies"] = pd.DataFrame({
                "account_id": self.account, "post_id": None, "follower_id": said["to"], "at": said["published_at"],
                "text": said["caption"],
            })  # fmt: skip
            text = message("Answers of the account to other people: {n}. Which of them stand under its own posts is "
                           "not said.", n=len(said))  # fmt: skip
            self.note("info", text, len(said))
        self.part.tables["posts"] = frame[~answer & ~again].drop(columns="to")

    def row(self, number: str, entry: Entry, own: set[str | None], known: Any) -> Entry:
        text = word(entry.get("full_text")) or word(entry.get("text"))
        media = entries(at(entry, "extended_entities", "media")) or entries(at(entry, "entities", "media"))
        kinds = [KINDS.get(str(item.get("type"))) for item in media]
        to, answered = word(entry.get("in_reply_to_user_id_str")), word(entry.get("in_reply_to_status_id_str"))
        return {
            "account_id": self.account, "post_id": number, "caption": text, "hashtags": hashtags(text or ""),
            "kind": kinds[0] if kinds else "text", "likes": count(entry.get("favorite_count")),
            "shares": count(entry.get("retweet_count")), "time": word(entry.get("created_at")), "to": to,
            "again": (text or "").startswith("RT @"),
            "answer": bool(to or answered) and to not in own and answered not in known,
        }  # fmt: skip


def _id(entry: Entry) -> str | None:
    number = word(entry.get("id_str")) or word(entry.get("id"))
    return number if number and NUMBER.fullmatch(number) else None
