"""Where quotations and brackets open and close, so that a short one isn't torn apart at the full stops inside it."""

import re
from dataclasses import dataclass
from typing import Final

PROTECTED: Final = 120
"""Longest quotation, in code points, that stays whole. A longer one is a story of its own and is split inside."""

_PAIRS: Final = {")": "(", "]": "[", "”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", "〉": "〈", "】": "【",
                 "）": "（"}  # fmt: skip
_OPEN: Final = frozenset(_PAIRS.values())
_ANY: Final = re.compile(f'[{re.escape("".join(_PAIRS) + "".join(_PAIRS.values()))}"]')


@dataclass(frozen=True)
class Quotations:
    """The quotations of one stretch of text."""

    spans: tuple[tuple[int, int], ...]
    """(offset of the opening mark, offset of the closing one), disjoint, in text order, each at most `PROTECTED`."""
    straight_openers: frozenset[int]
    """Offsets of straight double quotes that open."""


def find_quotations(text: str, start: int, end: int) -> Quotations:
    """Return the short quotations and brackets in text[start:end], in linear time; a mark without a partner is skipped.

    Args:
        text: Any text.
        start: Offset where to begin.
        end: Offset behind the last code point to look at.
    """
    spans: list[tuple[int, int]] = []
    open_at: dict[str, list[int]] = {}
    straight = -1
    straight_openers: set[int] = set()
    for match in _ANY.finditer(text, start, end):
        at, mark = match.start(), match[0]
        if mark == '"':
            space_before = at == start or text[at - 1].isspace()
            space_after = at + 1 >= end or text[at + 1].isspace()
            if straight < 0 and (space_before or not space_after):
                straight = at
            elif straight >= 0 and space_before and not space_after:
                straight = at  # the earlier one never closed
            elif straight >= 0:
                straight_openers.add(straight)
                spans.append((straight, at))
                straight = -1
        elif mark in _OPEN:
            open_at.setdefault(mark, []).append(at)
        elif mark == "’" and at + 1 < end and text[at + 1].isalpha() and text[at + 1].isascii():
            continue  # an apostrophe: don’t
        elif waiting := open_at.get(_PAIRS[mark]):
            spans.append((waiting.pop(), at))
    return Quotations(_outermost(spans), frozenset(straight_openers))


def _outermost(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for opened, closed in sorted(spans):
        if closed - opened <= PROTECTED and (not kept or opened > kept[-1][1]):
            kept.append((opened, closed))
    return tuple(kept)
