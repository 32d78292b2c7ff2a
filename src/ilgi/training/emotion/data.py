"""The labelled texts that the linear emotion model learns from: many data sets, one table of targets.

Each source is one or two files in the folder `emotion/`; a source whose files are absent is left out. Train and
validation follow the data set's own files where it has two, else one text in ten, chosen by the hash of the text. A
training text that also stands in any validation part, in any source, is dropped.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import DataSource, sha256_of, sha256_of_file
from ilgi.emotion.base import AROUSAL, COLUMNS, DOMINANCE, MOOD_PREFIX, VALENCE
from ilgi.emotion.views import CIRCUMPLEX
from ilgi.errors import DataError, InputError
from ilgi.language import Language, detect_language
from ilgi.training.emotion.diaries import Entry, diary_entries
from ilgi.training.emotion.labels import TABLES
from ilgi.training.emotion.moments import Moment, moments
from ilgi.training.emotion.sentences import labelled_sentences
from ilgi.training.tables import read_rows
from ilgi.words import MOODS

Split = Literal["train", "validation"]

_SUFFIXES: Final = (".parquet", ".jsonl", ".csv", ".tsv")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_VALIDATION_TENTHS: Final = 1


@dataclass(frozen=True)
class _Source:
    name: str
    table: str
    """Entry of `TABLES`; "" for a source of numbers."""
    language: Language
    files: Mapping[str, Split | None]
    """File stem → its split; None splits by hash."""
    licence: str


_SOURCES: Final = (
    _Source("goemotions_en", "goemotions", "en", {"goemotions_en_train": "train", "goemotions_en_dev": "validation"},
            "Apache-2.0"),
    _Source("goemotions_ko", "goemotions", "ko", {"goemotions_ko_train": "train", "goemotions_ko_dev": "validation"},
            "Apache-2.0"),
    _Source("tweeteval", "tweeteval", "en",
            {"tweeteval_emotion_train": "train", "tweeteval_emotion_val": "validation"},
            "without any restrictions; Twitter's terms apply"),
    _Source("kote", "kote", "ko", {"kote_train": None}, "MIT"),
    _Source("isear", "isear", "en", {"isear_train": None}, "CC BY-NC-SA 3.0"),
    _Source("carer", "carer", "en", {"carer_train": "train", "carer_validation": "validation"}, "research use"),
    _Source("brighter", "brighter", "en", {"brighter_en_train": "train", "brighter_en_dev": "validation"},
            "CC BY 4.0"),
    _Source("xed", "xed", "en", {"xed_en": None}, "CC BY 4.0"),
    _Source("emobank", "", "en", {"emobank_train": "train", "emobank_dev": "validation"}, "CC BY-SA 4.0"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class EmotionData:
    """n labelled texts."""

    texts: tuple[str, ...]
    """(n) as the source has them."""
    source: tuple[str, ...]
    """(n) name of the data set."""
    language: tuple[Language, ...]
    """(n) language of the text."""
    split: tuple[Split, ...]
    """(n) "train" or "validation"."""
    targets: FloatMatrix
    """(n, 35) in [0, 1], columns as `ilgi.emotion.base.COLUMNS`; NaN where the source says nothing."""
    original: IntVector
    """(n,) the row whose translation this text is; -1 for a text that is not a translation of a row here."""
    data: tuple[DataSource, ...] = ()
    """The files it was read from."""

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    def rows(self, split: Split, source: str | None = None) -> IntVector:
        """Return the rows of a split, of one source if named, in order."""
        fits = [s == split and source in (None, name) for s, name in zip(self.split, self.source, strict=True)]
        return np.flatnonzero(fits)


def text_hash(text: str) -> str:
    """Return a hash of the text's letters and digits, blind to case, spacing and punctuation."""
    plain = _NOT_LETTERS.sub("", text.casefold())
    return hashlib.sha256((plain or text).encode("utf-8", "replace")).hexdigest()[:16]


