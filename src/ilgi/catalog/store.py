"""Catalogues on disk: a bundle folder with one stage, and the ones that come with ilgi."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import ilgi
from ilgi.bundle import Bundle, DataSource, save_bundle
from ilgi.catalog.base import Catalog
from ilgi.errors import BundleError

STAGE: Final = "catalog"
EMBEDDED: Final = Path(ilgi.__file__).parent / "data" / "catalogs"


def save_catalog(
    path: Path,
    catalog: Catalog,
    *,
    data: Sequence[DataSource] = (),
    metrics: Mapping[str, Any] | None = None,
    extra_files: Mapping[str, bytes] | None = None,
) -> None:
    """Write a catalogue folder atomically; an earlier one there is replaced. The same catalogue gives the same bytes.

    Args:
        path: The folder; its name is the catalogue's name.
        catalog: The items.
        data: The tables it was made of.
        metrics: Figures about it, as JSON.
        extra_files: Further files by name.

    Raises:
        BundleError: The folder holds something that isn't a bundle.
        InputError: A text of the catalogue holds a line break.
    """
    save_bundle(
        path,
        {STAGE: ("catalog", catalog.state())},
        name=path.name,
        version=ilgi.__version__,
        vocabularies={"labels": list(catalog.labels)},
        data=data,
        metrics=metrics,
        extra_files=extra_files,
    )


def load_catalog(path: Path) -> Catalog:
    """Return the catalogue of a folder, after checking every file of it.

    Raises:
        BundleError: There is no catalogue at `path`.
        BundleTooNew: A later version of ilgi wrote it.
        BundleDamaged: A file is missing or not what the manifest says.
    """
    bundle = Bundle.open(path)
    if STAGE not in bundle.manifest.stages or bundle.kind(STAGE) != "catalog":
        raise BundleError(f"{path} is a bundle but holds no catalogue: name a folder that 'ilgi catalog import' wrote")
    return Catalog.from_state(bundle.state(STAGE))


def embedded_catalogs() -> dict[str, Path]:
    """Return the catalogues that come with ilgi: domain → folder."""
    return catalogs_in(EMBEDDED)


def catalogs_in(folder: Path) -> dict[str, Path]:
    """Return the catalogue folders inside a folder by name, sorted; none where there is no such folder."""
    if not folder.is_dir():
        return {}
    found = sorted(entry for entry in folder.iterdir() if (entry / "manifest.json").is_file())
    return {entry.name: entry for entry in found if not entry.name.startswith(".")}
