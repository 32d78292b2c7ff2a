"""The rows of the training benchmark: read, made from real reviews, or drawn.

Whoever imports this has asked for one thread already: NumPy is imported here.
"""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.arrays import AnyArray, FloatMatrix

TRAIN_ROWS: Final = 19_316
VALIDATION_ROWS: Final = 4_829
LABELS: Final = 20
FLOOR: Final = 1e-3
"""Linear outputs leave [0, 1]; cross-entropy needs them inside it. No contestant predicts less for a real label."""
ROOT: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, eq=False)
class Rows:
    """What everybody trains on and is measured on."""

    x: FloatMatrix
    """(n, 4) moods, standardised."""
    y: FloatMatrix
    """(n, 20) in {0, 1}."""
    unseen_x: FloatMatrix
    unseen_y: FloatMatrix
    source: str
    """Where they are from, in words."""

    def bce(self, p: AnyArray) -> float:
        """Return the mean binary cross-entropy of probabilities for the unseen rows."""
        p, y = np.clip(p.astype(np.float64), FLOOR, 1 - FLOOR), self.unseen_y
        return float(-np.where(y > 0, np.log(p), np.log1p(-p)).mean())

    def brier(self, p: AnyArray) -> float:
        """Return the mean squared error of probabilities for the unseen rows."""
        return float(np.square(np.clip(p, 0, 1) - self.unseen_y, dtype=np.float64).mean())


def load_rows(file: Path) -> Rows:
    """Read rows that were made before."""
    with np.load(file, allow_pickle=False) as saved:
        x, y, unseen_x, unseen_y = (
            saved[name].astype(np.float32) for name in ("x_train", "y_train", "x_validation", "y_validation")
        )
        source = str(saved["source"]) if "source" in saved else f"rows of {file.name}"
    return Rows(x, y, unseen_x, unseen_y, source)


def real_rows(data_dir: Path, bundle: Path) -> Rows:
    """Make rows from IMDb reviews of films whose genres are known, a fifth of the films being the unseen ones."""
    from ilgi.emotion.load import load_emotion_model
    from ilgi.emotion.reading import score_texts
    from ilgi.emotion.reference import Reference
    from ilgi.emotion.views import mood_of
    from ilgi.training.reviews.item_labels import read_item_labels
    from ilgi.training.tables import read_rows
    from ilgi.words import GENRES, MOODS

    places = {"genres_tmdb": "tmdb", "genres_ml_mapped": "movielens"}
    genres = read_item_labels(data_dir / "reviews/imdb_titles.parquet", item="tconst", columns=places).labels
    reviews = [
        (str(row["tconst"]), str(row["text"]))
        for row in read_rows(data_dir / "reviews/imdb_reviews.parquet", columns=["tconst", "text"])
        if row["tconst"] in genres
    ]
    unseen = np.array([int(hashlib.sha256(film.encode()).hexdigest(), 16) % 5 == 0 for film, _ in reviews])
    order = np.random.default_rng(0).permutation(len(reviews))
    model = load_emotion_model(str(bundle))
    parts: list[AnyArray] = []
    for side, count in ((False, TRAIN_ROWS), (True, VALIDATION_ROWS)):
        rows = [reviews[i] for i in order[unseen[order] == side][:count]]
        moods: list[list[float]] = []
        for at in range(0, len(rows), 256):
            for scored in score_texts(model, [text for _, text in rows[at : at + 256]]):
                mood = mood_of(model.emotions, scored.affect)
                moods.append([mood[name] for name in MOODS])
            print(f"\rscoring reviews {at:,} of {len(rows):,}", end="", file=sys.stderr)
        labels = np.zeros((len(rows), LABELS), dtype=np.float32)
        labels[:, : len(GENRES)] = GENRES.multi_hot([genres[film] for film, _ in rows])
        parts += [np.array(moods, dtype=np.float32), labels]
    print(file=sys.stderr)
    reference = Reference.fit(MOODS, {"en": parts[0]})
    x, unseen_x = (reference.standardise(part, "en") for part in (parts[0], parts[2]))
    return Rows(x, parts[1], unseen_x, parts[3], "four moods of real IMDb reviews, unseen films")


def synthetic_rows() -> Rows:
    """Draw moods and labels whose dependence is as weak as in real reviews: knowing all would save 2 % of the loss."""
    rng = np.random.default_rng(11)
    n = TRAIN_ROWS + VALIDATION_ROWS
    moods = rng.dirichlet((1.2, 0.6, 0.9, 0.8), n)
    x = (moods - moods.mean(axis=0)) / moods.std(axis=0)
    # Base rates like those of film genres: one in two for the commonest, one in a hundred for the rarest.
    rate = 0.5 / np.arange(1, LABELS + 1) ** 1.1
    hidden = np.tanh(x @ rng.normal(0, 0.8, (4, 12)) + rng.normal(0, 0.5, 12))
    pull = hidden @ rng.normal(0, 1, (12, LABELS))
    pull = 0.30 * (pull - pull.mean(axis=0)) / pull.std(axis=0)
    p = 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + pull)))
    y = (rng.random(p.shape) < p).astype(np.float32)
    x32, cut = x.astype(np.float32), TRAIN_ROWS
    return Rows(x32[:cut], y[:cut], x32[cut:], y[cut:], "synthetic: drawn labels that depend weakly on drawn moods")


def find_rows(given: Path | None) -> Rows:
    """Return the rows asked for, else real ones where data and a bundle are at hand, else synthetic ones."""
    if given is not None:
        return load_rows(given)
    kept = ROOT / "runs/bench_train_rows.npz"
    if kept.is_file():
        return load_rows(kept)
    data_dir, bundle = os.environ.get("ILGI_DATA_DIR"), ROOT / "src/ilgi/data/bundles/movies"
    if not data_dir or not (bundle / "manifest.json").is_file():
        return synthetic_rows()
    rows = real_rows(Path(data_dir), bundle)
    kept.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        kept,
        x_train=rows.x,
        y_train=rows.y,
        x_validation=rows.unseen_x,
        y_validation=rows.unseen_y,
        source=np.array(rows.source),
    )
    return rows
