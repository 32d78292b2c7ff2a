"""Whether a reading is clear enough to be told: one that may have many moods, or is of two minds, is not sure."""

from collections.abc import Mapping, Sequence
from typing import Final

from ilgi.emotion.views import CIRCUMPLEX

_MIDDLE: Final = 0.5
LEANING: Final = 0.5
"""How many standard deviations from the middle a valence has to lie to have a sign."""
_EVEN: Final = 0.05
"""How far bright and dark moods must be from equal shares to take a side."""
_BRIGHT: Final = frozenset({"joy", "optimism"})
MOST_MOODS: Final = 2
"""A text that may have more moods than this is not sure."""


def possible_moods(mood: Mapping[str, float], least: float) -> tuple[str, ...]:
    """Return the moods that can't be ruled out, likeliest first: those with at least a share of `least`.

    With the right `least`, the true mood is among them for a set share of texts like those it was found on (split
    conformal prediction, Vovk et al. 2005): see `ilgi.evaluation.conformal`. Where the moods are close to each other
    and `least` is high, none may be left: such a text is as unclear as one that may have all of them.

    Args:
        mood: Mood → share; they sum to 1.
        least: In [0, 1].
    """
    return tuple(sorted((name for name, share in mood.items() if share >= least), key=lambda name: -mood[name]))


def sign_of_valence(valence: float, spread: float) -> int:
    """Return 1 for a pleasant text, -1 for an unpleasant one, 0 where it lies near the middle.

    Args:
        valence: In [0, 1].
        spread: Standard deviation of valence over ordinary diaries.
    """
    away = (valence - _MIDDLE) / max(spread, 1e-6)
    return 0 if abs(away) < LEANING else 1 if away > 0 else -1


def sign_of_mood(mood: Mapping[str, float]) -> int:
    """Return 1 where the bright moods outweigh the dark ones, -1 the other way round, 0 where neither does clearly."""
    away = sum(mood[name] for name in _BRIGHT) - _MIDDLE
    return 0 if abs(away) < _EVEN else 1 if away > 0 else -1


def sign_of_emotions(leading: Sequence[str]) -> int:
    """Return 1 or -1 for the side of the circumplex that the first leading emotion with a side lies on, 0 without one.

    Args:
        leading: Names of emotions, strongest first.
    """
    sides = [_side(name) for name in leading if name in CIRCUMPLEX]
    return next((side for side in sides if side), 0)


def _side(emotion: str) -> int:
    valence = CIRCUMPLEX[emotion][0]
    # Surprise, realization and their like lie near the middle and take no side.
    return 0 if abs(valence - _MIDDLE) < 0.12 else 1 if valence > _MIDDLE else -1


def of_one_mind(mood: Mapping[str, float], leading: Sequence[str], valence: float, spread: float) -> bool:
    """Tell whether mood, emotions and valence agree on whether a text is pleasant; what takes no side agrees.

    Args:
        mood: Mood → share.
        leading: The emotions that stand out, strongest first.
        valence: In [0, 1].
        spread: Standard deviation of valence over ordinary diaries.
    """
    side = sign_of_valence(valence, spread)
    return side == 0 or (sign_of_mood(mood) in (0, side) and sign_of_emotions(leading) in (0, side))
