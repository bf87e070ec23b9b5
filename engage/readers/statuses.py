"""What the state of an order means, in the words of shops and of people, in one place for readers and analyses."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from engage.messages import Message, message
from engage.readers.records import rows_of

UNDONE = ("cancelled", "failed", "refunded", "returned", "unpaid")
"""What is no sale; every other status is one."""
UNDER_WAY = ("unpaid", "paid", "to ship", "shipped")
# The first that fits; "received, but the buyer can still ask for a return until ..." is no return.
STATUS = {row["status"]: row["words"] for row in rows_of("statuses")}
STATUSES = {re.compile(words): "paid" if name == "standing" else name for name, words in STATUS.items()}


def status_of(text: str | None) -> str:
    """One of our words for what a shop or a person wrote; a word that is not known stays, in lower case.

    >>> status_of("Dibatalkan"), status_of("Sedang Dikirim"), status_of("Lagi dicari")
    ('cancelled', 'shipped', 'lagi dicari')
    """
    plain = " ".join(unicodedata.normalize("NFC", text or "").lower().replace("_", " ").split())
    return next((name for words, name in STATUSES.items() if words.search(plain[:200])), plain[:60])


def undone(statuses: pd.Series) -> pd.Series:
    """Which orders are no sales; an order without a status is one."""
    return statuses.isin([text for text in statuses.dropna().unique() if status_of(text) in UNDONE])


def no_sales(n: int, of: int) -> Message:
    """The note on orders that are no sales."""
    return message("Orders that were cancelled, refunded, returned or not paid: {n} of {of}. They stay in the "
                   "list with their status and are no sales.", n=n, of=of)  # fmt: skip
