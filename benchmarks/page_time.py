"""Seconds from opening a page to its first drawn chart, beside stock Voila and Streamlit with that one chart.

"First chart" is the same for all: the first frame in which an SVG or canvas of Vega is visible. Each visitor has a
browser with an empty cache, then comes back to the same page ("again"). Visits wait until pools are full.
"""

import contextlib
import statistics
import tempfile
from pathlib import Path

import peers
from common import ROOT, Server, Visit, arguments, chromium, spread, table

YARDSTICK = "Voila, preheated, one chart"


def measure(browser, pages: list[tuple[str, Server, str]], times: int) -> dict[str, list[dict[str, float]]]:
    """Visit all pages in turn, so that a busy minute falls on all of them; the first round does not count."""
    seen: dict[str, list[dict[str, float]]] = {name: [] for name, _, _ in pages}
    for turn in range(times + 1):
        for name, server, path in pages:
            visit, figures = Visit(browser), {}
            for which in ("first", "again"):
                server.settle()
                visit.go(server.url + path)
                figures[which] = visit.first_chart()
                if which == "first":
                    figures["html"] = visit.html_complete()
                    visit.page.wait_for_timeout(500)
                    figures |= {"http": visit.http, "socket": visit.socket, "outside": visit.outside}
                # stock Voila does not set it, so its pages could not end their kernels, and all would pile up
                visit.page.evaluate("document.cookie ||= `_xsrf=${'0'.repeat(32)}`")
                visit.leave()
            visit.close()
            if turn:
                seen[name].append(figures)
    return seen


def main() -> None:
    times = 2 if arguments(__doc__).quick else 5
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
        folder = Path(temporary)
        peers.prepare(folder)
        full = stack.enter_context(peers.app(folder))
        one = stack.enter_context(peers.app(folder, "--notebooks", str(folder / "ours")))
        stock = stack.enter_context(peers.stock_voila(folder, preheat=True))
        cold = stack.enter_context(peers.stock_voila(folder, preheat=False))
        pages = [("engage, page 2, warm", full, peers.PAGE)]
        if (ROOT / "notebooks" / "id").is_dir():
            pages.append(("engage, page 2, not warm", full, peers.PAGE.replace("render/", "render/id/")))
        pages += [("engage, one chart, warm", one, peers.PAGE), (YARDSTICK, stock, ""), ("Voila, one chart", cold, "")]
        if streamlit := peers.streamlit(folder):
            pages.append(("Streamlit, one chart", stack.enter_context(streamlit), ""))
        with chromium() as browser:
            seen = measure(browser, pages, times)
    print(f"## From opening a page to its first chart\n\nMedian (range) of {times} visitors, in seconds.\n")
    heads = ["page", "first chart", "ratio", "its HTML complete", "again, cache full", "ratio", "MB by HTTP",
             "MB by socket", "requests to other machines"]  # fmt: skip
    middle = {name: {key: statistics.median(one[key] for one in visits) for key in visits[0]}
              for name, visits in seen.items()}  # fmt: skip
    rows = []
    for name, figures in middle.items():
        first, html, again = (spread([one[key] for one in seen[name]]) for key in ("first", "html", "again"))
        ratios = [f"{figures[key] / middle[YARDSTICK][key]:.2f}" for key in ("first", "again")]
        sizes = [f"{figures[key] / 1e6:.2f}" for key in ("http", "socket")]
        rows.append([name, first, ratios[0], html, again, ratios[1], *sizes, f"{figures['outside']:.0f}"])
    print(table(heads, rows))


if __name__ == "__main__":
    main()
