"""Tokens, features and hashes are what the docstrings say, and never change between runs."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.emotion.features import (
    NEGATED,
    Words,
    hash_names,
    hash_pairs,
    hash_words,
    normalise_token,
    tokenize,
    word_features,
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I'm SO happy!!", ["i'm", "so", "happy", "!!"]),
        ("재밌어ㅋㅋㅋ 그치?", ["재밌어", "ㅋㅋㅋ", "그치", "?"]),
        ("see https://a.b/c?d @me 3개", ["see", "https://a.b/c?d", "@me", "3", "개"]),
        ("good😭😭day", ["good", "😭😭", "day"]),
        ("", []),
        (" \n\t", []),
        ("e\u0301te\u0301", ["été"]),
        ("\u1112\u1161\u11ab", ["한"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.mark.parametrize(
    ("token", "normal"),
    [
        ("soooo", "soo"),
        ("good", "good"),
        ("ㅋㅋㅋㅋㅋ", "ㅋㅋ"),
        ("ㅜㅜㅜ", "ㅠㅠ"),
        ("!!!!", "!!"),
        ("don’t", "don't"),
        ("https://a.b", "<url>"),
        ("@me", "<user>"),
        ("@", "@"),
    ],
)
def test_tokens_are_normalised(token: str, normal: str) -> None:
    assert normalise_token(token) == normal


def test_an_english_word_gives_itself_and_its_grams_inside_boundaries() -> None:
    assert word_features("cat") == ["w:cat", "c:<ca", "c:cat", "c:at>", "c:<cat", "c:cat>", "c:<cat>"]
    assert word_features("hi") == ["w:hi"]


def test_forms_of_a_korean_verb_share_features() -> None:
    def share(a: str, b: str) -> float:
        one, two = set(word_features(a)), set(word_features(b))
        return len(one & two) / len(one | two)

    assert share("슬프다", "슬펐다") > 0.15
    assert share("슬프다", "기쁘다") < share("슬프다", "슬펐다")


def test_a_negated_word_shares_nothing_with_the_plain_one() -> None:
    plain, negated = set(word_features("happy")), set(word_features(NEGATED + "happy"))
    assert not plain & negated
    assert {NEGATED + name for name in plain} | {NEGATED} == negated


def test_marks_and_emoji_give_each_character_once() -> None:
    assert word_features("?!?") == ["w:?!?", "p:!", "p:?"]
    assert word_features("😭") == ["w:😭"]


def test_hashes_are_crc32_of_utf8() -> None:
    # The check value of CRC-32, as its catalogues give it.
    assert hash_names(["123456789"]).tolist() == [0xCBF43926]
    assert hash_names(["w:눈물"]).tolist() == [zlib.crc32("w:눈물".encode())]
    assert hash_names([]).dtype == np.uint32


def test_words_are_hashed_one_after_another() -> None:
    hashes, starts = hash_words(["cat", "눈물"])
    assert starts.tolist() == [0, len(word_features("cat"))]
    assert hashes.tolist() == hash_names(word_features("cat") + word_features("눈물")).tolist()


def test_order_matters_in_a_pair() -> None:
    a, b = hash_names(["a"]), hash_names(["b"])
    assert hash_pairs(a, b) != hash_pairs(b, a)
    # A fixed value: a changed hash would make every stored weight meaningless.
    assert hash_pairs(a, b).tolist() == [_pair(int(a[0]), int(b[0]))]


def _pair(left: int, right: int) -> int:
    """The formula of `hash_pairs` in Python's own integers."""
    word = 0xFFFFFFFF
    mixed = (left * 0x9E3779B1 & word) ^ ((right * 0x85EBCA77 + 0xC2B2AE3D) & word)
    mixed ^= mixed >> 15
    mixed = mixed * 0x2C1B3C6D & word
    return mixed ^ (mixed >> 13)


def negated_words(text: str) -> list[str]:
    words = Words()
    stream = words.stream([text])
    return [words.tokens[i][1:] for i in stream.words.tolist() if words.tokens[i][0] == NEGATED]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("I am not happy at all, really", ["happy", "at", "all"]),
        ("not. happy", []),
        ("I don't want to go home", ["want", "to", "go"]),
        ("하나도 안 기쁘다", ["안", "기쁘다"]),
        ("별로 즐겁지 않았다", ["즐겁지", "않았다"]),
        ("슬프지 않아", ["슬프지"]),
        ("기쁘지 못했다. 그래도", ["기쁘지"]),
        ("I am happy", []),
        ("", []),
    ],
)
def test_negation_reaches_what_it_should(text: str, negated: list[str]) -> None:
    assert negated_words(text) == negated


def test_negation_and_pairs_stop_at_the_end_of_a_text() -> None:
    words = Words()
    apart = words.stream(["it is not", "good day"])
    alone = words.stream(["good day"])
    assert apart.words[apart.starts[1] :].tolist() == alone.words.tolist()
    assert apart.pairs[apart.starts[1] :].tolist() == alone.pairs.tolist()
    assert apart.starts.tolist() == [0, 3, 5]


def test_texts_without_tokens_own_nothing() -> None:
    stream = Words().stream(["", "a b", "  ", ""])
    assert stream.starts.tolist() == [0, 0, 2, 2, 2]


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_stream_is_the_texts_one_after_another(texts: list[str]) -> None:
    words = Words()
    whole = words.stream(texts)
    for i, text in enumerate(texts):
        alone = words.stream([text])
        part = slice(whole.starts[i], whole.starts[i + 1])
        assert whole.words[part].tolist() == alone.words.tolist()
        assert whole.pairs[part].tolist() == alone.pairs.tolist()


@given(st.text(min_size=1))
def test_every_token_has_features(text: str) -> None:
    for token in tokenize(text):
        assert word_features(token)
        assert len(token) <= 200 or token.startswith(("http", "www.", "@"))


def test_an_endless_word_is_cut_into_pieces() -> None:
    assert [len(token) for token in tokenize("ab" * 60)] == [40, 40, 40]
