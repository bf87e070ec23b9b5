"""The pages as an app: Voila on a loopback port, with our template and a policy that keeps everything here.

`engage lab` is here too: the same notebooks in JupyterLab, without its news, update check and listings.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler, Template404
from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback
from tornado.web import RedirectHandler, authenticated
from traitlets.config import Config
from voila import handler, voila_kernel_manager
from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from engage.charts.style import css_text
from engage.messages import Message, StudyError, message
from engage.store import home
from engage.words import LANGUAGES, UNREVIEWED, Words, system_language

SHARE = Path(__file__).parent / "share"
WARM = {
    "start.ipynb": "engage.panels.start",
    "2-active-and-passive.ipynb": "engage.panels.segments,engage.panels.rates,engage.panels.study,"
    "engage.panels.activity,pyarrow.parquet,engage.charts.theme:altair",
}
"""Pages whose kernel waits for its visitor, with what it loads before."""


def page_titles() -> dict[str, Message]:
    """The pages in their order, with the names that the navigation shows."""
    return {
        "start": message("Start"),
        "1-bring-your-data": message("Bring your data"),
        "2-active-and-passive": message("Active and passive"),
        "3-why-passive": message("Why passive"),
        "4-what-it-costs": message("What it costs"),
        "5-win-them-back": message("Win them back"),
        "6-compare-influencers": message("Compare influencers"),
    }


def page_texts(words: Words) -> dict[str, str]:
    """The sentences that the template itself shows."""
    texts = {
        "skip": message("Skip to the content"),
        "pages": message("Pages"),
        "language": message("Language"),
        "unreviewed": message("not yet read by a native speaker"),
        "preparing": message("Preparing – step {step} of {steps}", step="{step}", steps="{steps}"),
        "starting": message("Preparing the page"),
        "failed": message("This step did not work. The steps above it still hold."),
        "failed_next": message("Reload the page. If it happens again, start over on the first page."),
        "no_script": message("This page needs JavaScript. Please switch it on and reload."),
        "not_found": message("This page does not exist."),
        "not_allowed": message("This page is only for the person who started it."),
        "trouble": message("Something went wrong on this computer. Reload the page."),
        "back": message("Go to the first page"),
        "token": message("Token"),
        "wrong_token": message("This is not the token. Copy the whole of it."),
        "log_in": message("Open"),
        "token_hint": message("Paste the token from the window in which engage was started."),
        "private": message("Everything stays on this computer."),
        "ended": message("This page has stopped working. Reload it to go on; every study you saved is as you left it."),
        "stopped": message("Engage is no longer running on this computer. Start it again, then reload this page."),
        "reload": message("Reload"),
        "slow": message("This takes longer than usual. You can wait, or reload the page."),
    }
    return {name: words.say(text) for name, text in texts.items()}


def page_language(path: str) -> str:
    """The language of a notebook, by the folder it is in."""
    folder = path.rpartition("/")[0].rpartition("/")[2]
    return folder if folder in LANGUAGES else "en"


class Page(TornadoVoilaHandler):
    """A notebook as a page. Reading `xsrf_token` sets the cookie with which a closed page ends its kernel."""

    async def get(self, path: str | None = None) -> None:
        _ = self.xsrf_token
        asked = self.get_query_argument("lang", "")
        if path and asked in LANGUAGES and asked != page_language(path):
            there = page_in(asked, path.rpartition("/")[2])
            if (Path(self.settings["engage_folder"]) / there).is_file():
                self.redirect(url_path_join(self.base_url, "voila/render", there) + f"?{self.request.query}")
                return
        await super().get(path)

    @property
    def template_namespace(self) -> dict[str, Any]:
        """Error pages speak the language of the page that failed."""
        language = page_language(self.request.path)
        space: dict[str, Any] = super().template_namespace
        return space | {"texts": page_texts(Words(language)), "lang": language}


class Renderer(NotebookRenderer):
    """Voila's renderer, which would leave a page waiting for ever when its kernel dies before it has begun."""

    def generate_content_generator(self, kernel_id: str | None = None, kernel_future: Any = None) -> Any:
        whole = super().generate_content_generator(kernel_id, kernel_future)

        async def pieces() -> AsyncIterator[Any]:
            try:
                async for piece in whole:
                    yield piece
            except Exception:
                self.log.exception("page %s", self.notebook_path)
                yield "<script>engagePage.failed();</script>", None

        return pieces()


