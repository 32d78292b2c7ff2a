"""Tables from disk, row by row: CSV, TSV and JSONL by the standard library, Parquet by polars.

The suffix names the format; text formats may also be compressed (`reviews.csv.gz`). All text is UTF-8, with or without
a byte order mark, and a row is a dict: column name → text, number or list, None where the cell is empty. Nothing is
guessed silently: what cannot be read raises a `DataError` with the line it stands on, and never quotes a cell, because
cells may hold somebody's diary.

TSV comes in two dialects. Where every line has as many tabs as the header, a line is a row and a quotation mark is an
ordinary character, so that a lone one in a title swallows nothing; only a cell wrapped in quotes as a whole ("" too) is
unwrapped. Otherwise the table is read as quoted, as spreadsheets write it, with tabs and line breaks inside quotes.
"""

import csv
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from ilgi.errors import DataError, InputError
from ilgi.registry import missing_extra
from ilgi.vocabulary import nearest

_BOM: Final = b"\xef\xbb\xbf"
_LARGEST_CELL: Final = 2**31 - 1
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# A cell that is quoted as a whole: inside, quotes stand doubled or not at all.
_WRAPPED: Final = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)

Record = tuple[int, list[str]]
"""The line a record begins on (from 1), and its cells."""


def read_rows(path: Path, *, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table one by one, in file order.

    Args:
        path: A `.csv`, `.tsv` (or `.tab`, `.txt`), `.jsonl` (or `.ndjson`) or `.parquet` file; all but the last may
            end in `.gz`.
        columns: The columns that are needed; the others are left out. All of them if None.

    Raises:
        InputError: There is no such file, or its suffix names no format.
        DataError: The file is not what its suffix says, has no header, lacks a column, has a row that is longer or
            shorter than the header, or holds bytes that are not UTF-8.
        MissingExtra: It is Parquet, and polars is not installed.
    """
    reader = _reader_of(path)
    return reader(path, columns)


def columns_of(path: Path) -> list[str]:
    """Return the names of a table's columns, in order; for JSONL those of its first row.

    Raises:
        InputError: As `read_rows`.
        DataError: As `read_rows`.
        MissingExtra: As `read_rows`.
    """
    reader = _reader_of(path)
    if reader is _read_parquet:
        return _parquet_columns(path)
    if reader is _read_jsonl:
        return list(next(_read_jsonl(path, None), {}))
    with _open(path) as stream:
        header = next(_header_and_records(path, stream), None)
    return header[1] if header else _refuse_empty(path)


def _refuse_empty(path: Path) -> list[str]:
    raise DataError(f"{path.name} is empty: a table begins with a line of column names")


def _reader_of(path: Path) -> Callable[[Path, Sequence[str] | None], Iterator[dict[str, Any]]]:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    compressed = suffixes[-1:] == [".gz"]
    suffix = (suffixes[-2:-1] if compressed else suffixes[-1:]) or [""]
    reader = _READERS.get(suffix[0])
    if reader is None or (compressed and reader is _read_parquet):
        raise InputError(f"{path.name} is no known kind of table: use .csv, .tsv, .jsonl or .parquet")
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"{path} {problem}: name the file of a table")
    return reader


def _open(path: Path) -> BinaryIO:
    try:
        if path.suffix.casefold() == ".gz":
            return cast("BinaryIO", gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be opened ({error.strerror}): check who may read it") from error


def _lines(path: Path, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines with their ends, without a byte order mark."""
    try:
        for number, line in enumerate(stream):
            yield line.removeprefix(_BOM) if number == 0 else line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path.name} is not a whole gzip file: copy it again") from error


def _decode(path: Path, number: int, line: bytes) -> str:
    if b"\0" in line:
        raise DataError(f"{path.name}, line {number}: holds a NUL byte, so it is not UTF-8 text: save it as UTF-8")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name}, line {number}: byte {error.start + 1} is not UTF-8: save the table as UTF-8"
        ) from error


