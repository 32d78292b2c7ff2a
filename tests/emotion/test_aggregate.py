import numpy as np
import pytest

from ilgi.emotion.aggregate import RULES, aggregate, sentence_weights, without_each_sentence
from ilgi.errors import InputError, UnknownName
from ilgi.steps import Sentence
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "neutral"), kind="emotion")
FLAT = np.array([[0.5, 0.5], [0.5, 0.5]], dtype=np.float32)


def sentences(*texts: str) -> list[Sentence]:
    found, at = [], 0
    for text in texts:
        found.append(Sentence(text, at, at + len(text)))
        at += len(text) + 1
    return found


def test_length_counts_letters_and_not_white_space() -> None:
    weights = sentence_weights(sentences("a b  c", "defghijkl"), FLAT, COLUMNS, "length")
    assert weights.dtype == np.float32
    assert weights == pytest.approx([0.25, 0.75])


def test_mean_counts_sentences() -> None:
    assert sentence_weights(sentences("a", "b" * 99), FLAT, COLUMNS, "mean") == pytest.approx([0.5, 0.5])


def test_end_rises_from_one_to_three_along_the_text() -> None:
    many = sentences(*["aa"] * 1000)
    scores = np.full((1000, 2), 0.5, dtype=np.float32)
    weights = sentence_weights(many, scores, COLUMNS, "end")
    assert weights[-1] / weights[0] == pytest.approx(3.0, rel=0.01)
    assert (np.diff(weights) > 0).all()
    # Two halves: 1 + 2 · ¼ and 1 + 2 · ¾.
    assert sentence_weights(sentences("aa", "bb"), FLAT, COLUMNS, "end") == pytest.approx([1.5 / 4, 2.5 / 4])


def test_salience_lets_neutral_sentences_step_back() -> None:
    scores = np.array([[0.1, 0.9], [0.8, 0.2]], dtype=np.float32)
    assert sentence_weights(sentences("aa", "bb"), scores, COLUMNS, "salience") == pytest.approx([1 / 9, 8 / 9])
    neutral = np.array([[0.0, 1.0], [0.0, 1.0]], dtype=np.float32)
    assert sentence_weights(sentences("aa", "bb"), neutral, COLUMNS, "salience") == pytest.approx([0.5, 0.5])
    # Without a neutral column, the strongest emotion tells.
    other = Vocabulary(("joy", "fear"), kind="emotion")
    assert sentence_weights(sentences("aa", "bb"), scores[:, ::-1], other, "salience") == pytest.approx(
        [0.9 / 1.7, 0.8 / 1.7]
    )


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_shares(rule: str) -> None:
    rng = np.random.default_rng(3)
    many = sentences(*("x" * int(n) for n in rng.integers(1, 300, size=5000)))
    weights = sentence_weights(many, rng.random((5000, 2), dtype=np.float32), COLUMNS, rule)
    assert weights.shape == (5000,)
    assert (weights > 0).all()
    assert float(weights.sum(dtype=np.float64)) == pytest.approx(1.0, abs=1e-5)
    assert sentence_weights(sentences(""), FLAT[:1], COLUMNS, rule).tolist() == [1.0]


def test_what_cannot_be_weighed() -> None:
    with pytest.raises(UnknownName, match="did you mean 'length'"):
        sentence_weights(sentences("a"), FLAT[:1], COLUMNS, "lenght")
    with pytest.raises(InputError, match="2 rows"):
        sentence_weights(sentences("a"), FLAT, COLUMNS, "mean")
    with pytest.raises(InputError):
        sentence_weights([], FLAT[:0], COLUMNS, "mean")


def test_the_whole_is_the_weighted_mean_and_stays_a_probability() -> None:
    scores = np.array([[0.0, 1.0], [1.0, 1.0]], dtype=np.float32)
    whole = aggregate(scores, np.array([0.25, 0.75], dtype=np.float32))
    assert whole.dtype == np.float32
    assert whole.tolist() == [0.75, 1.0]
    rounded_up = np.full(3, 0.33333337, dtype=np.float32)
    assert aggregate(np.ones((3, 1), dtype=np.float32), rounded_up).tolist() == [1.0]


def test_without_a_sentence_a_weighted_mean_is_the_mean_of_the_others() -> None:
    scores = np.array([[0.0, 1.0], [0.5, 0.2], [1.0, 0.6]], dtype=np.float32)
    weights = np.array([0.5, 0.25, 0.25], dtype=np.float32)
    without = without_each_sentence(aggregate(scores, weights), scores, weights)
    assert without.dtype == np.float32
    assert without == pytest.approx(np.array([[0.75, 0.4], [1 / 3, 0.2 + 2 / 3], [1 / 6, 2.2 / 3]]), abs=1e-6)


def test_a_whole_that_was_read_in_one_piece_moves_as_the_mean_would() -> None:
    scores = np.array([[0.0, 1.0], [0.8, 0.2]], dtype=np.float32)
    weights = np.array([0.5, 0.5], dtype=np.float32)
    without = without_each_sentence(np.array([0.5, 0.9], dtype=np.float32), scores, weights)
    assert without == pytest.approx(np.array([[0.9, 0.5], [0.1, 1.0]]))
    alone = np.array([0.3, 0.4], dtype=np.float32)
    assert without_each_sentence(alone, alone[None], np.ones(1, dtype=np.float32)).tolist() == [alone.tolist()]
