"""The entries of an Instagram export, whatever its layout, family, language or format: the same for JSON and pages.

Labels are known by headers/instagram_export.csv. A role with a question mark there is a guess (formats.md has words of
the app, but nobody has seen such an export), and is told. A label that is not there is never dropped without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from engage.messages import ReadError
from engage.readers import instagram_2018 as flat
from engage.readers import instagram_html as pages
from engage.readers.columns import known_headers, normal
from engage.readers.files import Member
from engage.readers.part import MARKS
from engage.readers.records import Entry, entries, first_of, text_of, time_of
from engage.readers.text import repair

PATHS = {
    role: re.compile(rf"(?:^|/){path}\.(?:json|html)$")
    for role, path in {
        "facts": r"past_instagram_insights/(?:audience_insights|profiles_reached|content_interactions)",
        "insights": r"past_instagram_insights/(?:posts|reels|stories|live_videos|igtv_videos)",
        "followers": r"(?:followers_and_following/)?followers(?:_\d+)?",
        "following": r"(?:followers_and_following/)?following(?:_\d+)?",
        "comments": r"(?:comments/)?(?:post_comments(?:_\d+)?|reels_comments|hype)",
        "likes": r"(?:likes/)?liked_(?:posts|comments)",
        "media": r"(?:(?:media|content)/)?(?:posts(?:_\d+)?|reels|stories|igtv_videos|archived_posts)",
        "profile": r"(?:(?:account|personal)_information/)*personal_information",
        "flat": r"(?:connections|media|comments|likes|profile)",
    }.items()
}
FOLDERS = {"connections", "your_instagram_activity", "logged_information", "personal_information", "likes", "comments",
           "account_information", "media", "content", "followers_and_following", "past_instagram_insights"}  # fmt: skip
NAMED = FOLDERS - {"likes", "comments", "media", "content"}  # folders that nothing else has
PRIVATE = re.compile(  # folders, and files of the layout that had none
    r"(?:^|/)(?:(?:messages|contacts|security_and_login_information|device_information)/|(?:messages|contacts|"
    r"uploaded_contacts|searches|saved|settings|devices|account_history|autofill|seen_content|stories_activities|"
    r"information_about_you)\.json$)"
)
ENTRY_KEYS = {"string_list_data", "string_map_data", "media", "label_values", "uri", "media_map_data"}
PEOPLE = ("followers", "following")
METRICS = ("reach", "impressions", "views", "likes", "comments", "saves", "shares", "follows", "profile_visits")
# need not be read whole
BARE_LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s*\[\s*\{[^{}]*"(?:string_list_data|label_values)"')
COUNT = re.compile(r"\d[\d,]{0,11}(?:\.\d)?[KM%]?|--")  # what may be shown; coordinates and device numbers are not


class Labels(NamedTuple):
    """What an entry says: value and time of each role and of each label that is not known; which roles are guesses."""

    known: dict[str, tuple[str, float]]
    unknown: dict[str, tuple[str, float]]
    guessed: dict[str, str]

    def value(self, role: str) -> str:
        return self.known.get(role, ("", 0.0))[0]


def role_of(member: Member) -> str:
    """What a member may be by its path: a key of `PATHS`, or empty."""
    path = member.path
    return "" if PRIVATE.search(path) else next((role for role, name in PATHS.items() if name.search(path)), "")


def root(member: Member) -> str:
    """The zip and folder that an export begins in."""
    folders = member.path.split("/")[:-1]
    known = [i for i, folder in enumerate(folders) if folder in FOLDERS]
    return f"{member.source}/{'/'.join(folders[: known[0]] if known else folders)}"


def is_ours(member: Member) -> bool:
    """Whether a member is, by what it holds, a file of an export that we need."""
    if not (role := role_of(member)):
        return False
    try:
        if member.suffix == ".html":
            place = bool(NAMED & set(member.path.split("/")[:-1]))
            return role != "flat" and pages.looks_like_page(member) and pages.is_page_of_export(
                member, role in PEOPLE, known_place=place or role == "profile")  # fmt: skip
        if not member.looks_like_json:
            return False
        if role == "flat":
            return bool(flat.lists(member.document))
        return BARE_LIST.match(member.head) is not None or all(
            ENTRY_KEYS & entry.keys() for entry in _listed(member.document)[:20]
        )
    except ReadError:  # broken: ours to report, where its name is none that others use too
        return role != "flat"


def lists_of(member: Member) -> list[tuple[str, str, Iterable[Entry]]]:
    """Role, name and entries of each list in a file. Raises ReadError."""
    role, name = role_of(member), member.name.rpartition(".")[0]
    if member.suffix == ".html":
        if role in PEOPLE:
            return [(role, name, pages.entries_of(member, people=True))]
        found = list(pages.entries_of(member, people=False))
        told = any(labels(entry).known.keys() & set(METRICS) for entry in found[:20])
        return [("insights" if role == "media" and told else role, name, found)]
    document = member.document
    if role == "flat":
        return [(role, name, found) for (role, name), found in flat.lists(document).items()]
    if role == "media" and isinstance(document, dict) and any("insights" in key for key in document):
        role = "insights"
    return [(role, name, _listed(document))]


def _listed(document: Any) -> list[Entry]:
    """A bare list, or the first list in an object that is not empty, whatever its key."""
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        alone = [value for value in document.values() if isinstance(value, dict)][:1]
        document = next(filter(None, lists), []) if lists else alone
    return entries(document)


@cache
def _roles() -> dict[str, str]:
    return {pages.unaccented(header): role for header, role in known_headers("instagram_export").items()}


def role_of_label(label: str) -> str:
    """The role of a label in any language, with a question mark when that is a guess; empty when it is not known.

    >>> role_of_label("J’aime"), role_of_label("Comptes touchÃ©s"), role_of_label("Suka"), role_of_label("Kilau")
    ('likes', 'reach', 'likes?', '')
    """
    return _role_of(label[:200])


@lru_cache(maxsize=4096)
def _role_of(label: str) -> str:
    name = normal(pages.unaccented(repair(label)))
    return _roles().get(name) or _roles().get(name.removeprefix("instagram "), "")


def labels(entry: Entry) -> Labels:
    """What the labels of an entry of either family say; of repeated ones the first counts."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(values := entry.get("string_map_data"), dict):
        pairs = list(values.items())
    elif isinstance(values := entry.get("label_values"), list):
        pairs = [(item.get("label") or item.get("title"), item) for item in values if isinstance(item, dict)]
    found = Labels({}, {}, {})
    for label, item in pairs:
        if not isinstance(label, str) or not isinstance(item, dict):
            continue
        said = text_of(item, "value") or _inner_name(item), time_of(item)
        role = role_of_label(label)
        if role.endswith("?"):
            found.guessed[repair(label)[:60]] = role[:-1]
        if role:
            found.known.setdefault(role.rstrip("?"), said)
        else:
            found.unknown.setdefault(repair(label)[:60].lower(), said)
    return found


def _inner_name(item: Entry) -> str:
    """The account in a value that is itself a list of labels, as the owner of a post is."""
    for _ in range(2):
        inner = entries(item.get("dict"))
        for part in inner:
            if role_of_label(text_of(part, "label")).rstrip("?") == "username":
                return text_of(part, "value")
        item = inner[0] if inner else {}
    return ""


def person(entry: Entry) -> tuple[str, float]:
    """Handle and time of an entry of a list of people: value, else title, else the end of the link."""
    if "string_list_data" in entry:
        item = first_of(entry["string_list_data"])
        name, time = text_of(item, "value") or text_of(entry, "title") or text_of(item, "href"), time_of(item)
    else:
        found, time = labels(entry), time_of(entry)
        name = found.value("username") or found.value("url")
    return _handle_in(MARKS.sub("", name).strip()), time


def _handle_in(name: str) -> str:
    if "/" in name:
        name = re.sub(r"[?#].*", "", name, flags=re.S).rstrip("/").rsplit("/", 1)[-1]
        name = "" if name.lower() in ("www.instagram.com", "instagram.com", "_u") else name
    return name.strip().lower()
