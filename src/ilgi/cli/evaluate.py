"""`ilgi evaluate`: how good a bundle's labels are on a table of reviews whose labels are known."""

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder of the bundle.")],
    data: Annotated[Path, typer.Option(help="Table of reviews: .csv, .tsv, .jsonl or .parquet.", metavar="TABLE")],
    text_column: Annotated[str, typer.Option(help="Column with the text.", metavar="NAME")],
    item_column: Annotated[str, typer.Option(help="Column with the item that the text is about.", metavar="NAME")],
    label_column: Annotated[str, typer.Option(help="Column with the item's labels (genres).", metavar="NAME")],
    place: Annotated[
        str,
        typer.Option(
            help="Where the labels come from (tmdb, movielens, naver): says which labels can be missing there.",
            metavar="NAME",
        ),
    ] = "tmdb",
    repeats: Annotated[int, typer.Option(help="Bootstrap samples behind each interval.", min=10)] = 1000,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.", min=0)] = 0,
    workers: Annotated[
        int | None, typer.Option(help="Processes that score at once.", min=1, show_default="one per core")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the report to this JSON file.", metavar="PATH")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a bundle's labels on reviews, with 95 % intervals over items, beside the base rates."""
    import json

    from ilgi.bundle import dump_json, write_atomically
    from ilgi.settings import load_settings
    from ilgi.training.evaluate import evaluate_bundle, evaluation_text
    from ilgi.training.progress import open_progress
    from ilgi.training.reviews.read import ReviewColumns

    settings = load_settings()
    with open_progress() as progress:
        report = evaluate_bundle(
            bundle,
            data,
            ReviewColumns(text=text_column, item=item_column, labels=label_column),
            place=place,
            repeats=repeats,
            seed=seed,
            workers=workers or settings.threads,
            cache_dir=settings.home / "cache" / "annotate",
            progress=progress,
        )
    # Shown first: where the file cannot be written, what was measured is not lost.
    print(json.dumps(report, ensure_ascii=False) if as_json else evaluation_text(report))
    if out is not None:
        write_atomically(out, dump_json(report).encode())
