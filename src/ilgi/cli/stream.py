"""JSON Lines in, JSON Lines out: readings of a stream of texts, in order and without waiting for more than there is."""

import json
import math
import sys
from collections.abc import Iterator
from io import BufferedReader
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ilgi.cli.as_json import reading_json, write_json
from ilgi.cli.text_input import LIMIT, without_surrogates
from ilgi.errors import InputError

if TYPE_CHECKING:
    from ilgi.emotion.reading import Reader
    from ilgi.language import Language

BATCH: Final = 64
"""How many texts are read at once at most."""

# A line may escape each byte of a text as six characters ("\\u00e9").
_LINE_LIMIT: Final = 6 * LIMIT
_CHUNK: Final = 1 << 20


class _Entry(NamedTuple):
    """One line of the stream."""

    id: Any
    text: str


def answer_lines(reader: "Reader", stream: BufferedReader, *, language: "Language | None" = None) -> None:
    """Write one reading for each line of the stream, flushed as soon as no more lines are waiting.

    A writer that sends one line and waits gets its answer; one that sends many has them read in batches. Blank lines
    are skipped. A blank text is answered (as not sure): one empty day does not end a stream.

    Args:
        reader: Reads the texts; none of them influences another.
        stream: Lines of JSON objects with a "text" and any "id", which is handed back.
        language: Of all texts; each is found out for itself if None.

    Raises:
        InputError: A line is not such an object; every line before it has been answered.
    """
    for waiting in _batches(stream):
        entries: list[_Entry] = []
        problem: InputError | None = None
        for number, line in waiting:
            try:
                entries.append(_parse(line, number))
            except InputError as error:
                problem = error
                break
        _answer(reader, entries, language)
        if problem is not None:
            raise problem


def _answer(reader: "Reader", entries: list[_Entry], language: "Language | None") -> None:
    languages = [language] * len(entries) if language is not None else None
    for entry, reading in zip(entries, reader.read_many([e.text for e in entries], languages), strict=True):
        write_json({"id": entry.id, **reading_json(reading)})
    sys.stdout.flush()


def _batches(stream: BufferedReader) -> Iterator[list[tuple[int, bytes]]]:
    """Yield lists of (line number, line), never empty: of what has arrived, at most `BATCH` lines or about 1 MiB."""
    number = 0
    for lines in _arrivals(stream):
        batch: list[tuple[int, bytes]] = []
        size = 0
        for line in lines:
            number += 1
            if not line.strip():
                continue
            batch.append((number, line))
            size += len(line)
            if len(batch) == BATCH or size >= _CHUNK:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _arrivals(stream: BufferedReader) -> Iterator[list[bytes]]:
    """Yield the whole lines that each read of the stream completes; a line over the limit is cut off and the last."""
    rest = bytearray()
    # `read1` waits only where nothing has arrived at all.
    while chunk := stream.read1(_CHUNK):
        head, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield bytes(rest + head).split(b"\n")
            rest = bytearray(tail)
        else:
            rest += chunk
        if len(rest) > _LINE_LIMIT:
            break
    if rest:
        yield [bytes(rest)]


def _parse(line: bytes, number: int) -> _Entry:
    if len(line) > _LINE_LIMIT:
        raise InputError(f"line {number} of standard input is too long: split the text")
    try:
        value = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise InputError(f'line {number} of standard input is not JSON: write one {{"id", "text"}} a line') from None
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise InputError(f'line {number} of standard input has no "text": write one {{"id", "text"}} a line')
    text = without_surrogates(value["text"])
    if len(text.encode()) > LIMIT:
        raise InputError(f"line {number} of standard input has a text over {LIMIT // 2**20} MiB: split it")
    return _Entry(value.get("id"), text)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("JSON has no infinity")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)
