"""Meta's numbers per day: the title says the metric, the words in it the platform, and a day stays the day written."""

import pandas as pd
import pytest
from openpyxl import Workbook

from engage.messages import ReadError
from engage.readers import read


@pytest.fixture
def daily(tmp_path):
    def write(text, name="data.csv", encoding="utf-16"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def section(title, *values, header='"Date","Primary"', day="2026-06-{:02d}T00:00:00", start=13):
    rows = [f'"{day.format(start + i)}","{value}"' for i, value in enumerate(values)]
    return "\n".join(filter(None, [title and f'"{title}"', header, *rows])) + "\n"


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def test_follows_are_new_follows_of_a_day_and_never_the_total(daily):
    days = read(daily("sep=,\n" + section("Instagram follows", 6, 0))).days
    assert days["new_follows"].tolist() == [6, 0]
    assert days["followers"].isna().all()
    assert days["date"].tolist() == [pd.Timestamp("2026-06-13"), pd.Timestamp("2026-06-14")]


@pytest.mark.parametrize(("title", "header", "column"), [
    ("Views", '"Date","Primary"', "views"), ("Instagram reach", '"Date","Primary"', "reach"),
    ("Content interactions", '"Date","Primary"', "interactions"), ("Unfollows", '"Date","Primary"', "lost_follows"),
    ("Instagram profile visits", '"Date","Primary"', "profile_visits"),
    ("Tayangan", '"Tanggal","Primary"', "views"), ("Jangkauan", '"Tanggal","Primary"', "reach"),
    ("Pengikut Instagram", '"Tanggal","Primary"', "new_follows"),
    ("Kunjungan Profil Instagram", '"Tanggal","Primary"', "profile_visits"),
    ("Interaksi konten", '"Tanggal","Primary"', "interactions"),
    ("Alcance do Instagram", '"Data","Primary"', "reach"), ("Capaian", '"Tarikh","Primary"', "reach"),
    ("Pengikut Instagram", '"Tarikh","Primary"', "new_follows"), ("Views", '"Date","Instagram"', "views"),
])  # fmt: skip
def test_titles_of_four_languages(daily, title, header, column):
    study = read(daily("sep=,\n" + section(title, 12, 3, header=header)))
    assert study.days[column].tolist() == [12, 3]
    assert study.days["account_id"].unique().tolist() == ["own"]


def test_two_sections_in_one_file_are_two_platforms(daily):
    text = "sep=,\n" + section("Alcance no Facebook", 7, 8, header='"Data","Primary"') + "\n"
    study = read(daily(text + section("Alcance do Instagram", 150, 9, header='"Data","Primary"')))
    found = study.days.set_index(["account_id", "date"])["reach"]
    assert found["own"].tolist() == [150, 9]
    assert found["facebook:own"].tolist() == [7, 8]


def test_a_title_without_platform_goes_with_the_facebook_titles_beside_it(daily):
    views, visits = daily("sep=,\n" + section("Views", 5), "a.csv"), daily(section("Facebook visits", 2), "b.csv")
    follows = daily(section("Instagram follows", 1), "c.csv")
    alone = read(views, visits)
    assert alone.days[["account_id", "views", "profile_visits"]].values.tolist() == [["facebook:own", 5, 2]]
    assert any("taken as Facebook's" in text for text in told(alone, "guess"))
    mixed = read(views, visits, follows).days.set_index("account_id")
    assert mixed.loc["own", ["views", "new_follows"]].tolist() == [5, 1]
    assert mixed.loc["facebook:own", "profile_visits"] == 2


def test_an_unknown_title_is_named_and_the_rest_is_read(daily):
    study = read(daily(section("Metrik Aneh", 1) + section("Reach", 4) + section("Link clicks", 9)))
    assert study.days["reach"].tolist() == [4]
    assert any("Metrik Aneh" in text for text in told(study, "warning"))
    assert any("Link clicks" in text for text in told(study, "info"))
    assert not study.days[["views", "interactions", "new_follows"]].notna().any(axis=None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_spreadsheet_program_saved_it_again(daily, encoding, mark):
    text = f"Visualizações{mark}\nData{mark}Primary\n13/06/2026 00:00{mark}1.234\n14/06/2026 00:00{mark}8\n"
    days = read(daily(text, encoding=encoding)).days
    assert days["views"].tolist() == [1234, 8]
    assert days["date"].tolist() == [pd.Timestamp("2026-06-13"), pd.Timestamp("2026-06-14")]


@pytest.mark.parametrize("day", ["06/{:02d}/2026", "{:02d}/06/2026"])
def test_days_follow_each_other_whatever_the_order_of_day_and_month(daily, day):
    days = read(daily(section("Reach", 1, 2, 3, day=day, start=4))).days
    assert days["date"].dt.strftime("%m-%d").tolist() == ["06-04", "06-05", "06-06"]


def test_a_workbook_with_real_dates_is_read(tmp_path):
    book = Workbook()
    for row in (["Jangkauan"], ["Tanggal", "Primary"], [pd.Timestamp("2026-06-13").to_pydatetime(), 150]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    days = read(tmp_path / "a.xlsx").days
    assert days[["date", "reach"]].values.tolist() == [[pd.Timestamp("2026-06-13"), 150]]


def test_months_add_up_and_of_two_values_of_a_day_the_larger_stays(daily):
    first, second = daily(section("Reach", 5, 2), "Reach.csv"), daily(section("Reach", 9, 4, start=14), "Reach (1).csv")
    once, again = read(first, second), read(second, first)
    assert once.days["reach"].tolist() == again.days["reach"].tolist() == [5, 9, 4]
    assert any("the larger was kept: 1" in text for text in told(once, "guess"))


def test_a_file_without_its_title_is_known_by_its_name(daily):
    assert read(daily(section("", 3), "Jangkauan.csv")).days["reach"].tolist() == [3]


def test_an_empty_cell_is_unknown_and_a_missing_day_is_no_zero(daily):
    days = read(daily('Reach\n"Date","Primary"\n"2026-06-13T00:00:00",""\n"2026-06-16T00:00:00","--"\n'
                      '"2026-06-17T00:00:00","0"\n')).days  # fmt: skip
    assert days[["date", "reach"]].values.tolist() == [[pd.Timestamp("2026-06-17"), 0]]


def test_viewers_are_reach_unless_reach_is_there(daily):
    study = read(daily(section("Viewers", 40, 50) + section("Reach", 30)))
    assert study.days["reach"].tolist() == [30, 50]
    assert any("Viewers" in text for text in told(study, "guess"))


@pytest.mark.parametrize("text", [
    "sep=,\n", "Reach\n", 'Reach\n"Date","Primary"\n', '"Date","Primary"\n"Date","Primary"\n',
    'Reach\n"Date","Primary"\nx,y\n,,,\n"",""\n', 'Reach\n"Date","Primary"\n99999999999999999,1e400\n',
    "Reach\n" * 2000 + '"Date","Primary"\n', '"Date","Primary"\n' + '"2026-06-13","' + "9" * 400 + '"\n',
])  # fmt: skip
def test_hostile_files_raise_nothing_but_a_read_error(daily, text):
    try:
        study = read(daily(text))
    except ReadError:
        return
    assert study.days["reach"].isna().all()
