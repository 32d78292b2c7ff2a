"""The review tables of a recipe, brought together: texts, the films they are about, what is known of those films.

Films are split, not reviews, so whatever ties two films together must be found here: the same film in two tables (same
title and year), and films that share a longer review. Such films form one *group*, and a group is never divided.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import DataSource, sha256_of_file
from ilgi.catalog.items import text_cell
from ilgi.errors import DataError
from ilgi.evaluation.splits import join_groups, split_by_group
from ilgi.language import Language
from ilgi.training.recipe import LabelTable, Recipe, ReviewTable, SplitSection, resolve_inside
from ilgi.training.reviews.dedupe import words_of
from ilgi.training.reviews.item_labels import ItemLabels, labels_from_reviews, read_item_labels
from ilgi.training.reviews.read import ReviewColumns, read_reviews
from ilgi.training.runs import stage_rng
from ilgi.training.tables import read_rows

SHARED_WORDS: Final = 6
"""A review of at least so many words under two films ties them; a shorter one ("good film") may be chance."""
_YEAR: Final = re.compile(r"(1[89]\d\d|20\d\d)\W*$")
_ARTICLE: Final = re.compile(r"^(?:the|a|an)\b|[;,]\s*(?:the|a|an)\b")


@dataclass(frozen=True, eq=False)
class Gathered:
    """n reviews of F films, L labels."""

    texts: tuple[str, ...]
    """(n,) cleaned."""
    languages: tuple[Language, ...]
    """(n,)."""
    film_of: IntVector
    """(n,) the film of each review."""
    films: tuple[str, ...]
    """(F,) "<table>/<item>"."""
    groups: tuple[str, ...]
    """(F,) films with the same group are never divided by a split."""
    film_languages: tuple[Language, ...]
    """(F,) the language that most of a film's reviews are written in; a film in two tables stands here twice."""
    labels: FloatMatrix
    """(F, L) 1 where the film has the label."""
    known: FloatMatrix
    """(F, L) 1 where it is known whether it has; a row of zeros: no label is known."""
    ratings: FloatVector
    """(n,) the stars that the reviewer gave; NaN where none are known."""
    years: IntVector
    """(F,) when a film came out; 0 where that is not known."""
    reports: Mapping[str, str]
    """Table → what was dropped and why, for people."""
    data: tuple[DataSource, ...]
    """The files that were read."""


def gather_reviews(recipe: Recipe, data_dir: Path) -> Gathered:
    """Read every review table of a recipe.

    Raises:
        DataError: A table can't be read, lacks a column, or holds nothing to learn from.
    """
    texts: list[str] = []
    languages: list[Language] = []
    film_of: list[int] = []
    films: list[str] = []
    titles: list[str] = []
    text_keys: list[bytes | None] = []
    labels: list[FloatMatrix] = []
    known: list[FloatMatrix] = []
    ratings: list[FloatVector] = []
    reports: dict[str, str] = {}
    data: list[DataSource] = []
    for table in recipe.reviews:
        path = resolve_inside(data_dir, table.path)
        columns = ReviewColumns(
            text=table.text_column,
            item=table.item_column,
            labels=table.label_column,
            rating=table.rating_column,
            title=table.title_column,
            unrated=table.unrated,
        )
        second = None if table.labels_from is None else _read_labels(table.labels_from, data_dir)
        reviews = read_reviews(
            path, columns, language=table.language, item_labels=None if second is None else second.labels.labels
        )
        reports[table.name] = reviews.report.text()
        data.append(_source(table.name, table.licence, path, reviews.report.rows))
        if second is None:
            item_labels = labels_from_reviews(reviews.items, reviews.labels, place=table.place)
            item_titles: Mapping[str, str] = dict(zip(reviews.items, reviews.titles, strict=True))
        else:
            item_labels, item_titles = second.labels, second.titles
            data.append(second.source(f"{table.name}-labels"))
        rows = [row for row, item in enumerate(reviews.items) if not table.labelled or item in item_labels.labels]
        rows = _chosen(table, rows, recipe.seed)
        ratings.append(reviews.ratings[rows])
        first_film = len(films)
        place: dict[str, int] = {}
        for row in rows:
            film_of.append(first_film + place.setdefault(reviews.items[row], len(place)))
            texts.append(reviews.texts[row])
            languages.append(reviews.languages[row])
            # A near repeat counts as what it repeats.
            text_keys.append(_text_key(reviews.texts[int(reviews.repeats[row])]))
        films.extend(f"{table.name}/{item}" for item in place)
        titles.extend(film_key(item_titles.get(item, "")) for item in place)
        labels.append(item_labels.multi_hot(list(place)))
        known.append(item_labels.known(list(place)))
    mask = np.concatenate(known)
    if not mask.any():
        raise DataError("no reviewed item has labels: check label_column or labels_from in the recipe")
    film_array = np.array(film_of, dtype=np.int64)
    return Gathered(
        texts=tuple(texts),
        languages=tuple(languages),
        film_of=film_array,
        films=tuple(films),
        groups=_groups(films, titles, film_of, text_keys),
        film_languages=_main_language(film_array, languages, len(films)),
        labels=np.concatenate(labels),
        known=mask,
        ratings=np.concatenate(ratings),
        years=np.array([int(title.split()[-1]) if title else 0 for title in titles], dtype=np.int64),
        reports=reports,
        data=tuple(data),
    )


