"""Golden answers are what the recommender says, in both languages."""

from typing import Any

import numpy as np
import pytest

from ilgi.emotion.reading import Reader
from ilgi.emotion.reference import Reference
from ilgi.label.mlp import MlpConfig, MlpLabels
from ilgi.language import detect_language
from ilgi.ranking.cosine import CosineRanker
from ilgi.recommender import Recommender
from ilgi.testing import small_catalog
from ilgi.training.golden import TEXTS, TOLERANCE, difference, golden_answers


def test_the_texts_are_of_both_languages() -> None:
    assert len(set(TEXTS)) == len(TEXTS)
    assert {detect_language(text) for text in TEXTS} == {"ko", "en"}


def test_answers_are_those_of_the_recommender(tiny_scorer: Any) -> None:
    model = tiny_scorer.model
    affect = np.random.default_rng(0).random((200, len(model.emotions))).astype(np.float32)
    reference = Reference.fit(model.emotions, {"en": affect, "ko": affect})
    catalog = small_catalog()
    labels = MlpLabels(model.emotions, catalog.labels, MlpConfig(layers=(), max_epochs=2))
    labels.fit(
        reference.standardise(affect, "en"), (affect[:, :3] > 0.5).astype(np.float32), rng=np.random.default_rng(0)
    )
    recommender = Recommender(Reader(model, reference), labels, CosineRanker(), catalog)
    answers = golden_answers(recommender)
    assert answers == golden_answers(recommender)
    assert [answer["text"] for answer in answers] == list(TEXTS)
    for answer in answers:
        ranking = recommender.recommend(answer["text"], n=3)
        assert answer["items"] == [item.id for item in ranking.items]
        assert answer["labels"] == pytest.approx(
            dict(zip(catalog.labels, ranking.query.probabilities.tolist(), strict=True)), abs=1e-6
        )
        assert sum(answer["mood"].values()) == pytest.approx(1, abs=1e-5)


def test_difference() -> None:
    assert (
        difference({"a": 0.5, "b": {"c": [1, 2]}}, {"a": 0.5 + TOLERANCE * 0.9, "b": {"c": [1, 2], "more": 1}}) is None
    )
    assert difference({"a": 0.5}, {"a": 0.5 + TOLERANCE * 1.1}) is not None
    assert difference({"b": {"c": [1]}}, {"b": {"c": [2]}}) == "b.c is [2], recorded was [1]"
    assert difference({"a": 1.0}, {"a": "1.0"}) is not None
    assert difference({"a": 1.0}, {"a": float("nan")}) is not None
