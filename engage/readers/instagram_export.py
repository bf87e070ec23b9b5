"""Instagram's "Download your information", JSON and HTML, in all layouts since 2018 and both families of entries.

Gives the account, followers with dates, following, posts with the numbers of past insights, and what the owner wrote
back on own posts; no likers, commenters, viewers or buyers. Clock: JSON is UTC to the second, pages (HTML) are a fixed
UTC-8 to the minute. Quirks: text is UTF-8 read as Latin-1; the list of followers is often cut by date; labels are in
the language of the app; stories and archived posts have no numbers. Messages, contacts and places are never opened.
Every comment and like in an export is the owner's own act, so none becomes an interaction.
Evidence: observed and reported files, see formats.md 2.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.files import Member
from engage.readers.instagram_entries import (
    COUNT,
    METRICS,
    PEOPLE,
    PRIVATE,
    Labels,
    is_ours,
    labels,
    lists_of,
    person,
    role_of,
    role_of_label,
    root,
)
from engage.readers.numbers import parse_numbers
from engage.readers.part import OWN, Options, Part, account_id, clean_handle, hashtags, unresolved
from engage.readers.records import Entry, first_of, instants, text_of, time_of
from engage.study import Level, Note

__all__ = ["PRIVATE", "TOGETHER", "claims", "read", "role_of", "root"]

TOGETHER = True
INSIGHT_KINDS = {"reels": "reel", "stories": "story", "live_videos": "live", "igtv_videos": "video"}
UNSEEN = {
    "stories": message("Stories listed without numbers, left out: {n}."),
    "archived_posts": message("Archived posts, which nobody can see now, left out: {n}."),
}
NAMED = re.compile(r"instagram-([a-z0-9._]+)-(\d{4}-\d\d-\d\d)|(?:^|/)([a-z0-9._]+?)_(\d{8})(?=[/.]|$)", re.I)
NUMBER = re.compile(r"(?:^|_)(\d{6,})(?:\.\w+)?$")  # the id of a picture, at the end of its file's name
People = list[tuple[str, float]]


def claims(member: Member, options: Options) -> bool:
    """Whether a member is one of the files we need from an export; no other is opened."""
    return is_ours(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all exports among the members: zips of one account and day are one, and so are those without a day in
    their names, unless a file comes again; pages and JSON are two."""
    roots: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        roots[root(member)].append(member)
    found = {begin: _handle(begin, own) for begin, own in roots.items()}
    known = {handle for handle, _ in found.values() if handle}
    exports: dict[tuple[str, bool, str], list[Member]] = defaultdict(list)
    seen: Counter[tuple[str, str]] = Counter()
    for begin, own in roots.items():  # a zip that names nobody belongs to the only account named
        handle = found[begin][0] or (min(known) if len(known) == 1 else "")
        files = {(handle, f"{member.source}/{member.path}".removeprefix(begin)) for member in own}
        day = (named[2] or named[4]) if (named := NAMED.search(begin)) else f"#{max(seen[file] for file in files)}"
        seen.update(files)
        for member in own:
            exports[handle, member.suffix == ".html", day].append(member)
    return [_Export(handle, max(c for h, c in found.values() if h in (handle, "")), own, day, is_html=is_html).part
            for (handle, is_html, day), own in exports.items()]  # fmt: skip


def _handle(begin: str, members: list[Member]) -> tuple[str, int]:
    """The account's handle and how certain it is: stated in the profile, or in the name of the zip."""
    named = NAMED.search(begin)
    guess = (named[1] or named[3]).lower() if named else ""
    for member in (member for member in members if role_of(member) in ("profile", "flat")):
        try:
            entries = [entry for role, _, listed in lists_of(member) if role == "profile" for entry in listed]
        except ReadError:
            continue
        for said in map(labels, entries[:1]):
            if handle := clean_handle(said.value("username"))[0]:
                return handle, 3
            if guess and any(value.lower() == guess for value, _ in said.unknown.values()):
                return guess, 3
    return guess, int(bool(guess))


