"""Exposure: a follower can only react to what appeared after they came."""

import pandas as pd
from accounts import account, day, likes

import engage
from engage.study import Study


def row(activity, who):
    return activity.followers.set_index("follower_id").loc[who]


def test_posts_before_the_follower_came_do_not_count():
    study = account(posts=20, followers={"old": -1, "new": 14.5}, acts=likes("new", 3, 16))
    activity = engage.activity(study)
    assert row(activity, "old")["n"] == 20
    assert row(activity, "new")[["n", "x", "t", "s"]].tolist() == [5, 1, 2, 3]


def test_a_follower_who_comes_at_the_instant_of_a_post_has_not_seen_it():
    assert row(engage.activity(account(posts=20, followers={"a": 14})), "a")["n"] == 5


def test_posts_younger_than_seven_days_at_the_end_of_the_data_do_not_count():
    study = account(posts=20, followers={"a": -1}, acts=likes("a", 19), collected=21)
    activity = engage.activity(study)
    assert activity.until == day(21)
    assert activity.posts["post_id"].tolist() == [f"p{i}" for i in range(15)]
    assert row(activity, "a")["x"] == 0


def test_several_reactions_to_one_post_count_once():
    study = account(posts=20, followers={"a": -1}, acts=[("a", 4, "like"), ("a", 4, "comment"), ("a", 9, "like")])
    activity = engage.activity(study)
    assert row(activity, "a")[["x", "t", "s"]].tolist() == [2, 10, 10]
    assert activity.events["deep"].tolist() == [True, False]


def test_views_and_clicks_are_not_engagement_but_are_remembered():
    study = account(posts=20, followers={"a": -1}, acts=[("a", 1, "view"), ("a", 2, "click"), ("a", 2, "view")])
    activity = engage.activity(study)
    assert row(activity, "a")[["x", "watched"]].tolist() == [0, 2]


def test_only_posts_whose_reactions_are_named_completely_count():
    study = account(posts=20, followers={"a": -1}, acts=likes("a", 5, 6))
    coverage = study.coverage.assign(complete=study.coverage["post_id"] == "p5")
    activity = engage.activity(study.with_(coverage=coverage))
    assert row(activity, "a")[["n", "x"]].tolist() == [1, 1]


def test_without_a_follow_date_exposure_is_an_upper_bound():
    activity = engage.activity(account(posts=20, followers={"a": None}))
    assert row(activity, "a")[["n", "dated"]].tolist() == [20, False]


def test_people_who_do_not_follow_and_unknown_authors_are_left_out():
    study = account(posts=20, followers={"a": -1}, acts=[*likes("stranger", 1, 2), (None, 3, "comment")])
    assert engage.activity(study).events.empty


def test_a_cancelled_sale_is_no_purchase():
    study = account(posts=20, followers={"a": -1}, sales=[("a", 3, "Selesai"), ("a", 4, "Batal"), ("b", 5, None)])
    assert engage.activity(study).sales["at"].tolist() == [day(3)]


def test_nothing_raises_on_an_empty_study_and_the_columns_are_there():
    activity = engage.activity(Study())
    assert activity.followers.empty and {"n", "x", "t", "s"} <= set(activity.followers)
    assert [str(missing.what) for missing in activity.missing] == [
        "There is no list of followers.",
        "Nobody who reacted is named, so followers cannot be told apart.",
    ]


def test_the_study_is_not_changed():
    study = account(posts=20, followers={"a": -1}, acts=likes("a", 1))
    before = study.posts.copy(), study.followers.copy()
    engage.segment(study)
    pd.testing.assert_frame_equal(study.posts, before[0])
    pd.testing.assert_frame_equal(study.followers, before[1])


def test_exposure_agrees_with_a_plain_loop_on_a_simulated_account():
    study = engage.simulate(followers=300, posts=40, seed=3)
    activity = engage.activity(study)
    last = study.until - pd.Timedelta(days=7)
    posts = study.posts[study.posts["published_at"] <= last].sort_values(["published_at", "post_id"])
    acts = study.interactions[study.interactions["kind"].isin(["like", "comment"])]
    seen = set(zip(acts["follower_id"], acts["post_id"], strict=True))
    for follower in activity.followers.itertuples():
        own = posts[posts["published_at"] > follower.followed_at]["post_id"]
        hits = [index for index, post in enumerate(own, start=1) if (follower.follower_id, post) in seen]
        assert (follower.n, follower.x, follower.t) == (len(own), len(hits), max(hits, default=0))
