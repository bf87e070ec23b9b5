"""Instagram's own export: all layouts, no doubled post, no private file opened, and every doubt told."""

import json
import zipfile

import pandas as pd
import pytest

from engage.readers import read

HERE = "connections/followers_and_following/"
INSIGHTS = "logged_information/past_instagram_insights/"
MEDIA = "your_instagram_activity/media/"


def person(name, time=1_760_000_000):
    return {
        "title": "",
        "string_list_data": [{"href": f"https://www.instagram.com/{name}", "value": name, "timestamp": time}],
    }


def insight(time, uri="", **values):
    fields = {label.replace("_", " "): {"value": value, "timestamp": 0} for label, value in values.items()}
    thumb = {"Media Thumbnail": {"uri": uri, "creation_timestamp": time}} if uri else {}
    return {
        "media_map_data": thumb,
        "string_map_data": fields | {"Creation Timestamp": {"value": "", "timestamp": time}},
    }


@pytest.fixture
def export(tmp_path):
    def write(members, name="instagram-kopi.uji-2026-05-12-Ab3dE5gH.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for path, content in members.items():
                packed.writestr(path, content if isinstance(content, (str, bytes)) else json.dumps(content))
        return tmp_path / name

    return write


def test_an_export_in_several_zips_is_one(export):
    first = export({HERE + "followers_1.json": [person("a.uji")]}, "instagram-kopi.uji-2026-05-12-aaaa.zip")
    second = export({HERE + "followers_2.json": [person("b.uji")], HERE + "following.json": {"x": [person("A.uji")]}},
                    "instagram-kopi.uji-2026-05-12-bbbb.zip")  # fmt: skip
    study = read(second, first)
    assert study.owner == "instagram:kopi.uji"
    assert dict(zip(study.followers["handle"], study.followers["is_following_back"], strict=True)) == {
        "a.uji": True,
        "b.uji": False,
    }


def test_two_accounts_stay_apart(export):
    first = export({HERE + "followers_1.json": [person("a.uji")]}, "instagram-satu.uji-2026-05-12-aa.zip")
    second = export({HERE + "followers_1.json": [person("b.uji")]}, "instagram-dua.uji-2026-05-12-bb.zip")
    study = read(first, second)
    assert sorted(study.followers["account_id"]) == ["instagram:dua.uji", "instagram:satu.uji"]
    assert any("several accounts" in str(note) for note in study.notes)


def test_private_files_are_never_opened(export, monkeypatch):
    opened, really_open = [], zipfile.ZipFile.open
    path = export({
        HERE + "followers_1.json": [person("a.uji")], "messages/inbox/x/message_1.json": {"messages": []},
        "connections/contacts/synced_contacts.json": [], "personal_information/device_information/camera.json": {},
        "messages/inbox/x/message_1.html": "<html>", "logged_information/places/places.json": [],
    })  # fmt: skip

    def spy(self, member, *rest):
        opened.append(member.filename)
        return really_open(self, member, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    read(path)
    assert set(opened) == {HERE + "followers_1.json"}


def test_the_name_is_value_else_title_else_the_end_of_the_link(export):
    entries = [person("satu.uji"), {"title": "Dua.uji", "string_list_data": [{"href": "x", "timestamp": 1}]},
               {"title": "", "string_list_data": [{"href": "https://www.instagram.com/_u/tiga.uji"}]},
               {"title": "", "string_list_data": []},
               {"timestamp": 5, "label_values": [{"label": "Username", "value": "empat.uji"}]}]  # fmt: skip
    study = read(export({HERE + "followers_1.json": entries}))
    assert study.followers["handle"].tolist() == ["satu.uji", "dua.uji", "tiga.uji", "empat.uji"]
    assert any("without a name, left out: 1" in str(note) for note in study.notes)


def test_insights_and_media_lists_give_each_post_once(export):
    picture = {"uri": "a_1.jpg", "creation_timestamp": 1_760_000_000}
    post = insight(1_760_000_000, "media/x_17900000000000001.jpg", Likes="1,110", Comments="--", Plays="7")
    study = read(export({
        INSIGHTS + "posts.json": {"organic_insights_posts": [post]},
        MEDIA + "posts_1.json": [{"title": "Halo #Kopi #kopi", "media": [picture] * 2}],
    }))  # fmt: skip
    [row] = study.posts.to_dict("records")
    assert (row["post_id"], row["kind"], row["hashtags"], row["likes"]) == (
        "17900000000000001",
        "carousel",
        "kopi",
        1110,
    )
    assert row["views"] == 7 and pd.isna(row["comments"]) and pd.isna(row["impressions"])


def test_a_post_without_media_has_an_id_from_its_time(export):
    study = read(export({INSIGHTS + "posts.json": {"any_key": [insight(1_760_000_000, Likes="3")]}}))
    assert study.posts[["post_id", "likes"]].to_numpy().tolist() == [["ts-1760000000", 3]]


def test_numbers_that_are_not_known_are_shown(export):
    study = read(export({INSIGHTS + "posts.json": {"o": [insight(1_760_000_000, Likes="3", Sparkles="99")]}}))
    assert any("sparkles (99)" in str(note) for note in study.notes if note.level == "warning")


def test_stories_count_as_posts_only_with_numbers(export):
    study = read(export({
        MEDIA + "stories.json": {"ig_stories": [{"uri": "s_1234567.mp4", "creation_timestamp": 1_760_000_000}]},
        INSIGHTS + "stories.json": {"o": [insight(1_760_000_500, Impressions="12")]},
    }))  # fmt: skip
    assert study.posts[["kind", "impressions"]].to_numpy().tolist() == [["story", 12]]


def test_a_broken_member_is_told_and_the_rest_is_read(export):
    study = read(
        export({HERE + "followers_1.json": [person("a.uji")], HERE + "following.json": '{"relationships_following": ['})
    )
    assert study.followers["handle"].tolist() == ["a.uji"]
    assert [note.level for note in study.notes if "following.json" in str(note)] == ["error"]


def test_an_html_export_asks_for_json(export):
    study = read(export({HERE + "followers_1.html": "<html><body></body></html>", "a.csv": "Username\na.uji\n"}))
    assert any("choose JSON" in str(note) for note in study.notes)


def test_a_full_list_is_not_called_partial(export):
    facts = {"o": [{"string_map_data": {"Followers": {"value": "1"}}}]}
    study = read(export({HERE + "followers_1.json": [person("a.uji")], INSIGHTS + "audience_insights.json": facts}))
    assert not [note for note in study.notes if note.level == "warning"]
    assert study.abilities["follower_list"] == (1, 1)


def test_loose_files_of_one_export_belong_together(tmp_path):
    (tmp_path / "followers_1.json").write_text(json.dumps([person("a.uji")]))
    (tmp_path / "following.json").write_text(json.dumps({"relationships_following": [person("a.uji")]}))
    study = read(tmp_path / "followers_1.json", tmp_path / "following.json")
    assert study.followers["is_following_back"].tolist() == [True]
    assert study.owner == "own"


def test_business_suite_numbers_win_and_meet_the_export_s_post(export, tmp_path):
    csv = tmp_path / "konten.csv"
    rows = ('Post ID,Account username,Publish time,Permalink,Post type,Likes,Reach\n'
            '1.8E+17,kopi.uji,06/17/2026 00:45,https://www.instagram.com/reel/DZrdixGAomb/,reel,50,\n')  # fmt: skip
    csv.write_text(rows)
    at = int(pd.Timestamp("2026-06-17T07:45:20Z").timestamp())
    study = read(export({INSIGHTS + "posts.json": {"o": [insight(at, Likes="40", Accounts_reached="700")]}}), csv)
    assert study.posts[["post_id", "likes", "reach"]].to_numpy().tolist() == [["DZrdixGAomb", 50, 700]]
    assert any("rounded" in str(note) for note in study.notes)
