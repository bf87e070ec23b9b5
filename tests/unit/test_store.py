import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import engage
from engage import store
from engage.messages import ReadError, StudyError, message, plural
from engage.study import Note, Settings, Study

JAN = pd.Timestamp("2024-01-05 10:00", tz="UTC")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    monkeypatch.delenv("QUERY_STRING", raising=False)
    return tmp_path


def study(likes=1, **more):
    posts = pd.DataFrame(
        {"account_id": "instagram:kopi", "post_id": ["a", "b"], "published_at": [JAN, None], "likes": likes}
    )
    days = pd.DataFrame({"account_id": ["instagram:kopi"], "date": ["2024-01-05"], "followers": [100]})
    return Study(posts=posts, days=days, **more)


def same(one, other):
    return all(one.tables[name].equals(frame) for name, frame in other.tables.items())


def test_what_is_saved_is_opened_again_whole():
    inner = plural("{n} reel", "{n} reels", np.int64(3))
    values = {
        "name": "a {b} \ud83d", "count": np.int64(1200), "share": 0.034, "price": (12.5, "MYR"), "what": inner,
        "days": [JAN, dt.date(2024, 1, 2), np.datetime64("2024-01-03")], "unknown": pd.NA, "never": pd.NaT,
        "error": ReadError(message("Empty.")),
    }  # fmt: skip
    what = message("{name} {count} {share:percent} {price:money} {what} {days} {unknown} {never} {error}", **values)
    truth = pd.DataFrame({"follower_id": ["a"], "rate": [0.5]})
    settings = Settings(title="Kopi", rules={"window_days": 30})
    given = study(notes=(Note("warning", "a.csv", what, 7),), settings=settings, truth=truth)

    found = store.open_study(store.save(given, "kopi"))

    assert same(found, given)
    for name, frame in given.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], frame)
    pd.testing.assert_frame_equal(found.truth, truth)
    assert found.settings == settings
    assert found.id == "kopi"
    assert [(n.level, n.source, n.count) for n in found.notes] == [("warning", "a.csv", 7)]
    assert str(found.notes[0].message) == str(what)


def test_an_empty_study_can_be_saved():
    assert store.open_study(store.save(Study(), "nothing")).is_empty


def test_a_name_is_a_folder_at_home_and_a_path_is_itself(home, tmp_path):
    assert store.save(study(), "kopi") == home / "studies" / "kopi"
    assert store.save(study(), tmp_path / "elsewhere") == tmp_path / "elsewhere"
    assert same(store.open_study(tmp_path / "elsewhere"), study())


def test_without_a_name_the_title_gives_one_and_the_same_study_keeps_it(home):
    titled = study(settings=Settings(title="Kopi Senja: Juni!"))
    assert store.save(titled).name == "kopi-senja-juni"
    assert store.save(titled).name == "kopi-senja-juni-2"
    again = store.open_study("kopi-senja-juni")
    assert store.save(again).name == "kopi-senja-juni"


def test_a_save_makes_a_version_and_keeps_the_one_before_and_those_another_page_may_read(home):
    for likes in (1, 2, 3):
        folder = store.save(study(likes), "kopi")
    assert sorted(path.name for path in (folder / "versions").iterdir()) == ["1", "2", "3"]
    os.utime(folder / "versions" / "1", (0, 0))  # long ago
    shutil.rmtree(folder / "versions" / "3")
    (folder / "CURRENT").write_text("2\n")
    store.save(study(3), "kopi")
    assert (folder / "CURRENT").read_text() == "3\n"
    assert sorted(path.name for path in (folder / "versions").iterdir()) == ["2", "3"]
    assert store.open_study("kopi").posts["likes"].tolist() == [3, 3]
    (folder / "CURRENT").write_text("2\n")
    assert store.open_study("kopi").posts["likes"].tolist() == [2, 2]


def test_a_version_that_never_became_current_does_not_push_the_previous_one_out():
    folder = store.save(study(1), "kopi")
    (folder / "versions" / "2").mkdir()
    store.save(study(3), "kopi")
    assert {"1", "3"} <= {path.name for path in (folder / "versions").iterdir()}


def test_the_leftovers_of_killed_saves_are_removed_after_an_hour():
    folder = store.save(study(), "kopi")
    old, young = folder / "versions" / ".new-old", folder / "versions" / ".new-young"
    for leftover in (old, young):
        leftover.mkdir()
    os.utime(old, (time.time() - 7200,) * 2)
    store.save(study(), "kopi")
    assert young.exists()
    assert not old.exists()


