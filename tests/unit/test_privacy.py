"""Privacy at the door: what nobody needs for any page is never kept, and never shown in a note."""

import pandas as pd
import pytest

from engage.readers import read
from engage.readers.names import parse_names
from engage.readers.part import covered

PHONES = ["08123456789", "+628123456789", "60123456789"]


def everything(study):
    cells = [str(value) for frame in study.tables.values() for column in frame.select_dtypes("str")
             for value in frame[column].dropna().unique()]  # fmt: skip
    return " ".join(cells + [str(note) for note in study.notes])


def table(tmp_path, text, name="tabel.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read(tmp_path / name)


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_no_account(phone):
    assert parse_names(f"sari.uji01\n{phone}") == (["sari.uji01"], [phone])
    assert parse_names(f"@{phone.lstrip('+')}")[0], "with the @ somebody says that it is one"


@pytest.mark.parametrize("phone", PHONES)
def test_phone_numbers_of_buyers_are_in_no_table_and_no_note(tmp_path, phone):
    study = table(
        tmp_path,
        f"No Pesanan,Tanggal,Pembeli,Kode Voucher,Referral,Total\nA1,2026-06-01,{phone},{phone},{phone},50000\n",
    )
    assert study.sales["amount"].tolist() == [50000]
    assert phone.lstrip("+") not in everything(study)


def test_mail_addresses_and_full_names_are_only_counted_in_notes(tmp_path):
    rows = (
        "No Pesanan,Tanggal,Nama Pelanggan,Total\nA1,2026-06-01,Sari Uji,50000\nA2,2026-06-01,sari@contoh.uji,60000\n"
    )
    study = table(tmp_path, rows)
    assert study.sales["follower_id"].isna().all()
    assert "contoh.uji" not in everything(study) and "Sari" not in everything(study)
    assert any("left out: 2" in str(note) for note in study.notes)


def test_a_first_name_of_a_buyer_is_no_certain_match(tmp_path):
    study = table(
        tmp_path, "No Pesanan,Tanggal,Nama Pelanggan,Total\nA1,2026-06-01,Bima,50000\nA2,2026-06-01,bima_uji02,1\n"
    )
    assert study.sales.set_index("sale_id")["follower_id"].to_dict() == {"A1": None, "A2": "bima_uji02"} or (
        study.sales["follower_id"].isna().tolist() == [True, False]
    )


def test_phone_numbers_and_mail_addresses_in_comments_are_covered_and_the_rest_is_kept(tmp_path):
    rows = ("Username,Post,Tanggal,Komentar\nani.uji,DZrdixGAomb,2026-06-20,hubungi 0812-3456-7890 ya kak\n"
            "budi.uji,DZrdixGAomb,2026-06-20,kirim ke budi@contoh.uji harga 125.000\n")  # fmt: skip
    texts = table(tmp_path, rows).interactions["text"].tolist()
    assert texts == ["hubungi [phone] ya kak", "kirim ke [e-mail] harga 125.000"]


def test_phone_numbers_and_mail_addresses_in_captions_are_covered_and_hours_dates_and_prices_are_kept(tmp_path):
    rows = ("Akun,Link,Tanggal,Like,Caption\n"
            "kopi.uji,https://www.instagram.com/p/DZrdixGAomb/,2026-06-20,5,WA 0812-3456-7890 atau a@contoh.uji #kopi"
            " #081234567890\n"
            "kopi.uji,https://www.instagram.com/p/DZrdixGAomc/,2026-06-21,5,Buka 08.00 - 22.00 sampai 01-07-2026 18.00"
            " harga 65.000 - 75.000\n")  # fmt: skip
    posts = table(tmp_path, rows).posts.set_index("shortcode")
    assert posts["caption"].to_dict() == {
        "DZrdixGAomb": "WA [phone] atau [e-mail] #kopi #[phone]",
        "DZrdixGAomc": "Buka 08.00 - 22.00 sampai 01-07-2026 18.00 harga 65.000 - 75.000",
    }
    assert "0812" not in everything(table(tmp_path, rows)), "nor among its hashtags"


@pytest.mark.parametrize("phone", ["08.12.345.6789", "62.812.345.678", "021-555-1234", "60-12-345 6789", "6512 3456"])
def test_a_phone_number_that_looks_a_little_like_an_hour_a_date_or_a_price_is_covered(phone):
    assert covered(pd.Series([f"hubungi {phone} ya"])).tolist() == ["hubungi [phone] ya"]
