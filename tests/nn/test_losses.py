import math

import numpy as np
import pytest

from ilgi.errors import InputError, UnknownName
from ilgi.nn.losses import make_loss

Z = np.array([[-1.2, 0.4], [2.0, -0.3]])
Y = np.array([[0.0, 1.0], [1.0, 0.25]])
W = np.array([[1.0, 2.0], [0.5, 3.0]])


def p_of(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def by_hand(entry) -> float:  # noqa: ANN001
    return sum(W[i, j] * entry(Z[i, j], Y[i, j]) for i in range(2) for j in range(2)) / 4


def test_mse_by_hand() -> None:
    assert make_loss("mse").value(Z, Y, W) == pytest.approx(by_hand(lambda o, y: (o - y) ** 2))


def test_bce_by_hand() -> None:
    expected = by_hand(lambda z, y: -y * math.log(p_of(z)) - (1 - y) * math.log(1 - p_of(z)))
    assert make_loss("bce").value(Z, Y, W) == pytest.approx(expected)


def test_focal_by_hand() -> None:
    def entry(z: float, y: float) -> float:
        p = p_of(z)
        return -y * (1 - p) ** 1.5 * math.log(p) - (1 - y) * p**1.5 * math.log(1 - p)

    assert make_loss("focal", focal_gamma=1.5).value(Z, Y, W) == pytest.approx(by_hand(entry))


def test_focal_without_focus_is_bce() -> None:
    assert make_loss("focal", focal_gamma=0.0).value(Z, Y, W) == pytest.approx(make_loss("bce").value(Z, Y, W))


def test_cce_by_hand() -> None:
    y = np.array([[0.0, 1.0], [0.75, 0.25]])
    expected = 0.0
    for i in range(2):
        total = sum(math.exp(z) for z in Z[i])
        expected -= sum(W[i, j] * y[i, j] * math.log(math.exp(Z[i, j]) / total) for j in range(2)) / 2
    assert make_loss("cce").value(Z, y, W) == pytest.approx(expected)


@pytest.mark.parametrize("name", ["bce", "focal", "cce"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_logits_give_finite_losses_and_gradients(name: str, dtype: type) -> None:
    z = np.array([[-2e3, 2e3], [2e3, -2e3]], dtype=dtype)
    y = np.array([[1, 0], [1, 0]], dtype=dtype)
    loss, out = make_loss(name), np.empty_like(z)
    with np.errstate(under="ignore"):
        value = loss.value(z, y)
        loss.gradient(z, y, None, out=out)
    assert np.isfinite(value)
    assert value > 100
    assert np.isfinite(out).all()
    assert out[0, 0] < 0 < out[0, 1]


def test_a_column_without_positives_and_a_row_of_zeros_are_fine() -> None:
    y = np.zeros((2, 2))
    for name in ("mse", "bce", "focal", "cce"):
        out = np.empty_like(Z)
        assert np.isfinite(make_loss(name).value(Z, y))
        make_loss(name).gradient(Z, y, None, out=out)
        assert np.isfinite(out).all()
    assert make_loss("cce").value(Z, y) == 0.0


def test_value_leaves_its_arguments_alone() -> None:
    for name in ("mse", "bce", "focal", "cce"):
        z, y, w = Z.copy(), Y.copy(), W.copy()
        make_loss(name).value(z, y, w)
        assert (z == Z).all()
        assert (y == Y).all()
        assert (w == W).all()


def test_bad_arguments() -> None:
    with pytest.raises(UnknownName, match="did you mean 'focal'"):
        make_loss("fokal")
    for gamma in (-0.1, math.nan, math.inf):
        with pytest.raises(InputError, match="gamma"):
            make_loss("focal", focal_gamma=gamma)


@pytest.mark.parametrize("weighted", [False, True])
def test_against_torch(weighted: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra 'hf'")
    z = torch.tensor(Z, requires_grad=True)
    w = torch.tensor(W) if weighted else None
    value = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(Y), weight=w)
    value.backward()
    out = np.empty_like(Z)
    make_loss("bce").gradient(Z, Y, W if weighted else None, out=out)
    assert make_loss("bce").value(Z, Y, W if weighted else None) == pytest.approx(value.item(), rel=1e-12)
    assert np.allclose(out, z.grad.numpy(), rtol=1e-12)
