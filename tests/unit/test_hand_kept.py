"""Tables that a marketer keeps by hand, month after month: without numbers of orders, links, times or currencies."""

import pytest

from engage.readers import read
from engage.settings import Settings

ME = "Username,Followers\nkopi.uji,5000\n"


def kept(folder, **files):
    """A folder with tables: name (without .csv) to text."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def told(study):
    return " ".join(str(note) for note in study.notes)


AUGUST = "Tanggal,Nama,Total,Status\n2026-08-01,@ani.uji,50000,Dikirim\n2026-08-02,@budi.uji,75000,Dikirim\n"
SEPTEMBER = "Tanggal,Nama,Total,Status\n2026-09-01,@ani.uji,50000,Selesai\n2026-09-02,@budi.uji,75000,Selesai\n"


@pytest.mark.parametrize("key", [None, b"key"])
def test_two_months_of_sales_under_one_name_are_all_kept(tmp_path, key):
    first, second = kept(tmp_path / "a", jual=AUGUST), kept(tmp_path / "b", jual=SEPTEMBER)
    both = read(first, second, key=key)
    assert (len(both.sales), both.sales["amount"].sum()) == (4, 250_000)
    extended = read(second, extending=read(first, key=key), key=key)
    assert sorted(extended.sales["sale_id"]) == sorted(both.sales["sale_id"])


@pytest.mark.parametrize("key", [None, b"key"])
def test_a_renamed_table_of_sales_counts_once_and_its_status_may_change(tmp_path, key):
    study = read(kept(tmp_path / "a", jual=AUGUST), key=key)
    later = kept(
        tmp_path / "b", penjualan=AUGUST.replace("Dikirim", "Selesai") + "2026-08-03,@cici.uji,50000,Dikirim\n"
    )
    assert len(read(later, extending=study, key=key).sales) == 3


def test_equal_rows_of_one_table_are_two_sales(tmp_path):
    equal = "Tanggal,Total,Catatan\n2026-08-01,50000,pagi\n2026-08-01,50000,sore\n"
    study = read(kept(tmp_path / "a", jual=equal))
    assert len(study.sales) == 2
    assert len(read(kept(tmp_path / "b", lain=equal), extending=study).sales) == 2


def test_a_sale_is_not_known_by_its_buyer_in_a_study_of_codes(tmp_path):
    folder = kept(tmp_path / "a", jual=AUGUST)
    plain, one, other = (read(folder, key=key).sales["sale_id"] for key in (None, b"one", b"other"))
    assert not set(plain) & set(one) and not set(one) & set(other)


def test_two_months_of_posts_under_one_name_are_all_kept(tmp_path):
    head = "Tanggal,Caption,Likes\n"
    first = kept(tmp_path / "a", laporan=head + "2026-08-01,Promo kopi,10\n2026-08-02,Resep,20\n")
    second = kept(tmp_path / "b", laporan=head + "2026-09-01,Promo kopi,30\n2026-09-02,Kuis,40\n")
    both = read(first, second)
    assert sorted(both.posts["likes"]) == [10, 20, 30, 40]
    assert sorted(read(second, extending=read(first)).posts["likes"]) == [10, 20, 30, 40]
    grown = kept(tmp_path / "c", salinan=head + "2026-08-01,Promo kopi,15\n2026-08-02,Resep,20\n2026-08-02,Resep,2\n")
    assert len(read(grown, extending=read(first)).posts) == 3


def test_the_engagement_rate_of_a_post_is_not_what_its_account_states(tmp_path):
    posts = "Username,Tanggal,Link,Likes,ER\nsari.uji,2026-08-01,https://www.instagram.com/p/DZrdixGAomb/,10,3.4\n"
    study = read(kept(tmp_path / "a", konten=posts))
    assert len(study.posts) == 1 and study.accounts["engagement_rate"].isna().all()
    assert "These columns were not used: ER" in told(study)


@pytest.mark.parametrize(
    ("header", "cells", "rates", "says"),
    [
        ("ER", ["0.8", "0.9", "0.5"], [0.008, 0.009, 0.005], "taken as per cent: 3"),
        ("ER", ["0.01", "0.05", "0.2"], [0.01, 0.05, 0.2], "taken as shares (0.05 is 5 %): 3"),
        ("ER (%)", ["0.01", "0.05", "0.2"], [0.0001, 0.0005, 0.002], "taken as per cent: 3"),
        ("ER", ["0.8%", "0.9%", "12%"], [0.008, 0.009, 0.12], ""),
    ],
)
def test_engagement_rates_without_a_sign_are_read_as_what_is_plausible(tmp_path, header, cells, rates, says):
    rows = "".join(f"{name}.uji,1000,{rate}\n" for name, rate in zip(["ani", "budi", "cici"], cells, strict=True))
    study = read(kept(tmp_path / "a", kol=f"Username,Followers,{header}\n{rows}"))
    assert study.accounts["engagement_rate"].tolist() == pytest.approx(rates)
    guesses = [str(note) for note in study.notes if note.level == "guess" and "Engagement rates" in str(note)]
    assert [guess for guess in guesses if says in guess] == guesses and len(guesses) == bool(says)


LINK = "https://www.instagram.com/p/DZrdixGAomb/"


@pytest.mark.parametrize(
    ("stated", "own", "complete"),
    [(20, 0, False), (4, 0, True), (9, 0, False), (8, 0, True), (10, 1, True), (3, 0, True)],
)
def test_a_list_of_few_of_many_comments_is_not_whole(tmp_path, stated, own, complete):
    names = ["ani.uji", "ani.uji", "budi.uji", "cici.uji", *["kopi.uji"] * own]
    comments = "".join(f"{name},komentar {i},{LINK}\n" for i, name in enumerate(names))
    folder = kept(tmp_path / "a", komen="Username,Komentar,Link post\n" + comments,
                  konten=f"Link,Caption,Tanggal,Komentar\n{LINK},Promo,2026-06-17,{stated}\n")  # fmt: skip
    study = read(folder, settings=Settings(owner="instagram:kopi.uji"))
    assert study.posts["comments"].tolist() == [stated] and study.coverage["complete"].tolist() == [complete]
    assert ("fewer than the post has comments (4 of" in told(study)) is not complete
