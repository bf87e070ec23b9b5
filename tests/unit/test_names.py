"""Names typed or pasted: handles are kept, display names are told, and a post's likers become interactions."""

import pandas as pd
import pytest

import engage.readers as readers
from engage.messages import ReadError, StudyError
from engage.readers import read
from engage.readers.names import add_reactions, parse_names
from engage.readers.part import clean_handle
from engage.study import Study

PASTED = """sari.uji01's profile picture
sari.uji01
Sari Uji
Follow
bima_uji02
Bima
Ikuti
dewiuji
Dewi
Following
orang.luar
Orang Luar
"""


@pytest.fixture
def study():
    own = {"account_id": "instagram:kopi.uji"}
    return Study(
        accounts=pd.DataFrame([own | {"is_owner": True}]),
        posts=pd.DataFrame([own | {"post_id": "17", "shortcode": "DZrdixGAomb"}, own | {"post_id": "18"}]),
        followers=pd.DataFrame([own | {"follower_id": name} for name in ("sari.uji01", "bima_uji02", "dewiuji")]),
    )


def test_lists_with_any_separator_are_parted():
    assert parse_names("a.uji, @b_uji\thttps://instagram.com/c.uji/?igsh=x;d1 e2\n\nA.uji") == (
        ["a.uji", "b_uji", "c.uji", "d1", "e2"], [])  # fmt: skip


def test_a_list_pasted_from_the_app_gives_its_handles(study):
    known = frozenset(study.followers["follower_id"])
    assert parse_names(PASTED, known) == (
        ["sari.uji01", "bima_uji02", "dewiuji", "orang.luar"], ["Sari Uji", "Bima", "Dewi", "Orang Luar"])  # fmt: skip


@pytest.mark.parametrize("post", ["17", "DZrdixGAomb", "https://www.instagram.com/p/DZrdixGAomb/"])
def test_pasted_likers_become_interactions_and_coverage(study, post):
    told = add_reactions(study, post, PASTED)
    assert told.interactions["follower_id"].tolist() == ["sari.uji01", "bima_uji02", "dewiuji", "orang.luar"]
    assert told.coverage[["post_id", "kind", "complete"]].to_numpy().tolist() == [["17", "like", True]]
    assert told.abilities["named_interactions"] == (1, 2)
    assert any("Orang Luar" in str(note) for note in told.notes)
    assert study.interactions.empty, "the study given is not changed"


def test_pasting_twice_adds_nothing_and_may_correct_completeness(study):
    once = add_reactions(study, "17", "sari.uji01", complete=False)
    twice = add_reactions(once, "17", "sari.uji01\nbima_uji02")
    assert twice.interactions["follower_id"].tolist() == ["sari.uji01", "bima_uji02"]
    assert twice.coverage["complete"].tolist() == [True]


def test_an_unknown_post_or_kind_is_a_sentence(study):
    with pytest.raises(StudyError, match="no post 99"):
        add_reactions(study, "99", "a.uji")
    with pytest.raises(StudyError, match="not a way to react"):
        add_reactions(study, "17", "a.uji", kind="wave")


def test_a_text_file_is_followers_unless_its_name_says_likers(tmp_path):
    (tmp_path / "nama.txt").write_text("sari.uji01\nbima_uji02\n")
    (tmp_path / "likers_DZrdixGAomb.txt").write_text("sari.uji01\nAgus Uji\nbima_uji02")
    study = read(tmp_path)
    assert study.followers["follower_id"].tolist() == ["sari.uji01", "bima_uji02"]
    assert study.interactions["post_id"].tolist() == ["DZrdixGAomb"] * 2
    assert study.posts["published_at"].dt.date.astype(str).tolist() == ["2026-06-17"], "the link says when"
    assert any("Agus Uji" in str(note) for note in study.notes)


def test_prose_is_not_a_list_of_names(tmp_path):
    (tmp_path / "catatan.txt").write_text("Kopi kami enak sekali\nBesok ada promo\n")
    with pytest.raises(ReadError, match=r"catatan\.txt"):
        read(tmp_path)


def test_a_sample_is_read_from_its_raw_files_only(tmp_path, monkeypatch):
    folder = tmp_path / "kopi-uji"
    folder.mkdir()
    (folder / "pengikut.txt").write_text("sari.uji01")
    for hidden in ("_answers.txt", "README.txt", "truth.csv"):
        (folder / hidden).write_text("Username\njangan.uji\n")
    monkeypatch.setattr(readers, "_samples", lambda: tmp_path)
    study = readers.sample("kopi-uji")
    assert study.followers["follower_id"].tolist() == ["sari.uji01"]
    assert (study.settings.title, study.truth) == ("kopi-uji", None)
    with pytest.raises(ReadError, match="kopi-uji"):
        readers.sample("tiada")


def test_a_link_to_a_post_is_no_account():
    assert clean_handle("https://www.instagram.com/reel/DZrdixGAomb/") == ("", "instagram")
    assert clean_handle("https://www.tiktok.com/@Sari.Uji?lang=id") == ("sari.uji", "tiktok")
