"""TikTok Studio: days without a year in five languages, unknown numbers, zips in a zip, and headers we do not know."""

import datetime as dt
import io
import zipfile

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read, sheets
from engage.readers.yearless import latest, month_day, place

OVERVIEW = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
HISTORY = ("Date", "Followers", "Difference in followers from previous day")
CONTENT = (
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
)
MADE = "2025-11-04_1767495600"  # 4 January 2026


def csv(*rows):
    return ("\ufeff" + "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)).encode()


def link(number, kind="video", handle="toko.uji"):
    return f"https://www.tiktok.com/@{handle}/{kind}/74550000000000000{number:02}"


def packed(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(content) if isinstance(content, dict) else content)
        return path

    return write


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def dates(study):
    return [f"{day:%Y-%m-%d}" for day in study.days["date"]]


def english(day):
    return f"{day:%B} {day.day}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("August 9", (8, 9)),
        ("8 Juli", (7, 8)),
        ("18 tháng Sáu", (6, 18)),
        ("31 de julho", (7, 31)),
        ("1 de março", (3, 1)),
        ("3 Mac", (3, 3)),
        ("17 Ogos", (8, 17)),
        ("9 Disember", (12, 9)),
        ("5 Mei", (5, 5)),
        ("3 tháng Mười Hai", (12, 3)),
        ("3 tháng Mười Một", (11, 3)),
        ("3 tháng Mười", (10, 3)),
        ("18 tháng 6", (6, 18)),
        ("30-Dec", (12, 30)),
        ("Dec 30", (12, 30)),
        ("February 29", (2, 29)),
        ("AGUSTUS 17", (8, 17)),
        ("3 tháng Tư", (4, 3)),
        ("August 9th", (8, 9)),
        ("2026-01-03", None),
        ("8 Juli 2025", None),
        ("30 Februari", None),
        ("undefined", None),
        ("", None),
        ("17", None),
        ("Total", None),
        ("08/09", None),
        ("²³ Juli", None),
        ("9" * 5000, None),
    ],
)
def test_a_day_without_a_year_is_read_in_five_languages(text, wanted):
    assert month_day(text) == wanted


def test_the_year_is_the_latest_possible_and_29_february_exists():
    assert latest(12, 30, dt.date(2026, 1, 4)) == dt.date(2025, 12, 30)
    assert latest(1, 4, dt.date(2026, 1, 4)) == dt.date(2026, 1, 4)
    assert latest(2, 29, dt.date(2026, 1, 4)) == dt.date(2024, 2, 29)


def test_a_whole_year_of_days_crosses_new_year_once_in_either_order():
    days = [dt.date(2025, 1, 5) + dt.timedelta(n) for n in range(365)]
    pairs = [(day.month, day.day) for day in days]
    assert place(pairs, dt.date(2026, 1, 6), daily=True) == days
    assert place(pairs[::-1], dt.date(2026, 1, 6), daily=True) == days[::-1]


def test_days_in_no_order_are_each_as_late_as_can_be():
    pairs = [(12, 30), (1, 2), (12, 31), (1, 1), (12, 29)]
    placed = place(pairs, dt.date(2026, 1, 4), daily=True)
    assert placed == [
        dt.date(2025, 12, 30),
        dt.date(2026, 1, 2),
        dt.date(2025, 12, 31),
        dt.date(2026, 1, 1),
        dt.date(2025, 12, 29),
    ]


def test_the_epoch_in_the_name_dates_the_days_and_the_date_beside_it_does_not(put):
    path = put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(OVERVIEW, ("December 30", 1, 1, 1, 1, 1))})
    study = read(path)
    assert dates(study) == ["2025-12-30"]
    assert study.owner == "tiktok:toko.uji"
    assert any("time in a zip's name" in text for text in told(study, "guess"))


def test_the_epoch_of_one_zip_dates_the_others_even_when_they_are_made_some_days_later(put):
    first = put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(OVERVIEW, ("January 2", 1, 1, 1, 1, 1))})
    later = put(
        "Followers_toko.uji.zip", {"FollowerHistory.csv": csv(HISTORY, ("January 6", 9, 0), ("January 7", 8, 0))}
    )
    assert dates(read(first, later)) == ["2026-01-02", "2026-01-06", "2026-01-07"]


