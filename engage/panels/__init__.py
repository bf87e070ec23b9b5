"""Results to interactive panels: words before widgets, `panel.result` is always the live one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PANELS = {
    "Activity": "activity.ActivityPanel",
    "Comparison": "influencers.ComparisonPanel",
    "Inbox": "bring.BringPanel",
    "Rates": "rates.RatesPanel",
    "Segments": "segments.SegmentsPanel",
    "Shelf": "start.StartPanel",
    "Study": "study.StudyPanel",
}


def panel(result: Any, *, language: str | None = None) -> Any:
    """Return the interactive form of any result, as an ipywidget.

    Parameters
    ----------
    result : what an engage function returned; an empty result gives a panel that says what to bring.
    language : left out, the language of the page's address, else of the study, else English.

    Raises
    ------
    TypeError
        When there is no panel for such a thing.
    """
    name = type(result).__name__
    if name not in _PANELS or not type(result).__module__.startswith("engage."):
        raise TypeError(f"engage.panel() shows results of engage, not {type(result).__name__}")
    module, kind = _PANELS[name].split(".")
    return getattr(import_module(f"engage.panels.{module}"), kind)(result, language=language)
