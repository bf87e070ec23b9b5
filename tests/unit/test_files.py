"""Whatever a person drops in: hostile, broken and wrong files become sentences, and nothing else is lost."""

import json
import random
import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

import engage.readers.files as files
from engage.messages import ReadError
from engage.readers import read
from engage.readers.spreadsheet import inspect_sheet
from engage.readers.text import decode, repair
from engage.study import TABLES

FORMATS = Path(__file__).parents[1] / "formats"
FOLLOWERS = b"Username\nsari.uji01\nbima_uji02\n"


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def names(study):
    return study.followers["follower_id"].tolist()


def sentence(*paths):
    with pytest.raises(ReadError) as error:
        read(*paths)
    return str(error.value)


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "pengikut.csv"
    path.write_bytes(FOLLOWERS)
    return path


WRONG = {
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture"),
    "tagihan.csv": (b"%PDF-1.7 ...", "a PDF document"),
    "setup.xlsx": (b"MZ\x90\x00" + b"x" * 100, "a program"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "lama.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1 Workbook", "save it as XLSX"),
    "empty.csv": (b"", "is empty"),
    "halaman.html": (b"<!DOCTYPE html><html></html>", "choose JSON"),
    "data.json": (b'[{"shortCode": "abc", "likesCount": 3}]', "shortCode"),
    "patah.json": (b'{"a": [1, 2', "not complete"),
    "lain.csv": (b"foo,bar\n1,2\n", "foo, bar"),
    "rusak.zip": (b"PK\x03\x04 this is no zip", "damaged"),
    "arsip.rar": (b"Rar!\x1a\x07", "a RAR archive"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_in_a_sentence(tmp_path, name):
    data, words = WRONG[name]
    (tmp_path / name).write_bytes(data)
    told = sentence(tmp_path / name)
    assert name in told or name == "halaman.html"
    assert words in told


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_beside_a_good_one_is_a_note(tmp_path, good, name):
    data, words = WRONG[name]
    (tmp_path / name).write_bytes(data)
    study = read(good, tmp_path / name)
    assert names(study) == ["sari.uji01", "bima_uji02"]
    assert any(words in str(note) for note in study.notes)


def test_a_missing_path_is_an_error_alone_and_a_note_beside_others(good):
    assert "tiada.csv" in sentence("tiada.csv")
    assert any("tiada.csv" in str(note) for note in read(good, "tiada.csv").notes)


def test_an_empty_zip_and_no_path_at_all_are_sentences(tmp_path):
    assert "empty zip" in sentence(zipped(tmp_path / "a.zip", {}))
    assert "no file" in sentence()


def test_system_litter_is_passed_over_and_media_are_only_counted(tmp_path):
    litter = dict.fromkeys(["__MACOSX/x/._a.csv", ".DS_Store", "a/Thumbs.db", "b/no-data.txt"], b"\x00\x01junk")
    study = read(zipped(tmp_path / "a.zip", litter | {"v.mp4": b"not a video", "a.csv": FOLLOWERS}))
    told = [str(note) for note in study.notes]
    assert told == ["Pictures and videos, not opened: 1.", "a.zip/a.csv: Read as a table kept by hand. followers: 2."]


def test_members_that_climb_are_skipped_and_told(tmp_path):
    climbing = dict.fromkeys(["../a.csv", "/etc/a.csv", "C:\\a.csv", "x\\..\\..\\a.csv"], b"Username\njahat.uji\n")
    study = read(zipped(tmp_path / "a.zip", climbing | {"ok.csv": FOLLOWERS}))
    assert names(study) == ["sari.uji01", "bima_uji02"]
    assert sum("outside the zip" in str(note) for note in study.notes) == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_a_link_in_a_zip_is_skipped(tmp_path):
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(info, "/etc/passwd")
        packed.writestr("ok.csv", FOLLOWERS)
    assert any("is a link" in str(note) for note in read(tmp_path / "a.zip").notes)


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path):
    outside = tmp_path / "rahasia.csv"
    outside.write_bytes(b"Username\nrahasia.uji\n")
    (tmp_path / "masuk").mkdir()
    (tmp_path / "masuk" / "ok.csv").write_bytes(FOLLOWERS)
    (tmp_path / "masuk" / "link.csv").symlink_to(outside)
    (tmp_path / "masuk" / "naik").symlink_to(tmp_path)
    study = read(tmp_path / "masuk")
    assert names(study) == ["sari.uji01", "bima_uji02"]
    assert any("leads out" in str(note) for note in study.notes)


def test_a_protected_zip_is_told(tmp_path, good):
    data = bytearray(zipped(tmp_path / "a.zip", {"a.csv": FOLLOWERS}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(signature) + offset
        data[place : place + 2] = struct.pack("<H", struct.unpack("<H", data[place : place + 2])[0] | 1)
    (tmp_path / "a.zip").write_bytes(bytes(data))
    assert "password" in sentence(tmp_path / "a.zip")


def test_a_bomb_is_refused_without_being_unpacked_whole(tmp_path, good):
    bomb = zipped(tmp_path / "bomb.zip", {"b.csv": b"0" * 30_000_000})
    assert "far more than its size" in sentence(bomb)
    assert names(read(bomb, good)) == ["sari.uji01", "bima_uji02"]


def test_a_bomb_in_a_zip_in_a_zip_and_in_a_workbook_is_refused(tmp_path):
    inner = zipped(tmp_path / "i.zip", {"b.csv": b"0" * 30_000_000}).read_bytes()
    assert "far more" in sentence(zipped(tmp_path / "nested.zip", {"i.zip": inner}))
    book = zipped(tmp_path / "b.xlsx", {"[Content_Types].xml": b"x", "xl/sharedStrings.xml": b"0" * 30_000_000})
    assert "far more" in sentence(book)
    deep = zipped(tmp_path / "d.zip", {"n.zip": (tmp_path / "nested.zip").read_bytes()})
    assert "Unpack it first" in sentence(deep)


def test_the_total_limit_counts_what_is_really_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files.Budget, "__init__", lambda self: setattr(self, "left", 60))
    study = read(zipped(tmp_path / "a.zip", {f"{i}.csv": FOLLOWERS + b"uji%d\n" % i for i in range(3)}))
    assert names(study) == ["sari.uji01", "bima_uji02", "uji0"], "the first file was within the limit"
    assert sum("1 GB" in str(note) for note in study.notes) == 2


def test_small_members_may_be_packed_tightly(tmp_path):
    many = b"Username\n" + b"sari.uji01\n" * 80_000
    assert names(read(zipped(tmp_path / "a.zip", {"a.csv": many}))) == ["sari.uji01"]


def test_a_zip_in_a_zip_is_read(tmp_path):
    inner = zipped(tmp_path / "i.zip", {"ok.csv": FOLLOWERS}).read_bytes()
    assert names(read(zipped(tmp_path / "o.zip", {"x/i.zip": inner}))) == ["sari.uji01", "bima_uji02"]


def test_a_zip_that_is_a_workbook_is_read_whatever_it_is_called(tmp_path):
    book = Workbook()
    book.active.append(["Username", "Followers"])
    book.active.append(["sari.uji01", 1.234])
    book.save(tmp_path / "list.zip")
    assert read(tmp_path / "list.zip").accounts["handle"].tolist() == ["sari.uji01"]


def test_formulas_and_markup_in_a_workbook_stay_text(tmp_path):
    book = Workbook()
    book.active.append(["Username", "Komentar"])
    book.active.append(["sari.uji01", "<script>alert(1)</script>"])
    book.active["B3"].value, book.active["B3"].data_type = "=cmd|' /C calc'!A0", "s"
    book.active["A3"] = "bima_uji02"
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").interactions["text"].tolist() == [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
    ]


def test_broken_workbooks_are_sentences(tmp_path):
    for i, content in enumerate([b"", b"<", b"<?xml version='1.0'?><Types/>"]):
        path = zipped(tmp_path / f"{i}.xlsx", {"[Content_Types].xml": content, "xl/workbook.xml": content})
        assert "damaged" in sentence(path)


def test_deep_json_and_absurd_values_do_no_harm(tmp_path, good):
    (tmp_path / "followers_1.json").write_text("[" * 100_000)
    odd = [{"string_list_data": [{"value": 5, "timestamp": 10**30}]}, {"string_list_data": None},
           {"string_list_data": ["x"]},
           {"string_list_data": [{"href": "https://www.instagram.com/_u/sari.uji01", "timestamp": "x"}]}]  # fmt: skip
    (tmp_path / "followers_2.json").write_text(json.dumps(odd))
    study = read(tmp_path)
    assert set(names(study)) == {"sari.uji01", "bima_uji02"}
    assert any("not complete" in str(note) for note in study.notes)


def test_progress_is_told_between_files_and_may_cancel(good):
    seen = []
    read(good, progress=lambda what, share: seen.append((str(what), share)))
    assert seen[0] == ("Reading pengikut.csv", 0) and seen[-1][1] == 1

    def stop(what, share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(good, progress=stop)


@pytest.mark.parametrize("text", ["café ☕", "São Paulo", "Ã", "â€", "Â£", "Ünïcode"])
def test_text_is_repaired_once_and_only_when_it_was_broken(text):
    if repair(text) == text:
        assert repair(text.encode().decode("latin-1")) == text
    assert decode(text.encode("utf-16")) == text and decode(b"\xef\xbb\xbf" + text.encode()) == text


def samples():
    return sorted(p for p in FORMATS.rglob("*") if p.is_file() and p.name != "expected.json")


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name)
def test_a_cut_or_changed_file_gives_notes_or_a_read_error(path, tmp_path, caplog):
    data, chance = path.read_bytes(), random.Random(path.name)
    broken = tmp_path / path.name
    for _ in range(8):
        cut = bytearray(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.5 else data)
        for _ in range(chance.randrange(8)):
            if cut:
                cut[chance.randrange(len(cut))] = chance.randrange(256)
        broken.write_bytes(bytes(cut))
        try:
            study = read(broken)
        except ReadError as error:
            assert str(error)
        else:
            assert set(study.tables) == set(TABLES)
    assert not caplog.records, "an error that no check foresaw"


def changed(value, chance):
    """The same JSON with some parts put where they do not belong."""
    if chance.random() < 0.08:
        return chance.choice([None, 0, -1, 1e300, "", "x", [], {}, [[]], {"label": {}}, True, "\u202e", 10**20])
    if isinstance(value, dict):
        return {key: changed(item, chance) for key, item in value.items()}
    return [changed(item, chance) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(25))
def test_json_of_another_shape_gives_notes_or_a_read_error(seed, tmp_path, caplog):
    chance = random.Random(seed)
    [source] = (FORMATS / chance.choice(["ig_dyi_json_en", "ig_dyi_json_2026_label_values"])).glob("*.zip")
    with zipfile.ZipFile(source) as packed:
        members = {
            name: json.dumps(changed(json.loads(packed.read(name)), chance))
            for name in packed.namelist()
            if name[-5:] == ".json" and "__MACOSX" not in name
        }
    try:
        read(zipped(tmp_path / "a.zip", members))
    except ReadError as error:
        assert str(error)
    assert not caplog.records, "an error that no check foresaw"


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused_or_noted(seed, tmp_path, caplog):
    chance = random.Random(seed)
    path = tmp_path / chance.choice(["a.csv", "a.xlsx", "a.zip", "followers_1.json", "a.txt", "a.bin"])
    path.write_bytes(chance.randbytes(chance.randrange(5000)))
    try:
        read(path)
    except ReadError as error:
        assert str(error)
    assert not caplog.records


def test_a_sheet_can_be_inspected_before_it_is_read(good):
    [sheet] = inspect_sheet(good)
    assert sheet.mapping.kind == "followers" and sheet.rows == 2
    assert sheet.columns[0].examples == ("sari.uji01", "bima_uji02")
    with pytest.raises(ReadError):
        inspect_sheet("tiada.csv")
