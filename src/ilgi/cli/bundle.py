"""`ilgi bundle`: what a bundle holds, and whether it still answers as it did when it was made."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ilgi.cli.options import AsJson
from ilgi.cli.text_input import without_surrogates
from ilgi.language import clean_text

if TYPE_CHECKING:
    from ilgi.bundle import Bundle, Manifest

app = typer.Typer(help="Trained bundles.", rich_markup_mode=None)

_Folder = Annotated[
    Path | None,
    typer.Argument(metavar="PATH", help="Folder of the bundle; without, the one that is used.", show_default=False),
]


@app.command()
def show(path: _Folder = None, as_json: AsJson = False) -> None:
    """Show what a bundle holds: stages, vocabularies, data and licences, metrics, sizes."""
    opened = _open(path)
    if as_json:
        print(
            without_surrogates(json.dumps(opened.manifest.model_dump(mode="json", by_alias=True), ensure_ascii=False))
        )
        return
    print(clean_text(f"{opened.path}\n{describe(opened.manifest)}"))


@app.command()
def verify(
    path: _Folder = None,
    catalog: Annotated[
        Path | None, typer.Option(help="Catalogue that the golden answers were recorded with.", metavar="PATH")
    ] = None,
    domain: Annotated[str, typer.Option(help="Or the one inside for this domain.", metavar="NAME")] = "",
) -> None:
    """Check every size and hash, then ask the golden questions again.

    Says what differs and ends with exit code 2 if anything does.
    """
    from ilgi.catalog.store import embedded_catalogs
    from ilgi.recommender import Recommender
    from ilgi.training.golden import check_golden

    opened = _open(path)
    answers = 0
    if opened.manifest.golden:
        name = opened.manifest.name
        domain = domain or (name if name in embedded_catalogs() else "movies")
        answers = check_golden(Recommender.load(opened.path, catalog=catalog, domain=domain))
    files = len(opened.manifest.files)
    print(clean_text(f"{opened.manifest.name} is whole: {files} files as listed, {answers} golden answers as recorded"))


def describe(manifest: "Manifest") -> str:
    """Return the manifest for people, a fact a line."""
    lines = [f"name      {manifest.name}", f"made by   ilgi {manifest.ilgi_version}, schema {manifest.schema_version}"]
    for title, rows in (
        ("stages", {name: stage.kind for name, stage in manifest.stages.items()}),
        ("vocabularies", {name: f"{len(names)}: {', '.join(names)}" for name, names in manifest.vocabularies.items()}),
        ("data", {d.name: f"{d.rows:,} rows, {d.licence}, sha256 {d.sha256[:12]}…" for d in manifest.data}),
        ("metrics", dict(_flat(manifest.metrics))),
        ("files", {name: f"{entry.size:,} bytes" for name, entry in manifest.files.items()}),
    ):
        if rows:
            width = max(map(len, rows))
            lines += ["", title, *(f"  {name:<{width}}  {value}" for name, value in rows.items())]
    return "\n".join(lines)


def _flat(metrics: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return (dotted name, value) of nested metrics, in the order they are in."""
    rows: list[tuple[str, str]] = []
    for name, value in metrics.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name}.")
        else:
            rows.append((prefix + name, f"{value:.4g}" if isinstance(value, float) else str(value)))
    return rows


def _open(path: Path | None) -> "Bundle":
    from ilgi.bundle import Bundle
    from ilgi.recommender import EMBEDDED_BUNDLES
    from ilgi.settings import load_settings

    return Bundle.open(path or load_settings().bundle or EMBEDDED_BUNDLES / "movies")
