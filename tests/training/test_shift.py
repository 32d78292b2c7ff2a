from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the extra 'train'")

from ilgi.training.shift import likeness, measure_shift
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "fear"), kind="emotion")


def texts(shifted: float) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    review = rng.uniform(0.1, 0.5, size=(400, 2)).astype(np.float32)
    diary = rng.uniform(0.1, 0.5, size=(300, 2)).astype(np.float32)
    diary[:, 1] += shifted
    return review, ("en",) * len(review), {"en": diary}


def test_a_shift_is_seen_and_standardising_takes_it_away() -> None:
    found = measure_shift(COLUMNS, *texts(0.3), seed=0)["en"]
    assert found["columns"]["fear"] > 0.6
    assert found["columns"]["joy"] < 0.15
    assert next(iter(found["columns"])) == "fear"
    assert found["auc"] > 0.9
    assert found["auc_standardised"] == pytest.approx(0.5, abs=0.08)
    assert set(measure_shift(COLUMNS, *texts(0.3), seed=0)) == {"en"}


def test_where_there_is_none_nothing_is_seen() -> None:
    found = measure_shift(COLUMNS, *texts(0.0), seed=0)["en"]
    assert max(found["columns"].values()) < 0.15
    assert found["auc"] == pytest.approx(0.5, abs=0.08)


def test_reviews_that_read_like_a_diary_count_more() -> None:
    affect, languages, diary = texts(0.2)
    odds = likeness(affect, languages, diary)
    assert odds.mean() == pytest.approx(1.0, abs=1e-4)
    fear = affect[:, 1]
    assert odds[fear > 0.4].mean() > 3 * odds[fear < 0.2].mean()
    assert (likeness(affect, languages, {}) == 1.0).all()
