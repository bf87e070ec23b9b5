"""Parts become one Study: whose data it is, which posts are the same, which post a reaction belongs to."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from engage.messages import message
from engage.readers.dates import shortcode_in, shortcode_time
from engage.readers.once import settle
from engage.readers.part import OWN, Part, covered, own_on
from engage.study import TABLES, Note, Settings, Study, concat

FIRST = pd.Timestamp(0, tz="UTC")
SAME_TIME = pd.Timedelta(seconds=60)
REFERRING = ("interactions", "coverage", "replies")


def merge(parts: Iterable[Part], settings: Settings, notes: Iterable[Note]) -> Study:
    """Stack the parts' tables in the order of their rank, so that the best source's value is kept."""
    parts = sorted(parts, key=lambda part: (part.rank, -_latest(part)))
    told = [*notes, *(note for part in parts for note in part.notes)]
    owner = _owner(parts, settings, told)
    own = {OWN: owner} if owner else {}
    for part in sorted(parts, key=lambda part: part.certainty):
        if part.owner:  # the surest last, so that it is the one that stays
            own[own_on(part.owner.partition(":")[0])] = part.owner
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    posts = pd.DataFrame()
    names: dict[tuple[str, str], str] = {}
    for part in parts:
        for name, frame in part.tables.items():
            if name == "followers" and "last_seen_at" not in frame:
                frame = frame.assign(last_seen_at=_seen(part))
            if own and "account_id" in frame:
                frame = frame.assign(account_id=frame["account_id"].replace(own))
            if name == "posts" and len(frame):
                frame = _same_posts(posts, frame, names)
                posts = pd.concat([posts, frame], ignore_index=True) if len(posts) else frame
            elif len(frame):
                tables[name].append(frame)
    for name in REFERRING:
        tables[name] = [_refer(frame, names) for frame in tables[name]]
    settle(tables, posts, told)
    for name in ("interactions", "replies"):
        for frame in tables[name]:
            if "text" in frame:
                frame["text"] = covered(frame["text"].astype("str"))
    tables["posts"] = [
        posts,
        _posts_by_clock([*tables["interactions"], *tables["coverage"]], set(names.values()), told),
    ]
    tables["accounts"] = _accounts(tables, owner)
    frames = {name: concat(frames) for name, frames in tables.items()}
    return Study(**frames, notes=tuple(dict.fromkeys(told)), settings=settings)  # type: ignore[arg-type]


def extended(fresh: Study, old: Study) -> Study:
    """Add what was read to a study that was there: what is newer wins, whichever was read first.

    Nothing of the old one is lost: followers who are no longer listed stay (see `Study.gone`), and so do posts that
    the new files leave out.
    """
    first, second = (fresh, old) if (fresh.until or FIRST) >= (old.until or FIRST) else (old, fresh)
    whole = [Part(rank, {name: frame for name, frame in study.tables.items() if len(frame)}, owner=study.owner,
                  certainty=3) for rank, study in enumerate((first, second))]  # fmt: skip
    merged = merge(whole, fresh.settings, fresh.notes)
    text = message("Added to the study as it was: {followers} followers and {posts} posts are new; {gone} followers"
                   " are no longer listed.", followers=len(merged.followers) - len(old.followers),
                   posts=len(merged.posts) - len(old.posts), gone=int(merged.gone.sum()))  # fmt: skip
    return merged.with_(notes=(*merged.notes, Note("info", "", text)), id=old.id, version=old.version)


def _seen(part: Part) -> pd.Timestamp | None:
    """When a list of followers was made, as far as the dates in its own files tell."""
    columns = (("followers", "followed_at"), ("posts", "published_at"), ("interactions", "at"))
    found = [
        part.tables[table][column].max()
        for table, column in columns
        if table in part.tables and column in part.tables[table] and part.tables[table][column].notna().any()
    ]
    return max(found) if found else None


def _latest(part: Part) -> float:
    """The newest post of a part, in seconds: of two exports of one source the newer one knows better."""
    times = part.tables["posts"]["published_at"].dropna() if "posts" in part.tables else ()
    return float(max(times).timestamp()) if len(times) else 0.0


def _owner(parts: list[Part], settings: Settings, told: list[Note]) -> str:
    """The account the data is about: chosen, stated by an export, most frequent, the only one; else empty."""
    if settings.owner:
        return settings.owner
    stated = sorted((part for part in parts if part.owner), key=lambda part: -part.certainty)
    rivals = list(dict.fromkeys(part.owner for part in stated if part.certainty == stated[0].certainty))
    if len(rivals) > 1:
        text = message(
            "The files belong to several accounts: {accounts}. The first was taken as yours.", accounts=rivals
        )
        told.append(Note("guess", "", text))
    if stated:
        return stated[0].owner
    known = {name for part in parts if "accounts" in part.tables for name in part.tables["accounts"]["account_id"]}
    return str(known.pop()) if len(known) == 1 else ""


def _accounts(tables: dict[str, list[pd.DataFrame]], owner: str) -> list[pd.DataFrame]:
    """Mark the owner; an account that only other tables know gets its row."""
    used = {name for table in ("followers", "posts", "interactions", "coverage", "replies", "days")
            for frame in tables[table] if len(frame) for name in frame["account_id"].unique()}  # fmt: skip
    own = owner or (OWN if OWN in used else "")
    rows = [frame.assign(is_owner=(frame["account_id"] == own)) for frame in tables["accounts"]]
    if own and not any((frame["account_id"] == own).any() for frame in rows):
        platform, _, handle = own.rpartition(":")
        row = {"account_id": own, "platform": platform or None, "handle": handle if platform else None}
        rows.append(pd.DataFrame([row | {"is_owner": True}]))
    return rows


def _same_posts(known: pd.DataFrame, fresh: pd.DataFrame, names: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Give posts that are already known their known id: by shortcode, else by account and minute.

    `names` learns every name (id, shortcode) of every post.
    """
    fresh = fresh.assign(**{c: fresh.get(c, pd.NA) for c in ("shortcode", "published_at")})
    pairs = zip(fresh["account_id"], fresh["shortcode"], fresh["post_id"], strict=True)
    ids = [names.get((account, code), names.get((account, post))) for account, code, post in pairs]
    found = pd.Series(ids, index=fresh.index, dtype="str")
    dated = fresh[found.isna() & fresh["published_at"].notna()]
    if len(known) and len(dated):
        times = pd.to_datetime(dated["published_at"], utc=True).astype("datetime64[us, UTC]")
        left = dated[["account_id"]].assign(at=times, coded=dated["shortcode"].notna(), row=dated.index)
        right = known.loc[known["published_at"].notna(), ["account_id", "post_id", "shortcode", "published_at"]]
        right = right.assign(at=pd.to_datetime(right["published_at"], utc=True).astype("datetime64[us, UTC]"))
        near = pd.merge_asof(left.sort_values("at"), right.sort_values("at"), on="at", by="account_id",
                             direction="nearest", tolerance=SAME_TIME)  # fmt: skip
        near = near[near["post_id"].notna() & ~(near["coded"] & near["shortcode"].notna())]
        found.loc[near["row"]] = near["post_id"].to_numpy()
    merged = fresh.assign(post_id=found.fillna(fresh["post_id"]))
    keys = (fresh["account_id"], merged["post_id"], fresh["post_id"], fresh["shortcode"])
    for account, post, old, code in zip(*keys, strict=True):
        for name in (post, old, code):
            if pd.notna(name):
                names.setdefault((account, name), post)
    return merged


