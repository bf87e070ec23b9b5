"""What a study is told to bring next, and whether each file gives what the guide says it gives."""

import dataclasses
import json
import sys
from html import escape
from pathlib import Path

import pandas as pd
import pytest

import engage
from engage.panels.guide import GUIDE, SHOPS, SOCIAL, next_ways
from engage.readers import read
from engage.study import TABLES, Settings, Study
from engage.words import LANGUAGES, Words

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from accounts import ME, account
from test_influencers import roster

FORMATS = Path(__file__).parents[1] / "formats"
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
# Each way, by its platform and its place among the ways of that platform, and a file got in that way.
GOT = {
    ("instagram", 0): "ig_dyi_json_en",
    ("instagram", 1): "meta_content_csv_id",
    ("instagram", 2): "meta_daily_csv_id",
    ("instagram", 3): "instagrapi",
    ("facebook", 0): "fb_page_content_csv",
    ("facebook", 1): "meta_daily_csv_id",
    ("tiktok", 0): "tiktok_dyi_json_2026",
    ("tiktok", 1): "tiktok_studio_csv_en",
    ("tiktok", 2): "apify_tiktok",
    ("youtube", 0): "youtube_studio_id",
    ("youtube", 1): "youtube_data_api",
    ("x", 0): "x_archive",
    ("x", 1): "x_analytics_csv",
    ("shopee", 0): "shopee_orders_my",
    ("tokopedia", 0): "tiktokshop_tokopedia_orders",
    ("shopify", 0): "shopify_orders",
    ("list", 0): "influencer_list_id",
}
IN_SAMPLES = {("shop", 0): "kopi-senja/pesanan.xlsx", ("list", 1): "kol-list/postingan KOL.csv"}


def places():
    """Every way but the last, which only repeats, with its place."""
    count: dict[str, int] = {}
    for way in GUIDE[:-1]:
        place = count[way.platform] = count.get(way.platform, -1) + 1
        yield (way.platform, place), way


def complete(**changes):
    """An account that lacks nothing that is asked for."""
    names = [f"p{i}" for i in range(60)]
    known = account(posts=60, followers={f"f{i}": -1 for i in range(50)}, sales=[("f1", 5, None)], **changes)
    return known.with_(posts=known.posts.assign(likes=9, reach=90, views=99)), names


def platforms(study):
    return [way.platform for way in next_ways(study)]


def given(study):
    return [way.gives for way in next_ways(study)]


def test_every_way_has_a_file_that_shows_what_it_gives():
    assert {place for place, _ in places()} == {*GOT, *IN_SAMPLES}
    assert {name for way in GUIDE for name in way.gives} <= {*Study().abilities, *TABLES}
    assert {way.platform for way in GUIDE} == {*SOCIAL, *SHOPS, "list", ""}


def with_all_comments(folder, tmp_path):
    """The answers of YouTube's API when no page of comments, and no author, is left out."""
    threads = json.loads((folder / "commentThreads.json").read_text(encoding="utf-8"))
    del threads["nextPageToken"]
    for thread in threads["items"]:
        thread["snippet"]["totalReplyCount"] = len(thread.get("replies", {}).get("comments", []))
        thread["snippet"]["topLevelComment"]["snippet"].setdefault("authorChannelId", {"value": "UCpenontonuji"})
    videos = json.loads((folder / "videos.json").read_text(encoding="utf-8"))
    videos["items"][0]["statistics"]["commentCount"] = "3"
    (tmp_path / "commentThreads.json").write_text(json.dumps(threads))
    (tmp_path / "videos.json").write_text(json.dumps(videos))
    (tmp_path / "channels.json").write_bytes((folder / "channels.json").read_bytes())
    return tmp_path


@pytest.mark.parametrize(("place", "way"), [*places()], ids=[f"{p}-{n}" for (p, n), _ in places()])
def test_a_file_got_in_this_way_gives_what_the_guide_says(place, way, tmp_path):
    folder = FORMATS / GOT[place] if place in GOT else SAMPLES / IN_SAMPLES[place]
    if place == ("youtube", 1):
        folder = with_all_comments(folder, tmp_path)
    files = [path for path in folder.iterdir() if path.name != "expected.json"] if folder.is_dir() else [folder]
    study = read(*files)
    if place == ("list", 1):  # posts of others are nobody's own: the list of influencers goes with them
        study = read(*files, SAMPLES / "kol-list" / "LIST KOL 2026.csv")
    abilities = study.abilities
    missing = [name for name in way.gives if not (abilities[name] if name in abilities else len(study.tables[name]))]
    assert missing == []


