"""The contracts must be able to fail: each is shown a breaker of one rule."""

from collections.abc import Collection

import numpy as np
import pytest

from ilgi.arrays import FloatVector
from ilgi.catalog.base import Catalog
from ilgi.label.base import LabelModel, PriorLabels
from ilgi.ranking.base import PopularityRanker, Ranker
from ilgi.steps import Query, Ranking
from ilgi.testing import LabelModelContract, RankerContract, raises, small_catalog


class ForgetsExcluded(PopularityRanker):
    def rank(self, query: Query, catalog: Catalog, *, n: int, exclude: Collection[str] = frozenset()) -> Ranking:
        return super().rank(query, catalog, n=n)


class Restless(PopularityRanker):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def score(self, query: Query, catalog: Catalog) -> FloatVector:
        return self.rng.random(len(catalog)).astype(np.float32)


class Forgetful(PriorLabels):
    def _restore(self, state: object) -> None:
        self.base_rates_ = self.base_rates * 0.5


@pytest.mark.parametrize(
    ("ranker", "rule"),
    [(ForgetsExcluded(), "test_excluded_never_appears"), (Restless(), "test_scores")],
)
def test_a_ranker_that_breaks_a_rule_is_caught(ranker: Ranker, rule: str) -> None:
    class Contract(RankerContract):
        def make(self) -> Ranker:
            return ranker

    with pytest.raises(AssertionError):
        getattr(Contract(), rule)()


def test_a_label_model_that_forgets_is_caught() -> None:
    class Contract(LabelModelContract):
        def make(self) -> LabelModel:
            return Forgetful(self.columns, self.labels)

    with pytest.raises(AssertionError):
        Contract().test_comes_back_from_its_state()


def test_the_small_catalogue_holds_every_set_of_labels_once() -> None:
    catalog = small_catalog()
    assert len(catalog) == 7
    assert len({catalog.labels_of(row) for row in range(7)}) == 7


def test_raises_lets_other_errors_through() -> None:
    def boom() -> None:
        raise KeyError("x")

    assert raises(KeyError, boom)
    assert not raises(KeyError, int, "1")
    with pytest.raises(KeyError):
        raises(ValueError, boom)
