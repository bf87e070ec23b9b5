"""Answers of the YouTube Data API (version 3), saved as JSON: channels, videos, commentThreads, comments.

Gives: channels with subscribers and videos, videos with views, likes and comment counts, comments with their authors.
Does not give: impressions, who liked, who subscribed.
Clock: UTC, to the second.
Quirks: counts are text; a count that the owner hides is missing; the number of subscribers is rounded (from memory);
an answer holds only the first replies of a comment, and one page of a list (nextPageToken); a comment of the channel
itself is a reply. An author is his channel's id, which stays when the shown name changes; a shown name that is a
handle serves where no id is given, and to know the channel itself. Descriptions are searched for hashtags, not kept.
Evidence: the official description of each resource.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from engage.messages import Message, message
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, hashtags, own_on
from engage.readers.records import Entry, at, count, entries, fields, first, readable, table, talk, word
from engage.study import Level, Note

TOGETHER = True
ALL = "*"  # of pages that hold comments on several videos
HANDLE = re.compile(r"@?([\w.·-]{1,60})")
BREAK = re.compile(r"<br\s*/?>", re.I)
TAG = re.compile(r"<[^<>]{0,500}>")


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file holds items that only this API makes."""
    if not member.looks_like_json:
        return False
    document = member.document
    some = [item for item, _ in zip(_items(document), range(20), strict=False)]
    if not some:
        return str(at(document, "kind")).startswith("youtube#") and isinstance(at(document, "items"), list)
    return all(_kind(item) for item in some)


def _pages(document: Any) -> Iterator[Entry]:
    """The answers in a file: one, a list of them, or the bare items of one."""
    found = [document] if isinstance(document, dict) else entries(document)
    pages = [page for page in found if isinstance(page.get("items"), list)]
    yield from pages
    if rest := [page for page in found if not isinstance(page.get("items"), list)]:
        yield {"items": rest}


def _items(document: Any) -> Iterator[Entry]:
    return (item for page in _pages(document) for item in entries(page["items"]))


def _kind(item: Entry) -> str:
    """What an item is: thread, comment, channel or video; empty when it is none of these."""
    snippet, numbers, kind = item.get("snippet"), item.get("statistics"), item.get("kind")
    snippet, numbers = (value if isinstance(value, dict) else {} for value in (snippet, numbers))
    if isinstance(snippet.get("topLevelComment"), dict):
        return "thread"
    if not isinstance(item.get("id"), str):
        return ""
    if kind == "youtube#comment" or {"textOriginal", "textDisplay"} & snippet.keys():
        return "comment"
    if kind == "youtube#channel" or {"subscriberCount", "hiddenSubscriberCount"} & numbers.keys():
        return "channel"
    published = "publishedAt" in snippet and ("viewCount" in numbers or at(item, "contentDetails", "duration"))
    return "video" if kind == "youtube#video" or published else ""


def _handle(text: Any, *, sure: bool = False) -> str | None:
    """A handle in lower case; a shown name is one only with @."""
    found = HANDLE.fullmatch(word(text) or "")
    return found[1].lower() if found and (sure or found[0].startswith("@")) else None


def _instants(texts: pd.Series) -> pd.Series:
    """When something was published; nothing was before YouTube."""
    found = pd.to_datetime(texts, utc=True, errors="coerce", format="ISO8601")
    return found.where(found > pd.Timestamp(2004, 1, 1, tz="UTC")).astype("datetime64[us, UTC]")


def read(members: list[Member], options: Options) -> list[Part]:
    """Read all answers as one part, since videos and comments name their channel only by its id, or not at all."""
    return [_Answers(members).part]


