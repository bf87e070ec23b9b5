"""Lists open safely in a spreadsheet."""

import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from engage.export.lists import list_csv, safe_text
from engage.messages import message
from engage.words import Words

HOSTILE = ["=cmd()", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "|cmd", "%0A"]


def test_hostile_names_are_text_and_not_formulas():
    raw = list_csv(pd.DataFrame({"handle": HOSTILE}), {"handle": "account"}, Words())
    table = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)
    assert table["account"].str.startswith("'").all()


@given(st.text())
def test_no_text_can_start_a_formula(text):
    assert not str(safe_text(text)).lstrip().startswith(("=", "+", "-", "@", "|", "%"))


def test_numbers_stay_numbers_and_messages_become_words():
    frame = pd.DataFrame({"n": [-3, 4], "reason": [message("only {n} posts seen so far", n=2)] * 2})
    text = list_csv(frame, {"n": "n", "reason": "why"}, Words()).decode("utf-8-sig")
    assert text.splitlines()[1] == "-3,only 2 posts seen so far"


def test_excel_reads_names_as_they_are_because_of_the_mark():
    raw = list_csv(pd.DataFrame({"name": ["café ☕"]}), {"name": "name"}, Words())
    assert raw.startswith(b"\xef\xbb\xbf") and "café ☕".encode() in raw


def test_a_list_opens_in_columns_where_the_comma_is_the_decimal_mark():
    frame = pd.DataFrame({"handle": ["a.uji"], "followers": pd.Series([4510.0], dtype="Float64"), "rate": [0.151]})
    headers = {name: name for name in frame}
    assert list_csv(frame, headers, Words("id")).decode("utf-8-sig").splitlines() == [
        "handle;followers;rate", "a.uji;4510;0,151"]  # fmt: skip
    assert list_csv(frame, headers, Words("ms")).decode("utf-8-sig").splitlines()[1] == "a.uji,4510,0.151"
