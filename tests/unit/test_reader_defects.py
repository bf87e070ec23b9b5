"""Files that once were read wrongly or lost without a word: what is not known is said, what is known is kept."""

import json
import logging
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import engage.readers as readers
from engage.messages import ReadError
from engage.readers import read
from engage.readers.columns import Mapping
from engage.readers.part import clean_handle
from engage.readers.spreadsheet import signature

GOOD = "Username\nsari.uji01\nbima_uji02\n"
NAMES = ["sari.uji01", "bima_uji02"]


@pytest.fixture
def table(tmp_path):
    def write(text, name="tabel.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def names(study):
    return study.followers["follower_id"].tolist()


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data if isinstance(data, (str, bytes)) else json.dumps(data))
    return path


@pytest.mark.parametrize(
    "headers",
    ["Day,Campaign name,Amount spent (IDR),Impressions,Results", "Hari,Nama kampanye,Jumlah yang dibelanjakan (IDR)"],
)
def test_ads_manager_is_named_unless_its_columns_are_given(table, headers):
    path = table(f"{headers}\n2026-05-01,Ramadan,50000,7,8\n")
    with pytest.raises(ReadError, match=r"looks like Meta Ads Manager\. This version does not read it yet"):
        read(path)
    day, _, spent = headers.split(",")[:3]
    mine = {signature(headers.split(",")): Mapping("sales", {"date": day, "amount": spent})}
    assert read(path, mappings=mine).sales["amount"].tolist() == [50_000]


def test_a_liker_table_is_known_by_its_name_as_a_text_file_is(table):
    path = table("username,userid\nsari.uji01,1001\nbima_uji02,1002\n", "likers_DZrdixGAomb.csv")
    study = read(path)
    assert study.followers.empty
    assert study.interactions[["post_id", "follower_id", "kind"]].to_numpy().tolist() == [
        ["DZrdixGAomb", "sari.uji01", "like"], ["DZrdixGAomb", "bima_uji02", "like"]]  # fmt: skip
    assert study.coverage["complete"].tolist() == [True]


def test_a_rate_without_a_percent_sign_is_read_as_its_column_says(table):
    study = read(table("Username;ER\na.uji;0,9\nb.uji;4,5\nc.uji;3%\n"))
    assert study.accounts["engagement_rate"].tolist() == pytest.approx([0.009, 0.045, 0.03])
    assert any("per cent: 2" in text for text in told(study, "guess"))
    alone = read(table("Username;ER\na.uji;0,009\nb.uji;0,045\n"))
    assert alone.accounts["engagement_rate"].tolist() == [0.009, 0.045]


def test_lines_of_one_order_are_added_up_and_repeated_lines_count_once(table):
    study = read(table("No Pesanan;Username;Produk;Jumlah;Qty\nA1;a.uji;Kopi;Rp100;1\nA1;a.uji;Gula;Rp50;2\n"
                       "A2;b.uji;Teh;Rp70;1\nA2;b.uji;Teh;Rp70;1\n;b.uji;Teh;Rp5;1\n;b.uji;Teh;Rp5;1\n"))  # fmt: skip
    assert study.sales[["amount", "quantity"]].to_numpy().tolist() == [[150, 3], [70, 1], [5, 1], [5, 1]]
    assert study.sales["sale_id"].tolist()[:2] == ["A1", "A2"]
    assert {note.count for note in study.notes if "Lines" in str(note)} == {1}


def test_money_of_two_currencies_is_not_added_up(table):
    study = read(table("No Pesanan;Username;Jumlah\nA1;a.uji;Rp100.000\nA1;a.uji;RM20\nA1;a.uji;gratis\n"))
    assert sorted(zip(study.sales["amount"], study.sales["currency"], strict=True)) == [(20, "MYR"), (100_000, "IDR")]


