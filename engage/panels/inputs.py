"""Files in and out of a page: an upload in pieces, and a download made when it is asked for."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import anywidget
import traitlets

from engage.messages import Message, message

STATIC = Path(__file__).parent / "static"
LIMIT = 200_000_000
PIECE = 512 * 1024


def safe_name(name: str) -> str:
    """Return the base name of a file that a browser names, without anything that could lead elsewhere.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\data\\\\juni.csv"), safe_name("...")
    ('passwd', 'juni.csv', 'file')
    """
    base = re.split(r"[\\/]", name)[-1]
    clean = re.sub(r'[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]', "", base).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:20]}" if stem else clean[:100] or "file"


class Upload(anywidget.AnyWidget):
    """A place to drop files; they arrive in pieces of 4 MB, so no limit of the server matters.

    `files` lists the paths that have arrived, in a new folder below `folder`; observe it. `limit` (bytes a file)
    is said before and checked in the browser and here. Files of one name are numbered, never overwritten.
    """

    _esm = (STATIC / "upload.js").read_text(encoding="utf-8")
    limit = traitlets.Int(LIMIT).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    busy = traitlets.Bool().tag(sync=True)
    files = traitlets.List()  # paths stay in Python

    def __init__(
        self, folder: Path, *, limit: int = LIMIT, write: Callable[[Message], str] = str, **traits: Any
    ) -> None:
        self.folder, self.write = folder, write
        self._place: Path | None = None
        self._open: dict[str, BinaryIO] = {}
        size = max(1, limit // 1_000_000)
        texts = {
            "label": message("Choose files"),
            "hint": message("or drop them here, up to {size} MB each. They stay on this computer.", size=size),
            "too_big": message("{name} is larger than {size} MB and was left out.", name="{name}", size=size),
            "progress": message("{name}: {percent} %", name="{name}", percent="{percent}"),
            "done": message("{name} has arrived.", name="{name}"),
            "failed": message("{name} did not arrive. Try again, or put it in the drop folder.", name="{name}"),
            "stopped": message("{name} was stopped.", name="{name}"),
            "cancel": message("Stop"),
        }  # fmt: skip
        super().__init__(limit=limit, texts={name: write(text) for name, text in texts.items()}, **traits)
        self.on_msg(self._receive)

    def _receive(self, _: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        key = str(content.get("id", ""))
        try:
            kind = content.get("kind")
            if kind == "start":
                self._start(key, str(content.get("name", "")))
            elif kind == "piece":
                if self._open[key].tell() + buffers[0].nbytes > self.limit:
                    raise OSError
                self._open[key].write(buffers[0])
            elif kind == "end":
                if self._open[key].tell() != content.get("size"):
                    raise OSError
                file = self._open.pop(key)
                file.close()
                self.files = [*self.files, file.name]
            elif kind == "cancel":
                self._drop(key)
            self.busy = bool(self._open)
            self.send({"id": key, "kind": "ack"})
        except (OSError, KeyError, IndexError):
            self._drop(key)
            self.send({"id": key, "kind": "refused"})

    def _start(self, key: str, name: str) -> None:
        if self._place is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._place = Path(tempfile.mkdtemp(prefix="upload-", dir=self.folder))
        wanted = Path(safe_name(name))
        path, number = self._place / wanted, 1
        while path.exists():
            number += 1
            path = self._place / f"{wanted.stem} ({number}){wanted.suffix}"
        self._open[key] = path.open("xb")

    def _drop(self, key: str) -> None:
        if key in self._open:
            file = self._open.pop(key)
            file.close()
            Path(file.name).unlink(missing_ok=True)
        self.busy = bool(self._open)


class Download(anywidget.AnyWidget):
    """A button that saves `content()` as a file; nothing travels before it is pressed."""

    _esm = (STATIC / "download.js").read_text(encoding="utf-8")
    label = traitlets.Unicode().tag(sync=True)
    filename = traitlets.Unicode().tag(sync=True)
    mime = traitlets.Unicode("application/octet-stream").tag(sync=True)
    disabled = traitlets.Bool().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        label: str,
        filename: str,
        content: Callable[[], bytes],
        *,
        write: Callable[[Message], str] = str,
        **traits: Any,
    ) -> None:
        self.content = content
        self._bytes = b""
        words = {
            "busy": write(message("Preparing the file")),
            "done": write(message("Saved in your downloads folder.")),
            "failed": write(message("The file could not be made. Reload the page and try again.")),
        }
        super().__init__(label=label, filename=filename, texts=words, **traits)
        self.on_msg(self._answer)

    def _answer(self, _: object, asked: dict[str, Any], buffers: list[memoryview]) -> None:
        start = int(asked.get("start", 0))
        try:
            if start == 0 and not asked.get("again"):
                self._bytes = self.content()
        except Exception:
            self.log.exception("download")
            self.send({"start": start, "size": -1})
            return
        piece = self._bytes[start : start + PIECE]
        self.send({"start": start, "size": len(self._bytes)}, [piece])
