"""The house keeps its plan: rooms, sizes, tests beside modules, and no trace of where it was built."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "ilgi"
MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_layers_name_every_room() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    named = set(re.findall(r"\w+", " ".join(layers)))
    rooms = {p.stem for p in SOURCE.iterdir() if p.suffix == ".py" or (p.is_dir() and any(p.glob("*.py")))}
    assert rooms - {"__init__", "__main__"} <= named
    page = (ROOT / "docs" / "architecture.md").read_text()
    for room in rooms - {"__init__", "__main__"}:
        assert f"`{room}" in page, f"docs/architecture.md does not name {room}"


def test_modules_stay_small() -> None:
    lengths = {m.relative_to(SOURCE).as_posix(): len(m.read_text().splitlines()) for m in MODULES}
    assert max(lengths.values()) <= 400, {k: v for k, v in lengths.items() if v > 400}
    assert statistics.median(lengths.values()) < 160


def test_every_module_says_what_it_is_for() -> None:
    for module in MODULES:
        assert module.read_text().startswith('"""'), module


def test_every_module_has_its_test() -> None:
    missing = []
    for module in MODULES:
        relative = module.relative_to(SOURCE)
        if relative.name in {"__init__.py", "__main__.py"}:
            continue
        if not (ROOT / "tests" / relative.parent / f"test_{relative.name}").exists():
            missing.append(relative.as_posix())
    assert missing == []


def test_no_pattern_is_possessive() -> None:
    """Python 3.11.2, which Debian 12 has, matches too much by possessive quantifiers and atomic groups."""
    found = []
    for module in MODULES:
        for call in ast.walk(ast.parse(module.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "re.compile":
                parts = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
                plain = re.sub(r"\\.|\[[^\]]*\]", "x", "x".join(parts))
                if re.search(r"[*+?}]\+|\(\?>", plain):
                    found.append(f"{module.name}: {plain}")
    assert found == []


def test_importing_ilgi_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import ilgi; print(sorted(set(sys.modules) - before))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['ilgi']"


@pytest.mark.parametrize("module", ["ilgi.recommender", "ilgi.cli.app"])
def test_the_serving_path_loads_no_heavy_engine(module: str) -> None:
    heavy = ["torch", "transformers", "polars", "pandas", "sklearn", "matplotlib"]
    code = f"import sys; import {module}; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_nothing_loads_programs() -> None:
    for module in MODULES:
        text = module.read_text()
        assert not re.search(r"^\s*(import|from) (pickle|joblib|shelve|marshal)\b", text, re.MULTILINE), module
        assert not re.search(r"torch\.load\(|(?<![.\w])eval\(|(?<![.\w])exec\(|yaml\.load\(", text), module


def test_no_file_names_a_path_of_the_machine_it_was_made_on() -> None:
    allowed = {ROOT / ".ci" / "run"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    for name in listed:
        file = ROOT / name
        if not file.is_file() or file in allowed or file == Path(__file__):
            continue
        content = file.read_bytes()
        for mark in (b"/root/", b"/home/", b"../" + b"shared"):
            assert mark not in content, f"{name} holds {mark.decode()}"


def test_embedded_files_stay_light() -> None:
    total = sum(f.stat().st_size for f in (SOURCE / "data").rglob("*") if f.is_file())
    assert total < 60e6