def test_order_numbers_that_were_rounded_are_no_order_numbers(table):
    study = read(table("No Pesanan;Username;Jumlah\n1.79603E+17;a.uji;100\n1.79603E+17;b.uji;50\n"))
    assert study.sales["amount"].tolist() == [100, 50]
    assert any("rounded" in text for text in told(study, "warning"))


@pytest.mark.parametrize(
    ("text", "found", "below"),
    [
        ("Username;Followers\nTotal;9000\na.uji;5000\nb.uji;4000\n", ["a.uji", "b.uji"], 0),
        ("Username;Followers\na.uji;5000\njumlah;7\nb.uji;4000\n", ["a.uji", "b.uji"], 0),
        ("Kategori;Username;Followers\nTotal;a.uji;5000\nx;b.uji;4000\n", ["a.uji", "b.uji"], None),
        ("Username;Followers\na.uji;5000\nb.uji;4000\nTotal;9000\n\ncatatan;\n", ["a.uji", "b.uji"], 1),
    ],
)
def test_a_line_of_totals_is_left_out_and_what_is_below_is_kept_or_counted(table, text, found, below):
    study = read(table(text))
    assert study.accounts["handle"].tolist() == found
    said = [text for text in told(study) if "totals" in text]
    assert said == ([] if below is None else
                    [f"tabel.csv: Lines of totals, left out: 1; lines below them, left out: {below}."])  # fmt: skip


def test_links_in_a_circle_and_links_to_nothing_are_told(tmp_path, table):
    table(GOOD)
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "c.csv").symlink_to(tmp_path / "tiada.csv")
    study = read(tmp_path)
    assert names(study) == NAMES
    assert sum("leads nowhere" in text for text in told(study, "warning")) == 3


