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

import pandas as pd

from engage.messages import Message, message
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, hashtags, own_on
from engage.readers.records import Entry, at, count, entries, fields, readable, table, word
from engage.study import Level, Note

TOGETHER = True
ROLE = re.compile(r"(?:^|/)(follower|following|tweets?|account|manifest)(?:-part\d+)?\.js$")
PRIVATE = re.compile(r"\.(?:js|css|woff2?|ttf|svg|map)$|(?:^|/)(?:direct[-_]messages?\b|Your archive\.html$)", re.I)
"""A script that has no role is never opened, nor is what the archive is shown with."""
NUMBER = re.compile(r"\d{1,20}")
HANDLE = r"[A-Za-z0-9_]{1,15}"
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
        for member, document in readable(members, lambda member: member.document, self.part.notes):
            role = role_of(member)  # each entry but the manifest lies in a wrapper
            listed = entries(document if role in WRAPPED else [document])
            self.found[role] += entries([entry.get(WRAPPED.get(role, "")) or entry for entry in listed])
        self.stated = table([*self.found["account"], *self.found["manifest"]], fields("x_account"))
        names = self.stated["handle"].dropna()
        names = names[names.str.fullmatch(HANDLE)].str.lower()
        self.name = names.iloc[0] if len(names) else ""
        self.account = account_id(self.name, "x") if self.name else own_on("x")
        self.part.owner, self.part.certainty = (self.account, 3) if self.name else ("", 0)
        self.people()
        self.posts()

    def note(self, level: Level, what: Message, n: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, n))

    def ids(self, role: str) -> list[str]:
        """The numbers of the people on a list, each once."""
        found = (word(entry.get("accountId")) for entry in self.found[role])
        return list(dict.fromkeys(number for number in found if number and NUMBER.fullmatch(number)))

    def people(self) -> None:
        """The account, its followers, and how many it follows."""
        followers, following = self.ids("follower"), self.ids("following")
        row = {"account_id": self.account, "platform": "x", "handle": self.name or None,
               "name": next(iter(self.stated["name"].dropna()), None),
               "followers": len(followers) or None, "following": len(following) or None}  # fmt: skip
        self.part.tables["accounts"] = pd.DataFrame([row])
        self.check("follower", len(followers))
        self.check("following", len(following))
        self.check("tweets", len(self.found["tweets"]))
        if not followers:
            return
        frame = pd.DataFrame({"account_id": self.account, "follower_id": pd.Series(followers, dtype="str")})
        if following:
            frame["is_following_back"] = frame["follower_id"].isin(following)
        made = (at(entry, "archiveInfo", "generationDate") for entry in self.found["manifest"])
        if time := next((time for time in made if isinstance(time, str)), None):
            frame["last_seen_at"] = pd.to_datetime(time, utc=True, errors="coerce", format="ISO8601")
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
        tweets = self.found["tweets"]
        frame = table(tweets, fields("x_post"), account_id=self.account)
        frame["kind"] = frame.pop("type").map(KINDS).fillna("text")
        frame = frame[frame["post_id"].str.fullmatch(NUMBER.pattern, na=False)]
        if n := len(tweets) - len(frame):
            self.note("warning", message("Entries of posts without a number, left out: {n}.", n=n), n)
        frame = frame.drop_duplicates("post_id", keep="last")
        times = pd.to_datetime(frame["published_at"], format=TIME, utc=True, errors="coerce")
        frame["published_at"] = times.astype("datetime64[us, UTC]")
        frame["hashtags"] = frame["caption"].map(hashtags, na_action="ignore")
        again = frame["caption"].str.startswith("RT @", na=False)
        known = frame["to"].isin(self.stated["number"].dropna()) | frame["answered"].isin(frame["post_id"])
        answer = (frame["to"].notna() | frame["answered"].notna()) & ~known
        if n := int(again.sum()):
            self.note("info", message("Posts of others that the account repeated, left out: {n}.", n=n), n)
        if len(said := frame[answer & ~again]):
            said = said.assign(post_id=None, follower_id=said["to"], at=said["published_at"], text=said["caption"])
            self.part.tables["replies"] = said
            text = message("Answers of the account to other people: {n}. Which of them stand under its own posts is "
                           "not said.", n=len(said))  # fmt: skip
            self.note("info", text, len(said))
        self.part.tables["posts"] = frame[~answer & ~again]
