"""What every label model is, and the simplest one: base rates."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector, check_matrix, check_probabilities
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.registry import Registry
from ilgi.vocabulary import Vocabulary

C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True)
class FitReport:
    """What a fit did, for people and for plots."""

    epochs: int = 0
    """Passes over the training rows that were made."""
    best_epoch: int = 0
    """The pass whose weights were kept, from 1; 0 where there are no passes."""
    stopped: str = "closed form"
    """Why it ended, in words."""
    history: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Series by name ("train_loss", "validation_loss"), one value per epoch."""


class LabelModel(ABC):
    """Predicts labels from affect. To add one, write `_fit`, `_predict`, `_arrays` and `_restore`.

    `config` holds hyper-parameters only. `fit` learns; what it learned ends in an underscore. The affect that comes in
    is standardised (normal scores, see `ilgi.emotion.reference`), so that reviews and diaries mean the same by it.
    """

    Config: ClassVar[type[BaseModel]]
    """The pydantic class of `config`, with extra="forbid"."""

    def __init__(self, columns: Vocabulary, labels: Vocabulary, config: BaseModel | None = None) -> None:
        """Store the arguments and do nothing else.

        Args:
            columns: The A affect columns that it reads.
            labels: The L labels that it predicts.
            config: Hyper-parameters; the defaults of `Config` if None.
        """
        self.columns = columns
        self.labels = labels
        self.config = config if config is not None else self.Config()
        self.base_rates_: FloatVector | None = None

    def fit(
        self,
        affect: FloatMatrix,
        labels: FloatMatrix,
        *,
        validation: tuple[FloatMatrix, FloatMatrix] | None = None,
        sample_weight: FloatVector | None = None,
        rng: np.random.Generator,
        on_epoch: Callable[[int, Mapping[str, float]], None] | None = None,
    ) -> FitReport:
        """Learn from rows of affect with their labels.

        Args:
            affect: (n, A) normal scores, n ≥ 1.
            labels: (n, L) in [0, 1]; 1 where the label holds.
            validation: The same pair for rows of other items, for early stopping.
            sample_weight: (n,) not negative; how much each row counts. All alike if None.
            rng: The only source of randomness: the same seed gives the same bytes.
            on_epoch: Called after each epoch with its number (from 1) and its metrics.

        Raises:
            InputError: A shape doesn't fit, or there are no rows.
            TrainingError: The loss stopped being finite.
        """
        x = check_matrix(affect, columns=len(self.columns), name="affect")
        y = check_probabilities(labels, columns=len(self.labels), name="labels")
        if len(x) == 0 or len(x) != len(y):
            raise InputError(f"affect and labels need the same number of rows, at least one: {len(x)} and {len(y)}")
        weight = np.ones(len(x), dtype=np.float32) if sample_weight is None else np.asarray(sample_weight, np.float32)
        if weight.shape != (len(x),) or not np.isfinite(weight).all() or (weight < 0).any() or weight.sum() <= 0:
            raise InputError("sample_weight needs one number per row, none negative, not all zero")
        # Half a row of each kind keeps the rate of a label that was never seen off 0, and so its log-odds finite.
        total = weight.sum(dtype=np.float64)
        seen = (y * weight[:, None]).sum(axis=0, dtype=np.float64)
        scale = len(x) / total
        self.base_rates_ = ((seen * scale + 0.5) / (len(x) + 1.0)).astype(np.float32)
        return self._fit(x, y, validation=validation, sample_weight=weight, rng=rng, on_epoch=on_epoch)

    def predict_proba(self, affect: FloatMatrix) -> FloatMatrix:
        """Return (n, L) probabilities in [0, 1]; a row need not sum to 1.

        Args:
            affect: (n, A) normal scores.

        Raises:
            InputError: The shape doesn't fit, or the model has not been fitted.
        """
        if self.base_rates_ is None:
            raise InputError(f"{type(self).__name__} has not been fitted: call fit first")
        x = check_matrix(affect, columns=len(self.columns), name="affect")
        if len(x) == 0:
            return np.zeros((0, len(self.labels)), dtype=np.float32)
        return check_probabilities(self._predict(x), columns=len(self.labels), name="label probabilities")

    @property
    def base_rates(self) -> FloatVector:
        """(L,) in (0, 1): how common each label was in training.

        Raises:
            InputError: The model has not been fitted.
        """
        if self.base_rates_ is None:
            raise InputError(f"{type(self).__name__} has not been fitted: call fit first")
        return self.base_rates_

    def config_as(self, kind: type[C]) -> C:
        """Return `config` by its own type.

        Raises:
            InputError: The model was made with another class of config.
        """
        if not isinstance(self.config, kind):
            raise InputError(f"{type(self).__name__} needs a {kind.__name__}, not {type(self.config).__name__}")
        return self.config

    @abstractmethod
    def _fit(
        self,
        affect: FloatMatrix,
        labels: FloatMatrix,
        *,
        validation: tuple[FloatMatrix, FloatMatrix] | None,
        sample_weight: FloatVector,
        rng: np.random.Generator,
        on_epoch: Callable[[int, Mapping[str, float]], None] | None,
    ) -> FitReport:
        """Learn from checked arrays; `base_rates_` is already set."""

    @abstractmethod
    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        """Return (n, L) in [0, 1] for a checked (n, A), n ≥ 1."""

    @abstractmethod
    def _arrays(self) -> Mapping[str, AnyArray]:
        """Return the learned arrays by name (without the base rates)."""

    @abstractmethod
    def _restore(self, state: State) -> None:
        """Take the learned arrays back, checking name, shape and type of each."""

    def state(self) -> State:
        """Return what a bundle keeps."""
        config = {
            "columns": list(self.columns),
            "labels": list(self.labels),
            "config": self.config.model_dump(mode="json"),
        }
        return State(config, {"base_rates": self.base_rates, **self._arrays()})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the model that gave this state.

        Raises:
            BundleDamaged: The state is not what this class writes.
        """
        try:
            model = cls(
                Vocabulary(state.config["columns"], kind="affect column"),
                Vocabulary(state.config["labels"], kind="label"),
                cls.Config.model_validate(state.config["config"]),
            )
        except (KeyError, TypeError, ValueError, InputError) as error:
            raise BundleDamaged("labels", f"does not describe a {cls.__name__}") from error
        model.base_rates_ = state.array("base_rates", shape=(len(model.labels),))
        model._restore(state)
        return model


class PriorConfig(BaseModel):
    """No choices to make."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PriorLabels(LabelModel):
    """Always answers with the base rates: the baseline that every other model has to beat."""

    Config = PriorConfig

    def _fit(self, affect: FloatMatrix, labels: FloatMatrix, **_: Any) -> FitReport:  # noqa: ANN401, ARG002
        return FitReport()

    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        return np.tile(self.base_rates, (len(affect), 1))

    def _arrays(self) -> Mapping[str, AnyArray]:
        return {}

    def _restore(self, state: State) -> None:
        pass


label_models: Final[Registry[LabelModel]] = Registry("ilgi.label_models", "label model")
"""The label models that are installed."""
