from pathlib import Path

import numpy as np

from ilgi.evaluation.mood_tags import GROUPS, MOODS
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.mood_queries import mood_queries


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_only_held_out_entries_ask_in_both_languages() -> None:
    held_out = {e.text for e in diary_entries() if e.held_out}
    queries = mood_queries(None, rng=rng())
    assert {q.text for q in queries} <= held_out
    for language in ("ko", "en"):
        assert {q.mood for q in queries if q.language == language} >= set(MOODS)


def test_moods_are_drawn_up_to_a_limit_and_the_same_seed_draws_the_same() -> None:
    few = mood_queries(None, rng=rng(), most=5)
    assert few == mood_queries(None, rng=rng(), most=5)
    assert few != mood_queries(None, rng=rng(1), most=5)
    for mood in GROUPS:
        assert sum((q.mood, q.language) == (mood, "ko") for q in few) <= 5


def test_events_ask_in_english(tmp_path: Path) -> None:
    assert mood_queries(tmp_path, rng=rng(), most=3) == mood_queries(None, rng=rng(), most=3)
    (tmp_path / "emotion").mkdir()
    labels = ("joy", "fear", "anger", "sadness", "disgust", "shame", "guilt")
    lines = [f"the day number {i} when it was {label}\t{label}" for i in range(40) for label in labels]
    (tmp_path / "emotion/isear_train.tsv").write_text("text\tlabel\n" + "\n".join(lines) + "\n", encoding="utf-8")
    events = [q for q in mood_queries(tmp_path, rng=rng(), most=1000) if q.text.startswith("the day")]
    assert 0 < len(events) < 160 / 4
    assert all(q.language == "en" and q.text.endswith(q.mood) for q in events)
