"""Who is active, who is passive, and for whom it is too early to tell; each with a reason."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from engage.analysis.activity import Activity, activity
from engage.analysis.results import Finding, Interval, lacking
from engage.analysis.uncertainty import unseen_fans, wilson
from engage.messages import Message, StudyError, message, plural
from engage.study import Missing, Settings, Study

SEGMENTS = ("advocate", "active", "rare", "fading", "passive", "too_early")
SPLIT = {
    "advocate": "active", "active": "active", "rare": "passive in the wide sense",
    "fading": "passive", "passive": "passive", "too_early": "neither",
}  # fmt: skip
WINDOWS = (30, 60, 90, 180, 365, None)
"""The windows that pages offer, in days; None is all of the history."""
COMPLETE_LIST = 0.98
"""A list with this share of the stated followers counts as the whole list (counts in apps lag)."""


@dataclass(frozen=True)
class SegmentRules:
    """The conventions behind the segments, all of them the user's to move.

    Parameters
    ----------
    window_days : how far back "active" looks; None means all of the history.
    min_engaged : posts engaged with in the window that make a follower active.
    regular_rate : the slowest follower still called regular reacts to this share of posts (1 in 20).
    miss_chance : the chance that such a follower would still be silent after `silence` posts.
    advocate_posts : occasions (comment, share, mention, purchase) in the window that make an advocate.

    >>> SegmentRules().silence
    45
    """

    window_days: int | None = 90
    min_engaged: int = 1
    regular_rate: float = 0.05
    miss_chance: float = 0.10
    advocate_posts: int = 3

    def __post_init__(self) -> None:
        if not all(isinstance(v, (int, float)) and 0.0001 <= v < 1 for v in (self.regular_rate, self.miss_chance)):
            raise StudyError(message("regular_rate and miss_chance must lie between 0.0001 and 1."))
        counts = (self.min_engaged, self.advocate_posts, 1 if self.window_days is None else self.window_days)
        if not all(type(value) is int and 1 <= value <= 36_500 for value in counts):
            raise StudyError(message("window_days, min_engaged and advocate_posts must be whole numbers from 1."))

    @property
    def silence(self) -> int:
        """N: the silent posts after which only `miss_chance` of regular followers would still be silent."""
        return math.ceil(math.log(self.miss_chance) / math.log1p(-self.regular_rate) - 1e-9)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, settings: Settings) -> SegmentRules:
        """The rules saved with a study; a value that makes no sense falls back to the default."""
        try:
            return cls(**{k: v for k, v in settings.rules.items() if k in cls.__dataclass_fields__})
        except (StudyError, TypeError):
            return cls()


@dataclass(frozen=True)
class PassiveShare:
    """The passive share among followers who can be judged (n >= N).

    `low` counts the undecided as active, `high` as passive; `never` is the share that never reacted at all,
    `wide` adds those who react rarely, both as (low, high) too. `interval` (95 %, around low to high) is there
    only when the list is a random sample.
    """

    low: float
    high: float
    never: Interval
    wide: Interval
    passive: int
    undecided: int
    judged: int
    listed: int
    interval: Interval | None = None


@dataclass(frozen=True, eq=False)
class Segments:
    """Segments of followers.

    Attributes
    ----------
    followers : `Activity.followers` with `x_w` (posts engaged with in the window), `occasions`, `bought`,
        `segment`, `split` and `reason` (a Message).
    summary : one row a segment: followers, share of those listed, `judged` (followers with n >= N).
    share : the headline, or None when nobody can be judged.
    naive : the share a ghost-follower tool would print: everyone listed who was never seen to react.
    scope : what the share speaks of: "whole", "since", "random", "listed".
    """

    followers: pd.DataFrame
    summary: pd.DataFrame
    share: PassiveShare | None
    naive: float | None
    scope: str
    since: pd.Timestamp | None
    stated: int | None
    rules: SegmentRules
    activity: Activity
    missing: tuple[Missing, ...] = ()

    @property
    def new(self) -> int:
        """Followers for whom it is too early because they have seen too few posts."""
        return int(((self.followers["segment"] == "too_early") & (self.followers["n"] < self.rules.silence)).sum())

    def findings(self) -> list[Finding]:
        """The figures a page may say in words; empty where nothing is known."""
        share, frame, found = self.share, self.followers, []
        if share is None:
            return []
        values = {"low": share.low, "high": share.high, "passive": share.passive, "judged": share.judged,
                  "undecided": share.undecided, "silence": self.rules.silence}  # fmt: skip
        key = ("sample" if share.interval else "passive") + ("_range" if share.undecided else "_share")
        found.append(Finding(key, "share", values, share.judged, share.interval, "convention"))
        scope = {"listed": share.listed, "stated": self.stated, "since": self.since}
        key = "scope_told" if self.scope == "whole" and self.stated is None else f"scope_{self.scope}"
        found.append(Finding(key, "count", scope, share.listed))
        both = {"never": _span(share.never), "wide": _span(share.wide)}
        found.append(Finding("both_readings", "share", both, share.judged, None, "convention"))
        if short := len(frame) - share.judged:
            values = {"short": short, "listed": len(frame), "silence": self.rules.silence, "new": self.new}
            found.append(Finding("too_short", "count", values, len(frame)))
        judged = frame[frame["n"] >= self.rules.silence]
        fans = unseen_fans(int((judged["x"] == 1).sum()), int((judged["x"] == 2).sum()))
        silent = int((judged["x"] == 0).sum())
        if silent and fans >= 1:
            fans = min(round(fans), silent)
            found.append(Finding("unseen_fans", "estimate", {"fans": fans, "silent": silent}, silent, None, "estimate"))
        if self.activity.typical:
            rate, interval = self.activity.typical
            engaged = int(((frame["x"] > 0) & frame["dated"]).sum())
            values = {"rate": rate, "one_in": round(1 / rate), "regular": round(1 / self.rules.regular_rate)}
            found.append(Finding("typical_rate", "estimate", values, engaged, interval, "estimate"))
            if interval[1] < self.rules.regular_rate:
                found.append(Finding("slower_fans", "estimate", values, engaged, None, "estimate"))
        return found


def segment(study: Study, *, rules: SegmentRules | None = None, of: Activity | None = None) -> Segments:
    """Put each follower in the first segment whose rule matches; see `SegmentRules` for the conventions.

    advocate: active, with `advocate_posts` or more comments, shares, mentions or purchases in the window.
    active: engaged with `min_engaged` posts published in the window, or bought in it.
    rare: engaged, but with fewer. fading: engaged once, silent for N posts since. passive: silent on all of
    at least N posts. too_early: everyone else; also whoever has no follow date and is not active.

    Parameters
    ----------
    rules : left out, the rules saved with the study.
    of : the study's `activity`, when it is at hand (a slider then need not count again).
    """
    rules = rules or SegmentRules.of(study.settings)
    done = of or activity(study)
    frame = done.followers.copy()
    size, silence = len(frame), rules.silence
    start = None
    if rules.window_days is not None and done.until is not None:
        start = done.until - pd.Timedelta(days=rules.window_days)
    in_window = np.ones(len(done.posts), bool) if start is None else (done.posts["published_at"] > start).to_numpy()
    recent = in_window[done.events["post"].to_numpy()]
    rows = done.events["follower"].to_numpy()
    sold = done.sales if start is None else done.sales[done.sales["at"] > start]
    bought = np.bincount(sold["follower"], minlength=size)
    x_w = np.bincount(rows[recent], minlength=size)
    occasions = np.bincount(rows[recent & done.events["deep"].to_numpy()], minlength=size) + bought

    n, x, s, dated = (frame[column].to_numpy() for column in ("n", "x", "s", "dated"))
    is_active = (x_w >= rules.min_engaged) | (bought > 0)
    tests = [
        is_active & (occasions >= rules.advocate_posts),
        is_active,
        x_w >= 1,
        dated & (x >= 1) & (s >= silence),
        dated & (x == 0) & (n >= silence),
    ]
    code = np.select(tests, range(len(tests)), default=len(tests))
    frame["x_w"], frame["occasions"], frame["bought"] = x_w, occasions, bought
    frame["segment"] = pd.Categorical.from_codes(code, categories=list(SEGMENTS), ordered=True)
    names = np.array([SPLIT[name] for name in SEGMENTS], dtype=object)
    frame["split"] = pd.array(names[code], dtype="str")
    frame["reason"] = _reasons(frame, code, rules)

    judged = n >= silence
    summary = pd.DataFrame({"segment": SEGMENTS, "split": [SPLIT[name] for name in SEGMENTS]})
    summary["followers"] = np.bincount(code, minlength=len(SEGMENTS))
    summary["share"] = summary["followers"] / max(size, 1) if size else np.nan
    summary["judged"] = np.bincount(code[judged], minlength=len(SEGMENTS))
    scope, since, stated = _scope(study, frame)
    can_tell = bool(size and len(done.posts))
    what = message("No follower has seen {silence} posts with named reactions yet; {posts} such posts are here.",
                   silence=silence, posts=len(done.posts))  # fmt: skip
    bring = message("Bring reactions to more posts, or call only more eager followers regular (move the rules).")
    missing = done.missing + lacking((can_tell and not judged.any(), what, bring))
    share = _share(code, judged, x, scope, stated) if can_tell and judged.any() else None
    naive = float((x == 0).mean()) if can_tell else None
    return Segments(frame, summary, share, naive, scope, since, stated, rules, done, missing)


def _share(
    code: npt.NDArray[Any], judged: npt.NDArray[Any], x: npt.NDArray[Any], scope: str, stated: int | None
) -> PassiveShare:
    size = int(judged.sum())
    counts = dict(zip(SEGMENTS, np.bincount(code[judged], minlength=len(SEGMENTS)).tolist(), strict=True))
    passive, undecided = counts["fading"] + counts["passive"], counts["too_early"]
    unseen = int((judged & (code == SEGMENTS.index("too_early")) & (x == 0)).sum())
    low, high, rare = passive / size, (passive + undecided) / size, counts["rare"] / size
    interval = None
    if scope == "random":
        # of all the account's followers, as large a part could be judged as of those sampled
        population = stated * size / len(code) if stated else None
        least, most = (wilson(n, size, population=population) for n in (passive, passive + undecided))
        interval = (least[0], most[1])
    never = (counts["passive"] / size, (counts["passive"] + unseen) / size)
    wide = (low + rare, high + rare)
    return PassiveShare(low, high, never, wide, passive, undecided, size, len(code), interval)


def _span(span: Interval) -> Message:
    low, high = span
    if high - low < 0.0005:
        return message("{low:percent}", low=low)
    return message("{low:percent} to {high:percent}", low=low, high=high)


def _scope(study: Study, frame: pd.DataFrame) -> tuple[str, pd.Timestamp | None, int | None]:
    """What the list of followers lets one speak of."""
    stated = study.accounts.loc[study.accounts["account_id"] == study.owner, "followers"].dropna()
    total = int(stated.max()) if len(stated) else None
    oldest = frame["followed_at"].min() if frame["followed_at"].notna().any() else None
    if study.settings.follower_list == "random":
        return "random", None, total
    if study.settings.follower_list == "whole" or (total is not None and len(frame) >= COMPLETE_LIST * total):
        return "whole", None, total
    if total is not None and oldest is not None and frame["dated"].all():
        return "since", oldest, total
    return "listed", None, total


def _reasons(frame: pd.DataFrame, code: npt.NDArray[Any], rules: SegmentRules) -> npt.NDArray[Any]:
    """One Message a follower. Few followers differ in what it says, so each is made once and shared."""
    said = {
        "advocate": ["occasions"], "active": ["x_w"], "rare": ["x_w"], "fading": ["x", "s"],
        "passive": ["n", "watched"], "new": ["n"], "quiet": ["s"], "undated": ["n", "x"],
    }  # fmt: skip
    dated, x = frame["dated"].to_numpy(), frame["x"].to_numpy()
    code = np.where(code == SEGMENTS.index("too_early"), np.where(dated, np.where(x > 0, 6, 5), 7), code)
    reasons = np.empty(len(frame), dtype=object)
    for number, (name, used) in enumerate(said.items()):
        rows = np.flatnonzero(code == number)
        keys = frame[used].to_numpy(dtype=np.int64)[rows]
        packed = np.zeros(len(rows), dtype=np.int64)
        for values in keys.T:
            packed = packed * (values.max(initial=0) + 1) + values
        _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
        written = np.empty(len(first), dtype=object)
        written[:] = [_reason(name, dict(zip(used, keys[row].tolist(), strict=True)), rules) for row in first]
        reasons[rows] = written[inverse]
    return reasons


def _reason(name: str, seen: dict[str, int], rules: SegmentRules) -> Message:
    window = message("in the last {days} days", days=rules.window_days) if rules.window_days else message("in all")
    if name == "advocate":
        return message("commented, shared, mentioned you or bought on {occasions} occasions {window}",
                       occasions=seen["occasions"], window=window)  # fmt: skip
    if name == "active" and seen["x_w"] < rules.min_engaged:
        return message("bought {window}", window=window)
    if name in ("active", "rare"):
        return plural("reacted to {n} post {window}", "reacted to {n} posts {window}", seen["x_w"], window=window)
    if name == "fading":
        return plural("reacted to {n} post, silent through the {s} posts since",
                      "reacted to {n} posts, silent through the {s} posts since", seen["x"], s=seen["s"])  # fmt: skip
    if name == "passive":
        if seen["watched"]:
            return message("watches quietly: viewed {watched}, reacted to none of {n} posts", **seen)
        luck = -seen["n"] * math.log1p(-rules.regular_rate)
        if luck > math.log(100_000):
            return message("silent through {n} posts; hardly any regular follower would stay silent this long",
                           n=seen["n"])  # fmt: skip
        return message("silent through {n} posts; of {one_in} regular followers one would stay silent this long",
                       n=seen["n"], one_in=round(math.exp(luck)))  # fmt: skip
    if name == "undated":
        return message("no follow date: at most {n} posts seen, reacted to {x}", **seen)
    if name == "quiet":
        return plural("quiet for now: silent through {n} post since the last reaction",
                      "quiet for now: silent through {n} posts since the last reaction", seen["s"])  # fmt: skip
    if not seen["n"]:
        return message("has seen no post yet")
    return plural("only {n} post seen so far", "only {n} posts seen so far", seen["n"])
