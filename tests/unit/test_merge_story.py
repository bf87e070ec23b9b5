"""The story of one made-up brand, kopi.uji, over two months, in the files that its marketer really has.

June: an Instagram export, a content table of Business Suite, comments collected with Apify, the same comments copied
into a table by hand, and Shopee's orders. July: all of it again, newer. Budi and Dewi leave, Fani and Gita come,
handles change their letter case, numbers grow, orders get on. Whatever the order of the files, or of the months, and
however often a file is read, it is one study.
"""

import itertools
import json
import shutil
import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook

from engage.readers import read
from engage.readers.dates import ALPHABET
from engage.study import TABLES

ME = "instagram:kopi.uji"
PEOPLE = "connections/followers_and_following/"
INSIGHTS = "logged_information/past_instagram_insights/posts.json"
MADE = {  # when each post was made, in UTC
    "lama": "2026-05-20T03:00:00Z", "arabika": "2026-06-10T03:00:00Z", "mitra": "2026-06-15T05:00:00Z",
    "robusta": "2026-06-24T03:00:00Z", "susu": "2026-07-12T03:00:00Z",
}  # fmt: skip
IDS = {name: f"1796032005285910{place}" for place, name in enumerate(MADE)}
FOLLOWED = {"ani.uji": "2026-02-01", "budi.uji": "2026-03-01", "cici.uji": "2026-04-01", "dewi.uji": "2026-05-01",
            "eka.uji": "2026-06-20", "fani.uji": "2026-07-05", "gita.uji": "2026-07-20"}  # fmt: skip
COMMENTS = {  # post, author, when, text
    "1": ("arabika", "ani.uji", "2026-06-10T04:00:00", "mau dong"),
    "2": ("arabika", "budi.uji", "2026-06-10T05:00:00", "harga berapa"),
    "3": ("arabika", "kopi.uji", "2026-06-10T05:10:00", "cek DM ya kak"),
    "4": ("robusta", "luar.uji", "2026-06-24T06:00:00", "enak"),
    "5": ("robusta", "Cici.uji", "2026-07-02T06:00:00", "langganan saya"),
    "6": ("susu", "fani.uji", "2026-07-12T06:00:00", "baru?"),
    "7": ("susu", "gita.uji", "2026-07-12T07:00:00", "pesan dua"),
    "8": ("lama", "ani.uji", "2026-07-15T07:00:00", "kapan ada lagi"),
    "9": ("susu", "kopi.uji", "2026-07-12T07:30:00", "siap kak"),
}


def seconds(when):
    return int(pd.Timestamp(when).timestamp())


def code(post):
    """The shortcode of a post: Instagram writes the instant into it."""
    number, text = (seconds(MADE[post]) * 1000 - 1314220021721) << 23, ""
    while number:
        number, place = divmod(number, 64)
        text = ALPHABET[place] + text
    return text


def link(post):
    return f"https://www.instagram.com/p/{code(post)}/"


def export(path, followers, posts, replies):
    """An Instagram export: JSON, with insights of `posts` as name -> (reach, likes)."""

    def labelled(**values):
        return {name.replace("_", " "): {"href": "", "value": text, "timestamp": 0} for name, text in values.items()}

    def person(name, when):
        item = {"href": f"https://www.instagram.com/{name}", "value": name, "timestamp": seconds(when)}
        return {"title": "", "media_list_data": [], "string_list_data": [item]}

    def insight(post, reach, likes):
        media = {"uri": f"media/posts/{IDS[post]}.jpg", "creation_timestamp": seconds(MADE[post]), "title": post}
        said = labelled(Accounts_reached=str(reach), Likes=str(likes))
        return {"media_map_data": {"Media Thumbnail": media}, "string_map_data": said}

    def reply(text, when):
        time = {"Time": {"href": "", "value": "", "timestamp": seconds(when + "Z")}}
        return {"media_list_data": [], "string_map_data": labelled(Comment=text, Media_Owner="kopi.uji") | time}

    files = {
        PEOPLE + "followers_1.json": [person(name, FOLLOWED[name.lower()]) for name in followers],
        PEOPLE + "following.json": {"relationships_following": [person("Cici.Uji", "2026-04-02")]},
        INSIGHTS: {"organic_insights_posts": [insight(post, *numbers) for post, numbers in posts.items()]},
        "personal_information/personal_information/personal_information.json": {
            "profile_user": [{"string_map_data": labelled(Username="kopi.uji", Name="Kopi Uji")}]
        },
        "your_instagram_activity/comments/post_comments_1.json": [reply(*COMMENTS[n][:1:-1]) for n in replies],
    }
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, json.dumps(content))


