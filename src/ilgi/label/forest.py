"""Model 2 as a forest: many trees, each grown on chance, whose answers are averaged.

scikit-learn grows the trees (extra `train`); a bundle keeps them as arrays, and asking them takes NumPy alone.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector
from ilgi.bundle import State
from ilgi.errors import InputError, MissingExtra
from ilgi.label.base import FitReport, LabelModel
from ilgi.label.trees import OneTree, Trees, pack_trees

_LARGEST_SEED: Final = 2**31 - 1


class ForestConfig(BaseModel):
    """Hyper-parameters of `ForestLabels` and `ExtraTreesLabels`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    trees: int = Field(default=200, ge=1, le=5000)
    max_depth: int | None = Field(default=12, ge=1, le=64)
    """Levels of questions; None: as many as `min_rows_leaf` allows."""
    min_rows_leaf: int = Field(default=40, ge=1)
    """Rows that each leaf must hold."""
    columns_tried: float | None = Field(default=None, gt=0.0, le=1.0)
    """The share of the columns that are tried at each node; None: the square root of their number."""
    rows_drawn: float = Field(default=1.0, gt=0.0, le=1.0)
    """The share of the rows that each tree is grown on, drawn with replacement. Extra trees see all rows."""


class ForestLabels(LabelModel):
    """A random forest (Breiman 2001): each tree sees rows drawn with replacement and tries some columns at each node.

    All labels share the trees: a split makes the labels' squared errors small in sum, and a leaf answers with the mean
    of its rows' labels, so that targets between 0 and 1 (a label that is not known) can be learned from too.
    """

    Config = ForestConfig
    _grower: ClassVar[str] = "RandomForestRegressor"
    trees_: Trees | None = None
    """The trees, once fitted."""

    @property
    def options(self) -> ForestConfig:
        """`config` by its own type; see `config_as`."""
        return self.config_as(ForestConfig)

    def adopt(self, grown: Any, base_rates: FloatVector) -> None:  # noqa: ANN401 (scikit-learn has no types)
        """Answer with a forest that scikit-learn has grown elsewhere.

        Args:
            grown: A fitted RandomForest… or ExtraTrees…, Regressor or Classifier, over this model's columns and labels;
                of a classifier each label is one of two classes, absent and present.
            base_rates: (L,) in (0, 1) how common each label was in its training.

        Raises:
            InputError: It has other columns or labels, or a label with other classes.
        """
        if grown.n_features_in_ != len(self.columns):
            raise InputError(f"the forest reads {grown.n_features_in_} columns, not {len(self.columns)}")
        self.trees_ = pack_trees([_one_tree(tree.tree_, len(self.labels)) for tree in grown.estimators_])
        self.base_rates_ = np.asarray(base_rates, dtype=np.float32)

    def _fit(
        self,
        affect: FloatMatrix,
        labels: FloatMatrix,
        *,
        sample_weight: FloatVector,
        rng: np.random.Generator,
        **_: Any,  # noqa: ANN401 (there are no epochs, and nothing to stop early)
    ) -> FitReport:
        grown = self._forest(int(rng.integers(_LARGEST_SEED)))
        alike = bool((sample_weight == sample_weight[0]).all())
        grown.fit(affect, labels, sample_weight=None if alike else sample_weight)
        self.adopt(grown, self.base_rates)
        return FitReport(stopped=f"all {self.options.trees} trees are grown")

    def _forest(self, seed: int) -> Any:  # noqa: ANN401
        try:
            from sklearn import ensemble
        except ImportError as error:
            raise MissingExtra("growing a forest", "train", "scikit-learn") from error
        options = self.options
        given: dict[str, Any] = {
            "n_estimators": options.trees,
            "max_depth": options.max_depth,
            "min_samples_leaf": options.min_rows_leaf,
            "max_features": "sqrt" if options.columns_tried is None else options.columns_tried,
            "random_state": seed,
            "n_jobs": -1,
        }
        if self._grower == "RandomForestRegressor" and options.rows_drawn < 1.0:
            given["max_samples"] = options.rows_drawn
        return getattr(ensemble, self._grower)(**given)

    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        trees = self._grown()
        return np.clip(trees.total(affect) / len(trees.root), 0.0, 1.0).astype(np.float32)

    def _grown(self) -> Trees:
        if self.trees_ is None:
            raise InputError(f"{type(self).__name__} has not been fitted: call fit first")
        return self.trees_

    def state(self) -> State:
        """Return what a bundle keeps."""
        state = super().state()
        return State({**state.config, **self._grown().state().config}, state.arrays)

    def _arrays(self) -> Mapping[str, AnyArray]:
        return self._grown().state().arrays

    def _restore(self, state: State) -> None:
        self.trees_ = Trees.from_state(state, columns=len(self.columns), values=len(self.labels))


class ExtraTreesLabels(ForestLabels):
    """Extremely randomised trees (Geurts, Ernst & Wehenkel 2006): thresholds are drawn too, each tree sees all rows."""

    _grower = "ExtraTreesRegressor"


def _one_tree(tree: Any, labels: int) -> OneTree:  # noqa: ANN401
    """Return scikit-learn's tree; (nodes, outputs, classes) values become the share of the last class."""
    value = np.asarray(tree.value, dtype=np.float64)
    if value.shape[1] != labels or value.shape[2] > 2:
        raise InputError(f"the forest answers {value.shape[1]} labels of {value.shape[2]} classes, not {labels} of two")
    share = value[:, :, 0] if value.shape[2] == 1 else value[:, :, 1] / value.sum(axis=2)
    return OneTree(tree.feature, tree.threshold, tree.children_left, tree.children_right, share)
