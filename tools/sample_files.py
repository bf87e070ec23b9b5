"""Writes a Study as the raw files that a marketer has: official exports, a list of likers, an order book, a rate card.

Every file is the same, byte for byte, whenever it is written.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from engage.messages import MONTHS as LONG_MONTHS
from engage.study import Study

ZONE = "Asia/Jakarta"
MONTHS = [name[:3] for name in LONG_MONTHS]  # English in any locale
CONTENT = {  # Meta Business Suite, content export: header, words for kinds, word for "all time"
    "id": ("ID Postingan|ID Akun|Nama pengguna akun|Nama akun|Deskripsi|Durasi (detik)|Waktu penerbitan|Permalink|"
           "Jenis postingan|Komentar data|Tanggal|Tayangan|Suka|Frekuensi dibagikan|Komentar|Frekuensi Disimpan|"
           "Jangkauan|Mengikuti",
           {"photo": "Gambar IG", "carousel": "Carousel IG", "reel": "Reel IG"}, "Sepanjang Masa"),
    "en": ("Post ID|Account ID|Account username|Account name|Description|Duration (sec)|Publish time|Permalink|"
           "Post type|Data comment|Date|Views|Likes|Shares|Comments|Saves|Reach|Follows",
           {"photo": "IG image", "carousel": "IG carousel", "reel": "IG reel"}, "Lifetime"),
}  # fmt: skip
MEASURES = ("views", "likes", "shares", "comments", "saves", "reach", "follows")


def write_zip(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip whose members all bear the same time, so that its bytes do not depend on when it is made."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2026, 7, 1, 7, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, data, compresslevel=9)


def permalink(post: Any) -> str:
    return f"https://www.instagram.com/{'reel' if post.kind == 'reel' else 'p'}/{post.shortcode}/"


def seconds(time: pd.Timestamp) -> int:
    return int(time.timestamp())


def local(times: pd.Series, form: str, zone: str = ZONE) -> pd.Series:
    return times.dt.tz_convert(zone).dt.strftime(form)


def write_csv(path: Path, rows: Iterable[Sequence[object]], delimiter: str = ",", quote: str = "") -> None:
    """Write a CSV in UTF-8; cells in which `quote` matches are quoted (Meta quotes those with a blank)."""
    special, lines = re.compile(rf'["\r\n{delimiter}{quote}]'), []
    for row in rows:
        cells = ["" if cell is None or pd.isna(cell) else str(cell) for cell in row]
        quoted = ['"' + cell.replace('"', '""') + '"' if special.search(cell) else cell for cell in cells]
        lines.append(delimiter.join(quoted) + "\r\n")
    path.write_bytes("".join(lines).encode())


# ---------------------------------------------------------------------------------------------- Instagram export


def escaped(document: object) -> bytes:
    """JSON as Instagram writes it: the bytes of UTF-8, each escaped as if it were a character."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return re.sub(r"[^\x00-\x7f]", lambda found: "".join(f"\\u00{b:02x}" for b in found[0].encode()), text).encode()


def labelled(values: dict[str, object], times: dict[str, int] | None = None) -> dict[str, Any]:
    """An entry's `string_map_data`."""
    cells = {name: {"href": "", "value": str(value), "timestamp": 0} for name, value in values.items()}
    return {n: {"href": "", "value": "", "timestamp": time} for n, time in (times or {}).items()} | cells


