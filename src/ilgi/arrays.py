"""Names for the arrays that travel between rooms, and the checks at their doors.

All floating-point arrays are float32 unless a docstring says otherwise. Letters: n texts or items, E emotions,
A affect columns, L labels.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ilgi.errors import InputError

FloatVector = NDArray[np.float32]
"""(n,) float32."""
FloatMatrix = NDArray[np.float32]
"""(rows, columns) float32."""
IntVector = NDArray[np.int64]
"""(n,) int64, usually row numbers."""
AnyArray = NDArray[Any]
"""An array of any kind and shape, for code that only stores it."""


def check_matrix(value: ArrayLike, *, columns: int | None, name: str, allow_nan: bool = False) -> FloatMatrix:
    """Return `value` as a C-contiguous float32 matrix, or say what is wrong with it.

    Args:
        value: Anything NumPy can read as two-dimensional numbers; no rows at all is fine.
        columns: The number of columns it must have; None accepts any.
        name: What to call it in the error.
        allow_nan: Whether NaN ("unknown") may stand in it. Infinities never may.

    Raises:
        InputError: It is not two-dimensional, has another number of columns, or holds values that are not finite.
    """
    try:
        matrix = np.ascontiguousarray(value, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be a matrix of numbers") from error
    if matrix.ndim != 2:
        raise InputError(f"{name} must have two dimensions (rows, columns), not {matrix.ndim}")
    if columns is not None and matrix.shape[1] != columns:
        raise InputError(f"{name} must have {columns} columns, not {matrix.shape[1]}")
    bad = np.isinf(matrix) if allow_nan else ~np.isfinite(matrix)
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise InputError(f"{name} holds a value that is not a finite number, first at row {row}, column {column}")
    return matrix


def check_probabilities(value: ArrayLike, *, columns: int | None, name: str) -> FloatMatrix:
    """Return `value` as a float32 matrix whose entries all lie in [0, 1].

    Rows need not sum to 1: several emotions or genres may hold at once.

    Args:
        value: Anything NumPy can read as a matrix.
        columns: The number of columns it must have; None accepts any.
        name: What to call it in the error.

    Raises:
        InputError: As `check_matrix`, or an entry lies outside [0, 1].
    """
    matrix = check_matrix(value, columns=columns, name=name)
    if matrix.size and (matrix.min() < 0.0 or matrix.max() > 1.0):
        raise InputError(f"{name} must lie between 0 and 1, but reaches {matrix.min():g} to {matrix.max():g}")
    return matrix


def sigmoid(logits: ArrayLike) -> NDArray[np.float32]:
    """Logistic function 1 / (1 + exp(-x)), elementwise, any shape, without overflow."""
    x = np.asarray(logits, dtype=np.float32)
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, np.float32(1.0), small) / (np.float32(1.0) + small), dtype=np.float32)


def logit(probability: ArrayLike, *, floor: float = 1e-4) -> NDArray[np.float32]:
    """Log-odds log(p / (1 - p)), elementwise, any shape.

    Args:
        probability: Values in [0, 1].
        floor: They are first moved into [floor, 1 - floor], so that 0 and 1 stay finite.
    """
    p = np.clip(np.asarray(probability, dtype=np.float32), floor, 1.0 - floor)
    return np.log(p / (1.0 - p)).astype(np.float32)
