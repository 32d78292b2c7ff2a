"""Sets of labels that hold the true one for a set share of texts, whatever the model (split conformal prediction)."""

import math

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.errors import InputError


def least_share(true_shares: FloatVector, coverage: float) -> float:
    """Return the share from which on a label belongs to the set, so that a new text's set holds its true label.

    It holds it with a probability of at least `coverage` where the new text is exchangeable with these: the
    ⌊(n + 1)(1 - coverage)⌋-th smallest share that a model gave to a true label (Vovk, Gammerman & Shafer 2005; as a
    threshold on the probability, Sadinle, Lei & Wasserman 2019). 0 where there are too few texts to exclude anything.

    Args:
        true_shares: (n,) what the model gave to the true label of each of n texts that it did not learn from.
        coverage: In (0, 1).

    Raises:
        InputError: `coverage` is out of range.
    """
    if not 0.0 < coverage < 1.0:
        raise InputError(f"coverage must lie between 0 and 1, not {coverage:g}")
    place = math.floor((len(true_shares) + 1) * (1.0 - coverage) + 1e-9)
    return float(np.sort(true_shares)[place - 1]) if place > 0 else 0.0


def in_sets(shares: FloatMatrix, least: float) -> FloatMatrix:
    """Return (n, L) 1 where a label is in the text's set, else 0.

    Args:
        shares: (n, L) in [0, 1].
        least: As `least_share`.
    """
    return (shares >= least).astype(np.float32)
