from collections.abc import Callable, Collection, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.catalog.base import Catalog
from ilgi.errors import InputError
from ilgi.ranking.base import PopularityRanker, Ranker, rankers, top_rows
from ilgi.steps import Query

MakeCatalog = Callable[..., Catalog]
MakeQuery = Callable[..., Query]

SCORES = [float("nan"), float("-inf"), -1.0, -0.0, 0.0, 0.25, 1.0]


def full_sort(scores: Sequence[float], catalog: Catalog, n: int, exclude: Collection[str]) -> list[int]:
    """The stated order, said as plainly as possible."""
    rows = [i for i in range(len(catalog)) if catalog.ids[i] not in exclude]
    known = [float("-inf") if np.isnan(s) else float(s) for s in scores]
    return sorted(rows, key=lambda i: (-known[i], -float(catalog.popularity[i]), catalog.ids[i]))[:n]


@given(st.data())
def test_top_rows_are_the_beginning_of_a_full_sort(make_catalog: MakeCatalog, data: st.DataObject) -> None:
    m = data.draw(st.integers(0, 60))
    scores = data.draw(st.lists(st.sampled_from(SCORES), min_size=m, max_size=m))
    popularity = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=m, max_size=m))
    ids = data.draw(st.lists(st.text("ab1:", max_size=5), min_size=m, max_size=m, unique=True))
    exclude = frozenset(data.draw(st.lists(st.sampled_from([*ids, "nobody"]), max_size=m)))
    n = data.draw(st.integers(1, m + 3))
    catalog = make_catalog(np.ones((m, 1)), popularity=popularity, ids=ids)
    found = top_rows(np.array(scores, dtype=np.float32), catalog, n=n, exclude=exclude)
    assert found.tolist() == full_sort(scores, catalog, n, exclude)


@pytest.mark.parametrize("kinds", [1, 3, 50, 20_000])
@pytest.mark.parametrize("n", [1, 3, 100, 20_000, 30_000])
def test_top_rows_of_a_large_catalogue(make_catalog: MakeCatalog, kinds: int, n: int) -> None:
    rng = np.random.default_rng(kinds)
    m = 20_000
    scores = rng.integers(0, kinds, m).astype(np.float32)
    popularity = rng.integers(0, 4, m) / 4
    catalog = make_catalog(np.ones((m, 1)), popularity=popularity, ids=[f"t:{i}" for i in rng.permutation(m)])
    exclude = {catalog.ids[i] for i in rng.choice(m, 500, replace=False)}
    found = top_rows(scores, catalog, n=n, exclude=exclude)
    assert found.tolist() == full_sort(scores, catalog, n, exclude)


def test_rank_numbers_the_items_and_carries_the_goal(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    catalog = make_catalog(np.ones((4, 1)), popularity=[0.2, 0.9, 0.2, 0.5], ids=["b", "x", "a", "y"])
    ranking = PopularityRanker().rank(make_query([0.5], goal="calm"), catalog, n=9, exclude={"y"})
    assert [(i.rank, i.id, i.row, i.goal) for i in ranking.items] == [
        (1, "x", 1, "calm"),
        (2, "a", 2, "calm"),
        (3, "b", 0, "calm"),
    ]
    assert [i.score for i in ranking.items] == pytest.approx([0.9, 0.2, 0.2])


def test_rank_refuses_what_makes_no_sense(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    catalog = make_catalog([[1, 0]])
    with pytest.raises(InputError, match="at least 1"):
        PopularityRanker().rank(make_query([0.5, 0.5]), catalog, n=0)
    with pytest.raises(InputError, match="labels"):
        PopularityRanker().rank(make_query([0.5, 0.5, 0.5]), catalog, n=1)


class FirstLabel(Ranker):
    """Scores by the first label's probability times whether the item has it."""

    def score(self, query: Query, catalog: Catalog) -> np.ndarray:
        return query.probabilities[0] * catalog.matrix[:, 0]


def test_score_many_asks_score_for_each_query(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    catalog = make_catalog([[1, 0], [0, 1]])
    scores = FirstLabel().score_many([make_query([0.25, 0]), make_query([0.5, 0])], catalog)
    assert scores.dtype == np.float32
    assert scores.tolist() == [[0.25, 0], [0.5, 0]]
    assert FirstLabel().score_many([], catalog).shape == (0, 2)


def test_the_rankers_of_the_house_are_registered() -> None:
    assert {"cosine", "popularity"} <= set(rankers.names())
    assert rankers.get("popularity") is PopularityRanker
