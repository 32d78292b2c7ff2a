"""What the two benchmarks of the emotion model measure, at small sizes; no time is asserted."""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.aggregate import RULES
from ilgi.emotion.base import COLUMNS, EmotionModel
from ilgi.training.emotion.diary_metrics import agreed_entries
from ilgi.words import MOODS

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


class Flat(EmotionModel):
    """Always sees joy."""

    emotions = COLUMNS

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        p = np.full((len(texts), len(COLUMNS)), 0.1, dtype=np.float32)
        p[:, COLUMNS.column("mood_joy")] = 0.7
        p[:, -3] = np.linspace(0.2, 0.8, len(texts))
        return p


def test_every_rule_is_measured_on_the_same_texts(load: Callable[[str], ModuleType]) -> None:
    bench = load("bench_aggregate")
    entries = agreed_entries("en")[:40]
    rows = bench.figures(Flat(), entries, "en", np.random.default_rng(0))
    assert [row["rule"] for row in rows] == [*RULES, bench.PAIRED]
    joyful = np.mean([e.mood == "joy" for e in entries])
    assert all(row["mood accuracy"] == pytest.approx(joyful, rel=0.01) for row in rows)
    assert len({row["later of two wins"] for row in rows}) == 1


def test_joined_days_end_in_another_mood_than_they_begin(load: Callable[[str], ModuleType]) -> None:
    bench = load("bench_aggregate")
    texts, ends = bench.joined_days("ko", np.random.default_rng(0))
    assert len(texts) == len(ends) == bench.JOINED
    assert set(ends.tolist()) == set(range(len(MOODS)))


def test_texts_have_about_a_hundred_tokens(load: Callable[[str], ModuleType]) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    bench = load("bench_emotion")
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    for language in ("ko", "en"):
        texts = [bench.text_of(tokenizer, language, start) for start in range(3)]
        assert {len(tokenizer.encode(text).ids) for text in texts} == {bench.TOKENS}
        assert len(set(texts)) == 3
