"""A made-up roster of influencers whose truth is known: rate card, recent posts, prices."""

import string

import numpy as np
import pandas as pd

from engage.simulator import DAY, FIRST, SECOND, shortcode
from engage.study import Study

NICHES = (
    "kuliner",
    "fashion",
    "kecantikan",
    "parenting",
    "otomotif",
    "gim",
    "keuangan",
    "wisata",
    "olahraga",
    "komedi",
)
CAPTIONS = {
    "kuliner": "Coba resep ini, cuma 15 menit", "fashion": "Satu kemeja, lima gaya", "kecantikan": "Rutinitas malamku",
    "parenting": "Bekal anak minggu ini", "otomotif": "Servis ringan di rumah", "gim": "Cuplikan semalam",
    "keuangan": "Catat pengeluaran dulu", "wisata": "Dua hari di kota kecil", "olahraga": "Lari pagi 5 km",
    "komedi": "Kalau ibu sudah bilang terserah",
}  # fmt: skip
DELIVERABLES = {"feed": 1.0, "reels": 1.6, "story": 0.45}
SUSPECT, THIN, DAYS = 4, 2, 60


def simulate_roster(influencers: int = 36, seed: int = 1, end: str = "2026-07-01") -> Study:
    """Make influencers of 1,200 to 2,500,000 followers with 8 to 14 posts each (a few with 3).

    The engagement rate by followers falls with size (log-log slope -0.23) around 4.5 % at 10,000 followers, with a
    scatter of 0.35; `truth` names the few whose followers are partly bought (a sixth of the rate) and each
    one's true rate. Prices follow size with scatter; some are unknown.
    """
    rng = np.random.default_rng([seed, 36])
    until = int(pd.Timestamp(end, tz="UTC").timestamp())
    n = influencers
    size = np.exp(np.linspace(np.log(1_200), np.log(2_500_000), n) + np.append(0, rng.normal(0, 0.1, n - 1)))
    digits = 10 ** (np.floor(np.log10(size)).astype(int) - 2)
    followers = (np.minimum(size, 2_500_000) // digits * digits).astype(int)
    marked = rng.permutation(n)
    bought, thin = np.isin(np.arange(n), marked[:SUSPECT]), np.isin(np.arange(n), marked[SUSPECT : SUSPECT + THIN])
    rate = 0.045 * (followers / 10_000) ** -0.23 * np.exp(0.35 * rng.standard_normal(n))
    rate = np.where(bought, rate / 6, rate)
    platform = np.where(np.isin(np.arange(n), marked[-5:]), "tiktok", "instagram")
    first, second = rng.permutation(FIRST.split())[:n], rng.choice(SECOND.split(), n)
    handle = [f"{a}.{b}.uji" for a, b in zip(first, second, strict=True)]
    account = [f"{where}:{name}" for where, name in zip(platform, handle, strict=True)]
    niche = rng.choice(NICHES, n)

    rows = []
    for i in range(n):
        count = 3 if thin[i] else int(rng.integers(8, 15))
        at = np.sort(until - 9 * DAY - rng.choice(DAYS * 24 * 60, count, replace=False) * 60)
        touched = rng.negative_binomial(4, 4 / (4 + followers[i] * rate[i]), count)
        comments = rng.binomial(touched, 0.03)
        reach = (followers[i] * rng.uniform(0.2, 0.6, count)).astype(int) + touched
        video = platform[i] == "tiktok"
        kinds = np.where(video, "video", rng.choice(["photo", "carousel", "reel"], count))
        for j in range(count):
            code = shortcode(int(at[j]), int(rng.integers(2**23)))
            moving = kinds[j] in ("reel", "video")
            rows.append({
                "account_id": account[i], "kind": kinds[j], "published_at": at[j],
                "post_id": str((int(at[j]) << 32) | int(rng.integers(2**31))) if video else code,
                "shortcode": None if video else code, "caption": f"{CAPTIONS[niche[i]]} #{niche[i]}",
                "hashtags": niche[i], "likes": touched[j] - comments[j], "comments": comments[j],
                "views": int(reach[j] * 1.6) if moving else None, "reach": reach[j] if i % 3 == 0 else None,
            })  # fmt: skip
    posts = pd.DataFrame(rows)
    posts["published_at"] = pd.to_datetime(posts["published_at"], unit="s", utc=True)
    fee = 50_000 * (followers / 1_000) ** 0.85 * np.exp(0.4 * rng.standard_normal(n))
    prices = pd.DataFrame(
        {"account_id": account[i], "deliverable": what, "currency": "IDR",
         "amount": max(25_000, round(fee[i] * share / 25_000) * 25_000)}
        for i in range(n) for what, share in DELIVERABLES.items() if rng.random() > 0.12
    )  # fmt: skip
    stated = np.round(rate * np.exp(0.1 * rng.standard_normal(n)), 4)
    accounts = pd.DataFrame({
        "account_id": account, "platform": platform, "handle": handle,
        "name": [string.capwords(f"{a} {b}") for a, b in zip(first, second, strict=True)],
        "followers": followers, "topic": niche,
        "engagement_rate": pd.Series(stated).where(rng.random(n) > 0.15),
    })  # fmt: skip
    truth = pd.DataFrame({"account_id": account, "rate": rate, "bought": bought, "too_few_posts": thin})
    return Study(accounts=accounts, posts=posts, prices=prices, truth=truth)