def label_sentences(rows: Iterable[tuple[str, Sequence[str]]]) -> EmotionData:
    """Return training rows for sentences with GoEmotions labels: a handful makes a tiny model.

    Args:
        rows: Sentence and the labels that hold for it; all other labels of the 28 do not.
    """
    pairs = list(rows)
    table = TABLES["goemotions"]
    train: Split = "train"
    return EmotionData(
        texts=tuple(text for text, _ in pairs),
        source=("sentences",) * len(pairs),
        language=tuple(detect_language(text) for text, _ in pairs),
        split=(train,) * len(pairs),
        targets=np.array([table.read(labels) for _, labels in pairs], dtype=np.float32).reshape(-1, len(COLUMNS)),
        original=np.full(len(pairs), -1, dtype=np.int64),
    )


def load_emotion_data(data_dir: Path) -> EmotionData:
    """Read every emotion data set under `data_dir`/emotion.

    Args:
        data_dir: The data directory, laid out as docs/DATA.md describes.

    Raises:
        InputError: There is no such folder, or none of the known files in it.
        DataError: A file lacks a column, or holds a label or number that it should not.
        MissingExtra: A file is Parquet and polars is not installed.
    """
    folder = data_dir / "emotion"
    rows: list[_Row] = []
    data: list[DataSource] = []
    for source in _SOURCES:
        for stem, split in source.files.items():
            file = find_table(folder, stem)
            if file is not None:
                read = _read(source, file, split)
                rows += read
                data.append(DataSource(name=stem, licence=source.licence, sha256=sha256_of_file(file), rows=len(read)))
    if not data:
        raise InputError(f"there is no emotion data in {folder}: see docs/DATA.md for the files to put there")
    own = [
        _Row(text, "diary", detect_language(text), "train", _of_sentence(labels))
        for text, labels in labelled_sentences()
    ]
    entries = [
        _Row(entry.text, "entries", entry.language, "validation" if entry.held_out else "train", _of_entry(entry))
        for entry in diary_entries()
    ]
    short = [_Row(moment.text, "moments", moment.language, "train", _of_entry(moment)) for moment in moments()]
    data += [
        _describe("diary_sentences", "Apache-2.0", own),
        _describe("diary_entries", "CC0-1.0", entries),
        _describe("diary_moments", "CC0-1.0", short),
    ]
    rows += own + entries + short
    return _keep_apart(
        EmotionData(
            texts=tuple(row.text for row in rows),
            source=tuple(row.source for row in rows),
            language=tuple(row.language for row in rows),
            split=tuple(row.split for row in rows),
            targets=np.stack([row.targets for row in rows]),
            original=_originals(rows),
            data=tuple(data),
        )
    )


@dataclass(frozen=True, eq=False)
class _Row:
    text: str
    source: str
    language: Language
    split: Split
    targets: FloatVector
    number: int = -1
    """Place in its file, from 0."""


def _read(source: _Source, file: Path, split: Split | None) -> list[_Row]:
    rows = []
    for number, row in enumerate(read_rows(file)):
        text = row.get("text")
        if not isinstance(text, str):
            raise DataError(f"{file.name} row {number + 1} has no text: it needs a column 'text'")
        targets = _targets(source, row, file.name)
        rows.append(_Row(text, source.name, source.language, split or _split_by_hash(text), targets, number))
    return rows


def _originals(rows: Sequence[_Row]) -> IntVector:
    """Return for each row the row it is a translation of, or -1: GoEmotions stands row by row in both languages."""
    english = {(row.split, row.number): i for i, row in enumerate(rows) if row.source == "goemotions_en"}
    return np.array(
        [english.get((row.split, row.number), -1) if row.source == "goemotions_ko" else -1 for row in rows],
        dtype=np.int64,
    )


