"""Instaloader's folders and zips: posts and profiles (.json, .json.xz, of versions 3 and 4), comments, captions.

Gives: posts with likes and comments (plays of videos, no reach), commenters by name with times, the account with its
followers and followings. Does not give: likers and followers (people script those lists; they are read as lists of
names), the number of posts (Instaloader leaves it out of a saved profile), reach.
Clock: UTC, in the files and in their names.
Quirks: hidden likes are -1; a .txt is a caption and never a list of names; a `_location.txt` is never looked at; a
post may name its owner by number only (then the folder's profile, its `id` file or its name says who); comments do
not name their post: the file of the same name does, else the time or the code in the name.
Evidence: the source of Instaloader 4.16; the forms of version 3 and of the phone's nodes from its changes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import Any

from engage.messages import ReadError, message
from engage.readers import names
from engage.readers.dates import shortcode_time
from engage.readers.files import Member
from engage.readers.part import Options, Part, clean_handle
from engage.readers.records import Entry, entries, first, word
from engage.readers.scraped import Haul, comments_in, main_owner, media, owners_of, person
from engage.readers.text import decode
from engage.study import Note

TOGETHER = True
NAMED = re.compile(r"(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)_UTC")
CAPTION = re.compile(r"_UTC(?:_old_\d+|_location|_\d+)?\.txt$")
STEM = re.compile(r"(?:_comments|_location|_old_\d+)?\.(?:json|txt)$")
CODE = re.compile(r"[A-Za-z0-9_-]{11}")
SURE = re.compile(r"[0-9-].*[A-Z]|(?<!^)[A-Z].*[0-9-]")
NODES = {"Post", "StoryItem", "Profile"}
COUNTED = {"edge_media_preview_like", "edge_media_to_caption", "edge_media_to_comment", "likes"}


def node_of(document: Any) -> tuple[Entry, str]:
    """The node of a saved thing and what it is: Post, StoryItem, Profile, or another; empty when it is none."""
    if not isinstance(document, dict):
        return {}, ""
    node, by = document.get("node"), document.get("instaloader")
    if isinstance(node, dict) and isinstance(by, dict):
        return node, word(by.get("node_type")) or ""
    if "shortcode" in document and document.keys() & COUNTED:  # version 3
        return document, "Post"
    return (document, "Profile") if {"username", "edge_followed_by"} <= document.keys() else ({}, "")


def claims(member: Member, options: Options) -> bool:
    """Whether a file is a saved node, a list of comments, a caption, or the number of a profile."""
    if member.looks_like_json:
        if node_of(member.document)[1]:
            return True
        found = entries(member.document)
        telling = ({"created_at", "text", "owner"}, {"created_at", "text", "answers"})
        return bool(found) and all(any(keys <= item.keys() for keys in telling) for item in found[:20])
    if member.name == "id":
        return member.data.strip().isdigit()
    if CAPTION.search(member.name):
        return True
    return member.suffix == ".txt" and bool(_code(member.name)) and not names.claims(member, options)


def _code(name: str) -> str | None:
    """The shortcode that a file is called after; words of eleven letters are none."""
    stem = STEM.sub("", name)
    made = shortcode_time(stem) if CODE.fullmatch(stem) and SURE.search(stem) else None
    return stem if made and made < dt.datetime.now(dt.UTC) else None


def _seconds(at: str) -> int:
    try:
        return int(dt.datetime.fromisoformat(at).timestamp())
    except ValueError:  # 31 February
        return 0


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each folder as its own part; one that is the only one with a profile is the user's own account."""
    folders: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        place = f"{member.source}/{member.path}" if member.path != member.source else member.path
        folders[place.rpartition("/")[0]].append(member)
    read_ = [_Folder(place, own) for place, own in sorted(folders.items())]
    owners = {folder.owner for folder in read_ if folder.owner}
    parts = [folder.haul.part(folder.owner, owners_of([folder.haul]), folder.certainty) for folder in read_]
    for part, folder in zip(parts, read_, strict=True):  # another file may know the true number of such a post
        part.rank += any(str(row["post_id"]).startswith("ts-") for row in folder.haul.posts)
    if len(owners) > 1:  # a list of accounts: none of them is known to be the user's own
        for part in parts:
            part.owner, part.certainty = "", 0
    return parts


