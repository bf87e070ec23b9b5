"""Next month's files extend a study: what is newer wins, who has left is kept and told, the order changes nothing."""

import io
import json
import zipfile

import pandas as pd
import pytest

import engage
from engage.readers import read

HERE = "connections/followers_and_following/"
DAY = 86_400
JUNE, JULY = 1_782_000_000, 1_784_600_000


def person(name, at):
    return {"title": "", "media_list_data": [], "string_list_data": [{"href": "", "value": name, "timestamp": at}]}


def month(tmp_path, name, followers, likes, at):
    """An export zip and a Business Suite table of one month."""
    folder = tmp_path / name
    folder.mkdir()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(HERE + "followers_1.json", json.dumps([person(who, when) for who, when in followers.items()]))
        profile = {
            "profile_user": [{"string_map_data": {"Username": {"href": "", "value": "kopi.uji", "timestamp": 0}}}]
        }
        packed.writestr("personal_information/personal_information/personal_information.json", json.dumps(profile))
        posts = [{"media": [{"uri": "media/posts/1.jpg", "creation_timestamp": at - 3 * DAY, "title": "kopi"}]}]
        packed.writestr("your_instagram_activity/media/posts_1.json", json.dumps(posts))
    day = pd.Timestamp(at, unit="s")
    (folder / f"instagram-kopi.uji-{day:%Y-%m-%d}-aB1.zip").write_bytes(data.getvalue())
    head = "Post ID,Account ID,Account username,Account name,Description,Publish time,Permalink,Post type,Reach,Likes"
    link = "https://www.instagram.com/reel/DZrdixGAomb/"
    row = f"18182686576415017,1,kopi.uji,Kopi,kopi,06/17/2026 00:45,{link},IG reel,{likes * 9},{likes}"
    (folder / f"konten-{name}.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    return folder


@pytest.fixture
def months(tmp_path):
    first = month(
        tmp_path, "juni", {"ani.uji": JUNE - 90 * DAY, "budi.uji": JUNE - 60 * DAY, "cici.uji": JUNE - DAY}, 40, JUNE
    )
    second = month(
        tmp_path, "juli", {"ani.uji": JUNE - 90 * DAY, "cici.uji": JUNE - DAY, "dodi.uji": JULY - DAY}, 55, JULY
    )
    return first, second


def test_new_followers_come_in_and_those_no_longer_listed_stay_with_the_day_they_were_last_seen(months):
    first, second = months
    study = read(second, extending=read(first))
    assert set(study.followers["follower_id"]) == {"ani.uji", "budi.uji", "cici.uji", "dodi.uji"}
    left = study.followers[study.gone]
    assert left["follower_id"].tolist() == ["budi.uji"]
    assert left["last_seen_at"].iloc[0] < study.followers["last_seen_at"].max()
    assert len(engage.activity(study).followers) == 3, "who has left is no follower to be judged"
    assert any("1 followers are no longer listed" in str(note) for note in study.notes)


def test_the_newer_numbers_win_whichever_month_was_read_first(months):
    first, second = months
    there, back = read(second, extending=read(first)), read(first, extending=read(second))
    for study in (there, back):
        assert study.posts.loc[study.posts["shortcode"] == "DZrdixGAomb", "likes"].tolist() == [55]
    for name in engage.study.TABLES:
        one, two = (
            frame.sort_values(list(frame.columns[:3])).reset_index(drop=True)
            for frame in (getattr(there, name), getattr(back, name))
        )
        pd.testing.assert_frame_equal(one, two, obj=name)


def test_the_same_month_again_changes_nothing(months):
    first, _ = months
    once = read(first)
    again = read(first, extending=once)
    for name in engage.study.TABLES:
        pd.testing.assert_frame_equal(getattr(once, name), getattr(again, name), obj=name)
    assert not again.gone.any()


def test_a_list_cut_by_date_says_nothing_of_those_who_came_before(tmp_path):
    first = month(tmp_path, "juni", {"ani.uji": JUNE - 90 * DAY, "budi.uji": JUNE - 5 * DAY}, 40, JUNE)
    second = month(tmp_path, "juli", {"cici.uji": JUNE - 10 * DAY}, 55, JULY)
    study = read(second, extending=read(first))
    assert study.followers[study.gone]["follower_id"].tolist() == ["budi.uji"], "ani came before the list begins"
