"""`ilgi train` as somebody types it."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ilgi.bundle import Bundle


@pytest.fixture
def world(tmp_path: Path) -> Any:
    """The tiny world of tests/training."""
    file = Path(__file__).parents[1] / "training" / "conftest.py"
    spec = importlib.util.spec_from_file_location("training_world", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["training_world"] = module
    spec.loader.exec_module(module)
    return module.make_world(tmp_path)


def test_trains_and_ends_with_a_summary(ilgi: Callable[..., Any], world: Any, tmp_path: Path) -> None:
    places = ("--data-dir", str(world.data_dir), "--out", str(tmp_path / "out"), "--runs-dir", str(tmp_path / "runs"))
    result = ilgi("train", str(world.recipe), *places, "--workers", "1")
    assert result.code == 0, result.err
    assert "tiny: learned from" in result.out
    assert "base rates alone" in result.out
    assert str(tmp_path / "out") in result.out
    assert "reading the review tables" in result.err
    assert Bundle.open(tmp_path / "out").manifest.name == "tiny"


def test_the_data_folder_may_come_from_the_environment(
    ilgi: Callable[..., Any], world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ILGI_DATA_DIR", raising=False)
    result = ilgi("train", str(world.recipe))
    assert result.code == 2
    assert "no data folder: name it with --data-dir or ILGI_DATA_DIR" in result.err
    monkeypatch.setenv("ILGI_DATA_DIR", str(world.data_dir))
    assert ilgi("train", str(world.recipe), "--workers", "1").code == 0
    assert Bundle.open(tmp_path / "bundles/tiny").manifest.name == "tiny"
    assert list((tmp_path / "runs").glob("tiny-*/summary.txt"))


def test_faults_are_one_line_and_code_2(ilgi: Callable[..., Any], world: Any, tmp_path: Path) -> None:
    result = ilgi("train", str(tmp_path / "none.toml"), "--data-dir", str(world.data_dir))
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "cannot be read" in result.err
    text = world.recipe.read_text(encoding="utf-8")
    world.recipe.write_text(text.replace("seed = 7", "sed = 7"), encoding="utf-8")
    result = ilgi("train", str(world.recipe), "--data-dir", str(world.data_dir))
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "unknown key of recipe 'tiny.toml' 'sed': did you mean 'seed'?" in result.err
    result = ilgi("train", str(world.recipe), "--data-dir", str(tmp_path / "nowhere"))
    assert result.code == 2


def test_sweep_writes_a_table_and_says_what_is_best(ilgi: Callable[..., Any], world: Any, tmp_path: Path) -> None:
    space = tmp_path / "space.toml"
    lines = ["[search]", 'kind = "random"', "trials = 2", "[parameters]", '"config.dropout" = { choices = [0.3] }']
    space.write_text("\n".join(lines) + "\n", encoding="utf-8")
    places = ("--data-dir", str(world.data_dir), "--runs-dir", str(tmp_path / "runs"), "--workers", "1")
    result = ilgi("train", str(world.recipe), "--sweep", str(space), *places)
    assert result.code == 0, result.err
    assert "2 settings, best first" in result.out
    assert "best so far" in result.err
    (table,) = (tmp_path / "runs").glob("tiny-*/sweep.tsv")
    assert str(table) in result.out
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3
    assert not (tmp_path / "bundles").exists()
    refused = ilgi("train", str(world.recipe), "--sweep", str(space), "--out", str(tmp_path / "x"), *places)
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert "leave out --out" in refused.err
