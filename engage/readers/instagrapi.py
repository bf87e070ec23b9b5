"""What people dump from instagrapi (Instagram's phone programs): users and posts, as JSON lists or by number.

Gives: followers with picture, private and verified marks, and their counts where each was looked up; posts with likes,
comments and plays; likers and commenters where the file's name or key says of which post. Does not give: follow dates,
reach.
Clock: UTC.
Quirks: `user_followers()` is an object by number (pk), other calls are lists; a list does not say whether it is of
followers, followings or likers: the file's name or the key above it does; views of what is no video are 0; a hidden
count of likes is kept as it stands unless it is below zero.
Evidence: instagrapi 3.2.2's models. E-mails, phone numbers and places of profiles and posts are never looked at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from engage.messages import message
from engage.readers.dates import shortcode_time
from engage.readers.files import Member
from engage.readers.names import liked_post
from engage.readers.part import Options, Part
from engage.readers.records import Entry, entries, word
from engage.readers.scraped import Haul, comments_in, documents, hauls_of, media, parts_of, person

TOGETHER = True
FOLLOWING = re.compile(r"following|diikuti|mengikuti", re.I)
NUMBER = re.compile(r"\d{1,25}(?:_\d+)?")
POST = re.compile(r"\d{15,25}")
CODE = re.compile(r"[A-Za-z0-9_-]{9,14}")


def what_of(entry: Any) -> str:
    """What an object is: a user, a post or a comment; empty when it is none."""
    if not isinstance(entry, dict) or not entry.keys() & {"pk", "id"}:
        return ""
    if entry.keys() & {"code", "taken_at"} and entry.keys() & {"media_type", "like_count", "caption_text"}:
        return "post" if "pk" in entry else ""
    if {"text", "user", "pk"} <= entry.keys() and entry.keys() & {"created_at_utc", "created_at"}:
        return "comment"
    if "username" in entry and ("pk" in entry or "is_private" in entry):
        return "user"
    return ""


def groups(document: Any, label: str) -> Iterator[tuple[str, list[Entry]]]:
    """The lists in a dump with what they are called: a list, an object by number, or a few of these by name."""
    if isinstance(document, dict) and not what_of(document):
        if _by_number(document) and all(map(what_of, list(document.values())[:20])):
            document = list(document.values())
        else:
            for key, value in document.items():
                if isinstance(value, list) or _by_number(value):
                    yield from groups(value, key)
            return
    yield ("", [document]) if isinstance(document, dict) else (label, entries(document))


def _by_number(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(NUMBER.fullmatch(key) for key in list(value)[:20])


def claims(member: Member, options: Options) -> bool:
    """Whether a JSON file holds users, posts or comments as instagrapi has them."""
    if not member.looks_like_json:
        return False
    found = [what_of(entry) for _, rows in groups(documents(member), "") for entry in rows[:20]]
    return bool(found) and 2 * sum(map(bool, found)) > len(found)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part; the posts in one say whose the comments in another are."""
    return parts_of(hauls_of(members, _gather))


def _gather(haul: Haul, member: Member) -> None:
    for label, rows in groups(documents(member), member.name.rpartition(".")[0]):
        found: dict[str, list[Entry]] = defaultdict(list)
        for row in rows:
            found[what_of(row)].append(row)
        haul.posts += map(media, found["post"])
        haul.comments += comments_in(found["comment"], _post_in(label))
        people = [person(row) for row in found["user"]]
        liked = liked_post(member) or (_post_in(label) if "like" in label.lower() else None)
        if not label:
            haul.accounts += people
        elif liked:
            haul.likes += [row | {"post_id": liked} for row in people]
        elif FOLLOWING.search(label):
            haul.following += people
        elif people:
            haul.followers += people
            if "follower" not in label.lower() and "pengikut" not in label.lower():
                text = message("{name} does not say whose list it is; it was taken as followers.", name=label[:60])
                haul.note("guess", text, len(people))
        haul.unknown(len(found[""]))


def _post_in(label: str) -> str | None:
    """The post that a file's name or a key names: its number or its code, the whole or after a mark."""
    if found := POST.search(label):
        return found[0]
    last = re.split(r"(?:comments?|likers?|likes?|komentar|suka)[ _-]+", label, flags=re.I)[-1]
    return word(last) if CODE.fullmatch(last) and shortcode_time(last) else None
