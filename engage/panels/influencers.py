"""The panel of a comparison: one picture and one table, with the sample size beside every rate."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from engage.analysis.influencers import Comparison, compare
from engage.analysis.rates import DENOMINATORS
from engage.charts.rates import influencer_dots, influencer_rows
from engage.charts.table import Rows, TableWidget
from engage.charts.theme import TIER_MARKS
from engage.charts.widget import ChartWidget
from engage.export.lists import list_csv
from engage.messages import Message, message, plural
from engage.panels import parts
from engage.panels.inputs import Download

UNLISTED = ("account_id", "enough")
SHOWN = {"handle": "text", "tier": "mark", "followers": "number", "posts": "number", "rate": "number",
         "stated_rate": "number", "likes_per_comment": "number", "price": "number", "price_per_engagement": "number",
         "topic": "text"}  # fmt: skip
NAMES = {
    "handle": message("account"), "name": message("display name"), "platform": message("platform"),
    "topic": message("topic"), "followers": message("followers"), "tier": message("tier"),
    "posts": message("posts"), "rate": message("engagement rate (95% interval)"),
    "stated_rate": message("rate they state"), "likes_per_comment": message("likes per comment"),
    "deliverable": message("price for"), "engagements": message("engagements of the median post"),
    "price": message("price"), "currency": message("currency"),
    "price_per_engagement": message("price per engagement, all posts"),
}  # fmt: skip


class ComparisonPanel(parts.Panel):
    """Shows a `Comparison`; platforms and denominators are never mixed in one picture."""

    def __init__(self, result: Comparison, *, language: str | None = None) -> None:
        super().__init__(result, language=language, study=result.rates.study)
        frame = result.influencers
        if len(frame) < 2:
            self.show(parts.what_to_bring(self, result.missing))
            return
        say, words = self.words.say, self.words
        self.picked: list[str] = []
        platforms = list(frame["platform"].value_counts().index)
        known = [d for d in DENOMINATORS if frame[f"by_{d}"].notna().any()] or ["followers"]
        prices = sorted(result.rates.study.prices.dropna(subset=["amount"])["deliverable"].unique())

        def menu(label: Message, tokens: list[str], prefix: str = "") -> w.Dropdown:
            options = [(words.label(prefix + token), token) for token in tokens] or [("–", "")]
            return w.Dropdown(options=options, description=say(label))

        self.platform = menu(message("Platform"), platforms)
        self.denominator = menu(message("Engagement rate"), known, "by_")
        self.deliverable = menu(message("Price for"), prices)
        self.deliverable.value = result.deliverable
        self.chart = ChartWidget({}, data={"rows": []}, watch=["pick"], words=self.words, filename="influencers")
        columns = [{"key": key, "label": say(NAMES[key]), "kind": kind} for key, kind in SHOWN.items()]
        self.table = TableWidget(columns, self._rows, step=50, write=say, caption=say(message("Influencers")),
                                 sort={"key": "rate", "descending": True})  # fmt: skip
        self.clear = parts.button(say(message("Show all influencers")))
        self.clear.layout.display = "none"
        self.clear.on_click(self._all)
        self.said, self.title = parts.html(""), parts.html("")
        for control in (self.platform, self.denominator, self.deliverable):
            control.observe(self._moved, "value")
        self.chart.observe(self._clicked, "picked")
        self._moved()
        lines = [
            message("The rate is that of the median post, with its exact order-statistic 95% interval. Below 6 posts"
                    " there is no interval and therefore no rate: not enough data."),
            message("Engagement is the sum of {parts}: what every account on the list gives.",
                    parts=[words.label(part) for part in result.rates.parts]),
            message("Micro means 1,000 to 100,000 followers, macro more. When intervals overlap widely, the order may"
                    " be chance."),
            message("Price per engagement is the price divided by the engagements of the median of all posts, whatever"
                    " their kind; a story is not divided, because posts do not tell what it brings."),
        ]  # fmt: skip
        download = Download(say(message("Save this table as CSV")), "influencers.csv", self._csv, write=say)
        self.show(
            self.said, parts.sentence(self.platform, self.denominator, self.deliverable), self.title,
            self.chart, parts.heading(self, message("The table")), self.clear, self.table, download,
            parts.what_to_bring(self, result.missing), parts.how(self, lines, "comparison = engage.compare(study)"),
        )  # fmt: skip

    @parts.guarded
    def _moved(self, change: Any = None) -> None:
        if change and change["owner"] is self.deliverable and self.deliverable.value:
            self.result = compare(self.result.rates.study, deliverable=self.deliverable.value)
        rows = influencer_rows(self.result, self.denominator.value, self.platform.value, self.words)
        self.said.value = parts.in_words(self, self.result.findings())
        self.title.value = f"<h3>{self.say(_title(rows))}</h3>" if rows else ""
        spec = influencer_dots(rows, self.words)
        if spec != self.chart.spec:
            self.chart.data = {"rows": rows}
            self.chart.spec = spec
        self.chart.layout.display = "" if rows else "none"
        self.chart.description = self.words.say(
            message("Engagement rate {by} of {n} influencers with 95% intervals, the highest first.",
                    by=self.words.label(f"by_{self.denominator.value}"), n=len(rows))
        )  # fmt: skip
        self.table.refresh()

    @parts.guarded
    def _clicked(self, _: Any) -> None:
        self.picked = list(self.chart.picked.get("pick", {}).get("account_id", []))
        self._whose()

    @parts.guarded
    def _all(self, _: Any) -> None:
        self.chart.forget()
        self._whose()

    def _whose(self) -> None:
        self.clear.layout.display = "" if self.picked else "none"
        self.table.refresh()

    def _sorted(self, key: str, descending: bool) -> pd.DataFrame:
        frame = self.result.influencers
        frame = frame[frame["platform"] == self.platform.value]
        if self.picked:
            frame = frame[frame["account_id"].isin(self.picked)]
        by = f"by_{self.denominator.value}"
        column = {"rate": by, "posts": f"{by}_n"}.get(key, key or "handle")
        return frame.sort_values(column, ascending=not descending, kind="stable", na_position="last")

    def _rows(self, key: str, descending: bool, limit: int) -> Rows:
        frame, words = self._sorted(key, descending), self.words
        by = f"by_{self.denominator.value}"
        cells = []
        for row in frame.head(limit).to_dict("records"):
            seen = row[f"{by}_n"]
            rate = words.say(message("not enough data (n = {n})", n=seen))
            if pd.notna(row[by]):
                rate = words.say(message("{rate:percent} ({low:percent}–{high:percent})", rate=float(row[by]),
                                         low=float(row[f"{by}_low"]), high=float(row[f"{by}_high"])))  # fmt: skip
            mark = TIER_MARKS.get(row["tier"])
            tier = {"text": words.label(row["tier"]), "color": mark.colour, "sign": mark.sign} if mark else "–"
            stated = words.percent(row["stated_rate"]) if pd.notna(row["stated_rate"]) else "–"
            cells.append([
                row["handle"], tier, self._number(row["followers"]), words.number(seen), rate, stated,
                self._number(row["likes_per_comment"]), self._money(row["price"], row["currency"]),
                self._money(row["price_per_engagement"], row["currency"]),
                row["topic"] if isinstance(row["topic"], str) else "–",
            ])  # fmt: skip
        return Rows(cells, frame["account_id"].head(limit).tolist(), len(frame))

    def _number(self, value: Any) -> str:
        return self.words.number(round(float(value), 1)) if pd.notna(value) else "–"

    def _money(self, value: Any, currency: Any) -> str:
        return self.words.money(float(value), currency) if pd.notna(value) and isinstance(currency, str) else "–"

    def _csv(self) -> bytes:
        frame = self._sorted("rate", True)
        columns = [c for c in frame if not frame[c].isna().all() or c.startswith("by_followers")]
        numeric = frame.select_dtypes(include=[np.number]).columns
        tokens = ("tier", "platform", "deliverable")
        frame = frame.assign(**{name: frame[name].map(self.words.label, na_action="ignore") for name in tokens})
        headers = {column: self.words.say(self._header(column)) for column in columns if column not in UNLISTED}
        return list_csv(frame.astype(dict.fromkeys(numeric, "Float64")), headers, self.words)

    def _header(self, column: str) -> Message:
        """What a column of the saved table is called: a figure, or an end of its interval, or its sample size."""
        figure, _, end = column.rpartition("_") if column.endswith(("_low", "_high", "_n")) else (column, "", "")
        named = NAMES.get(figure) or message("engagement rate {by}", by=self.words.label(figure))
        ends = {"low": message("{figure}: interval from", figure=named), "n": message("{figure}: posts", figure=named),
                "high": message("{figure}: interval to", figure=named)}  # fmt: skip
        return ends.get(end, named)


def _title(rows: list[dict[str, Any]]) -> Message:
    """What the picture shows, with as much certainty as the intervals allow."""
    best = rows[0]
    rivals = sum(row["high"] >= best["low"] for row in rows[1:])
    if not rivals:
        return message("{handle} engages most: no other interval reaches its own", handle=best["handle"])
    return plural("{handle} comes first, but {n} other could be just as high",
                  "{handle} comes first, but {n} others could be just as high", rivals,
                  handle=best["handle"])  # fmt: skip
