"""A recipe: the TOML file that names every choice by which a bundle is made.

The keys are the fields of `Recipe` and of the classes it is built from; a key that none of them knows is refused with
the nearest right name. Data paths are relative to the data folder and cannot lead out of it, so that a recipe from
somebody else reads nothing but the data it was given. Classes are named by their registered kind, never by an import
path, and their own settings are checked by their own `Config`.
"""

import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from ilgi.errors import DataError, IlgiError, InputError, UnknownName
from ilgi.language import Language
from ilgi.vocabulary import nearest


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or "\\" in path or ":" in path or ".." in pure.parts:
        raise ValueError("must be a path inside the data folder, such as 'reviews/films.csv'")
    return str(pure)


DataPath = Annotated[str, AfterValidator(_inside)]
"""A path relative to the data folder, with forward slashes."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
"""A short name that is safe in file names."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmotionSection(_Section):
    """The emotion model: trained here, or one that exists."""

    use: str = "linear"
    """"linear" or "encoder" trains one on the data sets in the folder emotion/ of the data folder. Otherwise one that
    exists: "bundle:FOLDER" (its stage "emotion") or "onnx:FOLDER", the folder relative to the recipe's own."""
    config: dict[str, Any] = {}
    """Settings of the model that is trained."""


class ReadingSection(_Section):
    """How sentences add up to a text."""

    rule: str = "length"
    """The rule of aggregation, one of `ilgi.emotion.aggregate.RULES`."""
    first_person: bool = False
    """Whether of a review only the sentences are read in which somebody speaks of themselves (all of it where there are
    none), as people do in a diary. Diaries are always read whole."""
    spread: bool = False
    """Whether label models may also read how far each column differs between the sentences of a text (the group
    "spread" of their inputs); that takes another pass over every text."""
    sure_below: float | None = Field(default=None, ge=0.0, le=1.0)
    """A text counts as unsure where neutral reaches this; None never asks."""
    mood_least: float | None = Field(default=None, ge=0.0, le=1.0)
    """A text counts as unsure where more than two moods have at least this share; None never asks."""

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write switches down only where they are on: bundles and run folders without them stay what they were."""
        written: dict[str, Any] = handler(self)
        return {key: value for key, value in written.items() if value or key not in ("first_person", "spread")}


class LabelTable(_Section):
    """A second table that holds the labels of the items, where the review table doesn't."""

    path: DataPath
    licence: str
    item_column: str
    columns: dict[str, str] = Field(min_length=1)
    """Columns with labels, the most trusted first → the place each comes from, which says what an absent label means
    there (`reviews.item_labels.KNOWN_AT`). An item takes its labels from the first column that has any."""
    title_column: str | None = None
    """Column with title and year, by which the same item in another table is recognised."""


class ReviewTable(_Section):
    """One table of reviews."""

    name: Name
    path: DataPath
    licence: str
    language: Language | None = None
    """Of all its texts; found out for each if None."""
    text_column: str
    item_column: str
    title_column: str | None = None
    """Column with title and year, by which the same item in another table is recognised."""
    rating_column: str | None = None
    """Column with the reviewer's stars, for telling what a model owes to them; nothing is learned from it."""
    unrated: float | None = None
    """The number that stands for "no stars" there."""
    label_column: str | None = None
    place: str = "tmdb"
    """Where the labels in `label_column` come from (`ilgi.training.reviews.item_labels.KNOWN_AT`)."""
    labels_from: LabelTable | None = None
    labelled: bool = False
    """Use only reviews of items that have labels; the others can only say what is ordinary in a review."""
    limit: int | None = Field(default=None, ge=1)
    """Use at most so many reviews, drawn at random."""

    @model_validator(mode="after")
    def _one_source_of_labels(self) -> "ReviewTable":
        if (self.label_column is None) == (self.labels_from is None):
            raise ValueError("needs either label_column or labels_from")
        return self


