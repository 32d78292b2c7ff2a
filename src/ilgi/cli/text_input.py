"""Where the text comes from: an argument, standard input, a file, or the answer to one question."""

import errno
import os
import select
import sys
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import Final, cast

import typer

from ilgi.errors import InputError
from ilgi.language import Language

LIMIT: Final = 10 * 1024 * 1024
"""Bytes of UTF-8 that one text may have: a lifetime of diaries. More is refused, nothing is ever cut."""

_QUESTION: Final[dict[Language, str]] = {"ko": "오늘 어떤 일이 있었나요?", "en": "What happened today?"}
_PASTE_GAP_S: Final = 0.1


def words_of(text: str | None, context: typer.Context) -> list[str]:
    """Return the words that a command got besides its options: the text, and whatever stands behind it."""
    return [] if text is None else [text, *context.args]


def read_text(words: Sequence[str], file: Path | None, *, language: str = "auto") -> str:
    """Return the one text that a command was given, unchanged but for halves of surrogate pairs (U+FFFD).

    Args:
        words: The command's arguments: none, the text, or "-" for standard input.
        file: A file to read instead; "-" is standard input too.
        language: Of the question that is asked where there is a terminal and no text; "auto" goes by the locale.

    Raises:
        InputError: There is no text, more than one, too much, or it isn't text. The message never holds any of it.
    """
    if len(words) > 1:
        raise InputError("more than one text: put the whole text in quotes, or pass it by standard input with -")
    if words and file is not None:
        raise InputError("a text and --file at once: give one of them")
    if file is not None and str(file) != "-":
        return _checked(_file_content(file))
    if words and words[0] != "-":
        return _checked(without_surrogates(words[0]).encode())
    stdin = standard_input()
    if not words and file is None and stdin.isatty():
        return _checked(_ask(stdin, language))
    return _checked(stdin.read(LIMIT + 1))


def standard_input() -> BufferedReader:
    """Return standard input as bytes.

    Raises:
        InputError: It is closed.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("no text, and standard input is closed: give the text as an argument or with --file")
    return cast("BufferedReader", sys.stdin.buffer)


def without_surrogates(text: str) -> str:
    """Return the text with each half of a surrogate pair, which no encoding can write, replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def system_language() -> Language:
    """Return "ko" where the environment's locale is Korean, else "en"."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ko" if locale.startswith("ko") else "en"


def _checked(content: bytes) -> str:
    if len(content) > LIMIT:
        raise InputError(f"the text is over {LIMIT // 2**20} MiB: split it, for instance by year")
    if b"\0" in content:
        raise InputError("this is not text (it has NUL bytes): give plain text in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"this is not UTF-8 text (first at byte {error.start}): save it as UTF-8, or try 'iconv -f cp949 -t utf-8'"
        ) from None
    if not text.strip():
        raise InputError("the text is empty: write a sentence about your day")
    return text


def _file_content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        # A name too long to be one is a text that was meant to be an argument: it must not be repeated.
        name = "" if error.errno == errno.ENAMETOOLONG else f" {str(path)!r}"
        raise InputError(f"cannot read the file{name}: {error.strerror}") from None
    except ValueError:  # a NUL in the name
        raise InputError("cannot read the file: its name is not one") from None


def _ask(stdin: BufferedReader, language: str) -> bytes:
    """Ask on the terminal and return the answer: a line, or all lines of something pasted."""
    asked: Language = "ko" if language == "ko" else "en" if language == "en" else system_language()
    # To standard error, so that the answer alone can be redirected.
    print(_QUESTION[asked], end="\n> ", file=sys.stderr, flush=True)
    answer = b""
    # Below Python's own buffer, so that `select` sees what has not been read yet. What is pasted comes line upon line
    # without a pause; leaving the later lines unread would hand them to the shell as commands.
    descriptor = stdin.fileno()
    while len(answer) <= LIMIT:
        chunk = os.read(descriptor, 65536)
        answer += chunk
        if not chunk or not select.select([descriptor], [], [], _PASTE_GAP_S)[0]:
            break
    return answer
