"""TikTok Shop and Tokopedia: the list of orders (XLSX, CSV) that both have shared since they merged.

Gives: orders with total, items, status and time; utm_source is the channel on which it was bought (TikTok,
Tokopedia). Does not give: who bought (names are masked), codes, which creator sold it (the affiliate report does).
Clock: the shop's own, not written; taken as the study's zone where that is one of the country, else the country's.
Quirks: the second row describes the columns; the amount of an order and its refund stand on each of its lines; numbers
have 18 digits, which spreadsheet programs round; a tab follows each value of a CSV; DD/MM/YYYY, but MM/DD where
the clock has AM and PM.
Evidence: an Indonesian validator's template of 63 columns; notes of importers on the second row and the tabs.
"""

from __future__ import annotations

from engage.readers.files import Member
from engage.readers.part import Options, Part
from engage.readers.shop import ShopFormat, parts_of

TOGETHER = True
ORDERS = ShopFormat("tiktok_shop", "sales", frozenset({"sale_id", "status", "date"}), dayfirst=True,
                    telling={"tokopedia invoice number": "indonesia"})  # fmt: skip


def claims(member: Member, options: Options) -> bool:
    """Whether a sheet has the columns of such a list."""
    return ORDERS.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each list of orders as a part."""
    return parts_of(ORDERS, members, options)
