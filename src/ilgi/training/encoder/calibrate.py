"""Brings a trained network's confidence in line with how often it is right on diaries that it did not learn from.

A network that is trained until its loss stops falling is surer than it should be. Its scores are divided by a
temperature (Guo et al. 2017), one for each head; many labels also get a common shift, because how many labels a text
is given is a habit of its readers. The order of texts by any one label stays as it was. Two numbers a head cannot fit
noise, so the same texts may serve to report how far off the probabilities still are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, logit, sigmoid
from ilgi.errors import MissingExtra

_LEAST_ROWS: Final = 20
_SMALLEST: Final = 1e-7
_FIRST_STEP: Final = 0.3


@dataclass(frozen=True)
class Adjustment:
    """score → (score + shift) / temperature."""

    temperature: float = 1.0
    shift: float = 0.0


def adjust_labels(p: FloatMatrix, y: FloatMatrix) -> Adjustment:
    """Return what brings the cross-entropy of many labels down furthest; nothing where there are too few rows.

    Args:
        p: (n, L) in [0, 1], each label by itself.
        y: (n, L) in [0, 1], NaN where unknown.

    Raises:
        MissingExtra: scipy is not installed.
    """
    known = ~np.isnan(y)
    if known.any(axis=1).sum() < _LEAST_ROWS:
        return Adjustment()
    scores, truth = logit(p)[known].astype(np.float64), y[known].astype(np.float64)

    def loss(at: np.ndarray) -> float:
        q = np.clip(sigmoid(((scores + at[1]) * np.exp(-at[0])).astype(np.float32)), _SMALLEST, 1.0 - _SMALLEST)
        return float(-(truth * np.log(q) + (1.0 - truth) * np.log1p(-q)).mean())

    best = _least(loss, 2)
    return Adjustment(float(np.exp(best[0])), float(best[1]))


def adjust_shares(p: FloatMatrix, y: FloatMatrix) -> Adjustment:
    """Return the temperature that brings the cross-entropy of shares down furthest; nothing for too few rows.

    Args:
        p: (n, L), rows sum to 1.
        y: (n, L), rows sum to 1; NaN where unknown.

    Raises:
        MissingExtra: scipy is not installed.
    """
    rows = ~np.isnan(y).any(axis=1)
    if rows.sum() < _LEAST_ROWS:
        return Adjustment()
    scores, truth = np.log(np.maximum(p[rows], _SMALLEST)).astype(np.float64), y[rows].astype(np.float64)

    def loss(at: np.ndarray) -> float:
        z = scores * np.exp(-at[0])
        z = z - z.max(axis=1, keepdims=True)
        return float(-(truth * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))).sum(axis=1).mean())

    return Adjustment(float(np.exp(_least(loss, 1)[0])))


def apply_adjustment(model: Any, columns: slice, adjustment: Adjustment, source: int) -> None:  # noqa: ANN401
    """Build an adjustment into a network's head; every source's biases change alike, `source`'s as measured.

    Args:
        model: A network of `build_model`.
        columns: The head's columns.
        adjustment: As measured on texts that were read with the biases of `source`.
        source: Number of the source whose biases hold at use.
    """
    import torch

    with torch.no_grad():
        model.bias[source, columns] += adjustment.shift
        for tensor in (model.head.weight[columns], model.head.bias[columns], model.bias[:, columns]):
            tensor /= adjustment.temperature


def _least(loss: Callable[[np.ndarray], float], numbers: int) -> np.ndarray:
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise MissingExtra("training the encoders", "train", "scipy") from error
    # Without derivatives: one or two numbers, and a loss that costs a millisecond. From zero, scipy's own first steps
    # would be too small to see a difference by.
    start = np.vstack([np.zeros(numbers), _FIRST_STEP * np.eye(numbers)])
    options = {"initial_simplex": start, "xatol": 1e-3, "fatol": 1e-7}
    result: np.ndarray = minimize(loss, start[0], method="Nelder-Mead", options=options).x
    return result
