"""Every format we say we read: a made-up file, and everything that a correct reader makes of it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from engage.messages import ReadError
from engage.readers import read
from engage.readers.files import opened
from engage.readers.numbers import parse_numbers
from engage.readers.text import read_grid
from engage.study import TABLES

FORMATS = Path(__file__).parents[1] / "formats"
CASES = [
    pytest.param(folder.parent, case, id=f"{folder.parent.name}-{case['inputs'][0]}")
    for folder in sorted(FORMATS.glob("*/expected.json"))
    for case in json.loads(folder.read_text(encoding="utf-8"))["cases"]
]


def same(value, wanted):
    if wanted is None:
        return pd.isna(value)
    if isinstance(value, pd.Timestamp):
        return value == pd.Timestamp(wanted)
    return value == pytest.approx(wanted) if isinstance(wanted, float) else value == wanted


def rows_of(frame, key):
    for column, value in key.items():
        frame = frame[frame[column] == value]
    return frame


def check_row(row, values, where):
    for column, wanted in values.items():
        assert same(row[column], wanted), f"{where}.{column} is {row[column]!r}, not {wanted!r}"


def check_table(frame, spec, name):
    assert len(frame) == spec["rows"], f"{name} has {len(frame)} rows"
    if "first" in spec:
        check_row(frame.iloc[0], spec["first"], name)
    for column, values in spec.get("columns", {}).items():
        assert len(values) == len(frame)
        for i, wanted in enumerate(values):
            check_row(frame.iloc[i], {column: wanted}, f"{name}[{i}]")
    for where in spec.get("where", []):
        found = rows_of(frame, where["key"])
        assert len(found) == 1, f"{name}: {len(found)} rows with {where['key']}"
        check_row(found.iloc[0], where["values"], name)
    for column, wanted in spec.get("minimum", {}).items():
        assert same(frame[column].min(), wanted)
    for total in spec.get("totals", []):
        part = rows_of(frame, total.get("of", {}))
        part = part[~part.index.isin(rows_of(part, total["but"]).index)] if "but" in total else part
        assert len(part) == total.get("rows", len(part))
        assert {column: part[column].sum() for column in total["sums"]} == total["sums"]


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_a_format_is_read_whole(folder, case):
    paths = [folder / name for name in case["inputs"]]
    if "error" in case:
        with pytest.raises(ReadError, match=case["error"]):
            read(*paths)
        return
    study = read(*paths)
    for name in TABLES:
        check_table(getattr(study, name), case["tables"].get(name, {"rows": 0}), name)
    assert study.owner == case["owner"]
    told = [str(note) for note in study.notes]
    missing = [text for text in case["notes"] + case["warnings"] if not any(text in note for note in told)]
    assert not missing, f"no note says {missing}; notes: {told}"
    warned = [str(note) for note in study.notes if note.level in ("warning", "error")]
    assert len(warned) == len(case["warnings"]), warned
    for column, values in case.get("numbers", {}).items():
        assert numbers_in(paths[0], column) == values


def numbers_in(path, column):
    with opened([path]) as (members, _):
        [(_, rows)] = read_grid(members[0])
    place = rows[0].index(column)
    return parse_numbers(pd.Series([row[place] for row in rows[1:] if any(row)])).values.tolist()


@pytest.mark.parametrize("folder", sorted({param.values[0] for param in CASES}))
def test_the_order_of_files_and_reading_them_twice_change_nothing(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "expected.json")
    once, again = read(*paths), read(*reversed(paths), *paths)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(once, name), getattr(again, name), obj=name)
