"""Shopee Seller Centre: list of orders (Indonesia, Malaysia, Philippines) and income report, told by their headers.

Gives: orders with total, items, status and time; from the income report the voucher code, refunds, and whether an
affiliate earned a commission (then utm_source is "affiliate"; who it was is not told). Does not give: who bought.
Clock: the shop's own, not written; taken as the study's zone where that is one of the country, else the country's.
Quirks: the total stands on each line of an order; amounts are text such as 125.000; "-" is empty; headers drift by
year (Total Harga Produk, Subtotal Pesanan); English files may begin with rows of branding; the income report has its
header below a preamble and, in Malaysia, a row for the order and one for each item. Its amount is the price after the
product discount, without the voucher: the total of the list of orders goes before it.
Evidence: an Indonesian validator's template and four importers; Malaysian and Philippine importers' tests.
"""

from __future__ import annotations

import pandas as pd

from engage.messages import message
from engage.readers.files import Member
from engage.readers.orders import take_off
from engage.readers.part import Options, Part
from engage.readers.shop import ShopFormat, read_orders, settle

TOGETHER = True
INDONESIAN = {"no pesanan": "indonesia"}
ORDERS = ShopFormat("shopee_orders", "sales", frozenset({"sale_id", "status", "date"}), telling=INDONESIAN)
INCOME = ShopFormat("shopee_income", "sales", frozenset({"sale_id", "date", "released"}), rank=11, within=200,
                    telling=INDONESIAN, status="completed")  # fmt: skip


def claims(member: Member, options: Options) -> bool:
    """Whether a sheet has the columns of one of the two."""
    return ORDERS.claims(member) or INCOME.claims(member)


def read(members: list[Member], options: Options) -> list[Part]:
    """Read lists of orders and income reports, each a part; an order that both name becomes one row of the study."""
    orders, income = read_orders(ORDERS, members, options), read_orders(INCOME, members, options)
    refunds = pd.concat([table.refunds for table in income]) if income else pd.Series(dtype="Float64")
    refunds = refunds.groupby(level=0).first()
    paid = [table.part.tables["sales"] for table in income if "sales" in table.part.tables]
    whole = {sale for frame in paid for sale in frame.loc[frame["status"] == "refunded", "sale_id"]}
    for table in orders:
        if "sales" not in table.part.tables:
            continue
        frame = table.part.tables["sales"].set_index("sale_id")
        frame["status"] = frame["status"].mask(frame.index.isin(whole) & (frame["status"] != "cancelled"), "refunded")
        table.part.tables["sales"] = take_off(frame, refunds, table).reset_index()
        if n := int(frame.index.isin([sale for each in paid for sale in each["sale_id"]]).sum()):
            text = message("Orders that the income report names too: {n}. The total is that of the list of orders, "
                           "the code that of the income report.", n=n)  # fmt: skip
            table.note("info", text, n)
    settle([*orders, *income])
    return [table.part for table in [*orders, *income]]
