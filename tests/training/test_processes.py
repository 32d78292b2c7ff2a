import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.training.processes import work_on


def total(task: int, arrays: Any) -> tuple[float, str | None]:
    if task < 0:
        raise ValueError("a task that fails")
    return float(arrays["x"][task].sum()), os.environ.get("OMP_NUM_THREADS")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_done_once(tmp_path: Path, workers: int) -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    x = np.arange(12.0).reshape(4, 3)
    found = dict(work_on([0, 1, 2, 3], total, {"x": x}, folder=tmp_path / "work", workers=workers))
    assert {task: value for task, (value, _) in found.items()} == dict(enumerate(x.sum(axis=1)))
    if workers > 1:
        assert {threads for _, threads in found.values()} == {"1"}
    assert os.environ.get("OMP_NUM_THREADS") == before
    assert not list((tmp_path / "work").glob("*")) if workers > 1 else not (tmp_path / "work").exists()


def test_a_fault_in_a_process_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a task that fails"):
        list(work_on([0, -1], total, {"x": np.zeros((1, 1))}, folder=tmp_path, workers=2))
