"""How well an emotion model reads the validation texts, source by source."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.emotion.base import AROUSAL, COLUMNS, DOMINANCE, MOOD_PREFIX, VALENCE, EmotionModel
from ilgi.evaluation.average_precision import average_precision, macro_ap
from ilgi.evaluation.metrics import ece
from ilgi.training.emotion.data import EmotionData
from ilgi.vocabulary import Vocabulary
from ilgi.words import GOEMOTIONS, MOODS

_REPEATS: Final = 200
_LEAST: Final = 20
"""Fewer rows than this say nothing worth a figure."""
_ISEAR: Final = ("joy", "fear", "anger", "sadness", "disgust", "embarrassment", "remorse")
_KEPT: Final = 0.95
"""Share of emotional texts that `suggested_sure_below` keeps sure."""

Floats = NDArray[np.float64]


def measure(model: EmotionModel, data: EmotionData, *, rng: np.random.Generator) -> dict[str, Any]:
    """Return the figures of each source that has validation rows, as JSON; "…_se" is a bootstrap standard error.

    Args:
        model: Any emotion model with the 28 GoEmotions names among its columns.
        data: Labelled texts.
        rng: Halves the rows for thresholds (tuned on one half, scored on the other, both ways) and draws bootstraps.
    """
    emotions = [model.emotions.column(name) for name in GOEMOTIONS]
    result: dict[str, Any] = {}
    neutral: dict[str, Floats] = {}
    for source in dict.fromkeys(data.source):
        rows = data.rows("validation", source)
        if len(rows) < _LEAST:
            continue
        p = model.predict_proba([data.texts[i] for i in rows.tolist()])
        y = data.targets[rows]
        part: dict[str, Any] = {"rows": len(rows)}
        known = ~np.isnan(y[:, :28])
        if source.startswith("goemotions"):
            part |= many_labels(y[:, :28], p[:, emotions], rng)
            neutral[source] = np.stack([p[:, emotions[-1]], y[:, 27]], axis=1).astype(np.float64)
        elif (truth := np.where(known, y[:, :28], 0.0)).any():
            part["macro_ap"] = rounded(macro_ap(truth, p[:, emotions], known=known))
        if source == "isear":
            part |= _one_label(y, p, model, rng)
            neutral[source] = np.stack([p[:, emotions[-1]], np.zeros(len(p))], axis=1).astype(np.float64)
        part |= _moods(y, p, model, rng) | _dimensions(y, p, model, rng)
        result[source] = part
    if neutral:
        result |= _sure_below(neutral)
    return result


def _moods(y: FloatMatrix, p: FloatMatrix, model: EmotionModel, rng: np.random.Generator) -> dict[str, Any]:
    """Return the macro-F1 of the likeliest mood, over the rows that have exactly one."""
    targets = y[:, COLUMNS.columns(f"{MOOD_PREFIX}{mood}" for mood in MOODS)]
    told = np.flatnonzero(np.nan_to_num(targets).max(axis=1) == 1.0)
    if len(told) < _LEAST:
        return {}
    truth = targets[told].argmax(axis=1)
    guess = p[told][:, model.emotions.columns(f"{MOOD_PREFIX}{mood}" for mood in MOODS)].argmax(axis=1)
    f1, error = with_error(lambda at: _macro_f1_of_classes(truth[at], guess[at]), len(told), rng)
    return {"mood_macro_f1": f1, "mood_macro_f1_se": error}


def _dimensions(y: FloatMatrix, p: FloatMatrix, model: EmotionModel, rng: np.random.Generator) -> dict[str, Any]:
    """Return Pearson's r for each dimension that people rated."""
    result: dict[str, Any] = {}
    for name in (VALENCE, AROUSAL, DOMINANCE):
        pair = np.stack([y[:, COLUMNS.column(name)], p[:, model.emotions.column(name)]]).astype(np.float64)
        if not np.isnan(pair).any():
            result[f"{name}_r"], result[f"{name}_r_se"] = with_error(correlation(pair), len(y), rng)
    return result


def correlation(pair: Floats) -> Callable[[IntVector], float]:
    """Return the statistic "Pearson's r" of a (2, n) pair, over rows given by number; 0 where a side does not vary."""

    def of(at: IntVector) -> float:
        rows = pair[:, at]
        return 0.0 if np.ptp(rows, axis=1).min() == 0.0 else float(np.asarray(np.corrcoef(rows))[0, 1])

    return of


