"""How the learning rate changes during training: a factor on it, as a function of the epochs passed.

`factor(epoch, epochs)`: `epoch` is how many epochs have passed, with fractions (0.0 at the first step of training), and
`epochs` is how many there are at most. Early stopping doesn't change the plan.
"""

from dataclasses import dataclass, field
from math import cos, pi
from typing import Protocol


class Schedule(Protocol):
    """A plan for the learning rate."""

    def factor(self, epoch: float, epochs: int) -> float:
        """Return what to multiply the learning rate by, at least 0."""


@dataclass(frozen=True)
class Constant:
    """1, always."""

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        """See `Schedule`."""
        return 1.0


@dataclass(frozen=True)
class Step:
    """γ^⌊epoch / every⌋: falls at once, every few epochs."""

    every_epochs: int = 10
    gamma: float = 0.5

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        """See `Schedule`."""
        return float(self.gamma ** (int(epoch) // self.every_epochs))


@dataclass(frozen=True)
class Exponential:
    """γ^epoch: falls by the same share in every step."""

    gamma: float = 0.95

    def factor(self, epoch: float, epochs: int) -> float:  # noqa: ARG002
        """See `Schedule`."""
        return float(self.gamma**epoch)


@dataclass(frozen=True)
class Cosine:
    """f + (1 - f) (1 + cos(π epoch / epochs)) / 2, from 1 down to f (Loshchilov and Hutter 2017, without restarts)."""

    final_fraction: float = 0.0

    def factor(self, epoch: float, epochs: int) -> float:
        """See `Schedule`."""
        passed = min(epoch / epochs, 1.0)
        return self.final_fraction + (1.0 - self.final_fraction) * 0.5 * (1.0 + cos(pi * passed))


@dataclass(frozen=True)
class WarmUp:
    """Rises linearly to 1 over the first epochs, times another schedule (Goyal et al. 2017, section 2.2)."""

    warmup_epochs: float = 1.0
    then: Schedule = field(default_factory=Constant)

    def factor(self, epoch: float, epochs: int) -> float:
        """See `Schedule`; it starts at a hundredth, not at 0, so that the first step is one."""
        rising = 1.0 if epoch >= self.warmup_epochs else max(epoch / self.warmup_epochs, 0.01)
        return rising * self.then.factor(epoch, epochs)
