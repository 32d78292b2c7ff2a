"""The data objects of the one path through the house, one per step, all frozen.

    text ─▶ Reading ─▶ Query ─▶ Ranking        and back:  Feedback ─▶ Taste

Letters: s sentences, A affect columns (the emotion model's output columns), L labels of a domain. Arrays are float32
and must not be changed by whoever receives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.families import FAMILIES
from ilgi.language import Language
from ilgi.vocabulary import Vocabulary


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text."""

    text: str
    """As it stands in the text, without the white space around it."""
    start: int
    """Offset of its first code point in the text."""
    end: int
    """Offset behind its last code point."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read in one text: its sentences, their scores, and the whole."""

    language: Language
    """The language that the text is written in."""
    sentences: tuple[Sentence, ...]
    """In text order; at least one."""
    columns: Vocabulary
    """The A affect columns: the emotion model's output columns, in order."""
    scores: FloatMatrix
    """(s, A) in [0, 1]: each sentence's scores as the model gave them."""
    weights: FloatVector
    """(s,) each sentence's share in the whole; not negative, sums to 1."""
    affect: FloatVector
    """(A,) in [0, 1]: the whole, by the rule of aggregation that the bundle names."""
    standard: FloatVector
    """(A,) `affect` in normal scores against the fixed reference of diary text in this language: 0 is an ordinary
    diary, 1 is one standard deviation above it."""
    mood: Mapping[str, float]
    """The prototype's four (joy, optimism, anger, sadness) as shares that sum to 1."""
    emotions: Mapping[str, float]
    """Emotion name → probability in [0, 1]; several may hold at once."""
    valence: float
    """0 unpleasant … 1 pleasant."""
    arousal: float
    """0 quiet … 1 stirred up."""
    sure: bool
    """False where the text does not tell enough about a feeling to answer with confidence."""
    leading: tuple[str, ...] = ()
    """The emotions that stand out most against an ordinary diary, strongest first; empty where none does."""
    emotions_prior: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Emotion name → its mean probability over ordinary diaries, in this language where the bundle knows it; empty
    without a reference. To compare emotions with each other, divide by it."""
    spread: FloatVector = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """(A,) how far each column differs between the sentences, in normal scores against the same reference; empty, (0,),
    where the bundle's label model doesn't read it."""


@dataclass(frozen=True, eq=False)
class Query:
    """What a reading calls for in one domain."""

    reading: Reading
    labels: Vocabulary
    """The L labels of the domain (genres of films)."""
    probabilities: FloatVector
    """(L,) in [0, 1]: how likely each label is, given the reading. They need not sum to 1."""
    base_rates: FloatVector
    """(L,) in (0, 1): how likely each label is for an item of the training data whatever the reading."""
    goal: str = "mirror"
    """Where the person wants to go from here; "mirror" matches the feeling as it is."""
    families: FloatVector = field(default_factory=lambda: np.zeros(len(FAMILIES), dtype=np.float32))
    """(10,) shares of `ilgi.families.FAMILIES` in the reading, summing to 1; zeros where nothing tells them."""
    families_prior: FloatVector = field(default_factory=lambda: np.zeros(len(FAMILIES), dtype=np.float32))
    """(10,) their shares in an ordinary diary."""


@dataclass(frozen=True)
class Evidence:
    """What proves one reason."""

    sentence: str
    """The sentence of the diary that weighed most for this item; it is never stored or logged."""
    emotion: str
    """The emotion that stands out in this sentence (a name of the emotion vocabulary); "neutral" where none does."""
    trait: str
    """The trait of the item that answers it (a label, later an axis)."""
    basis: str
    """Where the trait is known from: "genres" (the catalogue's labels), later also reviews, tags, or predicted."""


@dataclass(frozen=True)
class RankedItem:
    """One item of a ranking."""

    rank: int
    """1 for the best."""
    id: str
    """The item's id in its catalogue."""
    row: int
    """The item's row in that catalogue."""
    score: float
    """Higher is better; comparable within one ranking only."""
    goal: str
    """The goal that this item serves."""
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Named parts of the score, where a ranker has several."""
    reasons: tuple[str, ...] = ()
    """Sentences in the reader's language, most important first."""
    evidence: tuple[Evidence, ...] = ()
    """One for each reason that rests on the text."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The answer: items, best first, and what was asked."""

    query: Query
    items: tuple[RankedItem, ...]
    close: bool = True
    """False where the text tells of hardly any feeling, so that no item fits it better than others do."""


@dataclass(frozen=True)
class Feedback:
    """One reaction to one item."""

    item: str
    """Id of the item."""
    kind: str
    """What was said: "like", "dislike", …"""


@dataclass(frozen=True, eq=False)
class Taste:
    """What a person's reactions have taught so far; empty until then."""

    seen: frozenset[str] = frozenset()
    """Ids of items not to recommend again."""
