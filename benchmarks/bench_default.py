"""Training the label model that ships: ours against scikit-learn's MLPClassifier and PyTorch, to the same loss.

    python benchmarks/bench_default.py [--write] [--data-dir DIR] [--repeats 5]

Needs scikit-learn and torch, and the data of `recipes/movies.toml`; scores of reviews are kept in runs/. One thread;
the contestants take turns in the same run. All train 35 affect columns → 128 → 64 → 19 genres on the recipe's training
films, in batches of 256, and are measured by binary cross-entropy on its validation films:

    scikit-learn   MLPClassifier, Adam, early_stopping=True, everything else as it comes
    PyTorch        nn.Sequential with dropout, AdamW, a cosine schedule: what the recipe says, written as usual
    ilgi           `MlpLabels` with the recipe's own settings

"Time to" a loss is wall clock from arrays to the end of the first epoch after which the validation loss is at most
that. ilgi's clock includes looking at the validation films after every epoch; PyTorch's doesn't.
"""
# One thread must be asked for before NumPy is imported.
# ruff: noqa: E402

import argparse
import os
import statistics
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from _common import rounded, table, use_one_thread, write_result

use_one_thread()

import numpy as np

from _train_rows import Rows
from bench_train import Run, row_of
from ilgi.label.mlp import MlpConfig, MlpLabels
from ilgi.settings import load_settings
from ilgi.training.prepare import Place
from ilgi.training.progress import open_progress
from ilgi.training.recipe import load_recipe
from ilgi.vocabulary import Vocabulary

ROOT: Final = Path(__file__).resolve().parents[1]
RECIPE: Final = ROOT / "recipes/movies.toml"


def recipe_rows(data_dir: Path) -> tuple[Rows, MlpConfig]:
    """Return the recipe's training and validation reviews, and the settings of its label model."""
    recipe = load_recipe(RECIPE)
    with open_progress() as progress:
        cache = load_settings().home / "cache" / "annotate"
        place = Place(recipe, RECIPE.parent, data_dir, ROOT / "runs", 2, progress, cache)
        prepared = place.prepare(place.emotion(place.run()))
    parts = [prepared.rows_of(part, prepared.standard) for part in ("train", "validation")]
    (x, y), (unseen_x, unseen_y) = ((np.ascontiguousarray(part.affect), part.labels) for part in parts)
    hard = [(labels >= 0.5).astype(np.float32) for labels in (y, unseen_y)]
    # Labels that are not known are soft targets, which scikit-learn doesn't take: all learn from the hard ones.
    rows = Rows(x, hard[0], unseen_x, hard[1], "reviews of films, unseen films of the recipe movies")
    return rows, MlpConfig.model_validate(recipe.labels.config)


def train_ilgi(rows: Rows, config: MlpConfig, seed: int) -> Run:
    """Train the label model that ships."""
    seconds: list[float] = []
    start = time.perf_counter()
    columns = Vocabulary(tuple(f"column {i}" for i in range(rows.x.shape[1])), kind="affect column")
    labels = Vocabulary(tuple(f"label {i}" for i in range(rows.y.shape[1])), kind="label")
    model = MlpLabels(columns, labels, config)
    report = model.fit(
        rows.x,
        rows.y,
        validation=(rows.unseen_x, rows.unseen_y),
        rng=np.random.default_rng(seed),
        on_epoch=lambda *_: seconds.append(time.perf_counter() - start),
    )
    loss = tuple(report.history["validation_loss"])
    return Run(report.epochs, tuple(seconds), loss, rows.brier(model.predict_proba(rows.unseen_x)))


def train_sklearn(rows: Rows, config: MlpConfig, seed: int) -> Run:
    """Train scikit-learn's network as its users do: it keeps a tenth of the rows back and stops by their accuracy."""
    from sklearn.neural_network import MLPClassifier

    hidden = tuple(layer.size for layer in config.layers)
    start = time.perf_counter()
    model = MLPClassifier(hidden, batch_size=config.batch_size, early_stopping=True, random_state=seed)
    model.fit(rows.x, rows.y)
    taken = time.perf_counter() - start
    p = model.predict_proba(rows.unseen_x)
    return Run(int(model.n_iter_), (taken,), (rows.bce(p),), rows.brier(p))


