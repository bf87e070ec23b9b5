"""Exposure and reaction: the posts each follower could have reacted to, and the ones they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engage.analysis.results import Finding, Interval, lacking
from engage.analysis.uncertainty import typical_rate
from engage.messages import message
from engage.readers.statuses import undone
from engage.study import ENGAGING, Missing, Study

SETTLED = pd.Timedelta(days=7)
"""A post counts when it is this old at the end of the data: by then nearly all reactions are in."""
DEEP = ("comment", "share", "mention")
"""Kinds that make an advocate; a purchase does too."""


@dataclass(frozen=True, eq=False)
class Activity:
    """What followers could see and what they did, over all observed history.

    Attributes
    ----------
    study : what it was counted from.
    followers : one row a follower of the account: account_id, follower_id, handle, name, followed_at, `dated`
        (is the follow date known?), `n` posts they could have reacted to (without a follow date: an upper
        bound), `x` distinct ones engaged with, `t` index of the last one engaged with (0: none),
        `s` = n - t posts since, `watched` posts viewed or clicked.
    posts : the posts that count, oldest first: post_id, published_at, kind, topic, `engaged` followers.
    events : one row for each follower and post engaged with: row numbers `follower` and `post` in the frames
        above, `deep` (comment, share or mention).
    sales : purchases matched with certainty: `follower` row number and time `at`.
    kinds : the kinds of reaction that are known by name.
    until : the end of the data.
    missing : what could not be worked out.
    typical : the median rate at which followers seen to engage react, with its interval (`typical_rate`).

    >>> import engage
    >>> a = engage.activity(engage.simulate(followers=50, posts=10, seed=1))
    >>> bool((a.followers.x <= a.followers.n).all())
    True
    """

    study: Study
    followers: pd.DataFrame
    posts: pd.DataFrame
    events: pd.DataFrame
    sales: pd.DataFrame
    kinds: tuple[str, ...]
    until: pd.Timestamp | None
    missing: tuple[Missing, ...] = ()
    typical: tuple[float, Interval] | None = None

    def __getitem__(self, columns: Any) -> Any:
        return self.followers[columns]

    def __len__(self) -> int:
        return len(self.followers)

    def findings(self) -> list[Finding]:
        """What the counts rest on; empty where nobody is named or listed."""
        if self.posts.empty or self.followers.empty:
            return []
        values = {"posts": len(self.posts), "seen": int((self.followers["x"] > 0).sum()), "listed": len(self)}
        return [Finding("exposure", "count", values, len(self))]


def activity(study: Study) -> Activity:
    """Count, for each follower that the study's own account has now, posts seen and posts engaged with.

    Only posts whose reactions of some engaging kind are named completely (`study.coverage`) count, of those
    only posts published after the follower came and at least 7 days old at `study.until`. An engagement
    belongs to its post's date; several on one post count once; view and click never count.

    Returns
    -------
    Activity
        Empty frames of the right columns, and `missing`, when nobody is named or listed.
    """
    owner, until = study.owner, study.until
    posts, kinds = _posts_that_count(study, owner, until)
    here = (study.followers["account_id"] == owner) & ~study.gone
    listed = study.followers[here].reset_index(drop=True)
    frame = listed[["account_id", "follower_id", "handle", "name", "followed_at"]].copy()
    came = _since_epoch(frame["followed_at"])
    dated = frame["followed_at"].notna().to_numpy()
    first = np.where(dated, np.searchsorted(_since_epoch(posts["published_at"]), came, side="right"), 0)
    names = pd.Index(frame["follower_id"])

    acts = study.interactions
    acts = acts[(acts["account_id"] == owner) & acts["follower_id"].notna()]
    engaged = acts[acts["kind"].isin(ENGAGING)]
    events = pd.DataFrame(
        {
            "follower": names.get_indexer(engaged["follower_id"]),
            "post": pd.Index(posts["post_id"]).get_indexer(engaged["post_id"]),
            "deep": engaged["kind"].isin(DEEP).to_numpy(),
        }
    )
    events = events[(events["follower"] >= 0) & (events["post"] >= 0)]
    events = events[events["post"].to_numpy() >= first[events["follower"].to_numpy()]]
    # one row for each follower and post: sorting the pair as one number is many times faster than a groupby
    pair = events["follower"].to_numpy(np.int64) * max(len(posts), 1) + events["post"].to_numpy(np.int64)
    order = np.lexsort((~events["deep"].to_numpy(), pair))
    keep = order[np.append(True, np.diff(pair[order]) > 0)] if len(order) else order
    events = events.iloc[keep].reset_index(drop=True)

    rows, index = events["follower"].to_numpy(), events["post"].to_numpy()
    last = np.full(len(frame), -1, dtype=np.int64)
    last[rows] = index  # events are sorted by post within a follower, so the last write is the latest post
    frame["dated"] = dated
    frame["n"] = len(posts) - first
    frame["x"] = np.bincount(rows, minlength=len(frame))
    frame["t"] = np.where(last >= 0, last - first + 1, 0)
    frame["s"] = frame["n"] - frame["t"]
    viewed = acts[acts["kind"].isin(("view", "click"))].drop_duplicates(["post_id", "follower_id"])
    seen = names.get_indexer(viewed["follower_id"])
    frame["watched"] = np.bincount(seen[seen >= 0], minlength=len(frame))
    posts["engaged"] = np.bincount(index, minlength=len(posts))

    sold = study.sales[study.sales["account_id"].isna() | (study.sales["account_id"] == owner)]
    sold = sold[sold["follower_id"].notna() & ~undone(sold["status"])]
    buyer = names.get_indexer(sold["follower_id"])
    sales = pd.DataFrame({"follower": buyer[buyer >= 0], "at": sold["at"].to_numpy()[buyer >= 0]})
    sales["at"] = pd.to_datetime(sales["at"], utc=True)
    rate = typical_rate(frame.loc[dated, "x"], frame.loc[dated, "n"])
    return Activity(study, frame, posts, events, sales, kinds, until, _missing(frame, posts, study), rate)


def _since_epoch(times: pd.Series) -> Any:
    return times.astype("datetime64[us, UTC]").dt.tz_localize(None).to_numpy().astype(np.int64)


def _posts_that_count(study: Study, owner: str, until: pd.Timestamp | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    covered = study.coverage[study.coverage["complete"].fillna(False).astype(bool)]
    covered = covered[(covered["account_id"] == owner) & covered["kind"].isin(ENGAGING)]
    posts = study.posts[
        (study.posts["account_id"] == owner)
        & study.posts["post_id"].isin(covered["post_id"])
        & study.posts["published_at"].notna()
    ]
    if until is not None:
        posts = posts[posts["published_at"] <= until - SETTLED]
    posts = posts.sort_values(["published_at", "post_id"], kind="stable").reset_index(drop=True)
    kinds = covered.loc[covered["post_id"].isin(posts["post_id"]), "kind"]
    return posts[["post_id", "published_at", "kind", "topic"]].copy(), tuple(k for k in ENGAGING if (kinds == k).any())


def _missing(frame: pd.DataFrame, posts: pd.DataFrame, study: Study) -> tuple[Missing, ...]:
    undated = study.abilities["post_dates"].have < study.abilities["named_interactions"].have
    return lacking(
        (frame.empty, message("There is no list of followers."),
         message("Bring your Instagram export as JSON, or a list of names.")),
        (posts.empty and undated, message("Posts with named reactions have no date."),
         message("Bring a file with the dates of your posts.")),
        (posts.empty and not undated, message("Nobody who reacted is named, so followers cannot be told apart."),
         message("Paste the likers of some posts, or bring a file of likers or comments.")),
        (len(frame) > 0 and not frame["dated"].any(),
         message("No follow dates are known, so shares are given as a range."),
         message("Bring your Instagram export as JSON: its follower list has the dates.")),
    )  # fmt: skip
