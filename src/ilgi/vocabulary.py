"""Ordered names for the columns of a matrix, and the mapping from one set of names to another."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.errors import InputError, UnknownName


def nearest(name: str, known: Sequence[str], *, limit: int = 2) -> list[str]:
    """Return up to `limit` of the `known` names that look like `name`, best first, ignoring case."""
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    return [folded[key] for key in difflib.get_close_matches(name.casefold(), list(folded), n=limit, cutoff=0.6)]


class Vocabulary(Sequence[str]):
    """An ordered set of distinct, non-empty names; name i stands for column i.

    Equal when the names are equal and in the same order.
    """

    __slots__ = ("_index", "_names", "kind")

    def __init__(self, names: Iterable[str], *, kind: str = "name") -> None:
        """Store the names.

        Args:
            names: In column order.
            kind: What one of them is, for error messages ("emotion", "genre").

        Raises:
            InputError: A name is empty or stands twice.
        """
        self._names = tuple(names)
        self.kind = kind
        self._index = {name: i for i, name in enumerate(self._names)}
        if len(self._index) != len(self._names):
            twice = next(n for n in self._names if self._names.count(n) > 1)
            raise InputError(f"{kind} {twice!r} stands twice")
        if "" in self._index:
            raise InputError(f"a {kind} is empty")

    def __getitem__(self, item: int) -> str:  # type: ignore[override]  # slices are not names
        """Return the name of column `item`."""
        return self._names[item]

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        """Yield the names in column order."""
        return iter(self._names)

    def __contains__(self, name: object) -> bool:
        """Tell whether `name` is one of the names."""
        return name in self._index

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same names in the same order."""
        return isinstance(other, Vocabulary) and self._names == other._names

    def __hash__(self) -> int:
        """Hash by the names."""
        return hash(self._names)

    def __repr__(self) -> str:
        """Show the names."""
        return f"Vocabulary({list(self._names)!r}, kind={self.kind!r})"

    @property
    def names(self) -> tuple[str, ...]:
        """The names in column order."""
        return self._names

    def column(self, name: str) -> int:
        """Return the column of `name`.

        Raises:
            UnknownName: No such name; carries the nearest ones.
        """
        try:
            return self._index[name]
        except KeyError:
            raise UnknownName(self.kind, name, self._names, nearest(name, self._names)) from None

    def columns(self, names: Iterable[str]) -> IntVector:
        """Return the columns of several names, in the order given.

        Raises:
            UnknownName: One of them is not in this vocabulary.
        """
        return np.array([self.column(name) for name in names], dtype=np.int64)

    def multi_hot(self, rows: Sequence[Iterable[str]]) -> FloatMatrix:
        """Return (len(rows), len(self)) float32: 1 where the row holds the name, else 0.

        Raises:
            UnknownName: A row holds a name that is not in this vocabulary.
        """
        matrix = np.zeros((len(rows), len(self)), dtype=np.float32)
        for i, row in enumerate(rows):
            matrix[i, [self.column(name) for name in row]] = 1.0
        return matrix

    def mapping_to(self, target: "Vocabulary", table: Mapping[str, Mapping[str, float]]) -> FloatMatrix:
        """Return the matrix M that carries scores over these names to scores over `target`: scores @ M.

        Args:
            target: The names to arrive at.
            table: For each of these names, the target names it feeds and how much of it (0 to 1). A name that is
                missing from the table feeds nothing; a name of the table that is not in this vocabulary is skipped,
                so that one table serves several models.

        Returns:
            (len(self), len(target)) float32.

        Raises:
            UnknownName: The table points to a name that `target` does not have.
        """
        matrix = np.zeros((len(self), len(target)), dtype=np.float32)
        for name, shares in table.items():
            if name in self._index:
                for to, share in shares.items():
                    matrix[self._index[name], target.column(to)] = share
        return matrix
