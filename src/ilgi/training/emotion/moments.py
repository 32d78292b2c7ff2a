"""Moments: the project's own short texts, mostly four to one setting, that differ only in what happens.

"The landlord's letter came" can go on in a mood of joy, optimism, anger or sadness; a model that is told all four
cannot lean on the letter or the landlord. Further files hold turns of language: negation, contrast, irony, emoji, other
people's feelings, and plain facts, which have no mood. They are data of the project itself (CC0), never used for
validation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import ilgi
from ilgi.errors import DataError
from ilgi.language import LANGUAGES, Language
from ilgi.training.tables import read_rows
from ilgi.words import GOEMOTIONS, MOODS

FOLDER: Final = Path(ilgi.__file__).parent / "data" / "moments"
NO_MOOD: Final = "none"
"""What stands for a mood where a text has none."""


@dataclass(frozen=True)
class Moment:
    """One short text with its labels."""

    language: Language
    area: str
    """Name of its file: an area of life, or "language" for turns of language."""
    text: str
    mood: str
    """The one of the four moods that holds at the end, or `NO_MOOD`."""
    emotions: tuple[str, ...]
    """One to three of GoEmotions' 28, strongest first."""
    valence: float
    """0 unpleasant … 1 pleasant, of the writer at the end."""
    arousal: float
    """0 quiet … 1 stirred up, of the writer at the end."""


@cache
def moments() -> tuple[Moment, ...]:
    """Return every moment, by language, area and place in its file.

    Raises:
        DataError: A row is not a moment; the error names file and row.
    """
    return tuple(
        moment_of(row, language, file.stem, f"{language}/{file.name} row {number}")
        for language in LANGUAGES
        for file in sorted((FOLDER / language).glob("*.tsv"))
        for number, row in enumerate(read_rows(file), start=1)
    )


def moment_of(row: Mapping[str, Any], language: Language, area: str, where: str) -> Moment:
    """Return a row as a moment.

    Args:
        row: Column → cell, with the columns mood, emotions, valence, arousal and text.
        language: What it is written in.
        area: Of its file.
        where: For the error.

    Raises:
        DataError: A cell is missing or says something that does not exist.
    """
    try:
        moment = Moment(
            language=language,
            area=area,
            text=str(row["text"]),
            mood=str(row["mood"]),
            emotions=tuple(str(row["emotions"]).split(",")),
            valence=float(row["valence"]),
            arousal=float(row["arousal"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        # Not the error's own words: where cells are shifted, they quote the text.
        raise DataError(f"{where} is not a moment: it needs mood, emotions, two numbers and a text") from error
    if moment.mood not in (*MOODS, NO_MOOD) or not set(moment.emotions) <= set(GOEMOTIONS):
        raise DataError(f"{where} has a mood or emotion that does not exist")
    if not (0.0 <= moment.valence <= 1.0 and 0.0 <= moment.arousal <= 1.0):
        raise DataError(f"{where} has a valence or arousal outside 0 … 1")
    return moment
