"""The figures are right where the answer is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import COLUMNS, EmotionModel
from ilgi.training.emotion.data import EmotionData
from ilgi.training.emotion.labels import TABLES
from ilgi.training.emotion.metrics import measure
from ilgi.words import GOEMOTIONS


class Told(EmotionModel):
    """Scores each text by a table: text "3" is row 3."""

    emotions = COLUMNS

    def __init__(self, scores: np.ndarray) -> None:
        self.scores = scores.astype(np.float32)

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        return self.scores[[int(t) for t in texts]]


def data_of(source: str, targets: np.ndarray) -> EmotionData:
    n = len(targets)
    return EmotionData(
        tuple(map(str, range(n))), (source,) * n, ("en",) * n, ("validation",) * n,
        targets.astype(np.float32), np.full(n, -1, np.int64),
    )  # fmt: skip


def goemotions(n: int = 560) -> np.ndarray:
    return np.stack([TABLES["goemotions"].read([GOEMOTIONS[i % 28]]) for i in range(n)])


def test_a_perfect_model() -> None:
    targets = goemotions()
    told = measure(
        Told(np.nan_to_num(targets, nan=0.5)), data_of("goemotions_en", targets), rng=np.random.default_rng(0)
    )
    part = told["goemotions_en"]
    assert (part["macro_f1"], part["micro_f1"], part["macro_ap"], part["ece"]) == (1.0, 1.0, 1.0, 0.0)
    assert part["macro_f1_se"] == 0.0
    assert part["mood_macro_f1"] == 1.0


def test_a_model_that_knows_nothing() -> None:
    targets = goemotions()
    scores = np.full((560, 35), 1 / 28)
    part = measure(Told(scores), data_of("goemotions_en", targets), rng=np.random.default_rng(0))["goemotions_en"]
    assert part["macro_ap"] == pytest.approx(1 / 28, abs=1e-3)
    assert part["ece"] == pytest.approx(0.0, abs=1e-4)
    assert part["macro_f1"] == pytest.approx(2 / 29, abs=1e-3)  # all picked: precision 1/28, recall 1


def test_seven_classes_and_sure_below() -> None:
    names = ("joy", "fear", "anger", "sadness", "disgust", "shame", "guilt")
    targets = np.stack([TABLES["isear"].read([names[i % 7]]) for i in range(210)])
    scores = np.nan_to_num(targets) * 0.5 + 0.1
    scores[:, COLUMNS.column("neutral")] = np.linspace(0.0, 1.0, 210)
    told = measure(Told(scores), data_of("isear", targets), rng=np.random.default_rng(0))
    assert told["isear"]["macro_f1_of_7"] == 1.0
    assert told["suggested_sure_below"] == pytest.approx(0.95, abs=0.002)
    assert told["sure"]["isear"]["emotional_sure"] == pytest.approx(0.95, abs=0.01)


def test_correlation_of_dimensions() -> None:
    targets = np.full((50, 35), np.nan)
    targets[:, 32] = np.linspace(0, 1, 50)
    scores = np.full((50, 35), 0.5)
    scores[:, 32] = 1 - np.linspace(0, 1, 50) * 0.5
    part = measure(Told(scores), data_of("emobank", targets), rng=np.random.default_rng(0))["emobank"]
    assert part["valence_r"] == -1.0
    assert "arousal_r" not in part


def test_few_rows_are_not_measured() -> None:
    assert measure(Told(np.zeros((5, 35))), data_of("isear", np.zeros((5, 35))), rng=np.random.default_rng(0)) == {}
