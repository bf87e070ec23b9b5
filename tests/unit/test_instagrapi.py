"""What people dump from instagrapi: whose list it is, what is unknown stays unknown, and nothing private is kept."""

import json

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read

CODE, PK = "DX5mgw8BPRH", "3889309130548376647"


def user(name="sari.uji", pk="1001", **more):
    return {"pk": pk, "username": name, "full_name": "", "is_private": False, "is_verified": False,
            "profile_pic_url": "https://example.invalid/p.jpg"} | more  # fmt: skip


def media(**more):
    return {"pk": PK, "id": f"{PK}_9", "code": CODE, "taken_at": "2026-05-04T02:30:00Z", "media_type": 1,
            "product_type": "feed", "user": user("kopi.uji", "9"), "like_count": 2, "comment_count": 1,
            "caption_text": "", "view_count": 0, "play_count": None} | more  # fmt: skip


@pytest.fixture
def given(tmp_path):
    def write(document, name="followers.json"):
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.mark.parametrize("document", [{"1001": user()}, [user()], {"3": user(pk="3")}, {"followers": [user()]},
                                      {"followers": {"1001": user()}}])  # fmt: skip
def test_followers_are_a_list_or_an_object_by_number(given, document):
    assert read(given(document)).followers["follower_id"].tolist() == ["sari.uji"]


def test_a_picture_is_known_only_where_it_is_said(given):
    rows = [user("a.uji", has_anonymous_profile_picture=True), user("b.uji", has_anonymous_profile_picture=False),
            user("c.uji", has_anonymous_profile_picture=None), user("d.uji")]  # fmt: skip
    pictured = read(given(rows)).followers["has_picture"]
    assert pictured.isna().tolist() == [False, False, True, True] and pictured.dropna().tolist() == [False, True]


def test_counts_are_there_only_for_those_who_were_looked_up(given):
    rows = [user("a.uji"), user("b.uji", media_count=0, follower_count=340, following_count=7500, biography="halo")]
    found = read(given(rows)).followers
    assert found[["posts", "followers", "following"]].isna().all(axis=1).tolist() == [True, False]
    assert found.iloc[1][["posts", "followers", "following", "has_bio"]].tolist() == [0, 340, 7500, True]


def test_what_is_private_is_in_no_table(given):
    row = user(public_email="a@example.invalid", public_phone_number="0812", contact_phone_number="0812",
               address_street="Jalan Uji")  # fmt: skip
    study = read(given([row]), given([media(location={"lat": -6.2345, "lng": 106.8, "name": "Kedai"})], "m.json"))
    kept = "".join(frame.to_csv() for frame in study.tables.values())
    assert not any(word in kept for word in ("a@example", "0812", "Jalan", "6.2345", "Kedai"))


@pytest.mark.parametrize(
    ("name", "table", "guessed"),
    [("followers.json", "followers", False), ("pengikut_kopi.json", "followers", False),
     ("kopi_following.json", "following", False), ("users.json", "followers", True)],
)  # fmt: skip
def test_the_name_says_whose_list_it_is_else_it_is_a_guess(given, name, table, guessed):
    study = read(given([user()], name))
    assert getattr(study, table)["handle"].tolist() == ["sari.uji"]
    assert any("does not say whose list" in text for text in told(study, "guess")) == guessed


@pytest.mark.parametrize("name", [f"likers_{CODE}.json", f"media_likers_{PK}.json", f"likers_{PK}.json"])
@pytest.mark.parametrize(("likes", "complete"), [(2, True), (50, False), (None, False)])
def test_likers_are_of_the_post_in_the_name_and_complete_as_it_says(given, name, likes, complete):
    study = read(given([user(), user("bima.uji", "1002")], name), given([media(like_count=likes)], "medias.json"))
    assert study.interactions[["follower_id", "post_id", "kind"]].to_numpy().tolist() == [
        ["sari.uji", PK, "like"], ["bima.uji", PK, "like"]]  # fmt: skip
    assert study.coverage["complete"].tolist() == [complete] and study.followers.empty


