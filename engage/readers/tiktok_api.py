"""TikTok Display API v2 replies, saved as JSON: user info, and pages of the list (or query) of videos.

Gives: the account with its counts, and views, likes, comments, shares of each video. Does not give: saves, reach, who
reacted, followers by name.
Clock: create_time is in UTC seconds (the cursor beside it is in milliseconds).
Quirks: which fields are there depends on what was asked for and allowed; a list comes in pages, and "has_more" says
that there are further ones; the list does not say whose it is, a link to share a video does.
Evidence: TikTok's documentation of the objects; user fields partly from memory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from engage.messages import message
from engage.readers.files import Member
from engage.readers.part import Options, Part, account_id, clean_handle, hashtags, own_on
from engage.readers.records import Entry, at, entries, fields, instants, table, text_of, time_of, word
from engage.study import Note

TOGETHER = True
USER = ({"open_id"}, {"union_id"}, {"follower_count", "video_count"})
VIDEO = {"create_time", "video_description", "view_count", "share_url", "share_count", "embed_link"}
AUTHOR = re.compile(r"tiktok\.com/@([^/?#\s]+)", re.I)


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file is a reply about a user or about videos, or such an error."""
    replies = _replies(member.document) if member.looks_like_json else []
    return any(_user(reply) or _videos(reply) is not None or _error(reply) for reply in replies)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read the replies together: the videos are of the only user among them, where their links do not say."""
    found: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    notes = []
    replies = [(member, reply) for member in members for reply in _replies(member.document)]
    known = {name for _, reply in replies if (name := _handle(_user(reply) or {}))}
    only = min(known) if len(known) == 1 else ""
    for member, reply in replies:
        user, videos = _user(reply), _videos(reply)
        if user:
            found[_handle(user) or only][0].append(user)
        if videos is not None:
            named = (AUTHOR.search(text_of(video, "share_url")) for video in videos)
            author = next((clean_handle(name[1])[0] for name in named if name), "")
            found[author or only][1].append(_data(reply))
        if user is None and not videos and (code := _error(reply)):
            text = message("TikTok answered {file} with an error ({code}). Ask again.", file=member.label, code=code)
            notes.append(Note("error", member.label, text))
    parts = [_part(handle, *replies, members[0].label) for handle, replies in found.items()]
    return [*parts, Part(20, notes=notes)] if notes else parts


def _replies(document: Any) -> list[Entry]:
    """The replies in a file: one, or a list of them."""
    return [document] if isinstance(document, dict) else entries(document)[:1000]


def _data(reply: Entry) -> Entry:
    data = reply.get("data", reply)
    return data if isinstance(data, dict) else {}


def _user(reply: Entry) -> Entry | None:
    user = _data(reply).get("user")
    return user if isinstance(user, dict) and any(keys <= user.keys() for keys in USER) else None


def _videos(reply: Entry) -> list[Entry] | None:
    """The videos of a page, which may be none; None where the reply is no such page."""
    data = _data(reply)
    videos = entries(data.get("videos"))
    if videos:
        return videos if all(len(VIDEO & video.keys()) > 1 and "id" in video for video in videos[:20]) else None
    return [] if isinstance(data.get("videos"), list) and {"cursor", "has_more"} & data.keys() else None


def _error(reply: Entry) -> str:
    """The code of an error, empty where all went well."""
    code = word(at(reply, "error", "code")) or ""
    return code[:60] if code != "ok" and word(at(reply, "error", "log_id")) else ""


def _handle(user: Entry) -> str:
    link = AUTHOR.search(text_of(user, "profile_deep_link"))
    return clean_handle(text_of(user, "username") or (link[1] if link else ""))[0]


def _part(handle: str, users: list[Entry], pages: list[Entry], source: str) -> Part:
    account = account_id(handle, "tiktok") if handle else own_on("tiktok")
    part = Part(20, owner=account if handle else "", certainty=3 if handle else 0)
    if users or handle:
        user = {key: value for one in reversed(users) for key, value in one.items()}
        part.tables["accounts"] = table([user], fields("tiktok_user"), account_id=account, platform="tiktok",
                                        handle=handle or None)  # fmt: skip
    videos = [video for page in pages for video in entries(page["videos"])]
    frame = table(videos, fields("tiktok_video"), account_id=account)
    frame["published_at"] = instants(time_of(video, "create_time") for video in videos)
    frame["kind"] = ["photo" if "/photo/" in text_of(video, "share_url") else "video" for video in videos]
    frame["hashtags"] = frame["caption"].map(hashtags, na_action="ignore")
    if n := int(frame["post_id"].isna().sum()):
        part.notes.append(Note("warning", source, message("Videos without a number, left out: {n}.", n=n), n))
    if len(frame := frame.dropna(subset=["post_id"])):
        part.tables["posts"] = frame.drop_duplicates("post_id", ignore_index=True)
        part.notes.append(Note("info", source, message("Times in this file are in UTC.")))
    if pages and all(page.get("has_more") is True for page in pages):
        text = message("The list of videos is cut: TikTok has more of them than the {n} here (has_more). Bring the "
                       "further pages, too.", n=len(frame))  # fmt: skip
        part.notes.append(Note("warning", source, text, len(frame)))
    elif pages and not videos:
        part.notes.append(Note("warning", source, message("{file} lists no videos.", file=source)))
    return part
