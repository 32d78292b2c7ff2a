from pathlib import Path
from typing import Any

import numpy as np

from ilgi.training.prepare import Place
from ilgi.training.progress import Silent
from ilgi.training.recipe import load_recipe


def test_rows_are_split_by_film_and_standardised_by_the_training_ones(world: Any, tmp_path: Path) -> None:
    recipe = load_recipe(world.recipe)
    place = Place(recipe, world.recipe.parent, world.data_dir, tmp_path / "runs", 1, Silent(), None)
    prepared = place.prepare(place.emotion(place.run()))
    reviews = prepared.scored.reviews
    groups = {part: {reviews.groups[film] for film in reviews.film_of[rows]} for part, rows in prepared.rows.items()}
    assert not groups["train"] & groups["validation"]
    assert not groups["train"] & groups["test"]
    for part, at in prepared.rows.items():
        rows = prepared.rows_of(part, prepared.standard)
        assert np.array_equal(rows.affect, prepared.standard[at])
        assert rows.labels.shape == (len(at), 19)
        assert (rows.weight > 0).all()
    train = prepared.standard[prepared.rows["train"]]
    assert np.abs(train.mean(axis=0)).max() < 0.2


def test_the_run_folder_is_named_by_recipe_and_tables(world: Any, tmp_path: Path) -> None:
    def folder() -> Path:
        recipe = load_recipe(world.recipe)
        return Place(recipe, world.recipe.parent, world.data_dir, tmp_path, 1, Silent(), None).run().folder

    before = folder()
    assert before == folder()
    table = world.data_dir / "reviews/english.csv"
    table.write_text(table.read_text(encoding="utf-8") + "tt9,more\n", encoding="utf-8")
    assert folder() != before
