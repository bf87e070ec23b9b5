"""Instaloader's folders and zips: old and new nodes, captions that are no names, and whose folder it is."""

import json
import lzma
import zipfile

import pytest

import engage.readers.files as files
from engage.messages import ReadError
from engage.readers import read

CODE, PK, STEM = "DX5mgw8BPRH", "3889309130548376647", "2026-05-04_02-30-00_UTC"
GRAPH = {"__typename": "GraphImage", "id": PK, "shortcode": CODE, "is_video": False,
         "taken_at_timestamp": 1_777_861_800,
         "edge_media_to_caption": {"edges": [{"node": {"text": "halo #kopi"}}]}, "edge_media_to_comment": {"count": 1},
         "edge_media_preview_like": {"count": 5}, "owner": {"id": "9", "username": "kopi.uji"}}  # fmt: skip
PHONE = {"pk": int(PK), "id": f"{PK}_9", "code": CODE, "media_type": 1, "taken_at": 1_777_861_800, "like_count": 5,
         "comment_count": 1, "caption": {"text": "halo #kopi"}, "user": {"pk": 9, "username": "kopi.uji"},
         "location": {"lat": -6.2, "lng": 106.8}}  # fmt: skip
PROFILE = {"id": "9", "username": "kopi.uji", "full_name": "Kopi", "edge_followed_by": {"count": 3537},
           "edge_follow": {"count": 4}, "is_verified": False}  # fmt: skip


def saved(node, what="Post", version="4.16"):
    return {"node": node, "instaloader": {"version": version, "node_type": what}}


def comment(number, who="sari.uji", at=1_777_869_000, **more):
    return {"id": number, "created_at": at, "text": "mau", "owner": {"id": "1", "username": who}, "likes_count": 0,
            "answers": []} | more  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    def write(members, name="kopi.uji"):
        for path, content in members.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            data = (content if isinstance(content, str) else json.dumps(content)).encode()
            file.write_bytes(lzma.compress(data, check=lzma.CHECK_NONE) if path.endswith(".xz") else data)
        return tmp_path / name

    return write


