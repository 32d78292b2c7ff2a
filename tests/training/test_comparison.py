from pathlib import Path

import pytest

from ilgi.errors import DataError, InputError, UnknownName
from ilgi.training.comparison import load_comparison

INPUTS = """
[[inputs]]
name = "four"
recipe = "tiny.toml"
columns = ["joy"]
[[inputs]]
name = "all"
recipe = "tiny.toml"
"""
MODEL = '[[models]]\nname = "linear"\nconfig = { layers = [] }\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recipe = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(recipe, encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> list[Path]:
    (folder / "rows.toml").write_text(text, encoding="utf-8")
    return [folder / "rows.toml"]


def test_every_model_on_every_input_but_where_only_some_are_meant(folder: Path) -> None:
    more = '[[models]]\nname = "near"\nkind = "neighbours"\nonly = ["all"]\nweighting = "item"\n'
    found = load_comparison(write(folder, INPUTS + MODEL + more))
    assert [e.name for e in found.entrants] == ["base rates", "linear, four", "linear, all", "near, all"]
    assert [e.labels.inputs for e in found.entrants[1:]] == [("joy",), (), ()]
    assert found.entrants[3].labels.weighting == "item"
    assert {e.source for e in found.entrants} == {0}
    assert found.against == "base rates"
    assert found.title == "rows"


def test_recipes_are_rows_of_their_own(folder: Path) -> None:
    found = load_comparison([folder / "tiny.toml"])
    assert [e.name for e in found.entrants] == ["base rates", "tiny"]
    assert found.entrants[1].labels == found.sources[0][1].labels


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("mod = 1\n" + INPUTS + MODEL, UnknownName, "did you mean 'models'"),
        (INPUTS + MODEL + "confg = {}\n", UnknownName, "config"),
        (INPUTS + MODEL.replace("layers", "layer"), UnknownName, "layers"),
        (INPUTS + MODEL + MODEL, InputError, "same name"),
        (INPUTS + MODEL + 'only = ["some"]\n', InputError, "no input here"),
        ('against = "nobody"\n' + INPUTS + MODEL, InputError, "there is no row 'nobody'"),
        (INPUTS + MODEL + 'kind = "forst"\n', UnknownName, "forest"),
        ("[[models]\n", DataError, "not TOML"),
    ],
)
def test_faults_name_what_is_wrong(folder: Path, text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        load_comparison(write(folder, text))


def test_recipes_must_read_the_same_reviews(folder: Path) -> None:
    other = folder / "other.toml"
    text = (folder / "tiny.toml").read_text(encoding="utf-8")
    other.write_text(text.replace("seed = ", "seed = 1"), encoding="utf-8")
    with pytest.raises(InputError, match=r"other reviews than 'tiny\.toml'"):
        load_comparison([folder / "tiny.toml", other])


def test_an_input_may_be_read_otherwise_than_its_recipe(folder: Path) -> None:
    more = '[[inputs]]\nname = "both"\nrecipe = "tiny.toml"\nspread = true\ncolumns = ["joy", "spread"]\n'
    found = load_comparison(write(folder, INPUTS + more + MODEL))
    assert [recipe.reading.spread for _, recipe in found.sources] == [False, True]
    assert [(e.input, e.source) for e in found.entrants[1:]] == [("four", 0), ("all", 0), ("both", 1)]
    recipe = folder / "tiny.toml"
    recipe.write_text(recipe.read_text(encoding="utf-8") + "\n[reading]\nspread = true\n", encoding="utf-8")
    found = load_comparison(write(folder, INPUTS + more.replace("true", "false") + MODEL))
    assert [recipe.reading.spread for _, recipe in found.sources] == [True, False]
