"""Meta Business Suite's content export for a Facebook page (CSV), and the older ones of Creator Studio.

Gives: views, reach, reactions (as likes), comments, shares of each post. Does not give: who reacted, saves.
Clock: Pacific time with daylight saving, MM/DD/YYYY (measured on the Instagram twin of one account).
Quirks: the caption stands in Title, and Description is mostly empty; "Reactions, Comments and Shares" is their sum;
pfbid links change between exports, so the id is the key; a page is called by its id, which Excel ruins, and then by
its name in the links; Creator Studio names "Video asset ID" and "3-second video views" (a view of Facebook then).
Evidence: the English header of 2026 from a test made of real files; the older one reported. The Indonesian and
Portuguese headers are those of the Instagram export; the words for page and title are guesses.
"""

from __future__ import annotations

import pandas as pd

from engage.messages import message
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.meta_content import PACIFIC, one_a_post
from engage.readers.part import Options, Part, hashtags, own_on
from engage.readers.spreadsheet import Table

LINK = r"(?i)facebook\.com/(?!(?:permalink|story|photo|watch|groups|reel|share|profile|events)\b)([a-z0-9.]+)/"
NUMBER = r"(?:/(?:videos|reel|posts|photos)/(?:[^/?]*/)*|[?&](?:story_fbid|fbid|v)=)(\d{6,20}|pfbid\w+)"
LATE = "live"  # "Live videos" is a word that the table of kinds knows as video
CONTENT = TableFormat("facebook_page", "posts", frozenset({"post", "page", "date"}), PACIFIC, False, rank=11)
"""Its rank lets an Instagram account stay the owner where both are brought."""


def claims(member: Member, options: Options) -> bool:
    """Whether the first lines name the columns of such an export."""
    return CONTENT.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as its own part: a table of posts whose times are Pacific."""
    return [_page(table) for member in members for table in CONTENT.read(member, options)]


def _page(table: Table) -> Part:
    """Put the posts under their page, with the words and ids of Facebook."""
    part = table.part
    if "posts" not in part.tables:
        return part
    posts = part.tables["posts"]
    links, numbers = table.text("url"), table.text("page")
    pages = numbers.where(numbers.str.fullmatch(r"\d{5,20}", na=False))
    if n := int((numbers.notna() & pages.isna()).sum()):
        text = message("Page ids that a spreadsheet program ruined: {n}. The page's name in the links is used.", n=n)
        table.note("warning", text, n)
    named = links.str.extract(LINK, expand=False).str.lower()
    usual = named[pages.isna()].mode()
    pages = pages.fillna(usual.iloc[0]) if len(usual) else pages
    accounts = ("facebook:" + pages).fillna(own_on("facebook")).astype("str")
    title, more = table.text("caption").fillna(""), table.text("description").fillna("")
    both = (title != "") & (more != "") & (title != more)
    caption = title.where(title != "", more).mask(both, title + "\n" + more).replace("", pd.NA)
    kinds = posts["kind"].mask(table.text("kind").str.lower().str.contains(LATE, na=False), "live")
    kinds = kinds.astype("str").fillna("video") if "video" in table.headers["post"].lower() else kinds
    ids = posts["post_id"].where(table.text("post").str.fullmatch(r"\d+(?:_\d+)?", na=False))
    linked = links.str.extract(NUMBER, expand=False).fillna(posts["post_id"])
    ids = ids.str.replace(r"^\d+_", "", regex=True).fillna(linked)
    posts = posts.assign(account_id=accounts, post_id=ids, shortcode=None, kind=kinds, caption=caption,
                         hashtags=caption.map(hashtags, na_action="ignore"))  # fmt: skip
    part.tables["posts"] = one_a_post(posts, table)
    rows = pd.DataFrame({"account_id": accounts, "platform": "facebook", "handle": pages, "name": table.text("name")})
    if pages.notna().any():
        part.tables["accounts"] = rows[pages.notna()].drop_duplicates("account_id", ignore_index=True)
        part.owner, part.certainty = str(accounts[pages.notna()].value_counts(sort=False).idxmax()), 2
    text = message("Publish times of a Facebook page are taken as Pacific time; no link confirms it.")
    table.note("info", text)
    return part
