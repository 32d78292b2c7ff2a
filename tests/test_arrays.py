import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.arrays import check_matrix, check_probabilities, logit, sigmoid
from ilgi.errors import InputError


def test_a_list_of_lists_becomes_float32() -> None:
    matrix = check_matrix([[1, 2], [3, 4]], columns=2, name="m")
    assert matrix.dtype == np.float32
    assert matrix.flags.c_contiguous
    assert matrix.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1.0, 2.0], "two dimensions"),
        ([[1.0, 2.0, 3.0]], "2 columns, not 3"),
        ([[1.0, float("nan")]], "row 0, column 1"),
        ([[1.0, 2.0], [float("inf"), 0.0]], "row 1, column 0"),
        ([["a", "b"]], "matrix of numbers"),
    ],
)
def test_what_is_wrong_is_said(value: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_matrix(value, columns=2, name="m")


def test_unknown_is_allowed_where_asked_for_and_infinity_never() -> None:
    assert np.isnan(check_matrix([[float("nan")]], columns=1, name="m", allow_nan=True)).all()
    with pytest.raises(InputError):
        check_matrix([[float("inf")]], columns=1, name="m", allow_nan=True)


@pytest.mark.parametrize("bad", [-0.001, 1.001])
def test_probabilities_stay_inside(bad: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        check_probabilities([[0.5, bad]], columns=2, name="p")
    assert check_probabilities(np.zeros((0, 2)), columns=2, name="p").shape == (0, 2)


@given(st.floats(-200, 200))
def test_sigmoid_is_the_logistic_function(x: float) -> None:
    expected = 1 / (1 + np.exp(-np.float64(x)))
    assert sigmoid([x])[0] == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.001, 0.999))
def test_logit_undoes_sigmoid(p: float) -> None:
    assert sigmoid(logit([p]))[0] == pytest.approx(p, abs=1e-5)


def test_logit_stays_finite_at_the_ends() -> None:
    assert logit([0.0, 1.0]).tolist() == pytest.approx([-9.21, 9.21], abs=0.01)
