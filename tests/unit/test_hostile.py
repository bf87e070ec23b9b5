"""What the mutants of tools/mutants.py brought to light: each absurdity is a sentence, and nothing else is lost."""

import json

import pytest

from engage.messages import ReadError, message
from engage.readers import read
from engage.study import Note
from engage.words import LANGUAGES, Words


@pytest.fixture
def given(tmp_path):
    def bring(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, (str, bytes)) else json.dumps(content)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return bring


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_holds_letters_that_deceive_or_steer_a_terminal(given, language):
    with pytest.raises(ReadError) as caught:
        read(given("a.csv", "\x1b[2Jabc\x07,\u202egnp.exe,x\n1,2,3\n"))
    note = Note("info", "a.csv", message("{a}", a=["\x1b", message("{b}", b="\u2066b")]))
    said = Words(language).say(caught.value) + Words(language).say(note)
    assert "abc" in said and "gnp.exe" in said
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(said)
