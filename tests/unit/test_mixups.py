"""Files that look like those of another source are read as what they are."""

import json

import pytest

from engage.readers import read


def given(tmp_path, name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read(tmp_path / name)


def told(study):
    return " ".join(str(note) for note in study.notes)


def test_one_media_of_the_graph_api_is_not_taken_for_instaloaders(tmp_path):
    media = {"id": "17900000000000000", "shortcode": "DZrdixGAomb", "like_count": 367, "comments_count": 12,
             "timestamp": "2026-06-17T07:45:03+0000", "media_type": "IMAGE", "username": "kopi.contoh.uji"}  # fmt: skip
    study = given(tmp_path, "media_1.json", media)
    assert "Graph API" in told(study)
    row = study.posts.iloc[0]
    assert (row["likes"], row["comments"], row["kind"]) == (367, 12, "photo") and study.owner.endswith(
        "kopi.contoh.uji"
    )


@pytest.mark.parametrize("head", ["Tanggal,Penayangan,Subscriber", "Date,Views,Subscribers"])
def test_days_kept_by_hand_hold_totals_and_not_new_subscribers(tmp_path, head):
    study = given(tmp_path, "harian.csv", f"{head}\n2026-06-01,100,3500\n2026-06-02,120,3510\n")
    assert "YouTube" not in told(study) and study.days["new_follows"].isna().all()


def test_videos_kept_by_hand_are_not_taken_for_youtubes(tmp_path):
    (tmp_path / "ok.csv").write_text("Username\nsari.uji01\nbima_uji02\n")
    (tmp_path / "v.csv").write_text("Video title,Video publish time,Likes\nSatu,2026-06-01,5\n")
    study = read(tmp_path)
    assert "YouTube" not in told(study)


def test_a_post_of_x_is_no_comment_on_instagram(tmp_path):
    posts = [{"id": 1, "text": "halo", "user": {"username": "ani.uji"}, "created_at": "Wed Sep 26 00:00:00 +0000 2018"}]
    (tmp_path / "ok.csv").write_text("Username\nsari.uji01\nbima_uji02\n")
    (tmp_path / "x.json").write_text(json.dumps(posts))
    assert read(tmp_path).interactions.empty


def test_a_list_whose_names_are_no_accounts_says_so(tmp_path):
    (tmp_path / "ok.csv").write_text("Username\nsari.uji01\nbima_uji02\n")
    (tmp_path / "kol.csv").write_text("Nama,Username,Followers,Niche\nSari Uji,Sari Uji,100,kopi\n")
    study = read(tmp_path)
    assert "Not account names, left out: Sari Uji" in told(study) and "not what it should be" not in told(study)


def test_amounts_in_reais_and_dong_are_known(tmp_path):
    study = given(
        tmp_path, "pesanan.csv", "No Pesanan;Tanggal;Total\nA1;2026-06-01;R$ 1.234,50\nA2;2026-06-01;₫250.000\n"
    )
    assert list(zip(study.sales["amount"], study.sales["currency"], strict=True)) == [(1234.5, "BRL"), (250000, "VND")]
