"""Segments: the first rule that fits, with a reason; the share is honest about whom it can judge."""

import math

import pandas as pd
import pytest
from accounts import account, day, likes
from hypothesis import given
from hypothesis import strategies as st

import engage
from engage import SegmentRules
from engage.analysis.segments import SEGMENTS
from engage.analysis.uncertainty import wilson
from engage.study import Settings, Study
from engage.words import Words

WEEK_RULES = SegmentRules(window_days=30, regular_rate=0.2, miss_chance=0.1)  # N = 11


def segment_of(study, who, rules=WEEK_RULES):
    return engage.segment(study, rules=rules).followers.set_index("follower_id").loc[who, "segment"]


def test_the_default_rules_need_45_silent_posts():
    assert SegmentRules().silence == 45
    assert SegmentRules(regular_rate=0.5, miss_chance=0.25).silence == 2  # exact, not one more by rounding


@given(st.floats(0.002, 0.9), st.floats(0.01, 0.5))
def test_after_n_silent_posts_at_most_the_miss_chance_is_left(rate, chance):
    n = SegmentRules(regular_rate=rate, miss_chance=chance).silence
    assert (1 - rate) ** n <= chance * (1 + 1e-6)
    assert n == 1 or (1 - rate) ** (n - 1) > chance * (1 - 1e-6)


@pytest.mark.parametrize("wrong", [{"regular_rate": 0}, {"miss_chance": 1}, {"min_engaged": 0}, {"window_days": -1},
     {"window_days": 0}, {"window_days": True}, {"window_days": 10**9}, {"min_engaged": 1.5},
     {"advocate_posts": float("nan")}, {"regular_rate": "0.1"}])  # fmt: skip
def test_rules_that_make_no_sense_are_refused_in_words(wrong):
    with pytest.raises(engage.StudyError, match="must"):
        SegmentRules(**wrong)


def test_each_follower_falls_into_the_first_segment_that_fits():
    followers = dict.fromkeys(["fan", "liker", "buyer", "gone", "never", "quiet"], -1.0) | {"fresh": 35.5}
    acts = [
        *[("fan", post, "comment") for post in (30, 32, 34)],
        *likes("liker", 33),
        *likes("gone", 2, 4),
        *likes("quiet", 20),  # 19 posts ago, but before the window of 30 days
    ]
    study = account(posts=40, followers=followers, acts=acts, sales=[("buyer", 38, None)], collected=52)
    found = engage.segment(study, rules=SegmentRules(window_days=30, regular_rate=0.1)).followers
    assert dict(zip(found["follower_id"], found["segment"].astype(str), strict=True)) == {
        "fan": "advocate",
        "liker": "active",
        "buyer": "active",
        "gone": "fading",
        "never": "passive",
        "quiet": "too_early",
        "fresh": "too_early",
    }


def test_rare_followers_react_but_too_little_and_are_passive_in_the_wide_sense_only():
    study = account(posts=40, followers={"a": -1}, acts=likes("a", 30))
    rules = SegmentRules(window_days=30, min_engaged=2, regular_rate=0.2)
    segments = engage.segment(study, rules=rules)
    assert segments.followers["segment"].tolist() == ["rare"]
    assert segments.followers["split"].tolist() == ["passive in the wide sense"]
    assert (segments.share.low, segments.share.wide) == (0.0, (1.0, 1.0))


def said(segments):
    return [Words("en").say(finding) for finding in segments.findings()]


def test_undecided_followers_are_in_the_range_and_not_said_to_be_left_out():
    study = account(posts=60, followers=dict.fromkeys("abcdefghij"))
    text = " ".join(said(engage.segment(study)))
    assert "Between 0% and 100% are passive" in text
    assert "Never reacted: 0% to 100%." in text
    assert "left out" not in text


