"""The chart as a widget: our own, so that Vega travels once a page and nothing leaves the machine."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from engage.charts.bundle import bundle
from engage.charts.locales import date_locale, number_locale
from engage.messages import message
from engage.words import Words

STATIC = Path(__file__).parent / "static"


class VegaRuntime(anywidget.AnyWidget):
    """Carries Vega to the page; it has no view, being there is enough."""

    _esm = (STATIC / "runtime.js").read_text(encoding="utf-8")
    bundle = traitlets.Unicode().tag(sync=True)


@functools.cache
def runtime() -> VegaRuntime:
    """Return this kernel's only runtime; every page that shows one of its widgets receives it once."""
    return VegaRuntime(bundle=bundle())


class ChartWidget(anywidget.AnyWidget):
    """A chart that is drawn once; afterwards only its data and its signals travel.

    Attributes
    ----------
    spec
        Vega-Lite specification: a dict, or an Altair chart when passed to the constructor.
    data
        Named datasets, name -> list of rows; a new value replaces the rows without drawing anew.
    signals
        Name of a parameter -> value, set from Python.
    watch
        Names of parameters (selections too) whose values come back in `picked`.
    picked
        Name -> value, set by the reader: `{}` when nothing is picked.
    description
        What the picture shows, for those who cannot see it.
    error
        What the browser could not do; empty when all is well.

    `words` writes its menu, and gives the locale in which Vega writes numbers and dates.
    """

    _esm = (STATIC / "chart.js").read_text(encoding="utf-8")
    spec = traitlets.Dict().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    signals = traitlets.Dict().tag(sync=True)
    watch = traitlets.List(traitlets.Unicode()).tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    filename = traitlets.Unicode("chart").tag(sync=True)
    format_locale = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    time_format_locale = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        chart: Any,
        *,
        data: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        words: Words | None = None,
        **traits: Any,
    ) -> None:
        runtime()
        words = words or Words()
        spec = chart if isinstance(chart, dict) else chart.to_dict()
        texts = {
            "waiting": message("The chart cannot be drawn yet. Reload the page, or run all cells again."),
            "failed": message("This chart could not be drawn. The table holds the same figures."),
            "menu": message("Save this chart"),
            "png": message("Save as PNG"),
            "svg": message("Save as SVG"),
        }
        traits.setdefault("description", str(spec.get("description", "")))
        super().__init__(
            spec=spec,
            data={name: list(rows) for name, rows in (data or {}).items()},
            texts={name: words.say(text) for name, text in texts.items()},
            format_locale=number_locale(words.language),
            time_format_locale=date_locale(words.language),
            **traits,
        )

    def forget(self) -> None:
        """Forget what was picked: the chart is drawn anew."""
        self.picked = {}
        self.spec = {**self.spec, "usermeta": {"drawn": self.spec.get("usermeta", {}).get("drawn", 0) + 1}}
