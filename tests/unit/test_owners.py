"""Whose data it is: found by itself where the files tell, and a question with its answers where they do not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engage import store
from engage.readers import read
from engage.study import Settings

FORMATS = Path(__file__).parents[1] / "formats"
EXPORT = FORMATS / "ig_dyi_json_en" / "instagram-kopi.contoh.uji-2026-05-12-Ab3dE5gH.zip"
ME, CLIPS = "instagram:kopi.contoh.uji", "tiktok:toko.contoh.uji"
SEVERAL = "belong to several accounts"


def asked(study):
    return [note for note in study.notes if SEVERAL in str(note)]


@pytest.fixture
def dump(tmp_path):
    """Posts that Apify collected, as account -> how many."""

    def write(name, **posts):
        items = [{"id": f"38893091305483{len(of)}{n:04}", "shortCode": f"DX5mgw8BPR{'ABCDEFGH'[n]}",
                  "url": "https://www.instagram.com/p/x/", "timestamp": f"2026-05-0{n + 1}T04:00:00.000Z",
                  "ownerUsername": of.replace("_", "."), "likesCount": 5, "commentsCount": 1, "type": "Image"}
                 for of, count in posts.items() for n in range(count)]  # fmt: skip
        (tmp_path / name).write_text(json.dumps(items))
        return tmp_path / name

    return write


@pytest.fixture
def roster(tmp_path):
    (tmp_path / "kol.csv").write_text("Username,Followers,Harga Reels\nsatu.uji,12000,500000\ndua.uji,9000,400000\n")
    return tmp_path / "kol.csv"


def test_accounts_on_two_platforms_are_both_the_users_own_and_one_is_the_studys():
    clips = FORMATS / "tiktok_dyi_json_2026"
    study = read(EXPORT, clips)
    assert study.owners == [study.owner, *({ME, CLIPS} - {study.owner})] and len(study.owners) == 2
    assert set(study.accounts.loc[study.accounts["is_owner"], "account_id"]) == {ME, CLIPS}
    [note] = asked(study)
    assert note.level == "guess" and note.message.values["accounts"] == study.owners
    assert set(read(clips, EXPORT).notes) == set(study.notes)


@pytest.mark.parametrize("wanted", [ME, CLIPS])
def test_the_user_chooses_before_or_after(wanted):
    files = [EXPORT, FORMATS / "tiktok_dyi_json_2026"]
    study = read(*files, settings=Settings(owner=wanted))
    assert study.owner == wanted and study.owners[0] == wanted and len(study.owners) == 2 and not asked(study)
    study = read(*files)
    later = study.with_(settings=replace(study.settings, owner=wanted))
    assert later.owner == wanted and set(later.owners) == {ME, CLIPS}
    assert store.open_study(store.save(later)).owners == later.owners
    again = read(EXPORT, extending=later)
    assert again.owner == wanted and set(again.owners) == {ME, CLIPS}


def test_a_list_of_influencers_belongs_to_nobody(roster):
    study = read(roster)
    assert study.owner == "" and study.owners == [] and not asked(study)


def test_a_dump_of_several_accounts_belongs_to_nobody(dump):
    study = read(dump("a.json", satu_uji=3, dua_uji=3, tiga_uji=2))
    assert study.owner == "" and study.owners == [] and not asked(study)


def test_an_export_beside_a_list_of_influencers_or_a_competitors_posts_is_the_users(roster, dump):
    study = read(EXPORT, roster, dump("saingan.json", saingan_uji=5))
    assert study.owners == [ME] and not asked(study)
    assert {"instagram:satu.uji", "instagram:saingan.uji"} < set(study.accounts["account_id"])


def test_tables_of_two_accounts_that_are_equally_sure_are_a_question(tmp_path):
    head = "Post ID,Account username,Description,Publish time,Permalink,Post type,Date,Reach,Likes,Comments"
    for name in ("satu", "dua"):
        row = f"1796032005285910,{name}.uji,x,05/04/2026 01:00,https://www.instagram.com/p/DX5mgw8BPRH/,IG image"
        (tmp_path / f"{name}.csv").write_text(f"{head}\n{row},Lifetime,90,9,1\n")
    files = [tmp_path / "satu.csv", tmp_path / "dua.csv"]
    study = read(*files)
    assert sorted(study.owners) == ["instagram:dua.uji", "instagram:satu.uji"]
    assert asked(study)[0].message.values["accounts"] == study.owners == read(*files[::-1]).owners
    chosen = read(*files, settings=Settings(owner="instagram:dua.uji"))
    assert chosen.owner == "instagram:dua.uji" and not asked(chosen)


def test_comments_alone_are_about_the_users_account_whatever_it_is_called(tmp_path):
    path = tmp_path / "komentar.csv"
    path.write_text(
        "Username,Komentar,Tanggal,Link post\nani.uji,mau,2026-05-04 10:00,https://www.instagram.com/p/DX5mgw8BPRH/\n"
    )
    study = read(path)
    assert study.owners == [study.owner] == ["own"] and not asked(study)
