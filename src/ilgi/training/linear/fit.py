"""Training of the linear emotion model: from labelled texts to int8 weights.

1  choose features   the K whose presence tells most, by a score test over all columns
2  emotions, moods   a logistic head per emotion, a softmax over the moods; rows whose target is unknown are left out
3  dimensions        valence, arousal, dominance: least squares on EmoBank; that English teacher then reads the
                     originals of translated texts, and the final heads learn its readings on both languages
4  quantise          int8 with one scale per column
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.emotion.base import AROUSAL, COLUMNS, DOMINANCE, MOOD_PREFIX, VALENCE
from ilgi.emotion.features import Hashes
from ilgi.emotion.linear import LinearEmotionModel
from ilgi.errors import TrainingError
from ilgi.training.emotion.data import EmotionData, label_sentences
from ilgi.training.emotion.diary_metrics import measure_diaries
from ilgi.training.emotion.metrics import measure
from ilgi.training.linear.design import Design, Tokens, all_keys, tokens_of
from ilgi.training.linear.heads import Head, Loss, Matrix, fit_head, source_means

OnProgress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, 0 to 1."""

_MOODS: Final = [j for j, name in enumerate(COLUMNS) if name.startswith(MOOD_PREFIX)]
_DIMENSIONS: Final = [COLUMNS.column(name) for name in (VALENCE, AROUSAL, DOMINANCE)]
_EMOTIONS: Final = [j for j in range(len(COLUMNS)) if j not in _MOODS and j not in _DIMENSIONS]


class LinearConfig(BaseModel):
    """Hyper-parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    features: int = Field(default=68_000, ge=1)
    """K, how many features keep weights: 39 bytes each in the bundle."""
    least: int = Field(default=2, ge=1)
    """How often a feature must occur to be considered."""
    l2: float = Field(default=0.3, gt=0)
    """Penalty of emotion and mood heads, in rows."""
    l2_dimensions: float = Field(default=2.0, gt=0)
    """Penalty of the dimensions' heads, in rows of standardised targets."""
    iterations: int = Field(default=60, ge=1)
    """Steps of L-BFGS per head at most."""
    source_weights: dict[str, float] = {"xed": 0.5, "carer": 0.5, "diary": 4.0, "entries": 4.0}
    """How much a row of a source counts; 1 where not named."""
    distilled_weight: float = Field(default=0.3, ge=0)
    """How much a row counts whose dimensions come from the teacher or the table of our own sentences."""
    reference_source: str = "goemotions"
    """The source whose base rates the probabilities keep; where it knows nothing, the one with most rows."""


def train_linear(
    config: LinearConfig,
    data: EmotionData,
    *,
    rng: np.random.Generator,
    on_progress: OnProgress | None = None,
) -> tuple[LinearEmotionModel, dict[str, Any]]:
    """Return a fitted model and its metrics on the validation rows, as JSON (`suggested_sure_below` among them).

    Args:
        config: Hyper-parameters.
        data: Labelled texts; only rows of the split "train" are learned from.
        rng: Splits validation rows for thresholds and intervals; the weights do not depend on it.
        on_progress: Called now and then with what is being done and the share that is done.

    Raises:
        TrainingError: There are no training rows, no feature is left, or a loss is not finite.
    """
    report = on_progress or (lambda _what, _share: None)
    rows = data.rows("train")
    if len(rows) == 0:
        raise TrainingError("there are no training texts: the data has only validation rows")
    fit = _Fit(config, data, rows, report)
    weights, bias = fit.all_columns()
    model = quantise(fit.keys, weights, bias)
    report("measuring", 0.97)
    metrics: dict[str, Any] = {"rows": {"train": len(rows), "validation": len(data) - len(rows)}}
    metrics |= {"features": len(fit.keys), "iterations": fit.iterations}
    metrics |= measure(model, data, rng=rng)
    metrics |= measure_diaries(model, rng=rng)
    report("done", 1.0)
    return model, metrics


def fit_few(rows: Iterable[tuple[str, Sequence[str]]]) -> LinearEmotionModel:
    """Return a tiny model fitted on a handful of sentences with GoEmotions labels, in well under a second.

    Args:
        rows: Sentence and the labels that hold for it.

    Raises:
        TrainingError: No feature tells anything, as when all sentences have the same labels.
    """
    config = LinearConfig(features=20_000, least=1, iterations=20)
    # Without validation rows nothing is drawn, so the seed decides nothing.
    return train_linear(config, label_sentences(rows), rng=np.random.default_rng(0))[0]


