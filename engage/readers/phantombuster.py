"""PhantomBuster's Instagram phantoms: posts of a profile, and followers (CSV, or the JSON of the same columns).

Gives: posts with likes and comments (plays where the column is there); followers with picture, private and verified
marks where those columns are there. Does not give: follow dates, likers, reach. `timestamp` is when a row was
collected, no date of a post or follow. `query` is the account whose followers were asked for.
Clock: ISO with Z, UTC; a date without a zone is taken as UTC.
Quirks: the text of a post is `description`; `caption` may be a machine's words for the picture; rows with `error`.
Evidence: the posts' header from public repositories; the followers' from the documentation and from memory (a guess).
"""

from __future__ import annotations

from engage.readers.dates import shortcode_in
from engage.readers.files import Member
from engage.readers.part import Options, Part, clean_handle
from engage.readers.records import Entry, flag, picked, word
from engage.readers.scraped import Haul, hauls_of, items, keys_of, kind_of, main_owner, person

NUMBERS = {"likeCount", "commentCount", "pubDate"}
PEOPLE = {"fullName", "imgUrl", "isPrivate", "isVerified", "query"}


def what_of(keys: set[str]) -> str:
    """What a row with these columns is; empty when it is nothing of PhantomBuster's."""
    if "postUrl" in keys and keys & NUMBERS and keys & {"profileUrl", "username", "description"}:
        return "post"
    if {"profileUrl", "username"} <= keys and keys & PEOPLE and "postUrl" not in keys:
        return "follower"
    return ""


def claims(member: Member, options: Options) -> bool:
    """Whether the columns are those of a phantom."""
    found = [what_of(keys) for keys in keys_of(member)]
    return any(found) and (not member.looks_like_json or all(found))


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each file as its own part."""
    return [_part(haul) for haul in hauls_of(members, _gather)]


def _gather(haul: Haul, member: Member) -> None:
    what = next(filter(None, map(what_of, keys_of(member))), "")
    found = items(member)
    good = [row for row in found if not row.get("error")]
    haul.errors([word(row["error"]) or "" for row in found if row.get("error")])
    if what == "post":
        haul.posts = [_post(row) for row in good]
    else:
        haul.followers = [_person(row) for row in good]


def _part(haul: Haul) -> Part:
    asked = {row["of"] for row in haul.followers if row["of"]}
    return haul.part(asked.pop() if len(asked) == 1 else main_owner(row["of"] for row in haul.posts))


def _post(row: Entry) -> Entry:
    url, several = word(row.get("postUrl")) or "", "sidecar" if flag(row.get("isSidecar")) else None
    kind = kind_of("reel" if "/reel" in url else None, several, row.get("type"))
    return picked(row, "phantombuster_post") | {"shortcode": shortcode_in(url) or row.get("shortcode"), "kind": kind}


def _person(row: Entry) -> Entry:
    asked = clean_handle(word(row.get("query")) or "")[0]
    found = person(row) | {"of": asked or None}
    if found["picture"] and found["has_picture"] is None:
        found["has_picture"] = True
    return found | {"id": None}
