"""The stated order of items, and how to find its beginning without sorting everything.

The order is total: higher score first; equal scores by higher popularity; equal popularity by id, in code-point order.
"""

from collections.abc import Collection, Mapping
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from ilgi.arrays import FloatVector, IntVector
from ilgi.catalog.base import Catalog

_row_by_id: Final[WeakKeyDictionary[Catalog, Mapping[str, int]]] = WeakKeyDictionary()

_COLUMNS_PER_ITEM: Final = 16
"""How many columns `contenders` folds the values into for each one that is wanted: more columns let fewer values by
chance stand beside a better one, fewer are cheaper to search."""


def rows_to_skip(catalog: Catalog, exclude: Collection[str]) -> IntVector:
    """Return the rows of the ids that are in the catalogue, sorted; ids that aren't are skipped.

    The index from id to row is built at the first call for a catalogue and kept as long as the catalogue lives, because
    building it takes longer than a whole ranking.
    """
    if not exclude:
        return np.zeros(0, dtype=np.int64)
    index = _row_by_id.get(catalog)
    if index is None:
        index = _row_by_id[catalog] = {item: row for row, item in enumerate(catalog.ids)}
    return np.array(sorted({index[i] for i in exclude if i in index}), dtype=np.int64)


def contenders(values: FloatVector, k: int) -> IntVector:
    """Return the positions of all values that may be among the k best, ties at the edge included, in rising order.

    The values are folded into columns (position modulo their number) and the best of each column is found. At least k
    values reach the k-th best of those, so nothing below it can be among the k best; little else passes. That is two
    passes over the memory, where a partition takes several.

    Args:
        values: (m,) higher is better, without NaN.
        k: How many are wanted, at least 1.

    Returns:
        At least min(k, m) positions.
    """
    m = len(values)
    if k >= m:
        return np.arange(m, dtype=np.int64)
    columns = max(1024, _COLUMNS_PER_ITEM * k)
    depth = m // columns
    if depth < 4:
        edge = np.partition(values, m - k)[m - k]
    else:
        best = values[: depth * columns].reshape(depth, columns).max(axis=0)
        # What is left over at the end makes each column at most one longer.
        rest = values[depth * columns :]
        np.maximum(best[: len(rest)], rest, out=best[: len(rest)])
        edge = np.partition(best, columns - k)[columns - k]
    return np.flatnonzero(values >= edge)


def in_order(rows: IntVector, values: FloatVector, catalog: Catalog) -> IntVector:
    """Return rows of a catalogue in the stated order.

    Args:
        rows: (m,) distinct rows.
        values: (m,) their scores, without NaN.
        catalog: The items.
    """
    popularity = catalog.popularity[rows]
    order = np.lexsort((-popularity, -values))
    rows, values, popularity = rows[order], values[order], popularity[order]
    same = (values[1:] == values[:-1]) & (popularity[1:] == popularity[:-1])
    if not same.any():
        return rows
    # Strings are slow to compare, so only the runs that the numbers leave undecided are put in order by id.
    edges = np.diff(np.concatenate([[False], same, [False]]).astype(np.int8))
    listed = rows.tolist()
    for begin, last in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
        listed[begin : last + 1] = sorted(listed[begin : last + 1], key=catalog.ids.__getitem__)
    return np.array(listed, dtype=np.int64)
