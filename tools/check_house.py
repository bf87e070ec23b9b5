"""The house rules, read from the source: `make check`. Each rule says in its docstring why it is there.

A rule takes a path inside the project and what stands in it, and yields complaints.
"""

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_ENGAGE = 9_600  # lines of code; docstrings are for readers and cost nothing here
MOST_BYTES_IN_A_FILE = 1_000_000
MOST_BYTES_IN_SAMPLES = 6_000_000
FLOORS: dict[str, int] = {
    "messages": 0, "settings": 1, "study": 1,
    "pseudonyms": 2,
    "visit": 3, "store": 3, "simulator": 3, "readers": 3,
    "analysis": 4, "words": 5, "charts": 6, "export": 6, "panels": 7, "app": 8,
}  # fmt: skip
NEIGHBOURS = {("store", "visit"), ("study", "settings")}
WIDGETS = {"ipywidgets", "anywidget"}
LOCKED = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][A-Za-z0-9.+!]*(?: ; [^@:/]+)?")
ADDRESS = re.compile(r"""https?://(?!www\.w3\.org/(?:2000/svg|1999/xlink))|["'(=]//[\w-]+\.""")
CELL_ID = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9_-]{1,63}")


def floor_of(path: str) -> str:
    """The part of engage/ that a file belongs to: "engage/readers/dates.py" is on "readers"."""
    return path.split("/")[1].removesuffix(".py") if path.startswith("engage/") else ""


