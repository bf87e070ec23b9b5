"""Pictures of engagement rates: a post a dot, an influencer a dot with its interval."""

from __future__ import annotations

from typing import Any

from engage.analysis.influencers import Comparison
from engage.analysis.rates import Rates
from engage.charts.theme import ACCENT, ATTENTION, INK, TIER_MARKS, altair, dressed, folded, tips
from engage.messages import message
from engage.words import Words


def post_rows(rates: Rates, denominator: str, words: Words) -> list[dict[str, Any]]:
    """One row a post with a date and a rate, for `rate_dots`."""
    frame = rates.posts.dropna(subset=["published_at", f"by_{denominator}"])
    times = frame["published_at"].dt.tz_convert(words.zone).dt.strftime("%Y-%m-%dT%H:%M:%S")
    days = frame["published_at"].map(words.date)
    values = zip(times, days, frame[f"by_{denominator}"].astype(float), frame["kind"].fillna(""), strict=True)
    return [
        {"at": at, "rate": rate, "kind": words.label(kind), "said": f"{day}: {words.percent(rate)}"}
        for at, day, rate, kind in values
    ]


def median_rows(rates: Rates, denominator: str) -> list[dict[str, Any]]:
    """The median and its band, for `rate_dots`."""
    row = rates.summary.loc[rates.summary["denominator"] == denominator, ["median", "low", "high"]]
    records: list[dict[str, Any]] = row.astype(object).where(row.notna(), None).to_dict("records")
    return records


def rate_dots(words: Words) -> dict[str, Any]:
    """Engagement rate of each post over time, with the median and its 95 % band. Data sets `dots`, `median`."""
    alt = altair()
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(filled=True, size=alt.expr("width < 400 ? 30 : 55"), color=ACCENT, stroke=INK, strokeWidth=1,
                    opacity=0.85)
        .encode(
            description="said:N",
            x=alt.X("at:T", title=None, axis=alt.Axis(grid=False, tickCount=6)),
            y=alt.Y("rate:Q", title=words.say(message("engagement rate")), axis=alt.Axis(format="~%", tickCount=5),
                    scale=alt.Scale(zero=True)),
            tooltip=tips(words, {"at:T": message("published"), "rate:Q": message("engagement rate"),
                                 "kind:N": message("kind")}, at="%-d %b %Y", rate=".2%"),
        )
    )  # fmt: skip
    base = alt.Chart(alt.NamedData("median"))
    band = base.mark_rect(color=ATTENTION, opacity=0.15, aria=False).encode(y="low:Q", y2="high:Q")
    line = base.mark_rule(color=ATTENTION, strokeWidth=2, strokeDash=[6, 4], aria=False).encode(y="median:Q")
    return dressed(band + line + dots, height=280)


def influencer_rows(comparison: Comparison, denominator: str, platform: str, words: Words) -> list[dict[str, Any]]:
    """One row an influencer whose rate can be told, the highest first, for `influencer_dots`."""
    frame = comparison.influencers
    frame = frame[(frame["platform"] == platform) & frame[f"by_{denominator}"].notna()]
    frame = frame.sort_values(f"by_{denominator}", ascending=False)
    columns = ["account_id", "handle", "tier", "posts", *(f"by_{denominator}{end}" for end in ("", "_low", "_high"))]
    heading = words.say(message("engagement rate"))
    return [
        {"account_id": account, "handle": handle, "tier": tier, "tier_label": words.label(tier), "posts": int(posts),
         "rate": float(rate), "low": float(low), "high": float(high),
         "said": f"{handle}, {heading}: {words.percent(float(rate))}"}
        for account, handle, tier, posts, rate, low, high in frame[columns].itertuples(index=False)
    ]  # fmt: skip


def influencer_dots(rows: list[dict[str, Any]], words: Words) -> dict[str, Any]:
    """Median engagement rate of each influencer with its 95 % interval; click to pick (`pick`). Data set `rows`."""
    alt = altair()
    tiers = [tier for tier in TIER_MARKS if any(row["tier"] == tier for row in rows)]
    pick = alt.selection_point(name="pick", fields=["account_id"])
    order = [row["handle"] for row in rows]
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("handle:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, grid=True)),
        opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
    )
    whisker = base.mark_rule(color=INK, strokeWidth=1.5, aria=False).encode(
        x=alt.X("low:Q", title=folded(words.say(message("engagement rate of the median post, with 95% interval"))),
                axis=alt.Axis(format="~%", tickCount=6), scale=alt.Scale(zero=True)),
        x2="high:Q",
    )  # fmt: skip
    named = [words.label(tier) for tier in tiers]
    size = alt.expr("width < 300 ? 40 : 90")
    dots = base.mark_point(filled=True, size=size, stroke=INK, strokeWidth=1).encode(
        x="rate:Q",
        description="said:N",
        color=alt.Color("tier_label:N", title=None,
                        scale=alt.Scale(domain=named, range=[TIER_MARKS[t].colour for t in tiers])),
        shape=alt.Shape("tier_label:N", title=None,
                        scale=alt.Scale(domain=named, range=[TIER_MARKS[t].shape for t in tiers])),
        tooltip=tips(words, {"handle:N": message("account"), "rate:Q": message("engagement rate"),
                             "low:Q": message("from"), "high:Q": message("to"), "posts:Q": message("posts")},
                     rate=".2%", low=".2%", high=".2%"),
    ).add_params(pick)  # fmt: skip
    return dressed(whisker + dots, height=max(120, 26 * len(rows) + 60))