def test_settings_are_replaced_without_a_new_version_and_leave_nothing_behind():
    folder = store.save(study(), "kopi")
    before = {path.name for path in folder.iterdir()}
    changed = store.save_settings(store.open_study("kopi"), currency="MYR")
    assert changed.settings.currency == "MYR"
    assert store.open_study("kopi").settings == Settings(currency="MYR")
    assert {path.name for path in folder.iterdir()} == before
    assert (folder / "CURRENT").read_text() == "1\n"


def test_settings_of_an_unsaved_study_only_change_in_memory(home):
    assert store.save_settings(study(), title="x").settings.title == "x"
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"title": 3}', "\x00"])
def test_broken_settings_give_the_defaults(text):
    folder = store.save(study(), "kopi")
    (folder / "settings.json").write_text(text)
    assert store.open_study("kopi").settings == Settings()


def damage_parquet(folder):
    (folder / "versions" / "1" / "posts.parquet").write_bytes(b"PAR1 no more")


def damage_manifest(text):
    return lambda folder: (folder / "versions" / "1" / "manifest.json").write_text(text)


@pytest.mark.parametrize(
    "damage",
    [
        damage_parquet,
        damage_manifest("{"),
        damage_manifest("[]"),
        damage_manifest("{}"),
        damage_manifest('{"tables": ["posts"], "notes": [{"level": "info"}]}'),
        damage_manifest('{"tables": 3, "notes": []}'),
        lambda folder: (folder / "versions" / "1" / "posts.parquet").unlink(),
        lambda folder: (folder / "CURRENT").write_text("../../other\n"),
        lambda folder: (folder / "CURRENT").write_bytes(b"\xff\xfe"),
        lambda folder: (folder / "CURRENT").write_text(""),
    ],
)
def test_a_damaged_study_is_said_to_be_damaged(damage):
    damage(store.save(study(), "kopi"))
    with pytest.raises(StudyError, match="kopi is damaged and cannot be opened"):
        store.open_study("kopi")


def test_a_manifest_cannot_name_files_outside_the_study(home):
    folder = store.save(study(), "kopi")
    (home / "secret.parquet").write_bytes((folder / "versions" / "1" / "posts.parquet").read_bytes())
    manifest = {"format": store.FORMAT, "tables": ["posts", "../../../../secret"], "notes": []}
    (folder / "versions" / "1" / "manifest.json").write_text(json.dumps(manifest))
    assert not store.open_study("kopi").posts.empty


def test_a_study_that_is_not_there_is_named():
    with pytest.raises(StudyError, match=r"no study called gone\. Choose one"):
        store.open_study("gone")


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "me.jpg").write_bytes(b"x")
    with pytest.raises(StudyError, match="holds other files"):
        store.save(study(), tmp_path / "photos")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["me.jpg"]


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file.txt").write_text("x")
    for place in (tmp_path / "file.txt", tmp_path / "file.txt" / "below"):
        with pytest.raises(StudyError, match="could not be saved in"):
            store.save(study(), place)


@pytest.mark.parametrize("asked", ["../secret", "/etc", "..", "%2e%2e/x", "Kopi", "a" * 65, ".hidden"])
def test_an_address_cannot_climb_out_of_the_studies(asked, home, monkeypatch):
    store.save(study(), home / "secret")
    monkeypatch.setenv("QUERY_STRING", f"study={asked}")
    found = store.open_study()
    assert found.is_empty
    assert "There is no study called" in str(found.notes[0].message)


def test_a_page_opens_the_study_in_its_address_else_the_last_one(monkeypatch):
    store.save(study(1), "one")
    store.save(study(2), "two")
    assert store.open_study().is_empty
    store.remember(store.open_study("one"))
    assert store.open_study().id == "one"
    monkeypatch.setenv("QUERY_STRING", "study=two&token=secret")
    assert store.open_study().id == "two"


@pytest.mark.parametrize("last", [b"gone", b"../one", b"\xff\xfe\x00", b""])
def test_a_page_comes_up_whatever_was_remembered(last, home):
    (home / "LAST").write_bytes(last)
    assert store.open_study().is_empty


def test_studies_are_listed_with_the_newest_first(home):
    assert store.saved_studies() == []
    for name, age in (("older", 100), ("newer", 10)):
        mark = store.save(study(), name) / "CURRENT"
        os.utime(mark, (time.time() - age,) * 2)
    (home / "studies" / "not one").mkdir()
    assert store.saved_studies() == ["newer", "older"]