def quantise(keys: Hashes, weights: Matrix, bias: NDArray[np.float64]) -> LinearEmotionModel:
    """Return the model with int8 weights: a column's largest weight becomes ±127.

    Args:
        keys: (K,) sorted feature hashes.
        weights: (35, K).
        bias: (35,).
    """
    largest = np.abs(weights).max(axis=1)
    scale = np.where(largest > 0, largest, 1.0) / 127.0
    steps = np.rint(weights / scale[:, None]).astype(np.int8).T
    return LinearEmotionModel(
        COLUMNS, keys, np.ascontiguousarray(steps), scale.astype(np.float32), bias.astype(np.float32)
    )


def choose_features(tokens: Tokens, targets: FloatMatrix, source: IntVector, *, features: int, least: int) -> Hashes:
    """Return the sorted hashes of the features that tell most about the targets.

    For each feature and column, z is the score statistic of adding the feature to the model that knows only each
    source's mean: Σ x·(y - mean) / √(variance · Σ x²), standard normal if the feature tells nothing. A feature's worth
    is the sum over columns of z² - 1 where that is positive.

    Args:
        tokens: The n texts.
        targets: (n, C), NaN where unknown.
        source: (n,) data set of each row.
        features: How many to keep at most.
        least: How often a feature must occur.
    """
    keys = all_keys(tokens, least=least)
    design = Design.of(tokens, keys)
    worth = np.zeros(len(keys))
    # Counts are nearly always 0 or 1, so Σ x² is Σ count / (features of the text).
    squares = np.maximum(design.transposed_times(design.norms()), 1e-12)
    for target in targets.T.astype(np.float64):
        known = ~np.isnan(target)
        y, weight = np.where(known, target, 0.0), known.astype(np.float64)
        mean = source_means(
            y[:, None], source, weight, int(source.max()) + 1, prior=float(y.sum() / max(known.sum(), 1))
        )
        residual = np.where(known, y - mean[0][source], 0.0)
        variance = float((residual**2).sum() / max(known.sum(), 1))
        if variance > 0:
            z = design.transposed_times(residual) / np.sqrt(variance * squares)
            worth += np.maximum(z**2 - 1.0, 0.0)
    best = np.argsort(-worth, kind="stable")[:features]
    return keys[np.sort(best[worth[best] > 0])]


