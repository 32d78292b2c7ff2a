"""Where a person may want to go from a feeling: the region of the axes that each goal asks for, family by family.

One table, to be read and disputed. A row says where films for one family of feelings lie: a positive number towards an
axis, a negative one away from it. Only directions count, not lengths.

- *mirror* matches the feeling as it is: the prototype's rule.
- *stay* is company and not an echo: sadness and longing get what is tender and never bleak, fear what is warm and safe,
  anger justice and not cruelty, tiredness what is gentle.
- *calm* is pleasant and quiet, *lift* a little brighter, *release* a good cry, a good scare, a good fight.
- *path* goes in three steps from *stay* to *lift*.
- *auto* gives a pleasant or plain day three to stay with, an unpleasant one a film of each of stay, calm and lift.

Sad people accept both company and cheer, happy people decline sad films (Xue et al. 2018); people who are low choose
sad music for its quiet and not to feel sadder (Yoon et al. 2019).
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.errors import UnknownName
from ilgi.families import FAMILIES
from ilgi.language import Language
from ilgi.vocabulary import Vocabulary, nearest

GOALS: Final = ("auto", "stay", "calm", "lift", "path", "release", "mirror")
"""What may be asked for."""
PLEASANT: Final = frozenset({"joy", "hope", "warmth", "calm", "plain"})
"""Families that ask for nothing to be mended."""

_STEPS: Final = ("stay", "path 2", "lift")
"""The steps of a path."""

_GENTLE: Final = {"warm": 1.0, "tense": -1.0, "violent": -0.7, "scary": -0.7, "dark": -0.7}
_BRIGHT: Final = {
    "warm": 1.0,
    "funny": 0.8,
    "uplifting": 0.6,
    "sad": -0.8,
    "dark": -1.0,
    "scary": -0.5,
    "violent": -0.4,
}

TARGETS: Final[Mapping[str, Mapping[str, Mapping[str, float]]]] = {
    "mirror": {
        "joy": {"funny": 1.0, "warm": 1.0},
        "hope": {"uplifting": 1.0, "warm": 0.3},
        "warmth": {"warm": 1.0, "uplifting": 0.5, "romantic": 0.3},
        "calm": {"warm": 0.7, "wistful": 0.3, "tense": -0.7, "violent": -0.5},
        "longing": {"wistful": 1.0, "sad": 0.6, "romantic": 0.3},
        "sadness": {"sad": 1.0, "wistful": 1.0, "dark": 0.3},
        "worry": {"scary": 1.0, "tense": 1.0, "dark": 0.5},
        "anger": {"violent": 1.0, "dark": 0.3},
        "tired": {"wistful": 1.0, "sad": 0.7, "tense": -0.5},
        "plain": {},
    },
    "stay": {
        "joy": {"warm": 1.0, "funny": 0.8, "dark": -0.5, "sad": -0.5},
        "hope": {"uplifting": 1.0, "warm": 0.5, "dark": -0.5},
        "warmth": {"warm": 1.0, "uplifting": 0.3, "romantic": 0.3, "violent": -0.5},
        "calm": {"warm": 0.8, "wistful": 0.4, "tense": -1.0, "violent": -0.7, "scary": -0.5},
        "longing": {"wistful": 1.0, "warm": 0.8, "romantic": 0.3, "dark": -1.0, "violent": -0.6, "scary": -0.6},
        "sadness": {"wistful": 0.8, "warm": 0.8, "sad": 0.4, "dark": -1.0, "violent": -0.7, "scary": -0.7},
        "worry": {"warm": 1.0, "funny": 0.3, "scary": -1.2, "tense": -1.0, "violent": -0.7, "dark": -0.7},
        "anger": {"uplifting": 1.0, "tense": 0.3, "dark": -0.7, "violent": -0.3, "scary": -0.5},
        "tired": {"warm": 0.9, "wistful": 0.4, "tense": -1.0, "violent": -0.8, "scary": -0.7, "dark": -0.6},
        "plain": {"warm": 0.6, "wistful": 0.3, "dark": -0.5, "scary": -0.5},
    },
    "calm": {family: {**_GENTLE, "wistful": 0.3, "funny": 0.2} for family in FAMILIES},
    "path 2": {family: {**_GENTLE, "uplifting": 0.6, "wistful": 0.3} for family in FAMILIES},
    "lift": dict.fromkeys(FAMILIES, _BRIGHT),
    "release": {
        **{family: {"funny": 1.0, "warm": 0.3} for family in ("joy", "hope", "warmth", "calm", "plain")},
        "longing": {"sad": 1.0, "wistful": 1.0, "romantic": 0.4},
        "sadness": {"sad": 1.2, "wistful": 0.6},
        "worry": {"scary": 1.0, "tense": 0.8},
        "anger": {"violent": 1.0, "tense": 0.5, "sad": -0.4},
        "tired": {"funny": 1.0, "sad": -0.5},
    },
}  # fmt: skip
"""Goal (or step) → family → axis → how much."""

_QUIET: Final = (0.5, -1.0)
_UP: Final = (1.0, 0.5)

POINTS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "mirror": {
        "joy": (1.0, 0.7), "hope": (0.8, 0.5), "warmth": (0.8, -0.3), "calm": (0.6, -1.1), "longing": (-0.5, -0.8),
        "sadness": (-1.1, -0.6), "worry": (-0.7, 0.6), "anger": (-0.7, 1.1), "tired": (-0.5, -1.1), "plain": (0.0, 0.0),
    },
    "stay": {
        "joy": (0.9, 0.6), "hope": (0.8, 0.4), "warmth": (0.8, -0.3), "calm": (0.6, -1.0), "longing": (-0.2, -0.8),
        "sadness": (-0.3, -0.9), "worry": (0.4, -0.7), "anger": (0.1, 0.6), "tired": (0.2, -1.0), "plain": (0.3, -0.3),
    },
    "calm": dict.fromkeys(FAMILIES, _QUIET),
    "path 2": dict.fromkeys(FAMILIES, (0.5, -0.3)),
    "lift": dict.fromkeys(FAMILIES, _UP),
    "release": {
        "joy": (1.2, 1.2), "hope": (1.0, 1.0), "warmth": (1.0, 0.6), "calm": (0.8, 0.2), "longing": (-0.8, -0.6),
        "sadness": (-1.3, -0.4), "worry": (-0.3, 1.1), "anger": (-0.5, 1.5), "tired": (0.6, 1.0), "plain": (0.8, 0.8),
    },
}  # fmt: skip
"""Goal (or step) → family → where songs lie: how bright and how lively, in standard deviations over all songs. Low
people choose sad music for its quiet (Yoon et al. 2019): company for sadness is quiet rather than dark."""

VALENCE: Final[Mapping[str, float]] = {
    "bright": 1.0,
    "funny": 0.6, "warm": 1.0, "uplifting": 0.8, "romantic": 0.4, "wistful": -0.2,
    "sad": -0.8, "dark": -1.0, "tense": -0.5, "scary": -0.7, "violent": -0.6,
}  # fmt: skip
"""How pleasant a film leaves people, as a direction."""

LIMITS: Final[Mapping[str, float]] = {"scary": 0.5, "dark": 0.8, "violent": 1.0}
"""Axis → how far a film may go on it, in standard deviations, unless it is asked for (`mirror`, `release`)."""
_UNLIMITED: Final = frozenset({"mirror", "release"})

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "stay": ("곁에 있어 주는", "for company"),
    "calm": ("숨 고르는", "to breathe"),
    "path 2": ("한 걸음 옮기는", "a step on"),
    "lift": ("조금 밝은 쪽으로", "a little brighter"),
    "release": ("실컷 쏟아 내는", "to let it out"),
    "mirror": ("마음 그대로", "as it is"),
}


def check_goal(goal: str) -> str:
    """Return the goal if there is such a one.

    Raises:
        UnknownName: There isn't.
    """
    if goal not in GOALS:
        raise UnknownName("goal", goal, GOALS, nearest(goal, GOALS))
    return goal


def goal_word(goal: str, language: Language) -> str:
    """Return what a goal, or a step of a path, is called before an item; "" for one without a word."""
    words = _WORDS.get(goal)
    return "" if words is None else words[0 if language == "ko" else 1]


def is_limited(goal: str) -> bool:
    """Return whether `LIMITS` hold under a goal."""
    return goal not in _UNLIMITED


def plan(goal: str, families: FloatVector, n: int) -> tuple[str, ...]:
    """Return the goal of each of n places in a list, none of them "auto" or "path".

    Args:
        goal: One of `GOALS`.
        families: (10,) shares of the families.
        n: Places, at least 1.

    Raises:
        UnknownName: There is no such goal.
    """
    check_goal(goal)
    if goal == "path":
        # The first places go the whole way; where there are more, each step has several.
        return tuple(_STEPS[min(3 * i // n, 2)] for i in range(n)) if n >= len(_STEPS) else (_STEPS[0], _STEPS[2])[:n]
    if goal != "auto":
        return (goal,) * n
    if unpleasant(families) <= 0.5:
        return ("stay",) * n
    return tuple(("stay", "calm", "lift")[i % 3] for i in range(n))


def unpleasant(families: FloatVector) -> float:
    """Return the share of the families that are not `PLEASANT`; of no reading at all (zeros), 0."""
    return float(sum(p for name, p in zip(FAMILIES, families, strict=True) if name not in PLEASANT))


def directions(goal: str, axes: Vocabulary) -> FloatMatrix:
    """Return (families, X): a goal's table as directions in a catalogue's axes; axes that it lacks are left out.

    Args:
        goal: A goal or step that is in `TARGETS`.
        axes: The catalogue's.
    """
    return np.stack([direction(TARGETS[goal][family], axes) for family in FAMILIES])


def points(goal: str) -> FloatMatrix:
    """Return (families, 2): where songs for each family lie under a goal or step, on `ilgi.catalog.axes.SOUND_AXES`."""
    return np.array([POINTS[goal][family] for family in FAMILIES], dtype=np.float32)


def direction(target: Mapping[str, float], axes: Vocabulary) -> FloatVector:
    """Return (X,) a target as a direction of length 1 in a catalogue's axes; zeros where it names none of them."""
    found = np.array([target.get(axis, 0.0) for axis in axes], dtype=np.float32)
    length = float(np.linalg.norm(found))
    return found / np.float32(length) if length > 0 else found
