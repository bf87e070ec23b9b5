"""`engage.read` beside a plain parse of the same bytes into columns of text: time and peak memory.

The plain parse understands nothing: `json.loads` and a column of text for each key, or `pandas.read_csv` with all
columns as text (and, to be seen beside it, `csv.reader`). The files are made here, the same at each run. Each runs in
a Python of its own; memory is the highest above what the process takes when everything is imported.
"""

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
from common import arguments, forget_peak, peak, spread, table

import engage

FOLLOWERS_IN_A_FILE, POSTS, KOLS = 50_000, 400, 20_000
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember"]  # fmt: skip
CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WORDS = ["kak", "ini", "enak", "banget", "mau", "dong", "dimana", "ya", "belinya", "kopi", "susu", "gula", "aren",
         "senja", "sore", "hujan", "cocok", "sekali", "lagi"]  # fmt: skip


def person(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]}.{WORDS[number // 7 % len(WORDS)]}{number:07d}"


def shortcode(number: int) -> str:
    """The shortcode of a post of 2025."""
    number = ((1_736_000_000_000 + number * 60_000_000 % 30_000_000_000) - 1_314_220_021_721 << 23) + number
    return "".join(CODE[number >> shift & 63] for shift in range(60, -1, -6))


def make_followers(folder: Path, rows: int) -> None:
    """An Instagram export: the profile and, as Instagram writes it, a bare list of followers in several files."""
    places = folder / "personal_information/personal_information", folder / "connections/followers_and_following"
    for place in places:
        place.mkdir(parents=True)
    profile = {"string_map_data": {"Username": {"href": "", "value": "kopi.senja", "timestamp": 0}}}
    text = json.dumps({"profile_user": [{"title": "", "media_map_data": {}, **profile}]})
    (places[0] / "personal_information.json").write_text(text, encoding="utf-8")
    for file, first in enumerate(range(0, rows, FOLLOWERS_IN_A_FILE), start=1):
        found = [{"title": "", "media_list_data": [], "string_list_data": [{
            "href": f"https://www.instagram.com/{person(i)}", "value": person(i), "timestamp": 1_750_000_000 - 97 * i,
        }]} for i in range(first, min(first + FOLLOWERS_IN_A_FILE, rows))]  # fmt: skip
        (places[1] / f"followers_{file}.json").write_text(json.dumps(found, indent=2), encoding="utf-8")


def make_comments(folder: Path, rows: int) -> None:
    """Comments as a scraper (Apify) gives them: one list, a tenth of them answers that stand below another."""
    chance, found = random.Random(1), []
    for i in range(rows):
        link = f"https://www.instagram.com/p/{shortcode(chance.randrange(POSTS))}/"
        at = pd.Timestamp(1_760_000_000 + 7 * i, unit="s").isoformat(timespec="milliseconds") + "Z"
        number, author = 18_100_000_000_000_000 + i, int(chance.paretovariate(0.5)) % 200_000
        found.append({
            "postUrl": link, "commentUrl": f"{link}c/{number}", "id": f"{number}",
            "text": " ".join(chance.choices(WORDS, k=chance.randint(1, 12))), "ownerUsername": person(author),
            "ownerProfilePicUrl": "https://example.invalid/a.jpg", "timestamp": at, "repliesCount": 0, "replies": [],
            "likesCount": 1,
        })  # fmt: skip
    folder.mkdir()
    text = json.dumps(found, ensure_ascii=False)
    (folder / "dataset_instagram-comment-scraper.json").write_text(text, encoding="utf-8")


def short_number(number: int) -> str:
    """A count as Indonesian pages write it."""
    for size, unit in ((1_000_000, "jt"), (10_000, "rb")):
        if number >= size:
            tenths = number * 10 // size if unit == "jt" else number // 100
            return f"{tenths // 10},{tenths % 10} {unit}"
    return f"{number:,}".replace(",", ".")


def make_table(folder: Path, rows: int) -> None:
    """A list of influencers' posts kept by hand: semicolons, decimal commas, "rb" and "jt", dates written out."""
    chance = random.Random(1)
    folder.mkdir()
    with (folder / "postingan_kol.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["Nama Akun", "Tanggal", "Jenis", "Tautan", "Suka", "Komentar", "Jangkauan", "Tayangan"])
        for i in range(rows):
            at = time.gmtime(1_600_000_000 + chance.randrange(160_000_000))
            reach = int(chance.lognormvariate(9, 2))
            likes = reach * chance.randint(1, 20) // 100
            out.writerow([
                f"@{person(chance.randrange(KOLS))}",
                f"{at.tm_mday} {MONTHS[at.tm_mon - 1]} {at.tm_year} {at.tm_hour:02}.{at.tm_min:02}",
                chance.choice(["Reels", "Foto", "Carousel"]), f"https://www.instagram.com/p/{shortcode(i)}/",
                short_number(likes), short_number(likes // 30), short_number(reach), short_number(reach * 2),
            ])  # fmt: skip


def columns_of(entries: list[dict[str, Any]]) -> dict[str, pd.Series]:
    return {key: pd.Series([str(entry[key]) for entry in entries], dtype="str") for key in entries[0]}


def plain_followers(folder: Path) -> object:
    """Each file becomes columns before the next is opened."""
    parts = [pd.DataFrame(columns_of([entry["string_list_data"][0] for entry in json.loads(path.read_bytes())]))
             for path in sorted(folder.rglob("followers_*.json"))]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def plain_comments(folder: Path) -> object:
    return [pd.DataFrame(columns_of(json.loads(path.read_bytes()))) for path in folder.iterdir()]


def plain_table(folder: Path) -> object:
    return [pd.read_csv(path, sep=";", dtype="str") for path in folder.iterdir()]


def plain_rows(folder: Path) -> object:
    return [list(csv.reader(path.open(encoding="utf-8", newline=""), delimiter=";")) for path in folder.iterdir()]


CASES: dict[str, tuple[str, Callable[[Path, int], None], list[tuple[str, Callable[[Path], object]]]]] = {
    "followers": ("Instagram export, followers", make_followers, [("json.loads", plain_followers)]),
    "comments": ("comments in JSON", make_comments, [("json.loads", plain_comments)]),
    "table": ("CSV, Indonesian", make_table, [("pandas.read_csv", plain_table), ("csv.reader", plain_rows)]),
}


def run(case: str, which: str, folder: Path) -> dict[str, float]:
    """Measure one way of reading in this process."""
    act = {"engage": engage.read, **dict(CASES[case][2])}[which]
    with tempfile.TemporaryDirectory() as small:  # everything is imported
        CASES[case][1](Path(small) / "small", 20)
        act(Path(small) / "small")
    memory = float("nan")
    if watched := Path("/proc/self/clear_refs").exists():
        forget_peak()
        memory = peak()
    start = time.perf_counter()
    kept = act(folder)
    taken = time.perf_counter() - start
    return {"seconds": taken, "memory": peak() - memory if watched else memory, "kept": float(kept is not None)}


def alone(case: str, which: str, folder: Path) -> dict[str, float]:
    """The same in a fresh Python."""
    command = [sys.executable, __file__, "--run", case, which, str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def measured(rows: int, times: int) -> Iterator[list[str]]:
    """The rows of the table: of each kind of file ours first, then the plain parse that it is held against."""
    for case, (name, make, peers) in CASES.items():
        with tempfile.TemporaryDirectory() as box:
            folder = Path(box) / "files"
            make(folder, rows)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
            ways = ["engage", *(peer for peer, _ in peers)]
            found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
            for _ in range(times):  # they take turns, so that a busy moment falls on all
                for way in ways:
                    found[way].append(alone(case, way, folder))
        plain = median(one["seconds"] for one in found[ways[1]])
        for way, runs in found.items():
            seconds, memory = [one["seconds"] for one in runs], median(one["memory"] for one in runs)
            yield [f"{name}, {size:,.0f} MB: {'`engage.read`' if way == 'engage' else way}", f"{rows:,}",
                   spread(seconds), f"{median(seconds) / plain:.1f}",
                   *((f"{memory:,.0f}", f"{memory / size:.1f}") if memory > 0 else ("–", "–"))]  # fmt: skip


def main() -> None:
    if "--run" in sys.argv:
        case, which, folder = sys.argv[-3:]
        print(json.dumps(run(case, which, Path(folder))))
        return
    rows, times = (20_000, 1) if arguments(__doc__).quick else (1_000_000, 3)
    print(f"## Reading files\n\nMedian (range) of {times} runs, each in a fresh Python.\n")
    print(table(["what", "rows", "s", "times the plain parse", "peak, MB", "times the file"], measured(rows, times)))


if __name__ == "__main__":
    main()
