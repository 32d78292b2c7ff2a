"""The benchmark of the label model that ships runs at a tiny size; no time is asserted."""

import importlib
from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture
def bench(load: Callable[[str], ModuleType]) -> ModuleType:
    """The script."""
    return load("bench_default")


def test_measures_everybody_at_a_tiny_size(bench: ModuleType) -> None:
    pytest.importorskip("sklearn", reason="needs the extra 'train'")
    pytest.importorskip("torch", reason="needs the extra 'hf'")
    made = importlib.import_module("_train_rows").synthetic_rows()
    rows = bench.Rows(made.x[:900], made.y[:900], made.unseen_x[:300], made.unseen_y[:300], made.source)
    config = bench.MlpConfig(max_epochs=3)
    result = bench.measure(rows, config, repeats=1)
    assert [row["trainer"] for row in result["rows"]] == ["scikit-learn", "PyTorch", "ilgi"]
    assert result["rows"][0]["runs that got there"] == "1 of 1"
    assert result["ratios"]["epoch of PyTorch / epoch of ilgi"] > 0
