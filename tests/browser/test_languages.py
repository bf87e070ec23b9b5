"""Every page in every language: it comes up, speaks that language throughout, and keeps the study on the way."""

from __future__ import annotations

import json

import pytest
from conftest import REPO, page, sound

from engage.words import LANGUAGES, catalog

PAGES = {"start": 0, "1-bring-your-data": 0, "2-active-and-passive": 3, "6-compare-influencers": 1}


def place(name: str, language: str) -> str:
    return name if language == "en" else f"{language}/{name}"


def english_sentences() -> list[str]:
    """English sentences without values, long enough not to be words of another language by chance."""
    known = catalog("id")._catalog  # type: ignore[attr-defined]
    return [text for text in known if isinstance(text, str) and text.count(" ") >= 3 and "{" not in text]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_speaks_every_language(real, visit, name, language):
    study = "kol" if name.startswith("6") else "kopi"
    one = visit().open(page(real, place(name, language), f"?study={study}"), charts=PAGES[name])
    one.page.wait_for_selector(".eg-panel", timeout=60_000)
    book = json.loads((REPO / "notebooks" / place(f"{name}.ipynb", language)).read_text(encoding="utf-8"))
    assert one.page.get_attribute("html", "lang") == language
    assert one.page.title() == book["metadata"]["title"]
    text = " ".join(one.text().split())
    if language != "en":
        assert [sentence for sentence in english_sentences() if sentence in text] == []
    sound(one)


def test_numbers_and_charts_are_written_as_the_language_writes_them(real, visit):
    seen = {}
    for language in LANGUAGES:
        one = visit().open(page(real, place("2-active-and-passive", language), "?study=kopi"), charts=3)
        seen[language] = one.page.locator(".eg-chart").first.text_content() + one.text()
    assert "4,793" in seen["en"] and "4.793" in seen["id"] and "4,793" in seen["ms"]
    assert "6.000" in seen["id"] and "1,6%" in seen["id"] and "1.6%" in seen["ms"]
    assert "October" in seen["en"] and "Oktober" in seen["id"]


def test_the_language_menu_keeps_the_study_and_the_page(real, visit):
    one = visit().open(page(real, "2-active-and-passive", "?study=kopi"), charts=3)
    one.page.get_by_role("link", name="Bahasa Indonesia").click()
    one.page.wait_for_url("**/id/2-active-and-passive.ipynb?*study=kopi*", wait_until="commit")
    one.page.wait_for_selector("text=Siapa yang aktif, siapa yang pasif?", timeout=60_000)
    one.page.wait_for_selector("text=kopi-senja: 6.000 followers", timeout=60_000)
    assert "belum dibaca penutur asli" in one.text()
    one.page.get_by_role("link", name="Bandingkan influencer").first.click()
    one.page.wait_for_url("**/id/6-compare-influencers.ipynb?*study=kopi*", wait_until="commit")


def test_an_address_that_asks_for_a_language_leads_to_its_page(real, visit):
    one = visit().open(page(real, "start", "?study=kopi&lang=ms"))
    assert "/voila/render/ms/start.ipynb?study=kopi&lang=ms" in one.page.url
    one = visit().open(page(real, "id/start", "?study=kopi&lang=en"))
    assert "/voila/render/start.ipynb?" in one.page.url


def test_a_missing_page_is_said_in_the_language_of_its_folder(real, visit):
    one = visit()
    one.page.goto(page(real, "id/no-such-page"))
    assert "Halaman ini tidak ada" in one.text() and one.page.get_attribute("html", "lang") == "id"
