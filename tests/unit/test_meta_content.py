"""Meta's content export: any language and year, saved again by Excel or not; the link's code is key and clock."""

import csv
import datetime as dt
import io

import pandas as pd
import pytest
from openpyxl import Workbook

from engage.messages import ReadError
from engage.readers import read
from engage.readers.dates import ALPHABET

EN = ["Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time",
      "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Follows", "Comments",
      "Saves"]  # fmt: skip
STORY_ID = ["ID Postingan", "ID Akun", "Nama pengguna akun", "Nama akun", "Deskripsi", "Durasi (detik)",
            "Waktu penerbitan", "Permalink", "Jenis postingan", "Komentar data", "Tanggal", "Tayangan", "Jangkauan",
            "Suka", "Frekuensi dibagikan", "Mengikuti", "Kunjungan profil", "Balasan", "Navigasi",
            "Ketukan stiker"]  # fmt: skip
PT = ["Identificação do post", "Identificação da conta", "Nome de usuário da conta", "Nome da conta", "Descrição",
      "Duração (s)", "Horário de publicação", "Link permanente", "Tipo de post", "Comentário de dados", "Data",
      "Visualizações", "Alcance", "Curtidas", "Compartilhamentos", "Seguimentos", "Comentários",
      "Salvamentos"]  # fmt: skip
DE = ["Beitrags-ID", "Konto-ID", "Kontobenutzer", "Kontoname", "Beschreibung", "Dauer (Sek.)", "Veröffentlicht um",
      "Permalink", "Beitragsart", "Datenkommentar", "Datum", "Aufrufe", "Reichweite", "„Gefällt mir“-Angaben",
      "Geteilte Inhalte", "Follows", "Kommentare", "Gespeicherte Inhalte"]  # fmt: skip
CODES = {"DZrdixGAomb": "06/17/2026 00:45", "DaN7O9-gqiK": "06/30/2026 09:58", "DahwNdnAsd5": "07/08/2026 02:47"}
UTC = ["2026-06-17T07:45:00Z", "2026-06-30T16:58:00Z", "2026-07-08T09:47:00Z"]


def row(post="18182686576415017", name="kopi.uji", date=None, code="DZrdixGAomb", kind="IG reel", period="Lifetime",
        numbers=(11351, 6740, 367, 15, 2, 12, 3)):  # fmt: skip
    return [post, "17841400000000900", name, "Kopi Uji", "halo #kopi", "60", date or CODES[code],
            f"https://www.instagram.com/p/{code}/", kind, "", period, *map(str, numbers)]  # fmt: skip


def rows(**changes):
    posts = [f"1818268657641501{i}" for i in range(len(CODES))]
    return [row(**({"post": post, "code": code} | changes)) for post, code in zip(posts, CODES, strict=True)]


@pytest.fixture
def export(tmp_path):
    def write(headers, body, name="Jun-14-2026_Jul-11-2026_1.csv", mark=",", encoding="utf-8"):
        text = io.StringIO()
        csv.writer(text, delimiter=mark, lineterminator="\n").writerows([headers, *body])
        (tmp_path / name).write_bytes(text.getvalue().encode(encoding))
        return tmp_path / name

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(headers, body):
        book = Workbook()
        for cells in [headers, *body]:
            book.active.append(cells)
        book.save(tmp_path / "buku.xlsx")
        return tmp_path / "buku.xlsx"

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def times(study):
    return study.posts["published_at"].tolist() == [pd.Timestamp(time) for time in UTC]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_encoding_and_mark(export, encoding, mark):
    study = read(export(EN, rows(), mark=mark, encoding=encoding))
    assert times(study)
    assert study.owner == "instagram:kopi.uji"
    assert study.posts["views"].tolist() == [11351] * 3


@pytest.mark.parametrize(("headers", "kinds"), [
    (EN, ["IG image", "IG reel", "IG carousel"]), (PT, ["Imagem do IG", "Reel do IG", "Carrossel do IG"]),
    (DE, ["IG-Bild", "IG-Reel", "IG-Karussell"]),
])  # fmt: skip
def test_english_portuguese_and_german_in_any_order_of_columns(export, headers, kinds):
    body = [row(code=code, kind=kind, post=f"1818268657641501{i}")
            for i, (code, kind) in enumerate(zip(CODES, kinds, strict=True))]  # fmt: skip
    study = read(export(headers[::-1], [cells[::-1] for cells in body]))
    assert times(study)
    first = study.posts.iloc[0]
    wanted = {"views": 11351, "reach": 6740, "likes": 367, "shares": 15, "follows": 2, "comments": 12, "saves": 3,
              "impressions": pd.NA, "caption": "halo #kopi", "account_id": "instagram:kopi.uji"}  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted
    assert study.posts["kind"].tolist() == ["photo", "reel", "carousel"]
    assert not told(study, "warning")


