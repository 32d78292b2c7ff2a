from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib", reason="needs the extra 'train'")

from ilgi.training.compare_plots import draw_comparison

GENRES = ["Comedy", "Drama", "Horror"]


def report() -> dict[str, Any]:
    return {
        "best": "a model",
        "curves": [{"train_loss": [0.5, 0.4, 0.3], "validation_loss": [0.5, 0.45, 0.44]}, {}],
        "reliability": {"said": [0.05, 0.2, 0.4], "came_true": [0.04, 0.25, 0.38]},
        "labels_counted": GENRES,
        "by_label": {g: {"ap": 0.2 + 0.1 * i, "rate": 0.1, "films": 100 + i} for i, g in enumerate(GENRES)},
        "confusion": {a: {b: 2.0 if a == b else 0.5 for b in GENRES} for a in GENRES},
        "heat": {
            "joy": {"reviews": 900, "Comedy": 0.6, "Drama": -0.1, "Horror": -0.5},
            "fear": {"reviews": 300, "Comedy": -0.5, "Drama": 0.0, "Horror": 0.9},
            "grief": {"reviews": 2, "Comedy": 9.0, "Drama": 9.0, "Horror": 9.0},
        },
    }


def test_five_pictures(tmp_path: Path) -> None:
    draw_comparison(tmp_path, report())
    names = {"learning_curve.png", "calibration.png", "by_genre.png", "confusion.png", "lift.png"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in tmp_path.iterdir())


def test_what_there_is_nothing_of_is_not_drawn(tmp_path: Path) -> None:
    made = report() | {"curves": [{}]}
    made["heat"] = {"grief": made["heat"]["grief"]}
    draw_comparison(tmp_path, made)
    assert {path.name for path in tmp_path.iterdir()} == {"calibration.png", "by_genre.png", "confusion.png"}
