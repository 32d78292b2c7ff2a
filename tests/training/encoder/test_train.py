"""The whole way from labelled texts to a model that reads both languages, with tiny networks to start from."""

import json
from pathlib import Path
from typing import Any

import pytest

from ilgi.emotion.encoder import EncoderEmotionModel
from ilgi.errors import MissingExtra
from ilgi.training.emotion.data import EmotionData, load_emotion_data
from ilgi.training.encoder import train
from ilgi.training.encoder.fit import FitConfig
from ilgi.training.encoder.train import EncoderConfig, train_encoder

pytest.importorskip("torch", reason="needs the extra 'hf'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

SMALL: dict[str, Any] = {"layers": 2, "texts": 2000, "longest": 16, "rate": 1e-3, "head_rate": 1e-2, "checkpoint": 50}


@pytest.fixture
def data(tmp_path: Path) -> EmotionData:
    folder = tmp_path / "data" / "emotion"
    folder.mkdir(parents=True)
    rows = [{"text": f"I was angry on day {i}.", "label": "anger"} for i in range(30)]
    rows += [{"text": f"We had rain and I was happy, {i}.", "label": "joy"} for i in range(30)]
    (folder / "isear_train.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    return load_emotion_data(tmp_path / "data")


@pytest.fixture
def config(packed_file: Path, english_base: Path) -> EncoderConfig:
    small = FitConfig(**SMALL)
    twice = small.model_copy(update={"texts": 1500, "again": small.model_copy(update={"texts": 500})})
    return EncoderConfig(ko=twice, en=small, ko_base=str(packed_file), en_base=str(english_base))


def trained(config: EncoderConfig, data: EmotionData, root: Path, said: list[tuple[str, float]]) -> EncoderEmotionModel:
    def on_progress(what: str, share: float) -> None:
        said.append((what, share))

    return train_encoder(config, data, root / "data", seed=3, folder=root / "checkpoints", on_progress=on_progress)[0]


def test_two_thousand_texts_make_a_model_that_reads_both_languages(
    tmp_path: Path, data: EmotionData, config: EncoderConfig
) -> None:
    said: list[tuple[str, float]] = []
    model = trained(config, data, tmp_path, said)
    p = model.predict_proba(["I was angry.", "I was happy, we had rain.", "오늘은 비가 왔다."])
    assert p.shape == (3, 35)
    anger, joy = model.emotions.column("anger"), model.emotions.column("joy")
    assert p[0, anger] - p[0, joy] > p[1, anger] - p[1, joy]
    assert EncoderEmotionModel.from_state(model.state()).fingerprint() == model.fingerprint()
    assert {what[:2] for what, _ in said} == {"ko", "en"}
    # A second run finds the last checkpoint and ends with the same model without training.
    again: list[tuple[str, float]] = []
    assert trained(config, data, tmp_path, again).fingerprint() == model.fingerprint()
    assert again == []


def test_without_the_package_with_the_weights_it_says_how_to_get_it(
    tmp_path: Path, data: EmotionData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r"ilgi\[encoder\]"):
        trained(EncoderConfig(), data, tmp_path, [])