def test_german_dates_are_day_first(export):
    dates = ["17.06.2026 00:45", "30.06.2026 09:58", "08.07.2026 02:47"]
    body = [row(code=code, date=date, post=f"1818268657641501{i}")
            for i, (code, date) in enumerate(zip(CODES, dates, strict=True))]  # fmt: skip
    assert times(read(export(DE, body)))
    study = read(export(DE, body[2:]))  # nothing but its link says that 08.07. is in July
    assert study.posts["published_at"].tolist() == [pd.Timestamp(UTC[2])]


def test_stories_have_profile_visits_and_no_comments(export):
    made = dt.datetime(2026, 6, 17, 7, 45, 10, tzinfo=dt.UTC)
    number = (int(made.timestamp() * 1000) - 1314220021721) << 23 | 12345
    link = f"https://www.instagram.com/stories/kopi.uji/{number}"
    body = [["1818268657641501" + str(i), "17841400000000900", "kopi.uji", "Kopi", "", "15", "06/17/2026 00:45",
             link, "Cerita IG", "", "Sepanjang Masa", "120", "100", "3", "1", "", "7", "2", "40", "5"]
            for i in range(1)]  # fmt: skip
    [post] = read(export(STORY_ID, body)).posts.to_dict("records")
    wanted = {"post_id": "18182686576415010", "kind": "story", "views": 120, "reach": 100, "likes": 3, "shares": 1,
              "profile_visits": 7}  # fmt: skip
    assert {name: post[name] for name in wanted} == wanted
    assert pd.isna(post["comments"]) and pd.isna(post["saves"]) and pd.isna(post["follows"])
    body[0][0] = "1,81827E+16"
    [again] = read(export(STORY_ID, body)).posts.to_dict("records")
    assert again["post_id"] == again["shortcode"] == post["shortcode"]
    rest, value = again["shortcode"], 0
    for letter in rest:
        value = value * 64 + ALPHABET.index(letter)
    assert value == number


@pytest.mark.parametrize("ruined", ["1.22158E+17", "1,22158E+17", "122158000000000000"])
def test_a_code_stands_in_for_an_id_that_excel_ruined(export, ruined):
    study = read(export(EN, rows(post=ruined), mark=";"))
    assert study.posts["post_id"].tolist() == list(CODES)
    assert times(study)
    assert any("Links are used" in text for text in told(study, "warning"))


def test_an_id_that_ends_in_zeros_among_others_is_kept(export):
    body = [row(post="17900000000000000"), row(post="17900000000000001", code="DaN7O9-gqiK")]
    assert read(export(EN, body)).posts["post_id"].tolist() == ["17900000000000000", "17900000000000001"]


def test_ruined_and_whole_files_of_the_same_posts_meet(export):
    whole = export(EN, rows(), name="a.csv")
    ruined = export(EN, rows(post="1.81827E+16"), name="b.csv", mark=";")
    for study in (read(whole, ruined), read(ruined, whole)):
        assert len(study.posts) == 3
        assert set(study.posts["shortcode"]) == set(CODES)


def test_a_workbook_whose_dates_lost_their_order_is_mended_by_the_codes(workbook):
    body = rows(post=1.8182686576415e16)
    body[2][6] = dt.datetime(2026, 8, 7, 2, 47)  # what an Indonesian Excel makes of 07/08/2026
    for cells in body:
        cells[11:] = map(int, cells[11:])
    study = read(workbook(EN, body))
    assert times(study)
    assert study.posts["post_id"].tolist() == list(CODES)
    assert any("changed places" in text and text.endswith(": 1.") for text in told(study, "guess"))


def test_a_cell_that_is_no_date_gets_the_time_of_its_code(export):
    study = read(export(EN, rows(date="####")))
    assert (abs(study.posts["published_at"] - pd.to_datetime(pd.Series(UTC))) < pd.Timedelta(minutes=1)).all()
    assert any("codes in their links gave: 3" in text for text in told(study, "guess"))


