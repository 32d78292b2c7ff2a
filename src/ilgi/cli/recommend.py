"""`ilgi recommend`: a text in, films that fit it out."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ilgi.cli.options import AsJson, BundleFolder, File, Model, Text, TextLanguage
from ilgi.cli.text_input import read_text, words_of
from ilgi.errors import InputError
from ilgi.language import clean_text

if TYPE_CHECKING:
    from ilgi.recommender import Recommender
    from ilgi.settings import Settings
    from ilgi.vocabulary import Vocabulary


def recommend(
    context: typer.Context,
    text: Text = None,
    file: File = None,
    n: Annotated[int, typer.Option("-n", help="How many items.", metavar="N")] = 3,
    domain: Annotated[str, typer.Option(help="What to recommend.", metavar="NAME")] = "movies",
    goal: Annotated[
        str,
        typer.Option(
            help="Where to go from here: auto, stay (company), calm, lift (brighter), path (step by step), release "
            "(let it out), mirror (the feeling as it is).",
            metavar="NAME",
        ),
    ] = "auto",
    diversity: Annotated[
        float, typer.Option(help="How much fit to give up so that the items differ: 0 to 1.", metavar="X")
    ] = 0.3,
    language: TextLanguage = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Leave this item out; may be repeated.", metavar="ID", show_default=False)
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            "--genre",
            help="Only items with this label; may be repeated, then all must hold.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    without_label: Annotated[
        list[str] | None,
        typer.Option(
            "--without-label",
            "--without-genre",
            help="No items with this label; may be repeated.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    original: Annotated[
        list[str] | None,
        typer.Option(
            help="Only items of this original language (ko, en, ja, …); may be repeated.",
            metavar="CODE",
            show_default=False,
        ),
    ] = None,
    years: Annotated[
        str, typer.Option(help="Only items of these years: 1999, 1990-1999, 1990- or -1999.", metavar="YEARS")
    ] = "",
    catalog: Annotated[
        Path | None, typer.Option(help="Another catalogue: its folder, or the name of an imported one.", metavar="PATH")
    ] = None,
    bundle: BundleFolder = None,
    model: Model = None,
    details: Annotated[bool, typer.Option("--details", help="Show how it was read, with figures.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a text and answer with items that fit it."""
    from ilgi.ranking.filters import EVER, Filters, parse_years
    from ilgi.settings import apply_threads, load_settings

    settings = load_settings(bundle=bundle, language=language)
    first_year, last_year = parse_years(years) if years else EVER
    apply_threads(settings)
    words, excluded = _without_ids(words_of(text, context), exclude or [])
    content = read_text(words, file, language=settings.language)
    recommender = _open(settings, catalog=catalog, domain=domain, model=model)
    if strangers := sorted(set(excluded) - set(recommender.catalog.ids)) if excluded else []:
        # Said, not refused: a stored list of ids must outlive a catalogue.
        listed = clean_text(", ".join(strangers[:5]) + (", …" if len(strangers) > 5 else ""))
        print(
            f"ilgi: not in the catalogue, so nothing to leave out: {listed} (ids look like tmdb:670)", file=sys.stderr
        )
    ranking = recommender.recommend(
        content,
        n=n,
        goal=goal.casefold(),
        diversity=diversity,
        language=None if settings.language == "auto" else settings.language,
        filters=Filters(
            labels=[_label_name(name, recommender.catalog.labels) for name in label or []],
            without_labels=[_label_name(name, recommender.catalog.labels) for name in without_label or []],
            languages=[code.casefold() for code in original or []],
            first_year=first_year,
            last_year=last_year,
            exclude=excluded,
        ),
    )
    if as_json:
        from ilgi.cli.as_json import ranking_json, write_json

        write_json(ranking_json(ranking, recommender.catalog))
        return
    from ilgi.cli.present import console, show_ranking

    out = console()
    show_ranking(out, ranking, recommender.catalog, details=details)
    if details:
        from ilgi.cli.details import show_details

        show_details(out, ranking, recommender.catalog, recommender.reader)


def _without_ids(words: list[str], exclude: list[str]) -> tuple[list[str], list[str]]:
    """Return (text words, ids), so that `--exclude ID ID` works like `--exclude ID --exclude ID`.

    Behind an --exclude, a word such as "tmdb:670" is taken for one more id: it is no diary.
    """
    ids = [word for word in words if exclude and re.fullmatch(r"[a-z][a-z0-9_-]*:\S+", word)]
    if len(ids) == len(words):
        # Nothing else was written, so the first word is the diary, whatever it looks like.
        ids = ids[1:]
    left = list(words)
    for word in ids:
        left.remove(word)
    return left, [*exclude, *ids]


def _label_name(asked: str, labels: "Vocabulary") -> str:
    """Return the label meant by a name in any case, in English or as it is said in Korean ("멜로" → "Romance")."""
    from ilgi.words import label_word

    for name in labels:
        if asked.casefold() in {name.casefold(), label_word(name, "ko").casefold()}:
            return name
    return asked


def _open(settings: "Settings", *, catalog: Path | None, domain: str, model: str | None) -> "Recommender":
    from ilgi.recommender import Recommender

    if catalog is not None and not catalog.exists():
        imported = settings.home / "catalogs" / catalog
        catalog = imported if imported.exists() else catalog
    recommender = Recommender.load(settings.bundle, catalog=catalog, domain=domain)
    if model is None:
        return recommender
    from ilgi.cli.emotions import reader_with_model

    reader = reader_with_model(recommender.reader, model)
    if reader.reference is None:
        raise InputError(
            "this emotion model is not the one that the bundle was trained with: train a bundle with it (ilgi train)"
        )
    return Recommender(
        reader,
        recommender.label_model,
        recommender.ranker,
        recommender.catalog,
        families=recommender.families,
        bundle=recommender.bundle,
    )
