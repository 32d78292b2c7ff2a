import gc
import weakref
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.errors import InputError
from ilgi.ranking.groups import LabelGroups

MakeCatalog = Callable[..., Catalog]


@pytest.mark.parametrize("width", [0, 1, 7, 8, 9, 20, 64, 65, 130])
def test_groups_hold_the_rows_that_are_equal(make_catalog: MakeCatalog, width: int) -> None:
    rng = np.random.default_rng(width)
    sets = rng.integers(0, 2, (12, width))
    matrix = sets[rng.integers(0, 12, 200)]
    popularity = rng.integers(0, 5, 200) / 4
    catalog = make_catalog(matrix, popularity=popularity, labels=width)
    groups = LabelGroups.of(catalog)
    assert len(groups) == len({tuple(row) for row in matrix.tolist()})
    place = sorted(range(200), key=lambda i: (-popularity[i], catalog.ids[i]))
    assert groups.place[place].tolist() == list(range(200))
    for g in range(len(groups)):
        members = groups.rows[groups.start[g] : groups.start[g + 1]]
        assert (matrix[members] == matrix[members[0]]).all()
        assert (groups.group[members] == g).all()
        assert (np.diff(groups.place[members]) > 0).all()
    assert sorted(groups.rows.tolist()) == list(range(200))


@pytest.mark.parametrize("width", [1, 8, 20, 70])
def test_sums_are_those_of_exact_arithmetic(make_catalog: MakeCatalog, width: int) -> None:
    rng = np.random.default_rng(width)
    matrix = rng.integers(0, 2, (300, width))
    groups = LabelGroups.of(make_catalog(matrix))
    weights = rng.normal(size=(5, width))
    scale = rng.random(len(groups))
    sums = groups.sums(weights, scale=scale)
    for g in range(len(groups)):
        member = matrix[groups.rows[groups.start[g]]]
        for q in range(5):
            exact = sum(Fraction(w) for w, has in zip(weights[q], member, strict=True) if has) * Fraction(scale[g])
            assert sums[q, g] == pytest.approx(float(exact), rel=1e-6, abs=1e-7)


def test_sums_do_not_depend_on_how_many_are_asked_for(make_catalog: MakeCatalog) -> None:
    rng = np.random.default_rng(0)
    codes = np.arange(1, 40_000)
    matrix = (codes[:, None] >> np.arange(20)) & 1
    many = LabelGroups.of(make_catalog(matrix))
    weights = rng.normal(size=(3, 20))
    together = many.sums(weights, scale=many.shrink)
    alone = LabelGroups.of(make_catalog(matrix[777:778]))
    for q in range(3):
        one = alone.sums(weights[q : q + 1], scale=alone.shrink)
        assert together[q, many.group[777]] == one[0, 0]


def test_an_empty_catalogue_has_no_groups(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog(np.zeros((0, 3)))
    groups = LabelGroups.of(catalog)
    assert len(groups) == 0
    assert groups.best(np.zeros(0, dtype=np.float32), catalog, n=3).tolist() == []


def test_only_multi_hot_labels_can_be_grouped(make_catalog: MakeCatalog) -> None:
    with pytest.raises(InputError, match="0 and 1"):
        LabelGroups.of(make_catalog([[1, 0.5]]))


def test_groups_are_found_once_and_do_not_keep_a_catalogue_alive(make_catalog: MakeCatalog) -> None:
    catalog = make_catalog([[1, 0], [1, 0]])
    assert LabelGroups.of(catalog) is LabelGroups.of(catalog)
    gone = weakref.ref(catalog)
    del catalog
    gc.collect()
    assert gone() is None
