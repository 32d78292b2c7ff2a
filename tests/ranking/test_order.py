import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.catalog.base import Catalog
from ilgi.ranking.order import contenders, in_order, rows_to_skip

MakeCatalog = Callable[..., Catalog]

few_values = st.lists(st.sampled_from([-1.0, -0.0, 0.0, 0.5, 1.0]), min_size=1, max_size=40)


@given(few_values, st.integers(1, 50))
def test_contenders_hold_every_value_at_or_above_the_k_th(values: list[float], k: int) -> None:
    array = np.array(values, dtype=np.float32)
    edge = sorted(values, reverse=True)[min(k, len(values)) - 1]
    assert set(np.flatnonzero(array >= edge)) <= set(contenders(array, k))


@pytest.mark.parametrize("m", [4096, 10_007, 50_000])
@pytest.mark.parametrize("k", [1, 3, 64, 500, 5_000])
@pytest.mark.parametrize("shape", ["random", "rising", "falling", "ties", "flat"])
def test_contenders_of_long_vectors(m: int, k: int, shape: str) -> None:
    rng = np.random.default_rng(3)
    values = {
        "random": rng.random(m),
        "rising": np.linspace(0, 1, m),
        "falling": np.linspace(1, 0, m),
        "ties": rng.integers(0, 7, m),
        "flat": np.full(m, 0.5),
    }[shape].astype(np.float32)
    found = contenders(values, k)
    edge = np.sort(values)[::-1][min(k, m) - 1]
    assert set(np.flatnonzero(values >= edge)) <= set(found)
    assert (np.diff(found) > 0).all()


def test_contenders_leave_most_of_a_long_vector_out() -> None:
    values = np.random.default_rng(5).random(100_000).astype(np.float32)
    assert len(contenders(values, 3)) < 30


def test_order_is_by_score_then_popularity_then_id(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog(
        np.ones((6, 1)), popularity=[0.1, 0.9, 0.9, 0.9, 0.1, 0.5], ids=["f", "t:9", "t:10", "é", "a", "z"]
    )
    scores = np.array([0.3, 0.2, 0.2, 0.2, 0.3, 0.2], dtype=np.float32)
    # Code points, not numbers: "t:10" stands before "t:9"; "é" behind all of ASCII.
    assert in_order(np.arange(6), scores, catalog).tolist() == [4, 0, 2, 1, 3, 5]


def test_rows_to_skip_ignores_strangers_and_repeats(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog(np.ones((3, 1)), ids=["a", "b", "c"])
    assert rows_to_skip(catalog, ["c", "nobody", "a", "c"]).tolist() == [0, 2]
    assert rows_to_skip(catalog, frozenset()).tolist() == []


def test_what_is_remembered_does_not_keep_a_catalogue_alive(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog(np.ones((3, 1)))
    rows_to_skip(catalog, ["t:1"])
    gone = weakref.ref(catalog)
    del catalog
    gc.collect()
    assert gone() is None
