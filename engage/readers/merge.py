"""Parts become one Study: whose data it is, which posts are the same, which post a reaction belongs to.

Where sources differ, the first in the order of trust is kept: see docs/architecture.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

import pandas as pd

from engage.messages import message
from engage.readers.dates import shortcode_time, shortcodes_in
from engage.readers.once import POST, settle
from engage.readers.part import EPOCH, OWN, Part, covered, own_on
from engage.readers.statuses import UNDER_WAY
from engage.study import DTYPES, TABLES, Note, Settings, Study, concat

SAME_TIME, SAME_EXPORT = pd.Timedelta(seconds=60), pd.Timedelta(days=1)
SCRAPED = 25  # the rank from which on anyone can have such files of any account
NUMBERS = [column for column, kind in TABLES["posts"].columns.items() if kind == "count"]
REFERRING = ("interactions", "coverage", "replies")


def merge(parts: Collection[Part], settings: Settings, notes: Iterable[Note]) -> Study:
    """Stack the parts' tables in the order of trust, so that the best source's value is kept."""
    parts = _by_trust(parts)
    told = [*notes, *(note for part in parts for note in part.notes)]
    owners = _owners(parts, settings, told)
    owner = owners[0] if owners else ""
    own = {OWN: owner} if owner else {}
    for part in sorted(parts, key=lambda part: part.certainty):
        if part.owner:  # the surest last, so that it is the one that stays
            own[own_on(part.owner.partition(":")[0])] = part.owner
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    posts = pd.DataFrame()
    names = pd.Series(dtype="str")
    for part in _by_trust(parts, {owner, OWN, *(name for name, account in own.items() if account == owner)}):
        for name, frame in part.tables.items():
            if name == "followers" and "last_seen_at" not in frame:
                seen = pd.Series(part.until if _is_dated(part) else None, frame.index, DTYPES["time"])
                frame = frame.assign(last_seen_at=seen)
            if own and "account_id" in frame:
                frame = frame.assign(account_id=frame["account_id"].replace(own))
            if name == "posts" and len(frame):
                frame, names = _same_posts(posts, frame, names)
                posts = pd.concat([posts, frame], ignore_index=True) if len(posts) else frame
            elif len(frame):
                tables[name].append(frame)
    clocked, names = _posts_by_clock([*tables["interactions"], *tables["coverage"]], posts, names, told)
    for name in REFERRING:
        tables[name] = [_refer(frame, names) for frame in tables[name]]
    settle(tables, posts, told)
    if len(posts) and (twice := posts.duplicated(POST, keep=False)).any():
        _disputed(posts[twice], told)
        times = pd.to_datetime(posts["published_at"], utc=True)
        exact = times[twice & (times.dt.second > 0)]  # a time to the second goes before one to the minute
        exact = exact.reindex(posts.index).groupby([posts[key] for key in POST]).transform("first")
        posts = posts.assign(published_at=exact.fillna(times))
    tables["posts"] = [posts.assign(**posts.filter(["caption", "hashtags"]).astype("str").apply(covered)), clocked]
    tables["accounts"] = _accounts(tables, owners)
    frames = {name: concat(frames) for name, frames in tables.items()}
    if (people := frames["followers"]) is not None:  # who was seen when is a matter of time alone
        frames["followers"] = people.sort_values("last_seen_at", ascending=False, kind="stable")
    if (sales := frames["sales"]) is not None and "status" in sales:  # an end goes before a state on the way there
        ends = sales["status"].mask(sales["status"].isin(UNDER_WAY)).groupby(sales["sale_id"]).transform("first")
        frames["sales"] = sales.assign(status=ends.fillna(sales["status"]))
    return Study(**frames, notes=tuple(dict.fromkeys(told)), settings=settings)  # type: ignore[arg-type]


def extended(fresh: Study, old: Study) -> Study:
    """Add what was read to a study that was there: what is newer wins, whichever was read first.

    Nothing of the old one is lost: followers who are no longer listed stay (see `Study.gone`), and so do posts that
    the new files leave out.
    """
    read = {note.source for note in fresh.notes}  # what was said of files that were not read again still holds
    notes = [*fresh.notes, *(note for note in old.notes if note.source and note.source not in read)]
    merged = merge([_reopened(fresh), _reopened(old)], fresh.settings, notes)
    text = message("Added to the study as it was: {followers} followers and {posts} posts are new; {gone} followers"
                   " are no longer listed.", followers=len(merged.followers) - len(old.followers),
                   posts=len(merged.posts) - len(old.posts), gone=int(merged.gone.sum()))  # fmt: skip
    return merged.with_(notes=(*merged.notes, Note("info", "", text)), id=old.id, version=old.version)


def _reopened(study: Study) -> Part:
    """A study as a part. What was only inferred is left out, and inferred again from more."""
    tables = {name: frame for name, frame in study.tables.items() if len(frame)}
    posts, rest = study.posts, study.posts.columns.difference(["account_id", "post_id", "shortcode", "published_at"])
    bare = (posts["post_id"] == posts["shortcode"]) & posts[rest].isna().all(axis=1)
    clock = pd.to_datetime(posts["shortcode"].where(bare).map(shortcode_time, na_action="ignore"), utc=True)
    tables["posts"] = posts[clock != posts["published_at"]]
    tables["coverage"] = study.coverage.assign(complete=study.coverage["complete"].replace(False, pd.NA))
    return Part(0, tables, owner=study.owner, certainty=3)


def _by_trust(parts: Collection[Part], owner: Collection[str] = ()) -> list[Part]:
    """Parts in the order of trust: of the newest export first, with all that was known by then; by rank; by time.

    What exports there were is told by the owner's lists of followers.
    """
    made = sorted(part.until for part in parts if _is_dated(part)
                  and part.tables["followers"]["account_id"].isin(owner).any())  # fmt: skip
    ends = [end for i, end in enumerate(made[:-1]) if made[i + 1] - end > SAME_EXPORT]
    return sorted(parts, reverse=True, key=lambda part: (
        bisect_left(ends, part.until) if part.until > EPOCH else len(ends), -part.rank,
        part.latest(("posts", "published_at")), part.until, part.latest(("sales", "at"))))  # fmt: skip


def _is_dated(part: Part) -> bool:
    """Whether its list of followers says since when; one that does not cannot say who is missing from it."""
    return bool(part.latest(("followers", "followed_at")) > EPOCH)


def _owners(parts: list[Part], settings: Settings, told: list[Note]) -> list[str]:
    """The user's own accounts, the one that the data is about first: chosen, stated by an export, most frequent, the
    only one; else none. Further ones are those as sure as the first, and those whose own files are here."""
    stated = sorted((part for part in parts if part.owner), key=lambda part: -part.certainty)
    own = [part.owner for part in stated if part.certainty == stated[0].certainty or part.rank < SCRAPED]
    own = list(dict.fromkeys(filter(None, [settings.owner, *own])))
    if len(own) > 1 and not settings.owner:
        text = message("The files belong to several accounts: {accounts}. The first was taken as yours.", accounts=own)
        told.append(Note("guess", "", text))
    known = {name for part in parts if "accounts" in part.tables for name in part.tables["accounts"]["account_id"]}
    return own or ([str(known.pop())] if len(known) == 1 else [])


def _disputed(posts: pd.DataFrame, told: list[Note]) -> None:
    """Tell on how many posts the sources differ, and in what."""
    differ = posts.reindex(columns=[*POST, *NUMBERS]).groupby(POST).nunique() > 1
    if n := int(differ.any(axis=1).sum()):
        text = message("Posts whose numbers differ between files ({metrics:word}): {n}. Those of the newer export are "
                       "kept, else those of the more trusted source.", n=n,
                       metrics=list(differ.columns[differ.any()]))  # fmt: skip
        told.append(Note("info", "", text, n))


def _accounts(tables: dict[str, list[pd.DataFrame]], owners: list[str]) -> list[pd.DataFrame]:
    """Mark the user's own accounts, the main one first; an account that only other tables know gets its row."""
    used = {name for table in ("followers", "posts", "interactions", "coverage", "replies", "days")
            for frame in tables[table] if len(frame) for name in frame["account_id"].unique()}  # fmt: skip
    own = owners or [OWN] * (OWN in used)
    known = {name for frame in tables["accounts"] for name in frame["account_id"]}
    rows = [{"account_id": name, "platform": name.rpartition(":")[0] or None, "handle": name.partition(":")[2] or None}
            for name in own if name not in known]  # fmt: skip
    listed = pd.concat([*tables["accounts"], pd.DataFrame(rows, columns=["account_id", "platform", "handle"])])
    marked = listed["account_id"].isin(own) | listed.get("is_owner", listed["account_id"] == "").eq(True)
    return [listed.assign(is_owner=marked).sort_values("account_id", key=lambda ids: ~ids.isin(own[:1]), kind="stable")]


