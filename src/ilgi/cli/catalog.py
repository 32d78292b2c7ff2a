"""`ilgi catalog`: bring films in from a table, list catalogues, look a film up, build the embedded one.

Heavy modules are imported inside the commands, so that `ilgi --help` stays quick. Titles are printed as they are,
without control characters: nothing in a table is taken for markup.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ilgi.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ilgi.catalog.base import Catalog, Row
    from ilgi.catalog.profiles import Profiles
    from ilgi.errors import UnknownName
    from ilgi.settings import Settings
    from ilgi.training.films.recipe import FilmRecipe

app = typer.Typer(help="Catalogues of films.", rich_markup_mode=None, no_args_is_help=True)

_GENRE_COLUMNS = ("genres", "genres_ko")


@app.command("import")
def import_table(
    table: Annotated[Path, typer.Argument(help="A .csv, .tsv, .jsonl or .parquet file.", show_default=False)],
    format_name: Annotated[
        str, typer.Option("--format", help="What the table is: tmdb, movielens, kmrd or prototype.", show_default=False)
    ],
    domain: Annotated[str, typer.Option(help="What its items are.")] = "movies",
    name: Annotated[str, typer.Option(help="What to call the catalogue; by default as the table.")] = "",
    licence: Annotated[str, typer.Option(help="Licence of the table, kept beside it.")] = "not stated",
    out: Annotated[Path | None, typer.Option(help="Folder to write; by default one in ilgi's home.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; write nothing.")] = False,
) -> None:
    """Read a table of films into a catalogue, and say what was found and left out."""
    from dataclasses import replace

    from ilgi.bundle import DataSource, sha256_of_file
    from ilgi.catalog.base import catalog_sources
    from ilgi.catalog.store import save_catalog
    from ilgi.errors import DataError

    source = catalog_sources.get(format_name)()
    rows = _CountedRows(_rows(table, format_name))
    catalog = replace(source.read(rows), domain=domain)
    if not len(catalog):
        raise DataError(f"{table.name} holds no film: check that --format {format_name} is what it is")
    print("\n".join(_import_report(table.name, rows, catalog)))
    folder = out if out is not None else _imported_folder() / _name_of(table, name)
    if dry_run:
        print(f"nothing written (--dry-run); it would go to {folder}")
        return
    data = DataSource(name=table.name, licence=licence, sha256=sha256_of_file(table), rows=rows.count)
    save_catalog(folder, catalog, data=[data])
    print(f"written to {folder}")


@app.command("list")
def list_catalogs(as_json: AsJson = False) -> None:
    """List the catalogues: the embedded ones and those that were imported."""
    from ilgi.bundle import Bundle
    from ilgi.catalog.store import STAGE
    from ilgi.language import clean_text

    found: list[dict[str, Any]] = []
    for name, path, origin in _catalogs():
        stage = Bundle.open(path, check_hashes=False).manifest.stages[STAGE].config
        found.append(
            {
                "name": name,
                "domain": str(stage.get("domain", "")),
                "items": int(stage.get("items", 0)),
                "labels": [str(label) for label in stage.get("labels", [])],
                "origin": origin,
                "path": str(path),
            }
        )
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        line = f"{one['name']}  {one['domain']}, {one['items']:,} items, {len(one['labels'])} labels, {one['origin']}"
        print(clean_text(line))


@app.command()
def show(
    films: Annotated[list[str], typer.Argument(metavar="ID|TITLE…", help="Ids, or titles in either language.")],
    catalog_name: Annotated[str, typer.Option("--catalog", help="Which catalogue; all of them if not given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what is known of a film; several that fit are listed."""
    from ilgi.catalog.search import find_items
    from ilgi.catalog.store import load_catalog
    from ilgi.errors import UnknownName
    from ilgi.vocabulary import nearest

    known = _catalogs()
    chosen = [entry for entry in known if not catalog_name or entry[0] == catalog_name]
    if not chosen:
        names = [name for name, _, _ in known]
        raise UnknownName("catalogue", catalog_name, names, nearest(catalog_name, names))
    catalogs = [(name, load_catalog(path)) for name, path, _ in chosen]
    answers: list[list[dict[str, Any]]] = []
    for film in films:
        hits: list[dict[str, Any]] = []
        missed: UnknownName | None = None
        for name, catalog in catalogs:
            try:
                found = [facts(catalog, row) | {"catalog": name} for row in find_items(catalog, film)]
            except UnknownName as error:
                # Of several catalogues, the one with the nearest title gives the hint.
                missed = error if missed is None or _near(error, film) > _near(missed, film) else missed
                continue
            # One film may stand in several catalogues; the first of them speaks for it.
            seen = {hit["id"] for hit in hits}
            hits += [hit for hit in found if hit["id"] not in seen]
        if not hits and missed is not None:
            raise missed
        answers.append(hits)
    if as_json:
        print(json.dumps([hit for hits in answers for hit in hits], ensure_ascii=False, indent=2))
        return
    print("\n\n".join(_describe(hits) for hits in answers))


