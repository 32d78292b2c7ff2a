"""Which rows train and which test: whole groups (films), by a keyed hash of their name.

A hash gives each group a fixed place in [0, 1) that depends on the seed and its name alone. So the same film lands on
the same side on every machine, in every order, and when other films are added or removed; no list of the split need be
kept.
"""

import hashlib
import math
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector
from ilgi.errors import InputError


def place_of(group: str, *, seed: int, purpose: str) -> float:
    """Return a group's place, evenly spread over [0, 1): the first 53 bits of BLAKE2b of its name.

    Args:
        group: The name.
        seed: The key of the hash: another seed, another place.
        purpose: At most 16 bytes; places for different purposes have nothing to do with each other, so that the folds
            of a part are not cut along the edges of the part.
    """
    name = group.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(name, digest_size=8, key=str(seed).encode(), person=purpose.encode()).digest()
    # 53 bits are what a float64 holds exactly, so that the result is always below 1.
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def split_by_group(groups: Sequence[str], *, fractions: Mapping[str, float], seed: int) -> dict[str, IntVector]:
    """Return the rows of each part; all rows of a group are in the same part.

    The fractions are those of groups, met on average: with few groups, or some with many rows, a part may be off. A
    group stays in its part as long as seed and fractions stay.

    Args:
        groups: (n,) the name of each row's group.
        fractions: Part → share of the groups, in the order of the parts along [0, 1); not negative, together 1.
        seed: Which of the many splits.

    Returns:
        Part → its rows in rising order, int64; every row is in exactly one.

    Raises:
        InputError: The fractions are not shares of a whole.
    """
    shares = list(fractions.values())
    if not shares or any(not share >= 0 for share in shares) or not math.isclose(sum(shares), 1.0, abs_tol=1e-9):
        raise InputError(f"fractions must be shares that add up to 1, not {dict(fractions)}")
    # The last part takes whatever rounding leaves.
    bounds = np.cumsum(shares[:-1])
    part = np.searchsorted(bounds, _places(groups, seed, "ilgi split"), side="right")
    return {name: np.flatnonzero(part == i) for i, name in enumerate(fractions)}


def group_folds(groups: Sequence[str], k: int, *, seed: int) -> list[tuple[IntVector, IntVector]]:
    """Return k pairs of (training rows, test rows) for cross-validation; each group is tested in exactly one of them.

    Args:
        groups: (n,) the name of each row's group.
        k: The number of folds, at least 2.
        seed: Which of the many divisions.

    Raises:
        InputError: k is below 2, or there are so few groups that a fold is empty.
    """
    if k < 2:
        raise InputError(f"cross-validation needs at least 2 folds, not {k}")
    fold = (_places(groups, seed, "ilgi folds") * k).astype(np.int64)
    if len(np.unique(fold)) < k:
        raise InputError(f"too few groups for {k} folds: take fewer folds or another seed")
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


def join_groups(groups: Sequence[str], keys: Sequence[Hashable | None]) -> tuple[str, ...]:
    """Return larger groups, such that rows with the same key share one: films under which the same text stands.

    Joining goes on through chains: if a and b share a key, and b and c another, all three become one group.

    Args:
        groups: (n,) the name of each row's group.
        keys: (n,) what must not be on both sides of a split, such as a hash of the text; None joins nothing.

    Returns:
        (n,) the joined group of each row, named after the first of its names in code-point order.

    Raises:
        InputError: The lengths differ.
    """
    if len(groups) != len(keys):
        raise InputError(f"groups and keys need the same number of rows: {len(groups)} and {len(keys)}")
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
            # Halves the path on the way (Tarjan and van Leeuwen 1984).
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    owner: dict[Hashable, str] = {}
    for group, key in zip(groups, keys, strict=True):
        if key is not None:
            a, b = root(owner.setdefault(key, group)), root(group)
            parent[max(a, b)] = min(a, b)
    return tuple(root(group) for group in groups)


def _places(groups: Sequence[str], seed: int, purpose: str) -> NDArray[np.float64]:
    """Return (n,) the place of each row's group."""
    place = {group: place_of(group, seed=seed, purpose=purpose) for group in dict.fromkeys(groups)}
    return np.array([place[group] for group in groups], dtype=np.float64)
