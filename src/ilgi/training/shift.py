"""How far reviews, which label models learn from, are from the diaries that they are used on.

Three figures for each language: how far the distributions of each affect column lie apart (Kolmogorov–Smirnov: 0 alike,
1 without overlap); how well a linear classifier tells a diary from a review by all columns (AUC; 0.5 not at all); and
the same after each kind was standardised by its own reference, which is what label models see.

The classifier also says of each review how much like a diary it reads, and training can weight reviews by that
(Shimodaira 2000, "Improving predictive inference under covariate shift by weighting the log-likelihood function").
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, logit
from ilgi.emotion.reference import Reference
from ilgi.language import LANGUAGES, Language
from ilgi.registry import missing_extra
from ilgi.training.by_item import fit_reference
from ilgi.training.runs import stage_rng
from ilgi.vocabulary import Vocabulary

_MOST: Final = 10_000
"""Texts of one kind and language that are looked at."""
_PARTS: Final = 5
_LIMIT: Final = 20.0
"""A review counts at most so many times as much as one that could as well be a diary, and at least its inverse."""


def measure_shift(
    columns: Vocabulary,
    affect: FloatMatrix,
    languages: Sequence[Language],
    diary: Mapping[Language, FloatMatrix],
    *,
    seed: int,
) -> dict[str, Any]:
    """Return the figures.

    Args:
        columns: The A affect columns.
        affect: (n, A) of reviews, in [0, 1].
        languages: (n,) theirs.
        diary: Language → (m, A) of diary-like texts.
        seed: Draws the texts that are looked at.

    Returns:
        JSON: language → {"reviews", "diaries", "auc", "auc_standardised", "columns": column → distance, the furthest
        first}.

    Raises:
        MissingExtra: scikit-learn isn't installed.
    """
    at = np.array(languages)
    items = fit_reference(columns, affect, languages, np.ones(len(at), dtype=bool))
    ordinary = Reference.fit(columns, diary)
    told: dict[str, Any] = {}
    for language in LANGUAGES:
        rng = stage_rng(seed, f"shift {language}")
        one = _some(affect[at == language], rng)
        other = _some(diary.get(language, one[:0]), rng)
        if min(len(one), len(other)) < 2 * _PARTS:
            continue
        distance = {name: _distance(one[:, j], other[:, j]) for j, name in enumerate(columns)}
        standard = items.standardise(one, language), ordinary.standardise(other, language)
        told[language] = {
            "reviews": len(one),
            "diaries": len(other),
            "auc": round(_auc(logit(one), logit(other)), 4),
            "auc_standardised": round(_auc(*standard), 4),
            "columns": {name: round(d, 4) for name, d in sorted(distance.items(), key=lambda pair: -pair[1])},
        }
    return told


def likeness(affect: FloatMatrix, languages: Sequence[Language], diary: Mapping[Language, FloatMatrix]) -> FloatVector:
    """Return (n,) the odds that a review's affect is a diary's, in [1/20, 20], with a mean of 1 in each language.

    Args:
        affect: (n, A) of reviews, in [0, 1].
        languages: (n,) theirs.
        diary: Language → (m, A) of diary-like texts; a language without any is left at 1.

    Raises:
        MissingExtra: scikit-learn isn't installed.
    """
    at = np.array(languages)
    odds = np.ones(len(at), dtype=np.float32)
    for language in LANGUAGES:
        rows = np.flatnonzero(at == language)
        other = diary.get(language)
        if other is None or min(len(rows), len(other)) < 2:
            continue
        one = logit(affect[rows])
        told = np.exp(_classifier(one, logit(other)).decision_function(one))
        told = np.clip(told, 1.0 / _LIMIT, _LIMIT)
        odds[rows] = told / told.mean()
    return odds


def _some(rows: FloatMatrix, rng: np.random.Generator) -> FloatMatrix:
    chosen: FloatMatrix = rows[np.sort(rng.permutation(len(rows))[:_MOST])]
    return chosen


def _distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the largest difference between two empirical distribution functions."""
    both = np.sort(np.concatenate([one, other]))
    below = [np.searchsorted(np.sort(part), both, side="right") / len(part) for part in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def _classifier(one: FloatMatrix, other: FloatMatrix) -> Any:  # noqa: ANN401 (scikit-learn has no types)
    try:
        from sklearn.linear_model import LogisticRegression
    except ModuleNotFoundError as error:
        raise missing_extra("telling diaries from reviews", error) from error

    x = np.concatenate([one, other])
    y = np.concatenate([np.zeros(len(one)), np.ones(len(other))])
    return LogisticRegression(C=0.1, class_weight="balanced", max_iter=500).fit(x, y)


def _auc(one: FloatMatrix, other: FloatMatrix) -> float:
    """Return the area under the ROC curve of a classifier that never saw the texts it is asked about."""
    score = [np.empty(len(one)), np.empty(len(other))]
    for part in range(_PARTS):
        held = [np.arange(len(rows)) % _PARTS == part for rows in (one, other)]
        model = _classifier(one[~held[0]], other[~held[1]])
        for i, rows in enumerate((one, other)):
            score[i][held[i]] = model.decision_function(rows[held[i]])
    # The share of pairs that stand in the right order, ties half (Mann and Whitney 1947).
    first = np.sort(score[0])
    below = np.searchsorted(first, score[1], side="left") + np.searchsorted(first, score[1], side="right")
    return float(below.mean() / (2 * len(first)))
