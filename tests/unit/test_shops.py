"""Orders of shops: one row an order, its money counted once, and nothing of a buyer kept."""

import csv
import io

import pandas as pd
import pytest
from openpyxl import Workbook

from engage.messages import ReadError
from engage.readers import read
from engage.readers.orders import CODE, UNDONE
from engage.study import Settings

SHOPEE = ["No. Pesanan", "Status Pesanan", "Waktu Pesanan Dibuat", "Nama Produk", "Jumlah", "Returned quantity",
          "Total Harga Produk", "Total Pembayaran", "Catatan dari Pembeli", "Username (Pembeli)", "Nama Penerima",
          "No. Telepon", "Alamat Pengiriman"]  # fmt: skip
INCOME = ["No.", "No. Pesanan", "Username (Pembeli)", "Waktu Pesanan Dibuat", "Tanggal Dana Dilepaskan",
          "Harga Asli Produk", "Total Diskon Produk", "Jumlah Pengembalian Dana ke Pembeli", "Biaya Komisi AMS",
          "Kode Voucher"]  # fmt: skip
TIKTOK = ["Order ID", "Order Status", "SKU ID", "Quantity", "SKU Subtotal After Discount", "Order Refund Amount",
          "Order Amount", "Created Time", "Buyer Message", "Buyer Username", "Recipient", "Phone #", "Country",
          "Purchase Channel"]  # fmt: skip
SHOPIFY = ["Name", "Email", "Financial Status", "Fulfillment Status", "Currency", "Total", "Discount Code",
           "Created at", "Lineitem quantity", "Lineitem name", "Note Attributes", "Cancelled at",
           "Refunded Amount", "Phone"]  # fmt: skip


def line(headers, **values):
    """A row under some headers; each value is named by the beginning of its header."""
    row = dict.fromkeys(headers, "")
    for name, value in values.items():
        row[next(h for h in headers if h.lower().startswith(name.replace("_", " ")))] = value
    return list(row.values())


def shopee(number, status="Selesai", total="100.000", at="2026-06-01 10:00", items="1", **more):
    return line(SHOPEE, **{"no. pesanan": number, "status": status, "waktu": at, "jumlah": items,
                           "total_pembayaran": total, "total_harga": total, **more})  # fmt: skip


def income(number, price=100_000, **more):
    return line(INCOME, **{"no. pesanan": number, "waktu": "2026-06-01", "tanggal": "2026-06-08", "harga": price,
                           "biaya": 0, **more})  # fmt: skip


def tiktok(number, status="Selesai", total="100000", at="25/06/2026 13:00:00", **more):
    values = {"order_id": number, "order_status": status, "order_amount": total, "created": at, "quantity": "1",
              "country": "Indonesia"}  # fmt: skip
    return line(TIKTOK, **(values | more))


def shopify(number, **more):
    return line(SHOPIFY, **{"name": number, "created": "2026-06-01 10:00:00 +0700", "lineitem_quantity": "1", **more})


@pytest.fixture
def write(tmp_path):
    def make(rows, name="pesanan.csv", sheets=None):
        path = tmp_path / name
        if name.endswith(".csv"):
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            path.write_text(text.getvalue(), encoding="utf-8-sig")
        else:
            book = Workbook()
            book.remove(book.active)
            for title, cells in (sheets or {"orders": rows}).items():
                sheet = book.create_sheet(title)
                for row in cells:
                    sheet.append(row)
            book.save(path)
        return path

    return make


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def amounts(study):
    return dict(zip(study.sales["sale_id"], study.sales["amount"], strict=True))


def states(study):
    return study.sales["status"].tolist()


def test_a_total_that_stands_on_each_line_is_counted_once(write):
    rows = [shopee("A1", total="218.500", items="1", nama_produk="Kopi"),
            shopee("A1", total="218.500", items="2", nama_produk="Gula"), shopee("B2", total="1.150.000")]  # fmt: skip
    study = read(write([SHOPEE, *rows]))
    assert amounts(study) == {"A1": 218_500, "B2": 1_150_000}
    assert study.sales["quantity"].tolist() == [3, 1]
    assert study.sales["amount"].sum() != 218_500 * 2 + 1_150_000


