"""Training model 2: ours against scikit-learn's MLPClassifier and against the prototype's loop, to the same loss.

    python benchmarks/bench_train.py [--write] [--rows FILE.npz] [--repeats 5] [--prototype-epochs 1000]

Needs scikit-learn. One thread; the contestants take turns in the same run. The shape is the prototype's: 19,316 rows of
four moods → 64 → 32 → 20 labels, and 4,829 rows of other films on which the loss is measured. The contestants:

    scikit-learn            MLPClassifier, batches of 32, Adam, early_stopping=True, everything else as it comes
    scikit-learn, watched   the same without its own stopping rule, looked at after every epoch: when was it best?
    prototype, full batch   a plain NumPy loop, one step of gradient descent on all rows per epoch: squared error, ReLU,
                            linear output
    prototype, batch 32     the same loop with steps on 32 rows
    ilgi                    ilgi.nn as one would use it: AdamW, batches of 128, output biases at the base rates
    ilgi, batch 32          ilgi.nn with scikit-learn's own choices: Adam, rate 0.001, batches of 32, biases at 0

"Time to" a loss is wall clock from arrays to the end of the first epoch after which the unseen films' binary
cross-entropy is at most that. ilgi's clock includes drawing the weights and looking at those films after every epoch;
for the others, looking is not counted.

Rows come from `--rows` (arrays x_train, y_train, x_validation, y_validation), or else are made from the real reviews
(ILGI_DATA_DIR) with the embedded bundle's emotion model and kept in runs/, or else are drawn: synthetic labels which
depend on the moods as weakly as real ones do.
"""
# One thread must be asked for before NumPy is imported.
# ruff: noqa: E402

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from _common import rounded, table, use_one_thread, write_result

use_one_thread()

import numpy as np

from _train_rows import Rows, find_rows
from ilgi.nn.fitting import fit
from ilgi.nn.losses import make_loss
from ilgi.nn.network import Network
from ilgi.nn.optimizers import Adam, AdamW
from ilgi.nn.schedules import Cosine
from ilgi.nn.stopping import EarlyStopping

HIDDEN: Final = (64, 32)
WATCHED_EPOCHS: Final = 30
PROTOTYPE_RATE: Final = {"full": 2.0, "batch": 0.1}
"""The best of 0.5, 2, 8 and of 0.1, 0.5, 2 on real reviews: the prototype is not made slow by a poor choice."""


@dataclass(frozen=True)
class Run:
    """One run of one contestant: after each epoch looked at, the seconds passed, and the unseen films' loss."""

    epochs: int
    seconds: tuple[float, ...]
    bce: tuple[float, ...]
    brier: float
    """Of the weights it ends with."""

    def time_to(self, bce: float) -> float | None:
        """Return the seconds until the loss was first that low, None if it never was."""
        return next((s for s, b in zip(self.seconds, self.bce, strict=True) if b <= bce), None)


# --------------------------------------------------------------------------------------------------------- contestants


def train_ilgi(rows: Rows, seed: int) -> Run:
    """Train as one would with ilgi: stops early and restores its best weights."""
    return _train_ilgi(rows, seed, as_scikit_learn=False)


def train_ilgi_as_sklearn(rows: Rows, seed: int) -> Run:
    """Train ilgi's network with scikit-learn's choices, to compare the loops alone."""
    return _train_ilgi(rows, seed, as_scikit_learn=True)


def _train_ilgi(rows: Rows, seed: int, *, as_scikit_learn: bool) -> Run:
    seconds: list[float] = []
    start = time.perf_counter()
    rng = np.random.default_rng(seed)
    network = Network(
        (rows.x.shape[1], *HIDDEN, rows.y.shape[1]),
        ("relu", "relu", "sigmoid"),
        rng=rng,
        initializers="xavier_uniform" if as_scikit_learn else "he_normal",
    )
    if not as_scikit_learn:
        rate = (rows.y.sum(axis=0) + 0.5) / (len(rows.y) + 1)
        network.layers[-1].bias[:] = np.log(rate / (1 - rate))
    history = fit(
        network,
        rows.x,
        rows.y,
        loss=make_loss("bce"),
        optimizer=Adam() if as_scikit_learn else AdamW(weight_decay=0.01),
        learning_rate=1e-3 if as_scikit_learn else 4e-3,
        schedule=None if as_scikit_learn else Cosine(0.05),
        batch_size=32 if as_scikit_learn else 128,
        max_epochs=WATCHED_EPOCHS,
        validation=(rows.unseen_x, rows.unseen_y),
        stopping=EarlyStopping(10),
        rng=rng,
        on_epoch=lambda *_: seconds.append(time.perf_counter() - start),
    )
    return Run(
        history.epochs,
        tuple(seconds),
        history.series["validation_loss"],
        rows.brier(network.predict(rows.unseen_x)),
    )