def content(path, posts):
    """Business Suite's table: `posts` as name -> (account, reach, likes, comments). Its clock is Pacific."""
    lines = ["Post ID,Account username,Description,Publish time,Permalink,Post type,Date,Reach,Likes,Comments"]
    for post, (account, *numbers) in posts.items():
        when = pd.Timestamp(MADE[post]).tz_convert("America/Los_Angeles").strftime("%m/%d/%Y %H:%M")
        row = [IDS[post], account, post, when, link(post), "IG image", "Lifetime", *map(str, numbers)]
        lines.append(",".join(row))
    path.write_text("\n".join(lines), encoding="utf-8-sig")


def apify(path, numbers):
    """Apify's comment scraper: numbered comments."""
    items = []
    for number in numbers:
        post, author, when, text = COMMENTS[number]
        items.append({"postUrl": link(post), "commentUrl": f"{link(post)}c/{number}", "id": f"181000000000000{number}",
                      "text": text, "ownerUsername": author, "timestamp": f"{when}.000Z", "repliesCount": 0,
                      "replies": [], "likesCount": 0})  # fmt: skip
    path.write_text(json.dumps(items))


def copied(path):
    """Comments of June copied by hand, in the time of Jakarta and without numbers; one that Apify missed."""
    rows = [COMMENTS["1"], COMMENTS["4"], ("robusta", "eka.uji", "2026-06-25T06:00:00", "kapan buka")]
    lines = ["Username,Komentar,Tanggal,Link post"]
    for post, author, when, text in rows:
        local = (pd.Timestamp(when) + pd.Timedelta(hours=7)).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(",".join([author.title(), text, local, link(post)]))
    path.write_text("\n".join(lines))


def orders(path, rows):
    """Shopee Indonesia's list of orders: number, status, total, voucher."""
    book = Workbook()
    book.active.append(["No. Pesanan", "Status Pesanan", "Waktu Pesanan Dibuat", "Total Pembayaran", "Jumlah",
                        "Kode Voucher"])  # fmt: skip
    for number, status, total, voucher in rows:
        day = f"20{number[:2]}-{number[2:4]}-{number[4:6]} 10:00"
        book.active.append([number, status, day, total, "1", voucher])
    book.save(path)


def june(folder):
    folder.mkdir()
    export(folder / "instagram-kopi.uji-2026-07-01-aB1.zip", ["ani.uji", "budi.uji", "Cici.Uji", "dewi.uji", "eka.uji"],
           {"lama": (500, 50), "arabika": (880, 88), "robusta": (390, 39)}, "3")  # fmt: skip
    content(folder / "Jun-01-2026_Jun-30-2026.csv", {
        "arabika": ("kopi.uji", 900, 90, 3), "robusta": ("kopi.uji", 400, 40, 2), "mitra": ("mitra.uji", 7000, 700, 9),
    })  # fmt: skip
    apify(folder / "dataset_instagram-comment-scraper_2026-06-30.json", "1234")
    copied(folder / "komentar juni.csv")
    orders(folder / "Order.all.20260601_20260630.xlsx", [
        ("260603AAAAAAA1", "Selesai", "125.000", ""), ("260628BBBBBBB2", "Sedang Dikirim", "218.500", ""),
        ("260630CCCCCCC3", "Belum Bayar", "50.000", ""), ("260604DDDDDDD4", "Batal", "125.000", ""),
    ])  # fmt: skip
    return sorted(folder.iterdir())


def july(folder):
    folder.mkdir()
    export(folder / "instagram-kopi.uji-2026-08-01-xY9.zip", ["ANI.UJI", "cici.uji", "eka.uji", "fani.uji", "gita.uji"],
           {"lama": (520, 51), "arabika": (1190, 118), "robusta": (640, 65), "susu": (790, 79)}, "39")  # fmt: skip
    content(folder / "Jul-01-2026_Jul-31-2026.csv", {
        "arabika": ("kopi.uji", 1200, 120, 5), "robusta": ("kopi.uji", 650, 66, 3), "susu": ("Kopi.uji", 800, 80, 3),
    })  # fmt: skip
    apify(folder / "dataset_instagram-comment-scraper_2026-07-31.json", "1456789")
    orders(folder / "Order.all.20260615_20260731.xlsx", [
        ("260628BBBBBBB2", "Selesai", "218.500", ""), ("260630CCCCCCC3", "Batal", "50.000", ""),
        ("260705EEEEEEE5", "Selesai", "99.000", "KOPIUJI10"), ("260730FFFFFFF6", "Perlu Dikirim", "45.000", ""),
    ])  # fmt: skip
    return sorted(folder.iterdir())


