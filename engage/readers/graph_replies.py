"""What the replies of the Graph API say, collected by the numbers of accounts and posts (see graph_api.py)."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cached_property
from typing import Any

from engage.messages import message
from engage.readers.dates import shortcode_in
from engage.readers.files import Member
from engage.readers.part import OWN, own_on
from engage.readers.records import Entry, at, count, entries, first, first_of, meanings, picked, word
from engage.study import Note

POST, DAY, KINDS = (meanings(f"graph_{name}") for name in ("post_metric", "day_metric", "kind"))
UNNAMED = {"instagram": OWN, "facebook": own_on("facebook")}  # of two own accounts Instagram's is the study's
TYPES = ("media_product_type", "media_type", "type", "status_type", "attachments.data.0.media_type")
PAGE = {"fan_count", "category", "talking_about_count", "instagram_business_account"}
EDGE = re.compile(r"/(\d{4,30}(?:_\d{4,30})?)/(?:comments|insights|media|posts|feed|published_posts|stories)\b")
IN_NAME = re.compile(r"(?<!\d)(\d{11,30}(?:_\d{5,30})?)(?!\d)")
TOKEN = re.compile(r"\S{30,}|access_token\S*")


def replies_in(document: Any) -> list[Entry]:
    """The replies of a file: one, several in a list, or a batch, whose bodies are JSON in texts."""
    found = []
    for entry in entries(document if isinstance(document, list) else [document]):
        if isinstance(body := entry.get("body"), str) and "code" in entry:
            try:
                entry = json.loads(body)
            except (ValueError, RecursionError):
                continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def kind_of(node: Entry) -> str:
    """What a reply or one of its nodes is; empty when it is none of the API's."""
    keys = node.keys()
    if isinstance(error := node.get("error"), dict):
        return "error" if "fbtrace_id" in error or str(error.get("type")).endswith("Exception") else ""
    if isinstance(node.get("business_discovery"), dict):
        return "discovery"
    if isinstance(node.get("data"), list):
        item = first_of(node["data"])
        known = kind_of(item) if item and "data" not in item else ""
        return "list" if known or (not node["data"] and keys <= {"data", "paging"}) else ""
    if isinstance(node.get("name"), str) and "period" in keys and keys & {"values", "total_value"}:
        return "metric"
    if word(node.get("id")) is None:
        return ""
    if {"text", "timestamp"} <= keys and "media_type" not in keys:
        return "comment"
    if "timestamp" in keys and (isinstance(node.get("media_type"), str) or "comments_count" in keys):
        return "media"
    if "created_time" in keys:
        asked = keys & {"like_count", "comment_count", "user_likes", "can_remove", "parent"}
        return "comment" if "message" in keys and asked else "post"
    if keys & PAGE:
        return "page"
    return "user" if keys & {"followers_count", "follows_count", "media_count"} else ""