class Alive(JupyterHandler):
    """Says whether the kernel of a page still runs; every open page asks now and then."""

    _track_activity = False

    @authenticated  # type: ignore[untyped-decorator]
    async def get(self, kernel_id: str) -> None:
        kernels = self.kernel_manager
        alive = kernel_id in kernels and await ensure_async(kernels.get_kernel(kernel_id).is_alive())
        self.finish({"alive": bool(alive)})


class EngageVoila(Voila):
    """Voila that opens on our first page, shows no folder listing, and reads no foreign configuration."""

    name = "voila"
    config_file_paths: list[str] = []  # noqa: RUF012  (a file in the current folder must not change it)
    language = "en"
    when_ready: Callable[[str], None] = print

    def init_settings(self) -> dict[str, Any]:
        """Let error and login pages use our templates too."""
        settings: dict[str, Any] = super().init_settings()
        settings["voila_jinja2_env"].globals |= {"texts": page_texts(Words(self.language)), "lang": self.language}
        settings["voila_jinja2_env"].globals["css"] = css_text()
        return settings | {
            "jinja2_env": settings["voila_jinja2_env"], "engage_folder": self.root_dir,
            "default_handler_class": Template404,
        }  # fmt: skip

    def init_handlers(self) -> list[Any]:
        first = url_path_join(self.base_url, "voila/render", page_in(self.language, "start.ipynb"))
        handlers: list[Any] = [(url_path_join(self.base_url, r"/voila/alive/([\w-]+)"), Alive)]
        for rule in super().init_handlers():
            pattern, kind, *rest = rule
            if kind is TornadoVoilaHandler:
                handlers.append((pattern, Page, *rest))
            elif kind is TornadoVoilaTreeHandler:
                handlers.append((pattern, RedirectHandler, {"url": first, "permanent": False}))
            elif kind is not VoilaContentsHandler:
                handlers.append(rule)
        return handlers

    def launch_browser(self) -> None:
        # Each visitor leaves some megabytes in circles of references, which Python would look for only rarely.
        gc.collect()
        gc.freeze()
        self.tidying = PeriodicCallback(gc.collect, 30_000)
        self.tidying.start()
        self.when_ready(self.connection_url)


def page_in(language: str, name: str) -> str:
    """Where a page is in a language, below the folder of notebooks."""
    return name if language == "en" else f"{language}/{name}"


def notebooks_folder() -> Path:
    """Where the notebooks are: inside an installed package, else beside the source."""
    packed = Path(__file__).parents[1] / "_notebooks"
    return packed if packed.exists() else Path(__file__).parents[2] / "notebooks"


def free_port(asked: int) -> int:
    """Return the asked port, or any free one when none is asked for.

    Voila must not look for another port itself: kernels that wait for a visitor would not learn of it.
    """
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", asked))
        except (OSError, OverflowError) as error:
            raise StudyError(
                message("Port {port} is in use. Leave --port out, or give another one.", port=str(asked))
            ) from error
        return int(probe.getsockname()[1])


