"""Pages (HTML) of an Instagram export: structure and not class names, a fixed clock, any size, nothing hidden kept."""

import json
import resource
import time
import zipfile

import pandas as pd
import pytest

from engage.readers import read
from engage.study import TABLES

HERE = "connections/followers_and_following/"
INSIGHTS = "logged_information/past_instagram_insights/"
MEDIA = "your_instagram_activity/media/"
COMMENTS = "your_instagram_activity/comments/"
PROFILE = "personal_information/personal_information/personal_information.html"
GPS, DEVICE = "-6.208763", "android-0123456789abcdef"


def page(*cards, main="main"):
    inside = "\n".join(cards)
    tag, role = ("main", "") if main == "main" else ("div", ' role="main"')
    return f"<html><head><title>x</title></head><body><h1>x</h1><{tag}{role}>{inside}</{tag}></body></html>"


def who(name, date="May 10, 2026 6:14 am"):
    return f'<div><div><a href="https://www.instagram.com/{name}">{name}</a></div><div>{date}</div></div>'


def row(label, value):
    return f"<tr><td colspan=2>{label}<div><div>{value}</div></div></td></tr>"


def insight(date, uri="", caption="", **values):
    picture = f'<div><a href="{uri}"><img src="{uri}"></a><div>{caption}</div></div>'
    thumb = f"<table><tr><td>Media Thumbnail{picture}</td></tr></table>"
    rows = "".join(row(label.replace("_", " "), value) for label, value in values.items())
    when = f"<tr><td>Creation Timestamp</td><td>{date}</td></tr>"
    return f"<div><div>{thumb if uri else ''}<table>{when}{rows}</table></div></div>"


