from dataclasses import replace

import numpy as np
import pytest

from ilgi.ranking.variety import choose, series_of
from ilgi.testing import felt_catalog


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ice Age", "Ice Age: Continental Drift"),
        ("The Equalizer", "The Equalizer 2"),
        ("John Wick: Chapter 2", "John Wick: Chapter 3 - Parabellum"),
        ("The Godfather", "The Godfather Part II"),
        ("공공의 적", "공공의 적 2"),
        ("신과함께-죄와 벌", "신과함께-죄와 벌"),
        ("해리 포터와 마법사의 돌", "해리 포터와 마법사의 돌"),
    ],
)
def test_parts_of_a_series_have_one_name(one: str, other: str) -> None:
    assert series_of(one) == series_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1987", "1917"), ("Up", "M"), ("Se7en", "Seven Samurai"), ("It", "If....")]
)
def test_other_films_have_others(one: str, other: str) -> None:
    assert series_of(one) != series_of(other)


def test_each_place_is_filled_by_its_own_scores_and_never_twice() -> None:
    films = felt_catalog().take([0, 4, 8])
    scores = [np.array([3.0, 2.0, 1.0], dtype=np.float32)] * 2 + [np.array([0.0, 0.0, 9.0], dtype=np.float32)]
    assert choose(scores, films, np.arange(len(films)), diversity=0.0).tolist() == [0, 1, 2]
    few = [np.array([1.0, -np.inf, -np.inf], dtype=np.float32)] * 2
    assert choose(few, films, np.arange(len(films)), diversity=0.0).tolist() == [0, -1]


def test_variety_has_its_price() -> None:
    films = felt_catalog().take([0, 1, 4, 8])
    films = replace(films, titles={"en": ("Moonrise", "Sunfall", "Harbour", "Orchard")})
    scores = [np.array([3.0, 2.9, 2.5, 0.0], dtype=np.float32)] * 2
    assert choose(scores, films, np.arange(len(films)), diversity=0.0).tolist() == [0, 1]
    assert choose(scores, films, np.arange(len(films)), diversity=1.0).tolist() == [0, 2]
    # Without profiles only labels are shared, and all have the same: the best come.
    assert choose(scores, replace(films, profiles=None), np.arange(4), diversity=1.0).tolist() == [0, 1]


def test_positions_are_those_of_the_rows_given() -> None:
    films = felt_catalog()
    rows = np.array([40, 8, 0])
    scores = [np.array([1.0, 2.0, 3.0], dtype=np.float32)] * 2
    assert choose(scores, films, rows, diversity=0.0).tolist() == [2, 1]


def test_of_a_series_one_is_enough_while_there_are_others() -> None:
    films = replace(felt_catalog().take([0, 4, 8]), titles={"en": ("Night", "Night 2", "Noon"), "ko": ("", "", "")})
    scores = [np.array([3.0, 2.0, 1.0], dtype=np.float32)] * 2
    assert choose(scores, films, np.arange(len(films)), diversity=0.0).tolist() == [0, 2]
    assert choose([*scores, scores[0]], films, np.arange(len(films)), diversity=0.0).tolist() == [0, 2, 1]


def test_a_path_rises_where_it_can() -> None:
    films = felt_catalog().take([0, 4, 8])
    scores = [np.array([3.0, 2.0, 1.0], dtype=np.float32)] * 3
    valence = np.array([0.0, -1.0, 1.0], dtype=np.float32)
    assert choose(scores, films, np.arange(len(films)), diversity=0.0, rising=valence).tolist() == [1, 0, 2]
    level = np.zeros(3, dtype=np.float32)
    assert choose(scores, films, np.arange(len(films)), diversity=0.0, rising=level).tolist() == [0, 1, 2]