def train_sklearn(rows: Rows, seed: int) -> Run:
    """Train scikit-learn's network as its users do: it keeps a tenth of the rows back and stops by their accuracy."""
    from sklearn.neural_network import MLPClassifier

    start = time.perf_counter()
    model = MLPClassifier(HIDDEN, batch_size=32, early_stopping=True, random_state=seed).fit(rows.x, rows.y)
    taken = time.perf_counter() - start
    p = model.predict_proba(rows.unseen_x)
    return Run(int(model.n_iter_), (taken,), (rows.bce(p),), rows.brier(p))


def watch_sklearn(rows: Rows, seed: int) -> Run:
    """Train the same network epoch by epoch on all rows and look after each, with the clock stopped."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(HIDDEN, batch_size=32, random_state=seed)
    taken, seconds, losses, p = 0.0, [], [], rows.unseen_y
    for epoch in range(WATCHED_EPOCHS):
        start = time.perf_counter()
        model.partial_fit(rows.x, rows.y, classes=np.arange(rows.y.shape[1]) if epoch == 0 else None)
        taken += time.perf_counter() - start
        p = model.predict_proba(rows.unseen_x)
        seconds.append(taken)
        losses.append(rows.bce(p))
    return Run(WATCHED_EPOCHS, tuple(seconds), tuple(losses), rows.brier(p))


def train_prototype(rows: Rows, seed: int, *, epochs: int, batch: int | None) -> Run:
    """Train as the prototype did: fresh arrays in every step, squared error, a fixed number of epochs."""
    rng = np.random.default_rng(seed)
    rate = PROTOTYPE_RATE["batch" if batch else "full"]
    taken, seconds, losses = 0.0, [], []
    start = time.perf_counter()
    sizes = (rows.x.shape[1], *HIDDEN, rows.y.shape[1])
    w1, w2, w3 = (rng.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32) for a, b in pairwise(sizes))
    b1, b2, b3 = (np.zeros(b, dtype=np.float32) for b in sizes[1:])
    size = batch or len(rows.x)
    output = rows.unseen_y
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(rows.x)) if batch else np.arange(len(rows.x))
        for at in range(0, len(rows.x), size):
            pick = slice(None) if batch is None else order[at : at + size]
            x, y = rows.x[pick], rows.y[pick]
            h1 = np.maximum(x @ w1 + b1, 0)
            h2 = np.maximum(h1 @ w2 + b2, 0)
            d3 = 2 * (h2 @ w3 + b3 - y) / y.size
            d2 = (d3 @ w3.T) * (h2 > 0)
            d1 = (d2 @ w2.T) * (h1 > 0)
            w3 -= rate * (h2.T @ d3)
            b3 -= rate * d3.sum(axis=0)
            w2 -= rate * (h1.T @ d2)
            b2 -= rate * d2.sum(axis=0)
            w1 -= rate * (x.T @ d1)
            b1 -= rate * d1.sum(axis=0)
        if epoch % 10 == 0 or epoch == epochs:
            taken += time.perf_counter() - start
            output = np.maximum(np.maximum(rows.unseen_x @ w1 + b1, 0) @ w2 + b2, 0) @ w3 + b3
            seconds.append(taken)
            losses.append(rows.bce(output))
            start = time.perf_counter()
    return Run(epochs, tuple(seconds), tuple(losses), rows.brier(output))


# ----------------------------------------------------------------------------------------------------------- the table


def median(values: list[float]) -> float | None:
    """Return the median, None if there is nothing."""
    return statistics.median(values) if values else None


def row_of(name: str, runs: list[Run], target: float) -> dict[str, Any]:
    """Return one line of the table: medians over runs."""
    reached = [s for s in (run.time_to(target) for run in runs) if s is not None]
    per_epoch = median([run.seconds[-1] / run.epochs for run in runs])
    whole, best, brier = (
        median(values)
        for values in ([r.seconds[-1] for r in runs], [min(r.bce) for r in runs], [r.brier for r in runs])
    )
    to_target = median(reached) if len(reached) * 2 >= len(runs) else None
    return {
        "trainer": name,
        "epochs": int(statistics.median(run.epochs for run in runs)),
        "ms an epoch": rounded(1e3 * (per_epoch or 0)),
        "whole run, s": rounded(whole or 0),
        "best BCE": rounded(best or 0, 5),
        "Brier at its end": rounded(brier or 0, 5),
        "s to scikit-learn's BCE": None if to_target is None else rounded(to_target),
        "runs that got there": f"{len(reached)} of {len(runs)}",
    }


def measure(rows: Rows, repeats: int, prototype_epochs: int) -> dict[str, Any]:
    """Return the result: the table, the ratios and what belongs under them."""
    contestants: Mapping[str, Callable[[Rows, int], Run]] = {
        "scikit-learn": train_sklearn,
        "scikit-learn, watched": watch_sklearn,
        "ilgi": train_ilgi,
        "ilgi, batch 32": train_ilgi_as_sklearn,
    }
    small = Rows(rows.x[:640], rows.y[:640], rows.unseen_x, rows.unseen_y, rows.source)
    for call in contestants.values():
        call(small, 0)
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for seed in range(repeats):
        for name, call in contestants.items():
            runs[name].append(call(rows, seed))
            print(".", end="", flush=True, file=sys.stderr)
    # A thousand epochs are an average by themselves: once is enough.
    runs["prototype, full batch"] = [train_prototype(rows, 0, epochs=prototype_epochs, batch=None)]
    runs["prototype, batch 32"] = [train_prototype(rows, 0, epochs=prototype_epochs, batch=32)]
    print(file=sys.stderr)

    base = rows.y.mean(axis=0, keepdims=True).repeat(len(rows.unseen_y), axis=0)
    target = statistics.median(run.bce[0] for run in runs["scikit-learn"])
    best = statistics.median(min(run.bce) for run in runs["scikit-learn, watched"])
    prototypes = {name: run[0] for name, run in runs.items() if name.startswith("prototype")}

    def ours_to(bce: float, name: str = "ilgi") -> float | None:
        reached = [s for s in (run.time_to(bce) for run in runs[name]) if s is not None]
        return median(reached) if len(reached) * 2 >= repeats else None

    def ratio(theirs: float | None, ours: float | None) -> float | None:
        return None if theirs is None or ours is None else rounded(theirs / ours)

    sklearn_s = statistics.median(run.seconds[-1] for run in runs["scikit-learn"])
    sklearn_best_s = median([run.seconds[int(np.argmin(run.bce))] for run in runs["scikit-learn, watched"]])
    ratios = {
        "scikit-learn's run / ilgi to its BCE": ratio(sklearn_s, ours_to(target)),
        "scikit-learn's run / ilgi, batch 32, to its BCE": ratio(sklearn_s, ours_to(target, "ilgi, batch 32")),
        "scikit-learn to its best epoch / ilgi to that BCE": ratio(sklearn_best_s, ours_to(best)),
        "epoch of scikit-learn / epoch of ilgi, batch 32": ratio(
            statistics.median(r.seconds[-1] / r.epochs for r in runs["scikit-learn, watched"]),
            statistics.median(r.seconds[-1] / r.epochs for r in runs["ilgi, batch 32"]),
        ),
    }
    for name, run in prototypes.items():
        ratios[f"{name} / ilgi to its best BCE"] = ratio(run.seconds[-1], ours_to(min(run.bce)))
        ratios[f"{name} / ilgi's whole run"] = ratio(
            run.seconds[-1], statistics.median(r.seconds[-1] for r in runs["ilgi"])
        )
    return {
        "title": f"Training {rows.x.shape[1]} → 64 → 32 → {rows.y.shape[1]} on {len(rows.x):,} rows ({rows.source})",
        "rows": [row_of(name, runs[name], target) for name in runs],
        "ratios": ratios,
        "prior_bce": rounded(rows.bce(base), 5),
        "scikit_learn_bce": rounded(target, 5),
        "scikit_learn_best_bce": rounded(best, 5),
        "notes": [
            f"Rows: {rows.source}; {len(rows.unseen_x):,} unseen rows measure. Always answering with the base rates "
            f"has a BCE of {rounded(rows.bce(base), 5)} and a Brier score of {rounded(rows.brier(base), 5)}.",
            f"scikit-learn's BCE, {rounded(target, 5)}, is that of the weights its early stopping ends with; the best "
            f"of its {WATCHED_EPOCHS} watched epochs has {rounded(best, 5)}.",
            "ilgi stops by the unseen films, so its best BCE is the best of its epochs on them, as it is for "
            "scikit-learn, watched; scikit-learn's own rule doesn't see them.",
            f"The prototype's loops make {prototype_epochs:,} epochs; rates {PROTOTYPE_RATE['full']} (full batch) and "
            f"{PROTOTYPE_RATE['batch']} (batch 32) are the best of three for them. Their outputs are clipped.",
            f"Medians of {repeats} runs with seeds from 0, in turns; the prototype's loops ran once.",
            *(f"{name}: {'not reached' if value is None else f'{value:g} times'}." for name, value in ratios.items()),
        ],
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=Path, help="an .npz with x_train, y_train, x_validation, y_validation")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--prototype-epochs", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="keep the result in results/train.json")
    options = parser.parse_args()
    if find_spec("sklearn") is None:
        sys.exit("this benchmark needs scikit-learn: run  pip install scikit-learn")
    result = measure(find_rows(options.rows), options.repeats, options.prototype_epochs)
    print(table(result["rows"]))
    print(*(f"- {note}" for note in result["notes"]), sep="\n")
    if options.write:
        arguments = "".join(
            f" --{name.replace('_', '-')} {value}"
            for name, value in (("repeats", options.repeats), ("prototype_epochs", options.prototype_epochs))
            if value != parser.get_default(name)
        )
        command = f"python benchmarks/bench_train.py --write{' --rows FILE.npz' if options.rows else ''}{arguments}"
        print(write_result("train", command, result, libraries=("numpy", "scikit-learn")))


if __name__ == "__main__":
    main()
