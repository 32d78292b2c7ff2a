"""Ten families of feelings: what a diary is coloured by, and the word that stands beside the colour.

Every label that a head of the emotion model knows belongs to one family: GoEmotions' 28, and KOTE's 44 with the words
that diaries use for them (서운함, 허탈, 막막함), which the 28 don't tell apart.
"""

from typing import Final

from ilgi.language import Language
from ilgi.vocabulary import Vocabulary

FAMILIES: Final = Vocabulary(
    ("joy", "hope", "warmth", "calm", "longing", "sadness", "worry", "anger", "tired", "plain"), kind="family"
)
"""The families, in the order in which they are shown."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "joy": ("기쁨", "joy"),
    "hope": ("설렘", "hope"),
    "warmth": ("고마움", "warmth"),
    "calm": ("평온", "calm"),
    "longing": ("그리움", "longing"),
    "sadness": ("슬픔", "sadness"),
    "worry": ("불안", "worry"),
    "anger": ("화", "anger"),
    "tired": ("지침", "tired"),
    "plain": ("그냥", "plain"),
}
_MEMBERS: Final[dict[str, str]] = {
    "joy": "joy amusement pride",
    "hope": "optimism excitement curiosity",
    "warmth": "gratitude love caring admiration approval",
    "calm": "relief",
    "longing": "desire",
    "sadness": "sadness grief disappointment remorse",
    "worry": "nervousness fear confusion embarrassment",
    "anger": "anger annoyance disapproval disgust",
    "tired": "",
    "plain": "neutral realization surprise",
}
_FAMILY_OF: Final = {name: family for family, names in _MEMBERS.items() for name in names.split()}

KOTE_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "감동/감탄": ("감동", "being moved", "warmth"),
    "경악": ("충격", "shock", "worry"),
    "고마움": ("고마움", "gratitude", "warmth"),
    "공포/무서움": ("무서움", "fear", "worry"),
    "귀찮음": ("귀찮음", "reluctance", "tired"),
    "기대감": ("기대", "anticipation", "hope"),
    "기쁨": ("기쁨", "joy", "joy"),
    "깨달음": ("문득 든 생각", "a thought dawning", "plain"),
    "놀람": ("놀람", "surprise", "plain"),
    "당황/난처": ("난처함", "awkwardness", "worry"),
    "부끄러움": ("부끄러움", "shame", "worry"),
    "부담/안_내킴": ("부담", "a weight on the mind", "tired"),
    "불쌍함/연민": ("안쓰러움", "pity", "sadness"),
    "불안/걱정": ("걱정", "worry", "worry"),
    "불평/불만": ("불만", "discontent", "anger"),
    "비장함": ("굳은 마음", "resolve", "hope"),
    "뿌듯함": ("뿌듯함", "pride", "joy"),
    "서러움": ("서러움", "hurt", "sadness"),
    "슬픔": ("슬픔", "sadness", "sadness"),
    "신기함/관심": ("신기함", "wonder", "hope"),
    "아껴주는": ("아끼는 마음", "tenderness", "warmth"),
    "안심/신뢰": ("안심", "ease", "calm"),
    "안타까움/실망": ("서운함", "letdown", "sadness"),
    "어이없음": ("어이없음", "disbelief", "anger"),
    "없음": ("담담함", "calm", "plain"),
    "역겨움/징그러움": ("불쾌함", "distaste", "anger"),
    "우쭐댐/무시함": ("우쭐함", "smugness", "joy"),
    "의심/불신": ("미심쩍음", "doubt", "worry"),
    "재미없음": ("심심함", "boredom", "tired"),
    "절망": ("막막함", "despair", "sadness"),
    "존경": ("존경", "respect", "warmth"),
    "죄책감": ("미안함", "guilt", "sadness"),
    "즐거움/신남": ("신남", "delight", "joy"),
    "증오/혐오": ("미움", "loathing", "anger"),
    "지긋지긋": ("지긋지긋함", "being fed up", "tired"),
    "짜증": ("짜증", "irritation", "anger"),
    "패배/자기혐오": ("허탈", "feeling beaten", "sadness"),
    "편안/쾌적": ("편안함", "comfort", "calm"),
    "한심함": ("한심함", "exasperation", "anger"),
    "행복": ("행복", "happiness", "joy"),
    "화남/분노": ("화", "anger", "anger"),
    "환영/호의": ("반가움", "gladness", "warmth"),
    "흐뭇함(귀여움/예쁨)": ("흐뭇함", "fondness", "warmth"),
    "힘듦/지침": ("지침", "tiredness", "tired"),
}
"""KOTE's label → its word in a Korean and in an English diary, and its family."""


def family_word(family: str, language: Language) -> str:
    """Return how a family is called ("longing" → "그리움").

    Raises:
        UnknownName: There is no such family.
    """
    FAMILIES.column(family)
    return _WORDS[family][0 if language == "ko" else 1]


def family_of(label: str) -> str:
    """Return the family of one of GoEmotions' 28 or KOTE's 44 labels; "plain" for a label of some other model."""
    return KOTE_WORDS[label][2] if label in KOTE_WORDS else _FAMILY_OF.get(label, "plain")
