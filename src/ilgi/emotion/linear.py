"""The linear emotion model: hashed words and character n-grams, one weight per feature and column.

    score = Σ over features of weight · scale / √(number of features) + bias

Weights are int8 and are summed as integers, so the sum is exact: it cannot depend on the order, on the neighbours in a
batch, or on what is in the cache. Because the sum is over words, each word's own sum is kept and used again; reading a
sentence costs a dictionary look-up per word and one addition of a row.
"""

import threading
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector, sigmoid
from ilgi.bundle import State
from ilgi.emotion.base import DIMENSIONS, MOOD_PREFIX, EmotionModel
from ilgi.emotion.features import FEATURES, Hashes, Words, hash_words
from ilgi.errors import BundleDamaged, InputError
from ilgi.vocabulary import Vocabulary

_KNOWN_WORDS: Final = 1 << 18  # about 38 MB of sums
_LESSON: Final = 1 << 12  # words learned at once
_BLOCK: Final = 1 << 15  # tokens summed at once: bounds the memory that one endless text takes


class LinearEmotionModel(EmotionModel):
    """Logistic emotions, a softmax over the `mood_*` columns, and linear valence, arousal and dominance."""

    batch_size: ClassVar[int] = 1024

    def __init__(
        self, emotions: Vocabulary, keys: Hashes, weights: NDArray[np.int8], scale: FloatVector, bias: FloatVector
    ) -> None:
        """Keep the weights.

        Args:
            emotions: The E output columns.
            keys: (K,) hashes of the features that have weights, strictly increasing.
            weights: (K, E) int8.
            scale: (E,) what one step of an int8 weight is worth, per column.
            bias: (E,) score of a text without features.

        Raises:
            InputError: The arrays do not belong together, or the keys are not strictly increasing.
        """
        k, e = len(keys), len(emotions)
        if weights.shape != (k, e) or weights.dtype != np.int8 or scale.shape != (e,) or bias.shape != (e,):
            raise InputError(f"{k} keys and {e} columns need int8 weights {(k, e)}, and a scale and bias per column")
        if keys.dtype != np.uint32 or not (keys[1:] > keys[:-1]).all():
            raise InputError("keys must be uint32 and strictly increasing")
        if not (np.isfinite(scale).all() and np.isfinite(bias).all()):
            raise InputError("scale and bias must be finite")
        self.emotions = emotions
        self.keys = keys
        self.scale = scale
        self.bias = bias
        # The last row stands for a feature without weights.
        self._weights = np.concatenate([weights, np.zeros((1, e), dtype=np.int8)])
        self._moods = np.array([name.startswith(MOOD_PREFIX) for name in emotions], dtype=bool)
        self._dimensions = np.array([name in DIMENSIONS for name in emotions], dtype=bool)
        # One lock, because the words that are known are shared by every thread that reads.
        self._lock = threading.Lock()
        self._forget()

    @property
    def weights(self) -> NDArray[np.int8]:
        """(K, E) int8 weights."""
        return self._weights[:-1]

    def _forget(self) -> None:
        self._words = Words()
        # Per known word: the sum of its features' weights, and in the last column how many features it has.
        self._sums = np.zeros((0, len(self.emotions) + 1), dtype=np.int32)
        self._learned = 0

    def _learn(self) -> None:
        """Sum the weights of the words that were met for the first time."""
        if len(self._words) > len(self._sums):
            room = np.zeros((2 * len(self._words) - len(self._sums), self._sums.shape[1]), dtype=np.int32)
            self._sums = np.concatenate([self._sums, room])
        for start in range(self._learned, len(self._words), _LESSON):
            tokens = self._words.tokens[start : start + _LESSON]
            features, starts = hash_words(tokens)
            part = self._sums[start : start + len(tokens)]
            weights = self._weights[self._rows(features)]
            part[:, :-1] = np.add.reduceat(weights, starts, axis=0, dtype=np.int32)
            part[:, -1] = np.diff(starts, append=len(features))
        self._learned = len(self._words)

    def _rows(self, features: Hashes) -> IntVector:
        """Return the weight row of each feature; K where it has none."""
        rows = np.searchsorted(self.keys, features)
        if len(self.keys) == 0:
            return rows
        found = self.keys[np.minimum(rows, len(self.keys) - 1)] == features
        return np.where(found, rows, len(self.keys))

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        with self._lock:
            if len(self._words) > _KNOWN_WORDS:
                self._forget()
            totals = self._totals(texts)
        counts = np.sqrt(np.maximum(totals[:, -1:], 1).astype(np.float64))
        scores = (totals[:, :-1] * self.scale.astype(np.float64) / counts + self.bias).astype(np.float32)
        return self._activate(scores)

    def _totals(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return (n, E + 1): per text the sum of its features' weights, then how many features it has."""
        stream = self._words.stream(texts)
        self._learn()
        totals = np.zeros((len(texts), self._sums.shape[1]), dtype=np.int64)
        owner = np.repeat(np.arange(len(texts)), np.diff(stream.starts))
        for start in range(0, len(owner), _BLOCK):
            part = slice(start, start + _BLOCK)
            block = self._sums[stream.words[part]]
            pairs = self._rows(stream.pairs[part])
            here = np.flatnonzero(pairs < len(self.keys))
            block[here, :-1] += self._weights[pairs[here]]
            block[:, -1] += 1
            mine = owner[part]
            cuts = np.flatnonzero(np.concatenate([[True], mine[1:] != mine[:-1]]))
            totals[mine[cuts]] += np.add.reduceat(block, cuts, axis=0)
        return totals

    def _activate(self, scores: FloatMatrix) -> FloatMatrix:
        result = sigmoid(scores)
        result[:, self._dimensions] = np.clip(scores[:, self._dimensions], 0.0, 1.0)
        moods = np.flatnonzero(self._moods)
        if len(moods):
            # Column by column: NumPy's own sum may add in another order for another number of rows.
            powers = [np.exp(scores[:, j] - scores[:, moods].max(axis=1)) for j in moods]
            total = sum(powers[1:], powers[0])
            for j, power in zip(moods, powers, strict=True):
                result[:, j] = power / total
        return result

    def _fingerprint_parts(self) -> Sequence[Any]:
        arrays = (self.keys, self.weights, self.scale, self.bias)
        return [self.emotions.names, FEATURES, *(np.ascontiguousarray(a).tobytes() for a in arrays)]

    def state(self) -> State:
        """Return what a bundle keeps."""
        return State(
            {"columns": list(self.emotions), "features": FEATURES},
            {"keys": self.keys, "weights": self.weights, "scale": self.scale, "bias": self.bias},
        )

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the model that gave this state.

        Raises:
            BundleDamaged: The state is not that of a linear model, or of one with other features than this code's.
        """
        names, features = state.config.get("columns"), state.config.get("features")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise BundleDamaged("emotion", "names no columns")
        if features != FEATURES:
            raise BundleDamaged("emotion", f"was trained on features {features!r}, this ilgi makes {FEATURES!r}")
        keys = state.array("keys", shape=(None,), dtype=np.uint32)
        e = len(names)
        try:
            return cls(
                Vocabulary(names, kind="affect column"),
                keys,
                state.array("weights", shape=(len(keys), e), dtype=np.int8),
                state.array("scale", shape=(e,)),
                state.array("bias", shape=(e,)),
            )
        except InputError as error:
            raise BundleDamaged("emotion", f"is inconsistent ({error})") from error
