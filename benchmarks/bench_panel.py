"""Do Korean films stand where people who know them say? A panel of 150 of them, which nothing was learned from.

    python benchmarks/bench_panel.py [--write]

Two readers rated each film on the ten axes, 0 (not at all) to 3 (known for it), each alone. A film carries an axis
where their mean is 1.5 or more; the figure is how often such a film stands above one that doesn't carry it (AUC).
Beside it: how far Korean films stand from films of other languages with the very same genres.
"""

import argparse
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from _common import rounded, table, write_result
from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.catalog.axes import AXES
from ilgi.catalog.base import Catalog
from ilgi.catalog.store import embedded_catalogs, load_catalog
from ilgi.training.emotion.diaries import FOLDER, cohens_kappa
from ilgi.training.tables import read_rows

PANEL: Final = FOLDER.parent / "panel" / "korean_films.tsv"
CARRIES: Final = 1.5
"""Mean rating from which on a film carries an axis."""
_FEWEST: Final = 5


def read_panel(catalog: Catalog) -> tuple[IntVector, FloatMatrix]:
    """Return the panel's films: (n,) rows of the catalogue, and (n, 2, X) ratings of both readers."""
    rows, ratings = [], []
    place = {item: row for row, item in enumerate(catalog.ids)}
    for row in read_rows(PANEL):
        if row["id"] in place:
            rows.append(place[row["id"]])
            ratings.append([[float(row[f"{axis}{reader}"]) for axis in AXES] for reader in (1, 2)])
    return np.array(rows, dtype=np.int64), np.array(ratings, dtype=np.float32)


def auc(scores: FloatVector, carries: NDArray[np.bool_]) -> float:
    """Return how often a film that carries the axis stands above one that doesn't, ties counted half."""
    above = (scores[carries][:, None] > scores[~carries]).mean()
    level = (scores[carries][:, None] == scores[~carries]).mean()
    return float(above + 0.5 * level)


def against_others(catalog: Catalog, axis: int) -> float:
    """Return how far Korean films stand above films of other languages with the same genres, in standard deviations."""
    if catalog.profiles is None:
        return float("nan")
    place = catalog.profiles.place[:, axis]
    korean = np.array([code == "ko" for code in catalog.language])
    keys = [row.tobytes() for row in catalog.matrix]
    others: dict[bytes, list[int]] = {}
    for row in np.flatnonzero(~korean):
        others.setdefault(keys[row], []).append(int(row))
    apart = [
        place[row] - np.nanmean(place[others[keys[row]]])
        for row in np.flatnonzero(korean)
        if len(others.get(keys[row], ())) >= _FEWEST
    ]
    return float(np.nanmean(apart))


def run(catalog: Catalog) -> dict[str, Any]:
    """Measure every axis."""
    if catalog.profiles is None:
        raise SystemExit("the catalogue says nothing of how its films feel: build it with profiles")
    films, ratings = read_panel(catalog)
    mean = ratings.mean(axis=1)
    rows: list[dict[str, Any]] = []
    for column, axis in enumerate(AXES):
        carries = mean[:, column] >= CARRIES
        place = catalog.profiles.place[films, column]
        one, two = (["yes" if r >= CARRIES else "no" for r in ratings[:, reader, column]] for reader in (0, 1))
        rows.append(
            {
                "axis": axis,
                "films that carry it": int(carries.sum()),
                "AUC": rounded(auc(place, carries)) if carries.any() and not carries.all() else None,
                "readers' kappa": rounded(cohens_kappa(one, two)),
                "r with the mean rating": rounded(float(np.corrcoef(place, mean[:, column])[0, 1])),
                "Korean films above others": rounded(against_others(catalog, column)),
            }
        )
    told = [float(row["AUC"]) for row in rows if row["AUC"] is not None]
    return {
        "title": "Korean films on the axes, against a panel that nothing learned from",
        "rows": rows,
        "notes": [
            f"{len(films)} Korean films, rated by two readers who knew nothing of each other; mean AUC "
            f"{np.mean(told):.3f}, the lowest {min(told):.3f}.",
            "Above others: mean distance from films of other languages with the very same genres, in standard "
            "deviations of all films.",
        ],
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep the result in results/panel.json")
    options = parser.parse_args()
    result = run(load_catalog(embedded_catalogs()["movies"]))
    print(table(result["rows"]))
    print("\n".join(result["notes"]))
    if options.write:
        path = write_result("panel", "python benchmarks/bench_panel.py --write", result)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
