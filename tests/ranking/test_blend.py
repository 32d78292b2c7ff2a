from dataclasses import replace

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.catalog.base import Catalog
from ilgi.errors import BundleDamaged
from ilgi.families import FAMILIES
from ilgi.ranking.base import Ranker
from ilgi.ranking.blend import BlendConfig, BlendRanker, affect_match, places_along, shrunk_places, too_far
from ilgi.ranking.goals import VALENCE
from ilgi.steps import Query
from ilgi.testing import RankerContract, felt_catalog, query_for
from ilgi.vocabulary import Vocabulary


class TestBlend(RankerContract):
    def make(self) -> Ranker:
        return BlendRanker()


@pytest.fixture
def catalog() -> Catalog:
    return felt_catalog()


def asking(catalog: Catalog, goal: str, **families: float) -> Query:
    shares = np.array([families.get(name, 0.0) for name in FAMILIES], dtype=np.float32)
    return replace(query_for(catalog, {}), goal=goal, families=shares)


def best(catalog: Catalog, query: Query, n: int = 4) -> list[str]:
    ranker = BlendRanker(BlendConfig(popularity=0.0))
    return [catalog.title(item.row, "en").split()[0] for item in ranker.rank(query, catalog, n=n).items]


def test_the_feeling_and_the_goal_decide(catalog: Catalog) -> None:
    assert set(best(catalog, asking(catalog, "mirror", worry=1.0))) <= {"scary", "tense"}
    assert set(best(catalog, asking(catalog, "stay", worry=1.0))) <= {"warm", "funny"}
    assert set(best(catalog, asking(catalog, "mirror", anger=1.0))) == {"violent"}
    assert set(best(catalog, asking(catalog, "stay", longing=1.0))) <= {"wistful", "warm"}


def test_what_goes_too_far_comes_last_unless_it_is_asked_for(catalog: Catalog) -> None:
    far = too_far(catalog)
    assert {catalog.title(row, "en").split()[0] for row in np.flatnonzero(far)} == {"dark", "scary", "violent"}
    order = [item.row for item in BlendRanker().rank(asking(catalog, "calm", anger=1.0), catalog, n=44).items]
    assert far[order].tolist() == sorted(far.tolist())
    horror = replace(catalog, matrix=np.ones_like(catalog.matrix))
    assert too_far(horror).all()


def test_under_mirror_an_ordinary_day_asks_for_less(catalog: Catalog) -> None:
    query = asking(catalog, "mirror", joy=0.5, anger=0.5)
    usual = replace(query, families_prior=asking(catalog, "mirror", joy=0.5).families)
    ranker = BlendRanker(BlendConfig(popularity=0.0, ordinary=1.0))
    row = catalog.titles["en"].index("funny ash")
    assert ranker.score(usual, catalog)[row] < ranker.score(query, catalog)[row]
    stay = [ranker.score(replace(q, goal="stay"), catalog) for q in (query, usual)]
    np.testing.assert_array_equal(*stay)


def test_what_is_a_guess_counts_less(catalog: Catalog) -> None:
    assert catalog.profiles is not None
    unsure = replace(catalog, profiles=replace(catalog.profiles, spread=catalog.profiles.spread * 10))
    assert np.abs(shrunk_places(unsure)).max() < np.abs(shrunk_places(catalog)).max() / 3
    unknown = replace(catalog, profiles=replace(catalog.profiles, place=catalog.profiles.place * np.nan))
    assert not shrunk_places(unknown).any()


def test_a_score_depends_on_the_item_alone(catalog: Catalog) -> None:
    query, ranker = asking(catalog, "stay", sadness=1.0), BlendRanker()
    rows = [3, 17, 41]
    np.testing.assert_array_equal(ranker.score(query, catalog)[rows], ranker.score(query, catalog.take(rows)))


def test_without_profiles_the_other_parts_rank(catalog: Catalog) -> None:
    bare = replace(catalog, profiles=None)
    items = BlendRanker().rank(asking(bare, "mirror", joy=1.0), bare, n=1).items
    assert items[0].row == len(bare) - 1
    assert shrunk_places(bare).shape == (44, 0)
    assert not places_along(bare, VALENCE).any()


def test_valence_is_a_direction(catalog: Catalog) -> None:
    along = places_along(catalog, VALENCE)
    titles = catalog.titles["en"]
    assert along[titles.index("warm ash")] > 0.5 > 0 > -0.5 > along[titles.index("dark ash")]


def test_the_theme_is_what_stands_out_in_both(catalog: Catalog) -> None:
    affect = np.full((len(catalog), 2), np.nan, dtype=np.float32)
    affect[5], affect[6] = (0.0, 2.0), (0.0, -2.0)
    told = replace(catalog, affect=affect, affect_columns=("sadness", "nowhere"))
    query = asking(told, "stay", joy=1.0)
    rows = np.arange(len(told))
    assert not affect_match(query, told, rows).any()
    told = replace(told, affect_columns=("joy", "sadness"))
    columns = Vocabulary(("sadness", "joy"), kind="emotion")
    reading = replace(query.reading, columns=columns, standard=np.array([1.0, 0.0], dtype=np.float32))
    found = affect_match(replace(query, reading=reading), told, rows)
    assert found[[5, 6]].tolist() == [1.0, -1.0]
    assert not np.delete(found, [5, 6]).any()
    query = replace(query, reading=reading)
    assert BlendRanker().theme(query, told, rows)[5] > 0.5
    # An item that is near to every day says nothing of this one.
    near = replace(told, affect_level=np.where(np.arange(len(told)) == 5, 0.9, 0.1).astype(np.float32))
    assert BlendRanker().theme(query, near, rows)[5] < 0.5


def test_it_comes_back_from_a_bundle() -> None:
    one = BlendRanker(BlendConfig(labels=0.7))
    assert BlendRanker.from_state(one.state()).config == one.config
    with pytest.raises(BundleDamaged):
        BlendRanker.from_state(State({"labels": -1.0}))
    with pytest.raises(BundleDamaged):
        BlendRanker.from_state(State({}, {"x": np.zeros(1, dtype=np.float32)}))
