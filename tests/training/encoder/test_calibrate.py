import numpy as np
import pytest

from ilgi.arrays import sigmoid
from ilgi.evaluation.metrics import ece
from ilgi.training.encoder.calibrate import Adjustment, adjust_labels, adjust_shares, apply_adjustment

pytest.importorskip("scipy", reason="needs the extra 'train'")


def test_labels_of_an_overconfident_model_come_to_their_word() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(-1, 1, size=(4000, 5))
    y = (rng.random(scores.shape) < sigmoid(scores.astype(np.float32))).astype(np.float32)
    said = sigmoid((scores * 3 - 1).astype(np.float32))
    found = adjust_labels(said, y)
    assert found.temperature == pytest.approx(3.0, rel=0.1)
    assert found.shift == pytest.approx(1.0, abs=0.1)
    fixed = sigmoid(((scores * 3 - 1 + found.shift) / found.temperature).astype(np.float32))
    assert ece(y, fixed) < 0.02 < ece(y, said)


def test_a_little_overconfidence_is_seen_too() -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(-3, 1.5, size=(800, 28))
    y = (rng.random(scores.shape) < sigmoid(scores.astype(np.float32))).astype(np.float32)
    assert adjust_labels(sigmoid((scores * 1.3).astype(np.float32)), y).temperature == pytest.approx(1.3, rel=0.08)
    assert adjust_labels(sigmoid((scores + 0.7).astype(np.float32)), y).shift == pytest.approx(-0.7, abs=0.12)


def test_shares_too() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(4000, 4))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    y = np.eye(4, dtype=np.float32)[[rng.choice(4, p=row) for row in shares]]
    sharp = np.exp(scores * 2) / np.exp(scores * 2).sum(axis=1, keepdims=True)
    found = adjust_shares(sharp.astype(np.float32), y)
    assert found.temperature == pytest.approx(2.0, rel=0.1)
    assert found.shift == 0.0


def test_too_few_rows_change_nothing() -> None:
    y = np.full((30, 4), np.nan, dtype=np.float32)
    y[:5] = [1.0, 0.0, 0.0, 0.0]
    p = np.full((30, 4), 0.25, dtype=np.float32)
    assert adjust_labels(p, y) == adjust_shares(p, y) == Adjustment()


def test_an_adjustment_is_built_into_the_head() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra 'hf'")

    class Net(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.head = torch.nn.Linear(3, 4)
            self.bias = torch.nn.Parameter(torch.randn(2, 4))

    torch.manual_seed(0)
    net, x = Net(), torch.randn(6, 3)

    def scores(source: int) -> np.ndarray:
        result: np.ndarray = (net.head(x) + net.bias[source]).detach().numpy()
        return result

    before, other = scores(1), scores(0)
    apply_adjustment(net, slice(1, 3), Adjustment(2.0, 0.5), 1)
    assert scores(1)[:, 1:3] == pytest.approx((before[:, 1:3] + 0.5) / 2, abs=1e-6)
    assert scores(0)[:, 1:3] == pytest.approx(other[:, 1:3] / 2, abs=1e-6)
    assert scores(1)[:, [0, 3]] == pytest.approx(before[:, [0, 3]])
