"""Where somebody speaks of themselves, as people do in a diary and now and then in a review."""

import re
from typing import Final

from ilgi.emotion.sentences import split_sentences
from ilgi.language import Language

_FIRST_PERSON: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(r"\b(?:i|i'm|i’m|i've|i’ve|me|my|myself|we|our)\b", re.IGNORECASE),
    "ko": re.compile(r"(?:^|[\s\"'“‘(])(?:나[는도를의]|난|날|내[가게]?|나에게|저[는도를의]|전|제[가게]|우리)(?=\s|$)"),
}


def speaks_of_self(text: str, language: Language) -> bool:
    """Return whether somebody speaks of themselves in a text.

    Args:
        text: Any text.
        language: Its language.
    """
    return bool(_FIRST_PERSON[language].search(text))


def own_sentences(text: str, language: Language) -> str:
    """Return the sentences of a text in which somebody speaks of themselves; the whole text where there are none.

    Args:
        text: Any text.
        language: Its language.
    """
    own = [sentence.text for sentence in split_sentences(text) if speaks_of_self(sentence.text, language)]
    return " ".join(own) or text