def find_table(folder: Path, stem: str) -> Path | None:
    """Return the file of a table in whichever format it lies there; None where there is none."""
    return next((p for suffix in _SUFFIXES if (p := folder / f"{stem}{suffix}").is_file()), None)


def _split_by_hash(text: str) -> Split:
    return "validation" if int(text_hash(text), 16) % 10 < _VALIDATION_TENTHS else "train"


def _targets(source: _Source, row: Mapping[str, Any], file: str) -> FloatVector:
    if source.name == "emobank":
        values = np.full(len(COLUMNS), np.nan, dtype=np.float32)
        for column, letter in ((VALENCE, "V"), (AROUSAL, "A"), (DOMINANCE, "D")):
            # From the annotators' five points to [0, 1].
            values[COLUMNS.column(column)] = (_number(row, letter, file) - 1.0) / 4.0
        return values
    table = TABLES[source.table]
    if source.name == "brighter":
        labels = [name for name in table.positive if _number(row, name, file) > 0]
    else:
        cell = row.get("labels", row.get("label"))
        if not isinstance(cell, str):
            raise DataError(f"{file} has a row without a label: it needs a column 'label' or 'labels'")
        labels = cell.split("|")
        known = {*table.positive, *table.doubtful, *table.mood, *_IGNORED.get(source.name, ())}
        for label in labels:
            if label not in known:
                raise DataError(f"{file} holds a label that {source.name} does not have: {label[:40]!r}")
    return table.read(labels)


def _of_sentence(labels: tuple[str, ...]) -> FloatVector:
    """Return the targets of a sentence of our own; its valence and arousal are those of its emotions."""
    values = TABLES["diary"].read(labels)
    values[COLUMNS.columns((VALENCE, AROUSAL))] = np.mean([CIRCUMPLEX[label] for label in labels], axis=0)
    return values


def _of_entry(entry: Entry | Moment) -> FloatVector:
    """Return the targets of one of our own diary entries or moments; its dominance is not known."""
    values = TABLES["entries"].read(entry.emotions)
    moods = COLUMNS.columns(f"{MOOD_PREFIX}{mood}" for mood in MOODS)
    # A text without a mood leans to none.
    values[moods] = [float(mood == entry.mood) for mood in MOODS] if entry.mood in MOODS else 1.0 / len(MOODS)
    values[COLUMNS.columns((VALENCE, AROUSAL))] = (entry.valence, entry.arousal)
    return values


def _describe(name: str, licence: str, rows: Sequence[_Row]) -> DataSource:
    content = "\n".join(row.text for row in rows).encode() + b"".join(row.targets.tobytes() for row in rows)
    return DataSource(name=name, licence=licence, sha256=sha256_of(content), rows=len(rows))


_IGNORED: Final[Mapping[str, tuple[str, ...]]] = {"xed": ("anticipation", "trust")}
"""Labels that say nothing about any of our columns."""


def _number(row: Mapping[str, Any], column: str, file: str) -> float:
    try:
        return float(row[column])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{file} needs a number in column {column!r} of every row") from error


def _keep_apart(data: EmotionData) -> EmotionData:
    """Drop training rows whose text (or whose original's text) stands in a validation part."""
    hashes = [text_hash(text) for text in data.texts]
    held = {h for h, split in zip(hashes, data.split, strict=True) if split == "validation"}
    keep = [
        split == "validation" or not (hashes[i] in held or (data.original[i] >= 0 and hashes[data.original[i]] in held))
        for i, split in enumerate(data.split)
    ]
    at = np.flatnonzero(keep)
    new_row = np.full(len(data) + 1, -1, dtype=np.int64)
    new_row[at] = np.arange(len(at))
    pick = at.tolist()
    return EmotionData(
        tuple(data.texts[i] for i in pick),
        tuple(data.source[i] for i in pick),
        tuple(data.language[i] for i in pick),
        tuple(data.split[i] for i in pick),
        data.targets[at],
        new_row[data.original[at]],
        data.data,
    )
