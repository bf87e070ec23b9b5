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

from engage.messages import ReadError, message
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, hashtags, own_on
from engage.readers.records import Entry, at, count, entries, flag, word
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


def _instants(values: list[Any]) -> pd.Series:
    texts = pd.Series([value if isinstance(value, str) else None for value in values], dtype="object")
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
        self.comments: dict[str, tuple[Entry, str, str]] = {}  # id: comment, video, id of the comment it answers
        self.promised: dict[str, float] = {}
        self.paged: dict[bool, set[str]] = {True: set(), False: set()}
        for member in members:
            try:
                for page in _pages(member.document):
                    self.page(page)
            except ReadError as error:
                self.part.notes.append(Note("error", member.source, error.message))
            member.close()
        self.accounts()
        self.posts()
        self.talk()

    def note(self, level: Level, what: Any, n: int = 0) -> None:
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
                self.comment(item, "", word(at(item, "snippet", "parentId")) or "")
            elif kind == "thread":
                top = at(item, "snippet", "topLevelComment")
                video = word(at(item, "snippet", "videoId")) or word(at(top, "snippet", "videoId")) or ""
                seen.add(video)
                first = self.comment(top, video, "")
                for reply in entries(at(item, "replies", "comments")):
                    self.comment(reply, video, first)
                self.promised[first] = count(at(item, "snippet", "totalReplyCount")) or 0
        self.paged[bool(page.get("nextPageToken"))] |= seen if len(seen) < 2 else {*seen, ALL}

    def comment(self, comment: Entry, video: str, parent: str) -> str:
        key = word(comment.get("id")) or f"row {len(self.comments)}"
        self.comments.setdefault(key, (comment, word(at(comment, "snippet", "videoId")) or video, parent))
        return key

    def account(self, channel: str | None) -> str:
        """The account of a channel; of a video that names none the only channel, else the user's own."""
        if not channel:
            channel = next(iter(self.channels)) if len(self.channels) == 1 else ""
        handle = _handle(at(self.channels.get(channel), "snippet", "customUrl"), sure=True)
        return account_id(handle or channel, "youtube") if channel else own_on("youtube")

    def accounts(self) -> None:
        rows = []
        for channel, item in self.channels.items():
            hidden = at(item, "statistics", "hiddenSubscriberCount") is True
            rows.append({
                "account_id": self.account(channel), "name": word(at(item, "snippet", "title")),
                "handle": _handle(at(item, "snippet", "customUrl"), sure=True),
                "country": word(at(item, "snippet", "country")),
                "followers": None if hidden else count(at(item, "statistics", "subscriberCount")),
                "posts": count(at(item, "statistics", "videoCount")),
            })  # fmt: skip
        for video in self.videos:
            maker = word(at(video, "snippet", "channelId"))
            if maker not in self.channels:
                name = word(at(video, "snippet", "channelTitle"))
                rows.append({"account_id": self.account(maker), "name": name, "handle": None, "followers": None})
        if self.comments and not rows:
            rows.append({"account_id": own_on("youtube"), "name": None})
        frame = pd.DataFrame(rows).assign(platform="youtube")
        if rows:
            frame = frame.drop_duplicates("account_id", ignore_index=True)
            self.part.tables["accounts"] = frame
        known = Counter(self.account(word(at(video, "snippet", "channelId"))) for video in self.videos)
        names = {self.account(channel) for channel in self.channels} or known.keys() - {own_on("youtube")}
        if len(names) == 1:
            self.part.owner, self.part.certainty = next(iter(names)), 2
        if "followers" in frame and frame["followers"].notna().any():
            self.note("info", message("YouTube rounds numbers of subscribers above 1,000 to three digits."))

    def posts(self) -> None:
        rows = []
        for video in self.videos:
            title, about = (word(at(video, "snippet", key)) or "" for key in ("title", "description"))
            live = at(video, "liveStreamingDetails") is not None
            rows.append({
                "account_id": self.account(word(at(video, "snippet", "channelId"))), "post_id": word(video["id"]),
                "kind": "live" if live else "video", "caption": title or None, "hashtags": hashtags(f"{title} {about}"),
                "is_paid": flag(at(video, "paidProductPlacementDetails", "hasPaidProductPlacement")),
                "views": count(at(video, "statistics", "viewCount")),
                "likes": count(at(video, "statistics", "likeCount")),
                "comments": count(at(video, "statistics", "commentCount")),
            })  # fmt: skip
        if rows:
            times = _instants([at(video, "snippet", "publishedAt") for video in self.videos])
            frame = pd.DataFrame(rows).assign(published_at=times)
            self.part.tables["posts"] = frame.drop_duplicates(["account_id", "post_id"], ignore_index=True)

    def talk(self) -> None:
        """Comments of others, replies of the channel, and whether all are there."""
        owners = {word(video["id"]): word(at(video, "snippet", "channelId")) for video in self.videos}
        rows: list[Entry] = []
        authors: dict[str, str | None] = {}
        for key, (comment, video, parent) in self.comments.items():
            snippet = at(comment, "snippet")
            video = video or (self.comments[parent][1] if parent in self.comments else "")
            channel = owners.get(video) or word(at(snippet, "channelId"))
            account = self.account(channel)
            author, shown = word(at(snippet, "authorChannelId", "value")), _handle(at(snippet, "authorDisplayName"))
            own = bool(author and author in (channel, *([] if channel else self.channels)))
            own = own or bool(shown and shown == account.partition(":")[2])
            authors[key] = (author or shown or "").lower() or None
            text = word(at(snippet, "textOriginal"))
            if text is None:
                text = html.unescape(TAG.sub("", BREAK.sub("\n", word(at(snippet, "textDisplay")) or ""))) or None
            rows.append({"account_id": account, "post_id": video or None, "source_id": word(comment.get("id")),
                         "text": text, "own": own, "parent": parent, "follower_id": authors[key],
                         "time": at(snippet, "publishedAt")})  # fmt: skip
        if not rows:
            return
        frame = pd.DataFrame(rows)
        frame["at"] = _instants(frame.pop("time").tolist())
        others, replies = frame[~frame["own"]].drop(columns=["own", "parent"]), frame[frame["own"]]
        self.part.tables["interactions"] = others.assign(kind="comment")
        to = replies["parent"].map(lambda parent: authors.get(parent))
        self.part.tables["replies"] = replies.assign(follower_id=to)[
            ["account_id", "post_id", "follower_id", "text", "at"]
        ]
        self.complete(frame)

    def complete(self, frame: pd.DataFrame) -> None:
        """Say for which videos comments lack, and what is not there."""
        unknown = frame["follower_id"].isna() & ~frame["own"]
        cut = self.paged[True] - self.paged[False] if ALL not in self.paged[False] else set()
        answers = Counter(parent for _, _, parent in self.comments.values() if parent)
        short = {key for key, n in self.promised.items() if answers[key] < n}
        some = frame[frame["post_id"].notna()]
        some = some.assign(bad=unknown | frame["post_id"].isin(cut) | frame["source_id"].isin(short))
        seen = some.groupby(["account_id", "post_id"], sort=False)["bad"].any().reset_index(name="complete")
        seen["complete"] = seen["complete"].map({True: False, False: None})  # left open: the stated count decides
        self.part.tables["coverage"] = seen.assign(kind="comment")
        if n := int(unknown.sum()):
            self.note("info", message("Comments whose author is not named: {n}.", n=n), n)
        if of := int(sum(n for key, n in self.promised.items() if key in short)):
            n = sum(answers[key] for key in short)
            self.note("warning", message("Of {of} replies to some comments only {n} are here. Fetch the others.",
                                         of=of, n=n), of - n)  # fmt: skip
        if cut:
            self.note("warning", message("The list of comments is cut: it has further pages (nextPageToken). Fetch and "
                                         "bring them too. Videos: {n}.", n=len(cut - {ALL})), len(cut))  # fmt: skip