def test_totals_of_one_order_that_differ_are_told(write):
    study = read(write([SHOPEE, shopee("A1", total="100.000"), shopee("A1", total="90.000")]))
    assert amounts(study) == {"A1": 100_000}
    assert any("state different totals: 1" in text for text in told(study, "warning"))


def test_lines_that_repeat_another_in_full_add_no_items(write):
    study = read(write([SHOPEE, shopee("A1"), shopee("A1")]))
    assert study.sales["quantity"].tolist() == [1]
    assert any("repeat another in full" in text for text in told(study, "guess"))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Selesai", "completed"), ("Batal", "cancelled"), ("Dibatalkan", "cancelled"), ("Canceled", "cancelled"),
        ("Sedang Dikirim", "shipped"), ("Telah Dikirim", "shipped"), ("Perlu Dikirim", "to ship"),
        ("Belum Bayar", "unpaid"), ("Belum dibayar", "unpaid"), ("Unpaid", "unpaid"), ("To ship", "to ship"),
        ("Awaiting collection", "to ship"), ("In transit", "shipped"), ("Concluído", "completed"),
        ("Pesanan diterima, namun Pembeli masih dapat mengajukan pengembalian hingga 2026-07-10.", "delivered"),
        ("Order Received, but Buyer can still request return until 2026-07-10.", "delivered"),
        ("Pengembalian Barang/Dana", "returned"), ("Return/Refund", "refunded"), ("Gagal Kirim", "failed"),
    ],
)  # fmt: skip
def test_a_status_in_any_language_is_one_of_our_words(write, words, status):
    study = read(write([SHOPEE, shopee("A1", status=words)]))
    assert states(study) == [status]
    assert not any("not known" in text for text in told(study))


def test_a_status_that_is_not_known_is_kept_and_told(write):
    study = read(write([SHOPEE, shopee("A1", status="Entah_Apa")]))
    assert states(study) == ["entah apa"]
    assert any("entah apa" in text for text in told(study, "guess"))


def test_an_order_of_which_all_came_back_is_no_sale(write):
    rows = [shopee("A1", items="2", returned="2"), shopee("B2", items="3", returned="1")]
    study = read(write([SHOPEE, *rows]))
    assert states(study) == ["returned", "completed"]
    assert any("some items came back, with their whole total: 1" in text for text in told(study, "guess"))


def test_without_a_total_of_the_order_its_lines_are_added_up(write):
    headers = ["Subtotal Pesanan" if h == "Total Harga Produk" else h for h in SHOPEE if h != "Total Pembayaran"]
    rows = [[h for h, name in zip(shopee("A1", total=t, nama_produk=p), SHOPEE, strict=True)
             if name != "Total Pembayaran"] for t, p in (("20.000", "Kopi"), ("30.500", "Gula"))]  # fmt: skip
    assert amounts(read(write([headers, *rows]))) == {"A1": 50_500}


def test_columns_in_another_order_and_new_ones_change_nothing(write):
    rows = [SHOPEE, shopee("A1", total="218.500"), shopee("B2", status="Batal")]
    again = [[*reversed(row), "x"] for row in rows]
    pd.testing.assert_frame_equal(read(write(rows)).sales, read(write(again, "baru.csv")).sales)


def test_the_clock_of_a_shop_is_that_of_its_country(write):
    path = write([SHOPEE, shopee("A1", at="2026-06-01 00:15"), shopee("B2", at="-")])
    at = {zone: read(path, settings=Settings(time_zone=zone)).sales["at"] for zone in ("Asia/Makassar", "Europe/Paris")}
    assert at["Asia/Makassar"][0] == pd.Timestamp("2026-05-31T16:15Z")
    assert at["Europe/Paris"][0] == pd.Timestamp("2026-05-31T17:15Z") and pd.isna(at["Europe/Paris"][1])


def test_the_code_of_the_income_report_goes_before_what_a_buyer_wrote(write):
    orders = write([SHOPEE, shopee("A1", catatan="pakai kode KOPIUJI10 ya"), shopee("B2", catatan="Kode: sariuji5")])
    paid = write([["Laporan Penghasilan"], [], [], ["Rincian"], INCOME, income("A1", kode="RESMIUJI")], "i.xlsx")
    assert read(orders).sales["code"].tolist() == ["KOPIUJI10", "SARIUJI5"]
    both = read(orders, paid)
    assert both.sales["code"].tolist() == ["RESMIUJI", "SARIUJI5"]
    assert any("(SARIUJI5); orders: 1" in text for text in told(both, "guess"))


