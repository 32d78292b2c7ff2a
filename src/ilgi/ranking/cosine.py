"""Ranks by the cosine between the labels that a reading calls for and the labels that an item has."""

from collections.abc import Collection, Sequence
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ilgi.arrays import FloatMatrix, FloatVector, IntVector, logit
from ilgi.bundle import State
from ilgi.catalog.base import Catalog
from ilgi.errors import InputError
from ilgi.ranking.base import Ranker, config_of
from ilgi.ranking.groups import LabelGroups
from ilgi.steps import Query

_QUERIES_AT_ONCE: Final = 256
"""Bounds the memory of what is half done: some 16 kilobytes a query with 20 labels."""


class CosineConfig(BaseModel):
    """What the cosine is taken of."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rule: Literal["lift", "probability"] = "lift"


class CosineRanker(Ranker):
    """Scores an item by the cosine between the query's label vector v and the item's multi-hot label vector y.

        score = (v · y) / (‖v‖ ‖y‖),  in [-1, 1]

    v depends on the rule:

    - "lift" (the default): v = logit(p) - logit(b), where p are the query's label probabilities and b the base rates.
      It asks which labels this reading makes *more* likely than any reading does. A common label (Drama) no longer wins
      by being common, and a label that becomes less likely counts against an item.
    - "probability": v = p, the prototype's rule. The common labels always win.

    An item without labels scores -1, the lowest there is. If v is zero everywhere (nothing is lifted), every item with
    labels scores 0. Ties go by popularity, then id. A score depends on the query and the item's labels alone, bit for
    bit, not on the rest of the catalogue; it is added up in float64 and rounded to float32, so that sets of labels with
    equal cosines are equal.

    Salton, Wong and Yang 1975, "A vector space model for automatic indexing", for the cosine; lift is the pointwise
    difference of log-odds, also called weight of evidence (Good 1950).
    """

    Config = CosineConfig

    def __init__(self, config: CosineConfig | None = None) -> None:
        """Store the configuration."""
        self.config = config if config is not None else CosineConfig()

    def score(self, query: Query, catalog: Catalog) -> FloatVector:
        """Return (n_items,) float32 cosines in [-1, 1].

        Raises:
            InputError: The query's labels are not those of the catalogue, or its label matrix is not multi-hot.
        """
        scores: FloatVector = self.score_many([query], catalog)[0]
        return scores

    def score_many(self, queries: Sequence[Query], catalog: Catalog) -> FloatMatrix:
        """Return (len(queries), n_items) float32: row i is `score` of query i, bit for bit.

        Raises:
            InputError: As `score`.
        """
        groups = LabelGroups.of(catalog)
        scores = np.empty((len(queries), len(catalog)), dtype=np.float32)
        for begin in range(0, len(queries), _QUERIES_AT_ONCE):
            some = queries[begin : begin + _QUERIES_AT_ONCE]
            scores[begin : begin + len(some)] = groups.expand(self._group_scores(some, catalog, groups))
        return scores

    def _best(
        self, query: Query, catalog: Catalog, *, n: int, exclude: Collection[str]
    ) -> tuple[IntVector, FloatVector]:
        groups = LabelGroups.of(catalog)
        scores = self._group_scores([query], catalog, groups)[0]
        rows = groups.best(scores, catalog, n=n, exclude=exclude)
        return rows, scores[groups.group[rows]]

    def _group_scores(self, queries: Sequence[Query], catalog: Catalog, groups: LabelGroups) -> FloatMatrix:
        """Return (q, g) float32: the cosine of each query with each distinct label set."""
        vectors = self._vectors(queries, catalog)
        norm = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
        unit = np.divide(vectors, norm, out=np.zeros_like(vectors), where=norm > 0)
        scores = groups.sums(unit, scale=groups.shrink)
        scores[:, groups.empty] = -1.0
        return scores

    def _vectors(self, queries: Sequence[Query], catalog: Catalog) -> NDArray[np.float64]:
        """Return (q, L): v of each query."""
        if any(query.labels != catalog.labels for query in queries):
            raise InputError("the catalogue's labels are not those that the label model predicts")
        shape = (len(queries), len(catalog.labels))
        p = np.array([query.probabilities for query in queries], dtype=np.float32).reshape(shape)
        if self.config.rule == "probability":
            return p.astype(np.float64)
        base = np.array([query.base_rates for query in queries], dtype=np.float32).reshape(shape)
        return logit(p).astype(np.float64) - logit(base)

    def state(self) -> State:
        """Return what a bundle keeps: the rule."""
        return State(self.config.model_dump(mode="json"))

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the ranker that gave this state.

        Raises:
            BundleDamaged: The state is not what this class writes.
        """
        return cls(config_of(state, CosineConfig, cls.__name__))
