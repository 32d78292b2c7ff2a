"""The docs are true: what comes from code is up to date, blocks run, links lead somewhere."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_parts_that_come_from_code_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "docs/tour.md", "docs/new-domain.md"])
def test_python_blocks_run(page: str) -> None:
    names: dict[str, object] = {"__name__": "docs"}
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(ast.parse(block), f"<{page}>", "exec"), names)  # noqa: S102 (our own page)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_both_readmes_show_the_two_commands_first() -> None:
    for page in ("README.md", "README.ko.md"):
        text = (ROOT / page).read_text()
        first = re.search(r"```\n(.*?)```", text, re.DOTALL)
        assert first
        assert first.group(1).startswith("make run")
        assert "make test" in first.group(1)


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    for record in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert f"({record.name})" in listed


def test_every_command_is_in_the_reference() -> None:
    from ilgi.cli.app import app

    page = (ROOT / "docs" / "cli.md").read_text()
    names = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    names += [g.name for g in app.registered_groups if g.name]
    assert len(names) >= 8
    for name in names:
        assert f"## `ilgi {name}`" in page


def test_each_data_set_of_the_embedded_bundle_is_named_in_the_docs() -> None:
    from ilgi.recommender import Recommender

    bundle = Recommender.load().bundle
    assert bundle is not None
    page = (ROOT / "docs" / "DATA.md").read_text().lower()
    for source in bundle.manifest.data:
        stem = source.name.removeprefix("diary-").split("-labels")[0]
        word = re.split(r"[-_]", stem)[0]
        assert word in page, source.name
