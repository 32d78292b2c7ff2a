"""Draws the pictures of the docs that come from code: `python tools/pictures.py`. Needs the extra `train`."""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ilgi.catalog.axes import AXES
from ilgi.families import FAMILIES
from ilgi.ranking.goals import directions

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SHOWN: Final = {"mirror": "as it is (mirror)", "stay": "for company (stay)", "release": "to let it out (release)"}


def goals(path: Path) -> None:
    """Write the table of goals as heat maps: family by axis, red towards it and blue away from it."""
    figure = Figure(figsize=(10.5, 3.9), layout="constrained")
    for place, (goal, title) in zip(figure.subplots(1, len(SHOWN), sharey=True), SHOWN.items(), strict=True):
        values = directions(goal, AXES)
        place.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
        place.set_xticks(range(len(AXES)), list(AXES), rotation=60, ha="right", fontsize=8)
        place.set_yticks(range(len(FAMILIES)), list(FAMILIES), fontsize=8)
        place.set_title(title, fontsize=9)
        for row, column in zip(*np.nonzero(np.abs(values) > 0.005), strict=True):
            dark = abs(values[row, column]) > 0.6
            place.text(
                column,
                row,
                f"{values[row, column]:+.1f}",
                ha="center",
                va="center",
                fontsize=6,
                color="w" if dark else "0.2",
            )
    FigureCanvasAgg(figure).print_figure(path, format="png", dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    goals(FOLDER / "goals.png")
