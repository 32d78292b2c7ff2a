from pathlib import Path
from typing import Any

import pytest

from ilgi.catalog.base import CatalogSource, catalog_sources
from ilgi.catalog.books import GoodbooksSource
from ilgi.errors import DataError
from ilgi.testing import CatalogSourceContract
from ilgi.training.tables import read_rows

ROWS: list[dict[str, Any]] = [
    {"book_id": "1", "authors": "Somebody, Another", "original_publication_year": "2008.0",
     "title": "A Book &amp; More", "language_code": "eng", "ratings_count": "50"},
    {"book_id": "2", "authors": "한 사람", "original_publication_year": None, "title": "책", "language_code": "kor",
     "ratings_count": "500"},
    {"book_id": "3", "authors": None, "original_publication_year": "-750", "title": None, "language_code": None,
     "ratings_count": None},
]  # fmt: skip


class TestGoodbooks(CatalogSourceContract):
    def make(self) -> CatalogSource:
        return GoodbooksSource()

    def rows(self) -> list[dict[str, Any]]:
        return ROWS


def test_books_have_authors_and_no_labels() -> None:
    catalog = GoodbooksSource().read(ROWS)
    assert catalog.ids == ("goodbooks:1", "goodbooks:2")
    assert catalog.by == ("Somebody, Another", "한 사람")
    assert catalog.titles["en"] == ("A Book & More", "책")
    assert catalog.year.tolist() == [2008, 0]
    assert catalog.language == ("en", "ko")
    assert catalog.popularity.tolist() == [0.5, 1.0]
    assert catalog.labels_of(0) == ()
    assert catalog_sources.get("goodbooks") is GoodbooksSource


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="did you mean 'author'"):
        GoodbooksSource().read([{"book_id": "1", "title": "x", "author": "y"}])


def test_real_books(data_dir: Path) -> None:
    catalog = GoodbooksSource().read(read_rows(data_dir / "books/goodbooks.tsv"))
    assert len(catalog) > 9000
    assert catalog.by[0]
