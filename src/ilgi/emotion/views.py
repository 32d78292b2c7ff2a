"""Ways to look at affect: the prototype's four moods, the emotions alone, valence and arousal, and how neutral it is.

A model may bring columns of its own for these views ("mood_joy", "valence"); they are used where they exist. Where they
don't, the two tables below translate from emotion names. Names that a table doesn't know say nothing to its view.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.emotion.base import AROUSAL, DOMINANCE, MOOD_PREFIX, VALENCE
from ilgi.vocabulary import Vocabulary
from ilgi.words import MOODS

NEUTRAL: Final = "neutral"

MOOD_SHARES: Final[Mapping[str, Mapping[str, float]]] = {
    "joy": {"joy": 1.0},
    "amusement": {"joy": 1.0},
    "love": {"joy": 0.7, "optimism": 0.3},
    "pride": {"joy": 0.7, "optimism": 0.3},
    "admiration": {"joy": 0.6, "optimism": 0.4},
    "gratitude": {"joy": 0.6, "optimism": 0.4},
    "excitement": {"joy": 0.6, "optimism": 0.4},
    "relief": {"joy": 0.5, "optimism": 0.5},
    "caring": {"joy": 0.4, "optimism": 0.6},
    "approval": {"joy": 0.3, "optimism": 0.7},
    "curiosity": {"joy": 0.3, "optimism": 0.7},
    "optimism": {"optimism": 1.0},
    "anticipation": {"optimism": 1.0},
    "trust": {"optimism": 1.0},
    "desire": {"optimism": 0.7, "sadness": 0.3},
    "anger": {"anger": 1.0},
    "annoyance": {"anger": 1.0},
    "disapproval": {"anger": 1.0},
    "disgust": {"anger": 1.0},
    "disappointment": {"anger": 0.3, "sadness": 0.7},
    "embarrassment": {"anger": 0.3, "sadness": 0.7},
    "confusion": {"anger": 0.5, "sadness": 0.5},
    "sadness": {"sadness": 1.0},
    "grief": {"sadness": 1.0},
    "remorse": {"sadness": 1.0},
    "guilt": {"sadness": 1.0},
    "shame": {"sadness": 1.0},
    "pessimism": {"sadness": 1.0},
    "fear": {"sadness": 1.0},
    "nervousness": {"sadness": 1.0},
    "surprise": {"joy": 0.25, "optimism": 0.25, "anger": 0.25, "sadness": 0.25},
    "realization": {"joy": 0.25, "optimism": 0.25, "anger": 0.25, "sadness": 0.25},
    NEUTRAL: {"joy": 0.25, "optimism": 0.25, "anger": 0.25, "sadness": 0.25},
}
"""Emotion → its shares in the four moods, which sum to 1. The 28 of GoEmotions, and five that other models use.

Our own choices, made for diaries:
- Optimism is TweetEval's: anticipation, optimism and trust. So what looks ahead or towards others leans to it.
- Fear, worry and shame have no mood of their own. They go to sadness, the one that is unpleasant and turned inwards;
  anger takes what is turned against something (disgust, disapproval).
- Desire is longing in a diary: hope, with a part of missing what isn't there.
- Surprise and realization may be good or bad news, and neutral is neither: they spread evenly, so that a text without
  any feeling comes out as four equal shares, and a hint of feeling in a dry text as a hint.
"""

CIRCUMPLEX: Final[Mapping[str, tuple[float, float]]] = {
    "admiration": (0.80, 0.55),
    "amusement": (0.85, 0.65),
    "anger": (0.15, 0.85),
    "annoyance": (0.25, 0.65),
    "anticipation": (0.65, 0.65),
    "approval": (0.70, 0.40),
    "caring": (0.75, 0.40),
    "confusion": (0.40, 0.55),
    "curiosity": (0.65, 0.60),
    "desire": (0.65, 0.65),
    "disappointment": (0.25, 0.35),
    "disapproval": (0.30, 0.55),
    "disgust": (0.15, 0.60),
    "embarrassment": (0.30, 0.60),
    "excitement": (0.85, 0.90),
    "fear": (0.15, 0.85),
    "gratitude": (0.85, 0.45),
    "grief": (0.05, 0.45),
    "guilt": (0.20, 0.50),
    "joy": (0.95, 0.70),
    "love": (0.90, 0.55),
    "nervousness": (0.30, 0.75),
    "optimism": (0.80, 0.55),
    "pessimism": (0.25, 0.35),
    "pride": (0.80, 0.60),
    "realization": (0.55, 0.45),
    "relief": (0.75, 0.25),
    "remorse": (0.20, 0.45),
    "sadness": (0.15, 0.30),
    "shame": (0.20, 0.50),
    "surprise": (0.60, 0.85),
    "trust": (0.75, 0.35),
    NEUTRAL: (0.50, 0.30),
}
"""Emotion → (valence, arousal) in [0, 1].

