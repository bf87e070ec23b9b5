"""Which files: those in the drop folder, one at a path, and uploads."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import ipywidgets as w

from engage.messages import message
from engage.panels import parts
from engage.panels.inputs import Upload
from engage.store import Inbox, home, inbox

A_DAY = 86_400


class FilesForm(w.VBox):
    """Shows the `Inbox`, a box for a path and the upload; `chosen` are the paths that were picked."""

    def __init__(self, panel: parts.Panel, box: Inbox) -> None:
        self.panel, say = panel, panel.words.say
        self.folder = parts.html("")
        self.found = w.SelectMultiple(description=say(message("In the drop folder")), rows=6, layout=parts.wide())
        again = parts.button(say(message("Look again")))
        again.on_click(lambda _: self._show(inbox()))
        self.path = w.Text(
            description=say(message("Or a path")), placeholder=say(message("a file or a folder")), layout=parts.wide()
        )
        self.upload = Upload(home() / "uploads", write=say)
        for left in self.upload.folder.glob("upload-*"):  # by a page that was closed without saving
            if time.time() - left.stat().st_mtime > A_DAY:
                shutil.rmtree(left, ignore_errors=True)
        self._show(box)
        super().__init__([self.folder, self.found, again, self.path, self.upload])

    def _show(self, box: Inbox) -> None:
        where = message(
            "The drop folder is {folder}. Put files or folders there, then look again.", folder=str(box.folder)
        )
        self.folder.value = f"<p>{self.panel.say(where)}</p>"
        self.found.options = [(row.name, str(box.folder / row.name)) for row in box.files.itertuples()]
        self.found.value = tuple(path for _, path in self.found.options)
        self.found.layout.display = "" if len(box.files) else "none"

    @property
    def chosen(self) -> list[str]:
        typed = self.path.value.strip().strip("\"'")
        return [*self.found.value, *([typed] if typed else []), *self.upload.files]

    def forget_uploads(self) -> None:
        """Delete the copies that uploading made: what was read of them is in the study."""
        for path in self.upload.files:
            Path(path).unlink(missing_ok=True)
        self.upload.files = []
