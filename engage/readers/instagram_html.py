"""Pages (HTML) of an Instagram export, as the entries that its JSON would have.

Gives what the JSON gives, but the seconds of times and the line breaks of captions. Clock: a fixed UTC-8, all year and
for everybody, printed without a zone (measured on 2,188 likes of an Indonesian and 66 of a Gulf account). Quirks: class
names are generated, so only the structure is read: what lies in <main> (or in what plays its role), links to Instagram,
rows of tables (a label with its value in the same cell, or in a second one), pictures, and texts that are a date as a
whole. Month names are in the language of the app ("fév 22, 2026 8:58 am"). Text is clean UTF-8, unlike the JSON, so it
is given here as JSON would have it: what repairs that then leaves it as it is. Coordinates and devices are never read.
Evidence: pages of October 2025 observed; French and Spanish dates, older pages and nested cards as parsers report them.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser

from engage.messages import ReadError, message
from engage.readers.dates import EVENING
from engage.readers.dates import MONTHS as MONTHS_HERE
from engage.readers.files import Member
from engage.readers.records import Entry
from engage.study import Note

ZONE = dt.timezone(dt.timedelta(hours=-8))
CHUNK, DEPTH, PENDING = 1 << 16, 100, 1 << 20
WRAPPERS = {"div", "section", "article", "li", "ul"}
VOID = {"br", "img", "hr", "meta", "link", "input", "source", "base", "wbr", "col", "embed", "track", "area", "param"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MONTHS = MONTHS_HERE | {
    name: number
    for number, names in enumerate(  # French, Portuguese, Spanish, Italian, German, without accents
        ["janv janvier janeiro ene enero gen gennaio janner", "fev fevr fevrier fevereiro febrero febbraio februar",
         "mars marco marzo marz maerz", "avr avril abr abril aprile", "mai maio mayo mag maggio",
         "juin junho junio giu giugno", "juil juillet julho julio lug luglio", "aout ago agosto",
         "septembre set setembro septiembre settembre", "octobre out outubro octubre ott ottobre",
         "novembre novembro noviembre", "decembre dez dezembro dic diciembre dicembre dezember"], start=1)
    for name in names.split()
}  # fmt: skip
DATE = re.compile(
    r"(?:([^\W\d]{3,12})\.? (\d{1,2})|(\d{1,2})\.? (?:de )?([^\W\d]{3,12})\.?),? (?:de )?(\d{4})"
    r",? (?:at |a |pukul )?(\d{1,2})[:.](\d\d)(?:[:.](\d\d))? ?(a\.? ?m\.?|p\.? ?m\.?|pg|ptg|pagi|petang|sore|malam)?"
)
ELSEWHERE = re.compile(r"\w+:|//|#")  # links to what is not in the export
PROFILE = re.compile(r"https?://(?:www\.)?instagram\.com/", re.I)


def unaccented(text: str) -> str:
    """A text without accents.

    >>> unaccented("Période")
    'Periode'
    """
    return (
        text
        if text.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", text) if c < "\u0300" or c > "\u036f")
    )


def seconds(text: str) -> float | None:
    """The instant that a text as a whole is the date of; 0 when it is one that cannot be read.

    >>> seconds("fév 22, 2026 8:58 am") == seconds("22 Februari 2026 08.58"), seconds("Xyz 5, 2025 3:00 pm")
    (True, 0.0)
    """
    return _instant(text) if 12 <= len(text) <= 60 else None


@lru_cache(maxsize=1 << 14)
def _instant(text: str) -> float | None:
    found = DATE.fullmatch(" ".join(unaccented(text).lower().split()))
    if found is None:
        return None
    first, day, other, second, year, hour, minute, rest, half = found.groups()
    half, hours = re.sub("[. ]", "", half or ""), int(hour)
    if half and hours <= 12:
        hours = hours % 12 + 12 * (half in EVENING)
    try:
        month = MONTHS.get(first or second, 0)
        at = dt.datetime(int(year), month, int(day or other), hours, int(minute), int(rest or 0), tzinfo=ZONE)
    except ValueError:
        return 0.0
    return at.timestamp() if 2004 <= at.year < 2100 else 0.0


class Node:
    """An element: its tag, where it leads, what it holds, and how many dates and profiles stand in it."""

    __slots__ = ("dates", "link", "parts", "people", "tag")

    def __init__(self, tag: str, link: str = "") -> None:
        self.tag, self.link, self.dates = tag, link, 0
        self.people = int(tag == "a" and PROFILE.match(link) is not None)
        self.parts: list[Node | str] = []

    @property
    def own(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str)).strip()

    @property
    def is_leaf(self) -> bool:
        return all(isinstance(part, str) for part in self.parts)


class _Page(HTMLParser):
    """Builds the tree of one child of <main> after the other; a person is given as soon as it is closed."""

    def __init__(self, people: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.people, self.seen_main = people, False
        self.stack: list[Node] = []
        self.done: list[Node] = []
        self.unread: list[str] = []

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks for the line, and counting lines takes time."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.stack:
            if tag == "main" or ("role", "main") in attrs:
                self.seen_main, self.stack = True, [Node(tag)]
            return
        link = next((value or "" for name, value in attrs if name in ("href", "src")), "").strip()
        node = Node(tag, link)
        if tag in VOID:
            self.stack[-1].parts.append("\n" if tag == "br" else node)
        elif len(self.stack) < DEPTH:
            self.stack[-1].parts.append(node)
            self.stack.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place].tag == tag:
                self.shut(place)
                return

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1].tag not in ("script", "style"):
            self.stack[-1].parts.append(data)

    def shut(self, place: int) -> None:
        """Close the elements from a place on; whoever is then complete is given."""
        while len(self.stack) > place:
            node = self.stack.pop()
            if node.is_leaf and (at := seconds(node.own)) is not None:
                node.dates = 1
                self.unread += [] if at else [node.own[:60]]
            if not self.stack:
                return
            parent = self.stack[-1]
            if len(self.stack) == 1 or (self.people and node.dates and node.people):
                parent.parts.pop()
                self.done.append(node)
            else:
                parent.dates, parent.people = parent.dates + node.dates, parent.people + node.people

    def taken(self) -> list[Node]:
        done, self.done = self.done, []
        return done


def _read(pieces: Iterable[bytes], page: _Page, label: str) -> Iterator[Node]:
    text = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    for piece in pieces:
        page.feed(text.decode(piece).replace("\x00", ""))
        if len(page.rawdata) > PENDING:  # a tag that never ends is looked through again with every piece
            raise ReadError(message("{file} is not a page as Instagram writes it. Get it again.", file=label))
        yield from page.taken()
    page.shut(0)
    yield from page.taken()


def looks_like_page(member: Member) -> bool:
    return member.head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<!--"))


def is_page_of_export(member: Member, people: bool, *, known_place: bool) -> bool:
    """Whether a page is built as Instagram builds them; where it lies in the folders of an export it may be empty."""
    page = _Page(people)
    nodes = list(_read([member.data[: 1 << 18]], page, member.label))
    found = (entry for node in nodes for entry in _entries(node, people))
    return page.seen_main and (known_place or any(people or _is_dated(entry) for entry in found))


def _is_dated(entry: Entry) -> bool:
    rows = entry["string_map_data"].values()
    return bool(entry["timestamp"] or any(row["timestamp"] for row in rows))


def entries_of(member: Member, people: bool) -> Iterator[Entry]:
    """The entries of a page, in its order; people come as they are read, so that a long list needs little room."""
    page, data = _Page(people), memoryview(member.data)
    for node in _read((bytes(data[i : i + CHUNK]) for i in range(0, len(data), CHUNK)), page, member.label):
        yield from _entries(node, people)
    if b"</html" not in member.data[-4096:].lower():
        told = message("{file} breaks off; what stands before that was read. Get it again.", file=member.label)
        member.notes.append(Note("warning", member.label, told))
    if n := len(page.unread):
        told = message("Dates in {file} that could not be read ({example}), left empty: {n}.",
                       file=member.label, example=page.unread[0], n=n)  # fmt: skip
        member.notes.append(Note("warning", member.label, told, n))


def _entries(node: Node, people: bool) -> Iterator[Entry]:
    if not people:
        yield from (entry for card in _cards(node) if (entry := _card(card)))
        return
    item: Entry = {}
    for part in _walk(node):
        if part.tag == "a" and part.people:
            if item:
                yield {"string_list_data": [item]}
            name = part.link if PROFILE.sub("", part.link).strip("/") else _text(part)
            item = {"href": _as_json(name), "timestamp": 0.0}
        elif item and not item["timestamp"] and part.is_leaf and (at := seconds(part.own)):
            item["timestamp"] = at
    if item:
        yield {"string_list_data": [item]}
    elif node.dates:  # a name without a link
        texts = [part.own for part in _walk(node) if part.own]
        at = next(filter(None, map(seconds, texts)), 0.0)
        name = next((text for text in texts if seconds(text) is None), "")
        yield {"string_list_data": [{"value": _as_json(name), "timestamp": at}]}


def _cards(node: Node) -> list[Node]:
    """The cards in a child of <main>: it is one itself, unless it only holds several others, each with its date."""
    dated = [part for part in node.parts if isinstance(part, Node) and part.dates]
    if any(part.tag not in WRAPPERS or part.is_leaf for part in dated):
        return [node]
    cards = [card for part in dated for card in _cards(part)]
    return cards if len(cards) > 1 else [node]


def _card(node: Node) -> Entry:
    """What stands in a card: heading, rows, pictures, its date, and the first other text. Empty for mere words."""
    rows: Entry = {}
    thumbs: Entry = {}
    media: dict[str, None] = {}
    texts: list[str] = []
    title, at = "", 0.0
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        cells = [cell for cell in part.parts if isinstance(cell, Node)] if part.tag == "tr" else []
        if cells and (label := cells[0].own):
            media |= dict.fromkeys(_row(_as_json(label), cells, rows, thumbs))
            continue
        if part.tag in HEADINGS:
            title = title or _text(part)
            continue
        if part.link and not ELSEWHERE.match(part.link):
            media.setdefault(part.link)
        elif part.own and (moment := seconds(part.own)) is not None:
            at = at or moment
        elif part.own and not part.link and re.search(r"[^\W\d]", part.own):
            texts.append(part.own)
        waiting += [inner for inner in reversed(part.parts) if isinstance(inner, Node)]
    if not (rows or thumbs or media or at):
        return {}
    items = [{"uri": _as_json(uri), "creation_timestamp": at, "title": ""} for uri in media]
    value = {"value": _as_json(texts[0] if texts else ""), "timestamp": at}
    return {"title": _as_json(title), "media": items, "media_map_data": thumbs, "string_map_data": rows,
            "string_list_data": [value], "timestamp": at, "creation_timestamp": at}  # fmt: skip


def _row(label: str, cells: list[Node], rows: Entry, thumbs: Entry) -> list[str]:
    """A label, and its value within the same cell or in the next one: a date, a text, or pictures, which are given."""
    rest = [part for part in cells[0].parts if isinstance(part, Node)] + cells[1:]
    links = [part.link for cell in rest for part in _walk(cell) if part.link and not ELSEWHERE.match(part.link)]
    value = " ".join(filter(None, map(_text, rest)))
    at = seconds(value)
    if links:
        thumbs.setdefault(label, {"uri": _as_json(links[0]), "title": _as_json(value)})
    else:
        rows.setdefault(label, {"value": "" if at is not None else _as_json(value), "timestamp": at or 0.0})
    return links


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += [inner for inner in reversed(part.parts) if isinstance(inner, Node)]


def _text(node: Node) -> str:
    """All text in an element, in its order."""
    texts: list[str] = []
    waiting: list[Node | str] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            texts.append(part)
        else:
            waiting += reversed(part.parts)
    return "".join(texts).strip()


def _as_json(text: str) -> str:
    """The form that text has in the JSON of an export, so that both are repaired in the same way."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")
