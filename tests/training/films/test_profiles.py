import numpy as np
import pytest

from ilgi.catalog.axes import AXES
from ilgi.errors import DataError
from ilgi.testing import felt_catalog
from ilgi.training.films.features import FilmFacts
from ilgi.training.films.profiles import axis_tags, learn_profiles

sparse = pytest.importorskip("scipy.sparse", reason="needs the extra 'train'")
FUNNY, SAD = AXES.column("funny"), AXES.column("sad")


def facts(n: int) -> FilmFacts:
    return FilmFacts(
        (("x",), *((),) * (n - 1)), ("",) * n, np.zeros(n, dtype=np.float32), np.full(n, np.nan, dtype=np.float32)
    )


def test_tags_are_counted_by_film_and_axis() -> None:
    tags = axis_tags([(5, "funny", 3.0), (2, "sad", 1.0), (5, "heartbreaking", 2.0), (5, "sad", 1.0), (9, "slow", 1.0)])
    assert tags.rows.tolist() == [2, 5, 9]
    assert tags.people[:, [FUNNY, SAD]].tolist() == [[0.0, 1.0], [3.0, 3.0], [0.0, 0.0]]
    with pytest.raises(DataError, match="no tagged film"):
        axis_tags([])


def test_films_lie_where_their_features_say_and_none_knows_its_own_tags() -> None:
    catalog = felt_catalog()
    n = len(catalog)
    rng = np.random.default_rng(0)
    trait = rng.standard_normal(n)
    noise = rng.standard_normal((n, 30))
    # 36 films are tagged, as their trait says, but for the first: its tag speaks against its trait.
    trait[0] = -2.0
    funny = [row for row in range(36) if trait[row] > 0] + [0]
    tags = axis_tags([(row, "funny" if row in funny else "sad", 1.0) for row in range(36)])
    features = sparse.csr_matrix(np.column_stack([trait * 2, noise * 0.2]))
    ticks: list[int] = []
    profiles, figures = learn_profiles(
        features, tags, catalog, facts(n), rng=np.random.default_rng(1), samples=12, on_model=lambda: ticks.append(1)
    )
    place = profiles.place[:, FUNNY]
    assert np.corrcoef(place, trait)[0, 1] > 0.8
    assert place[0] < 0
    assert abs(float(place.mean())) < 1e-3
    assert float(place.std()) == pytest.approx(1.0, abs=1e-3)
    assert profiles.spread[:, FUNNY].min() >= 0 < profiles.spread[36:, FUNNY].min()
    assert figures["funny"]["films"] == len(funny)
    assert figures["funny"]["auc"] > 0.8
    assert len(ticks) == 24
    # Nobody spoke of the other axes.
    assert np.isnan(profiles.place[:, AXES.column("tense")]).all()
    assert "tense" not in figures
    assert [profiles.basis_of(row) for row in (0, 1)] == ["keywords", "genres"]


def test_the_same_seed_gives_the_same_places() -> None:
    catalog = felt_catalog()
    rng = np.random.default_rng(0)
    features = sparse.csr_matrix(rng.standard_normal((len(catalog), 5)))
    tags = axis_tags([(row, "funny" if row % 2 else "sad", 1.0) for row in range(30)])
    found = [
        learn_profiles(features, tags, catalog, facts(len(catalog)), rng=np.random.default_rng(3), samples=4)[0].place
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*found)
