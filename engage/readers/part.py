"""What one reader makes of its files: tables, notes, and whose data it seems to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from engage.messages import message
from engage.study import TABLES, Note, Settings

OWN = "own"
HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9._]{0,28}[a-z0-9_])?|_[a-z0-9._]{0,29}")
SITES = "instagram|tiktok|facebook|youtube|x|twitter"
PROFILE = re.compile(rf"^(?:https?://)?(?:www\.|m\.)?({SITES})\.com/(?:_u/)?@?([^/?#\s]+)", re.I)
PAGES = {"p", "reel", "reels", "tv", "stories", "explore", "video", "watch", "channel"}  # what is no account
NAMES = {"ig": "instagram", "insta": "instagram", "fb": "facebook", "yt": "youtube", "tt": "tiktok", "twitter": "x"}
MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # not seen, but they change a name
PHONE = re.compile(r"\+?(?:0|6[0-9])[\d\s.-]{7,15}")
NO_PHONE = (r"\d\d?[.:]\d\d\s*-\s*\d\d?[.:]\d\d(?![.\d])|20\d\d-\d\d-\d\d(?!\d)|6\d\d?(?:\.\d{3}){1,2}(?![.\d])"
            r"|(?:0?[1-9]|[12]\d|3[01])[ .-](?:0?[1-9]|1[0-2])[ .-]20\d\d(?![\s.-]*\d{3})")  # fmt: skip
"""Opening hours, dates and prices, which begin as a phone number does."""
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")
HASHTAG = re.compile(r"[#＃](\w+)")
EPOCH = pd.Timestamp(0, tz="UTC")
DATED = [(t, c) for t in TABLES if t != "sales" for c, kind in TABLES[t].columns.items() if kind in ("time", "day")]


@dataclass
class Part:
    """Tables of one reader.

    `owner` is the account that the data is about, as sure as `certainty` says: 3 stated by the export, 2 most
    frequent account id, 1 from a file name, 0 unknown. `rank` orders the parts: the first known value wins.
    Rows of an account that is not named bear the account_id "own". `as_of` is when its files were made, where they say.
    """

    rank: int
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    owner: str = ""
    certainty: int = 0
    as_of: pd.Timestamp = EPOCH

    @property
    def until(self) -> pd.Timestamp:
        """When the files were made, as far as they say or the dates in them tell; those of sales may be mistyped."""
        return max(self.as_of, self.latest(*DATED))

    def latest(self, *columns: tuple[str, str]) -> pd.Timestamp:
        """The latest instant in some columns of the tables, or the beginning of 1970."""
        found = (self.tables[table][column] for table, column in columns if column in self.tables.get(table, ()))
        return max([EPOCH, *(time for each in found if pd.notna(time := pd.to_datetime(each, utc=True).max()))])


@dataclass(frozen=True)
class Options:
    """What readers are told: settings and the column mappings that the user corrected, by signature."""

    settings: Settings
    mappings: Mapping[str, Any]


def own_on(platform: str) -> str:
    """The account_id of rows whose account is the user's own on a platform, where the file does not name it.

    `merge` puts the account in its place when another file names one on that platform.
    """
    return f"{platform}:{OWN}"


def account_id(handle: str, platform: str = "instagram") -> str:
    return f"{platform}:{handle.lower()}"


def clean_handle(text: str) -> tuple[str, str]:
    """Handle and platform (empty when not said) in a cell that holds @name, a link or a name.

    >>> clean_handle("https://instagram.com/Bima_Uji02?igsh=abc"), clean_handle("Agus Uji")
    (('bima_uji02', 'instagram'), ('', ''))
    """
    text = MARKS.sub("", text).strip()
    if found := PROFILE.match(text):
        platform, name = found.group(1).lower(), found.group(2).lower()
        return (name if HANDLE.fullmatch(name) and name not in PAGES else ""), NAMES.get(platform, platform)
    name = text.lstrip("@").lower()
    return (name if HANDLE.fullmatch(name) else ""), ""


def platform_in(text: str) -> str:
    """The platform that a cell names, empty when it is not one word.

    >>> platform_in("Tik Tok"), platform_in("IG"), platform_in("Threads"), platform_in("IG & TikTok")
    ('tiktok', 'instagram', 'threads', '')
    """
    word = re.sub(r"[\s._-]+", "", MARKS.sub("", text).lower())
    return NAMES.get(word, word) if re.fullmatch("[a-z0-9]+", word) else ""


def short(names: Sequence[str]) -> list[str]:
    """What of many or long names is shown in a note."""
    return [name[:60] for name in names[:20]]


def no_phones(texts: pd.Series) -> pd.Series:
    """A column without the cells that are phone numbers."""
    return texts.mask(texts.astype("str").str.fullmatch(PHONE.pattern, na=False))


def covered(texts: pd.Series) -> pd.Series:
    """What people wrote, with their phone numbers and mail addresses covered."""
    told = texts.str.contains(r"@\w[\w-]*\.\w|\d[\d\s.-]{7}", na=False)
    if not told.any():
        return texts
    clean = texts[told].str.replace(MAIL.pattern, "[e-mail]", regex=True)
    pattern = rf"(?<![\w.,])(?:({NO_PHONE})|{PHONE.pattern}(?<![\s.-])(?!\w))"
    clean = clean.str.replace(pattern, lambda found: found[1] or "[phone]", regex=True)
    return texts.mask(told, clean)


def unresolved(names: Sequence[str], source: str, *, shown: bool = True) -> Note:
    """Say which names are no handles; of buyers, and of what looks like an address or a phone, only how many."""
    told = short([name for name in names if shown and not MAIL.search(name) and not PHONE.fullmatch(name)])
    text = message("Not account names, left out: {names}.", names=told)
    if more := len(names) - len(told):
        text = message("Not account names, left out: {names} and {n} more.", names=told, n=more)
    if not told:
        text = message("What is no account name, left out: {n}.", n=len(names))
    return Note("warning", source, text, len(names))


def hashtags(caption: str) -> str:
    """The hashtags of a caption: lower case, without #, with spaces between."""
    return " ".join(dict.fromkeys(tag.lower() for tag in HASHTAG.findall(caption)))