@app.command()
def search(
    text: Annotated[
        list[str],
        typer.Argument(metavar="TEXT…", help="The beginning of a title, in either language, or 초성 (ㄱㅅㅊ)."),
    ],
    catalog_name: Annotated[str, typer.Option("--catalog", help="Which catalogue.")] = "movies",
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 10,
    as_json: AsJson = False,
) -> None:
    """Find films while the title is only half remembered: by its beginning, its initials, or with slips."""
    from ilgi.catalog.lookup import search_items
    from ilgi.catalog.store import load_catalog
    from ilgi.errors import UnknownName
    from ilgi.language import clean_text
    from ilgi.vocabulary import nearest

    folders = {name: path for name, path, _ in _catalogs()}
    if catalog_name not in folders:
        raise UnknownName("catalogue", catalog_name, list(folders), nearest(catalog_name, list(folders)))
    catalog = load_catalog(folders[catalog_name])
    found = [facts(catalog, row) for row in search_items(catalog, " ".join(text), limit=limit)]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print(clean_text("\n".join(map(_hit_line, found)) or "nothing fits: try the beginning of the title"))


@app.command()
def build(
    recipe: Annotated[Path, typer.Argument(help="The recipe (TOML).")] = Path("recipes/catalog-movies.toml"),
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default the embedded catalogue's.", show_default=False)
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder that the recipe's paths are relative to; by default ILGI_DATA_DIR.")
    ] = None,
) -> None:
    """Build an embedded catalogue, of films or of songs, from the tables that a recipe names."""
    from ilgi.catalog.store import EMBEDDED, save_catalog
    from ilgi.errors import InputError
    from ilgi.settings import load_settings
    from ilgi.training.films.recipe import FilmRecipe
    from ilgi.training.recipe import check_config, read_toml
    from ilgi.training.songs.build import build_songs
    from ilgi.training.songs.recipe import SongRecipe

    settings = load_settings(data_dir=data_dir)
    if settings.data_dir is None:
        raise InputError("no data folder is known: set ILGI_DATA_DIR or give --data-dir")
    raw = read_toml(recipe)
    if raw.get("domain") == "music":
        songs = check_config(SongRecipe, raw, what=f"recipe {recipe.name!r}")
        catalog, report = build_songs(settings.data_dir, songs)
        print(report.text())
        target = out if out is not None else EMBEDDED / "music"
        save_catalog(target, catalog, data=report.data, metrics=report.metrics())
    else:
        target = out if out is not None else EMBEDDED / "movies"
        _build_films(FilmRecipe.load(recipe), settings, target)
    print(f"written to {target}")


def _build_films(recipe: "FilmRecipe", settings: "Settings", target: Path) -> None:
    from ilgi.catalog.store import save_catalog
    from ilgi.training.films.build import build_films
    from ilgi.training.films.placed import place_films
    from ilgi.training.progress import open_progress

    folder = settings.data_dir or Path()
    catalog, report = build_films(folder, recipe)
    print(report.text())
    metrics, data = report.metrics(), report.data
    if recipe.profiles is not None:
        cache = settings.home / "cache" / "annotate"
        with open_progress() as progress:
            placed = place_films(
                catalog, recipe.profiles, recipe.inputs.films, data_dir=folder, cache_dir=cache, progress=progress
            )
        print(placed.text())
        catalog, metrics, data = placed.catalog, {**metrics, "axes": dict(placed.metrics)}, (*data, *placed.data)
    save_catalog(target, catalog, data=data, metrics=metrics)


def facts(catalog: "Catalog", row: int) -> dict[str, Any]:
    """Return every known fact of one item as JSON; what is unknown is left out."""
    known: dict[str, Any] = {"id": catalog.ids[row]}
    for column, key in (("en", "title"), ("ko", "title_ko"), ("original", "title_original")):
        known[key] = catalog.titles.get(column, ("",) * len(catalog))[row]
    known["by"] = catalog.by[row] if catalog.by else ""
    known["year"] = int(catalog.year[row])
    known["language"] = catalog.language[row]
    known["labels"] = list(catalog.labels_of(row))
    known["popularity"] = round(float(catalog.popularity[row]), 4)
    known["keys"] = {place: ids[row] for place, ids in catalog.keys.items() if ids[row]}
    if catalog.profiles is not None:
        known |= _feels(catalog.profiles, row)
    return {key: value for key, value in known.items() if value not in ("", 0, [], {})}


def _feels(profiles: "Profiles", row: int) -> dict[str, Any]:
    """Return how an item feels: axis → its place and how far that may be off, in standard deviations; and the basis."""
    pairs = zip(profiles.axes, profiles.place[row].tolist(), profiles.spread[row].tolist(), strict=True)
    feels = {axis: {"place": round(at, 2), "spread": round(off, 2)} for axis, at, off in pairs if at == at}
    return {"feels": feels, "feels_from": profiles.basis_of(row)} if feels else {}


