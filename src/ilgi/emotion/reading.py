"""From texts to readings: sentences, their scores, the whole, and what stands out in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector
from ilgi.emotion.aggregate import RULES, WHOLE, aggregate, sentence_weights
from ilgi.emotion.base import MOOD_PREFIX, VALENCE, EmotionModel
from ilgi.emotion.certainty import MOST_MOODS, of_one_mind, possible_moods
from ilgi.emotion.reference import Reference
from ilgi.emotion.sentences import split_sentences
from ilgi.emotion.spread import spread_columns, spread_of, with_spread
from ilgi.emotion.views import NEUTRAL, emotion_columns, emotions_of, mood_of, neutrality, valence_arousal_of
from ilgi.errors import InputError, UnknownName
from ilgi.language import Language, detect_language
from ilgi.steps import Reading, Sentence
from ilgi.vocabulary import Vocabulary, nearest

LEADING_LIMIT: Final = 3
"""No more leading emotions than this."""
LEADING_LIFT: Final = 0.5
"""A leading emotion's least normal score: about the upper third of ordinary diaries."""
LEADING_FLOOR: Final = 0.15
"""A leading emotion's least probability, in the sentence where it is strongest: in the whole even a plain emotion thins
out over many sentences, so the whole is no place to ask whether it is really there."""


_NOT_WITH_SADNESS: Final = frozenset({"admiration", "approval", "curiosity", "desire", "excitement", "optimism"})
_MOSTLY: Final = 0.5
"""From this share on, a mood outweighs the three others together."""


@dataclass(frozen=True, eq=False)
class TextScores:
    """What a model gave for one text."""

    sentences: tuple[Sentence, ...]
    """The s sentences, in text order; at least one."""
    scores: FloatMatrix
    """(s, A) in [0, 1]."""
    weights: FloatVector
    """(s,) not negative, sums to 1."""
    affect: FloatVector
    """(A,) in [0, 1], the whole."""


def score_wholes(model: EmotionModel, texts: Sequence[str], *, rule: str = RULES[0]) -> FloatMatrix:
    """Return only the wholes of `score_texts`, (n, A) in [0, 1]; by the rule "whole" no sentence is then read alone.

    Args:
        model: Scores.
        texts: Any texts.
        rule: How sentences add up, one of `ilgi.emotion.aggregate.RULES`.

    Raises:
        UnknownName: There is no such rule.
        InputError: `texts` is a single string.
    """
    if isinstance(texts, str):
        raise InputError("texts must be a sequence of strings: put the one text in a list")
    if rule == WHOLE:
        return model.predict_proba([text.strip() for text in texts])
    if not texts:
        return np.zeros((0, len(model.emotions)), dtype=np.float32)
    return np.stack([scores.affect for scores in score_texts(model, texts, rule=rule)])


def score_texts(model: EmotionModel, texts: Sequence[str], *, rule: str = RULES[0]) -> list[TextScores]:
    """Score texts sentence by sentence; the sentences of all of them go through the model together.

    Nothing is truncated: a long text is just more sentences. A text's scores don't depend on the other texts.

    Args:
        model: Scores each sentence.
        texts: Any texts.
        rule: How sentences add up, one of `ilgi.emotion.aggregate.RULES`.

    Raises:
        UnknownName: There is no such rule.
        InputError: `texts` is a single string.
    """
    if isinstance(texts, str):
        raise InputError("texts must be a sequence of strings: put the one text in a list")
    if rule not in RULES:
        raise UnknownName("aggregation rule", rule, RULES, nearest(rule, RULES))
    split = [split_sentences(text) for text in texts]
    scores = model.predict_proba([sentence.text for sentences in split for sentence in sentences])
    several = [text.strip() for text, sentences in zip(texts, split, strict=True) if len(sentences) > 1]
    wholes = iter(model.predict_proba(several) if rule == WHOLE else ())
    results = []
    start = 0
    for sentences in split:
        own = scores[start : start + len(sentences)]
        start += len(sentences)
        weights = sentence_weights(sentences, own, model.emotions, rule)
        whole = next(wholes) if rule == WHOLE and len(sentences) > 1 else aggregate(own, weights)
        results.append(TextScores(tuple(sentences), own, weights, whole))
    return results


