import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.messages import StudyError, message
from engage.study import DTYPES, TABLES, Missing, Note, Settings, Study, check_table, concat

JAN = pd.Timestamp("2024-01-05 10:00", tz="UTC")


def posts(**columns):
    n = len(next(iter(columns.values())))
    keys = {"account_id": ["instagram:kopi"] * n, "post_id": [f"p{i}" for i in range(n)]}
    return pd.DataFrame(keys | columns)


def interactions(*rows):
    return pd.DataFrame(rows, columns=["account_id", "post_id", "follower_id", "kind", "at"])


def texts(study):
    return [str(note.message) for note in study.notes]


def test_an_empty_study_has_every_table_with_its_columns_and_types():
    study = Study()
    assert study.is_empty
    assert study.notes == ()
    for name, table in TABLES.items():
        frame = study.tables[name]
        assert list(frame.columns) == list(table.columns)
        assert [str(dtype) for dtype in frame.dtypes] == [DTYPES[kind] for kind in table.columns.values()]


@pytest.mark.parametrize(
    ("column", "given", "kept", "lost"),
    [
        ("likes", ["12", 3.0, None], [12, 3, pd.NA], 0),
        ("likes", [-1, "--", "undefined"], [pd.NA] * 3, 3),
        ("likes", [float("inf"), 1e30, True], [pd.NA, pd.NA, 1], 2),
        ("is_paid", [True, 0, None], [True, False, pd.NA], 0),
        ("is_paid", ["perhaps", 2, 1], [pd.NA, pd.NA, True], 2),
        ("published_at", ["2024-01-05T17:00+07:00", "2024-01-05 10:00Z", None], [JAN, JAN, pd.NaT], 0),
        ("published_at", ["2024-01-05T10:00Z", "2024-13-45T10:00Z", None], [JAN, pd.NaT, pd.NaT], 1),
        ("published_at", [JAN, JAN.tz_convert("Asia/Jakarta"), pd.NaT], [JAN, JAN, pd.NaT], 0),
        ("caption", ["Kopi ☕", None, 7], ["Kopi ☕", None, "7"], 0),
    ],
)
def test_each_column_gets_its_type_and_says_what_was_lost(column, given, kept, lost):
    study = Study(posts=posts(**{column: given}))
    expected = pd.Series(kept, dtype=DTYPES[TABLES["posts"].columns[column]], name=column)
    pd.testing.assert_series_equal(study.posts[column], expected)
    assert sum(note.count for note in study.notes) == lost
    assert all("could not be read" in text for text in texts(study))