def test_comments_name_their_post_by_the_file_and_answers_name_their_comment(given):
    rows = [{"pk": "181", "text": "mau", "user": user(), "created_at_utc": "2026-05-04T03:00:00Z"},
            {"pk": "182", "text": "siap", "user": user("kopi.uji", "9"), "created_at_utc": "2026-05-04T03:01:00Z",
             "replied_to_comment_id": "181"}]  # fmt: skip
    for document, name in ((rows, f"comments_{CODE}.json"), ({PK: rows}, "comments.json")):
        study = read(given(document, name), given([media()], "medias.json"))
        assert study.interactions[["source_id", "post_id"]].to_numpy().tolist() == [["181", PK]]
        assert study.replies["follower_id"].tolist() == ["sari.uji"]
        (given(document, name)).unlink()


@pytest.mark.parametrize(
    ("more", "kind", "views"),
    [({}, "photo", None), ({"media_type": 8, "product_type": "carousel_container"}, "carousel", None),
     ({"media_type": 2, "product_type": "clips", "play_count": 41}, "reel", 41),
     ({"media_type": 2, "product_type": "igtv", "view_count": 7}, "video", 7),
     ({"media_type": 2, "product_type": "feed", "taken_at": 1_777_861_800}, "video", None)],
)  # fmt: skip
def test_posts_have_their_kind_and_no_views_that_nobody_counted(given, more, kind, views):
    row = read(given([media(**more)], "medias.json")).posts.iloc[0]
    assert (row["kind"], str(row["published_at"])) == (kind, "2026-05-04 02:30:00+00:00")
    assert pd.isna(row["views"]) if views is None else row["views"] == views


def test_one_user_alone_is_an_account(given):
    study = read(given(user("kopi.uji", "9", follower_count=3537), "kopi.json"))
    assert study.accounts[["account_id", "followers"]].to_numpy().tolist() == [["instagram:kopi.uji", 3537]]
    assert study.followers.empty


def test_the_same_comment_of_three_programs_is_one(given, tmp_path):
    mine = [{"pk": "181", "text": "mau", "user": user(), "created_at_utc": "2026-05-04T03:00:00Z"}]
    apify = [{"postUrl": f"https://www.instagram.com/p/{CODE}/", "id": "181", "text": "mau",
              "ownerUsername": "sari.uji",
              "timestamp": "2026-05-04T03:00:00.000Z", "repliesCount": 0}]  # fmt: skip
    loader = [
        {"id": "181", "created_at": 1_777_863_600, "text": "mau", "owner": {"username": "sari.uji"}, "answers": []}
    ]
    study = read(given(mine, f"comments_{CODE}.json"), given(apify, "apify.json"),
                 given(loader, "2026-05-04_02-30-00_UTC_comments.json"), given([media()], "medias.json"))  # fmt: skip
    assert study.interactions[["source_id", "post_id"]].to_numpy().tolist() == [["181", PK]]
    assert len(study.posts) == 1


@pytest.mark.parametrize("bad", [{"username": None}, {"username": {}}, {"pk": 1e300}, {"is_private": "x"},
                                 {"follower_count": -5}, {"full_name": []}])  # fmt: skip
def test_a_hostile_user_spoils_only_itself(given, bad, caplog):
    study = read(given([user(**bad), user("baik.uji", "1002"), None, 5, {"x": 1}]))
    assert "baik.uji" in study.followers["follower_id"].tolist() and not caplog.records


@pytest.mark.parametrize("document", [[], {}, {"a": 1}, [[user()]], {"pk": 1}, [{"pk": 1, "name": "x"}]])
def test_other_json_is_not_claimed(given, document):
    with pytest.raises(ReadError):
        read(given(document, "x.json"))
