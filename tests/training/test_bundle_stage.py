"""The bundle is asked the golden texts before it goes to its place."""

from pathlib import Path
from typing import Any

import pytest

from ilgi.bundle import Bundle
from ilgi.catalog.base import Catalog
from ilgi.recommender import Recommender
from ilgi.training.pipeline import run_recipe


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalogue of the domain "nowhere", with one film for each pair of genres."""
    import numpy as np

    from ilgi.catalog.store import save_catalog
    from ilgi.words import GENRES

    pairs = [(a, b) for a in GENRES for b in GENRES if a < b]
    n = len(pairs)
    whole = Catalog(
        domain="nowhere",
        ids=tuple(f"test:{i}" for i in range(n)),
        titles={"en": tuple(f"Film {i}" for i in range(n)), "ko": ("",) * n, "original": ("",) * n},
        year=np.full(n, 2000, dtype=np.int16),
        language=("en",) * n,
        labels=GENRES,
        matrix=GENRES.multi_hot(pairs),
        popularity=np.linspace(0, 1, n, dtype=np.float32),
        affect=np.zeros((n, 0), dtype=np.float32),
    )
    save_catalog(tmp_path / "catalogs/nowhere", whole)
    return tmp_path / "catalogs/nowhere"


def test_golden_answers_are_what_the_finished_bundle_says(
    world: Any, catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ilgi.training.bundle_stage.embedded_catalogs", lambda: {"nowhere": catalog})
    monkeypatch.setattr("ilgi.recommender.embedded_catalogs", lambda: {"nowhere": catalog})
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "out", runs_dir=tmp_path / "runs")
    golden = Bundle.open(tmp_path / "out").manifest.golden
    assert len(golden) == 8
    recommender = Recommender.load(tmp_path / "out", catalog=catalog, domain="nowhere")
    for answer in golden:
        ranking = recommender.recommend(answer["text"])
        assert answer["items"] == [item.id for item in ranking.items]
        assert answer["language"] == ranking.query.reading.language


def test_without_a_catalogue_there_are_no_golden_answers(world: Any, tmp_path: Path) -> None:
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "out", runs_dir=tmp_path / "runs")
    assert Bundle.open(tmp_path / "out").manifest.golden == []
