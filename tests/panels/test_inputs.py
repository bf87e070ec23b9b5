"""Uploads and tables from Python's side: what a hostile or broken browser may send changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.charts.table import Rows, TableWidget
from engage.panels.inputs import Download, Upload, safe_name


@pytest.fixture
def upload(tmp_path):
    made = Upload(tmp_path / "drop", limit=100)
    made.sent = []
    made.send = lambda content, buffers=None: made.sent.append(content["kind"])
    return made


def send(upload, kind, data=None, **content):
    upload._receive(upload, {"id": "1", "kind": kind, **content}, [memoryview(data)] if data is not None else [])
    return upload.sent[-1]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\a\\juni.csv", "juni.csv"), ("..", "file"),
     ("a\x00\u202eb.csv", "ab.csv"),
     ("/", "file"), ("laporan juni é.xlsx", "laporan juni é.xlsx"), ("x" * 400 + ".csv", "x" * 100 + ".csv")],
)  # fmt: skip
def test_name_from_a_browser_cannot_lead_elsewhere(given, kept):
    assert safe_name(given) == kept


def test_file_arrives_in_pieces_inside_the_folder(upload, tmp_path):
    send(upload, "start", name="../a.csv")
    assert upload.busy
    send(upload, "piece", b"hello ")
    send(upload, "piece", b"world")
    assert send(upload, "end", size=11) == "ack" and not upload.busy
    path = Path(upload.files[0])
    assert path.read_bytes() == b"hello world" and tmp_path / "drop" in path.parents


@pytest.mark.parametrize("spoil", ["too much", "wrong size", "cancel"])
def test_file_that_does_not_arrive_leaves_nothing(upload, tmp_path, spoil):
    send(upload, "start", name="a.csv")
    if spoil == "too much":
        assert send(upload, "piece", b"x" * 101) == "refused"
    elif spoil == "wrong size":
        assert send(upload, "end", size=5) == "refused"
    else:
        send(upload, "cancel")
    assert not upload.files and not upload.busy
    assert [path for path in (tmp_path / "drop").rglob("*") if path.is_file()] == []


def test_piece_of_an_unknown_file_is_refused(upload):
    assert send(upload, "piece", b"x") == "refused"


def test_table_sorts_all_rows_not_those_shown():
    people = [(f"p{i:03d}", i * 7 % 300) for i in range(300)]

    def fetch(key, descending, limit):
        order = sorted(people, key=lambda row: row[1], reverse=descending) if key == "n" else people
        return Rows([[name, str(n)] for name, n in order[:limit]], [name for name, _ in order[:limit]], len(order))

    table = TableWidget([{"key": "name", "label": "Name"}, {"key": "n", "label": "Posts"}], fetch, step=50, most=120)
    assert (len(table.rows), table.more, table.status) == (50, True, "50 of 300.")
    table.sort = {"key": "n", "descending": True}
    assert table.rows[0][1] == "299" and table.status == "50 of 300. Sorted by Posts."
    table.limit = 150
    assert (len(table.rows), table.more) == (120, False) and "The list to download holds them all." in table.status


def test_download_is_made_once_and_a_failure_is_told():
    calls, sent = [], []
    download = Download("Save", "a.csv", lambda: calls.append(1) or b"x" * 600_000)
    download.send = lambda content, buffers=None: sent.append((content["size"], len(buffers[0]) if buffers else 0))
    download._answer(download, {"start": 0}, [])
    download._answer(download, {"start": 524_288}, [])
    assert calls == [1] and sent == [(600_000, 524_288), (600_000, 75_712)]
    broken = Download("Save", "a.csv", lambda: 1 / 0)
    broken.send = lambda content, buffers=None: sent.append(content)
    broken._answer(broken, {"start": 0}, [])
    assert sent[-1]["size"] == -1
