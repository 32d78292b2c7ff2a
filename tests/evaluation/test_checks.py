import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.checks import checked_pair, last_of_ties


def test_what_is_unknown_becomes_zero() -> None:
    known = np.array([[True, False], [True, True]])
    y, p, mask = checked_pair([[1, np.nan], [0, 1]], [[0.5, np.inf], [0.2, 0.1]], known)
    assert y.tolist() == [[1, 0], [0, 1]]
    assert p.tolist() == [[0.5, 0], [0.2, 0.1]]
    assert mask.tolist() == known.tolist()
    assert checked_pair([[1]], [[3.0]])[2].all()


@pytest.mark.parametrize(
    ("y", "p", "known", "words"),
    [
        ([1, 0], [1, 0], None, "one shape"),
        ([[1]], [[1, 0]], None, "one shape"),
        ([[0.5]], [[0.5]], None, "must be 0 or 1"),
        ([[1]], [[np.nan]], None, "finite"),
        ([[1]], [[1.0]], [[1]], "matrix of bool"),
        ([[1]], [[1.0]], [[True, False]], "matrix of bool"),
    ],
)
def test_what_does_not_fit_is_refused(y: object, p: object, known: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        checked_pair(y, p, known)


def test_probabilities_are_asked_for_only_where_they_matter() -> None:
    checked_pair([[1]], [[1.5]])
    with pytest.raises(InputError, match="between 0 and 1"):
        checked_pair([[1]], [[1.5]], probabilities=True)


def test_last_of_ties_against_a_loop() -> None:
    rng = np.random.default_rng(0)
    for m in (1, 2, 7, 30):
        rows = np.sort(rng.integers(0, 5, size=(4, m)).astype(float), axis=1)
        expected = [[max(j for j in range(m) if row[j] == row[i]) for i in range(m)] for row in rows]
        assert last_of_ties(rows).tolist() == expected
