"""Instagram's "Download your information", JSON, in all layouts since 2021 and both families of entries.

Messages, contacts and places are never opened. Every comment and like in an export is the owner's own act, so
none becomes an interaction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from engage.messages import ReadError, message
from engage.readers.files import Member
from engage.readers.numbers import parse_numbers
from engage.readers.part import OWN, Options, Part, account_id, clean_handle, hashtags
from engage.readers.text import repair
from engage.study import Note

ROLES = {
    "facts": r"past_instagram_insights/(?:audience_insights|profiles_reached|content_interactions)\.json",
    "insights": r"past_instagram_insights/(?:posts|reels|stories|live_videos|igtv_videos)\.json",
    "followers": r"(?:followers_and_following/)?followers(?:_\d+)?\.json",
    "following": r"(?:followers_and_following/)?following(?:_\d+)?\.json",
    "comments": r"(?:comments/)?(?:post_comments(?:_\d+)?|reels_comments|hype)\.json",
    "likes": r"(?:likes/)?liked_(?:posts|comments)\.json",
    "media": r"(?:(?:media|content)/)?(?:posts(?:_\d+)?|reels|stories|igtv_videos)\.json",
    "profile": r"(?:(?:account|personal)_information/)*personal_information\.json",
}
PATHS = {role: re.compile(rf"(?:^|/){path}$") for role, path in ROLES.items()}
PARENTS = frozenset(
    ["connections", "your_instagram_activity", "logged_information", "personal_information", "account_information", "media", "content", "followers_and_following", "past_instagram_insights", "comments", "likes"]
)
ENTRY_KEYS = {"string_list_data", "string_map_data", "media", "label_values", "uri", "media_map_data"}
METRICS = {
    "accounts reached": "reach", "impressions": "impressions", "plays": "views", "views": "views", "likes": "likes",
    "comments": "comments", "saves": "saves", "shares": "shares", "follows": "follows",
    "profile visits": "profile_visits",
}  # fmt: skip
OTHER_LABELS = {"creation timestamp", "upload timestamp", "caption", "duration", "external link taps", "replies"}
NAMES = (
    re.compile(r"instagram-([a-z0-9._]+)-\d{4}-\d\d-\d\d", re.I),
    re.compile(r"(?:^|/)([a-z0-9._]+?)_\d{8}(?=[/.]|$)", re.I),
)


class Field(NamedTuple):
    """One labelled value of an entry."""

    value: str
    timestamp: float
    href: str


def role_of(member: Member) -> str:
    """What a member may be by its path: a key of `ROLES`, or empty."""
    return next((role for role, path in PATHS.items() if path.search(member.path)), "")


def claims(member: Member, options: Options) -> bool:
    """Whether a member is one of the files we need from an export; no other is opened."""
    if member.suffix != ".json" or not role_of(member):
        return False
    if not member.looks_like_json:
        return False
    try:
        entries = _entries(member.document)
    except ReadError:  # broken: ours to report
        return True
    return all(ENTRY_KEYS & entry.keys() for entry in entries[:20])


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all exports among the members; several zips of one account are one export."""
    roots: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        roots[root(member)].append(member)
    handles = {begin: _handle(begin, own) for begin, own in roots.items()}
    known = sorted({handle for handle, _ in handles.values() if handle})
    exports: dict[str, list[Member]] = defaultdict(list)
    certain: dict[str, int] = defaultdict(int)
    for begin, own in roots.items():
        handle, certainty = handles[begin]
        handle = handle or (known[0] if len(known) == 1 else "")
        exports[handle] += own
        certain[handle] = max(certain[handle], certainty)
    return [_Export(handle, certain[handle]).read(own) for handle, own in exports.items()]


def root(member: Member) -> str:
    """The zip and folder that an export begins in."""
    folders = member.path.split("/")[:-1]
    known = [i for i, folder in enumerate(folders) if folder in PARENTS]
    return f"{member.source}/{'/'.join(folders[: known[0]] if known else folders)}"


