"""Intervals and estimates agree with published values, and their coverage is what they promise."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engage.analysis.uncertainty import median_interval, typical_rate, unseen_fans, wilson

SHARED = Path(__file__).parents[3] / "shared"


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the reference file {name} is not here")
    return path


def test_wilson_agrees_with_the_reference_values():
    for case in json.loads(shared("fixtures/stats.json").read_text())["proportion_intervals_95"]:
        assert wilson(case["k"], case["n"]) == pytest.approx(tuple(case["wilson"]), abs=1e-9)


def test_wilson_of_none_of_fifty_is_not_zero():
    assert wilson(0, 50) == pytest.approx((0, 0.0713476), abs=1e-6)  # Wilson 1927, where Wald says [0, 0]


def test_a_sample_of_everyone_has_no_sampling_interval():
    assert wilson(30, 100, population=100) == (0.3, 0.3)
    low, high = wilson(30, 100, population=150)
    assert 0.3 - low < 0.3 - wilson(30, 100)[0] and high < wilson(30, 100)[1]


def test_the_finite_correction_covers_95_percent():
    rng = np.random.default_rng(1)
    drawn = rng.hypergeometric(300, 700, 400, size=4000)
    intervals = [wilson(int(k), 400, population=1000) for k in drawn]
    assert np.mean([low <= 0.3 <= high for low, high in intervals]) == pytest.approx(0.95, abs=0.015)


def test_the_median_interval_agrees_with_the_reference_on_119_posts():
    posts = pd.read_csv(shared("data/instagram_insights/instagram_insights_119.csv"))
    rate = posts[["Likes", "Comments", "Shares", "Saves"]].sum(axis=1) / posts["Impressions"]
    assert median_interval(rate) == pytest.approx((0.05816, 0.06806), abs=5e-6)
    assert rate.median() == pytest.approx(0.06365, abs=5e-6)


@pytest.mark.parametrize("n", [6, 9, 17, 40, 119])
def test_the_median_interval_is_the_order_statistic_interval_of_scipy(n):
    values = pd.Series(np.random.default_rng(n).lognormal(size=n))
    reference = stats.quantile_test(values, p=0.5).confidence_interval(0.95)
    assert median_interval(values) == pytest.approx((reference.low, reference.high))


def test_five_posts_are_not_enough_for_a_median():
    assert median_interval(pd.Series([1.0, 2, 3, 4, 5])) is None
    assert median_interval(pd.Series([1.0, 2, 3, 4, 5, 6])) == (1.0, 6.0)


def test_chao_finds_at_least_part_of_the_unseen():
    assert unseen_fans(10, 4) == 9.0
    rng = np.random.default_rng(2)
    seen = rng.binomial(40, 0.03, size=3000)
    unseen = int((seen == 0).sum())
    assert unseen_fans(int((seen == 1).sum()), int((seen == 2).sum())) == pytest.approx(unseen, rel=0.25)


def test_the_typical_rate_recovers_the_median_it_was_made_with():
    rng = np.random.default_rng(3)
    n = rng.integers(20, 120, size=6000)
    x = rng.binomial(n, rng.beta(1.2, 12, size=6000))
    rate, (low, high) = typical_rate(x, n)
    truth = stats.beta.median(1.2, 12)
    assert low < truth < high
    assert rate == pytest.approx(truth, rel=0.1)


def test_the_typical_rate_is_refused_below_a_hundred_engaged_followers():
    assert typical_rate(np.r_[np.ones(99), np.zeros(5000)], np.full(5099, 50)) is None
