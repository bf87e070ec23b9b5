"""TikTok's own export: three layouts and text, only what is needed, and nothing of what is private."""

import json
import zipfile

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read

FANS = [{"Date": "2026-05-10 14:14:05", "UserName": "sari.uji01"}, {"Date": "2026-05-08 17:03:59", "UserName": "b.uji"}]
PROFILE = {"ProfileMap": {"userName": "toko.uji"}}
LAYOUTS = {
    "2024": lambda fans: {
        "Activity": {"Follower List": {"FansList": fans}},
        "Profile": {"Profile Information": PROFILE},
    },
    "2025": lambda fans: {"Your Activity": {"Follower": {"FansList": fans}}, "Profile": {"Profile Info": PROFILE}},
    "2026": lambda fans: {"Profile And Settings": {"Follower": {"FansList": fans}, "Profile Info": PROFILE}},
}
FOLLOWER = "TikTok/Profile and Settings/Follower.txt"


@pytest.fixture
def export(tmp_path):
    def write(content, name="user_data_tiktok.json"):
        path = tmp_path / name
        if isinstance(content, dict) and name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as packed:
                for inside, text in content.items():
                    packed.writestr(inside, text if isinstance(text, str) else json.dumps(text))
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["user_data.json", "user_data_tiktok.json", "user_data (1).json", "tiktok saya.json"])
def test_followers_are_found_in_every_layout_under_any_name(export, layout, name):
    study = read(export(LAYOUTS[layout](FANS), name))
    assert study.owner == "tiktok:toko.uji"
    assert study.followers["follower_id"].tolist() == ["sari.uji01", "b.uji"]
    assert study.followers["followed_at"].tolist()[0] == pd.Timestamp("2026-05-10T14:14:05Z")


def test_small_letters_and_other_cases_of_keys_are_the_same(export):
    fans = [
        {"date": "2026-05-10 14:14:05", "userName": "sari.uji01"},
        {"DATE": "2026-05-09 00:00:00", "username": "b.uji"},
    ]
    study = read(
        export({"activity": {"follower list": {"fansList": fans}}, "profile": {"profileMap": {"UserName": "toko.uji"}}})
    )
    assert study.followers["handle"].tolist() == ["sari.uji01", "b.uji"]
    assert study.followers["followed_at"].notna().all()


def test_null_is_an_empty_list_and_an_empty_list_of_followers_is_told(export):
    study = read(export(LAYOUTS["2026"](None)))
    assert study.followers.empty
    assert any("lists no followers" in text for text in told(study, "warning"))


def test_who_is_followed_back_is_unknown_when_the_list_is_absent(export):
    document = LAYOUTS["2026"](FANS)
    assert read(export(document)).followers["is_following_back"].isna().all()
    document["Profile And Settings"]["Following"] = {"Following": None}
    assert read(export(document)).followers["is_following_back"].tolist() == [False, False]
    document["Profile And Settings"]["Following"] = {"Following": "Everyone"}  # a setting of that name
    assert read(export(document)).followers["is_following_back"].isna().all()
    document["Profile And Settings"]["Following"] = {"Following": [{"Date": "", "UserName": "B.Uji"}]}
    assert read(export(document)).followers["is_following_back"].tolist() == [False, True]


def test_a_watched_video_is_no_post_and_a_comment_no_interaction(export):
    video = {"Date": "2026-05-01 10:00:00", "Link": "https://www.tiktokv.com/share/video/7000000000000000001/"}
    document = LAYOUTS["2025"](FANS)
    document["Your Activity"] |= {
        "Watch History": {"VideoList": [video]},
        "Video Browsing History": {"VideoList": [video]},
    }
    document["Comment"] = {"Comments": {"CommentsList": [{"date": "2026-05-02 03:00:00", "comment": "keren"}]}}
    study = read(export(document))
    assert study.posts.empty
    assert study.interactions.empty
    assert study.replies.empty
    assert any("left out: 1 and 0" in text for text in told(study))


