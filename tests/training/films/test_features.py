from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.testing import small_catalog
from ilgi.training.films.features import FilmFacts, film_features

pytest.importorskip("sklearn", reason="needs the extra 'train'")


@pytest.fixture
def catalog() -> Catalog:
    one = small_catalog()
    return replace(one, keys={"tmdb": tuple(str(i) for i in range(len(one)))})


def facts(catalog: Catalog, *, keywords: str = "rain", overview: str = "A long walk home") -> FilmFacts:
    n = len(catalog)
    words = tuple((keywords,) if i % 2 else () for i in range(n))
    votes = np.full(n, 10.0, dtype=np.float32)
    return FilmFacts(words, tuple(overview if i else "" for i in range(n)), votes, np.full(n, 7.0, dtype=np.float32))


def test_facts_are_found_by_id(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "films.tsv").write_text(
        "tmdb_id\tkeywords\tvote_count\tvote_average\n1\tRain|night |rain\t12\t6.5\n99\tx\t1\t1\n2\t\t\t\n"
    )
    (tmp_path / "texts.tsv").write_text("tmdb_id\toverview_en\n1\tIt rains.\n")
    found = FilmFacts.read(catalog, tmp_path / "films.tsv", tmp_path / "texts.tsv")
    assert found.keywords[1] == ("rain", "night")
    assert (found.votes[1], found.average[1], found.overviews[1]) == (12.0, 6.5, "It rains.")
    assert found.keywords[2] == ()
    assert np.isnan(found.average[[0, 2]]).all()


def test_every_film_is_a_row_and_unknown_is_not_none(catalog: Catalog) -> None:
    told = film_features(catalog, facts(catalog), np.zeros((len(catalog), 2), dtype=np.float32)).toarray()
    assert len(told) == len(catalog)
    assert np.isfinite(told).all()
    labels = told[:, : len(catalog.labels)]
    np.testing.assert_array_equal(labels, catalog.matrix)
    # One column is the keyword itself, another says that keywords are known: both differ between even and odd films.
    apart = [c for c in told.T if c[1::2].min() > c[::2].max()]
    assert len(apart) == 2


def test_a_rare_keyword_and_no_overviews_are_left_out(catalog: Catalog) -> None:
    feeling = np.zeros((len(catalog), 2), dtype=np.float32)
    usual = film_features(catalog, facts(catalog), feeling).shape[1]
    bare = replace(facts(catalog), keywords=(("rare",), *((),) * (len(catalog) - 1)), overviews=("",) * len(catalog))
    assert film_features(catalog, bare, feeling).shape[1] < usual
