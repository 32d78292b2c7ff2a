"""The figures of a comparison, as JSON: how well each row predicts, how much it moves, which differences are real."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector, logit, sigmoid
from ilgi.errors import DataError
from ilgi.evaluation.bootstrap import bootstrap_values, interval_of
from ilgi.evaluation.metrics import average_precision
from ilgi.evaluation.responsiveness import distance_from_prior, lift_by_group, mutual_information
from ilgi.evaluation.significance import compared_with
from ilgi.language import LANGUAGES
from ilgi.training.assess import ALL_METRICS, FEWEST_POSITIVES, Truth, as_json, statistic_of
from ilgi.training.by_item import mean_by, one_row_each
from ilgi.training.comparison import Entrant
from ilgi.training.crossval import Fitted
from ilgi.training.gather import Gathered
from ilgi.training.plots import reliability
from ilgi.training.progress import Progress
from ilgi.training.runs import stage_rng
from ilgi.vocabulary import Vocabulary
from ilgi.words import GENRES, GOEMOTIONS

SEVERAL: Final = 3
"""Reviews from which on a film counts among those with several."""
GROWTH: Final = (1, 3, 10)
"""Numbers of reviews of one film that predictions are averaged over."""
_NEUTRAL: Final = "neutral"
_HALVES: Final = (1, 3, 5)
"""Reviews in each half of a film's, for the noise ceiling."""


@dataclass(frozen=True, eq=False)
class Compared:
    """What was trained, ready to be measured."""

    names: tuple[str, ...]
    entrants: tuple[Entrant, ...]
    fitted: tuple[Fitted, ...]
    starless: Mapping[str, Fitted]
    """Name → the same, trained without what tells of the stars; of the rows that ask for it."""
    reviews: Gathered
    rows: IntVector
    """(n,) the reviews, as rows of `reviews`, that the predictions are of."""
    against: str
    columns: Vocabulary
    """The emotion models' columns."""
    affect: tuple[FloatMatrix, ...]
    """Source → (n, A) what was read in each review: these columns, and perhaps their spread behind them."""

    def view(self, rng: np.random.Generator) -> "Views":
        """Return which reviews of which films are measured; `rng` draws."""
        predicted = np.flatnonzero(~np.isnan(self.fitted[0].p).any(axis=1))
        film = self.reviews.film_of[self.rows[predicted]]
        films, item = np.unique(film, return_inverse=True)
        return Views(predicted, item.astype(np.int64), films, one_row_each(item, len(films), rng))


@dataclass(frozen=True, eq=False)
class Views:
    """m predicted reviews of F films."""

    rows: IntVector
    """(m,) rows of the predictions."""
    item: IntVector
    """(m,) the film of each, a number below F."""
    films: IntVector
    """(F,) its number among the films of the reviews."""
    drawn: IntVector
    """(F,) one review of each film, as one of the m."""

    def means(self, p: FloatMatrix) -> FloatMatrix:
        """Return (F, L) the mean of a film's predictions."""
        return mean_by(p[self.rows], self.item, len(self.films))

    def singles(self, p: FloatMatrix) -> FloatMatrix:
        """Return (F, L) the prediction from the one review that was drawn."""
        chosen: FloatMatrix = p[self.rows[self.drawn]]
        return chosen