def _chosen(table: ReviewTable, rows: list[int], seed: int) -> list[int]:
    if table.limit is None or len(rows) <= table.limit:
        return rows
    rng = stage_rng(seed, f"limit {table.name}")
    return sorted(rows[i] for i in rng.choice(len(rows), size=table.limit, replace=False))


def _source(name: str, licence: str, path: Path, rows: int) -> DataSource:
    return DataSource(name=name, licence=licence, sha256=sha256_of_file(path), rows=rows)


@dataclass(frozen=True, eq=False)
class _LabelTable:
    """A second table: labels and titles of items."""

    labels: ItemLabels
    titles: Mapping[str, str]
    path: Path
    licence: str
    rows: int

    def source(self, name: str) -> DataSource:
        return _source(name, self.licence, self.path, self.rows)


def _read_labels(table: LabelTable, data_dir: Path) -> _LabelTable:
    path = resolve_inside(data_dir, table.path)
    labels = read_item_labels(path, item=table.item_column, columns=table.columns)
    titles: dict[str, str] = {}
    rows = 0
    for row in read_rows(
        path, columns=list(dict.fromkeys((table.item_column, table.title_column or table.item_column)))
    ):
        rows += 1
        if table.title_column is not None:
            titles.setdefault(text_cell(row, table.item_column), text_cell(row, table.title_column))
    return _LabelTable(labels, titles, path, table.licence, rows)


def film_key(title: str) -> str:
    """Return what the same film's title is in any table.

    "Guardian;The (2006)" and "The Guardian, 2006" are both "guardian 2006". A title without a year gives "": titles are
    used again and again, and only with the year they name a film.
    """
    plain = unicodedata.normalize("NFKC", title).casefold().strip()
    year = _YEAR.search(plain)
    if year is None:
        return ""
    name = re.sub(r"\([^)]*\)", " ", plain[: year.start()].rstrip(" (["))
    words = re.findall(r"\w+", _ARTICLE.sub(" ", name.strip()))
    return " ".join([*words, year[1]]) if words else ""


def _text_key(text: str) -> bytes | None:
    """Return what ties films under which this review stands; None for a short one."""
    words = words_of(text)
    return hashlib.sha256(" ".join(words).encode()).digest() if len(words) >= SHARED_WORDS else None


def _groups(
    films: Sequence[str], titles: Sequence[str], film_of: Sequence[int], text_keys: Sequence[object]
) -> tuple[str, ...]:
    """Return the group of each film: tied by title and year, or by a review, directly or over other films."""
    owners = [*films, *(films[film] for film in film_of)]
    keys = [*(title or None for title in titles), *text_keys]
    return join_groups(owners, keys)[: len(films)]


def _main_language(film_of: IntVector, languages: Sequence[Language], films: int) -> tuple[Language, ...]:
    korean = np.array([language == "ko" for language in languages], dtype=np.float64)
    share = np.bincount(film_of, weights=korean, minlength=films) / np.maximum(np.bincount(film_of, minlength=films), 1)
    return tuple("ko" if s >= 0.5 else "en" for s in share)


def split_films(gathered: Gathered, split: SplitSection, *, seed: int) -> dict[str, NDArray[np.int64]]:
    """Return the films of each part ("train", "validation", "test"), group by group.

    Raises:
        DataError: A part has no film with labels.
    """
    fractions = {"train": split.train, "validation": split.validation, "test": split.test}
    parts = split_by_group(gathered.groups, fractions=fractions, seed=seed)
    for part, films in parts.items():
        if not gathered.known[films].any():
            raise DataError(f"the {part} part has no film with labels: more films are needed, or another [split]")
    return parts