def leading_emotions(columns: Vocabulary, scores: FloatVector, standard: FloatVector) -> tuple[str, ...]:
    """Return the emotions that stand out most, strongest first, at most `LEADING_LIMIT`; never neutral.

    An emotion stands out where its normal score is at least `LEADING_LIFT` and its probability at least
    `LEADING_FLOOR`. The highest normal score comes first, equal ones go by probability, then by column. Where there is
    no normal score (NaN), the probability takes its place and only the floor holds. What looks ahead or
    up (wanting, admiration and their like) isn't named where the mood is mostly sadness: a wish in such a text may be
    for an end, and would read as something bright.

    Args:
        columns: The A affect columns.
        scores: (A,) in [0, 1]: of one sentence, or for a whole text the highest of it and its sentences.
        standard: (A,) normal scores of the sentence or the whole; NaN where nothing is known to be ordinary.
    """
    unknown = np.isnan(standard)
    lift = np.where(unknown, scores, standard)
    found = [
        i
        for i in emotion_columns(columns)
        if columns[i] != NEUTRAL and scores[i] >= LEADING_FLOOR and (unknown[i] or lift[i] >= LEADING_LIFT)
    ]
    sad = MOOD_PREFIX + "sadness"
    if sad in columns and scores[columns.column(sad)] > _MOSTLY:
        found = [i for i in found if columns[i] not in _NOT_WITH_SADNESS]
    found.sort(key=lambda i: (-lift[i], -scores[i], i))
    return tuple(columns[i] for i in found[:LEADING_LIMIT])


