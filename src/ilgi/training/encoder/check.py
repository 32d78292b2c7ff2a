"""What a network loses on its way into the package: pieces that its vocabulary lacks, precision by 8-bit weights."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, sigmoid
from ilgi.emotion.encoder import EncoderEmotionModel
from ilgi.language import clean_text
from ilgi.training.emotion.metrics import many_labels

_BATCH: Final = 32
_HALVINGS: Final = 20
"""Thresholds are tuned on one half; how the rows are halved alone moves macro-F1 by more than 8 bits do."""


def unknown_share(tokenizer: Any, texts: Sequence[str], unknown: int) -> float:  # noqa: ANN401 (no types)
    """Return the share of pieces of some texts that are read as unknown, in [0, 1].

    Args:
        tokenizer: Of the package tokenizers.
        texts: Texts that the vocabulary was not chosen by.
        unknown: Id of the unknown piece.
    """
    ids = [i for encoding in tokenizer.encode_batch([clean_text(t) for t in texts]) for i in encoding.ids]
    return float(sum(i == unknown for i in ids)) / max(len(ids), 1)


def float_scores(
    model: Any,  # noqa: ANN401 (the class is made when torch is there)
    tokenizer: Any,  # noqa: ANN401
    texts: Sequence[str],
    *,
    source: int,
    padding: int,
    longest: int,
) -> FloatMatrix:
    """Return (n, columns) scores before activation, by the network as it was trained.

    Args:
        model: Of `ilgi.training.encoder.heads.build_model`, set to predict.
        tokenizer: Its tokenizer.
        texts: n texts; what is longer than `longest` is cut off.
        source: Whose biases hold.
        padding: Id of the padding piece.
        longest: Tokens at most.
    """
    import torch

    ids = [encoding.ids[:longest] or [padding] for encoding in tokenizer.encode_batch([clean_text(t) for t in texts])]
    order = np.argsort([len(row) for row in ids], kind="stable")
    parts: list[np.ndarray] = []
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            rows = [ids[i] for i in order[start : start + _BATCH]]
            width = max(map(len, rows))
            block = torch.tensor([row + [padding] * (width - len(row)) for row in rows])
            mask = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
            parts.append(model(block, mask, torch.full((len(rows),), source)).numpy())
    result = np.empty((len(ids), parts[0].shape[1]), dtype=np.float32)
    result[order] = np.concatenate(parts)
    return result


def cost_of_int8(
    scores: FloatMatrix, exported: EncoderEmotionModel, texts: Sequence[str], y: FloatMatrix, *, seed: int
) -> dict[str, float]:
    """Return the macro-F1 and macro AP of both, as JSON; thresholds are tuned for each by the same halves, many times.

    Args:
        scores: (n, columns) of `float_scores`.
        exported: The network as it will be used, alone.
        texts: n texts.
        y: (n, L) in {0, 1}, the labels that come first among the columns.
        seed: Halves the rows.
    """
    found: dict[str, float] = {"rows": len(texts)}
    labels = y.shape[1]
    for name, p in (("float32", sigmoid(scores[:, :labels])), ("int8", exported.predict_proba(texts)[:, :labels])):
        parts = [many_labels(y, p, np.random.default_rng([seed, half])) for half in range(_HALVINGS)]
        found[f"{name}_macro_f1"] = round(float(np.mean([part["macro_f1"] for part in parts])), 4)
        found[f"{name}_macro_ap"] = parts[0]["macro_ap"]
    return found
