"""Tables to disk: CSV, TSV and JSONL by the standard library, Parquet by polars; whole or not at all.

The counterpart of `ilgi.training.tables`: the suffix names the format, and the same rows give the same bytes.
"""

import contextlib
import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from ilgi.errors import InputError
from ilgi.registry import missing_extra

Cell = str | int | np.float32 | list[str] | list[float]
"""What a cell may hold. CSV and TSV write a list as its text (['Drama', 'Comedy']), JSONL and Parquet as a list."""

_PARQUET_ROWS: Final = 50_000


def check_table_name(path: Path) -> None:
    """Check that a table can be written under this name, before any work is done for it.

    Raises:
        InputError: The suffix names no format, or the path is a folder.
        MissingExtra: It is Parquet, and polars is not installed.
    """
    if path.suffix.casefold() not in _WRITERS:
        raise InputError(f"{path.name} is no known kind of table: use .csv, .tsv, .jsonl or .parquet")
    if path.is_dir():
        raise InputError(f"{path} is a folder: name the file to write")
    if path.suffix.casefold() == ".parquet":
        _polars()


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], *, scratch: Path | None = None
) -> None:
    """Write a table so that a reader, or a crash, sees the old file or the new one and nothing between.

    Args:
        path: Where to; the suffix names the format.
        columns: The columns, in order.
        rows: Each with every column.
        scratch: Folder on the same disk for the unfinished file, which a kill leaves behind; beside `path` if None.

    Raises:
        InputError, MissingExtra: As `check_table_name`.
        OSError: It cannot be written; what was there before stays.
    """
    check_table_name(path)
    write = _WRITERS[path.suffix.casefold()]
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=scratch or path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    temporary = Path(name)
    try:
        write(temporary, columns, rows)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _text_of(cell: Cell) -> str:
    # The shortest text that reads back as the same float32.
    return str(cell) if not isinstance(cell, list) else "[" + ", ".join(repr(part) for part in cell) + "]"


def _write_separated(separator: str) -> Callable[[Path, Sequence[str], Iterable[Mapping[str, Cell]]], None]:
    def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_text_of(row[column]) for column in columns] for row in rows)

    return write


def _write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        _write_lines(stream, columns, rows)


def _write_lines(stream: IO[str], columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    for row in rows:
        json.dump({column: _plain(row[column]) for column in columns}, stream, ensure_ascii=False, allow_nan=False)
        stream.write("\n")


def _plain(cell: Cell) -> Any:  # noqa: ANN401 — a JSON value
    return float(str(cell)) if isinstance(cell, np.floating) else cell


def _write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> None:
    pl = _polars()
    # Lists are said to be of words or numbers: a first block of empty ones would tell nothing of what is in them.
    said = {"genres": pl.List(pl.String), "emotions": pl.List(pl.Float64)}
    said = {column: kind for column, kind in said.items() if column in columns}
    frames = [
        pl.DataFrame({column: [_plain(row[column]) for row in block] for column in columns}, schema_overrides=said)
        for block in _blocks(rows, _PARQUET_ROWS)
    ]
    frame = pl.concat(frames) if frames else pl.DataFrame({column: [] for column in columns}, schema_overrides=said)
    doubles = [column for column, kind in frame.schema.items() if kind == pl.Float64]
    frame.with_columns(pl.col(doubles).cast(pl.Float32)).write_parquet(path)


def _blocks(rows: Iterable[Mapping[str, Cell]], size: int) -> Iterator[list[Mapping[str, Cell]]]:
    block: list[Mapping[str, Cell]] = []
    for row in rows:
        block.append(row)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def _polars() -> Any:  # noqa: ANN401 — polars is an optional module and has no type here
    try:
        import polars as pl
    except ModuleNotFoundError as error:
        raise missing_extra("writing Parquet", error) from error
    return pl


_WRITERS: Final[dict[str, Callable[[Path, Sequence[str], Iterable[Mapping[str, Cell]]], None]]] = {
    ".csv": _write_separated(","),
    ".tsv": _write_separated("\t"),
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
