"""The catalogs and the notebooks of every language say what the English says now."""

import json
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_words  # noqa: E402

every_language = pytest.mark.parametrize("language", make_words.TARGETS)


def test_what_make_words_writes_is_what_is_there():
    old = [str(path.relative_to(ROOT)) for path, text in make_words.outputs()
           if not path.exists() or path.read_text(encoding="utf-8") != text]  # fmt: skip
    assert old == [], "run make words"


@every_language
def test_nothing_is_missing_unused_stale_or_wrong(language):
    assert list(make_words.complaints(language, make_words.read(language), make_words.collect())) == []


@every_language
def test_a_notebook_in_another_language_has_the_same_code(language):
    for source in make_words.sources():
        english, other = (json.loads(path.read_text(encoding="utf-8"))["cells"]
                          for path in (source, source.parent / language / source.name))  # fmt: skip
        assert [cell["id"] for cell in english] == [cell["id"] for cell in other]
        for one, two in zip(english, other, strict=True):
            assert one["cell_type"] == two["cell_type"] and one["metadata"] == two["metadata"]
            same = one["source"] == two["source"]
            assert same == (one["cell_type"] == "code"), f"{source.name}: {one['id']}"


@every_language
def test_every_notebook_there_has_an_english_one(language):
    names = {path.name for path in make_words.sources()}
    assert {path.name for path in (make_words.NOTEBOOKS / language).glob("*.ipynb")} == names


def complaints_about(key, string, *, context=None, fuzzy=False):
    """What is said of one translation of one sentence."""
    template, catalog = Catalog(), Catalog(locale="id")
    template.add(key, context=context)
    catalog.add(key, string, context=context, flags=("fuzzy",) if fuzzy else ())
    return [line.split(": ")[1] for line in make_words.complaints("id", catalog, template)]


def test_a_translation_keeps_the_values_and_how_each_is_written():
    assert complaints_about("{n} of {share:percent}", "{share:percent} dari {n}") == []
    assert complaints_about("{share:percent}", "{share}") == ["names other values"]
    assert complaints_about("{n} posts", "{n posts") == ["is no pattern (expected '}' before end of string)"]


def test_a_translation_of_a_cell_keeps_its_links():
    cell = "Next: [Start](start.ipynb)"
    assert complaints_about(cell, "Lanjut: [Mulai](start.ipynb)", context="a:next") == []
    assert complaints_about(cell, "Lanjut: [Mulai](mulai.ipynb)", context="a:next") == ["has other links"]


def test_empty_and_stale_translations_are_named():
    assert complaints_about("Begin", "") == ["not translated"]
    assert complaints_about("Begin", "Mulai", fuzzy=True) == ["stale, the English has changed"]


def test_a_sentence_that_is_gone_and_one_that_is_new_are_named():
    template, catalog = Catalog(), Catalog(locale="ms")
    template.add("New")
    catalog.add("Old", "Lama")
    assert list(make_words.complaints("ms", catalog, template)) == ["ms: missing:  'New'", "ms: unused:  'Old'"]


def test_collecting_twice_gives_the_same_text():
    assert make_words.written(make_words.collect()) == make_words.written(make_words.collect())
