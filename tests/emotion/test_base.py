from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.errors import InputError
from ilgi.testing import EmotionModelContract
from ilgi.vocabulary import Vocabulary


class LengthModel(EmotionModel):
    """Reads longer texts as more joyful: the smallest possible model."""

    emotions = Vocabulary(("joy", "neutral"), kind="emotion")

    def __init__(self) -> None:
        self.batches: list[int] = []

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        self.batches.append(len(texts))
        joy = np.array([min(len(t) / 100, 1.0) for t in texts], dtype=np.float32)
        return np.stack([joy, 1 - joy], axis=1)


class TestTheContractOnASmallModel(EmotionModelContract):
    def make(self) -> EmotionModel:
        return LengthModel()


class NeighbourModel(LengthModel):
    """Breaks the rule: scores are relative to the batch."""

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        scores = super()._predict_batch(texts)
        return scores / scores.max()


def test_the_contract_catches_a_model_that_looks_at_neighbours() -> None:
    class Contract(EmotionModelContract):
        def make(self) -> EmotionModel:
            return NeighbourModel()

    with pytest.raises(AssertionError):
        Contract().test_neighbours_change_nothing()


def test_batches_are_no_larger_than_the_model_allows() -> None:
    model = LengthModel()
    model.predict_proba(["x"] * (2 * model.batch_size + 1))
    assert model.batches == [model.batch_size, model.batch_size, 1]


def test_texts_must_be_strings() -> None:
    with pytest.raises(InputError, match="must be strings, not NoneType"):
        LengthModel().predict_proba(["a", None])


def test_scores_out_of_range_are_refused() -> None:
    class Wild(LengthModel):
        def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
            return np.full((len(texts), 2), 1.5, dtype=np.float32)

    with pytest.raises(InputError, match="scores of Wild must lie between 0 and 1"):
        Wild().predict_proba(["a"])
