"""What the columns of a hand-made table mean: an alias table (English, Indonesian, Malay), checked by the values."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any

from engage.messages import Message, message
from engage.readers.numbers import BLANKS, NUMBER
from engage.readers.part import clean_handle, platform_in
from engage.study import POST_KINDS

PRICE = re.compile(r"^(?:rate(?: ?card)?|harga|price|tarif|fee|biaya|kos|bayaran)\s+(?:(?:per|setiap|untuk)\s+)?(.+)$")
DELIVERABLES = {"feed": "feed", "reel": "reels", "reels": "reels", "story": "story", "stories": "story",
                "storis": "story", "cerita": "story", "video": "video", "tiktok": "tiktok", "live": "live",
                "foto": "feed", "gambar": "feed", "hantaran": "post", "carousel": "carousel"}  # fmt: skip
KIND_WORDS = {"gambar": "photo", "foto": "photo", "image": "photo", "feed": "photo", "single": "photo", "reels": "reel",
              "carousel": "carousel", "album": "carousel", "sidecar": "carousel", "cerita": "story", "stories": "story",
              "video": "video", "teks": "text", "carrossel": "carousel", "karussell": "carousel", "karusel": "carousel",
              "bild": "photo", "imej": "photo"} | {kind: kind for kind in POST_KINDS}  # fmt: skip
CHANNELS = ("channel", "kanal", "saluran")  # of a brand: its platforms; of influencers: their names
PLATFORMS = ("instagram", "tiktok", "youtube", "facebook", "threads", "x", "linkedin")
FLAGS = dict.fromkeys(["ya", "y", "yes", "true", "iya", "betul", "x", "v", "✓", "✔", "1"], True) | dict.fromkeys(
    ["tidak", "t", "no", "n", "false", "tak", "bukan", "0"], False
)


@cache
def _headers(source: str) -> list[tuple[str, set[str]]]:
    """The headers of a source, from its file in headers/; a further language is a further header in that file."""
    text = (resources("engage.readers") / "headers" / f"{source}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [(row["role"], {normal(header) for header in row["headers"].split("|")}) for row in rows]


@cache
def known_headers(source: str) -> dict[str, str]:
    """Header, in lower case and without marks, to role: the headers of a source."""
    return {header: role for role, headers in _headers(source) for header in headers}


def later_format(rows: Sequence[Sequence[str]]) -> str:
    """The format whose telling headers all stand in one of the first rows and that we do not read; else empty."""
    found = [{normal(cell) for cell in row} for row in rows[:30]]
    return next((what for what, telling in _headers("later") if any(telling <= headers for headers in found)), "")


METRICS = ("reach", "views", "impressions", "likes", "comments", "shares", "saves", "follows", "profile_visits")
KINDS: dict[str, set[str]] = {  # kinds of tables, and the roles that each must have
    "accounts": {"handle"}, "posts": set(), "reactions": {"handle"}, "followers": {"handle"}, "sales": {"amount"},
    "days": {"date"},
}  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """How one table is read: its kind, and which header plays which role.

    `kind` is "accounts", "posts", "reactions", "followers", "sales" or "days". A role `price:<deliverable>` holds
    a price. `decimal` and `dayfirst` settle what the values leave open.
    """

    kind: str
    columns: dict[str, str]
    header_row: int = 0
    decimal: str = ""
    dayfirst: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Mapping:
        return cls(**{key: value for key, value in values.items() if key in cls.__dataclass_fields__})

    def fits(self, headers: Sequence[str]) -> bool:
        """Whether a table with these headers can be read so."""
        return KINDS.get(self.kind, {""}) <= {role for role, header in self.columns.items() if header in headers}


@dataclass(frozen=True)
class Column:
    """One column of a table: its header, its role (empty when unused), why, and its first three values."""

    header: str
    role: str
    why: Message
    examples: tuple[str, ...]


def normal(header: str) -> str:
    """A header in lower case, without marks and what stands in parentheses."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header.lower())
    return re.sub(r"[^\w]+", " ", text.replace("_", " ")).strip()


def signature(headers: Sequence[str]) -> str:
    """A short name for a set of headers, under which a corrected mapping is remembered."""
    return hashlib.sha256("|".join(normal(header) for header in headers).encode()).hexdigest()[:16]


def role_of_header(header: str) -> str:
    """The role that a header alone suggests; empty when none."""
    name = normal(header)
    if role := known_headers("table").get(name):
        return role
    if match := PRICE.match(name):
        found = [DELIVERABLES[word] for word in match.group(1).split() if word in DELIVERABLES]
        return f"price:{found[0] if found else match.group(1)}"
    return ""


