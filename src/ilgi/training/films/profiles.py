"""Learns where films stand on the axes, from people's tags.

For each axis a logistic regression tells the tagged films with one of its tags from the other tagged ones; a film that
nobody tagged is unknown, not a counterexample. A film counts the more the more people gave it the tag. Many models are
learned, each from films drawn with replacement (bagging, Breiman 1996): a tagged film is placed only by those that did
not learn from it, so no film's place knows its own tags, and how far the models differ says how sure a place is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.catalog.axes import AXES, axis_of_tag
from ilgi.catalog.base import Catalog
from ilgi.catalog.profiles import BASES, Profiles
from ilgi.errors import DataError, MissingExtra
from ilgi.training.films.features import FilmFacts

SAMPLES: Final = 24
"""Models of each axis."""
_STRENGTH: Final = 0.3
"""Inverse strength of the ridge (scikit-learn's C)."""
_PER_LOG_PEOPLE: Final = 0.5
_FEWEST: Final = 8
"""An axis with fewer tagged films is left unknown."""


@dataclass(frozen=True, eq=False)
class AxisTags:
    """The tags of T films on X axes."""

    rows: IntVector
    """(T,) the film's row in the catalogue; each at most once."""
    people: FloatMatrix
    """(T, X) how many people gave a tag of the axis."""


def axis_tags(tags: Sequence[tuple[int, str, float]]) -> AxisTags:
    """Return the tags by film.

    Args:
        tags: Row in the catalogue, tag, and how many people gave it. One of no axis still makes its film a tagged one.

    Raises:
        DataError: There are none.
    """
    rows = sorted({row for row, _, _ in tags})
    if not rows:
        raise DataError("no tagged film is in the catalogue: the titles or years must be other ones")
    place = {row: i for i, row in enumerate(rows)}
    people = np.zeros((len(rows), len(AXES)), dtype=np.float32)
    for row, tag, count in tags:
        axis = axis_of_tag(tag)
        if axis:
            people[place[row], AXES.column(axis)] += count
    return AxisTags(np.array(rows, dtype=np.int64), people)


def learn_profiles(
    features: Any,  # noqa: ANN401 (scipy has no types)
    tags: AxisTags,
    catalog: Catalog,
    facts: FilmFacts,
    *,
    rng: np.random.Generator,
    samples: int = SAMPLES,
    on_model: Callable[[], None] = lambda: None,
) -> tuple[Profiles, dict[str, Any]]:
    """Return the profiles of all films, and how well they were found as JSON.

    Args:
        features: (n, F) sparse, of `film_features`.
        tags: Of some of the films.
        catalog: The films.
        facts: Of them.
        rng: Draws the samples.
        samples: Models of each axis.
        on_model: Called after each model.

    Returns:
        The profiles, and axis → {"films": with its tags, "auc": how often one of them stands above a tagged film
        without}.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    n, count = len(catalog), len(tags.rows)
    place = np.full((n, len(AXES)), np.nan, dtype=np.float32)
    spread = np.full((n, len(AXES)), np.nan, dtype=np.float32)
    own = features[tags.rows]
    draws = [rng.integers(count, size=count) for _ in range(samples)]
    figures: dict[str, Any] = {}
    for column, axis in enumerate(AXES):
        people = tags.people[:, column]
        if (people > 0).sum() < _FEWEST or (people > 0).all():
            continue
        center, deviation = _bagged(features, own, people, tags.rows, draws, on_model)
        scale = center.std()
        place[:, column] = (center - center.mean()) / scale
        spread[:, column] = deviation / scale
        figures[axis] = {
            "films": int((people > 0).sum()),
            "auc": round(_auc(center[tags.rows], people > 0), 3),
        }
    basis = np.array([BASES.index("keywords" if words else "genres") for words in facts.keywords], dtype=np.uint8)
    return Profiles(AXES, place, spread, basis, np.zeros(n, dtype=np.int64)), figures


def _bagged(
    features: Any,  # noqa: ANN401
    own: Any,  # noqa: ANN401
    people: FloatVector,
    rows: IntVector,
    draws: Sequence[IntVector],
    on_model: Callable[[], None],
) -> tuple[FloatVector, FloatVector]:
    """Return the mean and the deviation of the models' log-odds for every film."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("learning how films feel", "train", "scikit-learn") from error
    tagged = people > 0
    weight = np.where(tagged, 1.0 + _PER_LOG_PEOPLE * np.log(np.maximum(people, 1.0)), 1.0)
    total = np.zeros((3, features.shape[0]))
    for drawn in draws:
        if tagged[drawn].all() or not tagged[drawn].any():
            continue
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=1000)
        model.fit(own[drawn], tagged[drawn], sample_weight=weight[drawn])
        odds = model.decision_function(features)
        counts = np.ones(len(odds))
        counts[rows[drawn]] = 0.0
        total += np.stack([counts, counts * odds, counts * odds**2])
        on_model()
    seen = np.maximum(total[0], 1.0)
    center = total[1] / seen
    variance = np.maximum(total[2] / seen - center**2, 0.0)
    # A film that every model learned from (few samples) is placed in the middle.
    center[total[0] == 0] = center[total[0] > 0].mean()
    return center.astype(np.float32), np.sqrt(variance).astype(np.float32)


def _auc(scores: FloatVector, positive: Any) -> float:  # noqa: ANN401
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(positive, scores))
