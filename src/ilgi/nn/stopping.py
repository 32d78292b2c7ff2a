"""When to stop, and which epoch's weights to keep (Prechelt 1998, "Early Stopping - But When?")."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from ilgi.arrays import AnyArray
from ilgi.errors import InputError

Metric = Callable[[AnyArray, AnyArray], float]
"""(predictions, targets), both (n, L) → a number; predictions are the network's outputs (probabilities where the output
is sigmoid or softmax)."""


@dataclass(frozen=True)
class EarlyStopping:
    """Stop once the watched number has not improved for some epochs, and go back to the best epoch's weights."""

    patience_epochs: int = 10
    """Stop after this many epochs in a row without an improvement, at least 1."""
    min_delta: float = 0.0
    """By how much the number must improve to be worth waiting for. Weights are kept at any improvement."""
    metric: Metric | None = None
    """What to watch on the validation rows; the training loss on them, with class weights, if None."""
    higher_is_better: bool = False
    """Whether the metric should rise; the loss falls."""

    def __post_init__(self) -> None:
        """Check the arguments.

        Raises:
            InputError: A number is out of range, or the loss is asked to rise.
        """
        if self.patience_epochs < 1 or not self.min_delta >= 0.0:
            raise InputError("patience must be at least 1 epoch and min_delta at least 0")
        if self.higher_is_better and self.metric is None:
            raise InputError("a loss should fall: give a metric that should rise, or leave higher_is_better off")


class Watch:
    """Follows the watched number through the epochs."""

    def __init__(self, rule: EarlyStopping) -> None:
        """Start before the first epoch."""
        self._rule = rule
        self.best_epoch = 0
        """The epoch with the best number so far, the first of equals; 0 before the first."""
        self._best = inf
        self._reference = inf
        self.waited = 0
        """Epochs in a row without an improvement by `min_delta`."""

    def see(self, epoch: int, value: float) -> bool:
        """Take an epoch's number; return whether it is the best so far."""
        cost = -value if self._rule.higher_is_better else value
        if cost < self._reference - self._rule.min_delta:
            self._reference = cost
            self.waited = 0
        else:
            self.waited += 1
        if cost < self._best:
            self._best = cost
            self.best_epoch = epoch
            return True
        return False

    @property
    def done(self) -> bool:
        """Whether patience has run out."""
        return self.waited >= self._rule.patience_epochs