def zipped(source, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(source.rglob("*")):
            packed.write(file, file.relative_to(source.parent).as_posix())
    return path


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


@pytest.mark.parametrize(
    "document",
    [saved(GRAPH), GRAPH, saved(PHONE), saved({**PHONE, "taken_at_timestamp": 1_777_861_800}, version="4.14"),
     saved({"shortcode": CODE, "id": PK, "iphone_struct": PHONE})],
    ids=["v4", "v3", "phone", "both", "inside"],
)  # fmt: skip
def test_nodes_of_all_versions_are_the_same_post(folder, document):
    study = read(folder({f"{STEM}.json": document}))
    row = study.posts.iloc[0]
    wanted = ["instagram:kopi.uji", PK, CODE, "photo", "halo #kopi", "kopi", 5, 1]
    columns = ["account_id", "post_id", "shortcode", "kind", "caption", "hashtags", "likes", "comments"]
    assert row[columns].tolist() == wanted and str(row["published_at"]) == "2026-05-04 02:30:00+00:00"
    assert "106.8" not in "".join(frame.to_csv() for frame in study.tables.values())


@pytest.mark.parametrize(
    ("more", "kind"),
    [({"__typename": "GraphSidecar"}, "carousel"), ({"__typename": "XDTGraphVideo"}, "video"),
     ({"__typename": "GraphVideo", "product_type": "clips"}, "reel"), ({"__typename": None, "is_video": True}, "video"),
     ({"__typename": "GraphStoryImage"}, "story")],
)  # fmt: skip
def test_the_kind_is_read_from_every_form(folder, more, kind):
    assert read(folder({f"{STEM}.json": saved(GRAPH | more)})).posts["kind"].tolist() == [kind]


def test_a_zip_of_squeezed_files_is_read_as_the_folder_is(folder, tmp_path):
    path = folder({f"{STEM}.json.xz": saved(GRAPH), f"{STEM}_comments.json": [comment("181")], f"{STEM}.txt": "halo",
                   "kopi.uji_9.json.xz": saved(PROFILE, "Profile"), "id": "9\n"})  # fmt: skip
    one, other = read(path), read(zipped(path, tmp_path / "semua.zip"))
    for study in (one, other):
        assert study.owner == "instagram:kopi.uji" and study.accounts["followers"].tolist() == [3537]
        assert study.posts["likes"].tolist() == [5] and study.interactions["post_id"].tolist() == [PK]
        assert study.coverage[["kind", "complete"]].to_numpy().tolist() == [["comment", True]]
        assert study.followers.empty and not told(study, "warning")


def test_a_squeezed_bomb_in_a_zip_is_stopped_by_the_limits(folder, tmp_path, monkeypatch):
    path = folder({"a.json.xz": "[" + " " * 50_000_000})
    with pytest.raises(ReadError, match="far more than its size"):
        read(zipped(path, tmp_path / "bom.zip"))
    whole = files.Budget
    monkeypatch.setattr(files, "RATIO", 10**9)
    monkeypatch.setattr(files, "Budget", lambda: whole(10_000_000))
    with pytest.raises(ReadError, match="beyond 1 GB"):
        read(zipped(path, tmp_path / "bom.zip"))


def test_what_is_squeezed_and_broken_is_a_sentence(folder, tmp_path):
    path = folder({f"{STEM}.json": saved(GRAPH)})
    (path / "rusak.json.xz").write_bytes(b"\xfd7zXZ\x00\x00 nothing")
    for source in (path, zipped(path, tmp_path / "a.zip")):
        study = read(source)
        assert len(study.posts) == 1 and any("rusak.json is damaged" in text for text in told(study, "error"))


@pytest.mark.parametrize("text", ["kopi.uji", "@sari.uji @bima_uji02", "sari.uji\nbima_uji02\n"])
def test_a_caption_is_never_a_list_of_names(folder, text):
    study = read(
        folder(
            {
                f"{STEM}.json": saved(GRAPH | {"edge_media_to_caption": {"edges": []}}),
                f"{STEM}.txt": text,
                f"{STEM}_old_01.txt": "@lama.uji",
                f"{STEM}_location.txt": "https://maps.example -6",
            }
        )
    )
    assert study.followers.empty and study.posts["caption"].tolist() == [text.strip()]


def test_a_list_of_names_beside_it_is_one(folder):
    study = read(folder({"kopi.uji/x.json": saved(GRAPH), "followers.txt": "sari.uji\r\n\r\n@bima_uji02\r\n",
                         "Daftar_nama.txt": "dewi.uji03\n"}, "unduhan"))  # fmt: skip
    assert sorted(study.followers["follower_id"]) == ["bima_uji02", "dewi.uji03", "sari.uji"]
    assert set(study.followers["account_id"]) == {"instagram:kopi.uji"}


def test_a_file_called_after_its_code_names_its_post(folder):
    study = read(
        folder({f"{CODE}.json": saved(GRAPH), f"{CODE}_comments.json": [comment("181")], f"{CODE}.txt": "a b"})
    )
    assert study.interactions["post_id"].tolist() == [PK] and study.posts["caption"].tolist() == ["halo #kopi"]


def test_comments_without_their_post_are_of_a_post_at_the_time_in_the_name(folder):
    study = read(folder({f"{STEM}_comments.json": [comment("181")]}))
    assert study.posts["post_id"].tolist() == study.interactions["post_id"].tolist() == ["ts-1777861800"]
    assert study.posts["published_at"].astype(str).tolist() == ["2026-05-04 02:30:00+00:00"]
    joined = read(folder({f"{STEM}_comments.json": [comment("181")]}), folder({"x.json": saved(GRAPH)}, "lain"))
    assert len(joined.posts) == 1
    assert joined.interactions["post_id"].tolist() == joined.posts["post_id"].tolist()


def test_comments_with_no_hint_of_their_post_are_kept_and_told(folder):
    study = read(folder({"x.json": saved(GRAPH), "y_comments.json": [comment("181")]}))
    assert study.interactions["post_id"].isna().tolist() == [True]
    assert any("to which post they belong: 1" in text for text in told(study, "warning"))


@pytest.mark.parametrize(
    ("extra", "level"),
    [({"kopi.uji_9.json": saved(PROFILE, "Profile")}, None), ({}, "guess")],
)
def test_an_owner_without_a_name_is_the_profile_or_the_folder(folder, extra, level):
    study = read(folder({f"{STEM}.json": saved(GRAPH | {"owner": {"id": "9"}})} | extra))
    assert study.posts["account_id"].tolist() == ["instagram:kopi.uji"] and study.owner == "instagram:kopi.uji"
    assert bool([text for text in told(study, "guess") if "do not name their account" in text]) == bool(level)


def test_posts_of_a_hashtag_keep_their_accounts_and_nobody_owns_them(folder):
    other = GRAPH | {"id": "1234567", "shortcode": "DX_xY_4hRM2", "owner": {"id": "8", "username": "toko.uji"}}
    study = read(folder({"a.json": saved(GRAPH), "b.json": saved(other)}, "#kopi"))
    assert set(study.posts["account_id"]) == {"instagram:kopi.uji", "instagram:toko.uji"} and study.owner == ""


def test_folders_of_several_accounts_are_a_list_without_an_owner(folder):
    other = GRAPH | {"id": "1234567", "shortcode": "DX_xY_4hRM2", "owner": {"id": "8", "username": "toko.uji"}}
    study = read(folder({"kopi.uji/a.json": saved(GRAPH), "toko.uji/b.json": saved(other)}, "semua"))
    assert study.owner == "" and len(study.posts) == 2
    assert not any("several accounts" in text for text in told(study))


def test_two_equal_comments_are_two_and_answers_of_the_account_are_replies(folder):
    answer = comment("183", "Kopi.uji", 1_777_869_100, text="siap")
    rows = [comment("181", answers=[answer]), comment("182", at=1_777_869_030)]
    study = read(folder({f"{STEM}.json": saved(GRAPH), f"{STEM}_comments.json": rows}))
    assert study.interactions["source_id"].tolist() == ["181", "182"]
    assert study.replies[["follower_id", "text"]].to_numpy().tolist() == [["sari.uji", "siap"]]


def test_other_saved_things_are_quietly_left(folder):
    study = read(folder({f"{STEM}.json": saved(GRAPH), "iterator_x.json.xz": saved({"x": "y"}, "FrozenNodeIterator"),
                         "h.json": saved({"name": "kopi", "id": "1"}, "Hashtag")}))  # fmt: skip
    assert len(study.posts) == 1 and not told(study, "warning")


@pytest.mark.parametrize(
    "bad",
    [{"edge_media_to_caption": {"edges": [None]}}, {"owner": "x"}, {"owner": {"username": ["x"]}}, {"shortcode": {}},
     {"taken_at_timestamp": 1e300}, {"taken_at_timestamp": True}, {"edge_media_preview_like": {"count": "viel"}},
     {"media_type": {}, "__typename": None, "is_video": 3}, {"iphone_struct": [1]}, {"id": 10**40}],
)  # fmt: skip
def test_a_hostile_node_spoils_only_itself(folder, bad, caplog):
    good = GRAPH | {"id": "1234567", "shortcode": "DX_xY_4hRM2", "edge_media_preview_like": {"count": 3}}
    study = read(folder({"a.json": saved(GRAPH | bad), "b.json": saved(good)}))
    assert 3 in study.posts["likes"].dropna().tolist() and not caplog.records


def test_hostile_comments_are_no_crash(folder, caplog):
    rows = [comment("1"), comment(None, None, None), comment([], {}, {}, text=5, answers="x", owner=7)]
    study = read(
        folder({f"{STEM}.json": saved(GRAPH), f"{STEM}_comments.json": rows, "9999-99-99_99-99-99_UTC.txt": "x"})
    )
    assert len(study.interactions) == 3 and not caplog.records
