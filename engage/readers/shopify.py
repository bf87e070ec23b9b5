"""Shopify's orders_export.csv.

Gives: orders with total, items, status, time, discount code, and the campaign (UTM) where an app notes it. Does not
give: who bought (their e-mail address is not read), who sent them.
Clock: each time has its offset.
Quirks: what belongs to the order stands only on its first line; "Cancelled at" or "Canceled at"; refunds of a part are
taken off the total; several codes stand in one cell; a pending payment is no sale until the order is sent.
Evidence: many repositories' samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

import pandas as pd

from engage.readers.files import Member
from engage.readers.orders import Orders
from engage.readers.part import Options, Part
from engage.readers.shop import ShopFormat, parts_of

TOGETHER = True


@dataclass(frozen=True)
class ShopifyFormat(ShopFormat):
    """Its campaign stands among the notes of an order."""

    def read(self, member: Member, options: Options) -> Iterator[Orders]:
        for table in super().read(member, options):
            if "attributes" in table.cells and "sales" in table.part.tables:
                sales, notes = table.part.tables["sales"], table.text("attributes").str[:5_000]
                for column in ("utm_source", "utm_campaign"):
                    found = _among(notes, column).groupby(table.ids()).first()
                    sales[column] = sales["sale_id"].map(found).astype("str")
            yield table


def _among(notes: pd.Series, name: str) -> pd.Series:
    """A value among notes: "name: value" on a line, or name=value in a link."""
    found = notes.str.extract(rf"{name}[ ]{{0,3}}(?::[ ]{{0,3}}([^\r\n]{{1,200}})|=([^&\s\"]{{1,200}}))")
    values = found[0].astype("str").fillna(found[1].map(unquote_plus, na_action="ignore").astype("str"))
    return values.str.strip().replace("", pd.NA).astype("str")


ORDERS = ShopifyFormat(
    "shopify", "sales", frozenset({"sale_id", "payment", "date", "amount"}), order=r"(?=\D*\d).{1,60}"
)


def claims(member: Member, options: Options) -> bool:
    """Whether the table has the columns of such an export."""
    return ORDERS.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read each export as a part."""
    return parts_of(ORDERS, members, options)
