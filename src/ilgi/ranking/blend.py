"""Ranks by how items feel: their place on the axes that a goal asks for, with their labels' lift and their popularity.

    score = axes + w_labels · labels + w_popularity · popularity

- *axes*: each family's share of the reading times the item's place along what the goal asks for that family
  (`ilgi.ranking.goals`). Places are shrunk by their uncertainty, z / (1 + spread²): what is a guess counts less. Under
  `mirror` a part of an ordinary day's shares is taken off first: what a day has in common with any day asks for little.
  Songs stand on two axes of sound instead, where a cosine would ignore strength: theirs is the log of a Gaussian around
  the point that the goal asks for, -½ Σ (z - t)² / (τ² + spread²). Under `mirror` the point is the reading's own
  valence and arousal, quantile to quantile.
- *labels*: the cosine of label lift (`ilgi.ranking.cosine`), -1 … 1.
- *popularity*: in [0, 1]; of two items that fit alike, the one that more people know.

Among the best by this score, which of them suits *this* day is told by `theme`: the cosine of what stands out in the
reading and what stands out in the item's description, less the cosine that one diary in twenty exceeds with this item
(else the same few items would be near to every day), with a little label lift. It is no feeling, and no reason is given
by it.

A score depends on the query and the item alone. A catalogue without profiles is ranked by the other parts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Self
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import State
from ilgi.catalog.axes import SOUND_AXES
from ilgi.catalog.base import Catalog
from ilgi.ranking.base import Ranker, config_of
from ilgi.ranking.cosine import CosineRanker
from ilgi.ranking.goals import LIMITS, POINTS, TARGETS, direction, directions, is_limited, points
from ilgi.steps import Query

_OUT: Final = np.float32(-1e6)
"""Score of an item that goes too far for the goal: behind every other, and still in order among its like."""
_FRIGHTENING: Final = "Horror"
_LEAST: Final = 1e-6
_TOLERANCE: Final = np.float32(0.5)
"""How far a song may be from the point asked for, in standard deviations, before it fits clearly less."""
_FURTHEST: Final = np.float32(2.0)
VALENCE_COLUMN: Final = "valence"
AROUSAL_COLUMN: Final = "arousal"
_LIFT: Final = np.float32(0.2)
"""How much label lift counts in a theme."""
_ENOUGH: Final = np.float32(1.5)
"""Standard deviations along a goal that are enough: far beyond, one film fits hardly better than another, and it should
be something else that tells them apart."""


class BlendConfig(BaseModel):
    """How much each part counts beside the axes' 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    labels: float = Field(default=0.1, ge=0)
    popularity: float = Field(default=0.3, ge=0)
    ordinary: float = Field(default=0.5, ge=0, le=1)
    """How much of an ordinary day's shares `mirror` takes off."""


