import math
from collections.abc import Callable, Collection, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ilgi.bundle import State
from ilgi.catalog.base import Catalog
from ilgi.errors import BundleDamaged, InputError
from ilgi.ranking.base import rankers, top_rows
from ilgi.ranking.cosine import CosineConfig, CosineRanker
from ilgi.steps import Query

MakeCatalog = Callable[..., Catalog]
MakeQuery = Callable[..., Query]

RULES = ("lift", "probability")


def full_sort(scores: Sequence[float], catalog: Catalog, n: int, exclude: Collection[str]) -> list[int]:
    """The stated order, said as plainly as possible."""
    rows = [i for i in range(len(catalog)) if catalog.ids[i] not in exclude]
    return sorted(rows, key=lambda i: (-float(scores[i]), -float(catalog.popularity[i]), catalog.ids[i]))[:n]


def cosine(v: Sequence[float], y: Sequence[float]) -> float:
    """In plain Python, in float64."""
    length = math.sqrt(sum(a * a for a in v)) * math.sqrt(sum(b * b for b in y))
    return sum(a * b for a, b in zip(v, y, strict=True)) / length


def test_probability_rule_by_hand(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    catalog = make_catalog([[1, 0], [0, 1], [1, 1], [0, 0]])
    scores = CosineRanker(CosineConfig(rule="probability")).score(make_query([0.6, 0.8]), catalog)
    assert scores.dtype == np.float32
    assert scores == pytest.approx([0.6, 0.8, 1.4 / math.sqrt(2), -1.0])


def test_lift_rule_by_hand(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    # Log-odds: log(3) against log(1/3) lifts by 2 log 3; log(1) against log(3) lowers by log 3.
    catalog = make_catalog([[1, 0], [0, 1], [1, 1]])
    scores = CosineRanker().score(make_query([0.75, 0.5], [0.25, 0.75]), catalog)
    assert scores == pytest.approx([2 / math.sqrt(5), -1 / math.sqrt(5), 1 / math.sqrt(10)], rel=1e-6)


def test_lift_prefers_what_moved_and_the_prototypes_rule_what_is_common(
    make_catalog: MakeCatalog, make_query: MakeQuery
) -> None:
    catalog = make_catalog([[1, 0], [0, 1]], ids=["drama", "western"])
    query = make_query([0.50, 0.10], [0.55, 0.02])
    assert CosineRanker().rank(query, catalog, n=1).items[0].id == "western"
    assert CosineRanker(CosineConfig(rule="probability")).rank(query, catalog, n=1).items[0].id == "drama"


@pytest.mark.parametrize("rule", RULES)
def test_scores_are_cosines(make_catalog: MakeCatalog, make_query: MakeQuery, rule: str) -> None:
    rng = np.random.default_rng(2)
    matrix = rng.integers(0, 2, (60, 11))
    matrix[:, 0] |= ~matrix.any(axis=1)
    p, b = rng.uniform(0.02, 0.98, (2, 11)).astype(np.float32)
    lift = [math.log(x / (1 - x)) - math.log(y / (1 - y)) for x, y in zip(p.tolist(), b.tolist(), strict=True)]
    v = lift if rule == "lift" else p.tolist()
    scores = CosineRanker(CosineConfig(rule=rule)).score(make_query(p, b), make_catalog(matrix))
    assert scores == pytest.approx([cosine(v, row) for row in matrix.tolist()], rel=2e-5, abs=2e-6)


def test_nothing_lifted_leaves_only_the_stated_order(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    catalog = make_catalog([[0, 0], [1, 0], [0, 1], [1, 1]], popularity=[1.0, 0.1, 0.7, 0.7], ids=["n", "c", "b", "a"])
    ranking = CosineRanker().rank(make_query([0.3, 0.2], [0.3, 0.2]), catalog, n=4)
    assert [(i.id, i.score) for i in ranking.items] == [("a", 0.0), ("b", 0.0), ("c", 0.0), ("n", -1.0)]


def test_certain_probabilities_stay_finite(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    scores = CosineRanker().score(make_query([0.0, 1.0], [0.5, 0.5]), make_catalog([[1, 0], [0, 1]]))
    assert scores == pytest.approx([-math.sqrt(0.5), math.sqrt(0.5)], rel=1e-4)


def test_equal_cosines_of_different_sets_are_merged_by_popularity_then_id(
    make_catalog: MakeCatalog, make_query: MakeQuery
) -> None:
    # Three labels of equal weight: every set of one label has the same cosine, and every set of two.
    matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [1, 1, 0], [0, 1, 1]]
    catalog = make_catalog(matrix, popularity=[0.2, 0.8, 0.2, 0.8, 0.5, 0.9], ids=["d", "c", "b", "a", "y", "x"])
    query = make_query([0.1, 0.1, 0.1], 0.3)
    ranking = CosineRanker(CosineConfig(rule="probability")).rank(query, catalog, n=6)
    assert [i.id for i in ranking.items] == ["x", "y", "a", "c", "b", "d"]


@given(st.data())
def test_rank_is_the_beginning_of_a_full_sort(
    make_catalog: MakeCatalog, make_query: MakeQuery, data: st.DataObject
) -> None:
    width = data.draw(st.integers(1, 10))
    m = data.draw(st.integers(0, 50))
    matrix = data.draw(
        st.lists(st.lists(st.sampled_from([0, 1]), min_size=width, max_size=width), min_size=m, max_size=m)
    )
    popularity = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=m, max_size=m))
    ids = data.draw(st.lists(st.text("ab1:", max_size=5), min_size=m, max_size=m, unique=True))
    catalog = make_catalog(np.reshape(matrix, (m, width)), popularity=popularity, ids=ids)
    # Few distinct probabilities, so that different sets often have equal cosines.
    draw_p = st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.8]), min_size=width, max_size=width)
    query = make_query(data.draw(draw_p), data.draw(draw_p.map(lambda b: np.clip(b, 0.1, 0.9))))
    exclude = frozenset(data.draw(st.lists(st.sampled_from([*ids, "nobody"]), max_size=m)))
    n = data.draw(st.integers(1, m + 3))
    ranker = CosineRanker(CosineConfig(rule=data.draw(st.sampled_from(RULES))))
    scores = ranker.score(query, catalog)
    items = ranker.rank(query, catalog, n=n, exclude=exclude).items
    assert [i.row for i in items] == full_sort(scores, catalog, n, exclude)
    assert [i.score for i in items] == [float(scores[i.row]) for i in items]


