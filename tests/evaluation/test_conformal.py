import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.conformal import in_sets, least_share


def test_the_threshold_is_a_rank_of_the_true_labels_shares() -> None:
    shares = np.linspace(0.01, 0.99, 99, dtype=np.float32)
    # (99 + 1) · 0.1 = the tenth smallest.
    assert least_share(shares, 0.9) == pytest.approx(0.10)
    assert least_share(shares[::-1], 0.95) == pytest.approx(0.05)
    assert least_share(shares[:5], 0.9) == 0.0
    with pytest.raises(InputError, match="between 0 and 1"):
        least_share(shares, 1.0)


def test_sets_hold_the_true_label_as_often_as_promised() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 4)) * 2
    shares = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
    truth = np.array([rng.choice(4, p=row / row.sum()) for row in shares.astype(np.float64)])
    own = shares[np.arange(4000), truth]
    sets = in_sets(shares[2000:], least_share(own[:2000], 0.9))
    covered = sets[np.arange(2000), truth[2000:]].mean()
    assert covered == pytest.approx(0.9, abs=0.02)