def test_each_folder_of_downloads_has_its_own_time(put):
    old = {
        f"Overview_2022-11-04_{1767495600 - 3 * 365 * 86400}_toko.uji.zip": packed(
            {"Overview.csv": csv(OVERVIEW, ("January 2", 5, 1, 1, 1, 1))}
        ),
        "Followers_toko.uji.zip": packed({"FollowerHistory.csv": csv(HISTORY, ("January 2", 7, 0))}),
    }
    new = {
        f"Overview_{MADE}_toko.uji.zip": packed({"Overview.csv": csv(OVERVIEW, ("January 2", 6, 1, 1, 1, 1))}),
        "Followers_toko.uji.zip": packed({"FollowerHistory.csv": csv(HISTORY, ("January 2", 9, 0))}),
    }
    study = read(put("lama.zip", old), put("baru.zip", new))
    assert dates(study) == ["2023-01-02", "2026-01-02"]
    assert study.days["followers"].tolist() == [7, 9]
    assert study.accounts["followers"].tolist() == [9]


def test_without_any_epoch_the_newest_day_is_as_late_as_it_can_be_and_that_is_said(put):
    last = dt.date.today() - dt.timedelta(2)
    days = [last - dt.timedelta(n) for n in range(59, -1, -1)]
    rows = [(english(day), 100 + n, 0) for n, day in enumerate(days)]
    study = read(put("Followers_toko.uji.zip", {"FollowerHistory.csv": csv(HISTORY, *rows)}))
    assert dates(study) == [str(day) for day in days]
    assert study.days["followers"].diff().dropna().eq(1).all()
    assert any("no zip's name tells it" in text for text in told(study, "guess"))


def test_29_february_says_which_year_a_series_is_of(put):
    rows = [("February 28", 1, 0), ("February 29", 2, 0), ("March 1", 3, 0)]
    study = read(put("Followers_toko.uji.zip", {"FollowerHistory.csv": csv(HISTORY, *rows)}))
    years = {day.year for day in study.days["date"]}
    assert len(years) == 1
    assert min(years) % 4 == 0


def test_posts_are_not_newer_than_the_list_that_names_them(put):
    now = dt.date.today() - dt.timedelta(20)
    later = now + dt.timedelta(10)  # of last year, since the list was made before
    rows = [
        (english(now), "a", link(1), english(now), 1, 1, 1, 1),
        (english(now), "b", link(2), english(later), 1, 1, 1, 1),
    ]
    study = read(put("Content_toko.uji.zip", {"Content.csv": csv(CONTENT, *rows)}))
    at = study.posts["published_at"].dt.tz_convert("Asia/Jakarta").dt.date.tolist()
    assert at[0] == now
    assert at[1] < now - dt.timedelta(300)


def test_undefined_is_unknown_and_so_are_zeros_beside_it_but_a_true_zero_stays(put):
    rows = [("January 1", 0, 0, 0, 0, 0), ("January 2", "undefined", 5, 0, 0, 0), ("January 3", *["undefined"] * 5)]
    study = read(put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(OVERVIEW, *rows)}))
    assert dates(study) == ["2026-01-01", "2026-01-02"]
    assert study.days["views"].tolist() == [0, pd.NA]
    assert study.days["profile_visits"].tolist() == [0, 5]
    assert study.days["interactions"].tolist() == [0, pd.NA]


def test_the_misnamed_difference_is_not_taken_for_new_follows(put):
    rows = [("January 1", 992, 13), ("January 2", 1005, -3), ("January 3", "undefined", "0")]
    study = read(put(f"Followers_{MADE}_toko.uji.zip", {"FollowerHistory.csv": csv(HISTORY, *rows)}))
    assert study.days["followers"].tolist() == [992, 1005]
    assert study.days["new_follows"].isna().all()
    assert study.days["lost_follows"].isna().all()
    assert study.accounts["followers"].tolist() == [1005]


def test_numbers_below_zero_are_unknown_and_told(put):
    study = read(put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(OVERVIEW, ("January 1", 5, 1, -1, 2, 3))}))
    assert study.days["views"].tolist() == [5]
    assert study.days["interactions"].isna().all()
    assert any("Counts below zero in Likes" in text for text in told(study, "warning"))


