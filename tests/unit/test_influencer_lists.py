"""Lists of influencers as people publish and keep them: numbers, platforms, countries, headings in three languages."""

from pathlib import Path

import pandas as pd
import pytest

from engage.readers import read, sheets
from engage.readers.columns import default_platform, kind_of, role_of_header

SHARED = Path(__file__).parents[3] / "shared" / "data"
KAGGLE = ("rank,channel_info,influence_score,posts,followers,avg_likes,60_day_eng_rate,new_post_avg_like,"
          "total_likes,country\n")  # fmt: skip


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.fixture
def table(tmp_path):
    def write(text, name="daftar.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize(("header", "role"), {
    "Hantaran": "post", "Siaran": "post", "Nombor Pesanan": "sale_id", "Kod Baucar": "code", "Baucar": "code",
    "Pautan Hantaran": "url", "Bilangan Hantaran": "posts", "Jenis Hantaran": "kind", "Pengikut Baharu": "new_follows",
    "Disahkan": "verified", "Bilangan Suka": "likes", "Tarikh Hantaran": "date", "60_day_eng_rate": "engagement_rate",
    "Harga setiap Hantaran (RM)": "price:post", "Rate per Reels": "price:reels", "channel_info": "handle",
    "avg_likes": "", "Purata Suka": "", "Rata-rata Suka": "", "new_post_avg_like": "", "influence_score": "",
}.items())  # fmt: skip
def test_headings_in_three_languages(header, role):
    assert role_of_header(header) == role


def test_several_thousand_rows_with_abbreviated_numbers(table):
    rows = "".join(f"{i},akun.uji{i},50,{i % 90 + 1}.5k,{i / 10 + 1:.1f}m,8.7m,{i % 9}.39%,6m,29.0b,Negara {i % 7}\n"
                   for i in range(6_000))  # fmt: skip
    study = read(table(KAGGLE + rows))
    accounts = study.accounts
    assert len(accounts) == 6_000 and study.posts.empty and study.owner == ""
    assert accounts["followers"].iloc[[0, 5_999]].tolist() == [1_000_000, 600_900_000]
    assert accounts["engagement_rate"].iloc[:3].tolist() == pytest.approx([0.0039, 0.0139, 0.0239])
    assert accounts["posts"].iloc[:2].tolist() == [1_500, 2_500]
    assert accounts["country"].nunique() == 7 and not told(study, "warning")
    assert sum("M was read as million" in text for text in told(study, "guess")) == 1


def test_names_of_people_before_names_of_accounts(table):
    study = read(
        table("Influencer,Username,Followers\nSari Uji,@sari.uji01,100\nBima,bima_uji02,200\nDewi,dewi.uji03,5\n")
    )
    assert study.accounts["handle"].tolist() == ["sari.uji01", "bima_uji02", "dewi.uji03"]
    assert study.accounts["name"].tolist() == ["Sari Uji", "Bima", "Dewi"]


def test_of_two_platforms_side_by_side_the_first_is_read_and_the_other_told(table):
    study = read(table("Nama,IG,Followers IG,TikTok,Followers TikTok\nSari,sari.uji01,100,sari.tt,900\nB,,7,b.uji,8\n"))
    assert study.accounts["account_id"].tolist() == ["instagram:sari.uji01"]
    assert any("not used: TikTok, Followers TikTok" in text for text in told(study))


def test_mixed_platforms_are_kept_apart(table):
    study = read(table("Channel,Username,Followers,Country\nIG,a.uji,1.5k,Malaysia\nTikTok,a.uji,2k,Indonesia\n"
                       "YouTube,@a.uji,3m,Malaysia\n"))  # fmt: skip
    assert study.accounts.set_index("account_id")["followers"].to_dict() == {
        "instagram:a.uji": 1_500, "tiktok:a.uji": 2_000, "youtube:a.uji": 3_000_000}  # fmt: skip


