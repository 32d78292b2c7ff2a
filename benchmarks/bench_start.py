"""How long one waits for ilgi to start: whole processes, beside `python -c "import numpy"`.

    python benchmarks/bench_start.py [--write] [--runs 15]

The commands take turns, so that a slow spell of the machine hits all alike. Each is run once before, unmeasured: the
files are then in the system's cache and compiled to bytecode, as they are from the second start on. Needs the command
line and the default bundle.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from _common import rounded, seconds, table, write_result

BASELINE: Final = 'python -c "import numpy"'
KOREAN: Final = "비가 와서 산책은 못 했지만, 오래 미룬 편지를 다 썼다. 마음이 조금 가벼워졌다."
ENGLISH: Final = "It rained, so no walk, but I finished the letter I kept putting off. I feel a little lighter."
TARGETS_S: Final[Mapping[str, float | None]] = {
    BASELINE: None,
    'python -c "import ilgi"': 0.15,
    "ilgi --help": 0.3,
    "ilgi recommend (Korean)": 0.7,
    "ilgi recommend (English)": 0.7,
}
"""What is measured, and the most seconds that it should take."""


def commands() -> dict[str, list[str]]:
    """Return the arguments of each process, by the names of `TARGETS_S`."""
    script = Path(sys.executable).with_name("ilgi")
    ilgi = [str(script)] if script.is_file() else [sys.executable, "-m", "ilgi"]
    arguments = (
        [sys.executable, "-c", "import numpy"],
        [sys.executable, "-c", "import ilgi"],
        [*ilgi, "--help"],
        [*ilgi, "recommend", KOREAN],
        [*ilgi, "recommend", ENGLISH],
    )
    return dict(zip(TARGETS_S, arguments, strict=True))


def run_once(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run one process to its end; leave with a clear message if it fails, because a failure is quick."""
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        sys.exit(f"'{name}' doesn't work here, so there is nothing to measure (exit code {done.returncode}): {last}")


def run(runs: int) -> dict[str, Any]:
    """Measure all commands in turns."""
    taken: dict[str, list[float]] = {name: [] for name in TARGETS_S}
    # An empty folder instead of the user's settings, which would be measured along.
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"ILGI_HOME": home, "XDG_CONFIG_HOME": home, "PYTHONIOENCODING": "utf-8"}
        for name, arguments in commands().items():
            run_once(name, arguments, environment)
        for _ in range(runs):
            for name, arguments in commands().items():
                taken[name].append(seconds(lambda n=name, a=arguments: run_once(n, a, environment)))  # type: ignore[misc]
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "title": "From the command to its end, whole processes",
        "rows": [
            {
                "command": name,
                "median (s)": rounded(median[name]),
                "fastest (s)": rounded(min(taken[name])),
                "× import numpy": rounded(median[name] / median[BASELINE]),
                "target (s)": target,
            }
            for name, target in TARGETS_S.items()
        ],
        "notes": [f"{runs} runs of each, in turns; each run once before, unmeasured."],
        "runs": runs,
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15, help="measured runs of each command (at least 9 to be kept)")
    parser.add_argument("--write", action="store_true", help="keep the result in results/start.json")
    options = parser.parse_args()
    if options.write and options.runs < 9:
        parser.error("--write needs at least 9 runs")
    result = run(options.runs)
    print(table(result["rows"]))
    print(*(f"- {note}" for note in result["notes"]), sep="\n")
    if options.write:
        path = write_result("start", "python benchmarks/bench_start.py --write", result, libraries=("numpy", "ilgi"))
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
