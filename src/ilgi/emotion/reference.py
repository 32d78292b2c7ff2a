"""The fixed reference: what is ordinary for a kind of text, so that a score can be told apart from its habit.

Emotion models have habits (Korean comments read angrier than English ones, reviews read more admiring than diaries).
A reference keeps, per language and column, the mean, the standard deviation and the quantiles over many texts of one
kind. Scores are then told as *normal scores*: the quantile a value has there, as the z-value of the standard normal
distribution at that quantile. A diary's value and a review's value with the same normal score are equally unusual among
their own kind; matching one to the other is therefore quantile to quantile. No batch ever standardises itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, check_matrix
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.language import LANGUAGES, Language
from ilgi.vocabulary import Vocabulary

_LEVELS: Final = np.concatenate([[0.001, 0.005], np.linspace(0.01, 0.99, 99), [0.995, 0.999]])
_Z: Final = np.array([NormalDist().inv_cdf(float(p)) for p in _LEVELS])


_SPREAD: Final = 1e-7
"""How far equal quantiles are set apart, each from the one before."""
_TIE: Final = 1.2 * _SPREAD * len(_LEVELS)
"""More than all equal quantiles are set apart together, and far less than any difference that matters."""


@dataclass(frozen=True, eq=False)
class _Habit:
    """Statistics of one language: mean (A,), sd (A,), quantiles (len(_LEVELS), A), strictly increasing downwards."""

    mean: NDArray[np.float32]
    sd: NDArray[np.float32]
    quantiles: NDArray[np.float32]


class Reference:
    """Mean, sd and quantiles of each affect column over texts of one kind, per language."""

    def __init__(self, columns: Vocabulary, habits: Mapping[Language, _Habit]) -> None:
        """Keep the statistics; use `Reference.fit`."""
        self.columns = columns
        self._habits = dict(habits)

    @classmethod
    def fit(cls, columns: Vocabulary, affect: Mapping[Language, FloatMatrix]) -> Self:
        """Learn what is ordinary.

        Args:
            columns: The A affect columns.
            affect: Language → (n, A) affect of texts of the kind in question, n ≥ 2.

        Raises:
            InputError: No language is given, or a matrix doesn't fit.
        """
        if not affect:
            raise InputError("a reference needs texts in at least one language")
        habits: dict[Language, _Habit] = {}
        for language, rows in affect.items():
            matrix = check_matrix(rows, columns=len(columns), name=f"reference affect ({language})")
            if len(matrix) < 2:
                raise InputError(f"a reference needs at least two texts in {language}, not {len(matrix)}")
            quantiles = np.quantile(matrix.astype(np.float64), _LEVELS, axis=0)
            # np.interp needs strictly increasing knots; equal quantiles (a column with many ties) get a hair's breadth.
            quantiles += np.arange(len(_LEVELS))[:, None] * _SPREAD
            habits[language] = _Habit(
                matrix.mean(axis=0, dtype=np.float64).astype(np.float32),
                matrix.std(axis=0, dtype=np.float64).astype(np.float32),
                quantiles.astype(np.float32),
            )
        return cls(columns, habits)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages it knows."""
        return tuple(self._habits)

    def only(self, columns: Vocabulary) -> "Reference":
        """Return what it knows of some of its columns, in the order given.

        Raises:
            UnknownName: One of them is not among its own.
        """
        pick = self.columns.columns(columns)
        habits = {
            language: _Habit(habit.mean[pick], habit.sd[pick], habit.quantiles[:, pick])
            for language, habit in self._habits.items()
        }
        return Reference(columns, habits)

    def standardise(self, affect: FloatMatrix, language: Language) -> FloatMatrix:
        """Return normal scores of the same shape: 0 is the median text of this kind, ±1 the 84th/16th percentile.

        Between two known quantiles the score is interpolated linearly; beyond the outermost (0.1 % and 99.9 %) it stays
        at theirs (±3.09). A language without statistics borrows those of the first one known.

        Args:
            affect: (n, A) in [0, 1].
            language: The language that the texts are written in.
        """
        matrix = check_matrix(affect, columns=len(self.columns), name="affect")
        knots = self._habit(language).quantiles
        result = np.empty_like(matrix)
        for column in range(matrix.shape[1]):
            own, values = knots[:, column].astype(np.float64), matrix[:, column].astype(np.float64)
            # The mean of just below and just above: where many texts share a value, that is the middle of their ranks;
            # elsewhere it is the value's own score.
            below, above = np.interp(values - _TIE, own, _Z), np.interp(values + _TIE, own, _Z)
            result[:, column] = (below + above) / 2.0
        return result

    def mean(self, language: Language) -> FloatVector:
        """Return the (A,) mean of each column."""
        return self._habit(language).mean

    def sd(self, language: Language) -> FloatVector:
        """Return the (A,) standard deviation of each column."""
        return self._habit(language).sd

    def _habit(self, language: Language) -> _Habit:
        return self._habits.get(language) or next(iter(self._habits.values()))

    def state(self) -> State:
        """Return what a bundle keeps."""
        arrays = {}
        for language, habit in self._habits.items():
            for part in ("mean", "sd", "quantiles"):
                arrays[f"{language}.{part}"] = getattr(habit, part)
        return State({"columns": list(self.columns), "languages": list(self._habits)}, arrays)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the reference that gave this state.

        Raises:
            BundleDamaged: The state isn't that of a reference.
        """
        names, languages = state.config.get("columns"), state.config.get("languages")
        if not isinstance(names, list) or not isinstance(languages, list) or not languages:
            raise BundleDamaged("reference", "names no columns or languages")
        a = len(names)
        habits: dict[Language, _Habit] = {}
        for language in LANGUAGES:
            if language in languages:
                habits[language] = _Habit(
                    state.array(f"{language}.mean", shape=(a,)),
                    state.array(f"{language}.sd", shape=(a,)),
                    state.array(f"{language}.quantiles", shape=(len(_LEVELS), a)),
                )
        return cls(Vocabulary(names, kind="affect column"), habits)
