from pathlib import Path
from typing import Any

from ilgi.bundle import Bundle, DataSource
from ilgi.emotion.load import load_emotion_model
from ilgi.training.emotion_bundle import write_emotion_bundle
from ilgi.training.emotion_stage import EmotionStage
from ilgi.training.recipe import Recipe
from ilgi.training.runs import Done

METRICS: dict[str, Any] = {"isear": {"rows": 30, "macro_f1_of_7": 0.5, "macro_f1_of_7_se": 0.02}}


def test_a_bundle_of_the_model_alone_can_be_used_again(tmp_path: Path, tiny_scorer: Any) -> None:
    model = tiny_scorer.model
    done = Done("k", "linear", model.state(), {"metrics": METRICS}, tmp_path, again=False)
    source = DataSource(name="events", licence="CC0", sha256="ab" * 32, rows=9)
    text = write_emotion_bundle(
        Recipe(name="alone", title="A model."), EmotionStage(done, model, (source,)), tmp_path / "b"
    )
    assert text.startswith("alone: A model.\n")
    assert load_emotion_model(str(tmp_path / "b")).fingerprint() == model.fingerprint()
    bundle = Bundle.open(tmp_path / "b")
    assert bundle.manifest.metrics["isear"]["macro_f1_of_7"] == 0.5
    card = (tmp_path / "b" / "MODEL_CARD.md").read_text()
    assert "| events | 9 | CC0 |" in card
    assert "macro-F1 of seven 0.500" in card