def test_posts_of_one_second_without_a_video_in_their_link_stay_two(export):
    video = {"Date": "2026-05-01 10:00:00", "Link": "https://v16m.tiktokcdn.invalid/a", "Likes": "1"}
    document = LAYOUTS["2026"](FANS) | {
        "Post": {"Posts": {"VideoList": [video, video | {"Likes": "2"}, {"Likes": "3"}]}}
    }
    study = read(export(document))
    assert study.posts["likes"].tolist() == [1, 2]
    assert any("neither a time nor a link to a video, left out: 1" in text for text in told(study, "warning"))


def test_whose_it_is_may_stand_in_the_links_only(export):
    link = "https://www.tiktok.com/@Toko.Uji/video/7412345678901234567"
    study = read(
        export(
            {
                "Activity": {"Follower List": {"FansList": FANS}},
                "Video": {"Videos": {"VideoList": [{"Date": "2026-05-01 10:00:00", "Link": link}]}},
            }
        )
    )
    assert study.owner == "tiktok:toko.uji"
    assert read(export({"Activity": {"Follower": {"FansList": FANS}}, "Post": {}})).owner == "tiktok:own"


def test_nothing_private_gets_into_a_table(export):
    secret = "rahasia"
    document = LAYOUTS["2026"](FANS) | {
        "Direct Message": {
            "Direct Messages": {
                "ChatHistory": {"Chat History with x:": [{"From": secret, "Content": secret}]},
                "FansList": [{"Date": "2026-05-10 14:14:05", "UserName": secret}],
            }
        },
        "Your Activity": {"Login History": {"LoginHistoryList": [{"IP": secret, "DeviceModel": secret}]}},
    }
    document["Profile And Settings"]["Profile Info"]["ProfileMap"] |= {
        "emailAddress": secret,
        "telephoneNumber": secret,
    }
    study = read(export(document))
    everything = " ".join(table.to_string() for table in study.tables.values()) + " ".join(told(study))
    assert secret not in everything


