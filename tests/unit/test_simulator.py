"""The simulator keeps its promises: what it says about each follower is what the tables show."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln
from scipy.stats import norm

from engage.messages import StudyError
from engage.readers.dates import shortcode_time
from engage.simulator import GROWTH, TYPES, simulate
from engage.study import Study

STRICT = norm.isf(0.5e-5)  # a test of a random quantity fails by chance in 1 of 100,000 seeds


@pytest.fixture(scope="module")
def study() -> Study:
    return simulate(5_000, 120, seed=1)


def acts_of_followers(study: Study) -> pd.DataFrame:
    """Reactions of people on the follower list, with when their post came out and when they came."""
    acts = study.interactions.merge(study.followers[["follower_id", "followed_at"]], on="follower_id")
    return acts.merge(study.posts[["post_id", "published_at", "topic"]], on="post_id")


def engaged_posts(study: Study) -> pd.Series:
    acts = study.interactions.drop_duplicates(["follower_id", "post_id"])
    return acts.groupby("follower_id").size().reindex(study.followers["follower_id"], fill_value=0)


def chance_alive(g: float, d: float, n: pd.Series) -> np.ndarray:
    """BG/BB: the chance to live through n posts."""
    return np.exp(betaln(g, d + n) - betaln(g, d))


def test_a_seed_gives_the_same_account_each_time_and_another_seed_another() -> None:
    one, two, other = simulate(300, 20, 5), simulate(300, 20, 5), simulate(300, 20, 6)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, two.tables[name])
    pd.testing.assert_frame_equal(one.truth, two.truth)
    assert not one.interactions.equals(other.interactions)


def test_leaving_out_comments_or_orders_changes_nothing_else() -> None:
    whole, bare = simulate(300, 30, 2), simulate(300, 30, 2, comments=False, orders=False)
    pd.testing.assert_frame_equal(whole.truth, bare.truth)
    assert set(whole.interactions["kind"]) == {"like", "comment"}
    assert set(bare.interactions["kind"]) == set(bare.coverage["kind"]) == {"like"}
    assert len(whole.sales) and bare.sales.empty and bare.replies.empty


def test_tables_pass_the_checks_of_a_study_without_a_note(study: Study) -> None:
    assert study.notes == ()
    assert study.owner == "instagram:kopi.senja.uji"
    assert len(study.posts) == 120 and study.posts["post_id"].is_unique
    assert (len(study.followers), len(study.truth)) == (5_000, 5_000)


def test_truth_counts_the_posts_each_follower_saw_and_engaged_with(study: Study) -> None:
    truth = study.truth.set_index("follower_id")
    assert (engaged_posts(study).to_numpy() == truth["engaged"].to_numpy()).all()
    came = study.followers.set_index("follower_id")["followed_at"]
    saw = [(study.posts["published_at"] > time).sum() for time in came.iloc[:200]]
    assert saw == truth.loc[came.index[:200], "seen"].tolist()


def test_nobody_reacts_before_a_post_is_out_or_to_posts_from_before_they_came(study: Study) -> None:
    acts = acts_of_followers(study)
    assert (acts["at"] > acts["published_at"]).all()
    assert (acts["published_at"] > acts["followed_at"]).all()
    assert study.interactions["at"].max() <= study.until


def test_four_in_five_reactions_come_within_a_day(study: Study) -> None:
    likes = acts_of_followers(study).query("kind == 'like'")
    delay = likes["at"] - likes["published_at"]
    assert 0.76 < (delay <= pd.Timedelta(hours=24)).mean() < 0.88
    assert (delay <= pd.Timedelta(days=5)).mean() > 0.9


@pytest.mark.parametrize("kind", [name for name in TYPES if name != "mismatch"])
def test_each_type_engages_at_the_rate_that_its_truth_states(kind: str) -> None:
    truth = simulate(4_000, 60, 3, mix={kind: 1}, drop_out=0, pull_sd=0, growth=()).truth
    expected = truth["rate"] * truth["seen"]
    spread = (expected * (1 - truth["rate"])).sum() ** 0.5
    assert abs(truth["engaged"].sum() - expected.sum()) < STRICT * spread


def test_an_exact_rate_gives_binomial_counts() -> None:
    study = simulate(20_000, 60, 4, mix={"active": 1}, rates={"active": 0.05}, drop_out=0, pull_sd=0, growth=())
    truth = study.truth[study.truth["seen"] >= 20]
    assert (study.truth["rate"] == 0.05).all()
    mean, variance = 0.05 * truth["seen"], 0.05 * 0.95 * truth["seen"]
    assert abs((truth["engaged"] - mean).sum()) < STRICT * variance.sum() ** 0.5
    squares = (truth["engaged"] - mean) ** 2 / variance
    assert abs(squares.mean() - 1) < STRICT * squares.std() / len(squares) ** 0.5  # no more and no less spread


def test_those_who_came_for_one_topic_react_to_nothing_else() -> None:
    study = simulate(1_000, 60, 3, mix={"mismatch": 1}, drop_out=0, pull_sd=0, growth=())
    truth = study.truth.set_index("follower_id")
    acts = acts_of_followers(study)
    assert len(acts) > 100
    assert (acts["topic"].to_numpy() == truth.loc[acts["follower_id"], "topic"].to_numpy()).all()


def test_without_drop_out_everybody_stays_and_with_it_many_leave() -> None:
    stay, leave = simulate(2_000, 60, 3, drop_out=0).truth, simulate(2_000, 60, 3).truth
    assert stay["alive_at_end"].all() and (stay["drop_out"] == 0).all()
    shares = leave.groupby("type")["alive_at_end"].mean()
    assert shares["herd"] < shares["active"] < 1
    assert leave["engaged"].sum() < stay["engaged"].sum()


def test_drop_out_and_engagement_follow_the_model_of_fader_hardie_and_shang() -> None:
    a, b, g, d = 1.2, 6.0, 2.0, 12.0
    study = simulate(20_000, 12, 8, mix={"active": 1}, rates={"active": (a, b)}, drop_out=(g, d), pull_sd=0, growth=())
    truth = study.truth
    alive = chance_alive(g, d, truth["seen"])
    assert abs((truth["alive_at_end"] - alive).sum()) < STRICT * (alive * (1 - alive)).sum() ** 0.5
    steps = np.cumsum([0, *chance_alive(g, d, pd.Series(range(1, 13)))])  # expected posts lived through, of n
    error = truth["engaged"] - a / (a + b) * steps[truth["seen"]]
    assert abs(error.mean()) < STRICT * error.std() / len(error) ** 0.5


def test_a_purchase_shows_in_the_follow_dates_and_steady_growth_does_not() -> None:
    study = simulate(5_000, 60, 3, growth=("purchase",))
    days = study.followers["followed_at"].dt.floor("D")
    busiest = days == days.mode().iloc[0]
    on_that_day = study.truth.loc[busiest.to_numpy(), "type"]
    assert busiest.sum() > 440 and (on_that_day == "bought").mean() > 0.95
    steady = simulate(5_000, 60, 3, growth=()).followers["followed_at"].dt.floor("D").value_counts()
    assert steady.max() < 30


def test_a_drip_spreads_a_purchase_over_three_weeks() -> None:
    study = simulate(5_000, 60, 3, growth=("drip",))
    came = study.followers.loc[(study.truth["type"] == "bought").to_numpy(), "followed_at"]
    assert pd.Timedelta(days=18) < came.max() - came.min() < pd.Timedelta(days=22)


def test_a_viral_reel_brings_a_herd_that_is_not_bought(study: Study) -> None:
    best = study.posts.loc[study.posts["follows"].idxmax()]
    assert best["kind"] == "reel"
    after = (study.followers["followed_at"] - best["published_at"]) / pd.Timedelta(days=1)
    types = study.truth.loc[after.between(0, 3).to_numpy(), "type"]
    assert 0.7 < (types == "herd").mean() < 0.85
    assert (types == "bought").mean() < 0.02


def test_the_last_followers_come_too_late_to_be_judged(study: Study) -> None:
    seen = study.truth["seen"]
    assert 0.1 < (seen < 45).mean() < 0.4
    assert study.until - study.posts["published_at"].max() > pd.Timedelta(days=7)


def test_counts_on_posts_agree_with_the_named_reactions(study: Study) -> None:
    posts = study.posts.set_index("post_id")
    for column, kind in (("likes", "like"), ("comments", "comment")):
        acts = study.interactions[study.interactions["kind"] == kind]
        named = acts.groupby("post_id").size().reindex(posts.index, fill_value=0)
        assert (named == posts[column]).all()
    people = study.interactions.groupby("post_id")["follower_id"].nunique()
    assert (posts["reach"] >= people.reindex(posts.index, fill_value=0)).all()
    assert (posts["follower_reach"] <= posts["reach"]).all() and (posts["views"] >= posts["reach"]).all()
    strangers = ~study.interactions["follower_id"].isin(study.followers["follower_id"])
    assert 0.1 < strangers.mean() < 0.4
    assert 0.015 < posts["comments"].sum() / posts["likes"].sum() < 0.06


def test_likes_vary_between_posts_unless_the_pull_is_switched_off() -> None:
    alike, varied = (simulate(3_000, 80, 3, growth=(), drop_out=0, pull_sd=sd).posts for sd in (0, 0.55))
    late = slice(50, 80)

    def spread(posts: pd.DataFrame) -> float:
        return float(np.log(posts["likes"][late].astype(float)).std())

    assert spread(alike) < 0.25 < 0.4 < spread(varied)


def test_a_shortcode_says_when_its_post_was_made(study: Study) -> None:
    made = pd.to_datetime(study.posts["shortcode"].map(shortcode_time), utc=True)
    assert (made == study.posts["published_at"]).all()


def test_names_are_made_up_possible_and_unique(study: Study) -> None:
    names = pd.concat([study.followers["handle"], study.interactions["follower_id"]]).drop_duplicates()
    assert study.followers["handle"].is_unique
    assert names.str.fullmatch(r"[a-z0-9._]{5,30}").all() and names.str.endswith(".uji").all()
    assert not names.str.contains("..", regex=False).any()


def test_bought_profiles_look_different_on_average_and_overlap(study: Study) -> None:
    is_bought = (study.truth["type"] == "bought").to_numpy()
    bought, real = study.followers[is_bought], study.followers[~is_bought]
    assert bought["has_picture"].mean() < real["has_picture"].mean()
    assert bought["following"].median() > real["following"].median()
    assert bought["posts"].median() < real["posts"].median()
    assert bought["has_picture"].any() and not real["has_picture"].all()
    assert bought["posts"].quantile(0.9) > real["posts"].quantile(0.1)


def test_the_order_book_has_followers_strangers_and_people_without_a_name(study: Study) -> None:
    sales = study.sales
    named = sales["follower_id"].dropna()
    follows = named.isin(study.followers["follower_id"])
    assert follows.any() and not follows.all() and sales["follower_id"].isna().any()
    assert (sales["amount"] > 0).all() and set(sales["currency"]) == {"IDR"}
    assert sales["at"].is_monotonic_increasing and sales["sale_id"].is_unique
    came = study.followers.set_index("follower_id")["followed_at"]
    dated = sales[sales["follower_id"].isin(came.index)]
    assert (dated["at"].to_numpy() >= came[dated["follower_id"]].dt.floor("min").to_numpy()).all()


def test_the_owner_answers_comments_after_they_were_written(study: Study) -> None:
    comments = study.interactions.query("kind == 'comment'").groupby(["post_id", "follower_id"])["at"].min()
    written = pd.Series(list(zip(study.replies["post_id"], study.replies["follower_id"], strict=True))).map(comments)
    assert len(study.replies) > 50 and (study.replies["at"].to_numpy() > written.to_numpy()).all()


@given(
    followers=st.integers(1, 80),
    posts=st.integers(1, 12),
    seed=st.integers(0, 10**6),
    growth=st.sets(st.sampled_from(GROWTH)),
    mix=st.dictionaries(st.sampled_from(sorted(TYPES)), st.floats(0.01, 1), min_size=1),
    days=st.integers(30, 400),
)
@settings(max_examples=20, deadline=None)
def test_any_account_is_whole(
    followers: int, posts: int, seed: int, growth: set[str], mix: dict[str, float], days: int
) -> None:
    study = simulate(followers, posts, seed, growth=tuple(growth), mix=mix, days=days)
    assert (len(study.followers), len(study.posts), len(study.truth)) == (followers, posts, followers)
    assert set(study.truth["type"]) <= set(mix)
    assert (study.truth["engaged"] <= study.truth["seen"]).all()
    acts = acts_of_followers(study)
    assert ((acts["at"] > acts["published_at"]) & (acts["published_at"] > acts["followed_at"])).all()
    assert study.posts["published_at"].is_unique and study.notes == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mix": {"fans": 1.0}}, "no fans here"),
        ({"rates": {"robots": 0.1}}, "no robots here"),
        ({"growth": ("magic",)}, "no magic here"),
        ({"followers": 0}, "at least 1 follower"),
        ({"mix": {"active": -1.0, "lurker": 3.0}}, "share above 0"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(wrong: dict, said: str) -> None:
    with pytest.raises(StudyError, match=re.escape(said)):
        simulate(**wrong)
