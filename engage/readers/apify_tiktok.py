"""What Apify's actors for TikTok (clockworks) wrote as JSON: videos with their author, profiles, and comments.

Gives: accounts with their counts, posts with views, likes, comments, shares and saves, and comments by name. Does not
give: likers, followers by name, reach.
Clock: UTC (createTimeISO, or createTime in seconds).
Quirks: several accounts may be in one file; rows of errors are among the others; counts are those of the moment when
the row was written; comments are often not all: `merge` compares them with the number that the video states.
Evidence: field names of the videos and comments as many public programs read them; not seen in a file of our own.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from engage.messages import message
from engage.readers.dates import parse_dates
from engage.readers.files import Member
from engage.readers.part import Options, Part, clean_handle, hashtags
from engage.readers.records import Entry, at, count, entries, flag, text_of, word
from engage.study import Note

POST = re.compile(r"tiktok\.com/@([^/?#\s]+)/(?:video|photo)/(\d{6,25})", re.I)
COUNTS = {"views": "playCount", "likes": "diggCount", "comments": "commentCount", "shares": "shareCount",
          "saves": "collectCount"}  # fmt: skip
AUTHOR = {"name": "nickName", "followers": "fans", "following": "following", "posts": "video"}


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file lists videos, profiles or comments as these actors write them."""
    return member.looks_like_json and any(_is_video(e) or _is_comment(e) for e in entries(member.document)[:50])


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part."""
    parts = []
    for member in members:
        rows, part = entries(member.document), Part(25)
        videos, comments = [row for row in rows if _is_video(row)], [row for row in rows if _is_comment(row)]
        if n := len(rows) - len(videos) - len(comments):
            text = message("Rows that are neither a video, a profile nor a comment (errors), left out: {n}.", n=n)
            part.notes.append(Note("info", member.label, text, n))
        tables = {"accounts": _accounts(videos), "posts": _posts(videos, part.notes, member.label)}
        tables |= _comments(comments, part.notes, member.label)
        part.tables = {name: frame for name, frame in tables.items() if len(frame)}
        part.notes.append(Note("info", member.label, message("Times in this file are in UTC.")))
        parts.append(part)
    return parts


def _is_video(entry: Entry) -> bool:
    author = at(entry, "authorMeta", "name") or entry.get("authorMeta.name")
    return isinstance(author, str) and bool({"diggCount", "playCount", "webVideoUrl", "fans"} & entry.keys()
                                            or at(entry, "authorMeta", "fans") is not None)  # fmt: skip


def _is_comment(entry: Entry) -> bool:
    return {"text", "uniqueId"} <= entry.keys() and bool(POST.search(text_of(entry, "videoWebUrl")))


def _author(entry: Entry, key: str) -> Any:
    """A field of a video's author, which may also be written as one flat key."""
    return entry.get(f"authorMeta.{key}", at(entry, "authorMeta", key))


def _handles(entries: list[Entry]) -> pd.Series:
    names = [word(_author(entry, "name")) or "" for entry in entries]
    cleaned = {name: clean_handle(name)[0] or None for name in set(names)}
    return pd.Series([cleaned[name] for name in names], dtype="str")


def _times(rows: list[Entry], notes: list[Note], source: str) -> pd.Series:
    texts = [word(row.get("createTimeISO")) or word(row.get("createTime")) for row in rows]
    dates = parse_dates(pd.Series(texts, dtype="str"), "UTC", source=source, column="createTimeISO")
    notes += dates.notes
    return dates.values


def _accounts(videos: list[Entry]) -> pd.DataFrame:
    """Each author once; where rows differ, the first that knows."""
    handles = _handles(videos)
    frame = pd.DataFrame({"account_id": "tiktok:" + handles, "platform": "tiktok", "handle": handles})
    for column, key in AUTHOR.items():
        values = [_author(video, key) for video in videos]
        frame[column] = [word(value) for value in values] if column == "name" else [count(value) for value in values]
    frame["verified"] = pd.Series([flag(_author(video, "verified")) for video in videos], dtype="boolean")
    return frame[handles.notna()].groupby("account_id", as_index=False, sort=False).first()


def _posts(videos: list[Entry], notes: list[Note], source: str) -> pd.DataFrame:
    links = [POST.search(text_of(video, "webVideoUrl")) for video in videos]
    ids = [word(video.get("id")) or (link[2] if link else None) for video, link in zip(videos, links, strict=True)]
    frame = pd.DataFrame({"account_id": "tiktok:" + _handles(videos), "post_id": pd.Series(ids, dtype="str")})
    frame["published_at"] = _times(videos, notes, source)
    slides = (video.get("isSlideshow") is True or "/photo/" in text_of(video, "webVideoUrl") for video in videos)
    frame["kind"] = ["photo" if slide else "video" for slide in slides]
    frame["caption"] = [word(video.get("text")) for video in videos]
    named = [" ".join(f"#{word(tag.get('name'))}" for tag in entries(video.get("hashtags")) if word(tag.get("name")))
             for video in videos]  # fmt: skip
    frame["hashtags"] = [hashtags(tags or caption) if tags or isinstance(caption, str) else None
                         for tags, caption in zip(named, frame["caption"], strict=True)]  # fmt: skip
    frame["is_paid"] = pd.Series([flag(video.get("isAd")) for video in videos], dtype="boolean")
    for column, key in COUNTS.items():
        frame[column] = [count(video.get(key)) for video in videos]
    return frame[frame["post_id"].notna() & frame["account_id"].notna()].drop_duplicates(["account_id", "post_id"])


def _comments(rows: list[Entry], notes: list[Note], source: str) -> dict[str, pd.DataFrame]:
    """Comments of others, the account's own answers, and of which videos there are comments."""
    links = [POST.search(text_of(row, "videoWebUrl")) for row in rows]
    frame = pd.DataFrame({
        "account_id": [f"tiktok:{clean_handle(link[1])[0]}" if link else None for link in links],
        "post_id": [link[2] if link else None for link in links], "kind": "comment",
        "follower_id": [clean_handle(word(row.get("uniqueId")) or "")[0] or None for row in rows],
        "source_id": [word(row.get("cid")) or word(row.get("id")) for row in rows],
        "parent": [word(row.get("repliesToId")) or word(row.get("replyToCommentId")) for row in rows],
        "text": [word(row.get("text")) for row in rows],
    }, dtype="str").assign(at=_times(rows, notes, source))  # fmt: skip
    again = frame["source_id"].notna() & frame.duplicated(["post_id", "source_id"])
    frame = frame[~again]
    own = "tiktok:" + frame["follower_id"] == frame["account_id"]
    by = dict(zip(frame["source_id"], frame["follower_id"], strict=True))
    replies = frame[own].assign(follower_id=frame.loc[own, "parent"].map(by))
    if n := int(own.sum()):
        notes.append(Note("info", source, message("Comments of the account itself, kept as its replies: {n}.", n=n), n))
    # `merge` compares how many are named with how many the video states.
    coverage = frame[["account_id", "post_id", "kind"]].drop_duplicates().assign(complete=None)
    return {"interactions": frame[~own].drop(columns="parent"), "coverage": coverage,
            "replies": replies[["account_id", "post_id", "follower_id", "at", "text"]]}  # fmt: skip