@pytest.mark.parametrize("reverse", [False, True])
def test_an_order_of_both_files_is_one_row(write, reverse):
    orders = write([SHOPEE, shopee("A1", total="218.500", at="2026-06-01 00:15", items="2"), shopee("C3")])
    rows = [income("A1", 230_000, kode="KOPIUJI10", biaya=-10_925), income("B2", 50_000, total_diskon=-5_000)]
    paid = write(None, "income.xlsx", {"Summary": [["Username (Penjual)", "toko.uji"]],
                                       "Income": [["Laporan"], [], ["Rincian"], INCOME, *rows],
                                       "Adjustment": [["No.", "No. Pesanan"], [1, "A1"]]})  # fmt: skip
    study = read(*([paid, orders] if reverse else [orders, paid]))
    assert amounts(study) == {"A1": 218_500, "C3": 100_000, "B2": 45_000}
    first = study.sales.iloc[0]
    assert (first["code"], first["utm_source"], first["quantity"]) == ("KOPIUJI10", "affiliate", 2)
    assert first["at"] == pd.Timestamp("2026-05-31T17:15Z")
    assert any("income report names too: 1" in text for text in told(study))


def test_refunds_that_only_the_income_report_knows_are_taken_off_the_orders(write):
    orders = write([SHOPEE, shopee("A1"), shopee("B2"), shopee("C3", status="Batal")])
    rows = [income("A1", jumlah=-100_000), income("B2", jumlah=-30_000), income("C3", jumlah=-100_000)]
    study = read(orders, write([INCOME, *rows], "income.csv"))
    assert states(study) == ["refunded", "completed", "cancelled"]
    assert amounts(study) == {"A1": 100_000, "B2": 70_000, "C3": 100_000}


def test_the_header_of_an_income_report_may_stand_far_below(write):
    study = read(
        write([*[["kata pengantar"]] * 150, INCOME, income("A1"), ["Total", "", "", "", "", 100_000]], "i.csv")
    )
    assert amounts(study) == {"A1": 100_000}


def test_a_ringgit_total_keeps_its_sen(write):
    headers = ["Order ID", "Order Status", "Order Creation Date", "Quantity", "Grand Total", "Country"]
    rows = [["M1", "Completed", "2026-06-01 07:30", "1", "1,234.50", "MY"],
            ["M2", "To ship", "2026-06-01 07:31", "1", "9.90", "MY"]]  # fmt: skip
    study = read(write([["Shopee"], ["Kedai Uji", "Jun 2026"], headers, *rows]))
    assert amounts(study) == {"M1": 1234.5, "M2": 9.9}
    assert set(study.sales["currency"]) == {"MYR"}
    assert study.sales["at"][0] == pd.Timestamp("2026-05-31T23:30Z")


def test_an_english_list_without_a_country_says_that_the_currency_is_a_guess(write):
    headers = ["Order ID", "Order Status", "Order Creation Date", "Quantity", "Grand Total"]
    study = read(write([headers, ["M1", "Completed", "2026-06-01 07:30", "1", "9.90"]]))
    assert any("names no currency" in text for text in told(study, "guess"))


@pytest.mark.parametrize("described", ["Platform unique order ID.", "ID unik pesanan di platform."])
def test_the_row_that_describes_the_columns_is_no_order(write, described):
    words = line(TIKTOK, order_id=described, order_status="Status saat ini.", created="Order created time.")
    study = read(write([TIKTOK, words, tiktok("584697260225955022\t")]))
    assert study.sales["sale_id"].tolist() == ["584697260225955022"]
    assert not told(study, "warning")


def test_an_amount_and_a_refund_on_each_line_are_counted_once(write):
    rows = [tiktok("584697260225955022", total="70000", order_refund="20000", sku_id=str(n)) for n in range(3)]
    study = read(write([TIKTOK, *rows, tiktok("584697260225955023", total="50000", order_refund="50000")]))
    assert amounts(study) == {"584697260225955022": 50_000, "584697260225955023": 50_000}
    assert states(study) == ["completed", "refunded"]
    assert any("Refunds of IDR 20,000 in all were taken off the totals of orders: 1" in text for text in told(study))


