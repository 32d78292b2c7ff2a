"""How the items of a catalogue feel: their place on named axes, how sure that is, and what it is known from."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import AnyArray, FloatMatrix, IntVector
from ilgi.bundle import State
from ilgi.errors import BundleDamaged, InputError
from ilgi.vocabulary import Vocabulary

BASES: Final = ("none", "genres", "keywords", "reviews", "playlists", "listeners")
"""What a profile may be known from. Of films, the weakest first: each is used together with those before it. Of songs:
tags of the playlists that they stand on, or tags that listeners gave the song itself."""
ENOUGH_REVIEWS: Final = 5
"""Fewer reviews of an item say too little to be called what people wrote."""

_STEP: Final = 32.0
"""Places are kept in steps of 1/32 of a standard deviation, in one byte each: -4 … 3.97."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """The profiles of n items on X axes."""

    axes: Vocabulary
    place: FloatMatrix
    """(n, X) where an item stands among the others, in standard deviations: 0 is an ordinary one. NaN where unknown."""
    spread: FloatMatrix
    """(n, X) ≥ 0: one standard deviation of what its place might as well be; NaN where unknown."""
    basis: NDArray[np.uint8]
    """(n,) number in `BASES`: what it is known from at best."""
    reviews: IntVector
    """(n,) how many reviews took part."""

    def __post_init__(self) -> None:
        """Check that the columns belong together.

        Raises:
            InputError: A shape doesn't fit, or a basis does not exist.
        """
        n = len(self.basis)
        if self.place.shape != (n, len(self.axes)) or self.spread.shape != self.place.shape or len(self.reviews) != n:
            raise InputError(f"profiles of {n} items must have {n} rows and {len(self.axes)} columns")
        if n and int(self.basis.max()) >= len(BASES):
            raise InputError(f"a profile's basis must be one of {', '.join(BASES)}")

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.basis)

    def basis_of(self, row: int) -> str:
        """Return what an item's profile is known from, one of `BASES`."""
        return BASES[int(self.basis[row])]

    def take(self, rows: IntVector) -> Self:
        """Return the profiles of some rows, in the order given."""
        return type(self)(self.axes, self.place[rows], self.spread[rows], self.basis[rows], self.reviews[rows])

    def arrays(self) -> dict[str, AnyArray]:
        """Return what a catalogue keeps: a byte for each place and spread."""
        return {
            "profile.place": packed(self.place),
            "profile.spread": packed(self.spread),
            "profile.basis": self.basis,
            "profile.reviews": self.reviews.astype(np.int32),
        }

    @classmethod
    def from_state(cls, axes: Vocabulary, state: State, n: int) -> Self:
        """Return the profiles that gave `arrays`, to within half a step.

        Raises:
            BundleDamaged: The arrays are not those of n profiles.
        """
        shape = (n, len(axes))
        place = state.array("profile.place", shape=shape, dtype=np.int8)
        spread = state.array("profile.spread", shape=shape, dtype=np.int8)
        basis = state.array("profile.basis", shape=(n,), dtype=np.uint8)
        reviews = state.array("profile.reviews", shape=(n,), dtype=np.int32)
        try:
            return cls(axes, unpacked(place), unpacked(spread), basis, reviews.astype(np.int64))
        except InputError as error:
            raise BundleDamaged("catalog", f"is inconsistent ({error})") from error


_UNKNOWN: Final = -128


def packed(values: FloatMatrix) -> NDArray[np.int8]:
    """Return standard deviations as bytes, in steps of 1/32 from -4 to 3.97; NaN is kept."""
    steps = np.clip(np.rint(np.nan_to_num(values) * _STEP), _UNKNOWN + 1, 127)
    return np.where(np.isnan(values), _UNKNOWN, steps).astype(np.int8)


def unpacked(steps: NDArray[np.int8]) -> FloatMatrix:
    """Return what `packed` was given, to within half a step."""
    return np.where(steps == _UNKNOWN, np.nan, steps / _STEP).astype(np.float32)
