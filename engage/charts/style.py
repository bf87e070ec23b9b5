"""The look of everything that panels, charts and tables put on a page."""

from __future__ import annotations

import functools
from pathlib import Path


@functools.cache
def css_text() -> str:
    """Return the style sheet; it only touches names that begin with `eg-`, so JupyterLab stays as it is."""
    return (Path(__file__).parent / "static" / "engage.css").read_text(encoding="utf-8")
