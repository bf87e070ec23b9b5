"""What can be wrong with a file: small, named ways to spoil one, each for one layer (bytes, encoding, JSON, ...).

A mutation takes the bytes of a good file and a random generator, and gives the bytes of a bad one: the same for the
same seed, and never more than some megabytes. `tools/mutants.py` says which fit which file.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from engage.readers.text import decode

Mutation = Callable[[bytes, Random], bytes]
MUTATIONS: dict[str, dict[str, Mutation]] = {}
"""By layer and name. Workbooks and zips have theirs in `tools/packed_mutations.py`."""
HERE = '"@@here@@"'  # where raw text is put into JSON
LONG = 200_000
NUMBERS = ("1e300", "-1e300", "1e999", "NaN", "-Infinity", "9" * 400, "-1", "9223372036854775808", "1e17", "0.1")
CELLS = (
    "=1+1", '=HYPERLINK("http://uji.example","x")', "@SUM(A1)", "-1", "1e300", "9" * 400, "NaN", "inf", "#REF!", "%",
    "31/12/9999", "00/00/0000", "1.2.3,4", "Rp", "\u202eabc", "x" * 40_000, "'", "٣٤٥", "²", "½", "1" + "0" * 30,
    "true", "2026-02-30", "1e5000", "<b>x</b>", "99999999999999", "−5", "12:99", "\ud83d", "\x07",
)  # fmt: skip


def mutation(layer: str) -> Callable[[Mutation], Mutation]:
    """Register a mutation under the name of its function."""

    def register(function: Mutation) -> Mutation:
        MUTATIONS.setdefault(layer, {})[function.__name__.replace("_", " ").strip()] = function
        return function

    return register


# Bytes: what happens to any file on its way.


@mutation("bytes")
def cut_short(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


@mutation("bytes")
def cut_at_the_front(data: bytes, rng: Random) -> bytes:
    return data[rng.randrange(len(data) + 1) :]


@mutation("bytes")
def emptied(data: bytes, rng: Random) -> bytes:
    return rng.choice([b"", b"\x00" * 512, b" \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])


@mutation("bytes")
def flipped_bits(data: bytes, rng: Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(rng.choice([1, 3, 30]) if data else 0):
        spoiled[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


@mutation("bytes")
def taken_apart(data: bytes, rng: Random) -> bytes:
    """A piece is cut out and set in elsewhere."""
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    rest = data[:a] + data[b:]
    place = rng.randrange(len(rest) + 1)
    return rest[:place] + data[a:b] + rest[place:]


@mutation("bytes")
def said_twice(data: bytes, rng: Random) -> bytes:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return rng.choice([data + data, data[:b] + data[a:b] * 3 + data[b:]])


@mutation("bytes")
def strange_bytes(data: bytes, rng: Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    strange = [b"\x00", b"\x1b[2J", b"\xef\xbb\xbf", b"\x1a", b"\xff", b"\xed\xa0\xbd", "\u202e".encode(), b"\x0c\x0b"]
    return data[:place] + rng.choice(strange) * rng.choice([1, 100]) + data[place:]


@mutation("bytes")
def noise(data: bytes, rng: Random) -> bytes:
    return rng.randbytes(min(len(data), 50_000))


@mutation("bytes")
def another_kind(data: bytes, rng: Random) -> bytes:
    heads = [
        b"\x89PNG\r\n",
        b"%PDF-1.7\n",
        b"MZ",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0",
        b"\xfd7zXZ\x00",
        b"[",
        b"{",
    ]
    return rng.choice(heads) + data


# Encodings: of text files.


@mutation("encoding")
def utf_16(data: bytes, rng: Random) -> bytes:
    return decode(data).encode(rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"]), "replace")


@mutation("encoding")
def old_windows(data: bytes, rng: Random) -> bytes:
    return decode(data).encode(rng.choice(["cp1252", "latin-1", "cp437", "utf-7"]), "replace")


@mutation("encoding")
def wrongly_marked(data: bytes, rng: Random) -> bytes:
    marks = [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8, codecs.BOM_UTF8 * 2, codecs.BOM_UTF32_LE]
    return rng.choice(marks) + data


@mutation("encoding")
def shifted_by_a_byte(data: bytes, rng: Random) -> bytes:
    return decode(data).encode("utf-16", "replace")[:-1].replace(b"\xff\xfe", b"\xff\xfe\x00", 1)


@mutation("encoding")
def encoded_twice(data: bytes, rng: Random) -> bytes:
    return data.decode("latin-1").encode("utf-8")


@mutation("encoding")
def broken_letters(data: bytes, rng: Random) -> bytes:
    text = decode(data)
    places = sorted(rng.randrange(len(text) + 1) for _ in range(10))
    cuts = [text[a:b].encode("utf-8", "replace") for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    return rng.choice([b"\xc3", b"\xf0\x9f", b"\xc0\x80", b"\xed\xa0\xbd"]).join(cuts)


@mutation("encoding")
def other_line_ends(data: bytes, rng: Random) -> bytes:
    text = re.sub("\r\n|\r", "\n", decode(data))
    return text.replace("\n", rng.choice(["\r", "\r\n", "\n\n", "\r\r\n", "\u2028", "\x0b", ""])).encode(
        "utf-8", "replace"
    )


# JSON: a value that is not what it should be, at one place or under one key everywhere.


def parsed(data: bytes) -> tuple[str, Any]:
    """What stands before the document (X writes a variable), and the document."""
    text = decode(data)
    start = text.index("=") + 1 if text.startswith("window.") else 0
    return text[:start], json.loads(text[start:])


def spots(document: Any) -> list[tuple[Any, Any]]:
    """Every container with a key or a place in it."""
    found, waiting = [], [document]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
        for key in keys:
            found.append((node, key))
            waiting.append(node[key])
    return found


def put(data: bytes, rng: Random, change: Callable[[Any], Any], raw: str = "") -> bytes:
    """Change what stands at one place, or under one key everywhere; `raw` is text that takes the place of HERE."""
    before, document = parsed(data)
    if found := spots(document):
        node, key = rng.choice(found)
        everywhere = isinstance(key, str) and rng.random() < 0.5
        for container, name in found if everywhere else [(node, key)]:
            if name == key and type(container) is type(node):
                container[name] = change(container[name])
    else:
        document = change(document)
    return before.encode() + json.dumps(document).replace(HERE, raw).encode()


@mutation("json")
def another_type(data: bytes, rng: Random) -> bytes:
    wrong = rng.choice(
        [None, True, [], {}, "", "x", 7, [[]], [None], {"": None}, {"value": {}}, "null", -0.5, [7], ["x"]]
    )
    return put(data, rng, lambda value: wrong)


@mutation("json")
def wrapped(data: bytes, rng: Random) -> bytes:
    how = rng.choice(
        [lambda v: [v], lambda v: {"value": v}, lambda v: json.dumps(v), lambda v: [v, v], lambda v: {"0": v}]
    )
    return put(data, rng, how)


@mutation("json")
def an_absurd_number(data: bytes, rng: Random) -> bytes:
    return put(data, rng, lambda value: HERE[1:-1], rng.choice(NUMBERS))


@mutation("json")
def a_number_everywhere(data: bytes, rng: Random) -> bytes:
    """Every number becomes absurd."""
    before, document = parsed(data)
    for node, key in spots(document):
        if isinstance(node[key], (int, float)) and not isinstance(node[key], bool):
            node[key] = HERE[1:-1]
    return before.encode() + json.dumps(document).replace(HERE, rng.choice(NUMBERS)).encode()


@mutation("json")
def deep_nesting(data: bytes, rng: Random) -> bytes:
    depth, (opening, closing) = rng.choice([90, 900, 10_000, 100_000]), rng.choice([("[", "]"), ('{"replies":[', "]}")])
    return put(data, rng, lambda value: HERE[1:-1], opening * depth + closing * depth)


@mutation("json")
def keys_twice(data: bytes, rng: Random) -> bytes:
    text = decode(data)
    pairs = list(re.finditer(r'"[^"\\]+"\s*:\s*("[^"\\]*"|[\d.]+)\s*(?=[,}])', text))
    if not pairs:
        return data
    pair = rng.choice(pairs)
    key = pair[0].partition(":")[0]
    return (text[: pair.end()] + f",{key}:{rng.choice(['null', '[]', '7', '{}'])}" + text[pair.end() :]).encode(
        "utf-8", "replace"
    )


@mutation("json")
def emptied_lists(data: bytes, rng: Random) -> bytes:
    return put(data, rng, lambda value: type(value)() if isinstance(value, (list, dict, str)) else value)


@mutation("json")
def a_very_long_text(data: bytes, rng: Random) -> bytes:
    text = rng.choice(["x" * LONG, "kopi " * 40_000, "@a" * 100_000, "<i>" * 60_000, "9" * LONG, "\u0000" * 5_000,
                       "#" * LONG, "a." * 100_000, "https://www.instagram.com/" + "p/" * 90_000])  # fmt: skip
    return put(data, rng, lambda value: text)


@mutation("json")
def a_strange_text(data: bytes, rng: Random) -> bytes:
    text = rng.choice(["\ud83d", "\udc00\ud800", "\u202egnp.exe", "\x00", "\x1b[31m", "\u200b", "Ã©Ã", "nan", ":",
                       "=cmd|' /C calc'!A0", "{x}", "{0.__class__}", "%s%n", "../../etc/passwd", "$(reboot)",
                       "<script>alert(1)</script>", "own", "instagram:own"])  # fmt: skip
    return put(data, rng, lambda value: text)


@mutation("json")
def keys_renamed(data: bytes, rng: Random) -> bytes:
    before, document = parsed(data)
    keys = sorted({key for _, key in spots(document) if isinstance(key, str)})
    for node, key in spots(document) if keys else []:
        if key == keys[rng.randrange(len(keys))] and isinstance(node, dict) and key in node:
            node[rng.choice([key.upper(), f" {key}", "", f"{key}_2", "x" * 5_000])] = node.pop(key)
    return before.encode() + json.dumps(document).encode()


@mutation("json")
def keys_lost(data: bytes, rng: Random) -> bytes:
    before, document = parsed(data)
    found = [(node, key) for node, key in spots(document) if isinstance(node, dict)]
    gone = rng.choice(found)[1] if found else None
    for node, key in found:
        if key == gone and rng.random() < 0.7:
            del node[key]
    return before.encode() + json.dumps(document).encode()


@mutation("json")
def times_out_of_range(data: bytes, rng: Random) -> bytes:
    before, document = parsed(data)
    odd = rng.choice([-1, 0, 1, 253402300799, 4_000_000_000, 32503680000000, 10**18, 2**31, 2**63, 3e9, "2026-13-45",
                      "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+0000", "2026-06-01T00:00:00+99:99",
                      "1899-12-30T00:00:00Z"])  # fmt: skip
    for node, key in spots(document):
        if isinstance(key, str) and re.search(r"time|date|_at$|taken|published|created", key, re.I):
            node[key] = odd if not isinstance(node[key], (list, dict)) else node[key]
    return before.encode() + json.dumps(document).encode()


@mutation("json")
def the_same_many_times(data: bytes, rng: Random) -> bytes:
    before, document = parsed(data)
    lists = [node[key] for node, key in spots(document) if isinstance(node[key], list) and node[key]]
    if isinstance(document, list) and document:
        lists.append(document)
    if lists:
        rng.choice(lists)[:] *= 500 if len(data) < 20_000 else 5
    return before.encode() + json.dumps(document).encode()[:20_000_000]


@mutation("json")
def not_json(data: bytes, rng: Random) -> bytes:
    text = decode(data)
    other = [text.replace('"', "'"), text.replace(",", ",,", 1), f"/* uji */{text}", f"{text}{text}", "null", "7",
             "{}", text.replace("}", ",}"), "\n".join(text.split(", ")), f"callback({text});", '"x"', "[]",
             "[[[]]]"]  # fmt: skip
    return rng.choice(other).encode("utf-8", "replace")
