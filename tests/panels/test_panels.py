"""Panels without a browser: set what the reader would set, look at what the reader would see."""

import re
import sys
from pathlib import Path

import ipywidgets as w
import pytest

import engage
from engage.study import Study

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from accounts import account, likes
from test_influencers import roster


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def simulated():
    return engage.simulate(followers=1500, posts=100, seed=4)


def every(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def text(widget):
    found = [part.value for part in every(widget) if isinstance(part, w.HTML)]
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", " ".join(found), flags=re.S))


def test_the_segments_panel_says_the_share_with_its_denominator(simulated):
    panel = engage.panel(engage.segment(simulated))
    share = panel.result.share
    assert f"{share.passive:,} of {share.judged:,}" in text(panel).replace("the ", "")


def test_moving_a_rule_changes_the_result_the_words_the_picture_and_the_list(simulated):
    panel = engage.panel(engage.segment(simulated))
    before, said, bars = panel.result, text(panel), panel.bars.data
    panel.rate.value = 0.20
    assert panel.result is not before
    assert panel.result.rules.silence == 11
    assert panel.map.signals == {"silence": 11}
    assert text(panel) != said and panel.bars.data != bars


def test_the_rules_are_kept_with_a_saved_study(simulated):
    engage.save(simulated, "mine")
    panel = engage.panel(engage.segment(engage.open_study("mine")))
    panel.window.value = 365
    assert engage.segment(engage.open_study("mine")).rules.window_days == 365


def test_picking_a_bar_shows_those_followers_and_the_button_brings_all_back(simulated):
    panel = engage.panel(engage.segment(simulated))
    panel.bars.picked = {"pick": {"segment": ["passive"]}}
    assert panel.chosen.sum() == (panel.result.followers["segment"] == "passive").sum()
    assert all("passive" in row[1]["text"] for row in panel.people.rows)
    panel.clear.click()
    assert panel.chosen.all()


def test_brushing_the_picture_shows_exactly_those_who_stand_there(simulated):
    panel = engage.panel(engage.segment(simulated))
    panel.map.picked = {"brush": {"silent": [40, 200], "reacted": ["0"]}}
    frame = panel.result.followers[panel.chosen]
    assert len(frame) and (frame["x"] == 0).all() and (frame["s"] >= 36).all()
    panel.map.picked = {"brush": {}}
    assert panel.chosen.all()


def test_the_picture_counts_every_follower_once(simulated):
    panel = engage.panel(engage.segment(simulated))
    assert sum(row["followers"] for row in panel.map.data["map"]) == 1500
    assert sum(row["followers"] for row in panel.bars.data["bars"]) == 1500


def test_the_list_can_be_sorted_over_all_followers_and_saved(simulated):
    panel = engage.panel(engage.segment(simulated))
    panel.people.sort = {"key": "reacted", "descending": True}
    assert panel.people.rows[0][3] == str(panel.result.followers["x"].max())
    lines = panel._csv().decode("utf-8-sig").splitlines()
    assert len(lines) == 1501 and lines[0].startswith("account,name,segment,why")


def test_hostile_names_are_shown_as_text():
    evil = "<img src=x onerror=alert(1)>"
    study = account(posts=60, followers={"a": -1}, acts=likes("a", 58))
    study = study.with_(accounts=study.accounts.assign(name=evil, handle=evil))
    study = study.with_(settings=engage.Settings(title=evil))
    panel = engage.panel(study)
    markup = " ".join(part.value for part in every(panel) if isinstance(part, w.HTML))
    assert evil not in markup and "&lt;img" in markup


@pytest.mark.parametrize(
    "result",
    [engage.activity, engage.segment, engage.engagement_rates, engage.compare, lambda study: study],
    ids=["activity", "segments", "rates", "comparison", "study"],
)
def test_an_empty_study_gives_a_panel_that_says_what_to_bring(result):
    panel = engage.panel(result(Study()))
    assert "ring" in text(panel)  # "Bring ..."


def test_a_failing_callback_becomes_a_sentence_and_a_log(simulated, own_home, monkeypatch):
    panel = engage.panel(engage.segment(simulated))
    monkeypatch.setattr("engage.panels.segments.segment", lambda *a, **k: 1 / 0)
    panel.rate.value = 0.10
    assert "This did not work" in panel.status.value and "ZeroDivisionError" not in panel.status.value
    assert "ZeroDivisionError" in (own_home / "engage.log").read_text()


def test_every_control_has_a_description_and_every_button_a_word(simulated):
    for result in (engage.segment(simulated), engage.compare(roster()), engage.inbox(), engage.studies()):
        for part in every(engage.panel(result)):
            if isinstance(part, (w.Dropdown, w.SelectionSlider, w.BoundedIntText, w.Text, w.Textarea, w.Button)):
                assert part.description.strip(), part


def test_the_comparison_panel_never_mixes_platforms():
    panel = engage.panel(engage.compare(roster()))
    assert {row["handle"] for row in panel.chart.data["rows"]} == {"small", "big"}
    panel.platform.value = "tiktok"
    assert {row["handle"] for row in panel.chart.data["rows"]} == {"tik"}
    assert [row[0] for row in panel.table.rows] == ["tik"]


def test_thin_accounts_say_not_enough_data():
    panel = engage.panel(engage.compare(roster()))
    row = next(row for row in panel.table.rows if row[0] == "edge")
    assert row[4] == "not enough data (n = 3)"


def test_a_thing_without_a_panel_is_refused_in_words():
    with pytest.raises(TypeError, match="shows results of engage"):
        engage.panel(3)


def test_a_moved_rule_draws_the_list_once(simulated):
    panel = engage.panel(engage.segment(simulated))
    drawn = []
    real = panel.people.refresh
    panel.people.refresh = lambda: (drawn.append(1), real())
    panel.rate.value = 0.10
    assert drawn == [1]


def test_a_panel_speaks_the_language_of_the_page_it_is_on(tmp_path, monkeypatch):
    study = engage.simulate(followers=60, posts=60, seed=2)
    malay = study.with_(settings=engage.Settings(language="ms"))
    (tmp_path / "id").mkdir()
    (tmp_path / "start.ipynb").write_text("{}")
    spoken = {}
    for folder in (tmp_path, tmp_path / "id", Path("/")):
        monkeypatch.chdir(folder)
        spoken[folder.name] = engage.panel(malay).words.language
    assert spoken == {tmp_path.name: "en", "id": "id", "": "ms"}
    monkeypatch.setenv("QUERY_STRING", "lang=id")
    assert engage.panel(study).words.language == "id"
    assert engage.panel(study, language="ms").words.language == "ms"


def test_a_study_can_be_taken_out_of_the_list_on_the_start_page(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    engage.save(engage.simulate(followers=60, posts=60, seed=2), "satu")
    panel = engage.panel(engage.studies())
    panel.open.click()
    assert panel.result.id == "satu"
    panel.gone.click()
    assert panel.result.is_empty and "It still lies in" in text(panel) and panel.kept.layout.display == "none"


def test_the_list_can_be_narrowed_without_a_pointer():
    panel = engage.panel(engage.segment(engage.simulate(followers=300, posts=120, seed=2)))
    panel.quiet.value = 60
    wanted = int((panel.result.followers["s"] >= 60).sum())
    assert 0 < wanted < 300 and f"shows {wanted} of 300" in text(panel)
