"""The linear model: exact sums, the contract of every emotion model, and sense on diary sentences."""

import threading

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.emotion import linear
from ilgi.emotion.base import COLUMNS, EmotionModel, emotion_models
from ilgi.emotion.features import Words, hash_words
from ilgi.emotion.linear import LinearEmotionModel
from ilgi.errors import BundleDamaged, InputError
from ilgi.testing import SENTENCES, EmotionModelContract
from ilgi.vocabulary import Vocabulary

TEXTS = (
    "We laughed and walked home.", "나는 오늘 정말 기뻤다!", "not a good day ㅠㅠ", "",
    "It rained, and I was not sad at all.",
)  # fmt: skip


def random_model(columns: Vocabulary = COLUMNS, seed: int = 3) -> LinearEmotionModel:
    """Random weights for every feature of the texts here, so that nothing is zero by chance."""
    words = Words()
    pairs = words.stream([*TEXTS, *SENTENCES]).pairs
    keys = np.unique(np.concatenate([hash_words(words.tokens)[0], pairs]))
    rng = np.random.default_rng(seed)
    return LinearEmotionModel(
        columns,
        keys,
        rng.integers(-127, 128, (len(keys), len(columns)), dtype=np.int8),
        rng.uniform(0.001, 0.01, len(columns)).astype(np.float32),
        rng.normal(0, 0.5, len(columns)).astype(np.float32),
    )


class TestContract(EmotionModelContract):
    def make(self) -> EmotionModel:
        return random_model()


class TestContractOfAnyColumns(EmotionModelContract):
    def make(self) -> EmotionModel:
        return random_model(Vocabulary(("joy", "sadness"), kind="emotion"))


def by_hand(model: LinearEmotionModel, text: str) -> np.ndarray:
    """The formula of the module docstring, feature by feature in Python."""
    words = Words()
    stream = words.stream([text])
    weight = {int(k): row.astype(float) for k, row in zip(model.keys, model.weights, strict=True)}
    names = [h for i in stream.words.tolist() for h in hash_words([words.tokens[i]])[0].tolist()]
    names += stream.pairs.tolist()
    zero = np.zeros(len(model.emotions))
    total = sum((weight.get(name, zero) for name in names), zero)
    score = total * model.scale / np.sqrt(max(len(names), 1)) + model.bias
    result = 1 / (1 + np.exp(-score))
    moods = [j for j, name in enumerate(model.emotions) if name.startswith("mood_")]
    result[moods] = np.exp(score[moods]) / np.exp(score[moods]).sum()
    for j, name in enumerate(model.emotions):
        if name in ("valence", "arousal", "dominance"):
            result[j] = min(max(score[j], 0.0), 1.0)
    return result


@pytest.mark.parametrize("text", TEXTS)
def test_scores_are_the_formula(text: str) -> None:
    model = random_model()
    np.testing.assert_allclose(model.predict_proba([text])[0], by_hand(model, text), atol=2e-6)


def test_features_without_weights_only_dilute() -> None:
    words = Words()
    words.stream(["happy"])
    key = hash_words(["happy"])[0][:1]
    model = LinearEmotionModel(
        Vocabulary(("joy",)), key, np.array([[100]], np.int8), np.ones(1, np.float32) / 10, np.zeros(1, np.float32)
    )
    features = len(hash_words(["happy"])[0]) + 1
    assert model.predict_proba(["happy"])[0, 0] == pytest.approx(1 / (1 + np.exp(-10 / np.sqrt(features))), abs=1e-6)
    assert model.predict_proba(["x"])[0, 0] == 0.5


def test_moods_are_shares_and_emotions_are_not() -> None:
    scores = random_model().predict_proba(TEXTS)
    np.testing.assert_allclose(scores[:, 28:32].sum(axis=1), 1.0, atol=1e-6)
    assert not np.allclose(scores[:, :28].sum(axis=1), 1.0, atol=0.1)


def test_bytes_do_not_depend_on_the_batch_or_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model()
    texts = [f"{TEXTS[i % 5]} {TEXTS[(i * 3) % 4]}" for i in range(97)]
    whole = model.predict_proba(texts)
    for size in (1, 2, 3, 7, 8, 31):
        parts = np.concatenate([model.predict_proba(texts[i : i + size]) for i in range(0, 97, size)])
        assert parts.tobytes() == whole.tobytes()
    monkeypatch.setattr(linear, "_BLOCK", 5)
    assert model.predict_proba(texts).tobytes() == whole.tobytes()
    monkeypatch.setattr(linear, "_KNOWN_WORDS", 3)
    monkeypatch.setattr(linear, "_LESSON", 2)
    fresh = random_model()
    for _ in range(2):
        assert np.concatenate([fresh.predict_proba([t]) for t in texts]).tobytes() == whole.tobytes()


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "_KNOWN_WORDS", 50)
    model = random_model()
    for i in range(40):
        model.predict_proba([f"word{i}a word{i}b word{i}c"])
        assert len(model._words) <= 50 + 3


def test_threads_share_a_model() -> None:
    model = random_model()
    texts = [f"{TEXTS[i % 5]} and number {i}" for i in range(200)]
    expected = random_model().predict_proba(texts)
    wrong: list[int] = []

    def read(start: int) -> None:
        for i in range(start, 200, 4):
            if model.predict_proba([texts[i]]).tobytes() != expected[i : i + 1].tobytes():
                wrong.append(i)

    threads = [threading.Thread(target=read, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_long_text_is_read_whole() -> None:
    model = random_model()
    filler = "it rained and we walked home " * 4000
    assert (model.predict_proba([filler])[0] != model.predict_proba([filler + " 기뻤다" * 500])[0]).any()


def test_a_fingerprint_knows_the_weights() -> None:
    assert random_model(seed=1).fingerprint() != random_model(seed=2).fingerprint()


def test_is_registered() -> None:
    assert emotion_models.get("linear") is LinearEmotionModel


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    keys, column = np.array([1, 2], np.uint32), Vocabulary(("joy",))
    one = np.ones(1, np.float32)
    with pytest.raises(InputError, match="int8 weights"):
        LinearEmotionModel(column, keys, np.zeros((3, 1), np.int8), one, one)
    with pytest.raises(InputError, match="increasing"):
        LinearEmotionModel(column, keys[::-1], np.zeros((2, 1), np.int8), one, one)
    with pytest.raises(InputError, match="finite"):
        LinearEmotionModel(column, keys, np.zeros((2, 1), np.int8), one * np.nan, one)


@pytest.mark.parametrize(
    "change",
    [
        {"columns": "joy"},
        {"columns": ["joy"]},
        {"columns": [1, 2]},
        {"features": 0},
    ],
)
def test_a_state_of_something_else_is_refused(change: dict[str, object]) -> None:
    state = random_model().state()
    with pytest.raises(BundleDamaged):
        LinearEmotionModel.from_state(State({**state.config, **change}, state.arrays))


def test_a_damaged_array_is_refused() -> None:
    state = random_model().state()
    with pytest.raises(BundleDamaged):
        LinearEmotionModel.from_state(State(state.config, {**state.arrays, "keys": state.arrays["keys"][::-1].copy()}))
