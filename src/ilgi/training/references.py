"""Texts that read like a diary, from which the reference learns what is ordinary in one.

No corpus of today's diaries can be had, so a recipe mixes what comes near: entries of printed diaries, people telling
of an event in their life, and first-person sentences. Two things matter more than the genre. The model should not have
been trained on the rows (it is surer of those than of anything new), and some texts must have several sentences:
averaging over sentences makes scores milder, and a reference of single sentences would call every long entry calm.
Sentences of one day share a mood more often than not, so rows can be joined among those with the same label.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.errors import DataError
from ilgi.training.first_person import speaks_of_self
from ilgi.training.recipe import DiarySource, resolve_inside
from ilgi.training.tables import read_rows

_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)\.?"
)
# A date that opens an entry: "May 26", "May 1st.", "2nd.", "4th (Lord's day)."; only behind the end of a sentence.
_DATE: Final = re.compile(
    rf"(?:^|(?<=[.!?…”’)\]]))\s*(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th))"
    r"\.?(?:\s*\([^)]{1,40}\))?[.,]?(?=\s)"
)
_FEWEST_LETTERS: Final = 12
"""A piece of an entry that is shorter is a heading or a slip of the cut."""


def read_diary_texts(source: DiarySource, data_dir: Path, rng: np.random.Generator) -> list[str]:
    """Return the texts of one source, at most `source.rows`, drawn at random, in file order.

    Args:
        source: What to read and how to cut it.
        data_dir: The data folder.
        rng: Draws rows and how many are joined.

    Raises:
        DataError: The table can't be read, or holds no such text.
    """
    wanted = [source.text_column, *([source.join_column] if source.join_column else [])]
    texts: list[str] = []
    groups: list[str] = []
    for row in read_rows(resolve_inside(data_dir, source.path), columns=wanted):
        text = str(row[source.text_column] or "").strip()
        pieces = cut_entries(text) if source.cut == "entries" else [text]
        for piece in pieces:
            if piece and (not source.first_person or speaks_of_self(piece, source.language)):
                texts.append(piece)
                groups.append(str(row[source.join_column] or "") if source.join_column else "")
    if source.join > 1:
        texts = join_rows(texts, groups, most=source.join, rng=rng)
    if not texts:
        raise DataError(f"diary source {source.name!r} ({source.path}) holds no text that it can use")
    if len(texts) > source.rows:
        texts = [texts[i] for i in sorted(rng.choice(len(texts), size=source.rows, replace=False))]
    return texts


def cut_entries(text: str) -> list[str]:
    """Return the entries of a printed diary: the text between its dates, without the dates themselves."""
    pieces = (" ".join(piece.split()) for piece in _DATE.split(text))
    return [piece for piece in pieces if sum(c.isalpha() for c in piece) >= _FEWEST_LETTERS]


def join_rows(texts: Sequence[str], groups: Sequence[str], *, most: int, rng: np.random.Generator) -> list[str]:
    """Return texts of one to `most` rows, each row used once, joined only within a group.

    Args:
        texts: The rows.
        groups: The group of each.
        most: The largest number of rows in a text; every number up to it is as likely.
        rng: Draws the numbers.
    """
    joined: list[str] = []
    for rows in _by_group(texts, groups):
        at = 0
        while at < len(rows):
            size = int(rng.integers(1, most + 1))
            joined.append(" ".join(_ended(row) for row in rows[at : at + size]))
            at += size
    return joined


def _by_group(texts: Sequence[str], groups: Sequence[str]) -> Iterable[list[str]]:
    found: dict[str, list[str]] = {}
    for text, group in zip(texts, groups, strict=True):
        found.setdefault(group, []).append(text)
    return found.values()


def _ended(row: str) -> str:
    """Return the row with something at its end that ends a sentence, so that joining keeps sentences apart."""
    return row if row[-1] in ".!?…~\"'”’)]ㅋㅎㅠㅜ" else row + "."
