"""How good bundles' labels are on a table of reviews that they may never have seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.bundle import Bundle, sha256_of_file
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.load import emotion_from_state
from ilgi.emotion.reference import Reference
from ilgi.errors import DataError, InputError
from ilgi.evaluation.bootstrap import bootstrap_values
from ilgi.evaluation.significance import compared_with
from ilgi.label.base import LabelModel, label_models
from ilgi.language import Language
from ilgi.training.assess import ALL_METRICS, Truth, assess, response, statistic_of
from ilgi.training.by_item import mean_by, one_row_each, standardise
from ilgi.training.card import told
from ilgi.training.progress import Progress, Silent
from ilgi.training.reviews.item_labels import labels_from_reviews
from ilgi.training.reviews.read import ReviewColumns, read_reviews
from ilgi.training.runs import stage_rng
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer
from ilgi.vocabulary import Vocabulary

_WORDS: Final = {
    "macro_ap": "macro AP", "micro_ap": "micro AP", "lrap": "LRAP", "ndcg_5": "nDCG@5",
    "coverage": "coverage (lower is better)", "brier": "Brier (lower is better)", "ece": "ECE (lower is better)",
}  # fmt: skip
_VIEWS: Final = {"one_review": "from one review of each item", "item_mean": "from all reviews of an item, averaged"}


def evaluate_bundle(
    bundle: Path,
    table: Path,
    columns: ReviewColumns,
    *,
    place: str = "tmdb",
    repeats: int = 1000,
    seed: int = 0,
    workers: int = 1,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure a bundle's labels.

    Reviews are standardised by the bundle's own reference of reviews, never by the table. The prior is the bundle's
    base rates: where they fit the table badly, both it and the bundle are judged by it.

    Args:
        bundle: The bundle's folder.
        table: The table of reviews.
        columns: What is in it; it needs a column of labels.
        place: Where the labels come from (`ilgi.training.reviews.item_labels.KNOWN_AT`).
        repeats: Bootstrap samples.
        seed: Of the bootstrap, and of the one review that is drawn for each item.
        workers: How many processes may score.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each review.

    Returns:
        JSON: "bundle", "table", "reviews", "items", "report" (what was dropped), "assessment" (view → cut → model →
        metric → interval) and "response" (how much the first label moves, by probability and by lift).

    Raises:
        BundleError: The bundle can't be used.
        DataError: The table can't be read, or no item in it has labels that the bundle knows.
        InputError: The place is not known.
    """
    progress = progress or Silent()
    opened = _Opened.of(bundle)
    read = _Table.of(table, columns, place, opened.labels.labels)
    p = opened.predict(read, workers, cache_dir, progress)
    return _told(opened, read, p, repeats, seed, progress)


