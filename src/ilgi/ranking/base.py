"""What every ranker is, the exact choice of the best n, and the simplest ranker: popularity."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Final, Self, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import State
from ilgi.catalog.base import Catalog
from ilgi.errors import BundleDamaged, InputError
from ilgi.ranking.order import contenders, in_order, rows_to_skip
from ilgi.registry import Registry
from ilgi.steps import Query, RankedItem, Ranking

Config = TypeVar("Config", bound=BaseModel)


def top_rows(scores: FloatVector, catalog: Catalog, *, n: int, exclude: Collection[str] = frozenset()) -> IntVector:
    """Return the rows of the n best items, best first, without sorting the whole catalogue.

    The order is total and stated: higher score first; equal scores by higher popularity; equal popularity by id, in
    code-point order. A score that is NaN counts as -inf.

    Args:
        scores: (n_items,) higher is better.
        catalog: The items.
        n: How many at most, at least 1; all that are left if there are fewer.
        exclude: Ids that must not appear; ids that the catalogue does not have are skipped.

    Returns:
        (at most n,) rows of the catalogue.
    """
    value = np.asarray(scores, dtype=np.float32)
    unknown = np.isnan(value)
    if unknown.any():
        value = np.where(unknown, np.float32(-np.inf), value)
    rows = np.arange(len(catalog), dtype=np.int64)
    skip = rows_to_skip(catalog, exclude)
    if len(skip):
        rows = np.delete(rows, skip)
        value = value[rows]
    if n < len(rows):
        # Ties at the edge stay in, to be broken by the rule: by popularity first, and ids only where that ties too.
        near = contenders(value, n)
        edge = np.partition(value[near], len(near) - n)[len(near) - n]
        inside = near[value[near] > edge]
        tied = near[value[near] == edge]
        tied = tied[contenders(catalog.popularity[rows[tied]], n - len(inside))]
        near = np.concatenate([inside, tied])
        rows, value = rows[near], value[near]
    return in_order(rows, value, catalog)[:n]


class Ranker(ABC):
    """Scores a catalogue for a query. To add one, write `score`."""

    def rank(self, query: Query, catalog: Catalog, *, n: int, exclude: Collection[str] = frozenset()) -> Ranking:
        """Return the n best items, without reasons; ties go by popularity, then id (see `top_rows`).

        Args:
            query: What the reading calls for.
            catalog: The items, with the same labels as the query.
            n: How many at most, at least 1.
            exclude: Ids that must not appear.

        Raises:
            InputError: n is below 1, or the labels differ.
        """
        if n < 1:
            raise InputError(f"n must be at least 1, not {n}")
        if query.labels != catalog.labels:
            raise InputError("the catalogue's labels are not those that the label model predicts")
        rows, scores = self._best(query, catalog, n=n, exclude=exclude)
        return Ranking(
            query,
            tuple(
                RankedItem(rank, catalog.ids[row], row, score, query.goal)
                for rank, (row, score) in enumerate(zip(rows.tolist(), scores.tolist(), strict=True), start=1)
            ),
        )

    @abstractmethod
    def score(self, query: Query, catalog: Catalog) -> FloatVector:
        """Return (n_items,) float32, higher is better."""

    def score_many(self, queries: Sequence[Query], catalog: Catalog) -> FloatMatrix:
        """Return (len(queries), n_items) float32: row i is `score` of query i. Override where a faster way exists."""
        if not queries:
            return np.zeros((0, len(catalog)), dtype=np.float32)
        return np.stack([self.score(query, catalog) for query in queries])

    def state(self) -> State:
        """Return what a bundle keeps: nothing, where a ranker has no choices to make."""
        return State()

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the ranker that gave this state.

        Raises:
            BundleDamaged: The state is not what this class writes.
        """
        if state.config or state.arrays or state.files:
            raise BundleDamaged("ranking", f"holds more than a {cls.__name__} keeps")
        return cls()

    def _best(
        self, query: Query, catalog: Catalog, *, n: int, exclude: Collection[str]
    ) -> tuple[IntVector, FloatVector]:
        """Return the rows of the n best items in the stated order, and their scores.

        Override where the best can be found without scoring every item; the answer must be that of `top_rows`.
        """
        scores = self.score(query, catalog)
        rows = top_rows(scores, catalog, n=n, exclude=exclude)
        return rows, scores[rows]


def config_of(state: State, config: type[Config], ranker: str) -> Config:
    """Return the configuration that is all a ranker keeps.

    Args:
        state: As a bundle holds it.
        config: What it must be.
        ranker: Name of the ranker's class, for errors.

    Raises:
        BundleDamaged: The state holds something else.
    """
    if state.arrays or state.files:
        raise BundleDamaged("ranking", f"holds more than a {ranker} keeps")
    try:
        return config.model_validate(state.config)
    except ValidationError as error:
        raise BundleDamaged("ranking", f"does not describe a {ranker}") from error


class PopularityRanker(Ranker):
    """Ranks by popularity whatever was read: the baseline that every other ranker has to beat."""

    def score(self, query: Query, catalog: Catalog) -> FloatVector:  # noqa: ARG002
        """Return the items' popularity, (n_items,) in [0, 1]."""
        return catalog.popularity


rankers: Final[Registry[Ranker]] = Registry("ilgi.rankers", "ranker")
"""The rankers that are installed."""
