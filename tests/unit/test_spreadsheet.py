"""Hand-made tables: what the columns mean is guessed from headers and values, said, and can be corrected."""

import datetime as dt
import json

import pandas as pd
import pytest
from openpyxl import Workbook

from engage.readers import read
from engage.readers.columns import Mapping
from engage.readers.spreadsheet import guess_mapping, inspect_sheet, signature
from engage.study import Settings


@pytest.fixture
def table(tmp_path):
    def write(text, name="tabel.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows(text):
    return [line.split(";") for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "kind", "roles"),
    [
        ("Username;Suka\na.uji;12", "posts", {"handle", "likes"}),
        ("Username;Suka?\na.uji;ya", "reactions", {"handle", "liked"}),
        ("Username;Suka\na.uji;ya\nb.uji;tidak", "reactions", {"handle", "liked"}),
        ("Username;Post;Komentar\na.uji;1;enak", "reactions", {"handle", "post", "comment"}),
        ("Username;Link;Komentar\na.uji;x;3", "posts", {"handle", "url", "comments"}),
        ("Handle;Tanggal;Jumlah\na.uji;1 Mei 2026;5", "sales", {"handle", "date", "amount"}),
        ("Username;Followers;Rate Feed\na.uji;5rb;1jt", "accounts", {"handle", "followers", "price:feed"}),
        ("Pengikut\na.uji", "followers", {"handle"}),
        ("Tanggal;Followers;Jangkauan\n1/5/2026;500;90", "days", {"date", "followers", "reach"}),
        ("Link;Followers\nhttps://instagram.com/a.uji/;5rb", "accounts", {"handle", "followers"}),
        ("Username;Niche;Tanggal;Likes\na.uji;kopi;1/5/2026;7", "posts", {"handle", "topic", "date", "likes"}),
        ("Tarikh;Kapsyen;Capaian\n1/5/2026;hai;90", "posts", {"date", "caption", "reach"}),
    ],
)
def test_a_table_is_known_by_its_headers_and_values(text, kind, roles):
    mapping = guess_mapping(rows(text))
    assert (mapping.kind, set(mapping.columns)) == (kind, roles)


def test_headers_that_say_nothing_give_no_mapping():
    assert guess_mapping(rows("foo;bar\n1;2")) is None
    assert guess_mapping([]) is None


def test_an_order_book_becomes_sales(table):
    path = table(
        "handle, date, amount\n@Sari.Uji01,2026-05-01 10:00,125.000\nbima_uji02,2026-05-02,RM20\n,2026-05-03,Rp5jt\n"
    )
    sales = read(path).sales
    assert sales["sale_id"].is_unique and sales["sale_id"].str.fullmatch(r"row-[0-9a-f]{16}-0").all()
    assert sales["follower_id"].fillna("").tolist() == ["sari.uji01", "bima_uji02", ""]
    assert list(zip(sales["amount"], sales["currency"], strict=True)) == [(125_000, "IDR"), (20, "MYR"), (5e6, "IDR")]
    assert sales["at"][0] == pd.Timestamp("2026-05-01T03:00Z")


def test_the_study_s_zone_and_currency_are_used_where_a_file_names_none(table):
    settings = Settings(time_zone="Asia/Kuala_Lumpur", currency="MYR")
    study = read(table("Tarikh,Jumlah\n1 Mei 2026 08:00,20\n"), settings=settings)
    assert study.sales["at"][0] == pd.Timestamp("2026-05-01T00:00Z")
    assert study.sales["currency"][0] == "MYR"
    assert [note.level for note in study.notes if "MYR" in str(note)] == ["guess"]


def test_recent_posts_of_many_influencers_meet_their_rate_card(table):
    card = table("Username,Platform,Followers,Niche,Kota,Rate Feed,Rate Reels,Rate Story\n"
                 "sari.uji01,Instagram,\"12,5 rb\",kuliner,Bandung,Rp1jt,Rp2jt,500rb\n"
                 "bima_uji02,TikTok,1jt,komedi,Medan,,5jt,-\n",
                 "kartu.csv")  # fmt: skip
    posts = table("Username,Tanggal,Link,Jenis,Views/Tayangan,Reach,Likes,Comments,Shares,Saves\n"
                  "@sari.uji01,17/06/2026,https://www.instagram.com/reel/DZrdixGAomb/,Reels,1.500,1.200,90,4,3,--\n"
                  "sari.uji01,20/06/2026,,Foto,,300,20,1,0,2\n", "post.csv")  # fmt: skip
    study = read(card, posts)
    assert study.accounts["account_id"].tolist() == ["instagram:sari.uji01", "tiktok:bima_uji02"]
    assert study.accounts["followers"].tolist() == [12_500, 1_000_000]
    assert study.prices.groupby("account_id")["deliverable"].apply(list).tolist() == [
        ["feed", "reels", "story"],
        ["reels"],
    ]
    assert study.posts["account_id"].unique().tolist() == ["instagram:sari.uji01"]
    assert study.posts[["kind", "views", "likes"]].iloc[0].tolist() == ["reel", 1500, 90]
    assert study.posts["saves"].isna().tolist() == [True, False]
    assert study.owner == ""
    assert any("Kota" in str(note) for note in study.notes)