def test_another_clock_than_pacific_is_told_and_set_right(export):
    body = rows()
    for cells, date in zip(body, ["06/17/2026 14:45", "06/30/2026 23:58", "07/08/2026 16:47"], strict=True):
        cells[6] = date
    study = read(export(EN, body))
    assert any("differ by 14 hours" in text for text in told(study, "warning"))
    assert (abs(study.posts["published_at"] - pd.to_datetime(pd.Series(UTC))) < pd.Timedelta(minutes=1)).all()


def test_a_draft_published_days_after_its_upload_keeps_its_publish_time(export):
    body = [*rows(), row(post="18182686576415099", code="DZrdixGAomb", date="06/20/2026 10:00")]
    body[-1][7] = "https://www.instagram.com/p/DZrdixGAoma/"
    study = read(export(EN, body))
    assert study.posts["published_at"].iloc[-1] == pd.Timestamp("2026-06-20T17:00:00Z")


def test_winter_is_eight_hours_behind(export):
    study = read(export(EN, [row(date="01/15/2026 08:00")]))
    assert study.posts["published_at"].iloc[0] == pd.Timestamp("2026-01-15T16:00:00Z")


def test_columns_of_2024_keep_impressions_apart_and_plays_are_views(export):
    old = [{"Views": "Impressions", "Saves": "Plays"}.get(header, header) for header in EN]
    post = read(export(old, [row()])).posts.iloc[0]
    assert (post["impressions"], post["views"]) == (11351, 3)
    assert pd.isna(post["saves"])


def test_missing_and_further_columns_do_no_harm(export):
    keep = [EN.index(header) for header in ("Post ID", "Account username", "Publish time", "Permalink", "Likes")]
    body = [[cells[i] for i in keep] + ["x", "y"] for cells in rows()]
    study = read(export([EN[i] for i in keep] + ["Baru", ""], body))
    assert times(study) and study.posts["likes"].tolist() == [367] * 3
    assert study.posts[["views", "reach", "comments"]].isna().all(axis=None)


def test_guests_of_collaborations_are_no_accounts_of_the_study(export):
    study = read(export(EN, [*rows()[:2], row(post="18182686576415099", name="tamu.uji", code="DahwNdnAsd5")]))
    assert study.accounts["account_id"].tolist() == ["instagram:kopi.uji"]
    assert study.posts["is_collab"].tolist() == [False, False, True]
    assert study.posts["account_id"].tolist()[2] == "instagram:tamu.uji"


def test_an_export_for_each_day_is_added_up_and_reach_is_not(export):
    body = [row(period="06/17/2026", numbers=(10, 5, 1, 0, 0, 0, 0)), row(period="06/18/2026",
            numbers=(20, 9, 2, 0, 0, 0, ""))]  # fmt: skip
    [post] = read(export(EN, body)).posts.to_dict("records")
    assert (post["views"], post["likes"], post["saves"]) == (30, 3, 0)
    assert pd.isna(post["reach"])


def test_an_export_without_its_account_is_the_users_own(export):
    keep = [i for i, header in enumerate(EN) if not header.startswith("Account")]
    study = read(export([EN[i] for i in keep], [[cells[i] for i in keep] for cells in rows()]))
    assert study.posts["account_id"].unique().tolist() == ["own"] and times(study)


def test_an_export_of_no_posts_says_so(export):
    try:
        assert any("no rows" in text for text in told(read(export(EN, []))))
    except ReadError as error:
        assert "no rows" in str(error)


@pytest.mark.parametrize("cells", [
    [""] * 18, ["x"] * 18, ["1" * 5000] * 18, ["-1", *["undefined"] * 17], ["18182686576415017", "", "kopi.uji"],
    row(date="13/13/2026 99:99"), row(code="DZrdixGAomb", numbers=("1e999", "-5", "∞", "9" * 50, "", "--", "?")),
    [*row()[:7], "https://www.instagram.com/stories/a/99999999999999999999", *row()[8:]],
    [*row()[:7], "https://www.instagram.com/p/" + "_" * 3000, *row()[8:]],
])  # fmt: skip
def test_hostile_rows_raise_nothing_but_a_read_error(export, cells):
    try:
        study = read(export(EN, [cells, *rows()]))
    except ReadError:
        return
    assert study.posts["shortcode"].isin(CODES).sum() >= 3