def write_export(folder: Path, study: Study, mark: str, since: pd.Timestamp | None = None) -> None:
    """Write an Instagram export (JSON, layout of 2026); with `since`, its list of followers is cut by date."""
    owner = study.accounts.iloc[0]
    until = study.coverage["collected_at"].max()
    listed = study.followers.sort_values("followed_at", ascending=False, kind="stable")
    total = len(listed)
    listed = listed[listed["followed_at"] >= since] if since is not None else listed
    base = "https://www.instagram.com/"
    people = [
        {"title": "", "media_list_data": [],
         "string_list_data": [{"href": base + name, "value": name, "timestamp": seconds(at)}]}
        for name, at in zip(listed["handle"], listed["followed_at"], strict=True)
    ]  # fmt: skip
    following = [
        {
            "title": name,
            "media_list_data": [],
            "string_list_data": [{"href": f"{base}_u/{name}", "timestamp": seconds(at)}],
        }
        for name, at in zip(study.following["handle"], study.following["followed_at"], strict=True)
    ]
    start, last = until - pd.Timedelta(days=90), until - pd.Timedelta(days=1)
    month = study.days[study.days["date"] >= start.tz_localize(None)]
    period = f"{MONTHS[start.month - 1]} {start.day} - {MONTHS[last.month - 1]} {last.day}"
    insight = "logged_information/past_instagram_insights/"
    people_at = "connections/followers_and_following/"
    activity = "your_instagram_activity/"
    posts = list(study.posts.sort_values("published_at", ascending=False).itertuples())
    reels, others = [p for p in posts if p.kind == "reel"], [p for p in posts if p.kind != "reel"]
    own = study.replies.sort_values("at", kind="stable")
    on_reel = own["post_id"].isin([p.post_id for p in reels])
    written = pd.Series(
        [_comment(reply, owner["handle"]) for reply in own.itertuples()], index=own.index, dtype="object"
    )
    profile = {"Username": owner["handle"], "Name": owner["name"], "Bio": "Akun contoh, semua dibuat-buat",
               "Private Account": "False"}  # fmt: skip
    audience = {"Date Range": period, "Followers": f"{total:,}", "Follows": f"{month['new_follows'].sum():,}",
                "Unfollows": f"{month['lost_follows'].sum():,}",
                "Overall followers": f"{(month['new_follows'] - month['lost_follows']).sum():,}",
                "Follower Percentage by Country": "Indonesia: 96.4%, Malaysia: 1.9%, Singapore: 0.4%"}  # fmt: skip
    members: list[tuple[str, object]] = [
        *((f"{people_at}followers_{i // 5_000 + 1}.json", people[i : i + 5_000]) for i in range(0, len(people), 5_000)),
        (f"{people_at}following.json", {"relationships_following": following}),
        (f"{insight}audience_insights.json", {"organic_insights_audience": [_entry(labelled(audience))]}),
        (f"{insight}posts.json", {"organic_insights_posts": [_measured(p) for p in others]}),
        (f"{insight}reels.json", {"organic_insights_reels": [_measured(p) for p in reels]}),
        (f"{activity}media/posts_1.json", [_media(p) for p in others]),
        (f"{activity}media/reels.json", {"ig_reels_media": [_media(p) for p in reels]}),
        (f"{activity}comments/post_comments_1.json", written[~on_reel].tolist()),
        (f"{activity}comments/reels_comments.json", {"comments_reels_comments": written[on_reel].tolist()}),
        ("personal_information/personal_information/personal_information.json",
         {"profile_user": [{"title": "User Information", "media_map_data": {}, "string_map_data": labelled(profile)}]}),
    ]  # fmt: skip
    name = f"instagram-{owner['handle']}-{until:%Y-%m-%d}-{mark}.zip"
    write_zip(folder / name, [(path, escaped(document)) for path, document in members])


def _entry(values: dict[str, Any], media: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"title": "", "media_map_data": media or {}, "string_map_data": values}


def _uri(post: Any, number: int = 0) -> str:
    folder, ending = ("reels", "mp4") if post.kind == "reel" else ("posts", "jpg")
    return f"media/{folder}/{post.published_at:%Y%m}/{int(post.post_id) + number}.{ending}"


