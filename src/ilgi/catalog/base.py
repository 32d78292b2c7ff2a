"""The items of one domain, as columns."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector, IntVector
from ilgi.bundle import State
from ilgi.catalog.profiles import Profiles, packed, unpacked
from ilgi.errors import BundleDamaged, InputError
from ilgi.language import Language
from ilgi.registry import Registry
from ilgi.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Catalog:
    """n items of one domain. Every column has n entries; row i is item i."""

    domain: str
    """Such as "movies"."""
    ids: tuple[str, ...]
    """Distinct, stable ids with their source, such as "tmdb:670"."""
    titles: Mapping[str, tuple[str, ...]]
    """"en", "ko" and "original" → n titles; "" where unknown."""
    year: NDArray[np.int16]
    """(n,) year of release; 0 where unknown."""
    language: tuple[str, ...]
    """ISO 639-1 code of the original language; "" where unknown."""
    labels: Vocabulary
    """The L labels of the domain."""
    matrix: FloatMatrix
    """(n, L) multi-hot: 1 where the item has the label. A row of zeros: no label is known."""
    popularity: FloatVector
    """(n,) in [0, 1]: rank by number of votes or viewers, 1 for the most popular."""
    affect: FloatMatrix
    """(n, A) what is read in the items' descriptions, in standard deviations over the catalogue, NaN where unknown;
    (n, 0) where the catalogue has none."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids at other places ("imdb", "movielens", "naver") → n ids; "" where unknown."""
    profiles: Profiles | None = None
    """How the items feel; None where nothing is known of that."""
    affect_columns: tuple[str, ...] = ()
    """(A,) names of the columns of `affect`."""
    by: tuple[str, ...] = ()
    """(n,) who made each item (a song's artist, a book's author), "" where unknown; empty where nobody is named."""
    affect_level: FloatVector | None = None
    """(n,) the cosine with `affect` that one diary in twenty exceeds: some items are near to any diary. NaN where
    `affect` is unknown; None where the catalogue doesn't say."""

    def __post_init__(self) -> None:
        """Check that the columns belong together.

        Raises:
            InputError: A column has another length, an id stands twice, or a value is out of range.
        """
        n = len(self.ids)
        if len(set(self.ids)) != n:
            raise InputError("catalogue ids must be distinct")
        lengths = {f"title ({k})": len(v) for k, v in self.titles.items()}
        lengths |= {f"key ({k})": len(v) for k, v in self.keys.items()}
        lengths |= {"year": len(self.year), "language": len(self.language), "popularity": len(self.popularity)}
        if self.by:
            lengths["by"] = len(self.by)
        if self.profiles is not None:
            lengths["profiles"] = len(self.profiles)
        if self.affect_level is not None:
            lengths["affect level"] = len(self.affect_level)
        for column, length in lengths.items():
            if length != n:
                raise InputError(f"catalogue column {column!r} has {length} entries for {n} items")
        if self.matrix.shape != (n, len(self.labels)):
            raise InputError(f"label matrix must be {(n, len(self.labels))}, not {self.matrix.shape}")
        if self.affect.shape != (n, len(self.affect_columns)):
            raise InputError(f"affect must be {(n, len(self.affect_columns))}, not {self.affect.shape}")
        if n and not ((self.popularity >= 0) & (self.popularity <= 1)).all():
            raise InputError("popularity must lie between 0 and 1")

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.ids)

    def title(self, row: int, language: Language) -> str:
        """Return the title for a reader of `language`: theirs where known, else the English, else the original."""
        for name in (language, "en", "original", "ko"):
            title = self.titles[name][row] if name in self.titles else ""
            if title:
                return title
        return self.ids[row]

    def labels_of(self, row: int) -> tuple[str, ...]:
        """Return the labels of one item, in vocabulary order."""
        return tuple(self.labels[int(j)] for j in np.flatnonzero(self.matrix[row]))

    def rows_of(self, ids: Iterable[str]) -> IntVector:
        """Return the rows of the ids that are here; ids that aren't are skipped."""
        index = {item: row for row, item in enumerate(self.ids)}
        return np.array([index[i] for i in ids if i in index], dtype=np.int64)

    def take(self, rows: Sequence[int] | IntVector) -> Self:
        """Return the catalogue of some rows, in the order given."""
        at = np.asarray(rows, dtype=np.int64)
        pick = at.tolist()
        return type(self)(
            domain=self.domain,
            ids=tuple(self.ids[i] for i in pick),
            titles={k: tuple(v[i] for i in pick) for k, v in self.titles.items()},
            year=self.year[at],
            language=tuple(self.language[i] for i in pick),
            labels=self.labels,
            matrix=self.matrix[at],
            popularity=self.popularity[at],
            affect=self.affect[at],
            keys={k: tuple(v[i] for i in pick) for k, v in self.keys.items()},
            profiles=None if self.profiles is None else self.profiles.take(at),
            affect_columns=self.affect_columns,
            by=tuple(self.by[i] for i in pick) if self.by else (),
            affect_level=None if self.affect_level is None else self.affect_level[at],
        )

    def state(self) -> State:
        """Return what a bundle keeps: numbers as arrays, text columns as one UTF-8 block with a row a line."""
        text: dict[str, Sequence[str]] = {"id": self.ids, "language": self.language}
        text |= {f"title.{k}": v for k, v in self.titles.items()}
        text |= {f"key.{k}": v for k, v in self.keys.items()}
        text |= {"by": self.by} if self.by else {}
        for column, values in text.items():
            if any("\n" in v for v in values):
                raise InputError(f"catalogue column {column!r} holds a line break")
        config: dict[str, Any] = {"domain": self.domain, "items": len(self), "labels": list(self.labels)}
        arrays: dict[str, AnyArray] = {
            "year": self.year.astype(np.int16),
            "labels": np.packbits(self.matrix > 0, axis=1),
            "popularity": self.popularity.astype(np.float32),
        }
        if self.affect_columns:
            config["affect_columns"] = list(self.affect_columns)
            arrays["affect.steps"] = packed(self.affect)
        if self.affect_level is not None:
            arrays["affect.level"] = self.affect_level.astype(np.float16)
        if self.profiles is not None:
            config["axes"] = list(self.profiles.axes)
            arrays |= self.profiles.arrays()
        return State(
            config,
            arrays,
            {f"{column}.txt": "\n".join(values).encode() for column, values in sorted(text.items())},
        )

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the catalogue that gave this state.

        Raises:
            BundleDamaged: The state is not that of a catalogue.
        """
        domain, n, names = (state.config.get(key) for key in ("domain", "items", "labels"))
        if not isinstance(domain, str) or not isinstance(n, int) or not isinstance(names, list):
            raise BundleDamaged("catalog", "does not describe a catalogue")
        text: dict[str, tuple[str, ...]] = {}
        for file, content in state.files.items():
            values = tuple(content.decode().split("\n")) if n else ()
            if len(values) != n:
                raise BundleDamaged(file, f"has {len(values)} rows for {n} items")
            text[file.removesuffix(".txt")] = values
        if "id" not in text or "language" not in text:
            raise BundleDamaged("catalog", "has no ids or languages")
        axes, columns = state.config.get("axes"), state.config.get("affect_columns", [])
        if not (axes is None or isinstance(axes, list)) or not isinstance(columns, list):
            raise BundleDamaged("catalog", "does not name its axes")
        affect = np.zeros((n, 0), dtype=np.float32)
        if columns:
            affect = unpacked(state.array("affect.steps", shape=(n, len(columns)), dtype=np.int8))
        level = None
        if "affect.level" in state.arrays:
            level = state.array("affect.level", shape=(n,), dtype=np.float16).astype(np.float32)
        packed = state.array("labels", shape=(n, (len(names) + 7) // 8), dtype=np.uint8)
        try:
            return cls(
                domain=domain,
                ids=text["id"],
                titles={k.removeprefix("title."): v for k, v in text.items() if k.startswith("title.")},
                year=state.array("year", shape=(n,), dtype=np.int16),
                language=text["language"],
                labels=Vocabulary(names, kind="label"),
                matrix=np.unpackbits(packed, axis=1, count=len(names)).astype(np.float32),
                popularity=state.array("popularity", shape=(n,)),
                affect=affect,
                keys={k.removeprefix("key."): v for k, v in text.items() if k.startswith("key.")},
                profiles=None if axes is None else Profiles.from_state(Vocabulary(axes, kind="axis"), state, n),
                affect_columns=tuple(columns),
                by=text.get("by", ()),
                affect_level=level,
            )
        except InputError as error:
            raise BundleDamaged("catalog", f"is inconsistent ({error})") from error


Row = Mapping[str, Any]
"""One row of a table: column name → text or number, None where empty."""


class CatalogSource(ABC):
    """Reads rows of one known format into a catalogue. To add a format, write `read`."""

    @abstractmethod
    def read(self, rows: Iterable[Row]) -> Catalog:
        """Return the catalogue of these rows, first come first kept where an id stands twice.

        Raises:
            DataError: A column that the format must have is missing.
        """


catalog_sources: Final[Registry[CatalogSource]] = Registry("ilgi.catalogs", "catalogue format")
"""The catalogue formats that are installed."""
