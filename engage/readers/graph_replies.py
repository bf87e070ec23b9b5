"""What the replies of the Graph API say, collected by the numbers of accounts and posts (see graph_api.py)."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from engage.messages import message
from engage.readers.dates import shortcode_in
from engage.readers.files import Member
from engage.readers.part import OWN, own_on
from engage.readers.records import Entry, at, count, entries, first_of, word
from engage.study import Note

POST = {
    "views": "views", "plays": "views", "ig_reels_aggregated_all_plays_count": "views", "video_views": "views",
    "post_media_view": "views", "post_video_views": "views", "reach": "reach", "post_impressions_unique": "reach",
    "impressions": "impressions", "post_impressions": "impressions", "saved": "saves", "saves": "saves",
    "shares": "shares", "likes": "likes", "comments": "comments", "follows": "follows",
    "profile_visits": "profile_visits",
}  # fmt: skip
DAY = {
    "follower_count": "new_follows", "reach": "reach", "views": "views", "profile_views": "profile_visits",
    "total_interactions": "interactions", "page_fan_adds": "new_follows", "page_fan_adds_unique": "new_follows",
    "page_daily_follows": "new_follows", "page_daily_follows_unique": "new_follows", "page_fan_removes": "lost_follows",
    "page_fan_removes_unique": "lost_follows", "page_daily_unfollows": "lost_follows",
    "page_daily_unfollows_unique": "lost_follows", "page_fans": "followers", "page_follows": "followers",
    "page_impressions_unique": "reach", "page_media_view": "views", "page_views_total": "profile_visits",
    "page_post_engagements": "interactions",
}  # fmt: skip
KINDS = {"reels": "reel", "story": "story", "image": "photo", "carousel_album": "carousel", "video": "video",
         "photo": "photo", "album": "carousel", "status": "text", "added_photos": "photo", "added_video": "video",
         "mobile_status_update": "text"}  # fmt: skip
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
        first = first_of(node["data"])
        known = kind_of(first) if first and "data" not in first else ""
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
        self.pages: dict[tuple[str, str], Counter[str]] = {}
        self.files: dict[tuple[str, str], str] = {}
        self.unused: Counter[str] = Counter()
        self.notes: list[Note] = []

    def file(self, member: Member) -> None:
        named = IN_NAME.findall(member.name)
        loose = "comment" if "comment" in member.name.lower() else ""
        for reply in replies_in(member.document):
            if kind_of(reply) == "error":
                text = message("{file} holds an error of the API in place of numbers: {what} Ask it again without what "
                               "it refuses.", file=member.label,
                               what=TOKEN.sub("…", word(at(reply, "error", "message")) or "…")[:200])  # fmt: skip
                self.notes.append(Note("warning", member.label, text))
            elif kind_of(reply) == "list":
                self.nodes(reply, named[-1] if named else "", member.label, loose)
            else:
                self.node(reply, named[-1] if named else "", member.label)

    def nodes(self, reply: Any, about: str, label: str, loose: str = "") -> None:
        """Take the nodes of a list, which is about a post or an account."""
        paging = at(reply, "paging")
        links = [link for key in ("next", "previous") if (link := word(at(paging, key)))]
        about = next((found[1] for link in links if (found := EDGE.search(link))), about)
        nodes = entries(at(reply, "data"))
        for node in nodes:
            self.node(node, about, label, loose)
        key = (kind_of(nodes[0]) if nodes else "", about)
        seen = self.pages.setdefault(key, Counter())
        seen["next" if at(paging, "next") else "last" if at(paging, "previous") else "only"] += 1
        self.files.setdefault(key, label)

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
            self.post(node, number, kind == "post", owner or about, label)

    def account(self, node: Entry, label: str, own: bool) -> None:
        number, name = word(node.get("id")) or "", (word(node.get("username")) or "").lower()
        page = bool(node.keys() & PAGE)
        key = number or name
        row = {"platform": "facebook" if page else "instagram", "handle": name or (number if page else ""),
               "name": word(node.get("name")), "followers": count(node.get("followers_count", node.get("fan_count"))),
               "following": count(node.get("follows_count")), "posts": count(node.get("media_count"))}  # fmt: skip
        known = self.accounts.setdefault(key, row)
        known.update({column: value for column, value in row.items() if known[column] in (None, "")})
        self.own |= {key: None} if own else {}
        for edge in ("media", "posts", "published_posts", "feed", "stories"):
            for inner in entries(at(node, edge, "data")):
                self.node(inner, key, label, owner=key)
        if entries(at(node, "insights", "data")):
            self.nodes(node["insights"], key, label)
        if isinstance(linked := node.get("instagram_business_account"), dict) and "username" in linked:
            self.account(linked, label, own)

    def post(self, node: Entry, number: str, page: bool, about: str, label: str) -> None:
        head, _, tail = number.rpartition("_")
        kinds = (node.get("media_product_type"), node.get("media_type"), node.get("type"), node.get("status_type"),
                 at(node, "attachments", "data", 0, "media_type"))  # fmt: skip
        caption = word(node.get("message" if page else "caption"))
        likes = at(node, "reactions", "summary", "total_count"), at(node, "likes", "summary", "total_count")
        row = {
            "owner": (word(at(node, "from", "id")) or head or about) if page
            else (word(node.get("username")) or word(at(node, "owner", "username")) or word(at(node, "owner", "id"))
                  or about).lower(),
            "platform": "facebook" if page else "instagram",
            "shortcode": None if page else word(node.get("shortcode")) or shortcode_in(
                word(node.get("permalink")) or "") or None,
            "published_at": word(node.get("created_time" if page else "timestamp")), "caption": caption,
            "kind": next((KINDS[k.lower()] for k in kinds if isinstance(k, str) and k.lower() in KINDS), None),
            "likes": count(likes[0] if likes[0] is not None else likes[1]) if page else count(node.get("like_count")),
            "comments": count(at(node, "comments", "summary", "total_count") if page else node.get("comments_count")),
            "shares": count(at(node, "shares", "count")) if page else None,
            "views": None if page else count(node.get("view_count")),
        }  # fmt: skip
        known = self.posts.setdefault(tail, row)
        known.update({column: value for column, value in row.items() if known.get(column) in (None, "")})
        self.metrics_of(node, tail, label)
        for key in ("reactions", "likes"):
            for who in entries(at(node, key, "data")):
                if author := word(who.get("id")):
                    self.acts[f"{tail} {author}"] = {
                        "post": tail,
                        "kind": "like",
                        "author": author,
                        "platform": row["platform"],
                    }
                    self.lists[tail, "like"] = bool(at(node, key, "paging", "next"))
        for inner in entries(at(node, "comments", "data")):
            self.comment(inner, tail)
        if at(node, "comments", "paging", "next"):
            self.lists[tail, "comment"] = True

    def metrics_of(self, node: Entry, number: str, label: str) -> None:
        for metric in entries(at(node, "insights", "data")):
            self.metric(metric, number)

    def metric(self, node: Entry, about: str) -> None:
        """A number of a post for all time, or of an account for days."""
        name, inside = str(node.get("name")), re.match(r"(\d{4,30}(?:_\d{4,30})?)/insights", str(node.get("id")))
        about = inside[1] if inside else about
        values = entries(node.get("values"))
        if any("end_time" in value for value in values):
            if name in DAY and node.get("period") == "day":
                self.days += [{"about": about, "platform": "facebook" if name.startswith("page_") else "instagram",
                               "metric": DAY[name],
                               "at": word(value.get("end_time")), "value": count(value.get("value"))}
                              for value in values]  # fmt: skip
                return
        elif name in POST and about and node.get("period") in ("lifetime", None):
            value = count(at(node, "total_value", "value") if not values else values[0].get("value"))
            key, sure = (about.rpartition("_")[2], POST[name]), name == POST[name]
            if value is not None and (sure or key not in self.counts):
                self.counts[key] = (sure, value)
            return
        self.unused[name[:60]] += 1

    def comment(self, node: Entry, post: str) -> None:
        """A comment with all replies to it, however deep."""
        post = post.rpartition("_")[2]
        self.lists[post, "comment"] = self.lists.get((post, "comment"), False)
        waiting: list[tuple[Entry, str | None]] = [(node, None)]
        while waiting:
            each, answered = waiting.pop()
            author = word(each.get("username")) or word(at(each, "from", "username")) or word(at(each, "from", "id"))
            media = word(at(each, "media", "id"))
            number = word(each.get("id")) or f"{post} {len(self.acts)}"
            row = {"post": media or post, "kind": "comment", "to": answered, "person": word(at(each, "from", "id")),
                   "author": author.lower() if author and len(author) <= 100 else None,
                   "platform": "facebook" if "created_time" in each else "instagram",
                   "source_id": word(each.get("id")),
                   "text": word(each.get("text")) or word(each.get("message")),
                   "at": word(each.get("timestamp")) or word(each.get("created_time"))}  # fmt: skip
            self.acts.setdefault(number, row)
            inner = entries(at(each, "replies", "data")) or entries(at(each, "comments", "data"))
            waiting += [(reply, row["author"]) for reply in inner]
            if at(each, "replies", "paging", "next"):
                self.lists[post, "comment"] = True

    def name_of(self, about: str, platform: str) -> str:
        """The account_id for the number or handle of an account; that of the user's own where it is unknown."""
        if platform == "facebook":
            own = [number for number in self.own if self.accounts.get(number, {}).get("platform") == "facebook"]
            about = about or (own[0] if len(own) == 1 else "")
            return f"facebook:{about.lower()}" if about else own_on("facebook")
        handle = self.accounts[about]["handle"] if about in self.accounts else "" if about.isdigit() else about
        return f"instagram:{handle}" if handle else self.owner() or OWN

    def owner(self) -> str:
        """The Instagram account that the replies are mostly about, of those that are the user's own."""
        seen = Counter(post["owner"] for post in self.posts.values() if post["platform"] == "instagram")
        mine = [row["handle"] for number in self.own if (row := self.accounts.get(number)) and row["handle"]
                and row["platform"] == "instagram"]  # fmt: skip
        others = {row["handle"] for number, row in self.accounts.items() if number not in self.own} | set(self.accounts)
        names = mine or [name for name in seen if name and not name.isdigit() and name not in others]
        best = min(names, key=lambda name: (-seen[name], name), default="")
        return f"instagram:{best}" if best else ""

    def page(self) -> str:
        """The user's Facebook page: the one asked for, else the one with the most posts."""
        seen = Counter(post["owner"] for post in self.posts.values() if post["platform"] == "facebook")
        mine = [number for number in self.own if self.accounts.get(number, {}).get("platform") == "facebook"]
        best = min(mine or list(filter(None, seen)), key=lambda name: (-seen[name], name), default="")
        return f"facebook:{best.lower()}" if best else ""
