"""Average precision: how well a label's items stand at the top when all are sorted by its score."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.errors import InputError
from ilgi.evaluation.checks import checked_pair, last_of_ties


class _Column:
    """One list of scores, sorted once; average precision under any weights is then a cumulative sum."""

    def __init__(self, y: NDArray[np.float64], p: NDArray[np.float64], row: NDArray[np.int64]) -> None:
        """Sort.

        Args:
            y: (m,) 1 for the positives, else 0.
            p: (m,) scores.
            row: (m,) whose weight each entry takes.
        """
        order = np.argsort(-p, kind="stable")
        end = last_of_ties(-p[order][None])[0]
        hits = np.flatnonzero(y[order])
        self._row = row[order]
        self._hit_row = self._row[hits]
        self._end_of_hit = end[hits]
        # How many positives stand at or before the end of each positive's run of equal scores.
        self._hits_by_end = np.searchsorted(hits, self._end_of_hit, side="right") - 1

    def average_precision(self, weight: NDArray[np.float64]) -> float:
        """Return Σ w P / Σ w over the positives, where P is the precision at the end of a positive's run of ties."""
        of_hit = weight[self._hit_row]
        found = np.cumsum(of_hit)
        if not len(found) or found[-1] <= 0:
            return float("nan")
        listed = np.cumsum(weight[self._row])[self._end_of_hit]
        # A positive of weight 0 adds nothing, even where nothing at all is listed yet.
        precision = np.divide(found[self._hits_by_end], listed, out=np.zeros_like(listed), where=listed > 0)
        return float(of_hit @ precision / found[-1])


class SortedScores:
    """Labels and scores, each label sorted once, for average precision under many weightings (see `bootstrap`)."""

    def __init__(self, y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> None:
        """Sort every label by its score.

        Args:
            y: (n, L) in {0, 1}.
            p: (n, L) scores, higher is more likely; any finite numbers.
            known: (n, L) False where the label of an item is not known; such entries are left out. All known if None.

        Raises:
            InputError: The shapes differ, `y` holds something else than 0 and 1, or `p` is not finite.
        """
        truth, score, mask = checked_pair(y, p, known)
        self._n = len(truth)
        rows = np.arange(self._n)
        self._columns = [
            _Column(truth[mask[:, j], j], score[mask[:, j], j], rows[mask[:, j]]) for j in range(truth.shape[1])
        ]
        self._flat: _Column | None = None
        self._entries = (truth[mask], score[mask], np.nonzero(mask)[0])

    def average_precision(self, weight: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return (L,) as `average_precision`."""
        w = self._weight(weight)
        return np.array([column.average_precision(w) for column in self._columns], dtype=np.float64)

    def macro(self, weight: ArrayLike | None = None) -> float:
        """Return the mean as `macro_ap`."""
        each = self.average_precision(weight)
        there = each[~np.isnan(each)]
        return float(there.mean()) if len(there) else float("nan")

    def micro(self, weight: ArrayLike | None = None) -> float:
        """Return it over all entries together as `micro_ap`."""
        if self._flat is None:
            self._flat = _Column(*self._entries)
        return self._flat.average_precision(self._weight(weight))

    def _weight(self, weight: ArrayLike | None) -> NDArray[np.float64]:
        if weight is None:
            return np.ones(self._n)
        w = np.asarray(weight, dtype=np.float64)
        if w.shape != (self._n,) or not np.isfinite(w).all() or (w < 0).any():
            raise InputError(f"weight needs one number per row ({self._n}), finite and none negative")
        return w


def average_precision(
    y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None, weight: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return each label's average precision, Σ_i (R_i - R_{i-1}) P_i over its falling thresholds.

    P_i and R_i are precision and recall when everything at or above the i-th distinct score is taken, so equal scores
    count as one step and their order doesn't matter. It is not interpolated (as scikit-learn's). A constant score gives
    the label's share of positives. Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", 8.4.

    Args:
        y: (n, L) in {0, 1}.
        p: (n, L) scores, higher is more likely; any finite numbers.
        known: (n, L) False where the label of an item is not known; such entries are left out. All known if None.
        weight: (n,) how much each row counts, none negative; a whole number is as if the row stood there so often.

    Returns:
        (L,) float64 in (0, 1]; NaN where a label has no positive.

    Raises:
        InputError: A shape doesn't fit, `y` holds something else than 0 and 1, or a number is not finite.
    """
    return SortedScores(y, p, known=known).average_precision(weight)


def macro_ap(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None, weight: ArrayLike | None = None) -> float:
    """Return the mean of `average_precision` over the labels that have a positive: rare labels count as much as common.

    Arguments and errors are those of `average_precision`; NaN where no label has a positive.
    """
    return SortedScores(y, p, known=known).macro(weight)


def micro_ap(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None, weight: ArrayLike | None = None) -> float:
    """Return the average precision of all (item, label) entries in one list: common labels count more.

    Arguments and errors are those of `average_precision`; NaN where there is no positive.
    """
    return SortedScores(y, p, known=known).micro(weight)