def describe(headers: Sequence[str], body: Sequence[Sequence[str]]) -> list[Column]:
    """Give each column its role, by its header and then by its values; a role is given once."""
    taken: set[str] = set()
    columns = []
    cells = [[row[i].strip() for row in body[:200] if i < len(row) and row[i].strip()] for i in range(len(headers))]
    found = [_by_values(role_of_header(header), header, cells[i]) for i, header in enumerate(headers)]
    _one_handle(found, cells)
    for header, values, (role, why) in zip(headers, cells, found, strict=True):
        if role in taken and role.startswith("price:"):
            role = f"price:{normal(header)}"
        if role in taken:
            role, why = "", message("Another column already gives this.")
        taken.add(role)
        columns.append(Column(header, role, why, tuple(values[:3])))
    return columns


def _one_handle(found: list[tuple[str, Message]], cells: list[list[str]]) -> None:
    """Of several columns of names keep the one with the most account names; "Nama KOL" may hold people's names."""
    rivals = [i for i, (role, _) in enumerate(found) if role == "handle"]
    named = {i: sum((clean_handle(value)[0] != "") + (re.search("[._0-9@]", value) is not None) for value in cells[i])
             / max(len(cells[i]), 1) for i in rivals}  # fmt: skip
    best = next((i for i in rivals if named[i] >= 0.8 * max(named.values())), -1)
    for i in rivals:
        if i != best and named[i] < named[best] and all(role != "name" for role, _ in found):
            found[i] = "name", message("The values are names of people; another column has those of accounts.")
        elif i != best:
            found[i] = "", message("Another column already gives this.")


def default_platform(headers: dict[str, str]) -> str:
    """The platform of names that bear none: as the headers of names and followers tell, else Instagram.

    >>> default_platform({"handle": "Kanal YouTube"}), default_platform({"handle": "Nama", "followers": "Subscribers"})
    ('youtube', 'youtube')
    >>> default_platform({"handle": "Akun X"}), default_platform({"handle": "username", "followers": "Followers"})
    ('x', 'instagram')
    """
    text = f"{headers.get('handle', '')} {headers.get('followers', '')}".lower()
    words = [platform_in(word) for word in normal(text).split()]
    named = (platform for platform in PLATFORMS if platform in words or (len(platform) > 1 and platform in text))
    return next(named, "youtube" if "subscriber" in text else "instagram")


def _by_values(role: str, header: str, values: list[str]) -> tuple[str, Message]:
    """Change a role that the values contradict: "Suka?" with yes and no is a mark, not a count."""
    lower = [value.lower() for value in values if value.lower() not in BLANKS]
    numeric = sum(NUMBER.fullmatch(value) is not None for value in lower)
    is_numeric = numeric > len(lower) / 2 or not lower
    if not role:
        return "", message("No use is known for this header.")
    if role == "likes" and lower and all(v in FLAGS for v in lower) and (not is_numeric or header.endswith("?")):
        return "liked", message("The values are yes and no, so each row says who liked.")
    if role == "comments" and (not is_numeric or (not lower and values)):
        return "comment", message("The values are words, so each row is a comment.")
    if role == "followers" and not is_numeric:
        return "handle", message("The values are names, so each row is a follower.")
    if role == "handle" and lower and numeric == len(lower) and normal(header) in ("pengikut", "follower"):
        return "followers", message("The values are numbers, so they count followers.")
    if role == "platform" and normal(header) in CHANNELS and not any(platform_in(v) in PLATFORMS for v in lower):
        return "handle", message("The values are names of channels.")
    if role == "name" and lower and all(clean_handle(value)[0] for value in lower) and any(
            "@" in value or "instagram.com" in value for value in lower):  # fmt: skip
        return "handle", message("The values are account names.")
    if role == "url" and lower and all(clean_handle(value)[0] and "/" in value for value in lower):
        return "handle", message("The links lead to accounts.")
    if role in METRICS and not is_numeric:
        return "", message("The header promises numbers, but the values are words.")
    return role, message("The header says so.")


def kind_of(roles: set[str]) -> str:
    """What a table with these roles is; empty when nothing can be made of it."""
    metrics = roles & set(METRICS)
    prices = any(role.startswith("price:") for role in roles)
    if "handle" in roles and {"liked", "comment"} & roles:
        return "reactions"
    told = bool({"country", "engagement_rate", "posts", "verified"} & roles) and "followers" in roles
    ranked = told and not {"url", "post", "caption", "kind"} & roles  # a row an account, with a date of its own
    if {"handle", "date"} <= roles and metrics and not prices and not ranked:
        return "posts"
    if "handle" in roles and (prices or {"followers", "engagement_rate", "topic"} & roles):
        return "accounts"
    if "amount" in roles and {"date", "handle", "code", "sale_id"} & roles:
        return "sales"
    if {"url", "post", "caption", "kind"} & roles and (metrics or "date" in roles):
        return "reactions" if "handle" in roles and "post" in roles and not metrics else "posts"
    if "handle" in roles and {"url", "post"} & roles:
        return "reactions"
    if "handle" in roles and metrics:
        return "posts"
    if "date" in roles and (metrics | roles & {"new_follows", "lost_follows", "followers", "interactions"}):
        return "days"
    return "followers" if "handle" in roles else ""
