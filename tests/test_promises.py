"""Each promise that docs/promises.md calls kept must be shown by a test that exists and runs, or by a result file."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KEPT = re.findall(r"^- \[x\] (.+)$", (ROOT / "docs" / "promises.md").read_text(), re.MULTILINE)
OPEN = re.findall(r"^- \[ \] (.+)$", (ROOT / "docs" / "promises.md").read_text(), re.MULTILINE)


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    found: dict[str, ast.FunctionDef | ast.ClassDef] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{n.name}": n for n in node.body if isinstance(n, ast.FunctionDef)}
    return found


@pytest.mark.parametrize("promise", KEPT)
def test_each_kept_promise_is_shown(promise: str) -> None:
    proofs = re.findall(r"`((?:tests|benchmarks|src)/[^`]+)`", promise)
    assert proofs, "name the test or the result file in backticks"
    for proof in proofs:
        path, _, name = proof.partition("::")
        assert (ROOT / path).exists(), proof
        if name:
            nodes = _functions(ast.parse((ROOT / path).read_text()))
            assert name in nodes, proof
            marks = ast.unparse(ast.Module(body=list(nodes[name].decorator_list), type_ignores=[]))
            assert "skip" not in marks, f"{proof} is skipped"
            assert "xfail" not in marks, f"{proof} is expected to fail"


def test_every_line_is_open_or_kept() -> None:
    lines = [line for line in (ROOT / "docs" / "promises.md").read_text().splitlines() if line.startswith("- ")]
    assert len(lines) == len(KEPT) + len(OPEN)