def _handle(begin: str, members: list[Member]) -> tuple[str, int]:
    for member in members:
        if role_of(member) == "profile":
            try:
                name = fields(_entries(member.document)[0]).get("username")
            except (ReadError, IndexError):
                continue
            if name and (handle := clean_handle(name.value)[0]):
                return handle, 3
    for pattern in NAMES:
        for part in re.findall(pattern, begin):
            return str(part).lower(), 1
    return "", 0


def _entries(document: Any) -> list[dict[str, Any]]:
    """The entries of a file: a bare list, or the first list in an object, whatever its key."""
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        single = [value for value in document.values() if isinstance(value, dict)]
        document = lists[0] if lists else single[:1]
    return [entry for entry in document if isinstance(entry, dict)] if isinstance(document, list) else []


def fields(entry: dict[str, Any]) -> dict[str, Field]:
    """The labelled values of an entry of either family, by their label in lower case."""
    found: dict[str, Field] = {}
    labelled: list[tuple[Any, Any]] = []
    if isinstance(values := entry.get("string_map_data"), dict):
        labelled = list(values.items())
    elif isinstance(values := entry.get("label_values"), list):
        labelled = [(v.get("label") or v.get("title"), v) for v in values if isinstance(v, dict)]
    for label, item in labelled:
        if isinstance(label, str) and isinstance(item, dict):
            found.setdefault(repair(label).lower(), Field(_text(item, "value"), _number(item), _text(item, "href")))
    return found


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return repair(value) if isinstance(value, str) else ""


