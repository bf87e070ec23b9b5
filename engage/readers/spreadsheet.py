"""Any other table (CSV, TSV, XLSX): influencer lists, posts, likers, comments, followers, sales, daily numbers.

How a table is read is a `Mapping`. It is guessed from headers and values; a corrected one takes the same path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from engage.messages import Message, ReadError, message
from engage.readers.columns import (
    ACCOUNT_COUNTS,
    FLAGS,
    METRICS,
    Column,
    Mapping,
    describe,
    kind_of,
    normal,
    role_of_header,
)
from engage.readers.dates import parse_dates, shortcode_in
from engage.readers.files import Member, opened
from engage.readers.numbers import currency_in, parse_numbers
from engage.readers.part import OWN, Options, Part, clean_handle, hashtags, unresolved
from engage.readers.text import Grid, read_grid
from engage.study import POST_KINDS, Note

TOTALS = frozenset(["total", "jumlah", "subtotal", "grand", "total", "keseluruhan"] + ["grand total", "total keseluruhan"])
KIND_WORDS = {"gambar": "photo", "foto": "photo", "image": "photo", "feed": "photo", "single": "photo", "reels": "reel",
              "carousel": "carousel", "album": "carousel", "sidecar": "carousel", "cerita": "story", "stories": "story",
              "video": "video", "teks": "text"} | {kind: kind for kind in POST_KINDS}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One table as it will be read, for a screen on which it can be corrected."""

    source: str
    name: str
    columns: tuple[Column, ...]
    mapping: Mapping | None
    rows: int
    signature: str


def signature(headers: Sequence[str]) -> str:
    """A short name for a set of headers, under which a corrected mapping is remembered."""
    return hashlib.sha256("|".join(normal(header) for header in headers).encode()).hexdigest()[:16]


def guess_mapping(rows: Grid) -> Mapping | None:
    """Guess how a table is read; None when its headers say nothing.

    The header is the row, among the first 30, with the most headers that are known.
    """
    scores = [len({role for cell in row if (role := role_of_header(cell))}) for row in rows[:30]]
    if not scores or not max(scores):
        return None
    start = scores.index(max(scores))
    columns = describe(_headers(rows[start]), rows[start + 1 :])
    kind = kind_of({column.role for column in columns} - {""})
    roles = {column.role: column.header for column in columns if column.role}
    return Mapping(kind, roles, start) if kind else None


def inspect_sheet(path: str | Path | Member) -> list[Sheet]:
    """Say how each table of a file (or of a folder or zip of files) would be read.

    Raises
    ------
    ReadError
        When the file cannot be read as a table.
    """
    if isinstance(path, Member):
        return [
            Sheet(path.label, name, tuple(describe(headers, rows[start + 1 :])), mapping,
                  len([row for row in rows[start + 1 :] if any(row)]), signature(headers))
            for name, rows in read_grid(path)
            for mapping in [guess_mapping(rows)]
            for start in [mapping.header_row if mapping else 0]
            for headers in [_headers(rows[start]) if rows else []]
        ]  # fmt: skip
    with opened([path]) as (members, notes):
        if not members and notes:
            raise ReadError(notes[0].message)
        return [sheet for member in members for sheet in inspect_sheet(member)]


def find_mapping(rows: Grid, mappings: Any) -> Mapping | None:
    """The mapping that the user gave for one of the first rows as headers, else a guess. Raises ReadError."""
    for i, row in enumerate(rows[:30] if mappings else []):
        if (given := mappings.get(signature(_headers(row)))) is not None:
            try:
                mapping = replace(given if isinstance(given, Mapping) else Mapping.from_dict(given), header_row=i)
                if mapping.fits(_headers(row)):
                    return mapping
            except (TypeError, AttributeError):
                pass
            raise ReadError(message("The remembered columns do not fit this table and were guessed anew."))
    return guess_mapping(rows)


def claims(member: Member, options: Options) -> bool:
    """Whether any sheet has headers that we know or were told of."""
    return any(guess_mapping(rows) or _told(rows, options.mappings) for _, rows in read_grid(member))


