"""L-BFGS finds the minima that are known in closed form."""

import os
import subprocess
import sys

import numpy as np
import pytest

from ilgi.training.linear.lbfgs import minimise


def test_a_quadratic_with_known_minimum() -> None:
    rng = np.random.default_rng(1)
    root = rng.normal(size=(12, 12))
    matrix, target = root @ root.T + np.eye(12), rng.normal(size=12)

    def f(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(0.5 * x @ matrix @ x - target @ x), matrix @ x - target

    x, steps = minimise(f, np.zeros(12), iterations=200, tolerance=1e-14)
    np.testing.assert_allclose(x, np.linalg.solve(matrix, target), atol=1e-5)
    assert steps < 200


def test_the_logit_of_a_rate() -> None:
    def f(x: np.ndarray) -> tuple[float, np.ndarray]:
        p = 1 / (1 + np.exp(-x[0]))
        return float(-(30 * np.log(p) + 70 * np.log(1 - p))), np.array([100 * p - 30])

    x, _ = minimise(f, np.zeros(1), iterations=50, tolerance=1e-12)
    assert x[0] == pytest.approx(np.log(0.3 / 0.7), abs=1e-5)


def test_stops_at_a_minimum_and_at_its_limit() -> None:
    def f(x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(x @ x), 2 * x

    x, steps = minimise(f, np.zeros(3), iterations=9)
    assert steps == 0
    assert x.tolist() == [0, 0, 0]
    assert minimise(f, np.full(3, 1e6), iterations=1)[1] == 1


def test_the_start_is_not_changed() -> None:
    start = np.ones(2)
    minimise(lambda x: (float(x @ x), 2 * x), start, iterations=5)
    assert start.tolist() == [1, 1]


_THREADED = """
import hashlib
import numpy as np
from ilgi.training.linear.lbfgs import minimise

rng = np.random.default_rng(0)
centre, scale = rng.standard_normal(300_000), rng.uniform(0.1, 10.0, 300_000)

def bowl(x):
    step = (x - centre) * scale
    return 0.5 * float(np.sum(step * (x - centre))), step

print(hashlib.sha256(minimise(bowl, np.zeros(300_000), iterations=12)[0].tobytes()).hexdigest())
"""


def test_bytes_do_not_depend_on_the_threads_of_linear_algebra() -> None:
    found = set()
    for threads in ("1", "2"):
        limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        done = subprocess.run(
            [sys.executable, "-c", _THREADED], env={**os.environ, **limits}, capture_output=True, text=True, check=True
        )
        found.add(done.stdout.strip())
    assert len(found) == 1
    assert len(found.pop()) == 64