def _refer(frame: pd.DataFrame, names: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Rewrite a reaction's post (id, shortcode or link) as the id of the merged post."""
    refs = frame["post_id"].map(lambda ref: shortcode_in(ref) or ref, na_action="ignore")
    pairs = zip(frame["account_id"], refs, strict=True)
    return frame.assign(post_id=pd.Series([names.get(p, p[1]) for p in pairs], index=frame.index, dtype="str"))


def _posts_by_clock(frames: list[pd.DataFrame], known: set[str], told: list[Note]) -> pd.DataFrame:
    """Posts that only reactions name, by their shortcode, which says when they were made."""
    rows = [frame[["account_id", "post_id"]] for frame in frames if len(frame)]
    refs = pd.concat(rows).dropna().drop_duplicates() if rows else pd.DataFrame({"account_id": [], "post_id": []})
    refs = refs[~refs["post_id"].isin(known)]
    times = refs["post_id"].map(lambda ref: shortcode_time(ref) if not ref.isdigit() else None)
    refs = refs.assign(shortcode=refs["post_id"], published_at=pd.to_datetime(times, utc=True))
    refs = refs[refs["published_at"].notna()]
    if len(refs):
        text = message("Posts known only from their links, which also say when they were made: {n}.", n=len(refs))
        told.append(Note("guess", "", text, len(refs)))
    return refs
