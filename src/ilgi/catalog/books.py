"""A table of books as goodbooks-10k has it: one book a row, without genres."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from ilgi.catalog.base import Catalog, CatalogSource, Row
from ilgi.catalog.items import need_columns, number_cell, rank_fractions, text_cell, title_cell, year_cell
from ilgi.vocabulary import Vocabulary

# ISO 639-2 codes of the table, and its regions of English.
_LANGUAGES: Final = {
    "eng": "en", "en": "en", "en-US": "en", "en-GB": "en", "en-CA": "en", "kor": "ko", "fre": "fr", "spa": "es",
    "ger": "de", "jpn": "ja", "ita": "it", "por": "pt", "rus": "ru", "swe": "sv", "nl": "nl", "dan": "da", "pol": "pl",
    "tur": "tr", "ara": "ar", "per": "fa", "nor": "no", "fil": "tl", "ind": "id", "rum": "ro", "vie": "vi",
}  # fmt: skip


class GoodbooksSource(CatalogSource):
    """Books with their authors; popular by how many people rated them. They carry no labels and no places."""

    def read(self, rows: Iterable[Row]) -> Catalog:
        """Return the catalogue of these rows, first come first kept where an id stands twice.

        Raises:
            DataError: A column that the format must have is missing.
        """
        books: dict[str, Row] = {}
        for number, row in enumerate(rows):
            if number == 0:
                need_columns(row, "goodbooks", "book_id", "title", "authors")
            key = text_cell(row, "book_id")
            if key and title_cell(row, "title"):
                books.setdefault(f"goodbooks:{key}", row)
        chosen = list(books.values())
        return Catalog(
            domain="books",
            ids=tuple(books),
            titles={
                "en": tuple(title_cell(row, "title") for row in chosen),
                "ko": ("",) * len(chosen),
                "original": tuple(title_cell(row, "original_title") for row in chosen),
            },
            year=np.array([year_cell(row, "original_publication_year") for row in chosen], dtype=np.int16),
            language=tuple(_LANGUAGES.get(text_cell(row, "language_code"), "") for row in chosen),
            labels=Vocabulary((), kind="label"),
            matrix=np.zeros((len(chosen), 0), dtype=np.float32),
            popularity=rank_fractions([number_cell(row, "ratings_count") for row in chosen]),
            affect=np.zeros((len(chosen), 0), dtype=np.float32),
            by=tuple(title_cell(row, "authors") for row in chosen),
        )
