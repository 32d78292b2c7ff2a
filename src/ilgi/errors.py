"""The one tree of errors.

    IlgiError                 catch this one
      InputError              what the caller passed cannot be used (empty text, unknown language, bad option)
      DataError               a table or file cannot be read as what it claims to be
      BundleError             a bundle cannot be used
        BundleTooNew          it was written by a later version of ilgi
        BundleDamaged         a file is missing, changed, or not what the manifest says
      RegistryError           a name cannot be turned into a class
        UnknownName           no such name; carries the nearest ones
        MissingExtra          the class exists, but its optional dependency is not installed
      TrainingError           training cannot go on (loss is not finite, disk is full, nothing to learn from)

Errors carry facts as attributes and one sentence that says what to do. They never carry diary text, and they never
print: the command line (exit code 2) and the server (RFC 9457) decide how to show them.
"""

from collections.abc import Sequence


class IlgiError(Exception):
    """Base of every error that ilgi raises on purpose."""


class InputError(IlgiError):
    """What the caller passed cannot be used."""


class DataError(IlgiError):
    """A table or file cannot be read as what it claims to be."""


class BundleError(IlgiError):
    """A bundle cannot be used."""


class BundleTooNew(BundleError):
    """The bundle's schema version is later than this version of ilgi can read."""

    def __init__(self, found: int, supported: int) -> None:
        """Keep both versions.

        Args:
            found: Schema version in the manifest.
            supported: The latest one that this code reads.
        """
        self.found = found
        self.supported = supported
        super().__init__(
            f"this bundle has schema {found}, this ilgi reads up to {supported}: upgrade with 'pip install -U ilgi'"
        )


class BundleDamaged(BundleError):
    """A file of the bundle is missing, changed, or not what the manifest says."""

    def __init__(self, path: str, problem: str) -> None:
        """Keep what is wrong.

        Args:
            path: The file in question, relative to the bundle where possible.
            problem: What is wrong with it, in a few words.
        """
        self.path = path
        self.problem = problem
        super().__init__(f"bundle file {path!r} {problem}: copy the bundle again or reinstall ilgi")


class RegistryError(IlgiError):
    """A name cannot be turned into a class."""


class UnknownName(RegistryError, InputError):
    """No such name where a name from a fixed set was expected."""

    def __init__(self, kind: str, name: str, known: Sequence[str], near: Sequence[str] = ()) -> None:
        """Keep the name and what would have been right.

        Args:
            kind: What was looked up, in words ("genre", "label model").
            name: The name that was asked for.
            known: Every name that exists.
            near: The names closest to it, best first.
        """
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.near = tuple(near)
        if near:
            hint = f"did you mean {' or '.join(repr(n) for n in near)}?"
        else:
            listed = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
            hint = f"choose one of: {listed}" if known else "there is none installed"
        super().__init__(f"unknown {kind} {name!r}: {hint}")


class MissingExtra(RegistryError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str, module: str) -> None:
        """Keep what is missing and how to get it.

        Args:
            what: What was asked for ("reading Parquet").
            extra: The extra that brings it.
            module: The module that could not be imported.
        """
        self.what = what
        self.extra = extra
        self.module = module
        super().__init__(f"{what} needs {module}: run  pip install 'ilgi[{extra}]'")


class TrainingError(IlgiError):
    """Training cannot go on; the last good checkpoint is kept."""
