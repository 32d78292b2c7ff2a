"""From a short name to a class, by entry point.

ilgi's own models, rankers and catalogue sources come in through the same door as anybody else's: an entry point in
one of the groups below. A data file names things by these names, never by an import path.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Final, Generic, TypeVar, cast

from ilgi.errors import MissingExtra, RegistryError, UnknownName
from ilgi.vocabulary import nearest

T = TypeVar("T")

EXTRA_OF_MODULE: Final = {
    "matplotlib": "train",
    "onnx": "train",
    "polars": "train",
    "sklearn": "train",
    "torch": "hf",
    "transformers": "hf",
}
"""Which extra of ilgi brings which optional module."""


def missing_extra(what: str, error: ModuleNotFoundError) -> MissingExtra:
    """Turn a failed import of an optional module into the error that names the `pip install` line.

    Args:
        what: What was asked for, as the subject of "… needs polars".
        error: The failed import. One that isn't an optional module of ilgi's is raised again as it is.
    """
    module = (error.name or "").split(".")[0]
    if module not in EXTRA_OF_MODULE:
        raise error
    return MissingExtra(what, EXTRA_OF_MODULE[module], module)


class Registry(Generic[T]):
    """The classes of one kind. Nothing is imported before its name is asked for."""

    def __init__(self, group: str, kind: str) -> None:
        """Name the kind.

        Args:
            group: Entry point group, such as "ilgi.label_models".
            kind: What one of them is, for messages, such as "label model".
        """
        self.group = group
        self.kind = kind

    def _points(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self.group)}

    def names(self) -> list[str]:
        """Return the names that exist, sorted."""
        return sorted(self._points())

    def get(self, name: str) -> type[T]:
        """Return the class called `name`.

        Raises:
            UnknownName: There is none; carries the nearest names.
            MissingExtra: Its module needs an extra that isn't installed.
            RegistryError: The entry point is broken.
        """
        points = self._points()
        if name not in points:
            known = sorted(points)
            raise UnknownName(self.kind, name, known, nearest(name, known))
        try:
            return cast("type[T]", points[name].load())
        except (ImportError, AttributeError) as error:
            if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in EXTRA_OF_MODULE:
                raise missing_extra(f"{self.kind} {name!r}", error) from error
            raise RegistryError(f"{self.kind} {name!r} cannot be loaded ({error}): reinstall the package") from error
