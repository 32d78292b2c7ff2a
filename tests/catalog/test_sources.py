from typing import Any

import pytest

from ilgi.catalog.base import CatalogSource, catalog_sources
from ilgi.catalog.sources import (
    KmrdSource,
    MovieLensSource,
    PrototypeSource,
    TmdbSource,
    join_kmrd,
    split_movielens_title,
    split_naver_title,
)
from ilgi.errors import DataError
from ilgi.testing import CatalogSourceContract

TMDB = [
    {"tmdb_id": "670", "imdb_id": "tt0364569", "ml_id": "27773", "title": "Oldboy", "title_ko": "올드보이",
     "original_title": "올드보이", "year": "2003", "lang": "ko", "genres": "Drama|Thriller|Foreign",
     "vote_average": "8.2", "vote_count": "9661"},
    {"tmdb_id": "None", "imdb_id": "tt0082084", "ml_id": None, "title": "Birthday &amp; Blood", "title_ko": None,
     "original_title": None, "year": "1981", "lang": "en", "genres": "Horror", "vote_average": None,
     "vote_count": "12"},
    {"tmdb_id": None, "imdb_id": None, "ml_id": None, "title": None, "title_ko": "어떤 영화", "original_title": None,
     "year": None, "lang": None, "genres": None, "vote_average": None, "vote_count": None},
]  # fmt: skip
KMRD = [
    {"movie": "10001", "title": "시네마 천국", "title_eng": "Cinema Paradiso , 1988", "year": "2013",
     "genres": "드라마|멜로/로맨스", "countries": "이탈리아|프랑스"},
    {"movie": "10014", "title": "금지된 장난", "title_eng": "Jeux Interdits , Forbidden Games , 1952", "year": "1992",
     "genres": "드라마|전쟁", "countries": "프랑스"},
    {"movie": "10327", "title": None, "title_eng": None, "year": None, "genres": "", "countries": ""},
]  # fmt: skip


class TestTmdb(CatalogSourceContract):
    def make(self) -> CatalogSource:
        return TmdbSource()

    def rows(self) -> list[dict[str, Any]]:
        return TMDB


class TestMovieLens(CatalogSourceContract):
    def make(self) -> CatalogSource:
        return MovieLensSource()

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"movieId": "1", "title": "Long Night, The (1995)", "genres": "Children|Sci-Fi"},
            {"movieId": 2, "title": "Untitled", "genres": "(no genres listed)", "imdbId": "114709", "tmdbId": 862.0},
        ]


class TestKmrd(CatalogSourceContract):
    def make(self) -> CatalogSource:
        return KmrdSource()

    def rows(self) -> list[dict[str, Any]]:
        return KMRD


class TestPrototype(CatalogSourceContract):
    def make(self) -> CatalogSource:
        return PrototypeSource()

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"": "0", "Reviews": "x", "movie_name": "Night Train", "genres": "[]"},
            {"": "1", "Reviews": "y", "movie_name": "Night Train", "genres": "['Comedy', 'Drama']"},
            {"": "2", "Reviews": "z", "movie_name": "Day Train", "genres": "['Horror']"},
        ]


def test_tmdb_rows() -> None:
    catalog = TmdbSource().read(TMDB)
    assert catalog.ids == ("tmdb:670", "imdb:tt0082084", "title:어떤 영화")
    assert catalog.titles["en"] == ("Oldboy", "Birthday & Blood", "")
    assert catalog.year.tolist() == [2003, 1981, 0]
    assert catalog.language == ("ko", "en", "")
    assert [catalog.labels_of(row) for row in range(3)] == [("Drama", "Thriller"), ("Horror",), ()]
    assert catalog.popularity.tolist() == [1.0, 0.5, 0.0]
    assert catalog.keys["movielens"] == ("27773", "", "")


def test_tmdb_under_the_names_of_its_own_export() -> None:
    row = {"id": 7, "title": "A", "release_date": "2009-12-10", "original_language": "cn", "vote_count": 3,
           "genres": '[{"id": 28, "name": "Action"}]'}  # fmt: skip
    catalog = TmdbSource().read([row])
    assert (catalog.ids, catalog.year.tolist(), catalog.language) == (("tmdb:7",), [2009], ("zh",))
    assert catalog.labels_of(0) == ("Action",)


