"""Every finding, label and message can be written, in the language's own numbers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from engage.analysis.rates import DENOMINATORS
from engage.analysis.results import Finding
from engage.analysis.segments import SEGMENTS
from engage.messages import message, plural
from engage.study import ENGAGING, Missing, Note, Study
from engage.words import LANGUAGES, Words
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
