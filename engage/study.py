"""A Study: the canonical tables, checked in one place, with notes, settings and what they can answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from engage.messages import UNSAFE_TEXT, Message, StudyError, harmless, message, plural
from engage.settings import Settings as Settings

Kind = Literal["text", "count", "number", "flag", "time", "day"]
DTYPES: dict[Kind, str] = {
    "text": "str",
    "count": "Int64",
    "number": "Float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "day": "datetime64[s]",
}

ENGAGING = ("like", "comment", "share", "save", "mention", "vote", "message")
"""Interaction kinds that count as engagement; view and click never do."""
POST_KINDS = ("photo", "carousel", "reel", "video", "story", "live", "text")
MADE = "row-"
"""How ids begin that a reader made of what a row says; no platform gives such ids."""
TOKENS = {"kind", "platform", "follower_id", "handle", "referrer", "account_id"}  # always lower case


class Table(NamedTuple):
    """One canonical table: its key, and the kind of each column in order."""

    key: tuple[str, ...]
    columns: dict[str, Kind]


def _table(key: str, **columns: str) -> Table:
    kinds = {name: kind for kind, names in columns.items() for name in names.split()}
    return Table(tuple(key.split()), kinds)  # type: ignore[arg-type]


TABLES: dict[str, Table] = {
    "accounts": _table(
        "account_id",
        text="account_id platform handle name topic country",
        count="followers following posts",
        flag="is_owner verified",
        number="engagement_rate",
    ),
    "posts": _table(
        "account_id post_id",
        text="account_id post_id shortcode kind caption hashtags topic",
        time="published_at",
        flag="is_paid is_collab",
        count="reach follower_reach views impressions likes comments shares saves follows profile_visits",
    ),
    "coverage": _table("account_id post_id kind", text="account_id post_id kind", flag="complete", time="collected_at"),
    "followers": _table(
        "account_id follower_id",
        text="account_id follower_id handle name",
        time="followed_at last_post_at last_seen_at",
        flag="is_following_back has_picture has_bio is_private is_verified",
        count="followers following posts",
    ),
    "following": _table("account_id handle", text="account_id handle", time="followed_at"),
    "interactions": _table(
        "account_id post_id follower_id kind at",
        text="account_id post_id follower_id kind text source_id",
        time="at",
    ),
    "replies": _table("account_id post_id follower_id at", text="account_id post_id follower_id text", time="at"),
    "days": _table(
        "account_id date",
        text="account_id",
        day="date",
        count="followers new_follows lost_follows views reach profile_visits interactions",
    ),
    "sales": _table(
        "sale_id",
        text="sale_id account_id follower_id code referrer utm_source utm_campaign currency status",
        time="at",
        number="amount",
        count="quantity",
    ),
    "prices": _table("account_id deliverable", text="account_id deliverable currency", number="amount"),
}

Level = Literal["info", "guess", "warning", "error"]


@dataclass(frozen=True)
class Note:
    """What was read, guessed, dropped or looks wrong: `source` names the file, `count` the rows."""

    level: Level
    source: str
    message: Message
    count: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", harmless(self.message))

    def __str__(self) -> str:
        return f"{self.source}: {self.message}" if self.source else str(self.message)


class Ability(NamedTuple):
    """How much of something is there: `have` out of `of`."""

    have: int
    of: int

    def __bool__(self) -> bool:
        return self.have > 0


@dataclass(frozen=True)
class Missing:
    """What could not be worked out, and what to bring so that it can be."""

    what: Message
    bring: Message

    def __str__(self) -> str:
        return f"{self.what} {self.bring}"


@dataclass(frozen=True, eq=False)
class Study:
    """One or many accounts: ten canonical tables (see `TABLES`), notes, settings.

    Any table may be left out. Each one given is checked here, once for every reader: columns are put in
    order, values of the wrong type become null, rows with the same key are merged (the first known value
    of each column is kept), and a Note says so. Times must carry a time zone; they are kept in UTC.

    Raises
    ------
    StudyError
        When a table lacks a key column, or a time has no time zone.
    """

    accounts: pd.DataFrame = None
    posts: pd.DataFrame = None
    coverage: pd.DataFrame = None
    followers: pd.DataFrame = None
    following: pd.DataFrame = None
    interactions: pd.DataFrame = None
    replies: pd.DataFrame = None
    days: pd.DataFrame = None
    sales: pd.DataFrame = None
    prices: pd.DataFrame = None
    notes: tuple[Note, ...] = ()
    settings: Settings = field(default_factory=Settings)
    truth: pd.DataFrame | None = None
    id: str = ""
    version: int = 0

    def __post_init__(self) -> None:
        self._check(TABLES)

    def _check(self, names: Iterable[str]) -> None:
        notes = list(self.notes)
        for name in names:
            frame, found = check_table(name, getattr(self, name))
            object.__setattr__(self, name, frame)
            notes += [note for note in found if note not in notes]
        object.__setattr__(self, "notes", tuple(notes))

    def __repr__(self) -> str:
        rows = ", ".join(f"{len(frame):,} {name}" for name, frame in self.tables.items() if len(frame))
        return f"Study({rows or 'empty'})"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {name: getattr(self, name) for name in TABLES}

    @property
    def is_empty(self) -> bool:
        return all(frame.empty for frame in self.tables.values())

    def with_(self, **changes: Any) -> Study:
        """Return a copy in which some tables, notes or settings are replaced; only those tables are checked."""
        unknown = set(changes) - {f.name for f in fields(self)}
        if unknown:
            raise TypeError(f"Study has no {sorted(unknown)[0]!r}")
        fresh = object.__new__(Study)
        fresh.__dict__.update(self.__dict__ | changes)
        fresh._check(name for name in TABLES if name in changes)
        return fresh

    @property
    def owner(self) -> str:
        """The account the study is about: the one marked, chosen, or the only one. Empty for a roster."""
        accounts = self.accounts
        if self.settings.owner and (accounts["account_id"] == self.settings.owner).any():
            return self.settings.owner
        owned = accounts.loc[accounts["is_owner"].fillna(False).astype(bool), "account_id"]
        if len(owned):
            return str(owned.iloc[0])
        if len(accounts) == 1:
            return str(accounts["account_id"].iloc[0])
        named = set(self.followers["account_id"]) | set(self.posts["account_id"]) if accounts.empty else set()
        return str(named.pop()) if len(named) == 1 else ""

    @property
    def owners(self) -> list[str]:
        """The accounts that are or may be the user's own, `owner` first: with several, `Settings.owner` chooses."""
        marked = self.accounts.loc[self.accounts["is_owner"].fillna(False).astype(bool), "account_id"]
        return list(dict.fromkeys(filter(None, [self.owner, *marked])))

    @property
    def gone(self) -> pd.Series:
        """Which rows of `followers` are no longer listed: True where a later list that could name them does not.

        A list that was cut by date says nothing of those who came before its oldest entry, and a list without dates
        says nothing of anyone.
        """
        followers = self.followers
        seen, came = followers["last_seen_at"], followers["followed_at"]
        latest = seen.groupby(followers["account_id"]).transform("max")
        oldest = came.where(seen == latest).groupby(followers["account_id"]).transform("min")
        return ((seen < latest) & (came >= oldest)).fillna(False).astype(bool)

    @property
    def until(self) -> pd.Timestamp | None:
        """The latest instant in the data (never today): when the data stops knowing.

        Hand-kept dates of sales are left out: one mistyped year would move it.
        """
        times = [
            self.posts["published_at"], self.interactions["at"],
            self.followers["followed_at"], self.coverage["collected_at"],
        ]  # fmt: skip
        latest = [time.max() for time in times if time.notna().any()]
        return max(latest) if latest else None

    @property
    def abilities(self) -> dict[str, Ability]:
        """What the data can answer: name -> (have, of). The set of names is closed."""
        owner, posts, followers = self.owner, self.posts, self.followers[~self.gone]
        if owner:
            posts, followers = (frame[frame["account_id"] == owner] for frame in (posts, followers))
        stated = self.accounts.loc[self.accounts["account_id"] == owner, "followers"].dropna()
        listed = len(followers)
        covered = self.coverage[self.coverage["complete"].fillna(False).astype(bool)]
        covered = covered[covered["kind"].isin(ENGAGING)]
        keys = covered[["account_id", "post_id"]].drop_duplicates()
        named = len(keys.merge(posts[["account_id", "post_id"]]))

        def known(frame: pd.DataFrame, *columns: str) -> Ability:
            return Ability(int(frame[list(columns)].notna().any(axis=1).sum()), len(frame))

        return {
            "follower_list": Ability(listed, max(listed, int(stated.max()) if len(stated) else listed)),
            "follow_dates": known(followers, "followed_at"),
            "follower_profiles": known(followers, "has_picture", "posts", "followers", "following"),
            "named_interactions": Ability(named, len(posts)),
            "post_dates": known(posts, "published_at"),
            "post_likes": known(posts, "likes"),
            "post_reach": known(posts, "reach"),
            "post_views": known(posts, "views"),
            "post_impressions": known(posts, "impressions"),
            "replies": Ability(len(self.replies), len(self.replies)),
            "sales": known(self.sales, "amount"),
            "named_sales": known(self.sales, "follower_id"),
            "prices": Ability(self.prices.dropna(subset=["amount"])["account_id"].nunique(), len(self.accounts)),
            "accounts": Ability(len(self.accounts), len(self.accounts)),
        }


