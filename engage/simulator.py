"""Makes accounts whose truth is known: who is active, who only reads, who was bought, and when each left.

Measured on real accounts: the pull of posts (log sd .55), comments at 2 to 4 % of likes, 80 % of reactions within
a day. Profiles and drop-out of each type are assumed. Drop-out works as in BG/BB (Fader, Hardie & Shang 2010).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator

from engage.messages import StudyError, message
from engage.study import Study

Rate = float | tuple[float, float]
"""One number for everybody, or the two parameters of a Beta distribution."""
Array = np.ndarray[Any, Any]
DAY, HOUR = 86_400, pd.Timedelta(hours=1)
EPOCH_MS = 1_314_220_021_721  # a shortcode counts milliseconds from here, in its bits above the 23rd
LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))


class FollowerType(NamedTuple):
    """How followers of one type behave and look."""

    share: float
    rate: tuple[float, float]  # Beta of the chance to engage with a post
    drop_out: float  # mean chance to leave for good, before each post
    sizes: tuple[int, int, int]  # median followers, following and posts
    shows: tuple[float, float, float]  # shares with a picture, a bio, a private account
    buys: float  # share that buys within a year


TYPES = {
    "active": FollowerType(0.36, (1.1, 11), 0.003, (380, 520, 60), (0.95, 0.80, 0.45), 0.09),
    "lurker": FollowerType(0.26, (0.25, 100), 0.002, (210, 480, 12), (0.88, 0.50, 0.60), 0.03),
    "follow_for_follow": FollowerType(0.10, (0.6, 30), 0.015, (1900, 2600, 140), (0.97, 0.90, 0.10), 0.002),
    "herd": FollowerType(0.13, (0.8, 40), 0.04, (320, 700, 30), (0.90, 0.60, 0.50), 0.005),
    "mismatch": FollowerType(0.06, (1.5, 10), 0.003, (350, 540, 50), (0.94, 0.75, 0.45), 0.02),
    "bought": FollowerType(0.09, (0.2, 400), 0.03, (40, 1400, 4), (0.55, 0.30, 0.15), 0.0),
}
GROWTH = ("purchase", "drip", "viral")
WORDS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
FIRST, SECOND, CAPTIONS = WORDS["first"], WORDS["second"], WORDS["captions"]
COMMENTS, STRANGER_COMMENTS, REPLIES = WORDS["comments"], WORDS["stranger_comments"], WORDS["replies"]
PRICES = (18_000, 22_000, 25_000, 28_000, 35_000, 48_000, 95_000)


def simulate(
    followers: int = 5_000, posts: int = 120, seed: int = 1, *,
    mix: Mapping[str, float] | None = None, rates: Mapping[str, Rate] | None = None, drop_out: Rate = 1.0,
    pull_sd: float = 0.55, growth: Collection[str] = GROWTH, newcomers: float | None = None, days: int = 910,
    end: str = "2026-07-01", handle: str = "kopi.senja.uji", comments: bool = True, orders: bool = True,
) -> Study:  # fmt: skip
    """Make an account with all its reactions named, and the truth about each follower.

    Parameters
    ----------
    mix : share of each type of `TYPES`, scaled to add up to one; types left out have none.
    rates : by type, the chance to engage with a post of average pull: a number, or a and b of a Beta. The type
        "mismatch" has it for posts of its one topic, and 0 for others.
    drop_out : a factor on the usual drop-out (0: nobody leaves), or g and d of a Beta for everybody.
    pull_sd : log standard deviation of the pull of posts. With 0, and nobody leaving, the number of posts that a
        follower with a given rate engages with is exactly binomial.
    growth : beside steady growth, "purchase" (most bought followers come within hours), "drip" (they come over
        three weeks), "viral" (a reel brings the herd).
    newcomers : None for steady growth; else this share of followers comes while the last 30 posts appear, and
        all others were there before the first post.
    days, end : days of history, and the moment of the export (UTC); the last post is older than a week.
    comments, orders : False leaves out comments, or the order book.

    Returns
    -------
    Study
        `truth` has one row a follower: type, topic (mismatch only), rate, drop_out (chance to leave before each
        post), seen (posts since they came), engaged (posts engaged with), alive_at_end.

    Raises
    ------
    StudyError
        When a count or share is too small, or a type or event is unknown.

    >>> study = simulate(followers=200, posts=20, seed=7)
    >>> len(study.followers), len(study.posts), len(study.truth)
    (200, 20, 200)
    """
    if unknown := sorted((set(mix or ()) | set(rates or ())) - set(TYPES)) + sorted(set(growth) - set(GROWTH)):
        known = (*TYPES, *GROWTH)
        raise StudyError(message("There is no {name} here. Choose from {known}.", name=unknown[0], known=known))
    given = list((mix or {"active": 1}).values())
    if followers < 1 or posts < 1 or days < 30 or sum(given) <= 0 or min(given) < 0:
        raise StudyError(message("Ask for at least 1 follower, 1 post, 30 days and one share above 0."))
    draw = [np.random.default_rng([seed, part]) for part in range(7)]  # parts do not disturb one another
    until = int(pd.Timestamp(end, tz="UTC").timestamp())
    account = f"instagram:{handle.lower()}"
    post = _make_posts(draw[0], posts, until - days * DAY, until, pull_sd, "viral" in growth)
    person = _make_people(draw[1], followers, post, until, days, mix, rates, drop_out, growth, newcomers)
    strangers = max(50, followers // 2)
    bought = np.append(person["type"].to_numpy() == "bought", np.zeros(strangers, dtype=bool))
    handles, names = _make_handles(draw[2], bought)
    who, which = _engage(draw[3], person, post)
    person["engaged"] = np.bincount(who, minlength=followers)
    guests = _guests(draw[3], post, np.bincount(which, minlength=posts), followers, strangers)
    acts = _reactions(draw[4], np.append(who, guests[0]), np.append(which, guests[1]), person, post, until, comments)
    _measure(draw[5], post, acts, person, which)
    common = {"account_id": account}
    follower_id = handles[:followers]
    table = _profiles(draw[2], person, until).assign(followed_at=_time(person["came"]), name=names[:followers])
    table = table.assign(follower_id=follower_id, handle=follower_id, **common)
    back = table["is_following_back"].to_numpy()
    named = pd.DataFrame({"account_id": account, "post_id": post["post_id"].to_numpy()[acts["post"]],
                          "follower_id": handles[acts["who"]], "at": _time(acts["at"])})  # fmt: skip
    named[["kind", "text"]] = acts[["kind", "text"]]
    answered = named[(named["kind"] == "comment") & (draw[5].random(len(named)) < 0.35)].drop(columns="kind")
    late = pd.to_timedelta(draw[5].integers(5, 900, len(answered)), unit="min")
    replies = answered.assign(at=answered["at"] + late, text=draw[5].choice(REPLIES, len(answered)))
    covered = [post[["post_id"]].assign(kind=kind, complete=True, collected_at=_time([until])[0], **common)
               for kind in ("like", "comment")]  # fmt: skip
    truth = person[["type", "topic", "rate", "drop_out", "seen", "engaged", "alive_at_end"]]
    truth.insert(0, "follower_id", follower_id)
    name = handle.removesuffix(".uji").replace(".", " ").title()
    owner = {"platform": "instagram", "handle": handle.lower(), "name": name, "followers": followers,
             "following": int(back.sum()), "posts": posts, "is_owner": True}  # fmt: skip
    return Study(
        accounts=pd.DataFrame([common | owner]),
        posts=post.assign(**common, published_at=_time(post["at"])),
        coverage=pd.concat(covered if comments else covered[:1]),
        followers=table,
        following=table.loc[back, ["account_id", "handle"]].assign(followed_at=table["followed_at"] + HOUR),
        interactions=named,
        replies=replies[replies["at"] < _time([until])[0]],
        days=_daily(draw[5], person, until, days).assign(**common),
        sales=_sell(draw[6], person, handles, until).assign(**common) if orders else None,
        truth=truth,
    )


def shortcode(at: int, low: int) -> str:
    """Write Instagram's short name of a post made at `at` (seconds since 1970); `low` fills its last 23 bits."""
    number, text = ((at * 1000 - EPOCH_MS) << 23) | low, ""
    while number:
        number, digit = divmod(number, 64)
        text = LETTERS[digit] + text
    return text


