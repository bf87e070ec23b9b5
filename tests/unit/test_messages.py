import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.messages import Message, ReadError, StudyError, message, plural


def test_a_count_chooses_between_one_and_many():
    def posts(n):
        return str(plural("{n} post has no date.", "{n} posts have no date.", n))

    assert posts(1) == "1 post has no date."
    assert posts(0) == "0 posts have no date."
    assert posts(1200) == "1,200 posts have no date."


def test_counts_from_frames_are_written_like_other_numbers():
    frame = pd.DataFrame({"likes": pd.array([1234, None], dtype="Int64")})
    assert str(message("{n}", n=np.int64(1200))) == "1,200"
    assert str(message("{n}", n=frame["likes"].iloc[0])) == "1,234"


@pytest.mark.parametrize("unknown", [None, float("nan"), pd.NA, pd.NaT])
@pytest.mark.parametrize("form", ["{value}", "{value:percent}", "{value:date}"])
def test_what_is_unknown_is_a_dash(unknown, form):
    assert str(message(form, value=unknown)) == "–"


@pytest.mark.parametrize(("value", "text"), [(0.62, "62%"), (0.034, "3.4%"), (0.0007, "0.07%"), (0, "0%"), (1, "100%")])
def test_a_percentage_has_the_decimals_it_deserves(value, text):
    assert str(message("{share:percent}", share=value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (2.5, "2.5"), (0.1234, "0.123"), (123.46, "123.5"), (54321.7, "54,322")]
)
def test_a_number_is_rounded_to_what_a_reader_needs(value, text):
    assert str(message("{value}", value=value)) == text


@pytest.mark.parametrize(
    "day",
    [
        dt.date(2021, 12, 28),
        dt.datetime(2021, 12, 28, 9, 30, tzinfo=dt.UTC),
        pd.Timestamp("2021-12-28", tz="UTC"),
        np.datetime64("2021-12-28"),
    ],
)
def test_a_date_is_written_out_so_that_no_one_swaps_day_and_month(day):
    assert str(message("since {day:date}", day=day)) == "since 28 December 2021"
    assert str(message("since {day}", day=day)) == "since 28 December 2021"


def test_money_carries_its_currency():
    assert str(message("{price:money}", price=(1_250_000, "IDR"))) == "IDR 1,250,000"
    assert str(message("{price:money}", price=(12.5, "MYR"))) == "MYR 12.50"


def test_a_message_stands_inside_another_and_lists_are_joined():
    inner = plural("{n} reel", "{n} reels", 3)
    assert str(message("{what} by {who}", what=inner, who=["@a", "@b"])) == "3 reels by @a, @b"


@pytest.mark.parametrize("hostile", ["{n.__class__}", "{0}", "{", "}", "{n:percent}", "%s", "<b>{n}</b>"])
def test_a_value_from_a_file_is_never_read_as_a_pattern(hostile):
    assert str(message("{name} has {n} posts", name=hostile, n=2)) == f"{hostile} has 2 posts"
    assert str(message("{names}", names=[hostile, "b"])) == f"{hostile}, b"


@given(st.text())
def test_any_text_comes_out_as_it_went_in(text):
    assert str(message("{value}", value=text)) == text


@pytest.mark.parametrize("error", [ReadError, StudyError])
def test_an_error_says_its_message(error):
    what = message("The file {name} is empty.", name="a.csv")
    with pytest.raises(error, match=r"^The file a\.csv is empty\.$") as raised:
        raise error(what)
    assert raised.value.message is what
    assert str(message("Sorry: {error}", error=raised.value)) == "Sorry: The file a.csv is empty."


def test_equal_messages_are_one_in_a_set():
    assert len({message("{n}", n=1), message("{n}", n=1), message("{n}", n=2)}) == 2
    assert hash(Message("a", {"list": [1]})) == hash(Message("a", {"list": [1]}))
