"""What every sequence-classification model shares, whichever engine runs it: labels, activation, windows of tokens.

`onnx` and `hf` differ in how a window of tokens becomes logits. How a text becomes windows and logits become scores is
here, once, so that both give the same scores.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Tokenizer

from ilgi.arrays import AnyArray, FloatMatrix, IntVector, sigmoid
from ilgi.errors import BundleDamaged, DataError

LONGEST_WINDOW: Final = 512
"""Tokens in one window at most, also for a model with more positions: attention grows with the square of it."""

_GENERIC: Final = re.compile(r"label_\d+")
# Models whose positions count from pad_token_id + 1 (as in fairseq), so that the first ones are never used.
_SHIFTED: Final = frozenset(
    (
        "camembert", "data2vec-text", "longformer", "mpnet", "roberta", "roberta-prelayernorm", "xlm-roberta",
        "xlm-roberta-xl", "xmod",
    )
)  # fmt: skip


class SequenceHead(BaseModel):
    """How to read the logits of one model, as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    labels: tuple[str, ...] = Field(min_length=1)
    """The E output columns, lower case, in logit order."""
    problem_type: Literal["single_label_classification", "multi_label_classification"]
    """Softmax over the labels, or a sigmoid for each."""
    max_length: int = Field(ge=8, le=LONGEST_WINDOW)
    """Tokens in one window at most, special tokens among them."""
    pad_id: int = Field(ge=0)
    """The token that fills a row."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Read it from the `config.json` of a transformers model.

        Args:
            config: Its content. `id2label` names the columns; `problem_type` may be missing, which means softmax.

        Raises:
            DataError: The labels have no names, or another entry can't be used.
        """
        names = config.get("id2label")
        try:
            by_id = {int(i): str(name).strip().lower() for i, name in dict(names or {}).items()}
        except (TypeError, ValueError):
            by_id = {}
        labels = [by_id[i] for i in sorted(by_id)]
        if sorted(by_id) != list(range(len(by_id))) or not labels or any(map(_GENERIC.fullmatch, labels)):
            raise DataError("the model doesn't name its labels: put the emotions into 'id2label' of its config.json")
        if len(set(labels)) != len(labels) or "" in labels:
            raise DataError(
                "two labels of the model have one name, or one has none: mend 'id2label' in its config.json"
            )
        pad = config.get("pad_token_id")
        pad_id = pad if isinstance(pad, int) else 0
        positions = config.get("max_position_embeddings")
        length = positions if isinstance(positions, int) and positions > 0 else LONGEST_WINDOW
        if config.get("model_type") in _SHIFTED:
            length -= pad_id + 1
        try:
            return cls(
                labels=tuple(labels),
                problem_type=config.get("problem_type") or "single_label_classification",
                max_length=min(length, LONGEST_WINDOW),
                pad_id=pad_id,
            )
        except ValidationError as error:
            where = error.errors()[0]["loc"][0]
            raise DataError(f"the model's config.json has a {where!r} that can't be used for classification") from error

    def probabilities(self, logits: AnyArray) -> FloatMatrix:
        """Return (w, E) float32 in [0, 1] for (w, E) logits: softmax over each row, or a sigmoid of each entry.

        Raises:
            DataError: Another number of columns than labels, or a logit that isn't finite.
        """
        x = np.asarray(logits, dtype=np.float32)
        if x.ndim != 2 or x.shape[1] != len(self.labels):
            raise DataError(f"the model gives logits of shape {list(x.shape)} for {len(self.labels)} labels")
        if not np.isfinite(x).all():
            raise DataError("the model gives logits that aren't finite: try float32, or export it again")
        if self.problem_type == "multi_label_classification":
            return sigmoid(x)
        raised = np.exp(x - x.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Window:
    """A stretch of one text's tokens that fits the model."""

    text: int
    """Number of the text that it belongs to."""
    ids: tuple[int, ...]
    """Token ids, special tokens included; at least one."""
    type_ids: tuple[int, ...]
    """Segment of each token."""
    tokens: int
    """How many of them aren't special: its share in the text's score."""


def read_tokenizer(content: bytes, head: SequenceHead) -> Tokenizer:
    """Return the tokenizer of a `tokenizer.json`, set to cut windows of `head.max_length` and to pad nothing.

    Raises:
        BundleDamaged: The content isn't a tokenizer.
    """
    try:
        tokenizer = Tokenizer.from_buffer(content)
        tokenizer.no_padding()
        tokenizer.enable_truncation(head.max_length)
    except Exception as error:  # the Rust side raises bare Exception
        raise BundleDamaged("tokenizer.json", "is not a tokenizer") from error
    return tokenizer


def windows_of(tokenizer: Tokenizer, texts: Sequence[str], head: SequenceHead) -> list[Window]:
    """Return the windows of texts, in text order; every token is in exactly one, and every text has at least one."""
    windows = []
    for number, text in enumerate(texts):
        whole = tokenizer.encode(text)
        for part in (whole, *whole.overflowing):
            tokens = len(part.ids) - sum(part.special_tokens_mask)
            # A tokenizer without special tokens turns "" into nothing, which no model can read.
            windows.append(Window(number, tuple(part.ids) or (head.pad_id,), tuple(part.type_ids) or (0,), tokens))
    return windows


def combine(windows: Sequence[Window], probabilities: FloatMatrix, texts: int) -> FloatMatrix:
    """Return (texts, E): each text's mean over its windows, weighted by their number of tokens.

    Args:
        windows: The w windows of all texts.
        probabilities: (w, E) in [0, 1], one row for each window.
        texts: How many texts there are.
    """
    owner: IntVector = np.array([w.text for w in windows], dtype=np.int64)
    weight = np.array([max(w.tokens, 1) for w in windows], dtype=np.float64)
    total = np.zeros((texts, probabilities.shape[1]), dtype=np.float64)
    np.add.at(total, owner, probabilities * weight[:, None])
    share = np.zeros(texts, dtype=np.float64)
    np.add.at(share, owner, weight)
    return np.clip(total / share[:, None], 0.0, 1.0).astype(np.float32)
