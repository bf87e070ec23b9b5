"""Instagram's "Download your information", JSON, in all layouts since 2021 and both families of entries.

Messages, contacts and places are never opened. Every comment and like in an export is the owner's own act, so
none becomes an interaction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.files import Member
from engage.readers.numbers import parse_numbers
from engage.readers.part import MARKS, OWN, Options, Part, account_id, clean_handle, hashtags, unresolved
from engage.readers.records import Entry, first_of, instants, text_of, time_of
from engage.readers.text import repair
from engage.study import Level, Note

PATHS = {
    role: re.compile(rf"(?:^|/){path}\.json$")
    for role, path in {
        "facts": r"past_instagram_insights/(?:audience_insights|profiles_reached|content_interactions)",
        "insights": r"past_instagram_insights/(?:posts|reels|stories|live_videos|igtv_videos)",
        "followers": r"(?:followers_and_following/)?followers(?:_\d+)?",
        "following": r"(?:followers_and_following/)?following(?:_\d+)?",
        "comments": r"(?:comments/)?(?:post_comments(?:_\d+)?|reels_comments|hype)",
        "likes": r"(?:likes/)?liked_(?:posts|comments)",
        "media": r"(?:(?:media|content)/)?(?:posts(?:_\d+)?|reels|stories|igtv_videos)",
        "profile": r"(?:(?:account|personal)_information/)*personal_information",
    }.items()
}
TOGETHER = True
FOLDERS = {"connections", "your_instagram_activity", "logged_information", "personal_information", "likes", "comments",
           "account_information", "media", "content", "followers_and_following", "past_instagram_insights"}  # fmt: skip
PRIVATE = re.compile(r"(?:^|/)(?:messages|contacts|security_and_login_information|device_information)/")
ENTRY_KEYS = {"string_list_data", "string_map_data", "media", "label_values", "uri", "media_map_data"}
METRICS = {
    "accounts reached": "reach", "impressions": "impressions", "plays": "views", "views": "views", "likes": "likes",
    "comments": "comments", "saves": "saves", "shares": "shares", "follows": "follows",
    "profile visits": "profile_visits",
}  # fmt: skip
OTHER_LABELS = {"creation timestamp", "upload timestamp", "caption", "duration", "external link taps", "replies"}
INSIGHT_KINDS = {"reels": "reel", "stories": "story", "live_videos": "live", "igtv_videos": "video"}
HANDLE_IN_NAME = re.compile(r"instagram-([a-z0-9._]+)-\d{4}-\d\d-\d\d|(?:^|/)([a-z0-9._]+?)_\d{8}(?=[/.]|$)", re.I)


def role_of(member: Member) -> str:
    """What a member may be by its path: a key of `PATHS`, or empty."""
    return next((role for role, path in PATHS.items() if path.search(member.path)), "")


def root(member: Member) -> str:
    """The zip and folder that an export begins in."""
    folders = member.path.split("/")[:-1]
    known = [i for i, folder in enumerate(folders) if folder in FOLDERS]
    return f"{member.source}/{'/'.join(folders[: known[0]] if known else folders)}"


def claims(member: Member, options: Options) -> bool:
    """Whether a member is one of the files we need from an export; no other is opened."""
    if not role_of(member) or not member.looks_like_json:
        return False
    try:
        return all(ENTRY_KEYS & entry.keys() for entry in entries_of(member)[:20])
    except ReadError:  # broken: ours to report
        return True


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all exports among the members; several zips of one account are one export."""
    roots: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        roots[root(member)].append(member)
    found = {begin: _handle(begin, own) for begin, own in roots.items()}
    known = {handle for handle, _ in found.values() if handle}
    exports: dict[str, list[Member]] = defaultdict(list)
    for begin, own in roots.items():  # a zip that names nobody belongs to the only account named
        exports[found[begin][0] or (min(known) if len(known) == 1 else "")] += own
    return [_Export(handle, max(c for h, c in found.values() if h in (handle, "")), own).part
            for handle, own in exports.items()]  # fmt: skip


