"""What a training ends with."""

from pathlib import Path
from typing import Any

from ilgi.training.recipe import load_recipe
from ilgi.training.summary import summary_text


def test_the_figures_stand_beside_the_baselines() -> None:
    def of(value: float) -> dict[str, Any]:
        return {"lrap": {"value": value, "low": value - 0.01, "high": value + 0.01}, "macro_ap": None}

    found = {"items": 1234, "prior": of(0.5), "prototype": of(0.55), "ours": of(0.6)}
    metrics = {
        "counts": {"reviews_train": 5000, "items_train": 400, "items_validation": 50, "items_test": 1234},
        "fit": {"best_epoch": 3, "epochs": 9, "stopped": "no improvement for 6 epochs"},
        "assessment": {"one_review": {"all": found}, "film_mean": {}},
    }
    recipe = load_recipe(Path(__file__).parent / "tiny.toml")
    lines = summary_text(recipe, metrics, {"korean": "5 of 6 kept\n  1 dropped"}).splitlines()
    assert lines[0] == ("tiny: learned from 5,000 reviews of 400 films, stopped by 50 films, measured on 1,234 others")
    assert "korean: 5 of 6 kept" in lines
    assert "  1 dropped" in lines
    assert "label model mlp: kept epoch 3 of 9 (no improvement for 6 epochs)" in lines
    assert not any("too rare" in line for line in lines)
    few = summary_text(recipe, {**metrics, "rare_labels": {"Foreign": 0, "TV Movie": 1, "War": 7}}, {})
    assert "too rare to be learned: Foreign (no film), TV Movie (1 film), War (7 films)" in few.splitlines()
    assert any("this bundle" in line and "0.600 [0.590, 0.610]" in line and "–" in line for line in lines)
    assert any("base rates alone" in line and "0.500 [0.490, 0.510]" in line for line in lines)
    assert not any("all its reviews" in line for line in lines)
