"""What can be wrong with a web page; see `tools/mutations.py`."""

from __future__ import annotations

import re
from random import Random

from mutations import CELLS, mutation


@mutation("page")
def tags_left_open(data: bytes, rng: Random) -> bytes:
    return re.sub(rb"</[a-z0-9]+>", lambda tag: b"" if rng.random() < rng.choice([0.1, 1]) else tag[0], data)


@mutation("page")
def tags_lost(data: bytes, rng: Random) -> bytes:
    name = rng.choice([b"table", b"tr", b"td", b"div", b"a", b"main", b"h2", b"body"])
    return re.sub(rb"</?%s\b[^>]*>" % name, b"", data)


@mutation("page")
def tags_swapped(data: bytes, rng: Random) -> bytes:
    one, other = rng.sample([b"table", b"tr", b"td", b"div", b"a", b"h2", b"span"], 2)
    return data.replace(b"<" + one, b"<" + other)


@mutation("page")
def deep_tags(data: bytes, rng: Random) -> bytes:
    place, name = rng.randrange(len(data) + 1), rng.choice([b"div", b"table><tr><td", b"b", b"a"])
    return data[:place] + (b"<" + name + b">") * rng.choice([500, 50_000]) + data[place:]


@mutation("page")
def entities(data: bytes, rng: Random) -> bytes:
    bomb = (
        b"<!DOCTYPE x [<!ENTITY a 'uji'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
        + b"]>"
    )
    odd = rng.choice(
        [b"&#0;", b"&#x110000;", b"&#55357;", b"&j;" * 1_000, b"&amp;" * 9_000, b"&#99999999999999;", b"&"]
    )
    return rng.choice(
        [bomb + data.replace(b"</", b"&j;</"), re.sub(rb">([^<]+)<", lambda found: b">" + odd + b"<", data)]
    )


@mutation("page")
def things_in_between(data: bytes, rng: Random) -> bytes:
    odd = rng.choice(
        [
            b"<!--",
            b"<![CDATA[",
            b"<script>",
            b"<style>",
            b"<",
            b"<a href='",
            b"<?xml",
            b"<textarea>",
            b"</html>",
            b"<!",
            b"<![x[",
        ]
    )
    places = sorted(rng.randrange(len(data) + 1) for _ in range(rng.choice([1, 10])))
    return odd.join(data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True))


@mutation("page")
def texts_of_nonsense(data: bytes, rng: Random) -> bytes:
    odd = [cell.encode("utf-8", "surrogatepass") for cell in CELLS]
    return re.sub(
        rb">([^<]+)<", lambda found: b">" + (rng.choice(odd) if rng.random() < 0.3 else found[1]) + b"<", data
    )


@mutation("page")
def long_attributes(data: bytes, rng: Random) -> bytes:
    return re.sub(
        rb"<(a|div|td)\b", lambda found: found[0] + b' x="' + b"y" * 20_000 + b'"', data, count=rng.choice([1, 50])
    )
