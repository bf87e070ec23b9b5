"""Apify's Instagram actors: one post and one comment however often they are given, and nothing hidden is a number."""

import json
from pathlib import Path

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read

CODE, PK, MADE = "DX5mgw8BPRH", "3889309130548376647", "2026-05-04T02:30:00.000Z"


def post(**more):
    return {"id": PK, "shortCode": CODE, "type": "Image", "url": f"https://www.instagram.com/p/{CODE}/",
            "timestamp": MADE, "ownerUsername": "kopi.uji", "likesCount": 5, "commentsCount": 2} | more  # fmt: skip


def comment(number, who="sari.uji", at="", **more):
    at = f"2026-05-04T03:00:{int(number or 0) % 60:02}.000Z" if at == "" else at
    return {"postUrl": f"https://www.instagram.com/p/{CODE}/", "id": number, "text": "mau", "ownerUsername": who,
            "timestamp": at, "repliesCount": 0, "replies": []} | more  # fmt: skip


@pytest.fixture
def given(tmp_path):
    def write(items, name="dataset_instagram-scraper.json"):
        path = tmp_path / name
        path.write_text(items if isinstance(items, str) else json.dumps(items), encoding="utf-8")
        return path

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"type": "Image"}, "photo"),
        ({"type": "Sidecar"}, "carousel"),
        ({"type": "Video"}, "video"),
        ({"type": "Video", "productType": "clips"}, "reel"),
        ({"type": "Video", "url": f"https://www.instagram.com/reel/{CODE}/"}, "reel"),
        ({"type": "GraphSidecar"}, "carousel"),
        ({"type": 7}, None),
    ],
)
def test_the_kind_of_a_post_is_read_from_type_product_and_link(given, more, kind):
    [found] = read(given([post(**more)])).posts["kind"]
    assert found == kind or (kind is None and pd.isna(found))


def test_hidden_numbers_are_null_and_counted(given):
    study = read(given([post(likesCount=-1, commentsCount=-1), post(id="1234567", shortCode="DX_xY_4hRM2")]))
    assert study.posts["likes"].isna().tolist() == [True, False]
    assert study.posts["comments"].isna().tolist() == [True, False]
    assert any("hidden (-1), left empty: 1" in text for text in told(study, "info"))


def test_plays_win_over_views_and_both_are_views(given):
    study = read(given([post(videoViewCount=2000, videoPlayCount=4100), post(id="2", shortCode="DX_xY_4hRM2",
                                                                              videoViewCount=7)]))  # fmt: skip
    assert study.posts["views"].tolist() == [4100, 7] and study.posts["impressions"].isna().all()


def test_a_number_that_a_spreadsheet_rounded_is_made_again_from_the_code(given):
    table = f"id,shortCode,ownerUsername,timestamp,likesCount\n3.88931E+18,{CODE},kopi.uji,{MADE},5\n"
    assert read(given(table, "flat.csv")).posts["post_id"].tolist() == [PK]


def test_a_comment_is_counted_once_by_its_number_in_whatever_file(given):
    first = given([post(latestComments=[comment("181"), comment("182")])])
    second = given([comment("182"), comment("183", replies=[comment("184", "bima.uji")])], "comments.json")
    study = read(first, second)
    assert study.interactions["source_id"].tolist() == ["181", "182", "183", "184"]


def test_equal_comments_of_one_person_are_two_when_their_numbers_and_times_differ(given):
    study = read(given([comment("181"), comment("182", at="2026-05-04T03:00:30.000Z")]))
    assert study.interactions["source_id"].tolist() == ["181", "182"]


def test_replies_of_the_account_are_no_interactions_and_name_whom_they_answer(given):
    answer = comment("182", "kopi.uji", "2026-05-04T04:00:00.000Z", text="siap")
    study = read(given([post()]), given([comment("181", replies=[answer])], "comments.json"))
    assert study.interactions["follower_id"].tolist() == ["sari.uji"]
    assert study.replies[["follower_id", "text", "post_id"]].to_numpy().tolist() == [["sari.uji", "siap", PK]]


