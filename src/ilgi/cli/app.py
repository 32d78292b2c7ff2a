"""The `ilgi` command: puts the groups together and decides how every ending looks.

Exit codes: 0 done (also where the reader of a pipe has seen enough); 2 the caller can mend it, with one line that says
how; 1 a fault of ilgi's own; 130 interrupted. What goes to standard error never holds diary text: an error shows no
value of a variable, and of the arguments only the names of options.
"""

import contextlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer
from typer.main import get_command

import ilgi
from ilgi.cli.annotate import annotate
from ilgi.cli.bundle import app as bundle_app
from ilgi.cli.catalog import app as catalog_app
from ilgi.cli.config import app as config_app
from ilgi.cli.emotions import emotions
from ilgi.cli.evaluate import evaluate
from ilgi.cli.recommend import recommend
from ilgi.cli.train import train
from ilgi.errors import IlgiError
from ilgi.language import clean_text

FAULT: Final = 1
MENDABLE: Final = 2
INTERRUPTED: Final = 130

_OPTION: Final = re.compile(r"--?[A-Za-z][A-Za-z-]{0,30}")

app = typer.Typer(
    help="Reads the feeling in a diary entry, in Korean or English, and answers with films that fit.",
    add_completion=False,
    # Plain help is the same text everywhere, so that the docs can hold it; it also comes 0.1 s sooner.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"ilgi {ilgi.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Holds the options that come before a command."""


# What stands behind the text is looked at by the command: it may be the rest of a text without its quotes.
_WITH_REST: Final = {"allow_extra_args": True}

app.command(context_settings=_WITH_REST)(recommend)
app.command(context_settings=_WITH_REST)(emotions)
app.command()(annotate)
app.command()(train)
app.command()(evaluate)
app.add_typer(catalog_app, name="catalog")
app.add_typer(bundle_app, name="bundle")
app.add_typer(config_app, name="config")


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Args:
        arguments: What stands behind `ilgi`; nothing shows the help.

    Returns:
        The exit code (see the module).
    """
    _write_utf8()
    command = get_command(app)
    try:
        # Not `command.main`, which would catch a closed pipe and end the process itself.
        with command.make_context("ilgi", list(arguments) or ["--help"]) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.TyperException as error:
        return _fail(_usage_line(error, arguments))
    except IlgiError as error:
        return _fail(str(error))
    except BrokenPipeError:
        _drop(sys.stdout)
        return 0
    except OSError as error:
        _drop(sys.stdout)
        return _fail(_system_line(error))
    except Exception as error:
        # Neither the message nor the values around it: either may hold what somebody wrote.
        _fail(_crash_line(error))
        return FAULT
    return 0


def _write_utf8() -> None:
    """Make both outputs UTF-8 whatever the locale, and give a process without them somewhere to write."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _fail(line: str) -> int:
    try:
        print(f"ilgi: {' '.join(clean_text(line).split())}", file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)
    return MENDABLE


def _drop(stream: TextIO) -> None:
    """Send what is left in the stream nowhere, so that Python does not stumble over it again at the end."""
    with contextlib.suppress(OSError, ValueError):  # not a real file, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _usage_line(error: typer.TyperException, arguments: Sequence[str]) -> str:
    """Return what is wrong with the command as it was typed, without repeating anything but names of options."""
    message = error.format_message()
    option = getattr(error, "option_name", "--option")
    if not _OPTION.fullmatch(option):
        message = "No such option (a text that begins with - goes behind --)"
    # "Got unexpected extra argument (…)": often a text without its quotes.
    message = re.sub(r"(?s)unexpected extra argument.*", "more than it takes (a text needs quotes around it)", message)
    for argument in arguments:
        for part in (argument, argument.partition("=")[2], argument[2:]):
            if part and not _OPTION.fullmatch(part):
                message = message.replace(f"'{part}'", "'…'").replace(repr(part), "'…'")
    context = getattr(error, "ctx", None)
    return f"{message.strip().rstrip('.')}: see '{context.command_path if context else 'ilgi'} --help'"


def _system_line(error: OSError) -> str:
    where = f" ({error.filename})" if isinstance(error.filename, str) and len(error.filename) < 256 else ""
    return f"the system says: {error.strerror or type(error).__name__}{where}"


def _crash_line(error: Exception) -> str:
    """Return the type of the error and where it happened: the last place of ilgi's and, if another, the very last."""
    package = Path(ilgi.__file__).parent
    places = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        own = file.is_relative_to(package)
        places.append((own, f"{file.relative_to(package.parent) if own else file.name}:{line}"))
    ours = [place for own, place in places if own][-1:]
    at = " > ".join(dict.fromkeys([*ours, *(place for _, place in places[-1:])]))
    return f"a fault inside ilgi, {type(error).__name__} at {at}: please report this line, it holds nothing you wrote"
