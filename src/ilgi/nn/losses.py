"""What a network is asked to make small, and the gradient with which the way back begins.

    loss    for                                        reads
    mse     numbers, or labels as the prototype did    the network's output
    bce     labels that may hold together              the logits under a sigmoid output
    focal   the same, where most labels are absent     the logits under a sigmoid output
    cce     exactly one label a row                    the logits under a softmax output

The last three are *fused* with their output activation (`link`): loss(f(z)) and its gradient are written in z, where
both are exact and short (for bce the gradient is f(z) - y), while through f(z) they lose precision or divide by 0.

Shapes: output and target (n, L), weight None or broadcastable to (n, L); float32 or float64. Targets lie in [0, 1] but
for mse. A value is the weighted mean over all n · L entries (cce: over the n rows); weights are not renormalised, so
scale them to mean 1 (see `ilgi.nn.weighting`).
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Final, Literal, get_args

import numpy as np

from ilgi.arrays import AnyArray
from ilgi.errors import InputError, UnknownName
from ilgi.nn.activations import ActivationName, sigmoid, softmax
from ilgi.vocabulary import nearest

LossName = Literal["mse", "bce", "focal", "cce"]
LOSS_NAMES: Final[tuple[LossName, ...]] = get_args(LossName)


def _log_sigmoid(z: AnyArray) -> AnyArray:
    """log(sigmoid(z)) = min(z, 0) - log(1 + exp(-|z|)), exact for any z."""
    result: AnyArray = np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))
    return result


class Loss(ABC):
    """A number to make small."""

    name: ClassVar[LossName]
    link: ClassVar[ActivationName | None] = None
    """The output activation that this loss is fused with; its `output` is then the logits under it."""

    @abstractmethod
    def value(self, output: AnyArray, target: AnyArray, weight: AnyArray | None = None) -> float:
        """Return the weighted mean loss."""

    @abstractmethod
    def gradient(self, output: AnyArray, target: AnyArray, weight: AnyArray | None, *, out: AnyArray) -> None:
        """Write d value / d output, (n, L), into `out`, which is another array than `output`."""


class ElementwiseLoss(Loss):
    """A loss that is a mean over entries; a subclass writes the two formulas for one entry."""

    @abstractmethod
    def _terms(self, output: AnyArray, target: AnyArray) -> AnyArray:
        """Return the (n, L) loss of each entry."""

    @abstractmethod
    def _slopes(self, output: AnyArray, target: AnyArray, out: AnyArray) -> None:
        """Write the derivative of each entry's loss by its output into `out`."""

    def value(self, output: AnyArray, target: AnyArray, weight: AnyArray | None = None) -> float:
        """See `Loss`."""
        terms = self._terms(output, target)
        if weight is not None:
            terms *= weight
        return float(terms.mean(dtype=np.float64))

    def gradient(self, output: AnyArray, target: AnyArray, weight: AnyArray | None, *, out: AnyArray) -> None:
        """See `Loss`."""
        self._slopes(output, target, out)
        if weight is not None:
            np.multiply(out, weight, out=out)
        np.multiply(out, 1.0 / output.size, out=out)


class MeanSquaredError(ElementwiseLoss):
    """(o - y)². For labels and a sigmoid output it is the Brier score."""

    name = "mse"

    def _terms(self, output: AnyArray, target: AnyArray) -> AnyArray:
        difference: AnyArray = output - target
        difference *= difference
        return difference

    def _slopes(self, output: AnyArray, target: AnyArray, out: AnyArray) -> None:
        np.subtract(output, target, out=out)
        np.multiply(out, 2.0, out=out)


class BinaryCrossEntropy(ElementwiseLoss):
    """-y log p - (1 - y) log(1 - p) with p = sigmoid(z): the log-likelihood of labels that may hold together."""

    name = "bce"
    link = "sigmoid"

    def _terms(self, output: AnyArray, target: AnyArray) -> AnyArray:
        # log p - log(1 - p) = z, so -y log p - (1 - y) log(1 - p) = -y z - log(1 - p).
        terms: AnyArray = -_log_sigmoid(-output)
        terms -= target * output
        return terms

    def _slopes(self, output: AnyArray, target: AnyArray, out: AnyArray) -> None:
        sigmoid(output, out)
        np.subtract(out, target, out=out)


