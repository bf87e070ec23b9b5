"""Run every benchmark and write docs/figures.md; says at the end which did not hold.

Each benchmark is a program of its own that prints a heading and a table; what it is beside, and what is fair about
that, stands in docs/benchmarks.md.
"""

import datetime as dt
import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from common import CHROMIUM, ROOT, arguments

SCRIPTS = ("page_time", "page_memory", "visitors", "activity_time", "slider_time", "reading", "import_time")
FIGURES = ROOT / "docs" / "figures.md"
HEAD = """# Figures

Written by `make bench` on {date}; do not edit. How each figure is measured, beside what, and what is unfair about
that, stands in [benchmarks.md](benchmarks.md). Ratios can be held against another machine's; seconds and megabytes
only against those beside them. To measure again: `make bench`, on a machine that does nothing else meanwhile.

{machine}

{versions}
"""


def machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = platform.system()
    browser = "no Chromium"
    if CHROMIUM:
        said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True).stdout
        browser = f"Chromium {found[0]}" if (found := re.search(r"\d+", said)) else "Chromium"
    return f"{cores} cores, {system}, Python {platform.python_version()}, {browser}."


def versions() -> str:
    """The versions of what is compared; Streamlit's is pinned."""
    ours = [f"{name} {version(name)}" for name in ("voila", "altair", "ipykernel", "jupyter_server", "pandas")]
    pins = (ROOT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8")
    theirs = [f"streamlit {found[1]}" for found in [re.search(r"^streamlit==(\S+)", pins, re.M)] if found]
    return f"engage {version('engage-notebooks')}, {', '.join(ours + theirs)}."


def main() -> None:
    quick = arguments(__doc__).quick
    parts, failed = [], []
    for name in SCRIPTS:
        print(f"== {name}", file=sys.stderr, flush=True)
        command = [sys.executable, str(Path(__file__).with_name(f"{name}.py")), *(["--quick"] if quick else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                said, _ = running.communicate()
            except BaseException:
                running.terminate()  # it stops its servers
                raise
        print(said, flush=True)
        parts.append(said.strip() or f"## {name}\n\nNot measured.")
        if running.returncode:
            failed.append(name)
    if quick:
        print("docs/figures.md is left as it is: these were quick runs.", file=sys.stderr)
    else:
        head = HEAD.format(date=dt.date.today().isoformat(), machine=machine(), versions=versions())
        FIGURES.write_text("\n\n".join([head.strip(), *parts]) + "\n", encoding="utf-8")
    if failed:
        sys.exit(f"Did not hold, or did not run: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