def test_a_random_sample_gives_a_point_an_interval_and_the_finite_correction():
    followers = {f"silent{i}": -1.0 for i in range(40)} | {f"fan{i}": -1.0 for i in range(40)}
    acts = [act for i in range(40) for act in likes(f"fan{i}", 58)]
    settings = Settings(follower_list="random")
    study = account(posts=60, followers=followers, acts=acts, stated=1_000, settings=settings)
    segments = engage.segment(study)
    assert segments.share.interval == wilson(40, 80, population=1_000)
    assert said(segments)[0].startswith("About 50% are passive (95% interval 40% to 60%)")
    assert engage.segment(study.with_(settings=Settings())).findings()[0].interval is None


def test_a_very_long_silence_is_still_a_sentence():
    rules = SegmentRules(regular_rate=0.5)
    segments = engage.segment(account(posts=1_200, followers={"a": -1}), rules=rules)
    assert str(segments.followers["reason"].iloc[0]) == (
        "silent through 1,200 posts; hardly any regular follower would stay silent this long"
    )


def test_the_typical_rate_counts_only_those_it_was_fitted_on():
    study = engage.simulate(followers=1_500, posts=80, seed=9)
    half = study.followers.assign(followed_at=study.followers["followed_at"].where(study.followers.index % 2 == 0))
    segments = engage.segment(study.with_(followers=half))
    finding = next(f for f in segments.findings() if f.key == "typical_rate")
    frame = segments.followers
    assert finding.n == ((frame["x"] > 0) & frame["dated"]).sum() < (frame["x"] > 0).sum()


def test_a_purchase_makes_active_but_is_no_reaction_to_a_post():
    study = account(posts=40, followers={"a": -1}, sales=[("a", 45, None)])
    row = engage.segment(study, rules=WEEK_RULES).followers.iloc[0]
    assert (row["segment"], row["x"], row["bought"]) == ("active", 0, 1)
    assert str(row["reason"]) == "bought in the last 30 days"


def test_someone_without_a_follow_date_is_never_called_passive():
    study = account(posts=40, followers={"dated": -1, "undated": None})
    segments = engage.segment(study, rules=WEEK_RULES)
    assert segments.followers["segment"].tolist() == ["passive", "too_early"]
    assert (segments.share.low, segments.share.high, segments.share.undecided) == (0.5, 1.0, 1)


def test_the_share_is_taken_over_those_who_saw_enough_active_and_silent_alike():
    old = {f"silent{i}": -1.0 for i in range(3)} | {"fan": -1.0}
    new = {f"new{i}": 38.5 for i in range(50)}
    acts = [*likes("fan", 35), *likes("new0", 39)]
    few = engage.segment(account(posts=40, followers=old, acts=acts[:1]), rules=WEEK_RULES).share
    many = engage.segment(account(posts=40, followers=old | new, acts=acts), rules=WEEK_RULES).share
    assert few.low == many.low == 0.75
    assert many.judged == 4 and many.listed == 54


def test_a_wider_window_calls_more_followers_active():
    study = account(posts=200, followers={"a": -1}, acts=likes("a", 20))
    assert segment_of(study, "a", SegmentRules(window_days=30)) == "fading"
    assert segment_of(study, "a", SegmentRules(window_days=None)) == "active"


def test_reasons_say_what_was_seen():
    study = account(posts=60, followers={"a": -1, "b": 57.5, "c": -1}, acts=likes("c", 58))
    reasons = engage.segment(study).followers.set_index("follower_id")["reason"].map(str)
    assert reasons["a"] == "silent through 60 posts; of 22 regular followers one would stay silent this long"
    assert reasons["b"] == "only 2 posts seen so far"
    assert reasons["c"] == "reacted to 1 post in the last 90 days"


def test_a_silent_follower_who_viewed_is_said_to_watch_quietly():
    study = account(posts=60, followers={"a": -1}, acts=[("a", 5, "view")])
    reason = engage.segment(study).followers["reason"].iloc[0]
    assert str(reason) == "watches quietly: viewed 1, reacted to none of 60 posts"