class FocalLoss(ElementwiseLoss):
    """-y (1 - p)^γ log p - (1 - y) p^γ log(1 - p) with p = sigmoid(z).

    Lin, Goyal, Girshick, He and Dollár 2017, "Focal Loss for Dense Object Detection", eq. 4, for both outcomes. Entries
    that are already right count less, the more so the larger γ; γ = 0 is `bce`. The paper's α is what class weights do
    here. Its optimum is not the true probability but a value nearer to 1/2.
    """

    name = "focal"
    link = "sigmoid"

    def __init__(self, gamma: float = 2.0) -> None:
        """Store the exponent.

        Args:
            gamma: γ ≥ 0; the paper found 2 to work best.

        Raises:
            InputError: It is negative or not finite.
        """
        if not (np.isfinite(gamma) and gamma >= 0.0):
            raise InputError(f"focal gamma must be a number of at least 0, not {gamma}")
        self.gamma = float(gamma)

    def _terms(self, output: AnyArray, target: AnyArray) -> AnyArray:
        log_p, log_q = _log_sigmoid(output), _log_sigmoid(-output)
        present = -np.exp(self.gamma * log_q) * log_p
        absent = -np.exp(self.gamma * log_p) * log_q
        terms: AnyArray = target * present + (1.0 - target) * absent
        return terms

    def _slopes(self, output: AnyArray, target: AnyArray, out: AnyArray) -> None:
        # With p' = p q and q = 1 - p:  d(-q^γ log p)/dz = q^γ (γ p log p - q), and the other term with p and q swapped.
        log_p, log_q = _log_sigmoid(output), _log_sigmoid(-output)
        p, q = np.exp(log_p), np.exp(log_q)
        present = np.exp(self.gamma * log_q) * (self.gamma * p * log_p - q)
        absent = np.exp(self.gamma * log_p) * (p - self.gamma * q * log_q)
        np.add(target * present, (1.0 - target) * absent, out=out)


class CategoricalCrossEntropy(Loss):
    """-Σ_j y_j log p_j with p = softmax(z), a mean over rows; a row's targets should sum to 1.

    A row of zeros costs nothing and teaches nothing.
    """

    name = "cce"
    link = "softmax"

    def value(self, output: AnyArray, target: AnyArray, weight: AnyArray | None = None) -> float:
        """See `Loss`."""
        shifted = output - output.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        weighted = target if weight is None else target * weight
        return float(-(weighted * log_p).sum(dtype=np.float64) / len(output))

    def gradient(self, output: AnyArray, target: AnyArray, weight: AnyArray | None, *, out: AnyArray) -> None:
        """See `Loss`; it is (p Σ_k w_k y_k - w y) / n, and p - y where weights are 1 and targets sum to 1."""
        weighted = target if weight is None else target * weight
        softmax(output, out)
        np.multiply(out, weighted.sum(axis=1, keepdims=True), out=out)
        np.subtract(out, weighted, out=out)
        np.multiply(out, 1.0 / len(output), out=out)


def make_loss(name: str, *, focal_gamma: float = 2.0) -> Loss:
    """Return the loss called `name`.

    Args:
        name: One of `LOSS_NAMES`.
        focal_gamma: The exponent of the focal loss; the others don't read it.

    Raises:
        UnknownName: There is none; carries the nearest names.
        InputError: The exponent is negative.
    """
    if name == "focal":
        return FocalLoss(focal_gamma)
    classes: dict[str, type[Loss]] = {
        c.name: c for c in (MeanSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy)
    }
    if name not in classes:
        raise UnknownName("loss", name, LOSS_NAMES, nearest(name, LOSS_NAMES))
    return classes[name]()