@pytest.fixture
def export(tmp_path):
    def write(members, name="instagram-kopi.uji-2026-05-12-Ab3dE5gH.zip"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
            for path, content in members.items():
                packed.writestr(path, content if isinstance(content, (str, bytes)) else json.dumps(content))
        return tmp_path / name

    return write


def followers(study):
    return dict(zip(study.followers["follower_id"], study.followers["followed_at"], strict=True))


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.mark.parametrize(
    ("date", "wanted"),
    [
        ("Jan 05, 2025 3:00 pm", "2025-01-05T23:00Z"),
        ("Jul 05, 2025 3:00 pm", "2025-07-05T23:00Z"),  # no daylight saving
        ("Jul 5, 2025, 12:05 AM", "2025-07-05T08:05Z"),  # older pages have a second comma
        ("Jul 5, 2025 12:05\u202fpm", "2025-07-05T20:05Z"),
        ("fév 22, 2026 8:58 am", "2026-02-22T16:58Z"),
        ("janv. 5, 2025 3:00 pm", "2025-01-05T23:00Z"),
        ("août 3, 2025 12:00 am", "2025-08-03T08:00Z"),
        ("juil. 3, 2025 1:00 am", "2025-07-03T09:00Z"),
        ("juin 3, 2025 1:00 am", "2025-06-03T09:00Z"),
        ("fe\u0301vr. 3, 2025 1:00 am", "2025-02-03T09:00Z"),  # an accent that stands alone
        ("Okt 20, 2025 8:23 am", "2025-10-20T16:23Z"),
        ("Agu 20, 2025 8:23 pm", "2025-08-21T04:23Z"),
        ("20 Desember 2025 08.23", "2025-12-20T16:23Z"),
        ("Ogos 20, 2025 8:23 PTG", "2025-08-21T04:23Z"),
        ("Dis 31, 2025 11:59 pm", "2026-01-01T07:59Z"),
        ("fev 22, 2026 8:58 am", "2026-02-22T16:58Z"),
        ("ene. 10, 2024 1:00 pm", "2024-01-10T21:00Z"),
        ("mrt 10, 2024 1:00 pm", "2024-03-10T21:00Z"),
    ],
)
def test_dates_are_read_in_a_fixed_zone_and_in_many_languages(export, date, wanted):
    study = read(export({HERE + "followers_1.html": page(who("a.uji", date))}))
    assert followers(study) == {"a.uji": pd.Timestamp(wanted)}


def test_a_date_that_cannot_be_read_is_left_empty_and_told(export):
    study = read(export({HERE + "followers_1.html": page(who("a.uji", "Xyzx 5, 2025 3:00 pm"), who("b.uji"))}))
    assert study.followers["followed_at"].isna().tolist() == [True, False]
    assert any("could not be read" in text and "Xyzx 5" in text for text in told(study, "warning"))


@pytest.mark.parametrize("wrap", ["{}", "<div><div>{}</div></div>", "<section>{}</section>"])
@pytest.mark.parametrize("main", ["main", "div"])
def test_people_are_found_by_links_and_dates_however_they_are_wrapped(export, wrap, main):
    people = who("_u/Satu.uji") + f"<div><h2>dua.uji</h2>{who('dua.uji?igsh=x', 'May 1, 2026 1:00 am')}</div>"
    study = read(export({HERE + "followers_1.html": page(wrap.format(people), main=main)}))
    assert followers(study) == {
        "satu.uji": pd.Timestamp("2026-05-10T14:14Z"),
        "dua.uji": pd.Timestamp("2026-05-01T09:00Z"),
    }


def test_a_list_without_a_box_for_each_person_pairs_each_link_with_the_next_date(export):
    flat = "".join(who(n, d)[5:-6] for n, d in [("a.uji", "May 1, 2026 1:00 am"), ("b.uji", "May 2, 2026 1:00 am")])
    study = read(export({HERE + "followers_1.html": page(f"<div>{flat}</div>")}))
    assert [at.day for at in followers(study).values()] == [1, 2]


def test_links_that_lead_to_nobody_and_names_without_a_link_are_not_lost(export):
    cards = [who(""), who("a.uji"), "<div><h2>b.uji</h2><div>May 2, 2026 1:00 am</div></div>"]
    study = read(export({HERE + "followers_1.html": page(*cards)}))
    assert list(followers(study)) == ["a.uji", "b.uji"]
    assert any("without a name, left out: 1" in text for text in told(study))


def test_insights_join_the_page_of_posts_and_clean_text_is_not_repaired(export):
    uri = "media/posts/202604/18106123075498510.jpg"
    text, picture = "Ã© &#064;a.uji #Kopi", f'<a href="{uri}"><img src="{uri}"></a>'
    card = f"<div><h2>{text}</h2>{picture}<div>May 2, 2026 5:00 am</div></div>"
    study = read(export({
        INSIGHTS + "posts.html": page(insight("May 2, 2026 5:00 am", uri, Likes="1,110", Accounts_reached="--"),
                                      insight("May 2, 2026 5:00 am", Likes="7")),
        MEDIA + "posts_1.html": page(card),
    }))  # fmt: skip
    posts = study.posts.sort_values("post_id")
    assert posts["post_id"].tolist() == [
        "18106123075498510",
        f"ts-{int(pd.Timestamp('2026-05-02T13:00Z').timestamp())}-2",
    ]
    assert posts["likes"].tolist() == [1110, 7]
    assert posts["reach"].isna().all()
    assert posts["caption"].tolist()[0] == "Ã© @a.uji #Kopi"
    assert posts["hashtags"].tolist()[0] == "kopi"


def test_labels_may_stand_in_a_cell_of_their_own_and_cards_in_one_box(export):
    def card(date, likes):
        rows = f"<tr><td>Upload Timestamp</td><td>{date}</td></tr><tr><td>Instagram Likes</td><td>{likes}</td></tr>"
        return f"<div><table>{rows}</table></div>"

    cards = card("May 2, 2026 5:00 am", 5) + card("May 3, 2026 5:00 am", 6)
    study = read(export({INSIGHTS + "reels.html": page(f"<div><div>{cards}</div></div>")}))
    assert study.posts[["kind", "likes"]].to_numpy().tolist() == [["reel", 5], ["reel", 6]]


def test_rows_of_the_second_page_of_posts_say_what_is_paid_and_what_was_never_published(export):
    def card(number, paid, published):
        uri = f"media/other/{number}.jpg"
        rows = row("Légende", f"teks {number}") + row("Est une publicité", paid) + row("Publié", published)
        media = f'<tr><td>Contenu multimédia<div><img src="{uri}"><img src="{uri}2.jpg"></div></td></tr>'
        return f"<div><table>{rows}{media}</table><div>mai {number % 28 + 1}, 2026 5:00 am</div></div>"

    study = read(export({MEDIA + "posts.html": page(card(1800001, "Vrai", "Vrai"), card(1800002, "Faux", "Vrai"),
                                                    card(1800003, "Faux", "Faux"))}))  # fmt: skip
    assert study.posts[["post_id", "is_paid", "kind"]].to_numpy().tolist() == [
        ["1800001", True, "carousel"], ["1800002", False, "carousel"]]  # fmt: skip
    assert any("never published, left out: 1" in text for text in told(study))


def test_comments_of_the_owner_are_replies_in_both_layouts_and_likes_are_counted(export):
    rows = row("Comment", "Makasih") + row("Media Owner", "kopi.uji")
    table = f"<div><table>{rows}<tr><td>Time</td><td>May 2, 2026 6:00 am</td></tr></table></div>"
    old = "<div><h2>Kopi.uji</h2><div><div>Siap</div><div>May 3, 2026 6:00 am</div></div></div>"
    other = "<div><h2>toko.uji</h2><div><div>Keren</div><div>May 3, 2026 6:00 am</div></div></div>"
    link = '<a href="https://www.instagram.com/p/ABCDEFGHIJK/">x</a>'
    like = f"<div><h2>toko.uji</h2><div>{link}<div>May 3, 2026 6:00 am</div></div></div>"
    study = read(export({
        COMMENTS + "post_comments_1.html": page(table, old, other),
        "your_instagram_activity/likes/liked_posts.html": page(like, like),
    }))  # fmt: skip
    assert study.replies[["text", "at"]].to_numpy().tolist() == [
        ["Makasih", pd.Timestamp("2026-05-02T14:00Z")], ["Siap", pd.Timestamp("2026-05-03T14:00Z")]]  # fmt: skip
    assert study.interactions.empty
    assert any("left out: 1 and 2" in text for text in told(study))


def test_the_profile_names_the_account_also_under_a_label_that_is_not_known(export):
    known = page(f"<div><table>{row('Username', 'kopi.uji')}{row('Name', 'Kopi')}</table></div>")
    study = read(export({PROFILE: known, HERE + "followers_1.html": page(who("a.uji"))}, "x.zip"))
    assert (study.owner, study.accounts["name"].tolist()) == ("instagram:kopi.uji", ["Kopi"])
    strange = page(f"<div><table>{row('Kasutajanimi', 'teh.uji')}{row('E-post', 'rahasia@contoh.test')}</table></div>")
    study = read(export({PROFILE: strange, HERE + "followers_1.html": page(who("a.uji"))}, "y.zip"))
    assert study.owner == "own"
    [text] = [text for text in told(study, "warning") if "kasutajanimi" in text]
    assert "rahasia" not in text


def test_pages_and_json_of_one_account_give_each_post_and_follower_once(export, tmp_path):
    at = int(pd.Timestamp("2026-05-02T13:00:41Z").timestamp())
    entry = {"string_map_data": {"Likes": {"value": "9"}, "Creation Timestamp": {"timestamp": at}}}
    person = {"string_list_data": [{"value": "a.uji", "timestamp": at}]}
    first = export({INSIGHTS + "posts.json": {"o": [entry]}, HERE + "followers_1.json": [person]})
    second = export({INSIGHTS + "posts.html": page(insight("May 2, 2026 5:00 am", Likes="9", Saves="2")),
                     HERE + "followers_1.html": page(who("A.uji"), who("b.uji"))},
                    "instagram-kopi.uji-2026-06-12-Ab3dE5gH.zip")  # fmt: skip
    study = read(first, second)
    assert study.posts[["likes", "saves", "published_at"]].to_numpy().tolist() == [
        [9, 2, pd.Timestamp(at, unit="s", tz="UTC")]
    ]
    assert sorted(study.followers["follower_id"]) == ["a.uji", "b.uji"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("followers_1.html", "<html><body><p>Followers</p></body></html>"),
        (
            "posts.html",
            "<html><body><main><h1>Blog</h1><p>May 2 we made coffee</p><img src='/x.jpg'></main></body></html>",
        ),
        ("connections/page.html", "<!DOCTYPE html><html><main></main></html>"),
        ("connections.html", page(who("a.uji"))),
        ("site/content/posts.html", "<html><body><main><article><img src='x.jpg'>Halo</article></main></body></html>"),
    ],
)
def test_other_web_pages_keep_the_sentence_that_asks_for_json(export, name, content):
    study = read(export({name: content, "a.csv": "Username\nz.uji\n"}))
    assert study.followers["follower_id"].tolist() == ["z.uji"]
    assert any("choose JSON" in text for text in told(study, "warning"))


