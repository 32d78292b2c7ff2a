import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.label.base import LabelModel, PriorConfig, label_models
from ilgi.label.forest import ExtraTreesLabels, ForestConfig, ForestLabels
from ilgi.testing import LabelModelContract
from ilgi.vocabulary import Vocabulary

sklearn = pytest.importorskip("sklearn", reason="needs the extra 'train'")

from sklearn import ensemble  # noqa: E402

COLUMNS = Vocabulary(("joy", "sadness", "fear"), kind="affect column")
LABELS = Vocabulary(("Comedy", "Drama"), kind="genre")
SMALL = ForestConfig(trees=20, min_rows_leaf=5)


class TestForest(LabelModelContract):
    def make(self) -> LabelModel:
        return ForestLabels(self.columns, self.labels, SMALL)


class TestExtraTrees(LabelModelContract):
    def make(self) -> LabelModel:
        return ExtraTreesLabels(self.columns, self.labels, SMALL)


def rows(n: int = 500) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, 3)).astype(np.float32)
    y = np.stack([x[:, 0] * x[:, 1] > 0, x[:, 2] > 0.5], axis=1).astype(np.float32)
    return x, y


@pytest.mark.parametrize("name", ["RandomForestRegressor", "ExtraTreesRegressor"])
def test_answers_as_scikit_learn_does(name: str) -> None:
    x, y = rows()
    grown = getattr(ensemble, name)(n_estimators=30, min_samples_leaf=3, random_state=0).fit(x, y)
    model = ForestLabels(COLUMNS, LABELS, SMALL)
    model.adopt(grown, y.mean(axis=0))
    new = np.random.default_rng(1).standard_normal((3000, 3)).astype(np.float32)
    assert np.abs(model.predict_proba(new) - grown.predict(new)).max() < 1e-6
    assert np.abs(model.predict_proba(new[:1]) - grown.predict(new[:1])).max() < 1e-6


@pytest.mark.parametrize("name", ["RandomForestClassifier", "ExtraTreesClassifier"])
def test_answers_as_a_classifier_of_scikit_learn_does(name: str) -> None:
    x, y = rows()
    grown = getattr(ensemble, name)(n_estimators=30, min_samples_leaf=3, random_state=0).fit(x, y)
    model = ForestLabels(COLUMNS, LABELS, SMALL)
    model.adopt(grown, y.mean(axis=0))
    theirs = np.stack([p[:, 1] for p in grown.predict_proba(x)], axis=1)
    assert np.abs(model.predict_proba(x) - theirs).max() < 1e-6


def test_learns_what_no_line_can() -> None:
    x, y = rows(2000)
    model = ForestLabels(COLUMNS, LABELS, SMALL)
    model.fit(x, y, rng=np.random.default_rng(0))
    p = model.predict_proba(x)[:, 0]
    assert p[y[:, 0] == 1].mean() - p[y[:, 0] == 0].mean() > 0.4


def test_targets_between_no_and_yes_are_learned_too() -> None:
    x, y = rows()
    y[:, 1] = 0.25
    model = ExtraTreesLabels(COLUMNS, LABELS, SMALL)
    model.fit(x, y, rng=np.random.default_rng(0))
    assert np.abs(model.predict_proba(x)[:, 1] - 0.25).max() < 1e-6


def test_rows_count_by_their_weight() -> None:
    x, y = rows()
    y[:, 1] = np.random.default_rng(1).integers(0, 2, len(y))
    heavy = np.where(y[:, 1] == 1, 9.0, 1.0).astype(np.float32)
    plain, weighted = (ForestLabels(COLUMNS, LABELS, SMALL) for _ in range(2))
    plain.fit(x, y, rng=np.random.default_rng(0))
    weighted.fit(x, y, sample_weight=heavy, rng=np.random.default_rng(0))
    assert weighted.predict_proba(x)[:, 1].mean() > plain.predict_proba(x)[:, 1].mean() + 0.1


def test_a_share_of_the_rows_and_columns() -> None:
    x, y = rows()
    model = ForestLabels(COLUMNS, LABELS, ForestConfig(trees=5, columns_tried=1.0, rows_drawn=0.3, max_depth=2))
    report = model.fit(x, y, rng=np.random.default_rng(0))
    assert report.stopped == "all 5 trees are grown"
    assert model.trees_ is not None
    assert model.trees_.depth <= 2


def test_another_forest_is_refused() -> None:
    x, y = rows()
    model = ForestLabels(COLUMNS, LABELS, SMALL)
    with pytest.raises(InputError, match="reads 2 columns, not 3"):
        model.adopt(ensemble.ExtraTreesRegressor(3).fit(x[:, :2], y), y.mean(axis=0))
    with pytest.raises(InputError, match="answers 1 labels"):
        model.adopt(ensemble.ExtraTreesRegressor(3).fit(x, y[:, 0]), y.mean(axis=0))


def test_another_config_is_refused() -> None:
    with pytest.raises(InputError, match="needs a ForestConfig"):
        _ = ForestLabels(COLUMNS, LABELS, PriorConfig()).options


def test_is_registered() -> None:
    assert label_models.get("forest") is ForestLabels
    assert label_models.get("extra_trees") is ExtraTreesLabels
