import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.errors import BundleDamaged
from ilgi.label.trees import OneTree, Trees, pack_trees


def tree(threshold: float = 0.5) -> OneTree:
    """Column 1 up to the threshold answers 1; else column 0 up to -1 answers 2, beyond it 3. Nodes in no order."""
    return OneTree(
        feature=np.array([1, -2, 0, -2, -2]),
        threshold=np.array([threshold, -2.0, -1.0, -2.0, -2.0]),
        left=np.array([4, -1, 3, -1, -1]),
        right=np.array([2, -1, 1, -1, -1]),
        value=np.array([[9.0], [3.0], [9.0], [2.0], [1.0]]),
    )


ROWS = np.array([[0, 0.5], [0, 0.6], [-1, 0.6], [-2, 7]], dtype=np.float32)


def test_each_row_finds_its_leaf() -> None:
    trees = pack_trees([tree()])
    assert trees.total(ROWS).ravel().tolist() == [1.0, 3.0, 2.0, 2.0]
    assert trees.depth == 2


def test_trees_add_up_for_one_row_and_for_many() -> None:
    trees = pack_trees([tree(), tree(10.0), tree(-10.0)])
    many = trees.total(np.repeat(ROWS, 1500, axis=0))
    assert many[::1500].ravel().tolist() == [1 + 1 + 3, 3 + 1 + 3, 2 + 1 + 2, 2 + 1 + 2]
    for row, expected in zip(ROWS, many[::1500], strict=True):
        assert trees.total(row[None])[0] == pytest.approx(expected)


def test_a_threshold_between_two_float32_keeps_its_side() -> None:
    x = np.float32(0.1)
    above, below = float(x) + 1e-12, float(x) - 1e-12
    assert pack_trees([tree(above)]).total(np.array([[0, x]], dtype=np.float32))[0, 0] == 1.0
    assert pack_trees([tree(below)]).total(np.array([[0, x]], dtype=np.float32))[0, 0] == 3.0


def test_a_single_leaf_is_a_tree() -> None:
    leaf = OneTree(*(np.full(1, v) for v in (0, 0.0, -1, -1)), np.array([[4.0, 5.0]]))
    trees = pack_trees([leaf])
    assert trees.total(ROWS).tolist() == [[4.0, 5.0]] * 4
    assert Trees.from_state(trees.state(), columns=2, values=2).depth == 0


def test_comes_back_from_its_state() -> None:
    trees = pack_trees([tree(), tree(1.0)])
    again = Trees.from_state(trees.state(), columns=2, values=1)
    assert np.array_equal(again.total(ROWS), trees.total(ROWS))


@pytest.mark.parametrize(
    ("name", "index", "value"),
    [
        ("feature", 0, 2),
        ("feature", 0, -1),
        ("threshold", 0, np.nan),
        ("threshold", 1, 0.0),
        ("left", 2, 1),
        ("left", 0, 5),
        ("left", 0, 4),
        ("root", 0, 5),
        ("value", 1, np.inf),
    ],
)
def test_a_state_in_which_a_row_could_get_lost_is_refused(name: str, index: int, value: float) -> None:
    state = pack_trees([tree()]).state()
    arrays = {key: array.copy() for key, array in state.arrays.items()}
    arrays[name][index] = value
    with pytest.raises(BundleDamaged):
        Trees.from_state(State(state.config, arrays), columns=2, values=1)


@pytest.mark.parametrize("depth", [-1, 5, "2", None])
def test_a_depth_that_cannot_be_is_refused(depth: object) -> None:
    state = pack_trees([tree()]).state()
    with pytest.raises(BundleDamaged):
        Trees.from_state(State({"depth": depth}, state.arrays), columns=2, values=1)