class _Export:
    """One account's export while it is read."""

    def __init__(self, handle: str, certainty: int, members: list[Member], day: str, *, is_html: bool) -> None:
        self.handle, self.account, self.source = handle, account_id(handle) if handle else OWN, members[0].source
        self.part = Part(21 if is_html else 20, owner=self.account if handle else "", certainty=certainty)
        if pd.notna(made := pd.to_datetime(day, utc=True, errors="coerce")):
            self.part.as_of = made
        self.posts: dict[object, list[Entry]] = defaultdict(list)
        self.lost = 0
        self.unknown: dict[str, str] = {}
        self.guessed: dict[str, str] = {}
        self.names: dict[str, People] = {}
        files: dict[str, list[tuple[str, list[Entry]]]] = defaultdict(list)
        seen: set[bytes] = set()
        for member in members:
            try:
                mark = hashlib.sha256(member.path.encode("utf-8", "replace") + member.data).digest()
                if mark in seen:
                    self.note("info", message("{file} is a copy of another.", file=member.label))
                    member.close()
                    continue
                seen.add(mark)
                for role, name, entries in lists_of(member):
                    if role in PEOPLE:
                        self.names.setdefault(role, []).extend(map(person, entries))
                    else:
                        files[role].append((name, list(entries)))
            except ReadError as error:
                self.note("error", error.message)
            member.close()
        self.people(files)
        for place, (name, entries) in enumerate(files["insights"]):
            self.insights(name, entries, f"insights {place}")
        for place, (name, entries) in enumerate(files["media"]):
            self.media(name, entries, f"media {place}")
        if not files["insights"] and not files["facts"]:
            self.note("warning", message("This export has no insights: the account is not a professional one, or "
                                         "insights were not ticked. Reach of posts is unknown."))  # fmt: skip
        self.finish_posts()
        self.comments([entry for _, entries in files["comments"] for entry in entries],
                      sum(len(entries) for _, entries in files["likes"]))  # fmt: skip
        self.doubts()
        if is_html:
            self.note("info", message("Times on the pages (HTML) of this export were read as UTC-8, which Instagram "
                                      "writes for everybody, all year."))  # fmt: skip
        elif any(role_of(member) == "flat" for member in members):
            self.note("guess", message("Times in this export of the old layout were read as UTC."))
        else:
            self.note("info", message("Times in this export are in UTC."))

    def look(self, entry: Entry, *, with_values: bool = False) -> Labels:
        """The labels of an entry; those that are not known or guessed are kept to be told."""
        found = labels(entry)
        self.guessed |= found.guessed
        for label, (value, time) in found.unknown.items():
            if value or not time:  # a time is found under any name
                shown = f"{label} ({value})" if with_values and COUNT.fullmatch(value) else label
                self.unknown.setdefault(label, shown)
        return found

    def doubts(self) -> None:
        """Say which labels were not known, and which were guessed."""
        if self.unknown:
            shown = list(self.unknown.values())[:20]
            text = message("Numbers that are not known to us and were left out: {labels}.", labels=shown)
            self.note("warning", text, len(self.unknown))
        if self.guessed:
            shown = [f"{label} = {role}" for label, role in list(self.guessed.items())[:20]]
            text = message("Labels whose meaning was guessed, because no export in that language was ever seen: "
                           "{labels}.", labels=shown)  # fmt: skip
            self.note("guess", text, len(self.guessed))

    def note(self, level: Level, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def people(self, files: dict[str, list[tuple[str, list[Entry]]]]) -> None:
        """The account, its followers and whom it follows."""
        followers, following = (self.list_of(table) for table in PEOPLE)
        facts = Labels({}, {}, {})
        for _, entries in (file for file in files["facts"] if file[0] == "audience_insights"):
            for entry in entries[:1]:  # in the other files the same words name shares
                facts = labels(entry)
                facts = facts if {"followers", "follows"} & facts.known.keys() else self.look(entry, with_values=True)
                self.guessed |= facts.guessed
        counts = [facts.value(name) for name in ("followers", "follows", "unfollows")]
        total, follows, unfollows = parse_numbers(pd.Series(counts), count=True, decimal=".").values
        if "following" in self.names:
            followers["is_following_back"] = followers["handle"].isin(following["handle"])
        profile = [labels(entry) for _, entries in files["profile"] for entry in entries]
        if profile and self.part.certainty != 3 and "username" not in profile[0].known:
            self.note("warning", message("The profile in this export names its account under a label that is not known "
                                         "to us: {labels}.", labels=list(profile[0].unknown)[:20]))  # fmt: skip
        row = {"account_id": self.account, "platform": "instagram", "handle": self.handle, "followers": total,
               "following": len(following) if "following" in self.names else None}  # fmt: skip
        if self.handle:
            self.part.tables["accounts"] = pd.DataFrame(
                [row | {"name": profile[0].value("name") or None if profile else None}]
            )
        self.part.tables |= {"followers": followers, "following": following}
        if "followers" in self.names and followers.empty:
            self.note("warning", message("The export lists no followers. Was it limited to a date range? Order it "
                                         "again for all time."))  # fmt: skip
        elif "followers" in self.names and pd.notna(total) and len(followers) < 0.98 * total:
            first = followers["followed_at"].min()
            text = message("The list has {n} of {total} followers, the oldest since {since}: the list is incomplete "
                           "or limited to a date range. Order the export again for all time.",
                           n=len(followers), total=int(total), since=None if pd.isna(first) else first)  # fmt: skip
            self.note("warning", text, len(followers))
        if pd.notna(follows) and facts.value("period"):
            self.note("info", message("From {period} Instagram counts {follows} follows and {unfollows} unfollows.",
                                      period=facts.value("period")[:60], follows=int(follows),
                                      unfollows=int(unfollows) if pd.notna(unfollows) else None))  # fmt: skip

    def list_of(self, table: str) -> pd.DataFrame:
        rows = self.names.get(table, [])
        handles = pd.Series([name for name, _ in rows], dtype="str")
        frame = pd.DataFrame({"account_id": self.account, "handle": handles, "follower_id": handles})
        frame["followed_at"] = instants(time for _, time in rows)
        if n := int((handles == "").sum()):
            self.note(
                "info",
                message("Entries of the {table:word} without a name, left out: {n}.", table=f"{table}_table", n=n),
                n,
            )
        if (odd := handles.str.contains("[^a-z0-9._]")).any():
            self.part.notes.append(unresolved(list(handles[odd]), self.source))
        return frame[(handles != "") & ~odd].drop_duplicates("handle", ignore_index=True)

    def post(self, time: float, uri: str, caption: str, file: str) -> Entry:
        """The row of the post made at a time; the files of one export agree on the second.

        Two entries of one file in one second are two posts, unless they bear the same number; those of another
        file are matched to them by number, then by caption, then by order.
        """
        if not time and not uri:
            self.lost += 1
            return {}
        number = NUMBER.search(uri.rsplit("/", 1)[-1])
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

    def insights(self, name: str, entries: list[Entry], file: str) -> None:
        for entry in entries:
            found, media = self.look(entry, with_values=True), entry.get("media_map_data")
            thumb = first_of(list(media.values())) if isinstance(media, dict) else {}
            times = [time for _, time in (*found.known.values(), *found.unknown.values()) if time]
            times += [time_of(thumb, "creation_timestamp"), time_of(entry)]
            caption = text_of(thumb, "title") or found.value("caption")
            row = self.post(next(filter(None, times), 0.0), text_of(thumb, "uri"), caption, file)
            row.setdefault("kind", INSIGHT_KINDS.get(name))
            for metric in METRICS:
                if metric in found.known:
                    row.setdefault(metric, found.value(metric))

    def media(self, name: str, entries: list[Entry], file: str) -> None:
        if name in UNSEEN:
            if entries:
                self.note("info", replace(UNSEEN[name], values={"n": len(entries)}), len(entries))
            return
        hidden = 0
        for entry in entries:
            found, items, values = self.look(entry), entry.get("media"), entry.get("label_values")
            if role_of_label(found.value("published")) == "no":
                hidden += 1
                continue
            if isinstance(values, list):
                items = next((v["media"] for v in values if isinstance(v, dict) and v.get("media")), items)
            first = first_of(items)
            uri = text_of(first, "uri") or str(entry.get("fbid") or "")
            time = time_of(entry, "creation_timestamp") or time_of(entry) or time_of(first, "creation_timestamp")
            said = text_of(first_of(entry.get("string_list_data")), "value")  # on a page: the first words of a card
            caption = found.value("caption") or text_of(entry, "title") or text_of(first, "title")
            caption = caption or ("" if role_of_label(said) else said)
            row = self.post(time, uri, caption, file)
            kind = "video" if uri.endswith((".mp4", ".mov")) else "photo"
            kind = "carousel" if isinstance(items, list) and len(items) > 1 else kind
            kind = "reel" if name == "reels" or "/reels/" in uri else kind
            if row.get("kind") in (None, "photo") and first:  # a list may name only one picture of a carousel
                row["kind"] = kind
            if "paid" in found.known:
                row["is_paid"] = {"yes": True, "no": False}.get(role_of_label(found.value("paid")))
        if hidden:
            self.note("info", message("Posts that were never published, left out: {n}.", n=hidden), hidden)

    def finish_posts(self) -> None:
        if self.lost:
            self.note("warning", message("Posts with neither a time nor a picture: {n}.", n=self.lost), self.lost)
        if not self.posts:
            return
        rows = [row for same in self.posts.values() for row in same]
        frame = pd.DataFrame(rows).drop(columns="files")
        for column in sorted(set(METRICS) & set(frame.columns)):
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
            found, item = self.look(entry), first_of(entry.get("string_list_data"))
            text, owner, time = text_of(item, "value"), text_of(entry, "title"), time_of(item) or time_of(entry)
            if found.known or found.unknown:
                # a count of comments is not among these labels, so that word means the text
                said = [value for value, _ in found.unknown.values() if value]
                text = found.value("comment") or found.value("comments") or next(iter(said), "")
                owner = found.value("owner") or found.value("username") or next(iter(said[-1:]), "")
                times = [time for _, time in (*found.known.values(), *found.unknown.values()) if time]
                time = next(iter(times), time)
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
