from pathlib import Path

import numpy as np
import pytest

from ilgi.training.progress import Silent
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer


def test_scores_are_shared_only_where_there_is_a_cache(
    tiny_scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["We laughed", "I cried", "We laughed"]
    one = score_once(tiny_scorer, texts, task="x", workers=1, cache_dir=tmp_path, progress=Silent())
    assert np.array_equal(one, tiny_scorer.score(texts))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr("ilgi.training.scoring.score_wholes", refuse)
    again = score_once(tiny_scorer, texts, task="x", workers=1, cache_dir=tmp_path, progress=Silent())
    assert np.array_equal(one, again)
    with pytest.raises(AssertionError):
        score_once(tiny_scorer, texts, task="x", workers=1, cache_dir=None, progress=Silent())