def test_title_rows_totals_and_blank_rows_are_passed_over(table):
    path = table(
        "DAFTAR PENGIKUT 2026\n\nNo;Username;Nama\n1;sari.uji01;Sari\n;;\n2;;\n3;bima_uji02;Bima\nTOTAL;2;\n;x.uji;\n"
    )
    study = read(path)
    assert study.followers["follower_id"].tolist() == ["sari.uji01", "bima_uji02"]
    assert [note.count for note in study.notes if "without values" in str(note)] == [1]


def test_every_sheet_of_a_workbook_is_tried_and_typed_cells_are_unambiguous(tmp_path):
    book = Workbook()
    book.active.append(["Catatan saja"])
    sheet = book.create_sheet("Mei")
    sheet.append(["Tanggal", "Caption", "Likes", "Reach"])
    sheet.append([dt.datetime(2026, 5, 4, 10, 30), "satu #Kopi", 1234, 2.0])
    sheet.append([dt.datetime(2026, 5, 5), "dua", None, 12_345])
    book.create_sheet("Harga").append(["Username", "Rate Feed"])
    book["Harga"].append(["sari.uji01", 1.234])
    book.save(tmp_path / "a.xlsx")
    study = read(tmp_path / "a.xlsx")
    assert study.posts["published_at"].tolist() == [
        pd.Timestamp("2026-05-04T03:30Z"),
        pd.Timestamp("2026-05-04T17:00Z"),
    ]
    assert study.posts["likes"][0] == 1234 and pd.isna(study.posts["likes"][1])
    assert study.posts["hashtags"][0] == "kopi"
    assert study.prices["amount"].tolist() == [1.234]


def test_days_keep_their_local_date(table):
    days = read(table("Tanggal,Pengikut baru,Jangkauan\n2026-06-13T00:00:00,192,5\n14/06/2026,-3,6\n")).days
    assert days["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-06-13", "2026-06-14"]
    assert days["new_follows"].isna().tolist() == [False, True]


def test_a_liker_and_comment_list_names_all_who_reacted(table):
    posts = table("Link,Tanggal,Likes\nhttps://www.instagram.com/p/DaN7O9-gqiK/,30/06/2026,13\n", "post.csv")
    likes = table("Username,Link\n@sari.uji01,https://www.instagram.com/p/DaN7O9-gqiK/?x=1\n", "suka.csv")
    comments = table("Handle,Tanggal,Komentar,Post\nbima_uji02,1/7/2026 10:00,mantap,DaN7O9-gqiK\n", "komen.csv")
    study = read(posts, likes, comments)
    assert study.interactions[["post_id", "follower_id", "kind"]].to_numpy().tolist() == [
        ["DaN7O9-gqiK", "bima_uji02", "comment"], ["DaN7O9-gqiK", "sari.uji01", "like"]]  # fmt: skip
    assert study.coverage["kind"].tolist() == ["comment", "like"]
    assert study.abilities["named_interactions"] == (1, 1)


def test_a_guess_can_be_looked_at_corrected_and_remembered(table):
    path = table("Siapa;Kapan;Berapa\nsari.uji01;1/5/2026;5\n")
    [sheet] = inspect_sheet(path)
    assert sheet.mapping is None
    assert [column.examples for column in sheet.columns] == [("sari.uji01",), ("1/5/2026",), ("5",)]
    path = table("Username;Suka\nsari.uji01;5\n")
    [sheet] = inspect_sheet(path)
    assert [column.role for column in sheet.columns] == ["handle", "likes"]
    assert {str(column.why) for column in sheet.columns} == {"The header says so."}
    corrected = Mapping("accounts", {"handle": "Username", "followers": "Suka"})
    assert sheet.signature == signature(["username ", "SUKA"])
    assert read(path, mappings={sheet.signature: corrected}).accounts["followers"].tolist() == [5]
    remembered = Settings(mappings={sheet.signature: json.loads(json.dumps(corrected.to_dict()))})
    assert read(path, settings=remembered).accounts["followers"].tolist() == [5]


def test_a_table_that_nobody_could_guess_is_read_by_a_given_mapping(table):
    path = table("Siapa;Kapan;Berapa\nsari.uji01;1/5/2026;5\n")
    [sheet] = inspect_sheet(path)
    given = Mapping("sales", {"handle": "Siapa", "date": "Kapan", "amount": "Berapa"})
    study = read(path, mappings={sheet.signature: given})
    assert study.sales[["follower_id", "amount"]].to_numpy().tolist() == [["sari.uji01", 5]]
    assert study.sales["at"][0] == pd.Timestamp("2026-04-30T17:00Z")


def test_a_mapping_that_does_not_fit_is_a_sentence_and_not_a_failure(table):
    path = table("Username;Suka\nsari.uji01;5\n")
    [sheet] = inspect_sheet(path)
    for wrong in (Mapping("nonsense", {"handle": "Username"}), Mapping("sales", {"amount": "Tiada"}), {"x": 1}):
        study = read(path, mappings={sheet.signature: wrong})
        assert study.accounts["handle"].tolist() == ["sari.uji01"]
        assert any("remembered" in str(note) for note in study.notes)
