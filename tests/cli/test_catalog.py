import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ilgi.catalog.store import load_catalog, save_catalog
from ilgi.testing import felt_catalog

Ilgi = Callable[..., Any]

FILMS = (
    "tmdb_id\ttitle\ttitle_ko\tyear\tlang\tgenres\tvote_count\n"
    "1\tNight Train\t밤 기차\t1999\tko\tDrama|Gloom\t5\n"
    "2\tNight Train\t\t2009\ten\tComedy\t50\n"
    "3\t끝 [/x] 내 [bold]\t\t\t\t\t1\n"
    "1\tNight Train\t\t1999\tko\tDrama\t5\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "my films.tsv"
    path.write_text(FILMS, encoding="utf-8")
    return path


def test_import_reports_and_writes_to_the_home(
    ilgi: Ilgi, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILGI_HOME", str(tmp_path / "home"))
    result = ilgi("catalog", "import", str(table), "--format", "tmdb", "--licence", "my own")
    assert result.code == 0
    assert "3 films in 4 rows of my films.tsv" in result.out
    assert "1 rows left out" in result.out
    assert "1 films without a genre" in result.out
    assert "genres that were not understood: Gloom (1)" in result.out
    folder = tmp_path / "home" / "catalogs" / "my-films"
    assert load_catalog(folder).ids == ("tmdb:1", "tmdb:2", "tmdb:3")
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["data"][0]["licence"] == "my own"
    listed = json.loads(ilgi("catalog", "list", "--json").out)
    assert [(c["name"], c["items"], c["origin"]) for c in listed if c["origin"] == "imported"] == [
        ("my-films", 3, "imported")
    ]


def test_dry_run_writes_nothing(ilgi: Ilgi, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = ilgi("catalog", "import", str(table), "--format", "tmdb", "--out", str(out), "--dry-run")
    assert result.code == 0
    assert "nothing written" in result.out
    assert not out.exists()


def test_domain_and_folder_are_options(ilgi: Ilgi, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "here"
    result = ilgi("catalog", "import", str(table), "--format", "tmdb", "--domain", "shorts", "--out", str(out))
    assert result.code == 0
    assert load_catalog(out).domain == "shorts"


def test_kmrd_is_joined_with_what_lies_beside_it(ilgi: Ilgi, tmp_path: Path) -> None:
    movies = tmp_path / "movies.txt"
    movies.write_text("movie\ttitle\ttitle_eng\tyear\tgrade\n1\t긴 밤\tLong Night , 1995\t2001\t\n", encoding="utf-8")
    result = ilgi("catalog", "import", str(movies), "--format", "kmrd", "--dry-run")
    assert result.code == 2
    assert "put genres.csv" in result.err
    (tmp_path / "genres.csv").write_text("movie,genre\n1,드라마\n", encoding="utf-8")
    out = tmp_path / "out"
    assert ilgi("catalog", "import", str(movies), "--format", "kmrd", "--out", str(out)).code == 0
    assert load_catalog(out).labels_of(0) == ("Drama",)


def test_show_one_film_and_several(ilgi: Ilgi, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILGI_HOME", str(tmp_path / "home"))
    ilgi("catalog", "import", str(table), "--format", "tmdb", "--name", "mine")
    one = ilgi("catalog", "show", "밤 기차", "--catalog", "mine").out
    assert one.splitlines()[0].split() == ["id", "tmdb:1"]
    assert "Night Train" in one
    assert "Drama" in one
    several = ilgi("catalog", "show", "night train", "--catalog", "mine").out
    assert several.startswith("2 films fit")
    assert several.index("tmdb:2") < several.index("tmdb:1")
    shown = json.loads(ilgi("catalog", "show", "tmdb:1", "tmdb:3", "--catalog", "mine", "--json").out)
    assert shown[0]["title_ko"] == "밤 기차"
    assert shown[0]["labels"] == ["Drama"]
    assert "year" not in shown[1]


def test_titles_are_never_markup(ilgi: Ilgi, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILGI_HOME", str(tmp_path / "home"))
    ilgi("catalog", "import", str(table), "--format", "tmdb", "--name", "mine")
    assert "끝 [/x] 내 [bold]" in ilgi("catalog", "show", "tmdb:3").out


def test_the_embedded_catalogue(ilgi: Ilgi) -> None:
    shown = ilgi("catalog", "show", "올드보이")
    assert shown.code == 0
    assert "tmdb:670" in shown.out
    assert "movies, " in ilgi("catalog", "list").out
    missed = ilgi("catalog", "show", "Oldboi")
    assert missed.code == 2
    assert "did you mean 'Oldboy'" in missed.err
    assert len(missed.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "none.csv", "--format", "tmdb"), "does not exist"),
        (("import", "none.csv", "--format", "tmbd"), "did you mean 'tmdb'"),
        (("show", "x", "--catalog", "movie"), "did you mean 'movies'"),
        (("build", "none.toml", "--data-dir", "nowhere"), "none.toml"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(ilgi: Ilgi, arguments: tuple[str, ...], says: str) -> None:
    result = ilgi("catalog", *arguments)
    assert result.code == 2
    assert says in result.err
    assert len(result.err.strip().splitlines()) == 1


def test_a_table_of_another_format_or_without_films(ilgi: Ilgi, table: Path, tmp_path: Path) -> None:
    assert "needs a column 'movieId'" in ilgi("catalog", "import", str(table), "--format", "movielens").err
    empty = tmp_path / "empty.tsv"
    empty.write_text("title\tgenres\n", encoding="utf-8")
    assert "holds no film" in ilgi("catalog", "import", str(empty), "--format", "tmdb").err
    named = ilgi("catalog", "import", str(table), "--format", "tmdb", "--name", "../x", "--dry-run")
    assert named.code == 2
    assert "cannot be the name" in named.err


def test_build_needs_a_data_folder(ilgi: Ilgi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ILGI_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    result = ilgi("catalog", "build")
    assert result.code == 2
    assert "ILGI_DATA_DIR" in result.err


def test_build_gives_the_embedded_bytes(ilgi: Ilgi, data_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="needs the extra 'train'")
    from ilgi.catalog.store import embedded_catalogs

    recipe = Path(__file__).parents[2] / "recipes" / "catalog-movies.toml"
    out = tmp_path / "movies"
    result = ilgi("catalog", "build", str(recipe), "--data-dir", str(data_dir), "--out", str(out))
    assert result.code == 0
    assert "adult film" in result.out
    one, two = (
        {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "manifest.json"}
        for folder in (out, embedded_catalogs()["movies"])
    )
    assert one == two


def test_show_tells_how_a_film_feels_and_how_sure_that_is(
    ilgi: Ilgi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILGI_HOME", str(tmp_path))
    save_catalog(tmp_path / "catalogs" / "felt", felt_catalog())
    out = ilgi("catalog", "show", "warm ash", "--catalog", "felt").out
    assert "warm +2.5 ± 0.2" in out
    assert "feels from  keywords" in out
    told = json.loads(ilgi("catalog", "show", "warm ash", "--catalog", "felt", "--json").out)[0]
    assert told["feels"]["warm"] == {"place": 2.5, "spread": 0.19}
    assert told["feels_from"] == "keywords"


def test_search_finds_by_initials_and_with_slips(ilgi: Ilgi) -> None:
    assert "기생충" in ilgi("catalog", "search", "ㄱㅅㅊ").out
    assert "tmdb:496243  Parasite / 기생충 (2019)" in ilgi("catalog", "search", "parsite", "--limit", "1").out
    assert json.loads(ilgi("catalog", "search", "기생", "--json").out)[0]["title"] == "Parasite"
    assert ilgi("catalog", "search", "zzzzzz").out == "nothing fits: try the beginning of the title\n"
    refused = ilgi("catalog", "search", "x", "--catalog", "moveis")
    assert refused.code == 2
    assert "did you mean 'movies'" in refused.err