def _handle(begin: str, members: list[Member]) -> tuple[str, int]:
    """The account's handle and how certain it is: stated in the profile, or in the name of the zip."""
    for member in (member for member in members if role_of(member) == "profile"):
        try:
            names = [labels(entry).get("username", ("", 0.0))[0] for entry in entries_of(member)]
        except ReadError:
            continue
        if handle := clean_handle("".join(names[:1]))[0]:
            return handle, 3
    named = HANDLE_IN_NAME.search(begin)
    return ((named[1] or named[2]).lower(), 1) if named else ("", 0)


def entries_of(member: Member) -> list[Entry]:
    """The entries of a file: a bare list, or the first list in an object, whatever its key. Raises ReadError."""
    document = member.document
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if lists else [value for value in document.values() if isinstance(value, dict)][:1]
    return [entry for entry in document if isinstance(entry, dict)] if isinstance(document, list) else []


def labels(entry: Entry) -> dict[str, tuple[str, float]]:
    """Value and timestamp of each label (in lower case) of an entry of either family."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(values := entry.get("string_map_data"), dict):
        pairs = list(values.items())
    elif isinstance(values := entry.get("label_values"), list):
        pairs = [(item.get("label") or item.get("title"), item) for item in values if isinstance(item, dict)]
    return {repair(label).lower(): (text_of(item, "value"), time_of(item)) for label, item in reversed(pairs)
            if isinstance(label, str) and isinstance(item, dict)}  # fmt: skip


def person(entry: Entry) -> tuple[str, float]:
    """Handle and time of an entry of a list of people: value, else title, else the end of the link."""
    if "string_list_data" in entry:
        item = first_of(entry["string_list_data"])
        name, time = text_of(item, "value") or text_of(entry, "title") or text_of(item, "href"), time_of(item)
    else:
        found, time = labels(entry), time_of(entry)
        name = (found.get("username") or found.get("url") or ("", 0.0))[0]
    return MARKS.sub("", name).strip().rstrip("/").rsplit("/", 1)[-1].strip().lower(), time


class _Export:
    """One account's export while it is read."""

    def __init__(self, handle: str, certainty: int, members: list[Member]) -> None:
        self.handle, self.account, self.source = handle, account_id(handle) if handle else OWN, members[0].source
        self.part = Part(20, owner=self.account if handle else "", certainty=certainty)
        self.posts: dict[object, list[Entry]] = defaultdict(list)
        self.lost = 0
        files: dict[str, list[tuple[str, list[Entry]]]] = defaultdict(list)
        for member in members:
            try:
                entries, document = entries_of(member), member.document
            except ReadError as error:
                self.note("error", error.message)
                continue
            role = role_of(member)
            if role == "media" and isinstance(document, dict) and any("insights" in key for key in document):
                role = "insights"
            files[role].append((member.name.removesuffix(".json"), entries))
            member.close()
        self.people(files)
        for name, entries in files["insights"]:
            self.insights(name, entries)
        for name, entries in files["media"]:
            self.media(name, entries)
        if not files["insights"] and not files["facts"]:
            self.note("warning", message("This export has no insights: the account is not a professional one, or "
                                         "insights were not ticked. Reach of posts is unknown."))  # fmt: skip
        self.finish_posts()
        self.comments([entry for _, entries in files["comments"] for entry in entries],
                      sum(len(entries) for _, entries in files["likes"]))  # fmt: skip
        self.note("info", message("Times in this export are in UTC."))

    def note(self, level: Level, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def people(self, files: dict[str, list[tuple[str, list[Entry]]]]) -> None:
        """The account, its followers and whom it follows."""
        followers, following = (self.list_of(table, files[table]) for table in ("followers", "following"))
        facts: dict[str, str] = {}
        for _, entries in sorted(files["facts"]):  # audience_insights is the first by name
            for entry in entries:
                facts = {label: value for label, (value, _) in labels(entry).items()} | facts
        counts = [facts.get(name, "") for name in ("followers", "follows", "unfollows")]
        total, follows, unfollows = parse_numbers(pd.Series(counts), count=True, decimal=".").values
        if files["following"]:
            followers["is_following_back"] = followers["handle"].isin(following["handle"])
        profile = [labels(entry).get("name", ("", 0.0))[0] for _, entries in files["profile"] for entry in entries]
        row = {"account_id": self.account, "platform": "instagram", "handle": self.handle, "followers": total,
               "following": len(following) if files["following"] else None}  # fmt: skip
        if self.handle:
            self.part.tables["accounts"] = pd.DataFrame([row | {"name": "".join(profile[:1]) or None}])
        self.part.tables |= {"followers": followers, "following": following}
        if files["followers"] and followers.empty:
            self.note("warning", message("The export lists no followers. Was it limited to a date range? Order it "
                                         "again for all time."))  # fmt: skip
        elif files["followers"] and pd.notna(total) and len(followers) < 0.98 * total:
            first = followers["followed_at"].min()
            text = message("The list has {n} of {total} followers, the oldest since {since}: the list is incomplete "
                           "or limited to a date range. Order the export again for all time.",
                           n=len(followers), total=int(total), since=None if pd.isna(first) else first)  # fmt: skip
            self.note("warning", text, len(followers))
        if pd.notna(follows) and facts.get("date range"):
            self.note("info", message("From {period} Instagram counts {follows} follows and {unfollows} unfollows.",
                                      period=facts["date range"], follows=int(follows),
                                      unfollows=int(unfollows) if pd.notna(unfollows) else None))  # fmt: skip

    def list_of(self, table: str, files: list[tuple[str, list[Entry]]]) -> pd.DataFrame:
        rows = [person(entry) for _, entries in files for entry in entries]
        named = [(name, time) for name, time in rows if name]
        if n := len(rows) - len(named):
            self.note(
                "info",
                message("Entries of the {table:word} without a name, left out: {n}.", table=f"{table}_table", n=n),
                n,
            )
        if odd := [name for name, _ in named if re.search("[^a-z0-9._]", name)]:
            self.part.notes.append(unresolved(odd, self.source))
            named = [(name, time) for name, time in named if not re.search("[^a-z0-9._]", name)]
        handles = pd.Series([name for name, _ in named], dtype="str")
        frame = pd.DataFrame({"account_id": self.account, "handle": handles, "follower_id": handles})
        frame["followed_at"] = instants(time for _, time in named)
        return frame.drop_duplicates("handle", ignore_index=True)

    def post(self, time: float, uri: str, caption: str, file: str) -> Entry:
        """The row of the post made at a time; the files of one export agree on the second.

        Two entries of one file in one second are two posts, unless they bear the same number; those of another
        file are matched to them by number, then by caption, then by order.
        """
        if not time and not uri:
            self.lost += 1
            return {}
        number = re.search(r"(\d{6,})(?:\.\w+)?$", uri.rsplit("/", 1)[-1])
        rows = self.posts[round(time) or uri]
        free = [row for row in rows if file not in row["files"]]
        same = [row for row in rows if number and row.get("post_id") == number[1]]
        same = same or [row for row in free if caption and row["caption"] == caption] or free
        place = f"-{len(rows) + 1}" if rows else ""
        new = {"account_id": self.account, "time": time, "place": place, "caption": None, "files": set()}
        row = (same or [new])[0]
        rows += [] if same else [row]
        row["files"].add(file)
        if number:
            row.setdefault("post_id", number[1])
        row["caption"] = row["caption"] or caption or None
        return row

    def insights(self, name: str, entries: list[Entry]) -> None:
        unknown: dict[str, str] = {}
        for entry in entries:
            found, media = labels(entry), entry.get("media_map_data")
            thumb = first_of(list(media.values())) if isinstance(media, dict) else {}
            times = [time for _, time in found.values() if time] + [time_of(thumb, "creation_timestamp")]
            caption = text_of(thumb, "title") or found.get("caption", ("",))[0]
            row = self.post(times[0], text_of(thumb, "uri"), caption, f"insights {name}")
            row.setdefault("kind", INSIGHT_KINDS.get(name))
            for label, (value, _) in found.items():
                metric = label.removeprefix("instagram ")
                if metric in METRICS:
                    row.setdefault(METRICS[metric], value)
                elif metric not in OTHER_LABELS:
                    unknown.setdefault(label, f"{label} ({value})"[:60])
        if unknown:
            shown = list(unknown.values())[:12]
            text = message("Numbers that are not known to us and were left out: {labels}.", labels=shown)
            self.note("warning", text, len(unknown))

    def media(self, name: str, entries: list[Entry]) -> None:
        if name == "stories":
            if n := len(entries):
                self.note("info", message("Stories listed without numbers, left out: {n}.", n=n), n)
            return
        for entry in entries:
            found, items, values = labels(entry), entry.get("media"), entry.get("label_values")
            if isinstance(values, list):
                items = next((v["media"] for v in values if isinstance(v, dict) and v.get("media")), items)
            first = first_of(items)
            uri = text_of(first, "uri") or str(entry.get("fbid") or "")
            time = time_of(entry, "creation_timestamp") or time_of(entry) or time_of(first, "creation_timestamp")
            caption = found.get("caption", ("",))[0] or text_of(entry, "title") or text_of(first, "title")
            row = self.post(time, uri, caption, name)
            kind = "video" if uri.endswith((".mp4", ".mov")) else "photo"
            kind = "carousel" if isinstance(items, list) and len(items) > 1 else kind
            kind = "reel" if name == "reels" or "/reels/" in uri else kind
            if row.get("kind") in (None, "photo") and first:  # a list may name only one picture of a carousel
                row["kind"] = kind
            if "is ad" in found:
                row["is_paid"] = {"true": True, "false": False}.get(found["is ad"][0].lower())

    def finish_posts(self) -> None:
        if self.lost:
            self.note("warning", message("Posts with neither a time nor a picture: {n}.", n=self.lost), self.lost)
        if not self.posts:
            return
        rows = [row for same in self.posts.values() for row in same]
        frame = pd.DataFrame(rows).drop(columns="files")
        for column in sorted(set(METRICS.values()) & set(frame.columns)):
            numbers = parse_numbers(frame[column], source=self.source, column=column, count=True, decimal=".")
            frame[column] = numbers.values
            self.part.notes += numbers.notes
        frame["published_at"] = instants(frame["time"])
        made = pd.Series([f"ts-{row['time']:.0f}{row['place']}" if row["time"] else None for row in rows], dtype="str")
        frame["post_id"] = frame["post_id"].astype("str").fillna(made) if "post_id" in frame else made
        frame["hashtags"] = frame["caption"].map(hashtags, na_action="ignore")
        self.part.tables["posts"] = frame[frame["post_id"].notna()]

    def comments(self, entries: list[Entry], likes: int) -> None:
        """The owner's comments: those on own posts are replies, the others are only counted."""
        replies = []
        for entry in entries:
            found, item = labels(entry), first_of(entry.get("string_list_data"))
            text, owner, time = text_of(item, "value"), text_of(entry, "title"), time_of(item) or time_of(entry)
            if "comment" in found:
                text, owner = found["comment"][0], found.get("media owner", ("",))[0]
                time = found.get("time", ("", time))[1]
            if self.handle and owner.strip().lower() == self.handle:
                replies.append((text, time))
        if replies:
            frame = pd.DataFrame({"text": [text for text, _ in replies], "at": instants(time for _, time in replies)})
            frame = frame.drop_duplicates().assign(account_id=self.account, post_id=None, follower_id=None)
            self.part.tables["replies"] = frame
        if elsewhere := len(entries) - len(replies) + likes:
            told = message("Comments and likes that the account itself gave elsewhere were left out: {comments} and "
                           "{likes}.", comments=elsewhere - likes, likes=likes)  # fmt: skip
            self.note("info", told, elsewhere)
