"""Influencers side by side: no rate without an interval, no mixing, prices as given."""

import pandas as pd
import pytest
from test_rates import posts

import engage
from engage.study import Settings, Study
from engage.words import Words

NAMES = {"instagram:small": 5_000, "instagram:edge": 100_000, "instagram:big": 100_001, "tiktok:tik": 40_000}


def roster(settings=None, prices=()):
    accounts = pd.DataFrame(
        {
            "account_id": list(NAMES),
            "platform": [name.split(":")[0] for name in NAMES],
            "handle": [name.split(":")[1] for name in NAMES],
            "followers": list(NAMES.values()),
        }
    )
    frames = [posts(9, "instagram:small", likes=[300 + 10 * i for i in range(9)]), posts(3, "instagram:edge")]
    frames += [posts(9, "instagram:big", likes=2000), posts(9, "tiktok:tik", likes=4000, views=50_000)]
    frame = pd.DataFrame(prices, columns=["account_id", "deliverable", "amount", "currency"]) if prices else None
    return Study(accounts=accounts, posts=pd.concat(frames), prices=frame, settings=settings or Settings())


def row(comparison, account):
    return comparison.influencers.set_index("account_id").loc[account]


def test_micro_ends_at_a_hundred_thousand():
    comparison = engage.compare(roster())
    assert comparison.influencers.set_index("handle")["tier"].to_dict() == {
        "small": "micro", "edge": "micro", "big": "macro", "tik": "micro"
    }  # fmt: skip
    own = engage.compare(roster(), tiers=(("nano", 0), ("micro", 10_000), ("macro", 100_001)))
    assert row(own, "instagram:small")["tier"] == "nano"


def test_a_rate_comes_with_its_interval_or_not_at_all():
    comparison = engage.compare(roster())
    small, edge = row(comparison, "instagram:small"), row(comparison, "instagram:edge")
    assert small["by_followers"] == pytest.approx(350 / 5000)
    assert small["by_followers_low"] == pytest.approx(320 / 5000)
    assert small["by_followers_high"] == pytest.approx(380 / 5000)
    assert edge["posts"] == 3 and pd.isna(edge["by_followers"]) and not edge["enough"]
    assert small["likes_per_comment"] == pytest.approx(34)


def test_the_price_per_engagement_has_the_interval_of_the_median_post():
    priced = [("instagram:small", "feed", 350_000, "IDR"), ("instagram:edge", "feed", 1_000_000, "IDR")]
    small = row(engage.compare(roster(prices=priced)), "instagram:small")
    assert small["price_per_engagement"] == pytest.approx(1000)
    assert small["price_per_engagement_low"] == pytest.approx(350_000 / 380)
    assert small["price_per_engagement_high"] == pytest.approx(350_000 / 320)
    assert pd.isna(row(engage.compare(roster(prices=priced)), "instagram:edge")["price_per_engagement"])


def test_currencies_are_only_converted_at_the_users_own_rate():
    priced = [("instagram:small", "feed", 35, "USD")]
    kept = row(engage.compare(roster(prices=priced)), "instagram:small")
    assert (kept["price"], kept["currency"]) == (35, "USD")
    settings = Settings(exchange_rates={"USD": 16_000.0})
    turned = row(engage.compare(roster(settings, priced)), "instagram:small")
    assert (turned["price"], turned["currency"]) == (560_000, "IDR")


def test_platforms_are_not_mixed_in_the_tiers():
    tiers = engage.compare(roster()).tiers.set_index(["platform", "tier"])
    assert tiers.loc[("tiktok", "micro"), "influencers"] == 1
    assert tiers.loc[("instagram", "micro"), ["influencers", "compared"]].tolist() == [2, 1]


def test_the_findings_say_how_many_can_be_compared():
    findings = [Words("en").say(f) for f in engage.compare(roster()).findings()]
    assert findings[0].startswith("3 of 4 influencers have the 6 posts that an interval needs")
    assert "On Instagram, the median engagement rate by followers" in findings[1]


def test_an_empty_roster_says_what_to_bring():
    comparison = engage.compare(Study())
    assert comparison.influencers.empty and {"tier", "by_followers", "price"} <= set(comparison.influencers)
    assert "Bring a list of influencers" in str(comparison.missing[0])


def test_removing_one_candidate_changes_nothing_for_the_others():
    whole, study = engage.compare(roster()).influencers, roster()
    less = engage.compare(study.with_(accounts=study.accounts[study.accounts["handle"] != "big"])).influencers
    pd.testing.assert_frame_equal(whole[whole["handle"] != "big"].reset_index(drop=True), less.reset_index(drop=True))


def test_an_account_without_saves_is_compared_by_what_all_accounts_give():
    study = roster()
    saves = study.posts["account_id"].map({"instagram:big": 7}).astype("Int64")
    comparison = engage.compare(study.with_(posts=study.posts.assign(saves=saves)))
    assert comparison.rates.parts == ("likes", "comments")
    assert row(comparison, "instagram:small")["enough"]


def test_a_price_of_nothing_or_less_is_no_price():
    priced = [("instagram:small", "feed", -5, "IDR"), ("instagram:big", "feed", 0, "IDR")]
    assert engage.compare(roster(prices=priced)).influencers["price"].isna().all()
