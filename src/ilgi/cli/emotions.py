"""`ilgi emotions`: what is read in a text, or in a stream of texts, without recommending anything."""

from typing import TYPE_CHECKING, Annotated

import typer

from ilgi.cli.options import AsJson, BundleFolder, File, Model, Text, TextLanguage
from ilgi.cli.text_input import read_text, standard_input, words_of
from ilgi.errors import InputError

if TYPE_CHECKING:
    from ilgi.emotion.reading import Reader
    from ilgi.settings import Settings


def emotions(
    context: typer.Context,
    text: Text = None,
    file: File = None,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl", help='Read one {"id", "text"} a line from standard input, write one JSON object a line.'
        ),
    ] = False,
    as_json: AsJson = False,
    language: TextLanguage = None,
    bundle: BundleFolder = None,
    model: Model = None,
) -> None:
    """Read the emotions in a text, sentence by sentence.

    With --jsonl, answers come in order and as soon as they are there. A line that is not JSON with a "text" ends the
    stream with an error that names the line; every line before it has been answered by then.
    """
    from ilgi.settings import apply_threads, load_settings

    settings = load_settings(bundle=bundle, language=language)
    apply_threads(settings)
    chosen = None if settings.language == "auto" else settings.language
    if jsonl:
        if text or file is not None:
            raise InputError("--jsonl reads standard input only: leave out TEXT and --file")
        from ilgi.cli.stream import answer_lines

        answer_lines(_open(settings, model), standard_input(), language=chosen)
        return
    content = read_text(words_of(text, context), file, language=settings.language)
    reader = _open(settings, model)
    reading = reader.read(content, chosen)
    if as_json:
        from ilgi.cli.as_json import reading_json, write_json

        write_json(reading_json(reading))
        return
    from ilgi.cli.present import console, show_reading

    show_reading(console(), reading, reader)


def reader_with_model(reader: "Reader", spec: str) -> "Reader":
    """Return a reader like `reader` with another emotion model.

    The reference of the old one stays only where it is the very same model: what is ordinary for one is not for
    another. Without, nothing is called unusual.

    Raises:
        InputError: The model cannot be found.
        MissingExtra: It needs an extra that isn't installed.
    """
    from ilgi.emotion.aggregate import RULES, WHOLE
    from ilgi.emotion.load import load_emotion_model, rule_of
    from ilgi.emotion.reading import Reader

    model = load_emotion_model(spec)
    same = model.fingerprint() == reader.model.fingerprint()
    if same:
        return Reader(
            model,
            reader.reference,
            rule=reader.rule,
            sure_below=reader.sure_below,
            mood_least=reader.mood_least,
            spread=reader.spread,
        )
    # Only a model that was trained on whole entries reads them in one piece: a bundle says so.
    rule = rule_of(spec) or (RULES[0] if reader.rule == WHOLE else reader.rule)
    return Reader(model, None, rule=rule)


def _open(settings: "Settings", model: str | None) -> "Reader":
    from ilgi.bundle import Bundle
    from ilgi.recommender import EMBEDDED_BUNDLES, open_reader

    reader = open_reader(Bundle.open(settings.bundle or EMBEDDED_BUNDLES / "movies"))
    return reader if model is None else reader_with_model(reader, model)
