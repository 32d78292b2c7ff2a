"""The embedded catalogue of films, built from tables: facts only, each film confirmed by a second source.

One TMDB-like table gives the films. A row stays if it has an English title, a year, a language and a genre, is no adult
film, and one independent source knows it too: MovieLens by its id, Wikipedia's lists of American films, KOBIS' list of
the most seen films in Korean cinemas, or Naver's film pages (KMRD), by title and year. Films that people reviewed and
that the table lacks come in where two of the other sources agree. MovieLens confirms and gives nothing: no title, no
genre and no id of its tables is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.bundle import DataSource
from ilgi.catalog.base import Catalog, Row
from ilgi.catalog.items import Item, catalog_of, text_cell
from ilgi.catalog.sources import TmdbSource
from ilgi.training.films.confirm import title_key
from ilgi.training.films.evidence import FilmFound, FilmSources
from ilgi.training.films.popularity import fair_popularity
from ilgi.training.films.recipe import FilmRecipe

_ADULT: Final = "adult film"
_NAMED: Final = "named in the recipe"
_REASONS: Final = (
    "no English title", "no year", "no genre", "no language", _ADULT, _NAMED, "no second source", "the same film again",
)  # fmt: skip


@dataclass(frozen=True)
class BuildReport:
    """What came of the tables."""

    rows: int
    """Rows of the TMDB-like table."""
    dropped: Mapping[str, int]
    """Reason → films left out."""
    added: Mapping[str, int]
    """Where films that the table lacks came from → films."""
    confirmed: Mapping[str, int]
    """Source → films that it confirms; a film may be confirmed by several."""
    films: int
    korean: int
    both_titles: int
    """Films with an English and a Korean title."""
    linked: Mapping[str, int]
    """Place → films with an id there."""
    korean_vote_factor: float
    """How much a vote for a Korean film counts (see `ilgi.training.films.popularity`)."""
    data: tuple[DataSource, ...] = field(default=(), repr=False)
    """The tables with hash and number of rows, for the manifest."""

    def metrics(self) -> dict[str, Any]:
        """Return the figures as JSON, for the manifest."""
        return {
            "films": self.films,
            "korean": self.korean,
            "both_titles": self.both_titles,
            "dropped": dict(self.dropped),
            "added": dict(self.added),
            "confirmed": dict(self.confirmed),
            "linked": dict(self.linked),
            "korean_vote_factor": self.korean_vote_factor,
        }

    def text(self) -> str:
        """Return the report for people."""
        lines = [
            f"{self.films:,} films, {self.korean:,} of them Korean, {self.both_titles:,} with titles in both languages",
            f"from {self.rows:,} rows; left out:",
            *(f"  {count:,} {reason}" for reason, count in self.dropped.items() if count),
            "brought in besides:",
            *(f"  {count:,} {source}" for source, count in self.added.items()),
            "confirmed by:",
            *(f"  {count:,} {source}" for source, count in self.confirmed.items()),
            f"a vote for a Korean film counts {self.korean_vote_factor:g}-fold",
        ]
        return "\n".join(lines)


def build_films(data_dir: Path, recipe: FilmRecipe) -> tuple[Catalog, BuildReport]:
    """Build the catalogue. The same tables and the same recipe give the same catalogue.

    Args:
        data_dir: The folder that the recipe's paths are relative to.
        recipe: Inputs and rules.

    Returns:
        The catalogue, most popular first (equal ones by id), and what was done.

    Raises:
        InputError: A table is missing.
        DataError: A table isn't what the recipe takes it for.
    """
    others = FilmSources(data_dir, recipe)
    reasons: Counter[str] = Counter()
    films: list[FilmFound] = []
    refused: list[Item] = []
    rows = 0
    for row, item in _tmdb_items(others.rows("films")):
        rows += 1
        film = others.confirm(item)
        reason = _reason_against(row, item, film, recipe)
        reasons[reason] += 1
        if not reason:
            films.append(film)
        elif reason in (_ADULT, _NAMED):
            refused.append(film.item)
    films, repeated = _without_repeats(films)
    reasons["the same film again"] += repeated
    added: Counter[str] = Counter()
    for source, film in others.missing([film.item for film in films] + refused):
        added[source] += 1
        films.append(film)
    popularity, factor = fair_popularity(
        [film.item.votes for film in films],
        [film.audience for film in films],
        [film.item.language == "ko" for film in films],
    )
    order = sorted(range(len(films)), key=lambda i: (-float(popularity[i]), films[i].item.id))
    chosen = [films[i].item for i in order]
    catalog = catalog_of(
        # MovieLens' ids have done their work, and its tables are not ours to hand on.
        (replace(item, keys={k: v for k, v in item.keys.items() if k != "movielens"}) for item in chosen),
        popularity=np.asarray(popularity)[order],
    )
    confirmed = Counter(source for film in films for source in film.sources)
    report = BuildReport(
        rows=rows,
        dropped={reason: reasons[reason] for reason in _REASONS},
        added=dict(sorted(added.items())),
        confirmed=dict(sorted(confirmed.items())),
        films=len(catalog),
        korean=sum(code == "ko" for code in catalog.language),
        both_titles=sum(bool(en and ko) for en, ko in zip(catalog.titles["en"], catalog.titles["ko"], strict=True)),
        linked={place: sum(map(bool, ids)) for place, ids in catalog.keys.items()},
        korean_vote_factor=factor,
        data=others.data(),
    )
    return catalog, report


def _tmdb_items(rows: Iterable[Row]) -> Iterator[tuple[Row, Item]]:
    source = TmdbSource()
    for row in rows:
        item = source.item(row)
        # A few hundred rows come from a list of American films that gives no language.
        if not item.language and "taehanUS" in text_cell(row, "sources"):
            item = replace(item, language="en")
        # The table leaves out an original title that is the English one again.
        if not item.original_title and item.language == "en":
            item = replace(item, original_title=item.title)
        yield row, item


def _reason_against(row: Row, item: Item, film: FilmFound, recipe: FilmRecipe) -> str:
    """Return why a film is left out; "" if it stays."""
    if not item.title:
        return "no English title"
    if not item.year:
        return "no year"
    if not item.genres:
        return "no genre"
    if not item.language:
        return "no language"
    keywords = {keyword.strip().casefold() for keyword in text_cell(row, "keywords").split("|")}
    if film.adult or keywords & recipe.adult_keywords or item.id in recipe.adult_ids:
        return _ADULT
    if item.id in recipe.drop_ids:
        return _NAMED
    return "" if film.sources else "no second source"


def _without_repeats(films: list[FilmFound]) -> tuple[list[FilmFound], int]:
    """Keep one of the films that share title, year and language, unless their IMDb ids say that they are two."""
    best: dict[tuple[str, int, str], list[FilmFound]] = {}
    for film in sorted(films, key=lambda film: (-(film.item.votes or 0), film.item.id)):
        alike = best.setdefault((title_key(film.item.title), film.item.year, film.item.language), [])
        ids = {other.item.keys.get("imdb", "") for other in alike}
        if not alike or ("" not in ids and film.item.keys.get("imdb", "") not in ids | {""}):
            alike.append(film)
    kept = {film.item.id for alike in best.values() for film in alike}
    return [film for film in films if film.item.id in kept], len(films) - len(kept)