class Replies:
    """What all replies say, by the numbers of accounts and posts; names are put in when all are read."""

    def __init__(self) -> None:
        self.accounts: dict[str, Entry] = {}
        self.own: dict[str, None] = {}  # numbers of the user's own accounts
        self.posts: dict[str, Entry] = {}
        self.counts: dict[tuple[str, str], tuple[bool, float]] = {}
        self.days: list[Entry] = []
        self.acts: dict[str, Entry] = {}
        self.lists: dict[tuple[str, str], bool] = {}  # lists of comments or likes, and whether they are cut
        self.pages: dict[tuple[str, str], dict[str, str]] = {}  # of each list its file, and what its pages say
        self.unused: Counter[str] = Counter()
        self.notes: list[Note] = []

    def file(self, member: Member) -> None:
        about = next(iter(IN_NAME.findall(member.name)[::-1]), "")
        loose = "comment" if "comment" in member.name.lower() else ""
        for reply in replies_in(member.document):
            if (kind := kind_of(reply)) == "error":
                text = message("{file} holds an error of the API in place of numbers: {what} Ask it again without what "
                               "it refuses.", file=member.label,
                               what=TOKEN.sub("…", word(at(reply, "error", "message")) or "…")[:200])  # fmt: skip
                self.notes.append(Note("warning", member.label, text))
            elif kind == "list":
                self.nodes(reply, about, member.label, loose)
            else:
                self.node(reply, about, member.label)

    def nodes(self, reply: Any, about: str, label: str, loose: str = "") -> None:
        """Take the nodes of a list, which is about a post or an account."""
        paging = at(reply, "paging")
        links = [link for key in ("next", "previous") if (link := word(at(paging, key)))]
        about = next((found[1] for link in links if (found := EDGE.search(link))), about)
        nodes = entries(at(reply, "data"))
        for node in nodes:
            self.node(node, about, label, loose)
        key = (kind_of(nodes[0]) if nodes else "", about)
        seen = self.pages.setdefault(key, {"file": label})
        seen |= {"goes on": label} if at(paging, "next") else {"ends": label} if at(paging, "previous") else {}

    def node(self, node: Entry, about: str, label: str, loose: str = "", owner: str = "") -> None:
        kind = kind_of(node)
        if loose and kind == "post" and "permalink_url" not in node:
            kind = loose
        number = word(node.get("id")) or ""
        if kind == "discovery":
            self.own |= {number: None} if number else {}
            self.account(node["business_discovery"], label, own=False)
        elif kind in ("user", "page"):
            self.account(node, label, own=True)
        elif kind == "metric":
            self.metric(node, about)
        elif kind == "comment":
            self.comment(node, number.partition("_")[0] if "_" in number else about)
        elif kind in ("media", "post"):
            self.post(node, number, kind == "post", owner or about)

    def account(self, node: Entry, label: str, own: bool) -> None:
        number, name = word(node.get("id")) or "", (word(node.get("username")) or "").lower()
        page, key = bool(node.keys() & PAGE), number or name
        row = picked(node, "graph_account") | {"handle": name or (number if page else ""), "key": key if page else name}
        row["platform"] = "facebook" if page else "instagram"
        _complete(self.accounts, key, row)
        self.own |= {key: None} if own else {}
        for edge in ("media", "posts", "published_posts", "feed", "stories"):
            for inner in entries(at(node, edge, "data")):
                self.node(inner, key, label, owner=key)
        if entries(at(node, "insights", "data")):
            self.nodes(node["insights"], key, label)
        if isinstance(linked := node.get("instagram_business_account"), dict) and "username" in linked:
            self.account(linked, label, own)

    def post(self, node: Entry, number: str, page: bool, about: str) -> None:
        head, _, tail = number.rpartition("_")
        platform = "facebook" if page else "instagram"
        row = picked(node, f"graph_{platform}_post")
        kinds = (first(node, path) for path in TYPES)
        row["kind"] = next((KINDS[name] for kind in kinds if (name := str(kind).lower()) in KINDS), None)
        row["platform"] = platform
        row["owner"] = (word(row["owner"]) or head or about) if page else (word(row["owner"]) or about).lower()
        if not page:
            row["shortcode"] = word(row["shortcode"]) or shortcode_in(word(node.get("permalink")) or "") or None
        _complete(self.posts, tail, row)
        for metric in entries(at(node, "insights", "data")):
            self.metric(metric, tail)
        for key in ("reactions", "likes"):
            for author in filter(None, (word(who.get("id")) for who in entries(at(node, key, "data")))):
                self.acts[f"{tail} {author}"] = {"post": tail, "kind": "like", "author": author, "platform": platform}
                self.lists[tail, "like"] = bool(at(node, key, "paging", "next"))
        for inner in entries(at(node, "comments", "data")):
            self.comment(inner, tail)
        if at(node, "comments", "paging", "next"):
            self.lists[tail, "comment"] = True

    def metric(self, node: Entry, about: str) -> None:
        """A number of a post for all time, or of an account for days."""
        name, inside = str(node.get("name")), re.match(r"(\d{4,30}(?:_\d{4,30})?)/insights", str(node.get("id")))
        about = inside[1] if inside else about
        values = entries(node.get("values"))
        if any("end_time" in value for value in values):
            if name in DAY and node.get("period") == "day":
                common = {"about": about, "platform": "facebook" if name.startswith("page_") else "instagram"}
                self.days += [common | {"metric": DAY[name], "at": word(value.get("end_time")),
                                        "value": count(value.get("value"))} for value in values]  # fmt: skip
                return
        elif name in POST and about and node.get("period") in ("lifetime", None):
            value = count(values[0].get("value") if values else at(node, "total_value", "value"))
            key, sure = (about.rpartition("_")[2], POST[name]), name == POST[name]
            if value is not None and (sure or key not in self.counts):
                self.counts[key] = (sure, value)
            return
        self.unused[name[:60]] += 1

    def comment(self, node: Entry, post: str) -> None:
        """A comment with all replies to it, however deep."""
        post = post.rpartition("_")[2]
        self.lists.setdefault((post, "comment"), False)
        waiting: list[tuple[Entry, str | None]] = [(node, None)]
        while waiting:
            each, answered = waiting.pop()
            row = picked(each, "graph_comment")
            author = (word(row["author"]) or "").lower() or None
            author = author if author and len(author) <= 100 else None
            row |= {"post": word(row["post"]) or post, "kind": "comment", "author": author, "to": answered}
            row["platform"] = "facebook" if "created_time" in each else "instagram"
            self.acts.setdefault(word(each.get("id")) or f"{post} {len(self.acts)}", row)
            inner = entries(at(each, "replies", "data")) or entries(at(each, "comments", "data"))
            waiting += [(reply, author) for reply in inner]
            if at(each, "replies", "paging", "next"):
                self.lists[post, "comment"] = True

    def name_of(self, about: str, platform: str) -> str:
        """The account_id for the number or handle of an account; that of the user's own where it is unknown."""
        if about in self.accounts and platform == "instagram":
            about = self.accounts[about]["key"]
        known = about and (platform == "facebook" or not about.isdigit())
        return f"{platform}:{about.lower()}" if known else self.owners[platform] or UNNAMED[platform]

    @cached_property
    def owners(self) -> dict[str, str]:
        """By platform the account that the replies are mostly about, of the user's own; once all are read."""
        owners = {}
        others = {row["handle"] for number, row in self.accounts.items() if number not in self.own} | set(self.accounts)
        for platform in UNNAMED:
            seen = Counter(post["owner"] for post in self.posts.values() if post["platform"] == platform)
            mine = [row["key"] for number in self.own if (row := self.accounts.get(number)) and row["key"]
                    and row["platform"] == platform]  # fmt: skip
            named = [name for name in seen if name and (platform == "facebook" or not name.isdigit())]
            told = [name for name in named if name not in others]
            best = min(mine or told, key=lambda name: (-seen[name], name), default="")
            owners[platform] = f"{platform}:{best.lower()}" if best else ""
        return owners


def _complete(known: dict[str, Entry], key: str, row: Entry) -> None:
    """Add to what is known of a thing what this reply says besides."""
    found = known.setdefault(key, row)
    found.update({column: value for column, value in row.items() if found.get(column) in (None, "")})
