"""Each reaction once, however many files tell of it; and whether all reactions to a post are named.

A comment is known by its platform's number. A reaction without number or time is the same as one by the same person to
the same post that has them. What the account did itself is no reaction: its comments are replies.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from engage.messages import message
from engage.readers.part import covered
from engage.study import MADE, TABLES, Note, concat

ACT = ["account_id", "post_id", "kind"]
WHO = [*ACT, "follower_id"]
POST = ["account_id", "post_id"]
NEARLY = 0.95  # lists of likers come back up to 5 % short: closed accounts are counted and not named
HALF = 0.5  # comments that are hidden, deleted or answers are counted, and not every list has them
STATED = {"like": "likes", "comment": "comments"}
SHORT = {
    "like": message("Lists of likers that name fewer than the post has likes ({named} of {likes}), taken as "
                    "incomplete: {n}."),
    "comment": message("Lists of comments that hold fewer than the post has comments ({named} of {comments}), taken as "
                       "incomplete: {n}."),
}  # fmt: skip


def made_ids(says: pd.Series, of: pd.Series) -> pd.Series:
    """Ids for rows that bear none, made of what they say; equal rows of one person are numbered."""
    says = says.str.lower().str.replace(r"\s+", " ", regex=True)
    again = says.groupby([says, of]).cumcount()
    marks = pd.util.hash_array(says.to_numpy("object"))
    made = [f"{MADE}{mark:016x}-{n}" for mark, n in zip(marks, again, strict=True)]
    return pd.Series(made, says.index, dtype="str")


def settle(tables: dict[str, list[pd.DataFrame]], posts: pd.DataFrame, told: list[Note]) -> None:
    """Rewrite interactions, replies and coverage, whose frames stand in the order of their parts' rank."""
    acts, replies, coverage = (_whole(name, tables[name]) for name in ("interactions", "replies", "coverage"))
    who = acts["follower_id"].str.strip().str.lower().str.lstrip("@")
    own = (who == acts["account_id"].str.replace(r"^[^:]*:", "", regex=True).str.lower()) & who.notna()
    if n := int(own.sum()):
        text = message("Reactions of the account itself, left out (its comments are kept as replies): {n}.", n=n)
        told.append(Note("info", "", text, n))
        mine = acts[own & (acts["kind"] == "comment")].assign(follower_id=None)
        replies = _whole("replies", [replies, mine])
        acts = acts[~own]
    once = _once(acts)
    if n := len(acts) - len(once):
        text = message("Reactions that several files (or one file more than once) tell of, counted once: {n}.", n=n)
        told.append(Note("info", "", text, n))
    replies = _merged(replies, ["account_id", "at", "text"])
    for name, frame in (("interactions", once), ("replies", replies)):
        tables[name] = [frame.assign(text=covered(frame["text"]))]
    tables["coverage"] = [_covered(coverage, once, replies, posts, told)]


def _whole(name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """All frames of a table as one, with all its columns."""
    columns = TABLES[name].columns
    found = concat(frame.reindex(columns=list(columns)) for frame in frames)
    frame = pd.DataFrame(columns=list(columns)) if found is None else found
    return frame.astype({column: "str" for column, kind in columns.items() if kind == "text"})


def _merged(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows that agree in a key that is known become one, with the first known value of each column."""
    known = frame[frame[key].notna().all(axis=1)]
    if not known.duplicated(key).any():
        return frame
    whole = known.groupby(key, sort=False).first().reset_index()
    whole.index = known.drop_duplicates(key).index
    return pd.concat([whole, frame.drop(known.index)])[list(frame.columns)].sort_index()


def _once(acts: pd.DataFrame) -> pd.DataFrame:
    acts = _merged(acts, ["account_id", "kind", "source_id"])
    vague = acts["source_id"].isna() & acts["follower_id"].notna()
    undated = vague & acts["at"].isna()
    if not vague.any() or undated.all():
        return acts
    sure, numbered = acts[~undated], acts[acts["source_id"].notna()]
    same = undated & _among(acts, sure, WHO) & (acts["text"].isna() | _among(acts, sure, [*WHO, "text"]))
    same |= vague & acts["at"].notna() & _among(acts, numbered, [*WHO, "at"])
    return acts[~same]


def _among(frame: pd.DataFrame, other: pd.DataFrame, key: list[str]) -> pd.Series:
    keys = (each[key].assign(post_id=each["post_id"].fillna("")) for each in (frame, other))
    rows, others = map(pd.MultiIndex.from_frame, keys)
    return pd.Series(rows.isin(others), index=frame.index)


def _covered(
    coverage: pd.DataFrame, acts: pd.DataFrame, replies: pd.DataFrame, posts: pd.DataFrame, told: list[Note]
) -> pd.DataFrame:
    """Compare how many are named with how many the post states: it decides where the reader left it open."""
    coverage = coverage.assign(complete=coverage["complete"].astype("boolean"))
    if coverage.duplicated(ACT).any():  # a file that names all is not contradicted by one that names some
        best = coverage.groupby(ACT, sort=False, dropna=False)["complete"].max()
        coverage = coverage.drop_duplicates(ACT)
        coverage = coverage.assign(complete=best.array)
    if coverage.empty or posts.empty:
        return coverage.assign(complete=coverage["complete"].fillna(False))
    counts = posts.reindex(columns=[*POST, *STATED.values()]).rename(columns={c: kind for kind, c in STATED.items()})
    counts = counts.melt(POST, var_name="kind", value_name="stated").groupby(ACT, as_index=False)["stated"]
    stated = counts.first().assign(changed=counts.nunique()["stated"] > 1)
    answers = replies.reindex(columns=ACT).assign(kind="comment")
    names = acts[acts["follower_id"].notna()].drop_duplicates([*WHO, "at", "source_id", "text"])
    named = pd.concat([names[ACT], answers]).groupby(ACT).size().rename("named").reset_index()
    found = coverage[ACT].merge(stated, "left", ACT).merge(named, "left", ACT)
    of = pd.to_numeric(found["stated"], errors="coerce").astype("Float64")
    enough = (found["named"].fillna(0) >= NEARLY * of).set_axis(coverage.index)
    doubted = (coverage["kind"] == "like") | found["changed"].eq(True).set_axis(coverage.index)
    few = (coverage["kind"] == "comment") & (found["named"].fillna(0) < HALF * of).set_axis(coverage.index)
    lacking = (coverage["complete"].fillna(False) & ((doubted & ~enough) | few)).fillna(False).astype(bool)
    for kind, count in STATED.items():
        short = lacking & (coverage["kind"] == kind)
        if n := int(short.sum()):
            row = found[short.to_numpy()].iloc[0]
            values = {"named": int(0 if pd.isna(row["named"]) else row["named"]), count: int(row["stated"]), "n": n}
            told.append(Note("info", "", replace(SHORT[kind], values=values), n))
    return coverage.assign(complete=coverage["complete"].fillna(enough).fillna(False).mask(lacking, False))
