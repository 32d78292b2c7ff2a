"""What is known of the genres of reviewed films, and what each place could have known.

A film without "History" in MovieLens may still be a historical film: MovieLens has no such genre. So labels travel with
the place that gave them, and a mask says which absences mean something.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix
from ilgi.catalog.genres import MOVIELENS_KNOWN, NAVER_KNOWN, parse_genres, to_tmdb
from ilgi.catalog.items import text_cell
from ilgi.errors import InputError
from ilgi.training.tables import read_rows
from ilgi.vocabulary import Vocabulary
from ilgi.words import GENRES

KNOWN_AT: Final[Mapping[str, frozenset[str]]] = {
    "tmdb": frozenset(GENRES),
    "movielens": MOVIELENS_KNOWN,
    "naver": NAVER_KNOWN,
}
"""Place → the genres it can express; the absence of another one there says nothing."""


@dataclass(frozen=True)
class ItemLabels:
    """Labels by item, each from one place."""

    labels: Mapping[str, tuple[str, ...]]
    """Item → its TMDB genres, at least one."""
    place: Mapping[str, str]
    """Item → the place they come from, a key of `KNOWN_AT`."""

    def multi_hot(self, items: Sequence[str], labels: Vocabulary = GENRES) -> FloatMatrix:
        """Return (len(items), L) float32: 1 where the item has the label; zeros for an item without labels."""
        return labels.multi_hot([self.labels.get(item, ()) for item in items])

    def known(self, items: Sequence[str], labels: Vocabulary = GENRES) -> FloatMatrix:
        """Return (len(items), L) float32: 1 where it is known whether the item has the label, else 0.

        An item without labels has a row of zeros. A label that is present is always known.
        """
        mask = np.zeros((len(items), len(labels)), dtype=np.float32)
        for row, item in enumerate(items):
            if item in self.labels:
                expressible = KNOWN_AT[self.place[item]]
                mask[row] = [name in expressible or name in self.labels[item] for name in labels]
        return mask


def read_item_labels(path: Path, *, item: str, columns: Mapping[str, str]) -> ItemLabels:
    """Read the labels of items from a table with one item a row; the first row of an item that has any counts.

    Args:
        path: The table.
        item: Its column of item ids.
        columns: Its columns of genres, the most trusted first → the place that each comes from ("tmdb", "movielens",
            "naver"). The first one that holds a genre gives all of an item's labels: places draw lines differently,
            so a union of them would be neither.

    Raises:
        InputError: A place is not one of `KNOWN_AT`, or there is no such file.
        DataError: The table cannot be read or lacks a column.
    """
    for place in columns.values():
        if place not in KNOWN_AT:
            raise InputError(f"unknown place of genres {place!r}: choose one of {', '.join(KNOWN_AT)}")
    labels: dict[str, tuple[str, ...]] = {}
    places: dict[str, str] = {}
    for row in read_rows(path, columns=[item, *columns]):
        name = text_cell(row, item)
        if not name or name in labels:
            continue
        for column, place in columns.items():
            genres = to_tmdb(parse_genres(row.get(column)))
            if genres:
                labels[name], places[name] = genres, place
                break
    return ItemLabels(labels, places)


def labels_from_reviews(items: Iterable[str], labels: Iterable[tuple[str, ...]], *, place: str) -> ItemLabels:
    """Return the labels that the reviews' own table gives, for each item its first that isn't empty.

    Args:
        items: (n,) the item of each review.
        labels: (n,) the labels that stand beside each review.
        place: Where they come from, a key of `KNOWN_AT`.

    Raises:
        InputError: The place is not known.
    """
    if place not in KNOWN_AT:
        raise InputError(f"unknown place of genres {place!r}: choose one of {', '.join(KNOWN_AT)}")
    found: dict[str, tuple[str, ...]] = {}
    for item, names in zip(items, labels, strict=True):
        if names:
            found.setdefault(item, names)
    return ItemLabels(found, dict.fromkeys(found, place))
