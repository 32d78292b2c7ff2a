"""The film tables that ilgi knows, one small class a format. To add one, write `read`, or `item` of `FilmSource`."""

import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from ilgi.catalog.base import Catalog, CatalogSource, Row
from ilgi.catalog.genres import parse_genres, to_tmdb
from ilgi.catalog.items import (
    Item,
    catalog_of,
    clean_title,
    language_code,
    need_columns,
    number_cell,
    text_cell,
    title_cell,
    year_cell,
)

_ARTICLES: Final = (
    "the", "a", "an", "le", "la", "les", "l'", "un", "une", "il", "lo", "i", "gli", "el", "los", "las", "der", "die",
    "das", "den", "det", "en", "ett", "het", "de", "o", "os", "as",
)  # fmt: skip
_ENDING_YEAR: Final = re.compile(r"\s*\(((?:18|19|20)\d\d)(?:[-–](?:(?:18|19|20)\d\d)?)?\)\s*$")
_OTHER_TITLE: Final = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$")
_ARTICLE_LAST: Final = re.compile(r"^(.*)[,;]\s*([^\s,;]+)$")
_EAST_ASIAN: Final = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_LANGUAGE_OF_COUNTRY: Final = {
    "한국": "ko", "미국": "en", "영국": "en", "호주": "en", "캐나다": "en", "아일랜드": "en", "뉴질랜드": "en",
    "일본": "ja", "프랑스": "fr", "이탈리아": "it", "독일": "de", "독일(구 서독)": "de", "중국": "zh", "홍콩": "zh",
    "대만": "zh", "스페인": "es", "스웨덴": "sv", "덴마크": "da", "러시아": "ru", "구소련": "ru", "이란": "fa",
    "인도": "hi", "폴란드": "pl", "네덜란드": "nl", "브라질": "pt", "태국": "th",
}  # fmt: skip


class FilmSource(CatalogSource):
    """A table with one film a row. To add a format, name what it needs and write `item`."""

    kind: ClassVar[str]
    """What to call the format in an error."""
    needs: ClassVar[tuple[str | tuple[str, ...], ...]]
    """Columns that must be there; of a tuple, any one."""

    def read(self, rows: Iterable[Row]) -> Catalog:
        """Return the catalogue of these rows, first come first kept where an id stands twice.

        Raises:
            DataError: A column that the format must have is missing, or a cell of genres cannot be read.
        """
        return catalog_of(self.items(rows))

    def items(self, rows: Iterable[Row]) -> Iterator[Item]:
        """Yield the film of each row.

        Raises:
            DataError: As `read`.
        """
        for number, row in enumerate(rows):
            if number == 0:
                need_columns(row, self.kind, *self.needs)
            yield self.item(row)

    @abstractmethod
    def item(self, row: Row) -> Item:
        """Return the film of one row."""


class TmdbSource(FilmSource):
    """A TMDB-like table: ids, titles, year or release_date, lang, genres, vote_count, as its exports name them."""

    kind = "TMDB"
    needs = ("genres", ("title", "title_ko", "original_title"))

    def item(self, row: Row) -> Item:
        """Return the film of one row."""
        return Item(
            title=title_cell(row, "title"),
            title_ko=title_cell(row, "title_ko"),
            original_title=title_cell(row, "original_title"),
            year=year_cell(row, "year", "release_date"),
            language=language_code(text_cell(row, "lang", "original_language")),
            genres=to_tmdb(parse_genres(row.get("genres"))),
            votes=number_cell(row, "vote_count"),
            keys={
                "tmdb": text_cell(row, "tmdb_id", "id"),
                "imdb": text_cell(row, "imdb_id"),
                "movielens": text_cell(row, "ml_id"),
            },
        )


class MovieLensSource(FilmSource):
    """MovieLens' movies.csv (movieId, title, genres), alone or joined with its links.csv (imdbId, tmdbId)."""

    kind = "MovieLens"
    needs = ("movieId", "title", "genres")

    def item(self, row: Row) -> Item:
        """Return the film of one row."""
        title, other, year = split_movielens_title(title_cell(row, "title"))
        imdb = text_cell(row, "imdbId")
        return Item(
            title=title,
            original_title=other,
            year=year,
            genres=to_tmdb(parse_genres(row.get("genres"))),
            keys={
                "tmdb": text_cell(row, "tmdbId"),
                # links.csv keeps the digits only, and some tools drop the zeros in front.
                "imdb": f"tt{int(imdb):07d}" if imdb.isdecimal() else imdb,
                "movielens": text_cell(row, "movieId"),
            },
        )