class DiarySource(_Section):
    """Texts that read like a diary, for the reference of what is ordinary in one."""

    name: Name
    path: DataPath
    licence: str
    language: Language
    text_column: str = "text"
    cut: Literal["rows", "entries"] = "rows"
    """"rows" takes each row as one text; "entries" cuts a printed diary at its dates."""
    first_person: bool = False
    """Keep only texts in which somebody speaks of themselves."""
    join: int = Field(default=1, ge=1, le=20)
    """Put up to so many rows together to one text of several sentences (the number is drawn for each)."""
    join_column: str | None = None
    """Join only rows that agree in this column, as the sentences of one day agree in mood."""
    rows: int = Field(default=2000, ge=1)
    """How many texts to keep at most, drawn at random."""


class SplitSection(_Section):
    """Shares of the items."""

    train: float = Field(default=0.8, gt=0.0, lt=1.0)
    validation: float = Field(default=0.1, gt=0.0, lt=1.0)
    test: float = Field(default=0.1, gt=0.0, lt=1.0)

    @model_validator(mode="after")
    def _whole(self) -> "SplitSection":
        if abs(self.train + self.validation + self.test - 1.0) > 1e-9:
            raise ValueError("train, validation and test must add up to 1")
        return self


class LabelSection(_Section):
    """The label model."""

    kind: str = "mlp"
    config: dict[str, Any] = {}
    inputs: tuple[str, ...] = ()
    """Affect columns that it reads, by name or in groups ("moods", "emotions", "dimensions", "spread": see `inputs_of`
    in `ilgi.training.label_stage`); empty: all of them."""
    weighting: Literal["review", "sqrt", "item"] = "sqrt"
    """How much an item with r reviews counts in all: r, √r or 1."""
    likeness: float = Field(default=0.0, ge=0.0, le=2.0)
    """How much more a review counts that reads like a diary: its weight is multiplied by the odds that it is one
    (`ilgi.training.shift`), to this power; 0 weights by nothing."""


class RankingSection(_Section):
    """The ranker that the bundle answers with."""

    kind: str = "cosine"
    config: dict[str, Any] = {"rule": "lift"}


class AssessSection(_Section):
    """How the result is measured."""

    repeats: int = Field(default=1000, ge=10)
    """Bootstrap samples behind each interval."""
    prototype_epochs: int = Field(default=1000, ge=1)
    """Passes of the baseline that does as the prototype did, which made 1,000."""


class Recipe(_Section):
    """Every choice by which one bundle is made."""

    name: Name
    """The bundle's name."""
    title: str = ""
    """What it is, in one line, for the model card."""
    domain: Name = "movies"
    """The domain whose embedded catalogue the golden outputs are made with."""
    seed: int = Field(default=0, ge=0)
    based_on: str = ""
    """For a domain without reviews: a bundle whose emotion model, reading, reference and families this one takes over,
    by its domain where it ships with ilgi, else by its folder; labels are then learned from our own diaries."""
    emotion: EmotionSection = EmotionSection()
    reading: ReadingSection = ReadingSection()
    reviews: tuple[ReviewTable, ...] = ()
    """Without any (and without [[diary]]) the bundle holds the emotion model alone, for other recipes to use."""
    diary: tuple[DiarySource, ...] = ()
    split: SplitSection = SplitSection()
    labels: LabelSection = LabelSection()
    families: LabelSection | None = None
    """How the families of feelings are learned from our own diaries; None: they are not, and there are no goals."""
    ranking: RankingSection = RankingSection()
    assess: AssessSection = AssessSection()

    @model_validator(mode="after")
    def _whole(self) -> "Recipe":
        if self.based_on and (self.reviews or self.diary or self.families is not None):
            raise ValueError("based_on takes over what [[reviews]], [[diary]] and [families] would say: leave them out")
        if bool(self.reviews) != bool(self.diary):
            missing = "diary" if self.reviews else "reviews"
            raise ValueError(f"needs [[{missing}]] too, or neither of them for an emotion model alone")
        return self

    @model_validator(mode="after")
    def _distinct(self) -> "Recipe":
        for what, names in (("reviews", [r.name for r in self.reviews]), ("diary", [d.name for d in self.diary])):
            if len(set(names)) != len(names):
                raise ValueError(f"two tables of [[{what}]] have the same name")
        return self


