"""`ilgi annotate`: a table of reviews in, a table with their affect out."""

from pathlib import Path
from typing import Annotated

import typer


def annotate(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Table of reviews: .csv, .tsv, .jsonl or .parquet.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Table to write; its suffix names the format.")],
    text_column: Annotated[str, typer.Option(help="Column with the text.", metavar="NAME")],
    item_column: Annotated[
        str | None, typer.Option(help="Column with the item that the text is about.", metavar="NAME")
    ] = None,
    label_column: Annotated[
        str | None, typer.Option(help="Column with the item's labels (genres).", metavar="NAME")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Emotion model: folder of a bundle, onnx:FOLDER or hf:NAME.", metavar="SPEC", show_default="embedded"
        ),
    ] = None,
    rule: Annotated[
        str | None, typer.Option(help="How sentences add up to a text.", metavar="NAME", show_default="the bundle's")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that score at once.", min=1, show_default="one per core")
    ] = None,
    cache: Annotated[bool, typer.Option(help="Keep scores by the hash of their text, for other runs.")] = True,
) -> None:
    """Write the affect of every review of a table. A run that was stopped goes on where it was."""
    import sys

    from ilgi.settings import load_settings
    from ilgi.training.annotate import AnnotateColumns, annotate_table
    from ilgi.training.progress import open_progress, told_count
    from ilgi.training.scoring import open_scorer

    settings = load_settings()
    scorer = open_scorer(model, rule=rule, bundle=settings.bundle)
    with open_progress() as progress:
        report = annotate_table(
            source,
            out,
            AnnotateColumns(text_column, item_column, label_column),
            scorer,
            workers=workers or settings.threads,
            cache_dir=settings.home / "cache" / "annotate" if cache else None,
            progress=progress,
        )
    left_out = f", {told_count(report.without_text, 'row')} without text left out" if report.without_text else ""
    print(f"{told_count(report.written, 'review')} written to {out}{left_out}", file=sys.stderr)
