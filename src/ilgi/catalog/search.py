"""Finding an item by what somebody typed: an id, or a title in any language, whole or its beginning."""

import unicodedata

from ilgi.catalog.base import Catalog
from ilgi.errors import UnknownName
from ilgi.vocabulary import nearest


def find_items(catalog: Catalog, text: str) -> list[int]:
    """Return the rows that somebody means by a text, most popular first.

    An id ("tmdb:670", or one at another place, "imdb:tt0364569") means that item alone. Otherwise titles that are the
    text; otherwise titles that begin with it. Case, accents' composition and white space don't count.

    Args:
        catalog: The items.
        text: What was typed.

    Raises:
        UnknownName: Nothing fits; carries the titles closest to it.
    """
    wanted = _fold(text)
    by_id = [row for row, item in enumerate(catalog.ids) if item.casefold() == wanted]
    place, _, key = wanted.partition(":")
    if not by_id and key and place in catalog.keys:
        by_id = [row for row, value in enumerate(catalog.keys[place]) if value.casefold() == key]
    if by_id or not wanted:
        return by_id or _refuse(catalog, text)
    whole: set[int] = set()
    begins: set[int] = set()
    for titles in catalog.titles.values():
        for row, title in enumerate(titles):
            folded = _fold(title)
            if folded == wanted:
                whole.add(row)
            elif folded.startswith(wanted):
                begins.add(row)
    found = whole or begins
    if not found:
        return _refuse(catalog, text)
    return sorted(found, key=lambda row: (-float(catalog.popularity[row]), catalog.ids[row]))


def _refuse(catalog: Catalog, text: str) -> list[int]:
    titles = [title for column in catalog.titles.values() for title in column if title]
    # Titles of very different length are never near, and comparing all of them would take a second.
    likely = [title for title in titles if abs(len(title) - len(text)) <= max(2, len(text) // 3)]
    examples = [title for title in catalog.titles.get("en", ()) if title][:3]
    raise UnknownName("title or id", text, examples, nearest(text, likely, limit=3))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