def test_comments_alone_are_of_ones_own_account_and_those_by_the_owner_are_found_later(given):
    path = given([comment("181"), comment("182", "Kopi.uji")])
    assert len(read(path).interactions) == 2 and read(path).owner == "own"
    names = given("Post ID,Account ID,Account username,Account name,Description,Publish time,Permalink,Post type\n"
                  f"18,1,kopi.uji,Kopi,x,05/03/2026 19:30,https://www.instagram.com/p/{CODE}/,IG image\n",
                  "meta.csv")  # fmt: skip
    study = read(path, names)
    assert study.interactions[["follower_id", "post_id"]].to_numpy().tolist() == [["sari.uji", "18"]]
    assert study.replies["text"].tolist() == ["mau"]


@pytest.mark.parametrize(("stated", "complete"), [(2, True), (3, False), (None, False)])
def test_comments_are_complete_only_when_as_many_are_there_as_the_post_says(given, stated, complete):
    study = read(given([post(commentsCount=stated)]), given([comment("1"), comment("2", "kopi.uji")], "c.json"))
    assert study.coverage[["kind", "complete"]].to_numpy().tolist() == [["comment", complete]]


def test_a_post_whose_comments_were_not_given_has_no_coverage(given):
    assert read(given([post(commentsCount=0), post(id="1234567", shortCode="DX_xY_4hRM2")])).coverage.empty


def test_error_rows_are_counted_and_alone_are_no_crash(given):
    errors = [{"url": "x", "error": "not_found", "errorDescription": "Post does not exist"}] * 3
    study = read(given([post(), *errors]))
    assert len(study.posts) == 1
    assert [note.count for note in study.notes if "reports an error (Post does not exist)" in str(note)] == [3]
    assert read(given(errors, "salah.json")).is_empty


def test_profiles_give_their_counts_and_latest_posts(given):
    profile = {"username": "Kopi.uji", "fullName": "Kopi", "biography": "x", "followersCount": 3537, "followsCount": 4,
               "postsCount": 120, "verified": True, "businessCategoryName": "Kafe", "private": False,
               "businessEmail": "a@example.invalid", "latestPosts": [post(ownerUsername=None)]}  # fmt: skip
    study = read(given([profile]))
    row = study.accounts.iloc[0]
    assert row[["account_id", "followers", "following", "posts", "verified", "is_owner"]].tolist() == [
        "instagram:kopi.uji", 3537, 4, 120, True, True]  # fmt: skip
    assert study.posts["account_id"].tolist() == ["instagram:kopi.uji"]
    assert "example.invalid" not in "".join(frame.to_csv() for frame in study.tables.values())


def test_a_list_of_several_accounts_has_no_owner(given):
    study = read(given([post(), post(id="1234567", shortCode="DX_xY_4hRM2", ownerUsername="toko.uji")]))
    assert study.owner == "" and set(study.posts["account_id"]) == {"instagram:kopi.uji", "instagram:toko.uji"}


def test_posts_that_name_nobody_in_a_list_are_ones_own(given):
    assert read(given([post(ownerUsername=None)])).posts["account_id"].tolist() == ["own"]


def test_lines_of_json_are_read_as_a_list(given):
    study = read(given("\n".join(json.dumps(item) for item in (post(), comment("181"))), "dataset.jsonl"))
    assert (len(study.posts), len(study.interactions)) == (1, 1)


def test_a_flat_table_gives_hashtags_and_comments_and_its_columns_may_stand_anywhere(given):
    table = ("url,latestComments/1/text,latestComments/1/ownerUsername,latestComments/1/id,hashtags/0,hashtags/1,"
             "likesCount,shortCode,ownerUsername,extra,caption\n"
             f"https://www.instagram.com/p/{CODE}/,halo,bima.uji,182,kopi,Ngopi,5,{CODE},kopi.uji,z,teks\n"
    )  # fmt: skip
    study = read(given(table, "flat.csv"))
    assert study.posts[["hashtags", "likes", "caption"]].to_numpy().tolist() == [["kopi ngopi", 5, "teks"]]
    assert study.interactions[["follower_id", "source_id"]].to_numpy().tolist() == [["bima.uji", "182"]]


def test_a_comment_without_number_and_time_is_the_one_that_has_them(given):
    flat = given(f"shortCode,url,ownerUsername,latestComments/0/ownerUsername,latestComments/0/text\n{CODE},x,kopi.uji,"
                 "sari.uji,mau\n", "flat.csv")  # fmt: skip
    study = read(flat, given([comment("181")], "c.json"))
    assert study.interactions["source_id"].tolist() == ["181"]


