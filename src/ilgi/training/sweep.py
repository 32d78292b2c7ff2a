"""Searches for the label model that suits a recipe's data: many settings, trained on the same films and compared.

Every trial's result is a small file, written whole or not at all, whose name is the hash of all that it depends on. A
search that was killed finds what it has and goes on; neither the kill nor the number of processes changes a figure.
"""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import dump_json, sha256_of, write_atomically
from ilgi.errors import IlgiError
from ilgi.evaluation.metrics import bce, macro_ap
from ilgi.label.base import label_models
from ilgi.training.label_stage import CODE, inputs_of
from ilgi.training.processes import work_on
from ilgi.training.progress import Progress
from ilgi.training.recipe import LabelSection
from ilgi.training.runs import digest_of, stage_rng
from ilgi.training.sweep_space import SweepSpace
from ilgi.vocabulary import Vocabulary

_RESULT: Final = ("rung", "share", "macro_ap", "bce", "seconds", "kilobytes", "epochs", "stopped", "error", "labels")
_ARRAYS: Final = ("train_x", "train_y", "train_w", "train_film", "valid_x", "valid_y", "valid_known", "valid_w")


@dataclass(frozen=True, eq=False)
class SweepData:
    """What every trial is trained on and measured by; n training and m validation reviews of other films."""

    columns: Vocabulary
    labels: Vocabulary
    train_x: FloatMatrix
    """(n, A) normal scores."""
    train_y: FloatMatrix
    """(n, L) in [0, 1]."""
    train_w: FloatVector
    """(n,)."""
    train_film: IntVector
    """(n,) a smaller rung takes whole films."""
    valid_x: FloatMatrix
    """(m, A)."""
    valid_y: FloatMatrix
    """(m, L) in {0, 1}."""
    valid_known: FloatMatrix
    """(m, L) 1 where the label is known."""
    valid_w: FloatVector
    """(m,) so that every film counts alike."""

    def digest(self) -> str:
        """Return a hash of all of it."""
        return digest_of(self.columns.names, self.labels.names, *(getattr(self, name) for name in _ARRAYS))


@dataclass(frozen=True)
class Trial:
    """One setting, trained on a share of the films."""

    number: int
    """Of the setting, from 0 in the order of drawing."""
    rung: int
    """From 0; on the last one all films are used."""
    share: float
    """Of the training films."""
    section: LabelSection


