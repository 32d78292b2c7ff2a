"""Types a text as people do in a hurry: letters swapped, doubled or left out, spaces lost, stops forgotten.

A diary is typed on a phone at night; the texts that networks learn from are mostly spelled well. Slips are drawn per
word, so that what a text says stays readable.
"""

from typing import Final

import numpy as np

SLIPS: Final = 0.2
"""Share of the words in which something slips."""
_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_VOWELS: Final = 21
_FINALS: Final = 28
_NEAR_VOWELS: Final = {1: 5, 5: 1, 3: 7, 7: 3, 9: 10, 10: 11, 11: 15, 15: 11, 0: 4, 4: 0, 8: 13, 13: 8, 20: 16}
"""ㅐ ㅔ, ㅒ ㅖ, ㅘ ㅙ ㅚ ㅞ, ㅏ ㅓ, ㅗ ㅜ, ㅣ ㅟ: those that sound or lie near each other."""
_NEAR_FINALS: Final = {20: 19, 19: 20, 2: 1, 6: 4, 5: 4, 15: 8, 11: 8, 18: 17, 9: 1}
"""ㅆ ㅅ, ㄲ → ㄱ, ㄶ → ㄴ, ㄵ → ㄴ, ㅀ → ㄹ, ㄼ → ㄹ, ㅄ → ㅂ, ㄺ → ㄱ."""
_SHORTEST: Final = 4
"""Letters of a word in which Latin letters slip."""
_LOWERED: Final = 0.4
_UNSTOPPED: Final = 0.3
_JOINED: Final = 0.15
"""Share of the spaces that are lost, in a text in which spaces get lost at all."""


def mistyped(text: str, rng: np.random.Generator) -> str:
    """Return the text as somebody in a hurry would type it.

    Args:
        text: Any text.
        rng: Draws the slips.
    """
    words = [_word(word, rng) if rng.random() < SLIPS else word for word in text.split(" ")]
    joined = rng.random() < 0.5
    pieces = words[:1]
    for word in words[1:]:
        lost = joined and rng.random() < _JOINED
        pieces.append(word if lost else f" {word}")
    result = "".join(pieces)
    if rng.random() < _LOWERED:
        result = result.lower()
    if rng.random() < _UNSTOPPED:
        result = result.replace(". ", " ").replace(", ", " ").rstrip(".")
    return result


def _word(word: str, rng: np.random.Generator) -> str:
    syllables = [i for i, c in enumerate(word) if _FIRST <= ord(c) <= _LAST]
    if syllables:
        at = syllables[int(rng.integers(len(syllables)))]
        return word[:at] + _syllable(word[at], rng) + word[at + 1 :]
    if len(word) < _SHORTEST or not word.isalpha() or not word.isascii():
        return word
    # The first letter mostly comes out right.
    at = int(rng.integers(1, len(word) - 1))
    kind = int(rng.integers(4))
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] * int(rng.integers(2, 4)) + word[at + 1 :]
    return word[:at] + _neighbour(word[at], rng) + word[at + 1 :]


def _neighbour(letter: str, rng: np.random.Generator) -> str:
    row = next((keys for keys in _KEYS if letter.lower() in keys), letter.lower())
    at = row.index(letter.lower())
    near = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)] or [letter]
    return near[int(rng.integers(len(near)))]


def _syllable(syllable: str, rng: np.random.Generator) -> str:
    """Return a syllable with another vowel or last consonant that sounds near, where it has one."""
    code = ord(syllable) - _FIRST
    first, rest = divmod(code, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    if final in _NEAR_FINALS and rng.random() < 0.7:
        final = _NEAR_FINALS[final]
    elif vowel in _NEAR_VOWELS and rng.random() < 0.6:
        vowel = _NEAR_VOWELS[vowel]
    elif final == 0 and rng.random() < 0.5:
        # 했어 → 했엉, 좋아 → 좋앙: a soft ending that chat is full of.
        final = int(rng.choice([16, 21]))
    return chr(_FIRST + (first * _VOWELS + vowel) * _FINALS + final)
