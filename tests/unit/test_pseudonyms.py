"""Names become codes everywhere at once, and a study of codes still answers everything."""

import pandas as pd
import pytest

import engage
from engage.messages import message
from engage.pseudonyms import CODE, code, pseudonymise
from engage.readers.names import add_reactions
from engage.study import Note

KEY = b"a key of this test"


@pytest.fixture(scope="module")
def named():
    return engage.sample("kopi-senja")


def everything(study):
    """All text in a study: cells and notes."""
    cells = [str(value) for frame in study.tables.values() for column in frame.select_dtypes("str")
             for value in frame[column].dropna().unique()]  # fmt: skip
    return " ".join(cells + [str(note) for note in study.notes])


def test_no_name_of_a_person_is_left_in_any_table_or_note(named):
    hidden = pseudonymise(named, KEY)
    people = set(named.followers["follower_id"]) | set(named.interactions["follower_id"].dropna())
    words = set(everything(hidden).replace("@", " ").replace(",", " ").split())
    assert not words & people
    assert hidden.followers["follower_id"].str.fullmatch(CODE.pattern).all()
    assert hidden.followers["name"].isna().all() and hidden.settings.pseudonymous


def test_the_same_person_has_the_same_code_in_every_table_and_every_import(named):
    hidden, again = pseudonymise(named, KEY), pseudonymise(pseudonymise(named, KEY), b"another key")
    assert hidden.followers.equals(again.followers), "a code stays a code"
    one, two = engage.activity(named).followers, engage.activity(hidden).followers
    assert one[["n", "x", "t", "s"]].equals(two[["n", "x", "t", "s"]])
    assert engage.segment(named).summary.equals(engage.segment(hidden).summary)


def test_without_the_key_a_name_cannot_be_tried():
    assert code("sari.uji01", KEY) != code("sari.uji01", b"")
    assert len({code(f"u{n}.uji", KEY) for n in range(10_000)}) == 10_000


def test_the_account_the_study_is_about_keeps_its_name(named):
    hidden = pseudonymise(named, KEY)
    assert hidden.owner == named.owner and hidden.accounts.equals(named.accounts)


def test_names_mentioned_in_comments_are_coded_too():
    acts = pd.DataFrame({"account_id": "instagram:kopi.uji", "post_id": ["p"], "follower_id": ["ani.uji"],
                         "kind": "comment", "text": ["kak @Budi.Uji lihat ini @kopi.uji"]})  # fmt: skip
    accounts = pd.DataFrame({"account_id": ["instagram:kopi.uji"], "handle": ["kopi.uji"]})
    text = pseudonymise(engage.Study(interactions=acts, accounts=accounts), KEY).interactions["text"].iloc[0]
    assert "udi.Uji" not in text and code("budi.uji", KEY) in text and "@kopi.uji" in text


def test_names_pasted_later_are_found_by_their_codes(named):
    hidden = pseudonymise(named, KEY)
    post = hidden.posts["post_id"].iloc[0]
    name = named.followers["follower_id"].iloc[0]
    more = add_reactions(hidden, post, name.upper(), key=KEY)
    assert code(name, KEY) in set(more.interactions.loc[more.interactions["post_id"] == post, "follower_id"])


def test_next_months_names_get_the_codes_of_the_study_that_they_are_added_to(tmp_path):
    first, second = tmp_path / "april.csv", tmp_path / "mei.csv"
    first.write_text("username,followed at\nani.uji,2026-04-01\nbudi.uji,2026-04-02\n")
    second.write_text("username,followed at\nbudi.uji,2026-04-02\nciko.uji,2026-05-02\n")
    april = engage.read(first, key=KEY)
    both = engage.read(second, extending=april, key=KEY)
    assert set(both.followers["follower_id"]) == {code(name, KEY) for name in ("ani.uji", "budi.uji", "ciko.uji")}
    assert both.settings.pseudonymous
    named = engage.read(second, extending=engage.read(first), key=KEY)
    assert named.followers.equals(both.followers), "a study with names is coded with the files that are added"


