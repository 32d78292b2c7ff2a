from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.evidence import sentences_for
from ilgi.emotion.reading import Reader
from ilgi.errors import UnknownName
from ilgi.vocabulary import Vocabulary


class Loud(EmotionModel):
    """Joy is 0.9 where a text shouts."""

    emotions = Vocabulary(("joy", "sadness"), kind="emotion")

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        return np.array([[0.9 if "!" in text else 0.1, 0.5] for text in texts], dtype=np.float32)


@pytest.mark.parametrize("rule", ["length", "whole"])
def test_the_sentence_that_carries_an_emotion_is_cited_first(rule: str) -> None:
    reading = Reader(Loud(), None, rule=rule).read("It rained. We won! I went home.")
    assert sentences_for(reading, "joy") == (1,)
    # Every sentence is as sad as the others: without any of them, nothing falls.
    assert sentences_for(reading, "sadness") == ()


def test_no_more_than_asked_and_the_only_one_of_a_short_text() -> None:
    reading = Reader(Loud(), None).read("It rained. We won! We sang! I went home.")
    assert sentences_for(reading, "joy") == (2, 1) or sentences_for(reading, "joy") == (1, 2)
    assert len(sentences_for(reading, "joy", most=1)) == 1
    assert sentences_for(Reader(Loud(), None).read("It rained."), "joy") == (0,)
    with pytest.raises(UnknownName):
        sentences_for(reading, "bliss")
