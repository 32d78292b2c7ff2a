"""Ten axes of how a film feels, and the tags of people that speak of each.

Genres say what a film is made of, reviews mostly whether it was good; people's tags say how it feels ("bittersweet",
"feel-good", "creepy"). Every axis is named, and its tags are written down here, before anything is learned from them.
"""

from typing import Final

from ilgi.language import Language
from ilgi.vocabulary import Vocabulary
from ilgi.words import label_word

AXES: Final = Vocabulary(
    ("funny", "warm", "uplifting", "romantic", "wistful", "sad", "dark", "tense", "scary", "violent"), kind="axis"
)
"""The axes, in the order in which they are kept and shown."""

AXIS_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "funny": ("funny", "joyful"),
    "warm": ("heartwarming", "feel-good", "feel good movie", "sweet", "cute", "happy ending", "relaxing"),
    "uplifting": ("inspirational", "uplifting", "hopeful", "touching"),
    "romantic": ("romantic",),
    "wistful": ("bittersweet", "melancholy", "melancholic", "nostalgic", "loneliness", "lonely"),
    "sad": ("sad", "depressing", "tear jerker", "tearjerker", "heartbreaking", "tragedy", "grief"),
    "dark": ("dark", "bleak", "disturbing"),
    "tense": ("tense", "suspense"),
    "scary": ("scary", "creepy", "frightening"),
    "violent": ("violent", "gory", "revenge", "angry"),
}
"""Axis → tags that place a film on it."""

SOUND_AXES: Final = Vocabulary(("bright", "lively"), kind="axis")
"""Where songs stand: how bright (valence) and how lively (arousal) they sound."""

SOUNDS: Final = Vocabulary(("bright and lively", "bright and quiet", "dark and lively", "dark and quiet"), kind="sound")
"""The four quarters that the axes of sound divide songs into: what labels of songs are."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "funny": ("유쾌한", "funny"),
    "warm": ("따뜻한", "warm"),
    "uplifting": ("힘이 나는", "uplifting"),
    "romantic": ("설레는", "romantic"),
    "wistful": ("쓸쓸한", "wistful"),
    "sad": ("슬픈", "sad"),
    "dark": ("어두운", "dark"),
    "tense": ("조마조마한", "tense"),
    "scary": ("무서운", "scary"),
    "violent": ("거친", "violent"),
}


def axis_word(axis: str, language: Language) -> str:
    """Return an axis or a sound as an adjective that stands before a noun ("wistful" → "쓸쓸한").

    Raises:
        UnknownName: There is no such axis.
    """
    if axis in SOUNDS:
        return label_word(axis, language)
    AXES.column(axis)
    return _WORDS[axis][0 if language == "ko" else 1]


def sound_of(bright: float, lively: float) -> str:
    """Return the quarter, one of `SOUNDS`, that a place belongs to; 0 is counted as bright, and as lively."""
    return SOUNDS[2 * (bright < 0) + (lively < 0)]


def axis_of_tag(tag: str) -> str:
    """Return the axis that a tag speaks of; "" for a tag of none."""
    return _AXIS_OF.get(tag.strip().casefold(), "")


_AXIS_OF: Final = {tag: axis for axis, tags in AXIS_TAGS.items() for tag in tags}
