"""The figures of whole diaries are right where the answer is known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import COLUMNS, EmotionModel
from ilgi.training.emotion.diaries import diary_entries, second_labels
from ilgi.training.emotion.diary_metrics import agreed_entries, draw_diaries, measure_diaries
from ilgi.vocabulary import Vocabulary
from ilgi.words import GOEMOTIONS, MOODS

ENTRIES = {e.text: e for e in diary_entries()}


class Oracle(EmotionModel):
    """Knows the labels of every entry; with `lost`, the mood of every fourth one is wrong."""

    emotions = COLUMNS

    def __init__(self, *, lost: bool = False) -> None:
        self.lost = lost

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        p = np.full((len(texts), len(COLUMNS)), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            entry = ENTRIES[text]
            p[row, COLUMNS.columns(entry.emotions)] = 0.99
            mood = MOODS.column(entry.mood)
            if self.lost and int(entry.id[-3:]) % 4 == 0:
                mood = (mood + 1) % 4
            p[row, len(GOEMOTIONS) + mood] = 0.97
            second = second_labels()[entry.id]
            p[row, -3:] = (entry.valence + second.valence) / 2, (entry.arousal + second.arousal) / 2, 0.5
        return p


def test_agreed_entries_are_held_out_and_have_one_mood() -> None:
    for language in ("ko", "en"):
        entries = agreed_entries(language)
        assert len(entries) > 300
        assert all(e.held_out and second_labels()[e.id].mood == e.mood for e in entries)


def test_a_model_that_knows_everything() -> None:
    told = measure_diaries(Oracle(), rng=np.random.default_rng(0))
    for language in ("ko", "en"):
        part = told[f"diaries_{language}"]
        assert part["mood_accuracy"] == part["mood_accuracy_where_it_turns"] == part["valence_r"] == 1.0
        assert part["ece"] == pytest.approx(0.01, abs=1e-3)
        assert part["mood_ece"] < 0.03
    assert told["suggested_mood_least"] == pytest.approx(0.97, abs=0.0011)
    assert told["suggested_mood_least"] <= 0.97
    assert told["possible_moods"]["sizes"][1] == 1.0


def test_what_is_often_wrong_keeps_more_moods_possible() -> None:
    told = measure_diaries(Oracle(lost=True), rng=np.random.default_rng(0))
    assert told["diaries_en"]["mood_accuracy"] == pytest.approx(0.75, abs=0.05)
    assert told["suggested_mood_least"] == pytest.approx(0.01, abs=0.0011)
    assert told["possible_moods"]["coverage"] == {"ko": 1.0, "en": 1.0}


def test_a_model_without_moods_gives_nothing() -> None:
    class Few(Oracle):
        emotions = Vocabulary(("joy",), kind="emotion")

    assert measure_diaries(Few(), rng=np.random.default_rng(0)) == {}


def test_its_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra 'train'")
    draw_diaries(tmp_path, Oracle())
    assert {file.name for file in tmp_path.iterdir()} == {"reliability-moods.png", "reliability-emotions.png"}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in tmp_path.iterdir())
