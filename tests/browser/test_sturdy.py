"""People reload, open two tabs, delete folders, close laptops: each time a working page, or a sentence."""

from __future__ import annotations

import shutil
import time

import psutil
import pytest
from conftest import page, sound, start, stop

import engage
from engage.store import home, open_study, save, save_settings

SECOND = "2-active-and-passive"


@pytest.fixture
def study(real, monkeypatch):
    """A saved study of its own for one test; returns its id."""
    monkeypatch.setenv("ENGAGE_HOME", str(real.home))
    name = f"own-{time.monotonic_ns()}"
    save(engage.simulate(followers=400, posts=80, seed=3), name)
    yield name
    shutil.rmtree(home() / "studies" / name, ignore_errors=True)


def kernel_of(one) -> str:
    return one.page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")


def process_of(server, kernel: str) -> psutil.Process:
    children = psutil.Process(server.process.pid).children(recursive=True)
    return next(child for child in children if any(kernel in part for part in child.cmdline()))


def move_rule(one) -> None:
    """One step to the right on the first slider, by keyboard."""
    one.page.get_by_role("button", name="Move the rules").click()
    one.page.wait_for_selector(".noUi-handle:visible")  # the kernel opens the fold
    one.page.locator(".noUi-handle").first.focus()
    one.page.keyboard.press("ArrowRight")


def test_settings_of_one_page_are_read_by_the_next_and_by_another_tab(real, visit, study):
    first = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    move_rule(first)
    first.page.wait_for_selector("text=These are your own rules", timeout=20_000)
    second = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    second.page.wait_for_selector("text=These are your own rules", timeout=20_000)
    start_page = visit().open(page(real, "start", f"?study={study}"))
    start_page.page.get_by_label("The account is for").select_option("business or personal brand")
    for _ in range(40):
        if open_study(study).settings.purpose == "business":
            break
        time.sleep(0.25)
    kept = open_study(study).settings
    assert kept.purpose == "business" and kept.rules["regular_rate"] == 0.075


def test_a_study_deleted_underneath_is_said_and_the_page_goes_on(real, visit, study):
    one = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    shutil.rmtree(real.home / "studies" / study)
    move_rule(one)
    one.page.wait_for_selector("text=is no longer on this computer", timeout=20_000)
    assert "These are your own rules" in one.text()
    one.page.reload()
    one.page.wait_for_selector(f"text=There is no study called {study}", timeout=60_000)
    sound(one, budget=2_500_000)


def test_a_study_changed_underneath_is_said(real, visit, study):
    one = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    save(open_study(study), study)
    move_rule(one)
    one.page.wait_for_selector("text=This study was changed in another window", timeout=20_000)


def test_two_tabs_that_save_one_study_lose_nothing(real, visit, study):
    tabs = [visit().open(page(real, "1-bring-your-data", f"?study={study}")) for _ in range(2)]
    for number, tab in enumerate(tabs):
        tab.page.get_by_label("Names", exact=True).fill(f"penggemar{number}")
        tab.page.get_by_role("button", name="Add these names").click()
        tab.page.wait_for_selector("text=Not saved yet.", timeout=20_000)
    tabs[0].page.get_by_role("button", name="Save this study").click()
    tabs[0].page.wait_for_selector(f"text=Saved as {study}", timeout=20_000)
    tabs[1].page.get_by_role("button", name="Save this study").click()
    tabs[1].page.wait_for_selector("text=yours was saved beside it as", timeout=20_000)
    beside = tabs[1].page.locator(".eg-status").last.inner_text().split(" as ")[-1].strip(" .\n")
    names = [set(open_study(name).interactions["follower_id"].dropna()) for name in (study, beside)]
    assert "penggemar0" in names[0] - names[1] and "penggemar1" in names[1] - names[0]
    shutil.rmtree(real.home / "studies" / beside)


def test_what_is_not_saved_is_asked_about_before_the_page_is_left(real, visit, study):
    one = visit().open(page(real, "1-bring-your-data", f"?study={study}"))
    asked: list[str] = []
    one.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    one.page.get_by_label("Names", exact=True).fill("ani.uji")
    one.page.get_by_role("button", name="Add these names").click()
    one.page.wait_for_selector("text=Not saved yet.", timeout=20_000)
    one.page.get_by_role("link", name="Start", exact=True).click(no_wait_after=True)
    one.page.wait_for_timeout(1500)
    assert asked == ["beforeunload"] and "1-bring-your-data" in one.page.url
    one.page.get_by_role("button", name="Undo: added names to a post").click()  # the page still works
    one.page.wait_for_selector("text=Undone: added names to a post", timeout=20_000)