def test_numbers_and_days_of_the_other_tables_get_their_types():
    prices = pd.DataFrame({"account_id": ["instagram:a"], "deliverable": ["reel"], "amount": ["2500000.50"]})
    days = pd.DataFrame({"account_id": ["instagram:a"] * 2, "date": ["2024-01-05", JAN + pd.Timedelta("1D")]})
    study = Study(prices=prices, days=days)
    assert study.prices["amount"].tolist() == [2500000.5]
    assert study.days["date"].tolist() == [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-01-06")]


def test_the_frame_given_is_not_changed():
    given = posts(likes=["1", "2"], caption=["a\x00", "b"])
    before = given.copy(deep=True)
    Study(posts=given)
    pd.testing.assert_frame_equal(given, before)


def test_rows_with_one_key_are_merged_and_the_first_known_value_stays():
    given = posts(likes=[None, 9, 4], caption=["first", "second", None])
    given["post_id"] = ["a", "a", "b"]
    study = Study(posts=given)
    assert study.posts[["post_id", "likes", "caption"]].values.tolist()[0] == ["a", 9, "first"]
    assert len(study.posts) == 2
    assert texts(study) == ["1 row of the posts table repeats another and was merged with it."]


def test_rows_whose_author_is_unknown_are_different_rows():
    row = ("instagram:kopi", "p1", None, "comment", JAN)
    named = ("instagram:kopi", "p1", "budi", "comment", JAN)
    study = Study(interactions=interactions(row, row, named, named))
    assert study.interactions["follower_id"].isna().sum() == 2
    assert len(study.interactions) == 3


def test_reactions_without_a_time_or_post_still_merge():
    study = Study(interactions=interactions(*[("instagram:kopi", None, "budi", "like", None)] * 3))
    assert len(study.interactions) == 1


def test_handles_are_lower_case_without_at_sign_or_spaces():
    study = Study(followers=pd.DataFrame({"account_id": ["Instagram:Kopi"], "follower_id": [" @Budi.S "]}))
    assert study.followers[["account_id", "follower_id"]].values.tolist() == [["instagram:kopi", "budi.s"]]


@pytest.mark.parametrize(
    "naive", [["2024-01-05 10:00"], [pd.Timestamp("2024-01-05")], ["2024-01-05T10:00Z", "2024-01-05T11:00"]]
)
def test_a_time_without_a_zone_is_refused_with_a_sentence(naive):
    with pytest.raises(StudyError, match=r"posts\.published_at have no time zone"):
        Study(posts=posts(published_at=naive))


def test_a_table_without_its_key_is_refused_with_a_sentence():
    with pytest.raises(StudyError, match="The posts table lacks the column account id"):
        Study(posts=pd.DataFrame({"post_id": ["1"]}))


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\u2069"])
def test_marks_that_deceive_a_reader_are_taken_out_of_text(mark):
    study = Study(posts=posts(caption=[f"kopi{mark}susu\nbaris"]))
    assert study.posts["caption"].tolist() == ["kopisusu\nbaris"]


def test_columns_nobody_knows_are_left_out():
    assert "secret" not in Study(posts=posts(secret=[1])).posts


def accounts(*ids, owner=()):
    return pd.DataFrame({"account_id": ids, "is_owner": [i in owner for i in ids]})


@pytest.mark.parametrize(
    ("study", "owner"),
    [
        (Study(), ""),
        (Study(accounts=accounts("instagram:a")), "instagram:a"),
        (Study(accounts=accounts("instagram:a", "instagram:b")), ""),
        (Study(accounts=accounts("instagram:a", "instagram:b", owner=["instagram:b"])), "instagram:b"),
        (
            Study(
                accounts=accounts("instagram:a", "instagram:b", owner=["instagram:b"]),
                settings=Settings(owner="instagram:a"),
            ),
            "instagram:a",
        ),
        (Study(accounts=accounts("instagram:a"), settings=Settings(owner="instagram:gone")), "instagram:a"),
        (Study(posts=posts(likes=[1])), "instagram:kopi"),
    ],
    ids=["nothing", "only-one", "roster", "marked", "chosen", "chosen-but-absent", "from-posts"],
)
def test_the_owner_is_chosen_marked_or_the_only_one(study, owner):
    assert study.owner == owner


def test_until_is_the_latest_instant_of_the_data_and_sales_do_not_move_it():
    later = JAN + pd.Timedelta("1D")
    study = Study(
        posts=posts(published_at=[JAN]),
        interactions=interactions(("instagram:kopi", "p0", "budi", "like", later)),
        sales=pd.DataFrame({"sale_id": ["1"], "at": [pd.Timestamp("2204-01-01", tz="UTC")]}),
    )
    assert study.until == later
    assert Study().until is None


def test_abilities_are_a_closed_set_and_count_what_is_there():
    study = Study(
        posts=posts(published_at=[JAN, JAN, None]),
        followers=pd.DataFrame({"account_id": "instagram:kopi", "follower_id": ["a", "b"], "followed_at": [JAN, None]}),
        accounts=pd.DataFrame({"account_id": ["instagram:kopi"], "followers": [10]}),
        coverage=pd.DataFrame(
            {
                "account_id": "instagram:kopi",
                "post_id": ["p0", "p0", "p1", "p2"],
                "kind": ["like", "comment", "view", "like"],
                "complete": [True, True, True, False],
            }
        ),
    )
    assert set(study.abilities) == set(Study().abilities)
    assert study.abilities["follower_list"] == (2, 10)
    assert study.abilities["follow_dates"] == (1, 2)
    assert study.abilities["named_interactions"] == (1, 3)  # views are no reactions, p2 is not complete
    assert not any(Study().abilities.values())


def test_settings_survive_a_round_trip_and_tolerate_what_is_wrong():
    chosen = Settings(title="Kopi", rules={"window_days": 30})
    assert Settings.from_dict(chosen.to_dict()) == chosen
    odd = {"title": 7, "currency": "MYR", "rules": "no", "from_the_future": 1}
    assert Settings.from_dict(odd) == Settings(currency="MYR")


def test_notes_and_missing_read_as_sentences():
    assert str(Note("info", "a.csv", message("Read."))) == "a.csv: Read."
    assert str(Missing(message("No dates."), message("Bring a list."))) == "No dates. Bring a list."


def test_a_study_opened_again_repeats_no_note():
    study = Study(posts=posts(likes=["?"]))
    assert len(study.with_(settings=Settings(title="x")).notes) == len(study.notes) == 1


def test_concat_of_nothing_is_no_table():
    assert concat([]) is None
    assert concat([pd.DataFrame()]) is None
    assert concat([posts(likes=[1]), posts(likes=[2])])["likes"].tolist() == [1, 2]


TIMES = st.datetimes(min_value=pd.Timestamp("1980-01-01"), max_value=pd.Timestamp("2100-01-01"))
VALUES = st.one_of(
    st.none(), st.text(max_size=6), st.just("\ud83d"), st.lists(st.integers(), max_size=1), st.integers(),
    st.floats(), st.booleans(), TIMES.map(lambda time: pd.Timestamp(time, tz="UTC")),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_checking_a_checked_table_changes_nothing(name, data):
    columns = TABLES[name].columns
    kept = [column for column, kind in columns.items() if kind != "time"]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(kept, VALUES)), max_size=4))
    once, _ = check_table(name, pd.DataFrame(rows, columns=kept, dtype="object"))
    twice, notes = check_table(name, once)
    pd.testing.assert_frame_equal(once, twice)
    assert notes == []


def test_values_of_the_right_type_are_checked_too():
    posts = pd.DataFrame({"account_id": "a", "post_id": ["1", "2"], "likes": pd.array([-5, 3], dtype="Int64")})
    prices = pd.DataFrame(
        {"account_id": "a", "deliverable": ["x", "y"], "amount": pd.array([1e50, float("inf")], "Float64")}
    )
    study = Study(posts=posts, prices=prices)
    assert study.posts["likes"].tolist() == [pd.NA, 3]
    assert study.prices["amount"].isna().all()


def test_an_unknown_time_zone_is_said_and_a_saved_one_falls_back():
    with pytest.raises(StudyError, match="Mars/Base is not a time zone"):
        Settings(time_zone="Mars/Base")
    assert Settings.from_dict({"time_zone": "../../etc/passwd"}).time_zone == "Asia/Jakarta"


def test_a_changed_copy_checks_only_what_changed_and_knows_no_other_names():
    study = Study(posts=pd.DataFrame({"account_id": ["a"], "post_id": ["1"]}))
    changed = study.with_(settings=Settings(title="x"))
    assert changed.posts is study.posts and changed.settings.title == "x" and study.settings.title == ""
    with pytest.raises(TypeError, match="no 'nonsense'"):
        study.with_(nonsense=1)
