"""The three best of a catalogue: ours against scikit-learn + pandas, and against one matrix-vector product.

    python benchmarks/bench_rank.py [--write] [--sizes 1583 100000 1000000] [--repeats 41]

Needs scikit-learn and pandas (`pip install scikit-learn pandas`); ilgi itself does not use pandas. One thread. The
three take turns in the same run:

    pair    sklearn.metrics.pairwise.cosine_similarity, then pandas' sort_values and head(3): the prototype's way
    matvec  a float32 matrix whose rows were normalised beforehand, times the unit query, then argpartition
    ilgi    CosineRanker.rank: the query's lift, the choice with its stated order of ties, and the Ranking as objects

20 labels. The label sets are drawn from those of the embedded film catalogue (or, where it is missing, of a made-up one
like it), and once more so that no two items have the same set, which leaves nothing to group. The three best scores of
all three must agree.
"""
# One thread must be asked for before NumPy is imported.
# ruff: noqa: E402

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

from _common import median_seconds, rounded, seconds, table, use_one_thread, write_result

use_one_thread()

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, logit
from ilgi.catalog.base import Catalog
from ilgi.ranking.cosine import CosineRanker
from ilgi.steps import Query, Reading, Sentence
from ilgi.vocabulary import Vocabulary

LABELS: Final = 20
N: Final = 3
SIZES: Final = (1583, 100_000, 1_000_000)


def film_sets() -> tuple[NDArray[np.int64], FloatVector, str]:
    """Return the label sets (as bits of one number) and popularities of real films, and where they are from."""
    from ilgi.catalog.store import embedded_catalogs, load_catalog

    paths = embedded_catalogs()
    if "movies" not in paths:
        return *made_up_sets(), "a made-up catalogue"
    catalog = load_catalog(paths["movies"])
    bits = 1 << np.arange(len(catalog.labels), dtype=np.int64)
    return (catalog.matrix > 0) @ bits, catalog.popularity, f"the embedded catalogue ({len(catalog):,} films)"


def made_up_sets() -> tuple[NDArray[np.int64], FloatVector]:
    """Return 12,000 sets of one to five labels, where label j is drawn in proportion to 1 / (j + 1)."""
    rng = np.random.default_rng(7)
    share = 1 / np.arange(1.0, LABELS + 1)
    share /= share.sum()
    sizes = rng.choice([1, 2, 3, 4, 5], 12_000, p=[0.2, 0.3, 0.3, 0.15, 0.05])
    sets = [np.sum(1 << rng.choice(LABELS, size, replace=False, p=share)) for size in sizes]
    return np.array(sets, dtype=np.int64), np.linspace(0, 1, 12_000, dtype=np.float32)


def make_catalog(sets: NDArray[np.int64], popularity: FloatVector, rng: np.random.Generator) -> Catalog:
    """Return a catalogue of items with these label sets, and nothing else that ranking looks at."""
    n = len(sets)
    return Catalog(
        domain="movies",
        ids=tuple(f"tmdb:{i}" for i in rng.permutation(n).tolist()),
        titles={},
        year=np.zeros(n, dtype=np.int16),
        language=("",) * n,
        labels=Vocabulary([f"label {j}" for j in range(LABELS)], kind="label"),
        matrix=((sets[:, None] >> np.arange(LABELS)) & 1).astype(np.float32),
        popularity=popularity,
        affect=np.zeros((n, 0), dtype=np.float32),
    )


def make_query(labels: Vocabulary, rng: np.random.Generator) -> Query:
    """Return a query whose labels are up to e^±1 likelier than usual; nothing was read."""
    zero = np.zeros(1, dtype=np.float32)
    reading = Reading(
        "en", (Sentence("", 0, 0),), Vocabulary(["joy"]), zero[None], zero + 1, zero, zero, {}, {}, 0, 0, False
    )
    base = rng.uniform(0.02, 0.4, LABELS).astype(np.float32)
    odds = base / (1 - base) * np.exp(rng.uniform(-1, 1, LABELS))
    return Query(reading, labels, (odds / (1 + odds)).astype(np.float32), base)


def pair(query: FloatMatrix, matrix: FloatMatrix) -> list[float]:
    """Return the three best cosines the prototype's way."""
    import pandas as pd
    from sklearn.metrics.pairwise import cosine_similarity

    similarity = pd.Series(cosine_similarity(query, matrix)[0])
    best: list[float] = similarity.sort_values(ascending=False).head(N).tolist()
    return best


