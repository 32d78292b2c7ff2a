from dataclasses import replace

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.errors import InputError, UnknownName
from ilgi.ranking.filters import Filters, parse_years
from ilgi.testing import small_catalog


@pytest.fixture
def catalog() -> Catalog:
    """Seven films of 2001 … 2007 (the last of an unknown year), every second one Korean."""
    one = small_catalog()
    year = one.year.copy()
    year[-1] = 0
    return replace(one, language=("en", "ko", "en", "ko", "en", "ko", ""), year=year)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(labels=("Horror", "Drama")), [5, 6]),
        (Filters(without_labels=("Horror", "Comedy")), [1]),
        (Filters(labels=("Comedy",), without_labels=("Drama",)), [0, 4]),
        (Filters(languages=("ko",)), [1, 3, 5]),
        (Filters(languages=("ko", "en")), [0, 1, 2, 3, 4, 5]),
        (Filters(first_year=2003, last_year=2004), [2, 3]),
        (Filters(first_year=2005), [4, 5]),
        (Filters(last_year=2001), [0]),
        (Filters(labels=("Horror",), languages=("en",), last_year=2000), []),
    ],
)
def test_only_what_passes_every_filter_may_come(catalog: Catalog, filters: Filters, rows: list[int]) -> None:
    found = filters.rows(catalog)
    assert found is not None
    assert found.tolist() == rows


def test_nothing_named_lets_all_come(catalog: Catalog) -> None:
    assert Filters().rows(catalog) is None
    assert Filters(exclude=("test:1",)).rows(catalog) is None


def test_what_makes_no_sense_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="did you mean 'Horror'"):
        Filters(without_labels=("Horor",)).rows(catalog)
    with pytest.raises(InputError, match="turn the years round"):
        Filters(first_year=2005, last_year=1999).rows(catalog)


@pytest.mark.parametrize(
    ("text", "years"),
    [("1999", (1999, 1999)), (" 1990 - 1999 ", (1990, 1999)), ("1990-", (1990, 9999)), ("–1999", (1, 1999))],
)
def test_years_as_people_write_them(text: str, years: tuple[int, int]) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["", "-", "90s", "19-20", "1990-1999-2000", "abcd"])
def test_other_years_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="names no years"):
        parse_years(text)


def test_the_year_column_is_small(catalog: Catalog) -> None:
    assert Filters(first_year=1, last_year=np.iinfo(np.int16).max).rows(catalog) is not None
