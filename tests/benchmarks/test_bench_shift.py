"""The benchmark of kinds of diary-like texts runs at a tiny size."""

from collections.abc import Callable
from types import ModuleType

import pytest

from ilgi.emotion.load import load_emotion_model
from ilgi.training.emotion.diaries import diary_entries


def test_measures_every_kind(load: Callable[[str], ModuleType]) -> None:
    pytest.importorskip("sklearn", reason="needs the extra 'train'")
    texts = [e.text for e in diary_entries() if e.language == "en"][:60]
    result = load("bench_shift").run(load_emotion_model("embedded:ko-en"), texts[:30], {"own": texts[30:]})
    (row,) = result["rows"]
    assert row["number"] == 30
    assert 0 <= row["mean distance of a column"] < 0.5
    assert len(row["furthest apart"].split(", ")) == 5