def _time(seconds: Any) -> Any:
    return pd.to_datetime(np.asarray(seconds, dtype=np.int64), unit="s", utc=True)


def _make_posts(rng: Generator, n: int, start: int, until: int, pull_sd: float, viral: bool) -> pd.DataFrame:
    """Posts come more and more often, on whole minutes (as schedulers do), 11:00 to 20:00 in Jakarta."""
    place = (np.arange(n) + rng.uniform(0.2, 0.8, n)) / n
    day = start // DAY + 10 + ((until - start) // DAY - 19) * place**0.7
    at = np.sort(day.astype(np.int64) * DAY + rng.integers(4 * 60, 13 * 60, n) * 60)
    at += 60 * (np.arange(n) - np.searchsorted(at, at))  # two at the same minute: the second a minute later
    kind = rng.choice(["photo", "carousel", "reel"], n, p=[0.4, 0.25, 0.35])
    topic = rng.choice(list(CAPTIONS), n)
    caption = [CAPTIONS[name][i] for name, i in zip(topic, rng.integers(0, 2, n), strict=True)]
    pull = np.exp(pull_sd * rng.standard_normal(n))
    is_boom = np.arange(n) == (int(0.55 * n) if viral else -1)
    return pd.DataFrame({
        "post_id": [f"18{number:015d}" for number in rng.integers(0, 10**15, n)],
        "shortcode": [shortcode(int(t), int(low)) for t, low in zip(at, rng.integers(0, 2**23, n), strict=True)],
        "at": at, "kind": np.where(is_boom, "reel", kind), "topic": topic,
        "caption": [f"{text}\n#kopi #{name} #ngopisore" for text, name in zip(caption, topic, strict=True)],
        "hashtags": [f"kopi {name} ngopisore" for name in topic],
        "pull": pull / pull.mean(), "viral": is_boom,
    })  # fmt: skip


