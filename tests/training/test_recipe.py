"""Every choice of a recipe is checked, and what is wrong is told in one line that names the key."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ilgi.errors import DataError, InputError, UnknownName
from ilgi.training.recipe import load_recipe, parse_recipe, resolve_inside

MOVIES = Path(__file__).parents[2] / "recipes" / "movies.toml"
RECIPE = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")


def changed(**tables: Any) -> dict[str, Any]:
    """The tiny recipe with some of its top-level keys replaced."""
    return {**tomllib.loads(RECIPE), **tables}


def test_the_embedded_bundles_recipe_is_valid() -> None:
    recipe = load_recipe(MOVIES)
    assert recipe.name == recipe.domain == "movies"
    assert {source.language for source in recipe.diary} == {"ko", "en"}
    assert recipe.ranking.kind == "blend"
    assert recipe.families is not None
    assert recipe.families.config["layers"] == []


def test_the_tiny_recipe_is_valid() -> None:
    recipe = parse_recipe(changed())
    assert recipe.reviews[0].labels_from is not None
    # The order of the columns is the order of trust.
    assert list(recipe.reviews[0].labels_from.columns) == ["tmdb", "ml"]


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        ({"sed": 1}, "unknown key of recipe 'sed': did you mean 'seed'?"),
        ({"reading": {"rul": "mean"}}, "unknown key of recipe in reading 'rul': did you mean 'rule'?"),
        (
            {"reviews": [{**tomllib.loads(RECIPE)["reviews"][1], "text_colum": "x"}]},
            "unknown key of recipe in reviews[0] 'text_colum': did you mean 'text_column' or 'item_column'?",
        ),
        ({"reading": {"rule": "lenght"}}, "unknown rule of reading 'lenght': did you mean 'length'?"),
        ({"labels": {"kind": "mpl"}}, "unknown label model 'mpl': did you mean 'mlp'?"),
        (
            {"labels": {"config": {"learning_rat": 1}}},
            "unknown key of recipe, labels.config 'learning_rat': did you mean 'learning_rate'?",
        ),
        ({"ranking": {"kind": "cosin"}}, "unknown ranker 'cosin': did you mean 'cosine'?"),
        (
            {"ranking": {"config": {"rule": "lif"}}},
            "recipe, ranking.config: rule: Input should be 'lift' or 'probability'",
        ),
        ({"seed": -1}, "recipe: seed: Input should be greater than or equal to 0"),
        ({"reviews": []}, "recipe: needs [[reviews]] too, or neither of them for an emotion model alone"),
        ({"split": {"train": 0.9}}, "recipe: split: train, validation and test must add up to 1"),
        (
            {"diary": [tomllib.loads(RECIPE)["diary"][0]] * 2},
            "recipe: two tables of [[diary]] have the same name",
        ),
        (
            {"reviews": [{**tomllib.loads(RECIPE)["reviews"][1], "label_column": None}]},
            "recipe: reviews[0]: needs either label_column or labels_from",
        ),
        ({"name": "../x"}, "recipe: name: String should match pattern '^[a-z0-9][a-z0-9_-]{0,39}$'"),
    ],
)
def test_a_fault_is_one_line_that_names_the_key(tables: dict[str, Any], line: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_recipe(changed(**tables))
    assert str(caught.value) == line


def test_an_unknown_key_is_told_before_the_key_it_should_have_been() -> None:
    raw = changed()
    raw["nme"] = raw.pop("name")
    with pytest.raises(UnknownName) as caught:
        parse_recipe(raw)
    assert caught.value.near == ("name",)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.csv", "a/../../x.csv", "", "C:/x.csv", "a\\b.csv"])
def test_no_path_leads_out_of_the_data_folder(path: str) -> None:
    raw = changed()
    raw["diary"][0]["path"] = path
    with pytest.raises(InputError, match="inside the data folder"):
        parse_recipe(raw)


def test_nor_does_a_link(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "secret.csv").write_text("x", encoding="utf-8")
    (tmp_path / "data/link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(DataError, match="leads out"):
        resolve_inside(tmp_path / "data", "link.csv")
    with pytest.raises(DataError, match=r"there is no 'none\.csv'"):
        resolve_inside(tmp_path / "data", "none.csv")


def test_a_file_that_is_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("name = \n", encoding="utf-8")
    with pytest.raises(DataError, match="is not TOML"):
        load_recipe(broken)
    broken.write_bytes(b"name = '\xff'")
    with pytest.raises(DataError, match="is not TOML"):
        load_recipe(broken)


def test_the_spread_is_written_down_only_where_it_is_on() -> None:
    plain, spread = parse_recipe(changed()), parse_recipe(changed(reading={"spread": True}))
    assert "spread" not in plain.model_dump(mode="json")["reading"]
    assert spread.model_dump(mode="json")["reading"]["spread"] is True
    assert parse_recipe(plain.model_dump()) == plain
