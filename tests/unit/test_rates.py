"""Engagement rates carry their denominator, and thin data gives no rate."""

import pandas as pd
import pytest

import engage
from engage.study import Study
from engage.words import Words

A = "instagram:a"


def posts(n, account=A, **columns):
    base = {"account_id": account, "post_id": [f"{account}-{i}" for i in range(n)]}
    base["published_at"] = pd.date_range("2026-01-01", periods=n, tz="UTC")
    return pd.DataFrame(base | {"likes": 90, "comments": 10} | columns)


def study(frame, followers=1000, **tables):
    ids = frame["account_id"].unique()
    accounts = pd.DataFrame({"account_id": ids, "platform": "instagram", "handle": ids, "followers": followers})
    return Study(accounts=accounts, posts=frame, **tables)


def test_each_denominator_has_its_own_rate():
    rates = engage.engagement_rates(study(posts(8, reach=500, views=2000)))
    summary = rates.summary.set_index("denominator")
    assert summary["median"].to_dict() == pytest.approx({"followers": 0.1, "reach": 0.2, "views": 0.05})
    assert summary["posts"].tolist() == [8, 8, 8]


def test_saves_count_only_when_nearly_all_posts_have_them():
    sparse = posts(10, saves=[5] + [None] * 9)
    assert engage.engagement_rates(study(sparse)).parts == ("likes", "comments")
    assert engage.engagement_rates(study(posts(10, saves=5))).parts == ("likes", "comments", "saves")


def test_hidden_likes_and_posts_of_others_are_left_out():
    frame = posts(8, is_collab=[True] + [False] * 7)
    frame.loc[7, "likes"] = None
    assert len(engage.engagement_rates(study(frame)).posts) == 6


def test_five_posts_give_no_interval_and_the_words_say_so():
    rates = engage.engagement_rates(study(posts(5)))
    assert rates.summary["low"].isna().all()
    assert Words("en").say(rates.findings()[0]) == (
        "Engagement rate by followers: not enough data (5 posts; at least 6 are needed)."
    )


def test_followers_at_the_time_of_the_post_are_used_where_known():
    days = pd.DataFrame({"account_id": A, "date": ["2026-01-01", "2026-01-08"], "followers": [500, 1000]})
    rates = engage.engagement_rates(study(posts(8), days=days))
    assert rates.at_post_time
    assert rates.posts["followers_then"].tolist() == [500] * 4 + [1000] * 4


def test_zero_reach_is_no_denominator():
    rates = engage.engagement_rates(study(posts(8, reach=0)))
    assert "reach" not in set(rates.summary["denominator"])


def test_the_best_post_bounds_how_many_followers_can_have_liked():
    finding = engage.engagement_rates(study(posts(8))).findings()[-1]
    assert Words("en").say(finding) == (
        "Your most liked post has 90 likes. Even if each came from a different follower,"
        " at least 91% of your 1,000 followers did not like it."
    )


def test_nothing_known_gives_missing_and_empty_frames():
    rates = engage.engagement_rates(Study())
    assert rates.posts.empty and rates.summary.empty and rates.findings() == []
    assert str(rates.missing[0].what) == "No post has a count of likes."


def test_the_published_account_of_119_posts_gives_the_published_rate():
    from test_uncertainty import shared

    raw = pd.read_csv(shared("data/instagram_insights/instagram_insights_119.csv"))
    columns = {c.lower(): raw[c].to_list() for c in ("Impressions", "Saves", "Comments", "Shares", "Likes")}
    summary = engage.engagement_rates(study(posts(119, **columns))).summary.set_index("denominator")
    row = summary.loc["impressions"]
    assert (row["median"], row["low"], row["high"]) == pytest.approx((0.06365, 0.05816, 0.06806), abs=5e-6)
