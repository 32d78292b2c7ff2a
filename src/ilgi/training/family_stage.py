"""The families of a recipe: learns which of the ten families of feelings a diary belongs to, from our own texts.

It reads the same standardised affect as the label model does, so it goes with any emotion model. Whole themes are kept
from it: some to say when to stop, the held-out ones to tell how well it reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.emotion.reference import Reference
from ilgi.emotion.views import NEUTRAL
from ilgi.families import FAMILIES
from ilgi.language import LANGUAGES
from ilgi.training.emotion.diaries import family_of_entry
from ilgi.training.emotion.moments import moments
from ilgi.training.label_stage import Fitted, Rows, fit_labels
from ilgi.training.own_diaries import read_own_diaries
from ilgi.training.progress import Progress
from ilgi.training.recipe import LabelSection
from ilgi.training.runs import Run
from ilgi.training.scoring import Scorer

STAGE: Final = "families"
PLAIN: Final = "plain"


@dataclass(frozen=True, eq=False)
class Families:
    """The model of families, and how well it reads diaries that it did not learn from."""

    fitted: Fitted
    metrics: Mapping[str, Any]
    """Language → {"rows", "accuracy"}."""


def fit_families(
    section: LabelSection,
    scorer: Scorer,
    diary: Reference,
    *,
    run: Run,
    seed: int,
    cache_dir: Path | None,
    progress: Progress,
) -> Families:
    """Learn the families from our own diaries.

    Args:
        section: The recipe's [families].
        scorer: What reads the diaries.
        diary: What is ordinary in a diary, by which readings are standardised.
        run: Where the result is kept.
        seed: The recipe's.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text and epoch.

    Raises:
        InputError: The section names inputs that there are not, or its config doesn't fit.
        TrainingError: The loss stopped being finite.
    """
    # Hardly a diary is plain, and yet many a text is that somebody tries it with.
    plain = [m for m in moments() if m.emotions == (NEUTRAL,) and m.language in diary.languages]
    further = [(m.text, m.language) for m in plain]
    own = read_own_diaries(scorer, diary, further=further, cache_dir=cache_dir, progress=progress)
    names = [(family_of_entry(e),) for e in own.entries] + [(PLAIN,)] * len(plain)
    labels = FAMILIES.multi_hot(names)
    given = {
        part: Rows(own.standard[list(rows)], labels[list(rows)], np.ones(len(rows), dtype=np.float32))
        for part, rows in (("train", own.train), ("validation", own.stop))
    }
    fitted = fit_labels(
        section,
        scorer.columns,
        FAMILIES,
        given["train"],
        given["validation"],
        run=run,
        seed=seed,
        progress=progress,
        stage=STAGE,
    )
    pick = scorer.columns.columns(fitted.model.columns)
    metrics: dict[str, Any] = {}
    for language in LANGUAGES:
        if rows := own.held_out(language):
            found = fitted.model.predict_proba(own.standard[rows][:, pick]).argmax(axis=1)
            right = found == labels[rows].argmax(axis=1)
            metrics[language] = {"rows": len(rows), "accuracy": round(float(right.mean()), 3)}
    return Families(fitted, metrics)
