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


def common(catalog: Catalog) -> FloatMatrix:
    """Return (n, n) how much items of a short catalogue have in common, 0 … 1: their labels' and places' cosines."""
    labels = _cosines(catalog.matrix)
    if catalog.profiles is None:
        return labels
    return np.asarray(0.5 * labels + 0.5 * np.maximum(_cosines(shrunk_places(catalog)), 0.0), dtype=np.float32)


def choose(
    scores: Sequence[FloatVector], shortlist: Catalog, *, diversity: float, rising: FloatVector | None = None
) -> IntVector:
    """Return a row of the shortlist for each place of a list.

    Args:
        scores: One vector (rows of the shortlist,) for each place, higher is better: places may ask for different
            things. An item that is no candidate for a place has -inf there.
        shortlist: The items that may come, some dozens.
        diversity: 0 … 1: how much of the spread of a place's scores is given up for variety.
        rising: One value for each row: that of each chosen item shall be above that of the one before, and so low that
            the steps after it find room above.

    Returns:
        (at most len(scores),) rows; a place for which nothing is left is skipped. Two of a series come only where
        nothing else is left.
    """
    shared = common(shortlist)
    series = [
        {series_of(t) for names in shortlist.titles.values() if (t := names[row])} for row in range(len(shortlist))
    ]
    used: set[str] = set()
    chosen: list[int] = []
    for place, score in enumerate(scores):
        free = np.isfinite(score)
        free[chosen] = False
        # A second part of a series is better than a place left empty.
        fresh = free & np.array([not names & used for names in series], dtype=bool)
        free = fresh if fresh.any() else free
        if rising is not None:
            free = _next_step(free, rising, chosen, share=(place + 1) / len(scores))
        if not free.any():
            continue
        spread = float(score[np.isfinite(score)].std())
        price = shared[:, chosen].max(axis=1) if chosen else np.zeros(len(shortlist), dtype=np.float32)
        value = np.where(free, score - np.float32(diversity * 2.0 * spread) * price, -np.inf)
        best = int(np.argmax(value))
        chosen.append(best)
        used |= series[best]
    return np.array(chosen, dtype=np.int64)


def _next_step(
    free: NDArray[np.bool_], rising: FloatVector, chosen: Sequence[int], *, share: float
) -> NDArray[np.bool_]:
    """Return the free rows above the last chosen one and within the lower `share` of all, as far as there are any."""
    above = free & (rising > rising[chosen[-1]]) if chosen else free
    near = above & (rising <= np.quantile(rising, share))
    return near if near.any() else above if above.any() else free


def _cosines(rows: FloatMatrix) -> FloatMatrix:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.where(length > 0, length, 1.0)
    return np.asarray(unit @ unit.T, dtype=np.float32)
