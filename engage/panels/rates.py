"""The panel of engagement rates: one denominator at a time, each post a dot."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from engage.analysis.rates import DENOMINATORS, Rates
from engage.charts.rates import median_rows, post_rows, rate_dots
from engage.charts.widget import ChartWidget
from engage.messages import message
from engage.panels import parts

MOST = 500
"""Posts in the table behind the picture, the latest first."""


class RatesPanel(parts.Panel):
    """Shows `Rates` of one account; the denominator is the reader's choice and stands in every label."""

    def __init__(self, result: Rates, *, language: str | None = None) -> None:
        super().__init__(result, language=language, study=result.study)
        known = [d for d in DENOMINATORS if (result.summary["denominator"] == d).any()]
        if not known:
            self.show(parts.what_to_bring(self, result.missing))
            return
        if not result.study.owner:
            roster = self.say(message("This is a list of {n} accounts.", n=len(result.study.accounts)))
            link = self.say(message("Compare influencers"))
            next_page = f'<a class="eg-next" href="6-compare-influencers.ipynb">{link}</a>'
            self.show(parts.html(f"<p>{roster}</p><p>{next_page}</p>"))
            return
        say = self.words.say
        options = [(say(message("engagement rate {by}", by=self.words.label(f"by_{d}"))), d) for d in known]
        self.denominator = w.Dropdown(options=options, value=known[0], description=say(message("Show the")))
        self.chart = ChartWidget(
            rate_dots(self.words), data={"dots": [], "median": []}, words=self.words, filename="engagement-rate"
        )
        self.title, self.behind = parts.html(""), parts.html("")
        self.denominator.observe(self._moved, "value")
        self._moved()
        lines = [
            message("Engagement of a post is the sum of its {parts}. The median post stands for the account, with the"
                    " exact order-statistic interval; it needs 6 posts.",
                    parts=[self.words.label(part) for part in result.parts]),
            message("Followers are counted at the time of each post.") if result.at_post_time
            else message("Followers at the time of each post are not known, so today's number is used for all posts."),
            message("Rates by different denominators say different things and cannot be compared."),
        ]  # fmt: skip
        code = "rates = engage.engagement_rates(study)\nrates.summary"
        self.show(
            parts.html(parts.in_words(self, result.findings())), parts.sentence(self.denominator),
            self.title, self.chart, self.behind,
            parts.how(self, lines, code),
        )  # fmt: skip

    @parts.guarded
    def _moved(self, _: Any = None) -> None:
        chosen = self.denominator.value
        self.chart.data = {
            "dots": post_rows(self.result, chosen, self.words), "median": median_rows(self.result, chosen)
        }  # fmt: skip
        words, frame = self.words, self.result.posts.dropna(subset=[f"by_{chosen}"])
        row = self.result.summary.set_index("denominator").loc[chosen]
        title = message("The median post has an engagement rate of {rate:percent} {by}", rate=row["median"],
                        by=words.label(f"by_{chosen}"))  # fmt: skip
        self.title.value = f"<h3>{self.say(title)}</h3>"
        heads = [message("published"), message("kind"), message("engagements"), message("engagement rate")]
        latest = frame.sort_values("published_at", ascending=False).head(MOST)
        columns = ["published_at", "kind", "engagements", f"by_{chosen}"]
        rows = [
            [
                words.date(at) if at == at else "–",
                words.label(kind) if isinstance(kind, str) else "–",
                words.number(float(count)),
                words.percent(float(rate)),
            ]
            for at, kind, count, rate in latest[columns].itertuples(index=False)
        ]
        self.behind.value = parts.table(self, heads, rows, of=message("engagement rate of each post"))
        self.chart.description = self.words.say(
            message("Each dot is a post: its engagement rate {by} over time. The dashed line is the median, the band"
                    " its 95% interval.", by=self.words.label(f"by_{chosen}"))
        )  # fmt: skip
