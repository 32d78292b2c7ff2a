import math

import numpy as np
import pytest

from ilgi.errors import UnknownName
from ilgi.nn.activations import ACTIVATION_NAMES, activation

Z = np.array([[-2.0, -0.5, 0.0, 1.5]])


def forward(name: str, z: np.ndarray) -> np.ndarray:
    out = np.full_like(z, np.nan)
    activation(name).forward(z, out)
    return out


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("identity", lambda z: z),
        ("sigmoid", lambda z: 1 / (1 + math.exp(-z))),
        ("tanh", math.tanh),
        ("relu", lambda z: max(0.0, z)),
        ("leaky_relu", lambda z: z if z > 0 else 0.01 * z),
        ("softplus", lambda z: math.log(1 + math.exp(z))),
    ],
)
def test_forward_is_the_formula(name: str, formula) -> None:  # noqa: ANN001
    assert np.allclose(forward(name, Z), [[formula(z) for z in Z[0]]], rtol=1e-12)


def test_gelu_is_near_its_exact_form() -> None:
    z = np.linspace(-4, 4, 81)[None, :]
    exact = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in z[0]]
    assert np.abs(forward("gelu", z) - exact).max() < 5e-4


def test_softmax_rows_sum_to_one_and_ignore_a_shift() -> None:
    z = np.random.default_rng(0).normal(size=(50, 7)) * 10
    p = forward("softmax", z)
    assert np.allclose(p.sum(axis=1), 1.0, atol=1e-12)
    assert np.allclose(forward("softmax", z + 500.0), p)
    assert np.allclose(p[0] / p[0, 0], np.exp(z[0] - z[0, 0]))


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_values_stay_finite(name: str, dtype: type) -> None:
    z = np.array([[-1e4, -100.0, 0.0, 100.0, 1e4]], dtype=dtype)
    a = np.empty_like(z)
    with np.errstate(under="ignore"):
        activation(name).forward(z, a)
        gradient = np.ones_like(z)
        activation(name).backward(gradient, z, a)
    assert a.dtype == gradient.dtype == dtype
    assert np.isfinite(a).all()
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_forward_leaves_its_input_alone(name: str) -> None:
    z = Z.copy()
    forward(name, z)
    assert (z == Z).all()


def test_unknown_name_points_to_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'leaky_relu'"):
        activation("leakyrelu")
