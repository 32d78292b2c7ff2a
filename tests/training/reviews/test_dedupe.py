import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.training.reviews.dedupe import LEAST_WORDS, NEAR, find_repeats, words_of


def text_of(words: list[int]) -> str:
    return " ".join(f"w{word}" for word in words)


def jaccard(a: str, b: str) -> float:
    """The definition, on sets of word triples."""
    one, two = ({tuple(words_of(t)[i : i + 3]) for i in range(len(words_of(t)) - 2)} for t in (a, b))
    return len(one & two) / len(one | two)


def test_same_words() -> None:
    texts = ["A good   film!", "a GOOD film.", "good a film", "영화가 좋다.", "영화가  좋다!!", ""]
    found = find_repeats(texts)
    assert found.first.tolist() == [0, 0, 2, 3, 3, 5]
    assert found.exact.tolist() == [False, True, False, False, True, False]


def test_nearly_the_same_words() -> None:
    words = list(range(100))
    changed = [*words[:50], 999, *words[51:]]
    very = [w + 1000 * (i % 5 == 0) for i, w in enumerate(words)]
    found = find_repeats([text_of(words), text_of(changed), text_of(very), text_of(changed).upper()])
    assert jaccard(text_of(words), text_of(changed)) >= NEAR > jaccard(text_of(words), text_of(very))
    assert found.first.tolist() == [0, 0, 2, 0]
    assert found.exact.tolist() == [False, False, False, True]


def test_short_texts_are_only_compared_whole() -> None:
    words = list(range(LEAST_WORDS - 1))
    assert find_repeats([text_of(words), text_of([*words[:-1], 99])]).first.tolist() == [0, 1]


def test_finds_most_near_pairs_and_no_other() -> None:
    """Against the definition, on pairs around the threshold."""
    rng = np.random.default_rng(7)
    near = found_near = wrong = 0
    for pair in range(120):
        words = (rng.integers(0, 5000, 120) + pair * 5000).tolist()
        other = list(words)
        for at in rng.choice(120, size=int(rng.integers(1, 14)), replace=False):
            other[at] = int(-at - 1)
        a, b = text_of(words), text_of(other)
        is_near = jaccard(a, b) >= NEAR
        said = find_repeats([a, b]).first[1] == 0
        near += is_near
        found_near += is_near and said
        wrong += said and not is_near
    assert near > 30
    assert found_near / near > 0.95
    assert wrong == 0


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=8))
def test_any_texts(texts: list[str]) -> None:
    found = find_repeats(texts)
    assert len(found.first) == len(texts)
    for row, origin in enumerate(found.first.tolist()):
        assert origin <= row
        assert found.first[origin] == origin
        if origin == row:
            assert not found.exact[row]


def test_time_grows_with_the_number_of_texts_only() -> None:
    """Many texts that share their beginning must not be compared with each other one by one."""
    start = text_of(list(range(60)))
    texts = [f"{start} {text_of(list(range(1000 * i, 1000 * i + 60)))}" for i in range(1, 1500)]
    assert find_repeats(texts).first.tolist() == list(range(len(texts)))


@pytest.mark.parametrize("texts", [[], ["one"]])
def test_few_texts(texts: list[str]) -> None:
    assert len(find_repeats(texts).first) == len(texts)
