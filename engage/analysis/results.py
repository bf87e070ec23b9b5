"""What every analysis returns findings in: a figure with its sample size, interval and grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engage.messages import Message
from engage.study import Missing

FindingKind = Literal["count", "share", "estimate", "money"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Finding:
    """One figure that a page may say in words.

    Parameters
    ----------
    key : which sentence it is (`engage.words.sentences`).
    kind : count, share, estimate or money. Only estimates and sampled shares carry an interval.
    values : what fills the sentence.
    n : the sample size or denominator behind it.
    interval : the 95 % interval, or the range when what is undecided is counted either way.
    grade : "data" for what was counted, "estimate" for what was inferred, "convention" for what follows
        from a rule that the user may move.
    """

    key: str
    kind: FindingKind
    values: Mapping[str, Any] = field(default_factory=dict)
    n: int = 0
    interval: Interval | None = None
    grade: Literal["data", "estimate", "convention"] = "data"


def lacking(*cases: tuple[bool, Message, Message]) -> tuple[Missing, ...]:
    """What is missing: of each case whether it holds, what could not be worked out, and what to bring."""
    return tuple(Missing(what, bring) for holds, what, bring in cases if holds)
