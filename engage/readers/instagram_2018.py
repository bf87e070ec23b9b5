"""An Instagram export of 2018 to 2020: flat files of lists, put into the form that the later exports have.

Gives followers and following with their dates (connections.json), posts (media.json; pictures of one second and caption
are one post), the account (profile.json), and counts of what the owner wrote and liked (comments.json, likes.json);
there are no insights. Clock: UTC, which the dates of 2019 say themselves; where they do not, that is a guess. Quirks:
names are keys, so nobody stands twice. E-mail, telephone and places in these files are never kept.
Evidence: the keys are reported by several parsers, the shape of what is in them by some; the zone is from memory.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from engage.readers.records import Entry, entries, text_of


def lists(document: Any) -> dict[tuple[str, str], list[Entry]]:
    """The lists in a file of the layout of 2018 to 2020, by role and name; none where it is no such file."""
    if not isinstance(document, dict):
        return {}
    found: dict[tuple[str, str], list[Entry]] = {}
    for table in ("followers", "following"):  # {"followers": {name: date}}
        people = document.get(table)
        if isinstance(people, dict) and all(isinstance(date, str) for date in list(people.values())[:20]):
            found[table, table] = [_said(name, date) for name, date in people.items()]
    media = [item for name in ("photos", "videos") for item in _taken(document.get(name))]
    if media or _taken(document.get("stories")):
        found["media", "posts"] = _albums(media)
        found["media", "stories"] = _taken(document.get("stories"))
    for name in ("media_comments", "live_comments", "story_comments"):  # [date, text, owner]
        rows = [row for row in _rows(document.get(name)) if len(row) > 2]
        if rows:
            found["comments", name] = [_said(text, date) | {"title": owner} for date, text, owner, *_ in rows]
    for name in ("media_likes", "comment_likes"):  # [date, owner]
        if rows := _rows(document.get(name)):
            found["likes", name] = [{"title": row[1]} for row in rows]
    if isinstance(document.get("username"), str) and document.keys() & {"private_account", "date_joined"}:
        kept = {"Username": {"value": document["username"]}, "Name": {"value": document.get("name")}}
        found["profile", "profile"] = [{"string_map_data": kept}]
    return found


def _said(text: str, date: str) -> Entry:
    return {"string_list_data": [{"value": text, "timestamp": _seconds(date)}]}


def _taken(items: Any) -> list[Entry]:
    return [item for item in entries(items) if isinstance(item.get("taken_at"), str) and "path" in item]


def _rows(items: Any) -> list[list[str]]:
    rows = items if isinstance(items, list) else []
    return [row for row in rows if isinstance(row, list) and len(row) > 1 and all(isinstance(v, str) for v in row[:3])]


def _albums(items: list[Entry]) -> list[Entry]:
    """Pictures of one second and caption are one post."""
    albums: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for item in items:
        albums[item["taken_at"], text_of(item, "caption")].append(item)
    return [
        {"title": caption, "creation_timestamp": _seconds(date), "media": [{"uri": text_of(i, "path")} for i in own]}
        for (date, caption), own in albums.items()
    ]


def _seconds(date: Any) -> float:
    """An instant of the old layout, in UTC where it names no zone; 0 where it is none."""
    try:
        at = dt.datetime.fromisoformat(date)
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0.0
