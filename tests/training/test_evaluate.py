"""A bundle against reviews whose labels are known: what is measured, on which items."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.evaluation.metrics import lrap
from ilgi.training.evaluate import evaluate_bundle, evaluation_text
from ilgi.training.pipeline import run_recipe
from ilgi.training.reviews.read import ReviewColumns
from ilgi.words import GENRES

COLUMNS = ReviewColumns(text="review", item="film", labels="genres")


@pytest.fixture
def bundle(world: Any, tmp_path: Path) -> Path:
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "out", runs_dir=tmp_path / "runs")
    return tmp_path / "out"


def table(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = [f'{film},{genres},"{text}"' for film, genres, text in rows]
    path.write_text("\n".join(["film,genres,review", *lines]) + "\n", encoding="utf-8")
    return path


def rows(films: int = 24) -> list[tuple[str, str, str]]:
    felt = (("Comedy", "We laughed, so happy"), ("Drama", "I cried, lonely"), ("Horror", "무서웠다, 떨었다"))
    return [
        (f"f{film}", felt[film % 3][0], f"{felt[film % 3][1]} {film} {part}") for film in range(films) for part in "ab"
    ]


def test_measures_items_and_languages_apart(bundle: Path, tmp_path: Path) -> None:
    report = evaluate_bundle(bundle, table(tmp_path / "t.csv", rows()), COLUMNS, repeats=20)
    assert (report["reviews"], report["items"]) == (48, 24)
    assert {cut: found["items"] for cut, found in report["assessment"]["one_review"].items()} == {
        "all": 24,
        "en": 16,
        "ko": 8,
    }
    found = report["assessment"]["item_mean"]["all"]
    assert found["ours"]["lrap"]["value"] > found["prior"]["lrap"]["value"]
    # The prior says the same of every item, so its figure can be worked out from its base rates alone.
    from ilgi.bundle import Bundle
    from ilgi.label.mlp import MlpLabels

    base = MlpLabels.from_state(Bundle.open(bundle).state("labels")).base_rates
    y = GENRES.multi_hot([("Comedy",), ("Drama",), ("Horror",)])
    assert found["prior"]["lrap"]["value"] == pytest.approx(lrap(y, np.tile(base, (3, 1))), abs=1e-6)
    text = evaluation_text(report)
    assert "ko only" in text
    assert "48 reviews of 24 items" in text


def test_repeats_and_shares_scores(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "t.csv", rows())
    first = evaluate_bundle(bundle, path, COLUMNS, repeats=20, cache_dir=tmp_path / "cache")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr("ilgi.training.scoring.score_wholes", refuse)
    assert evaluate_bundle(bundle, path, COLUMNS, repeats=20, cache_dir=tmp_path / "cache") == first


def test_a_table_without_known_labels(bundle: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [("a", "Nonsense", "We laughed"), ("b", "", "I cried")])
    with pytest.raises(DataError, match="fewer than two items with labels"):
        evaluate_bundle(bundle, path, COLUMNS)


def test_a_bundle_that_reads_the_spread_is_asked_with_it(spread_world: Any, tmp_path: Path) -> None:
    given = {"data_dir": spread_world.data_dir, "runs_dir": tmp_path / "runs"}
    run_recipe(spread_world.recipe, out=tmp_path / "out", **given)
    two = [(film, genres, f"{text}. It rained.") for film, genres, text in rows()]
    report = evaluate_bundle(tmp_path / "out", table(tmp_path / "t.csv", two), COLUMNS, repeats=20)
    found = report["assessment"]["item_mean"]["all"]
    assert found["ours"]["lrap"]["value"] > found["prior"]["lrap"]["value"]