def test_a_channel_is_a_name_where_its_values_are_no_platforms(table):
    study = read(
        table("Rank,Channel,Subscribers,Uploads,Country\n1,kopi.uji,1.2m,310,Indonesia\n2,teh_uji,900k,2,Malaysia\n")
    )
    assert study.accounts[["account_id", "followers", "posts"]].to_numpy().tolist() == [
        ["youtube:kopi.uji", 1_200_000, 310], ["youtube:teh_uji", 900_000, 2]]  # fmt: skip


@pytest.mark.parametrize(("headers", "platform"), [
    ({"handle": "Kanal YouTube"}, "youtube"), ({"handle": "Tiktoker"}, "tiktok"), ({"handle": "Akun X"}, "x"),
    ({"handle": "Twitter"}, "x"), ({"handle": "Nama", "followers": "Jumlah Subscriber"}, "youtube"), ({}, "instagram"),
    ({"handle": "Text index"}, "instagram"),
])  # fmt: skip
def test_headers_name_the_platform_where_no_column_does(headers, platform):
    assert default_platform(headers) == platform


def test_a_heading_with_a_percent_sign_settles_small_rates(table):
    study = read(table("Username,Followers,ER (%)\na.uji,100,0.8\nb.uji,200,0.9\n"))
    assert study.accounts["engagement_rate"].tolist() == pytest.approx([0.008, 0.009])
    study = read(table("Username,Followers,ER\na.uji,100,0.08\nb.uji,200,0.09\n"))
    assert study.accounts["engagement_rate"].tolist() == pytest.approx([0.08, 0.09])


def test_a_list_with_a_date_and_sums_of_likes_is_still_one_of_accounts(table):
    study = read(table("Username,Updated,Date,Followers,Total likes,Country\na.uji,x,2026-05-01,100,9k,Malaysia\n"))
    assert study.accounts["followers"].tolist() == [100] and study.posts.empty
    assert kind_of({"handle", "date", "likes", "followers", "caption", "country"}) == "posts"


def test_malay_orders_are_read(table):
    study = read(table("Nombor Pesanan,Tarikh Pesanan,Jumlah Bayaran (RM),Kod Baucar,Kuantiti\n"
                       "MY1,3 Mac 2026,\"1,200.50\",SARI10,2\nMY2,4 Ogos 2026,15.00,,1\n"))  # fmt: skip
    assert study.sales[["sale_id", "amount", "currency", "code", "quantity"]].to_numpy().tolist()[0] == [
        "MY1", 1200.5, "MYR", "SARI10", 2]  # fmt: skip
    assert pd.isna(study.sales["code"][1]) and study.sales["amount"][1] == 15


def test_malay_posts_are_read(table):
    study = read(table("Pautan Hantaran,Tarikh Hantaran,Jenis Hantaran,Bilangan Suka,Bilangan Komen\n"
                       "https://www.instagram.com/p/DX5mgw8BPRH/,3/5/2026,Gambar,\"1,200\",7\n"))  # fmt: skip
    row = study.posts.iloc[0]
    assert row[["shortcode", "kind", "likes", "comments"]].tolist() == ["DX5mgw8BPRH", "photo", 1200, 7]


@pytest.mark.parametrize("name", ["instagram_insights/instagram_insights_119.csv",
                                  "mib_twitter_fake/mib_profiles_pseudonymised.csv",
                                  "facebook_metrics/facebook_metrics.csv", "ig_fake_kaggle/train.csv"])  # fmt: skip
def test_no_published_table_that_is_no_list_of_influencers_becomes_one_wrongly(name):
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the public data is not here")
    kinds = {sheet.mapping.kind for sheet in sheets(path) if sheet.mapping}
    expected = {"instagram_insights": {"posts"}, "mib_twitter_fake": {"accounts"}}.get(name.split("/")[0])
    assert kinds == (kinds if expected is None else expected) and "sales" not in kinds
    if expected == {"accounts"}:
        assert read(path).accounts["followers"].notna().sum() == 2818
    if expected == {"posts"}:
        assert read(path).posts["impressions"].sum() <= 678_775
