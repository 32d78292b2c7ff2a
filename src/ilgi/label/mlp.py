"""Model 2 as a small dense network: affect → the probability of each label, on `ilgi.nn`."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector, check_matrix, check_probabilities
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.label.base import FitReport, LabelModel
from ilgi.nn.activations import ActivationName
from ilgi.nn.fitting import fit
from ilgi.nn.initializers import InitializerName
from ilgi.nn.losses import LossName, make_loss
from ilgi.nn.network import Network
from ilgi.nn.optimizers import OptimizerName, make_optimizer
from ilgi.nn.schedules import Constant, Cosine, Exponential, Schedule, Step, WarmUp
from ilgi.nn.stopping import EarlyStopping
from ilgi.nn.weighting import balanced_class_weight

_OUTPUTS_OF: Final[dict[LossName, tuple[str, ...]]] = {
    "mse": ("linear", "sigmoid", "softmax"),
    "bce": ("sigmoid",),
    "focal": ("sigmoid",),
    "cce": ("softmax",),
}


class MlpLayer(BaseModel):
    """One hidden layer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(ge=1, le=4096)
    """Its units."""
    activation: ActivationName = "relu"


class MlpConfig(BaseModel):
    """Hyper-parameters of `MlpLabels`.

    The defaults were chosen on validation films for 28 affect columns, 19 genres and some 60,000 reviews.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layers: tuple[MlpLayer, ...] = Field(default=(MlpLayer(size=128), MlpLayer(size=64)), max_length=16)
    """The hidden layers, first to last, each with its own activation; none at all is logistic regression."""
    output: Literal["linear", "sigmoid", "softmax"] = "sigmoid"
    """What the last layer gives: any number, a probability per label, or shares of the labels that sum to 1."""
    initializer: InitializerName = "he_normal"
    """The rule that draws the weights of every layer."""
    output_bias: Literal["zero", "base_rates"] = "base_rates"
    """Where the output's biases start: at 0, or where a network that ignores its input predicts the base rates."""
    loss: LossName = "bce"
    """What training makes small. bce and focal need the output sigmoid, cce needs softmax, mse takes any."""
    focal_gamma: float = Field(default=2.0, ge=0.0, le=10.0)
    """The exponent of the focal loss; the other losses don't read it."""
    class_weight: Literal["none", "balanced"] | dict[str, float] = "none"
    """How much a label counts where it is present: as much as where it is absent ("none"), so that both count alike in
    sum ("balanced"), or by label so many times as much (a label not named: 1)."""
    label_smoothing: float = Field(default=0.0, ge=0.0, lt=1.0)
    """The share by which training targets move towards not knowing."""
    optimizer: OptimizerName = "adamw"
    learning_rate: float = Field(default=2e-3, gt=0.0)
    """The size of a step before the schedule."""
    momentum: float = Field(default=0.0, ge=0.0, lt=1.0)
    """Of sgd; the other optimisers don't read it."""
    nesterov: bool = False
    """Of sgd with momentum: look ahead."""
    weight_decay: float = Field(default=0.3, ge=0.0)
    """Of adamw: the share (times the learning rate) that each weight loses per step."""
    l2: float = Field(default=0.0, ge=0.0)
    """λ of a penalty λ/2 Σ w² on weights, for any optimiser."""
    schedule: Literal["constant", "step", "exponential", "cosine"] = "cosine"
    """How the learning rate falls over `max_epochs`."""
    schedule_gamma: float = Field(default=0.5, gt=0.0, le=1.0)
    """The factor of "step" (every `step_epochs`) and of "exponential" (every epoch)."""
    step_epochs: int = Field(default=10, ge=1)
    """Epochs between two falls of "step"."""
    final_fraction: float = Field(default=0.05, ge=0.0, le=1.0)
    """The share of the learning rate that "cosine" ends at."""
    warmup_epochs: float = Field(default=0.0, ge=0.0)
    """Epochs over which the learning rate first rises from next to nothing."""
    dropout: float = Field(default=0.2, ge=0.0, lt=1.0)
    """The share of hidden units that each training step switches off."""
    batch_size: int = Field(default=256, ge=1)
    """Rows in a step."""
    max_epochs: int = Field(default=40, ge=1)
    """Passes over the training rows at most."""
    patience_epochs: int | None = Field(default=6, ge=0)
    """Stop after so many epochs without a better validation loss, and keep the best epoch's weights. None or 0: all
    epochs are run and the last weights kept. So it is without validation rows, too."""
    min_delta: float = Field(default=1e-5, ge=0.0)
    """By how much the validation loss must improve to count against patience."""

    @model_validator(mode="after")
    def _output_fits_loss(self) -> Self:
        if self.output not in _OUTPUTS_OF[self.loss]:
            allowed = " or ".join(_OUTPUTS_OF[self.loss])
            raise ValueError(f"loss {self.loss!r} needs the output {allowed}, not {self.output!r}")
        return self