def test_an_import_can_be_undone_after_it_was_saved(real, visit, study):
    one = visit().open(page(real, "1-bring-your-data", f"?study={study}"))
    before = len(open_study(study).interactions)
    one.page.get_by_label("Names", exact=True).fill("ani.uji\nbudi.uji")
    one.page.get_by_role("button", name="Add these names").click()
    one.page.get_by_role("button", name="Save this study").click()
    one.page.wait_for_selector(f"text=Saved as {study}", timeout=20_000)
    assert len(open_study(study).interactions) == before + 2
    one.page.get_by_role("button", name="Go back to the version saved").click()
    one.page.wait_for_selector("text=The earlier version of this study is the current one again", timeout=20_000)
    assert len(open_study(study).interactions) == before


def test_a_kernel_that_dies_is_said_with_a_way_on(real, visit, study):
    one = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    process_of(real, kernel_of(one)).kill()
    one.page.wait_for_selector("text=This page has stopped working", timeout=30_000)
    one.page.get_by_role("button", name="Reload").click()
    one.page.wait_for_function("document.querySelectorAll('.eg-chart svg.marks').length >= 2", timeout=60_000)
    assert "This page has stopped working" not in one.text()


def test_a_kernel_that_dies_while_the_page_is_prepared_is_said(real, visit, study):
    one = visit()
    one.page.goto(page(real, f"ms/{SECOND}", f"?study={study}"), wait_until="commit")  # cold: there is time
    for _ in range(100):
        running = [
            p for p in psutil.Process(real.process.pid).children(recursive=True) if time.time() - p.create_time() < 3
        ]
        if running:
            break
        time.sleep(0.02)
    time.sleep(0.9)
    running[-1].kill()
    one.page.wait_for_selector(".eg-failed, .eg-gone", timeout=60_000)
    assert "Traceback" not in one.text()


def test_a_server_that_is_stopped_is_said(tmp_path, visit):
    server = start("app", tmp_path)
    one = visit().open(page(server, "start"))
    stop(server)
    one.page.wait_for_selector("text=Engage is no longer running on this computer", timeout=40_000)


def test_three_visitors_at_once_get_their_pages_though_one_kernel_waits(real, visit, study):
    visits = [visit() for _ in range(3)]
    for one in visits:
        one.page.goto(page(real, SECOND, f"?study={study}"), wait_until="commit")
    for one in visits:
        one.page.wait_for_function("document.querySelectorAll('.eg-chart svg.marks').length >= 2", timeout=60_000)
        sound(one)


def test_a_slow_machine_gets_a_whole_page(real, visit, study):
    one = visit()
    session = one.context.new_cdp_session(one.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    one.open(page(real, SECOND, f"?study={study}"), charts=2)
    assert one.page.locator(".eg-chart .eg-caption:visible").count() == 0
    sound(one)


def test_a_waiting_kernel_knows_nothing_of_earlier_visitors(real, visit, study, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(real.home))
    other = f"{study}-other"
    save(engage.simulate(followers=300, posts=80, seed=4), other)
    save_settings(open_study(study), rules={"regular_rate": 0.2})
    first = visit().open(page(real, SECOND, f"?study={study}"), charts=2)
    assert "These are your own rules" in first.text()
    for query in (f"?study={other}", "?study="):
        time.sleep(4)  # until the next kernel waits, as it did before the first visitor came
        one = visit().open(page(real, SECOND, query))
        one.page.wait_for_selector(".eg-panel", timeout=60_000)
        one.page.wait_for_timeout(1500)
        assert "These are your own rules" not in one.text() and study + " " not in one.text()
        assert one.page.evaluate("document.cookie").count("study") == 0
    shutil.rmtree(real.home / "studies" / other)


def test_a_study_that_is_opened_here_is_the_one_that_links_and_reloads_speak_of(real, visit, study):
    one = visit().open(page(real, "start", "?study=viral"))
    saved = one.page.get_by_label("Saved study")
    saved.locator("option", has_text=study).wait_for(state="attached")
    saved.select_option(label=saved.locator("option", has_text=study).text_content())
    one.page.get_by_role("button", name="Open this study").click()
    one.page.wait_for_function("s => new URL(location).searchParams.get('study') === s", arg=study, timeout=20_000)
    with one.context.expect_page() as other:  # a wheel press opens another tab
        one.page.get_by_role("link", name="Active and passive").first.click(button="middle")
    assert f"study={study}" in other.value.url
    one.page.get_by_role("link", name="Bahasa Indonesia").click()
    one.page.wait_for_url(f"**/id/start.ipynb?*study={study}*", wait_until="commit")


def test_an_address_of_no_page_is_said_with_a_way_back(real, visit):
    for path in ("nope", "voila/nope"):
        one = visit()
        one.page.goto(real.url + path)
        assert "This page does not exist" in one.text() and one.page.get_by_role("link").count() == 1
