from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ilgi.errors import InputError, UnknownName
from ilgi.nn.network import Network


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_output_is_the_formula() -> None:
    network = Network((3, 5, 2), ("tanh", "sigmoid"), rng=rng(), dtype=np.float64)
    network.parameters[network.weights :] = rng(1).normal(size=7)
    x = rng(2).normal(size=(4, 3))
    first, second = network.layers
    z = np.tanh(np.einsum("ni,io->no", x, first.weight) + first.bias) @ second.weight + second.bias
    assert np.allclose(network.predict(x), 1 / (1 + np.exp(-z)))
    assert np.allclose(network.predict(x, logits=True), z)
    assert np.allclose(network.forward(x), network.predict(x))


def test_layers_are_views_with_weights_first_and_biases_at_zero() -> None:
    network = Network((3, 5, 2), ("relu", "identity"), rng=rng())
    assert network.parameters.size == 3 * 5 + 5 * 2 + 5 + 2
    assert network.weights == 25
    assert (network.parameters[:25] != 0).all()
    assert not network.parameters[25:].any()
    network.parameters[:] = np.arange(32)
    assert network.layers[0].weight[0].tolist() == [0, 1, 2, 3, 4]
    assert network.layers[1].weight[-1].tolist() == [23, 24]
    assert network.layers[1].bias.tolist() == [30, 31]


def test_each_layer_has_its_own_initialiser() -> None:
    network = Network((200, 200, 200), ("relu", "identity"), rng=rng(), initializers=("he_normal", "normal"))
    assert network.layers[0].weight.var() == pytest.approx(2 / 200, rel=0.05)
    assert network.layers[1].weight.var() == pytest.approx(1e-4, rel=0.05)


@pytest.mark.parametrize("rows", [0, 1, 511, 512, 513, 1500])
def test_prediction_in_pieces_is_the_prediction(rows: int) -> None:
    network = Network((4, 8, 3), ("relu", "softmax"), rng=rng())
    x = rng(1).normal(size=(rows, 4)).astype(np.float32)
    found = network.predict(x)
    assert found.shape == (rows, 3)
    assert found.dtype == np.float32
    if rows:
        assert np.allclose(found, network.forward(x), atol=1e-6)
        assert np.allclose(found.sum(axis=1), 1.0, atol=1e-6)


def test_predictions_of_several_threads_do_not_mix() -> None:
    network = Network((6, 64, 32, 5), ("relu", "relu", "sigmoid"), rng=rng())
    inputs = [rng(i).normal(size=(300, 6)).astype(np.float32) for i in range(8)]
    alone = [network.predict(x).tobytes() for x in inputs]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            assert [p.tobytes() for p in pool.map(network.predict, inputs)] == alone


def test_dropout_keeps_the_expected_sum_and_acts_only_with_masks() -> None:
    network = Network((3, 2000, 1000, 2), ("relu", "relu", "identity"), rng=rng(), dropout=(0.25, 0.0))
    masks = network.draw_masks(50, rng(1))
    assert masks is not None
    assert masks[1] is None
    first = masks[0]
    assert first is not None
    assert first.shape == (50, 2000)
    assert set(np.unique(first)) == {np.float32(0.0), np.float32(1 / 0.75)}
    assert (first == 0).mean() == pytest.approx(0.25, abs=0.01)
    x = rng(2).normal(size=(50, 3)).astype(np.float32)
    plain = network.forward(x).copy()
    assert not np.allclose(network.forward(x, masks=masks), plain)
    assert (network.forward(x) == plain).all()
    assert Network((3, 4, 2), ("relu", "identity"), rng=rng()).draw_masks(5, rng()) is None


def test_same_seed_same_bytes_and_same_network_in_both_types() -> None:
    a, b = (Network((3, 5, 2), ("relu", "identity"), rng=rng(3)) for _ in range(2))
    assert a.parameters.tobytes() == b.parameters.tobytes()
    double = Network((3, 5, 2), ("relu", "identity"), rng=rng(3), dtype=np.float64)
    assert (double.parameters.astype(np.float32) == a.parameters).all()


@pytest.mark.parametrize(
    "options",
    [
        {"sizes": (3,), "activations": ()},
        {"sizes": (3, 0, 2), "activations": ("relu", "identity")},
        {"sizes": (3, 4, 2), "activations": ("relu",)},
        {"sizes": (3, 4, 2), "activations": ("relu", "identity"), "dropout": 1.0},
        {"sizes": (3, 4, 2), "activations": ("relu", "identity"), "dropout": (0.1, 0.1)},
        {"sizes": (3, 4, 2), "activations": ("relu", "identity"), "initializers": ("normal",)},
        {"sizes": (3, 4, 2), "activations": ("relu", "identity"), "dtype": np.float16},
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Network(rng=rng(), **options)  # type: ignore[arg-type]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownName):
        Network((3, 2), ("rulu",), rng=rng())
    with pytest.raises(UnknownName):
        Network((3, 2), ("relu",), rng=rng(), initializers="ho_normal")
