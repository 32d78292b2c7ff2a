import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.label.base import LabelModel, PriorLabels
from ilgi.testing import LabelModelContract


class TestPrior(LabelModelContract):
    def make(self) -> LabelModel:
        return PriorLabels(self.columns, self.labels)


def fit_prior(weights: list[float] | None = None) -> LabelModel:
    model = PriorLabels(LabelModelContract.columns, LabelModelContract.labels)
    x = np.zeros((4, 3), np.float32)
    y = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]], np.float32)
    model.fit(x, y, sample_weight=None if weights is None else np.array(weights), rng=np.random.default_rng(0))
    return model


def test_rates_are_counted() -> None:
    assert fit_prior().base_rates.tolist() == pytest.approx([3.5 / 5, 1.5 / 5, 0.5 / 5])


def test_rows_count_by_their_weight() -> None:
    weighted = fit_prior([0, 2, 0, 2]).base_rates
    assert weighted.tolist() == pytest.approx([2.5 / 5, 2.5 / 5, 0.5 / 5])


@pytest.mark.parametrize("weights", [[1, 1], [1, -1, 1, 1], [0, 0, 0, 0], [1, float("nan"), 1, 1]])
def test_bad_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="sample_weight"):
        fit_prior(weights)


def test_rows_must_match() -> None:
    model = PriorLabels(LabelModelContract.columns, LabelModelContract.labels)
    with pytest.raises(InputError, match="same number of rows"):
        model.fit(np.zeros((2, 3)), np.zeros((3, 3)), rng=np.random.default_rng(0))
    with pytest.raises(InputError, match="at least one"):
        model.fit(np.zeros((0, 3)), np.zeros((0, 3)), rng=np.random.default_rng(0))
