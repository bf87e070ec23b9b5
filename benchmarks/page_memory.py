"""Memory of each open page, beside stock Voila and Streamlit with one chart: proportional (PSS), whole process tree.

The tree at rest (server, and kernels that wait for visitors) is subtracted, then divided by the number of open pages.
Measured with 1, 4 and 8 pages open and everything at rest again; the peak is the largest sum seen while pages open.
"Left" is what is left above rest once all visitors have gone, and how many kernels more than at rest still run.
"""

import contextlib
import tempfile
import threading
import time
from pathlib import Path

import peers
from common import Server, Visit, arguments, chromium, not_measured, table


class Peak:
    """Looks at a server's memory again and again, from the side, until it is told to stop."""

    def __init__(self, server: Server) -> None:
        self.highest, self.stopped = 0.0, threading.Event()
        self.thread = threading.Thread(target=self._look, args=(server,))

    def _look(self, server: Server) -> None:
        while not self.stopped.wait(0.3):
            self.highest = max(self.highest, server.memory())

    def __enter__(self) -> "Peak":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()


def measure(browser, server: Server, path: str, counts: list[int]) -> list[str]:
    """Open pages up to each count, then close them all; return one row of the table."""
    rest, row, visits = server.memory(), [], []
    with Peak(server) as peak:
        for count in counts:
            while len(visits) < count:
                visits.append(Visit(browser))
                visits[-1].go(server.url + path)
                visits[-1].first_chart()
                server.settle()
            row.append(f"{(server.memory() - rest) / count:.0f}")
    for visit in visits:
        visit.leave()
        visit.close()
    time.sleep(3)
    server.settle()
    left, kernels = server.memory() - rest, server.kernels() - server.kernels_at_rest
    return [server.name, f"{rest:.0f}", *row, f"{peak.highest:.0f}", f"{left:.0f}", str(kernels)]


def main() -> None:
    counts = [1, 2] if arguments(__doc__).quick else [1, 4, 8]
    if not Path("/proc/self/smaps_rollup").exists():
        not_measured("proportional memory is known on Linux only.")
    rows = []
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        folder = Path(temporary)
        peers.prepare(folder)
        for start, path in (
            (lambda: peers.app(folder, name="engage, page 2"), peers.PAGE),
            (lambda: peers.app(folder, "--notebooks", str(folder / "ours"), name="engage, one chart"), peers.PAGE),
            (lambda: peers.stock_voila(folder, preheat=True, name="Voila, one chart"), ""),
            (lambda: peers.streamlit(folder, name="Streamlit, one chart"), ""),
        ):
            server = start()
            with server or contextlib.nullcontext():
                rows += [measure(browser, server, path, counts)] if server else []
    print("## Memory of an open page\n\nProportional memory in MB.\n")
    opened = [f"each of {count} open" if count > 1 else "the only one open" for count in counts]
    print(table(["page", "server at rest", *opened, "peak, all", "left after closing", "kernels left"], rows))


if __name__ == "__main__":
    main()
