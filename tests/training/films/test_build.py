from pathlib import Path

import numpy as np
import pytest

from ilgi.bundle import Bundle
from ilgi.catalog.store import embedded_catalogs, load_catalog, save_catalog
from ilgi.errors import InputError
from ilgi.training.films.build import build_films
from ilgi.training.films.recipe import FilmRecipe

RECIPE = Path(__file__).parents[3] / "recipes" / "catalog-movies.toml"
FILMS = [
    # In the order of HEADER; a semicolon stands for "|" inside a cell.
    "1|tt1|1|The Long Night|긴 밤||1995|en|Drama;Foreign|900|rain|top10k",
    "2|tt2|2|Quiet &#38 Far||Loin|1975|fr|Romance|50||top10k",
    "3||3|Big Wave|큰 파도|큰 파도|2009|ko|Action|20||taehanKR",
    "4|||Recent One|||2023||Comedy|400||taehanUS",
    "5||5||||1999|en|Drama|1||top10k",
    "6||6|Undated||||en|Drama|1||top10k",
    "7||7|Without Genre|||2001|en|Foreign|1||top10k",
    "8||8|Nowhere|||2001||Drama|1||ko",
    "9||9|Blue Room|||2001|en|Drama|1|night;softcore|top10k",
    "10|||Known To Nobody|||2001|en|Drama|1||top10k",
    "11||11|Named|||2001|en|Drama|1||top10k",
    "12||12|The Long Night|||1995|en|Drama|3||top10k",
    "13|tt13|13|The Long Night|||1995|en|Drama|2||top10k",
]
HEADER = "tmdb_id|imdb_id|ml_id|title|title_ko|original_title|year|lang|genres|vote_count|keywords|sources"
TABLES = {
    "films.tsv": "\n".join([HEADER, *FILMS]).replace("|", "\t").replace(";", "|") + "\n",
    "wikipedia.tsv": "title\tyear\tgenres\nRecent One\t2023\tComedy\nBlue Room\t2001\tDrama\nOld Reel\t1930\tWestern\n",
    "kobis.csv": "film_title,year,audience\n큰 파도,2009,5000000\n긴 밤,1995,100000\n",
    "crosscheck.tsv": "tmdb_id\tkobis_audience\n",
    "movies.tsv": "movie\ttitle\ttitle_eng\n10001\t긴 밤\tThe Long Night , 1995\n",
    "genres.csv": "movie,genre\n10001,드라마\n",
    "countries.csv": "movie,country\n10001,미국\n",
    "reviewed.tsv": "tconst\ttitle\ntt9\tBlue Room (2001)\ntt14\tOld Reel (1930)\n",
}


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, FilmRecipe]:
    for name, content in TABLES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    names = ("films", "wikipedia", "kobis", "crosscheck", "kmrd_movies", "kmrd_genres", "kmrd_countries", "reviewed")
    inputs = {n: {"path": file, "licence": "none"} for n, file in zip(names, TABLES, strict=True)}
    recipe = {"inputs": inputs, "adult_keywords": ["softcore"], "drop_ids": {"tmdb:11": "a mistake"}}
    return tmp_path, FilmRecipe.model_validate(recipe)


def test_what_stays_and_why_the_rest_does_not(tables: tuple[Path, FilmRecipe]) -> None:
    catalog, report = build_films(*tables)
    # tmdb:12 is the same film as tmdb:1 (one has no IMDb id); tmdb:13 is another one by its IMDb id.
    assert set(catalog.ids) == {"tmdb:1", "tmdb:2", "tmdb:3", "tmdb:4", "tmdb:13", "imdb:tt14"}
    assert dict(report.dropped) == {
        "no English title": 1,
        "no year": 1,
        "no genre": 1,
        "no language": 1,
        "adult film": 1,
        "named in the recipe": 1,
        "no second source": 1,
        "the same film again": 1,
    }
    assert report.rows == len(FILMS) == sum(report.dropped.values()) + report.films - sum(report.added.values())
    assert (report.films, report.korean, report.both_titles) == (6, 1, 3)
    assert "1 adult film" in report.text()
    assert report.metrics()["films"] == 6


def test_facts_of_the_films(tables: tuple[Path, FilmRecipe]) -> None:
    catalog, _ = build_films(*tables)
    row = {item: i for i, item in enumerate(catalog.ids)}
    assert catalog.titles["en"][row["tmdb:2"]] == "Quiet & Far"
    assert catalog.titles["original"][row["tmdb:1"]] == "The Long Night"
    assert catalog.language[row["tmdb:4"]] == "en"
    assert catalog.labels_of(row["tmdb:1"]) == ("Drama",)
    assert catalog.keys["naver"][row["tmdb:1"]] == "10001"
    assert catalog.labels_of(row["imdb:tt14"]) == ("Western",)
    assert catalog.popularity[row["imdb:tt14"]] == 0
    assert catalog.popularity[row["tmdb:3"]] == catalog.popularity.max()
    assert "movielens" not in catalog.keys
    assert (np.diff(catalog.popularity) <= 0).all()


def test_an_adult_film_does_not_come_back_by_another_door(tables: tuple[Path, FilmRecipe]) -> None:
    """Two sources know "Blue Room", and it was reviewed; its keywords keep it out all the same."""
    catalog, report = build_films(*tables)
    assert "Blue Room" not in catalog.titles["en"]
    assert sum(report.added.values()) == 1


def test_same_tables_same_bytes(tables: tuple[Path, FilmRecipe], tmp_path: Path) -> None:
    folders = [tmp_path / "one" / "movies", tmp_path / "two" / "movies"]
    for folder in folders:
        catalog, report = build_films(*tables)
        save_catalog(folder, catalog, data=report.data, metrics=report.metrics())
    one, two = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders)
    assert one == two


def test_a_missing_table(tables: tuple[Path, FilmRecipe]) -> None:
    (tables[0] / "kobis.csv").unlink()
    with pytest.raises(InputError, match="kobis"):
        build_films(*tables)


def test_the_embedded_films_are_what_the_recipe_gives(data_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="needs the extra 'train'")
    catalog, report = build_films(data_dir, FilmRecipe.load(RECIPE))
    save_catalog(tmp_path / "movies", catalog, data=report.data, metrics=report.metrics())
    built, embedded = (Bundle.open(folder).manifest for folder in (tmp_path / "movies", embedded_catalogs()["movies"]))
    # Profiles are learned from a reading of every overview, which takes a minute or several; the rest is compared here.
    numbers = "catalog.safetensors"
    assert {k: v for k, v in built.files.items() if k != numbers} == {
        k: v for k, v in embedded.files.items() if k != numbers
    }
    films = load_catalog(embedded_catalogs()["movies"])
    for column in ("year", "matrix", "popularity"):
        np.testing.assert_array_equal(getattr(catalog, column), getattr(films, column))
    assert films.profiles is not None
    learned = {"catalog/mood_tags.tsv", "catalog/film_texts.parquet"}
    assert {source.name for source in embedded.data} == {source.name for source in built.data} | learned
    assert built.metrics == {k: v for k, v in embedded.metrics.items() if k != "axes"}
