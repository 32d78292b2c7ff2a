"""The panel of Korean films is whole, and the benchmark that asks it runs."""

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from ilgi.catalog.axes import AXES
from ilgi.catalog.store import embedded_catalogs, load_catalog


@pytest.fixture
def bench(load: Callable[[str], ModuleType]) -> ModuleType:
    """The script."""
    return load("bench_panel")


def test_every_film_is_in_the_catalogue_and_rated_by_both(bench: ModuleType) -> None:
    rows, ratings = bench.read_panel(load_catalog(embedded_catalogs()["movies"]))
    assert len(set(rows.tolist())) == len(rows) >= 140
    assert ratings.shape == (len(rows), 2, len(AXES))
    assert set(np.unique(ratings).tolist()) <= {0.0, 1.0, 2.0, 3.0}


def test_measures_every_axis(bench: ModuleType) -> None:
    result = bench.run(load_catalog(embedded_catalogs()["movies"]))
    assert [row["axis"] for row in result["rows"]] == list(AXES)
    assert all(0.5 < row["AUC"] <= 1.0 for row in result["rows"] if row["AUC"] is not None)


def test_ties_count_half(bench: ModuleType) -> None:
    assert bench.auc(np.array([1.0, 1.0, 0.0]), np.array([True, False, False])) == 0.75
