"""What can be wrong with a workbook and with a zip; see `tools/mutations.py`."""

from __future__ import annotations

import datetime as dt
import io
import re
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from mutations import CELLS, MUTATIONS, mutation
from openpyxl import Workbook, load_workbook

Files = list[tuple[str | zipfile.ZipInfo, bytes]]
CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"


def unzipped(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [(info.filename, packed.read(info)) for info in packed.infolist() if not info.is_dir()]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that stand twice are meant
        for name, data in files:
            packed.writestr(name, data, compress_type=method)
    return out.getvalue()


# Workbooks: cells, and the XML inside.


def book(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    opened, out = load_workbook(io.BytesIO(data)), io.BytesIO()
    change(opened)
    opened.save(out)
    return out.getvalue()


def in_xml(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    return zipped([(n, change(content) if re.search(name, str(n)) else content) for n, content in unzipped(data)])


@mutation("book")
def cells_spoiled(data: bytes, rng: Random) -> bytes:
    odd = [*(cell for cell in CELLS if cell.isprintable() and len(cell) < 32_000), 1e300, -1, True, 10**20, None,
           dt.datetime(9999, 12, 31), dt.datetime(1900, 1, 1), dt.time(12, 5), dt.timedelta(days=9)]  # fmt: skip

    def change(opened: Workbook) -> None:
        for sheet in opened:
            for row in sheet.iter_rows():
                for cell in row:
                    if rng.random() < 0.15:
                        cell.value = rng.choice(odd)

    return book(data, change)


@mutation("book")
def rows_and_columns_moved(data: bytes, rng: Random) -> bytes:
    def change(opened: Workbook) -> None:
        sheet: Any = opened.worksheets[0]
        rng.choice([
            lambda: sheet.insert_rows(1, 40), lambda: sheet.delete_rows(1), lambda: sheet.delete_rows(1, 10_000),
            lambda: sheet.insert_cols(1, 3), lambda: sheet.delete_cols(rng.randrange(1, 9)),
            lambda: sheet.merge_cells("A1:F3"),
        ])()  # fmt: skip

    return book(data, change)


@mutation("book")
def sheets_changed(data: bytes, rng: Random) -> bytes:
    def change(opened: Workbook) -> None:
        sheet: Any = opened.worksheets[0]
        for _ in range(rng.choice([1, 30])):
            rng.choice(
                [
                    lambda: opened.create_sheet("kosong", 0),
                    lambda: opened.copy_worksheet(sheet),
                    lambda: opened.create_chartsheet("gambar"),
                ]
            )()

    return book(data, change)


@mutation("book")
def a_cell_far_away(data: bytes, rng: Random) -> bytes:
    far = rng.choice(["XFD1", "A1048576", "XFD1048576", "ZZ90000"])
    return book(data, lambda opened: opened.worksheets[0].__setitem__(far, "x"))


@mutation("book")
def cells_that_lie(data: bytes, rng: Random) -> bytes:
    """The XML of cells: types, places and shared texts that are not there."""
    value, place = rb"<v>[^<]*</v>", rb' r="[A-Z]+\d+"'
    old, new = rng.choice([
        (rb't="s"', b't="n"'), (rb't="n"', b't="s"'), (value, b"<v>99999999</v>"), (value, b"<v>1e999</v>"),
        (value, b"<v>NaN</v>"), (value, b"<v/>"), (value, b"<f>1+1</f>"), (rb"<v>", b"<v>\x01"), (place, b""),
        (place, b' r="A1"'), (place, b' r="XFE1"'), (rb' r="\d+"', b' r="-5"'), (rb' r="\d+"', b' r="99999999999"'),
        (rb' s="\d+"', b' s="9999"'), (rb't="[a-z]+"', b't="d"'), (rb't="[a-z]+"', b't="e"'),
        (rb't="[a-z]+"', b't="b"'), (rb"<dimension[^>]*>", b'<dimension ref="A1:XFD1048576"/>'),
    ])  # fmt: skip
    return in_xml(data, "xl/worksheets/", lambda xml: re.sub(old, new, xml, count=rng.choice([0, 1, 5])))


@mutation("book")
def parts_lost(data: bytes, rng: Random) -> bytes:
    files = unzipped(data)
    gone = rng.randrange(len(files))
    return zipped(files[:gone] + files[gone + 1 :])


@mutation("book")
def parts_spoiled(data: bytes, rng: Random) -> bytes:
    """One part has what can be wrong with any file, or with a page."""
    files = unzipped(data)
    place = rng.randrange(len(files))
    change = rng.choice([*MUTATIONS["bytes"].values(), *MUTATIONS["page"].values(), *MUTATIONS["encoding"].values()])
    files[place] = files[place][0], change(files[place][1], rng)
    return zipped(files)


@mutation("book")
def entities_in_xml(data: bytes, rng: Random) -> bytes:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'ujiujiuji'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    outside = b"<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/hostname'>"
    head = rng.choice([bomb, outside]) + b"]>"

    def change(xml: bytes) -> bytes:
        start = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + head + re.sub(rb"<(t|v)\b[^>]*>[^<]*", rb"<\1>&j;", xml[start:])

    return in_xml(data, rng.choice(["sharedStrings", "worksheets/", "workbook.xml$"]), change)


@mutation("book")
def deep_xml(data: bytes, rng: Random) -> bytes:
    depth = rng.choice([1_000, 100_000])
    return in_xml(
        data,
        rng.choice(["sharedStrings", "worksheets/"]),
        lambda xml: xml.replace(b"<row", b"<row>" * depth + b"<row", 1).replace(b"<si>", b"<si>" + b"<r>" * depth, 1),
    )


@mutation("book")
def styles_of_nonsense(data: bytes, rng: Random) -> bytes:
    return in_xml(
        data,
        "styles.xml",
        lambda xml: re.sub(
            rb'(numFmtId|fontId|fillId|count)="\d+"', rb'\1="%s"' % rng.choice([b"-1", b"99999", b"x", b"22"]), xml
        ),
    )


# Zips: how the archive itself is made.


@mutation("zip")
def a_bomb(data: bytes, rng: Random) -> bytes:
    name = rng.choice(
        [
            "followers_1.json",
            "connections/followers_and_following/followers_1.json",
            "bomb.csv",
            "x.html",
            "a.jpg",
            "xl/worksheets/sheet9.xml",
        ]
    )
    fill = rng.choice([b"\x00", b" ", b"0,", b"[", b"\n"])
    return zipped([*unzipped(data), (name, fill * 20_000_000)])


@mutation("zip")
def paths_that_climb(data: bytes, rng: Random) -> bytes:
    before = rng.choice(
        ["../", "../../../../tmp/", "/", "C:\\", "\\\\host\\", "./", "a/../../", "//", "~/", "a\\..\\..\\", "."]
    )
    return zipped(
        [(before + str(name), content) if rng.random() < 0.5 else (name, content) for name, content in unzipped(data)]
    )


@mutation("zip")
def zips_in_zips(data: bytes, rng: Random) -> bytes:
    for depth in range(rng.choice([1, 2, 30])):
        data = zipped(
            [(f"{depth}.zip", data)] * rng.choice([1, 1, 3]) if len(data) < 1_000_000 else [(f"{depth}.zip", data)]
        )
    return data


@mutation("zip")
def names_twice(data: bytes, rng: Random) -> bytes:
    files = unzipped(data)
    again = [(name, rng.choice([content, b"[]", content[: len(content) // 2]])) for name, content in files]
    return zipped(
        rng.choice([files + again, again + files, files + [(str(name).upper(), content) for name, content in files]])
    )


@mutation("zip")
def flags_set(data: bytes, rng: Random) -> bytes:
    """Encrypted, strangely compressed or strangely numbered, as the headers say."""
    place, value = rng.choice(
        [
            (8, b"\x01\x00"),
            (10, b"\x0e\x00"),
            (10, b"\x63\x00"),
            (10, b"\x0c\x00"),
            (6, b"\xff\xff"),
            (8, b"\x20\x00"),
            (8, b"\x40\x00"),
            (8, b"\x08\x08"),
        ]
    )
    return patched(data, rng, place, value)


@mutation("zip")
def sizes_that_lie(data: bytes, rng: Random) -> bytes:
    value = rng.choice([0, 1, 0xFFFFFFFF, 0xFFFFFFFE, 10**9, 77])
    return patched(data, rng, rng.choice([20, 24, 42]), struct.pack("<I", value))


@mutation("zip")
def wrong_checks(data: bytes, rng: Random) -> bytes:
    return patched(data, rng, 16, struct.pack("<I", rng.randrange(1 << 32)))


def patched(data: bytes, rng: Random, place: int, value: bytes) -> bytes:
    """Write over a field of some entries of the central directory."""
    spoiled, start, share = bytearray(data), 0, rng.choice([0.3, 1])
    while (start := data.find(CENTRAL, start)) >= 0:
        if rng.random() < share:
            spoiled[start + place : start + place + len(value)] = value
        start += 4
    return bytes(spoiled)


@mutation("zip")
def no_end(data: bytes, rng: Random) -> bytes:
    """The directory at the end is cut, lies, or is followed by more."""
    end = max(data.rfind(END), 0)
    cut = data[: rng.randrange(max(data.find(CENTRAL), 0), len(data) + 1)]
    lying = (
        data[: end + 8]
        + struct.pack(
            "<HHII",
            *(rng.choice([0, 9, 0xFFFF]) for _ in range(2)),
            *(rng.choice([0, 0xFFFFFFFF, 99]) for _ in range(2)),
        )
        + data[end + 20 :]
    )
    return rng.choice(
        [
            cut,
            lying,
            data + b"x" * 70_000,
            data[:end],
            b"x" * 500 + data,
            data + data[end:],
            data[: end + 20] + b"\xff\xff",
        ]
    )


@mutation("zip")
def links(data: bytes, rng: Random) -> bytes:
    link = zipfile.ZipInfo(
        rng.choice(["followers_1.json", "connections/followers_and_following/followers_9.json", "x"])
    )
    link.external_attr = (rng.choice([stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR]) | 0o777) << 16
    return zipped([*unzipped(data), (link, rng.choice([b"/etc/passwd", b"../" * 20, b""]))])


@mutation("zip")
def strange_names(data: bytes, rng: Random) -> bytes:
    odd = rng.choice(
        [
            "\x1b[2J",
            "\u202e",
            "\n",
            "a" * 2_000,
            "u\x00x",
            "CON",
            " ",
            ":",
            "é" * 90,
            "😀",
            "*?",
            "%2e%2e",
            "{x}",
            "<b>",
        ]
    )
    return zipped(
        [
            (f"{odd}{name}", content) if rng.random() < 0.6 else (f"{name}{odd}", content)
            for name, content in unzipped(data)
        ]
    )


@mutation("zip")
def many_members(data: bytes, rng: Random) -> bytes:
    more, n = rng.choice([(b"", 6_000), (b"[]", 6_000), (b"Username\nsari.uji01\n", 100), (b'[{"id": 7}]\n', 100)])
    ends = [".csv", ".json", ".html", "", ".txt"]
    few = [(f"lain/{i}{rng.choice(ends)}", more + (b"x%d\n" % i if n == 100 else b"")) for i in range(n)]
    return zipped([*unzipped(data), *few], zipfile.ZIP_STORED)


@mutation("zip")
def members_swapped(data: bytes, rng: Random) -> bytes:
    """Each file has the name of another."""
    files = unzipped(data)
    names = [name for name, _ in files]
    rng.shuffle(names)
    return zipped([(name, content) for name, (_, content) in zip(names, files, strict=True)])


@mutation("zip")
def members_lost(data: bytes, rng: Random) -> bytes:
    return zipped([file for file in unzipped(data) if rng.random() < 0.5])


@mutation("zip")
def packed_otherwise(data: bytes, rng: Random) -> bytes:
    return zipped(unzipped(data), rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
