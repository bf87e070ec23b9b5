"""What the mutants of tools/mutants.py brought to light: each absurdity is a sentence, and nothing else is lost."""

import json
import zipfile

import pandas as pd
import pytest

from engage.messages import ReadError, message
from engage.readers import read
from engage.readers.dates import shortcode_time
from engage.study import Note, Study
from engage.words import LANGUAGES, Words


@pytest.fixture
def given(tmp_path):
    def bring(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return bring


def told(study):
    return " ".join(str(note) for note in study.notes if note.level == "warning")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_holds_letters_that_deceive_or_steer_a_terminal(given, language):
    with pytest.raises(ReadError) as caught:
        read(given("a.csv", "\x1b[2Jabc\x07,\u202egnp.exe,x\n1,2,3\n"))
    note = Note("info", "a.csv", message("{a}", a=["\x1b", message("{b}", b="\u2066b")]))
    said = Words(language).say(caught.value) + Words(language).say(note)
    assert "abc" in said and "gnp.exe" in said
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(said)


@pytest.mark.parametrize("stamp", [3_000_000_000, 3_000_000_000_000, 86_400])
def test_a_follower_of_tomorrows_century_came_at_a_time_that_is_not_known(given, stamp):
    people = [("a.uji", 1_760_000_000), ("b.uji", stamp)]
    entries = [{"title": "", "string_list_data": [{"value": name, "timestamp": time}]} for name, time in people]
    study = read(given("followers_1.json", entries))
    assert study.followers["followed_at"].isna().tolist() == [False, True]
    assert study.until == study.followers["last_seen_at"].max() == pd.Timestamp(1_760_000_000, unit="s", tz="UTC")
    assert "before 2004 or in the future" in told(study)


def test_a_link_whose_clock_is_ahead_of_ours_is_no_clock():
    assert shortcode_time("DZrdixGAomb") is not None
    assert shortcode_time("jZrdixGAomb") is None


def test_counts_that_nobody_can_have_are_left_empty_and_told():
    accounts = pd.DataFrame({"account_id": ["x:a", "x:b"], "followers": [1e17, 9e9], "engagement_rate": [1e17, 0.1]})
    study = Study(accounts=accounts)
    assert study.accounts["followers"].isna().tolist() == study.accounts["engagement_rate"].isna().tolist()
    assert study.accounts["followers"].tolist()[1] == 9_000_000_000
    assert sum(note.count for note in study.notes) == 2


def test_a_study_that_holds_nothing_says_so(given):
    headers = "profileUrl,username,postUrl,description,commentCount,likeCount,pubDate,isSidecar,type,caption"
    study = read(given("result.csv", headers))
    assert study.is_empty and "nothing in them can be used" in told(study)
    insight = {"name": "views", "period": "lifetime", "values": [{"value": -1}], "id": "17900000000000000/insights/x/y"}
    with pytest.raises(ReadError, match="nothing in them can be used"):
        read(given("media_insights_17900000000000000.json", {"data": [insight]}))


def test_a_name_as_long_as_a_book_is_no_follower_of_the_graph_api(given):
    comments = [{"id": "1", "text": "enak", "username": "x" * 101, "timestamp": "2026-06-17T07:45:03+0000"}]
    comments.append(comments[0] | {"id": "2", "username": "Sari.Uji"})
    study = read(given("comments_17900000000000000.json", {"data": comments}))
    assert study.interactions["follower_id"].fillna("").tolist() == ["", "sari.uji"]
    assert any("author the API did not name: 1" in str(note) for note in study.notes)


def test_two_tables_of_one_name_in_a_zip_are_two_tables(given, caplog):
    table = '"Date","Video Views","Profile Views","Likes","Comments","Shares"\n"December 30","97","3","9","0","1"\n'
    path = given("Overview_2025-11-04_1767495600_toko.uji.zip", b"")
    with zipfile.ZipFile(path, "w") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("Overview.csv", table)
        packed.writestr("Overview.csv", table + '"December 31","240","4","24","-1","0"\n')
    study = read(path)
    assert study.days["views"].tolist() == [97, 240]
    assert not caplog.records, "each was read alone, after they could not be read together"


def test_one_wide_line_in_a_long_file_does_not_cost_its_width_on_every_line(tmp_path, monkeypatch):
    monkeypatch.setattr("engage.readers.text.AREA", 1_000_000)
    (tmp_path / "wide.csv").write_text("username" + "," * 400 + "\n" + "ani.uji\n" * 5_000)
    with pytest.raises(ReadError, match="more cells than can be read"):
        read(tmp_path / "wide.csv")
