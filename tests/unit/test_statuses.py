"""The state of an order is understood alike in a shop's list, in a table kept by hand, and in the analysis."""

import pandas as pd
import pytest

import engage
from engage.readers import read
from engage.readers.statuses import UNDONE, status_of, undone

NO_SALE = [
    "Batal", "Dibatalkan", "Cancelled", "Đã hủy", "Đã huỷ", "rejected", "Menunggu pembayaran", "Awaiting payment",
    "Belum dibayar", "Belum lunas", "Tidak dibayar", "Untuk dibayar", "Não pago", "Lost", "Gagal kirim", "Refunded",
    "Bayaran balik", "Hoàn tiền", "Dikembalikan", "Dipulangkan", "Pemulangan", "Trả hàng/Hoàn tiền", "shipped_back",
    "shipped_back_success", "Expired",
]  # fmt: skip
SALE = [
    "Selesai", "Completed", "paid", "Sudah dibayar", "Lunas", "Sedang Dikirim", "shipped", "delivered", "Perlu dikirim",
    "partially refunded", "Pesanan diterima, namun Pembeli masih dapat mengajukan pengembalian hingga 2026-06-20",
    "", None,
]  # fmt: skip


@pytest.mark.parametrize("text", NO_SALE)
def test_an_order_that_came_to_nothing_is_no_sale(text):
    assert status_of(text) in UNDONE


@pytest.mark.parametrize("text", SALE)
def test_an_order_that_stands_is_a_sale(text):
    assert status_of(text) not in UNDONE


def test_the_same_words_decide_in_a_table_kept_by_hand_and_in_the_analysis(tmp_path):
    rows = "".join(f"A{i},2026-06-01,pembeli_{i:02d}.uji,{state},1000\n" for i, state in enumerate(NO_SALE))
    (tmp_path / "pesanan.csv").write_text(f"No Pesanan,Tanggal,Username,Status,Total\n{rows}", encoding="utf-8")
    study = read(tmp_path / "pesanan.csv")
    assert len(study.sales) == len(NO_SALE) and undone(study.sales["status"]).all()
    assert any(f"{len(NO_SALE)} of {len(NO_SALE)}" in str(note) for note in study.notes)
    followers = pd.DataFrame({"account_id": "instagram:kopi.uji", "follower_id": study.sales["follower_id"]})
    whole = study.with_(followers=followers, sales=study.sales.assign(account_id="instagram:kopi.uji"))
    assert engage.activity(whole).sales.empty
