"""What the other sources know about films: who confirms one, and which reviewed ones the table lacks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ilgi.bundle import DataSource, sha256_of_file
from ilgi.catalog.base import Row
from ilgi.catalog.genres import parse_genres, to_tmdb
from ilgi.catalog.items import Item, number_cell, text_cell, title_cell, year_cell
from ilgi.catalog.sources import KmrdSource, join_kmrd, split_movielens_title
from ilgi.training.films.confirm import TitleIndex, title_key
from ilgi.training.films.recipe import FilmRecipe
from ilgi.training.films.tags import names_of, read_tags
from ilgi.training.tables import read_rows


@dataclass(frozen=True)
class FilmFound:
    """A film with what other sources say of it."""

    item: Item
    sources: tuple[str, ...]
    """Who confirms it."""
    audience: float | None = None
    """People who saw it in Korean cinemas, where KOBIS lists it."""
    adult: bool = False
    """Whether one of them calls it an adult film."""


class FilmSources:
    """The sources that confirm, and what they know that the table lacks."""

    def __init__(self, data_dir: Path, recipe: FilmRecipe) -> None:
        """Read every input but the films themselves.

        Args:
            data_dir: The folder that the recipe's paths are relative to.
            recipe: Inputs and rules.

        Raises:
            InputError: A table is missing.
            DataError: A table isn't what the recipe takes it for.
        """
        self._dir = data_dir
        self._recipe = recipe
        self._counts: Counter[str] = Counter()
        tolerance = recipe.year_tolerance
        self._wikipedia: TitleIndex[Item] = TitleIndex(tolerance)
        for row in self.rows("wikipedia"):
            genres = parse_genres(row.get("genres"))
            if not recipe.adult_genres.intersection(genres):
                title, year = title_cell(row, "title"), year_cell(row, "year")
                film = Item(title, original_title=title, year=year, language="en", genres=to_tmdb(genres))
                self._wikipedia.add([title], year, film)
        self._kobis: TitleIndex[float] = TitleIndex(tolerance)
        for row in self.rows("kobis"):
            self._kobis.add([title_cell(row, "film_title")], year_cell(row, "year"), number_cell(row, "audience") or 0)
        self._matched = {
            text_cell(row, "tmdb_id"): number_cell(row, "kobis_audience") or 0.0 for row in self.rows("crosscheck")
        }
        self._naver: TitleIndex[Item] = TitleIndex(tolerance)
        self._naver_films: list[Item] = []
        self._adult_naver: set[str] = set()
        source = KmrdSource()
        for row in join_kmrd(self.rows("kmrd_movies"), self.rows("kmrd_genres"), self.rows("kmrd_countries")):
            film = source.item(row)
            self._naver.add([film.title, film.title_ko, film.original_title], film.year, film)
            self._naver_films.append(film)
            if recipe.adult_genres.intersection(parse_genres(row["genres"])):
                self._adult_naver.add(film.id)
        self._reviewed: dict[str, tuple[str, int]] = {}
        for row in self.rows("reviewed"):
            title, _, year = split_movielens_title(title_cell(row, "title"))
            self._reviewed[text_cell(row, "tconst")] = (title, year)
        self._tagged: Sequence[tuple[Sequence[str], int]] = ()
        if recipe.profiles is not None:
            table = read_tags(data_dir / recipe.profiles.tags.path)
            self._tagged = [(names_of(title), year) for title, year in table.titles]

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of an input and count them."""
        for row in read_rows(self._dir / self._recipe.inputs.tables()[name].path):
            self._counts[name] += 1
            yield row

    def data(self) -> tuple[DataSource, ...]:
        """Return the inputs for the manifest."""
        return tuple(
            DataSource(
                name=table.path,
                licence=table.licence,
                sha256=sha256_of_file(self._dir / table.path),
                rows=self._counts[name],
            )
            for name, table in self._recipe.inputs.tables().items()
        )

    def confirm(self, item: Item) -> FilmFound:
        """Return the film with who confirms it, its Korean audience, and what Naver adds: its id, a Korean title."""
        sources = []
        if item.keys.get("movielens") and not self._contradicts(item):
            sources.append("MovieLens")
        # The lists are of American films: a foreign one of the same name and year is another film.
        if item.language == "en" and self._wikipedia.find([item.title], item.year):
            sources.append("Wikipedia")
        audience = self._matched.get(item.keys.get("tmdb", ""))
        on_posters = self._kobis.find([item.title_ko or item.original_title], item.year)
        if on_posters is not None and item.language == "ko" and not item.title_ko:
            # The list has titles as they stood on Korean posters, also those without Hangul ("1987").
            item = replace(item, title_ko=item.original_title)
        audience = on_posters if audience is None else audience
        if audience is not None:
            sources.append("KOBIS")
        naver = self._naver_of(item)
        if naver is not None:
            sources.append("KMRD")
            item = replace(
                item,
                title_ko=item.title_ko or naver.title_ko,
                keys={**item.keys, "naver": naver.keys["naver"]},
            )
        return FilmFound(item, tuple(sources), audience, adult=naver is not None and naver.id in self._adult_naver)

    def _contradicts(self, item: Item) -> bool:
        """Whether MovieLens links this film's IMDb id with another title and another year."""
        title, year = self._reviewed.get(item.keys.get("imdb", ""), ("", 0))
        return bool(title and year) and (
            abs(year - item.year) > self._recipe.year_tolerance and title_key(title) != title_key(item.title)
        )

    def _naver_of(self, item: Item) -> Item | None:
        # A Korean and a foreign film of one name and year are two films.
        found = self._naver.find([item.title_ko, item.title, item.original_title], item.year)
        if found is None or (bool(found.language) and (found.language == "ko") != (item.language == "ko")):
            return None
        return found

    def missing(self, films: Iterable[Item]) -> Iterator[tuple[str, FilmFound]]:
        """Yield reviewed or tagged films that are not among `films` and that two sources agree on.

        Title, year and genres are those of Wikipedia's lists or Naver's pages; the film's id is that of its reviews, or
        made of its title and year.
        """
        here: TitleIndex[str] = TitleIndex(self._recipe.year_tolerance)
        known: set[str | None] = set()
        for film in films:
            here.add([film.title, film.original_title, film.title_ko], film.year, film.id)
            known |= {film.keys.get("imdb"), film.keys.get("naver")}
        for tconst, (title, year) in self._reviewed.items():
            entry = self._wikipedia.find([title], year)
            if tconst in known or entry is None or not entry.genres or here.find([title], year):
                continue
            naver = self._naver_of(entry)
            if naver is not None and naver.id in self._adult_naver:
                continue
            keys = {"imdb": tconst} if naver is None else {"imdb": tconst, **naver.keys}
            item = replace(entry, keys=keys, title_ko=naver.title_ko if naver else "")
            if self._is_left_out(item.id):
                continue
            here.add([entry.title, item.title_ko], entry.year, item.id)
            known |= set(keys.values())
            yield "from Wikipedia, reviewed at IMDb", FilmFound(item, ("MovieLens", "Wikipedia"))
        for naver in self._naver_films:
            entry = self._wikipedia.find([naver.title], naver.year) if naver.language in ("en", "") else None
            if entry is None or not naver.genres or naver.keys["naver"] in known or naver.id in self._adult_naver:
                continue
            if here.find([naver.title, naver.title_ko, entry.title], naver.year) or self._is_left_out(naver.id):
                continue
            here.add([naver.title, naver.title_ko, entry.title], entry.year, naver.id)
            yield (
                "from KMRD, reviewed at Naver",
                FilmFound(replace(naver, title=entry.title, original_title=entry.title, language="en"),
                      ("KMRD", "Wikipedia")),
            )  # fmt: skip

        for titles, year in self._tagged:
            entry = self._wikipedia.find(titles, year)
            if entry is None or not entry.genres or self._is_left_out(entry.id):
                continue
            if here.find([*titles, entry.title], entry.year):
                continue
            here.add([*titles, entry.title], entry.year, entry.id)
            yield "from Wikipedia, tagged at MovieLens", FilmFound(entry, ("MovieLens", "Wikipedia"))

    def _is_left_out(self, item_id: str) -> bool:
        return item_id in self._recipe.adult_ids or item_id in self._recipe.drop_ids
