"""The real `engage app` and a real browser that may reach nothing but this machine."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPO = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@dataclasses.dataclass
class Server:
    """A running `engage app` or `engage lab`: its address, home folder and process."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]


def start(command: str, home: Path, *options: str) -> Server:
    """Start one of the two servers and wait until it says where it runs."""
    home.mkdir(parents=True, exist_ok=True)
    said = home / "said.txt"
    environment = os.environ | {
        "ENGAGE_HOME": str(home),
        "PYTHONPATH": str(REPO),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
    }
    code = "from engage.app.command import main; raise SystemExit(main())"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code, command, "--no-browser", *options],
            env=environment,
            stdout=out,
            stderr=out,
            cwd=home,
        )
    for _ in range(240):
        found = re.search(r"http://127\.0\.0\.1:\d+/[^\s]*", said.read_text(errors="replace"))
        if found and process.poll() is None:
            return Server(found[0], home, process)
        if process.poll() is not None:
            break
        time.sleep(0.25)
    process.kill()
    raise AssertionError(f"{command} did not start: {said.read_text(errors='replace')[-2000:]}")


def stop(server: Server) -> None:
    server.process.terminate()
    try:
        server.process.wait(20)
    except subprocess.TimeoutExpired:
        server.process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """One page, with everything it asked for, received and complained about."""

    def __init__(self, browser, **options) -> None:
        self.context = browser.new_context(accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.refused: list[str] = []
        self.received = 0
        self.context.route("**/*", self._guard)
        self.page.on("websocket", self._socket)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on(
            "response",
            lambda reply: self.refused.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None,
        )

    def _guard(self, route) -> None:
        url = route.request.url
        if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(url)
            route.abort()
        else:
            route.continue_()

    def _socket(self, socket) -> None:
        if urlsplit(socket.url).hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(socket.url)
        socket.on("framereceived", lambda payload: setattr(self, "received", self.received + len(payload)))

    def open(self, url: str, *, charts: int = 0) -> Visit:
        """Go to a page and wait until its cells and so many charts can be seen."""
        self.page.goto(url)
        self.page.wait_for_selector("#rendered_cells:visible", timeout=60_000)
        if charts:
            self.page.wait_for_function(
                "n => document.querySelectorAll('.eg-chart svg.marks, .eg-chart canvas.marks').length >= n",
                arg=charts,
                timeout=60_000,
            )
        return self

    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visit]]:
    visits: list[Visit] = []

    def make(**options) -> Visit:
        visits.append(Visit(browser, **options))
        return visits[-1]

    yield make
    for one in visits:
        one.context.close()


def notebook(path: Path, title: str, *cells: str) -> None:
    """Write a notebook; a cell that begins with `#` and a space is markdown."""
    made = [new_markdown_cell(cell) if cell.startswith("# ") else new_code_cell(cell) for cell in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=made, metadata={"title": title, "kernelspec": kernel}), path)


