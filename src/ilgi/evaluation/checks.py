"""What all metrics ask of their input, and how equal scores are found."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.errors import InputError


def checked_pair(
    y: ArrayLike, p: ArrayLike, known: ArrayLike | None = None, *, probabilities: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return labels, scores and the mask of what is known, as matrices of one shape; what is unknown becomes 0.

    Args:
        y: (n, L) in {0, 1} where known.
        p: (n, L) finite where known.
        known: (n, L) of bool; all True if None.
        probabilities: Whether `p` must lie in [0, 1].

    Raises:
        InputError: Shapes differ or a value is out of range.
    """
    truth, score = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if truth.ndim != 2 or truth.shape != score.shape:
        raise InputError(f"labels and scores need one shape (rows, labels), not {truth.shape} and {score.shape}")
    mask = np.ones(truth.shape, dtype=bool) if known is None else np.asarray(known)
    if mask.shape != truth.shape or mask.dtype != np.bool_:
        raise InputError(f"known must be a matrix of bool of shape {truth.shape}")
    if known is not None:
        truth, score = np.where(mask, truth, 0.0), np.where(mask, score, 0.0)
    if not ((truth == 0) | (truth == 1)).all():
        raise InputError("labels must be 0 or 1")
    if not np.isfinite(score).all():
        raise InputError("scores must be finite numbers")
    if probabilities and score.size and (score.min() < 0 or score.max() > 1):
        raise InputError("probabilities must lie between 0 and 1")
    return truth, score, mask


def last_of_ties(ordered: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return, for sorted rows, the position of the last value that equals each value.

    Args:
        ordered: (r, m) each row sorted.

    Returns:
        (r, m) int64.
    """
    m = ordered.shape[1]
    end = np.full(ordered.shape, m - 1, dtype=np.int64)
    if m > 1:
        changes = ordered[:, 1:] != ordered[:, :-1]
        end[:, :-1] = np.where(changes, np.arange(m - 1), m - 1)
        end = np.minimum.accumulate(end[:, ::-1], axis=1)[:, ::-1]
    return end
