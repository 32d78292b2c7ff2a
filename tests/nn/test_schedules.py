from itertools import pairwise

import pytest

from ilgi.nn.schedules import Constant, Cosine, Exponential, Step, WarmUp


def test_known_values() -> None:
    assert Constant().factor(7.3, 10) == 1.0
    assert [Step(3, 0.5).factor(e, 10) for e in (0, 2.9, 3, 5.9, 6)] == [1.0, 1.0, 0.5, 0.5, 0.25]
    assert Exponential(0.9).factor(2, 10) == pytest.approx(0.81)
    assert Cosine().factor(0, 10) == 1.0
    assert Cosine().factor(5, 10) == pytest.approx(0.5)
    assert Cosine(0.1).factor(5, 10) == pytest.approx(0.55)
    assert Cosine(0.1).factor(10, 10) == pytest.approx(0.1)
    assert Cosine(0.1).factor(99, 10) == pytest.approx(0.1)


def test_warm_up_rises_then_follows() -> None:
    plan = WarmUp(2.0, Exponential(0.5))
    assert plan.factor(0.0, 10) == pytest.approx(0.01)
    assert plan.factor(1.0, 10) == pytest.approx(0.5 * 0.5)
    assert plan.factor(2.0, 10) == pytest.approx(0.25)
    assert plan.factor(3.0, 10) == pytest.approx(0.125)


@pytest.mark.parametrize("plan", [Constant(), Step(), Exponential(), Cosine()])
def test_never_rises_and_never_falls_below_zero(plan) -> None:  # noqa: ANN001
    factors = [plan.factor(e / 4, 30) for e in range(121)]
    assert factors[0] == 1.0
    assert all(a >= b >= 0.0 for a, b in pairwise(factors))
