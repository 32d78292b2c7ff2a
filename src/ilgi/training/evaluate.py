"""How good a bundle's labels are on a table of reviews that it may never have seen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.bundle import Bundle, sha256_of_file
from ilgi.emotion.load import emotion_from_state
from ilgi.emotion.reference import Reference
from ilgi.errors import DataError
from ilgi.label.base import label_models
from ilgi.training.assess import ALL_METRICS, Truth, assess, response
from ilgi.training.by_item import mean_by, one_row_each, standardise
from ilgi.training.card import told
from ilgi.training.progress import Progress, Silent
from ilgi.training.reviews.item_labels import labels_from_reviews
from ilgi.training.reviews.read import ReviewColumns, read_reviews
from ilgi.training.runs import stage_rng
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer

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
    opened = Bundle.open(bundle)
    model = emotion_from_state(opened.kind("emotion"), opened.state("emotion"))
    label_model = label_models.get(opened.kind("labels")).from_state(opened.state("labels"))
    items = Reference.from_state(opened.state("items"))
    rule = str(opened.state("reading").config.get("rule", "length"))
    reviews = read_reviews(table, columns)
    known = labels_from_reviews(reviews.items, reviews.labels, place=place)
    rows = [i for i, item in enumerate(reviews.items) if item in known.labels]
    if len({reviews.items[i] for i in rows}) < 2:
        raise DataError(f"{table.name} has fewer than two items with labels that this bundle knows: check the columns")
    affect = score_once(
        Scorer(model, rule, str(bundle)),
        [reviews.texts[i] for i in rows],
        task="reading reviews",
        workers=workers,
        cache_dir=cache_dir,
        progress=progress,
    )
    standard = standardise(items, affect, [reviews.languages[i] for i in rows])
    p = label_model.predict_proba(standard[:, model.emotions.columns(label_model.columns)])

    names = list(dict.fromkeys(reviews.items[i] for i in rows))
    number = {name: i for i, name in enumerate(names)}
    item_of = np.array([number[reviews.items[i]] for i in rows], dtype=np.int64)
    labels = label_model.labels
    truth = Truth(known.multi_hot(names, labels), known.known(names, labels), tuple(names))
    prior = np.tile(label_model.base_rates, (len(names), 1))
    korean = mean_by(np.array([[reviews.languages[i] == "ko"] for i in rows], dtype=np.float32), item_of, len(names))[
        :, 0
    ]
    cuts = {"all": np.ones(len(names), dtype=bool)} | (
        {"en": korean < 0.5, "ko": korean >= 0.5} if 0 < (korean >= 0.5).sum() < len(names) else {}
    )
    views = {
        "one_review": p[one_row_each(item_of, len(names), stage_rng(seed, "one review"))],
        "item_mean": mean_by(p, item_of, len(names)),
    }
    progress.start("measuring", len(views), "views")
    assessment = {}
    for view, ours in views.items():
        assessment[view] = assess(
            truth,
            {"prior": prior, "ours": ours},
            cuts=cuts,
            labels=labels,
            rng=stage_rng(seed, f"assess {view}"),
            repeats=repeats,
            metrics=ALL_METRICS,
            compare=("ours", ("prior",)),
        )
        progress.advance(1)
    progress.finish()
    return {
        "bundle": opened.manifest.name,
        "table": {"name": table.name, "sha256": sha256_of_file(table)},
        "reviews": len(rows),
        "items": len(names),
        "report": reviews.report.text(),
        "assessment": assessment,
        "response": response(p, label_model.base_rates, labels),
    }


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
