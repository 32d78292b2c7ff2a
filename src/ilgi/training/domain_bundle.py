"""A bundle for a domain without reviews: it reads as another one does, its labels are learned from our own diaries.

Songs are labelled by how they sound, in four quarters: bright or dark, lively or quiet. Our diaries carry valence and
arousal, so they tell which quarter a diary lies in, and model 2 is the ordinary label model, learned from that.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

import ilgi
from ilgi.arrays import FloatMatrix
from ilgi.bundle import Bundle, Persistent, State, save_bundle
from ilgi.catalog.axes import SOUNDS, sound_of
from ilgi.catalog.store import embedded_catalogs
from ilgi.emotion.reference import Reference
from ilgi.errors import InputError
from ilgi.evaluation.average_precision import macro_ap
from ilgi.language import LANGUAGES
from ilgi.ranking.base import rankers
from ilgi.recommender import Recommender, embedded_bundles, open_reader
from ilgi.training.emotion.diaries import Entry
from ilgi.training.golden import golden_answers
from ilgi.training.label_stage import Fitted, Rows, fit_labels
from ilgi.training.own_diaries import OwnDiaries, read_own_diaries
from ilgi.training.progress import Progress
from ilgi.training.recipe import Recipe
from ilgi.training.runs import Run
from ilgi.training.scoring import Scorer

CARD: Final = "MODEL_CARD.md"
_TAKEN: Final = ("emotion", "reading", "diary", "families")
"""Stages that are taken over."""


def write_domain_bundle(
    recipe: Recipe, *, recipe_dir: Path, run: Run, out: Path, cache_dir: Path | None, progress: Progress
) -> tuple[Mapping[str, Any], str]:
    """Write the bundle of a recipe that is based on another one.

    Args:
        recipe: With `based_on`: the domain of an embedded bundle, or a folder relative to the recipe's.
        recipe_dir: The recipe's folder.
        run: Where the label model is kept.
        out: The bundle to write.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text and epoch.

    Returns:
        What was measured, as JSON, and the summary for people.

    Raises:
        BundleError: There is no such bundle.
        InputError: It has no reference of diaries, or no families where goals are asked for.
    """
    base = Bundle.open(embedded_bundles().get(recipe.based_on, recipe_dir / recipe.based_on))
    missing = [stage for stage in _TAKEN if stage not in base.manifest.stages]
    if missing:
        raise InputError(f"the bundle {recipe.based_on!r} has no stage {missing[0]!r}: train it with one")
    reader = open_reader(base)
    scorer = Scorer(reader.model, reader.rule, spread=reader.spread)
    diary = Reference.from_state(base.state("diary"))
    own = read_own_diaries(scorer, diary, cache_dir=cache_dir, progress=progress)
    labels = sounds_of(own.entries)
    rows = {
        part: Rows(own.standard[list(at)], labels[list(at)], np.ones(len(at), dtype=np.float32))
        for part, at in (("train", own.train), ("validation", own.stop))
    }
    fitted = fit_labels(
        recipe.labels,
        scorer.columns,
        SOUNDS,
        rows["train"],
        rows["validation"],
        run=run,
        seed=recipe.seed,
        progress=progress,
    )
    metrics = {"based_on": base.manifest.name, "labels": _measured(fitted, scorer, own, labels)}
    stages = {stage: (base.kind(stage), base.state(stage)) for stage in _TAKEN}
    ranker = cast("type[Persistent]", rankers.get(recipe.ranking.kind)).from_state(State(recipe.ranking.config))
    stages["labels"] = (recipe.labels.kind, fitted.model.state())
    stages["ranking"] = (recipe.ranking.kind, ranker.state())
    card = _card(recipe, metrics)
    given: dict[str, Any] = {
        "name": recipe.name,
        "version": ilgi.__version__,
        "vocabularies": {"affect": list(scorer.columns), "labels": list(SOUNDS)},
        "data": base.manifest.data,
        "metrics": metrics,
        "extra_files": {CARD: card.encode()},
    }
    draft = run.folder / "draft"
    save_bundle(draft, stages, **given)
    golden = []
    if recipe.domain in embedded_catalogs():
        golden = golden_answers(Recommender.load(draft, domain=recipe.domain))
    save_bundle(out, stages, golden=golden, **given)
    return metrics, card


def sounds_of(entries: tuple[Entry, ...]) -> FloatMatrix:
    """Return (n, 4) the quarter of `SOUNDS` that each diary lies in, by its valence and arousal against the others'."""
    valence = np.array([e.valence for e in entries], dtype=np.float64)
    arousal = np.array([e.arousal for e in entries], dtype=np.float64)
    middle = np.median(arousal) if len(entries) else 0.0
    # Valence has a middle of its own: 0.5 is neither pleasant nor unpleasant.
    return SOUNDS.multi_hot([(sound_of(v - 0.5, a - middle),) for v, a in zip(valence, arousal, strict=True)])


def _measured(fitted: Fitted, scorer: Scorer, own: OwnDiaries, labels: FloatMatrix) -> dict[str, Any]:
    pick = scorer.columns.columns(fitted.model.columns)
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        rows = own.held_out(language)
        if rows:
            p = fitted.model.predict_proba(own.standard[rows][:, pick])
            right = p.argmax(axis=1) == labels[rows].argmax(axis=1)
            found[language] = {
                "rows": len(rows),
                "accuracy": round(float(right.mean()), 3),
                "macro_ap": round(macro_ap(labels[rows], p), 3),
                "base_rates": [round(float(rate), 3) for rate in labels[rows].mean(axis=0)],
            }
    return found


def _card(recipe: Recipe, metrics: Mapping[str, Any]) -> str:
    rows = [
        f"| {language} | {row['rows']} | {row['accuracy']:.3f} | {row['macro_ap']:.3f} | {max(row['base_rates']):.3f} |"
        for language, row in metrics["labels"].items()
    ]
    head = ["| language | diaries | accuracy | macro AP | commonest |", "|---|---:|---:|---:|---:|"]
    parts = [
        f"# {recipe.name}",
        recipe.title or "A bundle of ilgi.",
        f"It reads as the bundle {metrics['based_on']!r} does, whose model card says what that learned from. Which of "
        f"four labels ({', '.join(SOUNDS)}) a diary calls for was learned from diaries written for ilgi, by their "
        "valence and arousal.",
        "## How good it is",
        "On diaries of themes that nothing learned from. The last column: what guessing the commonest label gets.",
        "\n".join([*head, *rows]),
        "## Limits",
        "- How bright and how lively a song is says little about whether somebody likes it.\n"
        "- It is no measure of health and no judge of a person.",
    ]
    return "\n\n".join(parts) + "\n"
