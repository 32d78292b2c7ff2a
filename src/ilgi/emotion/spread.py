"""How far the sentences of a text differ from each other, column by column: what a mean over them can't tell.

A day of one even mood and a day that goes up and down may have the same whole. The spread of an affect column is the
weighted standard deviation over the sentences' scores, with the weights by which the sentences add up to the whole.
"""

from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.vocabulary import Vocabulary

_SUFFIX: Final = " spread"
_NOTHING_LEFT: Final = 1e-6


def spread_columns(columns: Vocabulary) -> Vocabulary:
    """Return the names of the columns' spreads, in order: "joy" → "joy spread"."""
    return Vocabulary((name + _SUFFIX for name in columns), kind="affect column")


def with_spread(columns: Vocabulary) -> Vocabulary:
    """Return the A affect columns followed by their A spread columns."""
    return Vocabulary((*columns, *spread_columns(columns)), kind="affect column")


def spreads_among(columns: Vocabulary) -> tuple[str, ...]:
    """Return those of the columns that are the spread of another one of them, in order."""
    return tuple(name for name in columns if name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX) in columns)


def spread_of(scores: FloatMatrix, weights: FloatVector) -> FloatVector:
    """Return the weighted standard deviation of each column over the sentences; 0 for a text of one sentence.

    Args:
        scores: (s, A) in [0, 1], at least one sentence.
        weights: (s,) not negative, sums to 1.

    Returns:
        (A,) float32 in [0, 0.5].
    """
    own = np.asarray(scores, dtype=np.float64)
    # Weights in float32 sum to 1 only up to rounding.
    share = np.asarray(weights, dtype=np.float64) / np.sum(weights, dtype=np.float64)
    spread: FloatVector = np.sqrt(share @ (own - share @ own) ** 2).astype(np.float32)
    return spread


def spread_without_each_sentence(scores: FloatMatrix, weights: FloatVector) -> FloatMatrix:
    """Return (s, A) in [0, 0.5]: the spread as it would be without sentence 0, 1, …; a lone sentence changes nothing.

    Args:
        scores: (s, A) in [0, 1].
        weights: (s,) not negative, sums to 1.
    """
    own = np.asarray(scores, dtype=np.float64)
    share = np.asarray(weights, dtype=np.float64)[:, None] / np.sum(weights, dtype=np.float64)
    off = own - (share * own).sum(axis=0)
    square = (share * off**2).sum(axis=0)
    alone = 1.0 - share < _NOTHING_LEFT
    rest = np.where(alone, 1.0, 1.0 - share)
    # Deviations are from the mean of all, so that of the others is minus the share of the one left out.
    variance = (square - share * off**2) / rest - (share * off / rest) ** 2
    spread: FloatMatrix = np.sqrt(np.maximum(np.where(alone, square, variance), 0.0)).astype(np.float32)
    return spread
