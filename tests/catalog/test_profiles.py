from dataclasses import replace

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.catalog.axes import AXES
from ilgi.catalog.base import Catalog
from ilgi.catalog.profiles import Profiles, packed, unpacked
from ilgi.errors import BundleDamaged, InputError
from ilgi.testing import felt_catalog


def profiles() -> Profiles:
    found = felt_catalog().profiles
    assert found is not None
    return found


def test_a_byte_holds_a_place_to_within_half_a_step() -> None:
    values = np.array([[-9.0, -1.3, 0.0, 0.7, 9.0, np.nan]], dtype=np.float32)
    found = unpacked(packed(values))
    np.testing.assert_allclose(found[0, 1:4], values[0, 1:4], atol=1 / 64)
    assert found[0, [0, 4]].tolist() == [-127 / 32, 127 / 32]
    assert np.isnan(found[0, 5])


def test_they_come_back_with_their_catalogue() -> None:
    catalog = felt_catalog()
    again = Catalog.from_state(catalog.state()).profiles
    assert again is not None
    np.testing.assert_allclose(again.place, profiles().place, atol=1 / 64)
    np.testing.assert_allclose(again.spread, profiles().spread, atol=1 / 64)
    assert again.basis_of(0) == "keywords"
    assert again.axes == AXES


def test_what_is_read_in_descriptions_comes_back_too() -> None:
    catalog = felt_catalog()
    affect = np.full((len(catalog), 2), 0.5, dtype=np.float32)
    affect[3] = np.nan
    level = np.full(len(catalog), 0.25, dtype=np.float32)
    told = replace(catalog, affect=affect, affect_columns=("joy", "fear"), affect_level=level)
    again = Catalog.from_state(told.state())
    assert again.affect_columns == ("joy", "fear")
    np.testing.assert_array_equal(again.affect, affect)
    np.testing.assert_array_equal(again.take([3, 1]).affect_level, level[:2])
    with pytest.raises(InputError, match="'affect level' has 2 entries"):
        replace(told, affect_level=level[:2])


def test_they_go_along_when_rows_are_taken() -> None:
    some = felt_catalog().take([40, 0]).profiles
    assert some is not None
    np.testing.assert_array_equal(some.place, profiles().place[[40, 0]])


def test_what_does_not_belong_together_is_refused() -> None:
    one = profiles()
    with pytest.raises(InputError, match="must have 44 rows and 10 columns"):
        Profiles(one.axes, one.place[:3], one.spread, one.basis, one.reviews)
    with pytest.raises(InputError, match="basis must be one of none, genres"):
        Profiles(one.axes, one.place, one.spread, one.basis + 9, one.reviews)
    with pytest.raises(InputError, match="'profiles' has 44 entries for 2 items"):
        replace(felt_catalog().take([0, 1]), profiles=one)


@pytest.mark.parametrize("harm", ["axes", "place", "basis"])
def test_damage_is_refused(harm: str) -> None:
    state = felt_catalog().state()
    config, arrays = dict(state.config), dict(state.arrays)
    if harm == "axes":
        config["axes"] = "warm"
    elif harm == "place":
        arrays["profile.place"] = arrays["profile.place"][:, :3]
    else:
        arrays["profile.basis"] = arrays["profile.basis"] + np.uint8(9)
    with pytest.raises(BundleDamaged):
        Catalog.from_state(State(config, arrays, state.files))