def _told(rows: Grid, mappings: Any) -> bool:
    return bool(mappings) and any(signature(_headers(row)) in mappings for row in rows[:30])


def read(members: list[Member], options: Options) -> list[Part]:
    """Read every sheet of every member."""
    parts = []
    for member in members:
        for name, rows in read_grid(member):
            source, notes = f"{member.label}/{name}" if name else member.label, []
            try:
                mapping = find_mapping(rows, options.mappings)
            except ReadError as error:
                mapping, notes = guess_mapping(rows), [Note("warning", source, error.message)]
            if mapping is not None:
                part = _Table(source, rows, mapping, options).part
                part.notes = notes + part.notes
                parts.append(part)
    return parts


def _headers(row: Sequence[str]) -> list[str]:
    """Headers that differ: an empty one is called after its place, a repeated one is numbered."""
    seen: dict[str, int] = {}
    headers = []
    for i, cell in enumerate(row, start=1):
        header = " ".join(cell.split()) or f"({i})"
        seen[header] = seen.get(header, 0) + 1
        headers.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return headers


class _Table:
    """One table while it is read by its mapping."""

    def __init__(self, source: str, rows: Grid, mapping: Mapping, options: Options) -> None:
        self.source, self.mapping, self.settings = source, mapping, options.settings
        self.part = Part(30, certainty=0)
        headers = _headers(rows[mapping.header_row])
        place = {header: i for i, header in enumerate(headers)}
        self.places = {role: place[header] for role, header in mapping.columns.items() if header in place}
        self.headers = {role: headers[i] for role, i in self.places.items()}
        kept, dropped = self.body(rows)
        self.rows = pd.Series([number for number, _ in kept], dtype="int64")
        self.cells = {
            role: pd.Series([row[i] if i < len(row) else "" for _, row in kept], dtype="str")
            for role, i in self.places.items()
        }
        unused = [header for header in headers if header not in self.headers.values() and not header.startswith("(")]
        if dropped:
            self.note("info", message("Rows without values, left out: {n}.", n=dropped), dropped)
        if unused:
            self.note("info", message("These columns were not used: {columns}.", columns=unused[:20]))
        if not kept:
            self.note("warning", message("{source} has headers but no rows.", source=source))
        getattr(self, mapping.kind)()
        self.part.tables = {name: frame for name, frame in self.part.tables.items() if len(frame)}

    def body(self, rows: Grid) -> tuple[list[tuple[int, list[str]]], int]:
        """The rows below the header up to a line of totals; those without a value in a key column are dropped."""
        key = ["handle"] if self.mapping.kind in ("accounts", "reactions", "followers") else list(self.places)
        kept, dropped = [], 0
        for number, row in enumerate(rows[self.mapping.header_row + 1 :], start=self.mapping.header_row + 2):
            first = next((cell for cell in row if cell), "").lower().rstrip(":")
            if first in TOTALS:
                break
            if any(row[self.places[role]] for role in key if role in self.places and self.places[role] < len(row)):
                kept.append((number, row))
            elif any(row):
                dropped += 1
        return kept, dropped

    def note(self, level: Any, what: Message, count: int = 0) -> None:
        self.part.notes.append(Note(level, self.source, what, count))

    def text(self, role: str) -> pd.Series:
        """A column as text, null where empty."""
        empty = pd.Series(pd.NA, index=self.rows.index, dtype="str")
        return self.cells[role].replace("", pd.NA) if role in self.cells else empty

    def number(self, role: str, **options: Any) -> pd.Series:
        if role not in self.cells:
            return pd.Series(pd.NA, index=self.rows.index, dtype="Float64")
        numbers = parse_numbers(self.cells[role], source=self.source, column=self.headers[role],
                                decimal=self.mapping.decimal, **options)  # fmt: skip
        self.part.notes += numbers.notes
        return numbers.values

    def money(self, role: str) -> pd.DataFrame:
        """Amount and currency: written in the cell, in the header, in a column, else the study's."""
        named = currency_in(self.headers[role])
        found = parse_numbers(self.cells[role], source=self.source, column=self.headers[role], money=True,
                              currency=named, decimal=self.mapping.decimal)  # fmt: skip
        self.part.notes += found.notes
        currency = found.currency.fillna(self.text("currency").str.upper()).fillna(named or None)
        if currency[found.values.notna()].isna().any():
            self.note("guess", message("{column} names no currency everywhere; {currency} was taken.",
                                       column=self.headers[role], currency=self.settings.currency))  # fmt: skip
        currency = currency.fillna(self.settings.currency).where(found.values.notna())
        return pd.DataFrame({"amount": found.values, "currency": currency})

    def date(self) -> pd.Series:
        if "date" not in self.cells:
            return pd.Series(pd.NaT, index=self.rows.index, dtype="datetime64[us, UTC]")
        dates = parse_dates(self.cells["date"], self.settings.time_zone, self.mapping.dayfirst, source=self.source,
                            column=self.headers["date"])  # fmt: skip
        self.part.notes += dates.notes
        if dates.values.notna().any():
            self.note("info", message("Times without a zone were taken as {zone}.", zone=self.settings.time_zone))
        return dates.values

    def handles(self) -> tuple[pd.Series, pd.Series]:
        """Handles (null where a cell holds none) and platforms; names that are no handles are told."""
        cells = self.cells.get("handle", pd.Series("", index=self.rows.index, dtype="str"))
        cleaned = {cell: clean_handle(cell) for cell in cells.unique()}
        handles = cells.map({cell: handle or None for cell, (handle, _) in cleaned.items()}).astype("str")
        default = "tiktok" if "tiktok" in self.headers.get("handle", "").lower() else "instagram"
        platforms = cells.map({cell: platform or None for cell, (_, platform) in cleaned.items()}).astype("str")
        platforms = self.text("platform").str.lower().replace("ig", "instagram").fillna(platforms).fillna(default)
        lost = sorted(set(cells[handles.isna() & (cells != "")]))
        if lost:
            self.part.notes.append(unresolved(lost, self.source))
        return handles, platforms

    def post_refs(self) -> pd.Series:
        refs = self.text("post").fillna(self.text("url"))
        return refs.map(lambda ref: shortcode_in(ref) or ref, na_action="ignore").astype("str")

    def followers(self) -> None:
        handles, _ = self.handles()
        frame = pd.DataFrame({"account_id": OWN, "follower_id": handles, "handle": handles, "name": self.text("name")})
        frame["followed_at"] = self.date()
        self.part.tables["followers"] = frame[handles.notna()]

    def accounts(self) -> None:
        handles, platforms = self.handles()
        ids = pd.Series(platforms + ":" + handles, dtype="str")
        frame = pd.DataFrame({"account_id": ids, "platform": platforms, "handle": handles})
        for role in ("name", "topic", "country"):
            frame[role] = self.text(role)
        for role in ACCOUNT_COUNTS:
            frame[role] = self.number(role, count=True)
        if "engagement_rate" in self.cells:
            found = parse_numbers(self.cells["engagement_rate"], source=self.source,
                                  column=self.headers["engagement_rate"], decimal=self.mapping.decimal)  # fmt: skip
            bare = ~found.percent & (found.values > 1).fillna(False)
            frame["engagement_rate"] = found.values.mask(bare, found.values / 100)
            self.part.notes += [note for note in found.notes if note.level != "guess"]
            if n := int(bare.sum()):
                self.note("guess", message("Engagement rates without a % sign, taken as per cent: {n}.", n=n), n)
        prices = [
            self.money(role).assign(account_id=ids, deliverable=role.removeprefix("price:"))
            for role in self.places
            if role.startswith("price:")
        ]
        known = handles.notna()
        self.part.tables["accounts"] = frame[known]
        if prices:
            table = pd.concat([price[known] for price in prices], ignore_index=True)
            self.part.tables["prices"] = table[table["amount"].notna()]

    def posts(self) -> None:
        handles, platforms = self.handles()
        ids = pd.Series(platforms + ":" + handles, dtype="str")
        frame = pd.DataFrame({"account_id": ids if "handle" in self.cells else OWN}, index=self.rows.index)
        url = self.text("url").fillna(self.text("post"))
        frame["shortcode"] = url.map(shortcode_in, na_action="ignore").replace("", pd.NA).astype("str")
        numbered = pd.Series([f"{self.source}-{row}" for row in self.rows], dtype="str")
        frame["post_id"] = frame["shortcode"].fillna(self.text("post")).fillna(numbered)
        frame["published_at"] = self.date()
        frame["caption"] = self.text("caption")
        tags = self.text("hashtags").fillna(frame["caption"])
        frame["hashtags"] = tags.map(hashtags, na_action="ignore")
        frame["topic"] = self.text("topic")
        kinds = self.text("kind").str.lower().map(
            lambda text: next((k for word, k in KIND_WORDS.items() if word in text), None), na_action="ignore")
        frame["kind"] = kinds.astype("str")
        frame["is_paid"] = self.text("is_paid").str.lower().map(FLAGS)
        for role in METRICS:
            if role in self.cells:
                frame[role] = self.number(role, count=True)
        self.part.tables["posts"] = frame[frame["account_id"].notna()]
        if "handle" in self.cells:
            accounts = pd.DataFrame({"account_id": ids, "platform": platforms, "handle": handles})[handles.notna()]
            self.part.tables["accounts"] = accounts.drop_duplicates("account_id")

    def reactions(self) -> None:
        """Likers and commenters: a row may hold a like, a comment, or both."""
        handles, _ = self.handles()
        frame = pd.DataFrame({"account_id": OWN, "post_id": self.post_refs(), "follower_id": handles})
        frame["at"] = self.date()
        liked = self.text("liked").str.lower().map(FLAGS).eq(True)
        if "liked" not in self.cells:
            liked = pd.Series("comment" not in self.cells, index=frame.index)
        comment = self.text("comment").map(lambda text: None if text in ("-", "–") else text, na_action="ignore")
        likes = frame[liked & handles.notna()].assign(kind="like", text=None)
        comments = frame[comment.notna() & handles.notna()].assign(kind="comment", text=comment)
        self.part.tables["interactions"] = pd.concat([likes, comments], ignore_index=True)
        kind = "comment" if "comment" in self.cells and "liked" not in self.cells else "like"
        named = frame.loc[frame["post_id"].notna(), ["account_id", "post_id"]].drop_duplicates()
        if len(named):
            self.part.tables["coverage"] = named.assign(kind=kind, complete=True)
            self.note("guess", message("The list was taken to name everyone who reacted ({kind}) to {n} of the posts.",
                                       kind=kind, n=len(named)))  # fmt: skip

    def sales(self) -> None:
        numbered = pd.Series([f"{self.source}-{row}" for row in self.rows], dtype="str")
        frame = pd.DataFrame({"sale_id": self.text("sale_id").fillna(numbered), "account_id": OWN})
        frame["follower_id"] = self.handles()[0]
        frame["at"] = self.date()
        frame[["amount", "currency"]] = self.money("amount")
        for role in ("code", "utm_source", "utm_campaign", "status"):
            frame[role] = self.text(role)
        frame["referrer"] = self.text("referrer").map(lambda t: clean_handle(t)[0] or None, na_action="ignore")
        frame["quantity"] = self.number("quantity", count=True)
        self.part.tables["sales"] = frame

    def days(self) -> None:
        zone = self.settings.time_zone
        frame = pd.DataFrame({"account_id": OWN, "date": self.date().dt.tz_convert(zone).dt.tz_localize(None)})
        for role in ("followers", "new_follows", "lost_follows", "views", "reach", "profile_visits", "interactions"):
            frame[role] = self.number(role, count=True)
        self.part.tables["days"] = frame[frame["date"].notna()]