@pytest.mark.parametrize(
    ("stated", "setting", "scope"),
    [(2, "", "whole"), (100, "", "since"), (None, "", "listed"), (100, "random", "random"), (100, "whole", "whole")],
)
def test_the_share_says_what_it_speaks_of(stated, setting, scope):
    study = account(posts=60, followers={"a": -1, "b": 1}, stated=stated, settings=Settings(follower_list=setting))
    segments = engage.segment(study)
    assert segments.scope == scope
    assert (segments.since == day(-1)) == (scope == "since")
    assert (segments.share.interval is not None) == (scope == "random")


def test_a_list_without_anybody_named_gives_missing_and_no_share():
    study = account(posts=60, followers={"a": -1})
    segments = engage.segment(study.with_(coverage=None))
    assert segments.share is None and segments.naive is None
    assert any("Nobody who reacted is named" in str(missing) for missing in segments.missing)
    assert segments.findings() == []


def test_a_short_history_judges_nobody():
    segments = engage.segment(account(posts=20, followers={"a": -1}))
    assert segments.share is None
    assert "No follower has seen 45 posts" in str(segments.missing[-1])


def test_an_empty_study_gives_empty_segments_of_the_right_columns():
    segments = engage.segment(Study())
    assert segments.summary["segment"].tolist() == list(SEGMENTS)
    assert segments.followers.empty and {"segment", "reason", "x_w"} <= set(segments.followers)


def test_the_saved_rules_of_a_study_are_used():
    study = account(posts=40, followers={"a": -1}, settings=Settings(rules={"regular_rate": 0.2, "nonsense": 3}))
    assert engage.segment(study).rules == SegmentRules(regular_rate=0.2)


def test_every_follower_is_in_exactly_one_segment_and_counts_add_up():
    segments = engage.segment(engage.simulate(followers=800, posts=90, seed=5))
    assert segments.summary["followers"].sum() == len(segments.followers) == 800
    assert segments.followers["reason"].notna().all()
    assert segments.summary["judged"].sum() == segments.share.judged


EXACT = {"drop_out": 0, "pull_sd": 0, "growth": (), "newcomers": 0.0, "comments": False, "orders": False}


def test_at_the_convention_the_miss_chance_is_kept():
    """Regular followers at exactly the convention's rate, n = N: about 10 % are called passive; see docs/rules.md."""
    study = engage.simulate(20_000, 45, 11, mix={"active": 1}, rates={"active": 0.05}, **EXACT)
    segments = engage.segment(study)
    assert (segments.followers["n"] == 45).all()
    expected = 0.95**45
    assert abs(segments.share.never[0] - expected) < 4 * math.sqrt(expected * (1 - expected) / 20_000)


def test_everyone_who_never_reacts_and_saw_enough_is_passive():
    study = engage.simulate(2_000, 60, 12, mix={"lurker": 1}, rates={"lurker": 0.0}, **EXACT)
    segments = engage.segment(study)
    assert (segments.followers["segment"] == "passive").all() and segments.share.low == 1.0


def test_newcomers_do_not_move_the_share_as_they_move_the_naive_one():
    mix, rates = {"active": 0.5, "lurker": 0.5}, {"active": 0.05, "lurker": 0.0}
    found = {}
    for newcomers in (0.1, 0.7):
        study = engage.simulate(20_000, 100, 13, mix=mix, rates=rates, **{**EXACT, "newcomers": newcomers})
        found[newcomers] = engage.segment(study)
    few, many = found[0.1], found[0.7]
    assert few.share.low == pytest.approx(many.share.low, abs=0.02)
    assert many.naive > few.naive + 0.1  # what a tool without follow dates would say


def test_times_of_interactions_do_not_matter_only_their_posts():
    study = account(posts=60, followers={"a": -1}, acts=likes("a", 58))
    moved = study.interactions.assign(at=pd.NaT)
    assert segment_of(study.with_(interactions=moved), "a") == "active"
