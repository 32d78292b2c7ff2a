import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.onnx import OnnxEmotionModel
from ilgi.errors import BundleDamaged, DataError, InputError
from ilgi.testing import SENTENCES, EmotionModelContract

LONG = "Nothing much happened and yet the whole day felt heavy. 그래도 저녁에는 조금 웃었다. " * 20


class TestSoftmax(EmotionModelContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tiny: SimpleNamespace) -> None:
        self.folder = tiny.softmax

    def make(self) -> EmotionModel:
        return OnnxEmotionModel.load(self.folder)


class TestInt8(EmotionModelContract):
    """Dynamic int8 shares one activation scale within a batch: here the same bytes are not a matter of course."""

    @pytest.fixture(autouse=True)
    def _folder(self, tiny: SimpleNamespace) -> None:
        self.folder = tiny.int8

    def make(self) -> EmotionModel:
        return OnnxEmotionModel.load(self.folder, threads=3)


def test_int8_scores_would_depend_on_neighbours_in_one_run(tiny: SimpleNamespace) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession((tiny.int8 / "model.onnx").read_bytes())
    rows = np.array([[0, 40, 41, 42, 2], [0, 300, 310, 320, 2]])
    together = session.run(None, {"input_ids": rows, "attention_mask": np.ones_like(rows)})[0]
    alone = session.run(None, {"input_ids": rows[:1], "attention_mask": np.ones_like(rows[:1])})[0]
    assert not np.array_equal(together[0], alone[0])


def test_int8_is_near_the_model_it_was_made_from(tiny: SimpleNamespace) -> None:
    full = OnnxEmotionModel.load(tiny.softmax).predict_proba(SENTENCES)
    small = OnnxEmotionModel.load(tiny.int8).predict_proba(SENTENCES)
    assert 0 < np.abs(full - small).max() < 0.1


@pytest.mark.parametrize("variant", ["softmax", "sigmoid"])
def test_agrees_with_the_network_it_was_exported_from(tiny: SimpleNamespace, variant: str) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = getattr(tiny, variant)
    network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = OnnxEmotionModel.load(folder)
    for text in ("She laughed.", "오늘은 걸었다", ""):
        with torch.inference_mode():
            logits = network(**tokenizer(text, return_tensors="pt")).logits[0]
        expected = logits.softmax(0) if variant == "softmax" else logits.sigmoid()
        assert np.abs(model.predict_proba([text])[0] - expected.numpy()).max() < 1e-5


def test_a_long_text_is_the_mean_of_its_windows_by_tokens(tiny: SimpleNamespace) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    network = AutoModelForSequenceClassification.from_pretrained(tiny.softmax).eval()
    ids = AutoTokenizer.from_pretrained(tiny.softmax)(LONG, add_special_tokens=False)["input_ids"]
    total = np.zeros(4)
    for start in range(0, len(ids), 22):
        part = ids[start : start + 22]
        with torch.inference_mode():
            logits = network(input_ids=torch.tensor([[0, *part, 2]])).logits[0]
        total += len(part) * logits.softmax(0).numpy()
    scores = OnnxEmotionModel.load(tiny.softmax).predict_proba([LONG])[0]
    assert len(ids) > 300
    assert np.abs(scores - total / len(ids)).max() < 1e-5


def test_labels_are_columns_by_name(tiny: SimpleNamespace) -> None:
    assert OnnxEmotionModel.load(tiny.softmax).emotions.names == ("joy", "optimism", "anger", "sadness")


def test_the_number_of_threads_changes_nothing(tiny: SimpleNamespace) -> None:
    one = OnnxEmotionModel.load(tiny.int8, threads=1).predict_proba([*SENTENCES, LONG])
    four = OnnxEmotionModel.load(tiny.int8, threads=4).predict_proba([*SENTENCES, LONG])
    assert np.array_equal(one, four)
    with pytest.raises(InputError, match="threads"):
        OnnxEmotionModel.load(tiny.int8, threads=0)


def test_fingerprint_knows_the_weights(tiny: SimpleNamespace) -> None:
    models = [OnnxEmotionModel.load(f) for f in (tiny.softmax, tiny.sigmoid, tiny.int8)]
    assert len({m.fingerprint() for m in models}) == 3