def test_an_empty_study_is_told_the_first_step_for_every_platform():
    assert platforms(Study()) == [*SOCIAL, "list", *SHOPS]
    assert next_ways(Study())[0].gives[0] == "follower_list"


def test_followers_without_posts_are_told_to_bring_posts_with_reach():
    study = account(posts=0, followers={"a": 1, "b": 2}, sales=[("a", 5, None)])
    assert given(study) == [("post_dates", "post_likes", "post_reach", "post_views")]


def test_posts_without_names_are_told_first_how_to_name_who_reacted():
    study, _ = complete()
    nameless = study.with_(coverage=None)
    assert given(nameless) == [("named_interactions",)]


def test_as_many_named_posts_as_page_2_judges_by_are_enough():
    study, names = complete()
    few = study.with_(coverage=study.coverage[study.coverage["post_id"].isin(names[:30])])
    assert given(few) == [("named_interactions",)]  # page 2 judges by 45 of them
    keen = few.with_(settings=Settings(rules={"regular_rate": 0.1}))  # now by 22
    assert next_ways(keen) == [GUIDE[-1]]


def test_a_list_cut_by_date_is_told_to_order_the_export_again():
    cut, _ = complete(stated=5000)
    (way,) = next_ways(cut)
    assert way.gives[0] == "follower_list" and "All time" in str(way.steps)


def test_followers_without_dates_are_told_where_the_dates_are():
    study, _ = complete()
    undated = study.with_(followers=study.followers.assign(followed_at=pd.NaT))
    assert "follow_dates" in given(undated)[0]


def test_missing_orders_are_asked_for_last_and_for_each_shop():
    study, _ = complete()
    assert platforms(study.with_(sales=None)) == [*SHOPS]
    assert platforms(study.with_(sales=None, coverage=None)) == ["instagram", *SHOPS]


def test_a_full_study_is_told_only_to_bring_next_months_exports():
    for study in (complete()[0], engage.sample("kopi-senja")):
        (way,) = next_ways(study)
        assert way.gives == () and "month" in str(way.brings)


def test_each_platform_is_told_its_own_ways():
    study, _ = complete()
    other = pd.DataFrame({"account_id": ["tiktok:kopi.uji"], "platform": ["tiktok"], "is_owner": [False]})
    both = study.with_(accounts=pd.concat([study.accounts, other]))
    assert set(platforms(both)) == {"tiktok"}
    youtube = Study(accounts=pd.DataFrame({"account_id": ["youtube:kopi"], "platform": ["youtube"]}))
    assert platforms(youtube) == ["youtube", *SHOPS]
    assert platforms(Study(followers=study.followers))[0] == "instagram"  # no table of accounts
    assert platforms(Study(sales=study.sales.assign(account_id=None))) == [*SOCIAL, "list"]


def test_a_roster_is_asked_only_for_what_can_be_had_of_other_peoples_accounts():
    assert {way.platform for way in next_ways(roster())} == {"list"}
    assert next_ways(roster())[0].gives == ("accounts", "prices")


def test_asking_changes_nothing():
    study, _ = complete()
    before = {name: frame.copy() for name, frame in study.tables.items()}
    next_ways(study)
    for name, frame in study.tables.items():
        pd.testing.assert_frame_equal(frame, before[name])
    assert study.owner == ME and study.settings == Settings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        GUIDE[0].platform = "x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_can_be_written_safely_with_its_date(language):
    words = Words(language)
    for way in GUIDE:
        for text in (words.say(way.brings), words.say(way.steps), words.say(way.checked)):
            assert text and not set("{}<") & set(text) and "<" not in escape(text)
        assert "2026" in words.say(way.checked)
        assert words.say(way.steps).count("“") == words.say(way.steps).count("”")
