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

from engage.messages import message
from engage.readers.files import Member
from engage.readers.part import Options, Part, clean_handle
from engage.readers.records import Entry, at, entries, picked, text_of, word
from engage.readers.scraped import Haul, hauls_of

POST = re.compile(r"tiktok\.com/@([^/?#\s]+)/(?:video|photo)/(\d{6,25})", re.I)


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file lists videos, profiles or comments as these actors write them."""
    return member.looks_like_json and any(_is_video(e) or _is_comment(e) for e in entries(member.document)[:50])


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part."""
    return [haul.part() for haul in hauls_of(members, _gather, "tiktok")]


def _gather(haul: Haul, member: Member) -> None:
    rows = entries(member.document)
    for row in rows:
        if _is_video(row):
            _video(haul, row)
        elif _is_comment(row):
            _comment(haul, row)
    if n := sum(not _is_video(row) and not _is_comment(row) for row in rows):
        text = message("Rows that are neither a video, a profile nor a comment (errors), left out: {n}.", n=n)
        haul.note("info", text, n)


def _is_video(entry: Entry) -> bool:
    author = at(entry, "authorMeta", "name") or entry.get("authorMeta.name")
    return isinstance(author, str) and bool({"diggCount", "playCount", "webVideoUrl", "fans"} & entry.keys()
                                            or at(entry, "authorMeta", "fans") is not None)  # fmt: skip


def _is_comment(entry: Entry) -> bool:
    return {"text", "uniqueId"} <= entry.keys() and bool(POST.search(text_of(entry, "videoWebUrl")))


def _video(haul: Haul, row: Entry) -> None:
    """A video and its author, whose fields may also be written as flat keys; a profile is an author alone."""
    author = picked(row, "apify_tiktok_author")
    if not clean_handle(author["handle"])[0]:
        return
    haul.accounts.append(author)
    url = text_of(row, "webVideoUrl")
    link, tags = POST.search(url), [word(tag.get("name")) for tag in entries(row.get("hashtags"))]
    if number := word(row.get("id")) or (link[2] if link else None):
        photo = row.get("isSlideshow") is True or "/photo/" in url
        haul.posts.append(picked(row, "apify_tiktok_video") | {
            "post_id": number, "kind": "photo" if photo else "video", "of": author["handle"],
            "hashtags": list(filter(None, tags)),
        })  # fmt: skip


def _comment(haul: Haul, row: Entry) -> None:
    if link := POST.search(text_of(row, "videoWebUrl")):
        haul.comments.append(
            picked(row, "apify_tiktok_comment") | {"post_id": link[2], "of": link[1], "author_id": None}
        )
