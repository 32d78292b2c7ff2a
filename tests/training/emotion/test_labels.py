"""Labels of other data sets say yes, no, or nothing about our columns."""

import numpy as np
import pytest

from ilgi.emotion.base import COLUMNS
from ilgi.training.emotion.labels import GOEMOTIONS_MOOD, TABLES
from ilgi.words import GOEMOTIONS, MOODS


def told(table: str, *labels: str) -> dict[str, float]:
    row = TABLES[table].read(labels)
    return {name: float(v) for name, v in zip(COLUMNS, row, strict=True) if not np.isnan(v)}


def moods(row: dict[str, float]) -> list[float]:
    return [row[f"mood_{m}"] for m in MOODS if f"mood_{m}" in row]


@pytest.mark.parametrize("table", TABLES)
def test_tables_name_only_columns_and_moods_that_exist(table: str) -> None:
    rules = TABLES[table]
    for columns in (*rules.positive.values(), *rules.doubtful.values()):
        assert set(columns) <= set(GOEMOTIONS)
    assert set(rules.mood.values()) <= set(MOODS)


def test_goemotions_knows_all_28() -> None:
    row = told("goemotions", "joy", "excitement")
    assert [name for name in GOEMOTIONS if row[name] == 1.0] == ["excitement", "joy"]
    assert sum(name in row for name in GOEMOTIONS) == 28
    assert moods(row) == [1, 0, 0, 0]
    assert not {"valence", "arousal", "dominance"} & row.keys()


def test_moods_that_disagree_are_unknown_and_no_feeling_is_equal_shares() -> None:
    assert moods(told("goemotions", "joy", "anger")) == []
    assert moods(told("goemotions", "curiosity")) == []
    assert moods(told("goemotions", "neutral")) == [0.25] * 4
    assert moods(told("goemotions", "neutral", "anger")) == [0, 0, 1, 0]


def test_isear_knows_its_seven_and_doubts_shame_against_guilt() -> None:
    row = told("isear", "shame")
    assert row["embarrassment"] == 1.0
    assert "remorse" not in row
    assert row["joy"] == 0.0
    assert "neutral" not in row
    assert told("isear", "guilt")["remorse"] == 1.0


def test_carer_and_tweeteval() -> None:
    assert "love" not in told("carer", "joy")
    assert told("carer", "anger")["love"] == 0.0
    assert told("tweeteval", "optimism") == {"mood_joy": 0, "mood_optimism": 1, "mood_anger": 0, "mood_sadness": 0}


def test_kote_masks_what_its_labels_leave_open() -> None:
    hate = told("kote", "증오/혐오")
    assert "anger" not in hate
    assert "disgust" not in hate
    assert hate["joy"] == 0.0
    # A label that says yes outweighs one that only doubts.
    assert told("kote", "증오/혐오", "화남/분노")["anger"] == 1.0
    assert "amusement" not in told("kote", "기쁨")
    assert told("kote", "없음")["neutral"] == 1.0


def test_every_mood_is_taught() -> None:
    assert set(GOEMOTIONS_MOOD.values()) == set(MOODS)
    assert set(GOEMOTIONS_MOOD) <= set(GOEMOTIONS)
