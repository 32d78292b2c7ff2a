"""Reviews of known items, read from a table and cleaned, with a report of what was dropped and why.

A review needs a text and an item; labels may stand beside it or come from a table of their own. Repeats are dropped:
within an item always, because one opinion counts once; across items by choice (`shared`), because a longer text that
stands under several films tells of one of them and nobody knows which. Short texts that different people wrote about
different films ("good film") are no repeats and stay.
"""

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector
from ilgi.catalog.genres import parse_genres, to_tmdb
from ilgi.catalog.items import clean_title, text_cell
from ilgi.errors import DataError, InputError
from ilgi.language import LANGUAGES, Language, clean_text, detect_language
from ilgi.training.reviews.dedupe import LEAST_WORDS, find_repeats, words_of
from ilgi.training.tables import columns_of, read_rows, unwrap

Shared = Literal["first", "keep", "drop"]

_BREAK: Final = re.compile(r"(?:\s*<br\s*/?>\s*)+", re.IGNORECASE)
# The language of a review shows in its beginning; reading all of a long one for that would take as long as cleaning it.
_LANGUAGE_SAMPLE: Final = 400


@dataclass(frozen=True)
class ReviewColumns:
    """Which columns of a table hold what; None where the table has no such column."""

    text: str
    item: str
    """Id or name of the reviewed item."""
    labels: str | None = None
    """Genres in any spelling that `parse_genres` reads."""
    rating: str | None = None
    title: str | None = None
    language: str | None = None
    """"ko" or "en" a row; detected where there is no column or the cell says neither."""
    unrated: float | None = None
    """The number that stands for "no rating", such as 0 among stars from 1 to 10."""

    def names(self) -> tuple[str, ...]:
        """Return the columns that are needed, each once."""
        columns = (self.text, self.item, self.labels, self.rating, self.title, self.language)
        return tuple(dict.fromkeys(column for column in columns if column is not None))


IMDB: Final = ReviewColumns(text="text", item="tconst", rating="rating", unrated=0.0)
"""The Large Movie Review Dataset with its film ids; labels come from a table of titles."""
NAVER: Final = ReviewColumns(text="review", item="naver_id", labels="genres_ko", rating="rating", title="title_ko")
"""Naver film reviews joined with KMRD."""
PROTOTYPE: Final = ReviewColumns(
    text="Reviews", item="movie_name", labels="genres", rating="Ratings", title="movie_name"
)
"""The prototype's table: genres as the text of a list."""


@dataclass(frozen=True)
class ReviewReport:
    """What came of the rows of a table. The counts of what was dropped and of what was kept sum to `rows`."""

    rows: int
    """Rows in the table."""
    kept: int
    no_text: int
    """Dropped: no letter or digit in the text."""
    no_item: int
    """Dropped: no item."""
    exact: int
    """Dropped: the same words stand under the same item before."""
    near: int
    """Dropped: nearly the same words stand under the same item before."""
    shared: int
    """Dropped: the same or nearly the same words stand under another item (rule `first` or `drop`)."""
    shared_kept: int
    """Kept although the same words stand under another item: short texts, and all of them under the rule `keep`."""
    without_labels: int
    """Kept, but no label is known of the item."""
    items: int
    """Distinct items among the kept reviews."""
    columns_left_out: int
    """Columns of the table that were not read."""

    def text(self) -> str:
        """Return the report for people, one line a fact that is not zero."""
        lines = [f"{self.kept:,} of {self.rows:,} reviews kept, of {self.items:,} items"]
        facts = (
            (self.no_text, "dropped: no text"),
            (self.no_item, "dropped: no item"),
            (self.exact, "dropped: same words again under the same item"),
            (self.near, "dropped: nearly the same words again under the same item"),
            (self.shared, "dropped: same or nearly the same words under another item"),
            (self.shared_kept, "kept: same words under another item too"),
            (self.without_labels, "kept without labels: none is known of the item"),
            (self.columns_left_out, "columns not needed and not read"),
        )
        return "\n".join(lines + [f"  {count:,} {what}" for count, what in facts if count])


@dataclass(frozen=True, eq=False)
class Reviews:
    """n reviews in the order of their table. Every column has n entries."""

    texts: tuple[str, ...]
    items: tuple[str, ...]
    """Item ids as the table writes them."""
    labels: tuple[tuple[str, ...], ...]
    """TMDB genres of each review's item; empty where none is known."""
    ratings: NDArray[np.float32]
    """(n,) as the table gives them, NaN where unknown."""
    languages: tuple[Language, ...]
    titles: tuple[str, ...]
    """Title of each review's item; "" where unknown."""
    repeats: IntVector
    """(n,) the first review with the same or nearly the same words, its own row where it says something new. Reviews
    that share one belong on one side of any split."""
    report: ReviewReport

    def __len__(self) -> int:
        """Return the number of reviews."""
        return len(self.texts)


