"""Training learns what the rows say, nothing of what they leave open, and gives the same bytes again."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from ilgi.emotion.base import COLUMNS, EmotionModel
from ilgi.emotion.features import hash_words
from ilgi.errors import TrainingError
from ilgi.testing import EmotionModelContract
from ilgi.training.emotion.data import EmotionData, label_sentences
from ilgi.training.linear.design import tokens_of
from ilgi.training.linear.fit import LinearConfig, choose_features, fit_few, quantise, train_linear

ROWS: tuple[tuple[str, Sequence[str]], ...] = (
    ("I am happy and we laughed", ["joy"]), ("what a happy day", ["joy"]), ("happy at last", ["joy"]),
    ("I cried, so sad", ["sadness"]), ("a sad day", ["sadness"]), ("sad and alone", ["sadness"]),
    ("정말 기뻤다", ["joy"]), ("기쁜 날이다", ["joy"]), ("너무 슬펐다", ["sadness"]), ("슬픈 날이다", ["sadness"]),
    ("I had soup", ["neutral"]), ("밥을 먹었다", ["neutral"]), ("the bus came", ["neutral"]),
    ("버스를 탔다", ["neutral"]),
)  # fmt: skip
SMALL = LinearConfig(features=3000, least=1, iterations=20)


class TestContract(EmotionModelContract):
    def make(self) -> EmotionModel:
        return fit_few(ROWS)


def of(model: EmotionModel, text: str, column: str) -> float:
    return float(model.predict_proba([text])[0, model.emotions.column(column)])


@pytest.mark.parametrize(("text", "emotion"), [("so happy", "joy"), ("how sad", "sadness"), ("슬픈 버스", "sadness")])
def test_a_handful_of_sentences_teaches(text: str, emotion: str) -> None:
    model = fit_few(ROWS)
    told = {name: of(model, text, name) for name in ("joy", "sadness", "neutral")}
    assert max(told, key=told.__getitem__) == emotion
    assert of(model, "so happy", "mood_joy") > 0.5 > of(model, "how sad", "mood_joy")


def with_dimensions(data: EmotionData) -> EmotionData:
    targets = data.targets.copy()
    rated = np.arange(0, len(targets), 2)
    for column, high in (("valence", 0.8), ("arousal", 0.6), ("dominance", 0.55)):
        targets[rated, COLUMNS.column(column)] = np.where(targets[rated, COLUMNS.column("joy")] == 1, high, 0.3)
    return replace(data, targets=targets)


def test_dimensions_are_learned_and_distilled_onto_translations() -> None:
    data = with_dimensions(label_sentences(ROWS * 2))
    original = data.original.copy()
    original[6], original[8] = 1, 3  # 정말 기뻤다 ← what a happy day, 너무 슬펐다 ← I cried, so sad
    targets = data.targets.copy()
    targets[[6, 8]] = np.where(np.arange(35) >= 32, np.nan, targets[[6, 8]])
    plain, _ = train_linear(SMALL, replace(data, targets=targets), rng=np.random.default_rng(0))
    taught, _ = train_linear(SMALL, replace(data, targets=targets, original=original), rng=np.random.default_rng(0))
    assert of(taught, "so happy", "valence") > of(taught, "how sad", "valence") + 0.1

    def gap(model: EmotionModel) -> float:
        return of(model, "정말 기뻤다", "valence") - of(model, "너무 슬펐다", "valence")

    assert gap(taught) > gap(plain)


def test_columns_nobody_knows_stay_flat() -> None:
    model = fit_few(ROWS)
    scores = model.predict_proba([text for text, _ in ROWS])
    for name in ("valence", "arousal", "dominance"):
        assert (scores[:, COLUMNS.column(name)] == 0.5).all()
    assert scores[:, COLUMNS.column("remorse")].max() < 0.1


def test_unknown_targets_are_left_out_not_taken_for_no() -> None:
    data = label_sentences(ROWS)
    masked = data.targets.copy()
    joyful = masked[:, COLUMNS.column("joy")] == 1
    # Of the rows without joy, half say nothing about it; were they noes, the rate of joy would be lower.
    silent = np.flatnonzero(~joyful)[::2]
    masked[silent, COLUMNS.column("joy")] = np.nan
    told, _ = train_linear(SMALL, data, rng=np.random.default_rng(0))
    open_, _ = train_linear(SMALL, replace(data, targets=masked), rng=np.random.default_rng(0))
    assert of(open_, "", "joy") > of(told, "", "joy")


def test_probabilities_keep_the_base_rate() -> None:
    data = label_sentences(ROWS)
    model, _ = train_linear(SMALL, data, rng=np.random.default_rng(0))
    mean = model.predict_proba(data.texts)[:, COLUMNS.column("joy")].mean()
    assert mean == pytest.approx(data.targets[:, COLUMNS.column("joy")].mean(), abs=0.03)


def test_same_seed_same_bytes() -> None:
    one, _ = train_linear(SMALL, label_sentences(ROWS), rng=np.random.default_rng(4))
    two, _ = train_linear(SMALL, label_sentences(ROWS), rng=np.random.default_rng(4))
    assert one.fingerprint() == two.fingerprint()


def test_progress_goes_from_nothing_to_all_and_metrics_are_json() -> None:
    shares: list[float] = []
    _, metrics = train_linear(
        SMALL, label_sentences(ROWS), rng=np.random.default_rng(0), on_progress=lambda _, share: shares.append(share)
    )
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert json.loads(json.dumps(metrics))["rows"] == {"train": len(ROWS), "validation": 0}


def test_features_that_tell_are_chosen() -> None:
    data = label_sentences(ROWS * 3)
    keys = choose_features(tokens_of(data.texts), data.targets, np.zeros(len(data), np.int64), features=40, least=1)
    assert len(keys) == 40
    assert (keys[1:] > keys[:-1]).all()
    chosen = set(keys.tolist())
    assert int(hash_words(["happy"])[0][0]) in chosen
    assert int(hash_words(["sad"])[0][0]) in chosen
    assert int(hash_words(["day"])[0][0]) not in chosen


def test_int8_weights_are_within_half_a_step() -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(35, 50))
    weights[3] = 0.0
    model = quantise(np.arange(50, dtype=np.uint32), weights, np.zeros(35))
    error = np.abs(model.weights.T * model.scale[:, None].astype(float) - weights)
    assert (error <= model.scale[:, None] * 0.5001).all()
    assert np.abs(model.weights.T).max(axis=1).tolist() == [127, 127, 127, 0] + [127] * 31


def test_nothing_to_learn_from() -> None:
    empty = label_sentences([])
    with pytest.raises(TrainingError, match="no training texts"):
        train_linear(SMALL, empty, rng=np.random.default_rng(0))
    with pytest.raises(TrainingError, match="no feature"):
        fit_few([("a b c", ["joy"]), ("d e f", ["joy"])])


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(ValidationError):
        LinearConfig.model_validate({"l3": 1})
