"""The pages in a browser: nothing leaves, widgets answer, failures stay calm."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

TEMPLATE = Path(__file__).parents[2] / "engage/app/share/voila/templates/engage"


def render(app, name: str) -> str:
    return f"{app.url}voila/render/{name}"


def status(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(url, headers=headers)) as reply:
            return reply.status, reply.headers.get("Content-Security-Policy", "")
    except OSError as error:
        return getattr(error, "code", 0), ""


def test_template_names_no_other_machine():
    for path in TEMPLATE.rglob("*.*"):
        assert not re.search(r"(https?:)?//\w", path.read_text(encoding="utf-8")), path


def test_policy_lets_the_browser_reach_only_this_server(app, visit):
    page = visit().open(render(app, "start.ipynb")).page
    policy = page.request.get(render(app, "start.ipynb")).headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http:" not in policy
    assert not page.evaluate("fetch('http://127.0.0.1:9/').then(() => true, () => false)")
    assert (
        page.evaluate("""() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective));
        fetch('https://example.invalid/').catch(() => {}); })""")
        == "connect-src"
    )


def test_another_host_name_is_refused(app):
    assert status(render(app, "start.ipynb"), Host="evil.example")[0] == 403


def test_unknown_page_is_said_in_words(app, visit):
    one = visit()
    one.page.goto(render(app, "no-such-page.ipynb"))
    assert "This page does not exist" in one.text() and not one.outside


@pytest.mark.parametrize(("name", "charts"), [("1-bring-your-data.ipynb", 3), ("4-what-it-costs.ipynb", 12)])
def test_vega_travels_once_however_many_charts(app, visit, name, charts):
    one = visit().open(render(app, name), charts=charts)
    assert one.received < 1_250_000 + charts * 20_000
    assert not one.outside and not one.refused and not one.errors


def test_chart_is_described_and_saves_only_pictures(app, visit):
    page = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3).page
    assert page.get_attribute(".eg-chart >> nth=0", "aria-label") == "Posts by day"
    assert page.locator(".vega-actions a").all_text_contents()[:2] == ["Save as SVG", "Save as PNG"]
    assert "Vega Editor" not in page.content()
    page.locator(".eg-chart summary").first.click()
    with page.expect_download() as download:
        page.get_by_text("Save as SVG").first.click()
    assert "<svg" in download.value.path().read_text()


def test_click_on_a_bar_reaches_python(app, visit):
    page = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3).page
    page.locator(".eg-chart").first.locator("svg.marks .mark-rect.role-mark path").nth(8).click()
    page.wait_for_selector("text=picked ['day']")


def test_slider_and_new_rows_change_the_drawing_without_a_new_one(app, visit):
    one = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3)
    page = one.page
    page.evaluate("document.querySelector('.eg-chart svg.marks').dataset.mine = 'same'")
    blue = ".eg-chart >> nth=0 >> svg[data-mine=same] path[fill='#0072B2']"
    assert page.locator(blue).count() == 5
    before = one.received
    page.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelectorAll(\"svg[data-mine=same] path[fill='#0072B2']\").length == 4")
    assert one.received - before < 20_000
    page.get_by_role("button", name="Fewer rows").click()
    page.wait_for_function('document.querySelectorAll("svg[data-mine=same] .mark-rect.role-mark path").length == 4')
    assert page.locator(".noUi-handle").get_attribute("aria-label") == "Cut"


def test_chart_fits_a_narrow_screen(app, visit):
    page = visit(viewport={"width": 390, "height": 800}).open(render(app, "1-bring-your-data.ipynb"), charts=3).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".eg-chart svg.marks").first.bounding_box()["width"] <= 390


def test_table_sorts_all_rows_by_keyboard_and_shows_names_as_text(app, visit):
    one = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3)
    page = one.page
    assert page.locator(".eg-table tbody th").first.inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(".eg-table [role=status]").inner_text() == "100 of 1,000."
    page.get_by_role("button", name="Posts").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=descending]")
    page.wait_for_function("document.querySelector('.eg-table tbody td.-number').innerText == '999'")
    assert page.evaluate("document.activeElement.dataset.key") == "n"
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('.eg-table tbody td.-number').innerText == '0'")
    page.get_by_role("button", name="Show more").click()
    page.wait_for_function("document.querySelectorAll('.eg-table tbody tr').length == 200")
    page.get_by_role("checkbox", name="Choose person0973").check()
    page.wait_for_selector("text=chosen ['person0973']")
    assert not one.errors


def test_files_arrive_whole_and_too_large_ones_are_named(app, visit, tmp_path):
    page = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3).page
    good, large = tmp_path / "konten juni.csv", tmp_path / "large.bin"
    good.write_bytes(bytes(range(256)) * 20_000)
    large.write_bytes(b"x" * 7_000_000)
    assert "up to 6 MB each" in page.inner_text(".eg-upload")
    page.set_input_files(".eg-upload input", [good, large])
    page.wait_for_selector(f"text=arrived konten juni.csv {hashlib.md5(good.read_bytes()).hexdigest()}")
    page.wait_for_selector("text=large.bin is larger than 6 MB and was left out.")
    page.set_input_files(".eg-upload input", [good])
    page.wait_for_selector("text=konten juni (2).csv")
    kept = sorted(path.name for path in (app.home / "drop").rglob("*") if path.is_file())
    assert kept == ["konten juni (2).csv", "konten juni.csv"]


def test_download_is_made_when_it_is_pressed(app, visit):
    one = visit().open(render(app, "1-bring-your-data.ipynb"), charts=3)
    before = one.received
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Save the list").click()
    assert download.value.path().read_bytes() == b"a,b\n" * 500_000
    assert download.value.suggested_filename == "list.csv" and one.received - before > 2_000_000


def test_failing_cell_shows_a_sentence_and_no_traceback(app, visit):
    one = visit().open(render(app, "3-why-passive.ipynb"))
    assert "This step did not work" in one.text() and "Before the failure" in one.text()
    assert not re.search("Traceback|ZeroDivision|secret_name", one.page.content())
    assert "Voil" not in one.text()


def test_study_goes_along_and_a_token_does_not(app, visit):
    page = visit().open(render(app, "start.ipynb") + "?study=kopi&lang=en&token=abc").page
    page.wait_for_selector("text=asked for [('lang', 'en'), ('study', 'kopi')]")
    assert "token" not in page.url
    page.get_by_role("link", name="Charts").click()
    page.wait_for_url("**/1-bring-your-data.ipynb?*")
    assert "study=kopi" in page.url and "token" not in page.url
    assert page.get_attribute("nav a[aria-current=page]", "href") == "1-bring-your-data.ipynb"


def test_warm_kernels_do_not_mix_visitors(app, visit):
    for name in ("satu", "dua"):
        visit().open(render(app, "start.ipynb") + f"?study={name}").page.wait_for_selector(f"text=('study', '{name}')")


@pytest.mark.parametrize("leave", ["link", "close"])
def test_leaving_a_page_ends_its_kernel(app, visit, leave):
    page = visit().open(render(app, "3-why-passive.ipynb")).page
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    where = f"{app.url}api/kernels/{kernel}"
    assert status(where)[0] == 200
    if leave == "link":
        page.get_by_role("link", name="Start").click()
    else:
        page.close(run_before_unload=True)
    for _ in range(40):
        if status(where)[0] == 404:
            return
        time.sleep(0.25)
    raise AssertionError("the kernel of a page that was left still runs")


def test_page_has_language_title_landmarks_and_skip_link(app, visit):
    page = visit().open(render(app, "start.ipynb")).page
    assert page.get_attribute("html", "lang") == "en" and page.title() == "Start here"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "eg-skip"
    assert page.locator("main").count() == 1 and page.locator("nav").count() == 1


def test_first_address_leads_to_the_start_page(app, visit):
    assert visit().open(app.url + "?study=kopi").page.url.endswith("/voila/render/start.ipynb?study=kopi")