def read_reviews(
    path: Path,
    columns: ReviewColumns,
    *,
    item_labels: Mapping[str, tuple[str, ...]] | None = None,
    language: Language | None = None,
    shared: Shared = "first",
) -> Reviews:
    """Read a table of reviews, clean its texts and drop what says nothing new.

    Args:
        path: A CSV, TSV, JSONL or Parquet file (see `ilgi.training.tables`).
        columns: Which of its columns hold what; the others are not read.
        item_labels: Item → labels, for tables without a column of labels; wins over the column where both know.
        language: The language of all texts; by column or detected if None.
        shared: What to do with a text of at least 20 words that stands under several items: keep it under the
            "first" of them, "keep" it under each, or "drop" it under all.

    Raises:
        InputError: There is no such file, or `shared` is no rule.
        DataError: The table cannot be read, lacks a column, or holds no review at all.
        MissingExtra: It is Parquet and polars is not installed.
    """
    if shared not in ("first", "keep", "drop"):
        raise InputError(f"unknown rule for shared texts {shared!r}: choose first, keep or drop")
    rows = _Rows(path, columns, language)
    cells = list(rows)
    if not cells:
        raise DataError(f"{path.name} holds no review: name the columns of its texts and items")
    kept, repeats, counts = _choose([cell.text for cell in cells], [cell.item for cell in cells], shared)
    chosen = [cells[row] for row in kept]
    known = item_labels or {}
    labels = tuple(known.get(cell.item) or cell.labels for cell in chosen)
    return Reviews(
        texts=tuple(cell.text for cell in chosen),
        items=tuple(cell.item for cell in chosen),
        labels=labels,
        ratings=np.array([cell.rating for cell in chosen], dtype=np.float32),
        languages=tuple(cell.language for cell in chosen),
        titles=tuple(cell.title for cell in chosen),
        repeats=repeats,
        report=ReviewReport(
            rows=rows.read,
            kept=len(chosen),
            no_text=rows.no_text,
            no_item=rows.no_item,
            without_labels=sum(not names for names in labels),
            items=len({cell.item for cell in chosen}),
            columns_left_out=rows.columns_left_out,
            **counts,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    text: str
    item: str
    labels: tuple[str, ...]
    rating: float
    language: Language
    title: str


class _Rows:
    """The usable rows of a table, counting the others on the way."""

    def __init__(self, path: Path, columns: ReviewColumns, language: Language | None) -> None:
        self.path = path
        self.columns = columns
        self.language = language
        self.read = self.no_text = self.no_item = self.columns_left_out = 0
        # The same few hundred cells of genres come thousands of times.
        self._labels: dict[object, tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[_Cells]:
        names = self.columns.names()
        self.columns_left_out = max(len(columns_of(self.path)) - len(names), 0)
        for row in read_rows(self.path, columns=names):
            self.read += 1
            text = clean_review(str(row[self.columns.text] or ""))
            item = text_cell(row, self.columns.item)
            if not words_of(text):
                self.no_text += 1
            elif not item:
                self.no_item += 1
            else:
                yield _Cells(
                    text,
                    item,
                    self._labels_of(row),
                    self._rating_of(row),
                    self._language_of(row, text),
                    clean_title(text_cell(row, self.columns.title)) if self.columns.title else "",
                )

    def _labels_of(self, row: Mapping[str, object]) -> tuple[str, ...]:
        if self.columns.labels is None:
            return ()
        cell = row[self.columns.labels]
        key = cell if isinstance(cell, str) else repr(cell)
        if key not in self._labels:
            try:
                self._labels[key] = to_tmdb(parse_genres(cell))
            except DataError as error:
                raise DataError(f"{self.path.name}, row {self.read}: {error}") from error
        return self._labels[key]

    def _rating_of(self, row: Mapping[str, object]) -> float:
        if self.columns.rating is None:
            return math.nan
        try:
            value = float(text_cell(row, self.columns.rating) or math.nan)
        except ValueError:
            return math.nan
        return value if math.isfinite(value) and value != self.columns.unrated else math.nan

    def _language_of(self, row: Mapping[str, object], text: str) -> Language:
        if self.language is not None:
            return self.language
        named = text_cell(row, self.columns.language).casefold()[:2] if self.columns.language else ""
        return next((code for code in LANGUAGES if code == named), None) or detect_language(text[:_LANGUAGE_SAMPLE])


def clean_review(text: str) -> str:
    """Return a review as plain text: line breaks for `<br>`, entities resolved, quotes around the whole taken off."""
    return clean_text(html.unescape(_BREAK.sub("\n", unwrap(text.strip())))).strip()


def _choose(texts: list[str], items: list[str], shared: Shared) -> tuple[list[int], IntVector, dict[str, int]]:
    """Decide which reviews stay.

    Returns:
        The rows that stay; for each of them the first of them that it repeats (its place among those that stay); and
        the counts of the report.
    """
    found = find_repeats(texts)
    first = found.first.tolist()
    owners: dict[int, set[str]] = {}
    for row, origin in enumerate(first):
        owners.setdefault(origin, set()).add(items[row])
    counts = {"exact": 0, "near": 0, "shared": 0, "shared_kept": 0}
    seen: set[tuple[int, str]] = set()
    kept: list[int] = []
    for row, origin in enumerate(first):
        if (origin, items[row]) in seen:
            counts["exact" if found.exact[row] else "near"] += 1
            continue
        seen.add((origin, items[row]))
        if len(owners[origin]) > 1:
            # A short text under several items is a coincidence, not a copy (find_repeats compares those only whole).
            long = len(words_of(texts[origin])) >= LEAST_WORDS
            if long and (shared == "drop" or (shared == "first" and row != origin)):
                counts["shared"] += 1
                continue
            counts["shared_kept"] += row != origin
        kept.append(row)
    place: dict[int, int] = {}
    repeats = [place.setdefault(first[row], at) for at, row in enumerate(kept)]
    return kept, np.array(repeats, dtype=np.int64), counts
