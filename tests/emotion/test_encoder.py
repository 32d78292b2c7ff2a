import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.arrays import sigmoid
from ilgi.bundle import State, save_bundle
from ilgi.emotion.base import EmotionModel, emotion_models
from ilgi.emotion.encoder import EncoderEmotionModel, EncoderHeads, Network
from ilgi.emotion.load import emotion_from_state, load_emotion_model
from ilgi.errors import BundleDamaged
from ilgi.language import Language
from ilgi.testing import SENTENCES, EmotionModelContract

onnx = pytest.importorskip("onnx", reason="needs the extra 'train'")

WORDS = {"[UNK]": 0, "rain": 1, "sun": 2, "비": 3, "해": 4}
EXTRA = ("서러움", "뿌듯함")
WIDTH = 28 + 4 + len(EXTRA) + 3
SEEDS: dict[Language, int] = {"ko": 0, "en": 1}


def table(seed: int, width: int = WIDTH) -> np.ndarray:
    """Return the drawn row of scores of each word."""
    return np.random.default_rng(seed).standard_normal((len(WORDS), width)).astype(np.float32)


def network(seed: int, width: int = WIDTH, *, ids: str = "input_ids") -> Network:
    """Return a network that gives the mean of its words' rows of a drawn table."""
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, pre_tokenizers

    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", ids], ["rows"]),
            helper.make_node("ReduceMean", ["rows"], ["scores"], axes=[1], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info(ids, TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, width])],
        [numpy_helper.from_array(table(seed, width), "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return Network(model.SerializeToString(), tokenizer.to_str().encode())


def build(*languages: Language) -> EncoderEmotionModel:
    chosen = languages or ("ko", "en")
    padding: dict[Language, int] = dict.fromkeys(chosen, 0)
    return EncoderEmotionModel(
        {language: network(SEEDS[language]) for language in chosen}, EncoderHeads(extra=EXTRA, padding=padding)
    )


def by_hand(seed: int, *words: str) -> np.ndarray:
    """The 35 columns of a text of these words."""
    scores = table(seed)[[WORDS[w] for w in words]].mean(axis=0)
    raised = np.exp(scores[28:32])
    return np.concatenate([sigmoid(scores[:28]), raised / raised.sum(), np.clip(scores[-3:], 0, 1)])


@pytest.fixture
def model() -> EncoderEmotionModel:
    return build()


class TestContract(EmotionModelContract):
    def make(self) -> EmotionModel:
        return build()


def test_it_is_registered() -> None:
    assert emotion_models.get("encoder") is EncoderEmotionModel


def test_it_comes_back_as_it_was(model: EncoderEmotionModel) -> None:
    again = emotion_from_state("encoder", model.state())
    assert again.fingerprint() == model.fingerprint()
    np.testing.assert_array_equal(again.predict_proba(["rain", "비"]), model.predict_proba(["rain", "비"]))


def test_it_comes_back_from_a_bundle_with_the_same_fingerprint(model: EncoderEmotionModel, tmp_path: Path) -> None:
    # A manifest sorts the keys of its JSON, which must not make another model of it.
    save_bundle(tmp_path / "bundle", {"emotion": ("encoder", model.state())}, name="test", version="0")
    again = load_emotion_model(str(tmp_path / "bundle"))
    assert isinstance(again, EncoderEmotionModel)
    assert again.fingerprint() == model.fingerprint()
    np.testing.assert_array_equal(again.predict_proba(SENTENCES), model.predict_proba(SENTENCES))


def test_the_order_of_the_languages_does_not_matter(model: EncoderEmotionModel) -> None:
    assert build("en", "ko").fingerprint() == model.fingerprint()


def test_fingerprint_knows_the_files_and_the_heads(model: EncoderEmotionModel) -> None:
    networks = {"ko": network(0), "en": network(1)}
    others = [
        EncoderEmotionModel({**networks, "en": network(2)}, model.heads),
        EncoderEmotionModel(
            {**networks, "en": dataclasses.replace(networks["en"], tokenizer=networks["en"].tokenizer + b" ")},
            model.heads,
        ),
        EncoderEmotionModel(networks, model.heads.model_copy(update={"padding": {"ko": 0, "en": 1}})),
        EncoderEmotionModel(networks, model.heads.model_copy(update={"extra": EXTRA[::-1]})),
        build("ko"),
    ]
    assert len({m.fingerprint() for m in (model, *others)}) == 6


def test_columns_are_what_they_say(model: EncoderEmotionModel) -> None:
    p = model.predict_proba(["rain sun", "비 해", ""])
    assert p.shape == (3, 35)
    np.testing.assert_allclose(p[:, 28:32].sum(axis=1), 1.0, atol=1e-6)
    assert [n for n in model.emotions if n.startswith("mood_")] == list(model.emotions.names[28:32])
    assert model.emotions.names[32:] == ("valence", "arousal", "dominance")


def test_extra_labels_stand_apart(model: EncoderEmotionModel) -> None:
    assert not set(EXTRA) & set(model.emotions)
    expected = [sigmoid(table(seed)[WORDS[word], 32:34]) for seed, word in ((0, "비"), (1, "sun"))]
    np.testing.assert_allclose(model.extra_proba(["비", "sun"]), expected, atol=1e-6)
    assert model.extra_proba([]).shape == (0, 2)
    np.testing.assert_array_equal(model.extra_proba(["\ud83d 비"]), model.extra_proba(["\ufffd 비"]))


def test_without_extra_labels() -> None:
    plain = EncoderEmotionModel({"en": network(1, 35)}, EncoderHeads(padding={"en": 0}))
    assert plain.predict_proba(["rain"]).shape == (1, 35)
    assert plain.extra_proba(["rain"]).shape == (1, 0)


def test_a_text_goes_to_the_network_of_its_language(model: EncoderEmotionModel) -> None:
    p = model.predict_proba(["비 해 비", "rain sun", "비 해 비 sun"])
    np.testing.assert_allclose(p[0], by_hand(0, "비", "해", "비"), atol=1e-6)
    np.testing.assert_allclose(p[1], by_hand(1, "rain", "sun"), atol=1e-6)
    np.testing.assert_allclose(p[2], by_hand(0, "비", "해", "비", "sun"), atol=1e-6)


def test_a_text_of_a_language_without_a_network_goes_to_the_other() -> None:
    np.testing.assert_allclose(build("ko").predict_proba(["rain sun"])[0], by_hand(0, "rain", "sun"), atol=1e-6)
    np.testing.assert_allclose(build("en").predict_proba(["비 해"])[0], by_hand(1, "비", "해"), atol=1e-6)


def test_only_the_network_that_is_needed_is_opened(model: EncoderEmotionModel, monkeypatch: pytest.MonkeyPatch) -> None:
    from ilgi.emotion import encoder

    opened = []
    really = encoder.open_session

    def watched(content: bytes) -> Any:
        opened.append(content)
        return really(content)

    monkeypatch.setattr(encoder, "open_session", watched)
    assert opened == []
    model.predict_proba(["비 해 비", "해"])
    model.predict_proba(["비"])
    assert opened == [network(0).model]
    model.predict_proba(["rain sun rain"])
    assert opened == [network(0).model, network(1).model]


def test_neighbours_change_nothing(model: EncoderEmotionModel) -> None:
    texts = ["rain", "비 해", "sun rain sun", "", "해", "비 " * 600]
    together = model.predict_proba(texts)
    for i, text in enumerate(texts):
        np.testing.assert_array_equal(model.predict_proba([text])[0], together[i])


def test_an_empty_text_is_read_as_padding(model: EncoderEmotionModel) -> None:
    np.testing.assert_allclose(model.predict_proba([""])[0], by_hand(1, "[UNK]"), atol=1e-6)


def test_a_text_longer_than_a_window_is_read_to_its_end(model: EncoderEmotionModel) -> None:
    long, uneven = model.predict_proba(["rain " * 256 + "sun " * 256, "rain " * 256 + "sun " * 64])
    rain, sun = model.predict_proba(["rain", "sun"])
    np.testing.assert_allclose(long, (rain + sun) / 2, atol=1e-5)
    np.testing.assert_allclose(uneven, (4 * rain + sun) / 5, atol=1e-5)
    np.testing.assert_allclose(uneven[28:32].sum(), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"extra": []},
        {"extra": [], "padding": {}},
        {"extra": [], "padding": {"fr": 1}},
        {"extra": [], "padding": {"ko": -1, "en": 0}},
        {"extra": "joy", "padding": {"ko": 0, "en": 0}},
        {"extra": [], "padding": {"ko": 0, "en": 0}, "code": "print()"},
    ],
)
def test_a_wrong_config_is_refused(model: EncoderEmotionModel, config: dict[str, object]) -> None:
    with pytest.raises(BundleDamaged, match="does not describe an encoder"):
        EncoderEmotionModel.from_state(State(config, files=model.state().files))


