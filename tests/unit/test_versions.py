"""A study's earlier version is kept, another window's save is noticed, and nothing is removed for good."""

import pandas as pd
import pytest

from engage import store
from engage.messages import StudyError
from engage.store import open_study, save
from engage.study import Study


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    return tmp_path


def small(*, followers):
    names = [f"follower{number}" for number in range(followers)]
    return Study(followers=pd.DataFrame({"account_id": "instagram:kopi", "follower_id": names}))


def test_the_version_before_is_kept_and_can_be_gone_back_to(home):
    save(small(followers=1), "kopi")
    assert store.previous_version(open_study("kopi")) is None
    save(small(followers=2), "kopi")
    now = open_study("kopi")
    assert len(now.followers) == 2 and store.previous_version(now) is not None
    before = store.go_back(now)
    assert len(before.followers) == 1 and len(open_study("kopi").followers) == 1
    save(now, "kopi")  # what was gone back from can be saved again
    assert len(open_study("kopi").followers) == 2 and len(store.go_back(open_study("kopi")).followers) == 1


def test_going_back_without_an_earlier_version_is_a_sentence(home):
    save(small(followers=1), "kopi")
    with pytest.raises(StudyError, match="no earlier version"):
        store.go_back(open_study("kopi"))
    with pytest.raises(StudyError, match="no earlier version"):
        store.go_back(Study())


def test_a_version_that_another_window_saved_can_be_told(home):
    save(small(followers=1), "kopi")
    mine = open_study("kopi")
    assert store.current_version(mine) == mine.version == 1
    save(small(followers=2), "kopi")
    assert store.current_version(mine) == 2 != mine.version
    store.remove("kopi")
    assert store.current_version(mine) == 0


def test_a_study_taken_out_of_the_list_still_lies_on_the_computer(home):
    for _ in range(2):  # twice the same name: the first is not written over
        save(small(followers=1), "kopi")
        folder = store.remove("kopi")
        assert (folder / "CURRENT").is_file() and store.saved_studies() == []
    assert sorted(path.name for path in (home / "removed").iterdir()) == ["kopi", "kopi-2"]


@pytest.mark.parametrize("name", ["", "nothing", "../kopi", ".."])
def test_only_a_study_of_the_list_can_be_taken_out(home, name):
    with pytest.raises(StudyError, match="There is no study"):
        store.remove(name)


def test_settings_of_a_study_that_is_gone_are_not_written_anywhere(home):
    save(small(followers=1), "kopi")
    study = open_study("kopi")
    store.remove("kopi")
    with pytest.raises(StudyError, match="no longer on this computer"):
        store.save_settings(study, purpose="business")
    assert store.saved_studies() == []
