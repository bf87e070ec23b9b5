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

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from html import unescape

from engage.messages import ReadError, message
from engage.readers.dates import EVENING
from engage.readers.files import Member
from engage.readers.records import Entry
from engage.readers.yearless import EVERY_MONTH
from engage.study import Note

ZONE = dt.timezone(dt.timedelta(hours=-8))
DEPTH, ENDLESS = 100, 1 << 20
TOKEN = re.compile(  # a comment or script that never ends takes the rest, so that nothing is looked through twice
    rb"<!--(?:.*?-->|(.*))|<(?:(?:script\b.*?</script|style\b.*?</style)[^<>]*>|(?:script|style)\b.*)"
    rb"|<(/?)([a-z][a-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>|([^<]+)|<", re.S | re.I)  # fmt: skip
MAIN = re.compile(rb"<(main)\b[^<>]*>|<([a-z]+)\b[^<>]*?\srole=[\"']?main\b[^<>]*>", re.I)
LINK = re.compile(rb"\b(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
WRAPPERS = {"div", "section", "article", "li", "ul"}
VOID = {"br", "img", "hr", "meta", "link", "input", "source", "base", "wbr", "col", "embed", "track", "area", "param"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
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
    parts = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if c < "\u0300" or c > "\u036f")


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
        month = EVERY_MONTH.get(first or second, 0)
        at = dt.datetime(int(year), month, int(day or other), hours, int(minute), int(rest or 0), tzinfo=ZONE)
    except ValueError:
        return 0.0
    return at.timestamp() if 2004 <= at.year < 2100 else 0.0


class Node:
    """An element: its tag, where it leads, and what it holds."""

    def __init__(self, tag: str, link: str = "") -> None:
        self.tag, self.link = tag, link
        self.parts: list[Node | str] = []

    @property
    def inner(self) -> list[Node]:
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def own(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str)).strip()

    @cached_property
    def dated(self) -> bool:
        """Whether a date stands in it."""
        inner = self.inner
        return any(node.dated for node in inner) if inner else seconds(self.own) is not None


def _tokens(data: bytes, label: str, unread: list[str]) -> Iterator[tuple[str, str]]:
    """What lies in <main>, or in what plays its role: ("", text), ("a", link), ("/a", ""). Raises ReadError.

    `unread` learns the dates that cannot be read.
    """
    if not (main := MAIN.search(data)):
        return
    name, open_ = (main[1] or main[2]).lower(), 1
    for found in TOKEN.finditer(data, main.end()):
        endless, closing, tag, attributes, text = found.groups()
        if text:
            whole = unescape(text.decode("utf-8", "replace")).replace("\x00", "")
            unread += [whole.strip()[:60]] if seconds(whole.strip()) == 0 else []
            yield "", whole
        elif tag:
            tag = tag.lower()
            open_ += (tag == name) * (-1 if closing else 1)
            if not open_:
                return
            link = LINK.search(attributes) if len(attributes) > 6 else None
            value = unescape((link[1] or link[2] or link[3] or b"").decode("utf-8", "replace")).strip() if link else ""
            yield ("/" if closing else "") + tag.decode("ascii"), value
        elif endless and len(endless) > ENDLESS:
            raise ReadError(message("{file} is not a page as Instagram writes it. Get it again.", file=label))


def _nodes(tokens: Iterable[tuple[str, str]]) -> Iterator[Node]:
    """The children of <main>, each when it is closed."""
    stack = [Node("main")]
    for tag, value in tokens:
        if not tag:
            stack[-1].parts.append(value)
        elif tag[0] == "/":
            if place := next((i for i in range(len(stack) - 1, 0, -1) if stack[i].tag == tag[1:]), 0):
                del stack[place:]
        elif tag in VOID:
            stack[-1].parts.append("\n" if tag == "br" else Node(tag, value))
        elif len(stack) < DEPTH:
            stack.append(Node(tag, value))
            stack[-2].parts.append(stack[-1])
        if len(stack) == 1:
            yield from stack[0].inner
            stack[0].parts.clear()
    yield from stack[0].inner


def looks_like_page(member: Member) -> bool:
    return member.head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<!--"))


def is_page_of_export(member: Member, people: bool, *, known_place: bool) -> bool:
    """Whether a page is built as Instagram builds them; where it lies in the folders of an export it may be empty."""
    head = member.data[: 1 << 18]
    found = _entries(_tokens(head, member.label, []), people)
    return bool(MAIN.search(head)) and (known_place or any(people or _is_dated(entry) for entry in found))


