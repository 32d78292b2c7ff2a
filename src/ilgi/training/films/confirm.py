"""Whether a second, independent source knows a film by the same title and year."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_ARTICLE: Final = re.compile(r"^(the|an|a)\s+(?=\S)")


def title_key(title: str) -> str:
    """Return what is compared of a title: case folded letters and digits, no accents, no English article in front.

    "The Good, the Bad & the Ugly" and "Good, the Bad and the Ugly" have one key; so have "Amélie" and "Amelie". Hangul
    stays as it is.
    """
    folded = unicodedata.normalize("NFKD", title).casefold().replace("&", " and ")
    folded = _ARTICLE.sub("", " ".join(folded.split()))
    # NFKD splits Hangul into jamo too, which are letters and so stay; composing again gives syllables.
    return unicodedata.normalize("NFC", "".join(c for c in folded if c.isalnum()))


class TitleIndex(Generic[T]):
    """What a source says, found by title and year."""

    def __init__(self, tolerance: int = 1) -> None:
        """Start empty.

        Args:
            tolerance: By how many years two sources may differ: one counts the first showing, another the release.
        """
        self.tolerance = tolerance
        self._entries: dict[str, list[tuple[int, T]]] = {}

    def add(self, titles: Iterable[str], year: int, entry: T) -> None:
        """Add an entry under each of its titles; without a year (0) it cannot be found."""
        for key in dict.fromkeys(title_key(title) for title in titles):
            if key and year:
                self._entries.setdefault(key, []).append((year, entry))

    def find(self, titles: Iterable[str], year: int) -> T | None:
        """Return the entry with one of these titles whose year is nearest; None where no year is near enough.

        Of entries equally near, the one that was added first.
        """
        found = [
            (abs(at - year), entry)
            for key in dict.fromkeys(title_key(title) for title in titles if title)
            for at, entry in self._entries.get(key, ())
            if year and abs(at - year) <= self.tolerance
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else None
