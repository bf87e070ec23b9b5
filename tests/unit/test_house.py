import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_house as house  # noqa: E402


def test_the_house_rules_hold():
    assert list(house.complaints()) == []


@pytest.mark.parametrize(
    ("rule", "path", "code", "said"),
    [
        (house.floors, "study.py", "from engage.store import save", "study may not import store"),
        (house.floors, "analysis/a.py", "def f():\n    import engage.charts.theme", "may not import charts"),
        (
            house.floors,
            "readers/a.py",
            "if TYPE_CHECKING:\n    from engage.panels import panel",
            "may not import panels",
        ),
        (house.floors, "readers/a.py", "from ..words import write", "readers may not import words"),
        (house.floors, "words/a.py", "import_module('engage.app.server')", "words may not import app"),
        (house.floors, "simulator.py", "from engage.readers import read", "simulator may not import readers"),
        (house.floors, "charts/a.py", "from engage.export import lists", "charts may not import export"),
        (house.floors, "panels/a.py", "from engage import segment", "the module that defines it, not engage.segment"),
        (house.floors, "panels/a.py", "import engage", "the module that defines it, not engage"),
        (house.floors, "helpers.py", "", "helpers has no floor"),
        (house.heavy_imports, "analysis/a.py", "import ipywidgets as w", "only panels and charts import ipywidgets"),
        (
            house.heavy_imports,
            "app/a.py",
            "from anywidget import AnyWidget",
            "only panels and charts import anywidget",
        ),
        (house.heavy_imports, "panels/a.py", "def f():\n    import altair", "only charts import altair"),
        (house.heavy_imports, "charts/a.py", "import altair as alt", "only charts import altair, inside a function"),
        (house.sentences, "study.py", "message(f'{n} rows')", "message() must be a literal"),
        (house.sentences, "study.py", "message(text)", "message() must be a literal"),
        (house.sentences, "panels/a.py", "message('')", "and not empty"),
        (house.sentences, "study.py", "messages.plural('one', many, n)", "plural() must be a literal"),
        (house.column_parameters, "analysis/a.py", "def f(frame, *, date_col='date'): ...", "date_col"),
        (house.prints, "readers/a.py", "print('done')", "print() outside engage/app"),
    ],
)
def test_each_rule_on_code_bites(rule, path, code, said):
    complaints = list(rule(f"engage/{path}", ast.parse(code)))
    assert len(complaints) == 1
    assert said in complaints[0]


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (house.floors, "app/a.py", "from engage.panels import panel\nfrom engage import __version__\nimport engage"),
        (house.floors, "readers/a.py", "from engage.readers.dates import parse\nfrom . import text\nimport pandas"),
        (house.floors, "store.py", "from engage.visit import visit"),
        (house.floors, "__init__.py", "from engage.panels import panel"),
        (house.heavy_imports, "charts/a.py", "if TYPE_CHECKING:\n    import altair\ndef f():\n    import altair"),
        (house.heavy_imports, "panels/a.py", "import ipywidgets"),
        (house.sentences, "study.py", "plural('{n} row' ' more', '{n} rows', n, name=f'{x}')"),
        (house.prints, "app/a.py", "print('http')"),
    ],
)
def test_the_rules_let_good_code_pass(rule, path, code):
    assert list(rule(f"engage/{path}", ast.parse(code))) == []


def test_a_module_may_not_take_the_name_of_a_public_function():
    public = house.public_names((ROOT / "engage" / "__init__.py").read_text())
    assert {"segment", "read"} <= public
    assert list(house.module_names("engage/segment.py", public))
    assert list(house.module_names("engage/read/__init__.py", public))
    assert not list(house.module_names("engage/analysis/segment.py", public))


@pytest.mark.parametrize(
    ("rule", "path", "text", "said"),
    [
        (house.file_length, "engage/a.py", "x\n" * 401, "401 lines; 400 at most"),
        (house.file_length, "tests/unit/a.py", "x\n" * 401, "401 lines"),
        (house.addresses, "engage/charts/static/a.js", "import('https://example.org/x.js')", "another machine"),
        (house.addresses, "engage/app/a.html", '<script src="//cdn.example.org/x.js">', "another machine"),
        (house.addresses, "engage/app/a.css", "@import url(http://example.org/a.css)", "another machine"),
        (house.lock, "requirements.lock", "--extra-index-url https://example.org", "name==version"),
        (house.lock, "requirements.lock", "pandas @ file:///tmp/pandas.whl", "name==version"),
        (house.lock, "requirements.lock", "pandas>=3", "name==version"),
    ],
)
def test_each_rule_on_text_bites(rule, path, text, said):
    complaints = list(rule(path, text))
    assert len(complaints) == 1
    assert said in complaints[0]


def test_drawing_in_svg_is_no_address_and_a_marked_requirement_is_locked():
    assert not list(house.addresses("engage/a.js", "createElementNS('http://www.w3.org/2000/svg', 'g') // a.b"))
    assert not list(house.lock("requirements.lock", "numpy==2.4.6 ; python_full_version < '3.12'"))


