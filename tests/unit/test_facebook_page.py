"""A Facebook page's posts: their caption, reactions and page, whatever a spreadsheet program did to the ids."""

import csv
import io

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read
from engage.readers.meta_content import PACIFIC

HEADERS = ["Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time", "Permalink",
           "Is share", "Post type", "Date", "Views", "Reach", "Reactions, Comments and Shares", "Reactions", "Comments",
           "Shares", "Total clicks"]  # fmt: skip
ID = ["ID Postingan", "ID Halaman", "Nama Halaman", "Judul", "Deskripsi", "Durasi (detik)", "Waktu penerbitan",
      "Permalink", "x", "Jenis postingan", "Tanggal", "Tayangan", "Jangkauan", "Tanggapan, komentar, dan berbagi",
      "Tanggapan", "Komentar", "Frekuensi dibagikan", "Total klik"]  # fmt: skip
PAGE = "100045700000000"


def row(post="1827720132094663", page=PAGE, title="Menu #kopi", more="", date="09/28/2026 18:12", kind="Photos",
        link="https://www.facebook.com/kopi.uji/posts/pfbid0AAA", numbers=(27, 20, 9, 4, 3, 2, 1)):  # fmt: skip
    return [post, page, "Kopi Uji", title, more, "0", date, link, "0", kind, "Lifetime", *map(str, numbers)]


@pytest.fixture
def export(tmp_path):
    def write(body, headers=HEADERS, name="Sep-20-2026_Sep-30-2026_5.csv", mark=","):
        text = io.StringIO()
        csv.writer(text, delimiter=mark, lineterminator="\n").writerows([headers, *body])
        (tmp_path / name).write_text(text.getvalue(), encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize("headers", [HEADERS, ID])
def test_likes_are_reactions_and_not_their_sum_with_comments(export, headers):
    post = read(export([row()], headers)).posts.iloc[0]
    wanted = {"likes": 4, "comments": 3, "shares": 2, "views": 27, "reach": 20, "caption": "Menu #kopi",
              "hashtags": "kopi", "kind": "photo", "account_id": f"facebook:{PAGE}"}  # fmt: skip
    assert {name: post[name] for name in wanted} == wanted
    assert post["published_at"] == pd.Timestamp("2026-09-29T01:12Z") == pd.Timestamp("2026-09-28 18:12", tz=PACIFIC)


def test_the_caption_is_title_or_description_or_both(export):
    body = [row("1", title="A", more=""), row("2", title="", more="B #satu"), row("3", title="A", more="B"),
            row("4", title="A", more="A"), row("5", title="", more="")]  # fmt: skip
    posts = read(export([[f"182772013209466{cells[0]}", *cells[1:]] for cells in body])).posts
    assert posts["caption"].tolist()[:4] == ["A", "B #satu", "A\nB", "A"]
    assert pd.isna(posts["caption"].iloc[4])
    assert posts["hashtags"].iloc[1] == "satu"


def test_kinds_of_facebook(export):
    words = ["Photos", "Reels", "Videos", "Live videos", "Stories", "Texts"]
    body = [row(f"182772013209466{i}", kind=word) for i, word in enumerate(words)]
    assert read(export(body)).posts["kind"].tolist() == ["photo", "reel", "video", "live", "story", "text"]


def test_a_reel_of_facebook_has_no_shortcode_of_instagram(export):
    post = read(export([row(link="https://www.facebook.com/reel/1827720132094663/", kind="Reels")])).posts.iloc[0]
    assert pd.isna(post["shortcode"]) and post["post_id"] == "1827720132094663"


def test_ids_that_excel_ruined_come_from_the_links(export):
    body = [row("1.82772E+15", "1.00046E+14", link="https://www.facebook.com/kopi.uji/videos/1827720132094663/"),
            row("1.82772E+15", "1.00046E+14", date="09/24/2026 15:30"),
            row("1.82772E+15", "1.00046E+14", date="09/25/2026 15:30", link="")]  # fmt: skip
    study = read(export(body, mark=";"))
    assert study.owner == "facebook:kopi.uji"
    assert study.posts["post_id"].tolist()[:2] == ["1827720132094663", "pfbid0AAA"]
    assert study.posts["post_id"].nunique() == 3 and study.posts["account_id"].nunique() == 1
    assert sum("ruined" in str(note) or "rounded" in str(note) for note in study.notes) == 2


def test_without_page_id_and_links_the_page_is_the_users_own(export):
    study = read(export([row(page="1.00046E+14", link="")]))
    assert study.posts["account_id"].tolist() == ["facebook:own"]


def test_an_instagram_account_stays_the_owner_beside_a_newer_page(export):
    head = ["Post ID", "Account username", "Publish time", "Permalink", "Likes"]
    body = [["18182686576415017", "kopi.uji", "06/17/2026 00:45", "https://www.instagram.com/p/DZrdixGAomb/", "3"]]
    study = read(export([row()]), export(body, head, name="ig.csv"))
    assert study.owner == "instagram:kopi.uji"
    assert set(study.posts["account_id"]) == {"instagram:kopi.uji", f"facebook:{PAGE}"}


def test_the_same_post_in_two_exports_is_one_though_its_link_changed(export):
    first, second = export([row()], name="a.csv"), export([row(link="https://www.facebook.com/x/posts/pfbid0B")],
                                                          name="b.csv")  # fmt: skip
    assert len(read(first, second).posts) == 1


def test_missing_columns_and_another_order(export):
    keep = [HEADERS.index(name) for name in ("Reach", "Publish time", "Page ID", "Post ID")]
    study = read(export([[row()[i] for i in keep]], [HEADERS[i] for i in keep]))
    post = study.posts.iloc[0]
    assert (post["post_id"], post["reach"]) == ("1827720132094663", 20)
    assert post[["likes", "views", "caption", "kind"]].isna().all()


@pytest.mark.parametrize("cells", [
    [""] * 18, ["x"] * 18, ["9" * 4000] * 18, row(post="", page="", link="", title=""), row(date="99/99/9999"),
    row(link="https://www.facebook.com/" + "posts/" * 2000),
    row(numbers=("-1", "undefined", "1e999", "--", "", "?", 0)),
])  # fmt: skip
def test_hostile_rows_raise_nothing_but_a_read_error(export, cells):
    try:
        study = read(export([cells, row()]))
    except ReadError:
        return
    assert "1827720132094663" in set(study.posts["post_id"])
