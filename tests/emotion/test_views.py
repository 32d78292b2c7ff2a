import numpy as np
import pytest

from ilgi.emotion.views import (
    CIRCUMPLEX,
    MOOD_SHARES,
    emotions_of,
    is_emotion,
    mood_of,
    neutrality,
    valence_arousal_of,
)
from ilgi.vocabulary import Vocabulary
from ilgi.words import GOEMOTIONS, MOODS

EQUAL = dict.fromkeys(MOODS, 0.25)


def vector(columns: Vocabulary, **values: float) -> np.ndarray:
    affect = np.zeros(len(columns), dtype=np.float32)
    for name, value in values.items():
        affect[columns.column(name)] = value
    return affect


def test_both_tables_know_every_emotion_of_goemotions() -> None:
    assert set(GOEMOTIONS) <= set(MOOD_SHARES)
    assert set(MOOD_SHARES) == set(CIRCUMPLEX)
    for shares in MOOD_SHARES.values():
        assert set(shares) <= set(MOODS)
        assert sum(shares.values()) == pytest.approx(1.0)
    assert all(0 <= v <= 1 and 0 <= a <= 1 for v, a in CIRCUMPLEX.values())


def test_the_circumplex_has_its_four_quarters() -> None:
    low_high = {name: (v < 0.5, a < 0.5) for name, (v, a) in CIRCUMPLEX.items()}
    assert low_high["excitement"] == (False, False)
    assert low_high["anger"] == low_high["fear"] == (True, False)
    assert low_high["sadness"] == low_high["disappointment"] == (True, True)
    assert low_high["relief"] == (False, True)


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_of_its_own_name_is_that_mood(mood: str) -> None:
    assert mood_of(GOEMOTIONS, vector(GOEMOTIONS, **{mood: 0.3}))[mood] == pytest.approx(1.0)


def test_moods_of_feelings_without_one() -> None:
    worried = mood_of(GOEMOTIONS, vector(GOEMOTIONS, fear=0.4, nervousness=0.4))
    assert worried["sadness"] == pytest.approx(1.0)
    mixed = mood_of(GOEMOTIONS, vector(GOEMOTIONS, annoyance=0.6, gratitude=0.2))
    assert mixed == pytest.approx({"joy": 0.15, "optimism": 0.10, "anger": 0.75, "sadness": 0.0})


def test_neutral_spreads_in_no_direction() -> None:
    assert mood_of(GOEMOTIONS, vector(GOEMOTIONS, neutral=0.9)) == pytest.approx(EQUAL)
    assert mood_of(GOEMOTIONS, vector(GOEMOTIONS)) == pytest.approx(EQUAL)
    hint = mood_of(GOEMOTIONS, vector(GOEMOTIONS, neutral=0.8, sadness=0.2))
    assert hint == pytest.approx({"joy": 0.2, "optimism": 0.2, "anger": 0.2, "sadness": 0.4})


def test_the_models_own_moods_come_first_and_sum_to_one() -> None:
    columns = Vocabulary((*GOEMOTIONS, *(f"mood_{m}" for m in MOODS), "valence"), kind="emotion")
    affect = vector(columns, anger=1.0, mood_joy=0.3, mood_optimism=0.1, mood_anger=0.0, mood_sadness=0.1)
    assert mood_of(columns, affect) == pytest.approx({"joy": 0.6, "optimism": 0.2, "anger": 0.0, "sadness": 0.2})
    assert mood_of(columns, vector(columns, anger=1.0)) == pytest.approx(EQUAL)


def test_a_model_of_exactly_the_four_is_taken_at_its_word() -> None:
    columns = Vocabulary(("anger", "joy", "optimism", "sadness", "arousal"), kind="emotion")
    affect = np.array([0.1, 0.2, 0.3, 0.2, 1.0], dtype=np.float32)
    assert mood_of(columns, affect) == pytest.approx({"joy": 0.25, "optimism": 0.375, "anger": 0.125, "sadness": 0.25})


def test_names_that_no_table_knows_say_nothing() -> None:
    columns = Vocabulary(("saudade", "joy"), kind="emotion")
    assert mood_of(columns, np.array([0.9, 0.1], np.float32))["joy"] == pytest.approx(1.0)
    assert mood_of(columns, np.array([0.9, 0.0], np.float32)) == pytest.approx(EQUAL)
    assert valence_arousal_of(columns, np.array([0.9, 0.1], np.float32)) == pytest.approx(CIRCUMPLEX["joy"])


def test_emotions_are_what_is_left_without_moods_and_dimensions() -> None:
    columns = Vocabulary(("joy", "mood_joy", "valence", "arousal", "dominance", "fear"), kind="emotion")
    affect = np.linspace(0, 1, 6, dtype=np.float32)
    assert emotions_of(columns, affect) == {"joy": 0.0, "fear": 1.0}
    assert [is_emotion(name) for name in columns] == [True, False, False, False, False, True]


def test_valence_and_arousal_are_a_weighted_mean_of_points() -> None:
    affect = vector(GOEMOTIONS, joy=0.6, sadness=0.2)
    joy, sadness = CIRCUMPLEX["joy"], CIRCUMPLEX["sadness"]
    expected = tuple(0.75 * j + 0.25 * s for j, s in zip(joy, sadness, strict=True))
    assert valence_arousal_of(GOEMOTIONS, affect) == pytest.approx(expected)
    assert valence_arousal_of(GOEMOTIONS, vector(GOEMOTIONS)) == CIRCUMPLEX["neutral"]


def test_columns_of_that_name_come_before_the_table() -> None:
    columns = Vocabulary(("joy", "valence"), kind="emotion")
    valence, arousal = valence_arousal_of(columns, np.array([1.0, 0.125], np.float32))
    assert valence == 0.125
    assert arousal == CIRCUMPLEX["joy"][1]


def test_neutrality() -> None:
    scores = np.array([[0.2, 0.7], [0.9, 0.0]], dtype=np.float32)
    assert neutrality(Vocabulary(("joy", "neutral")), scores) == pytest.approx([0.7, 0.0])
    assert neutrality(Vocabulary(("joy", "fear")), scores) == pytest.approx([0.3, 0.1])
    assert neutrality(Vocabulary(("joy", "valence")), scores) == pytest.approx([0.8, 0.1])
    assert neutrality(Vocabulary(("valence", "arousal")), scores).tolist() == [1.0, 1.0]
