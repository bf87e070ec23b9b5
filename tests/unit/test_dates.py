"""Dates as people and programs write them, and the clock in Instagram's shortcodes."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.readers import dates
from engage.readers.dates import parse_dates, shortcode_in, shortcode_time, shortcodes_in

NINE = pd.Timestamp("2021-12-28T09:00Z")


def read(*cells, zone="Asia/Jakarta", **options):
    return parse_dates(pd.Series(list(cells), dtype="str"), zone, column="Tanggal", **options)


@pytest.mark.parametrize(
    "cell",
    ["28 Desember 2021 16:00 WIB", "28 Desember 2021 pukul 17.00 WITA", "28 Des 2021 18.00 WIT", "28-12-2021 16:00",
     "28.12.2021 16.00", "2021-12-28T09:00:00Z", "2021-12-28T16:00:00+07:00", "2021-12-28T09:00:00+0000",
     "2021-12-28T09:00:00.000Z", "1640682000", "1640682000000", "44558,666666666664", "44558.666666666664",
     "28 Disember 2021 5:00 PTG MYT", "Selasa, 28 Desember 2021 16.00", "28/12/21 16:00", "12/28/2021 4:00 PM",
     "Dec 28, 2021 4:00 pm", "Tue, Dec 28, 2021 16:00", "2021/12/28 16:00:00", "28 December 2021, 16:00",
     "28-Des-2021 16:00", "28 Des 2021 jam 4.00 sore", "2021-12-28 16:00:00 WIB"],
)  # fmt: skip
def test_every_form_of_one_instant_is_that_instant(cell):
    assert read(cell).values[0] == NINE


@pytest.mark.parametrize(
    ("cell", "day"),
    [("5 Ogos 2022", "2022-08-05"), ("17 Agt 2022", "2022-08-17"), ("1 Mac 2022", "2022-03-01"),
     ("3 Peb 2022", "2022-02-03"), ("9 Julai 2022", "2022-07-09"), ("20220809", "2022-08-09"),
     ("2 Nop 2022", "2022-11-02")],
)  # fmt: skip
def test_a_day_begins_at_midnight_of_the_zone(cell, day):
    found = read(cell)
    assert found.values[0] == pd.Timestamp(day, tz="Asia/Jakarta")
    assert found.day_only[0]


@pytest.mark.parametrize(("cell", "hour"), [("12:00 AM", 0), ("12:00 PM", 12), ("9:00 PG", 9), ("8.00 malam", 20)])
def test_half_days_are_understood(cell, hour):
    assert read(f"5 Mei 2022 {cell}", zone="UTC").values[0] == pd.Timestamp(f"2022-05-05T{hour:02}:00Z")


@pytest.mark.parametrize("cell", ["31 Mei 2022 24:00", "kemarin", "31/02/2022", "45/45/2022", "12", "9" * 30])
def test_what_is_no_date_is_null_and_told(cell):
    found = read(cell)
    assert found.values.isna().all()
    assert cell in str(found.notes[0])


@pytest.mark.parametrize(
    "cell", ["0001-05-04", "0001-05-04 10:00", "1.1.1970 08:00", "5 Mei 2062", "20620504", "2003-12-30"]
)
def test_a_year_before_all_platforms_or_after_today_is_null_and_told(cell):
    found = read("2025-05-04", cell, "5/6/25")
    assert found.values.isna().tolist() == [False, True, False]
    [note] = [note for note in found.notes if note.level == "warning"]
    assert note.count == 1 and cell in str(note)


def test_one_cell_above_twelve_decides_for_the_column():
    assert read("05/08/2022", "28/08/2022", zone="UTC").values[0] == pd.Timestamp("2022-08-05T00:00Z")
    assert read("05/08/2022", "08/28/2022", zone="UTC").values[0] == pd.Timestamp("2022-05-08T00:00Z")


def test_a_column_that_proves_nothing_is_day_first_and_says_so():
    found = read("05/08/2022", zone="UTC")
    assert found.values[0] == pd.Timestamp("2022-08-05T00:00Z")
    assert [note.level for note in found.notes] == ["guess"]
    assert read("05/08/2022", zone="UTC", dayfirst=False).values[0] == pd.Timestamp("2022-05-08T00:00Z")


def test_pacific_time_follows_daylight_saving():
    found = read("06/17/2026 00:45", "02/14/2024 05:00", zone="America/Los_Angeles", dayfirst=False)
    assert found.values.tolist() == [pd.Timestamp("2026-06-17T07:45Z"), pd.Timestamp("2024-02-14T13:00Z")]


def test_a_shortcode_is_a_clock():
    # A real post's code and its real time, as field reports give them.
    assert shortcode_time("DZrdixGAomb").replace(second=0, microsecond=0) == dt.datetime(
        2026, 6, 17, 7, 45, tzinfo=dt.UTC
    )
    assert shortcode_time("no!") is None
    assert shortcode_in("https://www.instagram.com/reel/DZrdixGAomb/?igsh=x") == "DZrdixGAomb"


@settings(deadline=None)
@given(st.datetimes(dt.datetime(2004, 1, 2), dt.datetime(2026, 1, 1)))
def test_what_python_writes_is_read_back(moment):
    moment = moment.replace(tzinfo=dt.UTC)
    assert read(moment.isoformat()).values[0] == pd.Timestamp(moment)
    assert read(moment.strftime("%d/%m/%Y %H:%M"), zone="UTC", dayfirst=True).values[0] == pd.Timestamp(
        moment.replace(second=0, microsecond=0)
    )


@settings(deadline=None)
@given(st.lists(st.text(max_size=40)))
def test_no_text_makes_it_fail(texts):
    assert len(parse_dates(pd.Series(texts, dtype="str"), "Asia/Jakarta").values) == len(texts)


@settings(deadline=None)
@given(
    st.from_regex(
        r"[0-9A-Za-z]{1,4}[/. :-][0-9A-Za-z]{1,4}[/. :-][0-9]{1,4} ?[0-9]{0,2}[:.]?[0-9]{0,2} ?[a-zA-Z+]{0,4}"
    )
)
def test_nothing_that_resembles_a_date_makes_it_fail(cell):
    assert len(read(cell).values) == 1


def test_a_hundred_thousand_different_dates_take_seconds():
    texts = pd.Series(pd.date_range("2020-01-01", periods=100_000, freq="7min").strftime("%d %b %Y %H:%M"))
    start = time.process_time()
    assert parse_dates(texts, "Asia/Jakarta").values.notna().all()
    assert time.process_time() - start < 3, "about 1.3 s on a laptop"


DAYS = st.one_of(
    st.dates(dt.date(2005, 1, 1), dt.date(2026, 1, 1)).flatmap(lambda day: st.sampled_from(
        [f"{day.day} Desember {day.year}", f"Jum'at, {day.day}  agt {day:%y}", f"Dec {day.day}, {day.year}",
         f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%d.%m.%y}", f"{day:%Y%m%d}"])),
    st.sampled_from(["1640682000", "44558,66", "31 Februari 2022", "kemarin", "-", "", "2021"]),
)  # fmt: skip
CLOCKS = st.tuples(
    st.sampled_from([" ", ", ", "T", " - ", "\u00a0", "", "\n", " pukul ", " jam"]), st.integers(0, 25).map(str),
    st.sampled_from(":."), st.integers(0, 61).map("{:02}".format), st.sampled_from(["", ":30", ".15", ":05.123"]),
    st.sampled_from(["", " pm", "a.m.", " ptg", " siang"]), st.sampled_from(["", " WIB", "Z", "+07:00", " (-0330)"]),
).map("".join)  # fmt: skip
ZONES = st.sampled_from(["Asia/Jakarta", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut"])


def alone(cell, zone, dayfirst):
    plain = " ".join(cell.split()).lower()
    return None if plain in dates.BLANKS else dates._read(plain, ZoneInfo(zone), dayfirst)


@settings(deadline=None)
@given(st.lists(st.builds("{}{}".format, DAYS, st.one_of(st.just(""), CLOCKS)), min_size=1), ZONES)
def test_days_and_times_read_apart_make_the_instant_that_the_cell_makes(cells, zone):
    found = parse_dates(pd.Series(cells, dtype="str"), zone)
    proofs = [match for cell in cells if (match := dates.NUMERIC.match(" ".join(cell.split())))]
    votes = {(int(m[1]) > 12 >= int(m[3])) - (int(m[3]) > 12 >= int(m[1])) for m in proofs} - {0}
    if len(votes) < 2:  # a column that contradicts itself is read by the majority
        expected = [alone(cell, zone, votes != {-1}) for cell in cells]
        limits = dates.FIRST, pd.Timestamp.now("UTC") + pd.Timedelta(days=2)
        kept = [one[0] if one and limits[0] <= one[0] <= limits[1] else None for one in expected]
        assert [None if pd.isna(value) else value.to_pydatetime() for value in found.values] == kept
        assert found.day_only.tolist() == [bool(one and one[1]) for one in expected]


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", "2017-11-04"), ("America/New_York", "2017-03-11"),
                                           ("America/Sao_Paulo", "2017-10-14"), ("Australia/Lord_Howe", "2019-04-06"),
                                           ("Asia/Beirut", "2017-10-28")])  # fmt: skip
def test_every_minute_around_a_change_of_the_clock_is_what_python_makes_of_it(zone, day):
    moments = pd.date_range(day, periods=3 * 24 * 6, freq="10min").to_pydatetime()
    found = read(*(f"{moment:%d/%m/%Y %H.%M}" for moment in moments), zone=zone, dayfirst=True)
    assert found.values.tolist() == [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) for moment in moments]


@given(st.lists(st.one_of(st.none(), st.from_regex(r"(/(p|reel|tv)/|x/)?[A-Za-z0-9_-]{3,8}(/|\?)?", fullmatch=True))))
def test_shortcodes_of_a_column_are_those_of_each_link(links):
    found = shortcodes_in(pd.Series(links, dtype="str"))
    assert found.fillna("").tolist() == [shortcode_in(link or "") for link in links]
