"""What the benchmarks share: servers in processes of their own, a browser that reaches only them, memory, tables."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import psutil

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Every name but this machine's is unknown to the browser. A Playwright route would do the same, but it switches the
# browser's cache off and asks Python about every request, which slows pages with many files more than others.
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]  # fmt: skip
CHART = "svg.marks, canvas.marks"  # what Vega draws into, whoever embeds it
# Looks at every frame, so that no time is lost to the test driver; the clock starts with the navigation.
WATCH = f"""(() => {{
  const seen = (mark) => mark.checkVisibility({{ opacityProperty: true, visibilityProperty: true }})
    && mark.getBoundingClientRect().width > 0 && mark.getBoundingClientRect().height > 0;
  const look = () => {{
    if ([...document.querySelectorAll("{CHART}")].some(seen)) window.firstChart = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})()"""


def arguments(about: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through the `with` blocks, which stop the servers
    parser.add_argument("--quick", action="store_true", help="small sizes and few repeats: to see that it runs")
    return parser.parse_args()


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table."""
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median and range: "1.52 (1.40–1.71)"."""
    low, middle, high = (f"{f(values):,.{digits}f}" for f in (min, statistics.median, max))
    return f"{middle} ({low}–{high})" if len(values) > 1 else middle


def not_measured(why: str) -> NoReturn:
    """End this benchmark, which is no failure: the others go on."""
    print(f"Not measured: {why}")
    raise SystemExit(0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def forget_peak() -> None:
    """Let the process's peak begin anew (Linux); making the data took more than the analysis does."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """The highest resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


class Server:
    """A server with all the processes it started: its address, its memory, its kernels, and whether it is at rest."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, **environment: str) -> None:
        self.name, self.kernels_at_rest = name, 0
        said = folder / f"said-{time.monotonic_ns()}.txt"  # several servers may share a folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "VOILA", "STREAMLIT", "ENGAGE"))}
        quiet = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "JUPYTER_CONFIG_DIR": str(folder / "config")}
        with said.open("wb") as out:
            self.process = psutil.Popen(list(command), env=clean | quiet | environment, stdout=out, stderr=out,
                                        stdin=subprocess.DEVNULL, cwd=folder)  # fmt: skip
        try:
            self.url = self._address(said)
            self.settle()
        except BaseException:
            self.stop()
            raise
        self.kernels_at_rest = self.kernels()

    def _address(self, said: Path) -> str:
        """Wait until the server says where it listens."""
        deadline = time.monotonic() + 120
        while not (found := re.search(r"http://(?:127\.0\.0\.1|localhost):\d+", said.read_text(errors="replace"))):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{self.name} did not start: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        return found[0].replace("localhost", "127.0.0.1") + "/"

    def processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def _sum(self, read: Any) -> float:
        total = 0.0
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += read(process)
        return total

    def memory(self, of: str = "all") -> float:
        """Proportional memory (PSS) in MB of the process tree, or of the server's own process alone."""
        if of == "server":
            return float(self.process.memory_full_info().pss) / 1e6
        return self._sum(lambda process: process.memory_full_info().pss) / 1e6

    def kernels(self) -> int:
        return int(self._sum(lambda process: "ipykernel" in " ".join(process.cmdline())))

    def settle(self, seconds: float = 1.5) -> None:
        """Wait until the pool is full again and nothing has worked for a while (refilling begins after a second)."""
        quiet, last, deadline = 0.0, -1.0, time.monotonic() + 90
        while quiet < seconds and time.monotonic() < deadline:
            time.sleep(0.25)
            used = self._sum(lambda process: sum(process.cpu_times()[:2]))
            rests = abs(used - last) < 0.04 and self.kernels() >= self.kernels_at_rest
            quiet, last = (quiet + 0.25 if rests else 0.0), used

    def stop(self) -> None:
        started = self.processes()
        with contextlib.suppress(psutil.NoSuchProcess):
            self.process.terminate()
        _, alive = psutil.wait_procs(started, timeout=15)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A browser that reaches nothing but this machine; the benchmark ends, and says so, where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        not_measured("Playwright is not installed.")
    if CHROMIUM is None:
        not_measured("there is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One visitor with a browser of their own: what their pages received, complained about, and asked of others."""

    def __init__(self, browser: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.http = self.socket = self.outside = 0
        self.errors: list[str] = []
        self.refused: list[str] = []
        network = self.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda said: self._count(http=said["encodedDataLength"]))
        network.on("Network.webSocketFrameReceived", lambda said: self._frame(said["response"]))
        self.page.on("request", lambda request: self._count(outside=not re.match(
            r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:", request.url)))  # fmt: skip
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "response", lambda reply: reply.status >= 400 and self.refused.append(f"{reply.status} {reply.url}")
        )

    def _count(self, http: float = 0, socket: float = 0, outside: bool = False) -> None:
        self.http, self.socket, self.outside = self.http + http, self.socket + socket, self.outside + outside

    def _frame(self, frame: dict[str, Any]) -> None:
        binary = frame["opcode"] == 2  # comes here as base64
        self._count(socket=len(frame["payloadData"]) * 3 // 4 if binary else len(frame["payloadData"].encode()))

    def go(self, url: str) -> None:
        """Set out for a page, and do not wait for it."""
        self.page.evaluate("url => { location.href = url }", url)

    def first_chart(self, timeout: float = 60) -> float:
        """Seconds from the navigation to the first frame in which a chart of Vega is visible."""
        try:
            self.page.wait_for_function("window.firstChart", timeout=timeout * 1000)
        except Exception as error:
            raise SystemExit(f"{self.page.url} has shown no chart: {error} {self.errors} {self.refused}") from error
        return float(self.page.evaluate("window.firstChart")) / 1000

    def html_complete(self) -> float:
        """Seconds from the navigation to the last byte of the page's HTML."""
        entry = "performance.getEntriesByType('navigation')[0].responseEnd"
        self.page.wait_for_function(f"{entry} > 0", timeout=60_000)
        return float(self.page.evaluate(entry)) / 1000

    def charts(self, count: int, timeout: float = 60) -> None:
        """Wait until so many charts are drawn."""
        ready = "([marks, n]) => document.querySelectorAll(marks).length >= n"
        self.page.wait_for_function(ready, arg=[CHART, count], timeout=timeout * 1000)

    def leave(self) -> None:
        """Leave the page, as by a link."""
        self.page.goto("about:blank")

    def close(self) -> None:
        self.context.close()