def measure_entrants(compared: Compared, *, seed: int, repeats: int, progress: Progress) -> dict[str, Any]:
    """Return the figures of every row.

    Args:
        compared: What was trained.
        seed: Of the draws and the bootstrap.
        repeats: Bootstrap samples.
        progress: Told of each row.

    Raises:
        DataError: Too few films have any label.

    Returns:
        JSON: "rows" (one for each entrant: "name", "model", "input", "seconds", "kilobytes", "one_review" and
        "several" (cut → metric → interval), "without_stars", "growth", "information", "distance", "against" and
        "best" (differences of macro AP, p by Holm)), "best", "films_several", "ceiling", "by_label",
        "confusion", "heat", "reliability" and "curves" of the best row.
    """
    reviews = compared.reviews
    views = compared.view(stage_rng(seed, "one review"))
    truth = Truth(
        reviews.labels[views.films],
        reviews.known[views.films],
        tuple(reviews.groups[int(f)] for f in views.films),
    )
    count = np.bincount(views.item)
    several = count >= SEVERAL
    cuts = _cuts(compared, views, truth)
    again: dict[str, dict[str, NDArray[np.float64]]] = {"one_review": {}, "several": {}}
    values: dict[str, dict[str, float]] = {"one_review": {}, "several": {}}
    rows: list[dict[str, Any]] = []
    progress.start("measuring", len(compared.names), "rows")
    for number, (entrant, fitted) in enumerate(zip(compared.entrants, compared.fitted, strict=True)):
        name = compared.names[number]
        row: dict[str, Any] = {
            "name": name,
            "model": entrant.model,
            "input": entrant.input,
            "seconds": round(fitted.seconds, 2),
            "kilobytes": round(fitted.kilobytes),
            "labels": entrant.labels.model_dump(mode="json"),
            "epochs": [report["best_epoch"] for report in fitted.reports],
        }
        for view, p in (("one_review", views.singles(fitted.p)), ("several", views.means(fitted.p))):
            chosen = {cut: rows_ & several for cut, rows_ in cuts.items()} if view == "several" else cuts
            metrics = ALL_METRICS if view == "one_review" else ("macro_ap",)
            row[view], value, resampled = _cut_by_cut(truth, p, chosen, metrics, seed, repeats)
            values[view][name], again[view][name] = value, resampled
        if name in compared.starless:
            p = views.singles(compared.starless[name].p)
            row["without_stars"], _, _ = _cut_by_cut(truth, p, {"all": cuts["all"]}, ("macro_ap",), seed, repeats)
        row["growth"] = _growth(truth, fitted.p, views, seed)
        row |= _responsiveness(compared, number, views)
        rows.append(row)
        progress.advance(1)
    progress.finish()
    if not all(map(math.isfinite, values["one_review"].values())):
        raise DataError(
            f"no label stands at {FEWEST_POSITIVES} or more of the films that are measured: more films are needed"
        )
    best = max(values["one_review"], key=lambda n: values["one_review"][n])
    for view in ("one_review", "several"):
        for other, key in ((best, "best"), (compared.against, "against")):
            found = compared_with(other, values[view], again[view])
            for row in rows:
                if row["name"] in found:
                    row.setdefault(key, {})[view] = {k: round(v, 5) for k, v in found[row["name"]].items()}
    top = compared.names.index(best)
    p = views.singles(compared.fitted[top].p)
    counted = truth.counted()
    return {
        "rows": rows,
        "best": best,
        "against": compared.against,
        "films_measured": len(views.films),
        "films_several": int(several.sum()),
        "labels_counted": [GENRES[int(j)] for j in counted],
        "ceiling": _ceiling(compared.fitted[top].lift, views, counted, seed),
        "by_label": _by_label(truth, p, counted),
        "confusion": _confusion(truth, p, counted),
        "heat": _heat(compared, top, views, counted),
        "reliability": _reliability(truth, p),
        "curves": [report["history"] for report in compared.fitted[top].reports],
    }


def _cuts(compared: Compared, views: Views, truth: Truth) -> dict[str, NDArray[np.bool_]]:
    languages = np.array([compared.reviews.film_languages[int(f)] for f in views.films])
    cuts: dict[str, NDArray[np.bool_]] = {"all": np.ones(len(views.films), dtype=bool)}
    cuts |= {language: languages == language for language in LANGUAGES}
    # A place that can express every label is TMDB; elsewhere some labels are never known.
    cuts["every label known"] = np.asarray(truth.known.all(axis=1), dtype=np.bool_)
    return cuts


def _cut_by_cut(
    truth: Truth,
    p: FloatMatrix,
    cuts: Mapping[str, NDArray[np.bool_]],
    metrics: Sequence[str],
    seed: int,
    repeats: int,
) -> tuple[dict[str, Any], float, NDArray[np.float64]]:
    """Return cut → metric → interval, and macro AP over all with its values on the resamples."""
    told: dict[str, Any] = {}
    value, resampled = float("nan"), np.array([np.nan])
    for cut, chosen in cuts.items():
        part = truth.take(chosen)
        counted = part.counted()
        if len(set(part.groups)) < 2 or not len(counted):
            continue
        told[cut] = {"films": int(chosen.sum()), "labels": len(counted)}
        # The many metrics of a row are only told over all films.
        for metric in metrics if cut == "all" else ("macro_ap",):
            statistic = statistic_of(metric, part, p[chosen], counted)
            rng = stage_rng(seed, f"bootstrap {cut}")
            found, again = bootstrap_values(statistic, part.groups, rng=rng, repeats=repeats, weighted=True)
            told[cut][metric] = as_json(interval_of(found, again))
            if cut == "all" and metric == "macro_ap":
                value, resampled = found, again
    return told, value, resampled


def _growth(truth: Truth, p: FloatMatrix, views: Views, seed: int) -> dict[str, Any]:
    """Return macro AP from 1, 3 and 10 reviews of the same films: those that have ten."""
    count = np.bincount(views.item)
    enough = np.flatnonzero(count >= max(GROWTH))
    told: dict[str, Any] = {"films": len(enough)}
    chosen = np.zeros(len(count), dtype=bool)
    chosen[enough] = True
    part = truth.take(chosen)
    counted = part.counted()
    if not len(counted):
        return told
    place = np.cumsum(chosen) - 1
    for k in GROWTH:
        rows = _some_of_each(views.item, k, stage_rng(seed, "growth"))
        rows = rows[chosen[views.item[rows]]]
        mean = mean_by(p[views.rows[rows]], place[views.item[rows]], len(enough))
        each = average_precision(part.labels[:, counted], mean[:, counted], known=part.known[:, counted] > 0)
        told[str(k)] = round(float(np.nanmean(each)), 4)
    return told


def _some_of_each(item: IntVector, k: int, rng: np.random.Generator) -> IntVector:
    """Return k rows of each item, drawn; all of an item that has fewer. A smaller k draws some of the same."""
    order = rng.permutation(len(item))
    by_item = order[np.argsort(item[order], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(item))])[:-1]
    rank = np.arange(len(item)) - start[item[by_item]]
    return np.asarray(by_item[rank < k], dtype=np.int64)


