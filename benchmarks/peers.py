"""The servers that are compared: `engage app`, stock Voila and Streamlit, each with the same picture.

The picture is the first of our page 2, followers by segment. The peers read six finished numbers from a file and draw
them in a few lines of Altair, as their own guides teach; they analyse nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
from common import ROOT, Server, free_port
from nbformat.v4 import new_code_cell, new_notebook

import engage

PAGE = "voila/render/2-active-and-passive.ipynb?study=kopi"
PEERS = ROOT / ".venv-bench"
PICTURE = """
import altair as alt
import pandas as pd
rows = pd.read_csv("bars.csv")
bars = alt.Chart(rows, width=700, height=320).encode(
    x=alt.X("followers:Q"), y=alt.Y("label:N", sort=None, title=None))
marks = bars.mark_bar(stroke="#1F2937").encode(
    color=alt.Color("colour:N", scale=None), tooltip=["label:N", "followers:Q"])
chart = marks + bars.mark_text(align="left", dx=4).encode(text="text:N")
"""
STOCK = f"{PICTURE}\nalt.JupyterChart.enable_offline()\nalt.JupyterChart(chart)"
OURS = f"{PICTURE}\nfrom engage.charts.widget import ChartWidget\nChartWidget(chart)"
STREAMLIT = f"import streamlit as st\n{PICTURE}\nst.altair_chart(chart)"


def prepare(folder: Path) -> None:
    """Put into a folder: a home with the sample studies, and for the peers six numbers, notebooks and a script."""
    from engage.charts.segments import bar_rows
    from engage.charts.theme import SEGMENT_MARKS
    from engage.words import Words

    for study, sample in {"kopi": "kopi-senja", "viral": "toko-viral", "kol": "kol-list"}.items():
        engage.save(engage.sample(sample), folder / "home" / "studies" / study)
    segments = engage.segment(engage.open_study(folder / "home" / "studies" / "kopi"))
    lines = [
        f'{row["segment"]},"{row["label"]}",{row["followers"]},"{row["text"]}",{SEGMENT_MARKS[row["segment"]].colour}'
        for row in bar_rows(segments, Words("en"))
    ]
    (folder / "ours").mkdir()
    (folder / "peers").mkdir()
    for place in ("ours", "peers"):
        (folder / place / "bars.csv").write_text("\n".join(["segment,label,followers,text,colour", *lines]), "utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for path, code in {"peers/chart.ipynb": STOCK, "ours/2-active-and-passive.ipynb": OURS}.items():
        made = new_notebook(cells=[new_code_cell(code)], metadata={"kernelspec": kernel})
        nbformat.write(made, folder / path)
    (folder / "peers" / "chart.py").write_text(STREAMLIT, encoding="utf-8")


def app(folder: Path, *options: str, name: str = "engage app") -> Server:
    """`engage app` as people start it, with the study "kopi" at home; `?study=kopi` asks for it."""
    code = "from engage.app.command import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, "app", "--no-browser", "--language", "en", *options]
    return Server(name, command, folder / "home", ENGAGE_HOME=str(folder / "home"))


def stock_voila(folder: Path, *, preheat: bool, name: str = "Voila") -> Server:
    """Voila as it comes, with the one-chart notebook."""
    options = ["--no-browser", f"--port={free_port()}", f"--preheat_kernel={preheat}"]
    return Server(name, [sys.executable, "-m", "voila", "chart.ipynb", *options], folder / "peers")


def streamlit(folder: Path, *, name: str = "Streamlit") -> Server | None:
    """Streamlit with the one-chart script, from an environment of its own; None where it cannot be installed."""
    python = streamlit_python()
    if python is None:
        return None
    options = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1",
               f"--server.port={free_port()}"]  # fmt: skip
    command = [str(python), "-m", "streamlit", "run", "chart.py", *options]
    return Server(name, command, folder / "peers", HOME=str(folder / "peers"), PYTHONPATH="")


def streamlit_python() -> Path | None:
    """The Python of .venv-bench, made when it is missing or its pins have changed."""
    pins, made_from = ROOT / "benchmarks" / "requirements.txt", PEERS / "requirements.txt"
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if made_from.exists() and made_from.read_bytes() == pins.read_bytes():
        return python
    shutil.rmtree(PEERS, ignore_errors=True)
    PEERS.mkdir()
    (PEERS / ".gitignore").write_text("*\n", encoding="utf-8")
    try:
        venv.create(PEERS, with_pip=True)
        quiet = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", pins], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("Streamlit could not be installed, so it is left out.\n", file=sys.stderr)
        return None
    shutil.copy(pins, made_from)
    return python
