from pathlib import Path

import pytest

from ilgi.catalog.items import Item
from ilgi.training.films.evidence import FilmSources
from ilgi.training.films.recipe import FilmRecipe

TABLES = {
    "films.tsv": "title\n",
    "wikipedia.tsv": (
        "title\tyear\tgenres\n"
        "The Long Night\t1995\tDrama\n"
        "A Quiet River\t1975\tDrama\n"
        'Plain Reel\t1930\t""\n'
        "Whale Song\t1984\tComedy\n"
    ),
    "kobis.csv": "film_title,year,audience\n큰 파도,2009,5000000\n1987,2017,7000000\n",
    "crosscheck.tsv": "tmdb_id\tkobis_audience\n77\t3000000\n",
    "movies.tsv": (
        "movie\ttitle\ttitle_eng\tyear\n"
        "10001\t천국 극장\tParadise Cinema , 1988\t2013\n"
        "10002\t고래 노래\tWhale Song , 1984\t1984\n"
        "10003\t조용한 강\tA Quiet River , 1975\t1975\n"
        "10004\t붉은 방\tRed Room , 1986\t1986\n"
    ),
    "genres.csv": "movie,genre\n10001,드라마\n10002,드라마\n10003,드라마\n10004,에로\n",
    "countries.csv": "movie,country\n10001,이탈리아\n10002,한국\n10003,미국\n10004,한국\n",
    "reviewed.tsv": (
        "tconst\ttitle\n"
        "tt0000001\tLong Night, The (1995)\n"
        "tt0000002\tOnly Here (1990)\n"
        "tt0000003\tReviewed Film (1950)\n"
        "tt0000004\tPlain Reel (1930)\n"
    ),
}


@pytest.fixture
def sources(tmp_path: Path) -> FilmSources:
    for name, content in TABLES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    names = ("films", "wikipedia", "kobis", "crosscheck", "kmrd_movies", "kmrd_genres", "kmrd_countries", "reviewed")
    inputs = {n: {"path": file, "licence": "none"} for n, file in zip(names, TABLES, strict=True)}
    recipe = {"inputs": inputs, "adult_keywords": ["softcore"], "adult_genres": ["에로"]}
    return FilmSources(tmp_path, FilmRecipe.model_validate(recipe))


def item(title: str, year: int, language: str = "en", title_ko: str = "", **keys: str) -> Item:
    return Item(title, title_ko, year=year, language=language, genres=("Drama",), keys=keys)


def test_who_confirms(sources: FilmSources) -> None:
    assert sources.confirm(item("Nobody Knows It", 2000, tmdb="9")).sources == ()
    assert sources.confirm(item("Anything", 2000, movielens="5")).sources == ("MovieLens",)
    assert sources.confirm(item("The Long Night", 1996)).sources == ("Wikipedia",)
    assert sources.confirm(item("The Long Night", 1999)).sources == ()


def test_a_foreign_film_of_the_same_name_is_another_film(sources: FilmSources) -> None:
    assert sources.confirm(item("The Long Night", 1995, "ko", "긴 밤")).sources == ()
    assert sources.confirm(item("Whale Song", 1984, "en")).sources == ("Wikipedia",)
    assert sources.confirm(item("Whale Song", 1984, "ko", "고래 노래")).sources == ("KMRD",)


def test_movielens_may_contradict_itself(sources: FilmSources) -> None:
    """An IMDb id whose title and year are another film's confirms nothing."""
    assert sources.confirm(item("Elsewhere", 2010, movielens="7", imdb="tt0000003")).sources == ()
    assert sources.confirm(item("Reviewed Film", 2010, movielens="7", imdb="tt0000003")).sources == ("MovieLens",)


def test_korean_audience(sources: FilmSources) -> None:
    by_title = sources.confirm(item("Big Wave", 2009, "ko", "큰 파도"))
    assert (by_title.sources, by_title.audience) == (("KOBIS",), 5_000_000)
    by_id = sources.confirm(item("Other Spelling", 2012, "ko", "다른 이름", tmdb="77"))
    assert (by_id.sources, by_id.audience) == (("KOBIS",), 3_000_000)
    untitled = Item("1987", original_title="1987", year=2017, language="ko", genres=("Drama",))
    assert sources.confirm(untitled).item.title_ko == "1987"


def test_naver_adds_its_id_and_a_korean_title(sources: FilmSources) -> None:
    found = sources.confirm(item("Paradise Cinema", 1988, "it", tmdb="1"))
    assert found.item.keys["naver"] == "10001"
    assert found.item.title_ko == "천국 극장"
    assert not found.adult
    assert sources.confirm(item("Red Room", 1986, "ko", "붉은 방")).adult


def test_reviewed_films_that_two_sources_know(sources: FilmSources) -> None:
    added = {film.item.id: (source, film.item) for source, film in sources.missing([])}
    assert added["imdb:tt0000001"][1].title == "The Long Night"
    assert added["imdb:tt0000001"][1].genres == ("Drama",)
    assert "naver:10003" in added
    assert added["naver:10003"][1].title_ko == "조용한 강"
    # Only MovieLens knows one, the other has a genre that says nothing.
    assert "imdb:tt0000002" not in added
    assert "imdb:tt0000004" not in added
    here = [item("Long Night", 1995, tmdb="3"), item("A Quiet River", 1975, tmdb="4")]
    assert list(sources.missing(here)) == []


def test_inputs_are_counted_and_hashed(sources: FilmSources) -> None:
    data = {source.name: source for source in sources.data()}
    assert data["wikipedia.tsv"].rows == 4
    assert all(len(source.sha256) == 64 for source in data.values())