def train_torch(rows: Rows, config: MlpConfig, seed: int) -> Run:
    """Train the same network in PyTorch, the usual loop."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    taken, seconds, losses = 0.0, [], []
    start = time.perf_counter()
    sizes = [rows.x.shape[1], *(layer.size for layer in config.layers)]
    parts: list[Any] = []
    for a, b in pairwise(sizes):
        parts += [nn.Linear(a, b), nn.ReLU(), nn.Dropout(config.dropout)]
    model = nn.Sequential(*parts, nn.Linear(sizes[-1], rows.y.shape[1]))
    x, y, unseen = (torch.from_numpy(array) for array in (rows.x, rows.y, rows.unseen_x))
    rate = (y.sum(dim=0) + 0.5) / (len(y) + 1)
    with torch.no_grad():
        model[-1].bias.copy_(torch.log(rate / (1 - rate)))
    optimiser = torch.optim.AdamW(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    steps = config.max_epochs * -(-len(x) // config.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimiser, steps, eta_min=config.learning_rate * config.final_fraction
    )
    loss_of = nn.BCEWithLogitsLoss()
    best, since, p = float("inf"), 0, rows.unseen_y
    for _ in range(config.max_epochs):
        model.train()
        for pick in torch.randperm(len(x)).split(config.batch_size):
            optimiser.zero_grad()
            loss_of(model(x[pick]), y[pick]).backward()
            optimiser.step()
            schedule.step()
        taken += time.perf_counter() - start
        model.eval()
        with torch.inference_mode():
            p = torch.sigmoid(model(unseen)).numpy()
        seconds.append(taken)
        losses.append(rows.bce(p))
        best, since = (losses[-1], 0) if losses[-1] < best - config.min_delta else (best, since + 1)
        if config.patience_epochs and since >= config.patience_epochs:
            break
        start = time.perf_counter()
    return Run(len(seconds), tuple(seconds), tuple(losses), rows.brier(p))


def measure(rows: Rows, config: MlpConfig, repeats: int) -> dict[str, Any]:
    """Return the result: the table, the ratios and what belongs under them."""
    contestants = {"scikit-learn": train_sklearn, "PyTorch": train_torch, "ilgi": train_ilgi}
    small = Rows(rows.x[:2560], rows.y[:2560], rows.unseen_x, rows.unseen_y, rows.source)
    brief = config.model_copy(update={"max_epochs": 2})
    for call in contestants.values():
        call(small, brief, 0)
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for seed in range(repeats):
        for name, call in contestants.items():
            runs[name].append(call(rows, config, seed))
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    target = statistics.median(run.bce[0] for run in runs["scikit-learn"])
    table_rows = [row_of(name, runs[name], target) for name in runs]
    ours = next(row for row in table_rows if row["trainer"] == "ilgi")
    theirs = {row["trainer"]: row for row in table_rows}
    to_target = ours["s to scikit-learn's BCE"]
    ratios = {}
    if to_target:
        ratios["scikit-learn's run / ilgi to its BCE"] = rounded(theirs["scikit-learn"]["whole run, s"] / to_target)
        if torch_s := theirs["PyTorch"]["s to scikit-learn's BCE"]:
            ratios["PyTorch / ilgi, both to scikit-learn's BCE"] = rounded(torch_s / to_target)
    ratios["epoch of PyTorch / epoch of ilgi"] = rounded(theirs["PyTorch"]["ms an epoch"] / ours["ms an epoch"])
    base = rows.y.mean(axis=0, keepdims=True).repeat(len(rows.unseen_y), axis=0)
    return {
        "title": f"Training the label model that ships: {rows.x.shape[1]} → 128 → 64 → {rows.y.shape[1]} on "
        f"{len(rows.x):,} {rows.source}",
        "rows": table_rows,
        "ratios": ratios,
        "notes": [
            f"{len(rows.unseen_x):,} reviews of unseen films measure; always answering with the base rates has a BCE "
            f"of {rounded(rows.bce(base), 5)}.",
            f"scikit-learn's BCE, {rounded(target, 5)}, is that of the weights its early stopping ends with.",
            f"Medians of {repeats} runs with seeds from 0, in turns.",
            *(f"{name}: {value:g} times." for name, value in ratios.items()),
        ],
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("ILGI_DATA_DIR"))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the result in results/default.json")
    options = parser.parse_args()
    for package in ("sklearn", "torch"):
        if find_spec(package) is None:
            sys.exit(f"this benchmark needs {package}: install ilgi[train,hf]")
    if options.data_dir is None:
        sys.exit("this benchmark needs the recipe's data: name the folder with --data-dir or ILGI_DATA_DIR")
    rows, config = recipe_rows(Path(options.data_dir))
    result = measure(rows, config, options.repeats)
    print(table(result["rows"]))
    print(*(f"- {note}" for note in result["notes"]), sep="\n")
    if options.write:
        more = "" if options.repeats == parser.get_default("repeats") else f" --repeats {options.repeats}"
        command = f"python benchmarks/bench_default.py --write{more}"
        print(write_result("default", command, result, libraries=("numpy", "scikit-learn", "torch")))


if __name__ == "__main__":
    main()
