"""The English network teaches the Korean one: each reads its own side of the same text.

GoEmotions stands row by row in both languages. What the English network makes of a row, all affect columns of it, is
what the Korean one learns from its translation, beside the labels (Hinton, Vinyals & Dean 2015): a soft target says
which labels a text almost had, and brings moods, valence, arousal and dominance to texts whose own labels lack them.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.training.emotion.data import EmotionData

TAUGHT: Final = "goemotions_ko"
_TEACHER: Final = 0.5
"""What the teacher's word weighs where the text has a label of its own."""


def taught_rows(data: EmotionData) -> IntVector:
    """Return the training rows that have an original for the teacher to read, in order."""
    return np.array([i for i in data.rows("train", TAUGHT) if data.original[i] >= 0], dtype=np.int64)


def with_teacher(data: EmotionData, rows: IntVector, scores: FloatMatrix) -> EmotionData:
    """Return the data with the targets of some rows halfway to the teacher's scores; unknown ones are the teacher's.

    Args:
        data: n labelled texts.
        rows: (t,) as `taught_rows`.
        scores: (t, columns) the teacher's probabilities for the originals, columns as the targets.
    """
    targets = data.targets.copy()
    own = targets[rows]
    targets[rows] = np.where(np.isnan(own), scores, (1.0 - _TEACHER) * own + _TEACHER * scores)
    return replace(data, targets=targets)
