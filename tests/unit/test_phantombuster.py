"""PhantomBuster's tables: what was collected when is no date of a post, and the machine's words are no caption."""

import json

import pandas as pd
import pytest

from engage.readers import read

CODE, PK = "DX5mgw8BPRH", "3889309130548376647"
POSTS = ["postUrl", "description", "commentCount", "likeCount", "pubDate", "isSidecar", "type", "caption", "username"]
ROW = [f"https://www.instagram.com/p/{CODE}/", "halo #kopi", "1", "5", "2026-05-04T02:30:00.000Z", "false", "Photo",
       "May be an image of coffee.", "kopi.uji"]  # fmt: skip


@pytest.fixture
def given(tmp_path):
    def write(rows, name="result.csv"):
        path = tmp_path / name
        text = json.dumps(rows) if name.endswith(".json") else "\n".join(",".join(row) for row in rows)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_posts_are_read_whatever_the_order_and_number_of_columns(given):
    study = read(given([[*reversed(POSTS), "viewCount", "baru"], [*reversed(ROW), "77", "x"]]))
    row = study.posts.iloc[0]
    columns = ["account_id", "post_id", "shortcode", "kind", "caption", "hashtags", "likes", "comments", "views"]
    assert row[columns].tolist() == ["instagram:kopi.uji", PK, CODE, "photo", "halo #kopi", "kopi", 5, 1, 77]
    assert str(row["published_at"]) == "2026-05-04 02:30:00+00:00" and study.owner == "instagram:kopi.uji"


@pytest.mark.parametrize(("sidecar", "kind", "found"), [("true", "Photo", "carousel"), ("TRUE", "Video", "carousel"),
                                                        ("false", "Video", "video"), ("", "", None)])  # fmt: skip
def test_a_sidecar_is_a_carousel(given, sidecar, kind, found):
    row = [*ROW[:5], sidecar, kind, *ROW[7:]]
    [value] = read(given([POSTS, row])).posts["kind"]
    assert value == found or (found is None and pd.isna(value))


def test_the_time_of_collecting_is_no_date(given):
    head = ["profileUrl", "username", "fullName", "imgUrl", "query", "timestamp"]
    row = ["https://www.instagram.com/sari.uji", "sari.uji", "Sari", "", "kopi.uji", "2026-05-12T03:00:00.000Z"]
    study = read(given([head, row]))
    assert study.followers["followed_at"].isna().all() and study.followers["has_picture"].isna().all()
    assert study.followers["account_id"].tolist() == ["instagram:kopi.uji"]


def test_json_of_the_same_columns_is_read_too(given):
    study = read(given([dict(zip(POSTS, ROW, strict=True)) | {"likeCount": -1, "isSidecar": False}], "result.json"))
    assert study.posts["post_id"].tolist() == [PK] and study.posts["likes"].isna().all()


def test_error_rows_are_counted_and_rows_without_a_name_told(given):
    head = ["profileUrl", "username", "fullName", "query", "error"]
    study = read(given([head, ["", "", "", "kopi.uji", "Network error"], ["x", "sari.uji", "", "kopi.uji", ""],
                        ["", "", "Tanpa", "kopi.uji", ""]]))  # fmt: skip
    assert study.followers["follower_id"].tolist() == ["sari.uji"]
    told = [str(note) for note in study.notes if note.level == "warning"]
    assert any("(Network error), left out: 1" in text for text in told)
    assert any("without an account name, left out: 1" in text for text in told)


def test_headers_without_rows_are_no_crash(given):
    assert read(given([POSTS])).is_empty
