"""Any other table (CSV, TSV, XLSX): influencer lists, posts, likers, comments, followers, sales, daily numbers.

How a table is read is a `Mapping`. It is guessed from headers and values; a corrected one takes the same path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from engage.messages import Message, ReadError, message
from engage.readers.columns import (
    FLAGS,
    KIND_WORDS,
    Column,
    Mapping,
    default_platform,
    describe,
    kind_of,
    later_format,
    role_of_header,
    signature,
)
from engage.readers.dates import parse_dates, shortcodes_in
from engage.readers.files import Member, opened
from engage.readers.names import MARKED, liked_post, reactions
from engage.readers.numbers import Numbers, currency_in, parse_numbers
from engage.readers.once import made_ids
from engage.readers.part import OWN, Options, Part, clean_handle, hashtags, no_phones, platform_in, short, unresolved
from engage.readers.statuses import no_sales, undone
from engage.readers.text import Grid, Rows, read_grid
from engage.study import TABLES, Level, Note

TOTALS = frozenset(["total", "jumlah", "subtotal", "grand total", "keseluruhan", "total keseluruhan"])
ROUNDED = r"\d[eE]\+\d"  # a long number after a spreadsheet program


@dataclass(frozen=True)
class Sheet:
    """One table as it will be read, for a screen on which it can be corrected."""

    source: str
    name: str
    columns: tuple[Column, ...]
    mapping: Mapping | None
    rows: int
    signature: str


def guess_mapping(rows: Grid) -> Mapping | None:
    """Guess how a table is read; None when its headers say nothing.

    The header is the row, among the first 30, with the most headers that are known.
    """
    first = next((i for i, row in enumerate(rows) if any(row)), 0)
    near = rows[:30] if any(len(row) > 1 for row in rows[:30]) else rows[: first + 1]  # names may look like headers
    scores = [len({role for cell in row if (role := role_of_header(cell))}) for row in near]
    if not scores or not max(scores):
        return None
    start = scores.index(max(scores))
    columns = describe(headers_of(rows[start]), rows[start + 1 :])
    kind = kind_of({column.role for column in columns} - {""})
    roles = {column.role: column.header for column in columns if column.role}
    return Mapping(kind, roles, start) if kind else None


def inspect_sheet(path: str | Path | Member, mappings: Any = None) -> list[Sheet]:
    """Say how each table of a file (or of a folder or zip of files) would be read, given corrected `mappings`.

    Raises
    ------
    ReadError
        When the file cannot be read as a table.
    """
    if not isinstance(path, Member):
        with opened([path]) as (members, notes):
            if not members and notes:
                raise ReadError(notes[0].message)
            return [sheet for member in members for sheet in inspect_sheet(member, mappings)]
    sheets = []
    for name, rows, mapping, _ in _mapped(path, mappings):
        filled = [sum(map(bool, row)) for row in rows[:30]]  # titles above the headers fill a cell or two
        start = mapping.header_row if mapping else next((i for i, n in enumerate(filled) if 2 * n > max(filled)), 0)
        headers, body = headers_of(rows[start] if rows else []), [row for row in rows[start + 1 :] if any(row)]
        columns = tuple(describe(headers, body))
        sheets.append(Sheet(path.label, name, columns, mapping, len(body), signature(headers)))
    return sheets


def _told_mapping(rows: Grid, mappings: Any) -> Mapping | None:
    """The mapping that the user gave for one of the first rows as headers. Raises ReadError when it does not fit."""
    for i, row in enumerate(rows[:30] if mappings else []):
        if (given := mappings.get(signature(headers_of(row)))) is not None:
            with suppress(TypeError, AttributeError):
                mapping = replace(given if isinstance(given, Mapping) else Mapping.from_dict(given), header_row=i)
                if mapping.fits(headers_of(row)):
                    return mapping
            raise ReadError(message("The remembered columns do not fit this table and were guessed anew."))
    return None


def _mapped(member: Member, mappings: Any) -> Iterator[tuple[str, Grid, Mapping | None, list[Message]]]:
    """Each sheet with how it is read, and what is wrong with a remembered way; a format of later is not guessed."""
    guess = guess_mapping if not not_yet(member) else lambda rows: None
    for name, rows in read_grid(member):
        try:
            yield name, rows, _told_mapping(rows, mappings) or guess(rows), []
        except ReadError as error:
            yield name, rows, guess(rows), [error.message]


def not_yet(member: Member) -> Message | None:
    """What to say of a file in a format that we know and do not read; None for all others."""
    what = next((what for _, rows in read_grid(member) if (what := later_format(rows))), "")
    text = message("{file} looks like {what}. This version does not read it yet.", file=member.label, what=what)
    return text if what else None


def claims(member: Member, options: Options) -> bool:
    """Whether any sheet has headers that we know or were told of."""
    return any(mapping for _, _, mapping, _ in _mapped(member, options.mappings))


def read(members: list[Member], options: Options) -> list[Part]:
    """Read every sheet of every member; one column of names is a list of likers where the file's name says so."""
    parts = []
    for member in members:
        for name, rows, mapping, problems in _mapped(member, options.mappings):
            source = f"{member.label}/{name}" if name else member.label
            if mapping is not None:
                table = Table(source, rows, mapping, options)
                if mapping.kind == "followers" and (post := liked_post(member)):
                    handles, _ = table.handles()
                    table.part.tables = reactions(OWN, post, list(handles.dropna().unique()), "like",
                                                  complete=bool(handles.notna().all()))  # fmt: skip
                table.part.notes[:0] = [Note("warning", source, problem) for problem in problems]
                parts.append(table.part)
        member.close()  # its bytes and rows would stay until all is merged
    return parts


