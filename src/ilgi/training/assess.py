"""How good predicted labels are, on items that were never trained on, with 95 % bootstrap intervals over items.

One row is one item: its true labels, which of them are known at all, and each model's probabilities. What is not known
is left out, as if the label did not exist for that item.

    macro_ap   average precision of each label over the items, then the mean over labels
    micro_ap   average precision over all entries at once; the easy part is knowing that Drama is common
    lrap       label ranking average precision: of the labels ranked at or above a true one, how many are true
    ndcg_5     normalised discounted cumulative gain of the five labels ranked first
    coverage   how far down a row's ranking one must go to meet all its true labels (lower is better)
    brier, ece mean squared error of the probabilities, and expected calibration error (lower is better)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector, logit
from ilgi.errors import InputError
from ilgi.evaluation.bootstrap import Interval, bootstrap_interval, paired_difference
from ilgi.evaluation.metrics import SortedScores, coverage_of_rows, ece, lrap_of_rows, ndcg_of_rows
from ilgi.vocabulary import Vocabulary

FEWEST_POSITIVES: Final = 10
"""A label with fewer items than this is left out of macro_ap: its precision would be luck."""
METRICS: Final = ("macro_ap", "micro_ap", "lrap", "ndcg_5")
"""What models are compared by."""
ALL_METRICS: Final = (*METRICS, "coverage", "brier", "ece")

Statistic = Callable[[NDArray[np.float64]], float]
"""From (n,) how often each item stands in the sample to the metric."""


@dataclass(frozen=True, eq=False)
class Truth:
    """n items, L labels."""

    labels: FloatMatrix
    """(n, L) in {0, 1}."""
    known: FloatMatrix
    """(n, L) 1 where it is known whether the label holds; each row has at least one."""
    groups: tuple[str, ...]
    """(n,) what the bootstrap draws; items that are tied together share one."""

    def take(self, rows: NDArray[np.bool_]) -> "Truth":
        """Return the items where `rows` (n,) is True."""
        at = np.flatnonzero(rows)
        return Truth(self.labels[at], self.known[at], tuple(self.groups[int(i)] for i in at))

    def counted(self) -> IntVector:
        """Return the labels that macro_ap averages over."""
        return np.flatnonzero((self.labels * self.known).sum(axis=0) >= FEWEST_POSITIVES)


def assess(
    truth: Truth,
    predictions: Mapping[str, FloatMatrix],
    *,
    cuts: Mapping[str, NDArray[np.bool_]],
    labels: Vocabulary,
    rng: np.random.Generator,
    repeats: int = 1000,
    metrics: Sequence[str] = METRICS,
    compare: tuple[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Measure models beside each other.

    Args:
        truth: The items.
        predictions: Model → (n, L) probabilities.
        cuts: Name → (n,) which items; each is measured by itself.
        labels: The names of the labels.
        rng: Draws the bootstrap samples; the same for every model, so that they are compared on the same samples.
        repeats: Bootstrap samples.
        metrics: Which of `ALL_METRICS`.
        compare: A model, and the ones it is compared with: the interval of the difference is given too, which is
            narrower than the two intervals suggest, because an item that is hard is hard for both.

    Returns:
        JSON: cut → {"items", "labels_counted", model → metric → {"value", "low", "high"}}; a difference stands under
        "<model> - <other>". A cut with fewer than two groups is left out, a metric that can't be had is null.

    Raises:
        InputError: There is no such metric.
    """
    seed = int(rng.integers(2**32))
    report: dict[str, Any] = {}
    for cut, rows in cuts.items():
        part = truth.take(rows)
        if len(set(part.groups)) < 2:
            continue
        counted = part.counted()
        told: dict[str, Any] = {"items": len(part.labels), "labels_counted": [labels[int(j)] for j in counted]}
        for metric in metrics:
            statistics = {model: statistic_of(metric, part, p[rows], counted) for model, p in predictions.items()}
            for model, statistic in statistics.items():
                rng = np.random.default_rng(seed)
                found = bootstrap_interval(statistic, part.groups, rng=rng, repeats=repeats, weighted=True)
                told.setdefault(model, {})[metric] = as_json(found)
            for other in compare[1] if compare is not None else ():
                model = compare[0] if compare is not None else ""
                rng = np.random.default_rng(seed)
                ours, theirs = statistics[model], statistics[other]
                found = paired_difference(ours, theirs, part.groups, rng=rng, repeats=repeats, weighted=True)
                told.setdefault(f"{model} - {other}", {})[metric] = as_json(found)
        report[cut] = told
    return report


