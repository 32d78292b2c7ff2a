import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.nn.weighting import balanced_class_weight, entry_weight, smooth_labels

Y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])


def test_balanced_lets_absent_and_present_count_alike() -> None:
    c = balanced_class_weight(Y)
    assert np.allclose(c[:, 0], [4 / 2, 4 / 6])
    assert np.allclose(c[:, 2], [4 / 2, 4 / 6])
    total = entry_weight(Y, class_weight=c)
    assert total is not None
    assert total[:, 0][Y[:, 0] == 1].sum() == pytest.approx(total[:, 0][Y[:, 0] == 0].sum())


def test_a_label_with_no_positive_has_nothing_to_balance() -> None:
    assert balanced_class_weight(Y)[:, 1].tolist() == [1.0, 1.0]
    assert balanced_class_weight(1.0 - Y)[:, 1].tolist() == [1.0, 1.0]


def test_balanced_counts_rows_by_their_weight() -> None:
    twice = np.concatenate([Y, Y[:1]])
    assert np.allclose(balanced_class_weight(Y, np.array([2.0, 1.0, 1.0, 1.0])), balanced_class_weight(twice))


def test_balanced_is_that_of_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.utils.class_weight", reason="needs the extra 'train'")
    expected = sklearn.compute_class_weight("balanced", classes=np.array([0, 1]), y=Y[:, 0].astype(int))
    assert np.allclose(balanced_class_weight(Y)[:, 0], expected)


def test_entry_weight_is_the_product_with_samples_scaled_to_mean_one() -> None:
    s, c = np.array([1.0, 0.0, 2.0, 5.0]), np.array([[1.0, 1.0, 1.0], [3.0, 1.0, 2.0]])
    found = entry_weight(Y, sample_weight=s, class_weight=c)
    assert found is not None
    for i in range(4):
        for j in range(3):
            assert found[i, j] == pytest.approx(s[i] / 2.0 * (c[1, j] if Y[i, j] else c[0, j]))
    only_samples = entry_weight(Y, sample_weight=s)
    assert only_samples is not None
    assert only_samples.shape == (4, 1)
    assert entry_weight(Y) is None


def test_a_soft_target_mixes_the_class_weights() -> None:
    found = entry_weight(np.array([[0.25]]), class_weight=np.array([[2.0], [10.0]]))
    assert found is not None
    assert found[0, 0] == pytest.approx(0.75 * 2 + 0.25 * 10)


@pytest.mark.parametrize(
    "options",
    [
        {"sample_weight": np.ones(3)},
        {"sample_weight": np.array([1.0, -1.0, 1.0, 1.0])},
        {"sample_weight": np.zeros(4)},
        {"sample_weight": np.array([1.0, np.nan, 1.0, 1.0])},
        {"class_weight": np.ones((2, 4))},
        {"class_weight": -np.ones((2, 3))},
    ],
)
def test_bad_weights_are_refused(options: dict[str, np.ndarray]) -> None:
    with pytest.raises(InputError):
        entry_weight(Y, **options)


def test_smoothing_by_hand() -> None:
    assert np.allclose(smooth_labels(np.array([[1.0, 0.0]]), 0.2), [[0.9, 0.1]])
    exclusive = smooth_labels(np.array([[1.0, 0.0, 0.0, 0.0], [0.0] * 4]), 0.2, exclusive=True)
    assert np.allclose(exclusive, [[0.85, 0.05, 0.05, 0.05], [0.0] * 4])
    for amount in (-0.1, 1.0):
        with pytest.raises(InputError):
            smooth_labels(Y, amount)
