"""Hostile and broken files: 10,000 mutants of every sample and format, and what becomes of each.

Writes docs/mutants.md. Run with `make study`; it takes about a quarter of an hour on two processors.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mutants import BAD, GOOD, MEMORY, SECONDS, Ending, all_endings, folders
from mutations import MUTATIONS

MUTANTS = 10_000
PAGE = Path(__file__).parents[1] / "docs" / "mutants.md"
HEADS = {
    "refused": "refused",
    "told": "study, told",
    "changed": "study, other values",
    "the same": "study, the same",
    **{kind: kind for kind in BAD},
}


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def counted(endings: list[Ending], what: str, by: Callable[[Ending], str]) -> str:
    """A table of how many ended how, with a row for each name that `by` gives and one for all."""
    found: dict[str, Counter[str]] = {}
    for end in endings:
        found.setdefault(by(end), Counter())[end.kind] += 1
    found = dict(sorted(found.items())) | {"all": Counter(end.kind for end in endings)}
    lines = [row([what, "mutants", *HEADS.values()]), row(["---"] * (len(HEADS) + 2))]
    for name, kinds in found.items():
        lines.append(row([name, f"{kinds.total():,}", *(f"{kinds[kind]:,}" for kind in HEADS)]))
    return "\n".join(lines)


def failures(endings: list[Ending]) -> str:
    bad = [
        f"- {end.mutant.name}: {end.kind}. {' '.join(end.detail.split())[:200]}" for end in endings if end.kind in BAD
    ]
    return "\n".join(bad) or "None."


def main() -> int:
    endings = sorted(all_endings(MUTANTS), key=lambda end: end.mutant.number)
    today = f"{dt.date.today():%-d %B %Y}"
    ways = sum(map(len, MUTATIONS.values()))
    text = f"""# What becomes of hostile and broken files

Written by `make study` on {today}: {len(endings):,} mutants of {len(folders())} formats and samples, made in
{ways} ways (`tools/mutations.py` and its neighbours; the same mutant for the same number). Each was read alone or among
its neighbours, in a process that may take {MEMORY / 1e9:g} GB more than it began with, and {SECONDS} seconds of the
processor for a mutant. `python tools/mutants.py 4711` makes and reads the mutant of that number again. `make test`
reads the first 500.

- **refused**: a `ReadError`, which is a sentence in every language.
- **study, told**: a study with a note that the whole file does not have.
- **study, other values**: a study that differs without a further note; nobody can see that a like was added or a letter
  changed.
- **study, the same**: what was spoiled is not read, or could be made good.
- **last net**: only the net around all readers caught it ("its content is not what it should be").
- **wrong study**: one that is another once saved and opened, or that cannot be segmented, whose notes are no
  sentences, or with values that cannot be: a count of a trillion, a time in the future, letters that deceive.
- **crash**: any other exception, or the end of the process.

## By kind of mutation
{counted(endings, "layer", lambda end: end.mutant.layer)}

## By format
{counted(endings, "format", lambda end: end.mutant.folder)}

## By mutation
{counted(endings, "mutation", lambda end: f"{end.mutant.layer}: {end.mutant.mutation}")}

## What ended badly
{failures(endings)}
"""
    PAGE.write_text(text, encoding="utf-8")
    return int(any(end.kind not in GOOD for end in endings))


if __name__ == "__main__":
    sys.exit(main())
