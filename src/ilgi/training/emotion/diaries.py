"""The project's own diaries: entries in Korean and English, written for it, with the feeling each was written from.

They are data of the project itself (CC0) and lie in `data/diaries/<language>/<theme>.jsonl`. Most never name a feeling:
what happened has to tell it. Whole themes are held out for validation, so that a model cannot do well by remembering
what things go with what feeling.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import ilgi
from ilgi.errors import DataError
from ilgi.families import family_of
from ilgi.language import LANGUAGES, Language
from ilgi.training.tables import read_rows
from ilgi.words import GOEMOTIONS, MOODS

FOLDER: Final = Path(ilgi.__file__).parent / "data" / "diaries"

VALIDATION_THEMES: Final = frozenset(
    {"small-children", "hospital", "commute", "hobby", "hands", "holidays", "old-age", "unfair"}
)
"""Themes that no model may learn from."""


@dataclass(frozen=True)
class Entry:
    """One diary entry with its labels."""

    id: str
    language: Language
    theme: str
    text: str
    mood: str
    """The one of the four moods that dominates by the end."""
    emotions: tuple[str, ...]
    """One to three of GoEmotions' 28, strongest first."""
    valence: float
    """0 unpleasant … 1 pleasant, of the writer by the end."""
    arousal: float
    """0 quiet … 1 stirred up, of the writer by the end."""
    turn: str
    """Whether the day turns: "none", "up", "down" or "mixed"."""
    named: bool
    """Whether the text names a feeling."""
    style: str
    """How it is written: "plain", "net", "ironic", "list", "run-on", "old" or "young"."""

    @property
    def held_out(self) -> bool:
        """Whether it is kept for validation."""
        return self.theme in VALIDATION_THEMES


@dataclass(frozen=True)
class SecondLabel:
    """What a second reader said of a held-out entry, who saw the text alone."""

    mood: str
    or_mood: str
    """Another mood that a careful reader might well have said; "" where there is none."""
    confidence: int
    """1 a guess, 2 likely, 3 clear."""
    valence: float
    arousal: float
    emotions: tuple[str, ...]


@cache
def second_labels() -> dict[str, SecondLabel]:
    """Return entry id → blind second label, for every held-out entry.

    Raises:
        DataError: A row is not a label.
    """
    labels = {}
    for number, row in enumerate(read_rows(FOLDER / "second_labels.tsv"), start=2):
        try:
            label = SecondLabel(
                mood=row["mood"],
                or_mood=row["or_mood"] or "",
                confidence=int(row["confidence"]),
                valence=float(row["valence"]),
                arousal=float(row["arousal"]),
                emotions=tuple(row["emotions"].split(",")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"second_labels.tsv line {number} is not a label ({error})") from error
        labels[row["id"]] = label
    return labels


@cache
def _families() -> dict[str, str]:
    return {str(row["id"]): str(row["family"]) for row in read_rows(FOLDER / "families.tsv")}


def family_of_entry(entry: Entry) -> str:
    """Return the family of feelings that an entry belongs to, as a reader saw it who knew the text alone."""
    return _families().get(entry.id) or family_of(entry.emotions[0])


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Return how far two readers agree beyond chance: (p_o - p_e) / (1 - p_e) (Cohen 1960); 1 is always, 0 is chance.

    Args:
        first: One reader's labels, at least one.
        second: The other's, in the same order.
    """
    n = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    one, other = Counter(first), Counter(second)
    chance = sum(one[name] * other[name] for name in one) / n**2
    return 1.0 if chance == 1.0 else (observed - chance) / (1.0 - chance)


@cache
def diary_entries() -> tuple[Entry, ...]:
    """Return every entry, by language, theme and place in its file.

    Raises:
        DataError: A line is not an entry; the error names file and line.
    """
    entries = []
    for language in LANGUAGES:
        for file in sorted((FOLDER / language).glob("*.jsonl")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                entries.append(_entry(line, language, file.stem, f"{language}/{file.name} line {number}"))
    return tuple(entries)


def _entry(line: str, language: Language, theme: str, where: str) -> Entry:
    try:
        raw = json.loads(line)
        entry = Entry(
            id=str(raw["id"]),
            language=language,
            theme=theme,
            text=str(raw["text"]),
            mood=str(raw["mood"]),
            emotions=tuple(map(str, raw["emotions"])),
            valence=float(raw["valence"]),
            arousal=float(raw["arousal"]),
            turn=str(raw["turn"]),
            named=bool(raw["named"]),
            style=str(raw["style"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{where} is not a diary entry ({error})") from error
    if entry.mood not in MOODS or not entry.emotions or not set(entry.emotions) <= set(GOEMOTIONS):
        raise DataError(f"{where} has a mood or emotion that does not exist")
    if not (0.0 <= entry.valence <= 1.0 and 0.0 <= entry.arousal <= 1.0):
        raise DataError(f"{where} has a valence or arousal outside 0 … 1")
    return entry
