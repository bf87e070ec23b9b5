"""Replies of the Graph API: ids inside before file names, pages put together, own words kept apart, tokens left out."""

import copy
import json
import random
from pathlib import Path

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read
from engage.study import TABLES

FOLDER = Path(__file__).parents[1] / "formats" / "ig_graph_api"
ME = {"id": "17841400000000900", "username": "Kopi.Uji", "followers_count": 3537, "media_count": 2}
NEXT = "https://graph.facebook.com/v25.0/{}?access_token=EAABRAHASIA123&after=QVFI"


def media(number="17900000000000000", code="DZrdixGAomb", **more):
    return {"id": number, "media_type": "IMAGE", "timestamp": "2026-06-17T07:45:03+0000", "comments_count": 2,
            "permalink": f"https://www.instagram.com/p/{code}/", "username": "kopi.uji"} | more  # fmt: skip


def comment(number, name="sari.uji", text="enak", **more):
    return {"id": number, "text": text, "timestamp": "2026-06-18T07:45:03+0000", "username": name} | more


def metric(name, value, number="", period="lifetime"):
    values = value if isinstance(value, list) else [{"value": value}]
    return {"name": name, "period": period, "values": values, "id": f"{number}/insights/{name}/{period}"}


@pytest.fixture
def replies(tmp_path):
    def write(**files):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, content in files.items():
            (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        return folder

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def test_the_id_inside_insights_goes_before_the_name_of_the_file(replies):
    inside = {"data": [metric("reach", 5, "17900000000000000")]}
    by_name = {"data": [{"name": "reach", "period": "lifetime", "values": [{"value": 7}], "id": "x"}]}
    posts = {"data": [media(), media("17900000000000001", "DaN7O9-gqiK")]}
    study = read(
        replies(media=posts, media_insights_17900000000000001=inside), replies(insights_17900000000000001=by_name)
    )
    assert study.posts.set_index("post_id")["reach"].to_dict() == {"17900000000000000": 5, "17900000000000001": 7}


def test_everything_nested_in_one_reply_is_read(replies):
    post = media(insights={"data": [metric("saved", 3), metric("total_interactions", 9)]},
                 comments={"data": [comment("1"), comment("2", "kopi.uji", "terima kasih")]})  # fmt: skip
    study = read(replies(me=ME | {"media": {"data": [post]}, "insights": {"data": [metric(
        "reach", [{"value": 70, "end_time": "2026-06-18T07:00:00+0000"}], ME["id"], "day")]}}))  # fmt: skip
    assert study.owner == "instagram:kopi.uji"
    assert study.posts["saves"].tolist() == [3] and study.posts["account_id"].tolist() == [study.owner]
    assert study.interactions["source_id"].tolist() == ["1"]
    assert study.replies["text"].tolist() == ["terima kasih"]
    assert study.days[["date", "reach"]].values.tolist() == [[pd.Timestamp("2026-06-17"), 70]]


def test_a_batch_of_bodies_in_texts_is_read(replies):
    bodies = [json.dumps(ME), json.dumps({"data": [media()]}), "{broken"]
    batch = [*({"code": 200, "headers": [], "body": body} for body in bodies), None]
    study = read(replies(batch=batch))
    assert len(study.posts) == 1 and study.accounts["followers"].tolist() == [3537]


def test_pages_of_a_list_are_one_and_a_missing_page_is_told(replies):
    first = {"data": [media()], "paging": {"next": NEXT.format("17841400000000900/media")}}
    last = {"data": [media("17900000000000001", "DaN7O9-gqiK")],
            "paging": {"previous": NEXT.format("17841400000000900/media")}}  # fmt: skip
    whole, cut = read(replies(a=first, b=last)), read(replies(a=first))
    assert len(whole.posts) == 2 and not told(whole, "warning")
    assert any("next pages" in text for text in told(cut, "warning"))
    assert len(read(replies(all=[first, last])).posts) == 2


def test_no_token_and_no_link_is_kept(replies):
    error = {"error": {"message": "Bad token EAABRAHASIA123456789012345678901234567890", "type": "OAuthException",
                       "fbtrace_id": "A"}}  # fmt: skip
    page = {"data": [media()], "paging": {"next": NEXT.format("17841400000000900/media")}}
    study = read(replies(a=page, b=error))
    kept = " ".join([*told(study), *(getattr(study, name).to_csv() for name in TABLES)])
    assert "RAHASIA" not in kept and "graph.facebook" not in kept
    assert any("Bad token …" in text for text in told(study, "warning"))


def test_only_errors_is_a_read_error_or_a_warning(replies):
    try:
        study = read(replies(a={"error": {"message": "no", "type": "OAuthException", "code": 100}}))
    except ReadError as error:
        assert "error of the API" in str(error)
    else:
        assert any("error of the API" in text for text in told(study, "warning"))


def test_comments_find_their_post_by_the_link_to_the_next_page_then_by_the_file(replies):
    other = media("17900000000000001", "DaN7O9-gqiK")
    linked = {"data": [comment("1")], "paging": {"next": NEXT.format("17900000000000001/comments")}}
    named = {"data": [comment("2", "budi.uji")]}
    inside = {"data": [comment("3", "tini.uji", media={"id": "17900000000000000"})]}
    study = read(replies(media={"data": [media(), other]}, comments_17900000000000000=linked), replies(
        comments_17900000000000000=named), replies(komentar=inside))  # fmt: skip
    posts = study.interactions.set_index("source_id")["post_id"].to_dict()
    assert posts == {"1": "17900000000000001", "2": "17900000000000000", "3": "17900000000000000"}


def test_a_comment_that_two_files_hold_is_counted_once_even_without_an_author(replies):
    nameless = {"id": "9", "text": "harga?", "timestamp": "2026-06-18T07:45:03+0000"}
    nested = media(comments={"data": [nameless]})
    study = read(replies(media={"data": [nested]}, comments_17900000000000000={"data": [nameless]}))
    assert len(study.interactions) == 1 and study.interactions["follower_id"].isna().all()
    assert not study.coverage["complete"].any()


@pytest.mark.parametrize(("stated", "complete"), [(2, True), (5, False)])
def test_comments_are_complete_when_as_many_are_named_as_the_post_has(replies, stated, complete):
    post = media(comments_count=stated, comments={"data": [comment("1"), comment("2", "budi.uji")]})
    assert read(replies(media={"data": [post]})).coverage["complete"].tolist() == [complete]


def test_views_go_before_plays_and_impressions_stay_apart(replies):
    data = [metric("plays", 8), metric("views", 10), metric("impressions", 12)]
    for order in (data, data[::-1]):
        post = read(replies(media={"data": [media(insights={"data": order})]})).posts.iloc[0]
        assert (post["views"], post["impressions"]) == (10, 12)


def test_a_competitor_looked_up_is_an_account_and_not_the_owner(replies):
    found = {"business_discovery": {"username": "lain.uji", "followers_count": 9, "id": "5", "media": {
        "data": [media("1", "DaN7O9-gqiK", username=None), media("2", "DahwNdnAsd5", username=None)]}}}  # fmt: skip
    study = read(replies(media={"data": [media()]}, other=found))
    assert study.owner == "instagram:kopi.uji"
    assert study.posts.groupby("account_id").size().to_dict() == {"instagram:kopi.uji": 1, "instagram:lain.uji": 2}


def test_posts_without_a_name_belong_to_the_account_that_was_asked_for(replies):
    study = read(replies(media={"data": [media(username=None)]}, user=ME))
    assert study.posts["account_id"].tolist() == ["instagram:kopi.uji"]
    assert read(replies(media={"data": [media(username=None)]})).posts["account_id"].tolist() == ["own"]


def test_a_page_and_an_instagram_account_stay_apart(replies):
    page = {"id": "100045700000000", "name": "Kopi", "fan_count": 5, "instagram_business_account": ME}
    post = {"id": "100045700000000_1827720132094663", "message": "Halo", "created_time": "2026-09-29T01:12:00+0000"}
    study = read(replies(page=page, posts={"data": [post]}, media={"data": [media()]}))
    assert study.owner == "instagram:kopi.uji"
    assert study.posts.set_index("account_id")["post_id"].to_dict() == {
        "instagram:kopi.uji": "17900000000000000", "facebook:100045700000000": "1827720132094663"}  # fmt: skip
    assert pd.isna(study.posts.set_index("account_id")["shares"]["facebook:100045700000000"])  # never asked for


def test_names_of_people_on_facebook_are_not_kept(replies):
    post = {"id": "1000457_18", "message": "Halo", "created_time": "2026-09-29T01:12:00+0000", "comments": {"data": [
        {"id": "18_1", "message": "mau", "created_time": "2026-09-29T02:12:00+0000",
         "from": {"id": "7001", "name": "Sari Rahasia"}}]}}  # fmt: skip
    study = read(replies(posts={"data": [post]}))
    assert study.interactions["follower_id"].tolist() == ["7001"]
    assert not any("Rahasia" in getattr(study, name).to_csv() for name in TABLES)


def test_insights_of_a_post_that_nothing_names_are_kept_and_told(replies):
    study = read(replies(user=ME, media_insights_17900000000000005={"data": [metric("reach", 5, "17900000000000005")]}))
    assert study.posts[["post_id", "reach"]].values.tolist() == [["17900000000000005", 5]]
    assert any("no other file names: 1" in text for text in told(study, "warning"))


def test_foreign_json_is_left_alone(replies):
    with pytest.raises(ReadError, match="not known"):
        read(replies(a={"data": [{"id": "1", "name": "x"}]}, b=[{"id": 3}], c={"error": {"code": "ok"}}))


def test_replies_nested_without_end_and_odd_types_stop_nothing(replies):
    deep = comment("1")
    for i in range(300):
        deep = comment(str(i + 2), f"f{i}.uji", replies={"data": [deep]})
    study = read(replies(media={"data": [media(comments={"data": [deep]})]}))
    assert len(study.interactions) == 301 and study.replies.empty


def test_hostile_replies_raise_nothing_but_a_read_error(replies):
    chance, odd = random.Random(1), [None, "", "x" * 5000, -1, 10**30, 1.5, True, [], {}, [[]], [None], {"data": None}]
    whole = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json") if path.stem != "expected"}

    def spoil(node):
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            if chance.random() < 0.12:
                node[key] = chance.choice(odd)
            elif isinstance(node[key], (dict, list)):
                spoil(node[key])

    for _ in range(25):
        files = copy.deepcopy(whole)
        spoil(files)
        try:
            study = read(replies(**files))
        except ReadError as error:
            assert "not what it should be" not in str(error)
        else:
            assert not any("not what it should be" in text for text in told(study))
