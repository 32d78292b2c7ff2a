"""Texts of a known mood that no model was trained on: what the measure by mood tags asks with.

English: the held-out diaries where a blind second reader names the same mood, and held-out rows of ISEAR, where people
tell of an event that made them feel joy, anger, sadness or fear. Korean: the held-out diaries. An entry whose strongest
emotion is fear or nervousness counts as fear, which the four moods call sadness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.emotion.base import COLUMNS
from ilgi.evaluation.mood_tags import GROUPS
from ilgi.language import LANGUAGES, Language
from ilgi.training.emotion.data import load_emotion_data
from ilgi.training.emotion.diary_metrics import agreed_entries

MOST: Final = 100
"""Queries of one mood and language at most."""
_AFRAID: Final = frozenset({"fear", "nervousness"})
_TOLD: Final = ("joy", "anger", "sadness", "fear")
"""ISEAR's emotions that are moods of `GROUPS`."""


@dataclass(frozen=True)
class MoodQuery:
    """One text and the mood it was written from."""

    text: str
    language: Language
    mood: str
    """One of `ilgi.evaluation.mood_tags.GROUPS`."""


def mood_queries(data_dir: Path | None, *, rng: np.random.Generator, most: int = MOST) -> list[MoodQuery]:
    """Return the queries of both languages, each mood's in a random order.

    Args:
        data_dir: The data directory, for ISEAR; None or one without it leaves those out.
        rng: Draws.
        most: Of one mood and language.
    """
    found = [
        MoodQuery(e.text, language, "fear" if e.emotions[0] in _AFRAID else e.mood)
        for language in LANGUAGES
        for e in agreed_entries(language)
    ]
    if data_dir is not None and any((data_dir / "emotion").glob("isear_train.*")):
        found += _events(data_dir)
    return [q for language in LANGUAGES for mood in GROUPS for q in _some(found, language, mood, most, rng)]


def _events(data_dir: Path) -> list[MoodQuery]:
    data = load_emotion_data(data_dir)
    rows = data.rows("validation", "isear")
    values = data.targets[rows][:, COLUMNS.columns(_TOLD)]
    return [
        MoodQuery(data.texts[row], "en", _TOLD[int(np.argmax(value))])
        for row, value in zip(rows, values, strict=True)
        if np.nanmax(value) == 1.0
    ]


def _some(
    queries: Sequence[MoodQuery], language: Language, mood: str, most: int, rng: np.random.Generator
) -> list[MoodQuery]:
    own = [q for q in queries if (q.language, q.mood) == (language, mood)]
    return [own[i] for i in rng.permutation(len(own))[:most]]