def policy(port: int) -> str:
    """The rule by which the browser itself refuses every request to another machine."""
    return (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        f"connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port} blob: data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def voila_config(folder: Path, port: int, language: str, token: str) -> Config:
    """Return the whole configuration of the app for one folder of notebooks."""
    warm = {page_in(language, name): load for name, load in WARM.items()}
    warm = {name: load for name, load in warm.items() if (folder / name).exists()}
    titles = page_titles()
    found = sorted(path.stem for path in folder.glob("*.ipynb"))
    order = [stem for stem in titles if stem in found] + [stem for stem in found if stem not in titles]
    languages = [code for code in LANGUAGES if code == "en" or (folder / code).is_dir()]
    spoken = {code: Words(code) for code in languages}
    config = Config()
    config.Voila.update(
        ip="127.0.0.1", port=port, port_retries=0, root_dir=str(folder), open_browser=True, token=token,
        tornado_settings={
            "headers": {"Content-Security-Policy": policy(port), "Referrer-Policy": "same-origin"},
            "allow_remote_access": False,  # only for the Host names of this machine
            "log_function": lambda handler: None,  # addresses may hold a token
        },
    )  # fmt: skip
    config.VoilaConfiguration.update(
        template="engage", strip_sources=True, show_tracebacks=False, preheat_kernel=bool(warm),
        allow_template_override="NO", allow_theme_override="NO",
        resources={
            "engage": {
                "css": css_text(), "texts": {code: page_texts(words) for code, words in spoken.items()},
                "pages": [
                    {"file": f"{stem}.ipynb", "title": {code: words.say(titles.get(stem, stem))
                                                        for code, words in spoken.items()}} for stem in order
                ],
                "languages": [{"code": code, "name": LANGUAGES[code], "unreviewed": code in UNREVIEWED}
                              for code in languages],
            }
        },
    )  # fmt: skip
    config.VoilaKernelManager.kernel_pools_config = {"default": {"pool_size": 0}} | {
        name: {"pool_size": 1, "kernel_env_variables": {"ENGAGE_WARM": load}} for name, load in warm.items()
    }
    config.VoilaExecutor.update(startup_timeout=300, iopub_timeout=60)  # a slow machine is slow, not broken
    config.KernelManager.autorestart = False  # a kernel begun anew would know nothing of its page
    # what is for those who read code; it runs all the same, so that both hosts run the same notebook
    config.TagRemovePreprocessor.update(enabled=True, remove_cell_tags={"analyst"})
    # Without buffering: a page that is left would keep four sockets of its kernel open for ever.
    config.MappingKernelManager.update(cull_idle_timeout=1800, cull_interval=60, buffer_offline_messages=False)
    config.ZMQChannelsWebsocketConnection.limit_rate = False
    config.EngageVoila.logging_config = {"handlers": {"console": {"level": "CRITICAL"}}}
    return config


def serve(
    *, port: int = 0, browser: bool = True, language: str = "en", token: str = "", folder: Path | None = None
) -> None:
    """Serve the pages until Ctrl+C.

    Raises
    ------
    StudyError
        When the port is taken, or there are no notebooks.
    """
    folder = (folder or notebooks_folder()).resolve()
    language = language or system_language()
    language = language if (folder / page_in(language, "start.ipynb")).is_file() else "en"
    if not any(folder.glob("*.ipynb")):
        raise StudyError(message("There are no notebooks in {folder}. Install engage again.", folder=str(folder)))
    port = free_port(port)
    log_file = home() / "log" / "app.log"
    log_file.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=log_file, filemode="w", level=logging.WARNING, force=True)
    _prepend("JUPYTER_PATH", SHARE)
    os.environ["ENGAGE_HOME"] = str(home())
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # a page takes a fifth less memory

    def ready(address: str) -> None:
        address += f"?token={token}" if token else ""
        running = message("Engage runs at {address} – stop it with Ctrl+C.", address=address)
        print(Words(language).say(running), flush=True)
        if browser:
            webbrowser.open(address)

    handler.NotebookRenderer = voila_kernel_manager.NotebookRenderer = Renderer
    app = EngageVoila(config=voila_config(folder, port, language, token))
    app.when_ready = ready
    app.language = language
    app.initialize([])
    window = os.dup(2)
    with log_file.open("a", encoding="utf-8") as log:
        os.dup2(log.fileno(), 2)  # what kernels complain about goes to the log, not to the person
        try:
            app.start()
        finally:
            os.dup2(window, 2)


def lab(*, port: int = 0, browser: bool = True, language: str = "", folder: Path | None = None) -> None:
    """Open the notebooks in JupyterLab until it is stopped; installed ones are copied to the home folder first."""
    source = (folder or notebooks_folder()).resolve()
    place = source
    if source.name == "_notebooks":
        place = home() / "notebooks"
        for path in source.rglob("*.ipynb"):
            copy = place / path.relative_to(source)
            if not copy.exists():  # what a person has changed stays as it is
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    _prepend("JUPYTER_CONFIG_PATH", SHARE / "config")
    os.environ["ENGAGE_HOME"] = str(home())
    from jupyterlab.labapp import LabApp

    pages = [page_in(code, "start.ipynb") for code in (language or system_language(), "en")]
    start = next((f"/lab/tree/{page}" for page in pages if (place / page).exists()), "/lab")
    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={place}", f"--ServerApp.port={free_port(port)}", "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port_retries=0", f"--ServerApp.open_browser={browser}",
            "--ZMQChannelsWebsocketConnection.limit_rate=False", f"--LabApp.default_url={start}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly", "--ServerApp.log_level=WARN", "--LabApp.log_level=WARN",
            # In a container everyone is root; the server is reached from this machine only.
            f"--ServerApp.allow_root={hasattr(os, 'geteuid') and os.geteuid() == 0}",
        ]
    )  # fmt: skip


def _prepend(variable: str, folder: Path) -> None:
    given = os.environ.get(variable)
    os.environ[variable] = f"{folder}{os.pathsep}{given}" if given else str(folder)
