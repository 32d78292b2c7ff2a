import numpy as np
import pytest

from ilgi.errors import UnknownName
from ilgi.nn.initializers import INITIALIZER_NAMES, initializer

FAN_IN, FAN_OUT = 400, 250
VARIANCE = {
    "he": 2 / FAN_IN,
    "xavier": 2 / (FAN_IN + FAN_OUT),
    "lecun": 1 / FAN_IN,
    "normal": 1e-4,
    "uniform": 1e-4,
}


@pytest.mark.parametrize("name", INITIALIZER_NAMES)
def test_mean_and_variance_are_those_of_the_formula(name: str) -> None:
    weights = initializer(name)(FAN_IN, FAN_OUT, np.random.default_rng(5))
    expected = VARIANCE[name.split("_")[0]]
    assert weights.shape == (FAN_IN, FAN_OUT)
    # 100,000 draws: the sample variance is within 2 % (four standard errors of a normal are 1.8 %).
    assert weights.var() == pytest.approx(expected, rel=0.02)
    assert abs(weights.mean()) < 4 * np.sqrt(expected / weights.size)


@pytest.mark.parametrize("name", INITIALIZER_NAMES)
def test_the_form_is_the_one_in_the_name(name: str) -> None:
    weights = initializer(name)(FAN_IN, FAN_OUT, np.random.default_rng(6))
    scaled = weights / weights.std()
    if name.endswith("uniform"):
        assert np.abs(scaled).max() < np.sqrt(3) * 1.01
        assert (scaled**4).mean() == pytest.approx(1.8, rel=0.02)  # kurtosis of a uniform
    else:
        assert np.abs(scaled).max() > 3.5
        assert (scaled**4).mean() == pytest.approx(3.0, rel=0.05)  # kurtosis of a normal


def test_he_keeps_the_size_of_signals_through_relu() -> None:
    rng = np.random.default_rng(7)
    a = rng.normal(size=(500, 200))
    start = (a**2).mean()
    for _ in range(10):
        a = np.maximum(a @ initializer("he_normal")(200, 200, rng), 0)
    assert 0.3 < (a**2).mean() / start < 3.0


def test_same_seed_same_bytes() -> None:
    draws = [initializer("he_normal")(3, 4, np.random.default_rng(1)).tobytes() for _ in range(2)]
    assert draws[0] == draws[1]


def test_unknown_name_points_to_the_nearest() -> None:
    with pytest.raises(UnknownName, match="xavier_normal"):
        initializer("xavier_norml")
