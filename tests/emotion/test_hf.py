import builtins
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ilgi.emotion.base import EmotionModel
from ilgi.emotion.hf import DEFAULT_MODEL, HfEmotionModel
from ilgi.emotion.onnx import OnnxEmotionModel
from ilgi.errors import DataError, InputError, MissingExtra
from ilgi.testing import SENTENCES, EmotionModelContract

TEXTS = (*SENTENCES, "버스를 놓쳤지만 하늘이 예뻐서 그냥 걸었다. " * 40)


class TestSoftmax(EmotionModelContract):
    tolerance = 1e-5

    @pytest.fixture(autouse=True)
    def _folder(self, tiny: SimpleNamespace) -> None:
        self.folder = tiny.softmax

    def make(self) -> EmotionModel:
        return HfEmotionModel(str(self.folder))


@pytest.mark.parametrize("variant", ["softmax", "sigmoid"])
def test_agrees_with_onnx(tiny: SimpleNamespace, variant: str) -> None:
    folder = getattr(tiny, variant)
    one = HfEmotionModel(str(folder), batch_size=3)
    other = OnnxEmotionModel.load(folder)
    assert one.emotions == other.emotions
    scores = one.predict_proba(TEXTS)
    assert np.abs(scores - other.predict_proba(TEXTS)).max() < 1e-4
    # The check would be empty if random weights gave every text the same scores.
    assert np.ptp(scores, axis=0).max() > 0.1
    sums = scores.sum(axis=1)
    assert (np.abs(sums - 1) < 1e-5).all() == (variant == "softmax")


def test_bfloat16_is_near_float32(tiny: SimpleNamespace) -> None:
    full = HfEmotionModel(str(tiny.softmax)).predict_proba(TEXTS)
    half = HfEmotionModel(str(tiny.softmax), dtype="bfloat16")
    assert 0 < np.abs(half.predict_proba(TEXTS) - full).max() < 0.05
    assert half.fingerprint() != HfEmotionModel(str(tiny.softmax)).fingerprint()


def test_the_default_is_the_prototypes_model_and_making_one_loads_nothing() -> None:
    model = HfEmotionModel()
    assert model.model_id == DEFAULT_MODEL == "cardiffnlp/twitter-roberta-base-emotion"


@pytest.mark.parametrize("options", [{"dtype": "float16"}, {"batch_size": 0}])
def test_options_out_of_range(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        HfEmotionModel("some/model", **options)


def test_a_model_that_was_never_fetched(tiny: SimpleNamespace) -> None:
    model = HfEmotionModel("nobody/no-such-model", local_files_only=True)
    with pytest.raises(DataError, match="check its name and the connection") as caught:
        model.predict_proba(["ok"])
    assert "\n" not in str(caught.value)


def test_no_connection(tiny: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers

    def fail(*_: object, **__: object) -> None:
        raise OSError("We couldn't connect to the hub\nto load the files")

    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", fail)
    with pytest.raises(DataError, match="some/model"):
        _ = HfEmotionModel("some/model").emotions


def test_pickled_weights_are_refused(tiny: SimpleNamespace, tmp_path: Path) -> None:
    import torch

    folder = tmp_path / "pickled"
    shutil.copytree(tiny.softmax, folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(DataError, match="safetensors"):
        _ = HfEmotionModel(str(folder)).emotions


@pytest.mark.parametrize("size", [0, 5000])
def test_damaged_weights(tiny: SimpleNamespace, tmp_path: Path, size: int) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny.softmax, folder)
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(DataError, match="transformers can read"):
        _ = HfEmotionModel(str(folder)).emotions


def test_a_folder_that_is_no_model(tiny: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    shutil.copy(tiny.softmax / "tokenizer.json", tmp_path)
    with pytest.raises(DataError, match="transformers can read"):
        _ = HfEmotionModel(str(tmp_path)).emotions


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def importing(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] in ("torch", "transformers"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **options)

    for module in [m for m in sys.modules if m in ("torch", "transformers")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(MissingExtra, match=r"pip install 'ilgi\[hf\]'"):
        _ = HfEmotionModel("some/model").emotions
