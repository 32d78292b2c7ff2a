import math

import numpy as np
import pytest

from ilgi.errors import InputError, UnknownName
from ilgi.nn.optimizers import Adam, AdamW, Optimizer, Sgd, make_optimizer

START = np.array([1.0, -2.0, 0.5, 3.0])
GRADIENTS = [np.array([0.1, -0.4, 0.0, 2.0]), np.array([-0.3, 0.2, 0.7, 1.0]), np.array([0.05, 0.0, -0.2, -1.5])]
WEIGHTS = 3


def run(optimizer: Optimizer, *, rate: float = 0.1, gradients: list[np.ndarray] = GRADIENTS) -> np.ndarray:
    parameters = START.copy()
    optimizer.start(parameters, weights=WEIGHTS)
    for gradient in gradients:
        before = gradient.copy()
        optimizer.step(parameters, gradient, rate)
        assert (gradient == before).all()
        optimizer.tidy()
    return parameters


def test_sgd_by_hand() -> None:
    assert np.allclose(run(Sgd()), START - 0.1 * sum(GRADIENTS))


def test_momentum_by_hand() -> None:
    g1, g2, g3 = GRADIENTS
    steps = g1 + (g2 + 0.9 * g1) + (g3 + 0.9 * (g2 + 0.9 * g1))
    assert np.allclose(run(Sgd(momentum=0.9)), START - 0.1 * steps)


def adam_by_hand(weight_decay: float) -> list[float]:
    result = []
    for i, theta in enumerate(START.tolist()):
        m = v = 0.0
        for t, gradient in enumerate(GRADIENTS, start=1):
            g = float(gradient[i])
            if i < WEIGHTS:
                theta -= 0.1 * weight_decay * theta
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            theta -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        result.append(theta)
    return result


def test_adam_by_hand() -> None:
    assert np.allclose(run(Adam()), adam_by_hand(0.0), rtol=1e-12)


def test_adamw_by_hand_decays_weights_and_not_biases() -> None:
    found = run(AdamW(weight_decay=0.2))
    assert np.allclose(found, adam_by_hand(0.2), rtol=1e-12)
    assert found[WEIGHTS] == run(Adam())[WEIGHTS]


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (Sgd(momentum=0.8), "SGD", {"momentum": 0.8}),
        (Sgd(momentum=0.8, nesterov=True), "SGD", {"momentum": 0.8, "nesterov": True}),
        (Adam(), "Adam", {}),
        (Adam(beta1=0.5, beta2=0.9, epsilon=1e-3), "Adam", {"betas": (0.5, 0.9), "eps": 1e-3}),
        (AdamW(weight_decay=0.3), "AdamW", {"weight_decay": 0.3}),
    ],
)
def test_against_torch(ours: Optimizer, theirs: str, options: dict[str, object]) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra 'hf'")
    gradients = list(np.random.default_rng(0).normal(size=(50, WEIGHTS)))
    parameter = torch.nn.Parameter(torch.tensor(START[:WEIGHTS]))
    optimizer = getattr(torch.optim, theirs)([parameter], lr=0.05, **options)
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
    parameters = START[:WEIGHTS].copy()
    ours.start(parameters, weights=WEIGHTS)
    for gradient in gradients:
        ours.step(parameters, gradient, 0.05)
    assert np.allclose(parameters, parameter.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_finds_the_bottom_of_a_valley(name: str) -> None:
    optimizer = make_optimizer(name, momentum=0.9)
    bottom, slope = np.array([3.0, -1.0]), np.array([1.0, 10.0])
    parameters = np.zeros(2)
    optimizer.start(parameters, weights=2)
    for i in range(600):
        optimizer.step(parameters, slope * (parameters - bottom), 0.1 * 0.99**i)
    assert np.allclose(parameters, bottom, atol=1e-3)


def test_start_forgets() -> None:
    for optimizer in (Sgd(momentum=0.9), Adam(), AdamW()):
        assert (run(optimizer) == run(optimizer)).all()


def test_tidy_clears_what_is_too_small_and_nothing_else() -> None:
    optimizer = Adam()
    parameters = np.zeros(2, np.float32)
    optimizer.start(parameters, weights=2)
    optimizer.step(parameters, np.array([1e-25, 1.0], np.float32), 0.1)
    optimizer.tidy()
    assert optimizer._square[0] == 0.0
    assert optimizer._square[1] > 0.0
    assert (optimizer._mean > 0.0).all()


def test_bad_arguments() -> None:
    with pytest.raises(UnknownName, match="adamw"):
        make_optimizer("adam-w")
    for make in (
        lambda: Sgd(momentum=1.0),
        lambda: Adam(beta1=1.0),
        lambda: Adam(epsilon=0.0),
        lambda: AdamW(weight_decay=-1.0),
        lambda: AdamW(weight_decay=math.nan),
    ):
        with pytest.raises(InputError):
            make()
