"""How far reviews are from each kind of diary-like text: which columns lie apart, and whether standardising closes it.

    python benchmarks/bench_shift.py --data-dir DIR [--write]

The embedded emotion model reads as many reviews as texts of each kind; see `ilgi.training.shift` for the figures.
"""

import argparse
import os
from pathlib import Path
from typing import Any, Final

import numpy as np

from _common import rounded, table, write_result
from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.load import load_emotion_model
from ilgi.emotion.reading import score_wholes
from ilgi.language import Language
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.references import cut_entries
from ilgi.training.shift import measure_shift
from ilgi.training.tables import read_rows

KINDS: Final = {
    "ISEAR, events told": "emotion/isear_train.parquet",
    "CARER, “i feel …”": "emotion/carer_validation.parquet",
    "BRIGHTER, single sentences": "emotion/brighter_en_train.parquet",
    "Barbellion's diary": "emotion/diary_barbellion.parquet",
    "Pepys' diary": "emotion/diary_pepys.parquet",
}
REVIEWS: Final = "reviews/imdb_reviews.parquet"
MOST: Final = 1500
"""Texts of each kind."""
_SHOWN: Final = 5


def texts_of(path: Path, rng: np.random.Generator) -> list[str]:
    """Return at most `MOST` texts of a table, drawn at random; whole diaries cut into entries."""
    texts = [str(row["text"]).strip() for row in read_rows(path, columns=("text",)) if row["text"]]
    if path.stem.startswith("diary_"):
        texts = [entry for text in texts for entry in cut_entries(text)]
    return [texts[i] for i in rng.permutation(len(texts))[:MOST]]


def run(model: EmotionModel, reviews: list[str], kinds: dict[str, list[str]]) -> dict[str, Any]:
    """Measure every kind against the reviews; all texts are English."""
    affect = score_wholes(model, reviews, rule="whole")
    rows = []
    for name, texts in kinds.items():
        diary: dict[Language, FloatMatrix] = {"en": score_wholes(model, texts, rule="whole")}
        found = measure_shift(model.emotions, affect, ["en"] * len(reviews), diary, seed=0)["en"]
        apart = sorted(found["columns"].items(), key=lambda pair: -pair[1])[:_SHOWN]
        rows.append(
            {
                "texts": name,
                "number": len(texts),
                "AUC, told from a review": rounded(found["auc"]),
                "each standardised by its kind": rounded(found["auc_standardised"]),
                "mean distance of a column": rounded(float(np.mean(list(found["columns"].values())))),
                "furthest apart": ", ".join(f"{column} {value:.2f}" for column, value in apart),
            }
        )
    return {
        "title": "From reviews to diaries, kind by kind",
        "rows": rows,
        "notes": [
            f"{len(reviews):,} IMDb reviews; distances are Kolmogorov–Smirnov's: 0 alike, 1 without overlap.",
            "AUC of a linear classifier: 0.5 cannot tell the two apart.",
        ],
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("ILGI_DATA_DIR"))
    parser.add_argument("--write", action="store_true", help="keep the result in results/shift.json")
    options = parser.parse_args()
    if options.data_dir is None:
        parser.error("name the folder with the data sets: --data-dir DIR, or ILGI_DATA_DIR")
    rng = np.random.default_rng(0)
    kinds = {name: texts_of(options.data_dir / path, rng) for name, path in KINDS.items()}
    # Diaries of themes that the model didn't learn from.
    kinds["our own held-out diaries"] = [e.text for e in diary_entries() if e.held_out and e.language == "en"]
    result = run(load_emotion_model("embedded:ko-en"), texts_of(options.data_dir / REVIEWS, rng), kinds)
    print(table(result["rows"]))
    if options.write:
        path = write_result("shift", "python benchmarks/bench_shift.py --write", result)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
