"""What tests of page 1 do again and again: drop files, read, press, save."""

import shutil
from pathlib import Path

import ipywidgets as w
from test_panels import every

import engage

FORMATS = Path(__file__).parents[1] / "formats"


def drop(home, *names):
    box = home / "inbox"
    box.mkdir(exist_ok=True)
    for name in names:
        for path in (FORMATS / name).iterdir():
            if path.is_file() and path.name != "expected.json":
                shutil.copy(path, box)


def read(panel):
    panel.reading.click()
    panel.thread.join(60)
    return panel


def press(panel, label):
    next(part for part in every(panel) if isinstance(part, w.Button) and part.description == label).click()


def saved_export(home):
    drop(home, "ig_dyi_json_en")
    panel = read(engage.panel(engage.inbox()))
    panel.saving.click()
    return panel