class Reader:
    """Reads texts: a model, what is ordinary for a diary, and the rules that turn scores into a reading."""

    def __init__(
        self,
        model: EmotionModel,
        reference: Reference | None,
        *,
        rule: str = RULES[0],
        sure_below: float | None = None,
        mood_least: float | None = None,
        spread: bool = False,
    ) -> None:
        """Keep the parts.

        Args:
            model: Scores each sentence.
            reference: What is ordinary for diary text, over the columns of `inputs`; without one, readings have no
                normal scores (NaN).
            rule: How sentences add up, one of `ilgi.emotion.aggregate.RULES`.
            sure_below: A text is unsure where no sentence of it is less neutral than this (see `read`); in [0, 1].
                None: no text is unsure for that.
            mood_least: A text is unsure where more than two moods have at least this share, or none has; in [0, 1].
                None: no text is unsure for that.
            spread: Whether readings tell how far each column differs between the sentences, for label models to read.

        Raises:
            InputError: The reference has other columns than `inputs`, or a limit is out of range.
            UnknownName: There is no such rule.
        """
        inputs = with_spread(model.emotions) if spread else model.emotions
        if reference is not None and reference.columns != inputs:
            raise InputError("the reference has other columns than the emotion model: use those of one bundle")
        if rule not in RULES:
            raise UnknownName("aggregation rule", rule, RULES, nearest(rule, RULES))
        for name, limit in (("sure_below", sure_below), ("mood_least", mood_least)):
            if limit is not None and not 0.0 <= limit <= 1.0:
                raise InputError(f"{name} must lie between 0 and 1, not {limit:g}")
        self.model = model
        self.reference = reference
        self.rule = rule
        self.sure_below = sure_below
        self.mood_least = mood_least
        self.spread = spread
        self.inputs = inputs
        """All columns that label models may read: the A affect columns, with `spread` followed by theirs."""
        self._ordinary = self._ordinary_spread = reference
        if spread and reference is not None:
            self._ordinary = reference.only(model.emotions)
            self._ordinary_spread = reference.only(spread_columns(model.emotions))
        self._priors: dict[Language, Mapping[str, float]] = {}

    @property
    def columns(self) -> Vocabulary:
        """The A affect columns."""
        return self.model.emotions

    def read(self, text: str, language: Language | None = None) -> Reading:
        """Return the reading of one text; see `read_many`."""
        return self.read_many([text], None if language is None else [language])[0]

    def read_many(self, texts: Sequence[str], languages: Sequence[Language] | None = None) -> list[Reading]:
        """Return the readings of texts, in order.

        `sure` is False where the text has no letters; where `sure_below` is set and neither a sentence's nor the
        whole's neutrality (its "neutral" column; without one, 1 − its strongest emotion) lies below it; where
        `mood_least` is set and more than two moods reach it, or none; and, with a reference and a model that has a
        valence of its own, where mood, emotions and valence don't agree on whether the text is pleasant (`certainty`).

        `leading` follows `leading_emotions` with the normal scores of the whole and each emotion's highest probability
        in the whole or a sentence.

        Args:
            texts: Any texts, empty ones too.
            languages: One for each text; detected if None.

        Raises:
            InputError: `languages` has another length than `texts`, or `texts` is a single string.
        """
        if languages is not None and len(languages) != len(texts):
            raise InputError(f"each text needs one language: {len(texts)} texts, {len(languages)} languages")
        results = score_texts(self.model, texts, rule=self.rule)
        known = languages if languages is not None else [detect_language(text) for text in texts]
        return [self._reading(*parts) for parts in zip(texts, known, results, strict=True)]

    def of_whole(self, text: str, language: Language, affect: FloatVector) -> Reading:
        """Return the reading of a text whose whole was scored before, as if it were one sentence.

        Args:
            text: Any text.
            language: The language that it is written in.
            affect: (A,) in [0, 1] as the reader's model and rule gave it; with `spread`, (2A,) and followed by the
                spread of each column over the sentences.

        Raises:
            InputError: `affect` has another length.
        """
        if affect.shape != (len(self.inputs),):
            raise InputError(f"a whole has one score for each of {len(self.inputs)} columns, not {affect.shape}")
        own, spread = affect[: len(self.columns)], affect[len(self.columns) :]
        whole = Sentence(text.strip(), 0, len(text))
        result = TextScores((whole,), own[None], np.ones(1, np.float32), own)
        return self._reading(text, language, result, spread if self.spread else None)

    def standardise(self, affect: FloatMatrix, language: Language) -> FloatMatrix:
        """Return normal scores of the same shape against the reference; NaN throughout without one.

        Args:
            affect: (n, A) in [0, 1].
            language: The language that the texts are written in.
        """
        if self._ordinary is None:
            return np.full_like(affect, np.nan)
        return self._ordinary.standardise(affect, language)

    def standardise_spread(self, spread: FloatMatrix, language: Language) -> FloatMatrix:
        """Return normal scores of spreads, of the same shape; NaN throughout without a reference.

        Args:
            spread: (n, A) in [0, 0.5], as `ilgi.emotion.spread.spread_of` gives them.
            language: The language that the texts are written in.
        """
        if self._ordinary_spread is None:
            return np.full_like(spread, np.nan)
        return self._ordinary_spread.standardise(spread, language)

    def _reading(self, text: str, language: Language, result: TextScores, spread: FloatVector | None = None) -> Reading:
        """Return the reading of a text; `spread` is (A,) where its sentences can't tell it, as of a whole."""
        if self.spread:
            told = spread_of(result.scores, result.weights) if spread is None else spread
            spread = self.standardise_spread(told[None, :], language)[0]
        standard = self.standardise(result.affect[None, :], language)[0]
        valence, arousal = valence_arousal_of(self.columns, result.affect)
        mood = mood_of(self.columns, result.affect)
        leading = leading_emotions(self.columns, np.maximum(result.scores.max(axis=0), result.affect), standard)
        sure = self._tells(text, result) and self._is_clear(mood, leading, valence, language)
        return Reading(
            language=language,
            sentences=result.sentences,
            columns=self.columns,
            scores=result.scores,
            weights=result.weights,
            affect=result.affect,
            standard=standard,
            mood=MappingProxyType(mood),
            emotions=MappingProxyType(emotions_of(self.columns, result.affect)),
            valence=valence,
            arousal=arousal,
            sure=sure,
            leading=leading,
            emotions_prior=self._priors.get(language) or self._prior(language),
            spread=np.zeros(0, dtype=np.float32) if spread is None else spread,
        )

    def _prior(self, language: Language) -> Mapping[str, float]:
        """Return emotion → its mean over ordinary diaries, kept once made; empty without a reference."""
        if self.reference is None:
            return MappingProxyType({})
        prior = MappingProxyType(emotions_of(self.columns, self.reference.mean(language)))
        self._priors[language] = prior
        return prior

    def _tells(self, text: str, result: TextScores) -> bool:
        """Tell whether there is a feeling in the text, or in one of its sentences."""
        if not any(map(str.isalpha, text)):
            return False
        rows = np.concatenate([result.scores, result.affect[None]])
        return self.sure_below is None or bool((neutrality(self.columns, rows) < self.sure_below).any())

    def _is_clear(self, mood: Mapping[str, float], leading: Sequence[str], valence: float, language: Language) -> bool:
        """Tell whether the moods are few, and whether all that was read points to one side."""
        if self.mood_least is not None and not 1 <= len(possible_moods(mood, self.mood_least)) <= MOST_MOODS:
            return False
        if self.reference is None or VALENCE not in self.columns:
            return True
        return of_one_mind(mood, leading, valence, float(self.reference.sd(language)[self.columns.column(VALENCE)]))
