"""Cross-validation of label models: each film is predicted by models that never saw it, nor a film tied to it.

Everything that learns from data is learned anew in each fold, the reference of what is ordinary in a review included.
One training is one small file, named by the hash of all that it depends on, so that a run that was killed goes on.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector, IntVector, logit
from ilgi.bundle import dump_json, sha256_of, write_atomically
from ilgi.errors import InputError
from ilgi.evaluation.splits import group_folds, place_of
from ilgi.label.base import label_models
from ilgi.training.comparison import Entrant
from ilgi.training.label_stage import CODE, inputs_of, row_weights
from ilgi.training.processes import Arrays, work_on
from ilgi.training.progress import Progress
from ilgi.training.runs import digest_of, stage_rng
from ilgi.training.scoring import source_of
from ilgi.training.star_axis import star_axis
from ilgi.vocabulary import Vocabulary

_VALIDATION: Final = 0.125
"""Share of a fold's training films that only say when to stop."""
_NEWEST: Final = 0.2
"""Share of the films, those that came out last, that a split by time predicts."""
_CODE: Final = CODE + source_of(Path(__file__)).hex()


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows of one fold; no film, and no film tied to it, has rows in two parts."""

    train: IntVector
    validation: IntVector
    test: IntVector


@dataclass(frozen=True, eq=False)
class CrossData:
    """n reviews of labelled films, as each source reads them in each fold."""

    columns: Mapping[int, Vocabulary]
    """Source → its A columns."""
    labels: Vocabulary
    folds: tuple[Fold, ...]
    inputs: Mapping[tuple[int, int], FloatMatrix]
    """(source, fold) → (n, A) normal scores, against the training films of the fold."""
    queries: Mapping[int, FloatMatrix]
    """Source → (Q, A) normal scores of texts of known mood, against what is ordinary in a diary."""
    targets: FloatMatrix
    """(F, L) in [0, 1], of each film."""
    film: IntVector
    """(n,) the film of each review, a row of `targets`."""
    stars: FloatVector
    """(n,) NaN where the reviewer gave none."""
    odds: Mapping[int, FloatVector]
    """Source → (n,) how much like a diary each review reads; see `ilgi.training.shift.likeness`."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """One entrant's predictions, put together from its folds."""

    p: FloatMatrix
    """(n, L) of each review by the model that never saw its film; NaN where no fold predicts it."""
    lift: FloatMatrix
    """(n, L) log-odds over that model's own base rates; NaN likewise."""
    query_lift: FloatMatrix
    """(Q, L) of the queries, the mean over the folds' models."""
    seconds: float
    """Of one training, the mean over the folds."""
    kilobytes: float
    """Of what one model keeps."""
    reports: tuple[Mapping[str, Any], ...]
    """Each fold's "epochs", "best_epoch", "stopped" and "history"."""


@dataclass(frozen=True)
class _Job:
    """One training."""

    entrant: int
    labels: Any
    source: int
    fold: int
    without_stars: bool
    columns: Vocabulary
    names: Vocabulary
    seed: int
    file: Path


def folds_of(groups: Sequence[str], film: IntVector, k: int, *, seed: int) -> tuple[Fold, ...]:
    """Return k folds by film; each review is tested in exactly one.

    Args:
        groups: (F,) the group of each film; a group is never divided.
        film: (n,) the film of each review.
        k: How many, at least 2.
        seed: Which of the many divisions.

    Raises:
        InputError: As `group_folds`.
    """
    films = np.unique(film)
    own = [groups[int(f)] for f in films]
    folds = []
    for _, test in group_folds(own, k, seed=seed):
        tested = np.zeros(len(groups), dtype=bool)
        tested[films[test]] = True
        folds.append(_fold(groups, film, tested, seed))
    return tuple(folds)


def newest_fold(groups: Sequence[str], years: IntVector, film: IntVector, *, seed: int) -> tuple[Fold, ...]:
    """Return one fold: the films that came out last are predicted from the earlier ones.

    A group counts by its newest film. Films of an unknown year are trained on.

    Args:
        groups: (F,) as `folds_of`.
        years: (F,) 0 where unknown.
        film: (n,) the film of each review.
        seed: Draws the films that say when to stop.

    Raises:
        InputError: Fewer than two years are known.
    """
    newest: dict[str, int] = {}
    for group, year in zip(groups, years.tolist(), strict=True):
        newest[group] = max(newest.get(group, 0), year)
    of_film = np.array([newest[group] for group in groups])
    known = of_film[np.unique(film)]
    known = known[known > 0]
    if len(np.unique(known)) < 2:
        raise InputError("a split by time needs films of two years at least: name the column of titles with their year")
    first = np.quantile(known, 1.0 - _NEWEST, method="higher")
    return (_fold(groups, film, of_film >= max(first, known.min() + 1), seed),)


def _fold(groups: Sequence[str], film: IntVector, tested: NDArray[np.bool_], seed: int) -> Fold:
    inner = np.array([place_of(group, seed=seed, purpose="ilgi inner") < _VALIDATION for group in groups])
    return Fold(
        train=np.flatnonzero(~tested[film] & ~inner[film]),
        validation=np.flatnonzero(~tested[film] & inner[film]),
        test=np.flatnonzero(tested[film]),
    )