def _responsiveness(compared: Compared, number: int, views: Views) -> dict[str, Any]:
    """Return how much the prediction moves with the feeling.

    "information" is the mutual information, in bits, between the emotion that stands out in a review and the label
    that comes first by lift; "distance" the mean Jensen–Shannon distance from the base rates.
    """
    fitted, entrant = compared.fitted[number], compared.entrants[number]
    rows = views.rows
    _, emotion = _leading(compared, entrant.source, rows)
    lift = fitted.lift[rows]
    p = fitted.p[rows]
    # Each fold's model has base rates of its own: what p would be without its lift.
    prior = sigmoid(logit(p) - lift)
    moved = np.abs(lift).max() > 1e-6
    return {
        "information": round(mutual_information(emotion, lift.argmax(axis=1)), 4) if moved else 0.0,
        "distance": round(distance_from_prior(p, prior), 4),
    }


def _leading(compared: Compared, source: int, rows: IntVector) -> tuple[list[str], IntVector]:
    """Return the emotions, and (m,) which of them stands out most in each review, by normal scores."""
    names = [name for name in GOEMOTIONS if name in compared.columns and name != _NEUTRAL]
    affect = compared.affect[source][rows][:, compared.columns.columns(names)]
    return names, np.asarray(affect.argmax(axis=1), dtype=np.int64)


def _ceiling(lift: FloatMatrix, views: Views, counted: IntVector, seed: int) -> dict[str, Any]:
    """Tell how far reviews of one film agree: what no model that reads them one by one can pass.

    The reviews of a film are halved; "agreement" is the correlation over films between the lifts from its two halves,
    the mean over labels, for halves of 1, 3 and 5 reviews. The square root of it is how well such a half can at best
    correlate with what all reviews that could be written would say (Spearman 1904, correction for attenuation).
    """
    count = np.bincount(views.item)
    told: dict[str, Any] = {}
    for half in _HALVES:
        chosen = count >= 2 * half
        rows = _some_of_each(views.item, 2 * half, stage_rng(seed, "halves"))
        rows = rows[chosen[views.item[rows]]]
        if chosen.sum() < 3:
            continue
        # Rows come item by item, 2 · half of each.
        values = lift[views.rows[rows]][:, counted].reshape(-1, 2, half, len(counted)).mean(axis=2)
        each = [_correlation(values[:, 0, j], values[:, 1, j]) for j in range(len(counted))]
        agreement = float(np.mean(each))
        best = float(np.sqrt(max(agreement, 0.0)))
        told[str(half)] = {
            "films": int(chosen.sum()), "agreement": round(agreement, 4), "at_best": round(best, 4)
        }  # fmt: skip
    return told


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _by_label(truth: Truth, p: FloatMatrix, counted: IntVector) -> dict[str, Any]:
    each = average_precision(truth.labels, p, known=truth.known > 0)
    rates = (truth.labels * truth.known).sum(axis=0) / np.maximum(truth.known.sum(axis=0), 1)
    films = (truth.labels * truth.known).sum(axis=0)
    return {
        GENRES[int(j)]: {
            "ap": round(float(each[j]), 4), "rate": round(float(rates[j]), 4), "films": int(films[j])
        }
        for j in counted
    }  # fmt: skip


def _confusion(truth: Truth, p: FloatMatrix, counted: IntVector) -> dict[str, Any]:
    """Return row label → column label → mean probability of the column for films of the row, over its base rate.

    1: films of the row are given the column as often as any film. The diagonal is what the model gets right; beside it
    stands what it takes for what.
    """
    told: dict[str, Any] = {}
    rates = p[:, counted].mean(axis=0, dtype=np.float64)
    for j in counted:
        own = truth.labels[:, j] > 0
        ratio = p[own][:, counted].mean(axis=0, dtype=np.float64) / rates
        told[GENRES[int(j)]] = {GENRES[int(k)]: round(float(r), 3) for k, r in zip(counted, ratio, strict=True)}
    return told


def _heat(compared: Compared, number: int, views: Views, counted: IntVector) -> dict[str, Any]:
    """Return emotion → label → mean lift over the reviews in which the emotion stands out most."""
    entrant, fitted = compared.entrants[number], compared.fitted[number]
    names, group = _leading(compared, entrant.source, views.rows)
    lift = lift_by_group(fitted.lift[views.rows][:, counted], group, len(names))
    counts = np.bincount(group, minlength=len(names))
    genres = [GENRES[int(j)] for j in counted]
    return {
        name: {"reviews": int(counts[i]), **{g: round(float(v), 3) for g, v in zip(genres, lift[i], strict=True)}}
        for i, name in enumerate(names)
        if counts[i] > 0
    }


def _reliability(truth: Truth, p: FloatMatrix) -> dict[str, list[float]]:
    said, came, _ = reliability(truth.labels, truth.known, p)
    return {"said": [round(float(v), 4) for v in said], "came_true": [round(float(v), 4) for v in came]}
