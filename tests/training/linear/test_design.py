"""The factored matrix is the written-out one."""

import numpy as np
import pytest

from ilgi.emotion.features import Words, hash_words
from ilgi.training.linear.design import Design, all_keys, tokens_of

TEXTS = ("the cat sat", "", "the cat was not happy, the cat left", "나는 기쁘지 않았다", "고양이 ㅋㅋ the end")


def written_out(keys: np.ndarray) -> np.ndarray:
    """Counts feature by feature, in Python."""
    rows = []
    for text in TEXTS:
        words = Words()
        stream = words.stream([text])
        found = [h for i in stream.words.tolist() for h in hash_words([words.tokens[i]])[0].tolist()]
        found += stream.pairs.tolist()
        rows.append([found.count(k) / np.sqrt(max(len(found), 1)) for k in keys.tolist()])
    return np.array(rows)


def test_products_are_those_of_the_written_out_matrix() -> None:
    tokens = tokens_of(TEXTS)
    keys = all_keys(tokens, least=1)[::2]
    design, matrix = Design.of(tokens, keys), written_out(keys)
    assert design.shape == matrix.shape
    assert matrix.sum() > 10
    rng = np.random.default_rng(0)
    w, r = rng.normal(size=len(keys)), rng.normal(size=len(TEXTS))
    np.testing.assert_allclose(design.times(w), matrix @ w, atol=1e-12)
    np.testing.assert_allclose(design.transposed_times(r), r @ matrix, atol=1e-12)


def test_taking_rows_takes_those_of_the_matrix() -> None:
    tokens = tokens_of(TEXTS)
    keys = all_keys(tokens, least=1)
    rows = np.array([1, 2, 4])
    part, matrix = Design.of(tokens, keys).take(rows), written_out(keys)[rows]
    w, r = np.linspace(-1, 1, len(keys)), np.array([1.0, -2.0, 3.0])
    np.testing.assert_allclose(part.times(w), matrix @ w, atol=1e-12)
    np.testing.assert_allclose(part.transposed_times(r), r @ matrix, atol=1e-12)
    np.testing.assert_allclose(part.norms(), Design.of(tokens, keys).norms()[rows])


def test_rare_features_are_left_out() -> None:
    tokens = tokens_of(TEXTS)
    often = all_keys(tokens, least=4)
    the = hash_words(["the"])[0][0]
    assert the in often
    assert hash_words(["sat"])[0][0] not in often
    assert (often[1:] > often[:-1]).all()


@pytest.mark.parametrize("texts", [(), ("",), ("", "  ")])
def test_texts_without_words(texts: tuple[str, ...]) -> None:
    tokens = tokens_of(texts)
    assert len(all_keys(tokens, least=1)) == 0
    design = Design.of(tokens, np.zeros(0, np.uint32))
    assert design.times(np.zeros(0)).tolist() == [0.0] * len(texts)
