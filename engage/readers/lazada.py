"""Lazada Seller Center: the list of orders, which has a row for each item and camelCase headers.

Gives: orders with what was paid for their items, status and time. Does not give: who bought, codes.
Clock: the shop's own, not written; taken as the study's zone where that is one of the country, else the country's.
Quirks: each item has its own status: items that were cancelled or returned are not added up, unless all were; no
column counts the items, so rows are counted.
Evidence: the headers that two importers require, of which one says that they come from real exports. Guess: paidPrice
is what was paid for one item.
"""

from __future__ import annotations

from engage.readers.files import Member
from engage.readers.part import Options, Part
from engage.readers.shop import ShopFormat, parts_of

TOGETHER = True
ORDERS = ShopFormat("lazada", "sales", frozenset({"sale_id", "date", "amount", "item"}), added=True)


def claims(member: Member, options: Options) -> bool:
    """Whether the table has the columns of such a list."""
    return ORDERS.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each list of orders as a part."""
    return parts_of(ORDERS, members, options)