class _Folder:
    """One folder while it is read: its posts by the name that their files share."""

    def __init__(self, place: str, members: list[Member]) -> None:
        self.haul = Haul(place or members[0].label)
        self.posts: dict[str, Entry] = {}
        self.certainty = 2
        self.names: dict[str, str] = {}  # account numbers and their handles
        number = ""
        for member in sorted(members, key=lambda member: member.name):  # what is of a post stands behind it
            stem = STEM.sub("", member.name)
            try:
                if member.name == "id":
                    number = member.data.decode("ascii", "replace").strip()
                elif member.looks_like_json and (found := node_of(member.document))[1]:
                    self.node(stem, *found)
                elif member.looks_like_json:
                    said = self.post(stem) or {}
                    ref = word(said.get("shortcode") or said.get("post_id"))
                    self.haul.comments += comments_in(entries(member.document), ref)
                elif not member.name.endswith("_location.txt") and (post := self.post(stem)):
                    post["caption"] = decode(member.data).strip() if post["caption"] is None else post["caption"]
            except ReadError as error:
                self.haul.notes.append(Note("error", member.source, error.message))
            member.close()
        self.owner = self.names.get(number) or self.main(place)
        self.name_owners()

    def post(self, stem: str) -> Entry | None:
        return self.posts.get(stem) or self.bare(stem)

    def node(self, stem: str, node: Entry, what: str) -> None:
        phone = node.get("iphone_struct")
        if what == "Profile":
            row = person(node)
            self.haul.accounts.append(row)
            if handle := clean_handle(word(row["handle"]) or "")[0]:
                self.names[word(row["id"]) or handle] = handle
        elif what in NODES:
            row = media(node)
            if isinstance(phone, dict):
                row |= {key: value for key, value in media(phone).items() if row[key] is None}
            if what == "StoryItem":
                row["kind"] = "story"
            row["owner_id"] = word(first(node, "owner.id", "user.pk", "user.id", "iphone_struct.user.pk"))
            if row["of"] and row["owner_id"]:
                self.names.setdefault(row["owner_id"], clean_handle(word(row["of"]) or "")[0])
            self.posts[stem] = row
            self.haul.posts.append(row)

    def bare(self, stem: str) -> Entry | None:
        """A post of which only the name of its file tells: when it was made, or its code."""
        code, found = _code(stem), NAMED.search(stem)
        if not code and not found:
            return None
        made = shortcode_time(code or "")
        at = "{}T{}:{}:{}Z".format(*found.groups()) if found else made.isoformat() if made else None
        row = media({"shortcode": code, "taken_at": at, "id": f"ts-{_seconds(at)}" if at and not code else None})
        self.posts[stem] = row
        self.haul.posts.append(row)
        return row

    def main(self, place: str) -> str:
        """Whose folder it is: of the only profile in it, else of its posts, else what it is called."""
        handles = {row["handle"] for row in self.haul.accounts if isinstance(row["handle"], str)}
        if len(handles) == 1:
            return clean_handle(handles.pop())[0]
        if named := main_owner(row["of"] for row in self.haul.posts):
            return named
        unnamed = all(row["of"] is None for row in self.haul.posts)
        self.certainty = 1
        return clean_handle(place.rpartition("/")[2].removesuffix(".zip"))[0] if self.haul.posts and unnamed else ""

    def name_owners(self) -> None:
        """Posts that name their owner by number only, or not at all."""
        guessed = 0
        for row in self.haul.posts:
            if row["of"] is None:
                known = self.names.get(row.get("owner_id") or "")
                row["of"] = known or self.owner or None
                guessed += not known and bool(self.owner)
        if guessed:
            text = message("Posts that do not name their account, taken as those of {handle}, whose folder it is: {n}.",
                           handle=self.owner, n=guessed)  # fmt: skip
            self.haul.note("guess", text, guessed)
