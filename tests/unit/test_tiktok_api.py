"""TikTok's Display API and Apify's actors: pages, counts that are not there, errors, several accounts."""

import json

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read

USER = {
    "data": {"user": {"open_id": "x", "username": "toko.uji", "follower_count": 9, "video_count": 2}},
    "error": {"code": "ok", "log_id": "1"},
}


def video(number, **more):
    return {
        "id": f"741234567890123456{number}",
        "create_time": 1777629600,
        "video_description": "a #Kopi",
        "view_count": 5,
        "share_url": f"https://www.tiktok.com/@toko.uji/video/741234567890123456{number}?x=1",
    } | more


def page(*videos, more=False):
    return {
        "data": {"videos": list(videos), "cursor": 1777629600000, "has_more": more},
        "error": {"code": "ok", "log_id": "1"},
    }


def scraped(number, name="toko.uji", **more):
    return {
        "id": f"741234567890123456{number}",
        "text": "a",
        "createTimeISO": "2026-05-01T10:00:00.000Z",
        "playCount": 5,
        "authorMeta": {"name": name, "fans": 7},
        "webVideoUrl": f"https://www.tiktok.com/@{name}/video/741234567890123456{number}",
    } | more


@pytest.fixture
def put(tmp_path):
    def write(document, name="x.json"):
        (tmp_path / name).write_text(document if isinstance(document, str) else json.dumps(document))
        return tmp_path / name

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def test_pages_are_put_together_and_only_a_list_without_its_last_page_is_cut(put):
    first, last = put(page(video(1), more=True), "1.json"), put(page(video(1), video(2)), "2.json")
    study = read(first, last, put(USER, "u.json"))
    assert len(study.posts) == 2
    assert study.owner == "tiktok:toko.uji"
    assert not told(study, "warning")
    assert any("The list of videos is cut" in text for text in told(read(first), "warning"))


def test_a_list_alone_says_by_its_links_whose_it_is_else_it_is_ones_own(put):
    assert read(put(page(video(1)))).owner == "tiktok:toko.uji"
    bare = put(page(video(1, share_url="https://vm.tiktok.com/x")))
    assert read(bare).posts["account_id"].tolist() == ["tiktok:own"]
    assert read(bare, put(USER, "u.json")).posts["account_id"].tolist() == ["tiktok:toko.uji"]


def test_seconds_are_seconds_and_absent_counts_are_unknown(put):
    posts = read(put(page(video(1)))).posts
    assert posts["published_at"].tolist() == [pd.Timestamp("2026-05-01T10:00:00Z")]
    assert posts[["likes", "comments", "shares", "saves", "reach"]].isna().all(axis=None)
    assert posts["hashtags"].tolist() == ["kopi"]


def test_an_error_of_tiktok_is_told_with_its_code(put):
    with pytest.raises(ReadError, match="access_token_invalid"):
        read(put({"data": {}, "error": {"code": "access_token_invalid", "log_id": "2026"}}))


def test_a_reply_of_another_api_is_not_taken(put):
    for other in (
        {"data": {"user": {"id": "1", "username": "a", "edge_followed_by": {"count": 3}}}},
        {"data": {"videos": [{"id": "1", "title": "x"}]}},
        {"data": [{"id": "1", "like_count": 3}]},
    ):
        with pytest.raises(ReadError, match="not known to us"):
            read(put(other))


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, [None], True, 1e300, "9" * 400])
def test_hostile_replies_end_in_notes(put, odd):
    for document in (
        page(video(1, id=odd)),
        page(video(1, create_time=odd, video_description=odd, view_count=odd, share_url=odd)),
        {"data": {"user": {"open_id": odd, "username": odd, "follower_count": odd}}},
        {"data": odd},
        {"data": {"videos": odd, "has_more": odd}},
        [scraped(1, diggCount=odd, text=odd, hashtags=odd, createTimeISO=odd, webVideoUrl=odd)],
        [scraped(1, id=odd)],
        [scraped(1) | {"authorMeta": odd}],
        [
            {
                "text": odd,
                "uniqueId": odd,
                "cid": odd,
                "createTimeISO": odd,
                "videoWebUrl": "https://www.tiktok.com/@toko.uji/video/7412345678901234567",
            }
        ],
    ):
        try:
            study = read(put(document))
        except ReadError:
            continue
        assert not any("content is not what it should be" in text for text in told(study))


def test_a_file_of_several_accounts_is_a_list_of_them(put):
    study = read(put([scraped(1), scraped(2, "b.uji"), scraped(3, "b.uji", authorMeta={"name": "b.uji", "fans": 8})]))
    assert dict(zip(study.accounts["handle"], study.accounts["followers"], strict=True)) == {"toko.uji": 7, "b.uji": 7}
    assert len(study.posts) == 3
    assert study.owner == ""


def test_flat_keys_of_the_author_are_read(put):
    row = {key: value for key, value in scraped(1).items() if key != "authorMeta"}
    study = read(put([row | {"authorMeta.name": "toko.uji", "authorMeta.fans": 12}]))
    assert study.accounts["followers"].tolist() == [12]


def test_a_profile_without_videos_is_an_account(put):
    study = read(put([{"authorMeta": {"name": "toko.uji", "fans": 7, "video": 0}, "note": "No videos"}]))
    assert study.accounts["posts"].tolist() == [0]
    assert study.posts.empty


def test_e_mails_in_a_profile_stay_outside(put):
    study = read(put([scraped(1, authorMeta={"name": "toko.uji", "fans": 7, "signature": "mail: a@example.invalid"})]))
    assert "example.invalid" not in " ".join(table.to_string() for table in study.tables.values())
