"""What a layer does to its pre-activations, element by element (softmax: row by row), and the way back.

Each class has `forward`, which writes a = f(z), and `backward`, which turns the loss's gradient with respect to a into
the one with respect to z, in place. Both sit next to each other so that one can be read against the other. All arrays
are (n, units), float32 or float64, and an activation keeps no state.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Final, Literal, get_args

import numpy as np

from ilgi.arrays import AnyArray
from ilgi.errors import UnknownName
from ilgi.vocabulary import nearest

ActivationName = Literal["identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "gelu", "softmax"]
ACTIVATION_NAMES: Final[tuple[ActivationName, ...]] = get_args(ActivationName)

LEAKY_SLOPE: Final = 0.01
"""The slope of the leaky ReLU below 0, as in its paper."""
_GELU_SCALE: Final = 0.7978845608028654  # sqrt(2 / pi)
_GELU_CUBIC: Final = 0.044715


def sigmoid(z: AnyArray, out: AnyArray) -> None:
    """Write 1 / (1 + exp(-z)) into `out`, as (1 + tanh(z / 2)) / 2, which can't overflow and needs no branch.

    The absolute error is that of the type (6e-8 in float32), so below it small values lose their relative precision.
    """
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)


def softmax(z: AnyArray, out: AnyArray) -> None:
    """Write exp(z_j) / sum_k exp(z_k), row by row, into `out`; the row's maximum is taken off first."""
    np.subtract(z, z.max(axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    np.divide(out, out.sum(axis=1, keepdims=True), out=out)


class Activation(ABC):
    """A function that every layer applies to its pre-activations."""

    name: ClassVar[ActivationName]

    @abstractmethod
    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """Write f(z) into `out`, which is another array than `z`."""

    @abstractmethod
    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:
        """Turn `gradient` from d loss / d a into d loss / d z, in place.

        Args:
            gradient: (n, units); changed.
            z: The pre-activations that `forward` was given.
            a: What `forward` wrote for them.
        """


class Identity(Activation):
    """f(z) = z: a linear layer."""

    name = "identity"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.copyto(out, z)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:
        """Slope: f' = 1."""


class Sigmoid(Activation):
    """f(z) = 1 / (1 + exp(-z))."""

    name = "sigmoid"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        sigmoid(z, out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = a (1 - a)."""
        gradient *= a * (1.0 - a)


class Tanh(Activation):
    """f(z) = tanh(z)."""

    name = "tanh"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.tanh(z, out=out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = 1 - a²."""
        gradient *= 1.0 - a * a


class Relu(Activation):
    """f(z) = max(0, z) (Nair and Hinton 2010); its slope at 0 counts as 0."""

    name = "relu"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.maximum(z, 0.0, out=out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = 1 where a > 0, else 0."""
        np.multiply(gradient, a > 0.0, out=gradient)


class LeakyRelu(Activation):
    """f(z) = z where z > 0, else 0.01 z (Maas, Hannun and Ng 2013): a unit can't die."""

    name = "leaky_relu"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.multiply(z, LEAKY_SLOPE, out=out)
        np.maximum(z, out, out=out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = 1 where z > 0, else 0.01."""
        gradient *= np.where(z > 0.0, gradient.dtype.type(1.0), gradient.dtype.type(LEAKY_SLOPE))


class Softplus(Activation):
    """f(z) = log(1 + exp(z)): a smooth ReLU (Dugas et al. 2001)."""

    name = "softplus"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.logaddexp(z, 0.0, out=out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = sigmoid(z) = 1 - exp(-a)."""
        gradient *= -np.expm1(-a)


class Gelu(Activation):
    """f(z) = z/2 (1 + tanh(√(2/π) (z + 0.044715 z³))): the tanh form of GELU (Hendrycks and Gimpel 2016)."""

    name = "gelu"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        np.tanh(_GELU_SCALE * (z + _GELU_CUBIC * z * z * z), out=out)
        np.add(out, 1.0, out=out)
        np.multiply(out, 0.5 * z, out=out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: f' = (1 + t)/2 + z/2 (1 - t²) √(2/π) (1 + 3 · 0.044715 z²), with t the tanh above."""
        t = np.tanh(_GELU_SCALE * (z + _GELU_CUBIC * z * z * z))
        gradient *= 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * _GELU_SCALE * (1.0 + 3.0 * _GELU_CUBIC * z * z)


class Softmax(Activation):
    """f(z)_j = exp(z_j) / sum_k exp(z_k), row by row: shares that sum to 1."""

    name = "softmax"

    def forward(self, z: AnyArray, out: AnyArray) -> None:
        """See `Activation`."""
        softmax(z, out)

    def backward(self, gradient: AnyArray, z: AnyArray, a: AnyArray) -> None:  # noqa: ARG002
        """Slope: d loss / d z_j = a_j (g_j - sum_k g_k a_k): here each output depends on the whole row."""
        gradient -= (gradient * a).sum(axis=1, keepdims=True)
        gradient *= a


_ACTIVATIONS: Final[dict[str, Activation]] = {
    a.name: a for a in (Identity(), Sigmoid(), Tanh(), Relu(), LeakyRelu(), Softplus(), Gelu(), Softmax())
}


def activation(name: str) -> Activation:
    """Return the activation called `name`.

    Raises:
        UnknownName: There is none; carries the nearest names.
    """
    if name not in _ACTIVATIONS:
        raise UnknownName("activation", name, ACTIVATION_NAMES, nearest(name, ACTIVATION_NAMES))
    return _ACTIVATIONS[name]
