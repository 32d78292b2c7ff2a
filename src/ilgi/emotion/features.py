"""From text to hashed features: what the linear emotion model looks at.

A text is a stream of tokens. Each token brings its own features (the word itself, its character n-grams inside word
boundaries), and each neighbouring pair of tokens brings one more. Everything is told by a 32-bit hash of its UTF-8
bytes, which never changes between runs or machines. A word's features depend on the word alone, so that a model can
keep what it knows of a word and meet it again a million times for the price of one dictionary look-up.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import IntVector

FEATURES: Final = 1
"""Version of what this module makes of a text. Any change of a feature or a hash asks for the next number."""

Hashes = NDArray[np.uint32]
"""(n,) uint32 feature hashes."""

# Runs of one script; punctuation and emoji stand alone. A piece has at most 40 characters, so that one endless "word"
# cannot cost more than the same text with spaces.
_TOKEN: Final = re.compile(
    r"https?://\S+|www\.\S+|@\w+"
    r"|[가-힣]{1,40}|[ㄱ-ㆎ]{1,40}"
    r"|[^\W_가-힣ㄱ-ㆎ]{1,40}(?:['’][^\W_가-힣ㄱ-ㆎ]{1,10})*"
    r"|[^\w\s]{1,40}"
)
_RUN: Final = re.compile(r"(.)\1{2,}", re.DOTALL)
_SAME: Final = str.maketrans({"’": "'", "ㅜ": "ㅠ"})
_ENGLISH_NOT: Final = frozenset((
    "not", "no", "never", "nothing", "nobody", "neither", "nor", "cannot", "without", "hardly", "barely",
    "ain't", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't", "won't", "wouldn't", "can't",
    "couldn't", "shouldn't", "haven't", "hasn't", "hadn't",
    "isnt", "wasnt", "dont", "doesnt", "didnt", "wont", "wouldnt", "cant", "couldnt",
))  # fmt: skip
_KOREAN_NOT: Final = frozenset(("안", "못", "별로", "전혀", "하나도"))
_AFTER_NOT: Final = ("않", "못하", "못했", "못해", "못한", "못할")
_BEFORE_AFTER_NOT: Final = ("지", "지는", "지도", "지가", "진", "질", "지를")
_SCOPE: Final = 3
NEGATED: Final = "¬"
"""Marks a word that stands under a negation; its features are other ones than the plain word's."""
_START: Final = np.uint32(zlib.crc32(b"<start>"))


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text: words, runs of jamo, emoji and punctuation; lower-cased, composed, in order."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text.casefold()))


def normalise_token(token: str) -> str:
    """Return the token as it is looked up: runs of three or more cut to two, links and user names to one token each."""
    if token.startswith(("http://", "https://", "www.")):
        return "<url>"
    if token[0] == "@" and len(token) > 1:
        return "<user>"
    return _RUN.sub(r"\1\1", token).translate(_SAME)


def _grams(word: str, sizes: range) -> list[str]:
    """Return the character n-grams of a word between boundary marks, without the bare marks."""
    marked = f"<{word}>"
    return [marked[i : i + n] for n in sizes for i in range(len(marked) - n + 1)]


def is_hangul(word: str) -> bool:
    """Tell whether a token is written in Hangul syllables."""
    return "가" <= word[0] <= "힣"


def pair_key(word: str) -> str:
    """Return what stands for a word in a pair: Korean endings vary, so its first two syllables; else the word."""
    return word[:2] if is_hangul(word) else word


def word_features(token: str) -> list[str]:
    """Return the names of the features that one token brings.

    A word gives itself and its character n-grams: for Hangul sizes 1 to 4 over syllables and 3 to 6 over jamo, so
    that 슬프다, 슬퍼 and 슬펐다 have something in common; otherwise 3 to 5 over letters. Punctuation, emoji and lone
    jamo give the run and each of its characters once.
    A token that starts with the mark of negation gives the same features in a namespace of their own.
    """
    mark, word = (NEGATED, token[1:]) if token[0] == NEGATED and len(token) > 1 else ("", token)
    word = normalise_token(word)
    if is_hangul(word):
        names = [f"w:{word}"] + [f"s:{c}" for c in word] + [f"s:{gram}" for gram in _grams(word, range(2, 5))]
        names += [f"j:{gram}" for gram in _grams(unicodedata.normalize("NFD", word), range(3, 7))]
    elif word[0].isalnum():
        names = [f"w:{word}"]
        if len(word) > 2:
            names += [f"c:{gram}" for gram in _grams(word, range(3, 6))]
    else:
        names = [f"w:{word}"] + [f"p:{c}" for c in sorted(set(word)) if len(word) > 1]
    return [mark + name for name in names] + ([NEGATED] if mark else [])


