"""Many decision trees as plain arrays, asked all at once with NumPy.

A row goes down from each tree's root: to the left child where its value is at most the node's threshold, else to the
right one, which always stands just behind the left. A leaf is its own left child with an infinite threshold, so that
a row that has arrived stays.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix
from ilgi.bundle import State
from ilgi.errors import BundleDamaged

_NAMES: Final = ("feature", "threshold", "left", "root", "value")
_ROWS: Final = 2048
"""Rows that go down a tree together: their values stay in the processor's cache."""
_AT_ONCE: Final = 32_768
"""Up to so many pairs of a row and a tree all go down together: a call for each tree would cost more than its work."""


@dataclass(frozen=True, eq=False)
class Trees:
    """T trees with N nodes in all, over A columns, each leaf with V values."""

    feature: NDArray[np.int32]
    """(N,) the column that a node looks at; 0 in a leaf."""
    threshold: NDArray[np.float32]
    """(N,) up to which a row goes left; infinite in a leaf."""
    left: NDArray[np.int32]
    """(N,) the left child; a leaf names itself."""
    root: NDArray[np.int32]
    """(T,) the root of each tree."""
    value: FloatMatrix
    """(N, V) what a leaf answers; of other nodes it is never read."""
    depth: int
    """Steps after which every row is in a leaf."""

    def leaves(self, x: FloatMatrix) -> NDArray[np.int32]:
        """Return (T, n) the leaf of each row in each tree.

        Args:
            x: (n, A).
        """
        found = np.empty((len(self.root), len(x)), dtype=np.int32)
        for start in range(0, len(x), _ROWS):
            part = x[start : start + _ROWS]
            # Column after column, so that the values that one node asks for lie side by side.
            flat = np.ascontiguousarray(part.T).ravel()
            place = np.arange(len(part), dtype=np.int32)
            offset = self.feature * np.int32(len(part))
            if len(part) * len(self.root) <= _AT_ONCE:
                at = np.repeat(self.root[:, None], len(part), axis=1)
                found[:, start : start + len(part)] = self._down(flat, offset, at, place)
                continue
            for tree, root in enumerate(self.root):
                at = np.full(len(part), root, dtype=np.int32)
                found[tree, start : start + len(part)] = self._down(flat, offset, at, place)
        return found

    def _down(
        self,
        flat: NDArray[np.float32],
        offset: NDArray[np.int32],
        at: NDArray[np.int32],
        place: NDArray[np.int32],
    ) -> NDArray[np.int32]:
        for _ in range(self.depth):
            ask = offset.take(at)
            ask += place
            right = flat.take(ask) > self.threshold.take(at)
            below = self.left.take(at)
            below += right
            if np.array_equal(below, at):
                break
            at = below
        return at

    def total(self, x: FloatMatrix) -> NDArray[np.float64]:
        """Return (n, V): the sum over all trees of what each row's leaf answers.

        Args:
            x: (n, A).
        """
        leaves = self.leaves(x)
        if len(x) == 1:
            single: NDArray[np.float64] = self.value[leaves[:, 0]].sum(axis=0, dtype=np.float64, keepdims=True)
            return single
        total = np.zeros((len(x), self.value.shape[1]), dtype=np.float64)
        for at in leaves:
            total += self.value.take(at, axis=0)
        return total

    def state(self) -> State:
        """Return what a bundle keeps."""
        return State({"depth": self.depth}, {name: getattr(self, name) for name in _NAMES})

    @classmethod
    def from_state(cls, state: State, *, columns: int, values: int) -> Self:
        """Return the trees that gave this state.

        Args:
            state: Of `state`; further arrays are not read.
            columns: A.
            values: V.

        Raises:
            BundleDamaged: An array is missing, or a row could leave the arrays or never arrive.
        """
        feature = state.array("feature", shape=(None,), dtype=np.int32)
        n = len(feature)
        trees = cls(
            feature=feature,
            threshold=state.array("threshold", shape=(n,)),
            left=state.array("left", shape=(n,), dtype=np.int32),
            root=state.array("root", shape=(None,), dtype=np.int32),
            value=state.array("value", shape=(n, values)),
            depth=state.config.get("depth", -1),
        )
        trees._check(columns)
        return trees

    def _check(self, columns: int) -> None:
        n = len(self.feature)
        if not isinstance(self.depth, int) or not 0 <= self.depth < max(n, 1):
            raise BundleDamaged("depth", "is not a depth that these trees can have")
        if len(self.root) == 0 or self.root.min() < 0 or self.root.max() >= n:
            raise BundleDamaged("root", "names a node that there isn't")
        if self.feature.min() < 0 or self.feature.max() >= columns:
            raise BundleDamaged("feature", "names a column that there isn't")
        leaf = self.left == np.arange(n)
        if not np.isposinf(self.threshold[leaf]).all() or not np.isfinite(self.threshold[~leaf]).all():
            raise BundleDamaged("threshold", "is finite in a leaf or not finite in another node")
        # Children stand behind their parent: no row can go round in circles.
        if (self.left[~leaf] <= np.flatnonzero(~leaf)).any() or (self.left[~leaf] >= n - 1).any():
            raise BundleDamaged("left", "names a child that there isn't")
        if not np.isfinite(self.value).all():
            raise BundleDamaged("value", "holds values that are not finite")


