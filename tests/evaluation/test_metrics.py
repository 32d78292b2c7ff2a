import itertools
import math

import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation import metrics

ALL = {
    "average_precision": metrics.average_precision,
    "macro_ap": metrics.macro_ap,
    "micro_ap": metrics.micro_ap,
    "lrap": metrics.lrap,
    "coverage_error": metrics.coverage_error,
    "ndcg_at": lambda y, p, **known: metrics.ndcg_at(y, p, 3, **known),
    "brier": metrics.brier,
    "bce": metrics.bce,
    "ece": metrics.ece,
}
OF_ROWS = ("lrap", "coverage_error", "ndcg_at")


@pytest.fixture(params=[3, 8, 5_000], ids=lambda levels: f"{levels} distinct scores")
def sample(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores with few, some or no ties; each row has a positive and a negative."""
    rng = np.random.default_rng(request.param)
    y = (rng.random((300, 9)) < 0.3).astype(int)
    y[:, 0] |= ~y.any(axis=1)
    y[:, 8] &= ~y.all(axis=1)
    return y, rng.integers(0, request.param + 1, y.shape) / request.param


def test_lrap_by_hand() -> None:
    # True labels in places 1 and 3: (1/1 + 2/3) / 2; then one in place 2: 1/2.
    y = [[1, 0, 1, 0], [0, 1, 0, 0]]
    p = [[0.9, 0.8, 0.7, 0.1], [0.9, 0.8, 0.7, 0.1]]
    assert metrics.lrap_of_rows(y, p) == pytest.approx([5 / 6, 1 / 2])
    assert metrics.lrap(y, p) == pytest.approx(2 / 3)


def test_coverage_by_hand() -> None:
    y = [[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    p = [[0.9, 0.8, 0.7, 0.1], [0.9, 0.8, 0.7, 0.1], [0.5, 0.5, 0.5, 0.1]]
    assert metrics.coverage_of_rows(y, p).tolist() == [3, 2, 3]
    assert metrics.coverage_error(y, p) == pytest.approx(8 / 3)


def test_ndcg_by_hand() -> None:
    # True labels in places 1 and 3 of 4; the best two places are worth 1 + 1 / log2(3).
    y, p = [[1, 0, 1, 0]], [[0.9, 0.8, 0.7, 0.1]]
    best = 1 + 1 / math.log2(3)
    assert metrics.ndcg_at(y, p, 4) == pytest.approx((1 + 1 / math.log2(4)) / best)
    assert metrics.ndcg_at(y, p, 2) == pytest.approx(1 / best)
    assert metrics.ndcg_at(y, p, 1) == pytest.approx(1.0)
    assert metrics.ndcg_at(y, p, 99) == metrics.ndcg_at(y, p, 4)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_ndcg_with_ties_is_the_mean_over_all_orders(k: int) -> None:
    y, p = np.array([[1, 0, 0, 1, 1]]), np.array([[0.5, 0.5, 0.9, 0.5, 0.1]])
    orders = [
        order
        for order in itertools.permutations(range(5))
        if all(p[0, a] >= p[0, b] for a, b in itertools.pairwise(order))
    ]
    untied = [metrics.ndcg_at(y, -np.argsort(order)[None].astype(float), k) for order in orders]
    assert len(orders) == 6
    assert metrics.ndcg_at(y, p, k) == pytest.approx(np.mean(untied))


def test_brier_and_bce_by_hand() -> None:
    y, p = [[1, 0], [0, 1]], [[0.8, 0.4], [0.0, 0.5]]
    assert metrics.brier(y, p) == pytest.approx((0.04 + 0.16 + 0 + 0.25) / 4)
    assert metrics.bce(y, p) == pytest.approx(-(math.log(0.8) + math.log(0.6) + math.log(0.5)) / 4, abs=1e-6)
    assert metrics.bce([[1]], [[0.0]]) == pytest.approx(-math.log(1e-7))


def test_ece_by_hand() -> None:
    # Two bins: {0.2, 0.4} says 0.3 and is 1/2 true; {0.6, 0.8, 1.0} says 0.8 and is 1/3 true.
    y, p = [[1], [0], [1], [0], [0]], [[0.2], [0.4], [0.6], [0.8], [1.0]]
    assert metrics.ece(y, p, bins=2) == pytest.approx((2 * 0.2 + 3 * (0.8 - 1 / 3)) / 5)


def test_ece_bins_are_closed_above() -> None:
    # 0.5 belongs to the lower of two bins, with 0.1: |0.5 - 0.3| there. In the upper one the gap would be larger.
    assert metrics.ece([[1], [0]], [[0.5], [0.1]], bins=2) == pytest.approx(0.2)
    assert metrics.ece([[0], [1]], [[0.0], [1.0]], bins=15) == 0.0


def test_ece_of_honest_probabilities_is_small() -> None:
    rng = np.random.default_rng(0)
    p = rng.random((20_000, 5))
    honest, bold = (rng.random(p.shape) < p), (rng.random(p.shape) < np.sqrt(p))
    assert metrics.ece(honest, p) < 0.01
    # The mean of √p - p over [0, 1] is 1/6.
    assert metrics.ece(bold, p) == pytest.approx(1 / 6, abs=0.01)


def test_equal_scikit_learn(sample: tuple[np.ndarray, np.ndarray]) -> None:
    theirs = pytest.importorskip("sklearn.metrics", reason="needs the extra 'train'")
    y, p = sample
    assert metrics.lrap(y, p) == pytest.approx(theirs.label_ranking_average_precision_score(y, p))
    assert metrics.coverage_error(y, p) == pytest.approx(theirs.coverage_error(y, p))
    for k in (1, 3, 5, 9, 20):
        assert metrics.ndcg_at(y, p, k) == pytest.approx(theirs.ndcg_score(y, p, k=k))
    assert metrics.macro_ap(y, p) == pytest.approx(theirs.average_precision_score(y, p, average="macro"))
    assert metrics.brier(y, p) == pytest.approx(theirs.brier_score_loss(y.ravel(), p.ravel()))
    inside = np.clip(p, 1e-7, 1 - 1e-7)
    assert metrics.bce(y, p) == pytest.approx(theirs.log_loss(y.ravel(), inside.ravel()))


@pytest.mark.parametrize("name", OF_ROWS)
def test_rows_without_a_positive_are_left_out(name: str) -> None:
    y, p = np.array([[0, 0, 0], [0, 1, 1]]), np.array([[0.1, 0.2, 0.3], [0.9, 0.1, 0.2]])
    assert ALL[name](y, p) == pytest.approx(ALL[name](y[1:], p[1:]))
    assert math.isnan(ALL[name](y[:1], p[:1]))


@pytest.mark.parametrize("name", ALL)
def test_an_unknown_entry_is_as_if_it_were_not_there(name: str, sample: tuple[np.ndarray, np.ndarray]) -> None:
    y, p = sample
    # Labels that nobody knows: the same as a table without their columns.
    known = np.ones(y.shape, dtype=bool)
    known[:, 3:5] = False
    expected = ALL[name](np.delete(y, [3, 4], axis=1), np.delete(p, [3, 4], axis=1))
    found = ALL[name](np.where(known, y, np.nan), np.where(known, p, np.nan), known=known)
    if name == "average_precision":
        assert np.isnan(found[3:5]).all()
        found = np.delete(found, [3, 4])
    assert found == pytest.approx(expected)
    # Items of which nothing is known: the same as a table without their rows.
    known = np.ones(y.shape, dtype=bool)
    known[::2] = False
    assert ALL[name](y, p, known=known) == pytest.approx(ALL[name](y[1::2], p[1::2]))


@pytest.mark.parametrize("name", ALL)
def test_nothing_to_measure_is_nan(name: str) -> None:
    assert np.isnan(ALL[name](np.zeros((0, 3)), np.zeros((0, 3)))).all()
    assert np.isnan(ALL[name](np.ones((2, 3)), np.ones((2, 3)), known=np.zeros((2, 3), dtype=bool))).all()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([[1, 0]], [[0.5, 0.5, 0.5]]),
        ([1, 0], [0.5, 0.5]),
        ([[1, 2]], [[0.5, 0.5]]),
        ([[1, 0]], [[0.5, float("nan")]]),
        ([[1, 0]], [[0.5, float("inf")]]),
    ],
)
def test_input_that_makes_no_sense_is_refused(name: str, y: list, p: list) -> None:
    with pytest.raises(InputError):
        ALL[name](y, p)


@pytest.mark.parametrize("name", ALL)
def test_a_mask_of_another_shape_or_type_is_refused(name: str) -> None:
    for known in ([[True]], [[1, 1]]):
        with pytest.raises(InputError, match="known"):
            ALL[name]([[1, 0]], [[0.5, 0.1]], known=known)


@pytest.mark.parametrize("name", ["brier", "bce", "ece"])
def test_probabilities_lie_between_0_and_1(name: str) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        ALL[name]([[1, 0]], [[1.5, 0.5]])


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="k must"):
        metrics.ndcg_at([[1]], [[0.5]], 0)
    with pytest.raises(InputError, match="bins"):
        metrics.ece([[1]], [[0.5]], bins=0)