def test_of_text_only_the_files_that_are_needed_are_opened(export, monkeypatch):
    opened, really_open = [], zipfile.ZipFile.open
    block = "Date: 2026-05-10 14:14:05 UTC\nUsername: sari.uji01\n\n"
    path = export(
        {
            FOLLOWER: block,
            "TikTok/Direct Messages/Chat.txt": block,
            "TikTok/Your Activity/Watch History.txt": block,
            "TikTok/Comments/Comments.txt": block,
            "TikTok/Direct Messages/Follower.json": "{}",
        },
        "TikTok_Data_1.zip",
    )

    def spy(self, member, *rest):
        opened.append(member.filename)
        return really_open(self, member, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    assert read(path).followers["follower_id"].tolist() == ["sari.uji01"]
    assert set(opened) == {FOLLOWER}


def test_a_block_without_a_name_does_not_shift_the_others(export):
    text = "Date: 2026-05-10 14:14:05 UTC\n\nUsername: a.uji\n\nDate: 2026-05-09 14:14:05 UTC\r\nUsername: b.uji\r\n"
    study = read(export({FOLLOWER: "Date: 2026-05-11 00:00:00\nUsername: c.uji\n\n" + text}, "x.zip"))
    found = dict(zip(study.followers["handle"], study.followers["followed_at"], strict=True))
    assert pd.isna(found["a.uji"])
    assert found["b.uji"] == pd.Timestamp("2026-05-09T14:14:05Z")
    assert found["c.uji"] == pd.Timestamp("2026-05-11T00:00:00Z")


def test_a_caption_of_several_lines_with_colons_stays_whole(export):
    title = "Promo\nHarga: 20rb\n\nBuka: 9-5 #kopi"
    posts = f"Date: 2026-05-01 10:00:00\nTitle: {title}\nLikes: 7\n\nDate: 2026-05-02 10:00:00\nLikes: 8\n"
    study = read(
        export({FOLLOWER: "Date: 2026-05-10 14:14:05\nUsername: a.uji\n", "TikTok/Post/Posts.txt": posts}, "x.zip")
    )
    assert study.posts["caption"].tolist()[0] == title
    assert study.posts["likes"].tolist() == [7, 8]


def test_a_list_of_names_called_follower_txt_is_still_a_list_of_names(export):
    study = read(export("sari.uji01\nbima_uji02\n", "Follower.txt"))
    assert study.followers["account_id"].unique().tolist() == ["own"]
    assert len(study.followers) == 2


def test_a_folder_of_the_user_is_not_taken_for_private(export, tmp_path):
    (tmp_path / "TikTok Shop").mkdir()
    (tmp_path / "TikTok Shop" / "daftar.csv").write_text("username\nlain.uji\n")
    export(LAYOUTS["2026"](FANS))
    study = read(tmp_path)
    assert len(study.followers) == 3
    assert not any("not opened" in text for text in told(study))


def test_fewer_followers_than_stated_is_told(export):
    document = LAYOUTS["2026"](FANS)
    document["Profile And Settings"]["Profile Info"]["ProfileMap"]["followerCount"] = "900"
    study = read(export(document))
    assert study.accounts["followers"].tolist() == [900]
    assert any("2 of 900 followers" in text for text in told(study, "warning"))


def test_names_that_are_no_handles_are_told_and_blank_ones_counted(export):
    study = read(export(LAYOUTS["2026"]([*FANS, {"Date": "", "UserName": "   "}, {"Date": "", "UserName": "a b<c>"}])))
    assert len(study.followers) == 2
    assert any("without a name, left out: 1" in text for text in told(study))
    assert any("a b<c>" in text for text in told(study, "warning"))


def test_a_broken_export_is_told(export):
    with pytest.raises(ReadError, match="not complete, valid JSON"):
        read(export('{"Activity": {"Follower List": {"FansList": ['))


@pytest.mark.parametrize(
    "odd",
    [
        None,
        5,
        "x",
        [],
        {},
        [[]],
        [None],
        [{"Date": {}, "UserName": []}],
        {"FansList": {"FansList": 3}},
        [{"Date": 1e300, "UserName": True}],
        [{"Date": "9" * 400, "UserName": "a" * 9000}],
    ],
)
def test_hostile_values_end_in_notes(export, odd):
    for document in (
        {"Activity": odd, "Video": odd, "Profile": odd, "Comment": odd},
        {
            "Activity": {"FansList": odd, "Following": {"Following": odd}},
            "Profile": {"ProfileMap": odd},
            "Post": {"Posts": {"VideoList": odd}},
        },
        {"Activity": {"FansList": FANS}, "Profile": {"ProfileMap": {"userName": odd, "followerCount": odd}}},
        {
            "Activity": {"FansList": FANS},
            "Post": {"Posts": {"VideoList": [{"Date": odd, "Link": odd, "Likes": odd, "Title": odd}]}},
        },
    ):
        try:
            study = read(export(document))
        except ReadError:
            continue
        assert not any("content is not what it should be" in text for text in told(study))


def test_a_deep_tree_and_many_rows_are_read_whole(export):
    deep = '{"a":' * 900 + "1" + "}" * 900
    rows = ",".join(f'{{"Date": "2026-05-10 14:14:05", "UserName": "u{n}.uji"}}' for n in range(100_000))
    study = read(export(f'{{"Activity": {{"FansList": [{rows}]}}, "Profile": {deep}}}'))
    assert len(study.followers) == 100_000
    lines = "Date: 2026-05-10 14:14:05\nUsername: a.uji\n" + "x\n" * 1_000_000
    assert len(read(export({FOLLOWER: lines}, "x.zip")).followers) <= 1


def test_two_downloads_of_one_name_are_two_exports_and_their_posts_are_the_same_ones(export, tmp_path):
    members = {
        FOLLOWER: "Date: 2026-05-10 14:14:05\nUsername: a.uji\n",
        "TikTok/Post/Posts.txt": "Date: 2026-05-01 10:00:00\nLink: https://v16m.tiktokcdn.invalid/a\nLikes: 7\n",
    }
    (tmp_path / "x").mkdir()
    first, second = export(members, "a.zip"), export(members, "x/a.zip")
    study = read(first, second)
    assert study.posts["post_id"].tolist() == ["ts-1777629600"]
    assert study.posts["likes"].tolist() == [7]