def test_loose_pages_are_known_by_what_is_in_them(tmp_path):
    (tmp_path / "followers_1.html").write_text(page(who("a.uji")), encoding="utf-8")
    (tmp_path / "posts.html").write_text(page(insight("May 2, 2026 5:00 am", Likes="9")), encoding="utf-8")
    study = read(tmp_path / "followers_1.html", tmp_path / "posts.html")
    assert study.followers["follower_id"].tolist() == ["a.uji"] and study.posts["likes"].tolist() == [9]


def test_an_empty_page_of_an_export_is_an_empty_list(export):
    study = read(export({HERE + "followers_1.html": page(), HERE + "following.html": page(who("a.uji"))}))
    assert study.followers.empty
    assert any("lists no followers" in text for text in told(study, "warning"))


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes_and_told(export):
    whole = page(who("a.uji"), who("b.uji"), who("c.uji"))
    study = read(export({HERE + "followers_1.html": whole[: whole.index("c.uji") + 3]}))
    assert list(followers(study)) == ["a.uji", "b.uji"]
    assert any("breaks off" in text for text in told(study, "warning"))


def test_coordinates_and_devices_on_pages_are_kept_nowhere(export):
    hidden = f"<tr><td>Latitude</td><td>{GPS}</td></tr>" + row("Device ID", DEVICE) + row("Perangkat", DEVICE)
    uri = "media/posts/202604/18106123075498510.jpg"
    bare = f'<div><img src="{uri}"><div>Latitude</div><div>{GPS}</div><div>May 2, 2026 5:00 am</div></div>'
    study = read(export({
        MEDIA + "posts_1.html": page(f"<div><table>{hidden}</table><div>May 3, 2026 5:00 am</div></div>", bare),
        INSIGHTS + "posts.html": page(insight("May 2, 2026 5:00 am", uri, Likes="1", Lintang=GPS, Perangkat=DEVICE)),
    }))  # fmt: skip
    everything = " ".join([*told(study), *(study.tables[name].to_csv() for name in TABLES), repr(study.notes)])
    assert len(study.posts) == 2 and study.posts["caption"].isna().all()
    assert "lintang" in everything and "latitude" not in everything.lower()
    assert GPS not in everything and DEVICE not in everything and "6.2087" not in everything


