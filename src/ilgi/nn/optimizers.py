"""How the parameters move along the gradient. Each works in place on one flat vector, in a few vector operations.

P parameters, of which the first `weights` are weights and the rest biases: weight decay leaves biases alone.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Final, Literal, get_args

import numpy as np

from ilgi.arrays import AnyArray
from ilgi.errors import InputError, UnknownName
from ilgi.vocabulary import nearest

OptimizerName = Literal["sgd", "adam", "adamw"]
OPTIMIZER_NAMES: Final[tuple[OptimizerName, ...]] = get_args(OptimizerName)

_NOTHING: Final = 1e-30


class Optimizer(ABC):
    """A rule for one step. `start` forgets the past; `step` moves."""

    name: ClassVar[OptimizerName]
    _memory: tuple[AnyArray, ...] = ()

    @abstractmethod
    def start(self, parameters: AnyArray, *, weights: int) -> None:
        """Make room for what the rule remembers.

        Args:
            parameters: (P,) the vector that will be moved, for its length and type.
            weights: How many of them, from the front, are weights.
        """

    @abstractmethod
    def step(self, parameters: AnyArray, gradient: AnyArray, learning_rate: float) -> None:
        """Move `parameters` in place.

        Args:
            parameters: (P,) changed.
            gradient: (P,) d loss / d parameters; not changed.
            learning_rate: The size of this step.
        """

    def tidy(self) -> None:
        """Set to 0 what is remembered and too small to matter; called once an epoch.

        The memory of a unit that died shrinks by the same share in every step, down to numbers that processors compute
        with a hundred times more slowly.
        """
        for memory in self._memory:
            memory[np.abs(memory) < _NOTHING] = 0.0


class Sgd(Optimizer):
    """Stochastic gradient descent with momentum μ: v ← μ v + g, θ ← θ - η v (Polyak 1964; Sutskever et al. 2013)."""

    name = "sgd"

    def __init__(self, *, momentum: float = 0.0, nesterov: bool = False) -> None:
        """Store the arguments.

        Args:
            momentum: μ in [0, 1); 0 is plain descent.
            nesterov: Step along g + μ v instead of v (Nesterov 1983).

        Raises:
            InputError: The momentum is out of range.
        """
        if not 0.0 <= momentum < 1.0:
            raise InputError(f"momentum must lie in [0, 1), not {momentum}")
        self.momentum = momentum
        self.nesterov = nesterov

    def start(self, parameters: AnyArray, *, weights: int) -> None:  # noqa: ARG002
        """See `Optimizer`."""
        self._velocity = np.zeros_like(parameters)
        self._memory = (self._velocity,)
        self._scratch = np.empty_like(parameters)

    def step(self, parameters: AnyArray, gradient: AnyArray, learning_rate: float) -> None:
        """See `Optimizer`."""
        direction = gradient
        if self.momentum:
            direction = self._velocity
            direction *= self.momentum
            direction += gradient
            if self.nesterov:
                direction = np.multiply(self._velocity, self.momentum, out=self._scratch)
                direction += gradient
        parameters -= np.multiply(direction, learning_rate, out=self._scratch)


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015, algorithm 1): steps scaled by running moments of the gradient.

    m ← β1 m + (1 - β1) g,  v ← β2 v + (1 - β2) g²,  θ ← θ - η m̂ / (√v̂ + ε), with m̂ = m / (1 - β1^t) and likewise v̂.
    """

    name: ClassVar[OptimizerName] = "adam"

    def __init__(self, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        """Store the arguments.

        Args:
            beta1: How long the mean of the gradient is remembered, in [0, 1).
            beta2: How long the mean of its square is remembered, in [0, 1).
            epsilon: Keeps the division finite, above 0.

        Raises:
            InputError: One of them is out of range.
        """
        if not (0.0 <= beta1 < 1.0 and 0.0 <= beta2 < 1.0 and epsilon > 0.0):
            raise InputError(f"Adam needs betas in [0, 1) and epsilon above 0, not {beta1}, {beta2}, {epsilon}")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def start(self, parameters: AnyArray, *, weights: int) -> None:  # noqa: ARG002
        """See `Optimizer`."""
        self._steps = 0
        self._mean = np.zeros_like(parameters)
        self._square = np.zeros_like(parameters)
        self._memory = (self._mean, self._square)
        self._scratch = np.empty_like(parameters)

    def step(self, parameters: AnyArray, gradient: AnyArray, learning_rate: float) -> None:
        """See `Optimizer`."""
        self._steps += 1
        mean, square, scratch = self._mean, self._square, self._scratch
        mean *= self.beta1
        mean += np.multiply(gradient, 1.0 - self.beta1, out=scratch)
        square *= self.beta2
        np.multiply(gradient, gradient, out=scratch)
        square += np.multiply(scratch, 1.0 - self.beta2, out=scratch)
        # η m̂ / (√v̂ + ε) with √(1 - β2^t) moved out of the root: two vector operations less, the same number.
        correction = float(np.sqrt(1.0 - self.beta2**self._steps))
        np.sqrt(square, out=scratch)
        scratch += self.epsilon * correction
        np.divide(mean, scratch, out=scratch)
        parameters -= np.multiply(scratch, learning_rate * correction / (1.0 - self.beta1**self._steps), out=scratch)


class AdamW(Adam):
    """Adam with decoupled weight decay, θ ← θ - η λ θ before the step (Loshchilov and Hutter 2019, algorithm 2).

    Unlike L2, the decay is not divided by the gradient's size, so it means the same for every weight.
    """

    name = "adamw"

    def __init__(
        self, *, weight_decay: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        """Store the arguments.

        Args:
            weight_decay: λ ≥ 0, the share (times the learning rate) that each weight loses in a step.
            beta1: See `Adam`.
            beta2: See `Adam`.
            epsilon: See `Adam`.

        Raises:
            InputError: One of them is out of range.
        """
        super().__init__(beta1=beta1, beta2=beta2, epsilon=epsilon)
        if not weight_decay >= 0.0:
            raise InputError(f"weight decay must be at least 0, not {weight_decay}")
        self.weight_decay = weight_decay

    def start(self, parameters: AnyArray, *, weights: int) -> None:
        """See `Optimizer`."""
        super().start(parameters, weights=weights)
        self._weights = weights

    def step(self, parameters: AnyArray, gradient: AnyArray, learning_rate: float) -> None:
        """See `Optimizer`."""
        parameters[: self._weights] *= 1.0 - learning_rate * self.weight_decay
        super().step(parameters, gradient, learning_rate)


def make_optimizer(name: str, *, momentum: float = 0.0, nesterov: bool = False, weight_decay: float = 0.0) -> Optimizer:
    """Return the optimiser called `name`.

    Args:
        name: One of `OPTIMIZER_NAMES`.
        momentum: Of `sgd`; the others don't read it.
        nesterov: Of `sgd`; the others don't read it.
        weight_decay: Of `adamw`; the others don't read it.

    Raises:
        UnknownName: There is none; carries the nearest names.
        InputError: A value is out of range.
    """
    if name == "sgd":
        return Sgd(momentum=momentum, nesterov=nesterov)
    if name == "adam":
        return Adam()
    if name == "adamw":
        return AdamW(weight_decay=weight_decay)
    raise UnknownName("optimizer", name, OPTIMIZER_NAMES, nearest(name, OPTIMIZER_NAMES))
