"""Do films that people tagged with a mood rank above other tagged films when a diary of that mood asks?

The groups of tags were fixed before anything was tuned by them. A film carries a group if somebody gave it one of its
tags. For one query, the AUC of a group is the chance that a film with it ranks above a tagged film without it, equal
scores counting half (Mann & Whitney 1947): 0.5 is chance. *Matched* is the AUC of the query's own group, *mismatched*
the mean over the other groups: a list that is good for any mood alike is high in both. Figures are means over the
queries of a mood, then over the four moods; fear is told beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.errors import InputError
from ilgi.evaluation.metrics import ndcg_of_rows

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "sadness": (
        "sad", "depressing", "bittersweet", "tear jerker", "tearjerker", "melancholy", "melancholic", "heartbreaking",
        "tragedy", "loneliness", "grief", "bleak",
    ),
    "joy": ("funny", "feel-good", "feel good movie", "heartwarming", "cute", "sweet", "happy ending"),
    "anger": ("revenge", "violent", "angry"),
    "optimism": ("inspirational", "uplifting", "hopeful", "touching"),
    "fear": ("scary", "creepy", "frightening", "tense", "suspense", "disturbing"),
}  # fmt: skip
"""Mood of a query → the tags that go with it."""
MOODS: Final = ("sadness", "joy", "anger", "optimism")
"""The moods that figures are averaged over; "fear" is reported beside them."""
_FIRST: Final = 10


@dataclass(frozen=True, eq=False)
class TaggedFilms:
    """F films that somebody gave a tag of mood."""

    ids: tuple[str, ...]
    """(F,) as the table names them."""
    carries: NDArray[np.bool_]
    """(G, F) whether a film carries each of `GROUPS`."""

    @classmethod
    def of(cls, films: "TaggedFilms", chosen: NDArray[np.bool_]) -> "TaggedFilms":
        """Return those of some films that are chosen, (F,)."""
        return cls(tuple(np.array(films.ids, dtype=object)[chosen]), films.carries[:, chosen])


def tagged_films(tags: Sequence[tuple[str, str]]) -> TaggedFilms:
    """Return the films of a table of tags, in order of first appearance.

    Args:
        tags: Film and tag of each row; a tag of no group still makes its film a tagged one.

    Raises:
        InputError: A group has no film, or all of them.
    """
    row = {film: i for i, film in enumerate(dict.fromkeys(film for film, _ in tags))}
    group_of = {tag: g for g, names in enumerate(GROUPS.values()) for tag in names}
    carries = np.zeros((len(GROUPS), len(row)), dtype=bool)
    for film, tag in tags:
        group = group_of.get(tag.strip().casefold())
        if group is not None:
            carries[group, row[film]] = True
    for name, films in zip(GROUPS, carries, strict=True):
        if not films.any() or films.all():
            raise InputError(f"of the tagged films, none or all carry a tag of {name}: that measures nothing")
    return TaggedFilms(tuple(row), carries)


def best_order(films: TaggedFilms) -> FloatVector:
    """Return (F,) the scores with the highest mean matched AUC that an order which never reads the query can have.

    The mean of AUCs is a sum over pairs i, j of Σ_g c_g (x_ig - x_jg) where i ranks above j, with c_g = 1 / (films with
    g · films without) and x_ig = 1 where i carries g. Each pair is best served by the order of Σ_g c_g x_ig, which is
    one order for all pairs.
    """
    carries = films.carries[: len(MOODS)].astype(np.float64)
    with_it = carries.sum(axis=1)
    pairs = with_it * (carries.shape[1] - with_it)
    return np.asarray((carries.T / pairs).sum(axis=1) * pairs.max(), dtype=np.float32)


def measure_tags(
    scores: FloatMatrix, moods: Sequence[str], films: TaggedFilms, *, rng: np.random.Generator, repeats: int = 300
) -> dict[str, Any]:
    """Return the figures of one way to rank, with 95 % bootstrap intervals over queries and films together.

    Args:
        scores: (Q, F) of each query for each tagged film; -inf for a film that cannot be ranked, which so counts as
            last.
        moods: (Q,) the mood of each query, one of `GROUPS`; each of `MOODS` at least once.
        films: The tagged films.
        rng: Draws queries and films.
        repeats: Resamples.

    Returns:
        JSON: "matched", "mismatched", "difference" (of the two) and "ndcg_10" (of the first ten tagged films, queries
        resampled alone) as {"value", "low", "high"}; "by_mood": mood → {"queries", tag group → AUC}.

    Raises:
        InputError: A shape doesn't fit, a score is NaN, or a mood has no query.
    """
    queries = np.array([list(GROUPS).index(mood) if mood in GROUPS else -1 for mood in moods], dtype=np.int64)
    if scores.shape != (len(moods), len(films.ids)) or np.isnan(scores).any():
        raise InputError("each query needs one score, not NaN, for each tagged film")
    if (queries < 0).any() or not set(range(len(MOODS))) <= set(queries.tolist()):
        raise InputError(f"each query needs a mood of {', '.join(GROUPS)}, and each of {', '.join(MOODS)} a query")
    ranked = _Ranked.of(scores)
    table = _by_mood(ranked.auc(films.carries, np.ones(len(films.ids), dtype=np.float32)), queries)
    value = _summary(table)
    finite = np.where(np.isneginf(scores), scores[np.isfinite(scores)].min(initial=0.0) - 1.0, scores)
    gain = ndcg_of_rows(films.carries[queries], finite, _FIRST)
    own = queries < len(MOODS)
    again, gains = [], []
    for _ in range(repeats):
        drawn = np.concatenate([_again(np.flatnonzero(queries == m), rng) for m in np.unique(queries)])
        weight = np.bincount(rng.integers(len(films.ids), size=len(films.ids)), minlength=len(films.ids))
        auc = ranked.auc(films.carries, weight.astype(np.float32))
        again.append(_summary(_by_mood(auc[drawn], queries[drawn])))
        gains.append(_mean_of_moods(gain[drawn], queries[drawn]))
    found = {name: _interval(value[i], [a[i] for a in again]) for i, name in enumerate(("matched", "mismatched"))}
    found["difference"] = _interval(value[0] - value[1], [a[0] - a[1] for a in again])
    found["ndcg_10"] = _interval(_mean_of_moods(gain[own], queries[own]), gains)
    by_mood = {
        mood: {
            "queries": int((queries == m).sum()),
            **{g: round(float(a), 3) for g, a in zip(GROUPS, row, strict=True)},
        }
        for m, (mood, row) in enumerate(zip(GROUPS, table, strict=True))
        if (queries == m).any()
    }
    return {**found, "by_mood": by_mood}


@dataclass(frozen=True, eq=False)
class _Ranked:
    """Each query's films from the lowest score to the highest, and where runs of equal scores begin and end."""

    order: IntVector
    start: IntVector
    end: IntVector

    @classmethod
    def of(cls, scores: FloatMatrix) -> "_Ranked":
        order = np.argsort(scores, axis=1, kind="stable")
        sorted_ = np.take_along_axis(scores, order, axis=1)
        new = np.ones(sorted_.shape, dtype=bool)
        new[:, 1:] = sorted_[:, 1:] != sorted_[:, :-1]
        places = np.arange(sorted_.shape[1])
        start = np.maximum.accumulate(np.where(new, places, 0), axis=1)
        last = np.ones(sorted_.shape, dtype=bool)
        last[:, :-1] = new[:, 1:]
        end = np.minimum.accumulate(np.where(last, places, len(places))[:, ::-1], axis=1)[:, ::-1]
        return cls(order, start, end + 1)

    def auc(self, carries: NDArray[np.bool_], weight: FloatVector) -> FloatMatrix:
        """Return (Q, G): the AUC of each group, films counting by their weight; NaN where a side has none."""
        result = np.empty((len(self.order), len(carries)), dtype=np.float32)
        for g, films in enumerate(carries):
            with_it, without = weight * films, weight * ~films
            below = np.zeros((self.order.shape[0], self.order.shape[1] + 1), dtype=np.float32)
            np.cumsum(without[self.order], axis=1, out=below[:, 1:])
            beaten = np.take_along_axis(below, self.start, axis=1) + np.take_along_axis(below, self.end, axis=1)
            pairs = with_it.sum() * without.sum()
            total = np.einsum("qf,qf->q", with_it[self.order], beaten) / 2.0
            result[:, g] = total / pairs if pairs > 0 else np.nan
        return result


