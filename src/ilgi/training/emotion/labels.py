"""What the labels of each data set say about our columns: positive, negative, or nothing.

A data set with few labels only speaks about some columns. For those, a label's absence is a no; where a neighbouring
label makes the answer doubtful (KOTE's 증오/혐오 is hate, which is often but not always anger), the column is unknown;
every other column is unknown too. Nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ilgi.arrays import FloatVector
from ilgi.emotion.base import COLUMNS, MOOD_PREFIX
from ilgi.words import GOEMOTIONS, MOODS

_MOODS: Final = COLUMNS.columns(f"{MOOD_PREFIX}{mood}" for mood in MOODS)

Table = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LabelTable:
    """How the labels of one data set are read."""

    positive: Table
    """Label → the columns it makes 1. These columns are the ones on which absence means 0."""
    doubtful: Table = field(default_factory=dict)
    """Label → the columns it makes unknown, unless another label of the row makes them 1."""
    mood: Mapping[str, str] = field(default_factory=dict)
    """Label → the mood it speaks for; a row has a mood only where all its labels that speak agree."""
    no_mood: str = ""
    """The label that, alone, makes the four moods equal shares: a text without feeling leans to none."""

    def read(self, labels: Iterable[str]) -> FloatVector:
        """Return the (35,) targets of a row: 1, 0, or NaN where these labels say nothing."""
        row = np.full(len(COLUMNS), np.nan, dtype=np.float32)
        given = tuple(labels)
        row[COLUMNS.columns({c for columns in self.positive.values() for c in columns})] = 0.0
        row[COLUMNS.columns({c for label in given for c in self.doubtful.get(label, ())})] = np.nan
        row[COLUMNS.columns({c for label in given for c in self.positive.get(label, ())})] = 1.0
        moods = {self.mood[label] for label in given if label in self.mood}
        if len(moods) == 1:
            row[_MOODS] = 0.0
            row[COLUMNS.column(f"{MOOD_PREFIX}{moods.pop()}")] = 1.0
        elif given == (self.no_mood,):
            row[_MOODS] = 1.0 / len(MOODS)
        return row


def _same(names: str) -> Table:
    return {name: (name,) for name in names.split()}


GOEMOTIONS_MOOD: Final[Mapping[str, str]] = {
    "joy": "joy", "amusement": "joy", "excitement": "joy", "love": "joy", "gratitude": "joy", "pride": "joy",
    "relief": "joy", "optimism": "optimism", "anger": "anger", "annoyance": "anger", "disgust": "anger",
    "disapproval": "anger", "sadness": "sadness", "grief": "sadness", "disappointment": "sadness",
    "remorse": "sadness", "fear": "sadness", "nervousness": "sadness",
}  # fmt: skip
"""The prototype's moods have no place for fear; of the four, sadness is the one that misreads it least."""