def test_columns_in_another_order_with_some_missing_and_some_new_are_read(put):
    head = ("Neu", "Video link", "Total views", "Post time", "Add to favorites")
    path = put(f"Content_{MADE}_toko.uji.zip", {"Content.csv": csv(head, ("x", link(1), 7, "January 2", 3))})
    posts = read(path).posts
    assert posts[["views", "saves"]].iloc[0].tolist() == [7, 3]
    assert posts[["likes", "caption", "hashtags"]].isna().all(axis=None)


@pytest.mark.parametrize("deep", [1, 2])
def test_a_zip_of_the_zips_is_read_and_a_zip_in_a_zip_in_a_zip_is_told(put, deep):
    inner = {
        f"Overview_{MADE}_toko.uji.zip": packed({"Overview.csv": csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3))}),
        "Content_toko.uji.zip": packed(
            {"Content.csv": csv(CONTENT, ("January 3", "", link(1), "January 2", 1, 1, 1, 1))}
        ),
    }
    if deep == 1:
        study = read(put("semua.zip", inner))
        assert dates(study) == ["2026-01-01"]
        assert study.posts["post_id"].tolist() == ["7455000000000000001"]
    else:
        with pytest.raises(ReadError, match="zip in a zip in a zip"):
            read(put("semua.zip", {"x.zip": packed(inner)}))


def test_a_bomb_among_nested_zips_is_not_unpacked(put):
    bomb = packed(
        {"Overview.csv": csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3)) + b" " * 50_000_000}, zipfile.ZIP_DEFLATED
    )
    good = packed({"Overview.csv": csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3))})
    path = put("semua.zip", {f"Overview_{MADE}_a.uji.zip": bomb, f"Overview_{MADE}_b.uji.zip": good})
    study = read(path)
    assert study.accounts["account_id"].tolist() == ["tiktok:b.uji"]
    assert any("far more than its size" in text for text in told(study, "error"))


def test_unpacked_folders_and_loose_files_are_read_too(put, tmp_path):
    put(f"x/Overview_{MADE}_toko.uji/Overview.csv", csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3)))
    put("x/Content_toko.uji (1)/Content.csv", csv(CONTENT, ("January 3", "", link(1), "January 2", 1, 1, 1, 1)))
    study = read(tmp_path / "x")
    assert study.owner == "tiktok:toko.uji"
    assert dates(study) == ["2026-01-01"]
    loose = read(put("y/Content.csv", csv(CONTENT, ("January 3", "", link(1), "January 2", 1, 1, 1, 1))))
    assert loose.owner == "tiktok:toko.uji"


def test_files_without_a_name_belong_to_the_only_account_named_or_to_ones_own(put):
    loose = put("FollowerHistory.csv", csv(HISTORY, ("January 1", 5, 0)))
    assert read(loose).days["account_id"].tolist() == ["tiktok:own"]
    named = put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3))})
    study = read(loose, named)
    assert study.days["account_id"].unique().tolist() == ["tiktok:toko.uji"]
    assert study.days["followers"].tolist() == [5]


def test_two_accounts_stay_apart(put):
    files = [
        put(f"Overview_{MADE}_{name}.uji.zip", {"Overview.csv": csv(OVERVIEW, ("January 1", n, 1, 1, 2, 3))})
        for n, name in ((5, "a"), (6, "b"))
    ]
    study = read(*files)
    assert dict(zip(study.days["account_id"], study.days["views"], strict=True)) == {
        "tiktok:a.uji": 5,
        "tiktok:b.uji": 6,
    }


def test_of_two_downloads_of_one_account_the_later_one_knows_better(put):
    old = put(
        f"Overview_{MADE}_toko.uji.zip",
        {"Overview.csv": csv(OVERVIEW, ("January 2", 5, 1, 1, 2, 3), ("January 3", *["undefined"] * 5))},
    )
    new = put(
        "Overview_2025-11-05_1767582000_toko.uji.zip",
        {"Overview.csv": csv(OVERVIEW, ("January 2", 6, 1, 1, 2, 3), ("January 3", 7, 1, 1, 2, 3))},
    )
    study = read(old, new)
    assert dates(study) == ["2026-01-02", "2026-01-03"]
    assert study.days["views"].tolist() == [6, 7]