def imports(path: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported module with its line: late, for type checkers only, relative, or by name in a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = path.split("/")[: -node.level] if node.level else []
            module = ".".join([*here, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "engage" else [module]
            yield from ((node.lineno, name) for name in names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from ((node.lineno, str(a.value)) for a in node.args[:1] if isinstance(a, ast.Constant))


def floors(path: str, tree: ast.Module) -> Iterator[str]:
    """Imports point down only, so that a lower floor can be understood and tested without the upper ones."""
    here = floor_of(path)
    if not here or here == "__init__":
        return
    if here not in FLOORS:
        yield f"{path}: {here} has no floor; give it one in tools/check_house.py"
        return
    for line, name in imports(path, tree):
        first, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if first != "engage" or there in (here, "__version__") or (here, there) in NEIGHBOURS:
            continue
        if name == "engage" and here == "app":  # the top floor may use the whole public face
            continue
        if there not in FLOORS:
            yield f"{path}:{line}: import the module that defines it, not {name}"
        elif FLOORS[there] >= FLOORS[here]:
            yield f"{path}:{line}: {here} may not import {there}, which is not below it"


def heavy_imports(path: str, tree: ast.Module) -> Iterator[str]:
    """Widgets stay in panels and charts; Altair, slow to load, comes in late and in charts only."""
    here = floor_of(path)
    if not here:
        return
    late = {
        line
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for line, _ in imports(path, node)
    }
    for line, name in imports(path, tree):
        package = name.partition(".")[0]
        if package in WIDGETS and here not in ("panels", "charts"):
            yield f"{path}:{line}: only panels and charts import {package}"
        if package == "altair" and (here != "charts" or line not in late):
            yield f"{path}:{line}: only charts import altair, inside a function"


def sentences(path: str, tree: ast.Module) -> Iterator[str]:
    """A sentence is a literal where it is used, or `make words` cannot find it for the translators."""
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not (path.startswith("engage/") and isinstance(node, ast.Call)):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        if called in ("message", "plural") and node in inside:
            yield f"{path}:{node.lineno}: {called}() inside an f-string; give it a name before"
        patterns = node.args[: {"message": 1, "plural": 2}.get(called, 0)]
        if any(not (isinstance(p, ast.Constant) and isinstance(p.value, str) and p.value) for p in patterns):
            yield f"{path}:{node.lineno}: the pattern of {called}() must be a literal string, and not empty"


def column_parameters(path: str, tree: ast.Module) -> Iterator[str]:
    """Columns have one canonical name, so nobody passes their names around."""
    for node in ast.walk(tree):
        if path.startswith("engage/") and isinstance(node, ast.arg) and node.arg.endswith("_col"):
            yield f"{path}:{node.lineno}: parameter {node.arg}; use the canonical column"


def prints(path: str, tree: ast.Module) -> Iterator[str]:
    """Only the command line talks to a terminal; everything else returns what it has to say."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" and floor_of(path) not in ("", "app"):
            yield f"{path}:{node.lineno}: print() outside engage/app; return a message"


def module_names(path: str, public: Iterable[str]) -> Iterator[str]:
    """`engage.segment` is a function; a module of that name would take its place once imported."""
    if floor_of(path) in public:
        yield f"{path}: bears the name of the public function engage.{floor_of(path)}"


def file_length(path: str, text: str) -> Iterator[str]:
    """A file that fits one head."""
    lines = len(text.splitlines())
    if path.endswith(".py") and path.startswith(("engage/", "tests/", "tools/")) and lines > MOST_LINES_IN_A_FILE:
        yield f"{path}: {lines} lines; {MOST_LINES_IN_A_FILE} at most"


def engage_length(files: dict[str, str]) -> Iterator[str]:
    """The whole of engage/ can be read in a day, and stays so."""
    if (size := lines_of_engage(files)) > MOST_LINES_IN_ENGAGE:
        yield f"engage/ has {size:,} lines of code; {MOST_LINES_IN_ENGAGE:,} at most"


def lines_of_code(text: str) -> int:
    """Lines that hold code: no blank lines, no comments, no docstrings."""
    docs: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docs.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(1 for i, line in lines if i not in docs and line.strip() and not line.lstrip().startswith("#"))


def lines_of_engage(files: dict[str, str]) -> int:
    return sum(lines_of_code(t) for p, t in files.items() if p.startswith("engage/") and p.endswith(".py"))


def addresses(path: str, text: str) -> Iterator[str]:
    """A page asks no other machine for anything."""
    if path.startswith("engage/") and path.endswith((".js", ".css", ".html", ".j2", ".tpl", ".json", ".svg")):
        for number, line in enumerate(text.splitlines(), 1):
            if ADDRESS.search(line):
                yield f"{path}:{number}: names an address on another machine"


def lock(path: str, text: str) -> Iterator[str]:
    """The lock holds names and versions, so that it installs from wherever the user's pip is set to."""
    for number, line in enumerate(text.splitlines(), 1):
        if path == "requirements.lock" and not LOCKED.fullmatch(line):
            yield f"{path}:{number}: not a plain name==version"


def notebook(path: str, text: str) -> Iterator[str]:
    """A notebook is read by people who do not program: little code, explained, and nobody's results in it."""
    cells = json.loads(text)["cells"]
    ids = [cell.get("id", "") for cell in cells]
    lengths = []
    for number, cell in enumerate(cells):
        where, source = f"{path}: cell {ids[number] or number + 1}", "".join(cell["source"])
        if not CELL_ID.fullmatch(ids[number]) or re.fullmatch("[0-9a-f]{8}", ids[number]):
            yield f"{where}: give it an id that says what it does"
        if cell["cell_type"] != "code":
            continue
        lengths.append(len(source.splitlines()))
        if cell["outputs"] or cell["execution_count"] is not None:
            yield f"{where}: has outputs; clear them"
        if lengths[-1] > 8:
            yield f"{where}: {lengths[-1]} lines; 8 at most"
        if number == 0 or cells[number - 1]["cell_type"] != "markdown":
            yield f"{where}: needs words before it, in a markdown cell"
        try:
            tree = ast.parse(source)
        except SyntaxError:
            yield f"{where}: is not plain Python"
            continue
        for _, name in imports(path, tree):
            if name.partition(".")[0] not in ("engage", "pandas"):
                yield f"{where}: imports {name}; only engage and pandas"
    if lengths and statistics.median(lengths) > 3:
        yield f"{path}: code cells have {statistics.median(lengths):g} lines at the median; 3 at most"
    if repeated := {i for i in ids if ids.count(i) > 1}:
        yield f"{path}: cells share the id {', '.join(sorted(repeated))}"


def sizes(bytes_of: dict[str, int]) -> Iterator[str]:
    """A clone over a workshop's Wi-Fi takes seconds."""
    for path, size in bytes_of.items():
        if size > MOST_BYTES_IN_A_FILE:
            yield f"{path}: {size / 1e6:.1f} MB; {MOST_BYTES_IN_A_FILE / 1e6:g} MB at most"
    samples = sum(size for path, size in bytes_of.items() if path.startswith("data/samples/"))
    if samples > MOST_BYTES_IN_SAMPLES:
        yield f"data/samples: {samples / 1e6:.1f} MB; {MOST_BYTES_IN_SAMPLES / 1e6:g} MB at most"


TREE_RULES = (floors, heavy_imports, sentences, column_parameters, prints)
TEXT_RULES = (file_length, addresses, lock)
TEXT_FILES = (".py", ".js", ".css", ".html", ".j2", ".tpl", ".json", ".svg", ".ipynb", ".lock")


def project_files() -> list[str]:
    """Paths of all files that are, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        sys.exit("tools/check_house.py needs a git clone: it reads the files that git knows.")
    return sorted(path for path in set(listed.stdout.splitlines()) if (ROOT / path).is_file())


def public_names(text: str) -> set[str]:
    """The keys of `_PUBLIC` in engage/__init__.py."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_PUBLIC":
            return set(ast.literal_eval(node.value))
    raise ValueError("engage/__init__.py has no _PUBLIC")


def complaints() -> Iterator[str]:
    """Hold every rule against the whole project."""
    paths = project_files()
    files = {p: (ROOT / p).read_text(encoding="utf-8") for p in paths if p.endswith(TEXT_FILES)}
    public = public_names(files["engage/__init__.py"])
    for path, text in files.items():
        for text_rule in TEXT_RULES:
            yield from text_rule(path, text)
        yield from module_names(path, public)
        if path.startswith("notebooks/") and path.endswith(".ipynb"):
            yield from notebook(path, text)
        if path.endswith(".py") and not path.startswith("tests/formats/"):
            tree = ast.parse(text)
            for tree_rule in TREE_RULES:
                yield from tree_rule(path, tree)
    yield from engage_length(files)
    yield from sizes({path: (ROOT / path).stat().st_size for path in paths})
    print(f"engage/ has {lines_of_engage(files):,} of {MOST_LINES_IN_ENGAGE:,} lines of code")


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found) or "The house rules hold.")
    sys.exit(bool(found))
