"""Twenty visitors in turn, then ten pairs at once, on one `engage app`: what goes wrong, and what they leave behind.

Each opens a page, sees its charts, and leaves. The app is its own yardstick: within two minutes after the last visitor
its memory (PSS of the process tree, pool full) must be back to within a tenth of what it was before the first, and so
must the files and sockets that the server holds open; no kernel may be left, and nothing may go wrong. Exits with 1
when one of these does not hold.
"""

import sys
import tempfile
import time
from pathlib import Path

import peers
from common import Server, Visit, arguments, chromium, not_measured, table

ROOM = 1.10
PATIENCE = 120
PAGES = (  # address below voila/render/, and how many charts it shows
    ("2-active-and-passive.ipynb?study=kopi", 3),
    ("6-compare-influencers.ipynb?study=kol", 1),
    ("2-active-and-passive.ipynb?study=viral", 1),
    ("start.ipynb", 0),
)


class Trouble(list):
    """What went wrong, in the order it did."""

    def look(self, visit: Visit, page: str) -> None:
        found = visit.errors + [line for line in visit.refused if "favicon" not in line]
        said = visit.page.inner_text("body")
        found += [text for text in ("This step did not work", "Traceback") if text in said]
        found += visit.page.locator(".eg-note.-error:visible").all_inner_texts()
        self.extend(f"{page}: {text}" for text in found)


def come(browser, server: Server, numbers: list[int], trouble: Trouble) -> None:
    """Let visitors open their pages at the same time, see the charts, and leave."""
    visits = [(Visit(browser), *PAGES[number % len(PAGES)]) for number in numbers]
    for visit, page, _ in visits:
        visit.go(f"{server.url}voila/render/{page}")
    for visit, page, charts in visits:
        try:
            visit.page.wait_for_selector("#rendered_cells:visible", timeout=60_000)
            visit.page.wait_for_selector(".jupyter-widgets:visible", timeout=60_000)
            visit.charts(charts)
        except Exception as error:
            trouble.append(f"{page}: {type(error).__name__}")
        trouble.look(visit, page)
    for visit, _, _ in visits:
        visit.leave()
        visit.close()


def look(server: Server) -> tuple[float, ...]:
    """Kernels, memory of all, memory of the server's own process, and its open files, once all is at rest."""
    time.sleep(3)
    server.settle()
    return server.kernels(), server.memory(), server.memory("server"), server.process.num_fds()


def is_back(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    return after[0] <= before[0] and after[1] <= ROOM * before[1] and after[3] <= ROOM * before[3]


def show(value: float) -> str:
    return f"{value:.0f}"


def main() -> None:
    turns, pairs = (4, 2) if arguments(__doc__).quick else (20, 10)
    if not Path("/proc/self/smaps_rollup").exists():
        not_measured("proportional memory is known on Linux only.")
    trouble = Trouble()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        peers.prepare(folder)
        with peers.app(folder) as server, chromium() as browser:
            come(browser, server, [0], trouble)  # the first visitor makes the server load what it keeps
            server.settle()
            before, rows = look(server), []
            rows.append(["before", *map(show, before)])
            for number in range(turns):
                come(browser, server, [number], trouble)
            rows.append([f"after {turns} in turn", *map(show, look(server))])
            for number in range(pairs):
                come(browser, server, [number, number + 2], trouble)
            after, last = look(server), time.monotonic()
            rows.append([f"after {pairs} pairs at once", *map(show, after)])
            while not is_back(before, after) and time.monotonic() - last < PATIENCE:
                time.sleep(10)
                after = look(server)
            rows.append([f"{time.monotonic() - last:.0f} s later", *map(show, after)])
    print("## Visitors come and go\n")
    print(table(["when", "kernels", "MB in all", "MB of the server's own process", "its open files and sockets"], rows))
    print(f"\nMemory after, over before: {after[1] / before[1]:.2f} ({ROOM:.2f} at most).")
    print(f"Gone wrong: {len(trouble)}.", *(f"\n- {line}" for line in trouble[:20]))
    holds = not trouble and is_back(before, after)
    print("\nThis holds." if holds else "\n**This does not hold.**")
    sys.exit(not holds)


if __name__ == "__main__":
    main()