def _measured(post: Any) -> dict[str, Any]:
    time = seconds(post.published_at)
    media = {"Media Thumbnail": {"uri": _uri(post), "creation_timestamp": time, "title": post.caption}}
    if post.kind == "reel":
        values = {"Duration": 30, "Accounts reached": post.reach, "Instagram Plays": post.views,
                  "Instagram Likes": post.likes, "Instagram Comments": post.comments,
                  "Instagram Shares": post.shares, "Instagram Saves": post.saves}  # fmt: skip
        return _entry(labelled({"Caption": post.caption} | values, {"Upload Timestamp": time}), media)
    values = {"Profile visits": post.profile_visits, "Impressions": f"{post.impressions:,}", "Follows": post.follows,
              "Accounts reached": f"{post.reach:,}", "Saves": post.saves, "Likes": post.likes,
              "Comments": post.comments, "Shares": post.shares}  # fmt: skip
    return _entry(labelled(values, {"Creation Timestamp": time}), media)


def _media(post: Any) -> dict[str, Any]:
    time = seconds(post.published_at)
    count = 3 if post.kind == "carousel" else 1
    items = [{"uri": _uri(post, i), "creation_timestamp": time, "title": "" if count > 1 else post.caption}
             for i in range(count)]  # fmt: skip
    return {"media": items} | ({"title": post.caption, "creation_timestamp": time} if count > 1 else {})


def _comment(reply: Any, owner: str) -> dict[str, Any]:
    values = labelled({"Comment": reply.text, "Media Owner": owner})
    values["Time"] = {"href": "", "value": "", "timestamp": seconds(reply.at)}
    return {"media_list_data": [{"uri": ""}], "string_map_data": values}


# ------------------------------------------------------------------------------------------ other files of a brand


def write_content(folder: Path, study: Study, language: str) -> None:
    """Write Meta Business Suite's content export: Pacific time in every language."""
    header, kinds, always = CONTENT[language]
    owner, posts = study.accounts.iloc[0], study.posts.sort_values("published_at", ascending=False)
    times = local(posts["published_at"], "%m/%d/%Y %H:%M", "America/Los_Angeles")
    rows = [
        [p.post_id, "17841400000000901", owner["handle"], owner["name"], p.caption, 30 if p.kind == "reel" else 0, time,
         permalink(p), kinds[p.kind], "", always, *(getattr(p, name) for name in MEASURES)]
        for p, time in zip(posts.itertuples(), times, strict=True)
    ]  # fmt: skip
    days = [posts["published_at"].min(), study.coverage["collected_at"].max()]
    name = "_".join(f"{MONTHS[day.month - 1]}-{day:%d-%Y}" for day in days)
    write_csv(folder / f"{name}_1029384756.csv", [header.split("|"), *rows], quote=" ")


def write_reactions(folder: Path, study: Study) -> None:
    """Write who liked and who commented, a file a quarter: likes bear no time (apps show none), comments do."""
    posts = study.posts.set_index("post_id")
    links = pd.Series([permalink(p) for p in posts.itertuples()], index=posts.index)
    acts = study.interactions.assign(
        link=study.interactions["post_id"].map(links), posted=study.interactions["post_id"].map(posts["published_at"])
    ).sort_values(["posted", "kind", "at", "follower_id"], kind="stable")
    acts["time"] = local(acts["at"], "%d/%m/%Y %H:%M")
    day = acts["posted"].dt.tz_convert(ZONE)
    for (year, quarter), part in acts.groupby([day.dt.year, day.dt.quarter]):
        rows = [
            [a.follower_id, a.link, "ya", "", ""] if a.kind == "like" else [a.follower_id, a.link, "", a.time, a.text]
            for a in part.itertuples()
        ]
        header = ["Nama Akun", "Post", "Suka?", "Tanggal", "Komentar"]
        write_csv(folder / f"likers dan komentar {year}-Q{quarter}.csv", [header, *rows])