SAVES_WITHOUT_END = """
import sys
import pandas as pd
from engage import store
from engage.study import Study

def study(likes):
    rows = 2000
    posts = {"account_id": "instagram:kopi", "post_id": [str(i) for i in range(rows)], "likes": likes}
    days = {"account_id": "instagram:kopi", "date": pd.date_range("2020-01-01", periods=rows), "followers": likes}
    return Study(posts=pd.DataFrame(posts), days=pd.DataFrame(days))

old, new = study(1), study(2)
store.save(old, "kopi")
print("ready", flush=True)
while sys.stdin.readline():
    print("saving", flush=True)
    for _ in range(20):
        store.save(new, "kopi")
        store.save(old, "kopi")
"""


def kill_a_save(env, wait):
    """Start a process that saves two studies in turn, and kill it without warning."""
    process = subprocess.Popen(
        [sys.executable, "-c", SAVES_WITHOUT_END], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
    )
    assert process.stdout.readline() == b"ready\n"
    process.stdin.write(b"\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"saving\n"
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_a_save_killed_at_any_moment_leaves_the_old_or_the_new_study(home):
    """ENGAGE_KILLS=100 kills more often than the 25 times of the suite."""
    moments = random.Random(1)
    interrupted = 0
    for _ in range(int(os.environ.get("ENGAGE_KILLS", "25"))):
        kill_a_save(dict(os.environ), moments.uniform(0, 0.08))
        found = store.open_study("kopi")
        assert len(found.posts) == len(found.days) == 2000
        assert set(found.posts["likes"]) == set(found.days["followers"])
        assert set(found.posts["likes"]) in ({1}, {2})
        assert found.settings == Settings()
        interrupted += any((home / "studies" / "kopi" / "versions").glob(".new-*"))
    assert interrupted, "no kill fell into a save, so nothing was tested"


def test_two_processes_that_save_at_once_leave_a_study_that_opens(home):
    code = "import engage; s = engage.simulate(60, 5, 1); [engage.save(s, 'both') for _ in range(12)]"
    writers = [subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ)) for _ in range(2)]
    opened = 0
    while any(writer.poll() is None for writer in writers):
        if (home / "studies" / "both" / "CURRENT").exists():
            opened += len(store.open_study("both").followers) == 60
    assert [writer.returncode for writer in writers] == [0, 0] and opened
    assert len(store.open_study("both").followers) == 60


@pytest.mark.parametrize(
    "manifest",
    ["[" * 100_000, '{"format": 99, "tables": [], "notes": []}',
     '{"format": 1, "tables": [], "notes": [{"level": "info", "source": "", "count": 0,'
     ' "message": {"$key": 5, "values": 5, "plural": ""}}]}'],
    ids=["deep", "newer", "wrong types"],
)  # fmt: skip
def test_a_hostile_manifest_is_a_sentence(manifest):
    folder = store.save(study(), "kopi")
    (folder / "versions" / "1" / "manifest.json").write_text(manifest)
    with pytest.raises(StudyError):
        store.open_study("kopi")


@pytest.mark.parametrize(
    "values", ['{"rules": {"window_days": 1000000000}}', '{"time_zone": "Mars/Base"}', "[" * 100_000]
)
def test_hostile_settings_fall_back_to_the_defaults(values):
    folder = store.save(study(), "kopi")
    (folder / "settings.json").write_text(values)
    opened = store.open_study("kopi")
    assert opened.settings.time_zone == "Asia/Jakarta"
    engage.segment(opened)


def test_names_that_no_folder_can_have_are_a_sentence():
    with pytest.raises(StudyError, match="no study called"):
        store.open_study("x" * 300)
    with pytest.raises(StudyError, match="could not be saved"):
        store.save(study(), "a\0b")


def test_a_study_whose_current_is_garbage_can_be_saved_again():
    folder = store.save(study(1), "kopi")
    (folder / "CURRENT").write_bytes(b"\xff\xff")
    with pytest.raises(StudyError):
        store.open_study("kopi")
    store.save(study(2), "kopi")
    assert store.open_study("kopi").posts["likes"].tolist() == [2, 2]


def test_two_pages_that_change_different_settings_keep_each_others_change():
    store.save(study(), "kopi")
    one, other = store.open_study("kopi"), store.open_study("kopi")
    store.save_settings(one, purpose="business")
    store.save_settings(other, rules={"window_days": 365})
    kept = store.open_study("kopi").settings
    assert (kept.purpose, kept.rules) == ("business", {"window_days": 365})


def test_a_study_elsewhere_does_not_write_into_one_of_the_same_name_at_home(tmp_path):
    store.save(study(), "kopi")
    elsewhere = store.open_study(store.save(study(), tmp_path / "usb" / "kopi"))
    changed = store.save_settings(elsewhere, title="mine")
    assert changed.settings.title == "mine" and store.open_study("kopi").settings.title == ""
