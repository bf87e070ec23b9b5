"""Numbers as people in Indonesia and Malaysia write them, decided a column at a time."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.readers import numbers
from engage.readers.numbers import parse_numbers


def read(*cells, **options):
    return parse_numbers(pd.Series(list(cells), dtype="str"), column="Nilai", **options)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234", 1234), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("12,5%", 0.125), ("12,5 rb", 12_500),
        ("12,5\u00a0rb", 12_500), ("750rb", 750_000), ("1,2 jt", 1_200_000), ("1.2K", 1200), ("15 juta", 15_000_000),
        ("2,5 miliar", 2.5e9), ("1 triliun", 1e12), ("Rp1.500.000", 1_500_000), ("Rp 1.500.000,00", 1_500_000),
        ("Rp1.500.000,-", 1_500_000), ("Rp. 5jt", 5_000_000), ("RM1,200.50", 1200.5), ("USD 300", 300),
        ("300 USD", 300), ("$12.50", 12.5), ("(250)", -250), ("-3,5", -3.5), ("1 234", 1234), ("1.234.567", 1_234_567),
        ("0,125", 0.125), ("2.5", 2.5), ("2,50", 2.5), ("1.2e3", 1200), ("63.3K", 63_300), ("+5", 5),
    ],
)  # fmt: skip
def test_a_number_that_can_be_read_in_one_way_is_read_so(cell, value):
    assert read(cell).values[0] == value


@pytest.mark.parametrize("cell", ["", "-", "--", "N/A", "undefined", "?", None, "#N/A"])
def test_an_empty_cell_is_null_and_not_worth_a_note(cell):
    found = read(cell)
    assert found.values.isna().all()
    assert not found.notes


@pytest.mark.parametrize("cell", ["nego", "barter", "'0812345", "1.23.4", "12/13", "=1+1", "1..2"])
def test_words_and_broken_numbers_are_null_and_told(cell):
    found = read(cell)
    assert found.values.isna().all()
    assert cell in str(found.notes[0])


@pytest.mark.parametrize(("neighbour", "value"), [("12,5", 1.234), ("12.5", 1234), ("Rp1.000.000", 1.234)])
def test_the_column_decides_what_a_comma_means(neighbour, value):
    found = read("1,234", neighbour)
    assert found.values[0] == value
    assert [note.level for note in found.notes] == ["guess"]


def test_what_the_user_said_of_the_decimal_mark_is_no_guess_any_more():
    assert read("1.234", decimal=",").values.tolist() == [1234] and not read("1.234", decimal=",").notes
    assert read("1.234", decimal=".").values.tolist() == [1.234] and not read("1.234", decimal=".").notes


def test_alone_a_mark_before_three_digits_parts_thousands():
    assert read("1,234", "5,678").values.tolist() == [1234, 5678]
    assert read("1.234", "5.678").values.tolist() == [1234, 5678]


def test_whole_amounts_of_money_are_no_guess_worth_telling():
    assert not read("36.000", "125.000", money=True).notes
    assert not read("218.500", "1.150.000", money=True).notes
    assert read("36.000", "125,000", money=True).notes


def test_a_decimal_mark_that_the_user_gave_settles_it():
    assert read("1.234", decimal=".").values[0] == 1.234


def test_counts_have_no_decimals_and_are_never_negative():
    found = read("1.234", "15,000", "-1", "2,5rb", count=True)
    assert found.values.tolist()[:2] == [1234, 15_000]
    assert pd.isna(found.values[2]) and found.values[3] == 2500
    assert [note.level for note in found.notes] == ["warning"]


def test_m_is_million_for_counts_miliar_in_rupiah_and_asked_about_otherwise():
    assert read("1.2M", count=True).values[0] == 1_200_000
    assert read("Rp3,4M", money=True).values[0] == 3.4e9
    assert read("3,4M", money=True, currency="IDR").values[0] == 3.4e9
    assert read("USD 3.4M", money=True).values[0] == 3.4e6
    asked = read("3,4M", money=True)
    assert asked.values.isna().all()
    assert "miliar" in str(asked.notes[0])


def test_the_currency_stands_beside_each_amount():
    assert read("Rp5jt", "RM20", "$3", "7").currency.fillna("").tolist() == ["IDR", "MYR", "USD", ""]


def test_an_id_that_a_spreadsheet_rounded_is_refused():
    found = read("1,79603E+16")
    assert found.values.isna().all()
    assert "rounded" in str(found.notes[0])


@settings(deadline=None)
@given(st.integers(0, 10**12), st.sampled_from([".", ","]))
def test_a_grouped_whole_number_comes_back(number, mark):
    text = f"{number:,}".replace(",", mark)
    assert read(text, count=True).values[0] == number


@settings(deadline=None)
@given(st.decimals(0, 10**9, places=2), st.sampled_from([",.", ".,"]))
def test_a_number_with_cents_comes_back_in_both_styles(number, marks):
    text = f"{number:,.2f}".translate(str.maketrans(",.", marks))
    assert read(text, money=True).values[0] == pytest.approx(float(number))


@settings(deadline=None)
@given(st.lists(st.text(max_size=30)), st.booleans(), st.booleans())
def test_no_text_makes_it_fail(texts, money, count):
    assert len(parse_numbers(pd.Series(texts, dtype="str"), money=money, count=count).values) == len(texts)


PIECES = st.sampled_from([".", ",", "'", " ", "-", "(", ")", "%", "rb", "jt", "k", "m", "miliar", "rp", "rm", "$", "e",
                          "e3", ",-", "0", "000", "\u0661"])  # fmt: skip
CELLS = st.lists(st.one_of(PIECES, st.text("0123456789", max_size=6)), max_size=5).map("".join).map(str.strip)


@settings(deadline=None)
@given(st.lists(CELLS, min_size=1), st.booleans(), st.booleans(), st.sampled_from(".,"))
def test_cells_that_share_a_shape_are_read_as_each_is_alone(cells, money, count, decimal):
    found = read(*cells, money=money, count=count, decimal=decimal)
    kept = "" if count else decimal
    for cell, value, currency, percent in zip(cells, found.values, found.currency, found.percent, strict=True):
        plain = " ".join(cell.split()).lower()
        alone = numbers._read(numbers.NUMBER.fullmatch(plain), kept, money, count, "")
        expected = None if plain in numbers.BLANKS else alone.value(plain)
        assert (None if pd.isna(value) else value) == expected
        assert (None if pd.isna(currency) else currency) == alone.currency
        assert percent == alone.percent


@settings(deadline=None)
@given(st.lists(st.tuples(st.decimals(0, 10**6, places=2), st.sampled_from(["", " rb", "jt", " miliar", "%"]))))
def test_units_and_per_cent_lose_nothing(pairs):
    scales = {"": 1, " rb": 10**3, "jt": 10**6, " miliar": 10**9, "%": Decimal("0.01")}
    found = read(*(f"{number:f}".replace(".", ",") + unit for number, unit in pairs))
    assert found.values.tolist() == [float(number * scales[unit]) for number, unit in pairs]
