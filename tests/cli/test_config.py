import json
from pathlib import Path
from typing import Any

import pytest

from ilgi.settings import Settings


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ILGI_LANGUAGE", raising=False)


def test_every_setting_with_its_origin(ilgi: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ilgi.toml").write_text("threads = 3\n")
    monkeypatch.setenv("ILGI_DATA_DIR", "/somewhere/data")
    result = ilgi("config", "show", "--json", "--language", "ko")
    assert (result.code, result.err) == (0, "")
    shown = json.loads(result.out)
    assert set(shown) == set(Settings.model_fields)
    assert shown["threads"] == {"value": 3, "origin": str(tmp_path / "ilgi.toml")}
    assert shown["data_dir"] == {"value": "/somewhere/data", "origin": "environment ILGI_DATA_DIR"}
    assert shown["language"] == {"value": "ko", "origin": "flag"}
    assert shown["bundle"] == {"value": None, "origin": "default"}


def test_for_people(ilgi: Any) -> None:
    lines = ilgi("config", "show").out.splitlines()
    assert [line.split()[0] for line in lines] == list(Settings.model_fields)
    assert all(line.split()[2:] for line in lines)


def test_a_broken_file_is_one_line(ilgi: Any, tmp_path: Path) -> None:
    (tmp_path / "ilgi.toml").write_text("\n\nlanguage = ko\n")
    result = ilgi("config", "show")
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert "line 3" in result.err
    assert str(tmp_path / "ilgi.toml") in result.err


def test_an_unknown_name(ilgi: Any, tmp_path: Path) -> None:
    (tmp_path / "ilgi.local.toml").write_text("thread = 1\n")
    result = ilgi("config", "show")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "did you mean 'threads'?" in result.err
