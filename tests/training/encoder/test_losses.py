import math
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")

from ilgi.training.encoder.losses import (  # noqa: E402
    DIMENSION_SHARE,
    LABEL_SHARE,
    many_labels,
    one_of_known,
    ratings,
)


def tensor(*rows: list[float]) -> Any:
    return torch.tensor(rows)


def test_many_labels_by_hand_and_without_the_unknown() -> None:
    loss = many_labels(tensor([0.0, 2.0, 9.0]), tensor([1.0, 0.0, 0.0]), tensor([1.0, 1.0, 0.0]))
    expected = LABEL_SHARE * (math.log(2.0) + math.log1p(math.exp(2.0)))
    assert loss.tolist() == pytest.approx([expected])


def test_one_of_known_competes_among_its_own_labels_only() -> None:
    loss = one_of_known(tensor([1.0, 1.0, 50.0]), tensor([1.0, 0.0, 1.0]), tensor([1.0, 1.0, 0.0]))
    assert loss.tolist() == pytest.approx([math.log(2.0)])


def test_a_row_without_a_yes_has_no_say() -> None:
    assert one_of_known(tensor([1.0, 2.0]), tensor([0.0, 0.0]), tensor([1.0, 1.0])).tolist() == [0.0]


def test_ratings_count_in_units_of_their_spread_and_outliers_are_bounded() -> None:
    loss = ratings(tensor([0.5, 0.9, 0.0]), tensor([0.3, 0.0, 1.0]), tensor([1.0, 1.0, 0.0]), tensor([0.1, 0.1, 0.1]))
    assert loss.tolist() == pytest.approx([DIMENSION_SHARE * (4.0 + 9.0)])


def test_several_yeses_share_the_row() -> None:
    loss = one_of_known(tensor([0.0, 2.0, 0.0]), tensor([1.0, 1.0, 0.0]), tensor([1.0, 1.0, 1.0]))
    whole = math.log(2.0 + math.exp(2.0))
    assert loss.tolist() == pytest.approx([whole - 1.0])


def test_what_is_unknown_teaches_nothing() -> None:
    scores = tensor([0.3, -0.2, 0.8], [1.0, 0.5, -1.0]).requires_grad_()
    targets = tensor([1.0, 0.0, 1.0], [0.0, 1.0, 1.0])
    known = tensor([1.0, 1.0, 0.0], [0.0, 0.0, 0.0])
    every = many_labels(scores, targets, known) + one_of_known(scores, targets, known)
    every = every + ratings(scores, targets, known, torch.ones(2, 3))
    every.sum().backward()
    assert every[1] == 0.0
    assert (scores.grad[known == 0.0] == 0.0).all()
    assert (scores.grad[known == 1.0] != 0.0).all()
