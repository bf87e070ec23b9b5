"""Apify's Instagram actors: posts, comments, profiles (JSON, JSON lines, or CSV and XLSX that flatten it), followers.

Gives: posts with likes, comments and plays (no reach); commenters by name; profiles with their counts; followers as
far as the actor writes them. Does not give: likers, follow dates, reach.
Clock: UTC, ISO with .000Z.
Quirks: hidden likes are -1; rows {error, errorDescription} stand among the others; a post repeats its latest comments,
which the comment actor gives again (they are counted once, by their id); a flat table is the same posts again;
followers' actors differ, and one file may hold followers and followings. An empty picture link means no picture.
Evidence: sample output in public repositories and a test's fixture; -1 and the followers' table are from memory.
"""

from __future__ import annotations

from engage.messages import message
from engage.readers.dates import shortcode_in
from engage.readers.files import Member
from engage.readers.part import Options, Part, clean_handle
from engage.readers.records import Entry, entries, first, picked, word
from engage.readers.scraped import Haul, comments_in, hauls_of, items, keys_of, kind_of, listed, parts_of, person

TOGETHER = True
OWNER = {"ownerUsername", "ownerId"}
PRIVATE = {"is_private", "isPrivate"}
COMMENT = {"commentUrl", "postUrl", "repliesCount"}
COUNTS = {"followersCount", "followsCount", "postsCount"}


def what_of(keys: set[str]) -> str:
    """What an item with these keys is; empty when it is nothing of Apify's."""
    if "shortCode" in keys and keys & (OWNER | {"timestamp", "url"}):
        return "post"
    if "text" in keys and keys & COMMENT and keys & (OWNER | {"owner"}):
        return "comment"
    if "username" in keys and keys & COUNTS:
        return "profile"
    if "username" in keys and keys & PRIVATE and "pk" not in keys and "profileUrl" not in keys:
        return "follower"
    return "error" if {"error", "errorDescription"} <= keys else ""


def claims(member: Member, options: Options) -> bool:
    """Whether the first items (or a table's headers) are those of an Instagram actor."""
    if not member.looks_like_json:
        return any(what_of(keys) not in ("", "error") for keys in keys_of(member))
    found = [what_of(keys) for keys in keys_of(member)]
    return 2 * sum(map(bool, found)) > len(found)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part; all together say whose the posts are on which somebody commented."""
    newest = sorted(members, key=lambda member: member.label, reverse=True)  # Apify's names end with the time
    hauls = hauls_of(sorted(newest, key=lambda member: not member.looks_like_json), _gather)
    scraped = [row["of"] for haul in hauls for row in haul.followers + haul.following if row["of"]]
    return parts_of(hauls, scraped)


def _gather(haul: Haul, member: Member) -> None:
    errors, unknown = [], 0
    for item in items(member):
        what = what_of({key for key, value in item.items() if value is not None})
        if what == "post":
            _post(haul, item)
        elif what == "comment":
            haul.comments += comments_in([item], None)
        elif what == "profile":
            haul.accounts.append(person(item))
            for post in entries(listed(item.get("latestPosts"))):
                _post(haul, {"ownerUsername": item.get("username")} | post)
        elif what == "follower":
            row = person(item) | {"of": word(item.get("username_scrape"))}
            following = (word(item.get("type")) or "").lower().startswith("following")
            (haul.following if following else haul.followers).append(row)
        elif "error" in item:
            errors.append(word(first(item, "errorDescription", "error")) or "")
        else:
            unknown += 1
    haul.errors(errors)
    haul.unknown(unknown)
    _pictures(haul)


def _post(haul: Haul, item: Entry) -> None:
    row, url = picked(item, "apify_post"), word(item.get("url")) or ""
    code, handle = word(row["shortcode"]) or shortcode_in(url) or None, clean_handle(word(row["of"]) or "")[0]
    producers = item.get("coauthorProducers")
    haul.posts.append(row | {
        "shortcode": code, "hashtags": [tag for tag in listed(item.get("hashtags")) if isinstance(tag, str)],
        "kind": kind_of(item.get("productType"), "reel" if "/reel" in url else None, item.get("type")),
        "is_collab": bool(listed(producers)) if producers is not None else None,
    })  # fmt: skip
    latest = comments_in(entries(listed(item.get("latestComments"))), code)
    haul.comments += [comment | {"of": handle} for comment in latest]


def _pictures(haul: Haul) -> None:
    """Where some have a link to their picture and others an empty one, those have none."""
    people = haul.followers
    if any(row["picture"] for row in people) and all(row["has_picture"] is None for row in people):
        for row in people:
            row["has_picture"] = bool(row["picture"])
        if n := sum(not row["picture"] for row in people):
            haul.note("guess", message("Profiles without a link to a picture, taken as without one: {n}.", n=n), n)
