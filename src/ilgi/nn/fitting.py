"""The training loop: mini-batches, weights, validation, early stopping.

Rows are gathered once per epoch in a random order, so that every batch is a contiguous slice that was cut before
training began. One step is then: forward, the loss's gradient, backward, the optimiser.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ilgi.arrays import AnyArray
from ilgi.errors import InputError, TrainingError
from ilgi.nn.history import History
from ilgi.nn.losses import Loss
from ilgi.nn.network import Network
from ilgi.nn.optimizers import Optimizer
from ilgi.nn.schedules import Constant, Schedule
from ilgi.nn.stopping import EarlyStopping, Watch
from ilgi.nn.weighting import entry_weight, smooth_labels


def fit(
    network: Network,
    x: AnyArray,
    y: AnyArray,
    *,
    loss: Loss,
    optimizer: Optimizer,
    rng: np.random.Generator,
    learning_rate: float = 1e-3,
    schedule: Schedule | None = None,
    batch_size: int = 32,
    max_epochs: int = 100,
    l2: float = 0.0,
    sample_weight: AnyArray | None = None,
    class_weight: AnyArray | None = None,
    label_smoothing: float = 0.0,
    validation: tuple[AnyArray, AnyArray] | None = None,
    stopping: EarlyStopping | None = None,
    on_epoch: Callable[[int, Mapping[str, float]], None] | None = None,
) -> History:
    """Train a network in place.

    Args:
        network: Left with the best epoch's weights where `stopping` is given, else with the last epoch's.
        x: (n, inputs) rows, n ≥ 1.
        y: (n, outputs) targets.
        loss: What to make small. One with a link needs that activation at the network's output.
        optimizer: How to move; its memory starts afresh.
        rng: Source of the order of rows and of dropout. Same seed and weights, same bytes.
        learning_rate: The size of a step before the schedule.
        schedule: Its plan over epochs; constant if None.
        batch_size: Rows in a step; the last batch of an epoch is smaller where it doesn't come out even.
        max_epochs: Passes over the rows at most, at least 1.
        l2: λ ≥ 0 of a penalty λ/2 Σ w² on weights.
        sample_weight: (n,) how much each row counts; any scale.
        class_weight: (2, outputs) how much an absent and a present entry count (`ilgi.nn.weighting`).
        label_smoothing: ε in [0, 1), for training rows only.
        validation: (x, y) of rows that must not be trained on. Its loss has class weights, but neither sample weights
            nor label smoothing.
        stopping: When to end early; needs `validation`.
        on_epoch: Called after each epoch with its number (from 1) and its metrics.

    Raises:
        InputError: Shapes don't fit, a number is out of range, or the loss and the output don't go together.
        TrainingError: A loss, the metric or a weight stopped being finite. The network keeps the best weights so far:
            as at the end, or, in the first epoch, those it came with.
    """
    link = loss.link
    if link is not None and network.layers[-1].activation.name != link:
        raise InputError(f"the loss {loss.name!r} needs the output activation {link!r}")
    if batch_size < 1 or max_epochs < 1 or not l2 >= 0.0 or not learning_rate > 0.0:
        raise InputError("batch_size and max_epochs must be at least 1, l2 at least 0, the learning rate above 0")
    if stopping is not None and validation is None:
        raise InputError("early stopping needs validation rows")
    x, y = _checked(network, x, y, name="training")
    weight = entry_weight(y, sample_weight=sample_weight, class_weight=class_weight)
    if label_smoothing:
        y = smooth_labels(y, label_smoothing, exclusive=link == "softmax").astype(network.dtype)
    validation_weight = None
    if validation is not None:
        validation = _checked(network, *validation, name="validation")
        validation_weight = entry_weight(validation[1], class_weight=class_weight)

    fused = link is not None
    plan = schedule or Constant()
    shuffled = _ShuffledRows(x, y, weight, batch_size)
    steps = len(shuffled.batches)
    optimizer.start(network.parameters, weights=network.weights)
    watch = Watch(stopping) if stopping is not None else None
    kept, kept_epoch = network.parameters.copy(), 0
    series: dict[str, list[float]] = {}
    stopped = "all epochs were run"
    for epoch in range(1, max_epochs + 1):
        shuffled.shuffle(rng)
        rates = [learning_rate * plan.factor(epoch - 1 + i / steps, max_epochs) for i in range(steps)]
        # A run that diverges overflows on its way; it is reported once, below, not by NumPy at every step.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            _run_epoch(network, shuffled.batches, rates, loss=loss, optimizer=optimizer, l2=l2, rng=rng)
            # From the outputs that the batches left behind, in one sweep: the same mean for a fraction of the time.
            metrics = {"train_loss": shuffled.loss(loss), "learning_rate": rates[-1]}
            if validation is not None:
                logits = network.predict(validation[0], logits=fused)
                metrics["validation_loss"] = loss.value(logits, validation[1], validation_weight)
                if stopping is not None and stopping.metric is not None:
                    predictions = _predictions(network, logits) if fused else logits
                    metrics["validation_metric"] = float(stopping.metric(predictions, validation[1]))

        broken = [name.replace("_", " ") for name, value in metrics.items() if not np.isfinite(value)]
        if broken or not np.isfinite(network.parameters).all():
            np.copyto(network.parameters, kept)
            origin = f"epoch {kept_epoch}" if kept_epoch else "before training"
            raise TrainingError(
                f"the {broken[0] if broken else 'size of a weight'} is not finite in epoch {epoch}: lower the learning "
                f"rate ({learning_rate:g}) or check the rows; the weights from {origin} are kept"
            )
        for name, value in metrics.items():
            series.setdefault(name, []).append(value)
        if watch is None or watch.see(epoch, metrics.get("validation_metric", metrics.get("validation_loss", 0.0))):
            np.copyto(kept, network.parameters)
            kept_epoch = epoch
        if on_epoch is not None:
            on_epoch(epoch, metrics)
        if watch is not None and watch.done:
            stopped = f"no improvement for {watch.waited} epochs"
            break
    np.copyto(network.parameters, kept)
    return History({name: tuple(values) for name, values in series.items()}, kept_epoch, stopped)


def _run_epoch(
    network: Network,
    batches: "list[_Batch]",
    rates: list[float],
    *,
    loss: Loss,
    optimizer: Optimizer,
    l2: float,
    rng: np.random.Generator,
) -> None:
    """Make one step per batch."""
    fused = loss.link is not None
    for batch, rate in zip(batches, rates, strict=True):
        output = network.forward(batch.x, masks=network.draw_masks(len(batch.x), rng), logits=fused)
        np.copyto(batch.output, output)
        loss.gradient(output, batch.y, batch.weight, out=batch.delta)
        network.backward(batch.delta, logits=fused)
        if l2:
            network.add_l2_gradient(l2)
        optimizer.step(network.parameters, network.gradient, rate)
    optimizer.tidy()


class _Batch(NamedTuple):
    """Views of one batch into the epoch's arrays."""

    x: AnyArray
    y: AnyArray
    weight: AnyArray | None
    output: AnyArray
    """Where the batch's outputs are left for the epoch's training loss."""
    delta: AnyArray
    """Room for the gradient with respect to the output."""


