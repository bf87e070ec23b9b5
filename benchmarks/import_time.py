"""Seconds that `import engage` takes beside `import pandas`, each in a fresh Python."""

import statistics
import subprocess
import sys

from common import arguments, spread, table


def seconds(modules: list[str], times: int) -> dict[str, list[float]]:
    """The times of importing each module; they take turns, so that a busy moment falls on all."""
    taken: dict[str, list[float]] = {module: [] for module in modules}
    for _ in range(times):
        for module in modules:
            script = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
            run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
            taken[module].append(float(run.stdout))
    return taken


def main() -> None:
    times = 3 if arguments(__doc__).quick else 11
    taken = seconds(["engage", "pandas"], times)
    ours, theirs = (statistics.median(runs) for runs in taken.values())
    print(f"## Import\n\nMedian (range) of {times} fresh Pythons.\n")
    rows = [[f"import {name}", spread(runs, 3)] for name, runs in taken.items()]
    print(table(["what", "s"], [*rows, ["ratio", f"{ours / theirs:.3f}"]]))


if __name__ == "__main__":
    main()
