"""Pictures of a comparison, as PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilgi.nn.history import draw_history
from ilgi.registry import missing_extra


def draw_comparison(folder: Path, report: Mapping[str, Any]) -> None:
    """Write the pictures of a report into its folder.

    learning_curve.png (of the best row, one fold), calibration.png, by_genre.png, confusion.png and lift.png (which
    genres each emotion calls for).

    Args:
        folder: Must exist.
        report: As `report.json` holds it.

    Raises:
        MissingExtra: matplotlib isn't installed.
    """
    curves = [curve for curve in report["curves"] if curve]
    if curves:
        draw_history(curves[0], folder / "learning_curve.png")
    _calibration(folder / "calibration.png", report)
    _by_genre(folder / "by_genre.png", report)
    genres = list(report["labels_counted"])
    confusion = np.array([[report["confusion"][a][b] for b in genres] for a in genres])
    _heat(
        folder / "confusion.png",
        np.log2(np.maximum(confusion, 1e-3)),
        genres,
        genres,
        "How much more often a genre is given to films of a genre (log2)",
        ("predicted", "true"),
    )
    # An emotion that hardly ever stands out has no line that means anything.
    emotions = [name for name, row in report["heat"].items() if row["reviews"] >= 30]
    if emotions:
        lift = np.array([[report["heat"][e][g] for g in genres] for e in emotions])
        names = [f"{e} ({report['heat'][e]['reviews']:,})" for e in emotions]
        _heat(
            folder / "lift.png",
            lift,
            names,
            genres,
            "What a feeling calls for: mean lift of each genre (log-odds over its base rate)",
            ("genre", "emotion that stands out (reviews)"),
        )


def _canvas(width: float, height: float) -> tuple[Any, Any]:
    try:
        # The figure class, not pyplot: no global state, no window, no choice of backend.
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise missing_extra("drawing a comparison", error) from error
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Any, path: Path) -> None:  # noqa: ANN401 (matplotlib's)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure).print_figure(path, format="png", dpi=120, metadata={"Software": None})


def _calibration(path: Path, report: Mapping[str, Any]) -> None:
    figure, axis = _canvas(4.8, 4.8)
    said, came = report["reliability"]["said"], report["reliability"]["came_true"]
    end = min(1.0, 1.1 * max([0.1, *said, *came]))
    axis.plot([0, end], [0, end], color="0.6", linewidth=0.8, linestyle="--")
    axis.plot(said, came, marker="o", markersize=4)
    axis.set_xlim(0, end)
    axis.set_ylim(0, end)
    axis.set_xlabel("predicted probability")
    axis.set_ylabel("share that came true")
    axis.set_title(report["best"], fontsize=9)
    axis.grid(visible=True, alpha=0.3)
    _save(figure, path)


def _by_genre(path: Path, report: Mapping[str, Any]) -> None:
    rows = sorted(report["by_label"].items(), key=lambda pair: pair[1]["ap"])
    figure, axis = _canvas(6.4, 0.8 + 0.28 * len(rows))
    place = np.arange(len(rows))
    axis.barh(place, [row["ap"] for _, row in rows], height=0.6, label="average precision")
    axis.plot([row["rate"] for _, row in rows], place, "|", color="black", markersize=10, label="base rate")
    axis.set_yticks(place, [f"{name} ({row['films']:,})" for name, row in rows], fontsize=8)
    axis.set_xlabel(f"average precision on unseen films, one review ({report['best']})", fontsize=8)
    axis.grid(visible=True, axis="x", alpha=0.3)
    axis.legend(frameon=False, fontsize=8, loc="lower right")
    _save(figure, path)


def _heat(
    path: Path,
    values: NDArray[np.float64],
    rows: list[str],
    columns: list[str],
    title: str,
    axes: tuple[str, str],
) -> None:
    figure, axis = _canvas(2.6 + 0.42 * len(columns), 1.8 + 0.3 * len(rows))
    end = float(np.nanquantile(np.abs(values), 0.98)) or 1.0
    image = axis.imshow(values, cmap="RdBu_r", vmin=-end, vmax=end, aspect="auto")
    axis.set_xticks(range(len(columns)), columns, rotation=60, ha="right", fontsize=8)
    axis.set_yticks(range(len(rows)), rows, fontsize=8)
    axis.set_title(title, fontsize=9)
    axis.set_xlabel(axes[0], fontsize=8)
    axis.set_ylabel(axes[1], fontsize=8)
    figure.colorbar(image, ax=axis, shrink=0.8)
    _save(figure, path)
