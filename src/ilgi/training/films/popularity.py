"""How popular a film is, fairly between Korean films and the rest.

TMDB's voters are seldom Korean: a Korean film that ten million people saw in cinemas has a few hundred votes there. Two
rules mend that, both taken from the data and both only raising a film above the rank of its votes:

1. *Audience speaks where it is known.* A Korean film on the list of the most seen films in Korean cinemas (KOBIS) is as
   popular as the foreign film at the same place among that list's foreign films: who drew as many people as "Avatar" is
   as popular as "Avatar".
2. *Elsewhere votes of a Korean film weigh more.* On that list, the audience per vote of Korean films is k times that of
   foreign ones (ratio of medians). Votes of other Korean films count √k-fold: half-way on the logarithmic scale between
   readers who know films as TMDB's voters do and readers who know them as Korean audiences do. This raises a film at
   most to the least popular Korean film on the list, because it drew fewer people than that one.
"""

from collections.abc import Sequence

import numpy as np

from ilgi.arrays import FloatVector
from ilgi.catalog.items import rank_fractions


def fair_popularity(
    votes: Sequence[float | None], audience: Sequence[float | None], korean: Sequence[bool]
) -> tuple[FloatVector, float]:
    """Return the popularity of n films, and the factor that Korean votes counted.

    Args:
        votes: (n,) TMDB votes; None where unknown.
        audience: (n,) people who saw it in Korean cinemas; None where it isn't on the list.
        korean: (n,) whether it is a Korean film.

    Returns:
        (n,) float32 in [0, 1], 1 for the most popular, 0 where nothing is known; and √k of the module's rules, 1 where
        the list has not both kinds of films.
    """
    ranks = rank_fractions(votes)
    factor = _factor(votes, audience, korean)
    is_korean = np.array(korean, dtype=bool)
    count = np.array([-1.0 if v is None else v for v in votes], dtype=np.float64)
    seen = np.array([-1.0 if a is None else a for a in audience], dtype=np.float64)
    foreign = (seen >= 0) & (count >= 0) & ~is_korean
    listed = (seen >= 0) & is_korean
    if not foreign.any() or not listed.any():
        return ranks, factor
    result = ranks.astype(np.float64)
    # Quantile to quantile: the share of the list's foreign films that drew no more people, read off among their ranks.
    share = np.searchsorted(np.sort(seen[foreign]), seen[listed], side="right") / int(foreign.sum())
    result[listed] = np.maximum(result[listed], np.quantile(result[foreign], share))
    others = is_korean & (count >= 0) & ~listed
    known = np.sort(count[count >= 0])
    weighed = np.searchsorted(known, count[others] * factor, side="right") / len(known)
    result[others] = np.maximum(result[others], np.minimum(weighed, result[listed].min()))
    return result.astype(np.float32), factor


def _factor(votes: Sequence[float | None], audience: Sequence[float | None], korean: Sequence[bool]) -> float:
    ratios: dict[bool, list[float]] = {True: [], False: []}
    for vote, seen, is_korean in zip(votes, audience, korean, strict=True):
        if vote and seen:
            ratios[is_korean].append(seen / vote)
    if not ratios[True] or not ratios[False]:
        return 1.0
    return max(1.0, round(float(np.sqrt(np.median(ratios[True]) / np.median(ratios[False]))), 1))
