"""Engagement rates by denominator, never mixed; and what post counts alone can say about followers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engage.analysis.results import Finding, lacking
from engage.analysis.uncertainty import median_interval
from engage.messages import message
from engage.study import Missing, Study

DENOMINATORS = ("followers", "reach", "views", "impressions")
PARTS = ("likes", "comments", "shares", "saves")
KNOWN_ENOUGH = 0.9
"""Shares or saves count as engagement only if nearly all posts have them: else posts are not comparable."""
STATED_NOW = pd.Timedelta(days=45)
"""A daily follower count this near a post is the count at the time of the post."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Engagement rates of posts and accounts.

    Attributes
    ----------
    study : what they were worked out from.
    posts : one row a post: account_id, post_id, published_at, kind, `engagements`, `followers_then`
        (followers at the time of the post, else the latest count), and `by_followers`, `by_reach`,
        `by_views`, `by_impressions` (ratios).
    summary : one row an account and denominator: `posts` (n), `median`, `low`, `high` (95 %, null below
        6 posts), `pooled` (sum over sum).
    parts : what is counted as engagement, from likes, comments, shares, saves.
    at_post_time : is the follower count the one at the time of each post?
    missing : what could not be worked out.
    """

    study: Study
    posts: pd.DataFrame
    summary: pd.DataFrame
    parts: tuple[str, ...]
    at_post_time: bool
    hints: tuple[Finding, ...] = ()
    missing: tuple[Missing, ...] = ()

    def findings(self) -> list[Finding]:
        """One finding a denominator, then the upper hints of a single account."""
        found = []
        if self.summary["account_id"].nunique() <= 1:
            for row in self.summary.itertuples():
                key = f"rate_by_{row.denominator}" if pd.notna(row.low) else "rate_not_enough"
                if key == "rate_by_followers" and not self.at_post_time:
                    key = "rate_by_followers_now"
                values = {"median": row.median, "pooled": row.pooled, "denominator": row.denominator}
                interval = (row.low, row.high) if pd.notna(row.low) else None
                found.append(Finding(key, "estimate", values, int(row.posts), interval, "estimate"))
        return found + list(self.hints)


def engagement_rates(study: Study) -> Rates:
    """Work out each post's engagement per follower, reach, view and impression, and medians by account.

    Engagement is likes + comments, and shares and saves where at least 90 % of every account's posts give them. Posts
    whose likes are hidden are left out. Rates with different denominators are never compared.

    Returns
    -------
    Rates
        Empty frames of the right columns, and `missing`, when no post has likes.
    """
    posts = study.posts[study.posts["likes"].notna() & ~(study.posts["is_collab"].fillna(False).astype(bool))]
    shares = posts[list(PARTS)].notna().groupby(posts["account_id"]).mean()
    known = [part for part in PARTS if len(posts) and shares[part].min() >= KNOWN_ENOUGH]
    parts = tuple(dict.fromkeys(["likes", *known]))
    frame = posts[["account_id", "post_id", "published_at", "kind"]].reset_index(drop=True)
    counted = posts[list(parts)].astype("Float64").sum(axis=1, skipna=False)
    frame["engagements"] = counted.reset_index(drop=True)
    frame["followers_then"], at_post_time = _followers_then(study, frame)
    of = {"followers": frame["followers_then"]}
    of |= {name: posts[name].astype("Float64").reset_index(drop=True) for name in DENOMINATORS[1:]}
    rows = []
    for name in DENOMINATORS:
        frame[f"by_{name}"] = frame["engagements"] / of[name].where(of[name] > 0)
        for account, group in frame.assign(base=of[name]).groupby("account_id", sort=False):
            known_rows = group[group[f"by_{name}"].notna()]
            if known_rows.empty:
                continue
            rates = known_rows[f"by_{name}"].astype(float)
            low, high = median_interval(rates) or (np.nan, np.nan)
            pooled = float(known_rows["engagements"].sum() / known_rows["base"].sum())
            rows.append((account, name, len(rates), float(rates.median()), low, high, pooled))
    columns = ["account_id", "denominator", "posts", "median", "low", "high", "pooled"]
    bring = message("Bring the content export of Business Suite, or an export with insights.")
    missing = lacking((frame.empty, message("No post has a count of likes."), bring))
    return Rates(study, frame, pd.DataFrame(rows, columns=columns), parts, at_post_time, _upper_hints(study), missing)


def _followers_then(study: Study, frame: pd.DataFrame) -> tuple[pd.Series, bool]:
    """Followers at the time of each post from daily totals where known, else the account's latest count."""
    latest = study.accounts.set_index("account_id")["followers"].astype("Float64")
    now = frame["account_id"].map(latest).astype("Float64")
    daily = study.days.dropna(subset=["followers"]).sort_values("date")
    if daily.empty or frame.empty:
        return now, False
    times = frame["published_at"].dt.tz_localize(None).astype("datetime64[us]")
    wanted = frame.assign(date=times).reset_index().dropna(subset=["date"]).sort_values("date")
    daily = daily.assign(date=daily["date"].astype("datetime64[us]"))[["account_id", "date", "followers"]]
    near = pd.merge_asof(wanted, daily, on="date", by="account_id", direction="nearest", tolerance=STATED_NOW)
    then = near.set_index("index")["followers"].reindex(frame.index).astype("Float64")
    return then.fillna(now), bool(then.notna().all())


def _upper_hints(study: Study) -> tuple[Finding, ...]:
    """At most so many followers liked: the best post, and one like a follower over all recent posts."""
    owner = study.owner
    total = study.accounts.loc[study.accounts["account_id"] == owner, "followers"].dropna()
    posts = study.posts[(study.posts["account_id"] == owner) & study.posts["likes"].notna()]
    if not owner or posts.empty:
        return ()
    followers = int(total.max()) if len(total) else int(((study.followers["account_id"] == owner) & ~study.gone).sum())
    best = int(posts["likes"].max())
    if not followers or best >= followers:
        return ()
    values = {"likes": best, "followers": followers, "share": best / followers, "silent": 1 - best / followers}
    return (Finding("upper_hint", "share", values, followers),)
