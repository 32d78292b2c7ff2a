"""A table of reviews in, a table of affect vectors out: resumable, cached, the same bytes every time.

The work lies beside the output, in `.OUT.parts/`: a manifest that says what it belongs to (hash of the input, model,
options) and the scores so far. A run that was killed finds them there; a run with another input, model or option
starts anew. The output is put together at the end, in one piece.

The columns of the output:

    row        number of the row in the input, from 0 (rows without text are left out)
    name       the item, as the input names it ("" if no item column is given)
    genres     the item's labels, as the input names them
    emotions   the prototype's four moods [joy, optimism, anger, sadness], summing to 1
    language   the language the text was taken for
    …          one column per affect column of the model, in [0, 1]
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ilgi.bundle import dump_json, sha256_of_file, write_atomically
from ilgi.catalog.genres import parse_genres
from ilgi.catalog.items import text_cell
from ilgi.emotion.views import mood_of
from ilgi.errors import DataError, InputError, TrainingError
from ilgi.language import detect_language
from ilgi.training.progress import Progress, Silent
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import CACHE_BYTES, Scorer, ScorerPool, score_all
from ilgi.training.table_writer import Cell, check_table_name, write_rows
from ilgi.training.tables import read_rows
from ilgi.words import MOODS

LEADING_COLUMNS: Final = ("row", "name", "genres", "emotions", "language")
_BLOCK: Final = 4096
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class AnnotateColumns:
    """Which columns of the input say what."""

    text: str
    item: str | None = None
    labels: str | None = None

    def names(self) -> list[str]:
        """Return the columns that are needed, each once."""
        return list(dict.fromkeys(c for c in (self.text, self.item, self.labels) if c is not None))


@dataclass(frozen=True)
class AnnotateReport:
    """What was done."""

    rows: int
    """Rows of the input."""
    written: int
    """Rows of the output."""
    without_text: int
    """Rows of the input that had no text."""
    columns: tuple[str, ...] = field(default=())
    """The columns of the output."""


def annotate_table(
    source: Path,
    out: Path,
    columns: AnnotateColumns,
    scorer: Scorer,
    *,
    workers: int = 1,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> AnnotateReport:
    """Write the affect of every review of a table that has text.

    Args:
        source: A table that `read_rows` can read.
        out: The table to write: .csv, .tsv, .jsonl or .parquet. An earlier one is replaced at the end.
        columns: What is in the input.
        scorer: The emotion model and the rule of aggregation.
        workers: How many processes may score at once.
        cache_dir: Folder of scores that all runs share; none is kept if None.
        progress: Told of each review.

    Raises:
        InputError: A path can't be used, or `out` would replace the input.
        DataError: The input can't be read, or lacks a column.
        TrainingError: The output can't be written (a full disk, for one); the work so far is kept.
    """
    check_table_name(out)
    if out.exists() and source.exists() and out.samefile(source):
        raise InputError("the output would replace the input: name another file")
    affect_columns = tuple(scorer.columns)
    clash = sorted(set(affect_columns) & set(LEADING_COLUMNS))
    if clash:
        raise InputError(f"the emotion model has a column {clash[0]!r}, which the output uses itself: rename it there")
    progress = progress or Silent()
    rows = _check_rows(source, columns)
    fingerprint = scorer.fingerprint()
    parts = out.parent / f".{out.name}.parts"
    try:
        _begin(parts, {"input": sha256_of_file(source), "columns": columns.names(), "scores": fingerprint})
        store = ScoreStore(parts, fingerprint, width=scorer.width)
        cache = None
        if cache_dir is not None:
            cache = ScoreStore(cache_dir, fingerprint, width=scorer.width, limit_bytes=CACHE_BYTES)
        written = 0

        def annotated() -> Iterator[dict[str, Cell]]:
            nonlocal written
            for block in _blocks(source, columns):
                for line in _lines(block, columns, pool, store, cache, affect_columns):
                    written += 1
                    yield line

        with ScorerPool(scorer, workers=workers) as pool:
            progress.start("reading reviews", rows, "reviews")
            for block in _blocks(source, columns):
                texts = [row[columns.text] for _, row in block]
                score_all([t for t in texts if t is not None], pool, store, cache=cache, progress=progress)
                progress.advance(sum(t is None for t in texts))
            progress.finish()
            header = (*LEADING_COLUMNS, *affect_columns)
            write_rows(out, header, annotated(), scratch=parts)
    except OSError as error:
        raise TrainingError(
            f"{str(out)!r} cannot be written ({error.strerror}): make room or choose another folder, then run the same "
            "command again; it goes on where it stopped"
        ) from error
    shutil.rmtree(parts, ignore_errors=True)
    return AnnotateReport(rows, written, rows - written, header)


def _check_rows(source: Path, columns: AnnotateColumns) -> int:
    """Return how many rows there are; what cannot be used is said now, before anything has been scored."""
    rows = 0
    for row in read_rows(source, columns=columns.names()):
        rows += 1
        if columns.labels is not None:
            try:
                parse_genres(row[columns.labels])
            except DataError as error:
                raise DataError(f"{source.name}, row {rows} of the table: {error}") from error
    return rows


def _begin(parts: Path, belongs_to: dict[str, Any]) -> None:
    """Keep the parts of an earlier run if they belong to the same work, else clear them away."""
    manifest = parts / _MANIFEST
    try:
        known = json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        known = None
    if known == belongs_to:
        return
    if parts.exists():
        shutil.rmtree(parts)
    write_atomically(manifest, dump_json(belongs_to).encode())


NumberedRow = tuple[int, dict[str, Any]]
"""A row with its number in the input."""


def _blocks(source: Path, columns: AnnotateColumns) -> Iterator[list[NumberedRow]]:
    """Yield the input in blocks, so that a table of any length fits in memory; a blank text becomes None."""
    block: list[NumberedRow] = []
    for number, row in enumerate(read_rows(source, columns=columns.names())):
        text = row[columns.text]
        if text is not None and not isinstance(text, str):
            raise DataError(f"{source.name}, row {number}: column {columns.text!r} is not text: name the text column")
        row[columns.text] = text if text is not None and text.strip() else None
        block.append((number, row))
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _lines(
    block: Sequence[NumberedRow],
    columns: AnnotateColumns,
    pool: ScorerPool,
    store: ScoreStore,
    cache: ScoreStore | None,
    affect_columns: Sequence[str],
) -> Iterator[dict[str, Cell]]:
    kept = [(number, row) for number, row in block if row[columns.text] is not None]
    affect = score_all([row[columns.text] for _, row in kept], pool, store, cache=cache, progress=Silent())
    emotions = pool.scorer.model.emotions
    for (number, row), scores in zip(kept, affect, strict=True):
        mood = mood_of(emotions, scores[: len(emotions)])
        item = text_cell(row, columns.item) if columns.item is not None else ""
        yield {
            "row": number,
            "name": item,
            "genres": list(parse_genres(row[columns.labels])) if columns.labels is not None else [],
            "emotions": [round(float(mood[name]), 6) for name in MOODS],
            "language": detect_language(row[columns.text]),
            **dict(zip(affect_columns, scores, strict=True)),
        }
