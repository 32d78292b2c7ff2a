import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.label.base import LabelModel, PriorConfig, label_models
from ilgi.label.boosting import BoostingConfig, BoostingLabels
from ilgi.testing import LabelModelContract
from ilgi.vocabulary import Vocabulary

sklearn = pytest.importorskip("sklearn", reason="needs the extra 'train'")

COLUMNS = Vocabulary(("joy", "sadness", "fear"), kind="affect column")
LABELS = Vocabulary(("Comedy", "Drama"), kind="genre")
SMALL = BoostingConfig(rounds=20, min_rows_leaf=5, patience_rounds=None)


class TestBoosting(LabelModelContract):
    def make(self) -> LabelModel:
        return BoostingLabels(self.columns, self.labels, SMALL)


def rows(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 3)).astype(np.float32)
    return x, np.stack([x[:, 0] * x[:, 1] > 0, x[:, 2] > 0.5], axis=1).astype(np.float32)


def test_answers_as_scikit_learn_does(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = rows()
    model = BoostingLabels(COLUMNS, LABELS, SMALL)
    grown = []
    make = model._grower
    monkeypatch.setattr(model, "_grower", lambda seed: grown.append(make(seed)) or grown[-1])
    model.fit(x, y, rng=np.random.default_rng(0))
    new = np.random.default_rng(1).standard_normal((3000, 3)).astype(np.float32)
    theirs = np.stack([one.predict_proba(new)[:, 1] for one in grown], axis=1)
    assert np.abs(model.predict_proba(new) - theirs).max() < 1e-6


def test_labels_stop_one_by_one() -> None:
    x, y = rows()
    y[:, 1] = np.random.default_rng(1).integers(0, 2, len(y))  # there is nothing to learn in this one
    model = BoostingLabels(COLUMNS, LABELS, BoostingConfig(rounds=300, patience_rounds=3, min_rows_leaf=5))
    report = model.fit(x, y, rng=np.random.default_rng(0))
    assert report.stopped.endswith("trees a label")
    assert int(report.stopped.split()[0]) < 60


def test_unknown_labels_are_left_out() -> None:
    x, y = rows()
    y[::2, 1] = 0.3
    model = BoostingLabels(COLUMNS, LABELS, SMALL)
    model.fit(x, y, rng=np.random.default_rng(0))
    p = model.predict_proba(x)[:, 1]
    assert p[x[:, 2] > 0.7].mean() > 0.5 > p[x[:, 2] < 0.3].mean()


def test_nothing_to_learn_gives_the_base_rates() -> None:
    x, _ = rows()
    model = BoostingLabels(COLUMNS, LABELS, SMALL)
    report = model.fit(x, np.zeros((len(x), 2), dtype=np.float32), rng=np.random.default_rng(0))
    assert report.stopped == "no label could be learned"
    assert np.abs(model.predict_proba(x) - model.base_rates).max() < 1e-6


def test_a_start_that_is_not_finite_is_refused() -> None:
    x, y = rows()
    model = BoostingLabels(COLUMNS, LABELS, SMALL)
    model.fit(x, y, rng=np.random.default_rng(0))
    state = model.state()
    with pytest.raises(BundleDamaged, match="not finite"):
        BoostingLabels.from_state(State(state.config, {**state.arrays, "start": np.full(2, np.nan, dtype=np.float32)}))


def test_another_config_is_refused() -> None:
    with pytest.raises(InputError, match="needs a BoostingConfig"):
        _ = BoostingLabels(COLUMNS, LABELS, PriorConfig()).options


def test_is_registered() -> None:
    assert label_models.get("boosting") is BoostingLabels
