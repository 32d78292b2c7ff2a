"""What is known of each film of a catalogue, as one row of numbers: what its place on the axes is learned from.

Genres, keywords, the overview's words and the feeling read in it, the year, the language, and how many people voted.
No list of keywords is *unknown* and not "none": a column says whether there is one. Nothing of the overviews is kept:
they give numbers that a model is learned from, and the model gives a film's place.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.catalog.base import Catalog
from ilgi.catalog.items import number_cell, text_cell
from ilgi.errors import MissingExtra
from ilgi.training.tables import read_rows

_KEYWORDS: Final = 2.0
_OVERVIEW: Final = 1.5
_FEELING: Final = 0.15
"""How much each kind of column counts beside a genre's 1: what is scaled down is trusted less."""
_FEWEST_FILMS: Final = 3
"""Keywords of fewer films tell nothing of others."""
_YEAR: Final = (1990.0, 20.0)
_VOTES: Final = 5.0
_AVERAGE: Final = 6.5


@dataclass(frozen=True, eq=False)
class FilmFacts:
    """What the tables say of the n films of a catalogue beyond what it holds itself."""

    keywords: tuple[tuple[str, ...], ...]
    """(n,) empty where unknown."""
    overviews: tuple[str, ...]
    """(n,) in English; "" where unknown."""
    votes: FloatVector
    """(n,) how many people voted; 0 where unknown."""
    average: FloatVector
    """(n,) what they gave on average, 1 to 10; NaN where unknown."""

    @classmethod
    def read(cls, catalog: Catalog, films: Path, overviews: Path) -> "FilmFacts":
        """Read the facts of a catalogue's films, found by their TMDB ids.

        Args:
            catalog: The films.
            films: The TMDB-like table: tmdb_id, keywords, vote_count, vote_average.
            overviews: tmdb_id and overview_en.

        Raises:
            InputError: A table is missing.
            DataError: A table can't be read.
        """
        ids = catalog.keys.get("tmdb", ("",) * len(catalog))
        wanted = {key: row for row, key in enumerate(ids) if key}
        keywords: list[tuple[str, ...]] = [()] * len(catalog)
        texts = [""] * len(catalog)
        votes = np.zeros(len(catalog), dtype=np.float32)
        average = np.full(len(catalog), np.nan, dtype=np.float32)
        for cells in read_rows(films):
            row = wanted.get(text_cell(cells, "tmdb_id"))
            if row is not None:
                found = (word.strip().casefold() for word in text_cell(cells, "keywords").split("|"))
                keywords[row] = tuple(dict.fromkeys(word for word in found if word))
                votes[row] = number_cell(cells, "vote_count") or 0.0
                average[row] = number_cell(cells, "vote_average") or np.nan
        for cells in read_rows(overviews, columns=("tmdb_id", "overview_en")):
            row = wanted.get(text_cell(cells, "tmdb_id"))
            if row is not None:
                texts[row] = text_cell(cells, "overview_en")
        return cls(tuple(keywords), tuple(texts), votes, average)


def film_features(catalog: Catalog, facts: FilmFacts, feeling: FloatMatrix) -> Any:  # noqa: ANN401 (scipy has no types)
    """Return the (n, F) sparse matrix of features.

    Args:
        catalog: The films.
        facts: Of them.
        feeling: (n, A) what is read in each overview, in standard deviations over the films; 0 where there is none.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    try:
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise MissingExtra("learning how films feel", "train", "scikit-learn") from error
    has_overview = np.array([bool(text) for text in facts.overviews], dtype=np.float32)
    languages = np.array([[code == "ko", code == "en"] for code in catalog.language], dtype=np.float32).reshape(-1, 2)
    known_year = catalog.year > 0
    rest = np.column_stack(
        [
            np.log1p(facts.votes) / _VOTES,
            np.nan_to_num(facts.average - _AVERAGE),
            np.where(known_year, (catalog.year - _YEAR[0]) / _YEAR[1], 0.0),
            languages,
            np.array([bool(words) for words in facts.keywords], dtype=np.float32),
            has_overview,
        ]
    )
    parts = [sparse.csr_matrix(catalog.matrix), _keyword_columns(facts.keywords), sparse.csr_matrix(rest)]
    if has_overview.sum() > _FEWEST_FILMS:
        words = TfidfVectorizer(min_df=_FEWEST_FILMS + 2, max_df=0.3, sublinear_tf=True, stop_words="english")
        with contextlib.suppress(ValueError):  # no word stands in enough overviews
            parts.append(words.fit_transform(facts.overviews) * _OVERVIEW)
    parts.append(sparse.csr_matrix(feeling * _FEELING))
    return sparse.hstack(parts).tocsr()


def _keyword_columns(keywords: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401
    """Return (n, K): the keywords of each film, in rows of length `_KEYWORDS`."""
    from scipy import sparse

    films: dict[str, int] = {}
    for words in keywords:
        for word in words:
            films[word] = films.get(word, 0) + 1
    kept: Mapping[str, int] = {
        word: column for column, word in enumerate(sorted(w for w, n in films.items() if n >= _FEWEST_FILMS))
    }
    rows, columns, values = [], [], []
    for row, words in enumerate(keywords):
        own = [kept[word] for word in words if word in kept]
        rows += [row] * len(own)
        columns += own
        values += [_KEYWORDS / np.sqrt(max(len(own), 1))] * len(own)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(keywords), len(kept)), dtype=np.float64)
