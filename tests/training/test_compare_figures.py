from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.training.compare import compare_recipes
from ilgi.training.compare_figures import Views, _ceiling, _some_of_each


def test_more_reviews_contain_fewer_ones() -> None:
    item = np.repeat(np.arange(5), [1, 2, 3, 4, 5])
    one, three = (_some_of_each(item, k, np.random.default_rng(0)) for k in (1, 3))
    assert sorted(item[one].tolist()) == [0, 1, 2, 3, 4]
    assert np.bincount(item[three]).tolist() == [1, 2, 3, 3, 3]
    assert set(one.tolist()) <= set(three.tolist())


def test_the_ceiling_is_how_far_halves_agree() -> None:
    rng = np.random.default_rng(0)
    item = np.repeat(np.arange(400), 6)
    film = rng.normal(size=(400, 1))
    lift = (film[item] + rng.normal(size=(len(item), 1))).astype(np.float32)
    views = Views(np.arange(len(item)), item, np.arange(400), np.arange(0, len(item), 6))
    found = _ceiling(lift, views, np.array([0]), seed=0)
    # Half of a review's variance is the film's; three reviews bring it to three quarters.
    assert found["1"]["agreement"] == pytest.approx(0.5, abs=0.08)
    assert found["3"]["agreement"] == pytest.approx(0.75, abs=0.08)
    assert found["3"]["at_best"] == pytest.approx(0.75**0.5, abs=0.05)
    assert "5" not in found


def test_a_row_tells_all_figures_for_each_language(world: Any, tmp_path: Path) -> None:
    found = compare_recipes(
        [world.recipe], data_dir=world.data_dir, runs_dir=tmp_path / "runs", folds=3, repeats=20
    ).report
    row = found["rows"][1]
    assert set(row["one_review"]) == {"all", "ko", "en", "every label known"}
    assert row["one_review"]["ko"]["films"] + row["one_review"]["en"]["films"] == found["films"]
    assert set(row["one_review"]["all"]) == {
        "films", "labels", "macro_ap", "micro_ap", "lrap", "ndcg_5", "coverage", "brier", "ece"
    }  # fmt: skip
    assert row["several"]["all"]["films"] == found["films_several"]
    assert found["labels_counted"] == ["Comedy", "Drama", "Horror"]
    assert found["confusion"]["Comedy"]["Comedy"] > found["confusion"]["Comedy"]["Horror"]
    assert found["by_label"]["Comedy"]["films"] == 30
