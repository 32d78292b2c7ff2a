"""The front door hands the diary over unchanged, and does not install twice."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def door(tmp_path: Path) -> Path:
    """A folder with our Makefile and an `ilgi` that only writes down what it is given."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    tool = tmp_path / ".venv" / "bin" / "ilgi"
    tool.parent.mkdir(parents=True)
    tool.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$*" >> arguments\ncat > "text.$(ls text.* 2>/dev/null | wc -l)"\nenv > env\n'
    )
    tool.chmod(0o755)
    (tmp_path / ".venv" / ".installed-run").touch()
    return tmp_path


def make(door: Path, *words: str, environment: dict[str, str] | None = None) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in {"DIARY", "MAKEFLAGS", "MAKELEVEL"}}
    done = subprocess.run(
        ["make", "run", *words],
        cwd=door,
        env={**clean, **(environment or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


TEXTS = [
    "I can't.",
    "It cost $5, not ${HOME} or $(pwd).",
    '`date` stays as it is, and so does "this" and \\n',
    "first line\nsecond line # not a comment\n\nfourth",
    "오늘은 '아무것도' 하기 싫었다 ㅠㅠ",
    "100% of %s; a=b & c | d > e * ? ~",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_diary_arrives_unchanged(door: Path, text: str) -> None:
    make(door, f"DIARY={text}")
    assert (door / "text.0").read_text() == text
    assert (door / "arguments").read_text() == "recommend -\n"


@pytest.mark.parametrize("text", TEXTS)
def test_from_the_environment_too_and_no_further(door: Path, text: str) -> None:
    make(door, environment={"DIARY": text})
    assert (door / "text.0").read_text() == text
    seen = (door / "env").read_text()
    assert "DIARY" not in seen
    assert "ILGI_TEXT" not in seen


def test_without_a_diary_a_korean_and_an_english_sample(door: Path) -> None:
    out = make(door)
    samples = [(door / "text.0").read_text(), (door / "text.1").read_text()]
    assert any("가" <= c <= "힣" for c in samples[0])
    assert samples[1].isascii()
    assert all(f"“{sample}”" in out for sample in samples)


def test_the_second_run_installs_nothing(door: Path) -> None:
    # There is no python in this .venv: any attempt to install would fail.
    make(door, "DIARY=x")
    make(door, "DIARY=y")
    assert (door / "text.1").read_text() == "y"
