import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.responsiveness import distance_from_prior, lift_by_group, mutual_information


def test_information_of_what_is_known_and_of_what_is_not() -> None:
    rng = np.random.default_rng(0)
    a = rng.integers(4, size=20_000)
    assert mutual_information(a, a) == pytest.approx(2.0, abs=0.01)
    assert mutual_information(a, rng.integers(5, size=len(a))) == pytest.approx(0.0, abs=2e-3)
    assert mutual_information(a, np.zeros_like(a)) == 0.0
    with pytest.raises(InputError, match="two labellings"):
        mutual_information(a, a[:-1])


def test_distance_is_none_at_the_prior_and_one_without_overlap() -> None:
    prior = np.array([0.5, 0.5, 0.0], dtype=np.float32)
    assert distance_from_prior(np.tile(prior * 0.3, (2, 1)), prior) == pytest.approx(0.0, abs=1e-6)
    assert distance_from_prior(np.array([[0, 0, 0.2]], dtype=np.float32), prior) == pytest.approx(1.0)
    each = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32)
    assert distance_from_prior(each, each) == 0.0
    assert distance_from_prior(each, prior) == pytest.approx(0.5)
    # A row of zeros favours nothing.
    assert distance_from_prior(np.zeros((1, 2), dtype=np.float32), np.array([0.1, 0.1], dtype=np.float32)) == 0.0
    with pytest.raises(InputError, match="base rate for each label"):
        distance_from_prior(each, prior[:2])


def test_lift_of_each_group() -> None:
    lift = np.array([[1.0, 0.0], [3.0, 0.0], [0.0, -1.0]], dtype=np.float32)
    found = lift_by_group(lift, np.array([0, 0, 2]), 3)
    assert found[[0, 2]].tolist() == [[2.0, 0.0], [0.0, -1.0]]
    assert np.isnan(found[1]).all()