def split_movielens_title(text: str) -> tuple[str, str, int]:
    """Take a MovieLens title apart: "City of Lost Children, The (Cité des enfants perdus, La) (1995)".

    Returns:
        The title with its article in front, another title of the film ("" if none), and the year (0 if none).
    """
    year = 0
    found = _ENDING_YEAR.search(text)
    if found:
        year, text = int(found[1]), text[: found.start()]
    other = ""
    # Of several titles in brackets the last is the original one; "a.k.a." ones are only further names.
    while bracket := _OTHER_TITLE.search(text):
        if bracket.start() == 0:
            break
        if not other and not bracket[1].casefold().startswith(("a.k.a.", "aka ")):
            other = _article_first(bracket[1])
        text = text[: bracket.start()]
    return _article_first(text), other, year


def _article_first(title: str) -> str:
    turned = _ARTICLE_LAST.match(title.strip())
    if not turned or turned[2].casefold() not in _ARTICLES:
        return title.strip()
    article = turned[2]
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{turned[1]}"


class KmrdSource(FilmSource):
    """Naver's film pages as KMRD has them: movies joined with genres and countries (see `join_kmrd`).

    The year of the table is that of the last release in Korea; the film's own stands at the end of `title_eng`, behind
    its titles: "Jeux Interdits , Forbidden Games , 1952". The language is that of the first country.
    """

    kind = "KMRD"
    needs = (("movie", "naver_id"), ("title", "title_ko"), ("title_eng", "title_en"), ("genres", "genres_ko"))

    def item(self, row: Row) -> Item:
        """Return the film of one row."""
        original, english, year = split_naver_title(title_cell(row, "title_eng", "title_en"))
        title_ko = title_cell(row, "title_ko", "title")
        countries = parse_genres(text_cell(row, "countries"))
        language = _LANGUAGE_OF_COUNTRY.get(countries[0], "") if countries else ""
        return Item(
            title=english,
            title_ko=title_ko,
            original_title=original or (title_ko if language == "ko" else ""),
            year=year,
            language=language,
            genres=to_tmdb(parse_genres(text_cell(row, "genres", "genres_ko"))),
            keys={"naver": text_cell(row, "movie", "naver_id")},
        )


def split_naver_title(text: str) -> tuple[str, str, int]:
    """Take Naver's foreign titles apart: "Jeux Interdits , Forbidden Games , 1952".

    Returns:
        The original title ("" where only one is given), the English title, and the year (0 if none).
    """
    parts = [part.strip() for part in re.split(r"\s,\s|^,\s", f"{text} ") if part.strip()]
    year = 0
    if parts and re.fullmatch(r"(18|19|20)\d\d", parts[-1]):
        year = int(parts.pop())
    # Titles in Chinese characters, kana or Hangul stand there too; they are never the English one.
    western = [part for part in parts if not _EAST_ASIAN.search(part)]
    english = western[-1] if western else ""
    original = next((part for part in parts if part != english), "")
    return original, english, year


def join_kmrd(movies: Iterable[Row], genres: Iterable[Row], countries: Iterable[Row] = ()) -> Iterator[Row]:
    """Yield KMRD's movies with "genres" and "countries" beside them, joined by "|".

    Args:
        movies: Rows of movies.txt (movie, title, title_eng, year, grade).
        genres: Rows of genres.csv (movie, genre), one a pair.
        countries: Rows of countries.csv (movie, country), one a pair.

    Raises:
        DataError: A table lacks a column.
    """
    joined = {"genres": _gather(genres, "genre"), "countries": _gather(countries, "country")}
    for number, row in enumerate(movies):
        if number == 0:
            need_columns(row, "KMRD", "movie", "title", "title_eng")
        yield {**row, **{column: "|".join(pairs.get(text_cell(row, "movie"), ())) for column, pairs in joined.items()}}


def _gather(rows: Iterable[Row], column: str) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for number, row in enumerate(rows):
        if number == 0:
            need_columns(row, f"KMRD {column}", "movie", column)
        pairs.setdefault(text_cell(row, "movie"), []).append(text_cell(row, column))
    return pairs


class PrototypeSource(FilmSource):
    """The prototype's table of reviews (movie_name, genres, …): one film a name, popular by its number of reviews."""

    kind = "prototype"
    needs = ("movie_name", "genres")

    def read(self, rows: Iterable[Row]) -> Catalog:
        """Return the catalogue of these rows; where a film's reviews differ in genres, the first that has any counts.

        Raises:
            DataError: As `FilmSource.read`.
        """
        films: dict[str, Item] = {}
        reviews: Counter[str] = Counter()
        for item in self.items(rows):
            reviews[item.id] += 1
            if item.id not in films or not films[item.id].genres:
                films[item.id] = item
        return catalog_of(replace(item, votes=float(reviews[key])) for key, item in films.items())

    def item(self, row: Row) -> Item:
        """Return the film of one review."""
        return Item(
            title=clean_title(text_cell(row, "movie_name")), genres=to_tmdb(parse_genres(text_cell(row, "genres")))
        )
