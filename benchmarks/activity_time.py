"""`engage.activity` beside one plain pandas groupby over the same reactions: time and peak memory.

The groupby answers a part of the question, naively: to how many distinct posts did each follower react. `activity`
also keeps to posts that count, follow dates, exposure, the last reaction, views, sales and the typical rate.
Each runs in a Python of its own; memory is the highest above what the loaded data takes.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from common import arguments, forget_peak, peak, spread, table

import engage


def study(reactions: int) -> engage.Study:
    """An account with so many reactions, a tenth of them comments; few followers do most, few posts draw most."""
    rng = np.random.default_rng(1)
    followers, posts = max(reactions // 20, 100), 400
    share = rng.lognormal(0, 1.5, followers).cumsum()
    pull = rng.lognormal(0, 0.55, posts)
    likes = int(reactions * 0.9)
    who = [np.unique(np.searchsorted(share, rng.random(int(1.6 * n)) * share[-1])) for n in likes * pull / pull.sum()]
    which = np.repeat(np.arange(posts), [len(one) for one in who])
    follower = np.concatenate(who)
    kept = rng.permutation(len(follower))[:likes]
    both = np.concatenate([kept, rng.choice(kept, reactions - len(kept), replace=False)])
    follower, which = follower[both], which[both]
    names = pd.array([f"person.{number:07d}" for number in range(followers)], dtype="str")
    ids = pd.array([f"18{number:015d}" for number in range(posts)], dtype="str")
    published = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(np.arange(posts) * 2, unit="D")
    came = pd.Timestamp("2023-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 1_000, followers), unit="D")
    kind = pd.array(["like", "comment"], dtype="str").take((np.arange(len(both)) >= len(kept)).astype(int))
    one = {"account_id": "instagram:kopi"}
    return engage.Study(
        accounts=pd.DataFrame([one | {"handle": "kopi", "is_owner": True}]),
        posts=pd.DataFrame({"post_id": ids, "published_at": published}).assign(**one),
        coverage=pd.DataFrame({"post_id": ids, "kind": "like", "complete": True}).assign(**one),
        followers=pd.DataFrame({"follower_id": names, "handle": names, "followed_at": came}).assign(**one),
        interactions=pd.DataFrame({
            "post_id": ids.take(which), "follower_id": names.take(follower), "kind": kind,
            "at": published[which] + pd.to_timedelta(rng.integers(1, 90_000, len(both)), unit="s"),
        }).assign(**one),
    )  # fmt: skip


def run(which: str, reactions: int, times: int) -> dict[str, Any]:
    """Measure one of the two in this process: the first run for memory, all for time."""
    made = study(reactions)
    acts = made.interactions
    act = {
        "engage": lambda: engage.activity(made),
        "pandas": lambda: acts.groupby("follower_id")["post_id"].nunique(),
    }[which]
    engage.activity(engage.simulate(followers=50, posts=20))  # everything is imported
    memory, taken = float("nan"), []
    for number in range(times):
        if number == 0 and Path("/proc/self/clear_refs").exists():
            forget_peak()
            memory = -peak()
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
        if number == 0 and memory < 0:
            memory += peak()
    return {"memory": memory, "times": taken}


def alone(which: str, reactions: int, times: int) -> dict[str, Any]:
    """The same in a fresh Python."""
    command = [sys.executable, __file__, "--run", which, str(reactions), str(times)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    if "--run" in sys.argv:
        which, reactions, times = sys.argv[-3:]
        print(json.dumps(run(which, int(reactions), int(times))))
        return
    sizes, times = ([100_000], 2) if arguments(__doc__).quick else ([1_000_000, 10_000_000], 5)
    rows = []
    for size in sizes:
        ours, theirs = (alone(which, size, times) for which in ("engage", "pandas"))
        memory = [f"{one['memory']:,.0f}" if one["memory"] > 0 else "–" for one in (ours, theirs)]
        ratio = f"{ours['memory'] / theirs['memory']:.1f}" if theirs["memory"] > 0 else "–"
        rows.append([f"{size:,}", spread(ours["times"]), spread(theirs["times"]),
                     f"{median(ours['times']) / median(theirs['times']):.1f}", *memory, ratio])  # fmt: skip
    print(f"## Counting who reacted to what\n\nMedian (range) of {times} runs.\n")
    print(table(["reactions", "activity(), s", "groupby, s", "ratio", "activity(), MB", "groupby, MB", "ratio"], rows))


if __name__ == "__main__":
    main()
