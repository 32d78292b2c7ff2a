"""A dense network: layers a = f(x W + b), one after the other, and the way back by the chain rule.

All parameters are one flat vector, [W of every layer | b of every layer], and each layer holds views into it; so is the
gradient. An optimiser step, a copy of the best weights and L2 are then a few operations on whole vectors, and a layer
still reads as its formula. Training keeps its work arrays between batches of the same size, so a network is trained by
one thread; predicting shares nothing and may be done by many.

Letters: n rows, layer k maps sizes[k] to sizes[k + 1] units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike

from ilgi.arrays import AnyArray
from ilgi.errors import InputError
from ilgi.nn.activations import Activation, activation
from ilgi.nn.initializers import initializer

_ROWS_AT_ONCE: Final = 512
"""Prediction goes in pieces of this many rows, whose work arrays fit the processor's second cache."""
_KEPT_SIZES: Final = 4
"""Work arrays of training are kept for this many different numbers of rows; a batch and the last batch are two."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer; its arrays are views into the network's flat vectors."""

    activation: Activation
    weight: AnyArray
    """(fan_in, fan_out)."""
    bias: AnyArray
    """(fan_out,)."""
    weight_gradient: AnyArray
    """d loss / d weight."""
    bias_gradient: AnyArray
    """d loss / d bias."""


@dataclass(frozen=True, eq=False)
class _Work:
    """Arrays of training for n rows, one of each per layer, (n, fan_out) each."""

    z: list[AnyArray]
    """Before the activation."""
    a: list[AnyArray]
    """After it."""
    dropped: list[AnyArray]
    """After dropout."""
    delta: list[AnyArray]
    """d loss / d (what the layer handed on)."""
    ones: AnyArray
    """(n,) of ones: ones @ delta is the sum over rows, and faster than `sum`."""