class _ShuffledRows:
    """The rows in this epoch's order; its batches are cut once, not once per step."""

    def __init__(self, x: AnyArray, y: AnyArray, weight: AnyArray | None, batch_size: int) -> None:
        self._sources = [(x, np.empty_like(x)), (y, np.empty_like(y))]
        self._x, self._y = (target for _, target in self._sources)
        self._weight = None if weight is None else np.empty_like(weight)
        if weight is not None and self._weight is not None:
            self._sources.append((weight, self._weight))
        self._outputs = np.empty_like(y)
        room = np.empty((min(batch_size, len(x)), y.shape[1]), dtype=y.dtype)
        self.batches = [
            _Batch(
                self._x[a:b],
                self._y[a:b],
                None if self._weight is None else self._weight[a:b],
                self._outputs[a:b],
                room[: b - a],
            )
            for a, b in pairwise([*range(0, len(x), batch_size), len(x)])
        ]

    def shuffle(self, rng: np.random.Generator) -> None:
        """Draw a new order and gather the rows in it."""
        order = rng.permutation(len(self._x))
        for source, target in self._sources:
            # With mode="raise", NumPy would gather into a copy first; the order can't leave the rows anyway.
            np.take(source, order, axis=0, out=target, mode="clip")

    def loss(self, loss: Loss) -> float:
        """Return the mean loss of the outputs that the batches left behind."""
        return loss.value(self._outputs, self._y, self._weight)


def _predictions(network: Network, logits: AnyArray) -> AnyArray:
    """Return what the network's output activation makes of its logits."""
    predictions = np.empty_like(logits)
    network.layers[-1].activation.forward(logits, predictions)
    return predictions


def _checked(network: Network, x: AnyArray, y: AnyArray, *, name: str) -> tuple[AnyArray, AnyArray]:
    """Return both in the network's type, after checking their shapes."""
    x, y = np.ascontiguousarray(x, dtype=network.dtype), np.ascontiguousarray(y, dtype=network.dtype)
    expected = (network.sizes[0], network.sizes[-1])
    if x.ndim != 2 or y.ndim != 2 or (x.shape[1], y.shape[1]) != expected or len(x) != len(y) or len(x) == 0:
        raise InputError(
            f"{name} rows need shapes (n, {expected[0]}) and (n, {expected[1]}), n of at least 1, "
            f"not {x.shape} and {y.shape}"
        )
    return x, y
