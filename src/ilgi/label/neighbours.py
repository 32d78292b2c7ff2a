"""Model 2 by likeness: what labels had the training rows whose feeling is nearest?"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.label.base import FitReport, LabelModel

_ROWS: Final = 256
"""Rows whose distances are held at once."""


class NeighboursConfig(BaseModel):
    """Hyper-parameters of `NeighboursLabels`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    neighbours: int = Field(default=200, ge=1)
    """Training rows that are asked; all of them where there are fewer."""
    prior_rows: float = Field(default=20.0, ge=0.0)
    """How many rows at the base rates stand beside them, so that a few neighbours don't mean certainty."""


class NeighboursLabels(LabelModel):
    """k nearest neighbours (Fix & Hodges 1951) by Euclidean distance of normal scores, each row with its own weight.

    It keeps every training row, as numbers: the affect and the labels, no text.
    """

    Config = NeighboursConfig
    rows_: FloatMatrix | None = None
    """(n, A) the training rows, once fitted."""
    labels_: FloatMatrix | None = None
    """(n, L) their labels."""
    weight_: FloatVector | None = None
    """(n,) how much each counts."""

    @property
    def options(self) -> NeighboursConfig:
        """`config` by its own type; see `config_as`."""
        return self.config_as(NeighboursConfig)

    def _fit(
        self,
        affect: FloatMatrix,
        labels: FloatMatrix,
        *,
        sample_weight: FloatVector,
        **_: Any,  # noqa: ANN401
    ) -> FitReport:
        self.rows_, self.labels_, self.weight_ = affect.copy(), labels.copy(), sample_weight.copy()
        return FitReport(stopped=f"all {len(affect)} rows are kept")

    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        rows, labels, weight = self._kept()
        k = min(self.options.neighbours, len(rows))
        prior = self.options.prior_rows
        square = np.einsum("ij,ij->i", rows, rows)
        result = np.empty((len(affect), len(self.labels)), dtype=np.float32)
        for start in range(0, len(affect), _ROWS):
            part = affect[start : start + _ROWS]
            # |x - r|² without |x|², which is the same for all r.
            distance = square[None] - 2.0 * (part @ rows.T)
            near = np.argpartition(distance, k - 1, axis=1)[:, :k]
            w = weight[near]
            told = np.einsum("nk,nkl->nl", w, labels[near]) + prior * self.base_rates
            result[start : start + _ROWS] = told / np.maximum(w.sum(axis=1) + prior, 1e-9)[:, None]
        return np.clip(result, 0.0, 1.0)

    def _kept(self) -> tuple[FloatMatrix, FloatMatrix, FloatVector]:
        if self.rows_ is None or self.labels_ is None or self.weight_ is None:
            raise InputError("NeighboursLabels has not been fitted: call fit first")
        return self.rows_, self.labels_, self.weight_

    def _arrays(self) -> Mapping[str, AnyArray]:
        rows, labels, weight = self._kept()
        return {"rows": rows, "row_labels": labels, "row_weight": weight}

    def _restore(self, state: State) -> None:
        rows = state.array("rows", shape=(None, len(self.columns)))
        labels = state.array("row_labels", shape=(len(rows), len(self.labels)))
        weight = state.array("row_weight", shape=(len(rows),))
        for name, value in (("rows", rows), ("row_labels", labels), ("row_weight", weight)):
            if not len(value) or not np.isfinite(value).all():
                raise BundleDamaged(name, "is empty or holds values that are not finite")
        self.rows_, self.labels_, self.weight_ = rows, labels, weight
