import json
from pathlib import Path
from typing import Any

import pytest

from ilgi.errors import InputError, TrainingError
from ilgi.training.compare import compare_recipes

ROWS = """
title = "tiny"
against = "linear, all"
[[inputs]]
name = "all"
recipe = "tiny.toml"
[[inputs]]
name = "joy"
recipe = "tiny.toml"
columns = ["joy"]
[[models]]
name = "linear"
config = { layers = [], max_epochs = 300, learning_rate = 0.05, weight_decay = 0.0, patience_epochs = 50 }
[[models]]
name = "neighbours"
kind = "neighbours"
config = { neighbours = 15 }
only = ["all"]
"""


@pytest.fixture
def given(world: Any, tmp_path: Path) -> dict[str, Any]:
    (world.recipe.parent / "rows.toml").write_text(ROWS, encoding="utf-8")
    return {"data_dir": world.data_dir, "runs_dir": tmp_path / "runs", "folds": 3, "repeats": 100}


def test_every_model_on_every_input_with_report_and_pictures(world: Any, given: dict[str, Any]) -> None:
    for module in ("sklearn", "matplotlib"):
        pytest.importorskip(module, reason="needs the extra 'train'")
    found = compare_recipes([world.recipe.parent / "rows.toml"], **given)
    rows = {row["name"]: row for row in found.report["rows"]}
    assert list(rows) == ["base rates", "linear, all", "linear, joy", "neighbours, all"]
    one = {name: row["one_review"]["all"]["macro_ap"]["value"] for name, row in rows.items()}
    # The genre goes with what was felt: all columns tell it, one tells one genre of three.
    assert one["linear, all"] > 0.95
    assert one["base rates"] < one["linear, joy"] < one["linear, all"]
    assert rows["base rates"]["against"]["one_review"]["p"] < 0.1
    assert rows["base rates"]["distance"] == pytest.approx(0.0, abs=1e-3)
    assert rows["base rates"]["information"] == 0.0
    assert rows["linear, all"]["information"] > 1.0
    assert found.report["films"] == 90
    assert found.report["ceiling"]["1"]["agreement"] > 0.6
    assert found.report["heat"]["joy"]["Comedy"] > found.report["heat"]["fear"]["Comedy"] + 1.0
    assert set(found.report["shift"]["tiny, bundle:model"]) == {"en", "ko"}
    files = {file.name for file in found.folder.iterdir()}
    assert files >= {"report.json", "report.md", "calibration.png", "by_genre.png", "confusion.png"}
    assert json.loads((found.folder / "report.json").read_text(encoding="utf-8")) == found.report
    assert "| linear | all |" in found.text


def test_a_run_that_was_killed_goes_on_and_changes_no_figure(world: Any, given: dict[str, Any]) -> None:
    file = world.recipe.parent / "rows.toml"
    first = compare_recipes([file], **given).report
    kept = sorted((given["runs_dir"] / "compare-rows" / "folds").iterdir())
    assert len(kept) == 4 * 3
    before = {path.name: path.stat().st_mtime_ns for path in kept}
    kept[0].unlink()
    kept[1].write_bytes(kept[1].read_bytes()[:100])
    again = compare_recipes([file], **given).report
    for report in (first, again):
        for row in report["rows"]:
            row["seconds"] = 0
    assert again == first
    after = {path.name: path.stat().st_mtime_ns for path in kept}
    assert {name for name in before if before[name] != after[name]} == {kept[0].name, kept[1].name}


def test_recipes_beside_each_other_and_by_time(large_world: Any, given: dict[str, Any]) -> None:
    world = large_world
    given["data_dir"] = world.data_dir
    other = world.recipe.parent / "other.toml"
    other.write_text(
        world.recipe.read_text(encoding="utf-8").replace('name = "tiny"', 'name = "other"'), encoding="utf-8"
    )
    report = compare_recipes([world.recipe, other], by_time=True, **given).report
    assert [row["name"] for row in report["rows"]] == ["base rates", "tiny", "other"]
    assert report["split"] == "by time"
    assert report["films_measured"] < report["films"]
    tiny, same = report["rows"][1:]
    assert tiny["one_review"] == same["one_review"]
    assert next(row for row in (tiny, same) if "best" in row)["best"]["one_review"]["p"] == 1.0


def test_what_cannot_be_compared(world: Any, given: dict[str, Any], tmp_path: Path) -> None:
    alone = tmp_path / "alone.toml"
    alone.write_text('name = "alone"\n[emotion]\nuse = "linear"\n', encoding="utf-8")
    with pytest.raises(InputError, match="has no reviews"):
        compare_recipes([alone], **given)
    file = world.recipe.parent / "rows.toml"
    file.write_text(ROWS + "without_stars = true\n", encoding="utf-8")
    with pytest.raises(InputError, match="no stars to take out"):
        compare_recipes([file], **given)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TrainingError, match="cannot read or write"):
        compare_recipes([world.recipe], **{**given, "runs_dir": tmp_path / "file"})


def test_inputs_with_and_without_the_spread_stand_beside_each_other(world: Any, given: dict[str, Any]) -> None:
    more = '[[inputs]]\nname = "spread"\nrecipe = "tiny.toml"\nspread = true\ncolumns = ["joy", "spread"]\n'
    linear = "[[models]]" + ROWS.split("[[models]]")[1]
    file = world.recipe.parent / "rows.toml"
    file.write_text(ROWS.split("[[models]]")[0] + more + linear, encoding="utf-8")
    report = compare_recipes([file], **given).report
    assert [row["name"] for row in report["rows"]] == ["base rates", "linear, all", "linear, joy", "linear, spread"]
    # The tiny world's reviews are of one sentence: their spread tells nothing, and does no harm.
    one = {row["name"]: row["one_review"]["all"]["macro_ap"]["value"] for row in report["rows"]}
    assert one["linear, spread"] == pytest.approx(one["linear, joy"], abs=0.05)
