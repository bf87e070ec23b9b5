"""The panel of segments: the honest share, rules to move, a picture to brush, the people behind it."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from engage.analysis.segments import SEGMENTS, WINDOWS, SegmentRules, Segments, segment
from engage.charts.segments import bar_rows, follower_map, in_map, map_rows, segment_bars
from engage.charts.table import Rows, TableWidget
from engage.charts.theme import SEGMENT_MARKS
from engage.charts.widget import ChartWidget
from engage.export.lists import list_csv
from engage.messages import Message, message
from engage.panels import parts
from engage.panels.inputs import Download
from engage.store import save_settings

RATES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.10, 0.15, 0.20, 0.30)
MISSES = (0.05, 0.10, 0.20)
SORTS = {"name": "handle", "segment": "segment", "seen": "n", "reacted": "x", "silent": "s", "came": "followed_at"}


class SegmentsPanel(parts.Panel):
    """Shows `Segments`; moving a rule computes them anew from the same `Activity` and saves the rules."""

    def __init__(self, result: Segments, *, language: str | None = None) -> None:
        super().__init__(result, language=language, study=result.activity.study)
        self.chosen = np.ones(len(result.followers), dtype=bool)
        if result.share is None and not len(result.activity.posts):
            self.show(parts.what_to_bring(self, result.missing))
            return
        self.headline, self.said, self.title, self.behind = (parts.html("") for _ in range(4))
        say = self.words.say
        people, most = len(result.followers), int(result.followers["n"].max()) if len(result.followers) else 0
        bars = segment_bars(self.words, most=people)
        self.bars = ChartWidget(bars, data={"bars": []}, watch=["pick"], words=self.words, filename="segments")
        self.map = ChartWidget(
            follower_map(result.rules.silence, self.words, most=most), data={"map": [], "line": [{"one": 1}]},
            watch=["brush"], words=self.words, filename="followers",
        )  # fmt: skip
        columns = [
            ("name", message("account"), "text"), ("segment", message("segment"), "mark"),
            ("seen", message("posts seen"), "number"), ("reacted", message("reacted to"), "number"),
            ("silent", message("silent posts"), "number"), ("came", message("follows since"), "text"),
            ("reason", message("why"), "text"),
        ]  # fmt: skip
        self.people = TableWidget(
            [{"key": k, "label": say(v), "kind": kind, "sortable": k in SORTS} for k, v, kind in columns],
            self._rows, step=25, write=say, caption=say(message("Followers")),
        )  # fmt: skip
        self.whose = parts.html("")
        self.clear = parts.button(say(message("Show all followers")))
        self.clear.on_click(self._all)
        names = [(self.words.label(name), name) for name in SEGMENTS]
        self.only = w.Dropdown(options=[(say(message("all segments")), ""), *names], description=say(message("Show")))
        self.quiet = w.BoundedIntText(value=0, min=0, max=most, description=say(message("Silent posts, at least")))
        for control in (self.only, self.quiet):
            control.observe(self._filter, "value")
        download = Download(say(message("Save this list as CSV")), "followers.csv", self._csv, write=say)
        rules = self._rules()
        self.bars.observe(self._picked, "picked")
        self.map.observe(self._filter, "picked")
        self._refresh()
        self.show(
            self.headline, self.own, rules, self.title, self.bars, w.HBox([self.whose, self.clear]), self.behind,
            parts.heading(self, message("In words")), self.said,
            parts.heading(self, message("Where each follower stands")),
            parts.html(f'<p class="eg-caption">{self.say(MAP_CAPTION)}</p>'), self.map,
            parts.heading(self, message("The people")), parts.sentence(self.only, self.quiet), self.whose, self.people,
            download, self._how(),
        )  # fmt: skip

    def _rules(self) -> w.VBox:
        """The rules, each control in the sentence that it changes."""
        say, rules = self.words.say, self.result.rules

        def choice(options: list[tuple[str, Any]], value: Any, name: Message) -> w.Dropdown:
            if value not in [option for _, option in options]:
                options = [*options, (str(value), value)]
            return w.Dropdown(options=options, value=value, description=say(name))

        days = [(say(message("all posts")) if d is None else say(message("{days} days", days=d)), d) for d in WINDOWS]
        rates = sorted({*RATES, rules.regular_rate})
        self.window = choice(days, rules.window_days, message("Window"))
        self.engaged = w.BoundedIntText(
            value=rules.min_engaged, min=1, max=50, description=say(message("Posts reacted to"))
        )
        self.rate = w.SelectionSlider(
            options=[(say(message("{rate:percent} of posts", rate=r)), r) for r in rates], value=rules.regular_rate,
            description=say(message("Slowest regular follower")), continuous_update=True,
        )  # fmt: skip
        misses = [(say(message("{share:percent}", share=m)), m) for m in MISSES]
        self.miss = choice(misses, rules.miss_chance, message("Risk of calling a regular one passive"))
        self.occasions = w.BoundedIntText(
            value=rules.advocate_posts, min=1, max=50, description=say(message("Occasions"))
        )
        self.explained, self.own = parts.html(""), parts.html("")
        self.reset = parts.button(say(message("Back to the usual rules")))
        self.reset.on_click(self._usual)
        self.controls = {"window_days": self.window, "min_engaged": self.engaged, "regular_rate": self.rate,
                         "miss_chance": self.miss, "advocate_posts": self.occasions}  # fmt: skip
        for control in self.controls.values():
            control.observe(self._moved, "value")
        active = say(message("Active: reacted to at least this many posts within the window, or bought in it."))
        passive = say(message("Passive: silent for longer than a regular follower would be."))
        advocate = say(message("Advocate: active, and commented, shared, mentioned you or bought this often."))
        rows = [parts.sentence(active, self.engaged, self.window), parts.sentence(passive, self.rate, self.miss),
                self.explained, parts.sentence(advocate, self.occasions), self.reset]  # fmt: skip
        return parts.fold(say(message("Move the rules")), w.VBox(rows))

    @parts.guarded
    def _usual(self, _: Any) -> None:
        for name, value in SegmentRules().to_dict().items():
            self.controls[name].value = value

    @parts.guarded
    def _moved(self, _: Any) -> None:
        rules = SegmentRules(**{name: control.value for name, control in self.controls.items()})
        study = self.result.activity.study
        self.result = segment(study, rules=rules, of=self.result.activity)
        self.map.signals = {"silence": rules.silence}
        self._refresh()
        save_settings(study, rules=rules.to_dict())
        self.warn_if_changed(study)

    def _refresh(self) -> None:
        result, words = self.result, self.words
        self.headline.value = self._cards()
        thin = parts.in_words(self, result.missing) if result.share is None else ""
        self.said.value = thin + parts.in_words(self, result.findings()) + self._naive()
        changed = message("These are your own rules, not the usual ones.")
        self.own.value = "" if result.rules == SegmentRules() else f'<p class="eg-caption">{self.say(changed)}</p>'
        self.explained.value = f'<p class="eg-caption">{self.say(_explain(result.rules))}</p>'
        bars = bar_rows(result, words)
        self.bars.data = {"bars": bars}
        self.bars.description = words.say(
            message("Followers by segment: {rows}.", rows=[f"{row['label']} {row['text']}" for row in bars])
        )
        share = result.share
        title = message("Nobody can be called passive yet")
        if share and share.undecided:
            most = share.passive + share.undecided
            title = message("{passive} to {most} of {judged} followers who can be judged are passive",
                            passive=share.passive, most=most, judged=share.judged)  # fmt: skip
        elif share:
            title = message("{passive} of {judged} followers who can be judged are passive", passive=share.passive,
                            judged=share.judged)  # fmt: skip
        sums = message("Passive here is everyone in the bars “passive” and “fading” who can be judged."
                       " The percentages beside the bars are of all {n} listed.", n=len(result.followers))  # fmt: skip
        self.title.value = f'<h3>{self.say(title)}</h3><p class="eg-caption">{self.say(sums)}</p>'
        heads = [message("segment"), message("followers"), message("of whom can be judged")]
        rows = [
            [words.label(row.segment), words.number(row.followers), words.number(row.judged)]
            for row in result.summary.itertuples()
        ]
        self.behind.value = parts.table(self, heads, rows, of=message("followers by segment"))
        self._filter()
        self.map.data = {"map": map_rows(result, words), "line": [{"one": 1}]}
        self.map.description = words.say(MAP_CAPTION)

    def _cards(self) -> str:
        result, words = self.result, self.words
        share, counts = result.share, result.summary.set_index("segment")["followers"]
        cards = []
        if share is None:
            cards.append((words.say(message("Passive")), "–", words.say(message("not enough data"))))
        else:
            value = words.percent(share.low)
            if share.undecided:
                value = f"{value} – {words.percent(share.high)}"
            small = message("{passive} of {judged} who can be judged", passive=share.passive, judged=share.judged)
            if share.interval:
                small = message("95% interval {low:percent} to {high:percent}, n = {judged}", low=share.interval[0],
                                high=share.interval[1], judged=share.judged)  # fmt: skip
            cards.append((words.say(message("Passive")), value, words.say(small)))
        of = message("of {listed} listed", listed=len(result.followers))
        cards.append((words.say(message("Active")), words.number(int(counts["active"] + counts["advocate"])),
                      words.say(of)))  # fmt: skip
        early = int(counts["too_early"])
        split = message("{new} too new, {quiet} quiet for now", new=result.new, quiet=early - result.new)
        cards.append((words.say(message("Too early to tell")), words.number(early), words.say(split)))
        typical = result.activity.typical
        if typical:
            rate, (low, high) = typical
            small = message("of posts, 95% interval {low:percent} to {high:percent}", low=low, high=high)
            cards.append((words.say(message("Typical reaction rate")), words.percent(rate), words.say(small)))
        return parts.figures(cards)

    def _naive(self) -> str:
        if self.result.naive is None:
            return ""
        text = message("A tool that counts everyone never seen to react, newcomers included, would print"
                       " {naive:percent}. It counts newcomers as passive, and those who have gone quiet as active.",
                       naive=self.result.naive)  # fmt: skip
        title = self.say(message("What a ghost-follower tool would say"))
        return f'<details class="eg-how"><summary>{title}</summary><p>{self.say(text)}</p></details>'

    @parts.guarded
    def _picked(self, _: Any) -> None:
        names = self.bars.picked.get("pick", {}).get("segment", [])
        self.only.value = names[-1] if names else ""

    @parts.guarded
    def _all(self, _: Any) -> None:
        for chart in (self.bars, self.map):
            chart.forget()
        self.only.value, self.quiet.value = "", 0
        self._filter()

    @parts.guarded
    def _filter(self, _: Any = None) -> None:
        """Show who is in the chosen segment and in the brushed part of the picture."""
        brush = self.map.picked.get("brush", {})
        silent = tuple(brush["silent"]) if brush.get("silent") else None
        self.chosen = in_map(self.result, silent, list(brush.get("reacted", [])), self.words)
        if self.only.value:
            self.chosen &= (self.result.followers["segment"] == self.only.value).to_numpy()
        if self.quiet.value:
            self.chosen &= self.result.followers["s"].to_numpy() >= self.quiet.value
        self._list()

    def _list(self) -> None:
        picked, size = int(self.chosen.sum()), len(self.chosen)
        everyone = picked == size
        what = message("The list below shows {picked} of {size} followers, as picked.", picked=picked, size=size)
        if everyone:
            what = message("The list below shows all {size} followers. Click a bar, or drag over the picture, to see"
                           " fewer.", size=size)  # fmt: skip
        self.whose.value = f'<p class="eg-caption" role="status">{self.say(what)}</p>'
        self.clear.layout.display = "none" if everyone else ""
        self.people.refresh()

    def _sorted(self, key: str, descending: bool, limit: int | None = None) -> pd.DataFrame:
        """The chosen followers in order; only the rows that are wanted are copied."""
        frame = self.result.followers
        rows = np.flatnonzero(self.chosen)
        column = SORTS.get(key)
        if column is None:  # its own order: advocates first, then by silence
            keys = [frame[name].to_numpy()[rows] for name in ("x", "s")] + [frame["segment"].cat.codes.to_numpy()[rows]]
            rows = rows[np.lexsort((-keys[0], keys[1], keys[2]))]
        else:
            chosen = frame[column].iloc[rows]  # the frame counts its rows from 0, so labels are positions
            rows = chosen.sort_values(ascending=not descending, kind="stable", na_position="last").index.to_numpy()
        return frame.iloc[rows[:limit]]

    def _rows(self, key: str, descending: bool, limit: int) -> Rows:
        part, words = self._sorted(key, descending, limit), self.words
        cells = [
            [
                row.handle if isinstance(row.handle, str) else row.follower_id,
                {"text": words.label(row.segment), "color": SEGMENT_MARKS[row.segment].colour,
                 "dash": SEGMENT_MARKS[row.segment].dash, "sign": SEGMENT_MARKS[row.segment].sign},
                words.number(row.n), words.number(row.x), words.number(row.s),
                words.date(row.followed_at) if row.dated else "–", words.say(row.reason),
            ]
            for row in part.itertuples()
        ]  # fmt: skip
        return Rows(cells, part["follower_id"].tolist(), int(self.chosen.sum()))

    def _csv(self) -> bytes:
        say = self.words.say
        headers = {
            "follower_id": message("account"), "name": message("name"), "segment": message("segment"),
            "reason": message("why"), "n": message("posts seen"), "x": message("reacted to"),
            "s": message("silent posts"), "x_w": message("reacted to in the window"),
            "followed_at": message("follows since"),
        }  # fmt: skip
        frame = self._sorted(self.people.sort.get("key", ""), bool(self.people.sort.get("descending", True)))
        known = {k: say(v) for k, v in headers.items() if k != "name" or frame["name"].notna().any()}
        return list_csv(frame, known, self.words)

    def _how(self) -> w.HTML:
        lines = [
            message("A post counts when everyone who reacted to it is named, and when it is at least 7 days old at"
                    " the end of the data. For each follower only posts after their follow date count."),
            message("The share is taken over followers who have seen at least N posts, active or silent alike, where"
                    " N = ln(chance to wrong one) / ln(1 − slowest rate), rounded up."),
            message("How many regular followers would stay silent as long says nothing of the chance that this person"
                    " is one of them."),
            message("Reactions known by name: {kinds}, on {posts} posts up to {until:date}.",
                    kinds=[self.words.label(kind) for kind in self.result.activity.kinds],
                    posts=len(self.result.activity.posts), until=self.result.activity.until),
        ]  # fmt: skip
        return parts.how(self, lines, "segments = engage.segment(study, rules=engage.SegmentRules(window_days=90))")


MAP_CAPTION = message(
    "Each mark counts followers: further right they have been silent for more posts, further up they have reacted to"
    " more. Right of the dashed line the silence is longer than a regular follower's. Drag to see who they are."
)


def _explain(rules: SegmentRules) -> Message:
    return message(
        "A follower who reacts to {rate:percent} of posts is still silent after {silence} posts with a chance of"
        " {miss:percent}. So {silence} silent posts make a follower passive; before that it is too early to tell.",
        rate=rules.regular_rate, silence=rules.silence, miss=rules.miss_chance,
    )  # fmt: skip
