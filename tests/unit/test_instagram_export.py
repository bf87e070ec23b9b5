"""Instagram's own export: all layouts, no doubled post, no private file opened, and every doubt told."""

import json
import zipfile

import pandas as pd
import pytest

from engage.readers import instagram_export, read
from engage.readers.files import opened
from engage.study import TABLES

HERE = "connections/followers_and_following/"
INSIGHTS = "logged_information/past_instagram_insights/"
MEDIA = "your_instagram_activity/media/"


def person(name, time=1_760_000_000):
    return {
        "title": "",
        "string_list_data": [{"href": f"https://www.instagram.com/{name}", "value": name, "timestamp": time}],
    }


def insight(time, uri="", **values):
    fields = {label.replace("_", " "): {"value": value, "timestamp": 0} for label, value in values.items()}
    thumb = {"Media Thumbnail": {"uri": uri, "creation_timestamp": time}} if uri else {}
    return {
        "media_map_data": thumb,
        "string_map_data": fields | {"Creation Timestamp": {"value": "", "timestamp": time}},
    }


@pytest.fixture
def export(tmp_path):
    def write(members, name="instagram-kopi.uji-2026-05-12-Ab3dE5gH.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for path, content in members.items():
                packed.writestr(path, content if isinstance(content, (str, bytes)) else json.dumps(content))
        return tmp_path / name

    return write


def test_an_export_in_several_zips_is_one(export):
    first = export({HERE + "followers_1.json": [person("a.uji")]}, "instagram-kopi.uji-2026-05-12-aaaa.zip")
    second = export({HERE + "followers_2.json": [person("b.uji")], HERE + "following.json": {"x": [person("A.uji")]}},
                    "instagram-kopi.uji-2026-05-12-bbbb.zip")  # fmt: skip
    study = read(second, first)
    assert study.owner == "instagram:kopi.uji"
    assert dict(zip(study.followers["handle"], study.followers["is_following_back"], strict=True)) == {
        "a.uji": True,
        "b.uji": False,
    }


def test_two_accounts_stay_apart(export):
    first = export({HERE + "followers_1.json": [person("a.uji")]}, "instagram-satu.uji-2026-05-12-aa.zip")
    second = export({HERE + "followers_1.json": [person("b.uji")]}, "instagram-dua.uji-2026-05-12-bb.zip")
    study = read(first, second)
    assert sorted(study.followers["account_id"]) == ["instagram:dua.uji", "instagram:satu.uji"]
    assert any("several accounts" in str(note) for note in study.notes)


def test_private_files_are_never_opened(export, monkeypatch):
    opened, really_open = [], zipfile.ZipFile.open
    path = export({
        HERE + "followers_1.json": [person("a.uji")], "messages/inbox/x/message_1.json": {"messages": []},
        "connections/contacts/synced_contacts.json": [], "personal_information/device_information/camera.json": {},
        "messages/inbox/x/message_1.html": "<html>", "logged_information/places/places.json": [],
    })  # fmt: skip

    def spy(self, member, *rest):
        opened.append(member.filename)
        return really_open(self, member, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    read(path)
    assert set(opened) == {HERE + "followers_1.json"}


def test_the_name_is_value_else_title_else_the_end_of_the_link(export):
    entries = [person("satu.uji"), {"title": "Dua.uji", "string_list_data": [{"href": "x", "timestamp": 1}]},
               {"title": "", "string_list_data": [{"href": "https://www.instagram.com/_u/tiga.uji"}]},
               {"title": "", "string_list_data": []},
               {"timestamp": 5, "label_values": [{"label": "Username", "value": "empat.uji"}]}]  # fmt: skip
    study = read(export({HERE + "followers_1.json": entries}))
    assert study.followers["handle"].tolist() == ["satu.uji", "dua.uji", "tiga.uji", "empat.uji"]
    assert any("without a name, left out: 1" in str(note) for note in study.notes)


def test_insights_and_media_lists_give_each_post_once(export):
    picture = {"uri": "a_1.jpg", "creation_timestamp": 1_760_000_000}
    post = insight(1_760_000_000, "media/x_17900000000000001.jpg", Likes="1,110", Comments="--", Plays="7")
    study = read(export({
        INSIGHTS + "posts.json": {"organic_insights_posts": [post]},
        MEDIA + "posts_1.json": [{"title": "Halo #Kopi #kopi", "media": [picture] * 2}],
    }))  # fmt: skip
    [row] = study.posts.to_dict("records")
    assert (row["post_id"], row["kind"], row["hashtags"], row["likes"]) == (
        "17900000000000001",
        "carousel",
        "kopi",
        1110,
    )
    assert row["views"] == 7 and pd.isna(row["comments"]) and pd.isna(row["impressions"])


def test_a_post_without_media_has_an_id_from_its_time(export):
    study = read(export({INSIGHTS + "posts.json": {"any_key": [insight(1_760_000_000, Likes="3")]}}))
    assert study.posts[["post_id", "likes"]].to_numpy().tolist() == [["ts-1760000000", 3]]


def test_numbers_that_are_not_known_are_shown(export):
    study = read(export({INSIGHTS + "posts.json": {"o": [insight(1_760_000_000, Likes="3", Sparkles="99")]}}))
    assert any("sparkles (99)" in str(note) for note in study.notes if note.level == "warning")


def test_stories_count_as_posts_only_with_numbers(export):
    study = read(export({
        MEDIA + "stories.json": {"ig_stories": [{"uri": "s_1234567.mp4", "creation_timestamp": 1_760_000_000}]},
        INSIGHTS + "stories.json": {"o": [insight(1_760_000_500, Impressions="12")]},
    }))  # fmt: skip
    assert study.posts[["kind", "impressions"]].to_numpy().tolist() == [["story", 12]]


def test_a_broken_member_is_told_and_the_rest_is_read(export):
    study = read(
        export({HERE + "followers_1.json": [person("a.uji")], HERE + "following.json": '{"relationships_following": ['})
    )
    assert study.followers["handle"].tolist() == ["a.uji"]
    assert [note.level for note in study.notes if "following.json" in str(note)] == ["error"]


def test_an_html_export_asks_for_json(export):
    study = read(export({HERE + "followers_1.html": "<html><body></body></html>", "a.csv": "Username\na.uji\n"}))
    assert any("choose JSON" in str(note) for note in study.notes)


def test_a_full_list_is_not_called_partial(export):
    facts = {"o": [{"string_map_data": {"Followers": {"value": "1"}}}]}
    study = read(export({HERE + "followers_1.json": [person("a.uji")], INSIGHTS + "audience_insights.json": facts}))
    assert not [note for note in study.notes if note.level == "warning"]
    assert study.abilities["follower_list"] == (1, 1)


def test_loose_files_of_one_export_belong_together(tmp_path):
    (tmp_path / "followers_1.json").write_text(json.dumps([person("a.uji")]))
    (tmp_path / "following.json").write_text(json.dumps({"relationships_following": [person("a.uji")]}))
    study = read(tmp_path / "followers_1.json", tmp_path / "following.json")
    assert study.followers["is_following_back"].tolist() == [True]
    assert study.owner == "own"


def test_business_suite_numbers_win_and_meet_the_export_s_post(export, tmp_path):
    csv = tmp_path / "konten.csv"
    rows = ('Post ID,Account username,Publish time,Permalink,Post type,Likes,Reach\n'
            '1.8E+17,kopi.uji,06/17/2026 00:45,https://www.instagram.com/reel/DZrdixGAomb/,reel,50,\n')  # fmt: skip
    csv.write_text(rows)
    at = int(pd.Timestamp("2026-06-17T07:45:20Z").timestamp())
    study = read(export({INSIGHTS + "posts.json": {"o": [insight(at, Likes="40", Accounts_reached="700")]}}), csv)
    assert study.posts[["post_id", "likes", "reach"]].to_numpy().tolist() == [["DZrdixGAomb", 50, 700]]
    assert any("rounded" in str(note) for note in study.notes)


def told(study, level=None):
    return [str(note) for note in study.notes if level in (None, note.level)]


def mojibake(text):
    return text.encode().decode("latin-1")


def localized(time, **values):
    fields = {mojibake(label): {"value": value, "timestamp": 0} for label, value in values.items()}
    return {"media_map_data": {}, "string_map_data": fields | {"Sello de tiempo": {"value": "", "timestamp": time}}}


def test_labels_are_known_in_other_languages_with_any_apostrophe_and_without_accents(export):
    french = {
        "J’aime": "96",
        "Comptes touchés": "1,110",
        "Followers en plus": "3",
        "Appuis sur les liens externes": "2",
    }
    other = {"J'aime": "7", "Contas alcançadas": "5", "Salvamentos": "2", "Visitas ao perfil": "4", "Impressoes": "8"}
    study = read(export({INSIGHTS + "posts.json": {"o": [localized(1_760_000_000, **french),
                                                         localized(1_760_000_100, **other)]}}))  # fmt: skip
    columns = ["likes", "reach", "follows", "saves", "profile_visits", "impressions"]
    assert study.posts[columns].astype(object).where(study.posts[columns].notna(), None).to_numpy().tolist() == [
        [96, 1110, 3, None, None, None], [7, 5, None, 2, 4, 8]]  # fmt: skip
    assert not told(study, "warning") and not told(study, "guess")


def test_words_that_nobody_has_seen_in_an_export_are_read_and_called_a_guess(export):
    values = {"Suka": "96", "Akun yang dijangkau": "1.110", "Kunjungan profil": "4", "Disimpan": "2", "Kilau": "12"}
    study = read(export({INSIGHTS + "posts.json": {"o": [localized(1_760_000_000, **values)]}}))
    [row] = study.posts.to_dict("records")
    assert (row["likes"], row["reach"], row["profile_visits"], row["saves"]) == (96, 1110, 4, 2)
    [guess] = told(study, "guess")
    assert "Suka = likes" in guess and "Akun yang dijangkau = reach" in guess
    [warning] = told(study, "warning")
    assert "kilau (12)" in warning


def test_the_followers_of_the_audience_are_a_total_and_those_of_reach_are_a_share(export):
    reach = {"o": [{"string_map_data": {"Followers": {"value": "0.1%"}, "Followers en plus": {"value": "77"}}}]}
    study = read(export({HERE + "followers_1.json": [person("a.uji")], INSIGHTS + "profiles_reached.json": reach}))
    assert study.accounts["followers"].isna().all()
    audience = {"o": [{"string_map_data": {mojibake("Période"): {"value": "May 29 - Aug 26"},
                                           "Total des followers": {"value": "9,795"}, "Followers": {"value": "1"},
                                           "Followers en plus": {"value": "19"},
                                           "Followers en moins": {"value": "9"}}}]}  # fmt: skip
    files = {HERE + "followers_1.json": [person("a.uji")], INSIGHTS + "profiles_reached.json": reach,
             INSIGHTS + "audience_insights.json": audience}  # fmt: skip
    study = read(export(files))
    assert study.accounts["followers"].tolist() == [1]
    assert any("19 follows and 9 unfollows" in text for text in told(study))


def test_an_audience_in_a_language_that_is_not_known_is_shown(export):
    audience = {"o": [{"string_map_data": {"Jälgijad": {"value": "3,537"}}}]}
    study = read(export({HERE + "followers_1.json": [person("a.uji")], INSIGHTS + "audience_insights.json": audience}))
    assert any("jälgijad (3,537)" in text for text in told(study, "warning"))


def comment(text, owner, time, labels=("Comment", "Media Owner", "Time")):
    return {"string_map_data": {labels[0]: {"value": text}, labels[1]: {"value": owner},
                                labels[2]: {"value": "", "timestamp": time}}}  # fmt: skip


def test_replies_are_found_in_a_language_that_is_not_known_by_who_owns_the_post(export):
    strange = ("Kommentaar", "Omanik", "Aeg")
    found = [comment("Terima kasih", "kopi.uji", 1_760_000_000, strange),
             comment("rahasia sekali", "toko.uji", 1_760_000_001, strange),
             comment("Siap", "Kopi.uji", 1_760_000_002, ("Opmerking", "Media-eigenaar", "Tijd")),
             comment("Oke", "kopi.uji", 1_760_000_003, ("Komentar", "Media Owner", "Time"))]  # fmt: skip
    study = read(export({"your_instagram_activity/comments/hype.json": {"comments_story_comments": found}}))
    assert study.replies["text"].tolist() == ["Terima kasih", "Siap", "Oke"]
    assert study.replies["at"].notna().all() and study.interactions.empty
    assert any("kommentaar, omanik" in text for text in told(study, "warning"))
    assert not any("rahasia" in text for text in told(study))


def test_a_comment_of_the_newer_family_names_the_owner_in_a_list_of_labels(export):
    owner = {"title": "Owner", "dict": [{"title": "", "dict": [{"label": "Username", "value": "kopi.uji"}]}]}
    entry = {"timestamp": 1_760_000_000, "label_values": [{"label": "Comment", "value": "Makasih"}, owner]}
    study = read(export({"your_instagram_activity/comments/post_comments_1.json": [entry]}))
    assert study.replies[["text", "at"]].to_numpy().tolist() == [
        ["Makasih", pd.Timestamp(1_760_000_000, unit="s", tz="UTC")]
    ]


def test_the_first_list_that_is_not_empty_is_read(export):
    reels = {
        "ig_other": [],
        "ig_reels_media": [{"media": [{"uri": "r_1234567.mp4", "creation_timestamp": 1_760_000_000}]}],
    }
    study = read(export({MEDIA + "reels.json": reels}))
    assert study.posts[["post_id", "kind"]].to_numpy().tolist() == [["1234567", "reel"]]


def test_archived_posts_and_unpublished_ones_are_left_out_and_counted(export):
    def post(at, published):
        said = {"label": mojibake("Publié"), "value": published}
        return {"timestamp": at, "label_values": [said], "fbid": f"17{at}"}

    old = {"media": [{"uri": "x_1234567.jpg", "creation_timestamp": 1_760_000_000}]}
    posts = [post(1_760_000_100, "Vrai"), post(1_760_000_200, "Faux")]
    archived = {"ig_archived_post_media": [old]}
    study = read(export({MEDIA + "archived_posts.json": archived, MEDIA + "posts.json": posts}))
    assert study.posts["post_id"].tolist() == ["171760000100"]
    assert any("Archived" in text and "left out: 1" in text for text in told(study))
    assert any("never published, left out: 1" in text for text in told(study))


HIDDEN = {"latitude": -6.208763, "longitude": 106.845599, "device_id": "android-0123456789abcdef",
          "lens_model": "LensaUji9", "date_time_original": "20260501T101112", "source": "KameraRahasia"}  # fmt: skip


def test_coordinates_and_devices_are_kept_nowhere(export):
    def media(number, at):
        exif = {"photo_metadata": {"exif_data": [HIDDEN]}, "camera_metadata": HIDDEN}
        return {"uri": f"m/{number}.jpg", "creation_timestamp": at, "title": "teks", "media_metadata": exif} | HIDDEN

    said = [{"label": label, "value": str(value)} for label, value in HIDDEN.items()]
    post = insight(1_760_000_000, "m/17900000000000001.jpg", Likes="1")
    post["media_map_data"]["Media Thumbnail"] |= {"media_metadata": HIDDEN}
    post["string_map_data"] |= {label: {"value": str(value)} for label, value in HIDDEN.items()}
    study = read(export({
        HERE + "followers_1.json": [person("a.uji") | HIDDEN],
        INSIGHTS + "posts.json": {"o": [post]},
        MEDIA + "posts_1.json": [{"media": [media(17900000000000001, 1_760_000_000)], "title": "teks"} | HIDDEN],
        MEDIA + "posts.json": [{"timestamp": 1_760_000_500, "label_values": said, "fbid": "17900000000000002"}],
        MEDIA + "stories.json": {"ig_stories": [media(17900000000000003, 1_760_000_900)]},
        "personal_information/personal_information.json": {"profile_user": [{"string_map_data": {
            "Username": {"value": "kopi.uji"}, "Email": {"value": "rahasia@contoh.test"},
            "Phone Number": {"value": "+6281200000000"}}}]},
        "personal_information/device_information/devices.json": {"devices_devices": [HIDDEN]},
    }))  # fmt: skip
    assert len(study.posts) == 2
    everything = " ".join([*told(study), repr(study.notes), *(study.tables[name].to_csv() for name in TABLES)])
    for value in (*HIDDEN.values(), "6.2087", "106.84", "rahasia@", "812000"):
        assert str(value) not in everything


FLAT = {"connections.json": {"followers": {"a.uji": "2019-01-01T00:00:00"}, "following": {}}}


def test_the_flat_layout_opens_neither_messages_nor_searches(export, monkeypatch):
    opened, really_open = [], zipfile.ZipFile.open

    def spy(self, member, *rest):
        opened.append(member.filename)
        return really_open(self, member, *rest)

    private = ("messages.json", "searches.json", "x/contacts.json", "saved.json", "messages/inbox/x/media.json")
    path = export(FLAT | {name: [{}] for name in private})
    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    study = read(path)
    assert study.followers["followed_at"].tolist() == [pd.Timestamp("2019-01-01T00:00Z")]
    assert set(opened) == {"connections.json"}
    assert any("not opened: 5" in text for text in told(study))


def test_files_of_other_sources_with_the_names_of_the_flat_layout_are_not_taken(export):
    others = {"profile.json": {"username": "x.uji", "biography": "", "pk": 1}, "media.json": {"data": [{"id": "1"}]},
              "comments.json": [{"id": 1, "text": "x"}], "likes.json": {"media_likes": 5},
              "connections.json": {"followers": {"count": 5}}}  # fmt: skip
    with opened([export(others)]) as (members, _):
        assert [instagram_export.role_of(member) for member in members] == ["flat"] * 5
        assert not any(instagram_export.claims(member, None) for member in members)


@pytest.mark.parametrize(
    "odd",
    [
        [
            None,
            5,
            "x",
            [],
            {"string_list_data": "x"},
            {"string_list_data": [5]},
            {"string_list_data": [{"value": ["x"]}]},
        ],
        [{"label_values": [{"label": 5, "value": {}}, {"title": "Owner", "dict": [5, {"dict": "x"}]}, None]}],
        [{"string_map_data": {"Likes": 5, "Time": {"timestamp": "x"}}, "media_map_data": [], "media": {"uri": 5}}],
        [{"media": [[]], "title": {}, "creation_timestamp": True, "uri": "x" * 100_000}],
        {
            "followers": {"a": 5, "b": None},
            "photos": [{"taken_at": "x", "path": []}],
            "media_comments": [[1, 2, 3], "x"],
        },
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        *(HERE + "followers_1.json", MEDIA + "posts_1.json", "your_instagram_activity/comments/hype.json"),
        *(INSIGHTS + "posts.json", INSIGHTS + "audience_insights.json"),
        *("personal_information/personal_information.json", "connections.json", "media.json"),
        *("comments.json", "likes.json", "profile.json"),
    ],
)
def test_values_of_other_types_spoil_nothing(export, odd, name, caplog):
    study = read(export({name: odd, HERE + "followers_2.json": [person("b.uji")]}))
    assert "b.uji" in study.followers["follower_id"].tolist() and not caplog.records


def test_an_export_that_is_brought_twice_or_again_later_gives_each_post_and_story_once(export, tmp_path):
    story = {"uri": "s_1234567.mp4", "creation_timestamp": 1_760_000_000}
    posts = {"o": [insight(1_760_000_000, Likes="3"), insight(1_760_000_000, Likes="4")]}
    files = {INSIGHTS + "posts.json": posts, MEDIA + "stories.json": {"ig_stories": [story]}}
    first = export(files)
    (tmp_path / "lagi").mkdir()
    copy = tmp_path / "lagi" / first.name
    copy.write_bytes(first.read_bytes())
    later = export({INSIGHTS + "posts.json": {"o": [insight(1_760_000_000, Likes="3", Saves="1"),
                                                    insight(1_760_000_000, Likes="4", Saves="2")]}},
                   "instagram-kopi.uji-2026-06-12-Ab3dE5gH.zip")  # fmt: skip
    study = read(first, copy, later)
    assert study.posts[["likes", "saves"]].to_numpy().tolist() == [[3, 1], [4, 2]]
    assert any("Stories listed without numbers, left out: 1" in text for text in told(study))
    assert sum("is a copy of another" in text for text in told(study)) >= 1
