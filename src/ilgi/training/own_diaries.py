"""Our own diaries as rows to learn from: standardised readings, and which themes train, stop and measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix
from ilgi.emotion.reference import Reference
from ilgi.language import LANGUAGES, Language
from ilgi.training.emotion.diaries import Entry, diary_entries
from ilgi.training.progress import Progress
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer

_STOPPING: Final = 8
"""Every so many themes one only says when to stop."""


@dataclass(frozen=True, eq=False)
class OwnDiaries:
    """n diaries, and m further texts behind them."""

    entries: tuple[Entry, ...]
    """(n,)."""
    standard: FloatMatrix
    """(n + m, A) normal scores against the reference of a diary in the text's language."""
    train: tuple[int, ...]
    """Rows to learn from, the further texts among them."""
    stop: tuple[int, ...]
    """Rows of other themes, for stopping."""

    def held_out(self, language: Language) -> list[int]:
        """Return the rows of a language that no model may learn from."""
        return [i for i, e in enumerate(self.entries) if e.held_out and e.language == language]


def read_own_diaries(
    scorer: Scorer,
    diary: Reference,
    *,
    further: Sequence[tuple[str, Language]] = (),
    cache_dir: Path | None,
    progress: Progress,
) -> OwnDiaries:
    """Read our own diaries in the languages that a reference knows.

    Args:
        scorer: What reads them.
        diary: By which readings are standardised.
        further: m more texts to learn from, with their languages.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text.
    """
    entries = tuple(e for e in diary_entries() if e.language in diary.languages)
    texts = [e.text for e in entries] + [text for text, _ in further]
    languages = [e.language for e in entries] + [language for _, language in further]
    affect = score_once(scorer, texts, task="reading our diaries", workers=1, cache_dir=cache_dir, progress=progress)
    standard = np.zeros_like(affect)
    for language in LANGUAGES:
        rows = [i for i, own in enumerate(languages) if own == language]
        if rows:
            standard[rows] = diary.standardise(affect[rows], language)
    themes = sorted({e.theme for e in entries if not e.held_out})
    stopping = set(themes[::_STOPPING])
    learned = [i for i, e in enumerate(entries) if not e.held_out and e.theme not in stopping]
    return OwnDiaries(
        entries,
        standard,
        (*learned, *range(len(entries), len(texts))),
        tuple(i for i, e in enumerate(entries) if e.theme in stopping),
    )
