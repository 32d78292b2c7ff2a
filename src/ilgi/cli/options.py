"""Options that several commands share, so that the same thing has the same name and the same help everywhere."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Text = Annotated[
    str | None, typer.Argument(metavar="TEXT | -", help="What you wrote, in quotes; - reads standard input.")
]
File = Annotated[Path | None, typer.Option(help="Read the text from a file.", metavar="PATH")]
TextLanguage = Annotated[
    Literal["auto", "ko", "en"] | None, typer.Option(help="Language of the text.", show_default="auto")
]
BundleFolder = Annotated[
    Path | None, typer.Option(help="Folder of a bundle to use instead of the one inside.", metavar="PATH")
]
Model = Annotated[
    str | None, typer.Option(help="Another emotion model, such as onnx:FOLDER or hf:NAME.", metavar="SPEC")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
