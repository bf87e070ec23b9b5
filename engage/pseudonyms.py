"""Names to codes, the same code for the same name in every table and every import: a study to show and to share.

A code is a keyed hash (HMAC-SHA256), so nobody without the key can find out whose it is, not even by trying names.
Keep the key, and next month's names get the same codes; throw it away, and the codes are final.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace

import pandas as pd

from engage.messages import Message, message
from engage.study import MADE, Note, Study

CODE = re.compile(r"p_[0-9a-f]{16}")
MENTION = re.compile(r"@([A-Za-z0-9._]{2,30})")
PEOPLE = {"followers": ("follower_id", "handle"), "following": ("handle",), "interactions": ("follower_id",),
          "replies": ("follower_id",), "sales": ("follower_id",)}  # fmt: skip
TEXTS = {"interactions": "text", "replies": "text", "posts": "caption"}
NO_KEY = message("This study holds codes in the place of names, and their key is not there, so new names cannot be"
                 " joined to it. Begin a new study with these files.")  # fmt: skip
NAMING = ("names", "example", "handle")
"""Values of notes that quote what people are called."""


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

    Accounts that are compared (a roster) and the own account keep their names: they are what the study is about.
    Display names are removed, names mentioned in texts are coded, names quoted in notes are only counted.
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
    changed["sales"]["sale_id"] = ids.mask(ids.str.startswith(MADE), ids.map(lambda made: code(made, key))).astype(
        "str"
    )
    for table, column in TEXTS.items():
        frame = changed.get(table, getattr(study, table)).copy()
        hidden = frame[column].str.contains("@", regex=False, na=False)
        frame.loc[hidden, column] = frame.loc[hidden, column].map(
            lambda text: MENTION.sub(lambda found: f"@{coded(found[1].lower().rstrip('.'))}", text)
        )
        changed[table] = frame
    notes = tuple(_quiet(note) for note in study.notes)
    return study.with_(**changed, notes=notes, truth=None, settings=replace(study.settings, pseudonymous=True))


def _quiet(note: Note) -> Note:
    """A note without the names that it quotes."""
    if not any(name in note.message.values for name in NAMING):
        return note
    values = {name: _number(value) if name in NAMING else value for name, value in note.message.values.items()}
    return replace(note, message=replace(note.message, values=values))


def _number(value: object) -> Message:
    return message("{n} not shown", n=len(value) if isinstance(value, (list, tuple)) else 1)
