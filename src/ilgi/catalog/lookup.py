"""Titles that somebody may mean while they type: by the beginning of a title or a word, by Korean initials, with slips.

"기생" and "parasite" find the same film, so do "ㄱㅅㅊ" (the initial consonants), "amelie" without its accent and
"parsite" with a slip. Better ways to fit come first, then what more people know.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final
from weakref import WeakKeyDictionary

from ilgi.catalog.base import Catalog

_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_ONLY_INITIALS: Final = re.compile(f"[{_INITIALS}]+")
_FIRST_SYLLABLE, _LAST_SYLLABLE, _PER_INITIAL = 0xAC00, 0xD7A3, 588
_NEAR: Final = 0.72
"""How much of a title a text with slips must share (difflib's ratio over letters; Hangul letter by letter)."""
_SHORTEST_WITH_SLIPS: Final = 3


def search_items(catalog: Catalog, text: str, *, limit: int = 20) -> list[int]:
    """Return the rows whose titles may be meant, the best fit first, then the most popular, then by id.

    Args:
        catalog: The items.
        text: What was typed so far; letters and digits count, in any case.
        limit: How many at most.
    """
    wanted = _letters(text)
    if not wanted:
        return []
    index = _indexes.get(catalog)
    if index is None:
        index = _indexes[catalog] = _Index(catalog)
    fits = index.initials(wanted) if _ONLY_INITIALS.fullmatch(wanted) else index.titles(wanted)
    if not fits and len(wanted) >= _SHORTEST_WITH_SLIPS:
        fits = index.with_slips(wanted)
    order = sorted(fits, key=lambda row: (fits[row], -float(catalog.popularity[row]), catalog.ids[row]))
    return order[:limit]


def initials_of(title: str) -> str:
    """Return the initial consonants of a title's Hangul ("기생충" → "ㄱㅅㅊ"), and its other letters as they are."""
    return "".join(
        _INITIALS[(ord(c) - _FIRST_SYLLABLE) // _PER_INITIAL] if _FIRST_SYLLABLE <= ord(c) <= _LAST_SYLLABLE else c
        for c in _letters(title)
    )


class _Index:
    """Every title of a catalogue, ready to be compared."""

    def __init__(self, catalog: Catalog) -> None:
        self._titles: list[tuple[int, str, tuple[str, ...], str]] = []
        for titles in catalog.titles.values():
            for row, title in enumerate(titles):
                if title:
                    words = title.split()
                    rests = tuple(rest for i in range(1, len(words)) if (rest := _letters(" ".join(words[i:]))))
                    self._titles.append((row, _letters(title), rests, initials_of(title)))
        self._pairs: list[frozenset[str]] | None = None

    def titles(self, wanted: str) -> dict[int, float]:
        """Return row → 0 for a whole title, 1 for the beginning of one, 2 of a word in it, 3 for a part."""
        fits: dict[int, float] = {}
        for row, title, rests, _ in self._titles:
            if wanted not in title:
                continue
            kind = 0.0 if title == wanted else 1.0 if title.startswith(wanted) else 3.0
            if kind == 3.0 and any(rest.startswith(wanted) for rest in rests):
                kind = 2.0
            if kind < 3.0 or len(wanted) > 1:
                fits[row] = min(kind, fits.get(row, kind))
        return fits

    def initials(self, wanted: str) -> dict[int, float]:
        """Return row → 0 for a title with just these initials, 1 for one that begins with them."""
        fits: dict[int, float] = {}
        for row, _, _, initials in self._titles:
            if initials.startswith(wanted):
                kind = 0.0 if initials == wanted else 1.0
                fits[row] = min(kind, fits.get(row, kind))
        return fits

    def with_slips(self, wanted: str) -> dict[int, float]:
        """Return row → 1 - how alike a title is, for those that are alike enough."""
        if self._pairs is None:
            self._pairs = [_pairs(_apart(title)) for _, title, _, _ in self._titles]
        text, fits = _apart(wanted), dict[int, float]()
        own = _pairs(text)
        for (row, title, _, _), pairs in zip(self._titles, self._pairs, strict=True):
            # Few pairs of letters in common: not worth comparing letter by letter.
            if 2 * len(own & pairs) < _NEAR * 0.6 * (len(own) + len(pairs)):
                continue
            ratio = SequenceMatcher(None, text, _apart(title), autojunk=False).ratio()
            if ratio >= _NEAR:
                fits[row] = min(1.0 - ratio, fits.get(row, 1.0))
        return fits


_indexes: Final[WeakKeyDictionary[Catalog, _Index]] = WeakKeyDictionary()


def _letters(text: str) -> str:
    """Return the letters and digits of a text: folded, without accents, Hangul in whole syllables."""
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFC", "".join(c for c in apart if unicodedata.category(c) != "Mn"))
    # NFKC makes the typed consonant ㄱ the beginning of a syllable, which is another character.
    return "".join(_TYPED.get(c, c) for c in plain if c.isalnum())


_TYPED: Final = {chr(0x1100 + i): letter for i, letter in enumerate(_INITIALS)}


def _apart(letters: str) -> str:
    """Return letters with each Hangul syllable as the letters it is typed with: a slip is then one letter of many."""
    return unicodedata.normalize("NFD", letters)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