def check_table(name: str, frame: pd.DataFrame | None) -> tuple[pd.DataFrame, list[Note]]:
    """Bring one frame to its canonical form; see `Study`. Extra columns are dropped without a word."""
    table = TABLES[name]
    if frame is None:
        return pd.DataFrame({c: pd.Series(dtype=DTYPES[k]) for c, k in table.columns.items()}), []
    notes: list[Note] = []
    absent = [key for key in table.key if key not in frame and key not in ("at", "post_id", "follower_id")]
    if absent and len(frame):
        raise StudyError(
            message("The {table:word} lacks the column {column:word}. Add it: it is part of the key.",
                    table=f"{name}_table", column=absent[0])
        )  # fmt: skip
    columns = {}
    for column, kind in table.columns.items():
        given = frame[column] if column in frame else pd.Series(index=frame.index, dtype=DTYPES[kind])
        columns[column], lost = _convert(given, kind, f"{name}.{column}")
        if kind == "text" and (column in TOKENS or column.endswith("_id")) and column != "source_id":
            columns[column] = columns[column].str.strip()
            if column in TOKENS:
                columns[column] = columns[column].str.lower().str.lstrip("@")
        if lost:
            text = plural("{n} value of “{column:word}” in the {table:word} could not be read and is left empty.",
                          "{n} values of “{column:word}” in the {table:word} could not be read and are left empty.",
                          lost, table=f"{name}_table", column=column)  # fmt: skip
            notes.append(Note("warning", "", text, lost))
    clean = pd.DataFrame(columns, index=frame.index).reset_index(drop=True)
    key = [*table.key, *(["source_id"] if name == "interactions" else [])]  # two comments of one second are two
    known = clean[[column for column in key if column not in ("at", "post_id", "source_id")]].notna().all(axis=1)
    if clean[known].duplicated(key).any():  # rows whose author is unknown are different rows
        size, unknown = len(clean), clean[~known]
        clean = clean[known].groupby(key, dropna=False, sort=False, as_index=False).first()
        clean = pd.concat([clean, unknown])[list(table.columns)].reset_index(drop=True)
        clean = clean.astype({c: DTYPES[k] for c, k in table.columns.items()})
        text = plural("{n} row of the {table:word} repeats another and was merged with it.",
                      "{n} rows of the {table:word} repeat others and were merged with them.",
                      size - len(clean), table=f"{name}_table")  # fmt: skip
        notes.append(Note("info", "", text, size - len(clean)))
    return clean, notes


