"""The sentences that are cited for an emotion carry it: without them it falls further than without another one."""

import numpy as np
import pytest

from ilgi.bundle import Bundle
from ilgi.emotion.evidence import sentences_for
from ilgi.emotion.reading import Reader, score_wholes
from ilgi.language import Language
from ilgi.recommender import embedded_bundles, open_reader
from ilgi.steps import Reading
from ilgi.training.emotion.diaries import diary_entries

MOST = 50
"""Entries of each language."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(Bundle.open(embedded_bundles()["movies"]))


def without(reading: Reading, sentence: int) -> str:
    return " ".join(s.text for i, s in enumerate(reading.sentences) if i != sentence)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_cited_sentence_matters_more_than_another(reader: Reader, language: Language) -> None:
    # Every third, so that all themes are there.
    entries = [e for e in diary_entries() if e.held_out and e.language == language][::3]
    readings = [r for r in reader.read_many([e.text for e in entries]) if len(r.sentences) >= 3 and r.leading]
    falls: list[tuple[float, float]] = []
    for reading in readings[:MOST]:
        emotion = reading.leading[0]
        column = reading.columns.column(emotion)
        cited = sentences_for(reading, emotion, most=1)
        if not cited:
            continue
        # Read again in full, not by the sentence scores that chose it.
        rest = [without(reading, i) for i in range(len(reading.sentences))]
        fall = (reading.affect[column] - score_wholes(reader.model, rest, rule=reader.rule)[:, column]).tolist()
        others = [f for i, f in enumerate(fall) if i != cited[0]]
        falls.append((fall[cited[0]], float(np.mean(others))))
    assert len(falls) >= MOST // 2
    own, other = np.mean(falls, axis=0)
    assert own > 2 * max(other, 0.0) + 0.01, f"cited {own:.3f}, another {other:.3f}"
