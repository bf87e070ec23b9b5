"""Influencers side by side: tier, engagement rates with intervals, price per engagement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engage.analysis.rates import DENOMINATORS, Rates, engagement_rates
from engage.analysis.results import Finding, lacking
from engage.messages import message
from engage.study import Missing, Study

Tiers = Sequence[tuple[str, int]]
TIERS: Tiers = (("below_micro", 0), ("micro", 1_000), ("macro", 100_001))
"""Lower bounds: micro is 1,000 to 100,000 followers, macro is more, as in the project's source."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A roster of influencers side by side.

    Attributes
    ----------
    influencers : one row an account: account_id, platform, handle, name, topic, followers, tier, `posts` (n),
        for each denominator `by_...`, `by_..._low`, `by_..._high` (95 %; null: not enough posts), `by_..._n`,
        `stated_rate` (what the influencer states), `likes_per_comment`, `engagements` (median a post),
        `deliverable`, `price`, `currency`, `price_per_engagement` with `_low` and `_high`,
        `enough` (are there posts enough for an interval?).
    tiers : one row a platform and tier: influencers, and the median `by_followers` of those compared.
    rates : the engagement rates behind it.
    """

    influencers: pd.DataFrame
    tiers: pd.DataFrame
    rates: Rates
    deliverable: str
    missing: tuple[Missing, ...] = ()

    def findings(self) -> list[Finding]:
        """How many can be compared, and the tiers' medians per platform."""
        frame = self.influencers
        if len(frame) < 2:
            return []
        values = {"accounts": len(frame), "enough": int(frame["enough"].sum())}
        found = [Finding("compared", "count", values, len(frame))]
        for platform, group in self.tiers.groupby("platform", sort=False):
            known = group.dropna(subset=["by_followers"]).set_index("tier")
            if {"micro", "macro"} <= set(known.index):
                micro, macro = known.loc["micro"], known.loc["macro"]
                medians = {"platform": platform, "micro": micro["by_followers"], "macro": macro["by_followers"],
                           "micro_n": int(micro["compared"]), "macro_n": int(macro["compared"])}  # fmt: skip
                n = medians["micro_n"] + medians["macro_n"]
                found.append(Finding("tiers", "estimate", medians, n, None, "estimate"))
        priced = frame.dropna(subset=["price_per_engagement"])
        for (platform, currency), group in priced.groupby(["platform", "currency"], sort=False):
            best = group.sort_values("price_per_engagement").iloc[0]
            low, high = best["price_per_engagement_low"], best["price_per_engagement_high"]
            told = {"platform": platform, "handle": best["handle"], "priced": len(group),
                    "price": (best["price_per_engagement"], currency), "deliverable": self.deliverable}  # fmt: skip
            interval = (low, high) if pd.notna(low) else None
            found.append(Finding("cheapest", "money", told, int(best["posts"]), interval, "estimate"))
        return found


