"""Cutting what no mark has ended: a long run of Korean at its verb endings, anything else at the best place."""

import re
from collections.abc import Iterator
from typing import Final

from ilgi.emotion.sentence_marks import LONG_ENDING

SOFT: Final = 100
"""From this many code points on, a Korean verb ending in front of a space ends a sentence without any mark."""
MAX: Final = 300
"""No piece is longer than this many code points."""

_LEAST: Final = 8
_CLAUSE: Final = re.compile(
    r"[,;:、，；：](?=\s)"
    r"|\s(?=(?:and|but|so|because|then|when|while|or|though|although|until|which|where)\s)"
    r"|(?<=[가-힣][고며서데만면니까])(?=\s)"
)
_NOT_FIRST: Final = re.compile(r"[\u0300-\u036f\u1160-\u11ff\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|(?<=\u200d).")
"""Code points that continue the character before them, so that a cut may not fall in front of one."""


def limit(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces of text[start:end] as (start, end), in order and without a gap, each at most `MAX` long.

    Args:
        text: Any text.
        start: Offset of the sentence.
        end: Offset behind it.
    """
    if end - start <= SOFT:
        yield start, end
        return
    for a, b in _at_endings(text, start, end):
        yield from _at_clauses(text, a, b)


def _at_endings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in LONG_ENDING.finditer(text, start, end):
        if match.end() - begin >= _LEAST:
            yield begin, match.end()
            begin = match.end()
    if begin < end:
        yield begin, end


def _at_clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX:
        cut = _best_cut(text, start)
        yield start, cut
        start = cut
    yield start, end


def _best_cut(text: str, start: int) -> int:
    """Return where to cut text[start : start + MAX]: the last clause, else the last word, else in the middle of one."""
    stop = start + MAX
    # Not before a third of the way: a stump of two words tells nothing by itself.
    cut = 0
    for match in _CLAUSE.finditer(text, start + MAX // 3, stop):
        cut = match.end()
    if cut:
        return cut
    window = text[start + MAX // 3 : stop]
    word = len(window.rstrip()) if window[-1:].isspace() else len(window) - len(window.split()[-1]) if window else 0
    if word > 0 and window[:word].strip():
        return start + MAX // 3 + word
    for cut in range(stop, stop - 16, -1):
        if not _NOT_FIRST.match(text, cut):
            return cut
    return stop
