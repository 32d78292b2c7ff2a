"""Work on several cores: the same arrays in every process, one core each, results as they come."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from ilgi.arrays import AnyArray

Task = TypeVar("Task")
Result = TypeVar("Result")
Arrays = Mapping[str, AnyArray]

_THREADS: Final = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
_opened: list[Arrays] = []
"""The arrays of a worker process."""


def work_on(
    tasks: Sequence[Task], work: Callable[[Task, Arrays], Result], arrays: Arrays, *, folder: Path, workers: int
) -> Iterator[tuple[Task, Result]]:
    """Give each task with its result, in the order in which they are done.

    Args:
        tasks: What to do; each must be picklable.
        work: Does one; a function of a module.
        arrays: What all tasks read.
        folder: Where the arrays lie while processes work.
        workers: How many processes; with one, all is done here.

    Raises:
        OSError: The arrays can't be written.
    """
    if workers <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield task, work(task, arrays)
        return
    # Arrays travel by file: a process started anew shares nothing, and one that is forked may hang in a BLAS.
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: str(folder / f"{name}.npy") for name in arrays}
    for name, path in files.items():
        np.save(path, arrays[name])
    context = multiprocessing.get_context("spawn")
    with (
        _one_thread_each(),
        ProcessPoolExecutor(workers, mp_context=context, initializer=_open, initargs=(files,)) as pool,
    ):
        futures = {pool.submit(_in_worker, work, task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], future.result()
    for path in files.values():
        Path(path).unlink(missing_ok=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile do their linear algebra on one core each."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _open(files: Mapping[str, str]) -> None:
    # Mapped, not read: what several processes look at lies in memory once.
    _opened.append({name: np.load(file, mmap_mode="r") for name, file in files.items()})


def _in_worker(work: Callable[[Any, Arrays], Any], task: Any) -> Any:  # noqa: ANN401
    return work(task, _opened[0])