def test_the_size_of_engage_and_of_the_clone_is_limited():
    most = house.MOST_LINES_IN_ENGAGE
    long = {"engage/a.py": "x\n" * (most - 1), "engage/b.py": "x\n" * 2, "tests/a.py": "x\n" * 9000}
    assert f"{most + 1:,}" in next(house.engage_length(long))
    prose = {"engage/a.py": '"""What this is."""\n\n# a comment\n' + "x\n" * most}
    assert not list(house.engage_length(prose)), "docstrings, comments and blank lines are free"
    assert "1.5 MB" in next(house.sizes({"docs/film.mp4": 1_500_000}))
    assert "data/samples: 6.3 MB" in next(house.sizes({f"data/samples/{i}.csv": 900_000 for i in range(7)}))


def markdown(name="words"):
    return {"cell_type": "markdown", "id": name, "source": ["What comes now."], "metadata": {}}


def code(source="study = engage.open_study()", name="open-study", **more):
    cell = {"cell_type": "code", "id": name, "source": source, "outputs": [], "execution_count": None, "metadata": {}}
    return cell | more


def notebook(*cells):
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([markdown(), code(outputs=[{"output_type": "stream"}])], "has outputs"),
        ([markdown(), code(execution_count=3)], "has outputs"),
        ([markdown(), code(name="3f2a9b1c")], "give it an id that says what it does"),
        ([markdown(), code(name="12")], "give it an id that says what it does"),
        (
            [
                markdown(),
                code("\n".join(["1"] * 9)),
                markdown("second"),
                code(name="two"),
                markdown("third"),
                code(name="three"),
            ],
            "9 lines",
        ),
        ([markdown(), code("1\n2\n3\n4")], "4 lines at the median"),
        ([code()], "needs words before it"),
        ([markdown(), code(), code(name="again")], "needs words before it"),
        ([markdown(), code("import numpy")], "imports numpy"),
        ([markdown(), code("from os import path")], "imports os"),
        ([markdown(), code("%matplotlib inline")], "not plain Python"),
        ([markdown("twice"), code(name="twice")], "share the id twice"),
    ],
)
def test_each_rule_on_notebooks_bites(cells, said):
    complaints = list(house.notebook("notebooks/a.ipynb", notebook(*cells)))
    assert len(complaints) == 1
    assert said in complaints[0]


def test_a_notebook_that_keeps_the_contract_passes():
    good = notebook(markdown(), code("import engage\nimport pandas as pd"), markdown("then"), code(name="second"))
    assert not list(house.notebook("notebooks/a.ipynb", good))


def test_importing_engage_loads_nothing_heavy():
    heavy = "{'pandas', 'numpy', 'altair', 'ipywidgets', 'anywidget', 'IPython', 'scipy', 'voila', 'babel'}"
    script = f"import sys, engage; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_engage_takes_a_small_part_of_importing_pandas():
    script = (
        "from time import perf_counter as now\na = now()\nimport engage\nb = now()\nimport pandas\nc = now()\n"
        "print((b - a) / (c - b))"
    )
    ratios = [
        float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT).stdout)
        for _ in range(3)
    ]
    assert min(ratios) < 0.2


def test_what_engage_offers_is_what_its_documentation_says():
    import engage

    assert dir(engage) == engage.__all__
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        engage.no_such_name  # noqa: B018
    assert all(getattr(engage, name).__doc__ for name in engage.__all__)


def test_the_readme_speaks_of_commands_and_names_that_exist():
    import engage

    readme, makefile = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"\bengage\.([a-z]\w+)\(", readme)) <= set(engage.__all__)
    assert set(re.findall(r"(?:`|    )make ([a-z]+)", readme)) <= set(re.findall(r"^([a-z]+):", makefile, re.M))
    assert {"    make app", "    make test"} <= set(readme.splitlines())
    pages = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(re.findall(r"^\| (start|\d-[a-z-]+) \|", readme, re.M)) == pages


def on_disk():
    """Modules and folders of engage/ as the architecture page lists them."""
    paths = [path.removeprefix("engage/") for path in house.project_files() if path.startswith("engage/")]
    modules = {path for path in paths if path.endswith(".py") and not path.endswith("/__init__.py")}
    folders = {f"{path.partition('/')[0]}/" for path in paths if "/" in path}
    return modules | folders


def test_the_architecture_page_lists_the_modules_that_are_there():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page.split("```")[1]
    listed, folder = set(), ""
    for line in tree.splitlines():
        if found := re.match(r"( *)([\w.]+(?:\.py|/))(?:  +(\S.*))?$", line):
            indent, name, meaning = found.groups()
            assert meaning or name == "engage/", f"{name} needs a meaning"
            if len(indent) == 2:
                folder = name if name.endswith("/") else ""
            if indent:
                listed.add(name if len(indent) == 2 else folder + name)
    assert listed == on_disk()


def test_nothing_names_a_machine():
    words = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "opt/"]
    text_files = [ROOT / path for path in house.project_files() if path.endswith((*house.TEXT_FILES, ".md", ".toml"))]
    named = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in text_files
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert named == []
