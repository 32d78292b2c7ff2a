"""Limited-memory BFGS (Nocedal & Wright 2006, algorithm 7.4 with a backtracking line search)."""

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_SUFFICIENT: Final = 1e-4  # Armijo's constant, as in the book
_SHORTEST_STEP: Final = 1e-10


def minimise(
    value_and_gradient: Callable[[Vector], tuple[float, Vector]],
    start: Vector,
    *,
    iterations: int,
    tolerance: float = 1e-5,
    memory: int = 8,
) -> tuple[Vector, int]:
    """Return a minimum of a smooth convex function, and how many iterations it took.

    Args:
        value_and_gradient: The function and its gradient at a point.
        start: (d,) where to begin.
        iterations: How many steps to make at most.
        tolerance: Stop when a step lowers the value by less than this share of it.
        memory: How many steps the curvature is learned from.
    """
    x = start.copy()
    value, gradient = value_and_gradient(x)
    steps: deque[tuple[Vector, Vector, float]] = deque(maxlen=memory)
    for iteration in range(1, iterations + 1):
        direction = -_inverse_curvature(gradient, steps)
        slope = _dot(gradient, direction)
        if slope >= 0.0:
            return x, iteration - 1
        step = 1.0
        while True:
            moved = x + step * direction
            new_value, new_gradient = value_and_gradient(moved)
            if new_value <= value + _SUFFICIENT * step * slope:
                break
            step *= 0.5
            if step < _SHORTEST_STEP:
                return x, iteration
        s, y = moved - x, new_gradient - gradient
        curvature = _dot(s, y)
        if curvature > 1e-12:
            steps.append((s, y, curvature))
        gained = value - new_value
        x, value, gradient = moved, new_value, new_gradient
        if gained <= tolerance * max(abs(value), 1e-3):
            return x, iteration
    return x, iterations


def _dot(a: Vector, b: Vector) -> float:
    # Not a @ b: how many threads the linear algebra library has would decide the last bits, and so the bytes learned.
    return float(np.sum(a * b))


def _inverse_curvature(gradient: Vector, steps: deque[tuple[Vector, Vector, float]]) -> Vector:
    """Return the two-loop product of the approximate inverse Hessian with the gradient."""
    q = gradient.copy()
    if not steps:
        # Without any knowledge of the curvature: a first step of length one.
        q /= max(_dot(q, q) ** 0.5, 1e-12)
        return q
    shares = []
    for s, y, curvature in reversed(steps):
        share = _dot(s, q) / curvature
        shares.append(share)
        q -= share * y
    _, y, curvature = steps[-1]
    q *= curvature / _dot(y, y)
    for (s, y, curvature), share in zip(steps, reversed(shares), strict=True):
        q += (share - _dot(y, q) / curvature) * s
    return q
