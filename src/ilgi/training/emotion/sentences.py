"""Short diary sentences of our own, so that the linear model knows the words that diaries use for feelings.

The public data sets are comments and reviews: hardly one of them says 외롭다, and "grateful" stands in seven of 43,000.
Each row of `data/sentences/diary.tsv` is a sentence, or a word for a feeling, with one label of GoEmotions. It is
learned alone and behind openings that say nothing by themselves, so that only the words of feeling carry weight.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import ilgi
from ilgi.training.tables import read_rows

OPENINGS: Final = {
    "ko": ("오늘은", "요즘", "집에 와서", "하루 종일", "아침부터", "솔직히", "그냥", "퇴근길에", "밤이 되니", "어쩐지"),
    "en": (
        "today", "this morning", "tonight", "at home", "honestly", "all day", "on the way back", "after work",
        "these days", "in the evening",
    ),
}  # fmt: skip
"""Put before a sentence, in turn."""

_TURNS: Final = 3


@cache
def sentences() -> tuple[tuple[str, str, str], ...]:
    """Return (language, label, sentence) of every row, in file order."""
    file = Path(ilgi.__file__).parent / "data" / "sentences" / "diary.tsv"
    return tuple((row["language"], row["label"], row["sentence"]) for row in read_rows(file))


def labelled_sentences() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each sentence with its label, alone and behind three of the openings, in a fixed order."""
    at = 0
    for language, label, sentence in sentences():
        yield sentence, (label,)
        openings = OPENINGS[language]
        for turn in range(at, at + _TURNS):
            yield f"{openings[turn % len(openings)]} {sentence}", (label,)
        at += _TURNS