@dataclass(frozen=True, eq=False)
class OneTree:
    """A tree as libraries give it: nodes in any order, the root first."""

    feature: NDArray[np.int64]
    """(m,) the column of a node; not read in a leaf."""
    threshold: NDArray[np.float64]
    """(m,) up to which a row goes left."""
    left: NDArray[np.int64]
    """(m,) the left child, -1 in a leaf."""
    right: NDArray[np.int64]
    """(m,) the right child, -1 in a leaf."""
    value: NDArray[np.float64]
    """(m, V) what a leaf answers."""


def pack_trees(trees: list[OneTree]) -> Trees:
    """Return trees as arrays, siblings side by side and level after level.

    Thresholds become float32, rounded down: for a float32 x, x ≤ t holds exactly where x ≤ (the largest float32 that is
    at most t) holds, so every row takes the way that it took before.

    Args:
        trees: At least one.
    """
    feature, threshold, left, root, value = [], [], [], [], []
    start = depth = 0
    for tree in trees:
        order, height = _levels(tree)
        place = np.empty(len(tree.left), dtype=np.int64)
        place[order] = np.arange(len(order))
        leaf = tree.left[order] < 0
        feature.append(np.where(leaf, 0, tree.feature[order]))
        threshold.append(np.where(leaf, np.float32(np.inf), _at_most(tree.threshold[order])))
        left.append(start + np.where(leaf, np.arange(len(order)), place[tree.left[order]]))
        root.append(start)
        value.append(tree.value[order])
        start += len(order)
        depth = max(depth, height)
    return Trees(
        feature=np.concatenate(feature).astype(np.int32),
        threshold=np.concatenate(threshold).astype(np.float32),
        left=np.concatenate(left).astype(np.int32),
        root=np.array(root, dtype=np.int32),
        value=np.ascontiguousarray(np.concatenate(value), dtype=np.float32),
        depth=depth,
    )


def _levels(tree: OneTree) -> tuple[NDArray[np.int64], int]:
    """Return the nodes level by level, a left child right before its sibling, and the levels below the root."""
    levels = [np.zeros(1, dtype=np.int64)]
    while True:
        inner = levels[-1][tree.left[levels[-1]] >= 0]
        if not len(inner):
            return np.concatenate(levels), len(levels) - 1
        levels.append(np.stack([tree.left[inner], tree.right[inner]], axis=1).ravel())


def _at_most(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    near = threshold.astype(np.float32)
    return np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)