def evaluate_bundles(
    bundles: Sequence[Path],
    table: Path,
    columns: ReviewColumns,
    *,
    place: str = "tmdb",
    repeats: int = 1000,
    seed: int = 0,
    workers: int = 1,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure several bundles on one table, and test the differences.

    Args:
        bundles: Their folders, at least two; the others are tested against the first.
        table: The table of reviews.
        columns: What is in it; it needs a column of labels.
        place: Where the labels come from.
        repeats: Bootstrap samples.
        seed: Of the bootstrap, and of the one review that is drawn for each item.
        workers: How many processes may score.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each review.

    Returns:
        JSON: "bundles" (folder → as `evaluate_bundle`) and "differences" (view → folder → macro AP minus that of the
        first: "value", "low", "high", and "p", corrected by Holm).

    Raises:
        BundleError, DataError: As `evaluate_bundle`.
        InputError: The place is not known, or the bundles predict different labels.
    """
    progress = progress or Silent()
    opened = {str(bundle): _Opened.of(bundle) for bundle in bundles}
    labels = [one.labels.labels for one in opened.values()]
    if any(own != labels[0] for own in labels):
        raise InputError("the bundles predict different labels: compare bundles of one domain")
    read = _Table.of(table, columns, place, labels[0])
    predictions = {name: one.predict(read, workers, cache_dir, progress) for name, one in opened.items()}
    reports = {name: _told(one, read, predictions[name], repeats, seed, progress) for name, one in opened.items()}
    truth, first = read.truth, str(bundles[0])
    counted = truth.counted()
    differences: dict[str, Any] = {}
    for view in _VIEWS:
        values, again = {}, {}
        for name, p in predictions.items():
            statistic = statistic_of("macro_ap", truth, read.views(p, seed)[view], counted)
            rng = stage_rng(seed, f"assess {view}")
            found = bootstrap_values(statistic, truth.groups, rng=rng, repeats=repeats, weighted=True)
            values[name], again[name] = found
        tested = compared_with(first, values, again)
        differences[view] = {name: {k: round(v, 6) for k, v in one.items()} for name, one in tested.items()}
    return {"bundles": reports, "differences": differences}


@dataclass(frozen=True, eq=False)
class _Opened:
    """What a bundle measures with."""

    name: str
    folder: Path
    model: EmotionModel
    rule: str
    spread: bool
    """Whether its label model may read the spread over sentences."""
    items: Reference
    labels: LabelModel

    @classmethod
    def of(cls, folder: Path) -> "_Opened":
        opened = Bundle.open(folder)
        reading = opened.state("reading").config
        return cls(
            name=opened.manifest.name,
            folder=folder,
            model=emotion_from_state(opened.kind("emotion"), opened.state("emotion")),
            rule=str(reading.get("rule", "length")),
            spread=bool(reading.get("spread")),
            items=Reference.from_state(opened.state("items")),
            labels=label_models.get(opened.kind("labels")).from_state(opened.state("labels")),
        )

    def predict(self, read: "_Table", workers: int, cache_dir: Path | None, progress: Progress) -> FloatMatrix:
        """Return (n, L) what each review says."""
        scorer = Scorer(self.model, self.rule, str(self.folder), self.spread)
        given: dict[str, Any] = {"workers": workers, "cache_dir": cache_dir, "progress": progress}
        affect = score_once(scorer, read.texts, task="reading reviews", **given)
        standard = standardise(self.items, affect, read.languages)
        return self.labels.predict_proba(standard[:, scorer.columns.columns(self.labels.columns)])


@dataclass(frozen=True, eq=False)
class _Table:
    """n reviews of labelled items."""

    path: Path
    texts: list[str]
    languages: list[Language]
    item_of: IntVector
    truth: Truth
    report: str

    @classmethod
    def of(cls, path: Path, columns: ReviewColumns, place: str, labels: Vocabulary) -> "_Table":
        reviews = read_reviews(path, columns)
        known = labels_from_reviews(reviews.items, reviews.labels, place=place)
        rows = [i for i, item in enumerate(reviews.items) if item in known.labels]
        if len({reviews.items[i] for i in rows}) < 2:
            raise DataError(
                f"{path.name} has fewer than two items with labels that this bundle knows: check the columns"
            )
        names = list(dict.fromkeys(reviews.items[i] for i in rows))
        number = {name: i for i, name in enumerate(names)}
        return cls(
            path=path,
            texts=[reviews.texts[i] for i in rows],
            languages=[reviews.languages[i] for i in rows],
            item_of=np.array([number[reviews.items[i]] for i in rows], dtype=np.int64),
            truth=Truth(known.multi_hot(names, labels), known.known(names, labels), tuple(names)),
            report=reviews.report.text(),
        )

    def views(self, p: FloatMatrix, seed: int) -> dict[str, FloatMatrix]:
        """Return view → (items, L), of (n, L)."""
        items = len(self.truth.groups)
        return {
            "one_review": p[one_row_each(self.item_of, items, stage_rng(seed, "one review"))],
            "item_mean": mean_by(p, self.item_of, items),
        }

    def cuts(self) -> dict[str, NDArray[np.bool_]]:
        """Return name → which items; each language by itself where there are both."""
        items = len(self.truth.groups)
        is_korean = np.array([[language == "ko"] for language in self.languages], dtype=np.float32)
        korean = mean_by(is_korean, self.item_of, items)[:, 0] >= 0.5
        cuts: dict[str, NDArray[np.bool_]] = {"all": np.ones(items, dtype=bool)}
        return cuts | ({"en": ~korean, "ko": korean} if 0 < korean.sum() < items else {})


def _told(opened: _Opened, read: _Table, p: FloatMatrix, repeats: int, seed: int, progress: Progress) -> dict[str, Any]:
    model = opened.labels
    views = read.views(p, seed)
    prior = np.tile(model.base_rates, (len(read.truth.groups), 1))
    progress.start("measuring", len(views), "views")
    assessment = {}
    for view, ours in views.items():
        assessment[view] = assess(
            read.truth,
            {"prior": prior, "ours": ours},
            cuts=read.cuts(),
            labels=model.labels,
            rng=stage_rng(seed, f"assess {view}"),
            repeats=repeats,
            metrics=ALL_METRICS,
            compare=("ours", ("prior",)),
        )
        progress.advance(1)
    progress.finish()
    return {
        "bundle": opened.name,
        "table": {"name": read.path.name, "sha256": sha256_of_file(read.path)},
        "reviews": len(read.texts),
        "items": len(read.truth.groups),
        "report": read.report,
        "assessment": assessment,
        "response": response(p, model.base_rates, model.labels),
    }


def evaluations_text(report: Mapping[str, Any]) -> str:
    """Return a report of `evaluate_bundles` for people."""
    parts = [f"== {folder}\n{evaluation_text(one)}" for folder, one in report["bundles"].items()]
    first = next(iter(report["bundles"]))
    lines = [f"macro AP minus that of {first} (95 % intervals; p corrected by Holm)"]
    for view, words in _VIEWS.items():
        for folder, one in report["differences"][view].items():
            lines.append(
                f"  {folder}, {words}: {one['value']:+.3f} [{one['low']:+.3f}, {one['high']:+.3f}], p {one['p']:.3f}"
            )
    return "\n\n".join([*parts, "\n".join(lines)])


def evaluation_text(report: Mapping[str, Any]) -> str:
    """Return a report for people."""
    lines = [
        f"{report['bundle']} on {report['table']['name']}: {report['reviews']:,} reviews of {report['items']:,} items",
        *report["report"].splitlines(),
    ]
    for view, words in _VIEWS.items():
        for cut, found in report["assessment"][view].items():
            about = "" if cut == "all" else f", {cut} only"
            lines += ["", f"{words}{about} (95 % intervals over {found['items']:,} items)"]
            width = max(map(len, _WORDS.values()))
            lines.append(f"  {'':<{width}}  {'base rates':<22}  {'bundle':<22}  difference")
            for metric, name in _WORDS.items():
                if metric not in found["ours"]:
                    lines.append(f"  {name:<{width}}  too few items of any label")
                    continue
                cells = [told(found[model][metric]) for model in ("prior", "ours", "ours - prior")]
                lines.append(f"  {name:<{width}}  " + "  ".join(f"{cell:<22}" for cell in cells))
    lines += ["", "the label that comes first, over all reviews"]
    for name in ("probability", "lift"):
        shares = ", ".join(f"{label} {share:.0%}" for label, share in report["response"][f"first_by_{name}"].items())
        lines.append(f"  by {name:<11}  {shares}")
    return "\n".join(line.rstrip() for line in lines)