def cross_validate(
    data: CrossData,
    entrants: Sequence[Entrant],
    *,
    folder: Path,
    seed: int,
    workers: int,
    progress: Progress,
    without_stars: bool = False,
) -> list[Fitted]:
    """Return what each entrant predicts.

    Args:
        data: The reviews.
        entrants: What is trained.
        folder: Where results are kept.
        seed: Of every training.
        workers: How many processes train at once.
        progress: Told of each training.
        without_stars: Take out of the inputs, fold by fold, what tells of the reviewer's stars.

    Raises:
        InputError: An entrant names inputs that there are not, or its config doesn't fit.
        TrainingError: A loss stopped being finite.
        OSError: A result can't be written.
    """
    digests = {key: digest_of(x) for key, x in data.inputs.items()}
    common = digest_of(data.labels.names, data.targets, data.film, data.stars)
    asked = {i: digest_of(data.columns[i].names, x, data.odds[i]) for i, x in data.queries.items()}
    jobs = []
    for number, entrant in enumerate(entrants):
        for at, fold in enumerate(data.folds):
            made_from = {
                "labels": entrant.labels.model_dump(mode="json"),
                "data": [common, digests[entrant.source, at], asked[entrant.source]],
                "fold": digest_of(fold.train, fold.validation, fold.test),
                "without_stars": without_stars,
                "seed": seed,
                "code": _CODE,
            }
            file = folder / f"{sha256_of(dump_json(made_from).encode())[:24]}.safetensors"
            given = (data.columns[entrant.source], data.labels, seed, file)
            jobs.append(_Job(number, entrant.labels, entrant.source, at, without_stars, *given))
    progress.start("training on folds", len(jobs), "trainings")
    kept: dict[Path, Mapping[str, Any]] = {}
    for job in jobs:
        if job.file not in kept and (found := _read(job.file)) is not None:
            kept[job.file] = found
    # Two entrants may be the same training under two names.
    missing = list({job.file: job for job in jobs if job.file not in kept}.values())
    progress.advance(len(jobs) - len(missing))
    for job, content in work_on(missing, _fit, _arrays(data), folder=folder, workers=workers):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(job.file, content)
        kept[job.file] = _opened(content)
        progress.advance(1)
    progress.finish()
    return [_together(data, [kept[job.file] for job in jobs if job.entrant == i]) for i in range(len(entrants))]


def _arrays(data: CrossData) -> Arrays:
    arrays: dict[str, AnyArray] = {"targets": data.targets, "film": data.film, "stars": data.stars}
    arrays |= {f"x{source}_{fold}": x for (source, fold), x in data.inputs.items()}
    arrays |= {f"q{source}": x for source, x in data.queries.items()}
    arrays |= {f"odds{source}": odds for source, odds in data.odds.items()}
    for at, fold in enumerate(data.folds):
        arrays |= {f"train{at}": fold.train, f"validation{at}": fold.validation, f"test{at}": fold.test}
    return arrays


def _fit(job: _Job, arrays: Arrays) -> bytes:
    """Train once, and return the predictions as the content of a file."""
    section, at = job.labels, job.fold
    cls = label_models.get(section.kind)
    inputs = inputs_of(section, job.columns)
    pick = job.columns.columns(inputs)
    train, validation, test = (arrays[f"{part}{at}"] for part in ("train", "validation", "test"))
    # Rows before columns: what is mapped from a file is then read but once.
    x, query = {}, np.asarray(arrays[f"q{job.source}"][:, pick])
    for part, rows in (("train", train), ("validation", validation), ("test", test)):
        x[part] = np.ascontiguousarray(arrays[f"x{job.source}_{at}"][rows][:, pick])
    if job.without_stars:
        forget = star_axis(x["train"], arrays["stars"][train])
        x, query = {part: forget.apply(rows) for part, rows in x.items()}, forget.apply(query)
    model = cls(inputs, job.names, cls.Config.model_validate(section.config))
    start = time.perf_counter()
    report = model.fit(
        x["train"],
        np.asarray(arrays["targets"][arrays["film"][train]]),
        validation=(x["validation"], np.asarray(arrays["targets"][arrays["film"][validation]])),
        sample_weight=row_weights(np.asarray(arrays["film"][train]), section.weighting)
        * np.asarray(arrays[f"odds{job.source}"][train]) ** section.likeness,
        rng=stage_rng(job.seed, "labels"),
    )
    seconds = time.perf_counter() - start
    told = {
        "seconds": seconds,
        "kilobytes": sum(array.nbytes for array in model.state().arrays.values()) / 1000,
        "epochs": report.epochs,
        "best_epoch": report.best_epoch,
        "stopped": report.stopped,
        "history": {name: [float(v) for v in values] for name, values in report.history.items()},
    }
    arrays_out = {
        "test": np.asarray(test),
        "p": model.predict_proba(x["test"]),
        "query": model.predict_proba(query),
        "base_rates": model.base_rates,
    }
    return bytes(save(arrays_out, {"report": json.dumps(told)}))


def _read(file: Path) -> Mapping[str, Any] | None:
    """Return a training that was kept; None where there is none that can be read."""
    try:
        return _opened(file.read_bytes())
    except (OSError, ValueError, KeyError, SafetensorError):
        return None


def _opened(content: bytes) -> Mapping[str, Any]:
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return {**load(content), "report": json.loads(header["__metadata__"]["report"])}


def _together(data: CrossData, parts: Sequence[Mapping[str, Any]]) -> Fitted:
    p = np.full((len(data.film), len(data.labels)), np.nan, dtype=np.float32)
    lift = p.copy()
    query = []
    for part in parts:
        p[part["test"]] = part["p"]
        lift[part["test"]] = logit(part["p"]) - logit(part["base_rates"])
        query.append(logit(part["query"]) - logit(part["base_rates"]))
    reports = [part["report"] for part in parts]
    return Fitted(
        p=p,
        lift=lift,
        query_lift=np.stack(query).mean(axis=0, dtype=np.float64).astype(np.float32),
        seconds=float(np.mean([report["seconds"] for report in reports])),
        kilobytes=float(reports[0]["kilobytes"]),
        reports=tuple(reports),
    )
