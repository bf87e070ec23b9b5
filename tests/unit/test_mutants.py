"""Hostile and broken files: each ends in a study or in a sentence, and within the limits of memory and time."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from engage.messages import message
from engage.study import Note, Study

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))  # the tools are scripts, not a package
import mutants
from mutations import MUTATIONS

TESTED, PARTS = 500, 4


@pytest.mark.parametrize("first", range(PARTS))
def test_every_mutant_ends_in_a_study_or_a_read_error(first):
    """No other exception, nothing that only the last net catches, nothing saved in part, no value that cannot be."""
    numbers = range(first, TESTED, PARTS)  # each part has folders of its own
    found = mutants.endings(numbers)
    assert [end.mutant.number for end in found] == [*numbers]
    bad = [f"{end.mutant.name}: {end.kind} {end.detail}" for end in found if end.kind not in mutants.GOOD]
    assert not bad, "\n".join(bad)
    assert {"refused", "told", "the same"} <= {end.kind for end in found}


def test_the_mutants_are_the_same_each_time_and_of_every_kind(tmp_path):
    made = [mutants.mutant(number) for number in range(TESTED)]
    assert {one.folder for one in made} == set(mutants.folders())
    ways = {(one.layer, one.mutation) for one in made}
    assert len(ways) > 0.9 * sum(map(len, MUTATIONS.values()))
    for place in ("a", "b"):
        mutants.write(made[7], tmp_path / place)
    first, again = ((tmp_path / place / made[7].file).read_bytes() for place in ("a", "b"))
    assert first == again != mutants.folders()[made[7].folder][made[7].file]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(ValueError("x"), "last net"), (MemoryError(), "too much memory"), (mutants.TooSlowError(), "too slow")],
)
def test_what_ends_badly_is_seen(monkeypatch, fault, kind):
    """The judge is no judge if it lets everything pass."""

    def stumble(*_):
        raise fault

    one = mutants.Mutant(0, "shopify_orders", "orders_export_1.csv", "table", "ragged rows", alone=True)
    mutants.whole(one.folder, one.file)
    monkeypatch.setattr("engage.readers.shopify.read", stumble)
    monkeypatch.setattr("engage.readers.shopify.claims", lambda *_: True)
    assert mutants.ending(one).kind == kind


def test_a_study_with_what_cannot_be_is_seen(tmp_path):
    late = {"account_id": ["x:a"], "post_id": ["1"], "published_at": [pd.Timestamp("2099-01-01", tz="UTC")]}
    study = Study(posts=pd.DataFrame(late), notes=(Note("info", "", message("no end")),))
    faults = [fault[:18] for fault in mutants.wrong_with(study, tmp_path)]
    assert sorted(faults) == ["no sentence (en, 6", "no sentence (id, 6", "no sentence (ms, 6", "posts.published_at"]
