"""The training benchmark runs at a tiny size and tells who got where; no time is asserted."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture
def bench(load: Callable[[str], ModuleType]) -> ModuleType:
    """The script."""
    return load("bench_train")


def made() -> ModuleType:
    return importlib.import_module("_train_rows")


def tiny(bench: ModuleType):  # noqa: ANN201
    rows = made().synthetic_rows()
    return bench.Rows(rows.x[:700], rows.y[:700], rows.unseen_x[:300], rows.unseen_y[:300], rows.source)


def test_synthetic_rows_have_the_shape_and_depend_weakly(bench: ModuleType) -> None:
    rows = made().synthetic_rows()
    assert rows.x.shape == (19_316, 4)
    assert rows.unseen_y.shape == (4_829, 20)
    prior = rows.bce(np.tile(rows.y.mean(axis=0), (4_829, 1)))
    run = bench.train_ilgi(rows, 0)
    assert 0.975 < min(run.bce) / prior < 0.995


def test_time_to_a_loss_is_the_first_epoch_that_has_it(bench: ModuleType) -> None:
    run = bench.Run(4, (1.0, 2.0, 3.0, 4.0), (0.5, 0.3, 0.4, 0.2), 0.1)
    assert [run.time_to(bce) for bce in (0.6, 0.35, 0.3, 0.25, 0.1)] == [1.0, 2.0, 2.0, 4.0, None]


def test_the_prototype_is_our_network_with_its_choices(bench: ModuleType) -> None:
    rows = tiny(bench)
    few, many = (bench.train_prototype(rows, 0, epochs=n, batch=32) for n in (1, 60))
    assert many.brier < few.brier
    assert len(many.bce) == 6


def test_measures_everybody_at_a_tiny_size(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="needs the extra 'train'")
    monkeypatch.setattr(bench, "WATCHED_EPOCHS", 2)
    result = bench.measure(tiny(bench), repeats=1, prototype_epochs=10)
    assert [row["trainer"] for row in result["rows"]] == [
        "scikit-learn", "scikit-learn, watched", "ilgi", "ilgi, batch 32", "prototype, full batch",
        "prototype, batch 32",
    ]  # fmt: skip
    assert result["rows"][0]["runs that got there"] == "1 of 1"
    assert "synthetic" in result["title"]
    assert len(result["ratios"]) == 8


def test_kept_rows_come_back(bench: ModuleType, tmp_path: Path) -> None:
    rows = tiny(bench)
    np.savez(
        tmp_path / "rows.npz", x_train=rows.x, y_train=rows.y, x_validation=rows.unseen_x, y_validation=rows.unseen_y
    )
    again = bench.find_rows(tmp_path / "rows.npz")
    assert (again.x == rows.x).all()
    assert (again.unseen_y == rows.unseen_y).all()
    assert again.source == "rows of rows.npz"
