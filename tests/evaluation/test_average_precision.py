import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import InputError
from ilgi.evaluation.average_precision import SortedScores, average_precision, macro_ap, micro_ap


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def by_definition(y: np.ndarray, p: np.ndarray, weight: np.ndarray) -> float:
    """Σ (R_i - R_{i-1}) P_i over the distinct scores, as plainly as possible."""
    total = (weight * y).sum()
    if not total:
        return float("nan")
    value, recall_before = 0.0, 0.0
    for threshold in sorted(set(p.tolist()), reverse=True):
        taken = p >= threshold
        found, listed = (weight * y)[taken].sum(), weight[taken].sum()
        if listed:
            value += (found / total - recall_before) * found / listed
            recall_before = found / total
    return float(value)


def test_by_hand() -> None:
    # Positives in places 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3.
    assert average_precision(column(1, 0, 1, 1, 0), column(0.9, 0.8, 0.7, 0.6, 0.5)) == pytest.approx([29 / 36])


def test_ties_are_one_step_in_any_order() -> None:
    # Two of four at the top score, one positive among them: recall 1/2 at precision 1/2, then 1 at 2/4.
    for y in ((1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 1)):
        assert average_precision(column(*y), column(0.5, 0.5, 0.1, 0.1)) == pytest.approx([0.5])


def test_a_constant_score_gives_the_share_of_positives() -> None:
    assert average_precision(column(1, 0, 0, 1, 0), column(*[0.3] * 5)) == pytest.approx([0.4])


def test_a_label_without_a_positive_is_nan_and_left_out_of_the_mean() -> None:
    y = np.array([[0, 1], [0, 0], [0, 1]])
    p = np.array([[0.5, 0.9], [0.2, 0.8], [0.1, 0.1]])
    each = average_precision(y, p)
    assert np.isnan(each[0])
    assert each[1] == pytest.approx(5 / 6)
    assert macro_ap(y, p) == pytest.approx(5 / 6)
    assert np.isnan(macro_ap(y[:, :1], p[:, :1]))
    assert np.isnan(micro_ap(y[:, :1], p[:, :1]))
    assert average_precision(np.zeros((0, 3)), np.zeros((0, 3))).shape == (3,)


def test_what_is_unknown_is_left_out() -> None:
    y = np.array([[1, 1], [0, 0], [1, 0], [0, 1]], dtype=float)
    p = np.array([[0.9, 0.2], [0.8, 0.3], [0.7, 0.4], [0.1, 0.5]])
    known = np.array([[True, True], [False, True], [True, False], [True, True]])
    y_hidden, p_hidden = np.where(known, y, np.nan), np.where(known, p, np.nan)
    assert average_precision(y_hidden, p_hidden, known=known) == pytest.approx([1.0, (1 + 2 / 3) / 2])
    assert micro_ap(y_hidden, p_hidden, known=known) == pytest.approx(by_definition(y[known], p[known], np.ones(6)))


@given(st.data())
def test_weights_are_by_definition_and_count_rows(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 15))
    y = np.array(data.draw(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n)))
    p = np.array(data.draw(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0]), min_size=n, max_size=n)))
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    found = average_precision(y[:, None], p[:, None], weight=times)
    assert found == pytest.approx([by_definition(y, p, times.astype(float))], nan_ok=True)
    rows = np.repeat(np.arange(n), times)
    assert found == pytest.approx(average_precision(y[rows, None], p[rows, None]), nan_ok=True)


@pytest.mark.parametrize("levels", [2, 7, 10_000])
def test_equals_scikit_learn(levels: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra 'train'")
    rng = np.random.default_rng(levels)
    y = (rng.random((400, 6)) < [0.02, 0.1, 0.3, 0.5, 0.9, 1.0]).astype(int)
    y[0] = 1
    p = rng.integers(0, levels, y.shape) / levels
    weight = rng.integers(0, 4, len(y)) * rng.random(len(y))
    for w in (None, weight):
        theirs = metrics.average_precision_score(y, p, average=None, sample_weight=w)
        assert average_precision(y, p, weight=w) == pytest.approx(theirs)
        assert macro_ap(y, p, weight=w) == pytest.approx(np.mean(theirs))
        micro = metrics.average_precision_score(y, p, average="micro", sample_weight=w)
        assert micro_ap(y, p, weight=w) == pytest.approx(micro)


def test_sorted_scores_answer_many_weightings() -> None:
    rng = np.random.default_rng(1)
    y, p = rng.integers(0, 2, (50, 4)), rng.integers(0, 9, (50, 4)) / 9
    scores = SortedScores(y, p)
    for _ in range(3):
        weight = rng.integers(0, 3, 50)
        assert scores.average_precision(weight) == pytest.approx(average_precision(y, p, weight=weight))
        assert scores.micro(weight) == pytest.approx(micro_ap(y, p, weight=weight))


@pytest.mark.parametrize("weight", [[1, 1], [1, -1, 1], [1, float("nan"), 1]])
def test_weights_that_are_none_are_refused(weight: list[float]) -> None:
    with pytest.raises(InputError, match="weight"):
        average_precision(column(1, 0, 1), column(0.1, 0.2, 0.3), weight=weight)
