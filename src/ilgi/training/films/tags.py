"""People's tags of how films feel: a table with a row for each film and tag, and its films in a catalogue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.arrays import IntVector
from ilgi.catalog.base import Catalog
from ilgi.errors import DataError
from ilgi.training.films.confirm import TitleIndex
from ilgi.training.tables import read_rows

TABLE: Final = "catalog/mood_tags.tsv"
"""Where the tags lie in the data directory."""
_COLUMNS: Final = ("ml_id", "title", "year", "tag")
_PEOPLE: Final = "count"
_ARTICLE: Final = re.compile(
    r"^(.*\S),? (the|a|an|le|la|les|l'|un|une|il|lo|el|los|las|der|die|das|den|det)$", re.IGNORECASE
)
_SUBTITLE: Final = re.compile(r".*(?:: | - )(.+ .+)$")
_OTHER: Final = re.compile(r"\((?:a\.k\.a\. )?")


@dataclass(frozen=True)
class FilmTags:
    """F films with their tags."""

    films: tuple[str, ...]
    """(F,) as the table names them, in order of first appearance."""
    titles: tuple[tuple[str, int], ...]
    """(F,) title and year."""
    tags: tuple[tuple[int, str, float], ...]
    """Film (0 … F - 1), tag, and how many people gave it."""


def read_tags(path: Path) -> FilmTags:
    """Read a table of tags with the columns ml_id, title, year, tag and, where it is known, count.

    Raises:
        DataError: There is no such table, or a row lacks a column.
    """
    if not path.is_file():
        raise DataError(f"there is no {TABLE} in the data folder: it needs the columns {', '.join(_COLUMNS)}")
    place: dict[str, int] = {}
    titles: list[tuple[str, int]] = []
    tags: list[tuple[int, str, float]] = []
    for number, row in enumerate(read_rows(path), start=2):
        try:
            film, title, year, tag = (str(row[name]) for name in _COLUMNS)
            told = (title, int(year))
            people = float(row.get(_PEOPLE) or 1.0)
        except (KeyError, ValueError) as error:
            raise DataError(f"{path.name} row {number} has no {error}: check the column") from error
        if film not in place:
            place[film] = len(place)
            titles.append(told)
        tags.append((place[film], tag, people))
    return FilmTags(tuple(place), tuple(titles), tuple(tags))


def rows_of_titles(catalog: Catalog, titles: Sequence[tuple[str, int]]) -> IntVector:
    """Return for each film its row in a catalogue, by title and year, or by title and a year beside it; else -1.

    Args:
        catalog: The films.
        titles: Title and year. "Seven (a.k.a. Se7en" has two titles, "Godfather The" its article behind.
    """
    index: TitleIndex[int] = TitleIndex(1)
    for row in range(len(catalog)):
        index.add((names[row] for names in catalog.titles.values()), int(catalog.year[row]), row)
    found = (index.find(names_of(title), year) for title, year in titles)
    return np.array([-1 if row is None else row for row in found], dtype=np.int64)


def names_of(title: str) -> list[str]:
    """Return what a film of this title may be called, the whole title first."""
    names = [part.strip(" )") for part in _OTHER.split(title)]
    turned = [_ARTICLE.match(name) for name in names]
    whole = [f"{m[2]} {m[1]}" if m else name for m, name in zip(turned, names, strict=True)]
    # "Star Wars: Episode V - The Empire Strikes Back" was shown as "The Empire Strikes Back".
    return whole + [m[1] for name in whole if (m := _SUBTITLE.match(name))]
