"""Draws all results as Markdown: `python benchmarks/table.py [NAME …]`, for instance `rank start`."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _common import RESULTS, table


def section(result: Mapping[str, Any]) -> str:
    """Return one result as a heading, its table, its notes, and how and where it was measured."""
    machine = result["machine"]
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}, {libraries}"
    notes = [*result["notes"], f"`{result['command']}` on {where}."]
    return "\n".join([f"### {result['title']}", "", table(result["rows"]), "", *(f"- {note}" for note in notes)])


def draw(names: Sequence[str] = (), folder: Path = RESULTS) -> str:
    """Return the sections of the named results, or of all, in the order of their names.

    Raises:
        FileNotFoundError: There is no result of that name.
    """
    paths = [folder / f"{name}.json" for name in names] or sorted(folder.glob("*.json"))
    return "\n\n".join(section(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


def main() -> None:
    """Print the sections asked for."""
    try:
        print(draw(sys.argv[1:]))
    except FileNotFoundError as error:
        sys.exit(f"there is no result {Path(error.filename).stem!r}: run its benchmark with --write first")


if __name__ == "__main__":
    main()
