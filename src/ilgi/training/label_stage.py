"""The label model of a recipe, and the two baselines it has to beat: the base rates and the prototype's rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

import ilgi.label
import ilgi.nn
from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.emotion.base import AROUSAL, DOMINANCE, MOOD_PREFIX, VALENCE
from ilgi.emotion.spread import spreads_among
from ilgi.emotion.views import mood_of
from ilgi.errors import TrainingError, UnknownName
from ilgi.label.base import FitReport, LabelModel, PriorLabels, label_models
from ilgi.label.mlp import PROTOTYPE, MlpLabels
from ilgi.training.progress import Progress
from ilgi.training.recipe import LabelSection
from ilgi.training.runs import Done, Made, Run, digest_of, stage_rng
from ilgi.training.scoring import source_of
from ilgi.vocabulary import Vocabulary, nearest
from ilgi.words import GOEMOTIONS, MOODS

CODE: Final = source_of(*(Path(next(iter(room.__path__))) for room in (ilgi.label, ilgi.nn)), Path(__file__)).hex()


FEWEST_FILMS: Final = 20
"""Films that a label needs before its predictions are more than chance."""
INPUT_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "moods": tuple(f"{MOOD_PREFIX}{mood}" for mood in MOODS),
    "emotions": GOEMOTIONS.names,
    "dimensions": (VALENCE, AROUSAL, DOMINANCE),
}
"""What a recipe may call several input columns at once: the prototype's four, GoEmotions' 28, and how pleasant, stirred
up and in charge."""
SPREAD: Final = "spread"
"""What a recipe may call all spread columns at once, where its [reading] asks for them."""


@dataclass(frozen=True, eq=False)
class Rows:
    """n reviews ready to learn from."""

    affect: FloatMatrix
    """(n, A): normal scores, or four moods for the prototype's rule."""
    labels: FloatMatrix
    """(n, L) in [0, 1]."""
    weight: FloatVector
    """(n,)."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A label model and how its training went."""

    model: LabelModel
    report: FitReport
    done: Done


def soft_targets(labels: FloatMatrix, known: FloatMatrix) -> FloatMatrix:
    """Return the (F, L) targets: labels, and where a label is not known its rate among the items where it is.

    A source without a genre (MovieLens has no History) neither says that its films have it nor that they don't. The
    rate is what cross-entropy would expect for them; counting them as "no" would halve the label's base rate.

    Args:
        labels: (F, L) in {0, 1}.
        known: (F, L) 1 where the label is known.
    """
    counts = known.sum(axis=0)
    rate = np.divide((labels * known).sum(axis=0), counts, out=np.zeros_like(counts), where=counts > 0)
    return np.where(known > 0, labels, rate).astype(np.float32)


def rare_labels(labels: FloatMatrix, known: FloatMatrix, names: Vocabulary) -> dict[str, int]:
    """Return label → its training films, for the labels that too few have to be learned from, the rarest first.

    Such a label is predicted at about its base rate, whatever the reading.

    Args:
        labels: (F, L) 1 where a training film has the label.
        known: (F, L) 1 where that is known.
        names: The L labels.
    """
    counts = (labels * known).sum(axis=0).astype(int).tolist()
    few = {name: count for name, count in zip(names, counts, strict=True) if count < FEWEST_FILMS}
    return dict(sorted(few.items(), key=lambda pair: pair[1]))


def row_weights(film_of: IntVector, weighting: Literal["review", "sqrt", "item"]) -> FloatVector:
    """Return (n,) how much each review counts, so that a film with r reviews counts r, √r or 1 in all."""
    r = np.bincount(film_of)[film_of].astype(np.float64)
    power = {"review": 0.0, "sqrt": 0.5, "item": 1.0}[weighting]
    return np.power(r, -power).astype(np.float32)


def inputs_of(section: LabelSection, columns: Vocabulary) -> Vocabulary:
    """Return the affect columns that a recipe's label model reads, in the order of its groups and names.

    Args:
        section: The recipe's [labels]; its `inputs` name columns, or groups of them (`INPUT_GROUPS`, `SPREAD`).
        columns: The affect columns that there are.

    Raises:
        UnknownName: A name is neither a column nor a group.
    """
    groups = dict(INPUT_GROUPS)
    if spreads := spreads_among(columns):
        groups[SPREAD] = spreads
    names: list[str] = []
    for name in section.inputs or columns.names:
        group = groups.get(name, (name,)) if name not in columns else (name,)
        names += [one for one in group if one not in names]
    known = [*columns, *groups]
    for name in names:
        if name not in columns:
            raise UnknownName("affect column", name, known, nearest(name, known))
    return Vocabulary(tuple(names), kind="affect column")


