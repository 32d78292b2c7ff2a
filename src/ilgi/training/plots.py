"""Pictures of a training, as PNG: how the fit went, and whether the probabilities can be taken at their word."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix
from ilgi.registry import missing_extra

_BINS = 10


def reliability(
    labels: FloatMatrix, known: FloatMatrix, p: FloatMatrix, *, bins: int = _BINS
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return what a reliability diagram shows: mean prediction, share that came true, and entries of each bin.

    Bins hold equally many entries, so that the few high probabilities are not lost among the many low ones.

    Args:
        labels: (n, L) in {0, 1}.
        known: (n, L) 1 where the label is known; other entries are left out.
        p: (n, L) in [0, 1].
        bins: How many at most.

    Returns:
        Three (b,) arrays, in rising order of prediction.
    """
    at = known > 0
    said, true = p[at].astype(np.float64), labels[at].astype(np.float64)
    order = np.argsort(said, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return (
        np.array([said[part].mean() for part in parts]),
        np.array([true[part].mean() for part in parts]),
        np.array([len(part) for part in parts], dtype=np.int64),
    )


def draw_reliability(
    path: Path, labels: FloatMatrix, known: FloatMatrix, predictions: Mapping[str, FloatMatrix]
) -> None:
    """Write the reliability diagram of some models; the diagonal is what a model at its word would draw.

    Args:
        path: The PNG to write; its folder must exist.
        labels: (n, L) in {0, 1}.
        known: (n, L) 1 where the label is known.
        predictions: Model → (n, L) in [0, 1].

    Raises:
        MissingExtra: matplotlib isn't installed.
    """
    try:
        # The figure class, not pyplot: no global state, no window, no choice of backend.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise missing_extra("drawing a reliability diagram", error) from error

    figure = Figure(figsize=(4.8, 4.8), layout="constrained")
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, linestyle="--")
    highest = 0.1
    for model, p in predictions.items():
        said, true, _ = reliability(labels, known, p)
        axis.plot(said, true, marker="o", markersize=3, label=model)
        highest = max([highest, *said, *true])
    axis.set_xlim(0, min(1.0, highest * 1.1))
    axis.set_ylim(0, min(1.0, highest * 1.1))
    axis.set_xlabel("predicted probability")
    axis.set_ylabel("share that came true")
    axis.grid(visible=True, alpha=0.3)
    axis.legend(frameon=False)
    FigureCanvasAgg(figure).print_figure(path, format="png", dpi=120, metadata={"Software": None})
