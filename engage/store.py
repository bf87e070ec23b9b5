"""A study on disk: versions in Parquet, the one-line file CURRENT, settings; open and save.

A save writes a new version beside the old one and then replaces CURRENT, so that a save which is killed at
any moment leaves the old study. The previous version is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engage.messages import EngageError, Message, StudyError, message
from engage.study import TABLES, Note, Settings, Study
from engage.visit import visit

FORMAT = 1
GRACE = 600
"""Seconds before an old version is removed: another page may be reading it, or about to name it."""
KEY = "names.key"
SAFE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def home() -> Path:
    """The folder that holds the user's studies and the drop folder: ENGAGE_HOME, else ~/engage."""
    return Path(os.environ.get("ENGAGE_HOME") or Path.home() / "engage")


def study_id(title: str) -> str:
    """Turn a title into a short name that is safe in a path and in a link."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48] or "study"


def new_id(title: str) -> str:
    """Return `study_id(title)`, numbered so that no saved study bears it."""
    return _unused(home() / "studies", study_id(title)).name


def _unused(folder: Path, wanted: str) -> Path:
    """A place in a folder that nothing takes: the name that is wanted, or that name with a number."""
    name, number = wanted, 1
    while (folder / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return folder / name


def _absent(name: str) -> StudyError:
    return StudyError(message("There is no study called {name}. Choose one on the start page.", name=name))


def _folder(where: str | Path) -> Path:
    """A bare id means a study in the home folder; anything with a slash, or a Path, is a folder."""
    if isinstance(where, str) and SAFE_ID.fullmatch(where):
        inside = home() / "studies" / where
        return inside if inside.exists() or not Path(where).exists() else Path(where)
    return Path(where).expanduser()


def save(study: Study, where: str | Path = "") -> Path:
    """Save a study; return its folder.

    Parameters
    ----------
    where
        A folder, or a bare name, which means a folder in the home folder (`ENGAGE_HOME`, else `~/engage`).
        Left out: the study's own id.

    Raises
    ------
    StudyError
        When the folder cannot be written, or holds something that is not a study.
    """
    folder = _folder(where or study.id or new_id(study.settings.title or study.owner.partition(":")[2]))
    versions = folder / "versions"
    try:
        if folder.exists() and not versions.exists() and any(folder.iterdir()):
            raise StudyError(message("The folder {folder} holds other files. Choose an empty one.", folder=str(folder)))
        versions.mkdir(parents=True, exist_ok=True)
        fresh = versions / f".new-{uuid.uuid4().hex}"
        fresh.mkdir()
        previous = _current(folder)
        _write_version(study, fresh, previous)
        number = 1 + max((int(path.name) for path in versions.iterdir() if path.name.isdigit()), default=0)
        while True:
            try:
                fresh.rename(versions / str(number))
                break
            except OSError:
                if not (versions / str(number)).exists():
                    raise
                number += 1
        _replace_settings(folder, study.settings)
        _replace(folder / "CURRENT", f"{number}\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StudyError(
            message("The study could not be saved in {folder}: {reason}.", folder=str(folder), reason=reason)
        ) from error
    _tidy(versions, keep=(previous, str(number)))
    return folder


def open_study(where: str | Path = "") -> Study:
    """Open a saved study.

    Without an argument: the study named in the page's address (`?study=`), else the one last used, else an
    empty study. A page must always come up, so then a missing study is a note and not an error.

    Raises
    ------
    StudyError
        When `where` is given and holds no study, or one that cannot be read.
    """
    if not where:
        asked, last = visit().get("study"), home() / "LAST"
        name = asked  # an empty `?study=` asks for a new one
        if asked is None:
            name = last.read_text(errors="replace").strip() if last.is_file() else ""
        if not name:
            return Study()
        try:
            if not SAFE_ID.fullmatch(name):
                raise _absent(name)
            return open_study(home() / "studies" / name)
        except StudyError as error:
            return Study(notes=(Note("error", "", error.message),) if asked else ())
    folder = _folder(where)
    try:
        if not (folder / "CURRENT").is_file():
            raise FileNotFoundError
    except (OSError, ValueError) as error:
        raise _absent(folder.name[:80]) from error
    try:
        number = int(_current(folder))
        version = folder / "versions" / str(number)
        manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise StudyError(
                message("The study {name} was saved by another version of engage. Update engage.", name=folder.name)
            )
        wanted = [name for name in (*TABLES, "truth") if name in manifest["tables"]]
        frames = {name: pd.read_parquet(version / f"{name}.parquet") for name in wanted}
        notes = tuple(Note(n["level"], n["source"], _unpack(n["message"]), n["count"]) for n in manifest["notes"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(
            message("The study {name} is damaged and cannot be opened. Import its files again.", name=folder.name)
        ) from error
    truth = frames.pop("truth", None)
    name = folder.name if folder.resolve().parent == (home() / "studies").resolve() else ""
    return Study(**frames, notes=notes, settings=read_settings(folder), truth=truth, id=name, version=number)


def current_version(study: Study) -> int:
    """The number of the version that is on disk now; 0 when the study is not there, or no longer."""
    current = _current(home() / "studies" / study.id) if study.id else ""
    return int(current) if current.isdigit() else 0


def previous_version(study: Study) -> dt.datetime | None:
    """When the version before the one on disk was saved; None when there is none to go back to."""
    before = _previous(home() / "studies" / study.id) if study.id else None
    return pd.Timestamp(before.stat().st_mtime, unit="s", tz="UTC") if before else None


def go_back(study: Study) -> Study:
    """Make the version before the one on disk the current one, and open it; nothing is removed.

    Raises
    ------
    StudyError
        When there is no earlier version.
    """
    folder = home() / "studies" / study.id
    before = _previous(folder) if study.id else None
    if before is None:
        raise StudyError(message("There is no earlier version of this study."))
    _replace(folder / "CURRENT", f"{before.name}\n")
    return open_study(folder)


def remove(name: str) -> Path:
    """Take a study out of the list; return the folder in which it still lies, in case it was a mistake."""
    source = home() / "studies" / name
    if not SAFE_ID.fullmatch(name) or not source.is_dir():
        raise _absent(name)
    target = _unused(home() / "removed", name)
    target.parent.mkdir(parents=True, exist_ok=True)
    return source.rename(target)


def key_of(study: Study) -> bytes | None:
    """The key of a study's codes, which lies beside it (see `engage.pseudonymise`); None when there is none."""
    try:
        return bytes.fromhex((home() / "studies" / study.id / KEY).read_text(encoding="ascii")) if study.id else None
    except (OSError, ValueError):
        return None


