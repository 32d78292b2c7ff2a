import io
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ilgi.cli.text_input import LIMIT, read_text, standard_input, system_language, without_surrogates
from ilgi.errors import InputError

TRICKY = 'it\'s "quoted" $5 `date` \\n 끝 [/x] 내\n\tsecond line \x1b[31m ㅠㅠ 😭\n'


class _Stdin(io.TextIOWrapper):
    """Standard input that holds some bytes and is no terminal."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def put(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", _Stdin(content))

    return put


def test_an_argument_is_handed_over_unchanged() -> None:
    assert read_text([TRICKY], None) == TRICKY


def test_standard_input_is_handed_over_unchanged(stdin: Any) -> None:
    for words in (["-"], []):
        stdin(TRICKY.encode())
        assert read_text(words, None) == TRICKY


def test_a_file_is_handed_over_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "일기 2024.txt"
    path.write_bytes(TRICKY.replace("\n", "\r\n").encode())
    assert read_text([], path) == TRICKY.replace("\n", "\r\n")


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "notepad.txt"
    path.write_bytes("오늘".encode("utf-8-sig"))
    assert read_text([], path) == "오늘"


def test_a_dash_as_a_file_is_standard_input(stdin: Any) -> None:
    stdin(b"rain")
    assert read_text([], Path("-")) == "rain"


@pytest.mark.parametrize("text", ["", "   ", "\n\t \u3000\n"])
def test_nothing_written(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        read_text([text], None)


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="closed"):
        standard_input()


def test_two_sources_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one of them"):
        read_text(["rain"], tmp_path / "a.txt")
    with pytest.raises(InputError, match="quotes") as caught:
        read_text(["secret", "words"], None)
    assert "secret" not in str(caught.value)


def test_the_limit_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * LIMIT)
    assert len(read_text([], path)) == LIMIT
    path.write_bytes(b"a" * (LIMIT + 1))
    with pytest.raises(InputError, match="over 10 MiB"):
        read_text([], path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x89PNG\r\n\x1a\n\x00\x00", "NUL"), ("오늘".encode("cp949"), "UTF-8"), ("오늘".encode("utf-16"), "UTF-8|NUL")],
)
def test_what_is_not_text(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_text([], path)
    assert "\n" not in str(caught.value)


def test_bytes_in_an_argument_that_are_no_text() -> None:
    """The shell hands over any bytes; Python keeps the invalid ones as lone surrogates."""
    assert read_text([os.fsdecode(b"rain \xff\xfe all day")], None) == "rain \ufffd\ufffd all day"


def test_without_surrogates() -> None:
    assert without_surrogates("a\ud800b") == "a\ufffdb"
    assert without_surrogates("끝😭\x1b") == "끝😭\x1b"


@pytest.mark.parametrize("name", ["missing.txt", "", "a\0b"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot read the file"):
        read_text([], tmp_path / name)


def test_a_text_given_as_a_file_name_is_not_repeated() -> None:
    with pytest.raises(InputError, match="cannot read the file") as caught:
        read_text([], Path("비밀스러운 하루였다 " * 40))
    assert "비밀" not in str(caught.value)


@pytest.mark.parametrize(
    ("locale", "expected"), [("ko_KR.UTF-8", "ko"), ("en_US.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_the_locale_decides_the_language_of_the_question(
    monkeypatch: pytest.MonkeyPatch, locale: str, expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert system_language() == expected


_ASK = "import sys; from ilgi.cli.text_input import read_text; sys.stdout.write(ascii(read_text([], None)))"


@pytest.mark.parametrize(
    ("lang", "question", "typed"),
    [
        ("ko_KR.UTF-8", "오늘 어떤 일이 있었나요?", "비가 왔다.\n"),
        ("C.UTF-8", "What happened today?", "One line,\nand another\n\nthat was pasted with it.\n"),
    ],
)
def test_a_terminal_is_asked_one_question(lang: str, question: str, typed: str) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "LANG": lang, "LC_ALL": lang}
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", _ASK],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stderr is not None
    asked = b""
    until = time.monotonic() + 20
    while not asked.endswith(b"> ") and time.monotonic() < until:
        asked += process.stderr.read(1)
    assert asked.decode() == question + "\n> "
    os.write(ours, typed.encode())
    output, _ = process.communicate(timeout=20)
    os.close(ours)
    os.close(theirs)
    assert output.decode() == ascii(typed)
