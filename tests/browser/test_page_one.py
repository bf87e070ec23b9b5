"""Page 1 as a marketer uses it, in each language: an open question, codes for names, a second month."""

from __future__ import annotations

import re
import shutil

import pytest
from conftest import page, sound

from engage.messages import message
from engage.store import home, open_study
from engage.words import Words

HEADERS = "username,tanggal,catatan {language}\n"  # what is said of headers holds for every study that has them
APRIL = "ani.uji,05/08/2025,\nbudi.uji,06/08/2025,\n"
MAY = "budi.uji,06/08/2025,\ncitra.uji,07/08/2025,\n"


@pytest.mark.parametrize("language", ["en", "id", "ms"])
def test_a_table_is_explained_its_names_coded_and_next_month_added(real, visit, language, tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(real.home))
    words = Words(language)

    def label(text: str) -> str:
        return words.say(message(text))

    def button(text: str):
        return one.page.get_by_role("button", name=label(text))

    table = tmp_path / "followers.csv"
    table.write_text(HEADERS.format(language=language) + APRIL)
    folder = "" if language == "en" else f"{language}/"
    one = visit().open(page(real, f"{folder}1-bring-your-data", "?study="))
    one.page.wait_for_selector(f"text={label('Where to get such files')}")
    one.page.get_by_label(label("Or a path")).fill(str(table))
    one.page.get_by_label(label("Put codes in the place of people's names")).check()
    button("Read these files").click()
    one.page.wait_for_selector(f"text={label('How tables were read')}", timeout=30_000)
    one.page.wait_for_selector(".eg-fold .eg-note:visible")  # what is open is asked without being looked for
    one.page.get_by_label(label("5/8/2026 means")).select_option(index=2)
    button("Read again with these columns").click()
    one.page.wait_for_function("document.querySelectorAll('.eg-fold .eg-note').length === 0", timeout=30_000)
    assert label("What to bring next") in one.text()
    one.page.get_by_label(label("Name"), exact=True).fill(f"Uji {language}")
    button("Save this study").click()
    one.page.wait_for_url(re.compile(rf"study=uji-{language}"), timeout=30_000)
    april = open_study(f"uji-{language}")
    assert april.followers["followed_at"].dt.month.tolist() == [5, 6], "day and month as they were said to be"
    assert april.followers["follower_id"].str.startswith("p_").all()

    table.write_text(HEADERS.format(language=language) + MAY)
    one.open(page(real, f"{folder}1-bring-your-data", f"?study=uji-{language}"))
    one.page.get_by_label(label("Or a path")).fill(str(table))
    button("Read these files").click()
    one.page.wait_for_selector(f"text={label('Not saved yet.')}", timeout=30_000)
    button("Save this study").click()
    one.page.wait_for_selector(f"text={words.say(message('Saved as {name}.', name=f'uji-{language}'))}", timeout=30_000)
    may = open_study(f"uji-{language}")
    assert len(may.followers) == 3 and set(april.followers["follower_id"]) < set(may.followers["follower_id"])
    sound(one, budget=4_000_000)
    shutil.rmtree(home() / "studies" / may.id)
