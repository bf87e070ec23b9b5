"""Paths in, members out: files, folders and zips become one list of things that can be opened, with limits.

Nothing is ever extracted to disk. Limits count real bytes while unpacking (a header may lie), and only of the
members that are read.
"""

from __future__ import annotations

import io
import json
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from engage.messages import UNSAFE_TEXT, Message, ReadError, message
from engage.study import Note

LIMIT, RATIO, SMALL, CHUNK = 1 << 30, 200, 1 << 20, 1 << 16
IGNORED = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|no-data\.txt$|start_here\.html$)")
MEDIA = re.compile(r"\.(jpe?g|png|gif|webp|heic|mp[34]|mov|m4a|aac|wav|webm|srt|avi|mkv)$", re.I)
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError)
WRONG = {  # first bytes of what is neither a table nor an export
    b"\x89PNG": message("a picture"), b"\xff\xd8\xff": message("a picture"), b"GIF8": message("a picture"),
    b"%PDF": message("a PDF document"), b"MZ": message("a program"), b"\x7fELF": message("a program"),
    b"PK\x03\x04": message("a zip or office file"), b"Rar!": message("a RAR archive"),
    b"7z\xbc\xaf": message("a 7-Zip archive"), b"\x1f\x8b": message("a GZIP archive"),
}  # fmt: skip
HALF = re.compile(r"\\u[dD][89a-fA-F]")  # half of a character beyond U+FFFF, as JSON escapes it
DAMAGED = message("{file} is damaged or not complete. Download or copy it again.")


@dataclass
class Budget:
    """How many unpacked bytes may still be read in this import."""

    left: int = LIMIT


@dataclass(eq=False)
class Member:
    """One file, wherever it lies; its bytes are read when they are first asked for.

    `source` is the file that the user gave, `path` where the member lies in it, with forward slashes.
    """

    source: str
    path: str
    opener: Callable[[], IO[bytes]] = field(repr=False)
    budget: Budget = field(repr=False)
    packed: int | None = None
    is_sheet: bool = False
    grid: list[tuple[str, Sequence[list[str]]]] | None = field(default=None, repr=False)
    notes: list[Note] = field(default_factory=list, repr=False)  # what was seen while the grid was read

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix.lower()

    @property
    def label(self) -> str:
        """What notes call this member."""
        return self.path if self.path.startswith(self.source) else f"{self.source}/{self.path}"

    def label_in(self, root: str) -> bool:
        """Whether the member lies in a folder below `root` (a source and a path)."""
        place = f"{self.source}/{self.path}"
        return place.startswith(root) and "/" in place[len(root) :].strip("/")

    @cached_property
    def data(self) -> bytes:
        """All bytes, within the limits. Raises ReadError."""
        return self._read(lambda stream: unpacked(stream, self.packed, self.budget, self.label))

    @cached_property
    def document(self) -> Any:
        """The content of a JSON file; half a character (a lone surrogate) becomes U+FFFD. Raises ReadError."""
        try:
            text = self.data.decode("utf-8-sig")
            if text.startswith("window."):  # X writes its JSON as the value of a variable
                text = text.partition("=")[2]
            document = json.loads(text)
            if HALF.search(text):
                whole = json.dumps(document, ensure_ascii=False).encode("utf-16", "surrogatepass")
                document = json.loads(whole.decode("utf-16", "replace"))
            return document
        except (ValueError, RecursionError) as error:
            raise ReadError(message("{file} is not complete, valid JSON. Get it again.", file=self.label)) from error

    @cached_property
    def head(self) -> bytes:
        """The first bytes, so that a large file of a wrong kind is not read whole. Raises ReadError."""
        return self._read(lambda stream: stream.read(512))

    def _read(self, how: Callable[[IO[bytes]], bytes]) -> bytes:
        try:
            with self.opener() as stream:
                return how(stream)
        except BROKEN as error:
            raise ReadError(replace(DAMAGED, values={"file": self.label})) from error

    @property
    def looks_like_json(self) -> bool:
        return self.head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")

    def close(self) -> None:
        """Forget the bytes."""
        self.grid = None
        for name in ("data", "document"):
            self.__dict__.pop(name, None)


def unpacked(stream: IO[bytes], packed: int | None, budget: Budget, label: str) -> bytes:
    """Read a stream whole, counting. Raises ReadError where a limit is passed."""
    chunks, size = [], 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        budget.left -= len(chunk)
        if budget.left < 0:
            raise ReadError(message("{file} goes beyond 1 GB of unpacked data. Bring fewer files.", file=label))
        if packed is not None and size > SMALL and size > RATIO * max(packed, 1):
            raise ReadError(message("{file} unpacks to far more than its size and was not read.", file=label))
        chunks.append(chunk)
    return b"".join(chunks)


