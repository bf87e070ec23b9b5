import pytest
from hypothesis import settings

settings.register_profile("engage", deadline=None)  # a busy machine is no bug
settings.load_profile("engage")


@pytest.fixture(autouse=True)
def no_test_touches_real_studies(tmp_path, monkeypatch):
    monkeypatch.setenv("ENGAGE_HOME", str(tmp_path / "engage-home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # sentences are compared in English, wherever the tests run
    for name in ("QUERY_STRING", "VOILA_PREHEAT"):
        monkeypatch.delenv(name, raising=False)