Model = TypeVar("Model", bound=BaseModel)


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        DataError: The file is missing or not TOML.
        UnknownName: A key is unknown, carries the nearest right ones; or a registered kind is.
        InputError: A value can't be used; names the key.
    """
    raw = read_toml(path)
    return parse_recipe(raw, what=f"recipe {path.name!r}")


def read_toml(path: Path, what: str = "recipe") -> dict[str, Any]:
    """Return the tables of a file, unchecked.

    Args:
        path: The file.
        what: What to call it in errors.

    Raises:
        DataError: The file is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{what} {str(path)!r} cannot be read ({error.strerror}): name a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{what} {path.name!r} is not TOML: {error}") from error


def parse_recipe(raw: dict[str, Any], *, what: str = "recipe") -> Recipe:
    """Check a recipe that is already read.

    Args:
        raw: The tables of the TOML file.
        what: What to call it in errors.

    Raises:
        UnknownName, InputError: As `load_recipe`.
    """
    recipe = check_config(Recipe, raw, what=what)
    # Imported here: a recipe can be described (`--help`, docs) without loading a single model.
    from ilgi.emotion.aggregate import RULES
    from ilgi.label.base import label_models
    from ilgi.ranking.base import rankers

    if recipe.reading.rule not in RULES:
        rules = list(RULES)
        raise UnknownName("rule of reading", recipe.reading.rule, rules, nearest(recipe.reading.rule, rules))
    check_config(label_models.get(recipe.labels.kind).Config, recipe.labels.config, what=f"{what}, labels.config")
    if recipe.families is not None:
        config = label_models.get(recipe.families.kind).Config
        check_config(config, recipe.families.config, what=f"{what}, families.config")
    ranking = getattr(rankers.get(recipe.ranking.kind), "Config", None)
    if ranking is not None:
        check_config(ranking, recipe.ranking.config, what=f"{what}, ranking.config")
    return recipe


def check_config(model: type[Model], raw: object, *, what: str) -> Model:
    """Return `raw` as an instance of a pydantic class, with its first fault told in one line.

    Args:
        model: The class.
        raw: Usually a dict.
        what: What to call the whole in the error.

    Raises:
        UnknownName: A key is unknown; carries the nearest right ones.
        InputError: A value can't be used; names the key.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _told(model, error, what) from error


def _told(model: type[BaseModel], error: ValidationError, what: str) -> IlgiError:
    # An unknown key comes first: it is often why another one is missing.
    faults = sorted(error.errors(include_url=False), key=lambda f: f["type"] != "extra_forbidden")
    fault = faults[0]
    where = _dotted(fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = _keys_at(model, fault["loc"][:-1])
        key = str(fault["loc"][-1])
        inside = _dotted(fault["loc"][:-1])
        return UnknownName(f"key of {what}" + (f" in {inside}" if inside else ""), key, known, nearest(key, known))
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "missing":
        return InputError(f"{what}: {where} is missing")
    return InputError(f"{what}: {where}: {message}" if where else f"{what}: {message}")


def _dotted(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that a nested section knows, following the annotations of the classes."""
    for part in loc:
        if isinstance(part, int):
            continue
        inner = _model_in(model.model_fields[part].annotation)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 — any type annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def resolve_inside(data_dir: Path, path: str) -> Path:
    """Return the file or folder of a data path, following links, and refuse one outside the data folder.

    Raises:
        DataError: It doesn't exist, or a link leads out of the data folder.
    """
    root = data_dir.resolve()
    target = (root / path).resolve()
    if not target.is_relative_to(root):
        raise DataError(f"data path {path!r} leads out of the data folder: put the file itself there")
    if not target.exists():
        raise DataError(f"there is no {path!r} in the data folder {str(data_dir)!r}: set --data-dir or ILGI_DATA_DIR")
    return target