def many_labels(
    y: FloatMatrix, p: FloatMatrix, rng: np.random.Generator, names: Vocabulary = GOEMOTIONS
) -> dict[str, Any]:
    """Return the figures of many labels at once; thresholds are tuned on one half of the rows, scored on the other.

    Args:
        y: (n, L) in {0, 1}.
        p: (n, L) in [0, 1].
        rng: Halves the rows, and draws bootstraps.
        names: The L labels.
    """
    halves = rng.permutation(len(y)) % 2
    picked = np.zeros(y.shape, dtype=bool)
    for half in (0, 1):
        tuned = _best_thresholds(y[halves != half], p[halves != half])
        picked[halves == half] = p[halves == half] >= tuned
    truth = y > 0.5
    macro, macro_se = with_error(lambda at: float(_f1(truth[at], picked[at]).mean()), len(y), rng)
    hits = float((truth & picked).sum())
    per_label = average_precision(y, p)
    return {
        "macro_f1": macro,
        "macro_f1_se": macro_se,
        "micro_f1": rounded(2.0 * hits / float(truth.sum() + picked.sum())),
        "macro_ap": rounded(macro_ap(y, p)),
        "ece": rounded(ece(y, p), 4),
        "f1": {name: rounded(float(f)) for name, f in zip(names, _f1(truth, picked), strict=True)},
        "ap": {name: rounded(float(a)) for name, a in zip(names, per_label, strict=True) if np.isfinite(a)},
        "threshold": {name: rounded(float(t)) for name, t in zip(names, _best_thresholds(y, p), strict=True)},
    }


def _one_label(y: FloatMatrix, p: FloatMatrix, model: EmotionModel, rng: np.random.Generator) -> dict[str, Any]:
    """Return the macro-F1 of the likeliest of ISEAR's seven, as shares of their own mean so that rare ones can win."""
    places = [GOEMOTIONS.column(name) for name in _ISEAR]
    truth = np.nan_to_num(y[:, places]).argmax(axis=1)
    of_model = p[:, [model.emotions.column(name) for name in _ISEAR]]
    # Cross-fit, so that a row does not tell its own reference.
    halves = rng.permutation(len(y)) % 2
    guess = np.zeros(len(y), dtype=np.int64)
    for half in (0, 1):
        mean = of_model[halves != half].mean(axis=0)
        guess[halves == half] = (of_model[halves == half] / np.maximum(mean, 1e-9)).argmax(axis=1)
    f1, error = with_error(lambda at: _macro_f1_of_classes(truth[at], guess[at]), len(y), rng)
    return {"macro_f1_of_7": f1, "macro_f1_of_7_se": error}


def _sure_below(neutral: dict[str, Floats]) -> dict[str, Any]:
    """Return the share of neutral below which 95 % of emotional texts stay, and what it does to each source.

    Emotional are the rows of GoEmotions without the label neutral, and all of ISEAR; the suggestion is the highest of
    the sources' own values, so that no kind of text is silenced more than agreed.
    """
    own = {name: float(np.quantile(pair[pair[:, 1] < 0.5, 0], _KEPT)) for name, pair in neutral.items()}
    suggested = round(max(own.values()), 3)
    effect = {}
    for name, pair in neutral.items():
        said, plain = pair[pair[:, 1] < 0.5, 0], pair[pair[:, 1] > 0.5, 0]
        effect[name] = {
            "emotional_sure": rounded(float((said < suggested).mean())),
            "own_threshold": rounded(own[name]),
        }
        if len(plain):
            effect[name]["neutral_unsure"] = rounded(float((plain >= suggested).mean()))
    return {"suggested_sure_below": suggested, "sure": effect}


def _best_thresholds(y: FloatMatrix, p: FloatMatrix) -> Floats:
    """Return (L,) the threshold of each label with the highest F1."""
    best = np.ones(y.shape[1])
    for j in range(y.shape[1]):
        order = np.argsort(-p[:, j], kind="stable")
        hits = np.cumsum(y[order, j])
        f1 = 2.0 * hits / (np.arange(1, len(y) + 1) + y[:, j].sum())
        best[j] = p[order[int(f1.argmax())], j]
    return best


def _f1(truth: NDArray[np.bool_], picked: NDArray[np.bool_]) -> Floats:
    """Return (L,) F1 per label; 0 for one that is neither there nor picked."""
    hits = (truth & picked).sum(axis=0).astype(np.float64)
    return np.asarray(2.0 * hits / np.maximum(truth.sum(axis=0) + picked.sum(axis=0), 1), dtype=np.float64)


def _macro_f1_of_classes(truth: IntVector, guess: IntVector) -> float:
    classes = np.unique(truth)
    return float(_f1(truth[:, None] == classes, guess[:, None] == classes).mean())


def with_error(
    statistic: Callable[[IntVector], float],
    rows: int,
    rng: np.random.Generator,
    groups: Sequence[str] | None = None,
) -> tuple[float, float]:
    """Return the statistic of all rows, and its standard error over resampled rows, or over resampled groups of rows.

    Args:
        statistic: Takes row numbers.
        rows: How many rows there are.
        rng: Draws the resamples.
        groups: (rows,) the group of each row, where rows of one group are alike; None: every row by itself.
    """
    if groups is None:
        draws = [statistic(rng.integers(0, rows, rows)) for _ in range(_REPEATS)]
    else:
        parts = [np.flatnonzero(np.array(groups) == name) for name in dict.fromkeys(groups)]
        picks = (rng.integers(0, len(parts), len(parts)) for _ in range(_REPEATS))
        draws = [statistic(np.concatenate([parts[i] for i in pick])) for pick in picks]
    return rounded(statistic(np.arange(rows))), rounded(float(np.std(draws)), 4)


def rounded(value: float, digits: int = 3) -> float:
    """Return the value to so many digits behind the point."""
    return round(float(value), digits)