class _Answers:
    """All answers while they are read."""

    def __init__(self, members: list[Member]) -> None:
        self.part, self.source = Part(20), members[0].source
        self.channels: dict[str, Entry] = {}
        self.videos: list[Entry] = []
        self.comments: dict[str, Entry] = {}  # id: snippet, with what is known of it
        self.promised: dict[str, float] = {}
        self.paged: dict[bool, set[str]] = {True: set(), False: set()}
        for _, document in readable(members, lambda member: member.document, self.part.notes):
            for page in _pages(document):
                self.page(page)
        makers = [self.account(word(first(video, "snippet.channelId"))) for video in self.videos]
        self.accounts(makers)
        self.posts(makers)
        if self.comments:
            self.talk()

    def note(self, level: Level, what: Message, n: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, n))

    def page(self, page: Entry) -> None:
        """Sort the items of one answer."""
        seen = set()
        for item in entries(page["items"]):
            kind, key = _kind(item), word(item.get("id")) or ""
            if kind == "channel":
                self.channels.setdefault(key, item)
            elif kind == "video":
                self.videos.append(item)
            elif kind == "comment":
                self.comment(item, "", word(first(item, "snippet.parentId")) or "")
            elif kind == "thread":
                top = item["snippet"]["topLevelComment"]
                video = word(first(item, "snippet.videoId", "snippet.topLevelComment.snippet.videoId")) or ""
                seen.add(video)
                parent = self.comment(top, video, "")
                for reply in entries(at(item, "replies", "comments")):
                    self.comment(reply, video, parent)
                self.promised[parent] = count(first(item, "snippet.totalReplyCount")) or 0
        self.paged[bool(page.get("nextPageToken"))] |= seen if len(seen) < 2 else {*seen, ALL}

    def comment(self, comment: Entry, video: str, parent: str) -> str:
        key = word(comment.get("id")) or f"row {len(self.comments)}"
        own = {"video": word(first(comment, "snippet.videoId")) or video, "parent": parent}
        self.comments.setdefault(key, comment | own)
        return key

    def account(self, channel: str | None) -> str:
        """The account of a channel; of a video that names none the only channel, else the user's own."""
        if not channel:
            channel = next(iter(self.channels)) if len(self.channels) == 1 else ""
        handle = _handle(first(self.channels.get(channel, {}), "snippet.customUrl"), sure=True)
        return account_id(handle or channel, "youtube") if channel else own_on("youtube")

    def accounts(self, makers: list[str]) -> None:
        """Channels, and the makers of videos whose channel is not among the answers."""
        channels = table(
            list(self.channels.values()), fields("youtube_channel"), account_id=list(map(self.account, self.channels))
        )
        names = table(self.videos, {"name": ["snippet.channelTitle"]}, account_id=makers)
        channels["handle"] = [_handle(handle, sure=True) for handle in channels["handle"]]
        hidden = [first(item, "statistics.hiddenSubscriberCount") is True for item in self.channels.values()]
        channels["followers"] = channels["followers"].mask(pd.Series(hidden, dtype="bool"))
        frame = pd.concat([channels, names]) if len(names) else channels
        if frame.empty and self.comments:
            frame = pd.DataFrame([{"account_id": own_on("youtube")}])
        self.part.tables["accounts"] = frame.assign(platform="youtube").drop_duplicates("account_id", ignore_index=True)
        known = set(channels["account_id"]) or {*makers} - {own_on("youtube")}
        if len(known) == 1:
            self.part.owner, self.part.certainty = known.pop(), 2
        if channels["followers"].notna().any():
            self.note("info", message("YouTube rounds numbers of subscribers above 1,000 to three digits."))

    def posts(self, makers: list[str]) -> None:
        frame = table(self.videos, fields("youtube_video"), account_id=makers)
        frame["published_at"] = _instants(frame["published_at"])
        frame["kind"] = ["live" if video.get("liveStreamingDetails") is not None else "video" for video in self.videos]
        frame["hashtags"] = (frame["caption"].fillna("") + " " + frame["about"].fillna("")).map(hashtags)
        self.part.tables["posts"] = frame.drop_duplicates(["account_id", "post_id"], ignore_index=True)

    def talk(self) -> None:
        """Comments of others, replies of the channel, and whether all are there."""
        makers = {word(video["id"]): word(first(video, "snippet.channelId")) for video in self.videos}
        rows = list(self.comments.values())
        videos = [row["video"] or self.comments.get(row["parent"], {}).get("video") or None for row in rows]
        channels = [
            makers.get(video) or word(first(row, "snippet.channelId")) for video, row in zip(videos, rows, strict=True)
        ]
        frame = table(rows, fields("youtube_comment"), post_id=videos, account_id=list(map(self.account, channels)))
        frame["at"] = _instants(frame["at"])
        shown = frame.pop("shown").map(_handle, na_action="ignore").astype("str")
        mine = [
            bool(author) and author in ([channel] if channel else self.channels)
            for author, channel in zip(frame["follower_id"], channels, strict=True)
        ]
        own = pd.Series(mine, dtype="bool") | ("youtube:" + shown == frame["account_id"])
        frame["follower_id"] = frame["follower_id"].fillna(shown).str.lower()
        plain = [html.unescape(TAG.sub("", BREAK.sub("\n", text))) for text in frame.pop("html").fillna("")]
        frame["text"] = frame["text"].fillna(pd.Series(plain, dtype="str").replace("", pd.NA))
        self.part.tables |= talk(frame, own)
        self.complete(frame, own)

    def complete(self, frame: pd.DataFrame, own: pd.Series) -> None:
        """Say for which videos comments lack, and what is not there."""
        unknown = frame["follower_id"].isna() & ~own
        cut = self.paged[True] - self.paged[False] if ALL not in self.paged[False] else set()
        answers = Counter(comment["parent"] for comment in self.comments.values())
        short = {key for key, n in self.promised.items() if answers[key] < n}
        lacks = frame.assign(bad=unknown | frame["post_id"].isin(cut) | frame["source_id"].isin(short))
        seen = lacks.groupby(["account_id", "post_id"], sort=False)["bad"].any().reset_index(name="complete")
        seen["complete"] = seen["complete"].map({True: False, False: None})  # left open: the stated count decides
        self.part.tables["coverage"] = seen.assign(kind="comment")
        if n := int(unknown.sum()):
            self.note("info", message("Comments whose author is not named: {n}.", n=n), n)
        if of := int(sum(self.promised[key] for key in short)):
            n = sum(answers[key] for key in short)
            self.note("warning", message("Of {of} replies to some comments only {n} are here. Fetch the others.",
                                         of=of, n=n), of - n)  # fmt: skip
        if cut:
            self.note("warning", message("The list of comments is cut: it has further pages (nextPageToken). Fetch and "
                                         "bring them too. Videos: {n}.", n=len(cut - {ALL})), len(cut))  # fmt: skip
