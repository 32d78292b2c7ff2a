"""The bundle of a recipe without reviews: an emotion model alone, with a card that says how well it reads."""

from pathlib import Path
from typing import Final

import ilgi
from ilgi.bundle import State, save_bundle
from ilgi.training.emotion_figures import figures_text, label_table
from ilgi.training.emotion_stage import EmotionStage
from ilgi.training.recipe import Recipe

CARD: Final = "MODEL_CARD.md"


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
            *label_table(emotion.metrics),
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