TABLES: Final[Mapping[str, LabelTable]] = {
    "goemotions": LabelTable(positive={name: (name,) for name in GOEMOTIONS}, mood=GOEMOTIONS_MOOD, no_mood="neutral"),
    "tweeteval": LabelTable(positive={}, mood={mood: mood for mood in MOODS}),
    "isear": LabelTable(
        positive={**_same("joy fear anger sadness disgust"), "shame": ("embarrassment",), "guilt": ("remorse",)},
        # People tell the same events under either word.
        doubtful={"shame": ("remorse",), "guilt": ("embarrassment",)},
        mood={"joy": "joy", "anger": "anger", "sadness": "sadness", "guilt": "sadness", "fear": "sadness"},
    ),
    "carer": LabelTable(
        positive=_same("sadness joy love anger fear surprise"),
        # One label a row, drawn from hashtags: joy and love exclude each other there, not in life.
        doubtful={"joy": ("love",), "love": ("joy",)},
        mood={"joy": "joy", "love": "joy", "anger": "anger", "sadness": "sadness", "fear": "sadness"},
    ),
    "brighter": LabelTable(positive=_same("anger fear joy sadness surprise")),
    "xed": LabelTable(positive=_same("anger joy sadness surprise fear disgust")),
    "kote": LabelTable(
        positive={
            "감동/감탄": ("admiration",), "존경": ("admiration",), "화남/분노": ("anger",), "짜증": ("annoyance",),
            "지긋지긋": ("annoyance",), "당황/난처": ("confusion",), "신기함/관심": ("curiosity",),
            "안타까움/실망": ("disappointment",), "불평/불만": ("disapproval",), "한심함": ("disapproval",),
            "역겨움/징그러움": ("disgust",), "부끄러움": ("embarrassment",), "즐거움/신남": ("excitement", "joy"),
            "공포/무서움": ("fear",), "고마움": ("gratitude",), "기쁨": ("joy",), "행복": ("joy",),
            "아껴주는": ("caring",), "불안/걱정": ("nervousness",), "기대감": ("optimism",), "뿌듯함": ("pride",),
            "깨달음": ("realization",), "편안/쾌적": ("relief",), "죄책감": ("remorse",), "슬픔": ("sadness",),
            "서러움": ("sadness",), "절망": ("sadness", "grief"), "놀람": ("surprise",), "경악": ("surprise",),
            "없음": ("neutral",),
        },
        doubtful={
            "증오/혐오": ("anger", "disgust"), "불평/불만": ("annoyance", "anger"), "귀찮음": ("annoyance",),
            "환영/호의": ("admiration", "gratitude", "caring"), "당황/난처": ("embarrassment", "surprise"),
            "의심/불신": ("confusion", "disapproval", "nervousness"), "어이없음": ("surprise", "annoyance", "anger"),
            "기대감": ("excitement",), "불쌍함/연민": ("caring", "sadness", "grief"), "힘듦/지침": ("sadness",),
            "슬픔": ("grief",), "서러움": ("grief",), "패배/자기혐오": ("remorse", "sadness"),
            "안심/신뢰": ("relief", "optimism"), "흐뭇함(귀여움/예쁨)": ("joy", "caring", "pride"),
            "우쭐댐/무시함": ("pride", "disapproval"), "부담/안_내킴": ("nervousness", "embarrassment"),
            "재미없음": ("disappointment",), "경악": ("fear",), "비장함": ("optimism",),
            "감동/감탄": ("surprise",), "신기함/관심": ("surprise",),
        },
        mood={
            "기쁨": "joy", "행복": "joy", "즐거움/신남": "joy", "고마움": "joy", "뿌듯함": "joy",
            "흐뭇함(귀여움/예쁨)": "joy", "편안/쾌적": "joy", "기대감": "optimism", "화남/분노": "anger",
            "짜증": "anger", "증오/혐오": "anger", "불평/불만": "anger", "어이없음": "anger", "한심함": "anger",
            "슬픔": "sadness", "절망": "sadness", "서러움": "sadness", "힘듦/지침": "sadness", "죄책감": "sadness",
            "불쌍함/연민": "sadness", "패배/자기혐오": "sadness", "공포/무서움": "sadness",
        },
        no_mood="없음",
    ),
    # One label a sentence (see `diary_sentences`): its neighbours may hold too.
    "diary": LabelTable(
        positive={**{name: (name,) for name in GOEMOTIONS}, "grief": ("grief", "sadness")},
        doubtful={
            "joy": ("excitement", "love", "amusement", "pride", "relief", "gratitude"), "amusement": ("joy",),
            "love": ("joy", "caring", "admiration"), "gratitude": ("joy", "admiration", "relief"),
            "excitement": ("joy",), "optimism": ("joy",), "pride": ("joy", "admiration"), "relief": ("joy",),
            "caring": ("love", "optimism"), "admiration": ("joy", "love"), "desire": ("sadness",),
            "sadness": ("grief", "disappointment"), "disappointment": ("sadness", "annoyance"),
            "remorse": ("sadness",), "anger": ("annoyance",), "annoyance": ("anger", "disapproval"),
            "disapproval": ("annoyance",), "disgust": ("annoyance", "anger"), "fear": ("nervousness",),
            "nervousness": ("fear",), "surprise": ("excitement",),
        },
        mood=GOEMOTIONS_MOOD,
        no_mood="neutral",
    ),
    # Up to three labels an entry (see `diaries`), which carries its mood beside them.
    "entries": LabelTable(positive={name: (name,) for name in GOEMOTIONS}),
}  # fmt: skip
"""Data set → how its labels are read."""
