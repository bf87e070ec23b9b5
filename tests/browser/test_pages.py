"""The real pages, as a newcomer walks them: from the sample or their own files to segments and comparison."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import REPO, page, sound

FORMATS = REPO / "tests" / "formats"


def test_from_the_sample_to_the_segments(real, visit):
    one = visit().open(page(real, "start", "?study="))
    one.page.get_by_label("Sample").select_option(index=0)
    one.page.get_by_role("button", name="Open the sample").click()
    one.page.get_by_role("link", name="Next: active and passive followers").click(timeout=60_000)
    one.page.wait_for_url("**/2-active-and-passive.ipynb?study=sample-kopi-senja", wait_until="commit")
    one.page.wait_for_selector("#rendered_cells:visible", timeout=60_000)
    one.page.wait_for_function("document.querySelectorAll('.eg-chart svg.marks').length >= 3", timeout=60_000)
    text = one.text()
    assert re.search(r"Of the 4,793 followers who have seen at least 45 posts, 3,280 are passive for certain", text)
    assert "The list holds 6,000 followers and the account states 6,000" in text
    sound(one, budget=1_400_000)  # two pages


def test_a_rule_moved_by_keyboard_changes_the_words_and_is_kept_on_reload(real, visit):
    one = visit().open(page(real, "2-active-and-passive", "?study=kopi"), charts=3)
    one.page.get_by_role("button", name="Move the rules").focus()
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector(".noUi-handle:visible")  # the kernel opens the fold
    one.page.locator(".noUi-handle").first.focus()
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_selector("text=have seen at least 30 posts", timeout=20_000)
    one.page.reload()
    one.page.wait_for_selector("text=have seen at least 30 posts", timeout=60_000)
    sound(one, budget=2_500_000)


def test_a_bar_picks_the_people_behind_it_and_the_list_can_be_saved(real, visit):
    one = visit().open(page(real, "2-active-and-passive", "?study=kopi"), charts=3)
    bars = one.page.locator(".eg-chart").first.locator(".mark-rect.role-mark path")
    bars.nth(4).click()
    one.page.wait_for_selector("text=followers, as picked", timeout=20_000)
    people = "table:has(caption:text-is('Followers')) tbody tr"
    one.page.wait_for_selector(f"{people}:first-child:has-text('passive')", timeout=20_000)
    assert all("passive" in row.inner_text() for row in one.page.locator(people).all()[:10])
    with one.page.expect_download() as saved:
        one.page.get_by_role("button", name="Save this list as CSV").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert text.startswith("account,segment,why") and "passive" in text.splitlines()[1]


def test_a_picture_can_be_saved_by_keyboard(real, visit):
    one = visit().open(page(real, "6-compare-influencers", "?study=kol"), charts=1)
    one.page.locator(".eg-chart summary").first.focus()
    one.page.keyboard.press("Enter")
    one.page.locator(".vega-actions a", has_text="PNG").first.focus()
    with one.page.expect_download() as saved:
        one.page.keyboard.press("Enter")
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_where_nobody_is_named_the_page_says_what_to_bring_and_what_is_known(real, visit):
    one = visit().open(page(real, "2-active-and-passive", "?study=viral"), charts=1)
    text = one.text()
    assert "Nobody who reacted is named" in text and "Bring your data" in text
    assert "1,310 of 9,000 followers" in text and "Engagement rate by reach" in text
    sound(one)


def test_influencers_are_compared_with_their_intervals(real, visit):
    one = visit().open(page(real, "6-compare-influencers", "?study=kol"), charts=1)
    text = one.text()
    assert "34 of 36 influencers have the 6 posts" in text and "not enough data (n =" in text
    one.page.get_by_label("Platform").select_option("TikTok")
    one.page.wait_for_selector("text=5 of 5.", timeout=20_000)
    sound(one)


def test_own_files_from_the_drop_folder_to_a_saved_study(real, visit):
    box = real.home / "inbox"
    box.mkdir(exist_ok=True)
    for name in ("ig_dyi_json_en", "meta_content_csv_id", "manual_sample"):
        for path in (FORMATS / name).iterdir():
            if path.name != "expected.json":
                shutil.copy(path, box)
    (box / "broken.zip").write_bytes(b"PK\x03\x04 this is no archive")
    one = visit().open(page(real, "1-bring-your-data", "?study="))
    one.page.get_by_role("button", name="Read these files").click()
    one.page.wait_for_selector("text=What was read and guessed", timeout=60_000)
    text = one.text()
    assert "broken.zip" in text and "of 3,537 followers" in text
    one.page.get_by_label("Names", exact=True).fill("@sari.uji01\nhttps://instagram.com/bima_uji02?igsh=x\nAgus Uji")
    one.page.get_by_role("button", name="Add these names").click()
    one.page.wait_for_selector("text=Agus Uji", timeout=20_000)
    one.page.get_by_label("Name", exact=True).fill("Kopi <b>Contoh</b>")
    one.page.get_by_role("button", name="Save this study").click()
    one.page.wait_for_selector("text=Saved as kopi-b-contoh-b", timeout=20_000)
    assert (real.home / "studies" / "kopi-b-contoh-b" / "CURRENT").exists()
    one.page.get_by_role("link", name="Next: active and passive followers").click()
    one.page.wait_for_url("**study=kopi-b-contoh-b", wait_until="commit")
    one.page.wait_for_selector("text=Kopi <b>Contoh</b>", timeout=60_000)
    sound(one, budget=2_500_000)


@pytest.mark.parametrize("name", ["start", "1-bring-your-data", "2-active-and-passive", "6-compare-influencers"])
@pytest.mark.parametrize("query", ["?study=", "?study=no-such-study", "?study=../../etc"])
def test_every_page_comes_up_without_a_study_and_with_a_wrong_one(real, visit, name, query):
    one = visit().open(page(real, name, query))
    one.page.wait_for_selector(".eg-panel", timeout=60_000)
    one.page.wait_for_timeout(500)
    if "no-such" in query:
        assert "There is no study called no-such-study" in one.text()
    sound(one)


@pytest.mark.parametrize("name", ["start", "1-bring-your-data", "2-active-and-passive", "6-compare-influencers"])
def test_pages_fit_a_narrow_screen_and_have_labels(real, visit, name):
    study = "kol" if name.startswith("6") else "kopi"
    one = visit(viewport={"width": 390, "height": 800}).open(page(real, name, f"?study={study}"))
    one.page.wait_for_selector(".eg-panel", timeout=60_000)
    one.page.wait_for_timeout(1500)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 391
    unnamed = one.page.evaluate(
        """[...document.querySelectorAll('main :is(input, select, textarea, button, [role=slider])')]
           .filter(e => e.offsetParent && !(e.labels?.length || e.ariaLabel || e.title || e.innerText?.trim()
                        || e.getAttribute('aria-labelledby')))
           .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []
