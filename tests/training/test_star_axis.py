import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.training.star_axis import star_axis


def test_nothing_that_is_left_goes_along_with_the_stars() -> None:
    rng = np.random.default_rng(0)
    quality, mood = rng.normal(size=(2, 4000))
    x = np.stack([quality, mood, quality + mood], axis=1).astype(np.float32)
    stars = (quality + 0.1 * rng.normal(size=4000)).astype(np.float32)
    stars[::2] = np.nan
    left = star_axis(x, stars).apply(x)
    rated = ~np.isnan(stars)
    for column in range(3):
        assert abs(np.corrcoef(left[rated, column], stars[rated])[0, 1]) < 0.05
    # What has nothing to do with the stars stays.
    assert np.corrcoef(left[:, 1], mood)[0, 1] > 0.99
    assert np.corrcoef(left[:, 2], mood)[0, 1] > 0.99
    assert left.dtype == np.float32


def test_without_stars_there_is_nothing_to_take_out() -> None:
    x = np.zeros((3, 2), dtype=np.float32)
    for stars in ([np.nan] * 3, [1.0, np.nan, 1.0]):
        with pytest.raises(InputError, match="rating_column"):
            star_axis(x, np.array(stars, dtype=np.float32))