def test_a_closed_folder_or_file_is_told_and_the_rest_is_read(tmp_path, table, monkeypatch):
    good, shut = table(GOOD), tmp_path / "tutup"
    shut.mkdir()
    really, scan = Path.is_dir, os.scandir

    def refuse(path):
        if Path(path).name.startswith("tutup"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    study = read(tmp_path)
    assert names(study) == NAMES and any("tutup may not be opened" in text for text in told(study))
    monkeypatch.setattr(Path, "is_dir", lambda path: really(path) if path.name != "x.csv" else refuse("tutup"))
    study = read(good, tmp_path / "x.csv")
    assert names(study) == NAMES and any("x.csv may not be opened" in text for text in told(study))


def follower(name):
    return {"title": "", "string_list_data": [{"value": name, "timestamp": 1_760_000_000}]}


def insight(time, number="", **values):
    fields = {label: {"value": value, "timestamp": 0} for label, value in values.items()}
    thumb = {"Media Thumbnail": {"uri": f"m/{number}.jpg", "creation_timestamp": time}} if number else {}
    stamp = {"Creation Timestamp": {"value": "", "timestamp": time}}
    return {"media_map_data": thumb, "string_map_data": fields | stamp}


def test_half_an_emoji_spoils_one_letter_and_not_the_file(tmp_path, caplog):
    media = {"uri": "x_17900000000000001.jpg", "creation_timestamp": 1_760_000_000, "title": "Kopi \ud83d enak"}
    profile = {"string_map_data": {"Username": {"value": "kopi.uji"}, "Name": {"value": "Kopi \ude00"}}}
    study = read(zipped(tmp_path / "a.zip", {
        "connections/followers_and_following/followers_1.json": [follower("a.uji")],
        "your_instagram_activity/media/posts_1.json": [{"media": [media]}],
        "personal_information/personal_information.json": {"profile_user": [profile]},
    }))  # fmt: skip
    assert study.posts["caption"].tolist() == ["Kopi \ufffd enak"]
    assert study.accounts["name"].tolist() == ["Kopi \ufffd"]
    assert names(study) == ["a.uji"] and not caplog.records


def test_no_traceback_is_printed_when_nobody_listens():
    script = "import engage.readers as r; r.log.error('x', exc_info=ValueError())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stderr) == (0, "")
    assert logging.getLogger("engage").handlers


def test_one_cell_in_the_last_corner_is_a_sentence_and_soon(tmp_path):
    book = Workbook(write_only=False)
    book.active.append(["Username"])
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    start = time.process_time()
    with pytest.raises(ReadError, match="more cells than can be read"):
        read(tmp_path / "a.xlsx")
    assert time.process_time() - start < 15, "about 2 s on a laptop"


def test_the_same_note_of_many_files_is_said_once(tmp_path):
    study = read(zipped(tmp_path / "a.zip", {f"{i:03}.csv": b"" for i in range(300)} | {"x.csv": GOOD}))
    empty = [text for text in told(study) if "is empty" in text]
    assert len(empty) == 10 and any("and others: 290" in text for text in told(study))


def test_only_so_many_files_are_opened_and_what_is_never_opened_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MEMBERS", 3)
    private = {f"messages/inbox/{i}/message_1.json": {} for i in range(9)}
    study = read(zipped(tmp_path / "a.zip", private | {f"{i}.csv": f"Username\nuji.{i}\n" for i in range(5)}))
    assert names(study) == ["uji.0", "uji.1", "uji.2"]
    assert any("first 3 files were opened, of 5" in text for text in told(study, "warning"))


def test_progress_is_told_between_the_parts(tmp_path):
    seen = []
    path = zipped(tmp_path / "a.zip", {f"{i}.csv": f"Username\nuji.{i}\n" for i in range(4)})
    read(path, progress=lambda what, share: seen.append(share))
    assert sum(share >= 0.9 for share in seen) == 5 and seen == sorted(seen)


def export(path, posts, insights=()):
    return zipped(path, {
        "your_instagram_activity/media/posts_1.json": [{"media": [{"uri": f"m/{n}.jpg", "creation_timestamp": t}],
                                                        "title": f"teks {n}"} for t, n in posts],
        "logged_information/past_instagram_insights/posts.json": {"o": list(insights)}})  # fmt: skip


def test_two_posts_in_one_second_are_two_posts(tmp_path):
    at, one, two = 1_760_000_000, "17900000000000001", "17900000000000002"
    path = export(tmp_path / "a.zip", [(at, one), (at, two), (at, two)],
                  [insight(at, two, Likes="2"), insight(at, one, Likes="1")])  # fmt: skip
    posts = read(path).posts.sort_values("post_id")
    assert posts[["post_id", "likes"]].to_numpy().tolist() == [[one, 1], [two, 2]]
    assert posts["caption"].tolist() == [f"teks {one}", f"teks {two}"]
    bare = read(export(tmp_path / "b.zip", [], [insight(at, Likes="1"), insight(at, Likes="2")])).posts
    assert dict(zip(bare["post_id"], bare["likes"], strict=True)) == {f"ts-{at}": 1, f"ts-{at}-2": 2}


def test_entries_with_neither_time_nor_picture_are_counted(tmp_path):
    study = read(export(tmp_path / "a.zip", [(1_760_000_000, "17900000000000001")], [insight(0, Likes="1")] * 2))
    assert len(study.posts) == 1
    assert any("neither a time nor a picture: 2" in text for text in told(study, "warning"))


def test_a_quote_that_is_never_closed_swallows_no_rows(table):
    study = read(table('Username,Nama,Niche\na.uji,"Toko ""A"", Solo",kopi\nb.uji,"Bima,teh\nc.uji,Citra,susu\n'))
    assert study.accounts["handle"].tolist() == ["a.uji", "b.uji", "c.uji"]
    assert study.accounts["name"].tolist()[0] == 'Toko "A", Solo'
    assert any("never closed" in text for text in told(study, "guess"))


def test_a_text_with_line_breaks_is_still_one_cell(table):
    study = read(table('Tanggal,Caption,Likes\n2026-05-01,"satu, dua,\ntiga",5\n2026-05-02,layar 5" baru,6\n'))
    assert study.posts["caption"].tolist() == ["satu, dua,\ntiga", 'layar 5" baru']
    assert not any("never closed" in text for text in told(study))


def test_formulas_that_were_never_counted_are_told(tmp_path):
    book = Workbook()
    book.active.append(["Username", "Followers"])
    book.active.append(["a.uji", "=1+1"])
    book.active.append(["b.uji", 7])
    book.save(tmp_path / "a.xlsx")
    study = read(tmp_path / "a.xlsx")
    assert study.accounts["followers"].isna().tolist() == [True, False]
    assert any("Formulas" in text and "left empty: 1" in text for text in told(study, "warning"))


def test_what_is_no_name_in_an_export_is_left_out_and_counted(tmp_path):
    bad = "<img src=x onerror=alert(1)>" * 9
    path = tmp_path / "followers_1.json"
    path.write_text(json.dumps([follower("\u202asari.uji01\u202c"), follower(bad), follower("Agus Uji")]))
    study = read(path)
    assert names(study) == ["sari.uji01"]
    [note] = [note for note in study.notes if "Not account names" in str(note)]
    assert note.count == 2 and all(len(name) <= 60 for name in note.message.values["names"])


def test_marks_that_turn_text_around_are_no_part_of_a_name():
    assert clean_handle("\u2068@Sari.Uji01\u2069") == ("sari.uji01", "")


def test_a_platform_is_one_word(table):
    study = read(table("Username;Platform;Followers\na.uji;Tik Tok;1\nb.uji;IG;2\nc.uji;Threads;3\n"
                       "d.uji;IG & TikTok;4\ne.uji;<b>;5\nf.uji;;6\n"))  # fmt: skip
    assert study.accounts["platform"].tolist() == ["tiktok", "instagram", "threads", *["instagram"] * 3]
    assert [note.count for note in study.notes if "IG & TikTok" in str(note)] == [2]


def test_one_broken_file_alone_is_a_read_error_and_an_empty_export_is_not(tmp_path):
    (tmp_path / "followers_1.json").write_text('[{"string_list_data": [')
    with pytest.raises(ReadError, match=r"followers_1\.json is not complete"):
        read(tmp_path)
    bomb = zipped(tmp_path / "bomb.zip", {"connections/followers_1.json": b"[" + b" " * 3 * 10**7})
    with pytest.raises(ReadError, match="far more than its size"):
        read(bomb)
    (tmp_path / "followers_1.json").write_text("[]")
    assert read(tmp_path / "followers_1.json").followers.empty


def test_a_list_with_a_name_that_is_none_does_not_name_all(table):
    study = read(table("Username;Post;Suka?\na.uji;1;ya\nb.uji;2;ya\nAgus Uji;2;ya\n"))
    assert dict(zip(study.coverage["post_id"], study.coverage["complete"], strict=True)) == {"1": True, "2": False}


def test_a_price_below_zero_is_null_and_told(table):
    study = read(table("Username;Rate Feed\na.uji;-Rp500.000\nb.uji;Rp1,5jt\n"))
    assert study.prices[["account_id", "amount"]].to_numpy().tolist() == [["instagram:b.uji", 1_500_000]]
    assert any("below zero" in text for text in told(study, "warning"))
    refund = read(table("No Pesanan;Username;Jumlah\nA1;a.uji;-Rp500\n"))
    assert pd.to_numeric(refund.sales["amount"]).tolist() == [-500]


def test_the_same_table_twice_is_a_copy_but_the_same_likers_of_two_posts_are_not(table):
    one = table("Tanggal,Username,Jumlah\n2026-05-01,a.uji,Rp5\n", "satu.csv")
    two = table("Tanggal,Username,Jumlah\n2026-05-01,a.uji,Rp5\n", "dua.csv")
    assert len(read(one, two).sales) == 1
    likers = [table("username\nsari.uji01\n", f"likers_{code}.csv") for code in ("DZrdixGAomb", "DaN7O9-gqiK")]
    assert len(read(*likers).interactions) == 2
