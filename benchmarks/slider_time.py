"""A moved rule on page 2 at 100,000 followers, beside a plain pandas groupby over the same reactions."""

import os
import tempfile
import time
from statistics import median

os.environ["ENGAGE_HOME"] = tempfile.mkdtemp()

import engage


def clock(act, times: int) -> float:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - start)
    return median(taken)


def main() -> None:
    study = engage.simulate(followers=100_000, posts=120, seed=1)
    activity = engage.activity(study)
    panel = engage.panel(engage.segment(study, of=activity))
    values = [value for _, value in panel.rate.options]

    def move(number: int) -> None:
        panel.rate.value = values[number % len(values)]

    acts = study.interactions
    slider = clock(move, 12)
    engine = clock(lambda _: engage.segment(study, of=activity), 7)
    count = clock(lambda _: engage.activity(study), 3)
    peer = clock(lambda _: acts.groupby(["follower_id", "post_id"]).size().groupby(level=0).size(), 3)
    print(f"reactions: {len(acts):,}; plain groupby = 1.00 ({1000 * peer:.0f} ms here)")
    for name, taken in (("moved rule, whole panel", slider), ("segment()", engine), ("activity()", count)):
        print(f"{name}: {taken / peer:.2f} ({1000 * taken:.0f} ms here)")


if __name__ == "__main__":
    main()