def _convert(given: pd.Series, kind: Kind, where: str) -> tuple[pd.Series, int]:
    """Convert one column; return it and how many values were lost on the way."""
    if str(given.dtype) == DTYPES[kind] and kind in ("time", "day", "flag"):
        return given, 0
    present = int(given.notna().sum())
    if kind == "text":
        try:
            text = given if given.dtype == "str" else given.astype("str").where(given.notna())
        except UnicodeEncodeError:  # half an emoji, from an export that cut its text short
            whole = given.map(lambda value: str(value).encode("utf-8", "replace").decode(), na_action="ignore")
            text = whole.astype("str").where(given.notna())
        if text.str.contains(UNSAFE_TEXT.pattern, regex=True, na=False).any():
            text = text.str.replace(UNSAFE_TEXT, "", regex=True)
        return text.astype("str"), 0
    if not present:
        return pd.Series(index=given.index, dtype=DTYPES[kind]), 0
    if kind == "time":
        if isinstance(given.dtype, pd.DatetimeTZDtype):
            return given.astype(DTYPES["time"]), 0
        values = given.dropna()
        texts = values.map(lambda value: isinstance(value, str)).all()
        if texts:
            aware = values.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True)
        else:
            aware = values.map(lambda value: getattr(value, "tzinfo", None) is not None)
        if not aware.all():
            raise StudyError(
                message("The times in {column} have no time zone. Say which zone they are in.", column=where)
            )
        converted = pd.to_datetime(given, utc=True, errors="coerce", format="ISO8601" if texts else None)
    elif kind == "day":
        converted = pd.Series([_day(value) for value in given], index=given.index, dtype=DTYPES["day"])
    elif kind == "flag":
        converted = given.map(_flag, na_action="ignore")
    else:
        converted = pd.to_numeric(given, errors="coerce").astype("Float64")
        converted = converted.where(
            converted.abs() < (1e12 if kind == "count" else 1e15)
        )  # YouTube's largest channel: 3e11 views
        if kind == "count":
            converted = converted.round().where(converted >= 0)
    return converted.astype(DTYPES[kind]), present - int(converted.notna().sum())


def _flag(value: Any) -> bool | None:
    return bool(value) if isinstance(value, (bool, np.bool_, int, float)) and value in (0, 1) else None


def _day(value: Any) -> pd.Timestamp | None:
    """The calendar day of a text or a time, as it is written there."""
    try:
        day = pd.Timestamp(value) if isinstance(value, (str, dt.date)) else None
    except (ValueError, OverflowError):
        return None
    return None if day is None or pd.isna(day) else day.tz_localize(None).normalize()


def concat(frames: Iterable[pd.DataFrame]) -> pd.DataFrame | None:
    """Stack frames of one table; None when there is nothing to stack."""
    kept = [frame for frame in frames if len(frame)]
    return pd.concat(kept, ignore_index=True) if kept else None
