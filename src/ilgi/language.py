"""What the two languages ask of text: telling them apart, cleaning, quoting, and Korean particles."""

import re
import unicodedata
from typing import Final, Literal

from ilgi.errors import InputError

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")

_HANGUL: Final = re.compile(r"[\uac00-\ud7a3\u3131-\u318e\u1100-\u11ff]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")

# A Hangul syllable says about as much as this many Latin letters ("영화" / "film"), so that a Korean sentence with an
# English title in it still counts as Korean.
_LETTERS_PER_SYLLABLE: Final = 2.5

_QUOTE_WIDTH: Final = {"ko": 24, "en": 60}


_PAIRS: Final = {('"', '"'), ("“", "”"), ("'", "'"), ("‘", "’")}


def detect_language(text: str) -> Language:
    """Return "ko" where Hangul carries at least half of the text, else "en" (also for text without letters)."""
    # Counted by what is left without them: a list of every letter of a long text would take far more memory than it.
    hangul = (len(text) - len(_HANGUL.sub("", text))) * _LETTERS_PER_SYLLABLE
    return "ko" if hangul > 0 and hangul >= len(text) - len(_LATIN.sub("", text)) else "en"


def as_language(name: str) -> Language:
    """Return `name` as a language.

    Raises:
        InputError: It is neither "ko" nor "en".
    """
    if name not in LANGUAGES:
        raise InputError(f"unknown language {name!r}: choose ko or en")
    return name


def clean_text(text: str) -> str:
    """Return text that is safe to print and encode, of the same length in code points.

    Control characters other than newline and tab become spaces, and half of a surrogate pair becomes U+FFFD. Keeping
    the length keeps sentence offsets valid for the caller's own copy of the text.
    """
    text = _SURROGATE.sub("\ufffd", text)
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in text)


def shorten(sentence: str, language: Language) -> str:
    """Return the sentence on one line, cut at a word to at most 24 Hangul or 60 Latin characters ("…" marks a cut)."""
    line = " ".join(clean_text(sentence).split())
    width = _QUOTE_WIDTH[language]
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    at = cut.rfind(" ")
    # A word longer than half the line is cut itself: better a piece of it than nearly nothing.
    return (cut[:at] if at >= width // 2 else cut).rstrip(" ,;:·") + "…"


def quote(sentence: str, language: Language) -> str:
    """Return the shortened sentence in “ ”, without a full stop at its end and with inner double quotes made single."""
    line = shorten(sentence, language)
    inner = line.rstrip(".。 ") or line
    # Quotes around all of it would stand twice; one that opens or closes inside belongs to what was written.
    if (
        len(inner) > 2
        and (inner[0], inner[-1]) in _PAIRS
        and inner[-1] not in inner[1:-1]
        and inner[0] not in inner[1:-1]
    ):
        inner = inner[1:-1]
    return "“" + inner.replace("“", "‘").replace("”", "’").replace('"', "'") + "”"


# How digits and Latin letters are read aloud in Korean decides the particle after them: whether the reading ends in a
# consonant, and whether that consonant is ㄹ.
_DIGIT_FINAL: Final = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
_LATIN_FINAL: Final = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
_READ_WITH_A_VOWEL: Final = frozenset({"ok"})  # 오케이
_NO_FINAL_AS_WORD: Final = ("her", "er", "or", "ar")  # "her" is read 허, not 헐: a final r in a word is silent


def final_consonant(word: str) -> str:
    """Return the last sound's final consonant: "" if it ends in a vowel, "ㄹ" for ㄹ, another jamo otherwise.

    Marks and brackets at the end are skipped. Latin words and digits follow how Korean readers say them.
    """
    for i in range(len(word) - 1, -1, -1):
        char = word[i]
        if "가" <= char <= "힣":
            final = (ord(char) - ord("가")) % 28
            return "" if final == 0 else "ㄹ" if final == 8 else "ㄱ"
        if char == "%":
            return ""
        if char.isdigit():
            return _DIGIT_FINAL.get(char, "")
        if _LATIN.match(char):
            latin = re.split(r"[^a-z\u00c0-\u024f]", word[: i + 1].casefold())[-1]
            if latin in _READ_WITH_A_VOWEL:
                return ""
            # A silent e: "time" is read 타임, "Google" 구글.
            if len(latin) > 2 and latin[-1] == "e" and latin[-2] in "lmn" and latin[-3] not in "lmn":
                latin = latin[:-1]
            if latin.endswith(_NO_FINAL_AS_WORD):
                return ""
            if latin.endswith("ng"):
                return "ㅇ"
            # After a short vowel Korean keeps k, p and t as a final consonant ("Up" 업, "Titanic" 타이타닉).
            if len(latin) >= 2 and latin[-1] in "bckpt" and latin[-2] in "aeiou":
                return "ㄱ"
            return _LATIN_FINAL.get(latin[-1], "")
    return ""


def with_particle(word: str, particle: str) -> str:
    """Return the word with the right form of a Korean particle.

    Args:
        word: Any text; its last sound decides.
        particle: Both forms with the one after a consonant first: "을/를", "이/가", "은/는", "과/와",
            "으로/로", "이에요/예요".

    Raises:
        InputError: The particle is not two forms with a slash between them.
    """
    after_consonant, slash, after_vowel = particle.partition("/")
    if not slash:
        raise InputError(f"a particle needs both forms, such as '을/를', not {particle!r}")
    final = final_consonant(word)
    if after_consonant.startswith("으로") and final == "ㄹ":
        return word + after_vowel
    return word + (after_consonant if final else after_vowel)
