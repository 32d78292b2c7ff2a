from typing import Any

from ilgi.training.emotion_figures import figures_text, label_table
from ilgi.words import GOEMOTIONS

METRICS: dict[str, Any] = {
    "rows": {"train": 9, "validation": 30},
    "isear": {"rows": 30, "macro_f1_of_7": 0.5, "macro_f1_of_7_se": 0.02},
    "kote": {"rows": 20},
    "suggested_sure_below": 0.6,
    "sure": {"isear": {"emotional_sure": 0.9}},
    "possible_moods": {"rows": 50, "coverage": 0.9},
    "int8": {"en": {"rows": 9}},
    "unknown_pieces": {"en": 0.001},
}


def test_figures_stand_beside_their_errors() -> None:
    assert figures_text(METRICS) == [
        "isear, 30 rows: macro-F1 of seven 0.500 (s.e. 0.020)",
        "kote, 20 rows: nothing to measure",
    ]


def test_each_emotion_has_its_line() -> None:
    part = {
        "rows": 9,
        "ap": {"joy": 0.5},
        "f1": dict.fromkeys(GOEMOTIONS, 0.4),
        "threshold": dict.fromkeys(GOEMOTIONS, 0.3),
    }
    lines = label_table({"goemotions_ko": part})
    assert "| emotion | AP, ko | F1, ko | threshold, ko |" in lines
    assert "| joy | 0.500 | 0.400 | 0.300 |" in lines
    assert "| fear | – | 0.400 | 0.300 |" in lines
    assert label_table(METRICS) == []