def test_headers_in_an_unknown_language_are_read_by_their_usual_order_which_is_said(put):
    head = ("Tanggal", "Tontonan video", "Kunjungan", "Disukai", "Komen", "Dibagikan")
    study = read(put(f"Overview_{MADE}_toko.uji.zip", {"Overview.csv": csv(head, ("30 Desember", 5, 4, 1, 2, 3))}))
    assert study.days[["views", "profile_visits", "interactions"]].iloc[0].tolist() == [5, 4, 6]
    assert any("usual order" in text for text in told(study, "guess"))


def test_days_with_a_year_keep_it(put):
    rows = [("2024-05-01", 5, 1, 1, 2, 3), ("2 Mei 2024", 6, 1, 1, 2, 3)]
    assert dates(read(put("Overview.csv", csv(OVERVIEW, *rows)))) == ["2024-05-01", "2024-05-02"]


def test_the_export_knows_the_hour_of_a_post_better_than_the_day_here(put):
    content = put(
        f"Content_{MADE}_toko.uji.zip",
        {"Content.csv": csv(CONTENT, ("January 3", "", link(1), "January 2", 4, 1, 1, 90))},
    )
    export = put(
        "user_data.json",
        f"""{{"Activity": {{"Follower List": {{"FansList": []}}}}, "Video": {{"Videos":
        {{"VideoList": [{{"Date": "2026-01-02 03:04:05", "Link": "{link(1)}", "Likes": "3"}}]}}}}}}""".encode(),
    )
    posts = read(content, export).posts
    assert posts["published_at"].tolist() == [pd.Timestamp("2026-01-02T03:04:05Z")]
    assert posts[["likes", "views"]].iloc[0].tolist() == [4, 90]


def test_tables_of_the_audience_are_named_and_their_bare_headers_are_no_warning(put):
    members = {
        "FollowerHistory.csv": csv(HISTORY, ("January 1", 5, 0)),
        "FollowerGender.csv": csv(("Gender", "Distribution")),
        "FollowerActivity.csv": csv(("Date", "Hour", "Active followers")),
    }
    study = read(put(f"Followers_{MADE}_toko.uji.zip", members))
    assert not told(study, "warning")
    assert any("activity, gender" in text for text in told(study, "info"))


def test_a_table_by_hand_with_date_and_followers_is_not_taken(put):
    study = read(put("catatan.csv", b"Date,Followers\n2026-01-02,5\n"))
    assert study.days["account_id"].tolist() == ["own"]


def test_no_sheet_of_it_is_offered_for_mapping(put):
    assert not sheets(put("Overview.csv", csv(OVERVIEW, ("January 1", 5, 1, 1, 2, 3))))


def test_a_row_without_a_link_is_left_out_and_told(put):
    rows = [
        ("January 3", "a", "https://example.invalid/1", "January 2", 1, 1, 1, 1),
        ("January 3", "b", link(1), "January 2", 1, 1, 1, 1),
    ]
    study = read(put("Content.csv", csv(CONTENT, *rows)))
    assert len(study.posts) == 1
    assert any("without a link to a video, left out: 1" in text for text in told(study, "warning"))


@pytest.mark.parametrize(
    "body",
    [
        [],
        [("",)],
        [("???", "x", "y", "z", "1e400", "∞")],
        [("January 2",)],
        [("December 99", 1, 1, 1, 1, 1)],
        [("January 1", "9" * 400, "1e999", "-", "--", "NaN")],
        [("\u202eJanuary 1", 1, 1, 1, 1, 1)],
    ],
)
def test_hostile_tables_end_in_notes_and_never_in_an_exception(put, body):
    good = put("likers_x.txt", b"sari.uji01\nbima_uji02\n")
    for name, head in (("Overview.csv", OVERVIEW), ("FollowerHistory.csv", HISTORY), ("Content.csv", CONTENT)):
        study = read(put(name, csv(head, *body)), good)
        assert not any("content is not what it should be" in text for text in told(study))


def test_thirty_thousand_rows_are_read_whole(put):
    rows = [
        ("January 3", "judul #kopi", link(1).replace("01", f"{n:06}"), "January 2", n, 1, 1, n) for n in range(30_000)
    ]
    path = put(f"Content_{MADE}_toko.uji.zip", {"Content.csv": csv(CONTENT, *rows)})
    assert len(read(path).posts) == 30_000
