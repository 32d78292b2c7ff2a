"""Pieces that name a feeling outright, to be hidden now and then in training: a diary mostly does without them."""

from typing import Final

_ENGLISH: Final = (
    "happy", "happi", "joy", "glad", "cheer", "delight", "love", "loving", "lovely", "hate", "hated",
    "hating", "angry", "anger", "furious", "rage", "annoy", "irritat", "frustrat", "sad",
    "sadly", "unhappy", "miser", "depress", "lonely", "grief", "griev", "mourn", "crying",
    "cried", "tears", "hopeful", "hoping", "hope", "optim", "excit", "thrill", "proud", "pride",
    "asham", "shame", "guilt", "embarrass", "regret", "sorry", "afraid", "scared", "scary", "fear",
    "fright", "terrif", "terror", "nervous", "anxious", "anxiety", "worry", "worri", "panic",
    "disgust", "gross", "surpris", "shock", "amaz", "amus", "funny", "hilarious", "laugh", "lol",
    "lmao", "haha", "grateful", "thank", "thanks", "gratitude", "relief", "relieved", "disappoint",
    "upset", "hurt", "heartbr", "despair", "hopeless", "jealous", "envy", "bitter",
    "resent", "admire", "admir", "awesome", "great", "terrible", "awful", "horrible", "wonderful",
    "worst",
)  # fmt: skip
_KOREAN: Final = (
    "행복", "기쁘", "기뻐", "기쁨", "즐거", "즐겁", "신나", "신났", "좋아", "좋았", "사랑", "설레",
    "설렘", "뿌듯", "자랑", "고마", "감사", "다행", "안심", "희망", "기대", "슬프", "슬펐", "슬퍼",
    "슬픔", "눈물", "울었", "울고", "우울", "외로", "외롭", "쓸쓸", "서럽", "서러", "서운", "섭섭",
    "속상", "실망", "허탈", "허무", "절망", "후회", "미안", "죄책", "부끄", "창피", "민망", "화나",
    "화가", "화났", "분노", "짜증", "열받", "빡치", "억울", "싫어", "싫었", "미워", "미웠", "역겨",
    "불쾌", "무서", "무섭", "두려", "두렵", "겁나", "불안", "걱정", "초조", "긴장", "놀라", "놀랐",
    "깜짝", "당황", "황당", "답답", "귀찮", "힘들", "지쳤", "지친", "그리워", "그립", "웃겨", "웃겼",
    "최고", "최악", "감동", "ㅋㅋ", "ㅎㅎ", "ㅠㅠ", "ㅜㅜ",
)  # fmt: skip
_WHOLE: Final = frozenset({"mad", "cry", "content", "calm", "best"})
"""Words that others begin with: made, crystal, contents, bestow."""
_STEMS: Final = (*_ENGLISH, *_KOREAN)
_SHORTEST: Final = 2


def names_feeling(piece: str) -> bool:
    """Tell whether a tokenizer's piece begins with the stem of a word of feeling."""
    letters = piece.strip("▁#").casefold()
    return letters in _WHOLE or (len(letters) >= _SHORTEST and letters.startswith(_STEMS))
