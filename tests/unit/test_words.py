"""Every finding, label and message can be written, in the language's own numbers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from engage.analysis.rates import DENOMINATORS
from engage.analysis.results import Finding
from engage.analysis.segments import SEGMENTS
from engage.messages import message, plural
from engage.study import ENGAGING, Missing, Note, Study
from engage.words import LANGUAGES, Words, system_language
from engage.words.labels import LABELS
from engage.words.sentences import FINDINGS

EN = Words("en")


def test_numbers_dates_and_money_are_written_for_people():
    assert EN.say(message("{n} likes", n=12345)) == "12,345 likes"
    assert EN.say(message("{share:percent}", share=0.034)) == "3.4%"
    assert EN.say(message("{price:money}", price=(1_500_000, "IDR"))).replace("\xa0", " ") == "IDR 1,500,000"
    assert EN.say(message("{at:date}", at=dt.date(2021, 12, 28))) == "28 Dec 2021"


def test_dates_are_those_of_the_users_zone():
    late = dt.datetime(2026, 6, 30, 20, 0, tzinfo=ZoneInfo("UTC"))
    assert Words("en", "Asia/Jakarta").say(message("{at:date}", at=late)) == "1 Jul 2026"


def test_plurals_and_nested_messages():
    outer = message("Read: {what}.", what=plural("{n} post", "{n} posts", 1))
    assert EN.say(outer) == "Read: 1 post."


def test_notes_missing_and_findings_become_sentences():
    assert EN.say(Note("info", "a.csv", message("Read."))) == "a.csv: Read."
    assert EN.say(Missing(message("No prices."), message("Add them."))) == "No prices. Add them."
    finding = Finding("exposure", "count", {"posts": 5, "seen": 3, "listed": 1200}, 1200)
    assert EN.say(finding) == ("5 posts count, and 3 of 1,200 followers were seen to react to one of them or more.")


def test_values_from_files_are_never_patterns():
    assert EN.say(message("Seen: {name}", name="{0.__class__} %s <b>")) == "Seen: {0.__class__} %s <b>"


def test_an_unknown_language_is_english():
    assert Words("xx").language == "en" and next(iter(LANGUAGES)) == "en"


@pytest.mark.parametrize("token", [*SEGMENTS, *ENGAGING, *Study().abilities])
def test_every_token_a_page_shows_has_a_word(token):
    assert token in LABELS


def test_every_finding_that_an_analysis_makes_has_a_sentence():
    import re
    from pathlib import Path

    import engage.analysis

    folder = Path(engage.analysis.__path__[0])
    made = {key for path in folder.glob("*.py") for key in re.findall(r'Finding\(\s*"(\w+)"', path.read_text())}
    made |= {f"{who}_{what}" for who in ("passive", "sample") for what in ("share", "range")}
    made |= {f"scope_{scope}" for scope in ("whole", "told", "since", "random", "listed")}
    made |= {"rate_not_enough", "rate_by_followers_now"} | {f"rate_by_{denominator}" for denominator in DENOMINATORS}
    assert made == set(FINDINGS)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["123.4", "3.4%", "28 Dec 2021", "12.5K", "IDR 1,500,000", "a, b, and c"]),
     ("id", ["123,4", "3,4%", "28 Des 2021", "12,5 rb", "Rp1.500.000", "a, b, dan c"]),
     ("ms", ["123.4", "3.4%", "28 Dis 2021", "12.5K", "IDR 1,500,000", "a, b dan c"])],
)  # fmt: skip
def test_each_language_writes_its_own_numbers_dates_and_money(language, said):
    words = Words(language)
    values = [words.write(123.4), words.percent(0.034), words.date(dt.date(2021, 12, 28)), words.short(12_500),
              words.money(1_500_000, "IDR"), words.join(["a", "b", "c"])]  # fmt: skip
    assert [value.replace("\xa0", " ") for value in values] == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said_in_every_language(language):
    """Each sentence is written with all of its values, and none of them is lost on the way."""
    from string import Formatter

    words, english = Words(language), Words("en")
    for key, pattern in FINDINGS.items():
        names = {name for _, name, _, _ in Formatter().parse(pattern.key) if name} - {"n", "from", "to"}
        values = {name: dt.date(2026, 1, 5) if name == "since" else (7, "IDR") if name == "price" else 0.5
                  for name in names}  # fmt: skip
        finding = Finding(key, "estimate", values, 41, (0.3, 0.6))
        assert "{" not in words.say(finding) and "–" not in words.say(finding)
        assert (words.say(finding) == english.say(finding)) == (language == "en"), key


def test_a_language_without_a_catalog_entry_falls_back_to_english():
    assert Words("id").say(message("Nobody has translated this {n}.", n=1.5)) == "Nobody has translated this 1,5."


@pytest.mark.parametrize(
    ("lang", "spoken"), [("id_ID.UTF-8", "id"), ("ms_MY", "ms"), ("C.UTF-8", "en"), ("de_DE.UTF-8", "en")]
)
def test_the_language_of_the_computer_is_spoken_where_it_can_be(monkeypatch, lang, spoken):
    monkeypatch.setenv("LC_ALL", lang)
    assert system_language() == spoken


def test_vega_gets_the_same_marks_and_months():
    from engage.charts.locales import date_locale, number_locale

    assert number_locale("id")["decimal"] == "," and number_locale("ms")["decimal"] == "."
    assert date_locale("id")["shortMonths"][7] == "Agu" and date_locale("ms")["shortMonths"][7] == "Ogo"
    assert date_locale("id")["days"][0] == "Minggu" and date_locale("ms")["days"][0] == "Ahad"
