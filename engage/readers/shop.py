"""A shop's list of orders, told by its headers: its country, and with it its currency and clock; its newest file first.

How lines become orders stands in orders.py; what is peculiar to a shop in its own module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from engage.messages import message
from engage.readers.columns import Mapping, normal
from engage.readers.files import Member
from engage.readers.known import TableFormat
from engage.readers.numbers import currency_in
from engage.readers.orders import Orders, Rules
from engage.readers.part import Options, Part, short
from engage.readers.spreadsheet import headers_of
from engage.readers.statuses import UNDER_WAY, no_sales, undone
from engage.readers.text import Grid


class Country(NamedTuple):
    """What a shop's country settles: its currency, and its time zones, the main one first."""

    currency: str
    zones: tuple[str, ...]


COUNTRIES = {
    "id indonesia": Country("IDR", ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Pontianak")),
    "my malaysia": Country("MYR", ("Asia/Kuala_Lumpur", "Asia/Kuching")),
    "ph philippines pilipinas": Country("PHP", ("Asia/Manila",)),
    "sg singapore singapura": Country("SGD", ("Asia/Singapore",)),
    "th thailand": Country("THB", ("Asia/Bangkok",)),
    "vn vietnam": Country("VND", ("Asia/Ho_Chi_Minh",)),
    "br brazil brasil": Country("BRL", ("America/Sao_Paulo",)),
}
NAMED = {name: country for names, country in COUNTRIES.items() for name in names.split()}
BY_CURRENCY = {country.currency: country for country in COUNTRIES.values()}
HALVES = re.compile(r"\d\s*[ap]\.?m\.?$", re.I)


@dataclass(frozen=True)
class ShopFormat(TableFormat):
    """A list of orders of a shop.

    Attributes
    ----------
    order : what an order's number looks like; a row without one is none, such as a row that describes the columns.
    telling : headers that only files of one country have.
    status : that of every order, where no column has it.
    """

    order: str = r"(?=\D*\d)\S{1,60}"
    telling: dict[str, str] = field(default_factory=dict)
    status: str = ""
    within: int = 30

    def mapping(self, rows: Grid) -> Mapping | None:
        found = super().mapping(rows)
        return found if found and {"amount", "line_total"} & found.columns.keys() else None

    def read(self, member: Member, options: Options) -> Iterator[Orders]:
        for label, rows, mapping in self.tables(member):
            country = self.country(rows, mapping)
            here = options
            if country and options.settings.time_zone not in country.zones:
                here = replace(options, settings=replace(options.settings, time_zone=country.zones[0]))
            if any(HALVES.search(cell) for cell in _cells(rows, mapping, "date")):
                mapping = replace(mapping, dayfirst=False)
            rules = Rules(self.order, self.status, country.currency if country else "")
            table = Orders(label, rows, mapping, here, rules)
            table.part.rank = self.rank
            yield table

    def country(self, rows: Grid, mapping: Mapping) -> Country | None:
        """The country of a shop: by a column of countries, a currency in a header, a header that tells it."""
        headers = rows[mapping.header_row]
        cells = Counter(normal(cell) for cell in _cells(rows, mapping, "country")).most_common()
        found = [NAMED.get(cell) for cell, _ in cells]
        found += [BY_CURRENCY.get(currency_in(header)) for header in headers]
        found += [NAMED.get(self.telling.get(normal(header), "")) for header in headers]
        return next((country for country in found if country), None)


def _cells(rows: Grid, mapping: Mapping, role: str) -> Iterator[str]:
    """The first cells of a column."""
    if role in mapping.columns:
        place = headers_of(rows[mapping.header_row]).index(mapping.columns[role])
        near = rows[mapping.header_row + 1 : mapping.header_row + 1_000]
        yield from (row[place] for row in near if place < len(row))


def read_orders(shop: ShopFormat, members: Iterable[Member], options: Options) -> list[Orders]:
    """All lists of a shop, the newest first: of an order that several name, it knows the last status."""
    return sorted((table for member in members for table in shop.read(member, options)), key=_news, reverse=True)


def parts_of(shop: ShopFormat, members: Iterable[Member], options: Options) -> list[Part]:
    """Read all lists of orders of a shop, each as a part."""
    tables = read_orders(shop, members, options)
    settle(tables)
    return [table.part for table in tables]


def _news(table: Orders) -> tuple[float, int]:
    """The newest order of a list, and how many are done with."""
    sales = table.part.tables.get("sales")
    if sales is None or sales["at"].isna().all():
        return 0.0, 0
    return float(sales["at"].max().timestamp()), int((~sales["status"].isin(UNDER_WAY)).sum())


def settle(tables: Iterable[Orders]) -> None:
    """Give orders the codes that buyers wrote, where no file of the shop has one, and count what is no sale."""
    tables = [table for table in tables if "sales" in table.part.tables]
    frames = [table.part.tables["sales"] for table in tables]
    coded = {sale for frame in frames for sale in frame.loc[frame["code"].notna(), "sale_id"]}
    for table, frame in zip(tables, frames, strict=True):
        codes = frame["sale_id"].map(table.remarked).where(~frame["sale_id"].isin(coded)).astype("str")
        if n := int(codes.notna().sum()):
            text = message("Codes taken from what buyers wrote ({codes}); orders: {n}.",
                           codes=short(sorted(set(codes.dropna()))), n=n)  # fmt: skip
            table.note("guess", text, n)
            frame["code"] = frame["code"].fillna(codes)
        if n := int(undone(frame["status"]).sum()):
            table.note("info", no_sales(n, len(frame)), n)
