import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.label.base import LabelModel, PriorConfig, label_models
from ilgi.label.neighbours import NeighboursConfig, NeighboursLabels
from ilgi.testing import LabelModelContract
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "sadness"), kind="affect column")
LABELS = Vocabulary(("Comedy",), kind="genre")
X = np.array([[0, 0], [0, 1], [5, 5], [5, 6]], dtype=np.float32)
Y = np.array([[1], [1], [0], [1]], dtype=np.float32)


class TestNeighbours(LabelModelContract):
    def make(self) -> LabelModel:
        return NeighboursLabels(self.columns, self.labels)


def fitted(config: NeighboursConfig, weight: np.ndarray | None = None) -> NeighboursLabels:
    model = NeighboursLabels(COLUMNS, LABELS, config)
    model.fit(X, Y, sample_weight=weight, rng=np.random.default_rng(0))
    return model


def test_answers_what_the_nearest_had() -> None:
    model = fitted(NeighboursConfig(neighbours=2, prior_rows=0.0))
    assert model.predict_proba(np.array([[0, 0.4], [5, 5.4]], dtype=np.float32)).ravel().tolist() == [1.0, 0.5]


def test_more_neighbours_than_rows_are_all_rows() -> None:
    assert fitted(NeighboursConfig(neighbours=9, prior_rows=0.0)).predict_proba(X).ravel().tolist() == [0.75] * 4


def test_rows_count_by_their_weight() -> None:
    weight = np.array([1, 1, 3, 1], dtype=np.float32)
    model = fitted(NeighboursConfig(neighbours=2, prior_rows=0.0), weight)
    assert model.predict_proba(X[3:])[0, 0] == pytest.approx(0.25)


def test_base_rates_stand_beside_few_neighbours() -> None:
    model = fitted(NeighboursConfig(neighbours=1, prior_rows=1.0))
    assert model.predict_proba(X[:1])[0, 0] == pytest.approx((1 + model.base_rates[0]) / 2)


@pytest.mark.parametrize("name", ["rows", "row_labels", "row_weight"])
def test_rows_that_are_not_finite_are_refused(name: str) -> None:
    state = fitted(NeighboursConfig()).state()
    broken = np.full_like(state.arrays[name], np.nan)
    with pytest.raises(BundleDamaged, match="not finite"):
        NeighboursLabels.from_state(State(state.config, {**state.arrays, name: broken}))


def test_another_config_is_refused() -> None:
    with pytest.raises(InputError, match="needs a NeighboursConfig"):
        _ = NeighboursLabels(COLUMNS, LABELS, PriorConfig()).options


def test_is_registered() -> None:
    assert label_models.get("neighbours") is NeighboursLabels