@pytest.fixture
def months(tmp_path):
    return june(tmp_path / "juni"), july(tmp_path / "juli")


def plain(frame):
    return frame.sort_values(list(frame.columns), key=lambda column: column.astype("str"), ignore_index=True)


def same(one, two):
    for name in TABLES:
        pd.testing.assert_frame_equal(plain(getattr(one, name)), plain(getattr(two, name)), obj=name)
    assert {str(account) for account in one.followers.loc[one.gone, "follower_id"]} == {
        str(account) for account in two.followers.loc[two.gone, "follower_id"]
    }
    return True


def of(study, table, post):
    """The rows of a table that are about a post, found by its shortcode."""
    [row] = study.posts[study.posts["shortcode"] == code(post)].to_dict("records")
    frame = getattr(study, table)
    return frame[frame["post_id"] == row["post_id"]]


def test_june_by_itself(months):
    study = read(*months[0])
    assert study.owner == ME and study.accounts["account_id"].tolist() == [ME]
    assert sorted(study.followers["handle"]) == ["ani.uji", "budi.uji", "cici.uji", "dewi.uji", "eka.uji"]
    assert study.followers.loc[study.followers["is_following_back"], "handle"].tolist() == ["cici.uji"]
    assert len(study.posts) == 4 and study.posts.loc[study.posts["is_collab"], "account_id"].tolist() == [
        "instagram:mitra.uji"
    ]
    assert sorted(study.interactions["follower_id"]) == ["ani.uji", "budi.uji", "eka.uji", "luar.uji"]
    assert study.replies["text"].tolist() == ["cek DM ya kak"], "the export and Apify tell of the same reply"
    assert of(study, "posts", "arabika")[["reach", "likes", "comments"]].to_numpy().tolist() == [[900, 90, 3]]
    assert study.coverage.loc[study.coverage["complete"], "post_id"].nunique() == 2
    assert not study.gone.any()
    assert any("differ between files (reach, likes): 2" in str(note) for note in study.notes)


def test_both_months(months):
    study = read(*months[1], extending=read(*months[0]))
    followers = study.followers.set_index("handle")
    assert len(followers) == 7 and sorted(study.followers.loc[study.gone, "handle"]) == ["budi.uji", "dewi.uji"]
    left = followers.loc[["budi.uji", "dewi.uji"], "last_seen_at"]
    assert set(left) == {pd.Timestamp("2026-07-01", tz="UTC")}
    assert set(followers["last_seen_at"].drop(left.index)) == {pd.Timestamp("2026-08-01", tz="UTC")}
    assert len(study.posts) == 5
    own = study.posts[study.posts["account_id"] == ME].set_index("caption")
    assert own.loc[["lama", "arabika", "robusta", "susu"], ["reach", "likes"]].to_numpy().tolist() == [
        [520, 51], [1200, 120], [650, 66], [800, 80],
    ]  # fmt: skip
    assert own.loc["lama", "published_at"] == pd.Timestamp(MADE["lama"])
    assert len(study.interactions) == 8, "seven of Apify's and the one that was copied by hand"
    assert sorted(of(study, "interactions", "robusta")["follower_id"]) == ["cici.uji", "eka.uji", "luar.uji"]
    assert of(study, "interactions", "lama")["follower_id"].tolist() == ["ani.uji"]
    assert sorted(study.replies["text"]) == ["cek DM ya kak", "siap kak"]
    complete = {post: of(study, "coverage", post)["complete"].tolist() for post in ("arabika", "robusta", "susu")}
    assert complete == {"arabika": [False], "robusta": [True], "susu": [True]}, "two of arabika's five were never read"
    sales = study.sales.groupby("status")["amount"].agg(["size", "sum"])
    assert sales.to_dict("index") == {
        "completed": {"size": 3, "sum": 442_500}, "cancelled": {"size": 2, "sum": 175_000},
        "to ship": {"size": 1, "sum": 45_000},
    }  # fmt: skip
    assert study.sales.loc[study.sales["code"].notna(), "sale_id"].tolist() == ["260705EEEEEEE5"]


@pytest.mark.parametrize("month", [0, 1])
def test_the_order_of_the_files_changes_nothing(months, month):
    files = months[month]
    first = read(*files)
    for turned in itertools.islice(itertools.permutations(files), 1, None, 7):
        again = read(*turned)
        assert same(first, again) and set(first.notes) == set(again.notes)


def test_the_order_of_the_months_changes_nothing(months):
    first, second = (read(*files) for files in months)
    assert same(read(*months[1], extending=first), read(*months[0], extending=second))