def as_json(interval: Interval) -> dict[str, float] | None:
    """Return an interval as JSON; None where it isn't finite."""
    if not np.isfinite([interval.value, interval.low, interval.high]).all():
        return None
    return {name: round(float(getattr(interval, name)), 6) for name in ("value", "low", "high")}


def statistic_of(metric: str, truth: Truth, p: FloatMatrix, counted: IntVector) -> Statistic:
    """Return a metric as a function of the weights of the items; what does not depend on them is computed once."""
    y, known = truth.labels, truth.known > 0
    if metric == "macro_ap":
        return SortedScores(y[:, counted], p[:, counted], known=known[:, counted]).macro
    if metric == "micro_ap":
        return SortedScores(y, p, known=known).micro
    if metric == "ece":
        return _weighted_ece(y, p, known)
    if metric == "brier":
        errors = np.where(known, np.square(p.astype(np.float64) - y), 0.0).sum(axis=1)
        cells = known.sum(axis=1)
        return lambda weight: float(weight @ errors / (weight @ cells))
    by_row: dict[str, Callable[[], NDArray[np.float64]]] = {
        "lrap": lambda: lrap_of_rows(y, p, known=known),
        "ndcg_5": lambda: ndcg_of_rows(y, p, 5, known=known),
        "coverage": lambda: coverage_of_rows(y, p, known=known),
    }
    if metric not in by_row:
        raise InputError(f"unknown metric {metric!r}: choose one of {', '.join(ALL_METRICS)}")
    return _mean_of(by_row[metric]())


def _mean_of(rows: NDArray[np.float64]) -> Statistic:
    """Return the weighted mean of the rows that have a value."""
    there = ~np.isnan(rows)
    values = np.where(there, rows, 0.0)

    def mean(weight: NDArray[np.float64]) -> float:
        total = float(weight @ there)
        return float(weight @ values) / total if total > 0 else float("nan")

    return mean


def _weighted_ece(y: FloatMatrix, p: FloatMatrix, known: NDArray[np.bool_]) -> Statistic:
    def of_sample(weight: NDArray[np.float64]) -> float:
        rows = np.repeat(np.arange(len(y)), weight.astype(np.int64))
        return float(ece(y[rows], p[rows], known=known[rows]))

    return of_sample


def response(p: FloatMatrix, base_rates: FloatVector, labels: Vocabulary) -> dict[str, Any]:
    """Tell how much the answer moves with the feeling: the label that comes first, by probability and by lift.

    By probability the most common label comes first whatever is read; by lift (log-odds over the base rate) the first
    label is the one that the feeling makes more likely.

    Args:
        p: (n, L) predicted probabilities of n texts.
        base_rates: (L,).
        labels: Their names.

    Returns:
        JSON: "first_by_probability" and "first_by_lift": label → share of the texts, the five largest; and
        "distinct_top_3_by_…": how many different sets of three labels come first.
    """
    lift = logit(p) - logit(base_rates)
    told: dict[str, Any] = {}
    for name, score in (("probability", p), ("lift", lift)):
        first = np.bincount(np.argmax(score, axis=1), minlength=len(labels)) / max(len(p), 1)
        order = sorted(range(len(labels)), key=lambda j: (-first[j], j))[:5]
        told[f"first_by_{name}"] = {labels[j]: round(float(first[j]), 4) for j in order if first[j] > 0}
        top = np.sort(np.argsort(-score, axis=1, kind="stable")[:, :3], axis=1)
        told[f"distinct_top_3_by_{name}"] = len(np.unique(top, axis=0))
    return told
