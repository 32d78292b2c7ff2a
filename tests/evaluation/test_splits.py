import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import InputError
from ilgi.evaluation.splits import group_folds, join_groups, place_of, split_by_group

FRACTIONS = {"train": 0.7, "validation": 0.1, "test": 0.2}
FILMS = [f"tmdb:{i}" for i in range(4000)]


def part_of(groups: list[str], seed: int = 0) -> dict[str, str]:
    """Group → part, after checking that no group is in two."""
    split = split_by_group(groups, fractions=FRACTIONS, seed=seed)
    assert np.array_equal(np.sort(np.concatenate(list(split.values()))), np.arange(len(groups)))
    found: dict[str, str] = {}
    for part, rows in split.items():
        assert (np.diff(rows) > 0).all()
        for row in rows:
            assert found.setdefault(groups[row], part) == part
    return found


def test_every_row_is_in_one_part_and_every_group_too() -> None:
    rows = [FILMS[i] for i in np.random.default_rng(0).integers(0, 300, 2000)]
    assert set(part_of(rows).values()) == set(FRACTIONS)


def test_the_shares_are_met() -> None:
    split = split_by_group(FILMS, fractions=FRACTIONS, seed=3)
    assert list(split) == list(FRACTIONS)
    assert [len(rows) / 4000 for rows in split.values()] == pytest.approx([0.7, 0.1, 0.2], abs=0.025)


def test_a_film_stays_where_it_is_when_others_come_or_go() -> None:
    before = part_of(FILMS[:200])
    after = part_of(["a new one", *reversed(FILMS)])
    assert all(after[film] == part for film, part in before.items())


def test_another_seed_is_another_split() -> None:
    first, second = part_of(FILMS, seed=1), part_of(FILMS, seed=2)
    agree = np.mean([first[film] == second[film] for film in FILMS])
    # Independent: 0.7² + 0.1² + 0.2².
    assert agree == pytest.approx(0.54, abs=0.03)


def test_a_place_is_the_same_on_every_machine() -> None:
    # Computed once; if it changes, every split that was ever published changes with it.
    assert place_of("tmdb:670", seed=0, purpose="ilgi split") == pytest.approx(0.2666654210158448, abs=1e-15)


def test_places_are_spread_evenly() -> None:
    places = np.sort([place_of(film, seed=0, purpose="ilgi split") for film in FILMS])
    # Kolmogorov and Smirnov: 1.63 / √n is passed by one in a hundred.
    assert np.abs(places - np.arange(4000) / 4000).max() < 1.63 / np.sqrt(4000)
    assert 0 <= places[0] < places[-1] < 1


def test_a_part_of_nothing_is_empty_and_the_last_takes_the_rest() -> None:
    split = split_by_group(FILMS, fractions={"a": 0.0, "b": 1.0, "c": 0.0}, seed=0)
    assert [len(rows) for rows in split.values()] == [0, 4000, 0]
    thirds = split_by_group(FILMS, fractions={"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, seed=0)
    assert sum(len(rows) for rows in thirds.values()) == 4000


@pytest.mark.parametrize(
    "fractions", [{}, {"a": 0.5}, {"a": 0.9, "b": 0.2}, {"a": 1.5, "b": -0.5}, {"a": float("nan"), "b": 1.0}]
)
def test_fractions_that_are_no_shares_are_refused(fractions: dict[str, float]) -> None:
    with pytest.raises(InputError, match="fractions"):
        split_by_group(FILMS, fractions=fractions, seed=0)


def test_folds_test_each_row_once_and_keep_films_whole() -> None:
    rows = [FILMS[i] for i in np.random.default_rng(1).integers(0, 500, 3000)]
    folds = group_folds(rows, 5, seed=0)
    assert np.array_equal(np.sort(np.concatenate([test for _, test in folds])), np.arange(3000))
    for train, test in folds:
        assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(3000))
        assert not {rows[i] for i in train} & {rows[i] for i in test}
        assert len(test) / 3000 == pytest.approx(0.2, abs=0.06)


def test_folds_of_a_part_are_as_even_as_folds_of_the_whole() -> None:
    train = split_by_group(FILMS, fractions={"train": 0.5, "rest": 0.5}, seed=0)["train"]
    folds = group_folds([FILMS[i] for i in train], 4, seed=0)
    assert [len(test) / len(train) for _, test in folds] == pytest.approx([0.25] * 4, abs=0.04)


def test_folds_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="at least 2"):
        group_folds(FILMS, 1, seed=0)
    with pytest.raises(InputError, match="too few groups"):
        group_folds(["a", "b"], 3, seed=0)


def test_films_that_share_a_text_become_one() -> None:
    groups = ["c", "b", "d", "b", "a", "e", "e"]
    keys = ["text 1", "text 1", "text 2", "text 3", "text 3", None, None]
    assert join_groups(groups, keys) == ("a", "a", "d", "a", "a", "e", "e")


def test_nothing_shared_joins_nothing() -> None:
    groups = ["b", "a", "b"]
    assert join_groups(groups, [None, None, None]) == ("b", "a", "b")
    assert join_groups(groups, [1, 2, 3]) == ("b", "a", "b")
    with pytest.raises(InputError, match="same number"):
        join_groups(groups, [1])


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([None, *range(9)])), max_size=25))
def test_joined_groups_are_the_connected_components(rows: list[tuple[str, int | None]]) -> None:
    groups, keys = [group for group, _ in rows], [key for _, key in rows]
    # The slow way: merge sets until no two that touch are left.
    parts = [{group} for group in dict.fromkeys(groups)]
    for key in {key for key in keys if key is not None}:
        sharing = {group for group, k in rows if k == key}
        touched = [part for part in parts if part & sharing]
        parts = [part for part in parts if not part & sharing] + [set().union(*touched)]
    assert join_groups(groups, keys) == tuple(min(next(p for p in parts if g in p)) for g in groups)