@pytest.mark.parametrize("name", ["model-ko.onnx", "tokenizer-ko.json", "model-en.onnx", "tokenizer-en.json"])
def test_a_missing_file_is_named(model: EncoderEmotionModel, name: str) -> None:
    files = {k: v for k, v in model.state().files.items() if k != name}
    with pytest.raises(BundleDamaged, match=name):
        EncoderEmotionModel.from_state(State(model.state().config, files=files))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model-ko.onnx", network(0, WIDTH - 1).model, "other inputs or columns"),
        ("model-ko.onnx", network(0, ids="pixels").model, "other inputs or columns"),
        ("model-ko.onnx", b"not a model", "ONNX Runtime"),
        ("model-ko.onnx", b"", "ONNX Runtime"),
        ("model-ko.onnx", b"\x12\x0a\x08location", "another file"),
        ("tokenizer-ko.json", b"{}", "not a tokenizer"),
    ],
)
def test_a_damaged_network_is_refused_when_it_is_opened(
    model: EncoderEmotionModel, name: str, content: bytes, message: str
) -> None:
    files = {**model.state().files, name: content}
    wrong = EncoderEmotionModel.from_state(State(json.loads(json.dumps(model.state().config)), files=files))
    for _ in range(2):
        with pytest.raises(BundleDamaged, match=message):
            wrong.predict_proba(["비"])
    np.testing.assert_array_equal(wrong.predict_proba(["rain"]), model.predict_proba(["rain"]))
