import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import InputError
from ilgi.evaluation.significance import compared_with, holm, two_sided_p


def test_holm_by_hand() -> None:
    # Sorted: 0.01 · 4, 0.02 · 3, 0.03 · 2, 0.04 · 1; none below the one before.
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    with pytest.raises(InputError, match="between 0 and 1"):
        holm([1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_only_raises_and_keeps_the_order(p: list[float]) -> None:
    corrected = holm(p)
    assert all(before <= after <= 1.0 for before, after in zip(p, corrected, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(corrected)[order]) >= 0).all()


def test_p_is_how_many_standard_errors_it_lies_off() -> None:
    spread = np.array([-1.0, 1.0])
    assert two_sided_p(1.96, spread) == pytest.approx(0.05, abs=1e-4)
    assert two_sided_p(-1.96, [*spread, np.nan]) == pytest.approx(0.05, abs=1e-4)
    assert two_sided_p(0.0, spread) == 1.0
    assert two_sided_p(0.1, [0.1, 0.1]) == 0.0
    assert two_sided_p(0.0, [0.0, 0.0]) == 1.0
    with pytest.raises(InputError, match="at least one resample"):
        two_sided_p(0.1, [np.nan])


def test_models_are_compared_on_the_same_resamples() -> None:
    rng = np.random.default_rng(0)
    hard = rng.normal(size=999)
    again = {"one": hard, "better": hard + 0.1, "same": hard + rng.normal(size=999), "none": hard * np.nan}
    found = compared_with("one", {"one": 0.0, "better": 0.1, "same": 0.0, "none": 0.0}, again)
    assert set(found) == {"better", "same"}
    assert found["better"] == pytest.approx({"value": 0.1, "low": 0.1, "high": 0.1, "p": 0.0}, abs=1e-9)
    assert found["same"]["p"] > 0.5
    assert found["same"]["low"] < 0 < found["same"]["high"]