class BlendRanker(Ranker):
    """See the module's docstring. Ties go by popularity, then id."""

    Config = BlendConfig

    def __init__(self, config: BlendConfig | None = None) -> None:
        """Store the configuration."""
        self.config = config if config is not None else BlendConfig()
        self._cosine = CosineRanker()
        self._along: WeakKeyDictionary[Catalog, dict[str, FloatMatrix]] = WeakKeyDictionary()

    def score(self, query: Query, catalog: Catalog) -> FloatVector:
        """Return (n_items,) float32: see the module's docstring; -1e6 less for an item that goes too far."""
        scores: FloatVector = self.score_many([query], catalog)[0]
        return scores

    def score_many(self, queries: Sequence[Query], catalog: Catalog) -> FloatMatrix:
        """Return (len(queries), n_items) float32: row i is `score` of query i."""
        scores = np.tile(np.float32(self.config.popularity) * catalog.popularity, (len(queries), 1))
        if not len(catalog) or not queries:
            return scores
        scores += np.float32(self.config.labels) * self._cosine.score_many(queries, catalog)
        for row, query in enumerate(queries):
            along = self.along(query.goal, catalog)
            if has_sound(catalog) and query.goal in POINTS:
                scores[row] += nearness(catalog, sound_asked(query))
            elif along is not None:
                ordinary = np.float32(self.config.ordinary if query.goal == "mirror" else 0.0)
                scores[row] += (query.families - ordinary * query.families_prior) @ along
                if is_limited(query.goal):
                    scores[row] += _OUT * too_far(catalog)
        return scores

    def theme(self, query: Query, catalog: Catalog, rows: IntVector) -> FloatVector:
        """Return (m,) how much some rows have to do with what this day was about, about -1 … 1; see the module."""
        match = affect_match(query, catalog, rows)
        if catalog.affect_level is not None:
            # Of an item without a description nothing is told: it is as near as one in twenty.
            match = match - np.nan_to_num(catalog.affect_level[rows])
        lift = self._cosine.score(query, catalog)[rows]
        return np.asarray(match + _LIFT * lift, dtype=np.float32)

    def along(self, goal: str, catalog: Catalog) -> FloatMatrix | None:
        """Return (families, n_items): how far each item lies along what a goal asks for each family; None if unknown.

        It is found once for a catalogue and goal, and kept as long as the catalogue lives.
        """
        if catalog.profiles is None or goal not in TARGETS:
            return None
        kept = self._along.setdefault(catalog, {})
        if goal not in kept:
            far = directions(goal, catalog.profiles.axes) @ shrunk_places(catalog).T
            kept[goal] = np.asarray(_ENOUGH * np.tanh(far / _ENOUGH), dtype=np.float32)
        return kept[goal]

    def state(self) -> State:
        """Return what a bundle keeps: the weights."""
        return State(self.config.model_dump(mode="json"))

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the ranker that gave this state.

        Raises:
            BundleDamaged: The state is not what this class writes.
        """
        return cls(config_of(state, BlendConfig, cls.__name__))


def has_sound(catalog: Catalog) -> bool:
    """Return whether the items stand on the axes of sound."""
    return catalog.profiles is not None and catalog.profiles.axes == SOUND_AXES


def sound_asked(query: Query) -> FloatVector:
    """Return (2,) where songs for a query lie, in standard deviations over all songs."""
    reading = query.reading
    if query.goal == "mirror" and VALENCE_COLUMN in reading.columns and AROUSAL_COLUMN in reading.columns:
        own = reading.standard[reading.columns.columns((VALENCE_COLUMN, AROUSAL_COLUMN))]
        return np.clip(own, -_FURTHEST, _FURTHEST)
    return np.asarray(query.families @ points(query.goal), dtype=np.float32)


def nearness(catalog: Catalog, point: FloatVector) -> FloatVector:
    """Return (n_items,) ≤ 0: the log of a Gaussian around a point of sound; an unknown place is an ordinary one."""
    profiles = catalog.profiles
    if profiles is None:
        return np.zeros(len(catalog), dtype=np.float32)
    off = np.nan_to_num(profiles.place) - point
    variance = _TOLERANCE**2 + np.nan_to_num(profiles.spread, nan=1.0) ** 2
    return np.asarray(-0.5 * (off**2 / variance).sum(axis=1), dtype=np.float32)


def affect_match(query: Query, catalog: Catalog, rows: IntVector) -> FloatVector:
    """Return (m,) cosines of a reading and the descriptions of some rows, by the columns that both have; else 0.

    The length of a description is that over all its columns.
    """
    columns = query.reading.columns
    shared = [i for i, name in enumerate(catalog.affect_columns) if name in columns]
    if not shared:
        return np.zeros(len(rows), dtype=np.float32)
    asked = query.reading.standard[columns.columns([catalog.affect_columns[i] for i in shared])]
    own = _kept(_affects, catalog, _unit_affect)[rows][:, shared]
    return np.asarray(own @ (asked / max(float(np.linalg.norm(asked)), _LEAST)), dtype=np.float32)


def shrunk_places(catalog: Catalog) -> FloatMatrix:
    """Return (n_items, X) places on the axes, shrunk by their uncertainty; 0, an ordinary item, where unknown.

    Found once and kept as long as the catalogue lives, as are `too_far` and the directions of `affect`.
    """
    return _kept(_places, catalog, _shrunk)


def too_far(catalog: Catalog) -> FloatVector:
    """Return (n_items,) 1 for an item that is frightening or goes beyond one of `LIMITS`, else 0."""
    found: FloatVector = _kept(_far, catalog, _beyond)
    return found


def _shrunk(catalog: Catalog) -> FloatMatrix:
    profiles = catalog.profiles
    if profiles is None:
        return np.zeros((len(catalog), 0), dtype=np.float32)
    return np.nan_to_num(profiles.place / (1.0 + profiles.spread**2))


def _unit_affect(catalog: Catalog) -> FloatMatrix:
    own = np.nan_to_num(catalog.affect)
    return np.asarray(own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), _LEAST), dtype=np.float32)


def _kept(
    cache: WeakKeyDictionary[Catalog, FloatMatrix], catalog: Catalog, find: Callable[[Catalog], FloatMatrix]
) -> FloatMatrix:
    found = cache.get(catalog)
    if found is None:
        found = cache[catalog] = find(catalog)
    return found


_places: Final[WeakKeyDictionary[Catalog, FloatMatrix]] = WeakKeyDictionary()
_far: Final[WeakKeyDictionary[Catalog, FloatMatrix]] = WeakKeyDictionary()
_affects: Final[WeakKeyDictionary[Catalog, FloatMatrix]] = WeakKeyDictionary()


def _beyond(catalog: Catalog) -> FloatVector:
    profiles = catalog.profiles
    far = np.zeros(len(catalog), dtype=bool)
    if _FRIGHTENING in catalog.labels:
        far |= catalog.matrix[:, catalog.labels.column(_FRIGHTENING)] > 0
    if profiles is not None:
        for axis, most in LIMITS.items():
            if axis in profiles.axes:
                far |= np.nan_to_num(profiles.place[:, profiles.axes.column(axis)]) > most
    return far.astype(np.float32)


def places_along(catalog: Catalog, target: Mapping[str, float]) -> FloatVector:
    """Return (n_items,) how far each item lies along a direction of the axes; zeros without profiles."""
    if catalog.profiles is None:
        return np.zeros(len(catalog), dtype=np.float32)
    return np.asarray(shrunk_places(catalog) @ direction(target, catalog.profiles.axes), dtype=np.float32)
