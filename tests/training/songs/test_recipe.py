import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from ilgi.training.songs.recipe import SongRecipe

RECIPE = Path(__file__).parents[3] / "recipes" / "catalog-music.toml"


def test_the_embedded_catalogues_recipe_is_valid() -> None:
    recipe = SongRecipe.model_validate(tomllib.loads(RECIPE.read_text(encoding="utf-8")))
    assert recipe.domain == "music"
    assert all(-1 <= value <= 1 for pair in recipe.moods.values() for place in pair for value in place)
    bright, lively = recipe.moods["신나는"][0]
    assert bright > 0 < lively
    assert recipe.moods["슬픔"][0][0] < 0


def test_what_is_wrong_is_refused() -> None:
    raw = tomllib.loads(RECIPE.read_text(encoding="utf-8"))
    with pytest.raises(ValidationError):
        SongRecipe.model_validate({**raw, "moods": {"신나는": [[1.0, 1.0]]}})
    with pytest.raises(ValidationError):
        SongRecipe.model_validate({**raw, "playlist_spred": 1.0})
