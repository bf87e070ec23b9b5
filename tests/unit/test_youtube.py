"""YouTube Studio and the Data API: what counts differently there than elsewhere."""

import json
import zipfile

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read

HEADER = "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions\n"
ROW = 'aBcDeFgHiJ{i},Kopi {i},"May {i}, 2026",312,"{i},200",2.5,{i},9000\n'


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.fixture
def write(tmp_path):
    def put(content, name="Table data.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return put


def video(key="vid00000001", channel=None, **numbers):
    snippet = {"publishedAt": "2026-05-04T02:30:00Z", "title": "Kopi #senja"}
    snippet |= {"channelId": channel, "channelTitle": f"Kanal {channel}"} if channel else {}
    return {"kind": "youtube#video", "id": key, "snippet": snippet, "statistics": {"viewCount": "1500"} | numbers}


def channel(key="UCuji1", handle="@kopi-uji", **numbers):
    snippet = {"title": "Kopi Uji", "customUrl": handle}
    return {"kind": "youtube#channel", "id": key, "snippet": snippet,
            "statistics": {"subscriberCount": "1230", "videoCount": "5"} | numbers}  # fmt: skip


def said(key, author, text="mantap", post="vid00000001", **more):
    snippet = {"videoId": post, "textOriginal": text, "publishedAt": f"2026-05-05T00:00:0{len(key)}Z"}
    return {"id": key, "snippet": snippet | {"authorChannelId": {"value": author}} | more}


def thread(key, author, *replies, promised=None, **more):
    promised = len(replies) if promised is None else promised
    snippet = {"videoId": "vid00000001", "topLevelComment": said(key, author, **more), "totalReplyCount": promised}
    return {"kind": "youtube#commentThread", "id": key, "snippet": snippet, "replies": {"comments": list(replies)}}


def test_other_languages_words_for_views_and_impressions_are_not_mixed_up(write):
    study = read(write("Konten,Judul video,Waktu publikasi video,Tayangan,Penayangan\n"
                       "aBcDeFgHiJ1,Kopi,1 Mei 2026,9000,120\n", "Data tabel.csv"))  # fmt: skip
    assert study.posts[["views", "impressions"]].iloc[0].tolist() == [120, 9000]


def test_the_headers_of_2026_and_any_order_of_columns_are_read(write):
    study = read(write("Likes (vs. dislikes) (%),Thumbnail impressions,Views,Likes,Dislikes,Shares,Comments added,"
                       "Subscribers gained,Subscribers lost,Video publish time,Video title,Content\n"
                       'Total,50,20,,,,,,,,,Total\n98.5,50,20,7,1,2,3,4,6,"Sep 26, 2026",'
                       "Kopi,R26qwMQVoos\n"))  # fmt: skip
    wanted = {"post_id": "R26qwMQVoos", "impressions": 50, "views": 20, "likes": 7, "shares": 2, "comments": 3,
              "follows": 4}  # fmt: skip
    assert study.posts[list(wanted)].iloc[0].to_dict() == wanted and len(study.posts) == 1


def test_the_total_row_may_be_last_and_rows_may_be_many(write):
    rows = "".join(f'v{i:010d},Kopi,"May 1, 2026",,"{i:,}",,,\n' for i in range(5_000))
    study = read(write(HEADER + rows + 'Total,,,,"12,497,500",,,\n'))
    assert len(study.posts) == 5_000 and study.posts["views"].sum() == 12_497_500


def test_a_video_that_lost_subscribers_has_no_count_of_those_it_won(write):
    study = read(write(HEADER + ROW.format(i=1) + ROW.format(i=2).replace(",2,9000", ",-2,9000")))
    assert study.posts["follows"].tolist() == [1, pd.NA] and not told(study, "warning")
    assert any("more subscribers lost than won: 1" in text for text in told(study))


def test_days_are_net_changes_and_never_zero_where_nothing_is_known(write):
    study = read(write("Date,Views,Subscribers\n2026-05-01,44,1\n2026-05-02,,-4\n2026-05-03,5,\n", "Totals.csv"))
    assert study.days["new_follows"].tolist() == [1, pd.NA, pd.NA]
    assert study.days["lost_follows"].tolist() == [pd.NA, 4, pd.NA]
    assert study.days["views"].tolist() == [44, pd.NA, 5]
    assert any("net change" in text for text in told(study, "guess"))


def test_weeks_are_not_taken_for_days(write):
    rows = "".join(f"2026-07-{day:02d},20,1\n" for day in (5, 12, 19, 26))
    study = read(write("Date,Views,Subscribers\n" + rows, "Totals.csv"), write(HEADER + ROW.format(i=1)))
    assert study.days.empty and any("not those of single days" in text for text in told(study, "warning"))


def test_a_table_of_days_by_hand_is_not_taken_for_one_of_youtube(write):
    study = read(write("Tanggal,Views,Suka\n2026-05-01,44,1\n2026-05-02,31,4\n", "Totals.csv"))
    assert study.days["account_id"].tolist() == ["own", "own"]
    study = read(write("Date,Views\n2026-05-01,44\n2026-05-02,31\n", "totals.csv"))
    assert study.days["account_id"].tolist() == ["youtube:own", "youtube:own"]


def test_a_table_by_date_has_a_total_row_too(write):
    study = read(write("Date,Views,Watch time (hours),Subscribers gained,Subscribers lost\nTotal,75,3,9,4\n"
                       "2026-05-01,44,1,5,1\n2026-05-02,31,2,4,3\n"))  # fmt: skip
    assert study.days[["views", "new_follows", "lost_follows"]].to_numpy().tolist() == [[44, 5, 1], [31, 4, 3]]


def test_the_days_of_single_videos_are_not_the_channels_days(tmp_path):
    with zipfile.ZipFile(tmp_path / "Content 2026-05-01_2026-05-31 Kopi Uji (1).zip", "w") as packed:
        packed.writestr("Table data.csv", HEADER + ROW.format(i=1))
        packed.writestr("Chart data.csv", 'Date,Content,Video title,Video publish time,Views\n'
                                          '2026-05-01,aBcDeFgHiJ1,x,"May 1, 2026",1\n')  # fmt: skip
    study = read(*tmp_path.iterdir())
    assert study.days.empty and len(study.posts) == 1
    assert study.accounts["name"].tolist() == ["Kopi Uji"]


def test_the_apis_clock_and_lifetime_counts_win_over_studios_period(write):
    studio = write(HEADER + 'vid00000001,Kopi,"May 3, 2026",312,100,2.5,4,9000\n')
    study = read(studio, write({"items": [channel()]}, "c.json"), write({"items": [video()]}, "v.json"))
    [row] = study.posts.to_dict("records")
    assert (row["account_id"], row["views"], row["impressions"]) == ("youtube:kopi-uji", 1500, 9000)
    assert row["published_at"] == pd.Timestamp("2026-05-04T02:30:00Z")
    assert study.owner == "youtube:kopi-uji"


def test_empty_answers_and_headers_without_rows_do_no_harm(write):
    study = read(write(HEADER), write({"kind": "youtube#videoListResponse", "items": []}, "v.json"),
                 write({"items": [video()]}, "w.json"))  # fmt: skip
    assert len(study.posts) == 1 and any("headers but no rows" in text for text in told(study))


def test_counts_are_text_or_hidden(write):
    hidden = channel("UCuji2", "@b.uji", hiddenSubscriberCount=True)
    study = read(write([channel(), hidden, video(channel="UCuji1", likeCount="-1", commentCount=3)]))
    assert study.accounts["handle"].tolist() == ["kopi-uji", "b.uji"]
    assert study.accounts["followers"].tolist() == [1230, pd.NA]
    assert study.posts[["views", "likes", "comments"]].iloc[0].tolist() == [1500, pd.NA, 3]


def test_several_channels_are_a_roster_and_each_video_goes_to_its_own(write):
    study = read(write({"items": [channel(), channel("UCuji2", "@b.uji")]}, "c.json"),
                 write([video("v1", "UCuji2"), video("v2", "UCuji1"), video("v3", "UCx")], "v.json"))  # fmt: skip
    assert study.owner == ""
    assert study.posts["account_id"].tolist() == ["youtube:b.uji", "youtube:kopi-uji", "youtube:ucx"]
    assert study.accounts.set_index("account_id")["name"]["youtube:ucx"] == "Kanal UCx"


def test_the_channels_own_comments_are_replies_by_id_or_by_handle(write):
    own = said("a.1", "UCother", "makasih", authorDisplayName="@Kopi-Uji")
    more = said("a.22", "UCuji1", "sama2")
    study = read(write({"items": [channel()]}, "c.json"), write({"items": [video(commentCount="4")]}, "v.json"),
                 write({"items": [thread("a", "UCsari", own, more), thread("bb", "UCbima")]}, "t.json"))  # fmt: skip
    assert study.interactions["follower_id"].tolist() == ["ucsari", "ucbima"]
    assert study.replies[["text", "follower_id"]].to_numpy().tolist() == [["makasih", "ucsari"], ["sama2", "ucsari"]]
    assert study.coverage["complete"].tolist() == [True]  # 2 by others, 2 of its own, 4 stated
    assert study.interactions["source_id"].tolist() == ["a", "bb"]


def test_a_list_that_goes_on_is_cut_only_when_its_last_page_is_not_there(write):
    first = write({"items": [thread("a", "UCsari")], "nextPageToken": "X"}, "t1.json")
    rest = write({"items": [thread("bb", "UCbima")]}, "t2.json")
    videos = write({"items": [video(commentCount="2")]}, "v.json")
    cut, whole = read(videos, first), read(videos, first, rest)
    assert any("nextPageToken" in text for text in told(cut, "warning"))
    assert cut.coverage["complete"].tolist() == [False]
    assert not told(whole, "warning") and whole.coverage["complete"].tolist() == [True]


def test_replies_that_are_missing_can_be_brought_in_another_file(write):
    threads = write({"items": [thread("a", "UCsari", said("a.1", "UCbima"), promised=2)]}, "t.json")
    reply = said(
        "a.22", "UCdewi", textOriginal=None, textDisplay="baris&amp;<br>dua <b>!</b>", parentId="a", videoId=None
    )
    study = read(threads)
    assert any("Of 2 replies to some comments only 1" in text for text in told(study, "warning"))
    study = read(threads, write({"items": [reply | {"kind": "youtube#comment"}]}, "r.json"))
    assert not told(study, "warning")
    row = study.interactions.set_index("source_id").loc["a.22"]
    assert (row["text"], row["post_id"], row["follower_id"]) == ("baris&\ndua !", "vid00000001", "ucdewi")


def test_one_comment_in_two_files_is_counted_once(write):
    same = thread("a", "UCsari")
    study = read(write({"items": [same]}, "t1.json"), write({"items": [same, thread("bb", "UCb")]}, "t2.json"))
    assert study.interactions["source_id"].tolist() == ["a", "bb"]


NASTY = [
    {"items": [{"id": "v", "kind": "youtube#video"}, {"id": "c", "kind": "youtube#channel"}]},
    {"items": [{"id": "v", "kind": "youtube#video", "snippet": [], "statistics": "x"}]},
    {"items": [{"id": "v", "kind": "youtube#video", "snippet": {"publishedAt": 5, "title": {}, "channelId": []}}]},
    {
        "items": [
            {"id": "v", "snippet": {"topLevelComment": {}}},
            {"snippet": {"topLevelComment": {"id": [], "snippet": 3}}},
        ]
    },
    {"items": [thread("a", ["x"], promised=-1), thread("b", None, promised="viele")]},
    {"items": [thread("a", "x", publishedAt="0001-01-01T00:00:00Z", textOriginal=7)]},
    {"items": [channel("x" * 10_000, {"a": 1}, subscriberCount="9" * 400, videoCount=1e400)]},
    [{"items": {}}, {"items": [None, 3, "x", video()]}],
]


@pytest.mark.parametrize("document", NASTY, ids=range(len(NASTY)))
def test_anything_may_be_missing_or_of_another_kind(write, document):
    names = write("Username\nsari.uji01\nbima_uji02\n", "nama.csv")
    study = read(write(document, "x.json"), names)
    assert len(study.followers) == 2 and not told(study, "error")


def test_a_search_result_or_an_error_is_not_claimed(write):
    for document in ({"items": [{"kind": "youtube#searchResult", "id": {"videoId": "x"}, "snippet": {"title": "x"}}]},
                     {"error": {"code": 403}}, [], {"items": 5}):  # fmt: skip
        with pytest.raises(ReadError, match="JSON that is not known"):
            read(write(document, "x.json"))
