import tomllib
from pathlib import Path
from typing import Any

import pytest

from ilgi.errors import InputError, TrainingError
from ilgi.training.recipe import parse_recipe
from ilgi.training.sweep_recipe import labels_toml, sweep_recipe

SPACE = """
[search]
kind = "random"
trials = 3

[parameters]
"config.learning_rate" = { low = 1e-4, high = 0.1, log = true }
"config.layers" = { choices = [[], [{ size = 8, activation = "tanh" }]] }
"""


@pytest.fixture
def space(tmp_path: Path) -> Path:
    file = tmp_path / "space.toml"
    file.write_text(SPACE, encoding="utf-8")
    return file


def test_one_table_and_the_best_as_a_recipe_takes_it(world: Any, space: Path, tmp_path: Path) -> None:
    given: dict[str, Any] = {"data_dir": world.data_dir, "runs_dir": tmp_path / "runs"}
    found = sweep_recipe(world.recipe, space, **given)
    assert len(found.table.read_text(encoding="utf-8").splitlines()) == 4
    assert "3 settings, best first by macro ap" in found.text
    assert "the recipe's own came in at place" in found.text
    raw = tomllib.loads(world.recipe.read_text(encoding="utf-8"))
    best = tomllib.loads(found.text[found.text.index("[labels]") :])
    recipe = parse_recipe({**raw, **best})
    assert recipe.labels.model_dump(mode="json") == found.results[0]["labels"]
    again = sweep_recipe(world.recipe, space, **given)
    assert again.results == found.results
    other = sweep_recipe(world.recipe, space, seed=9, **given)
    assert other.results != found.results


def test_toml_of_every_kind_of_value() -> None:
    section = {
        "kind": "mlp",
        "weighting": "sqrt",
        "inputs": ["moods", "fear"],
        "config": {
            "layers": [{"size": 8, "activation": "tanh"}], "dropout": 0.1, "nesterov": True,
            "class_weight": {"TV Movie": 2.0, "가족": 1.5},
        },
    }  # fmt: skip
    assert tomllib.loads(labels_toml(section)) == {"labels": section}


def test_what_cannot_be_searched(world: Any, space: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.toml"
    alone.write_text('name = "alone"\n[emotion]\nuse = "linear"\n', encoding="utf-8")
    with pytest.raises(InputError, match="has no reviews to search on"):
        sweep_recipe(alone, space, data_dir=world.data_dir, runs_dir=tmp_path / "runs")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TrainingError, match="cannot read or write"):
        sweep_recipe(world.recipe, space, data_dir=world.data_dir, runs_dir=tmp_path / "file")
