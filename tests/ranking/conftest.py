"""Small catalogues and queries, made on the spot."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.steps import Query, Reading, Sentence
from ilgi.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def make_catalog() -> Callable[..., Catalog]:
    """Makes a catalogue from label rows, popularities and ids; what is not given is plain."""

    def make(
        matrix: Sequence[Sequence[float]] | np.ndarray,
        *,
        popularity: Sequence[float] | np.ndarray | None = None,
        ids: Sequence[str] | None = None,
        labels: int | None = None,
    ) -> Catalog:
        n = len(matrix)
        width = labels if labels is not None else np.shape(matrix)[1]
        return Catalog(
            domain="movies",
            ids=tuple(ids) if ids is not None else tuple(f"t:{i}" for i in range(n)),
            titles={},
            year=np.zeros(n, dtype=np.int16),
            language=("",) * n,
            labels=Vocabulary([f"label {j}" for j in range(width)], kind="label"),
            matrix=np.asarray(matrix, dtype=np.float32).reshape(n, width),
            popularity=np.asarray(popularity if popularity is not None else np.zeros(n), dtype=np.float32),
            affect=np.zeros((n, 0), dtype=np.float32),
        )

    return make


@pytest.fixture(scope="session")
def make_query() -> Callable[..., Query]:
    """Makes a query with these label probabilities, as if an empty text had been read."""
    columns = Vocabulary(["joy"], kind="emotion")
    zero = np.zeros(1, dtype=np.float32)
    reading = Reading(
        language="en",
        sentences=(Sentence("", 0, 0),),
        columns=columns,
        scores=zero[None],
        weights=zero + 1,
        affect=zero,
        standard=zero,
        mood={"joy": 0.25, "optimism": 0.25, "anger": 0.25, "sadness": 0.25},
        emotions={"joy": 0.0},
        valence=0.5,
        arousal=0.5,
        sure=False,
    )

    def make(probabilities: Sequence[float], base_rates: Sequence[float] | float = 0.5, goal: str = "mirror") -> Query:
        p = np.asarray(probabilities, dtype=np.float32)
        base = np.broadcast_to(np.asarray(base_rates, dtype=np.float32), p.shape).copy()
        return Query(reading, Vocabulary([f"label {j}" for j in range(len(p))], kind="label"), p, base, goal)

    return make