CHARTS = """
from engage.charts.widget import ChartWidget
spec = {"width": "container", "height": 120, "data": {"name": "rows"}, "mark": {"type": "bar", "cursor": "pointer"},
        "params": [{"name": "cut", "value": 5}, {"name": "pick", "select": {"type": "point", "fields": ["day"]}}],
        "encoding": {"x": {"field": "day", "type": "temporal", "timeUnit": "yearmonthdate"},
                     "y": {"field": "n", "type": "quantitative"},
                     "color": {"condition": {"test": "datum.n > cut", "value": "#0072B2"}, "value": "#B45309"}}}
rows = [{"day": f"2026-03-{d:02d}", "n": d} for d in range(1, 11)]
"""
PAGE = """
import pathlib
import ipywidgets as widgets
from engage.charts.table import Rows, TableWidget
from engage.panels.inputs import Download, Upload
said = widgets.HTML()
chart = ChartWidget(spec, data={"rows": rows}, watch=["pick"], description="Posts by day")
chart.observe(lambda change: setattr(said, "value", f"picked {sorted(change['new'].get('pick', {}))}"), "picked")
cut = widgets.IntSlider(5, 0, 10, description="Cut")
cut.observe(lambda change: setattr(chart, "signals", {"cut": change["new"]}), "value")
fewer = widgets.Button(description="Fewer rows")
fewer.on_click(lambda _: setattr(chart, "data", {"rows": rows[:4]}))
display(chart, ChartWidget(spec, data={"rows": rows}), ChartWidget(spec, data={"rows": rows}), cut, fewer, said)
"""
TABLE = """
people = [("<img src=x onerror=alert(1)>" if i == 0 else f"person{i:04d}", i * 37 % 1000) for i in range(1000)]
def fetch(key, descending, limit):
    order = sorted(people, key=lambda row: row[1 if key == "n" else 0], reverse=descending) if key else people
    return Rows([[name, {"text": "Active", "color": "#56B4E9", "sign": "●"}, f"{n:,}"] for name, n in order[:limit]],
                [name for name, _ in order[:limit]], len(people))
columns = [{"key": "name", "label": "Name"}, {"key": "s", "label": "Segment", "kind": "mark", "sortable": False},
           {"key": "n", "label": "Posts", "kind": "number"}]
table = TableWidget(columns, fetch, caption="People", selectable=True)
chosen = widgets.HTML()
table.observe(lambda change: setattr(chosen, "value", f"chosen {change['new']}"), "picked")
display(table, chosen)
"""
FILES = """
import os, hashlib
upload = Upload(pathlib.Path(os.environ["ENGAGE_HOME"]) / "drop", limit=6_000_000)
arrived = widgets.HTML()
def tell(change):
    paths = [pathlib.Path(path) for path in change["new"]]
    arrived.value = "arrived " + ", ".join(f"{p.name} {hashlib.md5(p.read_bytes()).hexdigest()}" for p in paths)
upload.observe(tell, "files")
made = []
def content():
    made.append(1)
    return b"a,b\\n" * 500_000
display(upload, arrived, Download("Save the list", "list.csv", content, mime="text/csv"))
"""


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """A folder of notebooks that show every widget, a failing cell, and the study that was asked for."""
    folder = tmp_path_factory.mktemp("notebooks")
    asked = "from engage.visit import visit\nimport ipywidgets\nipywidgets.HTML(f'asked for {sorted(visit().items())}')"
    notebook(folder / "start.ipynb", "Start here", "# Start\n\n[Charts](1-bring-your-data.ipynb)", asked)
    notebook(folder / "1-bring-your-data.ipynb", "Widgets", "# Charts", CHARTS, PAGE, TABLE, FILES)
    notebook(
        folder / "3-why-passive.ipynb",
        "Fails",
        "# Before\n\nBefore the failure.",
        "import pandas\nsecret_name = 1\nsecret_name / 0",
        "# After",
    )
    twelve = "for _ in range(12):\n    display(ChartWidget(spec, data={'rows': rows}))"
    notebook(folder / "4-what-it-costs.ipynb", "Twelve", "# Twelve", CHARTS, twelve)
    return folder


@pytest.fixture(scope="session")
def launch(demo, tmp_path_factory) -> Iterator[Callable[[str], Server]]:
    """Start `engage app` or `engage lab` on the demo notebooks; all are stopped at the end."""
    running: list[Server] = []

    def run(command: str) -> Server:
        running.append(start(command, tmp_path_factory.mktemp(f"{command}-home"), "--notebooks", str(demo)))
        return running[-1]

    yield run
    for server in running:
        stop(server)


@pytest.fixture(scope="session")
def app(launch) -> Server:
    return launch("app")


@pytest.fixture(scope="session")
def real(tmp_path_factory) -> Iterator[Server]:
    """The app on the notebooks of the project, with three studies read from the samples."""
    import engage

    home = tmp_path_factory.mktemp("real-home")
    for study, sample in {"kopi": "kopi-senja", "viral": "toko-viral", "kol": "kol-list"}.items():
        engage.save(engage.sample(sample), home / "studies" / study)
    server = start("app", home)
    yield server
    stop(server)


def page(server: Server, name: str, query: str = "") -> str:
    return f"{server.url}voila/render/{name}.ipynb{query}"


def sound(one, *, budget: int = 1_200_000) -> None:
    """Nothing asked of another machine, nothing refused, no error box, no traceback, not too many bytes."""
    assert one.outside == []
    assert [line for line in one.refused if "favicon" not in line] == []
    assert "Traceback" not in one.text() and "This step did not work" not in one.text()
    assert one.received < budget
