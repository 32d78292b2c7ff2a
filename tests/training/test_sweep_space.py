from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import DataError, InputError, UnknownName
from ilgi.training.recipe import LabelSection
from ilgi.training.sweep_space import Parameter, SweepSpace, load_space

BASE = LabelSection(kind="mlp", config={"dropout": 0.1, "max_epochs": 3})


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def space(**parameters: dict[str, object]) -> SweepSpace:
    named = {name.replace("__", "."): value for name, value in parameters.items()}
    return SweepSpace.model_validate({"parameters": named})


def test_values_are_drawn_from_choices_and_ranges() -> None:
    draws = [
        space(
            config__learning_rate={"low": 1e-4, "high": 1e-2, "log": True},
            config__batch_size={"low": 32, "high": 64, "whole": True},
            inputs={"choices": [["moods"], ["emotions", "dimensions"]]},
        ).draw(BASE, rng(seed))
        for seed in range(60)
    ]
    rates = [d.config["learning_rate"] for d in draws]
    assert 1e-4 <= min(rates) < 5e-4
    assert 2e-3 < max(rates) <= 1e-2
    assert sum(rate < 1e-3 for rate in rates) == pytest.approx(30, abs=12)
    assert all(isinstance(d.config["batch_size"], int) and 32 <= d.config["batch_size"] <= 64 for d in draws)
    assert {d.inputs for d in draws} == {("moods",), ("emotions", "dimensions")}
    assert all(d.config["dropout"] == 0.1 for d in draws)


def test_another_kind_takes_only_what_it_knows() -> None:
    searched = space(
        kind={"choices": ["forest"]},
        config__trees={"choices": [10]},
        config__dropout={"choices": [0.3]},
    )
    both = space(
        kind={"choices": ["forest", "mlp"]}, config__trees={"choices": [10]}, config__dropout={"choices": [0.3]}
    )
    with pytest.raises(UnknownName, match="dropout"):
        searched.draw(BASE, rng())
    drawn = [both.draw(BASE, rng(seed)) for seed in range(20)]
    assert {d.kind for d in drawn} == {"forest", "mlp"}
    for d in drawn:
        expected = {"trees": 10} if d.kind == "forest" else {"dropout": 0.3, "max_epochs": 3}
        assert d.config == expected


def test_a_setting_may_be_for_one_kind_alone() -> None:
    searched = space(
        kind={"choices": ["boosting", "mlp"]},
        config__learning_rate={"choices": [0.001]},
        boosting__learning_rate={"choices": [0.1]},
    )
    drawn = [searched.draw(BASE, rng(seed)) for seed in range(20)]
    assert {(d.kind, d.config["learning_rate"]) for d in drawn} == {("boosting", 0.1), ("mlp", 0.001)}
    with pytest.raises(UnknownName, match="dropot"):
        space(mlp__dropot={"choices": [0.1]}).draw(BASE, rng())
    with pytest.raises(UnknownName, match=r"forest\.trees"):
        space(forest__trees={"choices": [3]}).draw(BASE, rng())


def test_the_space_that_ships_can_be_drawn_from() -> None:
    searched = load_space(Path(__file__).parents[2] / "recipes" / "sweep-labels.toml")
    drawn = [searched.draw(BASE, rng(seed)) for seed in range(100)]
    assert {d.kind for d in drawn} == {"mlp", "forest", "extra_trees", "boosting", "neighbours"}
    assert all(d.config["learning_rate"] >= 0.02 for d in drawn if d.kind == "boosting")


def test_unknown_keys_and_values_are_refused() -> None:
    with pytest.raises(UnknownName, match="learning_rat"):
        space(config__learning_rat={"choices": [1.0]}).draw(BASE, rng())
    with pytest.raises(UnknownName, match="wieghting"):
        space(wieghting={"choices": ["item"]}).draw(BASE, rng())
    with pytest.raises(InputError, match="dropout"):
        space(config__dropout={"choices": [7.0]}).draw(BASE, rng())


def test_rounding_does_not_lead_out_of_the_range() -> None:
    narrow = Parameter(low=0.1234567, high=0.1234568)
    assert all(0.1234567 <= narrow.draw(rng(seed)) <= 0.1234568 for seed in range(20))


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"low": 1.0},
        {"low": 2.0, "high": 1.0},
        {"low": 0.0, "high": 1.0, "log": True},
        {"choices": [1], "low": 0.0, "high": 1.0},
        {"low": 0.0, "high": float("inf")},
    ],
)
def test_a_parameter_needs_one_way(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs either|must be"):
        Parameter.model_validate(raw)


def test_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "space.toml"
    file.write_text('[search]\ntrials = 5\n[parameters]\n"config.dropout" = { low = 0.0, high = 0.5 }\n')
    assert load_space(file).search.trials == 5
    file.write_text('[serch]\ntrials = 5\n[parameters]\nkind = { choices = ["mlp"] }\n')
    with pytest.raises(UnknownName, match="did you mean 'search'"):
        load_space(file)
    file.write_text("[parameters]\nkind = { low = 1, high = 2 }\n")
    with pytest.raises(InputError, match="kind needs choices"):
        load_space(file)
    file.write_text("[[[")
    with pytest.raises(DataError, match="not TOML"):
        load_space(file)
    with pytest.raises(DataError, match="cannot be read"):
        load_space(tmp_path / "none.toml")
