from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.training.progress import Silent
from ilgi.training.recipe import LabelSection
from ilgi.training.sweep import SweepData, Trial, run_trial, sweep, sweep_table, told
from ilgi.training.sweep_space import SweepSpace
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "sadness", "fear"), kind="affect column")
LABELS = Vocabulary(("Comedy", "Drama"), kind="genre")
BASE = LabelSection(kind="mlp", config={"layers": [], "max_epochs": 3, "learning_rate": 1e-5})


def data(seed: int = 0, films: int = 60) -> SweepData:
    rng = np.random.default_rng(seed)
    film = np.repeat(np.arange(films), 3)
    x = rng.standard_normal((len(film), 3)).astype(np.float32)
    y = np.stack([x[:, 0] > 0, x[:, 1] > 0], axis=1).astype(np.float32)
    ones = np.ones(len(film), dtype=np.float32)
    return SweepData(COLUMNS, LABELS, x, y, ones, film, x + 0.1, y, np.ones_like(y), ones)


def space(kind: str = "halving", trials: int = 6) -> SweepSpace:
    return SweepSpace.model_validate(
        {
            "search": {"kind": kind, "trials": trials, "rungs": 2},
            "parameters": {"config.learning_rate": {"low": 1e-6, "high": 0.5, "log": True}},
        }
    )


def searched(folder: Path, *, workers: int = 1, kind: str = "halving", **more: Any) -> list[dict[str, Any]]:
    given = {"folder": folder, "seed": 3, "workers": workers, "progress": Silent(), **more}
    return sweep(data(), space(kind), BASE, **given)


def without_time(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in result.items() if k != "seconds"} for result in results]


def test_finds_better_settings_than_it_was_given(tmp_path: Path) -> None:
    results = searched(tmp_path, kind="random")
    assert len(results) == 6
    assert results[0]["macro_ap"] > 0.9
    assert [r["macro_ap"] for r in results] == sorted((r["macro_ap"] for r in results), reverse=True)
    own = next(r for r in results if r["number"] == 0)
    assert own["labels"]["config"]["learning_rate"] == 1e-5


def test_halving_trains_few_settings_on_all_films(tmp_path: Path) -> None:
    results = searched(tmp_path)
    assert [r["rung"] for r in results] == [1, 1, 0, 0, 0, 0]
    assert {r["share"] for r in results} == {1.0, 0.3333}


def test_a_search_that_was_killed_goes_on_with_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = searched(tmp_path / "whole")
    trained: list[int] = []

    def counted(trial: Trial, given: SweepData, seed: int) -> dict[str, Any]:
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append(trial.number)
        return run_trial(trial, given, seed)

    monkeypatch.setattr("ilgi.training.sweep.run_trial", counted)
    with pytest.raises(KeyboardInterrupt):
        searched(tmp_path / "killed")
    # A file cut short by a full disk counts as none.
    first = sorted((tmp_path / "killed").glob("*.json"))[0]
    first.write_text(first.read_text()[:20])
    trained[:] = [-1] * 10
    assert without_time(searched(tmp_path / "killed")) == without_time(whole)
    assert len(trained) == 10 + 6
    assert without_time(searched(tmp_path / "killed")) == without_time(whole)
    assert len(trained) == 10 + 6


def test_more_processes_change_no_figure(tmp_path: Path) -> None:
    one = searched(tmp_path / "one")
    assert without_time(searched(tmp_path / "two", workers=2)) == without_time(one)
    assert not list((tmp_path / "two").glob("*.npy"))


def test_a_setting_that_fails_is_told_and_comes_last(tmp_path: Path) -> None:
    base = LabelSection(kind="mlp", inputs=("joy", "envy"))
    results = sweep(data(), space("random", 2), base, folder=tmp_path, seed=0, workers=1, progress=Silent())
    assert all("envy" in r["error"] and r["macro_ap"] is None for r in results)
    assert "envy" in told(results[0])
    assert "envy" in sweep_table(results)


def test_a_trial_on_all_films_is_the_training_itself() -> None:
    from ilgi.label.base import label_models
    from ilgi.training.runs import stage_rng

    given = data()
    result = run_trial(Trial(0, 0, 1.0, BASE), given, 5)
    cls = label_models.get("mlp")
    model = cls(COLUMNS, LABELS, cls.Config.model_validate(BASE.config))
    model.fit(
        given.train_x, given.train_y, validation=(given.valid_x, given.valid_y), sample_weight=given.train_w,
        rng=stage_rng(5, "labels"),
    )  # fmt: skip
    from ilgi.evaluation.metrics import macro_ap

    assert result["macro_ap"] == pytest.approx(macro_ap(given.valid_y, model.predict_proba(given.valid_x)), abs=1e-5)
    assert result["kilobytes"] == round(sum(a.nbytes for a in model.state().arrays.values()) / 1000)


def test_the_table_has_a_row_for_each_setting(tmp_path: Path) -> None:
    results = searched(tmp_path)
    header, *lines = sweep_table(results).splitlines()
    assert header.split("\t")[:5] == ["number", "rung", "share", "macro_ap", "bce"]
    assert len(lines) == 6
    assert all(len(line.split("\t")) == len(header.split("\t")) for line in lines)
    assert "mlp (layers = []" in told(results[0])
