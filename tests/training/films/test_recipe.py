from pathlib import Path

import pytest

from ilgi.errors import InputError
from ilgi.training.films.recipe import FilmRecipe

RECIPE = Path(__file__).parents[3] / "recipes" / "catalog-movies.toml"


def test_the_recipe_of_the_embedded_catalogue() -> None:
    recipe = FilmRecipe.load(RECIPE)
    assert recipe.year_tolerance == 1
    assert "softcore" in recipe.adult_keywords
    # What a film tells of does not make it an adult film.
    assert not {"pornography", "prostitution", "eroticism"} & recipe.adult_keywords
    assert all(item.startswith(("tmdb:", "imdb:", "naver:")) for item in [*recipe.adult_ids, *recipe.drop_ids])
    assert recipe.inputs.tables()["films"].path == "catalog/films.tsv"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("year_tolerance = 1", "year_tolerance = 9"), "year_tolerance"),
        (("year_tolerance = 1", "years = 1"), "years"),
        (("[inputs.films]", "[inputs.movies]"), "inputs"),
        (("year_tolerance = 1", "year_tolerance = "), "TOML"),
    ],
)
def test_a_wrong_recipe_says_where(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(RECIPE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        FilmRecipe.load(path)


def test_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        FilmRecipe.load(tmp_path / "none.toml")