def sweep(
    data: SweepData,
    space: SweepSpace,
    base: LabelSection,
    *,
    folder: Path,
    seed: int,
    workers: int,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Return a row of results for each setting, the best first.

    Args:
        data: What to train on and measure by.
        space: What varies.
        base: The recipe's [labels], for what doesn't vary; it is a trial too, number 0, so that a search never ends
            with something worse than what one had.
        folder: Where results are kept.
        seed: Of the draws and of each training.
        workers: How many processes train at once.
        progress: Told of each training, and of every new best.

    Returns:
        JSON rows: "number", "rung" (the last one it reached), "share", "macro_ap", "bce", "seconds", "kilobytes",
        "epochs", "stopped", "error" ("" where it went well) and "labels" (the section). A setting that went further
        stands before one that was dropped on an earlier rung.

    Raises:
        InputError: A setting can't be used.
        OSError: A result can't be written.
    """
    rng = stage_rng(seed, "sweep")
    settings = [base, *(space.draw(base, rng) for _ in range(space.search.trials - 1))]
    shares = _shares(space)
    alive = list(range(len(settings)))
    last: dict[int, dict[str, Any]] = {}
    better = _better(space.search.metric)
    for rung, share in enumerate(shares):
        trials = [Trial(number, rung, share, settings[number]) for number in alive]
        progress.start(f"training on {share:.0%} of the films", len(trials), "settings")
        best = math.inf
        for result in _run(trials, data, folder, seed, workers):
            last[result["number"]] = result
            progress.advance(1)
            if better(result) < best:
                best = better(result)
                progress.say(f"best so far: {told(result)}")
        progress.finish()
        keep = max(1, len(alive) // space.search.factor)
        alive = sorted(sorted(alive, key=lambda n: (better(last[n]), n))[:keep]) if rung + 1 < len(shares) else alive
    return sorted(last.values(), key=lambda r: (-r["rung"], better(r), r["number"]))


def told(result: Mapping[str, Any]) -> str:
    """Return one result in a line for people."""
    section = result["labels"]
    chosen = ", ".join(f"{k} = {json.dumps(v)}" for k, v in sorted(section["config"].items()))
    inputs = f" on {' + '.join(section['inputs'])}" if section["inputs"] else ""
    words = (("macro_ap", "macro AP"), ("bce", "BCE"), ("seconds", "seconds"))
    figures = ", ".join(f"{word} {result[name]}" for name, word in words)
    return f"{section['kind']}{inputs} ({chosen or 'defaults'}): {result['error'] or figures}"


def _shares(space: SweepSpace) -> list[float]:
    if space.search.kind == "random":
        return [1.0]
    return [float(space.search.factor) ** -(space.search.rungs - 1 - rung) for rung in range(space.search.rungs)]


def _better(metric: str) -> Callable[[Mapping[str, Any]], float]:
    """Return the function that gives lower numbers to better results; a failed one is worst."""

    def key(result: Mapping[str, Any]) -> float:
        if result[metric] is None:
            return math.inf
        value = float(result[metric])
        return -value if metric == "macro_ap" else value

    return key


def _run(trials: Sequence[Trial], data: SweepData, folder: Path, seed: int, workers: int) -> Iterator[dict[str, Any]]:
    """Give each trial's result as it comes; those that were done before come first."""
    digest = data.digest()
    missing = []
    for trial in trials:
        file = folder / f"{_key(trial, digest, seed)}.json"
        found = _read(file)
        if found is None:
            missing.append((trial, file))
        else:
            yield {**found, "number": trial.number}
    for trial, file, result in _trained(missing, data, folder, seed, workers):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(file, dump_json(result).encode())
        yield {**result, "number": trial.number}


def _read(file: Path) -> dict[str, Any] | None:
    """Return a result that was kept; None where there is none that can be read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and set(_RESULT) <= set(found) else None


def _key(trial: Trial, digest: str, seed: int) -> str:
    made_from = {"labels": trial.section.model_dump(mode="json"), "rung": trial.rung, "share": trial.share}
    return sha256_of(dump_json({**made_from, "data": digest, "seed": seed, "code": CODE}).encode())[:24]


def _trained(
    trials: Sequence[tuple[Trial, Path]], data: SweepData, folder: Path, seed: int, workers: int
) -> Iterator[tuple[Trial, Path, dict[str, Any]]]:
    arrays = {name: getattr(data, name) for name in _ARRAYS}
    tasks = [_Task(trial, file, data.columns, data.labels, seed) for trial, file in trials]
    for task, result in work_on(tasks, _do, arrays, folder=folder, workers=workers):
        yield task.trial, task.file, result


@dataclass(frozen=True)
class _Task:
    """A trial on its way into another process."""

    trial: Trial
    file: Path
    columns: Vocabulary
    labels: Vocabulary
    seed: int


def _do(task: _Task, arrays: Mapping[str, Any]) -> dict[str, Any]:
    return run_trial(task.trial, SweepData(task.columns, task.labels, **arrays), task.seed)


def run_trial(trial: Trial, data: SweepData, seed: int) -> dict[str, Any]:
    """Train and measure one setting; a fault of the setting is told in the result, not raised.

    Args:
        trial: What to train.
        data: On what.
        seed: Of the training.
    """
    section = trial.section
    result: dict[str, Any] = {
        "rung": trial.rung, "share": round(trial.share, 4), "macro_ap": None, "bce": None, "seconds": 0.0,
        "kilobytes": 0, "epochs": 0, "stopped": "", "error": "", "labels": section.model_dump(mode="json"),
    }  # fmt: skip
    rows = _rows_of_share(data.train_film, trial.share, seed)
    start = time.perf_counter()
    try:
        cls = label_models.get(section.kind)
        inputs = inputs_of(section, data.columns)
        pick = data.columns.columns(inputs)
        model = cls(inputs, data.labels, cls.Config.model_validate(section.config))
        report = model.fit(
            data.train_x[rows][:, pick],
            data.train_y[rows],
            validation=(data.valid_x[:, pick], data.valid_y),
            sample_weight=data.train_w[rows],
            rng=stage_rng(seed, "labels"),
        )
        seconds = time.perf_counter() - start
        p = model.predict_proba(data.valid_x[:, pick])
    except IlgiError as error:
        return {**result, "error": str(error)}
    known = data.valid_known > 0
    size = sum(array.nbytes for array in model.state().arrays.values())
    figures = {
        "macro_ap": macro_ap(data.valid_y, p, known=known, weight=data.valid_w),
        "bce": bce(data.valid_y, p, known=known),
    }
    return {
        **result,
        **{name: None if math.isnan(value) else round(value, 5) for name, value in figures.items()},
        "seconds": round(seconds, 2),
        "kilobytes": round(size / 1000),
        "epochs": report.best_epoch,
        "stopped": report.stopped,
    }


def _rows_of_share(film: IntVector, share: float, seed: int) -> IntVector:
    """Return the rows of some of the films; those of a larger share contain those of a smaller one."""
    films = np.unique(film)
    order = stage_rng(seed, "sweep films").permutation(films)
    return np.flatnonzero(np.isin(film, order[: max(1, round(len(films) * share))]))


def sweep_table(results: Iterable[Mapping[str, Any]]) -> str:
    """Return the results as tab-separated text, one row each, with a header."""
    names = ("rung", "share", "macro_ap", "bce", "seconds", "kilobytes", "epochs", "kind", "inputs", "weighting")
    lines = ["\t".join(["number", *names, "config", "error"])]
    for result in results:
        section = result["labels"]
        cells = [result.get(name, section.get(name)) for name in ("number", *names)]
        cells += [json.dumps(section["config"], sort_keys=True), result["error"]]
        lines.append("\t".join(_cell(cell) for cell in cells))
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:  # noqa: ANN401 (a cell may be anything)
    if value is None:
        return ""
    return "+".join(map(str, value)) or "all" if isinstance(value, list | tuple) else str(value)
