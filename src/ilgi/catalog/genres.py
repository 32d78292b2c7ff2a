"""Genres as tables write them, brought to TMDB's nineteen.

`parse_genres` reads the text of a cell, whatever the separator; `to_tmdb` maps the names of MovieLens, Naver (KMRD,
KOBIS) and Wikipedia to `ilgi.words.GENRES`. No table is trusted to be a program: a Python list is read by a small
grammar of quoted words.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ilgi.errors import DataError, UnknownName
from ilgi.vocabulary import nearest
from ilgi.words import GENRES

# One element of the text of a list: a quoted word (backslash escapes what follows it), or a bare one.
_ELEMENT: Final = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"\[\]][^,'"\[\]]*))\s*""")

ALIASES: Final[Mapping[str, str]] = {
    "animated": "Animation",
    "children": "Family",
    "children's": "Family",
    "film-noir": "Crime",
    "historical": "History",
    "kids": "Family",
    "martial arts": "Action",
    "musical": "Music",
    "noir": "Crime",
    "romantic": "Romance",
    "sci-fi": "Science Fiction",
    "scifi": "Science Fiction",
    "sf": "Science Fiction",
    "slasher": "Horror",
    "superhero": "Action",
    "suspense": "Thriller",
    "tv-movie": "TV Movie",
    "television movie": "TV Movie",
    # Korean names, as Naver's film pages (KMRD) and KOBIS write them.
    "가족": "Family",
    "공연실황": "Music",
    "공포": "Horror",
    "느와르": "Crime",
    "다큐멘터리": "Documentary",
    "드라마": "Drama",
    "로맨스": "Romance",
    "멜로": "Romance",
    "멜로/로맨스": "Romance",
    "모험": "Adventure",
    "무협": "Action",
    "뮤지컬": "Music",
    "뮤직": "Music",
    "음악": "Music",
    "미스터리": "Mystery",
    "미스테리": "Mystery",
    "범죄": "Crime",
    "블랙코미디": "Comedy",
    "사극": "History",
    "서부": "Western",
    "서부극": "Western",
    "서부극(웨스턴)": "Western",
    "서스펜스": "Thriller",
    "스릴러": "Thriller",
    "시대극": "History",
    "애니메이션": "Animation",
    "액션": "Action",
    "어드벤처": "Adventure",
    "역사": "History",
    "전쟁": "War",
    "코미디": "Comedy",
    "판타지": "Fantasy",
}
"""Other names of a TMDB genre, case folded."""

NO_GENRE: Final = frozenset(
    {
        "(no genres listed)", "biography", "dance", "disaster", "erotic", "foreign", "found footage", "imax",
        "independent", "legal", "live action", "performance", "political", "satire", "short", "silent", "sport",
        "sports", "spy", "supernatural", "teen",
        "기타", "단편", "서사", "성인물(에로)", "에로", "옴니버스", "실험", "컬트", "블록버스터", "인물",
    }
)  # fmt: skip
"""Names that tables use beside genres and that say nothing a TMDB genre says, case folded.

"Foreign" is a label that TMDB gave up: it says where a film comes from, not what it is like.
"""

MOVIELENS_KNOWN: Final = frozenset(GENRES) - {"History", "TV Movie"}
"""The TMDB genres that MovieLens can express: the absence of another one says nothing there."""

NAVER_KNOWN: Final = frozenset(GENRES) - {"TV Movie", "History"}
"""The TMDB genres that Naver's film pages (KMRD) can express."""

_PYTHON_NAME: Final = re.compile(r"'name': (?:'([^'\\]*)'|\"([^\"\\]*)\")")
_CANONICAL: Final[Mapping[str, str]] = {name.casefold(): name for name in GENRES} | dict(ALIASES)


def parse_genres(cell: Any) -> tuple[str, ...]:  # noqa: ANN401  # a cell of any table
    """Return the names in one cell, in order, without repeats, as they are written there.

    Args:
        cell: "A|B", "A, B", "A; B", the text of a JSON or Python list of words, the text of a JSON or Python list of
            objects with a "name" (as TMDB's own exports have it), a list of text or of such objects, or None. NaN, in
            the cell or in its list, is nothing, as None is.

    Raises:
        DataError: The cell opens a list and doesn't go on as one, or is neither text nor a list of text.
    """
    if _is_nothing(cell):
        return ()
    if isinstance(cell, list | tuple):
        named = [name.get("name") if isinstance(name, dict) else name for name in cell if not _is_nothing(name)]
        if not all(isinstance(name, str) for name in named):
            raise DataError("a list of genres holds something that is not text: write names only")
        names: Iterable[str] = [str(name) for name in named]
    elif isinstance(cell, str):
        text = cell.strip()
        if text.startswith("[{"):
            names = _parse_objects(text)
        elif text.startswith("["):
            names = _parse_list(text)
        else:
            names = re.split(r"[|;]" if "|" in text or ";" in text else r",", text)
    else:
        raise DataError("a cell of genres is neither text nor a list: write names such as Drama|Comedy")
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _is_nothing(value: Any) -> bool:  # noqa: ANN401  # a cell of any table
    return value is None or (isinstance(value, float) and math.isnan(value))


def _parse_list(text: str) -> list[str]:
    """Read `['A', "B"]`: brackets around quoted or bare words with commas between. No part of it is evaluated."""
    if not text.endswith("]"):
        raise DataError("a list of genres has no end: write it as ['Drama', 'Comedy']")
    inner = text[1:-1].strip()
    names: list[str] = []
    at = 0
    while at < len(inner):
        element = _ELEMENT.match(inner, at)
        # After an element comes a comma (one may close the list) or the end; anything else is no list of words.
        if element is None or inner[element.end() : element.end() + 1] not in {"", ","}:
            raise DataError("a list of genres is not a list of words: write it as ['Drama', 'Comedy']")
        word = element[1] if element[1] is not None else element[2] if element[2] is not None else element[3]
        names.append(re.sub(r"\\(.)", r"\1", word))
        at = element.end() + 1
    return names


def _parse_objects(text: str) -> list[str]:
    try:
        return [element["name"] for element in json.loads(text) if isinstance(element["name"], str)]
    except (ValueError, TypeError, KeyError, RecursionError):
        # Python writes the same list with other quotes. Only its names are looked for; no part of it is evaluated.
        names = _PYTHON_NAME.findall(text) if text.endswith("}]") else []
        if not names:
            raise DataError('a list of genres is not JSON with names: write it as [{"name": "Drama"}]') from None
        return [single or double for single, double in names]


def to_tmdb(names: Iterable[str], *, strict: bool = False) -> tuple[str, ...]:
    """Return the TMDB genres that these names stand for, in TMDB's order, each once.

    Args:
        names: Genres by TMDB's, MovieLens', Naver's or Wikipedia's name, in any case.
        strict: Whether a name that nobody knows is an error; otherwise it is left out.

    Raises:
        UnknownName: `strict`, and a name is neither a genre nor one of `NO_GENRE`; carries the nearest ones.
    """
    names = tuple(names)
    unknown = unknown_genres(names) if strict else ()
    if unknown:
        raise UnknownName("genre", unknown[0], GENRES.names, nearest(unknown[0], [*GENRES, *ALIASES]))
    found = {_CANONICAL.get(name.strip().casefold()) for name in names}
    return tuple(genre for genre in GENRES if genre in found)


def unknown_genres(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are neither a genre under any name nor one of `NO_GENRE`, in order."""
    keys = ((name, name.strip().casefold()) for name in names)
    return tuple(name for name, key in keys if key not in _CANONICAL and key not in NO_GENRE)