def fit_labels(
    section: LabelSection,
    columns: Vocabulary,
    labels: Vocabulary,
    train: Rows,
    validation: Rows,
    *,
    run: Run,
    seed: int,
    progress: Progress,
    stage: str = "labels",
) -> Fitted:
    """Fit the label model that a recipe names, stopping early on the validation films.

    Args:
        section: The recipe's [labels].
        columns: The affect columns of the rows.
        labels: The labels of the rows.
        train: What to learn from.
        validation: Rows of other films, for stopping.
        run: Where the result is kept.
        seed: The recipe's.
        progress: Told of each epoch.
        stage: What the result is called in the run folder.

    Raises:
        InputError: The recipe names input columns that the emotion model doesn't have (`UnknownName`).
        TrainingError: The loss stopped being finite.
    """
    cls = label_models.get(section.kind)
    config = cls.Config.model_validate(section.config)
    inputs = inputs_of(section, columns)
    pick = columns.columns(inputs)
    made_from = {
        "section": section.model_dump(mode="json"),
        "config": config.model_dump(mode="json"),
        "columns": list(columns),
        "labels": list(labels),
        "rows": digest_of(
            *(array for part in (train, validation) for array in (part.affect, part.labels, part.weight))
        ),
        "seed": seed,
        "code": CODE,
    }

    def make() -> Made:
        model = cls(inputs, labels, config)
        try:
            report = _fit(model, train, validation, pick, seed, stage, progress)
        except TrainingError as error:
            left = run.keep(f"{stage}-unfinished", section.kind, model.state())
            raise TrainingError(f"{error}, in {str(left)!r}") from error
        return Made(model.state(), section.kind, report)

    done = run.stage(stage, made_from, make)
    return Fitted(cls.from_state(done.state), _report_of(done.report), done)


def fit_prototype(labels: Vocabulary, train: Rows, *, epochs: int, run: Run, seed: int, progress: Progress) -> Fitted:
    """Fit the prototype's rule on the same reviews: four moods, 64 and 32 units, squared error, plain SGD.

    Its input is standardised by the mean and spread of the training rows. (The prototype took those of whatever batch
    it was given; with one text in the batch that is no answer at all.)

    Args:
        labels: The labels of the rows.
        train: Rows whose `affect` are the four moods.
        epochs: Passes; the prototype made 1,000.
        run: Where the result is kept.
        seed: The recipe's.
        progress: Told of each epoch.
    """
    config = PROTOTYPE.model_copy(update={"max_epochs": epochs})
    made_from = {
        "config": config.model_dump(mode="json"),
        "labels": list(labels),
        "rows": digest_of(train.affect, train.labels, train.weight),
        "seed": seed,
        "code": CODE,
    }

    def make() -> Made:
        model = MlpLabels(MOODS, labels, config)
        report = _fit(model, train, None, np.arange(len(MOODS)), seed, "prototype", progress)
        return Made(model.state(), "mlp", report)

    done = run.stage("prototype", made_from, make)
    return Fitted(MlpLabels.from_state(done.state), _report_of(done.report), done)


def fit_prior(labels: Vocabulary, train: Rows) -> LabelModel:
    """Return the model that always answers with the base rates of the training rows."""
    prior = PriorLabels(Vocabulary(("none",), kind="affect column"), labels)
    nothing = np.zeros((len(train.labels), 1), dtype=np.float32)
    prior.fit(nothing, train.labels, sample_weight=train.weight, rng=np.random.default_rng(0))
    return prior


def moods_of(columns: Vocabulary, affect: FloatMatrix) -> FloatMatrix:
    """Return the (n, 4) moods joy, optimism, anger, sadness of each row of affect, each row summing to 1."""
    rows = [mood_of(columns, row) for row in affect]
    return np.array([[row[name] for name in MOODS] for row in rows], dtype=np.float32).reshape(len(affect), len(MOODS))


def _fit(
    model: LabelModel,
    train: Rows,
    validation: Rows | None,
    pick: IntVector,
    seed: int,
    stage: str,
    progress: Progress,
) -> Mapping[str, Any]:
    epochs = getattr(model.config, "max_epochs", 1)
    progress.start(f"fitting {stage}", epochs, "epochs")

    def on_epoch(_epoch: int, _metrics: Mapping[str, float]) -> None:
        progress.advance(1)

    watch: Callable[[int, Mapping[str, float]], None] = on_epoch
    report = model.fit(
        train.affect[:, pick],
        train.labels,
        validation=None if validation is None else (validation.affect[:, pick], validation.labels),
        sample_weight=train.weight,
        rng=stage_rng(seed, stage),
        on_epoch=watch,
    )
    progress.finish()
    return {
        "epochs": report.epochs,
        "best_epoch": report.best_epoch,
        "stopped": report.stopped,
        "history": {name: [float(v) for v in values] for name, values in report.history.items()},
    }


def _report_of(told: Mapping[str, Any]) -> FitReport:
    return FitReport(
        epochs=int(told["epochs"]),
        best_epoch=int(told["best_epoch"]),
        stopped=str(told["stopped"]),
        history={name: tuple(values) for name, values in told["history"].items()},
    )
