"""How often a reader is sure of a held-out diary, whether it is then right, and whether its parts agree."""

from typing import Any

import numpy as np

from ilgi.emotion.base import VALENCE
from ilgi.emotion.certainty import of_one_mind, sign_of_valence
from ilgi.emotion.reading import Reader
from ilgi.language import LANGUAGES
from ilgi.training.emotion.diary_metrics import agreed_entries
from ilgi.training.emotion.metrics import rounded


def measure_certainty(reader: Reader) -> dict[str, Any]:
    """Return, for each language with held-out diaries, figures in [0, 1] as JSON.

    `sure` is the share of entries that the reader is sure of, `accuracy_when_sure` how often the likeliest mood is then
    the right one. Of the entries whose valence takes a side, `one_mind` is the share whose mood and emotions don't
    contradict it, by the very rule that makes a reading unsure; None without a reference, or without a valence of the
    model's own.

    Args:
        reader: Reads them.
    """
    result: dict[str, Any] = {}
    for language in LANGUAGES:
        entries = agreed_entries(language)
        readings = reader.read_many([e.text for e in entries])
        right = np.array(
            [max(r.mood, key=r.mood.__getitem__) == e.mood for r, e in zip(readings, entries, strict=True)]
        )
        sure = np.array([r.sure for r in readings])
        part: dict[str, Any] = {"rows": len(entries), "sure": rounded(float(sure.mean()))}
        part["accuracy_when_sure"] = rounded(float(right[sure].mean())) if sure.any() else None
        part["one_mind"] = None
        if reader.reference is not None and VALENCE in reader.columns:
            column = reader.columns.column(VALENCE)
            minds = []
            for reading in readings:
                spread = float(reader.reference.sd(reading.language)[column])
                if sign_of_valence(reading.valence, spread):
                    minds.append(of_one_mind(reading.mood, reading.leading, reading.valence, spread))
            part["one_mind"] = rounded(float(np.mean(minds))) if minds else None
        result[language] = part
    return result