Our own rounded figures, placed by hand around the circumplex of affect (Russell 1980): which quarter an emotion lies in
is common knowledge, the second digit is taste. They are no measurement and no copy of a lexicon.
"""


def is_emotion(column: str) -> bool:
    """Tell whether an affect column is an emotion, rather than a mood head or a dimension."""
    return column not in (VALENCE, AROUSAL, DOMINANCE) and not column.startswith(MOOD_PREFIX)


def emotion_columns(columns: Vocabulary) -> list[int]:
    """Return the column numbers of the emotions, in order."""
    return [i for i, name in enumerate(columns) if is_emotion(name)]


def emotions_of(columns: Vocabulary, affect: FloatVector) -> dict[str, float]:
    """Return emotion name → probability in [0, 1], in column order.

    Args:
        columns: The A affect columns.
        affect: (A,) in [0, 1].
    """
    return {columns[i]: float(affect[i]) for i in emotion_columns(columns)}


def mood_of(columns: Vocabulary, affect: FloatVector) -> dict[str, float]:
    """Return the prototype's four moods as shares that sum to 1.

    From the model's `mood_*` columns if it has all four; else from the emotions if they are exactly these four; else by
    `MOOD_SHARES`. Where nothing says anything, the four are equal.

    Args:
        columns: The A affect columns.
        affect: (A,) in [0, 1].
    """
    heads = [MOOD_PREFIX + mood for mood in MOODS]
    if all(head in columns for head in heads):
        shares = np.asarray(affect, dtype=np.float64)[columns.columns(heads)]
    elif {name for name in columns if is_emotion(name)} == set(MOODS):
        shares = np.asarray(affect, dtype=np.float64)[columns.columns(MOODS)]
    else:
        shares = np.asarray(affect, dtype=np.float64) @ columns.mapping_to(MOODS, MOOD_SHARES)
    total = float(shares.sum())
    if total <= 0.0:
        return dict.fromkeys(MOODS, 1.0 / len(MOODS))
    return {mood: float(share) / total for mood, share in zip(MOODS, shares, strict=True)}


def valence_arousal_of(columns: Vocabulary, affect: FloatVector) -> tuple[float, float]:
    """Return (valence, arousal), each in [0, 1].

    From the columns of that name where the model has them, else the mean of `CIRCUMPLEX` weighted by the emotions'
    probabilities; where no emotion says anything, the point of neutral.

    Args:
        columns: The A affect columns.
        affect: (A,) in [0, 1].
    """
    known = {name: p for name, p in emotions_of(columns, affect).items() if name in CIRCUMPLEX}
    total = sum(known.values())
    points = known if total > 0.0 else {NEUTRAL: 1.0}
    share = sum(points.values())
    valence = sum(p * CIRCUMPLEX[name][0] for name, p in points.items()) / share
    arousal = sum(p * CIRCUMPLEX[name][1] for name, p in points.items()) / share
    if VALENCE in columns:
        valence = float(affect[columns.column(VALENCE)])
    if AROUSAL in columns:
        arousal = float(affect[columns.column(AROUSAL)])
    return valence, arousal


def neutrality(columns: Vocabulary, scores: FloatMatrix) -> FloatVector:
    """Return how neutral each row is, (n,) in [0, 1]: its "neutral" column, or 1 − its strongest emotion without one.

    Args:
        columns: The A affect columns. A model without any emotion (only dimensions) reads as neutral all through.
        scores: (n, A) in [0, 1].
    """
    if NEUTRAL in columns:
        return scores[:, columns.column(NEUTRAL)]
    emotions = emotion_columns(columns)
    if not emotions:
        return np.ones(len(scores), dtype=np.float32)
    strongest: FloatVector = scores[:, emotions].max(axis=1)
    return np.float32(1.0) - strongest
