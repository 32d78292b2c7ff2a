"""Model 2 as boosted trees: each tree mends what those before it got wrong, one chain of trees for each label.

scikit-learn grows them by histograms (extra `train`); a bundle keeps them in the arrays of `trees`.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector, sigmoid
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError, MissingExtra
from ilgi.label.base import FitReport, LabelModel
from ilgi.label.trees import OneTree, Trees, pack_trees

_LARGEST_SEED: Final = 2**31 - 1
_FEWEST: Final = 2
"""Rows with a label, and without it, below which it keeps its base rate."""


class BoostingConfig(BaseModel):
    """Hyper-parameters of `BoostingLabels`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rounds: int = Field(default=100, ge=1, le=5000)
    """Trees of each label at most."""
    learning_rate: float = Field(default=0.05, gt=0.0, le=1.0)
    """What each tree's answer is multiplied by."""
    leaves: int = Field(default=8, ge=2, le=1024)
    """Leaves of a tree at most."""
    min_rows_leaf: int = Field(default=40, ge=1)
    l2: float = Field(default=1.0, ge=0.0)
    """λ of a penalty on what leaves answer."""
    patience_rounds: int | None = Field(default=10, ge=1)
    """Stop a label after so many trees without a better loss on a tenth of the rows; None: all trees are grown."""


class BoostingLabels(LabelModel):
    """Gradient boosting of the log-odds (Friedman 2001), for each label by itself.

    A row whose target lies between 0 and 1 (a label that is not known) is left out for that label.
    """

    Config = BoostingConfig
    trees_: Trees | None = None
    """The trees of all labels, each answering in its own label's column, once fitted."""
    start_: FloatVector | None = None
    """(L,) the log-odds before the first tree."""

    @property
    def options(self) -> BoostingConfig:
        """`config` by its own type; see `config_as`."""
        return self.config_as(BoostingConfig)

    def _fit(
        self,
        affect: FloatMatrix,
        labels: FloatMatrix,
        *,
        sample_weight: FloatVector,
        rng: np.random.Generator,
        **_: Any,  # noqa: ANN401 (labels stop one by one, on rows of their own)
    ) -> FitReport:
        rates = self.base_rates.astype(np.float64)
        start = np.log(rates / (1.0 - rates))
        trees: list[OneTree] = []
        rounds = []
        for column in range(len(self.labels)):
            y = labels[:, column]
            rows = np.flatnonzero((y == 0.0) | (y == 1.0))
            seed = int(rng.integers(_LARGEST_SEED))
            if min((y[rows] == 0.0).sum(), (y[rows] == 1.0).sum()) < _FEWEST:
                continue
            grown = self._grower(seed)
            grown.fit(affect[rows], y[rows].astype(np.int64), sample_weight=sample_weight[rows])
            start[column] = float(np.ravel(grown._baseline_prediction)[0])
            own = [_one_tree(one[0].nodes, column, len(self.labels)) for one in grown._predictors]
            trees += own
            rounds.append(len(own))
        nothing = OneTree(
            np.array([0]), np.array([0.0]), np.array([-1]), np.array([-1]), np.zeros((1, len(self.labels)))
        )
        self.trees_ = pack_trees(trees or [nothing])
        self.start_ = start.astype(np.float32)
        told = f"{min(rounds)} to {max(rounds)} trees a label" if rounds else "no label could be learned"
        return FitReport(stopped=told)

    def _grower(self, seed: int) -> Any:  # noqa: ANN401 (scikit-learn has no types)
        try:
            from sklearn.ensemble import HistGradientBoostingClassifier
        except ImportError as error:
            raise MissingExtra("growing boosted trees", "train", "scikit-learn") from error
        options = self.options
        return HistGradientBoostingClassifier(
            max_iter=options.rounds,
            learning_rate=options.learning_rate,
            max_leaf_nodes=options.leaves,
            min_samples_leaf=options.min_rows_leaf,
            l2_regularization=options.l2,
            early_stopping=options.patience_rounds is not None,
            n_iter_no_change=options.patience_rounds or 10,
            random_state=seed,
        )

    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        if self.trees_ is None or self.start_ is None:
            raise InputError("BoostingLabels has not been fitted: call fit first")
        return sigmoid(self.trees_.total(affect) + self.start_)

    def state(self) -> State:
        """Return what a bundle keeps."""
        state = super().state()
        return State({**state.config, "depth": self.trees_.depth if self.trees_ is not None else 0}, state.arrays)

    def _arrays(self) -> Mapping[str, AnyArray]:
        if self.trees_ is None or self.start_ is None:
            raise InputError("BoostingLabels has not been fitted: call fit first")
        return {**self.trees_.state().arrays, "start": self.start_}

    def _restore(self, state: State) -> None:
        self.trees_ = Trees.from_state(state, columns=len(self.columns), values=len(self.labels))
        self.start_ = state.array("start", shape=(len(self.labels),))
        if not np.isfinite(self.start_).all():
            raise BundleDamaged("start", "holds values that are not finite")


def _one_tree(nodes: Any, column: int, labels: int) -> OneTree:  # noqa: ANN401
    """Return scikit-learn's tree, its answers in one label's column."""
    value = np.zeros((len(nodes), labels))
    value[:, column] = nodes["value"]
    leaf = nodes["is_leaf"].astype(bool)
    return OneTree(
        nodes["feature_idx"].astype(np.int64),
        nodes["num_threshold"].astype(np.float64),
        np.where(leaf, -1, nodes["left"].astype(np.int64)),
        np.where(leaf, -1, nodes["right"].astype(np.int64)),
        value,
    )