class Network:
    """Layers with an activation each."""

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[str],
        *,
        rng: np.random.Generator,
        initializers: str | Sequence[str] = "he_normal",
        dropout: float | Sequence[float] = 0.0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        """Draw the weights; biases start at 0.

        Args:
            sizes: Units of the input and of each layer, such as (4, 64, 32, 20).
            activations: One name per layer, the output's included.
            rng: Source of the weights. One seed means the same network in float32 and float64, up to rounding.
            initializers: One name for all layers, or one per layer.
            dropout: The share of a hidden layer's units that training switches off, in [0, 1); one for all hidden
                layers, or one each. It acts only where `forward` is given masks.
            dtype: float32, or float64 for checks.

        Raises:
            InputError: The lists don't fit together, or a number is out of range.
            UnknownName: No such activation or initialiser.
        """
        count = len(sizes) - 1
        if count < 1 or min(sizes) < 1:
            raise InputError(f"a network needs at least an input and an output, of at least one unit each: {sizes}")
        names = [initializers] * count if isinstance(initializers, str) else list(initializers)
        rates = [float(dropout)] * (count - 1) if isinstance(dropout, int | float) else [float(d) for d in dropout]
        if len(activations) != count or len(names) != count or len(rates) != count - 1:
            raise InputError(f"{count} layers need {count} activations and initialisers and {count - 1} dropout rates")
        if not all(0.0 <= rate < 1.0 for rate in rates):
            raise InputError(f"dropout must lie in [0, 1), not {rates}")
        self.sizes = tuple(int(size) for size in sizes)
        self.dropout = tuple(rates)
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        if self.dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
            raise InputError(f"a network computes in float32 or float64, not {self.dtype}")

        shapes = list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
        self.weights = sum(rows * columns for rows, columns in shapes)
        """How many parameters are weights; they come first."""
        self.parameters: AnyArray = np.zeros(self.weights + sum(self.sizes[1:]), dtype=self.dtype)
        """(P,) all weights, then all biases."""
        self.gradient: AnyArray = np.zeros_like(self.parameters)
        """(P,) what `backward` found."""
        self.layers: list[Layer] = []
        weight_at, bias_at = 0, self.weights
        for (rows, columns), name, rule in zip(shapes, activations, names, strict=True):
            weight_to, bias_to = weight_at + rows * columns, bias_at + columns
            layer = Layer(
                activation(name),
                self.parameters[weight_at:weight_to].reshape(rows, columns),
                self.parameters[bias_at:bias_to],
                self.gradient[weight_at:weight_to].reshape(rows, columns),
                self.gradient[bias_at:bias_to],
            )
            layer.weight[...] = initializer(rule)(rows, columns, rng)
            self.layers.append(layer)
            weight_at, bias_at = weight_to, bias_to

        self._work: dict[int, _Work] = {}
        self._inputs: list[AnyArray] = []
        self._masks: Sequence[AnyArray | None] | None = None

    def draw_masks(self, rows: int, rng: np.random.Generator) -> list[AnyArray | None] | None:
        """Return a dropout mask per hidden layer, None where the rate is 0, or None if all are.

        A mask is 0 where a unit is off and 1 / (1 - rate) where it is on, so that the expected sum stays the same and
        prediction needs no correction (Srivastava et al. 2014, in the "inverted" form).
        """
        if not any(self.dropout):
            return None
        masks: list[AnyArray | None] = []
        for rate, units in zip(self.dropout, self.sizes[1:-1], strict=True):
            if rate == 0.0:
                masks.append(None)
                continue
            on = rng.random((rows, units), dtype=np.float32) >= rate
            masks.append(on * self.dtype.type(1.0 / (1.0 - rate)))
        return masks

    def forward(self, x: AnyArray, *, masks: Sequence[AnyArray | None] | None = None, logits: bool = False) -> AnyArray:
        """Return the output for some rows, and remember what `backward` needs.

        Args:
            x: (n, sizes[0]) of the network's type; not copied, so keep it unchanged until `backward`.
            masks: Dropout masks, one per hidden layer; None for prediction.
            logits: Stop before the output's activation.

        Returns:
            (n, sizes[-1]), a work array: the next call with as many rows overwrites it.
        """
        work = self._work_for(len(x))
        last = len(self.layers) - 1
        self._inputs, self._masks = [], masks
        a = x
        for k, layer in enumerate(self.layers):
            self._inputs.append(a)
            z = np.dot(a, layer.weight, out=work.z[k])
            np.add(z, layer.bias, out=z)
            if logits and k == last:
                return z
            a = work.a[k]
            layer.activation.forward(z, a)
            mask = masks[k] if masks is not None and k < last else None
            if mask is not None:
                a = np.multiply(a, mask, out=work.dropped[k])
        return a

    def backward(self, gradient: AnyArray, *, logits: bool = False) -> None:
        """Fill `self.gradient` with d loss / d parameters for the rows of the last `forward`.

        Args:
            gradient: (n, sizes[-1]) d loss / d output; it is used as a work array and changed.
            logits: The gradient is already the one with respect to the output's pre-activations.
        """
        work = self._work_for(len(gradient))
        delta = gradient
        for k in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[k]
            if not (logits and k == len(self.layers) - 1):
                layer.activation.backward(delta, work.z[k], work.a[k])
            np.dot(self._inputs[k].T, delta, out=layer.weight_gradient)
            np.dot(work.ones, delta, out=layer.bias_gradient)
            if k > 0:
                delta = np.dot(delta, layer.weight.T, out=work.delta[k - 1])
                mask = self._masks[k - 1] if self._masks is not None else None
                if mask is not None:
                    np.multiply(delta, mask, out=delta)

    def l2_value(self, l2: float) -> float:
        """Return the penalty λ/2 Σ w² over weights (not biases)."""
        weights = self.parameters[: self.weights]
        return 0.5 * l2 * float(np.dot(weights, weights))

    def add_l2_gradient(self, l2: float) -> None:
        """Add the penalty's gradient, λ w, to `self.gradient`."""
        self.gradient[: self.weights] += l2 * self.parameters[: self.weights]

    def predict(self, x: AnyArray, *, logits: bool = False) -> AnyArray:
        """Return a new (n, sizes[-1]) array of outputs, without dropout. Safe to call from several threads at once.

        Args:
            x: (n, sizes[0]) of any number of rows.
            logits: Stop before the output's activation.
        """
        x = np.ascontiguousarray(x, dtype=self.dtype)
        result = np.empty((len(x), self.sizes[-1]), dtype=self.dtype)
        last = len(self.layers) - 1
        for at in range(0, len(x), _ROWS_AT_ONCE):
            a = x[at : at + _ROWS_AT_ONCE]
            for k, layer in enumerate(self.layers):
                z = np.dot(a, layer.weight)
                np.add(z, layer.bias, out=z)
                if logits and k == last:
                    a = z
                else:
                    a = np.empty_like(z)
                    layer.activation.forward(z, a)
            result[at : at + _ROWS_AT_ONCE] = a
        return result

    def _work_for(self, rows: int) -> _Work:
        work = self._work.get(rows)
        if work is None:
            if len(self._work) >= _KEPT_SIZES:
                self._work.clear()
            z, a, dropped, delta = (
                [np.empty((rows, units), dtype=self.dtype) for units in self.sizes[1:]] for _ in range(4)
            )
            work = self._work[rows] = _Work(z, a, dropped, delta, np.ones(rows, dtype=self.dtype))
        return work
