"""The samples are raw files; reading them gives back what the simulator makes now."""

import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import engage
from engage.study import Study

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))  # the tools are scripts, not a package

import make_samples  # noqa: E402
import sample_files  # noqa: E402

NAMES = ("kol-list", "kopi-senja", "toko-viral")
COUNTS = ("reach", "views", "impressions", "likes", "comments", "shares", "saves", "follows")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("samples")
    make_samples.make_samples(where)
    return where


@pytest.fixture(scope="module")
def kopi() -> tuple[Study, Study]:
    """What the files say, and what the simulator makes now."""
    return engage.sample("kopi-senja"), make_samples.kopi_senja()


@pytest.fixture(scope="module")
def toko() -> tuple[Study, Study]:
    return engage.sample("toko-viral"), make_samples.toko_viral()


@pytest.fixture(scope="module")
def roster() -> tuple[Study, Study]:
    return engage.sample("kol-list"), make_samples.kol_list()


def content(path: Path) -> object:
    """A file's bytes; of a zip its members and their order, as compressed bytes differ between versions of zlib."""
    if path.suffix not in (".zip", ".xlsx"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]


def assert_same_values(read: pd.DataFrame, made: pd.DataFrame, key: list[str], columns: list[str]) -> None:
    one, two = (frame.sort_values(key).reset_index(drop=True)[[*key, *columns]] for frame in (read, made))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("name", NAMES)
def test_writing_a_sample_again_gives_the_same_files(fresh: Path, name: str) -> None:
    kept, made = ({p.name: p for p in (where / name).iterdir()} for where in (make_samples.SAMPLES, fresh))
    assert sorted(kept) == sorted(made)
    for file, path in kept.items():
        assert content(path) == content(made[file]), f"{name}/{file} is stale: run tools/make_samples.py"


def test_samples_are_small_enough_to_travel() -> None:
    sizes = [path.stat().st_size for path in make_samples.SAMPLES.rglob("*") if path.is_file()]
    assert max(sizes) < 1_000_000 and sum(sizes) < 6_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_what_it_is_and_keeps_its_answers_to_itself(name: str) -> None:
    folder = make_samples.SAMPLES / name
    assert "made up" in (folder / "README.md").read_text("utf-8")
    answers = pd.read_csv(folder / "_truth.csv")
    assert len(answers) >= 36 and "rate" in answers
    study = engage.sample(name)
    assert study.truth is None
    assert not any("truth" in note.source or "README" in note.source for note in study.notes)
    assert not [str(note) for note in study.notes if note.level == "error"]


def test_kopi_senja_has_the_followers_that_the_simulator_makes(kopi: tuple[Study, Study]) -> None:
    read, made = kopi
    assert read.owner == made.owner == "instagram:kopi.senja.uji"
    assert_same_values(
        read.followers, made.followers, ["account_id", "follower_id"], ["followed_at", "is_following_back"]
    )
    assert_same_values(read.following, made.following, ["account_id", "handle"], ["followed_at"])
    assert_same_values(
        read.accounts, made.accounts, ["account_id"], ["platform", "handle", "name", "followers", "following"]
    )


@pytest.mark.parametrize("sample", ["kopi", "toko"])
def test_posts_and_their_numbers_come_back(sample: str, request: pytest.FixtureRequest) -> None:
    read, made = request.getfixturevalue(sample)
    columns = ["shortcode", "published_at", "kind", "caption", "hashtags", *COUNTS]
    assert_same_values(read.posts, made.posts, ["account_id", "post_id"], columns)


def test_kopi_senja_has_the_reactions_that_the_simulator_makes(kopi: tuple[Study, Study]) -> None:
    read, made = kopi
    key = ["account_id", "post_id", "follower_id", "kind"]
    for kind, columns in (("like", []), ("comment", ["text", "at"])):  # apps show no times of likes
        one, two = (study.interactions[study.interactions["kind"] == kind] for study in kopi)
        assert len(one) > 300
        assert_same_values(one, two, key, columns)
    likes = read.coverage[read.coverage["kind"] == "like"]
    assert likes["complete"].all() and set(likes["post_id"]) == set(made.posts["post_id"])
    assert read.abilities["named_interactions"] == (120, 120)