def write_orders(folder: Path, study: Study) -> None:
    """Write the order book as an Excel file in which everything was typed as text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Pesanan"
    sheet.append(["No Pesanan", "Tanggal", "Nama akun", "Kode voucher", "Qty", "Total", "Status"])
    for sale, time in zip(study.sales.itertuples(), local(study.sales["at"], "%d/%m/%Y %H.%M"), strict=True):
        who = "@" + sale.follower_id if pd.notna(sale.follower_id) else None
        code = sale.code if pd.notna(sale.code) else None
        sheet.append([sale.sale_id, time, who, code, int(sale.quantity), rupiah(sale.amount), sale.status])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as made:  # openpyxl writes the time of day into the file; take it out
        members = [(name, made.read(name)) for name in made.namelist()]
    stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    write_zip(folder / "pesanan.xlsx", [(name, stamp.sub(b"2026-07-01T00:00:00Z", data)) if name == "docProps/core.xml"
                                       else (name, data) for name, data in members])  # fmt: skip


# --------------------------------------------------------------------------------------------------- influencers


def decimal(value: float, digits: int) -> str:
    """A number as Indonesians write it, without needless zeros: 12.5 is 12,5."""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".").replace(".", ",")


def short(value: int) -> str:
    """2350 is 2.350, 12500 is 12,5 rb, 1250000 is 1,25 jt."""
    if value >= 1_000_000:
        return f"{decimal(value / 1e6, 2)} jt"
    return f"{decimal(value / 1e3, 1)} rb" if value >= 10_000 else f"{value:,}".replace(",", ".")


def rupiah(amount: float) -> str:
    return "Rp" + f"{amount:,.0f}".replace(",", ".")


def write_rate_card(folder: Path, roster: Study) -> None:
    """Write a home-made rate card: title above the header, abbreviated numbers, a total below."""
    asked = roster.prices.set_index(["account_id", "deliverable"])["amount"]
    header = ["No", "Nama", "Username", "Platform", "Followers", "ER", "Niche", "Rate Feed", "Rate Reels"]
    rows: list[list[object]] = [["LIST KOL 2026"], [], [*header, "Rate Story (3 frame)"]]
    for i, a in enumerate(roster.accounts.itertuples()):
        money = []
        for j, what in enumerate(("feed", "reels", "story")):
            amount = asked.get((a.account_id, what))
            none = ("nego", "-", "")[(i + j) % 3]
            spoken = f"{decimal((amount or 0) / 1e6, 3)} jt" if (amount or 0) >= 1e6 else f"{(amount or 0) / 1e3:.0f}rb"
            money.append(none if amount is None else spoken if (i + j) % 4 == 3 else rupiah(amount))
        rate = "" if pd.isna(a.engagement_rate) else decimal(100 * a.engagement_rate, 2) + "%"
        name = f"@{a.handle}" if i % 3 else a.handle
        rows.append([i + 1, a.name, name, "TikTok" if a.platform == "tiktok" else "Instagram", short(int(a.followers)),
                     rate, a.topic, *money])  # fmt: skip
    rows += [[], ["TOTAL", "", "", "", short(int(roster.accounts["followers"].sum()))]]
    write_csv(folder / "LIST KOL 2026.csv", [[*row, *[""] * (10 - len(row))] for row in rows], ";")


def write_roster_posts(folder: Path, roster: Study) -> None:
    """Write the influencers' recent posts, gathered by hand into one table."""
    kinds = {"photo": "Foto", "carousel": "Carousel", "reel": "Reel", "video": "Video"}
    header = ["Username", "Platform", "Tanggal", "Link", "Jenis", "Caption", "Likes", "Komentar", "Views", "Reach"]
    rows = []
    for p, time in zip(roster.posts.itertuples(), local(roster.posts["published_at"], "%d/%m/%Y %H:%M"), strict=True):
        platform, handle = p.account_id.split(":")
        link = permalink(p) if platform == "instagram" else f"https://www.tiktok.com/@{handle}/video/{p.post_id}"
        rows.append([handle, platform, time, link, kinds[p.kind], p.caption, p.likes, p.comments, p.views, p.reach])
    write_csv(folder / "postingan KOL.csv", [header, *rows], ";")


def write_truth(folder: Path, study: Study) -> None:
    """Write the answers; readers pass over files whose name begins with an underscore."""
    assert study.truth is not None
    (folder / "_truth.csv").write_text(
        study.truth.to_csv(index=False, float_format="%.5f", lineterminator="\n"), "utf-8"
    )
