"""A search over a recipe: its films are scored once, every setting of the space is trained, a table comes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ilgi.errors import InputError, TrainingError
from ilgi.training.label_stage import row_weights
from ilgi.training.prepare import Place, Prepared
from ilgi.training.progress import Progress, Silent
from ilgi.training.recipe import load_recipe
from ilgi.training.sweep import SweepData, sweep, sweep_table, told
from ilgi.training.sweep_space import load_space
from ilgi.vocabulary import Vocabulary
from ilgi.words import GENRES


@dataclass(frozen=True)
class SweepSummary:
    """What a search gave."""

    table: Path
    """All settings, best first, tab-separated."""
    results: tuple[Mapping[str, Any], ...]
    """The same as JSON rows; see `ilgi.training.sweep.sweep`."""
    text: str
    """The best few for people, and the best as a recipe's [labels]."""


def sweep_recipe(
    recipe: Path,
    space: Path,
    *,
    data_dir: Path,
    runs_dir: Path,
    workers: int = 1,
    progress: Progress | None = None,
    seed: int | None = None,
    cache_dir: Path | None = None,
) -> SweepSummary:
    """Search for a recipe's label model.

    Settings are compared on the validation films; the test films are left alone, so that the bundle which is trained
    with the winner can be measured on them.

    Args:
        recipe: The recipe's TOML file.
        space: The space's TOML file, see `ilgi.training.sweep_space`.
        data_dir: The folder that the recipe's data paths are relative to.
        runs_dir: Where run folders and scores are kept; the table comes to lie there too.
        workers: How many processes may train at once.
        progress: Told what is done.
        seed: Instead of the recipe's.
        cache_dir: As for `run_recipe`.

    Raises:
        InputError: The recipe or the space can't be used.
        DataError: A table can't be read or holds nothing to learn from.
        TrainingError: A file can't be written; what is done is kept.
    """
    chosen, progress = load_recipe(recipe), progress or Silent()
    searched = load_space(space)
    if not chosen.reviews:
        raise InputError(f"recipe {recipe.name!r} has no reviews to search on: only [labels] can be searched")
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    place = Place(chosen, recipe.resolve().parent, data_dir, runs_dir, workers, progress, cache_dir)
    try:
        run = place.run()
        emotion = place.emotion(run)
        data = sweep_data(place.prepare(emotion), emotion.scorer(chosen.reading).columns)
        folder = run.folder / "sweep"
        given: dict[str, Any] = {"folder": folder, "seed": chosen.seed, "workers": workers, "progress": progress}
        results = sweep(data, searched, chosen.labels, **given)
        table = run.write("sweep.tsv", sweep_table(results).encode())
    except OSError as error:
        raise TrainingError(
            f"cannot read or write ({error.strerror or error}): mend that, then run the same command again; it goes on "
            "where it stopped"
        ) from error
    return SweepSummary(table, tuple(results), _text(results, searched.search.metric))


def sweep_data(prepared: Prepared, columns: Vocabulary) -> SweepData:
    """Return what the trials of a search are trained on and measured by."""
    reviews = prepared.scored.reviews
    train, valid = (prepared.rows_of(part, prepared.standard) for part in ("train", "validation"))
    films = reviews.film_of[prepared.rows["validation"]]
    return SweepData(
        columns=columns,
        labels=GENRES,
        train_x=train.affect,
        train_y=train.labels,
        train_w=train.weight,
        train_film=np.asarray(reviews.film_of[prepared.rows["train"]]),
        valid_x=valid.affect,
        valid_y=reviews.labels[films],
        valid_known=reviews.known[films],
        valid_w=row_weights(films, "item"),
    )


def _text(results: list[dict[str, Any]], metric: str) -> str:
    best = results[0]
    lines = [f"{len(results)} settings, best first by {metric.replace('_', ' ')} on the validation films:"]
    lines += [f"  {told(result)}" for result in results[:5]]
    mine = next((place for place, result in enumerate(results, start=1) if result["number"] == 0), None)
    lines += [
        f"the recipe's own came in at place {mine}",
        "",
        "the best for a recipe:",
        "",
        labels_toml(best["labels"]),
    ]
    return "\n".join(lines)


def labels_toml(section: Mapping[str, Any]) -> str:
    """Return a [labels] section as TOML, without what is left at its default."""
    lines = ["[labels]", f"kind = {_toml(section['kind'])}", f"weighting = {_toml(section['weighting'])}"]
    if section["inputs"]:
        lines.append(f"inputs = {_toml(section['inputs'])}")
    if section["config"]:
        lines.append(f"config = {_toml(section['config'])}")
    return "\n".join(lines)


def _toml(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else json.dumps(name, ensure_ascii=False)