@pytest.mark.parametrize("sample", ["kopi", "toko"])
def test_what_the_owner_wrote_comes_back(sample: str, request: pytest.FixtureRequest) -> None:
    read, made = request.getfixturevalue(sample)
    assert len(read.replies) > 50
    assert_same_values(read.replies, made.replies.drop_duplicates(["at", "text"]), ["at", "text"], [])


def test_kopi_senja_has_the_sales_that_the_simulator_makes(kopi: tuple[Study, Study]) -> None:
    read, made = kopi
    columns = ["account_id", "follower_id", "code", "at", "amount", "currency", "quantity", "status"]
    assert_same_values(read.sales, made.sales, ["sale_id"], columns)


def test_segments_of_the_sample_are_those_of_the_simulated_account(kopi: tuple[Study, Study]) -> None:
    read, made = (engage.activity(study).followers.set_index("follower_id").sort_index() for study in kopi)
    assert (read[["n", "x", "t"]] == made[["n", "x", "t"]]).all(axis=None)


def test_kopi_senja_tells_the_story_of_its_readme(kopi: tuple[Study, Study]) -> None:
    read, _ = kopi
    days = read.followers["followed_at"].dt.floor("D").value_counts()
    assert 650 < days.iloc[0] < 750 and days.index[0].strftime("%Y-%m") == "2025-01"
    summary = engage.segment(read).summary.set_index("segment")["followers"]
    assert 0.15 < summary["too_early"] / len(read.followers) < 0.27
    assert 5 <= summary["advocate"] <= 60 and summary["passive"] > summary["active"]


def test_toko_viral_has_only_the_latest_followers_and_nobody_named(toko: tuple[Study, Study]) -> None:
    read, made = toko
    listed = made.followers[made.followers["followed_at"] >= make_samples.TOKO_SINCE]
    assert_same_values(read.followers, listed, ["account_id", "follower_id"], ["followed_at"])
    assert read.interactions.empty and read.coverage.empty and read.sales.empty
    assert read.abilities["follower_list"] == (len(listed), 9_000)
    assert any("incomplete" in str(note) and note.level == "warning" for note in read.notes)


def test_kol_list_has_the_influencers_that_the_simulator_makes(roster: tuple[Study, Study]) -> None:
    read, made = roster
    columns = ["platform", "handle", "name", "followers", "topic", "engagement_rate"]
    assert_same_values(read.accounts, made.accounts, ["account_id"], columns)
    assert_same_values(read.prices, made.prices, ["account_id", "deliverable"], ["amount", "currency"])
    columns = ["shortcode", "kind", "caption", "hashtags", "likes", "comments", "views", "reach"]
    assert_same_values(read.posts, made.posts, ["account_id", "published_at"], columns)


def test_kol_list_spans_micro_to_macro_and_rates_fall_with_size(roster: tuple[Study, Study]) -> None:
    _, made = roster
    assert (made.accounts["followers"].min(), made.accounts["followers"].max()) == (1_200, 2_500_000)
    counts = made.posts.groupby("account_id").size()
    assert (counts < 8).sum() == 2 and counts.max() <= 14
    honest = made.truth[~made.truth["bought"]].merge(made.accounts)
    slope = np.polyfit(np.log(honest["followers"].astype(float)), np.log(honest["rate"].astype(float)), 1)[0]
    assert -0.35 < slope < -0.1


@pytest.mark.parametrize(
    ("value", "written"),
    [(2_350, "2.350"), (12_500, "12,5 rb"), (100_000, "100 rb"), (1_250_000, "1,25 jt"), (2_000_000, "2 jt")],
)
def test_counts_are_written_as_indonesians_write_them(value: int, written: str) -> None:
    assert sample_files.short(value) == written
