"""Which texts say the same again, in time linear in their length.

Two texts are *the same* if their words are: NFC, case folded, punctuation and white space not counted. They are
*nearly* the same if the Jaccard similarity of their sets of three-word shingles is at least 0.8. Candidates for that
are found by MinHash with banding (Broder 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", ch. 3):
fifteen minima in five bands of three, so that a pair at 0.8 meets in some band with probability 1 - (1 - 0.8³)⁵ = 0.97
and a pair at 0.3 with 0.13. Every candidate is then compared in full, so nothing is called a repeat by chance.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector

NEAR: Final = 0.8
"""Jaccard similarity from which two texts count as nearly the same."""
LEAST_WORDS: Final = 20
"""Shorter texts are only compared whole: one word changed in ten is another opinion, not a copy."""
SHINGLE: Final = 3
_BANDS: Final = 5
_ROWS: Final = 3

_WORD: Final = re.compile(r"\w+")
_Hashes = NDArray[np.uint64]

# Odd multipliers for multiply-shift hashing, fixed so that the same texts give the same answer on every machine.
_MULTIPLIERS: Final = np.random.Generator(np.random.PCG64(20_250_101)).integers(
    1, 2**63, size=_BANDS * _ROWS + SHINGLE, dtype=np.uint64
) * np.uint64(2) + np.uint64(1)


@dataclass(frozen=True, eq=False)
class Repeats:
    """For each of n texts, the first text that it repeats."""

    first: IntVector
    """(n,) row of the first text that says the same or nearly the same; its own row where it says something new."""
    exact: NDArray[np.bool_]
    """(n,) True where the words are the same as an earlier text's, False where new or nearly the same."""


def words_of(text: str) -> list[str]:
    """Return the words that count when texts are compared: NFC, case folded, letters and digits only."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def find_repeats(texts: Iterable[str]) -> Repeats:
    """Find, for each text, the first that says the same or nearly the same.

    Near repeats are looked for among the texts that were new in their turn, so a chain of small changes counts as
    long as each stays near the first of the chain. Memory: about 100 bytes a text and 8 bytes a word of the new ones.

    Args:
        texts: In an order in which the first of several alike should be kept.
    """
    whole: dict[bytes, int] = {}
    bands: dict[tuple[int, int], int] = {}
    numbers: dict[str, int] = {}
    kept: dict[int, _Hashes] = {}
    first: list[int] = []
    exact: list[bool] = []
    for row, text in enumerate(texts):
        words = words_of(text)
        key = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        known = whole.get(key)
        if known is not None:
            # What repeats a near repeat repeats what that one repeated.
            first.append(first[known])
            exact.append(True)
            continue
        whole[key] = row
        exact.append(False)
        if len(words) < LEAST_WORDS:
            first.append(row)
            continue
        shingles = _shingles(words, numbers)
        signature = _band_keys(shingles)
        candidates = sorted({bands[band] for band in signature if band in bands})
        near = next((c for c in candidates if _jaccard(shingles, kept[c]) >= NEAR), None)
        first.append(row if near is None else near)
        if near is None:
            kept[row] = shingles
            for band in signature:
                bands.setdefault(band, row)
    return Repeats(np.array(first, dtype=np.int64), np.array(exact, dtype=bool))


def _shingles(words: list[str], numbers: dict[str, int]) -> _Hashes:
    """Return the sorted, distinct hashes of the runs of three words. `numbers` gives each word its number, for good."""
    ids = np.array([numbers.setdefault(word, len(numbers) + 1) for word in words], dtype=np.uint64)
    mixed = np.zeros(len(ids) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        part = ids[offset : offset + len(mixed)] * _MULTIPLIERS[offset]
        # Multiplication moves bits only upwards; folding the high half down before the next step mixes them all.
        mixed = (mixed ^ part ^ (part >> np.uint64(32))) * _MULTIPLIERS[(offset + 1) % SHINGLE]
    return np.unique(mixed)


def _band_keys(shingles: _Hashes) -> list[tuple[int, int]]:
    """Return (band, hash of the band's minima) for each band."""
    folded = shingles ^ (shingles >> np.uint64(29))
    minima = (folded[:, None] * _MULTIPLIERS[None, SHINGLE:]).min(axis=0).reshape(_BANDS, _ROWS)
    mixed = minima[:, 0]
    for row in range(1, _ROWS):
        mixed = (mixed ^ (mixed >> np.uint64(31))) * _MULTIPLIERS[row] ^ minima[:, row]
    return list(enumerate(mixed.tolist()))


def _jaccard(a: _Hashes, b: _Hashes) -> float:
    """Return |a ∩ b| / |a ∪ b| of two sorted sets."""
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)
