"""A moved rule on page 2 at 100,000 followers, beside a plain pandas groupby over the same reactions.

Python's part only: what the browser takes to draw is not in it.
"""

import os
import tempfile
import time
from statistics import median

from common import arguments, spread, table


def clock(act, times: int) -> list[float]:
    """Milliseconds of so many runs."""
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def main() -> None:
    quick = arguments(__doc__).quick
    with tempfile.TemporaryDirectory() as home:
        os.environ["ENGAGE_HOME"] = home
        import engage

        study = engage.simulate(followers=10_000 if quick else 100_000, posts=120, seed=1)
        activity = engage.activity(study)
        panel = engage.panel(engage.segment(study, of=activity))
        values = [value for _, value in panel.rate.options]

        def move(number: int) -> None:
            panel.rate.value = values[number % len(values)]

        acts = study.interactions
        peer = clock(lambda _: acts.groupby("follower_id")["post_id"].nunique(), 5)
        measured = {
            "moved rule, whole panel": clock(move, 12),
            "segment()": clock(lambda _: engage.segment(study, of=activity), 7),
            "activity()": clock(lambda _: engage.activity(study), 5),
            "plain groupby": peer,
        }
    print(f"## A moved rule\n\n{len(study.followers):,} followers, {len(acts):,} reactions; median (range).\n")
    rows = [[name, spread(ms, 0), f"{median(ms) / median(peer):.2f}"] for name, ms in measured.items()]
    print(table(["what", "ms", "ratio"], rows))


if __name__ == "__main__":
    main()
