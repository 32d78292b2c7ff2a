import dataclasses
import json

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.emotion.encoder import EncoderEmotionModel, EncoderHeads, Network
from ilgi.emotion.load import emotion_from_state
from ilgi.errors import BundleDamaged

onnx = pytest.importorskip("onnx", reason="needs the extra 'train'")

WORDS = {"[UNK]": 0, "rain": 1, "sun": 2, "비": 3, "해": 4}
EXTRA = ("서러움", "뿌듯함")
WIDTH = 28 + 4 + len(EXTRA) + 3


def network(seed: int, width: int = WIDTH) -> Network:
    """Return a network that gives the mean of its words' rows of a drawn table."""
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, pre_tokenizers

    table = np.random.default_rng(seed).standard_normal((len(WORDS), width)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceMean", ["rows"], ["scores"], axes=[1], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, width])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return Network(model.SerializeToString(), tokenizer.to_str().encode())


@pytest.fixture
def model() -> EncoderEmotionModel:
    return EncoderEmotionModel(
        {"ko": network(0), "en": network(1)}, EncoderHeads(extra=EXTRA, padding={"ko": 0, "en": 0})
    )


def test_it_comes_back_as_it_was(model: EncoderEmotionModel) -> None:
    again = emotion_from_state("encoder", model.state())
    assert again.fingerprint() == model.fingerprint()
    np.testing.assert_array_equal(again.predict_proba(["rain", "비"]), model.predict_proba(["rain", "비"]))


def test_columns_are_what_they_say(model: EncoderEmotionModel) -> None:
    p = model.predict_proba(["rain sun", "비 해", ""])
    assert p.shape == (3, 35)
    np.testing.assert_allclose(p[:, 28:32].sum(axis=1), 1.0, atol=1e-6)
    assert model.extra_proba(["비"]).shape == (1, 2)
    assert not set(EXTRA) & set(model.emotions)


def test_a_text_goes_to_the_network_of_its_language(model: EncoderEmotionModel) -> None:
    model.predict_proba(["비 해 비"])
    assert set(model._open) == {"ko"}
    model.predict_proba(["rain sun rain"])
    assert set(model._open) == {"ko", "en"}


def test_neighbours_change_nothing(model: EncoderEmotionModel) -> None:
    texts = ["rain", "비 해", "sun rain sun", "", "해"]
    together = model.predict_proba(texts)
    for i, text in enumerate(texts):
        np.testing.assert_array_equal(model.predict_proba([text])[0], together[i])


def test_a_text_longer_than_a_window_is_read_to_its_end(model: EncoderEmotionModel) -> None:
    long = model.predict_proba(["rain " * 256 + "sun " * 256])
    ends = model.predict_proba(["rain " * 256, "sun " * 256])
    np.testing.assert_allclose(long[0], ends.mean(axis=0), atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {}},
        {"config": {}},
        {"config": {"extra": [], "padding": {"fr": 1}}},
    ],
)
def test_a_damaged_state_is_refused(model: EncoderEmotionModel, change: dict[str, object]) -> None:
    with pytest.raises(BundleDamaged):
        EncoderEmotionModel.from_state(dataclasses.replace(model.state(), **change))


def test_a_network_of_another_width_is_refused(model: EncoderEmotionModel) -> None:
    files = {**model.state().files, "model-ko.onnx": network(0, WIDTH - 1).model}
    wrong = EncoderEmotionModel.from_state(State(json.loads(json.dumps(model.state().config)), files=files))
    with pytest.raises(BundleDamaged, match="other inputs or columns"):
        wrong.predict_proba(["비"])