HOSTILE = {
    "deep": "<div>" * 200_000,
    "ends": "<div>" * 50_000 + "</span>" * 200_000,
    "links": '<a href="https://www.instagram.com/a.uji">' * 50_000,
    "dates": "<div>" * 99 + "<div>May 2, 2026 5:00 am</div>" * 20_000,
    "cells": "<tr><td>" * 100_000,
    "angles": "<" * 500_000,
    "comments": "<!-- " * 200_000,
    "attributes": "<a " + "b=c " * 200_000 + ">",
    "quotes": "<a href='" * 100_000,
    "entities": "&#x41;&am" * 100_000,
    "nothing": "\x00\x01\ufffd" * 1000,
    "script": "<script>" + "<div>" * 100_000,
    "month": "<div>" + "a" * 200_000 + " 5, 2025 3:00 pm</div>",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", [HERE + "followers_1.html", INSIGHTS + "posts.html", MEDIA + "posts_1.html", PROFILE])
def test_hostile_pages_spoil_nothing_else(export, name, path, caplog):
    study = read(export({path: page(HOSTILE[name]), HERE + "followers_2.html": page(who("b.uji"))}))
    assert "b.uji" in list(followers(study)) and not caplog.records


def test_a_tag_that_never_ends_is_not_looked_through_again_and_again(export):
    endless = " ".join(map(str, range(400_000)))
    study = read(export({HERE + "followers_1.html": "<html><main>" + who("a.uji") + f"<!-- {endless}"}))
    assert list(followers(study)) == ["a.uji"]
    assert any("not a page as Instagram writes it" in text for text in told(study, "error"))


@pytest.mark.slow
def test_a_long_list_takes_time_in_proportion_and_little_room(export):
    def spent(n):
        path = export({HERE + "followers_1.html": page(f"<div>{''.join(who(f'u{i}.uji') for i in range(n))}</div>")})
        start = time.process_time()
        assert len(read(path).followers) == n
        return time.process_time() - start

    spent(100)
    small = spent(10_000)
    room = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert spent(40_000) < 9 * small
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - room < 150_000, "kB; a tree of all would take more"


def test_letters_of_several_bytes_are_whole(export):
    study = read(export({MEDIA + "posts_1.html": page("<div><h2>kafé ☕ 🎉</h2><div>May 2, 2026 5:00 am</div></div>")}))
    assert study.posts["caption"].tolist() == ["kafé ☕ 🎉"]
