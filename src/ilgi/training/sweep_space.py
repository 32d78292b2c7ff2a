"""A space of label models to search: the TOML file that says which settings vary, and how.

    [search]
    kind = "halving"        # or "random"
    trials = 40
    metric = "macro_ap"     # or "bce"

    [parameters]
    kind = { choices = ["mlp", "forest"] }
    "config.learning_rate" = { low = 1e-4, high = 1e-2, log = true }
    "config.layers" = { choices = [[], [{ size = 64, activation = "tanh" }]] }
    inputs = { choices = [["moods"], ["emotions", "dimensions"]] }

Parameters are keys of a recipe's [labels]. One that only some kinds know is left out for the others; with the name of a
kind in the place of "config" ("boosting.learning_rate") it is for that kind alone, and goes before the general one.
"""

import math
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ilgi.errors import InputError
from ilgi.label.base import label_models
from ilgi.training.recipe import LabelSection, check_config, read_toml

_CONFIG = "config."


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchSection(_Section):
    """How the space is searched."""

    kind: Literal["random", "halving"] = "halving"
    """"random" trains every draw on all training films; "halving" (successive halving, Jamieson and Talwalkar 2016)
    trains all on few films, and the better ones again on more."""
    trials: int = Field(default=30, ge=2, le=10_000)
    """How many settings are drawn."""
    metric: Literal["macro_ap", "bce"] = "macro_ap"
    """By which figure on the validation films one is better: macro average precision, or binary cross-entropy."""
    factor: int = Field(default=3, ge=2, le=10)
    """Of halving: one setting in so many goes on to the next rung, with so many times as many films."""
    rungs: int = Field(default=3, ge=1, le=8)
    """Of halving: how often it is trained at most; the last time on all training films."""


class Parameter(_Section):
    """The values that one setting may take: some choices, or a range."""

    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False
    """Whether orders of magnitude are equally likely, and not values."""
    whole: bool = False
    """Whether only whole numbers are drawn, `high` among them."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ranged = self.low is not None and self.high is not None
        if bool(self.choices) == ranged or (self.low is None) != (self.high is None):
            raise ValueError("needs either choices, or low and high")
        if self.low is not None and self.high is not None:
            if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
                raise ValueError("low must be below high")
            if self.log and self.low <= 0.0:
                raise ValueError("low must be above 0 where log is true")
        return self

    def draw(self, rng: np.random.Generator) -> Any:  # noqa: ANN401 (a choice may be anything)
        """Return a value."""
        if self.low is None or self.high is None:
            return self.choices[int(rng.integers(len(self.choices)))]
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        value = float(rng.uniform(low, high))
        value = math.exp(value) if self.log else value
        # Rounded, so that a table of results can be typed back in; rounding must not lead out of the range.
        return round(value) if self.whole else min(max(float(f"{value:.4g}"), self.low), self.high)


class SweepSpace(_Section):
    """What is searched, and how."""

    search: SearchSection = SearchSection()
    parameters: dict[str, Parameter] = Field(min_length=1)
    """Key of [labels] ("kind", "inputs", "weighting", "config.dropout") → its values."""

    def draw(self, base: LabelSection, rng: np.random.Generator) -> LabelSection:
        """Return a recipe's [labels] with every parameter drawn anew.

        Args:
            base: The recipe's own; what isn't searched is taken from it, its `config` only where the kind stays.
            rng: Draws, the same number of times for every section.

        Raises:
            UnknownName: A key is unknown to [labels] or to every kind.
            InputError: A value can't be used.
        """
        drawn = {name: parameter.draw(rng) for name, parameter in self.parameters.items()}
        kinds = self._kinds(base)
        inner = {name for name in drawn if name.startswith(_CONFIG) or name.partition(".")[0] in kinds}
        top = {name: value for name, value in drawn.items() if name not in inner}
        kind = str(top.get("kind", base.kind))
        config = dict(base.config) if kind == base.kind else {}
        known = label_models.get(kind).Config.model_fields
        for name, value in drawn.items():
            key = name.removeprefix(_CONFIG)
            if name.startswith(_CONFIG) and (key in known or not self._known_elsewhere(key, base)):
                config[key] = value
        own = {name.removeprefix(f"{kind}."): value for name, value in drawn.items() if name.startswith(f"{kind}.")}
        config |= own
        section = check_config(LabelSection, {**base.model_dump(), **top, "config": config}, what="[labels]")
        check_config(label_models.get(section.kind).Config, section.config, what=f"[labels] of kind {kind!r}, config")
        return section

    def _known_elsewhere(self, key: str, base: LabelSection) -> bool:
        """Tell whether another kind that the space may draw has this key."""
        return any(key in label_models.get(kind).Config.model_fields for kind in self._kinds(base))

    def _kinds(self, base: LabelSection) -> list[str]:
        """Return the kinds that may be drawn."""
        kind = self.parameters.get("kind")
        return [base.kind] if kind is None else [str(choice) for choice in kind.choices]


def load_space(path: Path) -> SweepSpace:
    """Read and check a space.

    Raises:
        DataError: The file is missing or not TOML.
        UnknownName: A key is unknown; carries the nearest right ones.
        InputError: A value can't be used; names the key.
    """
    raw = read_toml(path, "space")
    space = check_config(SweepSpace, raw, what=f"space {path.name!r}")
    kinds = space.parameters.get("kind")
    if kinds is not None and not kinds.choices:
        raise InputError(f"space {path.name!r}: parameters.kind needs choices")
    return space
