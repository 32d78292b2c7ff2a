"""Which items of a catalogue may come at all: by labels, original language, year and id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ilgi.arrays import IntVector
from ilgi.catalog.base import Catalog
from ilgi.errors import InputError

EVER: Final = (1, 9999)
"""Years between which everything came out."""


@dataclass(frozen=True)
class Filters:
    """What an item must be to come; the default lets every item come."""

    labels: Sequence[str] = ()
    """Labels that it must have, every one."""
    without_labels: Sequence[str] = ()
    """Labels that it must not have, none of them."""
    languages: Collection[str] = ()
    """ISO 639-1 codes of original languages, one of which it must have; any if empty."""
    first_year: int = EVER[0]
    last_year: int = EVER[1]
    """Years between which it must have come out; where one is named, an item of unknown year does not come."""
    exclude: Collection[str] = field(default=())
    """Ids that must not come."""

    def rows(self, catalog: Catalog) -> IntVector | None:
        """Return the rows that may come, in order, `exclude` aside; None if all may.

        Raises:
            UnknownName: A label does not exist.
            InputError: The first year is after the last.
        """
        if self.first_year > self.last_year:
            raise InputError(
                f"nothing came out after {self.first_year} and before {self.last_year}: turn the years round"
            )
        wanted, unwanted = catalog.labels.columns(self.labels), catalog.labels.columns(self.without_labels)
        may = (catalog.matrix[:, wanted] > 0).all(axis=1) & ~(catalog.matrix[:, unwanted] > 0).any(axis=1)
        if self.languages:
            may &= np.isin(np.array(catalog.language, dtype=object), list(self.languages))
        if (self.first_year, self.last_year) != EVER:
            may &= (catalog.year >= self.first_year) & (catalog.year <= self.last_year)
        return None if may.all() else np.flatnonzero(may)


def parse_years(text: str) -> tuple[int, int]:
    """Return the first and last year of "1999", "1990-1999", "1990-" or "-1999".

    Raises:
        InputError: It is none of these.
    """
    first, dash, last = text.strip().replace("–", "-").partition("-")
    parts = (first.strip(), last.strip())
    if not any(parts) or any(part and not (part.isdecimal() and len(part) == 4) for part in parts):
        raise InputError(f"{text!r} names no years: write 1999, 1990-1999, 1990- or -1999")
    if not dash:
        return int(parts[0]), int(parts[0])
    return int(parts[0] or EVER[0]), int(parts[1] or EVER[1])
