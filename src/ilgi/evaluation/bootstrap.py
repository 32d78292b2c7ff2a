"""How sure a measured figure is: percentile intervals by resampling whole groups.

Reviews of one film are alike, so resampling rows would make every interval too narrow. Here the groups (films) are
drawn with replacement, as many as there are, and each brings all its rows: the cluster bootstrap (Davison and Hinkley
1997, "Bootstrap Methods and their Application", 3.8; percentile intervals: Efron and Tibshirani 1993, 13.3).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import AnyArray, IntVector
from ilgi.errors import InputError

Statistic = Callable[[AnyArray], float]
"""Takes row numbers (m,) int64, some of them several times; or, where `weighted`, how often each of the n rows stands
in the resample (n,) float64. Returns one number."""


@dataclass(frozen=True)
class Interval:
    """A figure, and where it would lie in `level` of all worlds with other films."""

    value: float
    """The statistic on all rows, each once."""
    low: float
    """The lower end."""
    high: float
    """The upper end."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of each of the g groups."""

    code: IntVector
    """(n,) the group of each row, numbered in order of first appearance."""
    by_group: IntVector
    """(n,) the rows, group by group."""
    start: IntVector
    """(g + 1,) where each group begins in `by_group`, and the end."""

    @classmethod
    def of(cls, groups: Sequence[Hashable] | AnyArray) -> "_Rows":
        number: dict[Hashable, int] = {}
        names = groups.tolist() if isinstance(groups, np.ndarray) else groups
        code = np.array([number.setdefault(name, len(number)) for name in names], dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(np.bincount(code, minlength=len(number)))]).astype(np.int64)
        return cls(code, np.argsort(code, kind="stable"), start)

    def rows(self, drawn: IntVector) -> IntVector:
        """Return all rows of the groups drawn, a group's rows as often as it was drawn."""
        size = self.start[drawn + 1] - self.start[drawn]
        end = np.cumsum(size)
        places = np.arange(size.sum()) + np.repeat(self.start[drawn] - (end - size), size)
        chosen: IntVector = self.by_group[places]
        return chosen

    def weights(self, drawn: IntVector) -> NDArray[np.float64]:
        """Return (n,) how often each row's group was drawn."""
        times = np.bincount(drawn, minlength=len(self.start) - 1).astype(np.float64)
        each: NDArray[np.float64] = times[self.code]
        return each


def bootstrap_interval(
    statistic: Statistic,
    groups: Sequence[Hashable] | AnyArray,
    *,
    rng: np.random.Generator,
    repeats: int = 1000,
    level: float = 0.95,
    weighted: bool = False,
) -> Interval:
    """Return a statistic with its percentile interval.

    Repeats in which the statistic is NaN (a resample without a positive) are left out.

    Args:
        statistic: From rows, or from weights of the rows, to a number.
        groups: (n,) the group of each row; what stands in one group is drawn together.
        rng: The only source of randomness. The same seed draws the same groups, weighted or not.
        repeats: How many resamples, at least 1.
        level: The share of resamples that the interval covers, in (0, 1).
        weighted: Give the statistic weights instead of rows: for `SortedScores` that is many times faster.

    Raises:
        InputError: There are no rows, or repeats or level is out of range.
    """
    if not 0 < level < 1:
        raise InputError(f"an interval needs a level between 0 and 1, not {level}")
    value, again = bootstrap_values(statistic, groups, rng=rng, repeats=repeats, weighted=weighted)
    return interval_of(value, again, level=level)


def interval_of(value: float, again: NDArray[np.float64], *, level: float = 0.95) -> Interval:
    """Return the percentile interval of what `bootstrap_values` gave."""
    there = again[~np.isnan(again)]
    if not len(there):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def bootstrap_values(
    statistic: Statistic,
    groups: Sequence[Hashable] | AnyArray,
    *,
    rng: np.random.Generator,
    repeats: int = 1000,
    weighted: bool = False,
) -> tuple[float, NDArray[np.float64]]:
    """Return a statistic, and (repeats,) its values on the resamples.

    Models that are given generators of the same seed are measured on the same resamples, so that their values can be
    subtracted one by one. Arguments and errors are those of `bootstrap_interval`.
    """
    if len(groups) == 0:
        raise InputError("an interval needs at least one row")
    if repeats < 1:
        raise InputError(f"an interval needs at least one repeat, not {repeats}")
    rows = _Rows.of(groups)
    value = float(statistic(np.ones(len(groups)) if weighted else np.arange(len(groups))))
    g = len(rows.start) - 1
    resamples = ((rows.weights if weighted else rows.rows)(rng.integers(g, size=g)) for _ in range(repeats))
    return value, np.array([statistic(resample) for resample in resamples], dtype=np.float64)


def paired_difference(
    first: Statistic,
    second: Statistic,
    groups: Sequence[Hashable] | AnyArray,
    *,
    rng: np.random.Generator,
    repeats: int = 1000,
    level: float = 0.95,
    weighted: bool = False,
) -> Interval:
    """Return first - second with its interval, both on the same resamples: what they share cancels out.

    If the interval leaves out 0, the difference is more than the choice of films. Arguments and errors are those of
    `bootstrap_interval`.
    """
    return bootstrap_interval(
        lambda drawn: first(drawn) - second(drawn), groups, rng=rng, repeats=repeats, level=level, weighted=weighted
    )