def test_external_data_is_refused(tiny: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import onnx

    folder = tmp_path / "external"
    shutil.copytree(tiny.softmax, folder)
    onnx.save_model(
        onnx.load(folder / "model.onnx"),
        folder / "model.onnx",
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
    )
    # Where the file lies beside the process, ONNX Runtime alone might find it.
    monkeypatch.chdir(folder)
    with pytest.raises(BundleDamaged, match="another file"):
        OnnxEmotionModel.load(folder)


def test_a_padded_length_does_not_hide_external_data(tiny: SimpleNamespace) -> None:
    files = dict(OnnxEmotionModel.load(tiny.softmax).state().files)
    config = OnnxEmotionModel.load(tiny.softmax).state().config
    for key in (b"\x0a\x08location", b"\x0a\x88\x00location", b"\x0a\x88\x80\x80\x00location"):
        with pytest.raises(BundleDamaged, match="another file"):
            OnnxEmotionModel.from_state(State(config, files=files | {"model.onnx": b"\x12" + key}))


def test_a_name_that_holds_the_word_location_is_fine(tiny: SimpleNamespace, tmp_path: Path) -> None:
    import onnx

    folder = tmp_path / "named"
    shutil.copytree(tiny.softmax, folder)
    model = onnx.load(folder / "model.onnx")
    model.graph.name = "location_of_feelings"
    onnx.save_model(model, folder / "model.onnx")
    assert OnnxEmotionModel.load(folder).predict_proba(["ok"]).shape == (1, 4)


@pytest.mark.parametrize(
    ("file", "content", "error", "message"),
    [
        ("model.onnx", b"not a model", BundleDamaged, "ONNX Runtime"),
        ("model.onnx", b"", BundleDamaged, "ONNX Runtime"),
        ("tokenizer.json", b"{}", BundleDamaged, "not a tokenizer"),
        ("config.json", b"{", BundleDamaged, "not JSON"),
        ("config.json", b"[]", BundleDamaged, "object"),
        ("config.json", b"{}", DataError, "id2label"),
        ("config.json", b'{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}', DataError, "id2label"),
        ("config.json", b'{"id2label": {"0": "joy", "1": "fear"}}', BundleDamaged, "2 labels"),
    ],
)
def test_damaged_files(
    tiny: SimpleNamespace, tmp_path: Path, file: str, content: bytes, error: type[Exception], message: str
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny.softmax, folder)
    (folder / file).write_bytes(content)
    with pytest.raises(error, match=message):
        OnnxEmotionModel.load(folder)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
def test_missing_files(tiny: SimpleNamespace, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "missing"
    shutil.copytree(tiny.softmax, folder)
    (folder / file).unlink()
    with pytest.raises(DataError, match=file):
        OnnxEmotionModel.load(folder)


def build(tmp_path: Path, tiny: SimpleNamespace, inputs: list[tuple[str, int, list[object]]]) -> Path:
    """A graph that sums whatever inputs it has into one row of four logits."""
    import onnx
    from onnx import TensorProto, helper

    nodes, names = [], []
    for name, _, _ in inputs:
        nodes.append(helper.make_node("Cast", [name], [f"{name}.float"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("ReduceMean", [f"{name}.float"], [f"{name}.mean"], axes=[1], keepdims=1))
        names.append(f"{name}.mean")
    nodes.append(helper.make_node("Sum", names, ["sum"]))
    nodes.append(helper.make_node("Concat", ["sum"] * 4, ["logits"], axis=1))
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4])],
    )
    folder = tmp_path / "built"
    folder.mkdir()
    for file in ("tokenizer.json", "config.json"):
        shutil.copy(tiny.softmax / file, folder / file)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save_model(model, folder / "model.onnx")
    return folder


def test_inputs_are_given_by_name_and_type(tiny: SimpleNamespace, tmp_path: Path) -> None:
    folder = build(tmp_path, tiny, [("token_type_ids", 6, ["n", "t"]), ("input_ids", 7, ["n", "t"])])
    assert OnnxEmotionModel.load(folder).predict_proba(["ok"]) == pytest.approx(np.full((1, 4), 0.25))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([("input_ids", 7, ["n", "t"]), ("pixels", 7, ["n", "t"])], "pixels"),
        ([("input_ids", 1, ["n", "t"])], "whole numbers"),
        ([("input_ids", 7, ["n", 128])], "dynamic axes"),
        ([("attention_mask", 7, ["n", "t"])], "no input 'input_ids'"),
    ],
)
def test_inputs_that_a_text_cannot_give(tiny: SimpleNamespace, tmp_path: Path, inputs: list, message: str) -> None:
    with pytest.raises(BundleDamaged, match=message):
        OnnxEmotionModel.load(build(tmp_path, tiny, inputs))


def test_state_is_the_files_as_they_are(tiny: SimpleNamespace) -> None:
    state = OnnxEmotionModel.load(tiny.sigmoid).state()
    assert state.files["model.onnx"] == (tiny.sigmoid / "model.onnx").read_bytes()
    assert json.loads(json.dumps(state.config))["problem_type"] == "multi_label_classification"
    with pytest.raises(BundleDamaged, match=r"tokenizer\.json"):
        OnnxEmotionModel.from_state(State(state.config, files={"model.onnx": state.files["model.onnx"]}))
    with pytest.raises(BundleDamaged, match="describe"):
        OnnxEmotionModel.from_state(State({**state.config, "code": "print()"}, files=state.files))