def headers_of(row: Sequence[str]) -> list[str]:
    """Headers that differ: an empty one is called after its place, a repeated one is numbered."""
    seen: dict[str, int] = {}
    headers = []
    for i, cell in enumerate(row, start=1):
        header = " ".join(cell.split()) or f"({i})"
        seen[header] = seen.get(header, 0) + 1
        headers.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return headers


class Table:
    """One table while it is read by its mapping."""

    def __init__(self, source: str, rows: Grid, mapping: Mapping, options: Options) -> None:
        self.source, self.mapping, self.settings = source, mapping, options.settings
        self.part = Part(30, certainty=0)
        headers = headers_of(rows[mapping.header_row])
        self.places = {role: headers.index(name) for role, name in mapping.columns.items() if name in headers}
        if mapping.kind == "posts":  # the rate of a post is not what its account states of itself
            self.places.pop("engagement_rate", None)
        self.headers = {role: headers[i] for role, i in self.places.items()}
        kept, dropped = self.body(grid := rows if isinstance(rows, Rows) else Rows.of(rows))
        self.rows, self.grid = pd.Series(kept + 1), grid.take(kept)
        self.cells = {role: self.grid.column(i) for role, i in self.places.items()}
        unused = [header for header in headers if header not in self.headers.values() and not header.startswith("(")]
        self.count("info", dropped, message("Rows without values, left out: {n}."))
        if unused:
            self.note("info", message("These columns were not used: {columns}.", columns=short(unused)))
        if not len(kept):
            self.note("warning", message("{source} has headers but no rows.", source=source))
        getattr(self, mapping.kind)()
        self.part.tables = {name: frame for name, frame in self.part.tables.items() if len(frame)}

    @cached_property
    def repeated(self) -> pd.Series:
        """Which rows say in full what one above says."""
        return pd.DataFrame({i: self.grid.column(i) for i in range(self.grid.table.num_columns)}).duplicated()

    def body(self, rows: Rows) -> tuple[np.ndarray, int]:
        """The places of the rows below the header; lines of totals, rows without a value in a key column and, below
        totals, remarks at the end are dropped."""
        cells, at = [pc.if_else(pc.equal(each, ""), None, each) for each in rows.table.columns], np.arange(len(rows))
        first = pc.utf8_rtrim(pc.utf8_lower(pc.coalesce(*cells)), ": ").to_pandas()
        found = first.notna().to_numpy() & (at > self.mapping.header_row)
        totals = [i for i in np.flatnonzero(found & first.isin(TOTALS).to_numpy()) if self.names_nothing(rows[i])]
        filled = {role: pc.is_valid(cells[i]).to_numpy() for role, i in self.places.items()}
        sizes, below = sum(filled.values(), np.zeros(len(rows), dtype=int)), found & ~np.isin(at, totals)
        usual = min(2, np.sort(sizes[below])[below.sum() // 2]) if below.any() else 0
        end = max([min(totals, default=0), *np.flatnonzero(below & (sizes >= usual))[-1:]])
        body = below & ((at <= end) | (not totals))
        if totals:
            text = message("Lines of totals, left out: {n}; lines below them, left out: {rest}.", n=len(totals),
                           rest=int(below.sum() - body.sum()))  # fmt: skip
            self.note("info", text, int(found.sum() - body.sum()))
        key = ["handle"] if self.mapping.kind in ("accounts", "reactions", "followers") else list(self.places)
        kept = body & np.any([filled[role] for role in key if role in filled], axis=0)
        return np.flatnonzero(kept), int(body.sum() - kept.sum())

    def names_nothing(self, row: list[str]) -> bool:
        """Whether the names and ids of a row are empty, or words for totals (a number may count the names)."""
        places = {role: self.places[role] for role in ("handle", "sale_id", "post", "url") if role in self.places}
        named = {role: row[i] for role, i in places.items() if i < len(row) and row[i]}
        words = [cell for role, cell in named.items() if role != "handle" or not cell.isdigit()]
        return all(word.lower().rstrip(": ") in TOTALS for word in words)

    def note(self, level: Level, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def count(self, level: Level, rows: Any, what: Message) -> None:
        """Say how many rows (a number, or a mark on each) are so, where any are: the `{n}` of a message."""
        if n := int(np.sum(rows)):
            self.note(level, replace(what, values={**what.values, "n": n}), n)

    def text(self, role: str) -> pd.Series:
        """A column as text, null where empty."""
        return self.cells.get(role, pd.Series("", self.rows.index, dtype="str")).replace("", pd.NA)

    def numbers(self, role: str, **options: Any) -> Numbers:
        options |= {"source": self.source, "column": self.headers.get(role, role), "decimal": self.mapping.decimal}
        found = parse_numbers(self.text(role), **options)
        self.part.notes += found.notes
        return found

    def date(self) -> pd.Series:
        texts, zone, column = self.text("date"), self.settings.time_zone, self.headers.get("date", "")
        dates = parse_dates(texts, zone, self.mapping.dayfirst, source=self.source, column=column)
        self.part.notes += dates.notes
        if self.lack_zones(texts[dates.values.notna()]):
            self.note("info", message("Times without a zone were taken as {zone}.", zone=zone))
        return dates.values

    def lack_zones(self, times: pd.Series) -> bool:
        return len(times) > 0

    def fill(self, table: str, **columns: Any) -> pd.DataFrame:
        """A canonical table: the columns given, and those whose name is a role of this table, as their kind asks."""
        frame = pd.DataFrame(columns, index=self.rows.index)
        for column, kind in TABLES[table].columns.items():
            if column in self.cells and column not in frame:
                if kind in ("count", "number"):
                    frame[column] = self.numbers(column, count=kind == "count").values
                else:
                    text = self.text(column)
                    frame[column] = text.str.lower().map(FLAGS) if kind == "flag" else text
        return frame

    def handles(self) -> tuple[pd.Series, pd.Series]:
        """Handles (null where a cell holds none) and account ids; names that are no handles are told."""
        of, different = pd.factorize(self.text("handle").fillna(""))  # each different cell is looked at once
        cells = pd.Series(different, dtype="str")
        if self.mapping.kind != "accounts":  # a number is an account in a list of accounts; elsewhere it is a phone's
            phones = no_phones(cells).isna()
            told = message("Phone numbers in place of account names, left out: {n}.")
            self.count("warning", phones.to_numpy()[of], told)
            cells = cells.mask(phones, "")
        found = pd.DataFrame([clean_handle(cell) for cell in cells], columns=["handle", "platform"], dtype="str")
        handles, linked = (found[column].mask(found[column] == "") for column in found)
        named = self.text("platform").map(platform_in, na_action="ignore").astype("str")
        if odd := sorted(set(self.text("platform")[named == ""])):
            text = message("Platforms that are not known to us, taken as Instagram: {names}.", names=short(odd))
            self.note("guess", text, int((named == "").sum()))
        if self.mapping.kind == "sales":  # a buyer's first name is no account: only what cannot be anything else
            handles = handles.where(cells.str.contains(MARKED).astype(bool))
        if lost := sorted(set(cells[handles.isna() & (cells != "")])):
            self.part.notes.append(unresolved(lost, self.source, shown=self.mapping.kind != "sales"))
        handles, linked = (each.take(of).set_axis(self.rows.index) for each in (handles, linked))
        platforms = named.replace("", "instagram").fillna(linked).fillna(default_platform(self.headers))
        return handles, (platforms.astype("str") + ":" + handles).astype("str")

    def numbered(self, *told: pd.Series) -> pd.Series:
        """Ids for rows that bear none, made of what they say: the first of `told` that is known, else all but their
        status. They are the same in whatever file a row stands; rows of one table that say the same are numbered."""
        cells = [self.text(role).fillna("") for role in sorted(self.cells) if role != "status"]
        whole = pd.Series("", self.rows.index, dtype="str").str.cat(cells, sep="\x1f")
        says = pd.concat([*told, whole], axis=1).bfill(axis=1).iloc[:, 0].astype("str")
        return made_ids(says, self.text("handle").fillna(""))

    def money(self, role: str) -> pd.DataFrame:
        """Amount and currency: written in the cell, in the header, in a column, else the study's."""
        named = currency_in(self.headers[role])
        found = self.numbers(role, money=True, currency=named)
        below = (found.values < 0).fillna(False) & role.startswith("price:")
        self.count("warning", below, message("Prices below zero in {column}: {n}.", column=self.headers[role]))
        found = found._replace(values=found.values.mask(below))
        currency = found.currency.fillna(self.text("currency").str.upper()).fillna(named or None)
        if currency[found.values.notna()].isna().any():
            told = {"column": self.headers[role], "currency": self.settings.currency}
            self.note("guess", message("{column} names no currency everywhere; {currency} was taken.", **told))
        currency = currency.fillna(self.settings.currency).where(found.values.notna())
        return pd.DataFrame({"amount": found.values, "currency": currency})

    def followers(self) -> None:
        handles, _ = self.handles()
        frame = self.fill("followers", account_id=OWN, follower_id=handles, handle=handles, followed_at=self.date())
        self.part.tables["followers"] = frame[handles.notna()]

    def accounts(self) -> None:
        handles, ids = self.handles()
        rate = self.numbers("engagement_rate")
        bare = ~rate.percent & rate.values.notna()
        # A rate above 30 % is nobody's: one such value shows that the whole column is per cent.
        cent = bool((rate.values[bare] > 0.3).any()) or "%" in self.headers.get("engagement_rate", "")
        shares = message("Engagement rates without a % sign, taken as shares (0.05 is 5 %): {n}.")
        per_cent = message("Engagement rates without a % sign, taken as per cent: {n}.")
        self.count("guess", bare, per_cent if cent else shares)
        rates = rate.values.mask(bare & cent, rate.values / 100)
        platforms = ids.str.replace(":.*", "", regex=True)
        frame = self.fill("accounts", account_id=ids, platform=platforms, handle=handles, engagement_rate=rates)
        self.part.tables["accounts"] = frame[handles.notna()]
        prices = [role for role in self.places if role.startswith("price:")]
        tables = [self.money(role).assign(account_id=ids, deliverable=role.removeprefix("price:")) for role in prices]
        if tables:
            self.part.tables["prices"] = pd.concat(tables, ignore_index=True).dropna(subset=["amount", "account_id"])

    def posts(self) -> None:
        handles, owners = self.handles()
        ids, url = self.text("post"), self.text("url").fillna(self.text("post"))
        codes = shortcodes_in(url)
        rounded = ids.str.contains(ROUNDED, na=False)
        self.count("warning", rounded, message("Post numbers rounded by a spreadsheet program: {n}. Links are used."))
        ids = ids.mask(rounded | ids.str.contains("/", na=False)).fillna(codes)
        date, caption = self.date(), self.text("caption")
        day = date.dt.tz_convert(self.settings.time_zone).dt.tz_localize(None).astype("str").where(date.notna())
        kind = self.text("kind").fillna("")
        ids = ids.fillna(self.numbered(url, day + "\x1f" + caption, day + "\x1f" + kind, caption))
        words = {text: next((kind for word, kind in KIND_WORDS.items() if word in text.lower()), None)
                 for text in self.text("kind").dropna().unique()}  # fmt: skip
        if unknown := [text for text, kind in words.items() if kind is None]:
            self.note("warning", message("Kinds of posts that are not known to us: {kinds}.", kinds=short(unknown)))
        named = self.text("hashtags").str.replace(r"(?<![#\w])(?=\w)", "#", regex=True)
        tags = named.fillna(self.text("caption")).map(hashtags, na_action="ignore")
        account = owners if "handle" in self.cells else OWN
        frame = self.fill("posts", account_id=account, post_id=ids, shortcode=codes, published_at=date,
                          kind=self.text("kind").map(words), hashtags=tags)  # fmt: skip
        if "plays" in self.cells:  # what Meta called views until 2025
            plays = self.numbers("plays", count=True).values
            frame["views"] = frame["views"].fillna(plays) if "views" in frame else plays
        self.part.tables["posts"] = frame[frame["account_id"].notna()]
        if "handle" in self.cells:
            platforms = owners.str.replace(":.*", "", regex=True)
            accounts = self.fill("accounts", account_id=owners, platform=platforms, handle=handles)[handles.notna()]
            self.part.tables["accounts"] = accounts.drop_duplicates("account_id", ignore_index=True)

    def reactions(self) -> None:
        """Likers and commenters: a row may hold a like, a comment, or both."""
        refs = self.text("post").fillna(self.text("url"))
        refs = shortcodes_in(refs).fillna(refs)
        text = self.text("comment").replace(["-", "–"], pd.NA)
        frame = pd.DataFrame({"account_id": OWN, "post_id": refs, "follower_id": self.handles()[0], "at": self.date()})
        kind = "comment" if "comment" in self.cells and "liked" not in self.cells else "like"
        liked = self.text("liked").str.lower().map(FLAGS).eq(True) | (kind == "like" and "liked" not in self.cells)
        known = frame["follower_id"].notna()
        likes, comments = frame.assign(kind="like", text=None), frame.assign(kind="comment", text=text)
        rows = [likes[liked & known], comments[text.notna() & known]]
        self.part.tables["interactions"] = pd.concat(rows, ignore_index=True)
        named = frame.assign(complete=known).groupby(["account_id", "post_id"], sort=False)["complete"].all()
        self.part.tables["coverage"] = named.reset_index().assign(kind=kind)
        told = message("The list was taken to name everyone who reacted ({kind:word}) to {n} of the posts.", kind=kind)
        self.count("guess", named, told)

    def sales(self) -> None:
        ids = self.text("sale_id")
        rounded = ids.str.contains(ROUNDED, na=False)
        self.count("warning", rounded, message("Order numbers rounded by a spreadsheet program, left out: {n}."))
        ids = ids.mask(rounded)
        again = self.repeated & ids.notna()
        kols = no_phones(self.text("referrer")).map(lambda text: clean_handle(text)[0] or None, na_action="ignore")
        money = self.money("amount")
        # A line in another currency cannot be added up: it stays a sale of its own.
        first = money["currency"].groupby(ids).transform("first")
        ids = ids.mask(money["currency"].notna() & (money["currency"] != first), ids + "-" + money["currency"])
        ids = ids.fillna(self.numbered())
        frame = self.fill("sales", sale_id=ids, account_id=OWN, follower_id=self.handles()[0], at=self.date(),
                          referrer=kols, amount=money["amount"], currency=money["currency"],
                          code=no_phones(self.text("code")))  # fmt: skip
        lines = frame[~again]
        sums = lines.groupby("sale_id")[[c for c in ("amount", "quantity") if c in lines]].sum(min_count=1)
        orders = lines.groupby("sale_id", sort=False).first().drop(columns=sums.columns).join(sums).reset_index()
        self.count("guess", again, message("Lines that repeat another in full, left out: {n}."))
        self.count("guess", len(lines) - len(orders), message("Lines added up to the order that they belong to: {n}."))
        if n := int(undone(orders["status"]).sum()) if "status" in orders else 0:
            self.note("info", no_sales(n, len(orders)), n)
        self.part.tables["sales"] = orders

    def days(self) -> None:
        date = self.date().dt.tz_convert(self.settings.time_zone).dt.tz_localize(None)
        self.part.tables["days"] = self.fill("days", account_id=OWN, date=date)[date.notna()]