def test_movielens_rows() -> None:
    catalog = MovieLensSource().read(TestMovieLens().rows())
    assert catalog.ids == ("movielens:1", "tmdb:862")
    assert catalog.keys["imdb"] == ("", "tt0114709")
    assert catalog.titles["en"] == ("The Long Night", "Untitled")
    assert catalog.labels_of(0) == ("Family", "Science Fiction")
    assert catalog.labels_of(1) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Matrix, The (1999)", ("The Matrix", "", 1999)),
        ("City of Lost Children, The (Cité des enfants perdus, La) (1995)",
         ("The City of Lost Children", "La Cité des enfants perdus", 1995)),
        ("Avventura, L' (Adventure, The) (1960)", ("L'Avventura", "The Adventure", 1960)),
        ("Guardian;The (2006)", ("The Guardian", "", 2006)),
        ("Seven (a.k.a. Se7en) (1995)", ("Seven", "", 1995)),
        ("(500) Days of Summer (2009)", ("(500) Days of Summer", "", 2009)),
        ("Good, the Bad and the Ugly, The (1966)", ("The Good, the Bad and the Ugly", "", 1966)),
        ("Here, There, Everywhere (2001)", ("Here, There, Everywhere", "", 2001)),
        ("Babylon 5", ("Babylon 5", "", 0)),
        ("Fawlty Towers (1975-1979)", ("Fawlty Towers", "", 1975)),
        ("", ("", "", 0)),
    ],
)  # fmt: skip
def test_movielens_titles(text: str, parts: tuple[str, str, int]) -> None:
    assert split_movielens_title(text) == parts


def test_kmrd_rows() -> None:
    catalog = KmrdSource().read(KMRD)
    assert catalog.ids == ("naver:10001", "naver:10014")
    assert catalog.year.tolist() == [1988, 1952]
    assert catalog.language == ("it", "fr")
    assert catalog.titles["en"] == ("Cinema Paradiso", "Forbidden Games")
    assert catalog.titles["original"] == ("", "Jeux Interdits")
    assert catalog.labels_of(0) == ("Drama", "Romance")


def test_a_korean_film_has_its_korean_title_as_the_original() -> None:
    row = {
        "movie": "1",
        "title": "고래 사냥",
        "title_eng": "Whale Hunting , 1984",
        "genres": "드라마",
        "countries": "한국",
    }
    catalog = KmrdSource().read([row])
    assert catalog.titles["original"] == ("고래 사냥",)
    assert catalog.language == ("ko",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Star Wars , 1977", ("", "Star Wars", 1977)),
        ("碑木 , 1978", ("碑木", "", 1978)),
        ("孔雀王子 , Peacock Prince , 1988", ("孔雀王子", "Peacock Prince", 1988)),
        ("The Karate Kid, Part II , 1986", ("", "The Karate Kid, Part II", 1986)),
        (", 1926", ("", "", 1926)),
        ("", ("", "", 0)),
    ],
)
def test_naver_titles(text: str, parts: tuple[str, str, int]) -> None:
    assert split_naver_title(text) == parts


def test_kmrd_tables_are_joined() -> None:
    movies = [{"movie": "1", "title": "가", "title_eng": "A , 2000"}, {"movie": "2", "title": "나", "title_eng": "B"}]
    genres = [{"movie": "1", "genre": "SF"}, {"movie": "1", "genre": "액션"}, {"movie": "9", "genre": "전쟁"}]
    joined = list(join_kmrd(movies, genres, [{"movie": "2", "country": "한국"}]))
    assert [row["genres"] for row in joined] == ["SF|액션", ""]
    assert [row["countries"] for row in joined] == ["", "한국"]
    with pytest.raises(DataError, match="genre"):
        list(join_kmrd(movies, [{"movie": "1", "kind": "SF"}]))


def test_prototype_rows() -> None:
    catalog = PrototypeSource().read(TestPrototype().rows())
    assert catalog.ids == ("title:night train", "title:day train")
    assert catalog.labels_of(0) == ("Comedy", "Drama")
    assert catalog.popularity.tolist() == [1.0, 0.5]


@pytest.mark.parametrize("source", [TmdbSource, MovieLensSource, KmrdSource, PrototypeSource])
def test_another_table_is_refused(source: type[CatalogSource]) -> None:
    with pytest.raises(DataError, match="needs a column"):
        source().read([{"something": "else"}])


def test_sources_come_in_by_their_names() -> None:
    assert {"tmdb", "movielens", "kmrd", "prototype"} <= set(catalog_sources.names())
    assert catalog_sources.get("kmrd") is KmrdSource
