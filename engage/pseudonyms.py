"""Names to codes, the same code for the same name in every table and every import: a study to show and to share.

A code is a keyed hash (HMAC-SHA256), so nobody without the key can find out whose it is, not even by trying names.
Keep the key, and next month's names get the same codes; throw it away, and the codes are final.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import replace

import pandas as pd

from engage.messages import message
from engage.study import MADE, Note, Study

CODE = re.compile(r"p_[0-9a-f]{16}")
WORD = re.compile(r"(@?)([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")
TELLING = re.compile(r".{5,}|.*[\d._]")
"""Names that are coded wherever they stand; a shorter one may be an ordinary word, and is coded after an @ only."""
PEOPLE = {"followers": ("follower_id", "handle"), "following": ("handle",), "interactions": ("follower_id",),
          "replies": ("follower_id",), "sales": ("follower_id",)}  # fmt: skip
TEXTS = {"interactions": ("text",), "replies": ("text",), "posts": ("caption", "hashtags")}
NO_KEY = message("This study holds codes in the place of names, and their key is not there, so new names cannot be"
                 " joined to it. Begin a new study with these files.")  # fmt: skip
NAMING = ("names", "example", "handle")
"""Values of notes that may quote what people are called."""
PLAIN = re.compile(
    r"[-+]?[\d.,]{1,8}%?|(?:\d{1,4}([-/. ])\d{1,2}\1\d{1,4}|\d{1,2}[-. ]+[^\W\d_]{3,9}[-., ]+\d{2,4}"
    r"|[^\W\d_]{3,9}\.? \d{1,2},? \d{4})"
    r"(?:[T, ]+\d\d?[.:]\d\d(?:[.:]\d\d)?(?:[.,]\d+)?\s?(?:[AP]M|Z|[-+]\d\d:?\d\d)?)?", re.I)  # fmt: skip
"""Numbers and dates, with or without a time of day."""


def code(name: str, key: bytes) -> str:
    """The code of a name; a code stays as it is.

    >>> code("Sari.Uji01", b"key") == code("sari.uji01", b"key") != code("sari.uji01", b"other")
    True
    """
    if CODE.fullmatch(name):
        return name
    return f"p_{hmac.new(key, name.lower().encode(), hashlib.sha256).hexdigest()[:16]}"


def pseudonymise(study: Study, key: bytes) -> Study:
    """Put codes in the place of the names of followers, people who reacted, and buyers.

    Accounts that are compared (a roster) and the own account keep their names: they are what the study is about. So
    does whoever published a post together with them: `account_id` of a post is never coded.
    Display names are removed. In texts each name after an @ is coded, and each name that some table knows. Names
    quoted in notes are only counted.
    """
    spared = set(study.accounts["handle"].dropna())
    codes: dict[str, str] = {}

    def coded(name: str) -> str:
        if name in spared:
            return name
        if name not in codes:
            codes[name] = code(name, key)
        return codes[name]

    changed: dict[str, pd.DataFrame] = {}
    for table, columns in PEOPLE.items():
        frame = getattr(study, table).copy()
        for column in columns:
            known = pd.Series(frame[column].dropna().unique(), dtype="str")
            frame[column] = frame[column].map(dict(zip(known, known.map(coded), strict=True))).astype("str")
        if "name" in frame:
            frame["name"] = pd.Series(pd.NA, index=frame.index, dtype="str")
        changed[table] = frame
    ids = changed["sales"]["sale_id"]  # one that was made of its row could be tried against the names of buyers
    coded_ids = ids.map(lambda made: code(made, key), na_action="ignore")
    changed["sales"]["sale_id"] = ids.mask(ids.str.startswith(MADE), coded_ids).astype("str")
    known = {name: hidden for name, hidden in codes.items() if TELLING.match(name)}

    def quiet(text: str) -> str:
        return WORD.sub(
            lambda word: f"@{coded(word[2].lower())}" if word[1] else known.get(word[2].lower(), word[0]), text
        )

    for table, columns in TEXTS.items():
        frame = changed.get(table, getattr(study, table)).copy()
        for column in columns:
            frame[column] = frame[column].map(quiet, na_action="ignore").astype("str")
        changed[table] = frame
    notes = tuple(_quiet(note, codes, quiet) for note in study.notes)
    return study.with_(**changed, notes=notes, truth=None, settings=replace(study.settings, pseudonymous=True))


def _quiet(note: Note, people: Collection[str], quiet: Callable[[str], str]) -> Note:
    """A note without the names that it quotes; what is certainly a date or a number stays."""
    values = dict(note.message.values)
    for name, value in values.items():
        told = value if isinstance(value, list) else [value]
        texts = [text for text in told if isinstance(text, str)]
        if name in NAMING and any(text.lower() in people or not PLAIN.fullmatch(text) for text in texts):
            values[name] = message("{n} not shown", n=len(told))
        elif texts:
            safe = [quiet(text) if isinstance(text, str) else text for text in told]
            values[name] = safe if isinstance(value, list) else safe[0]
    return replace(note, message=replace(note.message, values=values))
