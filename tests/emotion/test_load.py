from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ilgi.bundle import State, save_bundle
from ilgi.emotion.hf import HfEmotionModel
from ilgi.emotion.load import embedded_state, emotion_from_state, load_emotion_model
from ilgi.emotion.onnx import OnnxEmotionModel
from ilgi.errors import BundleDamaged, BundleError, DataError, InputError, UnknownName


def test_a_folder_with_an_export(tiny: SimpleNamespace) -> None:
    for spec in (f"onnx:{tiny.int8}", str(tiny.int8)):
        assert isinstance(load_emotion_model(spec), OnnxEmotionModel)


def test_a_folder_of_transformers(tiny: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((tiny.softmax / "config.json").read_bytes())
    for spec in (f"hf:{tiny.softmax}", str(tmp_path)):
        model = load_emotion_model(spec)
        assert isinstance(model, HfEmotionModel)
        assert model.model_id == spec.removeprefix("hf:")


def test_a_model_of_the_hub_is_fetched_only_when_needed() -> None:
    for spec in ("hf:some/model", "some/model", "hf:model"):
        model = load_emotion_model(spec)
        assert isinstance(model, HfEmotionModel)
        assert model.model_id == spec.removeprefix("hf:")


def test_the_emotion_stage_of_a_bundle(tiny: SimpleNamespace, tmp_path: Path) -> None:
    model = OnnxEmotionModel.load(tiny.sigmoid)
    save_bundle(tmp_path / "bundle", {"emotion": ("onnx", model.state())}, name="test", version="0")
    again = load_emotion_model(str(tmp_path / "bundle"))
    texts = ["She laughed.", "오늘은 걸었다"]
    assert np.array_equal(again.predict_proba(texts), model.predict_proba(texts))
    (tmp_path / "bundle" / "emotion.model.onnx").write_bytes(b"changed")
    with pytest.raises(BundleDamaged):
        load_emotion_model(str(tmp_path / "bundle"))


def test_a_model_that_ships_with_ilgi_is_kept_by_reference(
    tiny: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ilgi.emotion.load.EMBEDDED_EMOTION", tmp_path / "shipped")
    model = OnnxEmotionModel.load(tiny.sigmoid)
    save_bundle(tmp_path / "shipped" / "mine", {"emotion": ("onnx", model.state())}, name="mine", version="0")
    save_bundle(tmp_path / "bundle", {"emotion": ("embedded", embedded_state("mine"))}, name="test", version="0")
    for spec in ("embedded:mine", str(tmp_path / "bundle")):
        assert load_emotion_model(spec).fingerprint() == model.fingerprint()
    assert sum(file.stat().st_size for file in (tmp_path / "bundle").iterdir()) < 5000
    # An update of ilgi that brings another model is noticed.
    other = OnnxEmotionModel.load(tiny.softmax)
    save_bundle(tmp_path / "shipped" / "mine", {"emotion": ("onnx", other.state())}, name="mine", version="0")
    with pytest.raises(BundleDamaged, match="train the bundle again"):
        load_emotion_model(str(tmp_path / "bundle"))
    with pytest.raises(InputError, match="there is mine"):
        load_emotion_model("embedded:yours")


def test_a_bundle_without_that_stage(tmp_path: Path) -> None:
    save_bundle(tmp_path / "bundle", {"other": ("onnx", State())}, name="test", version="0")
    with pytest.raises(BundleError, match="emotion"):
        load_emotion_model(str(tmp_path / "bundle"))


@pytest.mark.parametrize("spec", ["", "linear", "no such folder", "a/b/c", "onnx:", "../up/there", "what:ever"])
def test_what_names_no_model(spec: str) -> None:
    with pytest.raises(InputError, match="no emotion model"):
        load_emotion_model(spec)


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no emotion model"):
        load_emotion_model(str(tmp_path))
    with pytest.raises(DataError, match=r"model\.onnx"):
        load_emotion_model(f"onnx:{tmp_path}")


def test_kinds_that_a_bundle_cannot_hold() -> None:
    with pytest.raises(UnknownName, match="onnx"):
        emotion_from_state("onxx", State())
    with pytest.raises(BundleDamaged, match="'hf'"):
        emotion_from_state("hf", State())
