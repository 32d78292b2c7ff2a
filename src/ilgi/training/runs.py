"""The run folder: what each stage of a training gave, so that a run that was killed goes on where it stopped.

    runs/<recipe>-<hash of the recipe and its data>/
      <stage>/     the result of one stage, as a bundle (checked by hash when it is read again)
      *.png *.txt  for people

A stage's result is kept with a key: the hash of everything it was made from, the code included. It is taken again only
where the key is the same, so a changed recipe, table or program never meets a stale result.
"""

import contextlib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

import ilgi
from ilgi.arrays import AnyArray
from ilgi.bundle import Bundle, State, dump_json, save_bundle, sha256_of, write_atomically
from ilgi.errors import BundleError, TrainingError


def stage_rng(seed: int, stage: str) -> np.random.Generator:
    """Return the generator of one stage: the same for the same seed and name, whatever other stages drew."""
    digest = hashlib.sha256(stage.encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "big")])


@dataclass(frozen=True, eq=False)
class Done:
    """A stage that is done."""

    key: str
    """Hash of what it was made from; the stages after it take it into theirs."""
    kind: str
    """Registered kind, where the result is an object of the path ("linear", "mlp"); else "result"."""
    state: State
    """The result."""
    report: Mapping[str, Any]
    """What is worth telling about it, as JSON."""
    path: Path
    """Where it lies: a bundle folder with the one stage."""
    again: bool
    """Whether it was found and not made."""


@dataclass(frozen=True, eq=False)
class Made:
    """What a stage makes."""

    state: State
    kind: str = "result"
    report: Mapping[str, Any] = field(default_factory=dict)


class Run:
    """One run folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made with the first stage."""
        self.folder = folder

    def stage(self, name: str, made_from: Mapping[str, Any], make: Callable[[], Made]) -> Done:
        """Return the result of a stage, made now or found from a run before.

        Args:
            name: Of the stage, and of its folder.
            made_from: Everything that the result depends on, as JSON (hashes of files, settings, keys of stages).
            make: Makes it; called only where no result with the same key is found.
        """
        key = sha256_of(dump_json(made_from).encode())
        path = self.folder / name
        found = self._find(name, key, path)
        if found is not None:
            return found
        made = make()
        metrics = {"key": key, "report": dict(made.report)}
        save_bundle(path, {name: (made.kind, made.state)}, name=name, version=ilgi.__version__, metrics=metrics)
        # Read back, so that a run that goes through and one that resumes see the very same objects.
        found = self._find(name, key, path)
        if found is None:
            raise TrainingError(
                f"the result of stage {name!r} in {str(self.folder)!r} cannot be read back: check the disk"
            )
        return replace(found, again=False)

    def _find(self, name: str, key: str, path: Path) -> Done | None:
        with contextlib.suppress(BundleError):
            bundle = Bundle.open(path)
            metrics = bundle.manifest.metrics
            if metrics.get("key") == key:
                return Done(key, bundle.kind(name), bundle.state(name), metrics.get("report", {}), path, again=True)
        return None

    def keep(self, name: str, kind: str, state: State) -> Path:
        """Write what a stage had when it failed, as a bundle that no stage takes up, and return its path.

        Args:
            name: Of the folder.
            kind: Registered kind of the object.
            state: It.
        """
        path = self.folder / name
        save_bundle(path, {name: (kind, state)}, name=name, version=ilgi.__version__)
        return path

    def write(self, name: str, content: bytes) -> Path:
        """Write a file for people into the folder and return its path."""
        path = self.folder / name
        write_atomically(path, content)
        return path


def digest_of(*arrays: AnyArray | Sequence[str]) -> str:
    """Return the hash of arrays and lists of text: their shapes, types and values."""
    digest = hashlib.sha256()
    for array in arrays:
        if isinstance(array, np.ndarray):
            digest.update(f"{array.dtype}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        else:
            digest.update(f"text{len(array)}".encode())
            for text in array:
                encoded = text.encode("utf-8", "surrogatepass")
                digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()
