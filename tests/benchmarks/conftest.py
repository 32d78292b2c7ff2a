"""What tests of the benchmarks share."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a script of the folder as running it would; the environment stays as it was."""
    monkeypatch.syspath_prepend(str(FOLDER))
    # They hold libraries to one thread by the environment; setting it here first makes the fixture undo that.
    for name in importlib.import_module("_common")._THREAD_VARIABLES:
        monkeypatch.setenv(name, "1")
    return importlib.import_module