def _names(accounts: pd.Series, names: pd.Series) -> pd.Index:
    return pd.Index(accounts.astype("str") + "\x1f" + names.astype("str"))


def _same_posts(known: pd.DataFrame, fresh: pd.DataFrame, names: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Give posts that are already known their known id: by shortcode, else by account and minute.

    `names` is the id of a post by every name (id, shortcode) of every post, and comes back with those of these.
    """
    fresh = fresh.assign(**{c: fresh.get(c, pd.NA) for c in ("shortcode", "published_at")})
    accounts = fresh["account_id"]
    by_code, by_id = (names.reindex(_names(accounts, fresh[column])) for column in ("shortcode", "post_id"))
    ids = by_code.reset_index(drop=True).fillna(by_id.reset_index(drop=True))
    found = pd.Series(ids.array, index=fresh.index, dtype="str")
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
    called = [merged["post_id"], fresh["post_id"].where(fresh["post_id"] != merged["post_id"]),
              fresh["shortcode"].where(fresh["shortcode"] != merged["post_id"])]  # fmt: skip
    rows = pd.concat([pd.DataFrame({"name": each, "post": merged["post_id"], "account": accounts})[each.notna()]
                      for each in called]).sort_index(kind="stable")  # fmt: skip
    names = pd.concat([names, pd.Series(rows["post"].array, index=_names(rows["account"], rows["name"]), dtype="str")])
    return merged, names[~names.index.duplicated()]


def _refer(frame: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Rewrite a reaction's post (id, shortcode or link) as the id of the merged post."""
    refs = shortcodes_in(frame["post_id"].astype("str")).fillna(frame["post_id"].astype("str"))
    found = names.reindex(_names(frame["account_id"], refs)).set_axis(frame.index)
    return frame.assign(post_id=found.fillna(refs).astype("str"))


def _posts_by_clock(
    frames: list[pd.DataFrame], posts: pd.DataFrame, names: pd.Series, told: list[Note]
) -> tuple[pd.DataFrame, pd.Series]:
    """Posts that only reactions name, by their shortcode, which says when they were made."""
    refs = pd.concat([frame[POST] for frame in frames] or [pd.DataFrame(columns=POST)]).dropna().drop_duplicates()
    refs = _refer(refs, names).drop_duplicates()
    refs = refs[~refs["post_id"].astype("object").isin(set(names.to_numpy("object")))]
    times = refs["post_id"].map(lambda ref: shortcode_time(ref) if not ref.isdigit() else None)
    refs = refs.assign(shortcode=refs["post_id"], published_at=pd.to_datetime(times, utc=True))
    refs, names = _same_posts(posts, refs[refs["published_at"].notna()], names)
    if n := int((refs["post_id"] == refs["shortcode"]).sum()):
        text = message("Posts known only from their links, which also say when they were made: {n}.", n=n)
        told.append(Note("guess", "", text, n))
    return refs, names