def _by_mood(auc: FloatMatrix, queries: IntVector) -> FloatMatrix:
    """Return (G, G): the mean AUC of each group over the queries of each mood; NaN for a mood without queries."""
    rows = [auc[queries == m].mean(axis=0) if (queries == m).any() else np.full(len(GROUPS), np.nan) for m in
            range(len(GROUPS))]  # fmt: skip
    return np.array(rows, dtype=np.float32)


def _summary(table: FloatMatrix) -> tuple[float, float]:
    """Return matched and mismatched over the four moods."""
    four = table[: len(MOODS), : len(MOODS)]
    matched = np.diag(four)
    other = (four.sum(axis=1) - matched) / (len(MOODS) - 1)
    return float(matched.mean()), float(other.mean())


def _mean_of_moods(values: NDArray[np.float64], queries: IntVector) -> float:
    return float(np.mean([values[queries == m].mean() for m in range(len(MOODS))]))


def _again(rows: IntVector, rng: np.random.Generator) -> IntVector:
    return rows[rng.integers(len(rows), size=len(rows))]


def _interval(value: float, again: Sequence[float]) -> dict[str, float]:
    # A resample in which a group has no film, or every film, measures nothing.
    some = [a for a in again if not np.isnan(a)]
    low, high = np.quantile(some, [0.025, 0.975]) if some else (np.nan, np.nan)
    # + 0.0: no -0.0
    return {"value": round(value, 4) + 0.0, "low": round(float(low), 4) + 0.0, "high": round(float(high), 4) + 0.0}
