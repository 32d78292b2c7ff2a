import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ilgi as package

MARK = "비밀의표식 MARKED-4711"

COMMANDS = ("recommend", "emotions", "annotate", "train", "evaluate", "catalog", "bundle", "config")


def python_ilgi(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "ilgi", *arguments], capture_output=True, timeout=60, **options)  # type: ignore[call-overload]


def test_version(ilgi: Any) -> None:
    assert ilgi("--version").out == f"ilgi {package.__version__}\n"


def test_help_names_every_command(ilgi: Any) -> None:
    result = ilgi("--help")
    assert (result.code, result.err) == (0, "")
    listed = re.findall(r"^  (\w+)", result.out.partition("Commands:")[2], flags=re.MULTILINE)
    assert listed == list(COMMANDS)
    assert ilgi().out == result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(ilgi: Any, command: str) -> None:
    result = ilgi(command, "--help")
    assert (result.code, result.err) == (0, "")
    assert f"ilgi {command}" in result.out


def test_groups_and_their_commands(ilgi: Any) -> None:
    for group, commands in {
        "catalog": ("import", "list", "show"),
        "bundle": ("show", "verify"),
        "config": ("show",),
    }.items():
        listed = re.findall(r"^  (\w+)", ilgi(group, "--help").out.partition("Commands:")[2], flags=re.MULTILINE)
        assert set(commands) <= set(listed)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['ilgi', '--help']\n"
        "from ilgi.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split("\n")
    heavy = {"numpy", "pydantic_settings", "safetensors", "onnxruntime", "tokenizers", "torch", "polars", "sklearn"}
    assert not heavy & set(loaded[-2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend", f"- {MARK}"),
        ("recommend", f"-{MARK}"),
        ("recommend", f"--{MARK}"),
        ("recommend", "x", "-n", MARK),
        ("recommend", "x", f"-n{MARK}"),
        ("recommend", "x", f"--language={MARK}"),
        ("recommend", "x", "--language", MARK),
        ("recommend", MARK, MARK),
        ("recommend", MARK, "--json=yes"),
        ("recommend", MARK, "--no-such-option"),
        (MARK,),
        (MARK, "--json"),
        ("bundle", MARK),
        ("bundle", "show", "x", MARK),
        ("config", "show", MARK),
        ("emotions", MARK, "--jsonl"),
        ("emotions", "--jsonl", "--json", MARK),
    ],
)
def test_usage_errors_are_one_line_and_repeat_nothing(ilgi: Any, arguments: tuple[str, ...]) -> None:
    result = ilgi(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("ilgi: ")
    assert result.err.count("\n") == 1
    for part in ("비밀", "MARKED", "4711"):
        assert part not in result.err


def test_a_mistyped_option_comes_with_the_right_one(ilgi: Any) -> None:
    assert "--json" in ilgi("recommend", "x", "--jsno").err


class _Broken:
    """A recommender that fails with the text at hand in every way."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    def recommend(self, text: str, **_: object) -> None:
        copy = {"diary": text}
        raise self.error(f"cannot handle {copy}") from ValueError(text)


@pytest.mark.parametrize("error", [KeyError, RuntimeError, ZeroDivisionError, MemoryError, RecursionError])
@pytest.mark.parametrize("arguments", [(), ("--json",), ("--details",)])
def test_a_fault_names_its_type_and_place_only(ilgi: Any, monkeypatch: Any, error: Any, arguments: Any) -> None:
    from ilgi.testing import small_catalog

    broken = _Broken(error)
    broken.catalog = small_catalog()  # type: ignore[attr-defined]
    monkeypatch.setattr("ilgi.cli.recommend._open", lambda *_, **__: broken)
    for result in (ilgi("recommend", MARK, *arguments), ilgi("recommend", "-", *arguments, stdin=MARK)):
        assert result.code == 1
        assert result.out == ""
        assert result.err.count("\n") == 1
        assert error.__name__ in result.err
        assert re.search(r"ilgi/cli/recommend\.py:\d+ > test_app\.py:\d+", result.err)
        for part in ("비밀", "MARKED", "4711", "handle"):
            assert part not in result.err


def test_a_fault_in_a_real_process_shows_no_locals() -> None:
    """Nothing that Typer, rich or Python itself would print about a crash gets out."""
    code = (
        "import sys, ilgi.cli.recommend as module\n"
        "def broken(*_, **__):\n"
        "    text = sys.argv[2]\n"
        "    raise RuntimeError(text)\n"
        "module._open = broken\n"
        "from ilgi.cli import main\n"
        "main()\n"
    )
    result = subprocess.run([sys.executable, "-c", code, "recommend", MARK], capture_output=True, timeout=60)
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.count(b"\n") == 1
    assert b"RuntimeError" in result.stderr
    assert b"MARKED" not in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (BrokenPipeError(32, "Broken pipe"), 0), (OSError(28, "No space left on device"), 2)],
)
def test_other_endings(ilgi: Any, monkeypatch: Any, error: BaseException, code: int) -> None:
    def end(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("ilgi.cli.recommend._open", end)
    result = ilgi("recommend", MARK)
    assert result.code == code
    assert result.err == ("ilgi: the system says: No space left on device\n" if code == 2 else "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "ilgi", "config", "show"], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert result.returncode == 2
    assert result.stderr.startswith(b"ilgi: ")
    assert result.stderr.count(b"\n") == 1


def test_a_reader_that_has_seen_enough() -> None:
    """Nothing is said when a pipe is closed before everything was written."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ilgi", "config", "show"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str) -> None:
    command = f'"$0" -m ilgi config show {closed}'
    result = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, timeout=60)
    assert result.returncode == 0
    assert result.stderr == b""


@pytest.mark.parametrize("locale", ["C", "ko_KR.EUC-KR", ""])
def test_output_is_utf8_whatever_the_locale(locale: str, tmp_path: Path) -> None:
    environment = {**os.environ, "LANG": locale, "LC_ALL": locale, "ILGI_HOME": str(tmp_path / "일기")}
    environment.pop("PYTHONIOENCODING", None)
    # Even where Python is told not to help itself.
    for extra in ({}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        result = python_ilgi("config", "show", env={**environment, **extra})
        assert result.returncode == 0
        assert result.stderr == b""
        result.stdout.decode("utf-8")
    assert "일기" in python_ilgi("config", "show", env=environment).stdout.decode() or locale not in ("C", "")