def _make_people(
    rng: Generator, n: int, post: pd.DataFrame, until: int, days: int,
    mix: Mapping[str, float] | None, rates: Mapping[str, Rate] | None, drop_out: Rate, growth: Collection[str],
    newcomers: float | None,
) -> pd.DataFrame:  # fmt: skip
    """Draw each follower's type, arrival, chance to engage and chance to leave; the first to come stand first."""
    shares = np.array([mix.get(name, 0.0) if mix else kind.share for name, kind in TYPES.items()])
    ends = np.round(np.cumsum(shares) / shares.sum() * n).astype(int)
    kind = np.repeat(np.array(list(TYPES)), np.diff(ends, prepend=0))
    start = until - days * DAY
    came = start + rng.random(n) * (days * DAY - 3_600)
    if newcomers is not None:
        recent = int(post["at"].iloc[max(0, len(post) - 30)])
        late = recent + (came - start) * (until - recent) / (days * DAY)
        came = np.where(rng.random(n) < newcomers, late, start)
    at_once = 0.0 if "purchase" not in growth else 0.78 if "drip" in growth else 1.0
    one_day, slow = np.split(np.flatnonzero(kind == "bought"), [int((kind == "bought").sum() * at_once)])
    came[one_day] = (start // DAY + int(0.42 * days)) * DAY + rng.uniform(5, 14, len(one_day)) * 3_600
    if "drip" in growth:
        came[slow] = start + (0.62 * days + rng.uniform(0, 21, len(slow))) * DAY
    if "viral" in growth:
        herd = np.flatnonzero((kind == "herd") & (rng.random(n) < 0.9))
        others = rng.permutation(np.flatnonzero(np.isin(kind, ["active", "lurker", "mismatch"])))[: len(herd) // 4]
        fans = np.append(herd, others)  # four in five of those a viral post brings are herd
        came[fans] = int(post["at"][post["viral"]].iloc[0]) + rng.exponential(1.3 * DAY, len(fans)) + 600
    came = np.minimum(came, until - 3_600).astype(np.int64)
    rate, leave = np.empty(n), np.zeros(n)
    for name, type_ in TYPES.items():
        rows = kind == name
        wanted = (rates or {}).get(name, type_.rate)
        rate[rows] = rng.beta(*wanted, rows.sum()) if isinstance(wanted, tuple) else wanted
        mean = min(type_.drop_out * drop_out, 0.99) if not isinstance(drop_out, tuple) else 0.0
        if mean:
            leave[rows] = rng.beta(0.8, 0.8 * (1 - mean) / mean, rows.sum())
    if isinstance(drop_out, tuple):
        leave = rng.beta(*drop_out, n)
    # posts lived through: the chance to leave comes before each post (BG/BB); whoever never leaves lives through all
    lived = np.where(leave > 1e-9, rng.geometric(np.maximum(leave, 1e-9)) - 1, len(post))
    topic = pd.Series(rng.choice(list(CAPTIONS), n)).where(kind == "mismatch").to_numpy()
    seen = len(post) - np.searchsorted(post["at"].to_numpy(), came, side="right")
    order = np.argsort(came, kind="stable")
    return pd.DataFrame({
        "type": kind, "topic": topic, "came": came, "rate": rate, "drop_out": leave, "seen": seen,
        "lived": np.minimum(lived, len(post)), "alive_at_end": lived >= seen,
    }).iloc[order].reset_index(drop=True)  # fmt: skip


def _make_handles(rng: Generator, bought: Array) -> tuple[Array, Array]:
    """Made-up names, each once; ".uji" (test) keeps them apart from real accounts."""
    n = len(bought)
    first, second = (pd.Series(rng.choice(names.split(), n)) for names in (FIRST, SECOND))
    mark, digits = pd.Series(rng.choice(["", ".", "_"], n)), pd.Series(rng.integers(1, 100, n)).astype(str)
    shown = np.where(rng.random(n) < np.where(bought, 0.9, 0.4), digits, "")
    shown = np.where(bought & (rng.random(n) < 0.7), pd.Series(rng.integers(10**4, 10**8, n)).astype(str), shown)
    stem = first + mark + second.where(rng.random(n) < 0.8, second.str[:3]) + shown
    again = stem.groupby(stem).cumcount()
    handle = stem + np.where(again > 0, "." + again.astype(str), "") + ".uji"
    return handle.to_numpy(dtype=object), (first + " " + second).str.title().to_numpy(dtype=object)


def _profiles(rng: Generator, person: pd.DataFrame, until: int) -> pd.DataFrame:
    """Profile columns: types differ, and overlap."""
    n, kind = len(person), pd.Index(list(TYPES)).get_indexer(person["type"])
    sizes = np.exp(1.1 * rng.standard_normal((n, 3))) * np.array([type_.sizes for type_ in TYPES.values()])[kind]
    shows = rng.random((n, 3)) < np.array([type_.shows for type_ in TYPES.values()])[kind]
    quiet = np.where(person["type"] == "bought", 400, 25) * DAY
    last = pd.Series(_time(until - rng.exponential(quiet))).where(sizes[:, 2] >= 1)
    table = pd.DataFrame(np.floor(sizes), columns=["followers", "following", "posts"])
    table["following"] = table["following"].clip(upper=7_500)  # the platform's limit
    table[["has_picture", "has_bio", "is_private"]] = shows
    followed_back = rng.random(n) < np.where(person["type"] == "follow_for_follow", 0.8, 0.02)
    return table.assign(is_verified=False, last_post_at=last, is_following_back=followed_back)


def _engage(rng: Generator, person: pd.DataFrame, post: pd.DataFrame) -> tuple[Array, Array]:
    """Return who engages with which post, as row numbers; one loop over posts, so memory stays small."""
    came, rate, lived, topic = (person[name].to_numpy() for name in ("came", "rate", "lived", "topic"))
    first = len(post) - person["seen"].to_numpy()
    needs_topic = person["type"].to_numpy() == "mismatch"
    who = []
    for j, (at, pull, about) in enumerate(zip(post["at"], post["pull"], post["topic"], strict=True)):
        here = int(np.searchsorted(came, at, side="left"))  # followers stand in the order they came
        chance = np.where(needs_topic[:here] & (topic[:here] != about), 0, np.minimum(rate[:here] * pull, 1))
        alive = j - first[:here] < lived[:here]
        who.append(np.flatnonzero((rng.random(here) < chance) & alive))
    return np.concatenate(who), np.repeat(np.arange(len(post)), [len(rows) for rows in who])


def _guests(rng: Generator, post: pd.DataFrame, engaged: Array, n: int, strangers: int) -> tuple[Array, Array]:
    """People who do not follow and still react: about three for ten followers, and many on a viral post."""
    counts = rng.poisson(0.3 * engaged + 2 + np.where(post["viral"], 0.15 * n, 0))
    which = np.repeat(np.arange(len(post)), counts)
    pair = np.unique(which * strangers + (strangers * rng.random(len(which)) ** 2).astype(np.int64))
    return n + pair % strangers, pair // strangers


def _reactions(
    rng: Generator, who: Array, which: Array, person: pd.DataFrame, post: pd.DataFrame, until: int, comments: bool
) -> pd.DataFrame:
    """Turn each engagement into a like, a comment or both, at whole minutes after the post."""
    n = len(person)
    loud = np.where((person["type"] == "active") & (rng.random(n) < 0.08), 0.45, 0.012)
    says = rng.random(len(who)) < (np.append(loud, 0.02)[np.minimum(who, n)] if comments else 0)
    likes = ~says | (rng.random(len(who)) < 0.85)
    own = np.where(who < n, rng.choice(COMMENTS, len(who)), rng.choice(STRANGER_COMMENTS, len(who)))
    parts = []
    for kind, rows, hours in (("like", likes, 5.2), ("comment", says, 3.0)):
        # Weibull with shape .312: 80 % within 24 hours, 93 % within five days; cut off at the export
        at = post["at"].to_numpy()[which[rows]]
        room = np.minimum(30 * DAY, until - 60 - at)
        share = 1 - np.exp(-((room / (hours * 3_600)) ** 0.312))
        delay = hours * 3_600 * (-np.log1p(-share * rng.random(int(rows.sum())))) ** (1 / 0.312)
        at = np.ceil((at + delay + 1) / 60).astype(np.int64) * 60
        text = own[rows] if kind == "comment" else None
        parts.append(pd.DataFrame({"who": who[rows], "post": which[rows], "kind": kind, "at": at, "text": text}))
    return pd.concat(parts, ignore_index=True)


def _measure(rng: Generator, post: pd.DataFrame, acts: pd.DataFrame, person: pd.DataFrame, which: Array) -> None:
    """Add the counts a platform shows to `post`, in keeping with the named reactions."""
    n, at, came = len(post), post["at"].to_numpy(), np.sort(person["came"].to_numpy())
    for name, kind in (("likes", "like"), ("comments", "comment")):
        post[name] = np.bincount(acts["post"][acts["kind"] == kind], minlength=n)
    present = np.searchsorted(came, at)
    own_touched, touched = np.bincount(which, minlength=n), np.bincount(acts["post"], minlength=n)
    share = np.clip(0.32 * post["pull"] ** 0.5 * np.exp(0.15 * rng.standard_normal(n)), 0.02, 0.95)
    post["follower_reach"] = np.minimum(present, np.maximum((present * share).astype(int), own_touched))
    beyond = np.where(post["kind"] == "reel", 0.9, 0.25) * np.exp(0.4 * rng.standard_normal(n))
    beyond = beyond * post["follower_reach"] * np.where(post["viral"], 12, 1)
    post["reach"] = post["follower_reach"] + np.maximum(beyond.astype(int), touched - own_touched)
    post["views"] = (post["reach"] * np.where(post["kind"] == "reel", 1.5, 1.2) * rng.uniform(1, 1.2, n)).astype(int)
    post["shares"] = rng.poisson(post["likes"] * np.where(post["topic"].isin(["promo", "komunitas"]), 0.12, 0.04))
    post["saves"] = rng.poisson(post["likes"] * np.where(post["topic"] == "barista", 0.15, 0.04))
    post["impressions"] = post["views"].where(post["kind"] != "reel")  # an older word for the same count
    post["follows"] = rng.binomial(np.searchsorted(came, at + 3 * DAY) - present, np.where(post["viral"], 0.8, 0.25))
    post["profile_visits"] = post["follows"] * 3 + rng.poisson(post["reach"] * 0.01)


def _daily(rng: Generator, person: pd.DataFrame, until: int, days: int) -> pd.DataFrame:
    first = until // DAY - days
    stay = np.bincount(person["came"] // DAY - first, minlength=days)[:days]
    total = np.cumsum(stay)
    lost = rng.poisson(total * 0.0006)
    return pd.DataFrame({"date": pd.to_datetime((first + np.arange(days)) * DAY, unit="s"), "followers": total,
                         "new_follows": stay + lost, "lost_follows": lost})  # fmt: skip


def _sell(rng: Generator, person: pd.DataFrame, handles: Array, until: int) -> pd.DataFrame:
    """The order book of the last year: followers by type, people who do not follow, and some without a name."""
    n, chance = len(person), person["type"].map({name: kind.buys for name, kind in TYPES.items()}).to_numpy()
    buyers = np.flatnonzero(rng.random(n) < chance * np.clip(0.5 + person["rate"] / 0.1, 0.5, 3))
    who = np.repeat(buyers, 1 + rng.poisson(0.6, len(buyers)))
    other = n + rng.integers(0, len(handles) - n, len(who) // 2 + 3)
    who = np.concatenate([who, other, np.full(len(who) // 4 + 2, -1)])
    start = np.maximum(until - 365 * DAY, np.append(person["came"].to_numpy(), 0)[np.clip(who, -1, n)])
    at = (start + rng.random(len(who)) * (until - DAY / 2 - start)).astype(np.int64) // 60 * 60
    order = np.argsort(at, kind="stable")
    who, at, m = who[order], at[order], len(who)
    quantity = 1 + rng.poisson(0.8, m)
    name = pd.Series(handles).reindex(np.where(who < 0, len(handles), who)).to_numpy()
    return pd.DataFrame({
        "sale_id": [f"PSN-{number:05d}" for number in range(1, m + 1)], "follower_id": name, "at": _time(at),
        "amount": rng.choice(PRICES, m) * quantity, "currency": "IDR", "quantity": quantity,
        "code": pd.Series("SENJA10", index=range(m)).where(rng.random(m) < 0.18),
        "status": np.where(rng.random(m) < 0.04, "Batal", "Selesai"),
    })  # fmt: skip
