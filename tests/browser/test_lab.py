"""The same notebooks in JupyterLab: they run there, and JupyterLab asks nobody for anything."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest


@pytest.mark.slow
def test_notebook_draws_its_charts_in_lab_without_an_outside_request(launch, visit):
    lab = launch("lab")
    one = visit(viewport={"width": 1280, "height": 900})
    address = urlsplit(lab.url)
    one.page.goto(f"{address.scheme}://{address.netloc}/lab/tree/1-bring-your-data.ipynb?{address.query}&reset")
    one.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    one.page.wait_for_selector("text=/Python 3 .*Idle/", timeout=90_000)  # a run before that is lost
    one.page.locator(".jp-Notebook .jp-Cell").first.click()
    one.page.get_by_role("menuitem", name="Run", exact=True).click()
    one.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    one.page.wait_for_selector(".eg-chart svg.marks", state="attached", timeout=90_000)
    one.page.wait_for_selector(".eg-upload", state="attached", timeout=30_000)
    one.page.wait_for_timeout(3000)  # news and update checks would come by themselves
    assert not one.outside
    assert "Would you like to receive official Jupyter news" not in one.text()


def test_lab_turns_off_news_updates_and_listings():
    config = Path(__file__).parents[2] / "engage/app/share/config/labconfig/page_config.json"
    off = json.loads(config.read_text())["disabledExtensions"]
    assert off["@jupyterlab/apputils-extension:announcements"] and off["@jupyterlab/extensionmanager-extension:plugin"]
