"""Every sample and every format we read, spoiled in every way of `mutations`: what becomes of each mutant?

A mutant has a number, and is the same for the same number. `python tools/mutants.py 4711` makes and reads one, and
`--keep DIR` leaves its files there. `endings` reads many, in processes of their own with a limit of memory and time.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import json
import logging
import lzma
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import page_mutations  # noqa: F401  each registers its own
import pandas as pd
import table_mutations  # noqa: F401
from mutations import MUTATIONS
from packed_mutations import unzipped, zipped

import engage
from engage.messages import UNSAFE_TEXT, ReadError
from engage.readers import NEVER_READ
from engage.study import TABLES, Study
from engage.words import LANGUAGES, Words

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_261_124
GOOD = ("refused", "told", "changed", "the same")
"""A ReadError; a study with a note that the whole file does not have; other values, which nobody can know to be wrong;
the same study."""
BAD = ("last net", "wrong study", "crash", "too much memory", "too slow")
"""Only the net that catches everything caught it; a study that cannot be kept or used, or holds what cannot be; any
other exception; the limits."""
MEMORY, SECONDS = 1_500_000_000, 30
"""More bytes than the process had when it began, and seconds of the processor: many times what any sample needs."""
SOUND: set[str] = set()  # marks of tables that were looked at, so that the same ones are not looked at again
LARGE = 150_000  # bytes of a folder whose files are read alone
MOST, LONGEST = 1e12, 4_000  # of anything that is counted; letters in a note, and in an error of a dozen notes
FIRST = pd.Timestamp(2004, 1, 1, tz="UTC")


@dataclass(frozen=True)
class Mutant:
    """One file of a folder, spoiled; it is read alone or among its neighbours."""

    number: int
    folder: str
    file: str
    layer: str
    mutation: str
    alone: bool

    @property
    def name(self) -> str:
        return f"{self.number}: {self.folder}/{self.file}: {self.mutation} ({self.layer})"


@dataclass(frozen=True)
class Ending:
    """What became of a mutant: one of GOOD and BAD, and the words for it."""

    mutant: Mutant
    kind: str
    detail: str = ""


@functools.cache
def folders() -> dict[str, dict[str, bytes]]:
    """The files of each format and each sample, by name."""
    found = {}
    for folder in [*sorted((ROOT / "tests" / "formats").iterdir()), *sorted((ROOT / "data" / "samples").iterdir())]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "expected.json")
        found[folder.name] = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in files if not NEVER_READ.search(path.name)
        }
    return {name: files for name, files in found.items() if files}


def layers(name: str, data: bytes) -> set[str]:
    """Which mutations make sense for a file: of a zip also those for what is in it."""
    if name.lower().endswith(".xlsx"):
        return {"book", "zip", "bytes"}
    if data.startswith(b"PK"):
        return {"zip", "bytes"}.union(*(layers(str(inside), content) for inside, content in unzipped(data)))
    if name.endswith(".xz"):
        return layers(name[:-3], lzma.decompress(data))
    start = data[:200].lstrip(b"\xef\xbb\xbf \r\n").lower()
    text = "json" if start[:1] in (b"[", b"{") or start.startswith(b"window.") else "page" if b"<html" in start else ""
    return {text or "table", "bytes", "encoding"}


def spoiled(name: str, data: bytes, layer: str, mutation: str, rng: Random) -> bytes:
    """The bytes of a file after a mutation; in a zip, of one file in it."""
    if data.startswith(b"PK") and not name.lower().endswith(".xlsx") and layer != "zip":
        files = unzipped(data)
        fits = [i for i, (inside, content) in enumerate(files) if layer in layers(str(inside), content)]
        if fits and not (layer == "bytes" and rng.random() < 0.4):
            i = rng.choice(fits)
            files[i] = files[i][0], spoiled(str(files[i][0]), files[i][1], layer, mutation, rng)
            return zipped(files)
    if name.endswith(".xz") and not (layer == "bytes" and rng.random() < 0.4):
        return lzma.compress(spoiled(name[:-3], lzma.decompress(data), layer, mutation, rng))
    return MUTATIONS[layer][mutation](data, rng)


@functools.cache
def deck(folder: str) -> list[tuple[str, str, str]]:
    """Every file and mutation of a folder, shuffled."""
    cards = [(file, layer, mutation) for file, data in folders()[folder].items()
             for layer in sorted(layers(file, data)) for mutation in sorted(MUTATIONS[layer])]  # fmt: skip
    Random(f"{SEED} {folder}").shuffle(cards)
    return cards


def mutant(number: int) -> Mutant:
    """The mutant of a number: folders take turns, and each deals its deck."""
    names = list(folders())
    folder, turn = names[number % len(names)], number // len(names)
    cards = deck(folder)
    large = sum(map(len, folders()[folder].values())) > LARGE
    return Mutant(number, folder, *cards[turn % len(cards)], alone=large or number % 3 > 0)


def write(one: Mutant, where: Path) -> Path:
    """Write the mutant, and its neighbours if it is not alone; return what is to be read."""
    rng = Random(f"{SEED} {one.number}")
    files = folders()[one.folder]
    bad = spoiled(one.file, files[one.file], one.layer, one.mutation, rng)
    for name, data in ({one.file: bad} if one.alone else files | {one.file: bad}).items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(data)
    return where / one.file if one.alone else where


class TooSlowError(BaseException):
    """The time of the processor is up; no `except Exception` may catch it."""


class Net(logging.Handler):
    """Remembers what the readers' last net caught."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.caught.append(record.exc_info[1])


