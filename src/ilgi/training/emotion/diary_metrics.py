"""How well an emotion model reads whole diaries that it did not learn from, and when it had better not be sure.

Measured on the held-out entries where a blind second reader named the same mood, each read in one piece.
"""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.emotion.base import AROUSAL, MOOD_PREFIX, VALENCE, EmotionModel
from ilgi.evaluation.conformal import in_sets, least_share
from ilgi.evaluation.metrics import ece
from ilgi.language import LANGUAGES, Language
from ilgi.training.emotion.diaries import Entry, diary_entries, second_labels
from ilgi.training.emotion.metrics import correlation, rounded, with_error
from ilgi.training.plots import draw_reliability
from ilgi.words import GOEMOTIONS, MOODS

COVERAGE: Final = 0.9
"""How often the set of possible moods shall hold the true one."""
_MOODS: Final = [f"{MOOD_PREFIX}{mood}" for mood in MOODS]


def agreed_entries(language: Language) -> list[Entry]:
    """Return the held-out entries of a language whose mood both readers name, in order."""
    second = second_labels()
    return [e for e in diary_entries() if e.held_out and e.language == language and second[e.id].mood == e.mood]


def measure_diaries(model: EmotionModel, *, rng: np.random.Generator) -> dict[str, Any]:
    """Return the figures of each language as JSON, and `suggested_mood_least` (`ilgi.evaluation.conformal`).

    Standard errors are over resampled themes, not entries: those of one theme are alike. The sets of possible moods are
    made by one half of the themes and judged on the other, both ways.

    Args:
        model: Any model with the 28 emotions, the four moods, valence and arousal among its columns; another one gives
            nothing.
        rng: Draws bootstraps.
    """
    if not {*GOEMOTIONS, *_MOODS, VALENCE, AROUSAL} <= set(model.emotions):
        return {}
    result: dict[str, Any] = {}
    everything: list[Entry] = []
    shares: list[FloatMatrix] = []
    for language in LANGUAGES:
        entries = agreed_entries(language)
        p = model.predict_proba([e.text for e in entries])
        moods = p[:, model.emotions.columns(_MOODS)]
        result[f"diaries_{language}"] = _figures(model, entries, p, moods, rng)
        everything += entries
        shares.append(moods)
    whole, truth = np.concatenate(shares), _moods_of(everything)
    own = whole[np.arange(len(truth)), truth]
    themes = sorted({e.theme for e in everything})
    half = np.array([themes.index(e.theme) % 2 for e in everything])
    sets = np.zeros_like(whole)
    for part in (0, 1):
        sets[half == part] = in_sets(whole[half == part], least_share(own[half != part], COVERAGE))
    held = sets[np.arange(len(truth)), truth]
    # Down, so that the text at the limit stays in.
    result["suggested_mood_least"] = math.floor(least_share(own, COVERAGE) * 1000) / 1000
    result["possible_moods"] = {
        "rows": len(truth),
        "coverage": {
            language: rounded(float(held[[e.language == language for e in everything]].mean()))
            for language in LANGUAGES
        },
        "sizes": [rounded(float((sets.sum(axis=1) == size).mean())) for size in range(len(MOODS) + 1)],
    }
    return result


def _moods_of(entries: list[Entry]) -> IntVector:
    return np.array([MOODS.column(e.mood) for e in entries], dtype=np.int64)


def draw_diaries(folder: Path, model: EmotionModel) -> None:
    """Write two reliability diagrams over the agreed entries: `reliability-moods.png` and `reliability-emotions.png`.

    Args:
        folder: Where to; it must exist.
        model: As `measure_diaries`; another one gives nothing.

    Raises:
        MissingExtra: matplotlib isn't installed.
    """
    if not {*GOEMOTIONS, *_MOODS} <= set(model.emotions):
        return
    entries = [entry for language in LANGUAGES for entry in agreed_entries(language)]
    p = model.predict_proba([e.text for e in entries])
    for name, heads, truth in (
        ("moods", _MOODS, np.eye(len(MOODS))[_moods_of(entries)]),
        ("emotions", list(GOEMOTIONS), _labels(entries)),
    ):
        columns = model.emotions.columns(heads)
        draw_reliability(
            folder / f"reliability-{name}.png",
            truth.astype(np.float32),
            np.ones(truth.shape, dtype=np.float32),
            {"held-out diaries": p[:, columns]},
        )


def _labels(entries: list[Entry]) -> np.ndarray:
    y = np.zeros((len(entries), len(GOEMOTIONS)))
    for row, entry in enumerate(entries):
        y[row, GOEMOTIONS.columns(entry.emotions)] = 1.0
    return y


def _figures(
    model: EmotionModel, entries: list[Entry], p: FloatMatrix, moods: FloatMatrix, rng: np.random.Generator
) -> dict[str, Any]:
    second, themes = second_labels(), [e.theme for e in entries]
    truth = _moods_of(entries)
    hit = moods.argmax(axis=1) == truth
    part: dict[str, Any] = {"rows": len(entries)}
    part["mood_accuracy"], part["mood_accuracy_se"] = with_error(
        lambda at: float(hit[at].mean()), len(hit), rng, themes
    )
    turns = np.array([e.turn in ("up", "down") for e in entries])
    part["mood_accuracy_where_it_turns"] = rounded(float(hit[turns].mean()))
    part["mood_ece"] = rounded(ece(np.eye(len(MOODS))[truth], moods), 4)
    part["ece"] = rounded(ece(_labels(entries), p[:, model.emotions.columns(GOEMOTIONS)]), 4)
    for name, first, other in (
        (VALENCE, [e.valence for e in entries], [second[e.id].valence for e in entries]),
        (AROUSAL, [e.arousal for e in entries], [second[e.id].arousal for e in entries]),
    ):
        pair = np.stack([(np.array(first) + np.array(other)) / 2.0, p[:, model.emotions.column(name)]])
        part[f"{name}_r"], part[f"{name}_r_se"] = with_error(correlation(pair), len(entries), rng, themes)
    return part
