"""What is lost on the way into the package is measured against the network as it was trained."""

from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix, logit
from ilgi.training.encoder.check import cost_of_int8, float_scores, unknown_share

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")


class Encoding:
    def __init__(self, text: str) -> None:
        self.ids = [ord(c) % 7 for c in text]


class Letters:
    """A tokenizer of single letters; every seventh is unknown."""

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        return [Encoding(text) for text in texts]


class Sum(torch.nn.Module):  # type: ignore[misc]
    """Scores: the sum of the ids that are no padding, and the source."""

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, source: torch.Tensor) -> torch.Tensor:
        return torch.stack([(ids * mask).sum(dim=1), source.float()], dim=1)


def test_the_share_of_unknown_pieces() -> None:
    assert unknown_share(Letters(), ["aa", "bc"], ord("c") % 7) == 0.25
    assert unknown_share(Letters(), [], 0) == 0.0


def test_scores_come_in_the_order_of_the_texts_and_padding_does_not_count() -> None:
    texts = ["abcabcabc", "a", "", "cc"] * 20
    scores = float_scores(Sum(), Letters(), texts, source=3, padding=5, longest=4)
    expected = [sum(Encoding(t).ids[:4]) if t else 5 for t in texts]
    assert scores[:, 0].tolist() == expected
    assert set(scores[:, 1].tolist()) == {3.0}


def test_both_are_scored_by_the_same_halves() -> None:
    rng = np.random.default_rng(0)
    y = (rng.random((200, 28)) < 0.3).astype(np.float32)
    p = np.clip(y * 0.5 + rng.random((200, 28)) * 0.5, 0.01, 0.99).astype(np.float32)

    class Same:
        def predict_proba(self, _texts: Sequence[str]) -> FloatMatrix:
            return p

    found = cost_of_int8(logit(p), Same(), [""] * 200, y, seed=1)  # type: ignore[arg-type]
    assert found["rows"] == 200
    assert found["int8_macro_f1"] == pytest.approx(found["float32_macro_f1"], abs=0.01)
    assert found["int8_macro_ap"] == pytest.approx(found["float32_macro_ap"], abs=0.01)
    noisy = logit(np.clip(p + rng.normal(0, 0.3, p.shape), 0.01, 0.99).astype(np.float32))
    worse = cost_of_int8(noisy, Same(), [""] * 200, y, seed=1)  # type: ignore[arg-type]
    assert worse["float32_macro_ap"] < worse["int8_macro_ap"] - 0.05