def test_both_months_at_once_are_the_extended_study(months):
    extended = read(*months[1], extending=read(*months[0]))
    for files in ([*months[0], *months[1]], [*months[1], *months[0]], sorted([*months[0], *months[1]])[::-1]):
        assert same(extended, read(*files))


def test_names_that_the_marketer_gave_the_files_change_nothing(months, tmp_path):
    extended = read(*months[1], extending=read(*months[0]))
    plainly = {".zip": "instagram.zip", ".xlsx": "pesanan.xlsx", ".json": "komentar.json", ".csv": "konten.csv"}
    files = []
    for name, month in (("a", months[0]), ("b", months[1])):
        (tmp_path / name).mkdir()
        for path in month:
            wanted = path.name if path.name.startswith("komentar") else plainly[path.suffix]
            files.append(shutil.copy(path, tmp_path / name / wanted))
    once, turned = read(*files), read(*files[::-1])
    assert same(once, turned) and set(once.notes) == set(turned.notes)
    assert sorted(once.followers.loc[once.gone, "handle"]) == ["budi.uji", "dewi.uji"]
    seen = once.followers.set_index("handle")["last_seen_at"]
    assert seen["budi.uji"] < seen["ani.uji"], "without a date in its name an export is as new as what it holds"
    for name in set(TABLES) - {"followers"}:
        pd.testing.assert_frame_equal(plain(getattr(extended, name)), plain(getattr(once, name)), obj=name)


def test_a_file_that_is_brought_twice_changes_nothing(months):
    for files in months:
        assert same(read(*files), read(*files, *files))


def test_a_month_that_is_brought_again_changes_nothing(months):
    study = read(*months[1], extending=read(*months[0]))
    for files in months:
        assert same(study, read(*files, extending=study))
    assert same(study, read(*months[0], *months[1], extending=study))


def test_orders_alone_get_on_too(months):
    """A list of orders is added to a study that is newer by its other files; an old one takes nothing back."""
    june, july = ([path for path in files if path.suffix == ".xlsx"] for files in months)
    study = read(*months[0])
    later = read(*july, extending=study)
    alone = [read(*june, extending=read(*july)), read(*july, extending=read(*june)), read(*july, *june)]
    for more in (later, read(*june, extending=later), *alone):
        states = dict(zip(more.sales["sale_id"].str[-1], more.sales["status"], strict=True))
        assert states == {"1": "completed", "2": "completed", "3": "cancelled", "4": "cancelled", "5": "completed",
                          "6": "to ship"}  # fmt: skip


def test_a_month_between_two_others_brings_nobody_back_and_sends_nobody_away(tmp_path):
    days, lists = ("2026-07-01", "2026-08-01", "2026-09-01"), ("ani budi cici", "ani cici dewi", "ani dewi")
    paths = []
    for day, names in zip(days, lists, strict=True):
        paths.append(tmp_path / f"instagram-kopi.uji-{day}-zZ.zip")
        export(paths[-1], [f"{name}.uji" for name in names.split()], {"arabika": (90, 9)}, "")
    seen = {"ani.uji": days[2], "budi.uji": days[0], "cici.uji": days[1], "dewi.uji": days[2]}
    for turned in itertools.permutations(paths):
        study = read(turned[0])
        for path in turned[1:]:
            study = read(path, extending=study)
        for each in (study, read(*turned)):
            found = each.followers["last_seen_at"].dt.strftime("%Y-%m-%d")
            assert dict(zip(each.followers["handle"], found, strict=True)) == seen
            assert sorted(each.followers.loc[each.gone, "handle"]) == ["budi.uji", "cici.uji"]


def test_a_comment_finds_a_post_of_the_export_by_the_instant_in_its_link(tmp_path):
    export(tmp_path / "instagram-kopi.uji-2026-07-01-aB1.zip", ["ani.uji"], {"lama": (500, 50)}, "")
    apify(tmp_path / "komentar.json", "8")
    study = read(*tmp_path.glob("*.*"))
    assert study.posts[["post_id", "shortcode", "reach"]].to_numpy().tolist() == [[IDS["lama"], code("lama"), 500]]
    assert study.interactions["post_id"].tolist() == [IDS["lama"]]
    assert not any("known only from their links" in str(note) for note in study.notes)


def test_a_list_of_scraped_names_makes_nobody_leave(months, tmp_path):
    (tmp_path / "pengikut.csv").write_text("Username\nani.uji\nbaru.uji\n")
    study = read(*months[0], extending=read(tmp_path / "pengikut.csv"))
    assert not study.gone.any() and len(study.followers) == 6
