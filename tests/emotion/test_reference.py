import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.emotion.reference import Reference
from ilgi.errors import BundleDamaged, InputError, UnknownName
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "fear"), kind="affect column")


def sample(shift: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    z = rng.standard_normal((20_000, 2))
    return (1 / (1 + np.exp(-(z + shift)))).astype(np.float32)


def test_normal_scores_undo_the_shape_of_a_distribution() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample()})
    probe = np.array([[-1.5, 0.0], [0.0, 1.0], [1.5, -1.0]])
    scores = reference.standardise((1 / (1 + np.exp(-probe))).astype(np.float32), "en")
    assert np.abs(scores - probe).max() < 0.06


def test_equally_unusual_texts_of_two_kinds_meet() -> None:
    diaries = Reference.fit(COLUMNS, {"en": sample()})
    reviews = Reference.fit(COLUMNS, {"en": sample(shift=2.0)})
    one = diaries.standardise(np.array([[0.5, 0.5]], np.float32), "en")
    other = reviews.standardise((1 / (1 + np.exp(-np.array([[2.0, 2.0]])))).astype(np.float32), "en")
    assert np.abs(one - other).max() < 0.05


def test_a_batch_never_standardises_itself() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample()})
    rows = sample()[:50]
    together = reference.standardise(rows, "en")
    assert np.array_equal(together[7], reference.standardise(rows[7:8], "en")[0])


def test_scores_stay_bounded_and_rise() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample()})
    line = np.linspace(0, 1, 101, dtype=np.float32)
    scores = reference.standardise(np.stack([line, line], axis=1), "en")
    assert (np.diff(scores, axis=0) >= 0).all()
    assert np.abs(scores).max() <= 3.1


def test_a_column_that_never_moves_says_nothing() -> None:
    still = np.full((100, 2), 0.25, dtype=np.float32)
    reference = Reference.fit(COLUMNS, {"en": still})
    assert np.abs(reference.standardise(still, "en")).max() < 1e-3


def test_a_value_that_many_share_has_the_middle_of_their_ranks() -> None:
    half = np.zeros((1000, 2), dtype=np.float32)
    half[500:] = np.linspace(0.1, 0.9, 500, dtype=np.float32)[:, None]
    reference = Reference.fit(COLUMNS, {"en": half})
    scores = reference.standardise(np.array([[0.0, 0.9]], np.float32), "en")[0]
    assert -1.7 < scores[0] < -1.3
    assert scores[1] > 2.5


def test_each_language_has_its_own_habit() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample(), "ko": sample(shift=1.0)})
    half = np.array([[0.5, 0.5]], np.float32)
    assert (reference.standardise(half, "ko") < reference.standardise(half, "en") - 0.8).all()
    assert reference.languages == ("en", "ko")
    assert (reference.mean("ko") > reference.mean("en")).all()
    assert reference.sd("en").shape == (2,)


def test_an_unknown_language_borrows() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample()})
    half = np.array([[0.5, 0.5]], np.float32)
    assert np.array_equal(reference.standardise(half, "ko"), reference.standardise(half, "en"))


def test_it_comes_back_from_its_state() -> None:
    reference = Reference.fit(COLUMNS, {"en": sample(), "ko": sample(1.0)})
    again = Reference.from_state(reference.state())
    rows = sample()[:20]
    assert np.array_equal(again.standardise(rows, "ko"), reference.standardise(rows, "ko"))
    assert again.columns == COLUMNS


@pytest.mark.parametrize("state", [State(), State({"columns": ["a"], "languages": ["en"]})])
def test_a_foreign_state_is_refused(state: State) -> None:
    with pytest.raises(BundleDamaged):
        Reference.from_state(state)


def test_too_little_to_learn_from() -> None:
    with pytest.raises(InputError, match="at least two texts"):
        Reference.fit(COLUMNS, {"en": sample()[:1]})
    with pytest.raises(InputError, match="at least one language"):
        Reference.fit(COLUMNS, {})


def test_only_some_columns_stay_what_they_were() -> None:
    columns = Vocabulary(("a", "b", "c"), kind="affect column")
    affect = np.random.default_rng(1).random((50, 3)).astype(np.float32)
    whole = Reference.fit(columns, {"en": affect})
    some = whole.only(Vocabulary(("c", "a"), kind="affect column"))
    assert some.columns.names == ("c", "a")
    assert np.array_equal(some.standardise(affect[:, [2, 0]], "en"), whole.standardise(affect, "en")[:, [2, 0]])
    assert np.array_equal(some.mean("en"), whole.mean("en")[[2, 0]])
    with pytest.raises(UnknownName, match="'d'"):
        whole.only(Vocabulary(("d",), kind="affect column"))
