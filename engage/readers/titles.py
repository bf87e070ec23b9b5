"""What each source is called on a page, and the note that sums up what was read of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from engage.messages import Message, message
from engage.readers.files import Member
from engage.readers.part import Part
from engage.study import Level, Note

TITLES: dict[str, Message] = {
    "instagram_export": message("Instagram export"),
    "meta_content": message("content table of Meta Business Suite"),
    "meta_daily": message("daily numbers of Meta Business Suite"),
    "facebook_page": message("content table of a Facebook page"),
    "graph_api": message("answers of the Instagram or Facebook Graph API"),
    "apify_instagram": message("Instagram data collected with Apify"),
    "apify_tiktok": message("TikTok data collected with Apify"),
    "instaloader": message("Instagram data collected with Instaloader"),
    "instagrapi": message("Instagram data collected with instagrapi"),
    "phantombuster": message("Instagram data collected with PhantomBuster"),
    "tiktok_export": message("TikTok export"),
    "tiktok_studio": message("numbers of TikTok Studio"),
    "tiktok_api": message("answers of TikTok's Display API"),
    "youtube_studio": message("numbers of YouTube Studio"),
    "youtube_api": message("answers of YouTube's Data API"),
    "x_analytics": message("numbers of X Analytics"),
    "x_archive": message("X archive"),
    "shopee": message("Shopee orders or income"),
    "tiktok_shop": message("TikTok Shop or Tokopedia orders"),
    "shopify": message("Shopify orders"),
    "spreadsheet": message("a table kept by hand"),
    "names": message("a list of names"),
}
SIZES: dict[str, Message] = {
    "followers": message("followers: {n}"),
    "posts": message("posts: {n}"),
    "interactions": message("reactions by name: {n}"),
    "replies": message("replies: {n}"),
    "days": message("days: {n}"),
    "sales": message("orders: {n}"),
    "accounts": message("accounts: {n}"),
    "prices": message("prices: {n}"),
}
TIMES = {"posts": "published_at", "interactions": "at", "followers": "followed_at", "sales": "at", "days": "date"}


def summary(reader: Any, members: Sequence[Member], parts: Sequence[Part]) -> Note:
    """One note for the files of a source: what they are, how much was read, from when to when."""
    name = reader.__name__.rpartition(".")[2]
    sizes = []
    for table, what in SIZES.items():
        n = sum(len(part.tables[table]) for part in parts if table in part.tables)
        if n and not (table == "accounts" and n == 1):
            sizes.append(Message(what.key, {"n": n}))
    times = [pd.to_datetime(part.tables[table][column], utc=True) for part in parts for table, column in TIMES.items()
             if table in part.tables and column in part.tables[table]]  # fmt: skip
    known = [column.dropna() for column in times if column.notna().any()]
    values: dict[str, Any] = {"what": TITLES[name], "sizes": sizes or [message("nothing")]}
    source = members[0].label if len(members) == 1 else members[0].source
    level: Level = "guess" if name in ("spreadsheet", "names") else "info"
    text = message("Read as {what}. {sizes}.", **values)
    if known:
        values |= {"first": min(column.min() for column in known), "last": max(column.max() for column in known)}
        text = message("Read as {what}. {sizes}; from {first:date} to {last:date}.", **values)
    return Note(level, source, text, len(members))
