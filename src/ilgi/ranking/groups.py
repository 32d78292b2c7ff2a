"""Items with the same labels, found once for each catalogue, so that a rule on labels need look at each set only once.

A catalogue of films has far fewer label sets than films, and the largest sets hold thousands of films. What depends on
the labels alone is computed per set; the films of a set are kept in the stated order, so that the best n are its first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.catalog.base import Catalog
from ilgi.errors import InputError
from ilgi.ranking.order import contenders, in_order, rows_to_skip

_BITS: Final = 10
"""How many labels are one look into a table: its 1,024 sums fit into the fastest cache, and 20 labels are two looks."""

_CACHED: Final = 16_384
"""How many sums are worked on at once: what is half done should stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class LabelGroups:
    """The g distinct label sets among the n items of a catalogue."""

    code: NDArray[np.uint16]
    """(ceil(L / 10), g) the sets as numbers: label j is bit j % 10, from the lowest, of number j // 10."""
    shrink: NDArray[np.float64]
    """(g,) 1 / √(labels in the set), the reciprocal length of its multi-hot vector; 0 for the empty set."""
    empty: IntVector
    """(0 or 1,) the set without labels, where an item has none."""
    group: IntVector
    """(n,) the set of each item."""
    rows: IntVector
    """(n,) all items, set by set, and inside a set by popularity, then id."""
    start: IntVector
    """(g + 1,) where each set begins in `rows`, and the end."""
    place: IntVector
    """(n,) each item's place when all are ordered by popularity, then id."""

    @classmethod
    def of(cls, catalog: Catalog) -> "LabelGroups":
        """Return the groups of a catalogue; they are kept as long as the catalogue lives.

        Raises:
            InputError: The label matrix holds something else than 0 and 1.
        """
        found = _groups.get(catalog)
        if found is None:
            found = _groups[catalog] = cls._build(catalog)
        return found

    @classmethod
    def _build(cls, catalog: Catalog) -> "LabelGroups":
        n, labels = catalog.matrix.shape
        has = catalog.matrix > 0
        if not (catalog.matrix == has).all():
            raise InputError("a catalogue's label matrix must hold only 0 and 1")
        # One number at least, so that no labels at all make one empty set.
        code = np.zeros((n, max(1, -(-labels // _BITS))), dtype=np.uint16)
        for j in range(labels):
            code[:, j // _BITS] |= has[:, j].astype(np.uint16) << (j % _BITS)
        order = in_order(np.arange(n, dtype=np.int64), np.zeros(n, dtype=np.float32), catalog)
        key = code[order]
        # Stable: inside a set the items stay in the stated order.
        by_set = np.lexsort(key.T)
        rows = order[by_set]
        key = key[by_set]
        first = np.flatnonzero(np.append(n > 0, (key[1:] != key[:-1]).any(axis=1)))
        start = np.append(first, n).astype(np.int64)
        group = np.empty(n, dtype=np.int64)
        group[rows] = np.repeat(np.arange(len(first)), np.diff(start))
        place = np.empty(n, dtype=np.int64)
        place[order] = np.arange(n)
        count = has[rows[first]].sum(axis=1, dtype=np.int64)
        return cls(
            code=np.ascontiguousarray(code[rows[first]].T),
            shrink=np.where(count > 0, 1.0 / np.sqrt(np.maximum(count, 1)), 0.0),
            empty=np.flatnonzero(count == 0),
            group=group,
            rows=rows,
            start=start,
            place=place,
        )

    def __len__(self) -> int:
        """Return the number of distinct label sets."""
        return len(self.shrink)

    def sums(self, weights: NDArray[np.float64], *, scale: NDArray[np.float64]) -> FloatMatrix:
        """Return the sum of the labels' weights in each set, times the set's scale.

        Every sum is added in float64 and in the same fixed order, so it depends on the weights and the set alone: not
        on the other sets, the number of queries, or the linear algebra library. Ten labels are one look into a table,
        which reads a tenth of the memory that a matrix product would.

        Args:
            weights: (q, L) one row per query.
            scale: (g,) one factor per set.

        Returns:
            (q, g) float32.
        """
        q, labels = weights.shape
        padded = np.zeros((q, len(self.code), _BITS))
        padded.reshape(q, len(self.code) * _BITS)[:, :labels] = weights
        # table[:, k, c] is the sum over those of the labels 10k … 10k + 9 whose bit is set in c.
        table = np.zeros((q, len(self.code), 1 << _BITS))
        for bit in range(_BITS):
            half = 1 << bit
            np.add(table[:, :, :half], padded[:, :, bit : bit + 1], out=table[:, :, half : 2 * half])
        result = np.empty((q, len(self)), dtype=np.float32)
        step = max(1, _CACHED // max(1, q))
        for begin in range(0, len(self), step):
            part = slice(begin, begin + step)
            total = np.zeros((q, len(scale[part])))
            for k, sets in enumerate(self.code[:, part]):
                total += table[:, k].take(sets, axis=1)
            total *= scale[part]
            result[:, part] = total
        return result

    def best(
        self, scores: FloatVector, catalog: Catalog, *, n: int, exclude: Collection[str] = frozenset()
    ) -> IntVector:
        """Return the rows of the n best items in the stated order, where an item's score is that of its set.

        Args:
            scores: (g,) higher is better, without NaN.
            catalog: The catalogue that these are the groups of.
            n: How many at most, at least 1; all that are left if there are fewer.
            exclude: Ids that must not appear.
        """
        n = min(n, len(self.group))
        if n == 0:
            return np.zeros(0, dtype=np.int64)
        skip = rows_to_skip(catalog, exclude)
        if len(skip):
            skipped = np.bincount(self.group[skip], minlength=len(self))
            near = np.flatnonzero(np.diff(self.start) > skipped)
            near = near[contenders(scores[near], n)]
            lost = skipped[near]
        else:
            # Each set holds at least one item, so no more than n sets (and their equals) take part.
            near = contenders(scores, n)
            lost = np.zeros(len(near), dtype=np.int64)
        size = self.start[near + 1] - self.start[near]
        falling = np.argsort(-scores[near], kind="stable")
        enough = np.flatnonzero(np.cumsum((size - lost)[falling]) >= n)
        if len(enough):
            needed = scores[near] >= scores[near[falling[enough[0]]]]
            near, size, lost = near[needed], size[needed], lost[needed]
        # Of one set, only its first n that are not skipped can be among the best.
        take = np.minimum(size, n + lost)
        end = np.cumsum(take)
        rows = self.rows[np.arange(take.sum()) + np.repeat(self.start[near] - (end - take), take)]
        if len(skip):
            rows = rows[~np.isin(rows, skip)]
        order = np.lexsort((self.place[rows], -scores[self.group[rows]]))
        first: IntVector = rows[order[:n]]
        return first

    def expand(self, scores: FloatMatrix) -> FloatMatrix:
        """Return (q, n) scores per item from (q, g) scores per set."""
        items: FloatMatrix = scores.take(self.group, axis=1)
        return items


_groups: Final[WeakKeyDictionary[Catalog, LabelGroups]] = WeakKeyDictionary()