def keep_key(study: Study, key: bytes | None) -> Path:
    """Lay the key of a saved study's codes beside it, readable by its owner only; None deletes it."""
    path = home() / "studies" / study.id / KEY
    if key:
        _replace(path, key.hex(), mode=0o600)
    else:
        path.unlink(missing_ok=True)
    return path


def read_settings(folder: Path) -> Settings:
    """Read settings.json; a missing or broken file gives the defaults."""
    try:
        values = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    return Settings.from_dict(values if isinstance(values, dict) else {})


def save_settings(study: Study, **changes: Any) -> Study:
    """Change some settings of a study, atomically, and return the study with them.

    Those of a saved study are read anew first, so that another page's change is kept. A study that is not in the
    home folder has no id and only changes here.

    Raises
    ------
    StudyError
        When the study was saved and is no longer there.
    """
    folder = home() / "studies" / study.id
    saved = bool(study.id)
    if saved and not folder.exists():
        raise StudyError(message("The study {name} is no longer on this computer, so this was not kept. The page still"
                                 " shows what it had read.", name=study.id))  # fmt: skip
    settings = replace(read_settings(folder) if saved else study.settings, **changes)
    if saved:
        _replace_settings(folder, settings)
    return study.with_(settings=settings)


def remember(study: Study) -> None:
    """Make a saved study the one that pages open when their address names none (JupyterLab)."""
    home().mkdir(parents=True, exist_ok=True)
    _replace(home() / "LAST", study.id)


def saved_studies() -> list[str]:
    """The ids of the studies in the home folder, the newest first."""
    marks = sorted((home() / "studies").glob("*/CURRENT"), key=lambda mark: mark.stat().st_mtime, reverse=True)
    return [mark.parent.name for mark in marks if SAFE_ID.fullmatch(mark.parent.name)]


