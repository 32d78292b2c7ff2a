"""What every benchmark shares: one thread, medians, facts about the machine, and the form of a result file.

A benchmark is run by hand, from the repository: `python benchmarks/bench_rank.py`. It prints its table, and keeps it in
`results/<name>.json` only when asked to with `--write`. A result file holds

    benchmark   its name
    command     how to run it again
    machine     see `machine`
    title       one line, what is measured
    rows        the table: a list of flat objects that all have the same keys, in the order of the columns
    notes       sentences that belong under the table

and whatever else the benchmark wants to keep. `table.py` draws all of them. Nothing here imports NumPy, so that
`use_one_thread` can come first.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).resolve().parent / "results"
"""Where result files are kept."""

_THREAD_VARIABLES: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def use_one_thread() -> None:
    """Hold every numeric library to one thread. Call it before the first of them is imported."""
    for name in _THREAD_VARIABLES:
        os.environ[name] = "1"


def machine(libraries: Sequence[str] = ("numpy",)) -> dict[str, Any]:
    """Return what a reader needs to know to compare: processor, cores, system, Python and library versions.

    Args:
        libraries: Names of distributions, such as "scikit-learn"; one that is not installed is left out.
    """
    versions = {}
    for name in libraries:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": versions,
    }


def _cpu_model() -> str:
    """Return the processor's name; `platform.processor` says only "x86_64" on Linux, which compares nothing."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds of wall clock."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def median_seconds(
    calls: Mapping[str, Callable[[], object]], *, repeats: int, budget_s: float = 60.0
) -> dict[str, float]:
    """Return the median seconds of each call, taken in turns so that a slow spell of the machine hits all alike.

    Args:
        calls: What to measure, by name; each is called once before, unmeasured.
        repeats: How many measured rounds, at least 1.
        budget_s: No new round begins after this many seconds; at least three rounds are made (or `repeats`, if fewer).
    """
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    for round_ in range(repeats):
        if round_ >= 3 and time.perf_counter() - start > budget_s:
            break
        for name, call in calls.items():
            taken[name].append(seconds(call))
    return {name: statistics.median(values) for name, values in taken.items()}


def write_result(name: str, command: str, data: Mapping[str, Any], *, libraries: Sequence[str] = ("numpy",)) -> Path:
    """Write `results/<name>.json` and return its path.

    Args:
        name: Name of the benchmark, such as "rank".
        command: How to run it again, as typed in the repository; no path of this machine.
        data: "title", "rows", "notes" as the module says, and more.
        libraries: Whose versions to record.
    """
    missing = {"title", "rows", "notes"} - set(data)
    if missing:
        raise ValueError(f"a result needs {', '.join(sorted(missing))}")
    if len({tuple(row) for row in data["rows"]}) != 1:
        raise ValueError("all rows of a result need the same keys in the same order")
    result = {"benchmark": name, "command": command, "machine": machine(libraries), **data}
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    return path


def rounded(value: float, digits: int = 3) -> float:
    """Return a number with so many significant digits: more would be noise, and would change in every run."""
    return float(f"{value:.{digits}g}")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a Markdown table; numbers stand to the right."""
    columns = list(rows[0])
    numeric = {c: all(isinstance(row[c], int | float) or row[c] is None for row in rows) for c in columns}
    lines = [
        "| " + " | ".join(columns) + " |",
        "|" + "|".join("---:" if numeric[c] else "---" for c in columns) + "|",
    ]
    lines += ["| " + " | ".join(_cell(row[c]) for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        # Plain notation: "0.00003", never "3e-05".
        return f"{value:,.12f}".rstrip("0").rstrip(".")
    return str(value).replace("|", "\\|")
