import math

import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.bootstrap import bootstrap_interval, paired_difference
from ilgi.evaluation.metrics import SortedScores, macro_ap


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def test_the_value_is_the_statistic_of_all_rows() -> None:
    values = np.array([1.0, 2.0, 6.0])
    interval = bootstrap_interval(lambda rows: float(values[rows].mean()), ["a", "b", "b"], rng=rng())
    assert interval.value == 3.0
    assert interval.low <= 3.0 <= interval.high


def test_a_group_comes_whole_and_as_often_as_it_was_drawn() -> None:
    groups = np.array(["x", "y", "x", "z", "y", "x"])
    seen = []

    def look(rows: np.ndarray) -> float:
        times = np.bincount(rows, minlength=6)
        seen.append(times)
        return 0.0

    bootstrap_interval(look, groups, rng=rng(), repeats=50)
    assert seen[0].tolist() == [1] * 6
    for times in seen[1:]:
        drawn = {name: set(times[groups == name]) for name in "xyz"}
        assert all(len(counts) == 1 for counts in drawn.values())
        assert sum(counts.pop() for counts in drawn.values()) == 3
    assert len({tuple(times) for times in seen}) > 5


def test_the_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    values = np.random.default_rng(2).normal(size=400)
    interval = bootstrap_interval(lambda rows: float(values[rows].mean()), list(range(400)), rng=rng(), repeats=2000)
    half = 1.96 * values.std() / math.sqrt(400)
    assert interval.low == pytest.approx(values.mean() - half, abs=0.012)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.012)


def test_rows_of_one_film_count_as_one() -> None:
    # 40 films, 25 equal rows each: as uncertain as 40 rows, five times as much as 1,000.
    of_film = np.random.default_rng(3).normal(size=40)
    films = np.repeat(np.arange(40), 25)
    values = of_film[films]

    def width(groups: np.ndarray) -> float:
        interval = bootstrap_interval(lambda rows: float(values[rows].mean()), groups, rng=rng(), repeats=500)
        return interval.high - interval.low

    assert width(films) / width(np.arange(1000)) == pytest.approx(5, rel=0.2)


def test_a_wider_level_gives_a_wider_interval() -> None:
    values = np.arange(30.0)
    narrow, wide = (
        bootstrap_interval(lambda rows: float(values[rows].mean()), range(30), rng=rng(), level=level)
        for level in (0.5, 0.99)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_weights_draw_the_same_films_as_rows() -> None:
    draw = np.random.default_rng(4)
    y, p = draw.integers(0, 2, (120, 5)), draw.integers(0, 20, (120, 5)) / 20
    films = [f"film {i}" for i in draw.integers(0, 25, 120)]
    scores = SortedScores(y, p)
    by_rows = bootstrap_interval(lambda rows: macro_ap(y[rows], p[rows]), films, rng=rng(), repeats=60)
    by_weights = bootstrap_interval(scores.macro, films, rng=rng(), repeats=60, weighted=True)
    assert (by_weights.value, by_weights.low, by_weights.high) == pytest.approx(
        (by_rows.value, by_rows.low, by_rows.high)
    )


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(5).random(50)
    first, again = (bootstrap_interval(lambda r: float(values[r].mean()), range(50), rng=rng()) for _ in range(2))
    assert first == again


def test_a_paired_difference_cancels_what_is_shared() -> None:
    draw = np.random.default_rng(6)
    hard, better = draw.normal(size=200) * 10, draw.normal(0.1, 0.01, size=200)
    one, two = hard + better, hard
    films = range(200)
    paired = paired_difference(
        lambda rows: float(one[rows].mean()), lambda rows: float(two[rows].mean()), films, rng=rng()
    )
    alone = bootstrap_interval(lambda rows: float(one[rows].mean()), films, rng=rng())
    assert 0.09 < paired.low < paired.value < paired.high < 0.11
    assert alone.high - alone.low > 1
    weighted = paired_difference(
        lambda w: float(w @ one / w.sum()), lambda w: float(w @ two / w.sum()), films, rng=rng(), weighted=True
    )
    assert (weighted.low, weighted.high) == pytest.approx((paired.low, paired.high))


def test_resamples_without_an_answer_are_left_out() -> None:
    y = np.array([1.0, 0.0, 0.0])
    interval = bootstrap_interval(
        lambda rows: 1.0 if y[rows].any() else float("nan"), ["a", "b", "c"], rng=rng(), repeats=100
    )
    assert (interval.value, interval.low, interval.high) == (1.0, 1.0, 1.0)
    nothing = bootstrap_interval(lambda _: float("nan"), ["a"], rng=rng(), repeats=3)
    assert all(math.isnan(value) for value in (nothing.value, nothing.low, nothing.high))


@pytest.mark.parametrize("options", [{"repeats": 0}, {"level": 0.0}, {"level": 1.0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InputError):
        bootstrap_interval(lambda _: 0.0, ["a"], rng=rng(), **options)


def test_no_rows_are_refused() -> None:
    with pytest.raises(InputError, match="at least one row"):
        bootstrap_interval(lambda _: 0.0, [], rng=rng())
