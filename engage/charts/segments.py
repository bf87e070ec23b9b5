"""Pictures of segments: how many are in each, and where each follower stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engage.analysis.segments import SEGMENTS, Segments
from engage.charts.theme import INK, SEGMENT_MARKS, altair, dressed, folded, short_labels, tips
from engage.messages import message
from engage.words import Words

STEPS = np.array([0, 1, 2, 3, 6, 11, 21])
"""Lower bounds of "posts reacted to" in the map: 0, 1, 2, 3-5, 6-10, 11-20, 21 and more."""
COLUMNS = 24


def named(segment: str, words: Words) -> str:
    """A segment's own mark and word, so that it can be told in black and white."""
    return f"{SEGMENT_MARKS[segment].sign} {words.label(segment)}"


def bar_rows(segments: Segments, words: Words) -> list[dict[str, Any]]:
    """One row a segment for `segment_bars`."""
    total = max(len(segments.followers), 1)
    return [
        {"segment": name, "label": named(name, words), "followers": int(count),
         "text": (text := f"{words.number(int(count))}  ·  {words.percent(int(count) / total)}"),
         "said": f"{words.label(name)}: {text}"}
        for name, count in zip(segments.summary["segment"], segments.summary["followers"], strict=True)
    ]  # fmt: skip


def segment_bars(words: Words, *, most: int | None = None) -> dict[str, Any]:
    """Followers by segment, of `most` in all; click on a bar to pick it (parameter `pick`). Data set `bars`."""
    alt = altair()
    scale = alt.Scale(domain=list(SEGMENTS), range=[SEGMENT_MARKS[name].colour for name in SEGMENTS])
    order = [named(segment, words) for segment in SEGMENTS]
    base = alt.Chart(alt.NamedData("bars")).encode(y=alt.Y("label:N", sort=order, axis=None))
    pick = alt.selection_point(name="pick", fields=["segment"])
    bars = (
        base.mark_bar(stroke=INK, strokeWidth=1, height={"band": 0.46}, yOffset=9, cursor="pointer")
        .encode(
            x=alt.X("followers:Q", title=words.say(message("followers")),
                    axis=alt.Axis(tickCount=5, labelExpr=short_labels(words)),
                    scale=alt.Scale(domainMax=most) if most else alt.Undefined),
            description="said:N",
            color=alt.Color("segment:N", scale=scale, legend=None),
            strokeDash=alt.condition("datum.segment == 'too_early'", alt.value([4, 3]), alt.value([1, 0])),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
        )
        .add_params(pick)
    )  # fmt: skip
    # The words stand above their bar, so that bars have the full width on a narrow screen too.
    text = base.transform_calculate(line="datum.label + '   ' + datum.text")
    text = text.mark_text(align="left", yOffset=-12, aria=False).encode(x=alt.value(0), text="line:N")
    return dressed(bars + text, height=320)


def steps(words: Words) -> list[str]:
    """The words for the rows of the map, most reactions first."""
    names = []
    for low, high in zip(STEPS, [*(STEPS[1:] - 1), None], strict=True):
        if high is None:
            names.append(words.say(message("{low} or more", low=int(low))))
        else:
            names.append(str(low) if low == high else f"{low}–{high}")
    return names[::-1]


def column_width(most: int) -> int:
    """How many posts a column of the map spans, where nobody has seen more than `most`."""
    return max(1, int(np.ceil((most + 1) / COLUMNS)))


def map_rows(segments: Segments, words: Words) -> list[dict[str, Any]]:
    """Followers counted by silent posts (in about 24 columns), posts reacted to, and segment."""
    frame = segments.followers
    if frame.empty:
        return []
    silent, row = _placed(frame)
    cells = pd.DataFrame({"silent": silent, "row": row, "code": frame["segment"].cat.codes.to_numpy()})
    cells = cells.value_counts(sort=False).reset_index(name="followers")
    cells = cells.sort_values("followers", ascending=False, kind="stable")  # small marks are drawn over large ones
    names, heading = steps(words)[::-1], words.say(message("followers"))
    return [
        {"silent": silent, "reacted": names[int(row)], "segment": SEGMENTS[int(code)], "followers": int(count),
         "label": (label := words.label(SEGMENTS[int(code)])),
         "said": f"{label}, {heading}: {words.number(int(count))}"}
        for silent, row, code, count in cells.itertuples(index=False)
    ]  # fmt: skip


