"""A home folder of its own for each test that asks for one."""

import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path))
    return tmp_path