def hash_names(names: Sequence[str]) -> Hashes:
    """Return the CRC-32 of each name's UTF-8 bytes."""
    crc = zlib.crc32
    return np.array([crc(name.encode("utf-8", "replace")) for name in names], dtype=np.uint32)


def hash_words(tokens: Sequence[str]) -> tuple[Hashes, IntVector]:
    """Return the hashes of all features of some tokens, token after token, and where each token's begin.

    Every token has at least one feature.
    """
    names: list[str] = []
    starts = []
    for token in tokens:
        starts.append(len(names))
        names += word_features(token)
    return hash_names(names), np.array(starts, dtype=np.int64)


def hash_pairs(left: Hashes, right: Hashes) -> Hashes:
    """Return one hash for each pair of hashes, order mattering (multiply and shift, modulo 2^32)."""
    mixed = left * np.uint32(0x9E3779B1) ^ (right * np.uint32(0x85EBCA77) + np.uint32(0xC2B2AE3D))
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(13)
    return mixed


@dataclass(frozen=True, eq=False)
class Stream:
    """The tokens of n texts as numbers."""

    words: IntVector
    """(N,) row of each token in the word table."""
    pairs: Hashes
    """(N,) hash of each token joined with the one before it (the first: with the start of the text)."""
    starts: IntVector
    """(n + 1,) text i owns tokens starts[i] to starts[i + 1]."""


class Words:
    """The distinct tokens met so far, each with what is computed once and used at every meeting."""

    def __init__(self) -> None:
        """Start empty."""
        self.tokens: list[str] = []
        """Row → token."""
        self._rows: dict[str, int] = {}
        self._keys = np.zeros(1024, dtype=np.uint32)
        # Bits: 1 negates what follows, 2 negates what stands before, 4 can be negated from behind, 8 ends a scope.
        self._roles = np.zeros(1024, dtype=np.uint8)

    def __len__(self) -> int:
        """Return the number of distinct tokens."""
        return len(self.tokens)

    def _row(self, token: str) -> int:
        """Return the row of a token, new or known."""
        row = self._rows.get(token)
        return self._add(token) if row is None else row

    def _add(self, token: str) -> int:
        row = len(self.tokens)
        if row == len(self._keys):
            self._keys = np.concatenate([self._keys, np.zeros_like(self._keys)])
            self._roles = np.concatenate([self._roles, np.zeros_like(self._roles)])
        self._rows[token] = row
        self.tokens.append(token)
        word = normalise_token(token)
        self._keys[row] = zlib.crc32(pair_key(word).encode("utf-8", "replace"))
        self._roles[row] = _role(word)
        return row

    def stream(self, texts: Sequence[str]) -> Stream:
        """Return the token stream of some texts, in order."""
        known = self._rows.get
        tokens: list[str] = []
        starts = [0]
        for text in texts:
            tokens += tokenize(text)
            starts.append(len(tokens))
        rows = [known(token) for token in tokens]
        if None in rows:
            rows = [self._row(token) for token in tokens]
        words = np.array(rows, dtype=np.int64)
        first = np.zeros(len(words), dtype=bool)
        bounds = np.array(starts, dtype=np.int64)
        first[bounds[:-1][bounds[:-1] < bounds[1:]]] = True
        keys = self._keys[words]
        before = np.concatenate([[_START], keys[:-1]]).astype(np.uint32) if len(keys) else keys
        before[first] = _START
        for i in np.flatnonzero(_negated(self._roles[words], first)).tolist():
            words[i] = self._row(NEGATED + tokens[i])
        return Stream(words, hash_pairs(before, keys), bounds)


def _role(word: str) -> int:
    if not word[0].isalnum():
        return 8
    if word in _ENGLISH_NOT or word in _KOREAN_NOT:
        return 1
    return 2 * word.startswith(_AFTER_NOT) + 4 * word.endswith(_BEFORE_AFTER_NOT)


def _negated(roles: NDArray[np.uint8], first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each token whether it stands under a negation.

    English and Korean adverbs (not, 안) reach the next three tokens, as far as no punctuation or end of text comes
    between; the Korean auxiliary (-지 않다, -지 못하다) reaches the verb before it.
    """
    n = len(roles)
    negated = np.zeros(n, dtype=bool)
    if n == 0:
        return negated
    inside = ~(((roles & 8) > 0) | first)
    reach = (roles & 1) > 0
    for _ in range(_SCOPE):
        reach = np.concatenate([[False], reach[:-1]]) & inside
        negated |= reach
    after = ((roles[1:] & 2) > 0) & ~first[1:]
    negated[:-1] |= after & ((roles[:-1] & 4) > 0)
    return negated
