"""Asking trees: our arrays in NumPy against the scikit-learn model that they were taken from.

    python benchmarks/bench_forest.py [--write] [--repeats 11]

Needs scikit-learn (`pip install 'ilgi[train]'`). One thread. 35 columns and 19 labels, as the embedded bundle has; rows
are drawn, which grows bushier trees than real feelings do. Both take turns in the same run and must agree to 1e-6.
"""
# One thread must be asked for before NumPy is imported.
# ruff: noqa: E402

import argparse
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

from _common import median_seconds, rounded, table, use_one_thread, write_result

use_one_thread()

import numpy as np

from ilgi.arrays import FloatMatrix
from ilgi.label.base import LabelModel
from ilgi.label.boosting import BoostingConfig, BoostingLabels
from ilgi.label.forest import ForestConfig, ForestLabels
from ilgi.vocabulary import Vocabulary

COLUMNS: Final = Vocabulary(tuple(f"column {i}" for i in range(35)), kind="affect column")
LABELS: Final = Vocabulary(tuple(f"label {i}" for i in range(19)), kind="label")
GROWN_ON: Final = 20_000
SIZES: Final = (1, 100, 10_000)


def rows(count: int, seed: int) -> tuple[FloatMatrix, FloatMatrix]:
    """Return affect as normal scores, and labels that depend on it a little."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, len(COLUMNS))).astype(np.float32)
    toward = np.random.default_rng(0).standard_normal((len(COLUMNS), len(LABELS))) * 0.2
    return x, (rng.random((count, len(LABELS))) < 1 / (1 + np.exp(1.5 - x @ toward))).astype(np.float32)


def forest(trees: int) -> tuple[LabelModel, Callable[[FloatMatrix], FloatMatrix]]:
    """Return our forest and scikit-learn's, the same one."""
    from sklearn.ensemble import RandomForestRegressor

    x, y = rows(GROWN_ON, 1)
    options = ForestConfig(trees=trees)
    grown = RandomForestRegressor(
        trees,
        max_depth=options.max_depth,
        min_samples_leaf=options.min_rows_leaf,
        max_features="sqrt",
        random_state=0,
        n_jobs=1,
    ).fit(x, y)
    model = ForestLabels(COLUMNS, LABELS, options)
    model.adopt(grown, y.mean(axis=0))
    return model, grown.predict


def boosted() -> tuple[LabelModel, Callable[[FloatMatrix], FloatMatrix]]:
    """Return our boosted trees and scikit-learn's, one model for each label."""
    x, y = rows(GROWN_ON, 1)
    grown: list[Any] = []

    class Kept(BoostingLabels):
        """Keeps what it grows."""

        def _grower(self, seed: int) -> Any:  # noqa: ANN401
            grown.append(super()._grower(seed))
            return grown[-1]

    model = Kept(COLUMNS, LABELS, BoostingConfig(rounds=60, patience_rounds=None))
    model.fit(x, y, rng=np.random.default_rng(0))
    return model, lambda new: np.stack([one.predict_proba(new)[:, 1] for one in grown], axis=1)


def run(repeats: int) -> dict[str, Any]:
    """Measure forests and boosted trees."""
    found = []
    for name, (model, theirs) in {"forest, 200 trees": forest(200), "boosted, 19 × 60 trees": boosted()}.items():
        for size in SIZES:
            x = rows(size, 2)[0]
            worst = float(np.abs(model.predict_proba(x) - theirs(x)).max())
            if worst > 1e-6:
                sys.exit(f"{name}: the answers differ by {worst:.2g}, so there is nothing to compare")
            calls: dict[str, Callable[[], object]] = {
                "ilgi": lambda m=model, a=x: m.predict_proba(a),  # type: ignore[misc]
                "sklearn": lambda f=theirs, a=x: f(a),  # type: ignore[misc]
            }
            taken = median_seconds(calls, repeats=repeats)
            found.append(
                {
                    "model": name,
                    "rows": size,
                    "ilgi (ms)": rounded(taken["ilgi"] * 1000),
                    "scikit-learn (ms)": rounded(taken["sklearn"] * 1000),
                    "ilgi / scikit-learn": rounded(taken["ilgi"] / taken["sklearn"]),
                    "target": {1: 1.0, 10_000: 2.0}.get(size),
                }
            )
    notes = [
        f"Medians of {repeats} runs in turns, one thread; grown on {GROWN_ON:,} rows, 35 columns, 19 labels.",
        "A target is the ratio that should not be exceeded.",
    ]
    return {"title": "Asking trees: NumPy against scikit-learn", "rows": found, "notes": notes, "repeats": repeats}


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=11, help="measured runs of each (at least 9 to be kept)")
    parser.add_argument("--write", action="store_true", help="keep the result in results/forest.json")
    options = parser.parse_args()
    if find_spec("sklearn") is None:
        sys.exit("scikit-learn is missing: pip install 'ilgi[train]'")
    if options.write and options.repeats < 9:
        parser.error("--write needs at least 9 repeats")
    result = run(options.repeats)
    print(table(result["rows"]))
    print(*(f"- {note}" for note in result["notes"]), sep="\n")
    if options.write:
        command = "python benchmarks/bench_forest.py --write"
        path = write_result("forest", command, result, libraries=("numpy", "scikit-learn", "ilgi"))
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
