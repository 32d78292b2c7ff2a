"""The benchmark of the label model that ships runs at a tiny size; no time is asserted."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, imported as running it would; the environment stays as it was."""
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in importlib.import_module("_common")._THREAD_VARIABLES:
        monkeypatch.setenv(name, "1")
    return importlib.import_module("bench_default")


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
