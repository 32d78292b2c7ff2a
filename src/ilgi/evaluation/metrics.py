"""How good predicted labels are, in plain NumPy.

Which one answers what:

    average_precision, macro_ap, micro_ap   does a label's score put its items first?
    lrap, coverage_error, ndcg_at           does an item's row of scores put its labels first?
    brier, bce, ece                         can the probabilities be taken at their word?

Every function takes `y` (n, L) in {0, 1} and `p` (n, L), and optionally `known` (n, L) of bool: entries where it is
False are left out, as if the label did not exist for that item. Where there is nothing to measure, the answer is NaN.
All raise `InputError` where shapes differ, `y` holds something else than 0 and 1, or `p` is not finite. The metrics of
a row are also given row by row (`…_of_rows`), so that an interval can be had by resampling rows.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.errors import InputError
from ilgi.evaluation.average_precision import SortedScores, average_precision, macro_ap, micro_ap
from ilgi.evaluation.checks import checked_pair, last_of_ties

__all__ = [
    "SortedScores",
    "average_precision",
    "bce",
    "brier",
    "coverage_error",
    "coverage_of_rows",
    "ece",
    "lrap",
    "lrap_of_rows",
    "macro_ap",
    "micro_ap",
    "ndcg_at",
    "ndcg_of_rows",
]

_SMALLEST: Final = 1e-7
"""How far from 0 and 1 a probability is kept before its logarithm is taken."""


def _sorted_rows(
    y: ArrayLike, p: ArrayLike, known: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return each row's labels in the order of falling scores, where ties end, and whether the row has a positive."""
    truth, score, mask = checked_pair(y, p, known)
    # What is unknown goes last, behind every score, and is no positive.
    falling = np.where(mask, -score, np.inf)
    order = np.argsort(falling, axis=1, kind="stable")
    truth = np.take_along_axis(truth, order, axis=1)
    some: NDArray[np.bool_] = truth.sum(axis=1) > 0
    return truth, last_of_ties(np.take_along_axis(falling, order, axis=1)), some


def _mean(values: NDArray[np.float64]) -> float:
    """Return the mean of what is not NaN; NaN if nothing is left."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], *, where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return above / below, NaN elsewhere."""
    result = np.full(len(above), np.nan)
    result[where] = above[where] / below[where]
    return result


