"""A comparison: which label models, on which inputs, are trained and measured on the same films. A TOML file.

    [[inputs]]                       what is read: the recipe gives reviews, emotion model and reading
    name = "28"
    recipe = "movies.toml"
    columns = ["emotions"]

    [[models]]                       what learns from it, keys as in a recipe's [labels]
    name = "logistic regression"
    kind = "mlp"
    config = { layers = [] }

Every model is trained on every input, except where `only` names some.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ilgi.errors import InputError
from ilgi.label.base import label_models
from ilgi.training.recipe import EmotionSection, LabelSection, Recipe, check_config, load_recipe, read_toml

_PRIOR = "base rates"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InputChoice(_Section):
    """What label models read."""

    name: str = Field(min_length=1)
    recipe: str
    """A recipe's file, relative to this one's folder; its [labels] is not used."""
    emotion: str | None = None
    """Another emotion model than the recipe's: as `use` of its [emotion]."""
    rule: str | None = None
    """Another rule than the recipe's: as `rule` of its [reading]."""
    first_person: bool | None = None
    """Other than the recipe's: as `first_person` of its [reading]."""
    spread: bool | None = None
    """Other than the recipe's: as `spread` of its [reading]."""
    columns: tuple[str, ...] = ()
    """As `inputs` of a recipe's [labels]; empty: all of them."""

    def read(self) -> tuple[str, str | None, str | None, bool | None, bool | None]:
        """Return what decides how reviews are read; inputs that agree in it are read once."""
        return self.recipe, self.emotion, self.rule, self.first_person, self.spread


class ModelChoice(_Section):
    """A label model."""

    name: str = Field(min_length=1)
    kind: str = "mlp"
    config: dict[str, Any] = {}
    weighting: Literal["review", "sqrt", "item"] = "sqrt"
    likeness: float = Field(default=0.0, ge=0.0, le=2.0)
    without_stars: bool = False
    """Train it a second time on inputs that tell nothing of the reviewer's stars. (The recipe names their column.)"""
    only: tuple[str, ...] = ()
    """Names of inputs that it is trained on; empty: all of them."""


class ComparisonFile(_Section):
    """The whole file."""

    title: str = ""
    against: str = ""
    """The row, "model, input", that all others are tested against beside the best one; the base rates if empty."""
    inputs: tuple[InputChoice, ...] = Field(min_length=1)
    models: tuple[ModelChoice, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names(self) -> "ComparisonFile":
        for what, names in (("inputs", [i.name for i in self.inputs]), ("models", [m.name for m in self.models])):
            if len(set(names)) != len(names):
                raise ValueError(f"two of [[{what}]] have the same name")
        for model in self.models:
            for name in model.only:
                if name not in [choice.name for choice in self.inputs]:
                    raise ValueError(f"model {model.name!r} is only for {name!r}, which is no input here")
        return self


@dataclass(frozen=True)
class Entrant:
    """One row of the comparison."""

    model: str
    input: str
    source: int
    """Which of the sources it reads."""
    labels: LabelSection
    without_stars: bool = False
    """Whether it is trained a second time without what tells of the stars."""

    @property
    def name(self) -> str:
        """What the row is called."""
        return f"{self.model}, {self.input}" if self.input else self.model


@dataclass(frozen=True)
class Comparison:
    """What is compared, ready to run."""

    title: str
    sources: tuple[tuple[Path, Recipe], ...]
    """Recipes, each with its file: they read the same reviews, with different emotion models."""
    entrants: tuple[Entrant, ...]
    against: str


def load_comparison(paths: list[Path]) -> Comparison:
    """Read a comparison's file, or make one of recipes: each recipe's own label model is a row then.

    Args:
        paths: One file with [[models]], or recipes.

    Raises:
        DataError, UnknownName, InputError: As `load_recipe`; or the recipes read different reviews.
    """
    if len(paths) == 1 and "models" in (raw := read_toml(paths[0])):
        return _from_file(paths[0], raw)
    recipes = [(path, load_recipe(path)) for path in paths]
    names = [recipe.name for _, recipe in recipes]
    if len(set(names)) < len(names):
        names = [str(path) for path, _ in recipes]
    entrants = [Entrant(_PRIOR, "", 0, LabelSection(kind="prior"))]
    given = zip(names, recipes, strict=True)
    entrants += [Entrant(name, "", i, recipe.labels) for i, (name, (_, recipe)) in enumerate(given)]
    title = "Label models of " + ", ".join(names)
    return Comparison(title, _checked(recipes), tuple(entrants), _PRIOR)


def _from_file(path: Path, raw: dict[str, Any]) -> Comparison:
    chosen = check_config(ComparisonFile, raw, what=f"comparison {path.name!r}")
    read: dict[tuple[Any, ...], int] = {}
    number = [read.setdefault(choice.read(), len(read)) for choice in chosen.inputs]
    recipes = [(path.parent / file, _changed(path.parent / file, *changes)) for file, *changes in read]
    entrants = [Entrant(_PRIOR, "", 0, LabelSection(kind="prior"))]
    for model in chosen.models:
        what = f"comparison {path.name!r}, model {model.name!r}"
        check_config(label_models.get(model.kind).Config, model.config, what=what)
        for choice, source in zip(chosen.inputs, number, strict=True):
            if model.only and choice.name not in model.only:
                continue
            section = LabelSection(
                kind=model.kind,
                config=model.config,
                inputs=choice.columns,
                weighting=model.weighting,
                likeness=model.likeness,
            )
            entrants.append(Entrant(model.name, choice.name, source, section, model.without_stars))
    against = chosen.against or _PRIOR
    if against not in [entrant.name for entrant in entrants]:
        raise InputError(f"comparison {path.name!r}: there is no row {against!r} to test against")
    title = chosen.title or path.stem
    return Comparison(title, _checked(recipes), tuple(entrants), against)


def _changed(
    path: Path, emotion: str | None, rule: str | None, first_person: bool | None, spread: bool | None
) -> Recipe:
    """Return a recipe with another emotion model or reading."""
    recipe = load_recipe(path)
    if emotion is not None:
        recipe = recipe.model_copy(update={"emotion": EmotionSection(use=emotion)})
    changes = {"rule": rule, "first_person": first_person, "spread": spread}
    reading = recipe.reading.model_copy(update={name: value for name, value in changes.items() if value is not None})
    return recipe.model_copy(update={"reading": reading})


def _checked(recipes: list[tuple[Path, Recipe]]) -> tuple[tuple[Path, Recipe], ...]:
    first = recipes[0][1]
    for path, recipe in recipes:
        if not recipe.reviews:
            raise InputError(f"recipe {path.name!r} has no reviews: there is no label model to compare")
        if (recipe.reviews, recipe.seed) != (first.reviews, first.seed):
            raise InputError(
                f"recipe {path.name!r} reads other reviews than {recipes[0][0].name!r}, or has another seed: recipes "
                "are compared on the same ones"
            )
    return tuple(recipes)
