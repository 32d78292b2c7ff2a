"""The design matrix of a linear text model, kept in factors: texts × words, words × features, and pairs.

Row i, column k of the matrix is how often feature k occurs in text i, divided by √(number of features of text i). A
word's features are the same wherever it stands, so the product with a weight vector first sums each distinct word once
and then each text; that is several times less work than the matrix written out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector
from ilgi.emotion.features import Hashes, Words, hash_words

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tokens:
    """What the texts hold, before features are chosen."""

    words: IntVector
    """(N,) distinct word of each token."""
    owner: IntVector
    """(N,) text of each token, not decreasing."""
    pairs: Hashes
    """(N,) hash of each token with the one before."""
    features: Hashes
    """(M,) hashes of the features of all distinct words, word after word."""
    feature_word: IntVector
    """(M,) the word each of them belongs to, not decreasing."""
    texts: int
    """n."""
    distinct: int
    """V, the number of distinct words."""


def tokens_of(texts: Sequence[str]) -> Tokens:
    """Return the tokens of n texts, as the linear emotion model will see them."""
    words = Words()
    stream = words.stream(texts)
    features, starts = hash_words(words.tokens)
    return Tokens(
        words=stream.words,
        owner=np.repeat(np.arange(len(texts)), np.diff(stream.starts)),
        pairs=stream.pairs,
        features=features,
        feature_word=np.repeat(np.arange(len(words)), np.diff(starts, append=len(features))),
        texts=len(texts),
        distinct=len(words),
    )


def all_keys(tokens: Tokens, *, least: int) -> Hashes:
    """Return the sorted hashes of the features that occur at least `least` times."""
    times = np.bincount(tokens.words, minlength=tokens.distinct)
    keys, at = np.unique(np.concatenate([tokens.features, tokens.pairs]), return_inverse=True)
    weights = np.concatenate([times[tokens.feature_word], np.ones(len(tokens.pairs), dtype=np.int64)])
    return keys[np.bincount(at, weights=weights, minlength=len(keys)) >= least]


class Design:
    """An (n, K) sparse matrix X with products X @ w and r @ X."""

    def __init__(
        self, tokens: IntVector, owner: IntVector, word: tuple[IntVector, IntVector], pair: tuple[IntVector, IntVector],
        norm: Vector, *, distinct: int, features: int,
    ) -> None:  # fmt: skip
        """Keep the factors; use `Design.of`."""
        self._tokens = tokens
        self._owner = owner
        self._feature, self._feature_word = word
        self._pair, self._pair_owner = pair
        self._norm = norm
        self._distinct = distinct
        self._features = features

    @classmethod
    def of(cls, tokens: Tokens, keys: Hashes) -> Self:
        """Return the matrix of these texts over K features.

        Args:
            tokens: The n texts.
            keys: (K,) hashes of the features, sorted. Other features only count in the divisor.
        """
        feature, kept = _find(tokens.features, keys)
        pair, kept_pair = _find(tokens.pairs, keys)
        sizes = np.bincount(tokens.feature_word, minlength=tokens.distinct) + 1  # and one pair a token
        counts = np.bincount(tokens.owner, weights=sizes[tokens.words], minlength=tokens.texts)
        return cls(
            tokens.words, tokens.owner, (feature, tokens.feature_word[kept]), (pair, tokens.owner[kept_pair]),
            1.0 / np.sqrt(np.maximum(counts, 1.0)), distinct=tokens.distinct, features=len(keys),
        )  # fmt: skip

    @property
    def shape(self) -> tuple[int, int]:
        """(n, K)."""
        return len(self._norm), self._features

    def take(self, rows: IntVector) -> Self:
        """Return the matrix of some texts, in the order of `rows`, which must be increasing."""
        place = np.full(len(self._norm), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        mine, mine_pair = place[self._owner] >= 0, place[self._pair_owner] >= 0
        # Words that these texts don't hold cost time in every product: leave their features out.
        used = np.bincount(self._tokens[mine], minlength=self._distinct) > 0
        features = used[self._feature_word]
        return type(self)(
            self._tokens[mine], place[self._owner[mine]], (self._feature[features], self._feature_word[features]),
            (self._pair[mine_pair], place[self._pair_owner[mine_pair]]), self._norm[rows],
            distinct=self._distinct, features=self._features,
        )  # fmt: skip

    def times(self, weights: Vector) -> Vector:
        """Return X @ weights: (K,) → (n,)."""
        sums = np.bincount(self._feature_word, weights=weights[self._feature], minlength=self._distinct)
        n = len(self._norm)
        of_words = np.bincount(self._owner, weights=sums[self._tokens], minlength=n)
        of_pairs = np.bincount(self._pair_owner, weights=weights[self._pair], minlength=n)
        return np.asarray((of_words + of_pairs) * self._norm, dtype=np.float64)

    def transposed_times(self, residual: Vector) -> Vector:
        """Return residual @ X: (n,) → (K,)."""
        scaled = residual * self._norm
        per_word = np.bincount(self._tokens, weights=scaled[self._owner], minlength=self._distinct)
        of_words = np.bincount(self._feature, weights=per_word[self._feature_word], minlength=self._features)
        of_pairs = np.bincount(self._pair, weights=scaled[self._pair_owner], minlength=self._features)
        return np.asarray(of_words + of_pairs, dtype=np.float64)

    def norms(self) -> Vector:
        """Return (n,) what each text's counts are multiplied by."""
        return self._norm


def _find(hashes: Hashes, keys: Hashes) -> tuple[IntVector, IntVector]:
    """Return (column of each hash that is a key, where those hashes stand)."""
    if len(keys) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    kept = np.flatnonzero(keys[at] == hashes)
    return at[kept], kept
