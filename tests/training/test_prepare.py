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


def test_only_what_reviewers_say_of_themselves_can_be_read(world: Any, tmp_path: Path) -> None:
    import csv

    from ilgi.training.emotion_stage import EmotionStage

    path = world.data_dir / "reviews/english.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    for row in rows[1:]:
        row[1] += " I was scared and afraid."
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    found = []
    for own in ("false", "true"):
        recipe = load_recipe(world.recipe)
        reading = recipe.reading.model_copy(update={"first_person": own == "true"})
        recipe = recipe.model_copy(update={"reading": reading})
        place = Place(recipe, world.recipe.parent, world.data_dir, tmp_path / "runs", 1, Silent(), None)
        stage: EmotionStage = place.emotion(place.run())
        scored = place.score(stage)
        english = [i for i, language in enumerate(scored.reviews.languages) if language == "en"]
        found.append(scored.affect[english][:, list(stage.model.emotions).index("fear")])
    whole, own_only = found
    # "We walked home" is of oneself too, and such a review is then read whole.
    assert (own_only >= whole - 1e-6).all()
    assert np.median(own_only) > np.median(whole) + 0.1