def _number(item: dict[str, Any], key: str = "timestamp") -> float:
    """A timestamp in seconds; 0 when it is absent or absurd."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e14:
        return 0.0
    return value / 1000 if value >= 1e11 else float(value)


def _times(seconds: Iterable[float | None]) -> pd.Series:
    values = pd.Series([value if value and value < 4.1e9 else None for value in seconds], dtype="float64")
    return pd.to_datetime(values.round(3), unit="s", utc=True).astype("datetime64[us, UTC]")


def person(entry: dict[str, Any]) -> tuple[str, float]:
    """Handle and time of an entry of a list of people: value, else title, else the end of the link."""
    data = entry.get("string_list_data")
    if isinstance(data, list):
        item = data[0] if data and isinstance(data[0], dict) else {}
        name = _text(item, "value") or _text(entry, "title") or _text(item, "href").rstrip("/").rsplit("/", 1)[-1]
        return name.strip().lower(), _number(item)
    found = fields(entry)
    name = found["username"].value if "username" in found else found["url"].value if "url" in found else ""
    return name.rstrip("/").rsplit("/", 1)[-1].strip().lower(), _number(entry)


class _Export:
    """One account's export, while it is read."""

    def __init__(self, handle: str, certainty: int) -> None:
        self.handle, self.account = handle, account_id(handle) if handle else OWN
        self.part = Part(20, owner=self.account if handle else "", certainty=certainty)
        self.source = ""
        self.posts: dict[object, dict[str, Any]] = {}

    def note(self, level: Any, what: Any, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def read(self, members: list[Member]) -> Part:
        self.source = members[0].source
        found: dict[str, list[tuple[Member, list[dict[str, Any]]]]] = defaultdict(list)
        for member in members:
            try:
                entries = _entries(member.document)
            except ReadError as error:
                self.note("error", error.message)
                continue
            role = role_of(member)
            if isinstance(member.document, dict) and any(key.startswith("organic_") for key in member.document):
                role = "facts" if role == "facts" else "insights"
            found[role].append((member, entries))
            member.close()
        followers = self.people("followers", found["followers"])
        following = self.people("following", found["following"])
        facts: dict[str, str] = {}
        for member, entries in sorted(found["facts"], key=lambda pair: "audience" not in pair[0].name):
            for entry in entries:
                for label, item in fields(entry).items():
                    facts.setdefault(label, item.value)
        total = parse_numbers(pd.Series([facts.get("followers", "")]), count=True, decimal=".").values.iloc[0]
        if found["following"]:
            followers["is_following_back"] = followers["handle"].isin(following["handle"])
        row: dict[str, Any] = {"account_id": self.account, "platform": "instagram", "handle": self.handle or None}
        row |= {"followers": total, "following": len(following) if found["following"] else None}
        for _, entries in found["profile"]:
            name = [fields(entry)["name"].value for entry in entries if "name" in fields(entry)]
            row["name"] = name[0] if name else None
        if self.handle:
            self.part.tables["accounts"] = pd.DataFrame([row])
        self.part.tables |= {"followers": followers, "following": following}
        self.say_list(followers, total, facts, bool(found["followers"]))
        for role in ("insights", "media"):
            for member, entries in found[role]:
                (self.insights if role == "insights" else self.media)(member, entries)
        if not found["insights"] and not found["facts"]:
            self.note("warning", message("This export has no insights: the account is not a professional one, or "
                                         "insights were not ticked. Reach and likes of posts are unknown."))  # fmt: skip
        self.finish_posts()
        self.comments(found["comments"], sum(len(entries) for _, entries in found["likes"]))
        self.note("info", message("Times in this export are in UTC."))
        return self.part

    def people(self, table: str, files: list[tuple[Member, list[dict[str, Any]]]]) -> pd.DataFrame:
        rows = [person(entry) for _, entries in files for entry in entries]
        named = [(name, time) for name, time in rows if name]
        if len(named) < len(rows):
            n = len(rows) - len(named)
            self.note("info", message("Entries of {table} without a name, left out: {n}.", table=table, n=n), n)
        handles = pd.Series([name for name, _ in named], dtype="str")
        frame = pd.DataFrame({"account_id": self.account, "handle": handles})
        if table == "followers":
            frame["follower_id"] = handles
        frame["followed_at"] = _times(time for _, time in named)
        return frame.drop_duplicates("handle", ignore_index=True)

    def say_list(self, followers: pd.DataFrame, total: Any, facts: dict[str, str], listed: bool) -> None:
        """Say what the follower list is: partial lists are common, and everything later rests on it."""
        if listed and followers.empty:
            self.note("warning", message("The export lists no followers. Was it limited to a date range? Order it "
                                         "again for all time."))  # fmt: skip
        elif listed and pd.notna(total) and len(followers) < 0.98 * total:
            first = followers["followed_at"].min()
            text = message("The list has {n} of {total} followers, the oldest since {since}: the list is incomplete "
                           "or limited to a date range. Order the export again for all time.",
                           n=len(followers), total=int(total), since=None if pd.isna(first) else first)  # fmt: skip
            self.note("warning", text, len(followers))
        if facts.get("follows") and facts.get("date range"):
            text = message("From {period} Instagram counts {follows} follows and {unfollows} unfollows.",
                           period=facts["date range"], follows=facts["follows"],
                           unfollows=facts.get("unfollows") or None)  # fmt: skip
            self.note("info", text)

    def post(self, time: float, uri: str) -> dict[str, Any]:
        """The row of the post made at a time; files of one export agree on the second."""
        number = re.search(r"(\d{6,})(?:\.\w+)?$", uri.rsplit("/", 1)[-1])
        key: object = round(time) or uri
        row = self.posts.setdefault(key, {"account_id": self.account, "time": time or None})
        if number:
            row.setdefault("post_id", number.group(1))
        return row

    def insights(self, member: Member, entries: list[dict[str, Any]]) -> None:
        unknown: dict[str, str] = {}
        for entry in entries:
            found = fields(entry)
            media = entry.get("media_map_data")
            thumbs = [m for m in media.values() if isinstance(m, dict)] if isinstance(media, dict) else []
            thumb = thumbs[0] if thumbs else {}
            times = [item.timestamp for item in found.values() if item.timestamp]
            row = self.post(times[0] if times else _number(thumb, "creation_timestamp"), _text(thumb, "uri"))
            caption = _text(thumb, "title") or (found["caption"].value if "caption" in found else "")
            kind = {"reels": "reel", "stories": "story", "live_videos": "live", "igtv_videos": "video"}
            if member.name != "posts.json":
                row.setdefault("kind", kind.get(member.name.removesuffix(".json")))
            row["caption"] = row.get("caption") or caption or None
            for label, item in found.items():
                name = label.removeprefix("instagram ")
                if name in METRICS:
                    row.setdefault(METRICS[name], item.value)
                elif name not in OTHER_LABELS:
                    unknown.setdefault(label, item.value)
        if unknown:
            labels = [f"{label} ({value})"[:60] for label, value in unknown.items()][:12]
            text = message("Numbers that are not known to us and were left out: {labels}.", labels=labels)
            self.note("warning", text, len(unknown))

    def media(self, member: Member, entries: list[dict[str, Any]]) -> None:
        if member.name.startswith("stories"):
            if n := len(entries):
                self.note("info", message("Stories listed without numbers, left out: {n}.", n=n), n)
            return
        for entry in entries:
            found = fields(entry)
            media = entry.get("media")
            if isinstance(values := entry.get("label_values"), list):
                nested = [v["media"] for v in values if isinstance(v, dict) and isinstance(v.get("media"), list)]
                media = nested[0] if nested else media
            items = [item for item in media if isinstance(item, dict)] if isinstance(media, list) else []
            first = items[0] if items else {}
            time = _number(entry, "creation_timestamp") or _number(entry) or _number(first, "creation_timestamp")
            row = self.post(time, _text(first, "uri") or str(entry.get("fbid") or ""))
            caption = found["caption"].value if "caption" in found else ""
            caption = caption or _text(entry, "title") or _text(first, "title")
            row["caption"] = row.get("caption") or caption or None
            video = _text(first, "uri").endswith((".mp4", ".mov"))
            kind = "carousel" if len(items) > 1 else "video" if video else "photo" if items else None
            kind = "reel" if member.name.startswith("reels") or "/reels/" in _text(first, "uri") else kind
            if row.get("kind") in (None, "photo"):  # the 2026 list names only the first picture of a carousel
                row["kind"] = kind or row.get("kind")
            if "is ad" in found:
                row["is_paid"] = {"true": True, "false": False}.get(found["is ad"].value.lower())

    def finish_posts(self) -> None:
        if not self.posts:
            return
        frame = pd.DataFrame(list(self.posts.values()))
        for column in sorted(set(METRICS.values()) & set(frame.columns)):
            numbers = parse_numbers(frame[column], source=self.source, column=column, count=True, decimal=".")
            frame[column] = numbers.values
            self.part.notes += numbers.notes
        times = frame.pop("time")
        frame["published_at"] = _times(times.astype("float64").fillna(0))
        ids = frame["post_id"] if "post_id" in frame else pd.Series(pd.NA, index=frame.index, dtype="str")
        made = ["ts-" + str(round(time)) if time == time and time else None for time in times.astype("float64")]
        frame["post_id"] = ids.fillna(pd.Series(made, index=frame.index, dtype="str"))
        frame["hashtags"] = [hashtags(text) if isinstance(text, str) else None for text in frame["caption"]]
        self.part.tables["posts"] = frame[frame["post_id"].notna()]

    def comments(self, files: list[tuple[Member, list[dict[str, Any]]]], likes: int) -> None:
        """The owner's comments: those on own posts are replies, the others are only counted."""
        replies: list[tuple[str, float]] = []
        elsewhere = 0
        for _, entries in files:
            for entry in entries:
                found = fields(entry)
                where = found.get("media owner") or found.get("owner")
                owner, text, time = _text(entry, "title"), "", _number(entry)
                if isinstance(data := entry.get("string_list_data"), list) and data and isinstance(data[0], dict):
                    text, time = _text(data[0], "value"), _number(data[0])
                if "comment" in found:
                    text, owner = found["comment"].value, where.value if where else ""
                    time = found["time"].timestamp if "time" in found else time
                if self.handle and owner.strip().lower() == self.handle:
                    replies.append((text, time))
                else:
                    elsewhere += 1
        if replies:
            frame = pd.DataFrame({"account_id": self.account, "text": [text for text, _ in replies]})
            frame["at"] = _times(time for _, time in replies)
            frame["post_id"] = pd.NA
            frame["follower_id"] = pd.NA
            self.part.tables["replies"] = frame.drop_duplicates(["text", "at"])
        if elsewhere or likes:
            text = message("Comments and likes that the account itself gave elsewhere were left out: {comments} and {likes}. "
                           "They say nothing of its followers.", comments=elsewhere, likes=likes)  # fmt: skip
            self.note("info", text, elsewhere + likes)
