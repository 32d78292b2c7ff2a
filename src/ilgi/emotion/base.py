"""What every emotion model is, and the door through which all of them are asked."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import numpy as np

from ilgi.arrays import FloatMatrix, check_probabilities
from ilgi.errors import InputError
from ilgi.language import clean_text
from ilgi.registry import Registry
from ilgi.vocabulary import Vocabulary
from ilgi.words import GOEMOTIONS, MOODS

VALENCE: Final = "valence"
AROUSAL: Final = "arousal"
DOMINANCE: Final = "dominance"
MOOD_PREFIX: Final = "mood_"
"""Columns with this prefix ("mood_joy", …) are the prototype's four moods as a head of their own, summing to 1."""
DIMENSIONS: Final = (VALENCE, AROUSAL, DOMINANCE)
COLUMNS: Final = Vocabulary(
    (*GOEMOTIONS, *(f"{MOOD_PREFIX}{mood}" for mood in MOODS), *DIMENSIONS), kind="affect column"
)
"""The 35 columns of the models that ilgi trains: 28 emotions, 4 moods, 3 dimensions."""


class EmotionModel(ABC):
    """Scores texts. To add one, set `emotions` and write `_predict_batch`.

    Columns are emotion names ("joy", "remorse"); a model may also have `mood_*` columns, and `valence`, `arousal` and
    `dominance`, each scaled to [0, 1].

    A text's scores never depend on its neighbours: alone, first or last in a call, they are the same bytes (`hf`: to
    1e-5). The contract test in `ilgi.testing` holds every model to that.
    """

    emotions: Vocabulary
    """The E output columns, in order."""
    batch_size: ClassVar[int] = 64
    """How many texts `_predict_batch` is given at most."""

    def predict_proba(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, E) float32 in [0, 1]; rows need not sum to 1.

        Args:
            texts: Any texts, Korean or English, of any length; an empty one is allowed and reads as nothing in
                particular. Control characters and halves of surrogate pairs are replaced first.

        Raises:
            InputError: `texts` is a single string, or holds something that isn't a string.
        """
        if isinstance(texts, str):
            raise InputError("texts must be a sequence of strings: put the one text in a list")
        for text in texts:
            if not isinstance(text, str):
                raise InputError(f"texts must be strings, not {type(text).__name__}")
        parts = [
            self._predict_batch([clean_text(t) for t in texts[i : i + self.batch_size]])
            for i in range(0, len(texts), self.batch_size)
        ]
        width = len(self.emotions)
        whole = np.concatenate(parts) if parts else np.zeros((0, width), dtype=np.float32)
        return check_probabilities(whole, columns=width, name=f"scores of {type(self).__name__}")

    @abstractmethod
    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (len(texts), E) float32 in [0, 1] for at least one and at most `batch_size` clean texts."""

    def fingerprint(self) -> str:
        """Return a short hash of everything the scores depend on, so that cached scores know whose they are."""
        digest = hashlib.sha256(type(self).__name__.encode())
        for part in self._fingerprint_parts():
            digest.update(part if isinstance(part, bytes) else repr(part).encode())
            digest.update(b"\0")
        return digest.hexdigest()[:16]

    def _fingerprint_parts(self) -> Sequence[Any]:
        """Return what identifies the weights: names, numbers or bytes."""
        return [self.emotions.names]


emotion_models: Final[Registry[EmotionModel]] = Registry("ilgi.emotion_models", "emotion model")
"""The emotion models that are installed."""