def lrap_of_rows(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return (n,) each row's part in `lrap`, in (0, 1]; NaN for a row without a positive."""
    truth, end, some = _sorted_rows(y, p, known)
    found = np.take_along_axis(np.cumsum(truth, axis=1), end, axis=1)
    precision = (truth * found / (end + 1)).sum(axis=1)
    return _ratio(precision, truth.sum(axis=1), where=some)


def lrap(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> float:
    """Return the label ranking average precision: of the labels ranked at or above a true one, how many are true.

        mean over rows of  mean over true labels j of  |{true k: p_k ≥ p_j}| / |{k: p_k ≥ p_j}|

    1 is perfect. Rows without a positive are left out (scikit-learn counts them as 1). Tsoumakas, Katakis and Vlahavas
    2010, "Mining multi-label data".
    """
    return _mean(lrap_of_rows(y, p, known=known))


def coverage_of_rows(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return (n,) each row's part in `coverage_error`, from 1 to L; NaN for a row without a positive."""
    truth, end, some = _sorted_rows(y, p, known)
    return np.where(some, (truth * (end + 1)).max(axis=1, initial=0), np.nan)


def coverage_error(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> float:
    """Return how far down the list of labels one has to go, on average, to meet all true ones: |{k: p_k ≥ min p_true}|.

    The best value is the mean number of true labels. Rows without a positive are left out (scikit-learn counts them as
    0). Tsoumakas, Katakis and Vlahavas 2010, there counted from 0.
    """
    return _mean(coverage_of_rows(y, p, known=known))


def ndcg_of_rows(y: ArrayLike, p: ArrayLike, k: int, *, known: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return (n,) each row's part in `ndcg_at`, in [0, 1]; NaN for a row without a positive."""
    if k < 1:
        raise InputError(f"k must be at least 1, not {k}")
    truth, end, some = _sorted_rows(y, p, known)
    width = truth.shape[1]
    discount = 1.0 / np.log2(np.arange(width) + 2.0)
    discount[k:] = 0.0
    total = np.concatenate([[0.0], np.cumsum(discount)])
    # Equal scores may stand in any order: each gets the mean of the discounts that they share. Their run begins behind
    # the end of the run before.
    new_run = np.ones(end.shape, dtype=bool)
    new_run[:, 1:] = end[:, 1:] != end[:, :-1]
    start = np.maximum.accumulate(np.where(new_run, np.arange(width), 0), axis=1)
    gain = (truth * (total[end + 1] - total[start]) / (end + 1 - start)).sum(axis=1)
    ideal = total[truth.sum(axis=1).astype(np.int64)]
    return _ratio(gain, ideal, where=some)


def ndcg_at(y: ArrayLike, p: ArrayLike, k: int, *, known: ArrayLike | None = None) -> float:
    """Return the normalised discounted cumulative gain of the k labels with the highest scores, averaged over rows.

        DCG@k = Σ_{i=1..k} y_(i) / log2(i + 1),  nDCG@k = DCG@k / (DCG@k of the best order)

    Gains are binary. Equal scores share their places: the value is the mean over all orders of the tied (McSherry and
    Najork 2008; scikit-learn does the same). Rows without a positive are left out. Järvelin and Kekäläinen 2002,
    "Cumulated gain-based evaluation of IR techniques".

    Raises:
        InputError: k is below 1, or as the module says.
    """
    return _mean(ndcg_of_rows(y, p, k, known=known))


def brier(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> float:
    """Return the mean squared error of the probabilities over all entries, (p - y)², in [0, 1]. Brier 1950, per label.

    Args:
        y: (n, L) in {0, 1}.
        p: (n, L) in [0, 1].
        known: (n, L) as the module says.
    """
    truth, probability, mask = checked_pair(y, p, known, probabilities=True)
    return _mean(np.square(probability - truth)[mask])


def bce(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None) -> float:
    """Return the mean binary cross-entropy over all entries, -(y ln p + (1 - y) ln(1 - p)), in nats.

    Probabilities are first moved into [1e-7, 1 - 1e-7], so that one that is certain and wrong costs 16.1, not infinity.

    Args:
        y: (n, L) in {0, 1}.
        p: (n, L) in [0, 1].
        known: (n, L) as the module says.
    """
    truth, probability, mask = checked_pair(y, p, known, probabilities=True)
    of_truth = np.where(truth == 1, probability, 1.0 - probability)
    return _mean(-np.log(np.clip(of_truth, _SMALLEST, 1.0 - _SMALLEST))[mask])


def ece(y: ArrayLike, p: ArrayLike, *, known: ArrayLike | None = None, bins: int = 15) -> float:
    """Return the expected calibration error: how far, on average, a probability is from how often it comes true.

        ECE = Σ_b (|B_b| / N) |mean y in B_b - mean p in B_b|,  B_b = entries with p in ((b - 1) / bins, b / bins]

    Each entry (item, label) is one event; a probability of 0 falls in the first bin. Guo, Pleiss, Sun and Weinberger
    2017, "On calibration of modern neural networks", there for the likeliest class only.

    Args:
        y: (n, L) in {0, 1}.
        p: (n, L) in [0, 1].
        known: (n, L) as the module says.
        bins: Number of bins of equal width.

    Raises:
        InputError: bins is below 1, or as the module says.
    """
    if bins < 1:
        raise InputError(f"bins must be at least 1, not {bins}")
    truth, probability, mask = checked_pair(y, p, known, probabilities=True)
    said, came_true = probability[mask], truth[mask]
    if not len(said):
        return float("nan")
    bin_ = np.maximum(np.ceil(said * bins).astype(np.int64) - 1, 0)
    gap = np.bincount(bin_, weights=came_true - said, minlength=bins)
    return float(np.abs(gap).sum() / len(said))
