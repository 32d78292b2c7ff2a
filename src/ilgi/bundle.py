"""A bundle: one folder that holds everything a run needs, as data that is checked before it is used.

    manifest.json        what the folder is, which stages it holds, and the size and sha256 of every other file
    <stage>.safetensors  the arrays of a stage
    <other files>        what a stage brings besides (model.onnx, tokenizer.json) and MODEL_CARD.md

A *stage* is one part of the path with its registered kind ("linear", "mlp"), a JSON config, arrays and files. Loading
reads the manifest, then refuses any file that is not listed, any link, any path that leads out of the folder, and any
file whose size or hash differs. Classes are found by kind in the registry, never by an import path. No part of a bundle
is a program.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from ilgi.arrays import AnyArray
from ilgi.errors import BundleDamaged, BundleError, BundleTooNew

MANIFEST: Final = "manifest.json"
SCHEMA: Final = 1
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, eq=False)
class State:
    """What an object needs to come back as it was: a JSON config, named arrays, and files as bytes."""

    config: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, AnyArray] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def array(self, name: str, *, shape: Sequence[int | None], dtype: type[np.generic] = np.float32) -> AnyArray:
        """Return an array after checking that it is what the reader expects.

        Args:
            name: Its name.
            shape: The length of each axis; None accepts any.
            dtype: Its exact type.

        Raises:
            BundleDamaged: It is missing or another shape or type.
        """
        if name not in self.arrays:
            raise BundleDamaged(name, "is an array that is missing")
        value = self.arrays[name]
        fits = value.ndim == len(shape) and all(e is None or e == a for e, a in zip(shape, value.shape, strict=True))
        if not fits or value.dtype != dtype:
            raise BundleDamaged(
                name, f"is an array {value.dtype}{list(value.shape)}, expected {np.dtype(dtype)}{list(shape)}"
            )
        return value


class Persistent(Protocol):
    """An object that a bundle can keep. `from_state` checks what it reads and refuses the rest."""

    def state(self) -> State:
        """Return everything needed to come back as this object."""

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the object that gave this state.

        Raises:
            BundleDamaged: The state is not what this class writes.
        """


class FileEntry(BaseModel):
    """Size and hash of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class StageEntry(BaseModel):
    """One stage of the path."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    config: dict[str, Any] = {}
    arrays: str | None = None
    files: dict[str, str] = {}