def test_the_second_of_july_is_not_the_seventh_of_february(write):
    study = read(write([TIKTOK, tiktok("584697260225955022", at="02/07/2026 00:10:00")]))
    assert study.sales["at"][0] == pd.Timestamp("2026-07-01T17:10Z")
    assert not any("day first" in text for text in told(study))


def test_a_clock_with_am_and_pm_has_the_month_first(write):
    rows = [tiktok("584697260225955022", at="07/02/2026 1:10:00 PM", country="Brasil")]
    study = read(write([TIKTOK, *rows]))
    assert study.sales["at"][0] == pd.Timestamp("2026-07-02T16:10Z")
    assert study.sales["currency"].tolist() == ["BRL"]


@pytest.mark.parametrize(
    "numbers", [("5.84697E+17", "5.84697E+17"), ("584697260225955000", "584697260225955000")], ids=["E", "zeros"]
)
def test_order_numbers_that_excel_rounded_do_not_melt_orders_into_one(write, numbers):
    rows = [tiktok(numbers[0], at="25/06/2026 13:00:00", sku_id="1"),
            tiktok(numbers[0], at="25/06/2026 13:00:00", sku_id="2"), tiktok(numbers[1], total="70000")]  # fmt: skip
    study = read(write([TIKTOK, *rows]))
    assert sorted(study.sales["amount"]) == [70_000, 100_000]
    assert any("rounded by a spreadsheet program: 3" in text for text in told(study, "warning"))


def test_an_order_of_which_one_item_was_cancelled_still_stands(write):
    rows = [tiktok("584697260225955022", status="Dibatalkan", sku_id="1"), tiktok("584697260225955022", sku_id="2")]
    study = read(write([TIKTOK, *rows]))
    assert states(study) == ["completed"] and study.sales["quantity"].tolist() == [1]


def test_tokopedias_invoice_tells_indonesia_where_no_country_stands(write):
    headers = [h if h != "Country" else "Tokopedia Invoice Number" for h in TIKTOK]
    study = read(write([headers, tiktok("584697260225955022")]), settings=Settings(currency="USD"))
    assert study.sales["currency"].tolist() == ["IDR"]


def test_only_the_first_line_of_a_shopify_order_bears_its_total(write):
    rows = [
        shopify("#1001", financial="paid", currency="IDR", total="245000.00", discount="SARIUJI10"),
        shopify("#1001", lineitem_name="Gula"),
        shopify("#1002", financial="paid", currency="IDR", total="50000.00", fulfillment="fulfilled"),
    ]
    study = read(write([SHOPIFY, *rows]))
    assert amounts(study) == {"#1001": 245_000, "#1002": 50_000}
    assert study.sales["quantity"].tolist() == [2, 1] and states(study) == ["paid", "completed"]
    assert study.sales["at"][0] == pd.Timestamp("2026-06-01T03:00Z")
    assert not any("without a zone" in text for text in told(study))


@pytest.mark.parametrize("spelling", ["Cancelled at", "Canceled at"])
def test_a_cancelled_shopify_order_is_known_by_either_spelling(write, spelling):
    headers = [spelling if h == "Cancelled at" else h for h in SHOPIFY]
    rows = [shopify("#1", financial="refunded", total="90000", cancelled="2026-06-03 10:00:00 +0700", refunded="90000"),
            shopify("#1", lineitem_name="Teh"), shopify("#2", financial="refunded", total="80000", refunded="80000"),
            shopify("#3", financial="partially_refunded", total="100000", refunded="40000"),
            shopify("#4", financial="voided", total="1"), shopify("#5", financial="pending", total="2"),
            shopify("#6", financial="pending", fulfillment="fulfilled", total="3")]  # fmt: skip
    study = read(write([headers, *rows]))
    assert states(study) == ["cancelled", "refunded", "paid", "cancelled", "unpaid", "shipped"]
    standing = study.sales[~study.sales["status"].isin(UNDONE)]
    assert standing["amount"].tolist() == [60_000, 3]


