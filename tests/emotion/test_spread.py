import numpy as np
import pytest

from ilgi.emotion.spread import (
    spread_columns,
    spread_of,
    spread_without_each_sentence,
    spreads_among,
    with_spread,
)
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "mood_joy"), kind="affect column")


def test_columns_are_named_after_their_own() -> None:
    assert spread_columns(COLUMNS).names == ("joy spread", "mood_joy spread")
    both = with_spread(COLUMNS)
    assert both.names == ("joy", "mood_joy", "joy spread", "mood_joy spread")
    assert both.kind == "affect column"
    assert spreads_among(both) == ("joy spread", "mood_joy spread")
    assert spreads_among(COLUMNS) == ()


def test_the_spread_by_hand() -> None:
    scores = np.array([[0.2, 0.5], [0.6, 0.5]], dtype=np.float32)
    # Mean 0.25 · 0.2 + 0.75 · 0.6 = 0.5; variance 0.25 · 0.09 + 0.75 · 0.01 = 0.03.
    found = spread_of(scores, np.array([0.25, 0.75], dtype=np.float32))
    assert found == pytest.approx([0.03**0.5, 0.0], abs=1e-6)
    assert found.dtype == np.float32


def test_one_sentence_has_none_and_no_text_more_than_half() -> None:
    assert spread_of(np.array([[0.3, 0.9]], dtype=np.float32), np.ones(1, dtype=np.float32)).tolist() == [0.0, 0.0]
    ends = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    assert spread_of(ends, np.full(2, 0.5, dtype=np.float32)).tolist() == [0.5, 0.5]


def test_without_each_sentence_is_the_spread_of_the_others() -> None:
    rng = np.random.default_rng(3)
    scores = rng.random((6, 4)).astype(np.float32)
    weights = rng.random(6).astype(np.float32)
    weights /= weights.sum()
    others = [
        spread_of(np.delete(scores, i, axis=0), np.delete(weights, i) / np.delete(weights, i).sum()) for i in range(6)
    ]
    assert spread_without_each_sentence(scores, weights) == pytest.approx(np.stack(others), abs=1e-6)


def test_a_lone_sentence_changes_nothing() -> None:
    alone = np.array([[0.3, 0.9]], dtype=np.float32)
    assert spread_without_each_sentence(alone, np.ones(1, dtype=np.float32)).tolist() == [[0.0, 0.0]]
    two = np.array([[0.3, 0.9], [0.6, 0.1]], dtype=np.float32)
    # Of two sentences one is left, or, where it has all the weight, the whole as it is.
    assert spread_without_each_sentence(two, np.array([0.5, 0.5], dtype=np.float32)) == pytest.approx(0.0, abs=1e-7)
    assert spread_without_each_sentence(two, np.array([1.0, 0.0], dtype=np.float32)) == pytest.approx(0.0, abs=1e-7)
