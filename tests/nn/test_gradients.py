"""Every gradient against central differences in float64: each activation × loss × weighting, L2 and dropout.

The first test of the room, and never skipped: a wrong gradient still learns a little, so nothing else shows it.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from ilgi.arrays import AnyArray
from ilgi.nn.activations import ACTIVATION_NAMES
from ilgi.nn.losses import LOSS_NAMES, Loss, make_loss
from ilgi.nn.network import Network
from ilgi.nn.weighting import balanced_class_weight, entry_weight

STEP = 1e-6
ROWS = 7
SIZES = (3, 5, 4, 4)
WEIGHTINGS = ("none", "sample", "class", "both")


def problem(loss: Loss, weighting: str, seed: int = 0) -> tuple[AnyArray, AnyArray, AnyArray | None]:
    """Rows, targets in [0, 1] of which some are soft, and the weight of each entry."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS, SIZES[0]))
    y = (rng.random((ROWS, SIZES[-1])) < 0.5).astype(np.float64)
    y[0] = (0.1, 0.2, 0.3, 0.4)
    if loss.name == "cce":
        y[y.sum(axis=1) == 0, 0] = 1.0
        y /= y.sum(axis=1, keepdims=True)
    sample = rng.random(ROWS) + 0.2 if weighting in ("sample", "both") else None
    classes = balanced_class_weight(y) * rng.uniform(0.5, 2.0, (2, 1)) if weighting in ("class", "both") else None
    return x, y, entry_weight(y, sample_weight=sample, class_weight=classes)


def objective(
    network: Network,
    loss: Loss,
    x: AnyArray,
    y: AnyArray,
    weight: AnyArray | None,
    *,
    l2: float = 0.0,
    masks: Sequence[AnyArray | None] | None = None,
) -> float:
    output = network.forward(x, masks=masks, logits=loss.link is not None)
    return loss.value(output, y, weight) + network.l2_value(l2)


def worst_error(
    network: Network,
    loss: Loss,
    x: AnyArray,
    y: AnyArray,
    weight: AnyArray | None,
    *,
    l2: float = 0.0,
    masks: Sequence[AnyArray | None] | None = None,
) -> float:
    """The largest difference between `backward` and central differences, relative to the gradient's own size."""
    fused = loss.link is not None
    gradient = np.empty((len(x), network.sizes[-1]))
    loss.gradient(network.forward(x, masks=masks, logits=fused), y, weight, out=gradient)
    network.backward(gradient, logits=fused)
    network.add_l2_gradient(l2)
    found = network.gradient.copy()
    numeric = np.empty_like(found)
    for i, at in enumerate(network.parameters.copy()):
        sides = []
        for moved in (at + STEP, at - STEP):
            network.parameters[i] = moved
            sides.append(objective(network, loss, x, y, weight, l2=l2, masks=masks))
        network.parameters[i] = at
        numeric[i] = (sides[0] - sides[1]) / (2 * STEP)
    assert np.abs(numeric).max() > 1e-4, "a gradient of nothing proves nothing"
    return float(np.abs(found - numeric).max() / np.abs(numeric).max())


def network_for(hidden: str, output: str, *, dropout: float = 0.0) -> Network:
    network = Network(
        SIZES,
        (hidden, hidden, output),
        rng=np.random.default_rng(1),
        initializers="xavier_normal",
        dropout=dropout,
        dtype=np.float64,
    )
    # Biases away from 0, so that nothing sits on the kink of a ReLU and the bias gradients are those of a real network.
    network.parameters[network.weights :] = np.random.default_rng(2).normal(
        0.3, 0.4, network.parameters.size - network.weights
    )
    return network


def outputs_of(loss: Loss) -> tuple[str, ...]:
    return ACTIVATION_NAMES if loss.link is None else (loss.link,)


CASES = [
    (hidden, output, loss, weighting)
    for hidden, loss, weighting in product(ACTIVATION_NAMES, LOSS_NAMES, WEIGHTINGS)
    for output in outputs_of(make_loss(loss))
]


@pytest.mark.parametrize(("hidden", "output", "loss", "weighting"), CASES)
def test_gradient(hidden: str, output: str, loss: str, weighting: str) -> None:
    what = make_loss(loss)
    x, y, weight = problem(what, weighting)
    assert worst_error(network_for(hidden, output), what, x, y, weight) < 1e-6


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_gradient_of_focal_for_any_gamma(gamma: float) -> None:
    loss = make_loss("focal", focal_gamma=gamma)
    x, y, weight = problem(loss, "both")
    assert worst_error(network_for("tanh", "sigmoid"), loss, x, y, weight) < 1e-6


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_gradient_with_l2(loss: str) -> None:
    what = make_loss(loss)
    x, y, weight = problem(what, "both")
    network = network_for("gelu", outputs_of(what)[0])
    assert worst_error(network, what, x, y, weight, l2=0.3) < 1e-6
    # The penalty really is in the gradient, and leaves biases alone.
    with_penalty = network.gradient.copy()
    network.add_l2_gradient(1.0)
    difference = network.gradient - with_penalty
    assert np.allclose(difference[: network.weights], network.parameters[: network.weights])
    assert not difference[network.weights :].any()


@pytest.mark.parametrize(("hidden", "loss"), list(product(ACTIVATION_NAMES, LOSS_NAMES)))
def test_gradient_with_a_fixed_dropout_mask(hidden: str, loss: str) -> None:
    what = make_loss(loss)
    x, y, weight = problem(what, "both")
    network = network_for(hidden, outputs_of(what)[0], dropout=0.4)
    masks = network.draw_masks(ROWS, np.random.default_rng(3))
    assert masks is not None
    assert all((mask == 0).any() and (mask > 1).any() for mask in masks)
    assert worst_error(network, what, x, y, weight, l2=0.05, masks=masks) < 1e-6


def test_gradient_of_layers_with_an_activation_each() -> None:
    loss = make_loss("bce")
    names = ("relu", "softmax", "gelu", "leaky_relu", "softplus", "tanh", "sigmoid")
    network = Network((3, 6, 5, 4, 6, 5, 4, 4), names, rng=np.random.default_rng(4), dtype=np.float64)
    network.parameters[network.weights :] = np.random.default_rng(5).normal(0.2, 0.3, sum(network.sizes[1:]))
    x, y, weight = problem(loss, "both")
    assert worst_error(network, loss, x, y, weight) < 1e-6


def test_the_check_itself_can_fail() -> None:
    loss = make_loss("mse")
    x, y, weight = problem(loss, "none")

    class Wrong(type(loss)):
        def _slopes(self, output: AnyArray, target: AnyArray, out: AnyArray) -> None:
            super()._slopes(output, target, out)
            out *= 1.001

    assert worst_error(network_for("tanh", "identity"), Wrong(), x, y, weight) > 1e-4


def test_float32_follows_float64() -> None:
    loss = make_loss("bce")
    x, y, _ = problem(loss, "none")
    gradients = []
    for dtype in (np.float32, np.float64):
        network = Network(SIZES, ("relu", "gelu", "sigmoid"), rng=np.random.default_rng(1), dtype=dtype)
        out = np.empty((ROWS, 4), dtype)
        loss.gradient(network.forward(x.astype(dtype), logits=True), y.astype(dtype), None, out=out)
        network.backward(out, logits=True)
        assert network.gradient.dtype == dtype
        gradients.append(network.gradient)
    assert np.abs(gradients[0] - gradients[1]).max() < 1e-6
