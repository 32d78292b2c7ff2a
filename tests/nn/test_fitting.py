from collections.abc import Callable

import numpy as np
import pytest

from ilgi.errors import InputError, TrainingError
from ilgi.nn.fitting import fit
from ilgi.nn.losses import make_loss
from ilgi.nn.network import Network
from ilgi.nn.optimizers import Adam, AdamW, Sgd
from ilgi.nn.schedules import Cosine, Exponential
from ilgi.nn.stopping import EarlyStopping

XOR_X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
XOR_Y = np.array([[0], [1], [1], [0]], np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def noisy_problem(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels that depend on the inputs, but weakly: a network with many epochs learns the noise."""
    g = rng(seed)
    x = g.normal(size=(rows, 4))
    p = 1 / (1 + np.exp(-(x[:, :3] - 1.0)))
    return x.astype(np.float32), (g.random((rows, 3)) < p).astype(np.float32)


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu"])
def test_learns_xor(hidden: str) -> None:
    network = Network((2, 8, 1), (hidden, "sigmoid"), rng=rng(4), initializers="xavier_normal")
    fit(
        network,
        XOR_X,
        XOR_Y,
        loss=make_loss("bce"),
        optimizer=Adam(),
        learning_rate=0.05,
        batch_size=4,
        max_epochs=600,
        rng=rng(),
    )
    assert (np.abs(network.predict(XOR_X) - XOR_Y) < 0.2).all()


def test_no_linear_network_learns_xor() -> None:
    network = Network((2, 8, 1), ("identity", "sigmoid"), rng=rng(4))
    fit(
        network,
        XOR_X,
        XOR_Y,
        loss=make_loss("bce"),
        optimizer=Adam(),
        learning_rate=0.05,
        batch_size=4,
        max_epochs=600,
        rng=rng(),
    )
    assert np.abs(network.predict(XOR_X) - XOR_Y).max() > 0.4


def plain_bce_step(w1, b1, w2, b2, x, y, rate) -> tuple[np.ndarray, ...]:  # noqa: ANN001
    """One step of gradient descent, written out once more without anything of `ilgi.nn`."""
    h = np.maximum(x @ w1 + b1, 0)
    p = 1 / (1 + np.exp(-(h @ w2 + b2)))
    d2 = (p - y) / y.size
    d1 = (d2 @ w2.T) * (h > 0)
    return w1 - rate * x.T @ d1, b1 - rate * d1.sum(0), w2 - rate * h.T @ d2, b2 - rate * d2.sum(0)


def test_training_is_the_plain_algorithm() -> None:
    x, y = noisy_problem(37, 1)
    network = Network((4, 6, 3), ("relu", "sigmoid"), rng=rng(2), dtype=np.float64)
    first, second = network.layers
    state = (first.weight.copy(), first.bias.copy(), second.weight.copy(), second.bias.copy())
    order_rng = rng(3)
    for epoch in range(3):
        order = order_rng.permutation(37)
        for at in range(0, 37, 10):
            rows = order[at : at + 10]
            rate = 0.5 * 0.8 ** (epoch + (at // 10) / 4)
            state = plain_bce_step(*state, x[rows].astype(float), y[rows].astype(float), rate)
    fit(
        network, x, y, loss=make_loss("bce"), optimizer=Sgd(), learning_rate=0.5, schedule=Exponential(0.8),
        batch_size=10, max_epochs=3, rng=rng(3),
    )  # fmt: skip
    for expected, found in zip(state, (first.weight, first.bias, second.weight, second.bias), strict=True):
        assert np.allclose(expected, found, rtol=1e-10, atol=1e-12)


def train(seed: int = 0, **options: object) -> tuple[Network, bytes]:
    x, y = noisy_problem(200, 1)
    network = Network((4, 16, 3), ("relu", "sigmoid"), rng=rng(seed), dropout=0.2)
    chosen = {"optimizer": AdamW(), "schedule": Cosine(), "max_epochs": 4, "learning_rate": 0.01, **options}
    fit(network, x, y, loss=make_loss("bce"), rng=rng(seed), **chosen)  # type: ignore[arg-type]
    return network, network.parameters.tobytes()


def test_same_seed_same_bytes() -> None:
    assert train(5)[1] == train(5)[1]
    assert train(5)[1] != train(6)[1]


def test_a_row_of_weight_two_is_a_row_that_stands_twice() -> None:
    x, y = noisy_problem(30, 1)
    results = []
    for rows, weight in ((np.r_[0:30, 0:10], None), (np.r_[0:30], np.r_[np.full(10, 2.0), np.ones(20)])):
        network = Network((4, 5, 3), ("tanh", "sigmoid"), rng=rng(1), dtype=np.float64)
        fit(
            network, x[rows], y[rows], loss=make_loss("bce"), optimizer=Sgd(), learning_rate=0.3,
            batch_size=1000, max_epochs=20, sample_weight=weight, rng=rng(),
        )  # fmt: skip
        results.append(network.parameters)
    assert np.allclose(results[0], results[1], rtol=1e-9)


def test_weights_of_zero_hide_rows() -> None:
    x, y = noisy_problem(200, 1)
    hidden = np.arange(200) % 2 == 0
    y[hidden] = 1.0 - y[hidden]
    weight = np.where(hidden, 0.0, 1.0)
    network = Network((4, 3), ("sigmoid",), rng=rng())
    fit(
        network,
        x,
        y,
        loss=make_loss("bce"),
        optimizer=Adam(),
        learning_rate=0.05,
        max_epochs=60,
        sample_weight=weight,
        rng=rng(),
    )
    seen, clean = network.predict(x), noisy_problem(4000, 2)
    assert make_loss("mse").value(seen[~hidden], y[~hidden]) < make_loss("mse").value(seen[hidden], y[hidden])
    assert make_loss("mse").value(network.predict(clean[0]), clean[1]) < clean[1].var()


def test_class_weights_raise_the_rare_label() -> None:
    x, y = noisy_problem(500, 1)
    means = []
    for weight in (None, np.array([[1.0, 1.0, 1.0], [5.0, 1.0, 1.0]])):
        network = Network((4, 3), ("sigmoid",), rng=rng())
        fit(
            network,
            x,
            y,
            loss=make_loss("bce"),
            optimizer=Adam(),
            learning_rate=0.05,
            max_epochs=40,
            class_weight=weight,
            rng=rng(),
        )
        means.append(network.predict(x).mean(axis=0))
    assert means[0][0] == pytest.approx(y[:, 0].mean(), abs=0.02)
    assert means[1][0] > means[0][0] + 0.15
    assert means[1][1] == pytest.approx(means[0][1], abs=0.02)


def test_l2_and_weight_decay_shrink_weights() -> None:
    plain = train(optimizer=Adam(), max_epochs=30)[0]
    for options in ({"optimizer": Adam(), "l2": 0.05}, {"optimizer": AdamW(weight_decay=20.0)}):
        other = train(max_epochs=30, **options)[0]
        assert np.abs(other.parameters[: other.weights]).sum() < 0.8 * np.abs(plain.parameters[: plain.weights]).sum()


def test_smoothing_keeps_predictions_from_the_edge() -> None:
    x = np.repeat(np.array([[-1.0], [1.0]], np.float32), 50, axis=0)
    y = (x > 0).astype(np.float32)
    network = Network((1, 1), ("sigmoid",), rng=rng())
    fit(
        network,
        x,
        y,
        loss=make_loss("bce"),
        optimizer=Adam(),
        learning_rate=0.1,
        max_epochs=200,
        label_smoothing=0.2,
        rng=rng(),
    )
    assert network.predict(x)[[0, -1], 0] == pytest.approx([0.1, 0.9], abs=0.01)


def overfitting(stopping: EarlyStopping | None, **options: object):  # noqa: ANN201
    x, y = noisy_problem(60, 1)
    validation = noisy_problem(400, 2)
    network = Network((4, 64, 3), ("relu", "sigmoid"), rng=rng())
    snapshots: list[np.ndarray] = []
    history = fit(
        network, x, y, loss=make_loss("bce"), optimizer=Adam(), learning_rate=0.02, max_epochs=60,
        validation=validation, stopping=stopping, rng=rng(),
        on_epoch=lambda *_: snapshots.append(network.parameters.copy()), **options,
    )  # fmt: skip
    return network, history, snapshots, validation


def test_early_stopping_restores_the_best_weights() -> None:
    network, history, snapshots, validation = overfitting(EarlyStopping(5))
    losses = history.series["validation_loss"]
    best = int(np.argmin(losses))
    assert history.best_epoch == best + 1
    assert history.epochs == best + 1 + 5 < 60
    assert history.stopped == "no improvement for 5 epochs"
    assert (network.parameters == snapshots[best]).all()
    assert make_loss("bce").value(network.predict(validation[0], logits=True), validation[1]) == losses[best]
    assert losses[-1] > losses[best]


def test_without_stopping_the_last_weights_stay() -> None:
    network, history, snapshots, _ = overfitting(None)
    assert history.epochs == history.best_epoch == 60
    assert history.stopped == "all epochs were run"
    assert (network.parameters == snapshots[-1]).all()


def test_a_metric_of_ones_own_decides() -> None:
    calls: list[np.ndarray] = []

    def accuracy(p: np.ndarray, y: np.ndarray) -> float:
        assert ((p >= 0) & (p <= 1)).all(), "a metric sees probabilities, not logits"
        calls.append(p)
        return float(((p > 0.5) == (y > 0.5)).mean())

    _, history, _, _ = overfitting(EarlyStopping(4, metric=accuracy, higher_is_better=True))
    values = history.series["validation_metric"]
    assert len(calls) == history.epochs
    assert history.best_epoch == int(np.argmax(values)) + 1


def test_metrics_reach_the_callback() -> None:
    x, y = noisy_problem(50, 1)
    seen: list[tuple[int, dict[str, float]]] = []
    network = Network((4, 3), ("sigmoid",), rng=rng())
    history = fit(
        network, x, y, loss=make_loss("bce"), optimizer=Sgd(), max_epochs=3, validation=(x, y), rng=rng(),
        on_epoch=lambda epoch, metrics: seen.append((epoch, dict(metrics))),
    )  # fmt: skip
    assert [epoch for epoch, _ in seen] == [1, 2, 3]
    assert set(seen[0][1]) == {"train_loss", "learning_rate", "validation_loss"}
    assert history.series["train_loss"] == tuple(m["train_loss"] for _, m in seen)


def test_training_loss_is_the_mean_over_all_rows() -> None:
    x, y = noisy_problem(50, 1)
    network = Network((4, 3), ("sigmoid",), rng=rng(), dtype=np.float64)
    before = make_loss("bce").value(network.predict(x, logits=True), y)
    history = fit(
        network,
        x,
        y,
        loss=make_loss("bce"),
        optimizer=Sgd(),
        learning_rate=1e-12,
        batch_size=7,
        max_epochs=1,
        rng=rng(),
    )
    assert history.series["train_loss"][0] == pytest.approx(before, rel=1e-6)


def diverging(x_scale: float, rate: float, epochs: int) -> tuple[Network, Callable[[], object]]:
    x, y = noisy_problem(64, 1)
    network = Network((4, 8, 3), ("relu", "identity"), rng=rng())
    return network, lambda: fit(
        network, x * np.float32(x_scale), y, loss=make_loss("mse"), optimizer=Sgd(), learning_rate=rate,
        max_epochs=epochs, rng=rng(),
    )  # fmt: skip


def test_a_loss_that_explodes_is_one_clear_error() -> None:
    network, run = diverging(1.0, 1e6, 50)
    with pytest.raises(TrainingError, match=r"not finite in epoch \d+: lower the learning rate \(1e\+06\)"):
        run()
    assert np.isfinite(network.parameters).all()


def test_an_error_keeps_the_best_weights_so_far() -> None:
    x, y = noisy_problem(64, 1)
    network = Network((4, 3), ("sigmoid",), rng=rng())
    snapshots: list[bytes] = []

    def spoil(epoch: int, _: object) -> None:
        snapshots.append(network.parameters.tobytes())
        if epoch == 3:
            network.parameters[0] = np.nan

    with pytest.raises(TrainingError, match=r"epoch 4: .* the weights from epoch 3 are kept"):
        fit(network, x, y, loss=make_loss("bce"), optimizer=Adam(), max_epochs=9, rng=rng(), on_epoch=spoil)
    assert network.parameters.tobytes() == snapshots[2]


def test_not_a_number_in_the_rows_keeps_the_start() -> None:
    x, y = noisy_problem(64, 1)
    x[5, 2] = np.nan
    network = Network((4, 3), ("sigmoid",), rng=rng())
    start = network.parameters.tobytes()
    with pytest.raises(TrainingError, match="before training are kept"):
        fit(network, x, y, loss=make_loss("bce"), optimizer=Adam(), rng=rng())
    assert network.parameters.tobytes() == start


@pytest.mark.parametrize("loss", ["mse", "bce", "focal", "cce"])
def test_a_label_without_positives_breaks_nothing(loss: str) -> None:
    x, y = noisy_problem(80, 1)
    y[:, 1] = 0.0
    link = make_loss(loss).link or "sigmoid"
    network = Network((4, 6, 3), ("relu", link), rng=rng())
    fit(network, x, y, loss=make_loss(loss), optimizer=Adam(), learning_rate=0.02, max_epochs=40, rng=rng())
    p = network.predict(x)
    assert np.isfinite(p).all()
    assert p[:, 1].max() < p[:, 2].max()


@pytest.mark.parametrize("rows", [1, 31, 32, 33])
def test_any_number_of_rows(rows: int) -> None:
    x, y = noisy_problem(rows, 1)
    network = Network((4, 3), ("sigmoid",), rng=rng())
    history = fit(network, x, y, loss=make_loss("bce"), optimizer=Adam(), max_epochs=2, rng=rng())
    assert history.epochs == 2


def test_what_does_not_fit_is_refused() -> None:
    x, y = noisy_problem(10, 1)
    linear = Network((4, 3), ("identity",), rng=rng())
    with pytest.raises(InputError, match="needs the output activation 'sigmoid'"):
        fit(linear, x, y, loss=make_loss("bce"), optimizer=Sgd(), rng=rng())
    for options in (
        {"batch_size": 0},
        {"max_epochs": 0},
        {"learning_rate": 0.0},
        {"l2": -1.0},
        {"stopping": EarlyStopping()},
        {"validation": (x[:, :3], y)},
        {"sample_weight": np.ones(9)},
    ):
        with pytest.raises(InputError):
            fit(linear, x, y, loss=make_loss("mse"), optimizer=Sgd(), rng=rng(), **options)  # type: ignore[arg-type]
    for bad_x, bad_y in ((x[:9], y), (x[:0], y[:0]), (x, y[:, :2]), (x[0], y[0])):
        with pytest.raises(InputError):
            fit(linear, bad_x, bad_y, loss=make_loss("mse"), optimizer=Sgd(), rng=rng())
