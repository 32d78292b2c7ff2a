"""The words that people see for emotions, moods and genres, in Korean and English.

Chosen for diaries, not for papers: nobody writes home about "realization", and a bad lunch is 불쾌함, not 혐오. The
names in the data stay the field's own (GoEmotions, TMDB); these are only how they are said.
"""

from typing import Final

from ilgi.language import Language
from ilgi.vocabulary import Vocabulary

GOEMOTIONS: Final = Vocabulary(
    (
        "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity", "desire",
        "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear", "gratitude", "grief", "joy",
        "love", "nervousness", "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise",
        "neutral",
    ),
    kind="emotion",
)  # fmt: skip
"""The 28 labels of GoEmotions (Demszky et al. 2020), in the data set's own order."""

MOODS: Final = Vocabulary(("joy", "optimism", "anger", "sadness"), kind="mood")
"""The prototype's four moods (TweetEval emotion, Barbieri et al. 2020)."""

GENRES: Final = Vocabulary(
    (
        "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy", "History",
        "Horror", "Music", "Mystery", "Romance", "Science Fiction", "TV Movie", "Thriller", "War", "Western",
    ),
    kind="genre",
)  # fmt: skip
"""TMDB's 19 film genres."""

_EMOTION_WORDS: Final[dict[str, tuple[str, str]]] = {
    "admiration": ("감탄", "admiration"),
    "amusement": ("웃음", "amusement"),
    "anger": ("화", "anger"),
    "annoyance": ("짜증", "irritation"),
    "approval": ("끄덕임", "agreement"),
    "caring": ("아끼는 마음", "tenderness"),
    "confusion": ("어리둥절함", "confusion"),
    "curiosity": ("궁금함", "curiosity"),
    "desire": ("바람", "longing"),
    "disappointment": ("실망", "disappointment"),
    "disapproval": ("못마땅함", "disapproval"),
    "disgust": ("불쾌함", "distaste"),
    "embarrassment": ("민망함", "embarrassment"),
    "excitement": ("설렘", "excitement"),
    "fear": ("두려움", "fear"),
    "gratitude": ("고마움", "gratitude"),
    "grief": ("깊은 슬픔", "grief"),
    "joy": ("기쁨", "joy"),
    "love": ("사랑", "love"),
    "nervousness": ("불안", "worry"),
    "optimism": ("희망", "hope"),
    "pride": ("뿌듯함", "pride"),
    "realization": ("문득 든 생각", "a thought dawning"),
    "relief": ("안도", "relief"),
    "remorse": ("후회", "regret"),
    "sadness": ("슬픔", "sadness"),
    "surprise": ("놀람", "surprise"),
    "neutral": ("담담함", "calm"),
}

_LABEL_WORDS_KO: Final[dict[str, str]] = {
    "Action": "액션",
    "Adventure": "모험",
    "Animation": "애니메이션",
    "Comedy": "코미디",
    "Crime": "범죄",
    "Documentary": "다큐멘터리",
    "Drama": "드라마",
    "Family": "가족",
    "Fantasy": "판타지",
    "History": "역사",
    "Horror": "공포",
    "Music": "음악",
    "Mystery": "미스터리",
    "Romance": "멜로",
    "Science Fiction": "SF",
    "TV Movie": "TV 영화",
    "Thriller": "스릴러",
    "War": "전쟁",
    "Western": "서부극",
    "bright and lively": "밝고 신나는",
    "bright and quiet": "밝고 잔잔한",
    "dark and lively": "어둡고 거센",
    "dark and quiet": "쓸쓸하고 잔잔한",
}


_GENRE_FILMS: Final[dict[str, tuple[str, str]]] = {
    "Action": ("액션 영화", "action films"),
    "Adventure": ("모험 영화", "adventure films"),
    "Animation": ("애니메이션", "animated films"),
    "Comedy": ("코미디 영화", "comedies"),
    "Crime": ("범죄 영화", "crime films"),
    "Documentary": ("다큐멘터리", "documentaries"),
    "Drama": ("드라마", "dramas"),
    "Family": ("가족 영화", "family films"),
    "Fantasy": ("판타지 영화", "fantasy films"),
    "History": ("역사 영화", "historical films"),
    "Horror": ("공포 영화", "horror films"),
    "Music": ("음악 영화", "films about music"),
    "Mystery": ("미스터리 영화", "mysteries"),
    "Romance": ("멜로 영화", "romances"),
    "Science Fiction": ("SF 영화", "science fiction films"),
    "TV Movie": ("TV 영화", "TV movies"),
    "Thriller": ("스릴러 영화", "thrillers"),
    "War": ("전쟁 영화", "war films"),
    "Western": ("서부극", "westerns"),
}


def emotion_word(emotion: str, language: Language) -> str:
    """Return how an emotion is said in a diary ("sadness" → "슬픔"); a name without an entry is its own word."""
    words = _EMOTION_WORDS.get(emotion)
    return words[0 if language == "ko" else 1] if words else emotion


def label_word(label: str, language: Language) -> str:
    """Return how a label of any domain is said ("Romance" → "멜로", in English "romance")."""
    if language == "ko":
        return _LABEL_WORDS_KO.get(label, label)
    return "TV movie" if label == "TV Movie" else label.lower()


def items_with(label: str, language: Language) -> str:
    """Return how the items with a label are called together ("Horror" → "공포 영화", "horror films")."""
    words = _GENRE_FILMS.get(label)
    return words[0 if language == "ko" else 1] if words else label_word(label, language)
