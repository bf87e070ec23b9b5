"""Intervals and estimates under small samples: named, thin, checked against published values."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from engage.analysis.results import Interval

Array = npt.NDArray[np.float64]

FEWEST_POSTS = 6
"""Below six posts no order statistics enclose the median with 95 % confidence (1 - 2/2^5 = 93.75 %)."""
FEWEST_ENGAGED = 100
"""Below a hundred engaged followers the account's own rate is not estimated."""


def wilson(successes: float, n: float, *, population: float | None = None) -> Interval:
    """Wilson 95 % interval of a share, with the finite correction when the population is known.

    Parameters
    ----------
    successes, n : counts; `n` = 0 gives (0, 1).
    population : how many there are to sample from. The sample is then worth n (N - 1) / (N - n).

    Returns
    -------
    (low, high), shares between 0 and 1. Source: Wilson 1927; Cochran 1977 for the correction.
    """
    if n <= 0:
        return 0.0, 1.0
    p = successes / n
    if population is not None and population <= n:
        return p, p
    worth = n if population is None else n * (population - 1) / (population - n)
    z = float(special.ndtri(0.975))
    centre = (p + z * z / (2 * worth)) / (1 + z * z / worth)
    half = z / (1 + z * z / worth) * math.sqrt(p * (1 - p) / worth + z * z / (4 * worth * worth))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == n else min(1.0, centre + half)


def median_interval(values: pd.Series) -> Interval | None:
    """Exact order-statistic 95 % interval of a median; None below `FEWEST_POSTS` values.

    Source: Conover 1999, as in `scipy.stats.quantile_test`, written out because it is called per account.
    """
    known = np.sort(values.dropna().to_numpy(dtype=float))
    if len(known) < FEWEST_POSTS:
        return None
    cumulated = special.bdtr(np.arange(len(known)), len(known), 0.5)
    low = max(int(np.searchsorted(cumulated, 0.025)), 1)
    return float(known[low - 1]), float(known[len(known) - low])


def unseen_fans(seen_once: int, seen_twice: int) -> float:
    """Chao1: at least so many engage but have not been seen to. Source: Chao 1984, bias-corrected form."""
    return seen_once * (seen_once - 1) / (2 * (seen_twice + 1))


def typical_rate(x: npt.ArrayLike, n: npt.ArrayLike) -> tuple[float, Interval] | None:
    """The median rate at which engaged followers react, from a zero-truncated beta-binomial.

    Parameters
    ----------
    x, n : posts engaged with and posts seen, one value a follower; followers with x = 0 are left out,
        since nobody can tell a fan not yet seen from someone who never reacts.

    Returns
    -------
    (median, (low, high)): the median of the fitted Beta(a, b), with a 95 % delta-method interval on the
    logit scale; None below `FEWEST_ENGAGED` engaged followers, or when the fit runs to an edge.
    """
    posts, seen = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    posts, seen = posts[posts > 0], seen[posts > 0]
    if len(posts) < FEWEST_ENGAGED:
        return None
    keys, weight = np.unique(np.column_stack([posts, seen]), axis=0, return_counts=True)
    k, m = keys[:, 0], keys[:, 1]

    def loss(theta: Array) -> float:
        a, b = np.exp(np.clip(theta, -12, 12))
        chosen = special.betaln(a + k, b + m - k) - special.betaln(a, b)
        none = special.betaln(a, b + m) - special.betaln(a, b)
        return -float(np.sum(weight * (chosen - np.log(-np.expm1(np.minimum(none, -1e-12))))))

    fit = optimize.minimize(loss, np.log([0.5, 10.0]), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8})
    if not fit.success or np.any(np.abs(fit.x) > 9):
        return None

    def logit_median(theta: Array) -> float:
        return float(special.logit(np.clip(special.betaincinv(*np.exp(theta), 0.5), 1e-12, 1 - 1e-12)))

    step = 1e-3
    units = np.eye(2) * step

    def curvature(u: Array, v: Array) -> float:
        return loss(fit.x + u + v) - loss(fit.x + u - v) - loss(fit.x - u + v) + loss(fit.x - u - v)

    hessian = np.array([[curvature(u, v) for v in units] for u in units]) / (4 * step * step)
    slope = np.array([(logit_median(fit.x + u) - logit_median(fit.x - u)) / (2 * step) for u in units])
    if np.linalg.eigvalsh(hessian).min() <= 0:
        return None
    error = 1.959964 * math.sqrt(float(slope @ np.linalg.solve(hessian, slope)))
    centre = logit_median(fit.x)
    middle, low, high = (float(special.expit(at)) for at in (centre, centre - error, centre + error))
    return middle, (low, high)