def _text_lines(path: Path, stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(_lines(path, stream), start=1):
        yield _decode(path, number, line)


def _separator(path: Path) -> str:
    return "," if ".csv" in [suffix.casefold() for suffix in path.suffixes[-2:]] else "\t"


def _header_and_records(path: Path, stream: BinaryIO) -> Iterator[Record]:
    """Yield the header, then the records, blank lines skipped, in the dialect of the file."""
    separator = _separator(path)
    uneven = None if separator == "," else _first_uneven_line(path)
    if separator == "\t" and uneven is None:
        yield from _plain_records(path, stream)
        return
    try:
        yield from _quoted_records(path, stream, separator)
    except DataError as error:
        if uneven is None:
            raise
        # Reading it as quoted did not help either, so the plain fault is the one to mend.
        number, tabs, wanted = uneven
        raise DataError(
            f"{path.name}, line {number}: has {tabs + 1} cells where the header has {wanted + 1}: mend that line"
        ) from error


def _first_uneven_line(path: Path) -> tuple[int, int, int] | None:
    """Return the first line whose number of tabs differs from the header's: (line, its tabs, the header's tabs)."""
    wanted: int | None = None
    with _open(path) as stream:
        for number, line in enumerate(_lines(path, stream), start=1):
            if not line.rstrip(b"\r\n"):
                continue
            tabs = line.count(b"\t")
            if wanted is None:
                wanted = tabs
            elif tabs != wanted:
                return number, tabs, wanted
    return None


def _plain_records(path: Path, stream: BinaryIO) -> Iterator[Record]:
    for number, line in enumerate(_text_lines(path, stream), start=1):
        bare = line.rstrip("\r\n")
        if bare:
            yield number, [unwrap(cell) if cell.startswith('"') else cell for cell in bare.split("\t")]


def unwrap(cell: str) -> str:
    """Return a cell without the quotes around it, doubled quotes made single; unchanged if it isn't quoted whole."""
    wrapped = _WRAPPED.fullmatch(cell)
    return wrapped[1].replace('""', '"') if wrapped else cell


def _quoted_records(path: Path, stream: BinaryIO, separator: str) -> Iterator[Record]:
    # The limit belongs to the whole process and its default (128 KiB) is shorter than a long review; it is only raised.
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST_CELL))
    reader = csv.reader(_text_lines(path, stream), delimiter=separator, strict=True)
    width: int | None = None
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            problem = "a quoted cell that begins there never ends, or has a quote inside that is not doubled"
            if "new-line" in str(error):
                problem = "line ends are not those of Unix or Windows"
            raise DataError(f"{path.name}, line {number}: {problem}: mend the quotes or save the table anew") from error
        if cells is None:
            return
        if not cells:
            continue
        width = len(cells) if width is None else width
        if len(cells) != width:
            raise DataError(
                f"{path.name}, line {number}: has {len(cells)} cells where the header has {width}: mend that line"
            )
        yield number, cells


def _read_separated(path: Path, columns: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    with _open(path) as stream:
        records = _header_and_records(path, stream)
        header = next(records, (1, []))[1] or _refuse_empty(path)
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise DataError(f"{path.name} has two columns named {twice[0]!r}: rename one of them")
        names = _check_columns(path, columns, header)
        at = [(name, header.index(name)) for name in names]
        for _, cells in records:
            yield {name: cells[i] or None for name, i in at}


def _read_jsonl(path: Path, columns: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    with _open(path) as stream:
        for number, line in enumerate(_text_lines(path, stream), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{path.name}, line {number}: is not JSON: write one object a line") from error
            if not isinstance(row, dict):
                raise DataError(f"{path.name}, line {number}: is not a JSON object: write one object a line")
            # JSON can spell half a character as \ud83d; nothing could write such a text out again.
            if "\\ud" in line.casefold() and _SURROGATE.search(json.dumps(row, ensure_ascii=False)):
                raise DataError(f"{path.name}, line {number}: holds half of a surrogate pair: write it as UTF-8")
            if columns is None:
                yield row
                continue
            # A row may leave out what it doesn't know; one that has none of the columns belongs to another table.
            if not any(name in row for name in columns):
                _check_columns(path, columns, list(row))
            yield {name: row.get(name) for name in columns}


def _polars() -> Any:  # noqa: ANN401  # polars is an optional module and has no type here
    try:
        import polars as pl
    except ModuleNotFoundError as error:
        raise missing_extra("reading Parquet", error) from error
    return pl


def _parquet_columns(path: Path) -> list[str]:
    pl = _polars()
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path.name} is not a Parquet file that can be read: copy it again") from error


def _read_parquet(path: Path, columns: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    pl = _polars()
    names = _check_columns(path, columns, _parquet_columns(path))
    try:
        frame = pl.read_parquet(path, columns=list(names))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path.name} is not a Parquet file that can be read: copy it again") from error
    # Python objects for a slice at a time: the whole frame as objects would be many times its size.
    for part in frame.iter_slices(10_000):
        for row in part.iter_rows(named=True):
            yield {name: None if value == "" else value for name, value in row.items()}


def _check_columns(path: Path, wanted: Sequence[str] | None, found: list[str]) -> Sequence[str]:
    """Return the columns to read.

    Raises:
        DataError: One that is wanted is not there.
    """
    if wanted is None:
        return found
    for name in wanted:
        if name not in found:
            near = nearest(name, found)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(found[:12])}"
            raise DataError(f"{path.name} has no column {name!r}: {hint}")
    return wanted


_READERS: Final[dict[str, Callable[[Path, Sequence[str] | None], Iterator[dict[str, Any]]]]] = {
    ".csv": _read_separated,
    ".tsv": _read_separated,
    ".tab": _read_separated,
    ".txt": _read_separated,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".parquet": _read_parquet,
}
