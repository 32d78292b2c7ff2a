"""Keeps a short list from saying one thing three times: no two items of one series, little of what is there already.

Greedy by marginal relevance (Carbonell and Goldstein 1998): each place takes the item whose score, less what it has in
common with those chosen before, is highest.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.catalog.base import Catalog
from ilgi.ranking.blend import shrunk_places

_BEHIND: Final = re.compile(r"\s*(?:[:：(\[–—]|\s-\s).*$")
_PART: Final = re.compile(
    r"[\s,.]+(?:part|chapter|vol(?:ume)?|episode|no)?[\s.]*(?:[0-9]{1,2}|[ivx]{1,5}|one|two|three|four|five)$|\s*제?\s*[0-9]+\s*[편부탄]?$"
)
_ARTICLE: Final = re.compile(r"^(?:the|a|an)\s+")
_SHORTEST: Final = 3


def series_of(title: str) -> str:
    """Return what a title has in common with the other parts of its series.

    "Ice Age: Continental Drift" and "Ice Age 2" are both "ice age", "공공의 적 2" is "공공의 적". A title that would
    leave less than three characters stays whole.
    """
    whole = " ".join(unicodedata.normalize("NFKC", title).casefold().split())
    name = _ARTICLE.sub("", _BEHIND.sub("", whole))
    short = _PART.sub("", name).strip(" ,.-")
    return short if len(short) >= _SHORTEST else (name or whole)


def choose(
    scores: Sequence[FloatVector],
    catalog: Catalog,
    rows: IntVector,
    *,
    diversity: float,
    rising: FloatVector | None = None,
) -> IntVector:
    """Return a position in `rows` for each place of a list.

    Args:
        scores: One vector (m,) for each place, higher is better: places may ask for different things. An item that is
            no candidate for a place has -inf there.
        catalog: The items.
        rows: (m,) those that may come.
        diversity: 0 … 1: how much of the spread of a place's scores is given up for variety.
        rising: (m,) one value for each: that of each chosen item shall be above that of the one before, and so low that
            the steps after it find room above.

    Returns:
        (len(scores),) positions, -1 for a place for which nothing is left. Two of a series come only where nothing else
        is left.
    """
    labels, places = _units(catalog.matrix[rows]), _units(shrunk_places(catalog)[rows])
    price = np.zeros(len(rows), dtype=np.float32)
    used: set[str] = set()
    chosen: list[int] = []
    found = np.full(len(scores), -1, dtype=np.int64)
    for place, score in enumerate(scores):
        free = np.isfinite(score)
        free[chosen] = False
        if rising is not None:
            free = _next_step(free, rising, chosen, share=(place + 1) / len(scores))
        if not free.any():
            continue
        spread = float(score[np.isfinite(score)].std())
        value = np.where(free, score - np.float32(diversity * 2.0 * spread) * price, -np.inf)
        best = _first_fresh(value, catalog, rows, used)
        chosen.append(best)
        found[place] = best
        used |= _series(catalog, int(rows[best]))
        price = np.maximum(price, _common(labels, places, best))
    return found


def _first_fresh(value: FloatVector, catalog: Catalog, rows: IntVector, used: set[str]) -> int:
    """Return the best position whose series is not used yet; the very best where all are."""
    for position in np.argsort(-value, kind="stable").tolist():
        if not np.isfinite(value[position]):
            break
        if not _series(catalog, int(rows[position])) & used:
            return int(position)
    # A second part of a series is better than a place left empty.
    return int(np.argmax(value))


def _series(catalog: Catalog, row: int) -> set[str]:
    """Return what an item is a part of: the series of its titles, and the work of who made it."""
    found = {series_of(names[row]) for names in catalog.titles.values() if names[row]}
    if catalog.by and catalog.by[row]:
        # Two songs of one artist are too much of one thing, too.
        found.add(f"by {catalog.by[row].casefold()}")
    return found


def _common(labels: FloatMatrix, places: FloatMatrix, one: int) -> FloatVector:
    """Return (m,) how much items have in common with one of them, 0 … 1: their labels' and places' cosines."""
    shared = labels @ labels[one]
    if not places.shape[1]:
        return np.asarray(shared, dtype=np.float32)
    return np.asarray(0.5 * shared + 0.5 * np.maximum(places @ places[one], 0.0), dtype=np.float32)


def _next_step(
    free: NDArray[np.bool_], rising: FloatVector, chosen: Sequence[int], *, share: float
) -> NDArray[np.bool_]:
    """Return the free rows above the last chosen one and within the lower `share` of all, as far as there are any."""
    above = free & (rising > rising[chosen[-1]]) if chosen else free
    near = above & (rising <= np.quantile(rising, share))
    return near if near.any() else above if above.any() else free


def _units(rows: FloatMatrix) -> FloatMatrix:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1.0), dtype=np.float32)
