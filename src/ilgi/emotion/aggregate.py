"""From the scores of sentences to the scores of the whole text.

The rule "whole" has the model read the text in one piece, so that it sees how the day goes on and ends (a text that is
longer than the model's window is the mean of its windows); the sentences' own scores then tell where in it something
stands. It needs a model that was trained on texts of several sentences. By every other rule the whole is a weighted
mean over sentences, so each column stays a probability and every sentence counts for something. The rule says what the
weights are:

    "length"    the number of its code points that aren't white space: every written letter counts the same (default)
    "whole"     the same, but only for telling the sentences apart
    "mean"      every sentence counts the same
    "end"       length, times a factor that rises evenly from 1 at the first letter to 3 at the last: how a day ended
                colours how it is remembered (the peak-end rule, Kahneman et al. 1993)
    "salience"  length, times how far the sentence is from neutral: matter-of-fact sentences step back
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, check_probabilities
from ilgi.emotion.views import neutrality
from ilgi.errors import InputError, UnknownName
from ilgi.steps import Sentence
from ilgi.vocabulary import Vocabulary, nearest

WHOLE: Final = "whole"
RULES: Final[tuple[str, ...]] = ("length", "mean", "end", "salience", WHOLE)
"""The rules that exist; the first is the default."""

_END_RISE: Final = 2.0
_NOTHING_LEFT: Final = 1e-6
_LEAST_SALIENCE: Final = 0.05
"""What even a wholly neutral sentence keeps, so that a text of nothing else still has weights."""


def sentence_weights(sentences: Sequence[Sentence], scores: FloatMatrix, columns: Vocabulary, rule: str) -> FloatVector:
    """Return how much each sentence counts in the whole.

    Args:
        sentences: The s sentences of one text, in order, at least one.
        scores: (s, A) in [0, 1], the model's scores of them.
        columns: The A affect columns.
        rule: One of `RULES`.

    Returns:
        (s,) float32, not negative, sums to 1.

    Raises:
        UnknownName: There is no such rule.
        InputError: There is no sentence, or another number of scores.
    """
    if rule not in RULES:
        raise UnknownName("aggregation rule", rule, RULES, nearest(rule, RULES))
    matrix = check_probabilities(scores, columns=len(columns), name="sentence scores")
    if len(sentences) == 0 or len(sentences) != len(matrix):
        raise InputError(f"each sentence needs one row of scores: {len(sentences)} sentences, {len(matrix)} rows")
    lengths = np.array([len("".join(s.text.split())) for s in sentences], dtype=np.float64)
    # An empty text is one sentence of length 0, which is then all there is.
    weights: NDArray[np.float64] = np.maximum(lengths, 1.0)
    if rule == "mean":
        weights = np.ones_like(weights)
    elif rule == "end":
        middle = (np.cumsum(weights) - weights / 2.0) / weights.sum()
        weights *= 1.0 + _END_RISE * middle
    elif rule == "salience":
        weights *= np.maximum(1.0 - neutrality(columns, matrix), _LEAST_SALIENCE)
    shares: FloatVector = (weights / weights.sum()).astype(np.float32)
    return shares


def aggregate(scores: FloatMatrix, weights: FloatVector) -> FloatVector:
    """Return the weighted mean of the sentences' scores.

    Args:
        scores: (s, A) in [0, 1].
        weights: (s,) not negative, sums to 1.

    Returns:
        (A,) float32 in [0, 1].
    """
    total = np.asarray(weights, dtype=np.float64) @ np.asarray(scores, dtype=np.float64)
    # Weights in float32 sum to 1 only up to rounding.
    return np.clip(total, 0.0, 1.0).astype(np.float32)


def without_each_sentence(affect: FloatVector, scores: FloatMatrix, weights: FloatVector) -> FloatMatrix:
    """Return (s, A) in [0, 1]: the whole as it would be without sentence 0, 1, …; a lone sentence changes nothing.

    For a weighted mean that is the mean of the others. Where the whole was read in one piece, it moves as much as the
    mean of the sentences would: no sentence has to be read again.

    Args:
        affect: (A,) in [0, 1], the whole.
        scores: (s, A) in [0, 1], its sentences.
        weights: (s,) not negative, sums to 1.
    """
    share = np.asarray(weights, dtype=np.float64)[:, None]
    rest = np.where(1.0 - share < _NOTHING_LEFT, 1.0, 1.0 - share)
    own = np.asarray(scores, dtype=np.float64)
    mean = share.T @ own
    moved = np.where(1.0 - share < _NOTHING_LEFT, 0.0, share / rest) * (own - mean)
    return np.clip(np.asarray(affect, dtype=np.float64) - moved, 0.0, 1.0).astype(np.float32)