def where_raised(error: BaseException) -> str:
    """The kind of an error, and the last line of engage that it passed."""
    lines = [
        f"{Path(f.filename).name}:{f.lineno}"
        for f in traceback.extract_tb(error.__traceback__)
        if "/engage/" in f.filename
    ]
    return f"{type(error).__name__} at {' < '.join(lines[:-4:-1])}: {str(error)[:80]}"


def state(study: Study) -> tuple[str, frozenset[str]]:
    """A mark of the tables of a study, and its notes."""
    mark = hashlib.sha256()
    for name, frame in study.tables.items():
        if len(frame):
            kinds = name + "".join(map(str, frame.dtypes))
            mark.update((kinds + frame.to_csv(index=False)).encode("utf-8", "replace"))
    return mark.hexdigest(), frozenset(map(str, study.notes))


@functools.cache
def whole(folder: str, file: str) -> tuple[str, frozenset[str]]:
    """The state of the study of good files; `file` is empty for all of a folder."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "files"
        for name, data in folders()[folder].items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        try:
            return state(engage.read(root / file if file else root))
        except ReadError as error:
            return "", frozenset([str(error)])


def wrong_with(study: Study, place: Path) -> Iterator[str]:
    """What a study must not be: one that cannot be kept, opened, used or told, or that holds what cannot be."""
    for note in study.notes:
        yield from wrong_words(note)
    if study.is_empty and not any(note.level in ("warning", "error") for note in study.notes):
        yield "nothing was read, and nothing says so"
    mark, notes = state(study)
    if mark in SOUND:
        return
    SOUND.add(mark)
    if state(engage.open_study(engage.save(study, place / "study"))) != (mark, notes):
        yield "another once it was saved and opened"
    if [path.name for path in (place / "study" / "versions").iterdir()] != ["1"]:
        yield "saved in part"
    engage.segment(study, of=engage.activity(study))
    soon = pd.Timestamp.now("UTC") + pd.Timedelta(days=2)
    for name, frame in study.tables.items():
        for column, kind in TABLES[name].columns.items():
            values = frame[column].dropna()
            where = f"{name}.{column}"
            if kind in ("time", "day") and len(values):
                values = values.dt.tz_localize("UTC") if kind == "day" else values
                if not FIRST <= values.min() <= values.max() <= soon:
                    yield f"{where} from {values.min():%Y} to {values.max():%Y}"
            elif (
                kind in ("count", "number") and len(values) and values.abs().max() > (MOST if kind == "count" else 1e15)
            ):
                yield f"{where} reaches {values.abs().max()}"
            elif kind == "text" and values.str.contains(UNSAFE_TEXT.pattern, regex=True).any():
                yield f"{where} has letters that deceive"
            elif column in ("handle", "follower_id") and len(values) and values.str.len().max() > 100:
                yield f"{where} has {values.str.len().max()} letters"


def wrong_words(what: Any) -> Iterator[str]:
    """A note or an error is a sentence of decent length, in every language."""
    for language in LANGUAGES:
        text = Words(language).say(what)
        if not re.search(r"[.?!…]\W*$", text) or len(text) > LONGEST or UNSAFE_TEXT.search(text):
            yield f"no sentence ({language}, {len(text)} letters): {text[:80]!r}"


def ending(one: Mutant) -> Ending:
    """Read a mutant in this process, and say what became of it."""
    net, log = Net(), logging.getLogger("engage")
    log.addHandler(net)
    kind, detail = "", ""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "files"
        root.mkdir()
        path = write(one, root)
        before, notes = whole(one.folder, one.file if one.alone else "")
        try:
            with limited():
                study = engage.read(path)
                faults = list(dict.fromkeys(wrong_with(study, Path(place))))
            mark, told = state(study)
            if faults:
                SOUND.discard(mark)  # so that every mutant that ends so is counted
            kind = "told" if told - notes else "changed" if mark != before else "the same"
            if faults:
                kind, detail = "wrong study", "; ".join(faults)
        except ReadError as error:
            kind, detail = "refused", str(error)
            if faults := [*wrong_words(error), *map(str, Path(place).glob("study*"))]:
                kind, detail = "wrong study", "; ".join(faults)
        except TooSlowError as error:
            kind, detail = "too slow", where_raised(error)
        except MemoryError as error:
            kind, detail = "too much memory", where_raised(error)
        except Exception as error:
            kind, detail = "crash", where_raised(error)
    log.removeHandler(net)
    if net.caught and kind in (*GOOD, "wrong study"):
        hunger = any(isinstance(error, MemoryError) for error in net.caught)
        kind, detail = "too much memory" if hunger else "last net", where_raised(net.caught[0])
    return Ending(one, kind, detail)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Let the processor work for some seconds only; a busy machine does not count."""

    def stop(*_: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def work(numbers: Iterable[int]) -> None:
    """Read mutants in this process, with little memory more than it has after the first; a line of JSON for each."""
    os.environ["ENGAGE_HOME"] = tempfile.mkdtemp()
    whole("kopi-senja", "pesanan.xlsx")  # what is loaded only when it is first used, is loaded now
    engage.segment(engage.simulate(50, 5, 1))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    for number in numbers:
        print(json.dumps(asdict(ending(mutant(number)))), flush=True)


def endings(numbers: range) -> list[Ending]:
    """Read mutants in a process of their own; one that kills it is a crash, and the rest is read by another."""
    found: list[Ending] = []
    while len(found) < len(numbers):
        rest = numbers[len(found) :]
        command = [sys.executable, __file__, "--range", *map(str, (rest.start, rest.stop, rest.step))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            out, errors = process.communicate()
        for line in out.splitlines():
            told = json.loads(line)
            found.append(Ending(Mutant(**told.pop("mutant")), **told))
        if len(found) < len(numbers):
            found.append(
                Ending(mutant(numbers[len(found)]), "crash", f"the process ended: {process.returncode} {errors[-300:]}")
            )
    return found


def all_endings(n: int, workers: int = 2) -> Iterator[Ending]:
    """Read the first n mutants on several processors, those of one folder after each other."""
    turns = len(folders())
    with ThreadPoolExecutor(workers) as pool:
        for part in pool.map(endings, [range(first, n, turns) for first in range(min(turns, n))]):
            yield from part


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int, nargs="?")
    parser.add_argument("--range", type=int, nargs=3, default=(0, 0, 1))
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    if asked.number is None:
        work(range(*asked.range))
        return 0
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        print(write(mutant(asked.number), asked.keep))
    found = ending(mutant(asked.number))
    print(found.mutant.name, found.kind, found.detail, sep="\n")
    return found.kind not in GOOD


if __name__ == "__main__":
    sys.exit(main())
