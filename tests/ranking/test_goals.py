import numpy as np
import pytest

from ilgi.catalog.axes import AXES
from ilgi.errors import UnknownName
from ilgi.families import FAMILIES
from ilgi.ranking.goals import (
    GOALS,
    LIMITS,
    POINTS,
    TARGETS,
    VALENCE,
    check_goal,
    direction,
    directions,
    goal_word,
    is_limited,
    plan,
    points,
    unpleasant,
)
from ilgi.vocabulary import Vocabulary


def shares(**families: float) -> np.ndarray:
    return np.array([families.get(name, 0.0) for name in FAMILIES], dtype=np.float32)


def test_the_table_names_every_family_and_only_axes_that_there_are() -> None:
    for goal, table in TARGETS.items():
        assert set(table) == set(FAMILIES), goal
        assert {axis for target in table.values() for axis in target} <= set(AXES), goal
    assert set(VALENCE) == {*AXES, "bright"}
    assert {goal: set(table) for goal, table in POINTS.items()} == {goal: set(FAMILIES) for goal in TARGETS}
    assert set(LIMITS) <= set(AXES)


def test_company_is_no_echo() -> None:
    stay = TARGETS["stay"]
    assert all(stay[family].get("dark", 0.0) <= 0 for family in FAMILIES)
    assert all(stay[family].get("scary", 0.0) <= 0 for family in FAMILIES)
    assert stay["worry"]["scary"] < 0 < TARGETS["mirror"]["worry"]["scary"]
    assert stay["anger"]["violent"] < 0 < TARGETS["release"]["anger"]["violent"]


def test_directions_have_one_length_and_leave_out_what_a_catalogue_lacks() -> None:
    found = directions("stay", AXES)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, rtol=1e-5)
    assert not directions("mirror", AXES)[FAMILIES.column("plain")].any()
    two = Vocabulary(("sad", "warm"), kind="axis")
    np.testing.assert_allclose(direction({"warm": 3.0, "funny": 1.0}, two), [0.0, 1.0])


def test_songs_for_company_are_quieter_than_the_day_and_never_darker() -> None:
    mirror, stay = points("mirror"), points("stay")
    assert mirror.shape == (len(FAMILIES), 2)
    low = [FAMILIES.column(name) for name in ("longing", "sadness", "worry", "tired", "anger")]
    assert (stay[low, 0] > mirror[low, 0]).all()
    assert (points("lift")[:, 0] > stay[low, 0].max()).all()


def test_auto_stays_with_a_pleasant_day_and_offers_three_ways_out_of_another() -> None:
    assert plan("auto", shares(joy=0.6, sadness=0.4), 3) == ("stay", "stay", "stay")
    assert plan("auto", shares(sadness=0.6, joy=0.4), 4) == ("stay", "calm", "lift", "stay")
    assert plan("auto", shares(), 1) == ("stay",)
    assert plan("lift", shares(joy=1.0), 2) == ("lift", "lift")
    assert unpleasant(shares(tired=0.3, worry=0.3, plain=0.4)) == pytest.approx(0.6)


@pytest.mark.parametrize(("n", "steps"), [(1, 1), (2, 2), (3, 3), (7, 3)])
def test_a_path_goes_all_the_way(n: int, steps: int) -> None:
    found = plan("path", shares(sadness=1.0), n)
    assert len(found) == n
    assert len(set(found)) == steps
    assert found[0] == "stay"
    assert found[-1] == ("stay" if n == 1 else "lift")


def test_names() -> None:
    assert all(goal_word(goal, "ko") and goal_word(goal, "en") for goal in TARGETS)
    assert goal_word("auto", "en") == ""
    assert [goal for goal in GOALS if not is_limited(goal)] == ["release", "mirror"]
    with pytest.raises(UnknownName, match="did you mean 'lift'"):
        check_goal("lfit")
