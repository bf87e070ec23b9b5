import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_house  # noqa: E402

import engage  # noqa: E402
from engage import store  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=[str(path.relative_to(ROOT / "notebooks")) for path in NOTEBOOKS]
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder without any study, and the same surroundings for every kernel."""
    for name in ("QUERY_STRING", "VOILA_PREHEAT", "VOILA_REQUEST_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return tmp_path


def run(path):
    """Execute a notebook as JupyterLab would; return its code cells, or fail with the cell's own error."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    return [cell for cell in book.cells if cell.cell_type == "code"]


def check_outputs(cells):
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert any(WIDGET in output.get("data", {}) for output in outputs), "the page shows no panel"


def test_there_are_notebooks_and_the_first_is_start():
    assert "start" in [path.stem for path in NOTEBOOKS]


@every_notebook
def test_a_notebook_keeps_the_contract(path):
    assert list(check_house.notebook(path.name, path.read_text(encoding="utf-8"))) == []


@pytest.mark.slow
@every_notebook
def test_a_notebook_comes_up_before_any_study_is_chosen(path, home):
    check_outputs(run(path))


@pytest.mark.slow
@every_notebook
def test_a_notebook_runs_on_the_sample(path, home):
    remember(engage.sample("kopi-senja"))
    check_outputs(run(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.parent.name == "notebooks"], ids=lambda p: p.stem)
def test_a_notebook_runs_on_a_study_of_codes(path, home):
    named = engage.sample("kopi-senja")
    remember(engage.pseudonymise(named, b"key"))
    cells = run(path)
    check_outputs(cells)
    shown = str([cell.outputs for cell in cells])
    assert not [name for name in named.followers["follower_id"] if f">{name}<" in shown]


def remember(study):
    store.save(study, "kopi-senja")
    store.remember(store.open_study("kopi-senja"))