class _Fit:
    """One training: the design, and the heads fitted on it."""

    def __init__(self, config: LinearConfig, data: EmotionData, rows: IntVector, report: OnProgress) -> None:
        self._config = config
        self._report = report
        self._rows = rows
        self._targets = data.targets[rows]
        names = [data.source[i] for i in rows.tolist()]
        # A translation has the labels, and so the base rates, of its original.
        groups = ["goemotions" if name.startswith("goemotions") else name for name in names]
        self._sources = sorted(set(groups))
        self._source = np.array([self._sources.index(g) for g in groups], dtype=np.int64)
        self._row_weights = np.array([config.source_weights.get(name, 1.0) for name in groups])
        self._table_read = self._sources.index("diary") if "diary" in self._sources else -1
        place = np.full(len(data) + 1, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        self._original = place[data.original[rows]]
        report("reading the texts", 0.0)
        tokens = tokens_of([data.texts[i] for i in rows.tolist()])
        report("choosing features", 0.05)
        self.keys = choose_features(tokens, self._targets, self._source, features=config.features, least=config.least)
        if len(self.keys) == 0:
            raise TrainingError("no feature tells anything: there are too few training texts, or no labels")
        self._design = Design.of(tokens, self.keys)
        self.iterations: dict[str, int] = {}

    def all_columns(self) -> tuple[Matrix, NDArray[np.float64]]:
        """Return (35, K) weights and (35,) bias."""
        weights = np.zeros((len(COLUMNS), len(self.keys)))
        bias = np.zeros(len(COLUMNS))
        for done, j in enumerate(_EMOTIONS):
            self._report(COLUMNS[j], 0.1 + 0.65 * done / len(_EMOTIONS))
            weights[j], bias[j] = self._emotion(j)
        self._report("moods", 0.75)
        weights[_MOODS], bias[_MOODS] = self._moods()
        self._report("dimensions", 0.85)
        told = weights[: -len(_DIMENSIONS)], bias[: -len(_DIMENSIONS)]
        for j in _DIMENSIONS:
            weights[j], bias[j] = self._dimension(j, *told)
        return weights, bias

    def _emotion(self, column: int) -> tuple[NDArray[np.float64], float]:
        target = self._targets[:, column]
        known = np.flatnonzero(~np.isnan(target))
        y = target[known].astype(np.float64)
        if len(known) == 0 or y.min() == y.max():
            rate = (float(y.sum()) + 0.5) / (len(known) + 1.0) if len(known) else 0.01
            return np.zeros(len(self.keys)), float(np.log(rate / (1.0 - rate)))
        head = self._head(known, y[:, None], "logistic", COLUMNS[column])
        return head.weights[0], float(head.intercepts[0, self._reference(known)])

    def _moods(self) -> tuple[Matrix, NDArray[np.float64]]:
        targets = self._targets[:, _MOODS]
        known = np.flatnonzero(~np.isnan(targets).any(axis=1))
        if len(known) == 0:
            return np.zeros((len(_MOODS), len(self.keys))), np.zeros(len(_MOODS))
        head = self._head(known, targets[known].astype(np.float64), "softmax", "moods")
        return head.weights, head.intercepts[:, self._reference(known)]

    def _head(self, rows: IntVector, targets: Matrix, loss: Loss, name: str) -> Head:
        head = fit_head(
            self._design.take(rows),
            targets,
            self._source[rows],
            loss=loss,
            row_weights=self._row_weights[rows],
            sources=len(self._sources),
            l2=self._config.l2,
            iterations=self._config.iterations,
        )
        self.iterations[name] = head.iterations
        return head

    def _reference(self, rows: IntVector) -> int:
        counts = np.bincount(self._source[rows], minlength=len(self._sources))
        name = self._config.reference_source
        if name in self._sources and counts[self._sources.index(name)]:
            return self._sources.index(name)
        return int(counts.argmax())

    def _dimension(self, column: int, told: Matrix, bias: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Return the head of one dimension, taught by people on their rows and by the teacher on the others."""
        target = self._targets[:, column].astype(np.float64)
        known = ~np.isnan(target)
        # Our own sentences have the figures of a table; they teach the final head, but are no measure for the teacher.
        by_people = known & (self._source != self._table_read)
        rated = np.flatnonzero(by_people if by_people.any() else known)
        if len(rated) == 0:
            return np.zeros(len(self.keys)), 0.5
        mean, sd = float(target[rated].mean()), max(float(target[rated].std()), 1e-6)
        y = (target - mean) / sd
        reading = self._teacher(rated, y[rated], told, bias)
        is_original = np.isin(np.arange(len(target)), self._original[self._original >= 0])
        taught = np.flatnonzero(~known & (is_original | (self._original >= 0)))
        from_row = np.where(self._original >= 0, self._original, np.arange(len(target)))
        y[taught] = reading[from_row[taught]]
        rows = np.flatnonzero(~np.isnan(y))
        weight = np.full(len(y), self._config.distilled_weight)
        weight[rated] = 1.0
        head = self._squared(rows, y[rows], weight[rows])
        self.iterations[COLUMNS[column]] = head.iterations
        return head.weights[0] * sd, mean + sd * float(head.intercepts[0, 0])

    def _teacher(
        self, rated: IntVector, y: NDArray[np.float64], told: Matrix, bias: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return (n,) the dimension as read from all texts: from their emotions' scores, then from what words add."""
        emotions = np.stack([self._design.times(w) for w in told], axis=1) + bias
        emotions = (emotions - emotions[rated].mean(axis=0)) / np.maximum(emotions[rated].std(axis=0), 1e-6)
        emotions = np.concatenate([emotions, np.ones((len(emotions), 1))], axis=1)
        x = emotions[rated]
        ridge = np.eye(x.shape[1]) * 0.01 * len(rated)
        # einsum adds in one order however many threads there are.
        slopes = np.linalg.solve(np.einsum("ni,nj->ij", x, x) + ridge, np.einsum("ni,n->i", x, y))
        from_emotions = np.asarray(np.einsum("ni,i->n", emotions, slopes), dtype=np.float64)
        words = self._squared(rated, y - from_emotions[rated], np.ones(len(rated)))
        return from_emotions + self._design.times(words.weights[0]) + float(words.intercepts[0, 0])

    def _squared(self, rows: IntVector, y: NDArray[np.float64], weight: NDArray[np.float64]) -> Head:
        return fit_head(
            self._design.take(rows),
            y[:, None],
            np.zeros(len(rows), dtype=np.int64),
            loss="squared",
            row_weights=weight,
            sources=1,
            l2=self._config.l2_dimensions,
            iterations=self._config.iterations,
        )