PROTOTYPE: Final = MlpConfig(
    layers=(MlpLayer(size=64), MlpLayer(size=32)),
    output="linear",
    output_bias="zero",
    loss="mse",
    optimizer="sgd",
    learning_rate=0.1,
    schedule="constant",
    dropout=0.0,
    batch_size=32,
    max_epochs=1000,
    patience_epochs=None,
)
"""What ilgi's prototype trained: ReLU, linear output, squared error, plain SGD, every epoch, no validation."""


class MlpLabels(LabelModel):
    """A dense network over the affect columns.

    A linear output (as the prototype's) is not a probability; `predict_proba` clips it to [0, 1]. With class weights
    and the loss bce, the weights' push on the probabilities is taken back exactly (the output's biases move by
    -log(present / absent weight); King and Zeng 2001, "prior correction"), so that they still mean what they say; with
    mse and focal they stay pushed. cce learns from shares: a row with three labels counts each as a third.
    """

    Config = MlpConfig
    network_: Network | None = None
    """The network, once fitted."""

    @property
    def options(self) -> MlpConfig:
        """`config` by its own type; see `config_as`."""
        return self.config_as(MlpConfig)

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
        options = self.options
        class_weight = self._class_weight(labels, sample_weight)
        if validation is not None:
            validation = (
                check_matrix(validation[0], columns=len(self.columns), name="validation affect"),
                self._targets(check_probabilities(validation[1], columns=len(self.labels), name="validation labels")),
            )
        network = self._new_network(rng)
        # How far class weights push the log-odds of a bce output: the optimum is log-odds(p) + log(present / absent).
        push = np.zeros(len(self.labels))
        if class_weight is not None and options.loss == "bce":
            push = np.log(class_weight[1] / class_weight[0])
        if options.output_bias == "base_rates":
            network.layers[-1].bias[:] = self._bias_at_base_rates() + push
        self.network_ = network
        stopping = None
        if validation is not None and options.patience_epochs:
            stopping = EarlyStopping(options.patience_epochs, options.min_delta)
        try:
            history = fit(
                network,
                affect,
                self._targets(labels),
                loss=make_loss(options.loss, focal_gamma=options.focal_gamma),
                optimizer=make_optimizer(
                    options.optimizer,
                    momentum=options.momentum,
                    nesterov=options.nesterov,
                    weight_decay=options.weight_decay,
                ),
                learning_rate=options.learning_rate,
                schedule=_schedule(options),
                batch_size=options.batch_size,
                max_epochs=options.max_epochs,
                l2=options.l2,
                # Rows that all count alike need no weights, and a step without them is shorter.
                sample_weight=None if (sample_weight == sample_weight[0]).all() else sample_weight,
                class_weight=class_weight,
                label_smoothing=options.label_smoothing,
                validation=validation,
                stopping=stopping,
                rng=rng,
                on_epoch=on_epoch,
            )
        finally:
            # Also after a TrainingError, which leaves the best weights so far.
            network.layers[-1].bias[:] -= push.astype(np.float32)
        return FitReport(history.epochs, history.best_epoch, history.stopped, history.series)

    def _predict(self, affect: FloatMatrix) -> FloatMatrix:
        if self.network_ is None:
            raise InputError("MlpLabels has not been fitted: call fit first")
        return np.clip(self.network_.predict(affect), 0.0, 1.0)

    def _new_network(self, rng: np.random.Generator) -> Network:
        options = self.options
        hidden = options.layers
        return Network(
            (len(self.columns), *(layer.size for layer in hidden), len(self.labels)),
            (*(layer.activation for layer in hidden), "identity" if options.output == "linear" else options.output),
            rng=rng,
            initializers=options.initializer,
            dropout=options.dropout,
        )

    def _targets(self, labels: FloatMatrix) -> FloatMatrix:
        """Return what the loss compares with: the labels, or for a softmax output each label's share of its row."""
        if self.options.output != "softmax":
            return labels
        total = labels.sum(axis=1, keepdims=True)
        return (labels / np.where(total > 0, total, 1.0)).astype(np.float32)

    def _class_weight(self, labels: FloatMatrix, sample_weight: FloatVector) -> AnyArray | None:
        """Return (2, L) weights of absent and present entries, or None where all count alike."""
        chosen = self.options.class_weight
        if chosen == "none":
            return None
        if chosen == "balanced":
            return balanced_class_weight(labels, sample_weight)
        weight = np.ones((2, len(self.labels)))
        for label, value in chosen.items():
            if not (np.isfinite(value) and value > 0.0):
                raise InputError(f"the class weight of {label!r} must be a number above 0, not {value}")
            weight[1, self.labels.column(label)] = value
        return weight

    def _bias_at_base_rates(self) -> AnyArray:
        """Return the (L,) output biases at which a network that ignores its input predicts the base rates."""
        rates = self.base_rates.astype(np.float64)
        if self.options.output == "linear":
            return rates
        logs: AnyArray = np.log(rates)
        return logs if self.options.output == "softmax" else logs - np.log1p(-rates)

    def _arrays(self) -> Mapping[str, AnyArray]:
        if self.network_ is None:
            raise InputError("MlpLabels has not been fitted: call fit first")
        arrays = {}
        for k, layer in enumerate(self.network_.layers):
            arrays[f"layer{k}.weight"] = layer.weight.copy()
            arrays[f"layer{k}.bias"] = layer.bias.copy()
        return arrays

    def _restore(self, state: State) -> None:
        sizes = (len(self.columns), *(layer.size for layer in self.options.layers), len(self.labels))
        shapes: dict[str, tuple[int, ...]] = {}
        for k, (fan_in, fan_out) in enumerate(pairwise(sizes)):
            shapes[f"layer{k}.weight"] = (fan_in, fan_out)
            shapes[f"layer{k}.bias"] = (fan_out,)
        unknown = sorted(set(state.arrays) - set(shapes) - {"base_rates"})
        if unknown:
            raise BundleDamaged(unknown[0], "is an array that this network doesn't have")
        arrays = {name: state.array(name, shape=shape) for name, shape in shapes.items()}
        for name, value in arrays.items():
            if not np.isfinite(value).all():
                raise BundleDamaged(name, "is an array with values that are not finite")
        # The drawn weights are all overwritten; the seed doesn't matter.
        self.network_ = self._new_network(np.random.default_rng(0))
        for k, layer in enumerate(self.network_.layers):
            layer.weight[...] = arrays[f"layer{k}.weight"]
            layer.bias[...] = arrays[f"layer{k}.bias"]


def _schedule(options: MlpConfig) -> Schedule:
    """Return the schedule that the options describe."""
    schedules: dict[str, Schedule] = {
        "constant": Constant(),
        "step": Step(options.step_epochs, options.schedule_gamma),
        "exponential": Exponential(options.schedule_gamma),
        "cosine": Cosine(options.final_fraction),
    }
    plan = schedules[options.schedule]
    return WarmUp(options.warmup_epochs, plan) if options.warmup_epochs else plan
