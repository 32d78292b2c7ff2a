from pathlib import Path

from ilgi.emotion.reference import Reference
from ilgi.families import FAMILIES
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.family_stage import fit_families
from ilgi.training.progress import Silent
from ilgi.training.recipe import LabelSection
from ilgi.training.runs import Run
from ilgi.training.scoring import Scorer

SECTION = LabelSection(
    config={"layers": [], "output": "softmax", "loss": "cce", "dropout": 0.0, "max_epochs": 3, "batch_size": 512}
)


def test_families_are_learned_from_our_diaries_and_measured_on_other_themes(
    tiny_scorer: Scorer, tmp_path: Path
) -> None:
    texts = [e.text for e in diary_entries() if e.language == "en"][:200]
    diary = Reference.fit(tiny_scorer.columns, {"en": tiny_scorer.score(texts)})
    given = {"run": Run(tmp_path), "seed": 0, "cache_dir": None, "progress": Silent()}
    found = fit_families(SECTION, tiny_scorer, diary, **given)
    model = found.fitted.model
    assert model.labels == FAMILIES
    p = model.predict_proba(diary.standardise(tiny_scorer.score(texts), "en"))
    assert abs(p.sum(axis=1) - 1.0).max() < 1e-5
    # The reference knows English alone, so only English diaries are read.
    assert list(found.metrics) == ["en"]
    assert found.metrics["en"]["rows"] == sum(e.held_out and e.language == "en" for e in diary_entries())
    assert 0.0 <= found.metrics["en"]["accuracy"] <= 1.0
    assert fit_families(SECTION, tiny_scorer, diary, **given).fitted.done.again