def _current(folder: Path) -> str:
    """The version that CURRENT names; empty when there is none."""
    current = folder / "CURRENT"
    return current.read_text(encoding="utf-8", errors="replace").strip() if current.exists() else ""


def _previous(folder: Path) -> Path | None:
    """The folder of the version that the current one was saved over."""
    try:
        manifest = json.loads((folder / "versions" / _current(folder) / "manifest.json").read_text(encoding="utf-8"))
        number = str(manifest["previous"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    before = folder / "versions" / number
    return before if number.isdigit() and (before / "manifest.json").is_file() else None


def _tidy(versions: Path, keep: tuple[str, ...]) -> None:
    """Remove what is neither kept nor newer, once it is old enough that no other process is at work with it."""
    newest, long_ago = int(keep[-1]), dt.datetime.now().timestamp() - GRACE
    for old in versions.iterdir():
        with suppress(OSError):
            stale = old.name.isdigit() and int(old.name) < newest and old.name not in keep
            if (stale or old.name.startswith(".new-")) and old.stat().st_mtime < long_ago:
                shutil.rmtree(old, ignore_errors=True)


def _write_version(study: Study, folder: Path, previous: str) -> None:
    frames = {name: frame for name, frame in study.tables.items() if len(frame)}
    if study.truth is not None:
        frames["truth"] = study.truth
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    notes = [{"level": n.level, "source": n.source, "message": _pack(n.message), "count": n.count} for n in study.notes]
    manifest = {"format": FORMAT, "tables": list(frames), "notes": notes, "previous": previous}
    _replace(folder / "manifest.json", json.dumps(manifest, indent=1))


def _replace_settings(folder: Path, settings: Settings) -> None:
    _replace(folder / "settings.json", json.dumps(settings.to_dict(), indent=1))


def _replace(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a small file so that a reader sees the old one or the new one, whole."""
    fresh = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    fresh.touch(mode)
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _pack(value: Any) -> Any:
    """Turn a Message and its values into JSON."""
    if isinstance(value, EngageError):
        value = value.message
    if isinstance(value, Message):
        return {"$key": value.key, "plural": value.plural, "values": {k: _pack(v) for k, v in value.values.items()}}
    if isinstance(value, (list, tuple)):
        return [_pack(part) for part in value]
    if pd.isna(value):
        return None
    if isinstance(value, (dt.date, np.datetime64)):
        return {"$date": pd.Timestamp(value).isoformat()}
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _unpack(value: Any) -> Any:
    if isinstance(value, dict) and "$key" in value:
        if not isinstance(value["$key"], str) or not isinstance(value["plural"], str):
            raise TypeError("$key")
        return Message(value["$key"], {k: _unpack(v) for k, v in value["values"].items()}, value["plural"])
    if isinstance(value, dict) and "$date" in value:
        return dt.datetime.fromisoformat(value["$date"])
    return [_unpack(part) for part in value] if isinstance(value, list) else value


@dataclass(frozen=True, eq=False)
class Shelf:
    """The saved studies: one row each with id, title, purpose, saved_at; the newest first."""

    studies: pd.DataFrame


def studies() -> Shelf:
    """List the studies in the home folder."""
    visit()  # a kernel that was started early must look when its page is asked for, not before
    rows = []
    for name in saved_studies():
        folder = home() / "studies" / name
        kept = read_settings(folder)
        at = pd.Timestamp((folder / "CURRENT").stat().st_mtime, unit="s", tz="UTC")
        rows.append((name, kept.title or name, kept.purpose, at))
    return Shelf(pd.DataFrame(rows, columns=["id", "title", "purpose", "saved_at"]))


@dataclass(frozen=True, eq=False)
class Inbox:
    """The drop folder: `files` has one row a file or folder in it, with name and bytes."""

    folder: Path
    files: pd.DataFrame


def inbox() -> Inbox:
    """Look into the drop folder of the home folder; it is made when it is not there."""
    visit()
    folder = home() / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    found = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    rows = [(path.name, path.stat().st_size if path.is_file() else 0) for path in found]
    return Inbox(folder, pd.DataFrame(rows, columns=["name", "bytes"]))
