"""The command line speaks in sentences and never in tracebacks."""

from __future__ import annotations

import json
import socket

import pytest

import engage
from engage.app.command import main


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0 and capsys.readouterr().out == f"engage {engage.__version__}\n"


def test_reading_nothing_useful_is_one_sentence_and_code_1(tmp_path, capsys):
    picture = tmp_path / "photo.bin"
    picture.write_bytes(bytes(range(256)) * 10)
    assert main(["read", str(picture), "--save", "x", "--home", str(tmp_path / "home")]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "Traceback" not in said.err and len(said.err.strip().splitlines()) == 1
    assert not (tmp_path / "home" / "studies" / "x").exists()


def test_reading_saves_a_study_and_says_what_it_holds(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    table = tmp_path / "followers.csv"
    table.write_text("username,followed_at\nani,2026-01-01 10:00\nbudi,2026-01-02 11:00\n", encoding="utf-8")
    assert main(["read", str(table), "--save", "kopi", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["saved"] == str(tmp_path / "studies" / "kopi") and said["abilities"]["follower_list"][0] == 2
    assert len(engage.open_study("kopi").followers) == 2


def test_port_in_use_is_said_before_anything_starts(tmp_path, capsys):
    (tmp_path / "start.ipynb").write_text("{}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = ["--port", str(port), "--notebooks", str(tmp_path), "--home", str(tmp_path)]
        assert main(["app", *options]) == 1
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_folder_without_notebooks_is_said(tmp_path, capsys):
    assert main(["app", "--notebooks", str(tmp_path), "--home", str(tmp_path)]) == 1
    assert "no notebooks" in capsys.readouterr().err
