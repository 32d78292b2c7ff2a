"""Each head stands at the minimum of its loss, and intercepts keep the sources' base rates."""

import numpy as np
import pytest

from ilgi.training.linear.design import Design, all_keys, tokens_of
from ilgi.training.linear.heads import Head, Loss, fit_head, source_means

TEXTS = ["good day", "bad day", "good food", "bad food", "good", "bad", "a day", "food"] * 6
SOURCE = np.array([0, 1] * 24)


def fitted(loss: Loss, targets: np.ndarray, l2: float = 0.5) -> tuple[Head, np.ndarray]:
    tokens = tokens_of(TEXTS)
    design = Design.of(tokens, all_keys(tokens, least=1))
    weights = np.linspace(0.5, 1.5, len(TEXTS))
    head = fit_head(design, targets, SOURCE, loss=loss, row_weights=weights, sources=2, l2=l2, iterations=300)
    identity = np.eye(design.shape[1])
    matrix = np.stack([design.times(row) for row in identity], axis=1)
    return head, matrix


def loss_value(
    loss: Loss, matrix: np.ndarray, targets: np.ndarray, w: np.ndarray, b: np.ndarray, l2: float = 0.5
) -> float:
    z = matrix @ w.T + b.T[SOURCE]
    if loss == "logistic":
        p = 1 / (1 + np.exp(-z))
        rows = -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).sum(axis=1)
    elif loss == "softmax":
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        rows = -(targets * np.log(p)).sum(axis=1)
    else:
        rows = 0.5 * ((z - targets) ** 2).sum(axis=1)
    return float(rows @ np.linspace(0.5, 1.5, len(TEXTS)) + 0.5 * l2 * (w**2).sum())


def targets_of(loss: Loss) -> np.ndarray:
    good = np.array(["good" in t for t in TEXTS], float)
    noise = np.random.default_rng(5).random(len(TEXTS)) < 0.2
    y = np.abs(good - noise)
    if loss == "softmax":
        return np.stack([y, (1 - y) * (SOURCE == 0), (1 - y) * (SOURCE == 1)], axis=1)
    return y[:, None] if loss == "logistic" else (3 * y - 1)[:, None]


@pytest.mark.parametrize("loss", ["logistic", "softmax", "squared"])
def test_no_small_step_lowers_the_loss(loss: Loss) -> None:
    targets = targets_of(loss)
    head, matrix = fitted(loss, targets)
    least = loss_value(loss, matrix, targets, head.weights, head.intercepts)
    rng = np.random.default_rng(2)
    for _ in range(40):
        w = head.weights + rng.normal(0, 0.05, head.weights.shape)
        b = head.intercepts + rng.normal(0, 0.05, head.intercepts.shape)
        assert loss_value(loss, matrix, targets, w, b) > least - 1e-3
    start = loss_value(loss, matrix, targets, np.zeros_like(head.weights), np.zeros_like(head.intercepts))
    assert least < 0.9 * start


def test_least_squares_has_a_closed_form() -> None:
    targets = targets_of("squared")
    head, matrix = fitted("squared", targets)
    whole = np.concatenate([matrix, np.eye(2)[SOURCE]], axis=1)
    weights = np.linspace(0.5, 1.5, len(TEXTS))[:, None]
    penalty = np.diag([0.5] * matrix.shape[1] + [0.0, 0.0])
    exact = np.linalg.solve(whole.T @ (weights * whole) + penalty, whole.T @ (weights * targets))[:, 0]
    np.testing.assert_allclose(whole @ exact, matrix @ head.weights[0] + head.intercepts[0][SOURCE], atol=0.03)


def test_a_source_with_another_base_rate_does_not_move_the_weights() -> None:
    """Source 1 is all positive; its words are the same as source 0's, so they must not become positive words."""
    targets = np.where(SOURCE == 1, 1.0, 0.0)[:, None]
    head, _ = fitted("logistic", targets, l2=5.0)
    assert head.intercepts[0, 1] - head.intercepts[0, 0] > 3
    assert np.abs(head.weights).max() < 0.5


def test_means_per_source() -> None:
    y = np.array([1.0, 1, 0, 0])[:, None]
    means = source_means(y, np.array([0, 0, 0, 1]), np.ones(4), 3, prior=0.5)
    np.testing.assert_allclose(means, [[3 / 5, 1 / 3, 1 / 2]])