def test_comment_numbers_that_a_spreadsheet_rounded_do_not_make_two_comments_one(given):
    head = "commentUrl,id,ownerUsername,postUrl,text,timestamp\n"
    rows = "".join(f"x,1.81E+16,{who},https://www.instagram.com/p/{CODE}/,mau,{MADE}\n" for who in ("a.uji", "b.uji"))
    study = read(given(head + rows, "comments.csv"))
    assert study.interactions["follower_id"].tolist() == ["a.uji", "b.uji"]
    assert study.interactions["source_id"].isna().all()


def test_with_instaloader_together_each_comment_counts_once_and_each_post_is_one():
    folder = Path(__file__).parents[1] / "formats"
    study = read(folder / "apify_instagram", folder / "instaloader")
    assert sorted(study.interactions["source_id"].dropna().str[-1]) == ["1", "2", "3", "5"]
    assert (len(study.posts), len(study.replies), len(study.interactions)) == (2, 1, 6)
    assert study.owner == "instagram:kopi.contoh.uji" and len(study.followers) == 4


def test_of_two_scrapes_the_newer_counts_stay(given):
    old = given([post(likesCount=5)], "dataset_instagram-scraper_2026-05-12_03-04-05-678.json")
    new = given([post(likesCount=9)], "dataset_instagram-scraper_2026-06-01_03-04-05-678.json")
    assert read(old, new).posts["likes"].tolist() == [9]


def test_followers_and_followings_of_one_file_stay_apart_in_csv_and_json(given):
    rows = [{"username_scrape": "kopi.uji", "type": kind, "username": name, "is_private": True, "full_name": None,
             "profile_pic_url": "https://example.invalid/a.jpg"}
            for kind, name in (("Followers", "Sari.uji"), ("Followings", "toko.uji"))]  # fmt: skip
    table = "\n".join([",".join(rows[0]), *(",".join(str(v or "").lower() for v in row.values()) for row in rows)])
    for path in (given(rows, "f.json"), given(table, "f.csv")):
        study = read(path)
        assert study.followers[["account_id", "follower_id", "is_private", "has_picture"]].to_numpy().tolist() == [
            ["instagram:kopi.uji", "sari.uji", True, True]]  # fmt: skip
        assert study.following["handle"].tolist() == ["toko.uji"]


def test_an_actor_that_gives_no_pictures_says_nothing_of_pictures(given):
    study = read(given("username,full_name,is_private\nsari.uji,Sari,true\nbima.uji,,false\n", "f.csv"))
    assert study.followers["has_picture"].isna().all() and study.followers["is_private"].tolist() == [True, False]


def test_a_name_that_is_none_is_told_and_never_a_follower(given):
    study = read(
        given([comment("181", "<img src=x>" * 9), comment("182", None, ownerId="1002", at=None), comment("3")])
    )
    assert sorted(study.interactions["follower_id"].fillna("")) == ["", "1002", "sari.uji"]
    assert any("Not account names" in text for text in told(study, "warning"))


@pytest.mark.parametrize(
    "bad",
    [
        {"timestamp": 1e300},
        {"timestamp": ["x"]},
        {"latestComments": "x"},
        {"latestComments": [None, 3, {"owner": []}]},
        {"hashtags": {"0": "a", "x": []}},
        {"hashtags": [None, 7, {}]},
        {"caption": {"text": 1}},
        {"id": -1, "shortCode": 10**30},
        {"likesCount": 1e308, "commentsCount": "1e9"},
        {"ownerUsername": {"a": 1}},
        {"coauthorProducers": 7, "isSponsored": "maybe"},
    ],
)
def test_a_hostile_item_spoils_only_itself(given, bad, caplog):
    study = read(given([post(**bad), post(id="1234567", shortCode="DX_xY_4hRM2", likesCount=3)]))
    assert 3 in study.posts["likes"].dropna().tolist() and not caplog.records


def test_a_deep_thread_is_read_without_end(given):
    thread = comment("0")
    for number in range(1, 150):
        thread = comment(str(number), f"uji.{number}", replies=[thread])
    assert len(read(given([thread])).interactions) == 150


def test_an_unknown_list_is_not_claimed(given):
    with pytest.raises(ReadError, match="not known to us"):
        read(given([{"shortCode": "abc", "likesCount": 3}]))