def _placed(frame: pd.DataFrame) -> tuple[Any, Any]:
    """Where each follower stands in the map: the middle of the column, and the number of the row."""
    width = column_width(int(frame["n"].max()))
    middle = frame["s"].to_numpy() // width * width + width / 2
    return middle, np.searchsorted(STEPS, frame["x"].to_numpy(), side="right") - 1


def in_map(segments: Segments, silent: tuple[float, float] | None, rows: list[str], words: Words) -> Any:
    """Which followers stand in a brushed part of the map, as a boolean array."""
    frame = segments.followers
    chosen = np.ones(len(frame), dtype=bool)
    middle, row = _placed(frame)
    if silent is not None:
        chosen &= (middle >= min(silent)) & (middle <= max(silent))
    if rows:
        chosen &= np.isin(np.array(steps(words)[::-1], dtype=object)[row], rows)
    return chosen


def follower_map(silence_now: int, words: Words, *, most: int | None = None) -> dict[str, Any]:
    """Each bubble counts followers by silent posts and posts reacted to; brush to pick (parameter `brush`).

    The signal `silence` moves the line. `most` is the largest number of posts seen: the axis ends there, wherever
    the line is. Data sets `map`, and `line` with one row.
    """
    alt = altair()
    labels = [words.label(name) for name in SEGMENTS]
    widest = 8 * max(map(len, labels)) + 34  # as many columns as fit beside each other
    legend = alt.Legend(title=None, columns=alt.ExprRef(f"clamp(floor(width / {widest}), 1, 6)"), labelLimit=400)
    # No mark is wider than its column, which is about a 26th of the picture.
    sizes = alt.Scale(type="sqrt", nice=True, range=[14, alt.ExprRef("min(900, pow(width / 26, 2))")])
    across = alt.Scale(domain=[0, most + column_width(most)], nice=False) if most else alt.Scale(zero=True, nice=True)
    title = folded(words.say(message("posts seen since the last reaction, or since they came")))
    brush = alt.selection_interval(name="brush", encodings=["x", "y"])
    silence = alt.param(name="silence", value=silence_now)
    y = alt.Y("reacted:N", sort=steps(words), title=words.say(message("posts reacted to")),
              scale=alt.Scale(domain=steps(words)))  # fmt: skip
    bubbles = (
        alt.Chart(alt.NamedData("map"))
        .mark_point(filled=True, stroke=INK, strokeWidth=1)
        .encode(
            x=alt.X("silent:Q", title=title, scale=across, axis=alt.Axis(grid=False, tickCount=8)),
            y=y,
            size=alt.Size("followers:Q", scale=sizes,
                          legend=alt.Legend(title=words.say(message("followers")), titleOrient="left", orient="bottom",
                                            direction="horizontal", symbolFillColor="transparent",
                                            values=alt.ExprRef("[1, domain('size')[1] / 4, domain('size')[1]]"))),
            color=alt.Color("label:N", legend=legend,
                            scale=alt.Scale(domain=labels, range=[SEGMENT_MARKS[n].colour for n in SEGMENTS])),
            shape=alt.Shape("label:N", legend=legend,
                            scale=alt.Scale(domain=labels, range=[SEGMENT_MARKS[n].shape for n in SEGMENTS])),
            description="said:N",
            strokeDash=alt.condition("datum.segment == 'too_early'", alt.value([3, 2]), alt.value([1, 0])),
            opacity=alt.condition(brush, alt.value(0.85), alt.value(0.25)),
            tooltip=tips(words, {"label:N": message("segment"), "followers:Q": message("followers")}, followers=",d"),
        )
        .add_params(brush)
    )  # fmt: skip
    line = (
        alt.Chart(alt.NamedData("line"))
        .transform_calculate(at="silence")
        .mark_rule(strokeDash=[6, 4], strokeWidth=1.5, color=INK, clip=True, aria=False)
        .encode(x="at:Q")
        .add_params(silence)
    )
    return dressed(bubbles + line, height=420)
