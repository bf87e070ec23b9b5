"""Raw files in, a Study out. Each reader module says what it claims, and makes Parts of it."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import reduce
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from engage.messages import Message, ReadError, message
from engage.pseudonyms import NO_KEY, pseudonymise
from engage.readers import (
    apify_instagram,
    apify_tiktok,
    facebook_page,
    graph_api,
    instagram_export,
    instagrapi,
    instaloader,
    meta_content,
    meta_daily,
    names,
    phantombuster,
    shopee,
    shopify,
    spreadsheet,
    tiktok_api,
    tiktok_export,
    tiktok_shop,
    tiktok_studio,
    x_analytics,
    x_archive,
    youtube_api,
    youtube_studio,
)
from engage.readers.columns import Mapping as TableMapping
from engage.readers.dates import plausible
from engage.readers.files import Member, opened, problem
from engage.readers.merge import extended, merge
from engage.readers.part import Options, Part
from engage.readers.spreadsheet import Sheet
from engage.readers.text import read_grid
from engage.readers.titles import summary
from engage.study import Note, Settings, Study

BUNDLES: tuple[Any, ...] = (instagram_export, tiktok_export, x_archive)
"""Exports of many files, of which only those with a role are opened. A bundle has `role_of`, `root`, `PRIVATE`."""
DOCUMENTS: tuple[Any, ...] = (
    phantombuster, apify_instagram, instaloader, instagrapi, apify_tiktok, tiktok_api, tiktok_export, youtube_api,
    graph_api,
)  # fmt: skip
"""Readers of JSON and the like, each a file or a few."""
KNOWN: tuple[Any, ...] = (
    meta_content, meta_daily, facebook_page, tiktok_studio, youtube_studio, x_analytics, shopee, tiktok_shop, shopify,
)  # fmt: skip
"""Readers of tables that their headers tell."""
TABLES: tuple[Any, ...] = (*KNOWN, spreadsheet, names)
READERS: tuple[Any, ...] = (*BUNDLES, *DOCUMENTS, *TABLES)
"""In this order each file is offered to `claims`; the first that takes it reads it. A reader with `TOGETHER` gets all
its files at once."""
EXPORTED = (".json", ".html", ".txt", ".js", "")
NOTHING = message("There is no file to read. Bring an export, a table or a list of names.")
USELESS = message("The files are of a known kind, but nothing in them can be used.")
NEVER_READ = re.compile(r"(?:^|/)(?:_|README|truth[^/]*\.(?:parquet|csv)$)", re.I)
Progress = Callable[[Message, float], None]
MEMBERS, ALIKE = 5_000, 10  # files that are opened, and notes of one kind that are shown
log = logging.getLogger(__name__)
logging.getLogger("engage").addHandler(logging.NullHandler())  # nothing goes to stderr unless somebody asks for it


def read(
    *paths: str | Path,
    settings: Settings | None = None,
    mappings: Mapping[str, TableMapping] | None = None,
    progress: Progress | None = None,
    extending: Study | None = None,
    key: bytes | None = None,
) -> Study:
    """Read any mix of supported files, folders and zips into one study, or into one that is there already.

    Parameters
    ----------
    mappings
        How tables are read, by `engage.readers.spreadsheet.signature` of their headers; what is not named here or
        in `settings.mappings` is guessed.
    progress
        Called between files with what is being read and the share done, 0 to 1; it may raise to cancel.
    extending
        A study that the files add to, such as last month's. What is newer wins, whichever was read first; followers
        who are no longer listed stay, with `last_seen_at` (see `Study.gone`).
    key
        Put codes in the place of people's names, the same ones for the same key (see `engage.pseudonymise`).

    Returns
    -------
    Study
        Its notes say what was read, guessed and dropped, and what looks wrong.

    Raises
    ------
    ReadError
        When nothing in any file could be recognised, or nothing could be read of what was; or when the study to
        extend holds codes and no key is given.
    """
    if extending is not None and extending.settings.pseudonymous and not key:
        raise ReadError(NO_KEY)
    settings = settings or (extending.settings if extending else Settings())
    options = Options(settings, {**settings.mappings, **(mappings or {})})
    tell = progress or (lambda what, share: None)
    with opened(paths) as (members, notes):
        claimed = _sort(members, notes, options, tell)
        parts: list[Part] = []
        together = {reader for reader in claimed if getattr(reader, "TOGETHER", False)}
        work = [(reader, some) for reader, own in claimed.items()
                for some in ([own] if reader in together else [[member] for member in own])]  # fmt: skip
        for done, (reader, some) in enumerate(work):
            tell(message("Reading {file}", file=some[0].label), 0.9 + 0.1 * done / len(work))
            own = _parts(reader, some, options, notes)
            if any(len(frame) for part in own for frame in part.tables.values()):
                notes.append(summary(reader, some, own))
            parts += own
            notes += [note for member in some for note in member.notes]
        notes = list(_grouped(notes))
        told = [note for part in parts for note in part.notes] + notes
        filled = any(len(frame) for part in parts for frame in part.tables.values())
        if not parts or (not filled and any(note.level == "error" for note in told)):
            wrong = [note.message for note in told if note.level in ("warning", "error")]
            reasons = list(dict.fromkeys(wrong))[: ALIKE + 2] or [USELESS if claimed else NOTHING]
            raise ReadError(reduce(lambda a, b: message("{first} {rest}", first=a, rest=b), reasons))
        tell(message("Putting the tables together"), 1.0)
    if not filled and not any(note.level == "warning" for note in told):
        notes.append(Note("warning", "", USELESS))
    fresh = merge(parts, settings, notes)
    if key:
        fresh = pseudonymise(fresh, key)
        extending = pseudonymise(extending, key) if extending else None
    return extended(fresh, extending) if extending else fresh


def _grouped(notes: Iterable[Note]) -> Iterator[Note]:
    """Of notes that say the same of many files the first ones, and how many more there are."""
    alike: dict[object, list[Note]] = defaultdict(list)
    for note in dict.fromkeys(notes):
        alike[note.level, note.message.key if note.message.values.keys() == {"file"} else note].append(note)
    for same in alike.values():
        yield from same[:ALIKE]
        if rest := same[ALIKE:]:
            text = message("The same holds for {file} and others: {n}.", n=len(rest), **rest[0].message.values)
            yield Note(rest[0].level, "", text, len(rest))


def sheets(*paths: str | Path, mappings: Mapping[str, Any] | None = None) -> list[Sheet]:
    """Say how each table that is read by its columns is read, for a screen on which that can be corrected.

    Tables whose headers say nothing are among them, with an empty mapping.
    """
    found: list[Sheet] = []
    with opened(paths) as (members, _):
        claimed = _sort(members, [], Options(Settings(), dict(mappings or {})), lambda what, share: None)
        taken = {id(member) for reader, own in claimed.items() if reader is not spreadsheet for member in own}
        for member in members:
            if id(member) not in taken and member.suffix in (".csv", ".tsv", ".xlsx"):
                with suppress(ReadError):
                    found += spreadsheet.inspect_sheet(member, mappings)
    return found


def samples() -> list[str]:
    """The names of the samples that come with engage."""
    return sorted(folder.name for folder in _samples().iterdir() if folder.is_dir()) if _samples().is_dir() else []


def sample(name: str) -> Study:
    """Read the raw files of a sample; `study.truth` is None.

    Raises
    ------
    ReadError
        When there is no sample of that name.
    """
    if name not in samples():
        raise ReadError(message("There is no sample called {name}. There are: {names}.", name=name, names=samples()))
    folder = _samples() / name
    paths = sorted(p for p in folder.iterdir() if not NEVER_READ.search(p.name))
    return read(*paths, settings=Settings(title=name))


def _samples() -> Path:
    inside = Path(str(resources("engage"))) / "_samples"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "data" / "samples"


def _sort(members: list[Member], notes: list[Note], options: Options, tell: Progress) -> dict[Any, list[Member]]:
    """Which reader takes which member; members that none takes are named in notes."""
    claimed: dict[Any, list[Member]] = {reader: [] for reader in READERS}
    seen: set[str] = set()
    roots: set[str] = set()
    left = opened_ = 0
    candidates = sorted(members, key=lambda m: not any(bundle.role_of(m) for bundle in BUNDLES))
    for i, member in enumerate(candidates):
        tell(message("Reading {file}", file=member.label), 0.9 * i / len(members))
        rest = any(member.label_in(root) for root in roots) and member.suffix in EXPORTED
        rest = rest or any(bundle.PRIVATE.search(member.path) for bundle in BUNDLES)
        try:
            possible = [bundle for bundle in BUNDLES if bundle.role_of(member)]
            opened_ += bool(possible or not rest)
            fits = (bundle for bundle in possible if opened_ <= MEMBERS and bundle.claims(member, options))
            if bundle := next(fits, None):
                claimed[bundle].append(member)
                roots.add(bundle.root(member))
            elif rest:
                left += 1  # the rest of an export (messages, contacts, places) is never opened
            elif opened_ > MEMBERS:
                continue
            elif what := problem(member):
                notes.append(Note("warning", member.source, what))
            else:
                mark = hashlib.sha256(member.data + names.liked_post(member).encode()).hexdigest()
                if mark in seen:
                    text = message("{file} is a copy of another.", file=member.label)
                    notes.append(Note("info", member.source, text))
                    continue
                seen.add(mark)
                later = None if member.looks_like_json else spreadsheet.not_yet(member)
                tables = (*KNOWN, spreadsheet) if later else (*DOCUMENTS, *TABLES)
                readers = DOCUMENTS if member.looks_like_json else tables
                if reader := next((r for r in readers if r.claims(member, options)), None):
                    claimed[reader].append(member)
                else:
                    notes.append(Note("warning", member.source, later or _unknown(member)))
        except ReadError as error:
            notes.append(Note("error", member.source, error.message))
    if opened_ > MEMBERS:
        text = message("Only the first {n} files were opened, of {of}. Bring fewer.", n=MEMBERS, of=opened_)
        notes.append(Note("warning", "", text, opened_ - MEMBERS))
    if left:
        notes.append(Note("info", "", message("Other files of the export, not opened: {n}.", n=left), left))
    return {reader: own for reader, own in claimed.items() if own}


def _parts(reader: Any, members: list[Member], options: Options, notes: list[Note]) -> list[Part]:
    """Run one reader; a file on which it stumbles becomes a note, so that the others are not lost."""
    try:
        return [_dated(part, members[0].source) for part in reader.read(members, options)]
    except ReadError as error:
        notes.append(Note("error", members[0].source, error.message))
    except Exception:  # a hostile file found a way that no check foresaw
        log.exception("%s could not read %s", reader.__name__, [member.label for member in members])
        if len(members) > 1:
            return [part for member in members for part in _parts(reader, [member], options, notes)]
        text = message("{file} could not be read: its content is not what it should be.", file=members[0].label)
        notes.append(Note("error", members[0].source, text))
    return []


def _dated(part: Part, source: str) -> Part:
    """A part without instants that cannot be, whether or not its reader looks at its own clock."""
    for name, frame in part.tables.items():
        for column in frame.select_dtypes("datetimetz"):
            values, notes = plausible(frame[column], frame[column], source, column)
            part.tables[name] = part.tables[name].assign(**{column: values})
            part.notes += notes
    return part


def _unknown(member: Member) -> Message:
    """What was seen in a file that no reader knows, and what can be done."""
    try:
        if member.looks_like_json:
            document = member.document
            first = document[0] if isinstance(document, list) and document else document
            seen = [str(key)[:40] for key in first][:8] if isinstance(first, dict) else []
            return message("{file} is JSON that is not known to us; it holds {seen}. Bring the whole export as a zip.",
                           file=member.label, seen=seen)  # fmt: skip
        sheets = read_grid(member)
        row = next((row for _, rows in sheets for row in rows if any(row)), [])
    except ReadError as error:
        return error.message
    seen = [cell[:40] for cell in row if cell][:8]
    return message("{file} was not recognised; its first columns are: {seen}. Name its columns, for example "
                   "username, date, likes.", file=member.label, seen=seen)  # fmt: skip
