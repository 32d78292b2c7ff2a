"""From reviews to items."""

import numpy as np

from ilgi.training.by_item import fit_reference, mean_by, one_row_each, standardise
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy",), kind="affect column")


def test_each_row_is_held_against_its_own_language() -> None:
    rng = np.random.default_rng(0)
    affect = np.concatenate([rng.uniform(0.0, 0.2, (500, 1)), rng.uniform(0.6, 0.8, (500, 1))]).astype(np.float32)
    languages = ["ko"] * 500 + ["en"] * 500
    which = np.ones(1000, dtype=bool)
    which[0] = False
    reference = fit_reference(COLUMNS, affect, languages, which)
    assert reference.languages == ("ko", "en")
    standard = standardise(reference, np.array([[0.1], [0.1], [0.7]], dtype=np.float32), ["ko", "en", "en"])
    assert abs(float(standard[0, 0])) < 0.2
    assert standard[1, 0] < -3
    assert abs(float(standard[2, 0])) < 0.2


def test_a_language_with_one_row_is_left_out() -> None:
    affect = np.array([[0.1], [0.2], [0.3]], dtype=np.float32)
    reference = fit_reference(COLUMNS, affect, ["ko", "ko", "en"], np.ones(3, dtype=bool))
    assert reference.languages == ("ko",)


def test_one_row_each_is_a_row_of_that_item_and_any_may_come() -> None:
    item = np.array([0, 1, 1, 1, 2])
    drawn = [one_row_each(item, 3, np.random.default_rng(seed)) for seed in range(40)]
    assert all(item[rows].tolist() == [0, 1, 2] for rows in drawn)
    assert {int(rows[1]) for rows in drawn} == {1, 2, 3}


def test_mean_by() -> None:
    values = np.array([[1, 2], [3, 4], [10, 20]], dtype=np.float32)
    assert mean_by(values, np.array([1, 1, 0]), 2).tolist() == [[10, 20], [2, 3]]