def compare(roster: Study, *, tiers: Tiers = TIERS, deliverable: str = "") -> Comparison:
    """Compare the accounts of a roster.

    Parameters
    ----------
    roster : a study of several accounts, from a rate card and their recent posts.
    tiers : name and lower bound of followers, ascending.
    deliverable : the price to use (as named in `roster.prices`); left out, the one most accounts have.

    Returns
    -------
    Comparison
        Rates of platforms or denominators are never mixed. The price per engagement is the price divided by
        the median engagements of a post, in the currency of the price, or in the study's own currency where
        the user gave an exchange rate; its interval is that of the median.
    """
    frame = roster.accounts[
        ["account_id", "platform", "handle", "name", "topic", "followers", "engagement_rate"]
    ].rename(columns={"engagement_rate": "stated_rate"})
    names = [name for name, _ in tiers]
    bounds = [bound - 0.5 for _, bound in tiers] + [float("inf")]
    frame["tier"] = pd.cut(frame["followers"].astype("Float64").astype(float), bounds, labels=names).astype("str")
    rates = engagement_rates(roster)
    frame["posts"] = frame["account_id"].map(rates.posts["account_id"].value_counts()).fillna(0).astype(int)
    for name in DENOMINATORS:
        rows = rates.summary[rates.summary["denominator"] == name].set_index("account_id")
        for end, figure in (("", "median"), ("_low", "low"), ("_high", "high")):
            frame[f"by_{name}{end}"] = frame["account_id"].map(rows[figure]).astype("Float64")
        frame[f"by_{name}_n"] = frame["account_id"].map(rows["posts"]).fillna(0).astype(int)
        frame.loc[frame[f"by_{name}_low"].isna(), f"by_{name}"] = pd.NA
    frame["enough"] = frame[[f"by_{name}_low" for name in DENOMINATORS]].notna().any(axis=1)
    own = roster.posts[roster.posts["post_id"].isin(rates.posts["post_id"])]  # without posts of others
    sums = own.dropna(subset=["likes", "comments"]).groupby("account_id")[["likes", "comments"]].sum()
    ratio = sums["likes"].astype("Float64") / sums["comments"].where(sums["comments"] > 0).astype("Float64")
    frame["likes_per_comment"] = frame["account_id"].map(ratio).astype("Float64")
    middle = rates.posts.groupby("account_id")["engagements"].median()
    frame["engagements"] = frame["account_id"].map(middle).astype("Float64")
    chosen = deliverable or _usual(roster)
    frame = _with_prices(frame, roster, chosen)
    return Comparison(frame, _tier_table(frame), rates, chosen, _missing(frame))


def _usual(roster: Study) -> str:
    """The deliverable that most accounts have a price for."""
    named = roster.prices.dropna(subset=["amount"])["deliverable"].value_counts()
    return str(named.index[0]) if len(named) else ""


def _with_prices(frame: pd.DataFrame, roster: Study, deliverable: str) -> pd.DataFrame:
    prices = roster.prices[(roster.prices["deliverable"] == deliverable) & (roster.prices["amount"] > 0).fillna(False)]
    own, given = roster.settings.currency, roster.settings.exchange_rates
    worth = prices["currency"].map(lambda c: 1.0 if c == own else given.get(c, float("nan"))).astype(float)
    prices = prices.assign(
        amount=(prices["amount"].astype(float) * worth).fillna(prices["amount"].astype(float)),
        currency=prices["currency"].where(worth.isna(), own),
    ).set_index("account_id")
    frame = frame.assign(
        deliverable=deliverable,
        price=frame["account_id"].map(prices["amount"]).astype("Float64"),
        currency=frame["account_id"].map(prices["currency"]).astype("str"),
    )
    per = frame["price"] / frame["engagements"].where(frame["enough"] & (frame["engagements"] > 0))
    if deliverable == "story":  # what a story brings is not known from posts
        per = per.where(False)
    frame["price_per_engagement"] = per
    # followers are the same for all of an account's posts unless daily totals say otherwise, so the relative
    # width of the rate's interval is that of the median engagements
    frame["price_per_engagement_low"] = per * frame["by_followers"] / frame["by_followers_high"]
    frame["price_per_engagement_high"] = per * frame["by_followers"] / frame["by_followers_low"]
    return frame


def _tier_table(frame: pd.DataFrame) -> pd.DataFrame:
    grouped = frame.dropna(subset=["tier"]).groupby(["platform", "tier"], sort=False, observed=True)
    counted = {"influencers": ("account_id", "size"), "compared": ("enough", "sum")}
    return grouped.agg(**counted, by_followers=("by_followers", "median")).reset_index()


def _missing(frame: pd.DataFrame) -> tuple[Missing, ...]:
    accounts = message("Bring a list of influencers with their followers, and their recent posts.")
    return lacking(
        (frame.empty, message("There are no accounts to compare."), accounts),
        (len(frame) == 1, message("There is one account here, so there is nothing to compare."), accounts),
        (len(frame) > 1 and not frame["posts"].any(),
         message("No posts of these accounts are known, so no engagement rate can be measured."),
         message("Bring a table of their recent posts with account, likes and comments.")),
        (len(frame) > 0 and frame["price"].isna().all(),
         message("No prices are known."), message("Add a price column to the list of influencers.")),
    )  # fmt: skip