@pytest.mark.parametrize(
    ("notes", "campaign"),
    [("utm_source: instagram\nutm_campaign: kol sari\nx: y", "kol sari"),
     ("landing: https://toko.example/?utm_source=instagram&utm_campaign=kol%20sari&x=1", "kol sari"),
     ("utm_source:instagram", None)],
)  # fmt: skip
def test_the_campaign_is_found_among_the_notes_of_an_order(write, notes, campaign):
    study = read(write([SHOPIFY, shopify("#1", financial="paid", total="1", note=notes), shopify("#1")]))
    assert study.sales["utm_source"].tolist() == ["instagram"]
    assert study.sales["utm_campaign"].dropna().tolist() == ([campaign] if campaign else [])


def test_nothing_of_a_buyer_is_kept(write):
    private = ["rahasia_uji", "Nama Rahasia", "0812000", "rahasia@example.com", "Jalan Rahasia"]
    rows = [
        shopee(
            "A1",
            username=private[0],
            nama_penerima=private[1],
            alamat=private[4],
            catatan="WA 0812000 ke rahasia@example.com, Jalan Rahasia",
            **{"no. telepon": private[2]},
        )
    ]
    files = [write([SHOPEE, *rows]),
             write([TIKTOK, tiktok("584697260225955022", buyer_user="rahasia_uji", recipient=private[1],
                                   phone=private[2])], "t.csv"),
             write([SHOPIFY, shopify("#1", financial="paid", total="1", email=private[3], phone=private[2],
                                     note="wa: 0812000")], "s.csv")]  # fmt: skip
    study = read(*files)
    assert len(study.sales) == 3 and study.sales["follower_id"].isna().all()
    kept = study.sales.astype("str").to_csv() + " ".join(told(study)) + repr(study.accounts.to_dict())
    assert not [word for word in private if word.lower() in kept.lower()]


@pytest.mark.parametrize(
    ("text", "code"),
    [("kode KOPIUJI10, dari IG kak", "KOPIUJI10"), ("Kode voucher: sari-uji5", "sari-uji5"), ("kode pos 40123", None),
     ("voucher ya kak", None), ("promo12@example.com", None), ("kode rumah biru", None), ("code AB12", "AB12")],
)  # fmt: skip
def test_a_code_in_a_remark_has_letters_and_a_digit(text, code):
    found = CODE.search(text)
    assert (found and found[1]) == code


@pytest.mark.parametrize("headers", [SHOPEE, INCOME, TIKTOK, SHOPIFY], ids=["shopee", "income", "tiktok", "shopify"])
def test_hostile_and_empty_files_raise_nothing_but_a_read_error(write, headers):
    huge, odd = "9" * 400, ["\x00", "=1+1", "-" * 5_000, "1e400", "−1", "((", "2026-13-45", "kode " * 2_000]
    tables = [[headers], [headers, [""] * len(headers)], [headers, ["A1"]], [headers, ["A1"] * 40],
              [headers, *[[cell] * len(headers) for cell in odd]], [headers, [huge] * len(headers)],
              [headers, ["Total", *["5"] * (len(headers) - 1)]], [headers, headers, headers],
              [[*headers, *headers], ["B2"] * (2 * len(headers))]]  # fmt: skip
    for i, rows in enumerate(tables):
        try:
            study = read(write(rows, f"{i}.csv"))
        except ReadError as error:
            assert "not what it should be" not in str(error), (i, error)
        else:
            assert not any("not what it should be" in text for text in told(study)), (i, told(study))


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_of_two_lists_the_newer_one_knows_the_status(write, names):
    old = write([SHOPEE, shopee("A1", status="Sedang Dikirim"), shopee("B2", status="Perlu Dikirim")], names[0])
    new = write([SHOPEE, shopee("A1", status="Batal"), shopee("B2"), shopee("C3", at="2026-07-01 10:00")], names[1])
    study = read(old, new)
    assert dict(zip(study.sales["sale_id"], states(study), strict=True)) == {
        "A1": "cancelled", "B2": "completed", "C3": "completed"}  # fmt: skip
    again = write([SHOPEE, shopee("A1", status="Batal"), shopee("B2", status="Perlu Dikirim")], f"x{names[1]}")
    assert sorted(states(read(old, again))) == ["cancelled", "to ship"]


def test_a_shop_with_a_great_many_orders_is_read_whole(write):
    rows = [tiktok(str(584697260225955022 + n // 2), sku_id=str(n)) for n in range(40_000)]
    path = write([TIKTOK, *rows])
    assert len(read(path).sales) == 20_000
