"""Which sentences an emotion was read from: those without which it would be weaker."""

from typing import Final

import numpy as np

from ilgi.emotion.aggregate import without_each_sentence
from ilgi.steps import Reading

MOST: Final = 2
"""No more sentences than this are cited for one emotion."""


def sentences_for(reading: Reading, emotion: str, *, most: int = MOST) -> tuple[int, ...]:
    """Return the numbers of the sentences that an emotion rests on, the most important first.

    A sentence counts by how far the emotion would fall without it (leave one out, on the sentence scores at hand); one
    that holds it down is never cited. The only sentence of a text is always its evidence.

    Args:
        reading: What was read.
        emotion: Name of an affect column.
        most: How many sentences at most.

    Raises:
        UnknownName: There is no such column.
    """
    column = reading.columns.column(emotion)
    if len(reading.sentences) == 1:
        return (0,)
    without = without_each_sentence(reading.affect[[column]], reading.scores[:, [column]], reading.weights)[:, 0]
    fall = reading.affect[column] - without
    order = np.argsort(-fall, kind="stable")[:most]
    return tuple(int(i) for i in order if fall[i] > 0)