def _is_dated(entry: Entry) -> bool:
    return any(row["timestamp"] for row in (entry, *entry["string_map_data"].values()))


def entries_of(member: Member, people: bool) -> Iterator[Entry]:
    """The entries of a page, in its order; people come as they are read, so that a long list needs little room."""
    unread: list[str] = []
    yield from _entries(_tokens(member.data, member.label, unread), people)
    if b"</html" not in member.data[-4096:].lower():
        told = message("{file} breaks off; what stands before that was read. Get it again.", file=member.label)
        member.notes.append(Note("warning", member.label, told))
    if n := len(unread):
        told = message("Dates in {file} that could not be read ({example}), left empty: {n}.",
                       file=member.label, example=unread[0], n=n)  # fmt: skip
        member.notes.append(Note("warning", member.label, told, n))


def _entries(tokens: Iterable[tuple[str, str]], people: bool) -> Iterator[Entry]:
    if people:
        yield from _people(tokens)
    else:
        yield from (entry for node in _nodes(tokens) for card in _cards(node) if (entry := _card(card)))


def _people(tokens: Iterable[tuple[str, str]]) -> Iterator[Entry]:
    """Each link to a profile with the date behind it, and each date with the name before it where no link is."""
    link: str | None = None
    name = ""
    for tag, value in tokens:
        if tag == "a" and PROFILE.match(value):
            if link is not None:
                yield _person(link or name)
            link, name = value if PROFILE.sub("", value).strip("/") else "", ""
        elif not tag and (text := value.strip()):
            at = seconds(text)
            if at is None:
                name = name or text
            elif link is not None or name:
                yield _person(link or name, at)
                link, name = None, ""
    if link is not None:
        yield _person(link or name)


def _person(name: str, at: float = 0.0) -> Entry:
    return {"string_list_data": [{"href": _as_json(name), "timestamp": at}]}


def _cards(node: Node) -> list[Node]:
    """The cards in a child of <main>: it is one itself, unless it only holds several others, each with its date."""
    dated = [part for part in node.inner if part.dated]
    if any(part.tag not in WRAPPERS or not part.inner for part in dated):
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
        cells = part.inner if part.tag == "tr" else []
        if cells and (label := cells[0].own):
            media |= dict.fromkeys(_row(_as_json(label), cells, rows, thumbs))
            continue
        if part.tag in HEADINGS:
            title = title or _text(part).strip()
            continue
        if part.link and not ELSEWHERE.match(part.link):
            media.setdefault(part.link)
        elif part.own and (moment := seconds(part.own)) is not None:
            at = at or moment
        elif part.own and not part.link and re.search(r"[^\W\d]", part.own):
            texts.append(part.own)
        waiting += part.inner[::-1]
    if not (rows or thumbs or media or at):
        return {}
    items = [{"uri": _as_json(uri), "creation_timestamp": at, "title": ""} for uri in media]
    value = {"value": _as_json(texts[0] if texts else ""), "timestamp": at}
    return {"title": _as_json(title), "media": items, "media_map_data": thumbs, "string_map_data": rows,
            "string_list_data": [value], "timestamp": at, "creation_timestamp": at}  # fmt: skip


def _row(label: str, cells: list[Node], rows: Entry, thumbs: Entry) -> list[str]:
    """A label, and its value within the same cell or in the next one: a date, a text, or pictures, which are given."""
    rest = cells[0].inner + cells[1:]
    links = [link for cell in rest for link in _links(cell) if link and not ELSEWHERE.match(link)]
    value = " ".join(text for cell in rest if (text := _text(cell).strip()))
    at = seconds(value)
    if links:
        thumbs.setdefault(label, {"uri": _as_json(links[0]), "title": _as_json(value)})
    else:
        rows.setdefault(label, {"value": "" if at is not None else _as_json(value), "timestamp": at or 0.0})
    return links


def _links(node: Node) -> list[str]:
    return [node.link, *(link for inner in node.inner for link in _links(inner))]


def _text(node: Node) -> str:
    """All text in an element, in its order."""
    return "".join(part if isinstance(part, str) else _text(part) for part in node.parts)


def _as_json(text: str) -> str:
    """The form that text has in the JSON of an export, so that both are repaired in the same way."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")
