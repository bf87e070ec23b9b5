"""Reactions that several parts tell of are counted once, and a list is complete when the post says so."""

import pandas as pd
import pytest

from engage.readers.merge import merge
from engage.readers.part import OWN, Part
from engage.study import Settings

ME = "instagram:kopi.uji"
AT = pd.Timestamp("2026-05-04T03:00:00Z")


def act(**more):
    row = {"account_id": ME, "post_id": "1", "follower_id": "sari.uji", "kind": "comment", "at": AT, "text": "mau"}
    return row | more


def merged(*parts, owner=ME):
    made = [Part(rank, {name: pd.DataFrame(rows) for name, rows in tables.items()}, owner=owner, certainty=3)
            for rank, tables in enumerate(parts)]  # fmt: skip
    return merge(made, Settings(), [])


def test_a_number_makes_a_comment_one_even_under_another_name_and_the_best_part_wins():
    study = merged(
        {"interactions": [act(source_id="9", follower_id=None)]},
        {"interactions": [act(source_id="9", follower_id="lama.uji"), act(source_id="8", at=None)]},
    )
    assert study.interactions[["source_id", "follower_id"]].to_numpy().tolist() == [
        ["9", "lama.uji"],
        ["8", "sari.uji"],
    ]


@pytest.mark.parametrize(
    ("vague", "left"),
    [
        ({"at": None}, 1),
        ({"at": None, "text": None}, 1),
        ({"at": None, "text": "lain"}, 2),
        ({"at": None, "post_id": "2"}, 2),
        ({"at": None, "follower_id": "bima.uji"}, 2),
        ({"at": None, "follower_id": None}, 2),
        ({"at": None, "kind": "like"}, 2),
        ({}, 1),
        ({"at": AT + pd.Timedelta(minutes=1)}, 2),
    ],
)
def test_a_reaction_without_number_or_time_is_the_one_that_has_them(vague, left):
    sure = {"interactions": [act(source_id="9")]}
    for parts in ((sure, {"interactions": [act(**vague)]}), ({"interactions": [act(**vague)]}, sure)):
        study = merged(*parts)
        assert len(study.interactions) == left and "9" in study.interactions["source_id"].tolist()


def test_likes_of_a_pasted_list_and_of_a_dated_one_are_one():
    study = merged({"interactions": [act(kind="like", at=None)]}, {"interactions": [act(kind="like")]})
    assert study.interactions["at"].tolist() == [AT]


def test_what_the_account_does_itself_is_a_reply_or_nothing():
    rows = [act(account_id=OWN, follower_id="@Kopi.uji"), act(account_id=OWN, follower_id="kopi.uji", kind="like")]
    study = merged({"interactions": rows}, {"replies": [act(follower_id="sari.uji")]})
    assert study.interactions.empty
    assert study.replies[["follower_id", "text"]].to_numpy().tolist() == [["sari.uji", "mau"]]


@pytest.mark.parametrize(
    ("kind", "claimed", "stated", "complete"),
    [
        ("like", True, 20, True),
        ("like", True, 21, True),
        ("like", True, 22, False),
        ("like", True, None, True),
        ("like", None, 21, True),
        ("like", None, 40, False),
        ("like", None, None, False),
        ("like", False, 20, False),
        ("comment", True, 40, True),
        ("comment", None, 20, True),
        ("comment", None, 40, False),
    ],
)
def test_a_list_is_complete_when_it_names_about_as_many_as_the_post_has(kind, claimed, stated, complete):
    study = merged({
        "posts": [{"account_id": ME, "post_id": "1", f"{kind}s": stated, "published_at": AT}],
        "interactions": [act(kind=kind, follower_id=f"uji.{i}", source_id=str(i)) for i in range(20)],
        "coverage": [{"account_id": ME, "post_id": "1", "kind": kind, "complete": claimed}],
    })  # fmt: skip
    assert study.coverage["complete"].tolist() == [complete]
    assert any("(20 of 22)" in str(note) for note in study.notes) == (stated == 22)


def test_a_part_that_names_all_is_not_contradicted_by_one_that_names_some():
    row = {"account_id": ME, "post_id": "1", "kind": "comment"}
    study = merged({"coverage": [row | {"complete": False}]}, {"coverage": [row | {"complete": True}]})
    assert study.coverage["complete"].tolist() == [True]


def test_a_list_that_named_all_no_longer_does_when_the_post_has_more_by_now():
    def comments(n):
        return {"posts": [{"account_id": ME, "post_id": "1", "comments": n, "published_at": AT}]}

    acts = {
        "interactions": [act(follower_id=f"uji.{i}", source_id=str(i)) for i in range(10)],
        "coverage": [{"account_id": ME, "post_id": "1", "kind": "comment", "complete": True}],
    }
    for newer, complete in ((10, True), (15, False)):
        assert merged(comments(newer), comments(10) | acts).coverage["complete"].tolist() == [complete]


def test_comments_without_an_author_name_nobody():
    study = merged({
        "posts": [{"account_id": ME, "post_id": "1", "comments": 4, "published_at": AT}],
        "interactions": [act(follower_id=None if i else "ani.uji", source_id=str(i)) for i in range(4)],
        "coverage": [{"account_id": ME, "post_id": "1", "kind": "comment", "complete": None}],
    })  # fmt: skip
    assert study.coverage["complete"].tolist() == [False]