def matvec(unit: FloatVector, normalised: FloatMatrix) -> list[float]:
    """Return the three best cosines by one pass over the memory."""
    scores = normalised @ unit
    best = np.argpartition(scores, -N)[-N:]
    return sorted(scores[best].tolist(), reverse=True)


def normalise(matrix: FloatMatrix) -> FloatMatrix:
    """Return the matrix with rows of length 1 (or 0)."""
    norm = np.sqrt(np.square(matrix).sum(axis=1, keepdims=True))
    unit: FloatMatrix = matrix / np.maximum(norm, np.float32(1e-12))
    return unit


def measure(kind: str, sets: NDArray[np.int64], popularity: FloatVector, repeats: int) -> dict[str, Any]:
    """Return one row of the table, after checking that all three find the same scores."""
    rng = np.random.default_rng(1)
    catalog = make_catalog(sets, popularity, rng)
    query = make_query(catalog.labels, rng)
    vector = logit(query.probabilities) - logit(query.base_rates)
    unit = vector / np.sqrt(np.square(vector).sum())
    ranker = CosineRanker()

    def ours() -> list[float]:
        return [item.score for item in ranker.rank(query, catalog, n=N).items]

    first = seconds(ours)
    prepared: list[FloatMatrix] = []
    preparing = seconds(lambda: prepared.append(normalise(catalog.matrix)))
    calls = {
        "pair": lambda: pair(vector[None], catalog.matrix),
        "matvec": lambda: matvec(unit, prepared[0]),
        "ilgi": ours,
    }
    expected = calls["ilgi"]()
    for name, call in calls.items():
        if not np.allclose(call(), expected, rtol=0, atol=2e-6):
            raise AssertionError(f"{name} finds other scores than ilgi: {call()} and {expected}")
    taken = median_seconds(calls, repeats=repeats)
    ms = {name: rounded(1000 * value) for name, value in taken.items()}
    return {
        "label sets": kind,
        "items": len(sets),
        "distinct sets": len(np.unique(sets)),
        "scikit-learn + pandas (ms)": ms["pair"],
        "matvec + argpartition (ms)": ms["matvec"],
        "ilgi (ms)": ms["ilgi"],
        "× scikit-learn + pandas": rounded(taken["pair"] / taken["ilgi"]),
        "× matvec + argpartition": rounded(taken["matvec"] / taken["ilgi"]),
        "ilgi, first call (ms)": rounded(1000 * first),
        "matvec, preparing (ms)": rounded(1000 * preparing),
    }


def run(sizes: Sequence[int], repeats: int) -> dict[str, Any]:
    """Measure every size with real and with distinct label sets."""
    film_set, film_popularity, origin = film_sets()
    rows = []
    for n in sizes:
        rng = np.random.default_rng(n)
        drawn = rng.integers(len(film_set), size=n)
        rows.append(measure("as films", film_set[drawn], film_popularity[drawn], repeats))
        if n < 2**LABELS:
            distinct = rng.choice(2**LABELS - 1, size=n, replace=False).astype(np.int64) + 1
            rows.append(measure("all distinct", distinct, film_popularity[drawn], repeats))
    return {
        "title": f"The {N} best of a catalogue with {LABELS} labels, one thread",
        "rows": rows,
        "notes": [
            f"Label sets “as films” are drawn from {origin}; all three ways find the same scores.",
            "Medians of whole calls. A “first call” also finds and orders the groups of equal label sets, once for "
            "each catalogue in a process; the other two need no such step but the normalisation shown for matvec.",
            "ilgi breaks ties by popularity, then id; the other two leave them to chance.",
            "CosineRanker takes multi-hot labels only, so there is no run with a dense matrix.",
        ],
        "repeats": repeats,
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of items")
    parser.add_argument("--repeats", type=int, default=41, help="measured rounds")
    parser.add_argument("--write", action="store_true", help="keep the result in results/rank.json")
    options = parser.parse_args()
    if missing := [module for module in ("sklearn", "pandas") if find_spec(module) is None]:
        sys.exit(f"this benchmark compares with {' and '.join(missing)}: run  pip install scikit-learn pandas")
    result = run(options.sizes, options.repeats)
    print(table(result["rows"]))
    print(*(f"- {note}" for note in result["notes"]), sep="\n")
    if options.write:
        libraries = ("numpy", "scikit-learn", "pandas")
        path = write_result("rank", "python benchmarks/bench_rank.py --write", result, libraries=libraries)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
