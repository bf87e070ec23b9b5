"""What the columns of a hand-made table mean: an alias table (English, Indonesian, Malay), checked by the values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engage.messages import Message, message
from engage.readers.numbers import BLANKS, NUMBER
from engage.readers.part import clean_handle

ALIASES = {
    role: names.split("|")
    for role, names in {
        "handle": "username|user name|user|handle|akun|account|nama akun|nama pengguna|nama pengguna akun|username ig|"
                  "akun ig|ig|instagram|akun instagram|id instagram|link ig|link akun|profile|profil|profile url|"
                  "follower|nama follower|pengikut|creator|kreator|influencer|kol|nama kol|tiktok|akun tiktok|"
                  "username tiktok|pelanggan|pembeli|customer|buyer|nama pembeli",
        "name": "name|nama|full name|fullname|nama lengkap|display name|nama penuh",
        "platform": "platform|media sosial|social media|kanal|channel",
        "followers": "followers|jumlah followers|jumlah pengikut|follower count|followers count|total followers|"
                     "followers ig|bilangan pengikut",
        "following": "following|mengikuti|jumlah mengikuti|follows count|following count",
        "posts": "posts|jumlah post|jumlah postingan|jumlah posting|media count|post count|posts count|total post",
        "topic": "niche|topik|topic|kategori|category|tema|bidang|niche konten|kategori konten",
        "country": "country|negara", "verified": "verified|terverifikasi|centang biru",
        "engagement_rate": "er|engagement rate|tingkat interaksi|tingkat engagement|er rate|kadar penglibatan",
        "post": "post|postingan|posting|post id|id post|id postingan|konten|content|no post|shortcode|media id",
        "url": "link|url|permalink|tautan|link post|link postingan|link konten|post url|pautan",
        "date": "date|tanggal|tgl|waktu|time|tarikh|masa|published at|publish time|waktu posting|tanggal posting|"
                "tanggal upload|waktu publikasi|followed at|tanggal follow|timestamp|waktu pesanan|order date|"
                "tanggal pesanan|tanggal order|tanggal pembelian|jam",
        "kind": "type|jenis|tipe|jenis konten|format|kind|post type|jenis postingan|media type",
        "caption": "caption|deskripsi|description|teks|isi|keterangan post|kapsyen",
        "hashtags": "hashtag|hashtags|tagar", "is_paid": "paid|is paid|iklan|berbayar|sponsored|endorse",
        "reach": "reach|jangkauan|capaian|accounts reached|akun yang dijangkau",
        "views": "views|view|tayangan|penayangan|ditonton|plays|video views|tontonan|jumlah views",
        "impressions": "impressions|impresi|tera",
        "likes": "likes|like|suka|jumlah suka|jumlah like|jumlah likes|total likes|disukai|liked|menyukai",
        "comments": "comments|comment|komentar|jumlah komentar|komen|jumlah komen|total comments|ulasan|isi komentar|"
                    "teks komentar|text",
        "shares": "shares|share|dibagikan|bagikan|jumlah share|frekuensi dibagikan|kongsi|perkongsian",
        "saves": "saves|save|simpan|disimpan|saved|jumlah save|frekuensi disimpan|simpanan",
        "follows": "follows|follow baru dari post", "profile_visits": "profile visits|kunjungan profil|lawatan profil",
        "new_follows": "new followers|new follows|pengikut baru|followers baru",
        "lost_follows": "unfollows|lost followers|unfollow|berhenti mengikuti",
        "interactions": "interactions|interaksi|content interactions|interaksi konten",
        "amount": "amount|jumlah|total|nilai|nominal|harga|price|omzet|sales|penjualan|total harga|total bayar|"
                  "total pembayaran|value|jualan|amaun|grand total|pendapatan",
        "currency": "currency|mata uang|mata wang",
        "sale_id": "order id|no pesanan|nomor pesanan|id pesanan|no order|order number|invoice|no invoice|sale id",
        "code": "code|kode|kode voucher|voucher|kode promo|promo code|coupon|kupon|discount code|kod",
        "referrer": "referrer|referral|dari kol|dari influencer|affiliate|afiliasi|rujukan",
        "quantity": "quantity|qty|kuantitas|jumlah barang|kuantiti",
        "status": "status|status pesanan|order status",
        "utm_source": "utm source|utm_source", "utm_campaign": "utm campaign|utm_campaign",
    }.items()
}  # fmt: skip
ROLES = {alias: role for role, aliases in ALIASES.items() for alias in aliases}
PRICE = re.compile(r"^(?:rate(?: ?card)?|harga|price|tarif|fee|biaya|kos)\s+(?:per\s+)?(.+)$")
DELIVERABLES = {"feed": "feed", "reel": "reels", "story": "story", "stories": "story", "storis": "story",
                "video": "video", "tiktok": "tiktok", "live": "live", "carousel": "carousel", "foto": "feed"}  # fmt: skip
FLAGS = {w: True for w in "ya y yes true iya betul x v ✓ ✔ 1".split()} | {
    w: False for w in "tidak t no n false tak bukan 0".split()
}
METRICS = ("reach", "views", "impressions", "likes", "comments", "shares", "saves", "follows", "profile_visits")
ACCOUNT_COUNTS = ("followers", "following", "posts")


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


def role_of_header(header: str) -> str:
    """The role that a header alone suggests; empty when none."""
    name = normal(header)
    if role := ROLES.get(name):
        return role
    if name.replace(" ", "_") in ROLES:
        return ROLES[name.replace(" ", "_")]
    if match := PRICE.match(name):
        found = [DELIVERABLES[word] for word in match.group(1).split() if word in DELIVERABLES]
        return f"price:{found[0] if found else match.group(1)}"
    return ""


def describe(headers: Sequence[str], body: Sequence[Sequence[str]]) -> list[Column]:
    """Give each column its role, by its header and then by its values; a role is given once."""
    taken: set[str] = set()
    columns = []
    for i, header in enumerate(headers):
        values = [row[i].strip() for row in body[:200] if i < len(row) and row[i].strip()]
        role, why = _by_values(role_of_header(header), header, values)
        if role in taken and role.startswith("price:"):
            role = f"price:{normal(header)}"
        if role in taken:
            role, why = "", message("Another column already gives this.")
        taken.add(role)
        columns.append(Column(header, role, why, tuple(values[:3])))
    return columns


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
    if role == "name" and lower and all(clean_handle(value)[0] for value in lower) and any(
            "@" in value or "instagram.com" in value for value in lower):  # fmt: skip
        return "handle", message("The values are account names.")
    if role in METRICS and not is_numeric:
        return "", message("The header promises numbers, but the values are words.")
    return role, message("The header says so.")


def kind_of(roles: set[str]) -> str:
    """What a table with these roles is; empty when nothing can be made of it."""
    metrics = roles & set(METRICS)
    prices = any(role.startswith("price:") for role in roles)
    if "handle" in roles and {"liked", "comment"} & roles:
        return "reactions"
    if "handle" in roles and (prices or {"followers", "engagement_rate", "topic"} & roles):
        return "accounts"
    if "amount" in roles and {"date", "handle", "code", "sale_id"} & roles:
        return "sales"
    if {"url", "post", "caption", "kind"} & roles and (metrics or "date" in roles):
        return "reactions" if "handle" in roles and "post" in roles and not metrics else "posts"
    if "handle" in roles and metrics:
        return "posts"
    if "date" in roles and (metrics | roles & {"new_follows", "lost_follows", "followers", "interactions"}):
        return "days"
    return "followers" if "handle" in roles else ""
