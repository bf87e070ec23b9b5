"""Pages for everyone: axe finds nothing serious, the keyboard goes all the way, small screens and paper hold."""

from __future__ import annotations

from importlib.resources import files

import pytest
from conftest import page, sound

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PAGES = {"start": "kopi", "1-bring-your-data": "kopi", "2-active-and-passive": "kopi", "6-compare-influencers": "kol"}
every_page = pytest.mark.parametrize("name", PAGES)


def unfolded(one):
    """Open everything that is folded, so that it is looked at too."""
    one.page.wait_for_selector(".eg-panel", timeout=60_000)
    one.page.wait_for_timeout(2000)
    one.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for fold in one.page.locator("button.widget-toggle-button").all():
        fold.click()
    one.page.wait_for_timeout(500)
    return one


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 390)])
@every_page
def test_axe_finds_nothing_serious(real, visit, name, scheme, width):
    options = {"color_scheme": scheme, "bypass_csp": True, "viewport": {"width": width, "height": 800}}
    one = unfolded(visit(**options).open(page(real, name, f"?study={PAGES[name]}")))
    one.page.add_script_tag(content=AXE)
    found = one.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [(rule["id"], rule["impact"], node["html"][:150]) for rule in found for node in rule["nodes"]]
    assert [one for one in told if one[1] in ("serious", "critical")] == []


@pytest.mark.parametrize(("language", "width"), [("", 320), ("id/", 390), ("ms/", 390), ("ms/", 640)])
@every_page
def test_a_page_fits_without_scrolling_sideways(real, visit, name, language, width):
    """640 is 1,280 at 200 %; the languages with the longest words stand for all on the narrow ones."""
    one = unfolded(
        visit(viewport={"width": width, "height": 700}).open(page(real, language + name, f"?study={PAGES[name]}"))
    )
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width + 1
    cut = one.page.evaluate("""[...document.querySelectorAll(
        'main :is(button, .widget-label, .widget-readout, h1, h2, h3, p, li)')]
        .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
        .filter(e => !e.closest('.eg-table-box, pre')).map(e => e.textContent.trim().slice(0, 60))""")
    assert cut == []


def tab_to(one, wanted: str, most: int = 60) -> None:
    """Press Tab until the focused element has this name, and see to it that the focus can be seen."""
    for _ in range(most):
        one.page.keyboard.press("Tab")
        name, seen = one.page.evaluate("""(() => { const e = document.activeElement, s = getComputedStyle(e);
            const inner = e.matches('input[type=file]') ? getComputedStyle(e.parentElement) : s;
            return [(e.ariaLabel || e.labels?.[0]?.textContent || e.innerText || e.title || '').trim(),
                    inner.outlineStyle !== 'none' && parseFloat(inner.outlineWidth) >= 2 || e.className === 'eg-skip'
                    || e === document.body]; })()""")
        assert seen, f"{name!r} has the focus and nobody can see it"
        if wanted in name:
            return
    raise AssertionError(f"{wanted!r} cannot be reached with the Tab key")


def test_the_whole_journey_by_keyboard(real, visit):
    """From the start page to a picked list and a comparison, with no pointer at all."""
    one = visit().open(page(real, "start", "?study="))
    one.page.wait_for_selector(".eg-panel", timeout=60_000)
    one.page.wait_for_timeout(1000)
    tab_to(one, "Skip to the content")
    one.page.keyboard.press("Enter")
    tab_to(one, "Saved study")
    one.page.keyboard.type("kopi")
    tab_to(one, "Open this study")
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("text=Open now", timeout=30_000)
    tab_to(one, "Next: active and passive followers")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/2-active-and-passive.ipynb?study=kopi*", wait_until="commit")
    one.page.wait_for_function("document.querySelectorAll('.eg-chart svg.marks').length >= 3", timeout=60_000)
    tab_to(one, "Move the rules")
    one.page.keyboard.press("Space")
    one.page.wait_for_selector(".noUi-handle:visible", timeout=20_000)
    tab_to(one, "Slowest regular follower")
    one.page.keyboard.press("ArrowLeft")
    one.page.wait_for_selector("text=have seen at least 57 posts", timeout=20_000)
    tab_to(one, "Back to the usual rules")
    one.page.keyboard.press("Enter")
    one.page.wait_for_selector("text=have seen at least 45 posts", timeout=20_000)
    tab_to(one, "Show")
    one.page.keyboard.type("fading")
    one.page.wait_for_selector("text=followers, as picked", timeout=20_000)
    tab_to(one, "Silent posts, at least")
    one.page.keyboard.type("60")
    one.page.keyboard.press("Tab")
    one.page.wait_for_function("!/451 of 6,000/.test(document.body.innerText)", timeout=20_000)
    with one.page.expect_download():
        tab_to(one, "Save this list as CSV")
        one.page.keyboard.press("Enter")
    tab_to(one, "Compare influencers")
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/6-compare-influencers.ipynb?*", wait_until="commit")
    sound(one, budget=4_000_000)


def test_a_page_prints_on_a4_in_dark_ink(real, visit, tmp_path):
    one = visit(color_scheme="dark").open(page(real, "2-active-and-passive", "?study=kopi"), charts=3)
    one.page.emulate_media(media="print")
    one.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    one.page.set_viewport_size({"width": 673, "height": 1000})  # A4 less its margins, at 96 dpi
    one.page.wait_for_timeout(800)
    assert one.page.evaluate(wide)
    assert one.page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 35, 41)"
    hidden = ".eg-top, .eg-panel .jupyter-button, .eg-panel .widget-dropdown, .eg-download"
    assert one.page.locator(f":is({hidden}):visible").count() == 0
    one.page.emulate_media(media="screen")
    path = tmp_path / "page.pdf"
    one.page.pdf(path=path, prefer_css_page_size=True)
    assert 4 <= path.read_bytes().count(b"/Type /Page\n") <= 9
