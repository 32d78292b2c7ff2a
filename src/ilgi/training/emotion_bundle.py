"""The bundle of a recipe without reviews: an emotion model alone, with a card that says how well it reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import ilgi
from ilgi.bundle import State, save_bundle
from ilgi.training.emotion_stage import EmotionStage
from ilgi.training.recipe import Recipe

CARD: Final = "MODEL_CARD.md"
_FIGURES: Final[Mapping[str, str]] = {
    "macro_f1": "macro-F1, tuned thresholds",
    "macro_ap": "macro AP",
    "macro_f1_of_7": "macro-F1 of seven",
    "mood_macro_f1": "macro-F1 of the four moods",
    "mood_accuracy": "accuracy of the four moods",
    "valence_r": "valence r",
    "arousal_r": "arousal r",
    "dominance_r": "dominance r",
    "ece": "ECE",
}


def write_emotion_bundle(recipe: Recipe, emotion: EmotionStage, out: Path) -> str:
    """Write the bundle and return its figures for people, one source a line.

    Args:
        recipe: The recipe.
        emotion: The trained model.
        out: Where the bundle goes; what was there stays until the new one is whole.

    Raises:
        BundleError: `out` holds something that isn't a bundle.
    """
    lines = figures_text(emotion.metrics)
    save_bundle(
        out,
        {
            "emotion": (emotion.done.kind, emotion.done.state),
            "reading": ("reader", State(recipe.reading.model_dump(mode="json"))),
        },
        name=recipe.name,
        version=ilgi.__version__,
        vocabularies={"affect": list(emotion.model.emotions)},
        data=emotion.data,
        metrics=emotion.metrics,
        extra_files={CARD: _card(recipe, emotion, lines).encode()},
    )
    return "\n".join([f"{recipe.name}: {recipe.title}", "", *lines]) + "\n"


def figures_text(metrics: Mapping[str, Any]) -> list[str]:
    """Return one line for each source that was measured: its rows, and each figure with its standard error."""
    lines = []
    for source, part in metrics.items():
        if not isinstance(part, Mapping) or source in ("rows", "sure"):
            continue
        told = []
        for key, words in _FIGURES.items():
            if key in part:
                error = f" (s.e. {part[key + '_se']:.3f})" if key + "_se" in part else ""
                told.append(f"{words} {part[key]:.3f}{error}")
        lines.append(f"{source}, {part['rows']:,} rows: {'; '.join(told) or 'nothing to measure'}")
    return lines


def _card(recipe: Recipe, emotion: EmotionStage, figures: list[str]) -> str:
    sources = [f"| {s.name} | {s.rows:,} | {s.licence} | `{s.sha256[:12]}…` |" for s in emotion.data]
    return "\n".join(
        [
            f"# {recipe.name}",
            "",
            recipe.title,
            "",
            "## What it gives",
            "",
            ", ".join(emotion.model.emotions),
            "",
            "## How well it reads texts that it did not learn from",
            "",
            *(f"- {line}" for line in figures),
            "",
            "Thresholds are tuned on one half of the rows and scored on the other.",
            "",
            "## What it learned from",
            "",
            "| data set | rows | licence | sha256 |",
            "|---|---|---|---|",
            *sources,
            "",
            "Some of these licences allow no commercial use, or state nothing clear: whoever sells a product on this "
            "model trains it again without them.",
            "",
        ]
    )
