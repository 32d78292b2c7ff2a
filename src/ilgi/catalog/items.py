"""From the cells of a row to one film, and from films to the columns of a catalogue.

What every film source shares: reading cells that may be text, numbers or nothing; cleaning titles; stable ids; and
popularity as a rank.
"""

import html
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ilgi.arrays import FloatVector
from ilgi.catalog.base import Catalog, Row
from ilgi.errors import DataError
from ilgi.language import clean_text
from ilgi.vocabulary import nearest
from ilgi.words import GENRES

_NOTHING: Final = frozenset({"", "none", "null", "nan", "na", "n/a", "\\n"})
_YEAR: Final = re.compile(r"(1[89]\d\d|20\d\d)(?:\.0+)?(?:-\d\d?-\d\d?.*)?")
# Codes that TMDB uses and ISO 639-1 does not have: Cantonese, and "no language".
_LANGUAGE: Final = {"cn": "zh", "mo": "zh", "xx": ""}


@dataclass(frozen=True)
class Item:
    """One film as a source tells it; empty text, 0 and None where it says nothing."""

    title: str = ""
    """English title."""
    title_ko: str = ""
    original_title: str = ""
    year: int = 0
    language: str = ""
    """ISO 639-1 code."""
    genres: tuple[str, ...] = ()
    """TMDB genres."""
    votes: float | None = None
    """How many people voted for it or saw it; popularity is the rank of this."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Place ("tmdb", "imdb", "movielens", "naver") → id there."""

    @property
    def id(self) -> str:
        """The id at the first place that knows the film, else one made of its title and year."""
        for place in ID_ORDER:
            if self.keys.get(place):
                return f"{place}:{self.keys[place]}"
        title = (self.title or self.title_ko or self.original_title).casefold()
        return f"title:{title} ({self.year})" if self.year else f"title:{title}"


ID_ORDER: Final = ("tmdb", "imdb", "movielens", "naver")
"""The places whose ids name a film, the steadiest first."""


def text_cell(row: Row, *names: str) -> str:
    """Return the first of these cells that holds something, as text; "" if none does ("None" and "nan" are nothing)."""
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        text = (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)).strip()
        if text.casefold() not in _NOTHING:
            return text
    return ""


def title_cell(row: Row, *names: str) -> str:
    """Return the first of these cells that holds something, cleaned for display."""
    return clean_title(text_cell(row, *names))


def number_cell(row: Row, *names: str) -> float | None:
    """Return the first of these cells as a finite number that isn't negative; None where there is none."""
    try:
        value = float(text_cell(row, *names))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def year_cell(row: Row, *names: str) -> int:
    """Return the year of a cell such as "2003", 2003.0 or "2003-11-21"; 0 where there is none between 1800 and 2099."""
    match = _YEAR.fullmatch(text_cell(row, *names))
    return int(match[1]) if match else 0


def language_code(code: str) -> str:
    """Return a code as ISO 639-1 has it: two lower-case letters, else ""."""
    code = code.strip().casefold()
    code = _LANGUAGE.get(code, code)
    return code if re.fullmatch("[a-z]{2}", code) else ""


def clean_title(text: str) -> str:
    """Return a title on one line: HTML entities resolved, NFC, no control or invisible characters, single spaces."""
    text = unicodedata.normalize("NFC", clean_text(html.unescape(text)))
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def need_columns(row: Row, kind: str, *wanted: str | tuple[str, ...]) -> None:
    """Check that a row has the columns its format must have; of a tuple, any one will do.

    Raises:
        DataError: One of them is missing.
    """
    for entry in wanted:
        names = (entry,) if isinstance(entry, str) else entry
        if not any(name in row for name in names):
            near = nearest(names[0], list(row))
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(list(row)[:12])}"
            raise DataError(f"a {kind} table needs a column {' or '.join(map(repr, names))}: {hint}")


def rank_fractions(votes: Sequence[float | None]) -> FloatVector:
    """Return (n,) float32 popularity: the share of known items with at most as many votes; 0 where unknown.

    Ties are equal and the most popular item has 1. Ranks instead of votes, because votes are counted at one place and
    spread over five orders of magnitude.
    """
    known = np.sort(np.array([v for v in votes if v is not None], dtype=np.float64))
    filled = np.array([-1.0 if v is None else v for v in votes], dtype=np.float64)
    below = np.searchsorted(known, filled, side="right")
    return (below / max(len(known), 1)).astype(np.float32)


def catalog_of(items: Iterable[Item], *, domain: str = "movies", popularity: FloatVector | None = None) -> Catalog:
    """Return the catalogue of some films in the order given; of films with one id, the first.

    Films without any title are left out.

    Args:
        items: The films.
        domain: What to call the domain.
        popularity: (number of items,) in [0, 1] if it is known better than by the rank of the votes; then the items
            must be distinct and have titles.
    """
    distinct: dict[str, Item] = {}
    for item in items:
        if item.title or item.title_ko or item.original_title:
            distinct.setdefault(item.id, item)
    films = list(distinct.values())
    places = sorted({place for film in films for place, key in film.keys.items() if key})
    return Catalog(
        domain=domain,
        ids=tuple(distinct),
        titles={
            "en": tuple(film.title for film in films),
            "ko": tuple(film.title_ko for film in films),
            "original": tuple(film.original_title for film in films),
        },
        year=np.array([film.year for film in films], dtype=np.int16),
        language=tuple(film.language for film in films),
        labels=GENRES,
        matrix=GENRES.multi_hot([film.genres for film in films]),
        popularity=rank_fractions([film.votes for film in films]) if popularity is None else popularity,
        affect=np.zeros((len(films), 0), dtype=np.float32),
        keys={place: tuple(film.keys.get(place, "") for film in films) for place in places},
    )