def _feels_line(feels: dict[str, dict[str, float]]) -> str:
    strongest = sorted(feels.items(), key=lambda pair: -abs(pair[1]["place"]))[:4]
    return ", ".join(f"{axis} {told['place']:+.1f} ± {told['spread']:.1f}" for axis, told in strongest)


def _describe(hits: list[dict[str, Any]]) -> str:
    from ilgi.language import clean_text

    if len(hits) == 1:
        hit = dict(hits[0])
        keys = hit.pop("keys", {})
        hit |= {f"{place} id": key for place, key in keys.items()}
        hit["labels"] = ", ".join(hit.get("labels", []))
        if "feels" in hit:
            hit["feels"] = _feels_line(hit["feels"])
            hit["feels from"] = hit.pop("feels_from")
        width = max(map(len, hit))
        return clean_text("\n".join(f"{name:<{width}}  {value}" for name, value in hit.items() if value != ""))
    lines = [f"{len(hits)} films fit; name one by its id:"]
    lines += [f"  {_hit_line(hit)}" for hit in hits[:20]]
    if len(hits) > 20:
        lines.append(f"  … and {len(hits) - 20} more")
    return clean_text("\n".join(lines))


def _near(error: "UnknownName", text: str) -> float:
    """Return how like the text the nearest title is that an error names: 0 … 1."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, text.casefold(), error.near[0].casefold()).ratio() if error.near else 0.0


def _hit_line(hit: dict[str, Any]) -> str:
    titles = " / ".join(hit[key] for key in ("title", "title_ko") if key in hit)
    when = f" ({hit['year']})" if "year" in hit else f", {hit['by']}" if "by" in hit else " (?)"
    return f"{hit['id']}  {titles}{when}  {', '.join(hit.get('labels', []))}"


class _CountedRows:
    """Rows on their way to a source: counts them, and the genres that nobody knows."""

    def __init__(self, rows: "Iterator[Row]") -> None:
        self._rows = rows
        self.count = 0
        self.unknown: dict[str, int] = {}

    def __iter__(self) -> "Iterator[Row]":
        from ilgi.catalog.genres import parse_genres, unknown_genres

        for row in self._rows:
            self.count += 1
            for column in _GENRE_COLUMNS:
                for name in unknown_genres(parse_genres(row.get(column))):
                    self.unknown[name] = self.unknown.get(name, 0) + 1
            yield row


def _rows(table: Path, format_name: str) -> "Iterator[Row]":
    """Yield the rows of a table; for KMRD's movies, joined with the genres and countries that lie beside it."""
    from ilgi.catalog.sources import join_kmrd
    from ilgi.errors import DataError
    from ilgi.training.tables import columns_of, read_rows

    if format_name != "kmrd" or any(column in columns_of(table) for column in _GENRE_COLUMNS):
        return read_rows(table)
    stem = table.name.split(".")[0].removesuffix("movies")
    genres, countries = table.with_name(f"{stem}genres.csv"), table.with_name(f"{stem}countries.csv")
    if not genres.is_file():
        raise DataError(f"{table.name} has no genres: put {genres.name} (movie, genre) beside it")
    return join_kmrd(read_rows(table), read_rows(genres), read_rows(countries) if countries.is_file() else ())


def _import_report(table: str, rows: _CountedRows, catalog: "Catalog") -> list[str]:
    """Return what came of a table, a fact a line."""
    without_labels = int((catalog.matrix.sum(axis=1) == 0).sum())
    counts = (
        (rows.count - len(catalog), "rows left out: their film stood there already, or they have no title"),
        (without_labels, "films without a genre: nothing will match them"),
        (int((catalog.year == 0).sum()), "films without a year"),
        (sum(not code for code in catalog.language), "films without a language"),
    )
    lines = [f"{len(catalog):,} films in {rows.count:,} rows of {table}"]
    lines += [f"  {count:,} {what}" for count, what in counts if count]
    if rows.unknown:
        often = sorted(rows.unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        lines.append("  genres that were not understood: " + ", ".join(f"{name} ({count})" for name, count in often))
    return lines


def _name_of(table: Path, name: str) -> str:
    """Return the folder name of an imported catalogue.

    Raises:
        InputError: The name holds something that no folder of ilgi's has.
    """
    import re

    from ilgi.errors import InputError

    chosen = name or re.sub(r"[^\w.-]+", "-", table.name.split(".")[0]).strip("-.") or "catalog"
    if not re.fullmatch(r"\w[\w.-]{0,99}", chosen):
        raise InputError(f"{chosen!r} cannot be the name of a catalogue: use letters, digits, '.', '_', '-'")
    return chosen


def _imported_folder() -> Path:
    from ilgi.settings import load_settings

    return load_settings().home / "catalogs"


def _catalogs() -> list[tuple[str, Path, str]]:
    """Return (name, folder, origin) of every catalogue, embedded ones first."""
    from ilgi.catalog.store import catalogs_in, embedded_catalogs

    found = [(name, path, "embedded") for name, path in embedded_catalogs().items()]
    return found + [(name, path, "imported") for name, path in catalogs_in(_imported_folder()).items()]
