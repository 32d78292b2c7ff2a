"""The emotion model of a recipe: trained here, or taken as it is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.bundle import DataSource, save_bundle
from ilgi.errors import BundleError, InputError, UnknownName
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.emotion_stage import prepare_emotion
from ilgi.training.progress import Silent
from ilgi.training.recipe import EmotionSection, ReadingSection
from ilgi.training.runs import Run


def prepare(section: EmotionSection, root: Path, *, seed: int = 0) -> Any:
    return prepare_emotion(
        section, recipe_dir=root, data_dir=root / "data", run=Run(root / "run"), seed=seed, progress=Silent()
    )


def test_a_bundle_lends_its_model_and_says_what_it_learned_from(tmp_path: Path, tiny_scorer: Any) -> None:
    source = DataSource(name="comments", licence="CC0", sha256="ab" * 32, rows=7)
    stages = {"emotion": ("linear", tiny_scorer.model.state())}
    save_bundle(tmp_path / "model", stages, name="m", version="0", data=[source])
    stage = prepare(EmotionSection(use="bundle:model"), tmp_path)
    assert stage.data == (source,)
    assert stage.metrics == {}
    assert stage.done.kind == "linear"
    assert stage.model.fingerprint() == tiny_scorer.model.fingerprint()
    # A worker process finds the same model by the scorer's spec.
    from ilgi.emotion.load import load_emotion_model

    scorer = stage.scorer(ReadingSection(rule="end", spread=True))
    assert (scorer.rule, scorer.spread) == ("end", True)
    assert load_emotion_model(scorer.spec).fingerprint() == stage.model.fingerprint()
    assert prepare(EmotionSection(use="bundle:model"), tmp_path).done.again


def test_a_model_that_ships_with_ilgi_is_named_and_brings_its_figures(
    tmp_path: Path, tiny_scorer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ilgi.emotion.load.EMBEDDED_EMOTION", tmp_path / "shipped")
    source = DataSource(name="comments", licence="CC0", sha256="ab" * 32, rows=7)
    stages = {"emotion": ("linear", tiny_scorer.model.state())}
    figures = {"comments": {"rows": 7, "macro_f1": 0.5}}
    save_bundle(tmp_path / "shipped" / "mine", stages, name="m", version="0", data=[source], metrics=figures)
    stage = prepare(EmotionSection(use="embedded:mine"), tmp_path)
    assert (stage.done.kind, stage.data, dict(stage.metrics)) == ("embedded", (source,), figures)
    assert stage.model.fingerprint() == tiny_scorer.model.fingerprint()


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        ("hf:org/name", InputError, "export the model to ONNX"),
        ("linaer", InputError, "is none of linear, encoder, embedded:NAME, bundle:FOLDER"),
        ("bundle:", InputError, "is none of"),
        ("embedded:nothing", InputError, "no emotion model that ships with ilgi"),
        ("bundle:nowhere", BundleError, "there is no bundle at"),
    ],
)
def test_what_is_no_model(tmp_path: Path, use: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        prepare(EmotionSection(use=use), tmp_path)


def test_settings_belong_to_a_model_that_is_trained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a model that exists has no settings"):
        prepare(EmotionSection(use="bundle:model", config={"features": 9}), tmp_path)
    with pytest.raises(UnknownName, match="did you mean 'features'"):
        prepare(EmotionSection(config={"feature": 9}), tmp_path)


def test_trains_once_and_again_when_a_setting_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What ilgi brings along is not what this is about, and takes most of the time.
    monkeypatch.setattr("ilgi.training.emotion.data.moments", lambda: ())
    monkeypatch.setattr("ilgi.training.emotion.data.diary_entries", lambda: diary_entries()[:200])
    folder = tmp_path / "data/emotion"
    folder.mkdir(parents=True)
    felt = {"joy": "we laughed so much", "sadness": "she cried for hours", "fear": "he was so scared"}
    rows = [f"{text} on day {i}\t{label}" for i in range(12) for label, text in felt.items()]
    for name in ("train", "dev"):
        part = rows if name == "train" else [row.replace("day", "evening") for row in rows]
        (folder / f"goemotions_en_{name}.tsv").write_text("\n".join(["text\tlabels", *part]) + "\n", encoding="utf-8")
    section = EmotionSection(config={"features": 4000, "iterations": 10})
    first = prepare(section, tmp_path)
    assert not first.done.again
    assert "goemotions_en_train" in {source.name for source in first.data}
    assert first.metrics
    scores = first.model.predict_proba(["we laughed so much", "she cried for hours"])
    joy, sadness = (first.model.emotions.column(name) for name in ("joy", "sadness"))
    assert scores[0, joy] > scores[1, joy]
    assert scores[1, sadness] > scores[0, sadness]
    again = prepare(section, tmp_path)
    assert again.done.again
    assert np.array_equal(again.model.predict_proba(["so"]), first.model.predict_proba(["so"]))
    assert not prepare(EmotionSection(config={"features": 3000, "iterations": 10}), tmp_path).done.again
