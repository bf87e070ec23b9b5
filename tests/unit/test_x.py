"""X: three tables of its analytics, and the archive."""

import json
import zipfile

import pandas as pd
import pytest

from engage.readers import read

CONTENT = (
    "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts\n"
)
LINK = "https://x.com/kopiuji/status/"


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.fixture
def write(tmp_path):
    def put(text, name="content.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return put


@pytest.fixture
def archive(tmp_path):
    def put(files, name="twitter-2022-01-01-ab12.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for path, content in files.items():
                part = path.rpartition("/")[2].removesuffix(".js").replace("-", "_")
                script = content if isinstance(content, str) else f"window.YTD.{part}.part0 = {json.dumps(content)}"
                packed.writestr(path, script)
        return tmp_path / name

    return put


def follower(*ids):
    return [{"follower": {"accountId": i, "userLink": f"https://twitter.com/intent/user?user_id={i}"}} for i in ids]


def tweet(number, text="Kopi", **more):
    return {"id_str": number, "full_text": text, "created_at": "Wed Sep 26 00:00:00 +0000 2018", **more}


ACCOUNT = [
    {"account": {"username": "KopiUji", "accountId": "9", "email": "rahasia@contoh.uji", "accountDisplayName": "K"}}
]
MANIFEST = {"userInfo": {"accountId": "9", "userName": "KopiUji", "displayName": "Kopi"}}


def test_reposts_are_shares_and_xs_own_shares_are_nothing_we_know(write):
    study = read(write(CONTENT + f'20740,"Tue, Jul 14, 2026",Kopi,{LINK}20740,9,8,7,6,5,4,3,2\n'))
    row = study.posts.iloc[0]
    assert row[["shares", "comments", "saves", "follows", "likes"]].tolist() == [2, 3, 6, 4, 8]
    assert study.owner == "x:kopiuji"


def test_a_posts_number_tells_its_time_only_where_it_falls_on_the_day_given(write):
    made = pd.Timestamp("2026-07-14T09:15:30Z")
    number = (int(made.timestamp() * 1000) - 1_288_834_974_657) << 22
    rows = f'{number},"Tue, Jul 14, 2026",a,,1,,,,,,,\n{number + 1},"Mon, Jul 6, 2026",b,,1,,,,,,,\n'
    study = read(write(CONTENT + rows))
    assert study.posts["published_at"].tolist() == [made, pd.Timestamp("2026-07-06", tz="UTC")]
    assert any("time of day: 1" in text for text in told(study))
    assert study.posts["account_id"].tolist() == ["x:own", "x:own"]


def test_a_number_that_a_spreadsheet_rounded_is_taken_from_the_link(write):
    rows = '2.07E+18,"Tue, Jul 14, 2026",a,https://twitter.com/i/web/status/2074000000000000123,1,,,,,,,\n'
    rows += f'2074000000000000000,"Tue, Jul 14, 2026",b,{LINK}2074000000000000456,1,,,,,,,\n'
    rows += '2.07E+18,"Tue, Jul 14, 2026",c,,1,,,,,,,\n9999999999999999999,"Tue, Jul 14, 2026",d,,1,,,,,,,\n'
    study = read(write(CONTENT + rows))
    assert study.posts["post_id"].tolist() == ["2074000000000000123", "2074000000000000456"]
    assert any("without the number of a post, left out: 2" in text for text in told(study, "warning"))
    assert study.owner == "x:kopiuji"


def test_columns_may_stand_in_another_order_or_be_missing(write):
    study = read(write(f"Reposts,Post Link,Post text,Date,Post id\n2,{LINK}20740,Kopi,2026-07-14,20740\n"),
                 write("Unfollows,New follows,Reposts,Date,Engagements\n1,2,3,\"Fri, Jul 24, 2026\",4\n",
                       "o.csv"))  # fmt: skip
    assert study.posts.iloc[0][["shares", "likes"]].tolist() == [2, pd.NA]
    row = study.days.iloc[0]
    assert row[["account_id", "new_follows", "lost_follows", "interactions"]].tolist() == ["x:kopiuji", 2, 1, 4]


def test_a_table_of_days_by_hand_is_not_taken_for_one_of_x(write):
    study = read(write("Date,Impressions,Engagements,Followers\n2026-07-24,5,6,100\n2026-07-25,5,6,101\n"))
    assert study.days["account_id"].tolist() == ["own", "own"]


def test_files_with_headers_only_do_no_harm(write):
    study = read(write(CONTENT), write("Username\nsari.uji01\nbima_uji02\n", "nama.csv"))
    assert study.posts.empty and len(study.followers) == 2


def test_followers_are_numbers_in_several_files_each_once(archive):
    made = {"archiveInfo": {"generationDate": "2022-01-01T10:00:00.000Z"}}
    study = read(archive({"data/follower.js": follower("1", "2"), "data/follower-part1.js": follower("2", "3", "x"),
                          "data/manifest.js": "window.__THAR_CONFIG = " + json.dumps(MANIFEST | made)}))  # fmt: skip
    assert sorted(study.followers["follower_id"]) == ["1", "2", "3"]
    assert study.followers["handle"].isna().all() and study.followers["followed_at"].isna().all()
    assert study.owner == "x:kopiuji" and study.accounts["followers"].tolist() == [3]
    assert set(study.followers["last_seen_at"]) == {pd.Timestamp("2022-01-01T10:00:00Z")}


def test_old_tweets_have_no_wrapper_and_no_data_folder(archive):
    study = read(archive({"tweet.js": [tweet("5", favorite_count="3", retweet_count=1)], "account.js": ACCOUNT,
                          "direct-message.js": "window.YTD.x = [{"}))  # fmt: skip
    assert study.posts.iloc[0][["post_id", "likes", "shares"]].tolist() == ["5", 3, 1]
    assert not told(study, "warning")


def test_a_repost_is_no_post_and_an_answer_to_others_is_a_reply(archive):
    tweets = [tweet("1"), tweet("2", "RT @a: x"), tweet("3", "@b ya", in_reply_to_user_id_str="7"),
              tweet("4", "lanjut", in_reply_to_user_id_str="9", in_reply_to_status_id_str="1")]  # fmt: skip
    study = read(archive({"data/tweets.js": [{"tweet": entry} for entry in tweets], "data/account.js": ACCOUNT}))
    assert study.posts["post_id"].tolist() == ["1", "4"]
    assert study.replies[["follower_id", "text"]].to_numpy().tolist() == [["7", "@b ya"]]


def test_private_files_are_never_opened(archive, monkeypatch):
    path = archive({"data/account.js": ACCOUNT, "data/follower.js": follower("1"), "data/direct-messages.js": "{",
                    "data/direct-messages-group.js": "{", "data/phone-number.js": "{", "direct-messages.js": "{",
                    "assets/js/runtime.js": "x", "Your archive.html": "<html>"})  # fmt: skip
    opened = []
    plain = zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda self, name, *a, **k: opened.append(name) or plain(self, name, *a, **k)
    )
    study = read(path)
    assert {getattr(name, "filename", name) for name in opened} == {"data/account.js", "data/follower.js"}
    assert not told(study, "warning") and "rahasia" not in str(study.accounts.to_dict())


def test_the_archive_and_the_analytics_of_one_account_are_one(archive, write):
    study = read(archive({"data/tweets.js": [tweet("20740", favorite_count="1")], "data/account.js": ACCOUNT}),
                 write(CONTENT + f'20740,"Wed, Sep 26, 2018",Kopi,{LINK}20740,9,8,7,6,5,4,3,2\n'))  # fmt: skip
    assert len(study.posts) == len(study.accounts) == 1 and study.posts["impressions"].tolist() == [9]


NASTY = ["window.YTD.tweets.part0 = [", "window.", "window.x = null", "[[[[", "window.x = {\"a\": 1}",
         'window.x = [{"tweet": 5}, null, {"tweet": {"id_str": [], "entities": [], "full_text": 3}}]',
         'window.x = [{"tweet": {"id_str": "7", "entities": {"media": "x"}, "created_at": {}, '
         '"favorite_count": "-1"}}]']  # fmt: skip


@pytest.mark.parametrize("script", NASTY, ids=range(len(NASTY)))
def test_a_broken_script_does_not_cost_the_others(archive, script):
    study = read(archive({"data/tweets.js": script, "data/follower.js": follower("1"), "data/account.js": script,
                          "data/manifest.js": script}))  # fmt: skip
    assert study.followers["follower_id"].tolist() == ["1"]
    assert study.posts["likes"].dropna().empty
