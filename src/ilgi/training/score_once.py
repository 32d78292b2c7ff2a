"""Scores texts for one measurement: shared with other runs where there is a cache, kept nowhere else."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ilgi.arrays import FloatMatrix
from ilgi.training.progress import Progress
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import CACHE_BYTES, Scorer, ScorerPool, score_all


def score_once(
    scorer: Scorer, texts: Sequence[str], *, task: str, workers: int, cache_dir: Path | None, progress: Progress
) -> FloatMatrix:
    """Return the (n, A) affect of texts.

    Args:
        scorer: What scores them.
        texts: Any texts.
        task: What is being done, for people ("reading reviews").
        workers: How many processes may score.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text.
    """
    fingerprint = scorer.fingerprint()
    with tempfile.TemporaryDirectory() as own, ScorerPool(scorer, workers=workers) as pool:
        store = ScoreStore(cache_dir or Path(own), fingerprint, width=scorer.width, limit_bytes=CACHE_BYTES)
        progress.start(task, len(texts), "texts")
        affect = score_all(texts, pool, store, progress=progress)
        progress.finish()
    return affect
