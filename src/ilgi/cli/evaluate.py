"""`ilgi evaluate`: how good a bundle is on a table of reviews whose labels are known, or on people's tags of mood."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ilgi.settings import Settings
    from ilgi.training.progress import Progress


def evaluate(
    what: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[BUNDLE|RECIPE...]",
            help="Folders of bundles (the embedded one if nothing is named); or recipes, or one comparison, as TOML.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="For a bundle, a table of reviews: .csv, .tsv, .jsonl or .parquet.", metavar="TABLE"),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column with the text.", metavar="NAME")] = "",
    item_column: Annotated[str, typer.Option(help="Column with the item that the text is about.", metavar="NAME")] = "",
    label_column: Annotated[str, typer.Option(help="Column with the item's labels (genres).", metavar="NAME")] = "",
    place: Annotated[
        str,
        typer.Option(
            help="Where the labels come from (tmdb, movielens, naver): says which labels can be missing there.",
            metavar="NAME",
        ),
    ] = "tmdb",
    mood_tags: Annotated[
        bool, typer.Option("--mood-tags", help="Measure by people's tags of mood instead of by reviews.")
    ] = False,
    folds: Annotated[
        int, typer.Option(help="For recipes: parts of the films, each predicted from the others.", min=2, max=20)
    ] = 5,
    by_time: Annotated[
        bool, typer.Option("--by-time", help="For recipes: predict the newest films from the earlier ones instead.")
    ] = False,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder with catalog/mood_tags.tsv, for --mood-tags, or with a recipe's data.", metavar="DIR"
        ),
    ] = None,
    runs_dir: Annotated[
        Path, typer.Option(help="For recipes: where scores, trainings and the report are kept.", metavar="DIR")
    ] = Path("runs"),
    repeats: Annotated[
        int | None,
        typer.Option(help="Bootstrap samples behind each interval.", min=10, show_default="1000; 300 by tags"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.", min=0)] = 0,
    workers: Annotated[
        int | None, typer.Option(help="Processes that work at once.", min=1, show_default="one per core")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the report to this JSON file.", metavar="PATH")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure bundles on reviews, or one by tags of mood, or compare the label models of recipes, with intervals."""
    import json

    from ilgi.bundle import dump_json, write_atomically
    from ilgi.errors import InputError
    from ilgi.settings import load_settings
    from ilgi.training.progress import open_progress

    columns = (text_column, item_column, label_column)
    recipes = [path for path in what or [] if path.suffix == ".toml"]
    if recipes and len(recipes) < len(what or []):
        raise InputError("a bundle cannot be compared with recipes: its model is trained already; name recipes alone")
    if recipes and (mood_tags or data is not None or any(columns)):
        raise InputError("recipes name their own data: leave out --data, the columns and --mood-tags")
    if mood_tags and len(what or []) > 1:
        raise InputError("--mood-tags measures one bundle at a time: name one")
    if mood_tags and (data is not None or any(columns)):
        raise InputError("--mood-tags reads its own table: leave out --data and the columns")
    if not recipes and not mood_tags and (data is None or not all(columns)):
        raise InputError(
            "name the reviews with --data, --text-column, --item-column and --label-column, or ask for --mood-tags"
        )
    settings = load_settings(data_dir=data_dir)
    bundles = [] if recipes else list(what or [])
    threads = workers or settings.threads
    with open_progress() as progress:
        if recipes:
            report, text = _recipes(
                recipes, settings, runs_dir, folds, repeats or 1000, threads, progress, by_time=by_time
            )
        elif data is None:
            report, text = _by_tags(bundles[0] if bundles else None, settings, repeats or 300, seed, progress)
        else:
            report, text = _by_reviews(
                bundles, settings, data, columns, place, repeats or 1000, seed, threads, progress
            )
    # Shown first: where the file cannot be written, what was measured is not lost.
    print(json.dumps(report, ensure_ascii=False) if as_json else text)
    if out is not None:
        write_atomically(out, dump_json(report).encode())


def _recipes(
    recipes: list[Path],
    settings: "Settings",
    runs_dir: Path,
    folds: int,
    repeats: int,
    workers: int,
    progress: "Progress",
    *,
    by_time: bool,
) -> tuple[dict[str, Any], str]:
    from ilgi.errors import InputError
    from ilgi.training.compare import compare_recipes

    if settings.data_dir is None:
        raise InputError("no data folder: name it with --data-dir or ILGI_DATA_DIR")
    found = compare_recipes(
        recipes,
        data_dir=settings.data_dir,
        runs_dir=runs_dir,
        folds=folds,
        by_time=by_time,
        repeats=repeats,
        workers=workers,
        progress=progress,
        cache_dir=settings.home / "cache" / "annotate",
    )
    return found.report, f"{found.text}\nreport.json, report.md and pictures are in {found.folder}"


def _by_tags(
    bundle: Path | None, settings: "Settings", repeats: int, seed: int, progress: "Progress"
) -> tuple[dict[str, Any], str]:
    from ilgi.errors import InputError
    from ilgi.training.mood_measure import evaluate_mood_tags, mood_tags_text

    if settings.data_dir is None:
        raise InputError("no data folder: name it with --data-dir or ILGI_DATA_DIR")
    cache = settings.home / "cache" / "annotate"
    given: dict[str, Any] = {"repeats": repeats, "seed": seed, "cache_dir": cache, "progress": progress}
    report = evaluate_mood_tags(bundle, settings.data_dir, **given)
    return report, mood_tags_text(report)


def _by_reviews(
    bundles: list[Path],
    settings: "Settings",
    table: Path,
    columns: tuple[str, str, str],
    place: str,
    repeats: int,
    seed: int,
    workers: int,
    progress: "Progress",
) -> tuple[dict[str, Any], str]:
    from ilgi.recommender import embedded_bundles
    from ilgi.training.evaluate import evaluate_bundle, evaluate_bundles, evaluation_text, evaluations_text
    from ilgi.training.reviews.read import ReviewColumns

    text, item, label = columns
    read = ReviewColumns(text=text, item=item, labels=label)
    given: dict[str, Any] = {"place": place, "repeats": repeats, "seed": seed, "workers": workers, "progress": progress}
    given["cache_dir"] = settings.home / "cache" / "annotate"
    if len(bundles) > 1:
        report = evaluate_bundles(bundles, table, read, **given)
        return report, evaluations_text(report)
    report = evaluate_bundle(bundles[0] if bundles else embedded_bundles()["movies"], table, read, **given)
    return report, evaluation_text(report)
