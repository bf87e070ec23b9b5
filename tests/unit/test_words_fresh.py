import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_words  # noqa: E402


def test_the_catalog_holds_the_sentences_of_the_source():
    assert make_words.CATALOG.read_text(encoding="utf-8") == make_words.collect(), "run make words"


def test_collecting_twice_gives_the_same_text():
    assert make_words.collect() == make_words.collect()


def test_the_catalog_has_singulars_with_their_plurals():
    assert 'msgid "{n} row of {table} repeats another and was merged with it."\nmsgid_plural "' in make_words.collect()
