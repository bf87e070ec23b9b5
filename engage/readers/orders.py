"""Lines of a shop's orders become orders: each total counted once, each status one of a few words.

A list of orders has a line for each item. Totals, refunds, times and codes belong to the order and stand on each line
or on its first; only quantities are added up (and amounts where a shop states none for the order). An order that was
cancelled, refunded or not paid keeps its total and says so in its status; a refund of a part is taken off. Lines that
still stand speak for their order. Buyers are not kept: a shop's user name is no account of a platform, and names,
addresses and phone numbers are nobody's business here. A code in what a buyer wrote is a guess.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from engage.messages import message
from engage.readers.columns import Mapping
from engage.readers.numbers import BLANKS
from engage.readers.part import OWN, Options, no_phones, short
from engage.readers.spreadsheet import ROUNDED, Table
from engage.readers.statuses import STATUS, UNDONE, status_of
from engage.readers.text import Grid, Rows

OFFSET = r"[+-]\d\d:?\d\d$|(?:\d|\s)(?:z|utc|gmt)$"
CODE = re.compile(r"\b(?:kode|kod|code|voucher|kupon|coupon|promo)\b[\s:=]{0,3}(?:promo|voucher|kupon)?[\s:=]{0,3}"
                  r"\b((?=[a-z_-]{0,19}\d)[a-z][a-z0-9_-]{3,19})(?![\w@.])", re.I)  # fmt: skip


class Rules(NamedTuple):
    """What is peculiar to a shop: see `ShopFormat`; `currency` is that of amounts that name none, where it is known."""

    order: str
    status: str
    currency: str


class Orders(Table):
    """Lines of a shop's orders while they are read: `sales` has a row an order.

    `refunds` are the amounts given back, `remarked` the codes in what buyers wrote, both by `sale_id`.
    """

    def __init__(self, source: str, rows: Grid, mapping: Mapping, options: Options, shop: Rules) -> None:
        self.shop = shop
        self.refunds = pd.Series(dtype="Float64")
        self.remarked = pd.Series(dtype="str")
        super().__init__(source, rows, mapping, options)

    def body(self, rows: Rows) -> tuple[np.ndarray, int]:
        kept, dropped = super().body(rows)
        ids = rows.column(self.places["sale_id"]).iloc[kept]
        orders = ids.str.fullmatch(self.shop.order).astype(bool)
        if "view" in self.places:
            orders &= rows.column(self.places["view"]).iloc[kept].str.lower() != "sku"
        told = message("Rows that are no orders, such as descriptions of the columns, left out: {n}.")
        self.count("info", ~orders, told)
        return kept[orders.to_numpy()], dropped

    def lack_zones(self, times: pd.Series) -> bool:
        return not times.str.lower().str.contains(OFFSET).all()

    def ids(self) -> pd.Series:
        """Numbers of orders; those that a spreadsheet program rounded are told apart by time and total."""
        ids = self.text("sale_id").str.strip("'\"")
        cut = ids.str.fullmatch(r"\d{13,}000").fillna(False).astype(bool)
        rounded = ids.str.contains(ROUNDED, na=False) | (cut & (cut.mean() > 0.5))
        if n := int(rounded.sum()):
            text = message("Order numbers rounded by a spreadsheet program: {n}. Bring the file as it was downloaded.",
                           n=n)  # fmt: skip
            self.note("warning", text, n)
            parts = [self.text(role).fillna("") for role in ("sale_id", "date", "amount", "buyer")]
            mark = parts[0].str.cat(parts[1:], sep="|")
            ids = ids.mask(rounded, self.numbered(mark).groupby(mark).transform("first"))
        return ids

    def statuses(self, ids: pd.Series) -> pd.Series:
        """The status of each line in our words; a word that we do not know is kept as it is."""
        texts = self.text("status").fillna("payment " + self.text("payment"))
        words = {text: status_of(text) for text in texts.dropna().unique()}
        if odd := sorted(set(words.values()) - set(STATUS)):
            self.note("guess", message("States of orders that are not known to us, taken as sales: {names}.",
                                       names=short(odd)))  # fmt: skip
        stated = texts.map(words).astype("str")
        sent = self.text("fulfilment").str.lower().eq("fulfilled").fillna(False).astype(bool)
        stated = stated.mask(sent & stated.eq("unpaid"), "shipped").mask(sent & stated.eq("paid"), "completed")
        given_up = ~self.text("cancelled_at").fillna("").str.lower().isin(BLANKS)
        stated = stated.mask(given_up.groupby(ids).transform("any"), "cancelled")
        return stated.fillna(stated.groupby(ids).transform("first")).fillna(self.shop.status or None)

    def money(self, role: str) -> pd.DataFrame:
        if self.shop.currency and "currency" not in self.cells:
            self.cells["currency"] = pd.Series(self.shop.currency, index=self.rows.index, dtype="str")
        return super().money(role)

    def first_code(self) -> pd.Series:
        """The first of the codes of a line."""
        codes = self.text("code")
        codes = codes.mask(codes.str.lower().isin(BLANKS))
        told = message("Orders with several codes, of which the first was taken: {n}.")
        self.count("guess", codes.str.contains(r"[,;|]\s*\w", na=False), told)
        return no_phones(codes.str.replace(r"\s*[,;|].*", "", regex=True, flags=re.DOTALL).replace("", pd.NA))

    def amounts(self, role: str) -> pd.Series:
        """A column of money without its sign: shops write what they took off as a number below zero or above."""
        empty = pd.Series(pd.NA, index=self.rows.index, dtype="Float64")
        return self.numbers(role, money=True, count=False).values.abs() if role in self.cells else empty

    def sales(self) -> None:
        if self.rows.empty:
            return
        added = "amount" not in self.cells  # no total is stated for the order
        ids = self.ids()
        status = self.statuses(ids)
        undone = status.isin(UNDONE)
        lines = self.money("line_total" if added else "amount")
        lines["amount"] -= self.amounts("discount").fillna(0)
        code, source = self.first_code(), self.text("utm_source").fillna(self.text("channel"))
        if "affiliate" in self.cells:
            source = source.mask(self.amounts("affiliate").fillna(0) > 0, "affiliate")
        lines = lines.assign(
            sale_id=ids, at=self.date(), status=status, code=code, utm_source=source,
            utm_campaign=self.text("utm_campaign"), refund=self.amounts("refund"), remark=self.text("remark"),
        )  # fmt: skip
        items = self.numbers("quantity", count=True).values
        if added and "quantity" not in self.cells:
            items = items.fillna(1)  # a line is an item
        counted = lines.assign(quantity=items, returned=self.numbers("returned", count=True).values)[
            ~self.repeated & (~undone | undone.groupby(ids).transform("all"))
        ]
        sums = counted.groupby("sale_id")[["quantity", "returned", "amount"]].sum(min_count=1)
        standing = lines.loc[undone.sort_values(kind="stable").index]
        orders = standing.groupby("sale_id").first().reindex(ids.unique())
        orders = orders.join(sums[["quantity", "returned"]])
        if added:
            orders["amount"] = sums["amount"]
        else:
            differ = (lines["amount"] - ids.map(orders["amount"])).abs().gt(0.005).groupby(ids).any()
            told = message("Orders whose lines state different totals: {n}. The first was taken.")
            self.count("warning", differ, told)
        self.count("guess", self.repeated, message("Lines that repeat another in full, left out: {n}."))
        self.refunds = orders["refund"][orders["refund"] > 0]
        orders = self.returned(take_off(orders, self.refunds, self))
        texts = orders["remark"].dropna()
        found = texts.map({text: CODE.search(text[:500]) for text in texts.unique()}).dropna()
        self.remarked = found.map(lambda match: match[1].upper()).astype("str")
        told = message("Buyers were left out: their names in a shop are not their names on a platform. A sale is known "
                       "by its code.")  # fmt: skip
        self.note("info", told)
        self.part.tables["sales"] = orders.reset_index(names="sale_id").drop(columns=["refund", "returned", "remark"])
        self.part.tables["sales"].insert(1, "account_id", OWN)

    def returned(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Mark orders of which every item came back."""
        back = orders["returned"].fillna(0)
        whole = (back > 0) & (back >= orders["quantity"].fillna(0)) & ~orders["status"].isin(UNDONE)
        part = (back > 0) & ~whole & ~orders["status"].isin(UNDONE)
        self.count("guess", part, message("Orders of which some items came back, with their whole total: {n}."))
        return orders.assign(status=orders["status"].mask(whole, "returned"))


def take_off(orders: pd.DataFrame, refunds: pd.Series, table: Table) -> pd.DataFrame:
    """Take refunds (by `sale_id`, as the index) off the totals of orders that stand; one in full changes the status."""
    given = refunds.reindex(orders.index).fillna(0).astype("Float64")
    given = given.mask(orders["status"].isin(UNDONE) | orders["amount"].isna(), 0)
    whole = (given > 0) & (given >= orders["amount"])
    part = (given > 0) & ~whole
    for currency, amounts in given[part].groupby(orders["currency"][part]):
        text = message("Refunds of {amount:money} in all were taken off the totals of orders: {n}.",
                       amount=(float(amounts.sum()), str(currency)), n=len(amounts))  # fmt: skip
        table.note("info", text, len(amounts))
    return orders.assign(
        status=orders["status"].mask(whole.fillna(False), "refunded"),
        amount=orders["amount"].mask(part.fillna(False), orders["amount"] - given),
    )
