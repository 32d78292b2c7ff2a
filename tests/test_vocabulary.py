import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import InputError, UnknownName
from ilgi.vocabulary import Vocabulary, nearest

NAMES = st.lists(st.text(min_size=1), unique=True, max_size=20)


@given(NAMES)
def test_names_and_columns_belong_together(names: list[str]) -> None:
    vocabulary = Vocabulary(names)
    assert list(vocabulary) == names
    assert [vocabulary[vocabulary.column(name)] for name in names] == names
    assert vocabulary == Vocabulary(names)
    assert hash(vocabulary) == hash(Vocabulary(names))


@given(NAMES, st.data())
def test_multi_hot_holds_exactly_the_names_given(names: list[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary(names)
    row = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    matrix = vocabulary.multi_hot([row, []])
    assert {vocabulary[j] for j in np.flatnonzero(matrix[0])} == set(row)
    assert matrix[1].sum() == 0


def test_order_matters_for_equality() -> None:
    assert Vocabulary(["a", "b"]) != Vocabulary(["b", "a"])


@pytest.mark.parametrize("names", [["a", "a"], ["a", ""]])
def test_twice_or_empty_is_refused(names: list[str]) -> None:
    with pytest.raises(InputError):
        Vocabulary(names)


def test_an_unknown_name_brings_the_nearest() -> None:
    genres = Vocabulary(["Comedy", "Drama", "Romance"], kind="genre")
    with pytest.raises(UnknownName, match="did you mean 'Comedy'") as caught:
        genres.column("comdy")
    assert caught.value.kind == "genre"
    assert caught.value.near == ("Comedy",)
    with pytest.raises(UnknownName, match="choose one of: Comedy, Drama, Romance"):
        genres.column("zzz")


def test_nearest_ignores_case() -> None:
    assert nearest("ROMANCE", ["Romance", "Drama"]) == ["Romance"]


def test_mapping_carries_scores_over() -> None:
    fine = Vocabulary(["joy", "amusement", "fear"])
    coarse = Vocabulary(["good", "bad"])
    matrix = fine.mapping_to(
        coarse, {"joy": {"good": 1.0}, "amusement": {"good": 0.5}, "fear": {"bad": 1.0}, "not here": {"bad": 1.0}}
    )
    assert (np.array([[0.2, 0.4, 0.6]], np.float32) @ matrix)[0].tolist() == pytest.approx([0.4, 0.6])
    with pytest.raises(UnknownName):
        fine.mapping_to(coarse, {"joy": {"nowhere": 1.0}})
