"""`ilgi train`: a recipe and raw tables in, a bundle out."""

from pathlib import Path
from typing import Annotated, Any

import typer


def train(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="The recipe, a TOML file.")],
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder that the recipe's data paths are relative to.", metavar="DIR")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the bundle to write.", metavar="DIR", show_default="bundles/NAME")
    ] = None,
    runs_dir: Annotated[
        Path, typer.Option(help="Folder where unfinished work and pictures are kept.", metavar="DIR")
    ] = Path("runs"),
    workers: Annotated[
        int | None, typer.Option(help="Processes that score at once.", min=1, show_default="one per core")
    ] = None,
    sweep: Annotated[
        Path | None,
        typer.Option(help="Search for the best [labels] in this space (TOML) and write a table.", metavar="SPACE"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Instead of the recipe's seed.", min=0, show_default="the recipe's")
    ] = None,
) -> None:
    """Train a bundle by a recipe, or search for its label model. A run that was stopped goes on where it was."""
    from ilgi.errors import InputError
    from ilgi.settings import load_settings
    from ilgi.training.pipeline import run_recipe
    from ilgi.training.progress import open_progress
    from ilgi.training.recipe import load_recipe
    from ilgi.training.sweep_recipe import sweep_recipe

    settings = load_settings(data_dir=data_dir)
    name = load_recipe(recipe).name
    if settings.data_dir is None:
        raise InputError("no data folder: name it with --data-dir or ILGI_DATA_DIR")
    if not settings.data_dir.is_dir():
        raise InputError(f"there is no data folder {str(settings.data_dir)!r}: check --data-dir or ILGI_DATA_DIR")
    if sweep is not None and out is not None:
        raise InputError("--sweep writes a table and no bundle: leave out --out")
    with open_progress() as progress:
        given: dict[str, Any] = {
            "data_dir": settings.data_dir,
            "runs_dir": runs_dir,
            "workers": workers or settings.threads,
            "progress": progress,
            "seed": seed,
            "cache_dir": settings.home / "cache" / "annotate",
        }
        if sweep is not None:
            found = sweep_recipe(recipe, sweep, **given)
        else:
            summary = run_recipe(recipe, out=out or Path("bundles") / name, **given)
    if sweep is not None:
        print(f"{found.text}\n\ntable    {found.table}")
        return
    print(summary.text)
    print(f"bundle   {summary.out}\npictures {summary.run}")
