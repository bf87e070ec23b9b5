"""Makes data/samples: raw files of made-up accounts whose answers are known. Run it after changing the simulator."""

import argparse
import shutil
from pathlib import Path

import pandas as pd
from roster import simulate_roster
from sample_files import (
    write_content,
    write_export,
    write_orders,
    write_rate_card,
    write_reactions,
    write_roster_posts,
    write_truth,
)

from engage.simulator import simulate
from engage.study import Study

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
KOPI_MIX = {"active": 0.33, "lurker": 0.25, "follow_for_follow": 0.08, "herd": 0.13, "mismatch": 0.06, "bought": 0.15}
TOKO_MIX = {"active": 0.22, "lurker": 0.28, "follow_for_follow": 0.04, "herd": 0.40, "mismatch": 0.05, "bought": 0.01}
TOKO_SINCE = pd.Timestamp("2026-02-01", tz="UTC")
TOKO_CAPTIONS = {
    "menu": "Kemeja linen warna baru, stok terbatas", "promo": "Gratis ongkir sampai tengah malam",
    "barista": "Cara lipat kaos agar muat satu koper ✈", "tempat": "Pojok baru di toko kami",
    "komunitas": "Gaya kalian minggu ini, mana favoritmu?",
}  # fmt: skip
TOKO_TAGS = {"menu": "baru", "promo": "promo", "barista": "tips", "tempat": "toko", "komunitas": "ootd"}

KOPI_README = """# kopi-senja

A coffee shop with 6,000 followers and 120 posts in two and a half years. Everything is made up, seed 11.

What a careful brand has: its Instagram export (all time), the content export of Meta Business Suite in
Indonesian, everyone who liked or commented written down in one list a quarter, and its order book.

Its story: about 700 followers were bought on one day in January 2025 and 200 more came slowly in July and August
2025; a reel that went viral brought a crowd that soon fell silent, and that was innocent. Many of the silent
only read, and many came too lately to tell.

`_truth.csv` holds the answers: what each follower really is. `engage` never reads it.
"""
TOKO_README = """# toko-viral

A clothes shop that grew through one reel: 9,000 followers, 70 posts. Everything is made up, seed 12.

What most brands have: only the official exports, in English, so nobody who liked is named. The export was ordered
for a date range, so its list of followers begins on 1 February 2026 while the insights count them all.

`_truth.csv` holds the answers: what each follower really is, listed or not. `engage` never reads it.
"""
KOL_README = """# kol-list

A rate card of 36 influencers, from 1,200 to 2.5 million followers, and their recent posts. All made up, seed 13.

Four of them bought followers, two have too few posts to judge, and some prices are open. Two files as people keep
them: titles above the header, `12,5 rb`, `Rp1.500.000`, `nego`, a total below.

`_truth.csv` holds the answers: each one's true engagement rate, and who bought. `engage` never reads it.
"""


def kopi_senja() -> Study:
    return simulate(6_000, 120, 11, mix=KOPI_MIX)


def toko_viral() -> Study:
    study = simulate(9_000, 70, 12, mix=TOKO_MIX, growth=("viral",), days=540, handle="toko.viral.uji", orders=False)
    tag, topic = study.posts["topic"].map(TOKO_TAGS), study.posts["topic"]
    posts = study.posts.assign(caption=topic.map(TOKO_CAPTIONS) + "\n#tokoviral #" + tag, hashtags="tokoviral " + tag)
    return study.with_(posts=posts)


def kol_list() -> Study:
    return simulate_roster(36, 13)


def make_samples(where: Path = SAMPLES) -> None:
    """Write the three samples below `where`, replacing what is there."""
    for name, readme in (("kopi-senja", KOPI_README), ("toko-viral", TOKO_README), ("kol-list", KOL_README)):
        shutil.rmtree(where / name, ignore_errors=True)
        (where / name).mkdir(parents=True)
        (where / name / "README.md").write_text(readme, "utf-8")
    kopi, toko, kol = kopi_senja(), toko_viral(), kol_list()
    folder = where / "kopi-senja"
    write_export(folder, kopi, "Kp7sEnJa")
    write_content(folder, kopi, "id")
    write_reactions(folder, kopi)
    write_orders(folder, kopi)
    write_truth(folder, kopi)
    folder = where / "toko-viral"
    write_export(folder, toko, "Tk0ViRaL", since=TOKO_SINCE)
    write_content(folder, toko, "en")
    write_truth(folder, toko)
    folder = where / "kol-list"
    write_rate_card(folder, kol)
    write_roster_posts(folder, kol)
    write_truth(folder, kol)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", nargs="?", type=Path, default=SAMPLES)
    make_samples(parser.parse_args().where)
