from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import COLUMNS, EmotionModel
from ilgi.emotion.reading import Reader
from ilgi.emotion.reference import Reference
from ilgi.training.emotion.certainty_metrics import measure_certainty
from ilgi.training.emotion.diaries import diary_entries

ENTRIES = {e.text: e for e in diary_entries()}


class Knows(EmotionModel):
    """Knows the mood of every entry; its valence contradicts the mood of those that turn."""

    emotions = COLUMNS

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        p = np.full((len(texts), len(COLUMNS)), 0.02, dtype=np.float32)
        for row, text in enumerate(texts):
            if text in ENTRIES:
                entry = ENTRIES[text]
                p[row, COLUMNS.column(f"mood_{entry.mood}")] = 0.94
                bright = entry.mood in ("joy", "optimism")
                p[row, -3] = 0.8 if bright == (entry.turn == "none") else 0.2
        return p


def test_contradictions_are_counted_and_make_unsure() -> None:
    rows = np.linspace(0.3, 0.7, 101, dtype=np.float32)[:, None] * np.ones(len(COLUMNS), dtype=np.float32)
    reader = Reader(Knows(), Reference.fit(COLUMNS, {"ko": rows, "en": rows}), rule="whole")
    told = measure_certainty(reader)
    for language in ("ko", "en"):
        part = told[language]
        assert part["accuracy_when_sure"] == 1.0
        assert part["sure"] == pytest.approx(part["one_mind"])
        assert 0.2 < part["one_mind"] < 0.9


def test_without_a_reference_nothing_contradicts() -> None:
    told = measure_certainty(Reader(Knows(), None, rule="whole"))
    assert told["en"]["one_mind"] is None
    assert told["en"]["sure"] == 1.0
