"""What a training run did, epoch by epoch, and a picture of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ilgi.errors import InputError
from ilgi.registry import missing_extra


@dataclass(frozen=True)
class History:
    """The record of one run of `ilgi.nn.fitting.fit`."""

    series: Mapping[str, tuple[float, ...]]
    """One value per epoch and name: "train_loss" (a mean over the epoch, while weights moved and with dropout, without
    the L2 penalty), "learning_rate" (at the epoch's end) and, with validation rows, "validation_loss" and, with a
    metric, "validation_metric"."""
    best_epoch: int
    """The epoch whose weights the network was left with, from 1."""
    stopped: str
    """Why it ended, in words."""

    @property
    def epochs(self) -> int:
        """Epochs that were run."""
        return len(self.series["train_loss"])

    def draw(self, path: Path) -> None:
        """Write the picture of this run; see `draw_history`."""
        draw_history(self.series, path, best_epoch=self.best_epoch)


def draw_history(series: Mapping[str, Sequence[float]], path: Path, *, best_epoch: int = 0) -> None:
    """Write a PNG: losses over epochs, a mark at the epoch that was kept, other series in panels below.

    Args:
        series: Values per epoch by name, such as those of a `History` or of a `FitReport`.
        path: The file to write; its folder must exist.
        best_epoch: The epoch to mark, from 1; 0 for none.

    Raises:
        InputError: There is nothing to draw.
        MissingExtra: matplotlib isn't installed.
    """
    drawn = {name: values for name, values in series.items() if len(values)}
    if not drawn:
        raise InputError("this history holds no epoch: train first, then draw")
    try:
        # The figure class, not pyplot: no global state, no window, no choice of backend.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise missing_extra("drawing a history", error) from error

    losses = [name for name in drawn if name.endswith("loss")]
    panels = [group for group in (losses, *([n] for n in drawn if n not in losses)) if group]
    figure = Figure(figsize=(6.4, 1.2 + 2.2 * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axis, names in zip(axes, panels, strict=True):
        for name in names:
            axis.plot(range(1, len(drawn[name]) + 1), drawn[name], label=name.replace("_", " "))
        if best_epoch:
            axis.axvline(best_epoch, color="0.5", linewidth=0.8, linestyle="--", label=f"kept: epoch {best_epoch}")
        axis.grid(visible=True, alpha=0.3)
        axis.legend(frameon=False)
    axes[-1].set_xlabel("epoch")
    FigureCanvasAgg(figure).print_figure(path, format="png", dpi=120, metadata={"Software": None})
