"""`ilgi config show`: every setting with its value and where it comes from."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from ilgi.cli.options import AsJson
from ilgi.cli.text_input import without_surrogates
from ilgi.language import clean_text

app = typer.Typer(help="Settings and where they come from.", rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keeps `show` a command of the group, though it is the only one."""


@app.command()
def show(
    as_json: AsJson = False,
    bundle: Annotated[Path | None, typer.Option(help="As for the other commands.", metavar="PATH")] = None,
    language: Annotated[Literal["auto", "ko", "en"] | None, typer.Option(help="As for the other commands.")] = None,
) -> None:
    """Show each setting, its value and its origin.

    Looked for in this order: flags, environment (ILGI_…), secrets, ilgi.local.toml, ilgi.toml, defaults.
    """
    from ilgi.settings import load_settings, origins

    settings = load_settings(bundle=bundle, language=language)
    values = settings.model_dump(mode="json")
    where = origins(settings)
    if as_json:
        shown = {name: {"value": value, "origin": where[name]} for name, value in values.items()}
        print(without_surrogates(json.dumps(shown, ensure_ascii=False)))
        return
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    name_width = max(map(len, texts))
    value_width = max(map(len, texts.values()))
    for name, text in texts.items():
        print(clean_text(f"{name:<{name_width}}  {text or '–':<{value_width}}  {where[name]}"))