def test_without_the_key_nothing_can_be_added_to_a_study_of_codes(named, tmp_path):
    hidden = pseudonymise(named, KEY)
    (tmp_path / "mei.csv").write_text("username\nbudi.uji\n")
    with pytest.raises(engage.ReadError, match="their key is not there"):
        engage.read(tmp_path / "mei.csv", extending=hidden)
    with pytest.raises(engage.StudyError, match="their key is not there"):
        add_reactions(hidden, hidden.posts["post_id"].iloc[0], "ani.uji")


def spoken(*texts, people=("ani.uji", "Budi_Uji02", "senja", "abc"), notes=()):
    acts = pd.DataFrame({"account_id": "instagram:kopi.uji", "post_id": "p", "kind": "comment",
                         "follower_id": pd.Series([*people, *[None] * len(texts)], dtype="str"),
                         "text": [*[None] * len(people), *texts]})  # fmt: skip
    accounts = pd.DataFrame({"account_id": ["instagram:kopi.uji"], "handle": ["kopi.uji"]})
    posts = pd.DataFrame({"account_id": "instagram:kopi.uji", "post_id": [*range(len(texts))], "caption": texts,
                          "hashtags": "kopi budi_uji02"}).astype({"post_id": "str"})  # fmt: skip
    return pseudonymise(engage.Study(interactions=acts, accounts=accounts, posts=posts, notes=notes), KEY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ig: {}", "Ani.Uji"),
        ("ig:{}, ya.", "budi_uji02"),
        ("https://www.instagram.com/{}?igsh=abc", "ani.uji"),
        ("tiktok.com/@{}/video/1", "budi_uji02"),
        ("seperti kata {}.", "ani.uji"),
        ("{}", "SENJA"),
    ],
)
def test_names_of_known_people_are_coded_in_links_and_without_the_at_sign(text, name):
    hidden = spoken(text.format(name))
    told = text.format(code(name, KEY))
    assert hidden.interactions["text"].iloc[-1] == told and hidden.posts["caption"].iloc[0] == told
    assert hidden.posts["hashtags"].iloc[0] == f"kopi {code('budi_uji02', KEY)}"


def test_words_that_are_nobodys_name_are_kept():
    text = "abc di instagram.com/kopi.uji sampai 22.00, senjakala ani.uji.lain ani dan uji (kopi.uji)"
    assert spoken(text).interactions["text"].iloc[-1] == text, "of a short name like abc nobody can tell it is one"


def test_notes_keep_their_dates_and_numbers_and_lose_names():
    values = [["Agus Uji"], ["sari.baru"], "sari@contoh.uji", "ani.uji", "12345678901", ["1", "Agus"], "abc",
              # what follows is kept
              "1/2/2026", "2026-05-04T03:00:00Z", "5 Agustus 2026 09.30", "Mei 5, 2026 9:30 PM", "31,5",
              ["2026", "7"]]  # fmt: skip
    notes = [Note("guess", "", message("Such as {example}.", example=value)) for value in values]
    hidden = spoken("", notes=notes)
    assert [str(note) for note in hidden.notes[:7]] == [
        *["Such as 1 not shown."] * 5, "Such as 2 not shown.", "Such as 1 not shown."]  # fmt: skip
    assert hidden.notes[7:] == tuple(notes[7:])
    assert pseudonymise(hidden, KEY).notes == hidden.notes, "what is hidden is counted once"


def test_other_values_of_notes_lose_the_names_of_people_of_the_study():
    told = message("{file} holds {seen}.", file="nama.csv", seen=["username", "ani.uji"])
    assert (
        str(spoken("", notes=[Note("warning", "", told)]).notes[0])
        == f"nama.csv holds username, {code('ani.uji', KEY)}."
    )
