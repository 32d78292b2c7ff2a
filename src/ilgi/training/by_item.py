"""From reviews to their items: standardise by language, draw one review of each item, average over its reviews."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.emotion.reference import Reference
from ilgi.language import LANGUAGES, Language
from ilgi.vocabulary import Vocabulary


def fit_reference(
    columns: Vocabulary, affect: FloatMatrix, languages: Sequence[Language], which: NDArray[np.bool_]
) -> Reference:
    """Return the reference over some rows, per language; a language with fewer than two rows is left out.

    Args:
        columns: The A affect columns.
        affect: (n, A) in [0, 1].
        languages: (n,) of each row.
        which: (n,) which rows count.

    Raises:
        InputError: No language has two rows.
    """
    at = np.array(languages)
    parts: Mapping[Language, FloatMatrix] = {
        language: affect[which & (at == language)] for language in LANGUAGES if (which & (at == language)).sum() > 1
    }
    return Reference.fit(columns, parts)


def standardise(reference: Reference, affect: FloatMatrix, languages: Sequence[Language]) -> FloatMatrix:
    """Return (n, A) normal scores, each row against what is ordinary in its language."""
    at = np.array(languages)
    standard = np.empty_like(affect)
    for language in LANGUAGES:
        rows = at == language
        standard[rows] = reference.standardise(affect[rows], language)
    return standard


def one_row_each(item: IntVector, items: int, rng: np.random.Generator) -> IntVector:
    """Return (items,) for each item one of its rows, drawn at random.

    Args:
        item: (n,) the item of each row; each item has at least one.
        items: How many there are.
        rng: Draws.
    """
    order = rng.permutation(len(item))
    chosen = np.empty(items, dtype=np.int64)
    # Of an item's rows the last one in the shuffled order stays.
    chosen[item[order]] = order
    return chosen


def mean_by(values: FloatMatrix, item: IntVector, items: int) -> FloatMatrix:
    """Return (items, k) float32: the mean of each item's rows of `values` (n, k)."""
    total = np.zeros((items, values.shape[1]), dtype=np.float64)
    np.add.at(total, item, values)
    return (total / np.bincount(item, minlength=items)[:, None]).astype(np.float32)