@pytest.mark.parametrize("sets", [1, 40, 5_000])
@pytest.mark.parametrize("n", [1, 3, 300, 6_000])
def test_rank_of_a_large_catalogue(make_catalog: MakeCatalog, make_query: MakeQuery, sets: int, n: int) -> None:
    rng = np.random.default_rng(sets)
    m = 5_000
    codes = rng.integers(1, 2**12, sets)[rng.integers(0, sets, m)]
    matrix = (codes[:, None] >> np.arange(12)) & 1
    ids = [f"t:{i}" for i in rng.permutation(m)]
    catalog = make_catalog(matrix, popularity=rng.integers(0, 4, m) / 4, ids=ids)
    query = make_query(rng.choice([0.2, 0.4, 0.6], 12), 0.3)
    best = CosineRanker().rank(query, catalog, n=50).items
    for exclude in (frozenset(), {i.id for i in best}, set(ids[::3])):
        items = CosineRanker().rank(query, catalog, n=n, exclude=exclude).items
        scores = CosineRanker().score(query, catalog)
        assert [i.row for i in items] == full_sort(scores, catalog, n, exclude)
        assert [i.row for i in items] == top_rows(scores, catalog, n=n, exclude=exclude).tolist()


@pytest.mark.parametrize("rule", RULES)
def test_a_score_does_not_depend_on_the_rest_of_the_call(
    make_catalog: MakeCatalog, make_query: MakeQuery, rule: str
) -> None:
    rng = np.random.default_rng(9)
    matrix = rng.integers(0, 2, (500, 19))
    ranker = CosineRanker(CosineConfig(rule=rule))
    queries = [make_query(rng.random(19), rng.uniform(0.01, 0.6, 19)) for _ in range(40)]
    catalog = make_catalog(matrix)
    together = ranker.score_many(queries, catalog)
    assert together.shape == (40, 500)
    for query, row in zip(queries, together, strict=True):
        np.testing.assert_array_equal(ranker.score(query, catalog), row)
    few = ranker.score_many(queries[7:8], make_catalog(matrix[100:110]))
    np.testing.assert_array_equal(few, together[7:8, 100:110])


def test_more_queries_than_are_worked_on_at_once(
    make_catalog: MakeCatalog, make_query: MakeQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    catalog = make_catalog(rng.integers(0, 2, (10, 6)))
    queries = [make_query(rng.random(6)) for _ in range(7)]
    whole = CosineRanker().score_many(queries, catalog)
    monkeypatch.setattr("ilgi.ranking.cosine._QUERIES_AT_ONCE", 3)
    np.testing.assert_array_equal(CosineRanker().score_many(queries, catalog), whole)
    assert CosineRanker().score_many([], catalog).shape == (0, 10)


def test_an_empty_catalogue_gives_an_empty_ranking(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    assert CosineRanker().rank(make_query([0.5, 0.1]), make_catalog(np.zeros((0, 2))), n=3).items == ()


def test_other_labels_are_refused(make_catalog: MakeCatalog, make_query: MakeQuery) -> None:
    with pytest.raises(InputError, match="labels"):
        CosineRanker().score(make_query([0.5, 0.5, 0.5]), make_catalog([[1, 0]]))


@pytest.mark.parametrize("rule", RULES)
def test_it_comes_back_from_its_state(rule: str) -> None:
    state = CosineRanker(CosineConfig(rule=rule)).state()
    assert state.config == {"rule": rule}
    assert CosineRanker.from_state(state).config.rule == rule


@pytest.mark.parametrize(
    "state",
    [
        State({"rule": "eval"}),
        State({"rule": "lift", "more": 1}),
        State({"rule": "lift"}, {"weights": np.zeros(1, dtype=np.float32)}),
        State({"rule": "lift"}, {}, {"code.py": b""}),
    ],
)
def test_a_state_that_it_did_not_write_is_refused(state: State) -> None:
    with pytest.raises(BundleDamaged):
        CosineRanker.from_state(state)


def test_the_config_takes_nothing_else() -> None:
    with pytest.raises(ValidationError):
        CosineConfig(rule="cosine")
    assert rankers.get("cosine") is CosineRanker