def problem(member: Member) -> Message | None:
    """What keeps a member's bytes from being text, JSON or a workbook; None when nothing does."""
    file, head = member.label, member.head
    kind = next((kind for magic, kind in WRONG.items() if head.startswith(magic)), None)
    if kind and not member.is_sheet:
        return message("{file} is {kind}, not a table or export. Bring CSV, XLSX, JSON or a zip.", file=file, kind=kind)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        return message("{source} holds web pages (HTML). Order the export again and choose JSON.", source=member.source)
    if not member.data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return message("{file} is empty.", file=file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in member.data:
            return message("{file} is protected by a password. Save it without one and bring it again.", file=file)
        return message("{file} is an old Excel file. Open it and save it as XLSX.", file=file)
    return None


@contextmanager
def opened(paths: Iterable[str | Path]) -> Iterator[tuple[list[Member], list[Note]]]:
    """List everything that can be opened under some paths, in an order that does not depend on theirs."""
    with ExitStack() as stack:
        box = _Box(stack)
        given = [Path(path).expanduser() for path in paths]
        names = Counter(path.name for path in set(given))
        for path in given:  # two files of one name, as of two months, are told apart by their folders
            box.add(path, f"{path.parent.name}/{path.name}" if names[path.name] > 1 else path.name)
        if box.media:
            box.notes.append(Note("info", "", message("Pictures and videos, not opened: {n}.", n=box.media), box.media))
        yield sorted(box.members, key=lambda m: (m.source, m.path)), list(dict.fromkeys(box.notes))


class _Box:
    """Collects members and notes while paths are walked."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.budget, self.media = stack, Budget(), 0
        self.members: list[Member] = []
        self.notes: list[Note] = []

    def warn(self, source: str, what: Message) -> None:
        self.notes.append(Note("warning", source, what))

    def add(self, path: Path, shown: str) -> None:
        name = UNSAFE_TEXT.sub("", shown or str(path))
        try:
            if path.is_dir():
                self.folder(path.resolve(), name)
            elif path.is_file():
                self.file(path, name, name)
            else:
                self.warn(name, message("There is no file or folder called {file}. Check its name.", file=name))
        except OSError:
            self.shut(name, name)

    def shut(self, source: str, file: str) -> None:
        self.warn(source, message("{file} may not be opened. Check who owns it.", file=file))

    def folder(self, root: Path, name: str) -> None:
        walk = os.walk(root, onerror=lambda error: self.shut(name, Path(error.filename or name).name))
        for folder, _, files in walk:  # links to folders are not followed
            for each in sorted(files):
                file = Path(folder) / each
                try:
                    if file.resolve(strict=True).is_relative_to(root):
                        self.file(file, name, file.relative_to(root).as_posix())
                    else:
                        self.warn(name, message("The link {file} leads out of the folder and was skipped.", file=each))
                except PermissionError:
                    self.shut(name, each)
                except (OSError, RuntimeError):  # a circle of links, or a link to what is gone
                    self.warn(name, message("The link {file} leads nowhere and was skipped.", file=each))

    def file(self, file: Path, source: str, path: str) -> None:
        if IGNORED.search(path) or not file.is_file():
            return
        path = UNSAFE_TEXT.sub("", path)
        if MEDIA.search(path):
            self.media += 1
            return
        try:
            with file.open("rb") as stream:
                magic = stream.read(4)
        except OSError:
            self.shut(source, path)
            return
        if magic.startswith(b"PK") or file.suffix.lower() == ".zip":
            self.archive(lambda: file.open("rb"), source if source != path else "", path)
        elif path.lower().endswith(".xz"):
            size = file.stat().st_size
            self.members.append(Member(source, path[:-3], partial(lzma.open, file), self.budget, size))
        else:
            self.members.append(Member(source, path, lambda: file.open("rb"), self.budget))

    def archive(self, opener: Callable[[], IO[bytes]], outer: str, path: str, depth: int = 0) -> None:
        """Add the members of a zip; a workbook is a zip too, and is one member."""
        source = f"{outer}/{path}" if outer else path
        try:
            packed = self.stack.enter_context(zipfile.ZipFile(self.stack.enter_context(opener())))
            infos = packed.infolist()
        except BROKEN:
            self.notes.append(Note("error", source, replace(DAMAGED, values={"file": source})))
            return
        names = {info.filename for info in infos}
        if "[Content_Types].xml" in names:
            member = Member(source, PurePosixPath(path).name, opener, self.budget)
            member.is_sheet = any(name.startswith("xl/") for name in names)
            self.members.append(member)
            return
        if not infos:
            self.warn(source, message("{file} is an empty zip.", file=source))
        for info in infos:
            inside = info.filename.replace("\\", "/")
            shown = UNSAFE_TEXT.sub("", inside)
            if info.is_dir() or IGNORED.search(inside):
                continue
            if inside.startswith("/") or ".." in inside.split("/") or re.match("[A-Za-z]:", inside):
                self.warn(source, message("The member {file} points outside the zip and was skipped.", file=shown))
            elif stat.S_ISLNK(info.external_attr >> 16):
                self.warn(source, message("The member {file} is a link and was skipped.", file=shown))
            elif MEDIA.search(inside):
                self.media += 1
            elif info.flag_bits & 1:
                self.warn(source, message("{file} is protected by a password. Unpack it and bring the folder.",
                                          file=source))  # fmt: skip
            else:
                member = Member(source, shown, partial(packed.open, info), self.budget, info.compress_size)
                if inside.lower().endswith(".xz"):  # what instaloader writes; it is named without
                    member.path, member.opener = shown[:-3], partial(_unsqueezed, packed, info)
                if PurePosixPath(inside).suffix.lower() in (".zip", ".xlsx", ".xlsm"):
                    self.nested(member, depth)
                else:
                    self.members.append(member)

    def nested(self, member: Member, depth: int) -> None:
        if depth >= 1 and member.suffix == ".zip":
            self.warn(member.source, message("{file} is a zip in a zip in a zip. Unpack it first.", file=member.path))
            return
        try:
            self.archive(partial(io.BytesIO, member.data), member.source, member.path, depth + 1)
        except ReadError as error:
            self.notes.append(Note("error", member.source, error.message))


def _unsqueezed(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    return lzma.open(packed.open(info))