class DataSource(BaseModel):
    """One data set that the bundle learned from."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    licence: str
    sha256: str
    rows: int = Field(ge=0)


class Manifest(BaseModel):
    """What `manifest.json` holds. It has no date, so that the same training writes the same bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: str = "ilgi-bundle"
    # "schema" in the file; the attribute would hide a method of BaseModel.
    schema_version: int = Field(default=SCHEMA, alias="schema")
    name: str
    ilgi_version: str
    stages: dict[str, StageEntry]
    vocabularies: dict[str, list[str]] = {}
    data: list[DataSource] = []
    metrics: dict[str, Any] = {}
    golden: list[dict[str, Any]] = []
    files: dict[str, FileEntry] = {}


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def dump_json(value: object) -> str:
    """Return JSON that is the same bytes for the same value: sorted keys, two spaces, a newline at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new one and nothing between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes the file private; what is written here is meant to be shared like any other file.
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def save_bundle(
    path: Path,
    stages: Mapping[str, tuple[str, State]],
    *,
    name: str,
    version: str,
    vocabularies: Mapping[str, Sequence[str]] | None = None,
    data: Sequence[DataSource] = (),
    metrics: Mapping[str, Any] | None = None,
    golden: Sequence[Mapping[str, Any]] = (),
    extra_files: Mapping[str, bytes] | None = None,
) -> Manifest:
    """Write a bundle folder atomically: it appears whole, or what was there before stays.

    Args:
        path: The folder; an earlier bundle there is replaced.
        stages: Stage name → (registered kind, state).
        name: What to call the bundle.
        version: The version of ilgi that writes it.
        vocabularies: Named column names, for people and for checks.
        data: What it learned from.
        metrics: Measured figures, as JSON.
        golden: Inputs with the outputs they gave, to be checked by `ilgi bundle verify`.
        extra_files: Further files by name, such as MODEL_CARD.md.

    Returns:
        The manifest that was written.

    Raises:
        BundleError: A name is not allowed, or the folder holds something that isn't a bundle.
    """
    files: dict[str, bytes] = dict(extra_files or {})
    entries: dict[str, StageEntry] = {}
    for stage, (kind, state) in stages.items():
        arrays = None
        if state.arrays:
            arrays = f"{stage}.safetensors"
            files[arrays] = save_arrays({k: np.ascontiguousarray(v) for k, v in sorted(state.arrays.items())})
        owned = {}
        for file, content in state.files.items():
            owned[file] = f"{stage}.{file}"
            files[owned[file]] = content
        entries[stage] = StageEntry(kind=kind, config=dict(state.config), arrays=arrays, files=owned)
    for file in files:
        if not _NAME.fullmatch(file) or file == MANIFEST:
            raise BundleError(f"{file!r} cannot be the name of a file in a bundle: use letters, digits, '.', '_', '-'")
    if path.exists() and not (path / MANIFEST).is_file() and any(path.iterdir() if path.is_dir() else [path]):
        raise BundleError(f"{path} exists and is not a bundle: choose another folder")
    manifest = Manifest(
        name=name,
        ilgi_version=version,
        stages=entries,
        vocabularies={k: list(v) for k, v in (vocabularies or {}).items()},
        data=list(data),
        metrics=dict(metrics or {}),
        golden=[dict(g) for g in golden],
        files={f: FileEntry(size=len(c), sha256=sha256_of(c)) for f, c in sorted(files.items())},
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        for file, content in files.items():
            write_atomically(temporary / file, content)
        write_atomically(temporary / MANIFEST, dump_json(manifest.model_dump(by_alias=True)).encode())
        temporary.chmod(0o755)
        _swap(temporary, path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return manifest


def _swap(new: Path, path: Path) -> None:
    """Put folder `new` at `path`; an old folder there leaves only once the new one is whole."""
    if not path.exists():
        new.rename(path)
        return
    old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
    path.rename(old / "old")
    new.rename(path)
    shutil.rmtree(old, ignore_errors=True)


class Bundle:
    """An opened bundle: its manifest, checked, and its stages on demand."""

    supported_schema: ClassVar[int] = SCHEMA

    def __init__(self, path: Path, manifest: Manifest) -> None:
        """Keep both; use `Bundle.open`."""
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path, *, check_hashes: bool = True) -> Self:
        """Open a bundle folder and check it.

        Args:
            path: The folder.
            check_hashes: Compare the hash of every file too, not only the names and sizes.

        Raises:
            BundleError: There is no bundle at `path`.
            BundleTooNew: A later version of ilgi wrote it.
            BundleDamaged: A file is missing, changed, not listed or a link, or the manifest isn't valid.
        """
        file = path / MANIFEST
        if not file.is_file():
            raise BundleError(f"there is no bundle at {path}: name a folder that holds {MANIFEST}")
        manifest = cls._read_manifest(file)
        listed = set(manifest.files) | {MANIFEST}
        for entry in sorted(path.iterdir()):
            if entry.is_symlink():
                raise BundleDamaged(entry.name, "is a link")
            if entry.name not in listed:
                raise BundleDamaged(entry.name, "is not listed in the manifest")
        for name, expected in manifest.files.items():
            if not _NAME.fullmatch(name):
                raise BundleDamaged(name, "has a name that is not allowed")
            target = path / name
            if not target.is_file():
                raise BundleDamaged(name, "is missing")
            if target.stat().st_size != expected.size:
                raise BundleDamaged(name, "has another size than the manifest says")
            if check_hashes and sha256_of_file(target) != expected.sha256:
                raise BundleDamaged(name, "has another content than the manifest says")
        return cls(path, manifest)

    @classmethod
    def _read_manifest(cls, file: Path) -> Manifest:
        try:
            raw = json.loads(file.read_bytes())
        except ValueError as error:
            raise BundleDamaged(MANIFEST, "is not JSON") from error
        if not isinstance(raw, dict) or raw.get("format") != "ilgi-bundle":
            raise BundleDamaged(MANIFEST, "is not the manifest of an ilgi bundle")
        schema = raw.get("schema")
        if isinstance(schema, int) and schema > cls.supported_schema:
            raise BundleTooNew(schema, cls.supported_schema)
        try:
            return Manifest.model_validate(raw)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise BundleDamaged(MANIFEST, f"is not valid at {where!r}") from error

    def kind(self, stage: str) -> str:
        """Return the registered kind of a stage.

        Raises:
            BundleDamaged: The bundle has no such stage.
        """
        return self._entry(stage).kind

    def state(self, stage: str) -> State:
        """Return the state of a stage.

        Raises:
            BundleDamaged: The bundle has no such stage, or a file of it isn't listed or can't be read.
        """
        entry = self._entry(stage)
        arrays: Mapping[str, AnyArray] = {}
        if entry.arrays is not None:
            try:
                arrays = load_arrays(self._content(entry.arrays))
            except SafetensorError as error:
                raise BundleDamaged(entry.arrays, "is not a safetensors file") from error
        return State(entry.config, arrays, {name: self._content(file) for name, file in entry.files.items()})

    def _entry(self, stage: str) -> StageEntry:
        try:
            return self.manifest.stages[stage]
        except KeyError:
            raise BundleDamaged(MANIFEST, f"has no stage {stage!r}") from None

    def _content(self, file: str) -> bytes:
        if file not in self.manifest.files:
            raise BundleDamaged(file, "is not listed in the manifest")
        return (self.path / file).read_bytes()
